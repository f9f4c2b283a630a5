package services

import (
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// books is everything a summary counts, as plain lists.
type books struct {
	tenant      models.Tenant
	units       []models.Unit
	unitOf      map[int64]int64 // person to unit
	people      []int64
	calls       []models.Call
	shifts      []models.Shift
	roles       []models.Role
	signups     []models.Signup
	occurrences []models.Occurrence
	attendances []models.Attendance
	hours       []models.Hour
	goods       []models.Goods
}

// fill writes some weeks of an organisation at random, with what a summary has
// to leave alone: drills, cancelled calls, skipped sessions, another tenant.
func fill(t *testing.T, st *store.Store, rng *rand.Rand, now models.Instant) *books {
	t.Helper()
	b := &books{unitOf: map[int64]int64{}}
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	when := func() models.Instant { return now.Add(time.Duration(rng.IntN(28*24*60)-20*24*60) * time.Minute) }
	err := st.InTx(t.Context(), func(tx *store.Tx) error {
		var err error
		if b.tenant, err = tx.EnsureTenant("T1", models.Tenant{Lang: "zh", Zone: "Asia/Shanghai"}); err != nil {
			return err
		}
		by := models.By{TenantID: b.tenant.ID, Action: "test"}
		save := func(row models.Recorded) {
			if err == nil {
				err = tx.Save(by, row)
			}
		}
		for i, name := range []string{"城东", "一支部", "二支部", "西区"} {
			u := models.Unit{TenantID: b.tenant.ID, Name: name}
			if i == 1 || i == 2 { // below the first
				u.ParentID = b.units[0].ID
			}
			save(&u)
			b.units = append(b.units, u)
		}
		for i := range 14 {
			p, err := tx.EnsurePerson(b.tenant.ID, "U"+string(rune('A'+i)))
			if err != nil {
				return err
			}
			b.people = append(b.people, p.ID)
			if unit := rng.IntN(5); unit < 4 {
				b.unitOf[p.ID] = b.units[unit].ID
				if err := tx.SetUnitMember(b.units[unit].ID, p.ID); err != nil {
					return err
				}
			}
		}
		for n := range 25 {
			c := models.Call{TenantID: b.tenant.ID, Number: n + 1, Kind: models.CallCare, State: models.CallState(pick("open", "filled", "closed", "cancelled", "done")),
				Drill: rng.IntN(6) == 0, CreatedAt: when(), CreatorID: b.people[0]}
			if rng.IntN(2) == 0 {
				c.UnitID = b.units[rng.IntN(4)].ID
			}
			if rng.IntN(3) == 0 {
				c.OpensAt = c.CreatedAt.Add(time.Duration(rng.IntN(5)) * time.Hour)
			}
			if rng.IntN(3) == 0 {
				c.HoldUntil = c.CreatedAt.Add(time.Duration(rng.IntN(5)) * time.Hour)
			}
			c.Served = rng.IntN(40)
			if rng.IntN(2) == 0 {
				c.FilledAt = max(c.CreatedAt, c.OpensAt, c.HoldUntil).Add(time.Duration(1+rng.IntN(600)) * time.Minute)
			}
			save(&c)
			b.calls = append(b.calls, c)
			for range rng.IntN(3) {
				g := models.Goods{TenantID: b.tenant.ID, CallID: c.ID, Item: pick("水", "雨衣", "米"), Number: 1 + rng.IntN(9), Value: int64(rng.IntN(900)), At: c.CreatedAt}
				save(&g)
				b.goods = append(b.goods, g)
			}
			for range 1 + rng.IntN(2) {
				start := when()
				sh := models.Shift{TenantID: b.tenant.ID, CallID: c.ID, StartAt: start, EndAt: start.Add(2 * time.Hour)}
				save(&sh)
				b.shifts = append(b.shifts, sh)
				most := 1 + rng.IntN(4)
				r := models.Role{TenantID: b.tenant.ID, CallID: c.ID, ShiftID: sh.ID, Least: rng.IntN(most + 1), Most: most}
				save(&r)
				b.roles = append(b.roles, r)
				for _, who := range rng.Perm(len(b.people))[:rng.IntN(4)] {
					su := models.Signup{TenantID: b.tenant.ID, CallID: c.ID, ShiftID: sh.ID, RoleID: r.ID, PersonID: b.people[who], Guests: rng.IntN(2),
						State: models.SignupState(pick("confirmed", "waitlisted", "offered", "checked_in", "done", "no_show", "withdrawn"))}
					save(&su)
					b.signups = append(b.signups, su)
					b.served(su, start, rng, save)
				}
			}
		}
		st := models.Study{TenantID: b.tenant.ID, Number: 1, State: models.StudyActive, Zone: "Asia/Shanghai", Length: 60}
		save(&st)
		for range 20 {
			start := when()
			o := models.Occurrence{TenantID: b.tenant.ID, StudyID: st.ID, RuleStart: start, Start: start, End: start.Add(time.Hour),
				State: pick("planned", "moved", "skipped", "held", "held", "held", "not_held")}
			save(&o)
			b.occurrences = append(b.occurrences, o)
			for _, who := range rng.Perm(len(b.people))[:rng.IntN(10)] {
				a := models.Attendance{TenantID: b.tenant.ID, StudyID: st.ID, OccurrenceID: o.ID, PersonID: b.people[who],
					State: pick("due", "attended", "attended", "made_up", "excused", "absent")}
				save(&a)
				b.attendances = append(b.attendances, a)
			}
		}
		other, otherErr := tx.EnsureTenant("T2", models.Tenant{})
		if otherErr != nil {
			return otherErr
		}
		by.TenantID = other.ID
		save(&models.Call{TenantID: other.ID, Number: 1, State: models.CallFilled, CreatedAt: now.Add(-time.Hour), FilledAt: now})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// count is the summary again, as one would by hand.
func (b *books) count(p models.Period, units []int64, now models.Instant) models.Summary {
	in := func(unit int64) bool { return len(units) == 0 || slices.Contains(units, unit) }
	over := func(end models.Instant) bool { return end >= p.Start && end < p.End && end <= now }
	sum := models.Summary{Period: p}
	var filling time.Duration
	calls := map[int64]models.Call{}
	for _, c := range b.calls {
		calls[c.ID] = c
		if c.Drill || c.CreatedAt < p.Start || c.CreatedAt >= p.End || !in(c.UnitID) {
			continue
		}
		sum.CallsOpened++
		if c.State == models.CallCancelled {
			sum.CallsCancelled++
		}
		if c.FilledAt > 0 {
			sum.CallsFilled++
			filling += c.FilledAt.Sub(max(c.CreatedAt, c.OpensAt, c.HoldUntil))
		}
	}
	if sum.CallsFilled > 0 {
		sum.FillTime = filling / time.Duration(sum.CallsFilled)
	}
	shifts := map[int64]models.Shift{}
	for _, sh := range b.shifts {
		shifts[sh.ID] = sh
	}
	counts := func(c models.Call, sh models.Shift) bool {
		return !c.Drill && c.State != models.CallCancelled && over(sh.EndAt)
	}
	short, volunteers := map[int64]bool{}, map[int64]bool{}
	for _, r := range b.roles {
		c := calls[r.CallID]
		if !counts(c, shifts[r.ShiftID]) || !in(c.UnitID) {
			continue
		}
		taken := 0
		for _, su := range b.signups {
			if su.RoleID == r.ID && su.Holds() {
				taken += su.Party()
			}
		}
		if missing := r.Least - taken; missing > 0 {
			sum.PlacesShort += missing
			short[r.CallID] = true
		}
	}
	sum.CallsShort = len(short)
	for _, su := range b.signups {
		if su.Holds() && counts(calls[su.CallID], shifts[su.ShiftID]) && in(b.unitOf[su.PersonID]) {
			sum.Places++
			volunteers[su.PersonID] = true
		}
	}
	sum.Volunteers = len(volunteers)
	sum.Study, sum.Total = b.countStudy(over, in)
	b.countHours(p, &sum, over, in, now)
	return sum
}

func (b *books) countStudy(over func(models.Instant) bool, in func(int64) bool) (lines []models.StudyLine, total models.StudyLine) {
	occurrences := slices.SortedFunc(slices.Values(b.occurrences), func(x, y models.Occurrence) int { return int(x.Start - y.Start) })
	names := map[int64]string{}
	for _, u := range b.units {
		names[u.ID] = u.Name
	}
	everybody := map[int64]bool{}
	for unit := range map[int64]bool{0: true, b.units[0].ID: true, b.units[1].ID: true, b.units[2].ID: true, b.units[3].ID: true} {
		if !in(unit) {
			continue
		}
		line, people := models.StudyLine{UnitID: unit, Unit: names[unit]}, map[int64]bool{}
		for _, o := range occurrences {
			if o.Off() || !over(o.End) {
				continue
			}
			var due, came, made, excused, absent int
			for _, a := range b.attendances {
				if a.OccurrenceID != o.ID || b.unitOf[a.PersonID] != unit {
					continue
				}
				due++
				if o.State == models.OccurrenceHeld {
					people[a.PersonID], everybody[a.PersonID] = true, true
				}
				switch a.State {
				case models.AttendanceAttended:
					came++
				case models.AttendanceMadeUp:
					made++
				case models.AttendanceExcused:
					excused++
				case models.AttendanceAbsent:
					absent++
				}
			}
			switch {
			case due == 0:
			case o.State == models.OccurrenceHeld:
				line.Add(models.StudyLine{Sessions: 1, Recorded: 1, Due: due, Attended: came, MadeUp: made, Excused: excused, Absent: absent})
			default:
				line.Add(models.StudyLine{Sessions: 1, Missing: []models.Instant{o.Start}})
			}
		}
		line.People = len(people)
		if line.Sessions > 0 {
			lines = append(lines, line)
			total.Due, total.Attended, total.MadeUp = total.Due+line.Due, total.Attended+line.Attended, total.MadeUp+line.MadeUp
			total.Excused, total.Absent = total.Excused+line.Excused, total.Absent+line.Absent
		}
	}
	total.People = len(everybody)
	for _, o := range occurrences {
		concerned := slices.ContainsFunc(b.attendances, func(a models.Attendance) bool { return a.OccurrenceID == o.ID && in(b.unitOf[a.PersonID]) })
		if !concerned || o.Off() || !over(o.End) {
			continue
		}
		total.Sessions++
		if o.State == models.OccurrenceHeld {
			total.Recorded++
		} else {
			total.Missing = append(total.Missing, o.Start)
		}
	}
	slices.SortFunc(lines, func(x, y models.StudyLine) int {
		if (x.UnitID == 0) != (y.UnitID == 0) {
			return map[bool]int{true: 1, false: -1}[x.UnitID == 0]
		}
		return strings.Compare(x.Unit, y.Unit)
	})
	return lines, total
}

// Every figure of a summary is what a plain recount of the same rows gives.
func TestEveryFigureIsAPlainCount(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		now := models.At(clocks.World.Now().Add(50 * time.Hour)) // Wednesday noon: the week is under way
		clocks.World.Set(now.Time())
		zone := models.Zone("Asia/Shanghai")
		for seed := range uint64(3) {
			if seed > 0 {
				st = storetest.Open(t, t.TempDir()+"/another.db", clocks)
			}
			b := fill(t, st, rand.New(rand.NewPCG(seed, 7)), now)
			for _, kind := range []string{models.PeriodDay, models.PeriodWeek, models.PeriodMonth, models.PeriodYear} {
				this := models.PeriodOf(kind, now, zone)
				for _, p := range []models.Period{this, this.Before(zone), this.Before(zone).Before(zone)} {
					b.compare(t, st, p, models.Unit{}, nil, now)
					b.compare(t, st, p, b.units[0], []int64{b.units[0].ID, b.units[1].ID, b.units[2].ID}, now)
					b.compare(t, st, p, b.units[3], []int64{b.units[3].ID}, now)
				}
			}
		}
	})
}

func (b *books) compare(t *testing.T, st *store.Store, p models.Period, unit models.Unit, units []int64, now models.Instant) {
	t.Helper()
	var got models.Summary
	err := st.Read(t.Context(), func(tx *store.Tx) (err error) {
		got, err = summarize(tx, b.tenant.ID, p, unit)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := b.count(p, units, now)
	want.Unit = unit
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(models.Summary{}, "SealedTo", "Check", "FillTime"), cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s from %v, unit %q (-recount +summary):\n%s", p.Kind, p.Start.Time(), unit.Name, diff)
	}
	if off := got.FillTime - want.FillTime; off.Abs() > time.Second {
		t.Errorf("filled in %v, recounted %v", got.FillTime, want.FillTime)
	}
}

func TestWhoMayReadWhichSummary(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.must(to.svc.Enrol(ctx, "T1", []UnitRow{{Name: "城东", Leader: "ULEAD"}, {Name: "一支部", Parent: "城东", Leader: "UFIRST"}, {Name: "西区", Leader: "UBOTH"}, {Name: "南区", Leader: "UBOTH"}}, nil))
	for who, ask := range map[string][2]string{"UVIEW": {models.RoleViewer, "一支部"}, "UALL": {models.RoleViewer, ""}, "UORG": {models.RoleOrganizer, "西区"}} {
		_, _, err := to.svc.GiveRole(ctx, to.by("UADMIN"), who, ask[0], ask[1])
		to.must(err)
	}
	for _, c := range []struct{ who, unit, gets, refused string }{
		{"UCHEN", "", "", ""},
		{"UCHEN", "一支部", "一支部", ""},
		{"UCHEN", "北区", "", "role.no_unit"},
		{"UALL", "", "", ""},
		{"ULI", "", "", "error.not_organizer"},
		{"ULI", "一支部", "", "error.not_unit"},
		{"UVIEW", "", "一支部", ""}, // their unit, and not everything
		{"UVIEW", "城东", "", "error.not_unit"},
		{"ULEAD", "", "城东", ""},
		{"ULEAD", "一支部", "一支部", ""}, // it lies below
		{"ULEAD", "西区", "", "error.not_unit"},
		{"UFIRST", "城东", "", "error.not_unit"},
		{"UORG", "", "西区", ""},
		{"UBOTH", "", "", "summary.which_unit"},
		{"UBOTH", "南区", "南区", ""},
	} {
		got, err := to.svc.PreviewSummary(ctx, to.by(c.who), SummaryAsk{Kind: models.PeriodWeek, Unit: c.unit})
		if c.refused != "" {
			if refusal(err) != c.refused {
				t.Errorf("%s asks for %q: %v, want %s", c.who, c.unit, err, c.refused)
			}
			continue
		}
		if err != nil || got.Now.Unit.Name != c.gets {
			t.Errorf("%s asks for %q and gets %q, %v", c.who, c.unit, got.Now.Unit.Name, err)
		}
	}
}

// A summary shown to one cannot be posted by somebody who may not read it.
func TestAnotherPersonsSummaryIsNotTheirsToPost(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	shown, err := to.svc.PreviewSummary(ctx, to.by("UCHEN"), SummaryAsk{Kind: models.PeriodWeek, Back: 1})
	to.must(err)
	if shown.Posting.Channel != "CCALLS" || shown.Now.Period.Start != models.At(sh("2026-11-16 00:00")) {
		t.Errorf("%+v", shown.Posting)
	}
	if _, err := to.svc.PostSummary(ctx, to.by("ULI"), shown.Posting.ID, ""); refusal(err) != "error.not_organizer" {
		t.Errorf("a member posted it: %v", err)
	}
	stranger := to.by("UCHEN")
	stranger.Team = "T2"
	if _, err := to.svc.PostSummary(ctx, stranger, shown.Posting.ID, ""); refusal(err) != "error.not_yours" {
		t.Errorf("another workspace posted it: %v", err)
	}
	if _, err := to.svc.HoldSummary(ctx, to.by("UCHEN"), shown.Posting.ID); refusal(err) != "error.not_yours" {
		t.Errorf("what nobody planned was held: %v", err)
	}
	act := to.by("UCHEN")
	_, err = to.svc.PostSummary(ctx, act, shown.Posting.ID, "COTHER")
	to.must(err)
	if _, err := to.svc.PostSummary(ctx, act, shown.Posting.ID, "COTHER"); models.CodeOf(err) != models.CodeRepeat {
		t.Errorf("the same delivery again: %v", err)
	}
	if m := to.message(postingKey(shown.Posting.ID)); m.Channel != "COTHER" || m.Quiet != models.QuietPass {
		t.Errorf("%+v", m)
	}
}
