package models

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// askNow is Monday 23 November 2026, 10:00 in Shanghai.
var askNow = At(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))

func shanghai(day, hour int) Instant {
	return At(time.Date(2026, 11, day, hour, 0, 0, 0, Zone("Asia/Shanghai")))
}

func wantedAtDike() Wanted {
	return Wanted{Call: &Call{ID: 7, CreatorID: 1, State: CallOpen, Place: "东堤 3 号门", Zone: "Asia/Shanghai"},
		Shift: &Shift{ID: 1, StartAt: shanghai(24, 8), EndAt: shanghai(24, 12)},
		Role:  &Role{ID: 1, ShiftID: 1, Name: "装卸", Most: 2}, Unit: Unit{Name: "城东支部"}, Now: askNow}
}

func someone(id int64, change ...func(*Candidate)) Candidate {
	c := Candidate{Person: Person{ID: id, Member: true}, Times: Times{Rest: Rest{22 * 60, 7 * 60}, Zone: Zone("Asia/Shanghai")}}
	for _, f := range change {
		f(&c)
	}
	return c
}

func canLift(c *Candidate)  { c.Person.Skills = append(c.Person.Skills, Skill{Name: "装卸"}) }
func canDrive(c *Candidate) { c.Person.Skills = append(c.Person.Skills, Skill{Name: "司机"}) }
func inTheEast(c *Candidate) {
	c.Person.Areas = []string{"城东片区"}
}
func freeTuesdays(c *Candidate) {
	c.Person.Free = []Window{{Days: []time.Weekday{time.Tuesday}, Start: 7 * 60, End: 13 * 60}}
}
func freeSundays(c *Candidate) {
	c.Person.Free = []Window{{Days: []time.Weekday{time.Sunday}, Start: 7 * 60, End: 13 * 60}}
}
func served(minutes int) func(*Candidate) { return func(c *Candidate) { c.Minutes = minutes } }

func TestWhoIsAskedFirst(t *testing.T) {
	t.Parallel()
	w := wantedAtDike()
	w.Others = []string{"司机"}
	pool := w.Rank([]Candidate{
		someone(10, canDrive), someone(11, served(600)), someone(12, served(60)), someone(13, freeSundays), someone(14, freeTuesdays),
		someone(15, inTheEast, served(900)), someone(16, canLift, served(900)), someone(17, canLift, inTheEast, freeTuesdays),
	})
	var order []int64
	for _, r := range pool.Ranked {
		order = append(order, r.PersonID)
	}
	// Skill, area, free then, fewest hours; who can drive is kept for driving.
	if diff := cmp.Diff([]int64{17, 16, 15, 14, 12, 11, 13, 10}, order); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"skill:装卸", "area:城东片区", "free"}, pool.Ranked[0].Why); diff != "" {
		t.Error("why:", diff)
	}
	if len(pool.Ranked[5].Why) != 0 {
		t.Error("few hours are given as a reason:", pool.Ranked[5].Why)
	}
}

func TestTheTieIsFairOverCalls(t *testing.T) {
	t.Parallel()
	first := map[int64]int{}
	for call := range int64(300) {
		w := wantedAtDike()
		w.Call.ID = call
		var all []Candidate
		for id := range int64(10) {
			all = append(all, someone(id+10))
		}
		a, b := w.Rank(all), w.Rank(all)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Fatal("the same call ranks differently twice:", diff)
		}
		first[a.Ranked[0].PersonID]++
	}
	for id := range int64(10) {
		if n := first[id+10]; n < 10 || n > 60 {
			t.Errorf("of 300 calls %d begin with person %d", n, id+10)
		}
	}
}

func TestWhoIsNotAsked(t *testing.T) {
	t.Parallel()
	verified := func(w *Wanted) { w.Role.Verified = true }
	urgent := func(w *Wanted) { w.Call.Urgent = true }
	needs := func(w *Wanted) { w.Call.Skills = []string{"急救", "装卸"} }
	night := func(w *Wanted) { w.Now = shanghai(23, 23) }
	drill := func(w *Wanted) { w.Call.Urgent, w.Call.Drill = true, true }
	has := func(s Skill) func(*Candidate) {
		return func(c *Candidate) { c.Person.Skills = append(c.Person.Skills, s) }
	}
	none := func(*Wanted) {}
	for _, c := range []struct {
		say    string
		call   func(*Wanted)
		person func(*Candidate)
		want   string
	}{
		{"anybody", none, func(*Candidate) {}, ""},
		{"the organizer", none, func(c *Candidate) { c.Person.ID = 1 }, LeftCreator},
		{"who is in the call", none, func(c *Candidate) { c.Signed = true }, LeftSigned},
		{"who was asked", none, func(c *Candidate) { c.Asked = true }, LeftAsked},
		{"who has an open question", none, func(c *Candidate) { c.Open = true }, LeftOpen},
		{"who said no", none, func(c *Candidate) { c.Declined = true }, LeftDeclined},
		{"who is elsewhere", none, func(c *Candidate) { c.Overlaps = true }, LeftOverlap},
		{"a shift that ends 7 h before", none, func(c *Candidate) { c.EndsAt = shanghai(24, 1) }, LeftRest},
		{"a shift that ends 8 h before", none, func(c *Candidate) { c.EndsAt = shanghai(24, 0) }, ""},
		{"who came home two hours ago", none, func(c *Candidate) { c.EndedAt = shanghai(23, 8) }, LeftRest},
		{"who came home eight hours ago", none, func(c *Candidate) { c.EndedAt = shanghai(23, 2) }, ""},
		{"who came home two hours ago and goes again at noon", none,
			func(c *Candidate) { c.EndsAt, c.EndedAt = shanghai(23, 14), shanghai(23, 8) }, LeftRest},
		{"without one of the skills", needs, canLift, LeftSkill},
		{"with both", needs, func(c *Candidate) { canLift(c); has(Skill{Name: "急救"})(c) }, ""},
		{"a skill nobody vouched for", verified, canLift, LeftUnverified},
		{"a verified skill", verified, has(Skill{Name: "装卸", VerifiedBy: 5}), ""},
		{"a verification that runs out before the shift", verified, has(Skill{Name: "装卸", VerifiedBy: 5, Until: shanghai(24, 7)}), LeftUnverified},
		{"a verification that ran out", verified, has(Skill{Name: "装卸", VerifiedBy: 5, Until: askNow}), LeftUnverified},
		{"opted out of calls", urgent, func(c *Candidate) { c.Person.OptOuts = []string{"call"} }, LeftOptedOut},
		{"opted out of urgent ones", urgent, func(c *Candidate) { c.Person.OptOuts = []string{"urgent"} }, LeftOptedOut},
		{"opted out of urgent ones, an ordinary call", none, func(c *Candidate) { c.Person.OptOuts = []string{"urgent"} }, ""},
		{"paused", urgent, func(c *Candidate) { c.Person.PauseUntil = shanghai(25, 0) }, LeftPaused},
		{"at night", night, func(*Candidate) {}, LeftQuiet},
		{"at night, awake", night, func(c *Candidate) { c.Times.Rest = Rest{} }, ""},
		{"at night, urgent", func(w *Wanted) { night(w); urgent(w) }, func(*Candidate) {}, ""},
		{"at night, an urgent drill", func(w *Wanted) { night(w); drill(w) }, func(*Candidate) {}, LeftQuiet},
		{"a guest", none, func(c *Candidate) { c.Person.Guest = true }, LeftOptedOut},
		{"somebody gone", none, func(c *Candidate) { c.Person.Gone = true }, LeftOptedOut},
	} {
		w := wantedAtDike()
		c.call(&w)
		if got, _ := w.Leave(someone(10, c.person)); got != c.want {
			t.Errorf("%s: %q, want %q", c.say, got, c.want)
		}
	}
}

func TestTheNightOnlyPutsAWaveOff(t *testing.T) {
	t.Parallel()
	w := wantedAtDike()
	w.Now = shanghai(23, 23)
	pool := w.Rank([]Candidate{someone(10), someone(11, func(c *Candidate) { c.Times.Rest = Rest{22 * 60, 6 * 60} }),
		someone(12, func(c *Candidate) { c.Person.PauseUntil = shanghai(24, 5) })})
	if len(pool.Ranked) != 0 || pool.Wakes != shanghai(24, 6) || pool.Rests != shanghai(24, 5) {
		t.Errorf("%+v", pool)
	}
	w.Shift.EndAt = shanghai(24, 6)
	if pool := w.Rank([]Candidate{someone(10)}); pool.Wakes != 0 {
		t.Error("it waits for somebody who wakes after the shift")
	}
}

func TestAnAreaIsNamedByPlaceOrUnit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ area, place, unit, want string }{
		{"城东片区", "东堤 3 号门", "城东支部", "城东片区"},
		{"绿城社区", "绿城社区服务中心", "", "绿城社区"},
		{"城西", "东堤", "城东支部", ""},
		{"East district", "East dike, gate 3", "", "East district"},
		{"east", "", "East branch", "east"},
		{"East", "Beaston road", "", ""},
		{"区", "城东区", "", ""},
		{"", "东堤", "", ""},
	} {
		w := wantedAtDike()
		w.Call.Place, w.Unit.Name = c.place, c.unit
		if got := w.ownArea(Person{Areas: []string{c.area}}); got != c.want {
			t.Errorf("%q in %q, %q: %q", c.area, c.place, c.unit, got)
		}
	}
}

func TestFreeMeansTheWholeShift(t *testing.T) {
	t.Parallel()
	zone := Zone("Asia/Shanghai")
	tuesday := []time.Weekday{time.Tuesday}
	for _, c := range []struct {
		say     string
		windows []Window
		want    bool
	}{
		{"nothing given", nil, false},
		{"the morning", []Window{{Days: tuesday, Start: 8 * 60, End: 12 * 60}}, true},
		{"until eleven", []Window{{Days: tuesday, Start: 8 * 60, End: 11 * 60}}, false},
		{"two that meet", []Window{{Days: tuesday, Start: 7 * 60, End: 10 * 60}, {Days: tuesday, Start: 10 * 60, End: 13 * 60}}, true},
		{"two with a gap", []Window{{Days: tuesday, Start: 7 * 60, End: 9 * 60}, {Days: tuesday, Start: 10 * 60, End: 13 * 60}}, false},
		{"another day", []Window{{Days: []time.Weekday{time.Monday}, Start: 0, End: 24 * 60}}, false},
		{"over midnight from Monday", []Window{{Days: []time.Weekday{time.Monday}, Start: 22 * 60, End: 13 * 60}}, true},
		{"every day", []Window{{Start: 6 * 60, End: 20 * 60}}, true},
	} {
		if got := Covers(c.windows, zone, shanghai(24, 8), shanghai(24, 12)); got != c.want {
			t.Errorf("%s: %v", c.say, got)
		}
	}
}

// Whatever the people, nobody excluded is ranked, and everybody is either ranked
// or counted.
func TestNobodyExcludedIsEverRanked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := wantedAtDike()
		w.Call.Urgent, w.Call.Drill = rapid.Bool().Draw(t, "urgent"), rapid.Bool().Draw(t, "drill")
		w.Now = askNow.Add(time.Duration(rapid.IntRange(0, 22).Draw(t, "hour")) * time.Hour)
		byID := map[int64]Candidate{}
		var all []Candidate
		for id := range int64(rapid.IntRange(0, 12).Draw(t, "people")) {
			c := someone(id + 1)
			c.Signed, c.Asked, c.Open = rare(t, "signed"), rare(t, "asked"), rare(t, "open")
			c.Declined, c.Overlaps = rare(t, "declined"), rare(t, "overlaps")
			if rare(t, "opted") {
				c.Person.OptOuts = []string{rapid.SampledFrom(OptOutKinds()).Draw(t, "kind")}
			}
			if rare(t, "worked") {
				c.EndsAt = w.Now.Add(-time.Duration(rapid.IntRange(0, 20).Draw(t, "ago")) * time.Hour)
			}
			c.Minutes = rapid.IntRange(0, 3).Draw(t, "minutes") * 60
			all, byID[c.Person.ID] = append(all, c), c
		}
		pool := w.Rank(all)
		left := 0
		for _, n := range pool.Left {
			left += n
		}
		if left+len(pool.Ranked) != len(all) {
			t.Fatalf("%d ranked and %d left of %d", len(pool.Ranked), left, len(all))
		}
		last := -1
		for _, r := range pool.Ranked {
			c := byID[r.PersonID]
			if c.Signed || c.Asked || c.Open || c.Declined || c.Overlaps || c.Person.ID == w.Call.CreatorID || c.Person.OptedOut("call") ||
				w.Call.Urgent && c.Person.OptedOut("urgent") {
				t.Fatalf("asked in spite of everything: %+v", c)
			}
			if (!w.Call.Urgent || w.Call.Drill) && InRest(w.Now, c.Times.Rest, c.Times.Zone) {
				t.Fatal("asked at night")
			}
			if c.Minutes < last {
				t.Fatal("more hours stand before fewer")
			}
			last = c.Minutes
		}
	})
}

func rare(t *rapid.T, label string) bool { return rapid.IntRange(0, 4).Draw(t, label) == 0 }

// Ten thousand people are ranked within what a wave can bear.
func BenchmarkRankTenThousand(b *testing.B) {
	w := wantedAtDike()
	var all []Candidate
	for id := range int64(10000) {
		c := someone(id+10, served(int(id%300)))
		if id%3 == 0 {
			freeTuesdays(&c)
		}
		if id%5 == 0 {
			canLift(&c)
		}
		c.Person.Name = fmt.Sprint(id)
		all = append(all, c)
	}
	for b.Loop() {
		w.Rank(all)
	}
}
