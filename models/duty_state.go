package models

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// DutyBook is what is known of an organisation's duties at a moment: from it
// follows what each unit owes, has done and plans.
type DutyBook struct {
	Zone    *time.Location // the organisation's: periods are its own
	Now     Instant
	Units   []Unit
	Made    map[int64]Instant // when each unit came into the ledger; not there = always
	Vacant  map[int64]bool    // units with nobody in them or below
	Duties  []UnitDuty        // those that hold, by id
	Studies map[int64]Study   // those that count for a duty

	found map[unitDuty][]DutyHeld
}

type unitDuty struct{ unit, duty int64 }

// DutyHeld is one time that something was held, or is planned: a session, or a
// record entered by hand.
type DutyHeld struct {
	Day        string
	Study      Study      // zero when entered by hand
	Occurrence Occurrence // of the study
	Record     DutyRecord // zero when it is a session
	ByID       int64      // who said so; 0 = an on-site code
	EnteredAt  Instant    // when it was said
	Late       bool       // entered more than a day after it
}

// ByHand says that it was entered by hand.
func (h DutyHeld) ByHand() bool { return h.Record.ID != 0 }

// DutyState is one duty of one unit in one period.
type DutyState struct {
	Unit    Unit
	Duty    UnitDuty
	Period  DutyPeriod
	Held    []DutyHeld // with a record, by day
	Planned []DutyHeld // sessions ahead or under way: no record yet
	Unsaid  []DutyHeld // sessions that are over, and nobody said whether they were held
	Over    bool       // the period is past
	Noticed bool       // its end is so near that its unit is told
}

// Need is how many records are missing still.
func (s DutyState) Need() int { return max(0, s.Duty.Times-len(s.Held)) }

// Done says that nothing is missing.
func (s DutyState) Done() bool { return s.Need() == 0 }

// Open says that there is neither a record nor a plan for all of it.
func (s DutyState) Open() bool { return !s.Over && len(s.Planned) < s.Need() }

// Missing says that the period is over and has no record of all of it.
func (s DutyState) Missing() bool { return s.Over && !s.Done() }

// Tells says that its unit is to be told now that something is open.
func (s DutyState) Tells() bool { return s.Noticed && s.Open() }

// Enter puts sessions and records in, in any order. Sessions that were skipped
// or not held, that are of a study taken back, and records taken back are not
// there.
func (b *DutyBook) Enter(occurrences []Occurrence, records []DutyRecord) {
	b.found = map[unitDuty][]DutyHeld{}
	duties := map[int64]UnitDuty{}
	for _, d := range b.Duties {
		duties[d.ID] = d
	}
	units := map[int64][]int64{}
	for _, o := range occurrences {
		st, known := b.Studies[o.StudyID]
		d, lives := duties[st.DutyID]
		if !known || !lives || o.Off() || o.Ahead() && st.State == StudyCancelled {
			continue
		}
		to, cached := units[st.ID]
		if !cached {
			to = b.Counts(st, d)
			units[st.ID] = to
		}
		h := DutyHeld{Day: DateOf(o.Start, b.Zone), Study: st, Occurrence: o, ByID: o.SettledBy, EnteredAt: o.SettledAt}
		h.Late = o.State == OccurrenceHeld && o.SettledAt != 0 && Late(o.End, o.SettledAt)
		for _, u := range to {
			key := unitDuty{u, d.ID}
			b.found[key] = append(b.found[key], h)
		}
	}
	for _, r := range records {
		if r.TakenBack {
			continue
		}
		key := unitDuty{r.UnitID, r.DutyID}
		b.found[key] = append(b.found[key], DutyHeld{Day: r.Day, Record: r, ByID: r.ByID, EnteredAt: r.EnteredAt, Late: r.Late(b.Zone)})
	}
	for _, all := range b.found {
		slices.SortStableFunc(all, func(x, y DutyHeld) int {
			return cmp.Or(strings.Compare(x.Day, y.Day), cmp.Compare(x.Occurrence.Start, y.Occurrence.Start))
		})
	}
}

// HeldAt is when a record's day was over, or the record was entered if that was
// before: what "a day late" is counted from.
func (r DutyRecord) HeldAt(zone *time.Location) Instant {
	over := DayStart(date(r.Day).AddDate(0, 0, 1).Format(time.DateOnly), zone)
	return min(over, r.EnteredAt)
}

// Late says that a record was entered more than a day after its day.
func (r DutyRecord) Late(zone *time.Location) bool { return Late(r.HeldAt(zone), r.EnteredAt) }

// Counts are the units for which a study counts when it is held: its own unit
// and those that a joint unit is of, as far as they owe the duty; where none of
// these does, the units below. A study for everybody counts for all that do.
func (b *DutyBook) Counts(st Study, d UnitDuty) []int64 {
	var own, below []int64
	var joint []string
	for _, u := range b.Units {
		if u.ID == st.UnitID {
			joint = u.JointOf
		}
	}
	under := UnitsBelow(b.Units, st.UnitID)
	for _, u := range b.Units {
		switch {
		case !d.For(u):
		case st.AudienceKind == AudienceAll, u.ID == st.UnitID, slices.Contains(joint, u.Name):
			own = append(own, u.ID)
		case st.UnitID != 0 && slices.Contains(under, u.ID):
			below = append(below, u.ID)
		}
	}
	if len(own) > 0 {
		return own
	}
	return below
}

// From is the first day of the periods before those under way.
func (b *DutyBook) From() string {
	from := DateOf(b.Now, b.Zone)
	for _, d := range b.Duties {
		from = min(from, d.Period(b.Now, b.Zone).Before().First())
	}
	return from
}

// DutyBack is the first day that can matter for what is pointed out of the
// past: a year that ended within the look-back began a year before that.
func DutyBack(now Instant, zone *time.Location) string {
	return now.In(zone).AddDate(0, -2*DutyLookBack-1, 0).Format(time.DateOnly)
}

// Concern are the units whose studies can count for some units: these, those
// above them, and joint units of them.
func (b *DutyBook) Concern(units []int64) map[int64]bool {
	out := map[int64]bool{}
	names := map[string]bool{}
	for _, u := range b.Units {
		if slices.Contains(units, u.ID) {
			names[u.Name], out[u.ID] = true, true
			for _, up := range UnitsAbove(b.Units, u.ID) {
				out[up] = true
			}
		}
	}
	for _, u := range b.Units {
		if slices.ContainsFunc(u.JointOf, func(name string) bool { return names[name] }) {
			out[u.ID] = true
		}
	}
	return out
}

// PeriodEnd is when the period under way of a duty ends, 0 for a duty that does
// not hold.
func (b *DutyBook) PeriodEnd(duty int64) Instant {
	for _, d := range b.Duties {
		if d.ID == duty {
			return d.Period(b.Now, b.Zone).End(b.Zone)
		}
	}
	return 0
}

// Duty is one duty that holds by its row id.
func (b *DutyBook) Duty(id int64) (UnitDuty, bool) {
	for _, d := range b.Duties {
		if d.ID == id {
			return d, true
		}
	}
	return UnitDuty{}, false
}

// Unit is one unit by its row id.
func (b *DutyBook) Unit(id int64) (Unit, bool) {
	for _, u := range b.Units {
		if u.ID == id {
			return u, true
		}
	}
	return Unit{}, false
}

// State is one duty of a unit in one period.
func (b *DutyBook) State(u Unit, d UnitDuty, p DutyPeriod) DutyState {
	s := DutyState{Unit: u, Duty: d, Period: p}
	s.Over, s.Noticed = b.Now >= p.End(b.Zone), b.Now >= p.NoticeFrom(b.Zone) && b.Now < p.End(b.Zone)
	for _, h := range b.found[unitDuty{u.ID, d.ID}] {
		switch {
		case !p.Holds(h.Day):
		case h.ByHand(), h.Occurrence.State == OccurrenceHeld:
			s.Held = append(s.Held, h)
		case h.Occurrence.End > b.Now || h.Occurrence.Start > b.Now:
			s.Planned = append(s.Planned, h)
		default:
			s.Unsaid = append(s.Unsaid, h)
		}
	}
	return s
}

// owes says whether a unit owes a duty in a period. A unit that came into the
// ledger after the duty owes it from then on; one with nobody in it owes nothing.
func (b *DutyBook) owes(u Unit, d UnitDuty, p DutyPeriod) bool {
	if !d.For(u) || b.Vacant[u.ID] || !p.Owed(d.Since) {
		return false
	}
	made := b.Made[u.ID]
	return made <= d.CreatedAt || p.Owed(FirstDutyDay(d.Cadence, DateOf(made, b.Zone)))
}

// Present is what a unit owes in the periods under way, in the order of the
// duties.
func (b *DutyBook) Present(u Unit) []DutyState {
	var out []DutyState
	for _, d := range b.Duties {
		if p := d.Period(b.Now, b.Zone); b.owes(u, d, p) {
			out = append(out, b.State(u, d, p))
		}
	}
	return out
}

// DutyLookBack is how far back a period without a record is still pointed out:
// a year, after which nobody will find the minutes of it any more.
const DutyLookBack = 12

// Missing is what a unit has no record of in periods that ended in the last
// twelve months, by duty, the oldest first.
func (b *DutyBook) Missing(u Unit) []DutyState {
	var out []DutyState
	from := b.Now.In(b.Zone).AddDate(0, -DutyLookBack, 0).Format(time.DateOnly)
	for _, d := range b.Duties {
		var past []DutyState
		for p := d.Period(b.Now, b.Zone).Before(); p.Last() >= from && b.owes(u, d, p); p = p.Before() {
			if s := b.State(u, d, p); s.Missing() {
				past = append(past, s)
			}
		}
		slices.Reverse(past)
		out = append(out, past...)
	}
	return out
}

// Ended is what a unit has no record of in periods that ended after `since`.
func (b *DutyBook) Ended(u Unit, since Instant) []DutyState {
	var out []DutyState
	for _, d := range b.Duties {
		p := d.Period(b.Now, b.Zone).Before()
		if p.End(b.Zone) <= since || !b.owes(u, d, p) {
			continue
		}
		if s := b.State(u, d, p); s.Missing() {
			out = append(out, s)
		}
	}
	return out
}

// On is what somebody held on a day for a unit's duty, if anything.
func (b *DutyBook) On(unit, duty int64, day string) (DutyHeld, bool) {
	for _, h := range b.found[unitDuty{unit, duty}] {
		if h.Day == day && (h.ByHand() || h.Occurrence.State == OccurrenceHeld) {
			return h, true
		}
	}
	return DutyHeld{}, false
}

// NextDutyLook is when something can change by time alone: a period comes near
// its end, or is over; while one is near its end, each midnight. 0 without
// duties.
func NextDutyLook(duties []UnitDuty, zone *time.Location, now Instant) Instant {
	next := Instant(0)
	sooner := func(at Instant) {
		if at > now && (next == 0 || at < next) {
			next = at
		}
	}
	for _, d := range duties {
		p := d.Period(now, zone)
		for _, q := range []DutyPeriod{p, p.Next()} {
			sooner(q.NoticeFrom(zone))
			sooner(q.End(zone))
		}
		if now >= p.NoticeFrom(zone) {
			sooner(DayStart(date(DateOf(now, zone)).AddDate(0, 0, 1).Format(time.DateOnly), zone))
		}
	}
	return next
}

// DutyGaps are the units with periods without a record, one gap a unit.
func (b *DutyBook) DutyGaps(units []Unit) []Gap {
	var out []Gap
	for _, u := range units {
		if missing := b.Missing(u); len(missing) > 0 {
			out = append(out, Gap{Kind: GapDuty, Unit: u, N: len(missing), Duties: missing})
		}
	}
	return out
}
