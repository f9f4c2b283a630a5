package models

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// party is 1 above 2 and 3, 3 above 4; 5 stands alone, 6 and 7 in a ring that no
// import would let in.
func party() []Unit {
	return []Unit{{ID: 1, Name: "联合党委"}, {ID: 2, Name: "外卖支部", ParentID: 1}, {ID: 4, Name: "一组", ParentID: 3},
		{ID: 3, Name: "司机支部", ParentID: 1}, {ID: 5, Name: "独立支部", ParentID: 99}, {ID: 6, ParentID: 7}, {ID: 7, ParentID: 6}}
}

func TestTheTreeOfUnits(t *testing.T) {
	t.Parallel()
	units := party()
	for id, want := range map[int64][]int64{1: {2, 3, 4}, 3: {4}, 4: nil, 6: {7}, 42: nil} {
		if diff := cmp.Diff(want, UnitsBelow(units, id)); diff != "" {
			t.Errorf("below %d (-want +got):\n%s", id, diff)
		}
	}
	for id, want := range map[int64][]int64{4: {3, 1}, 1: nil, 6: {7}, 5: {99}} {
		if diff := cmp.Diff(want, UnitsAbove(units, id)); diff != "" {
			t.Errorf("above %d (-want +got):\n%s", id, diff)
		}
	}
	var got [][2]int64
	for _, r := range UnitTree(units) {
		got = append(got, [2]int64{r.ID, int64(r.Depth)})
	}
	if diff := cmp.Diff([][2]int64{{1, 0}, {2, 1}, {3, 1}, {4, 2}, {5, 0}, {6, 0}, {7, 1}}, got); diff != "" {
		t.Errorf("the tree (-want +got):\n%s", diff)
	}
}

// A right over a unit is one over the units below it, never above or beside.
func TestRightsReachDownTheTree(t *testing.T) {
	t.Parallel()
	below := map[int64][]int64{3: UnitsBelow(party(), 3)}
	organizer := Rights{PersonID: 9, Rows: []Right{{Role: RoleOrganizer, UnitID: 3}}, Below: below}
	leader := Rights{PersonID: 8, Leads: []int64{3}, Below: below}
	for unit, want := range map[int64]bool{3: true, 4: true, 1: false, 2: false, 5: false} {
		if organizer.Organizer(unit) != want || organizer.Leader(unit) != want || organizer.Manages(unit) != want {
			t.Errorf("the organizer of 3 and unit %d", unit)
		}
		if leader.Leader(unit) != want || leader.Manages(unit) != want || leader.Organizer(unit) {
			t.Errorf("the leader of 3 and unit %d", unit)
		}
	}
	if organizer.ManagesAll() || !organizer.Organizer(0) || leader.Organizer(0) || !leader.Leader(0) {
		t.Error("everywhere is more than one unit")
	}
}

func TestGapsInTheLedger(t *testing.T) {
	t.Parallel()
	lead := Person{ID: 1}
	rows := []UnitRow{
		{Unit: Unit{ID: 1}, Leader: lead, All: 3},
		{Unit: Unit{ID: 2}, Members: 3, All: 3},
		{Unit: Unit{ID: 3}, Leader: Person{ID: 2, Gone: true}, All: 1},
		{Unit: Unit{ID: 4, JointOf: []string{"a", "b", "c", "d", "e", "f"}}, Leader: lead, All: 1},
		{Unit: Unit{ID: 5}, Leader: lead},
	}
	var got []string
	for _, g := range UnitGaps(rows) {
		got = append(got, string(g.Kind)+string(rune('0'+g.Unit.ID)))
	}
	if diff := cmp.Diff([]string{"leader2", "leader3", "joint4", "empty5"}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestStarsAreALadder(t *testing.T) {
	t.Parallel()
	for hours, want := range map[int]int{0: 0, 99: 0, 100: 1, 299: 1, 300: 2, 600: 3, 1000: 4, 1500: 5, 9000: 5} {
		if got := (Tenant{}).Stars(hours * 60); got != want {
			t.Errorf("%d hours: %d stars, want %d", hours, got, want)
		}
	}
}

func TestAWindowAsFilesWriteIt(t *testing.T) {
	t.Parallel()
	for want, w := range map[string]Window{"9:00-11:30": {Start: 540, End: 690}, "Mon Sat 22:00-7:05": {Days: []time.Weekday{time.Monday, time.Saturday}, Start: 1320, End: 425},
		"0:00-24:00": {End: 1440}} {
		if got := w.Text(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
