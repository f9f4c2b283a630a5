package models

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestARateIsOfThoseWhoHadToCome(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		l       StudyLine
		percent int
		ok      bool
	}{
		{"everybody came", StudyLine{Recorded: 1, Due: 8, Attended: 8}, 100, true},
		{"made up counts as come", StudyLine{Recorded: 1, Due: 8, Attended: 6, MadeUp: 1, Absent: 1}, 87, true},
		{"who is excused is not expected", StudyLine{Recorded: 1, Due: 8, Attended: 7, Excused: 1}, 100, true},
		{"one missing of a thousand is not everybody", StudyLine{Recorded: 1, Due: 1000, Attended: 999, Absent: 1}, 99, true},
		{"nobody came", StudyLine{Recorded: 1, Due: 8, Absent: 8}, 0, true},
		{"no record, no rate", StudyLine{Sessions: 2}, 0, false},
		{"all excused, no rate", StudyLine{Recorded: 1, Due: 3, Excused: 3}, 0, false},
	} {
		percent, ok := c.l.Rate()
		if percent != c.percent || ok != c.ok {
			t.Errorf("%s: %d %v, want %d %v", c.name, percent, ok, c.percent, c.ok)
		}
	}
}

// A unit of four people is small however many sessions it had.
func TestSmallIsAboutPeopleAndNotSessions(t *testing.T) {
	t.Parallel()
	if !(StudyLine{Recorded: 3, People: 4, Due: 12}).Small() || (StudyLine{Recorded: 1, People: 5, Due: 5}).Small() {
		t.Error("five people are the least, not five attendances")
	}
}

func TestLinesAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var total StudyLine
		sum := 0
		for range rapid.IntRange(0, 6).Draw(t, "lines") {
			n := func(name string) int { return rapid.IntRange(0, 30).Draw(t, name) }
			l := StudyLine{Sessions: 1, Recorded: 1, Attended: n("attended"), MadeUp: n("made up"), Excused: n("excused"), Absent: n("absent")}
			open := n("open")
			l.Due = l.Attended + l.MadeUp + l.Excused + l.Absent + open
			if l.Open() != open {
				t.Fatalf("%d open, want %d", l.Open(), open)
			}
			if percent, ok := l.Rate(); ok && (percent < 0 || percent > 100) {
				t.Fatalf("%d %%", percent)
			}
			sum += l.Due
			total.Add(l)
		}
		if total.Due != sum || total.Open() != total.Due-total.Came()-total.Excused-total.Absent {
			t.Fatalf("%+v", total)
		}
	})
}

func TestWhoReadsAndManagesWhat(t *testing.T) {
	t.Parallel()
	const east, branch, west = int64(1), int64(2), int64(3) // branch lies below east
	chains := map[int64][]int64{east: {east}, branch: {branch, east}, west: {west}}
	for _, c := range []struct {
		name          string
		r             Rights
		reads         []int64
		all           bool
		units, manage []int64
	}{
		{"a member", Rights{}, nil, false, nil, nil},
		{"an admin", Rights{Rows: []Right{{Role: RoleAdmin}}}, []int64{east, branch, west}, true, nil, nil},
		{"an organizer of all", Rights{Rows: []Right{{Role: RoleOrganizer}}}, []int64{east, branch, west}, true, nil, nil},
		{"a viewer of all", Rights{Rows: []Right{{Role: RoleViewer}}}, []int64{east, branch, west}, true, nil, nil},
		{"a viewer of the east reads what lies below", Rights{Rows: []Right{{Role: RoleViewer, UnitID: east}}}, []int64{east, branch}, false, []int64{east}, nil},
		{"a viewer of the branch", Rights{Rows: []Right{{Role: RoleViewer, UnitID: branch}}}, []int64{branch}, false, []int64{branch}, nil},
		{"an organizer of the branch", Rights{Rows: []Right{{Role: RoleOrganizer, UnitID: branch}}}, []int64{branch}, false, []int64{branch}, []int64{branch}},
		{"a leader of the east", Rights{Leads: []int64{east}}, []int64{east, branch}, false, []int64{east}, []int64{east}},
		{"an admin of a unit is nothing", Rights{Rows: []Right{{Role: RoleAdmin, UnitID: east}}}, nil, false, nil, nil},
	} {
		var reads []int64
		for _, unit := range []int64{east, branch, west} {
			if c.r.Reads(chains[unit]) {
				reads = append(reads, unit)
			}
		}
		if diff := cmp.Diff(c.reads, reads); diff != "" {
			t.Errorf("%s reads: %s", c.name, diff)
		}
		if c.r.ReadsAll() != c.all {
			t.Errorf("%s reads all: %v", c.name, c.r.ReadsAll())
		}
		if c.r.Manages(0) != c.r.ManagesAll() {
			t.Errorf("%s: unit 0 is everything", c.name)
		}
		if diff := cmp.Diff(c.units, nilIfEmpty(c.r.Units(true))); diff != "" {
			t.Errorf("%s has to read: %s", c.name, diff)
		}
		if diff := cmp.Diff(c.manage, nilIfEmpty(c.r.Units(false))); diff != "" {
			t.Errorf("%s manages: %s", c.name, diff)
		}
	}
}

func nilIfEmpty(ids []int64) []int64 {
	if len(ids) == 0 {
		return nil
	}
	return ids
}

// Nobody can work out a hidden unit's figures from the total less the others:
// what is hidden is nothing, everybody, or five people and more.
func TestWhatIsHiddenCannotBeWorkedOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines []StudyLine
		rest := rapid.SampledFrom([]int{0, 3, 40}).Draw(t, "rest")
		for i := range rapid.IntRange(0, 8).Draw(t, "units") {
			lines = append(lines, StudyLine{UnitID: int64(i), People: rapid.IntRange(0, 12).Draw(t, "people")})
		}
		hidden, people, shown := Hidden(lines, rest), rest, 0
		small := false
		for _, l := range lines {
			if hidden[l.UnitID] {
				people += l.People
			} else {
				shown += l.People
			}
			small = small || l.People > 0 && l.Small()
			if l.People > 0 && l.Small() && !hidden[l.UnitID] {
				t.Fatal("a small unit is shown")
			}
		}
		if len(hidden) > 0 && people < RateFloor && shown > 0 {
			t.Fatalf("%d people can be worked out", people)
		}
		if !small && len(hidden) > 0 {
			t.Fatal("hidden without a reason")
		}
	})
}
