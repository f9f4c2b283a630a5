package services

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// withAdmin makes somebody an admin, and one unit above the branch with a
// leader of its own.
func withAdmin(b *branch) *branch {
	b.t.Helper()
	err := b.st.InTx(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.EnsurePerson(t.ID, "Uadmin")
		if err != nil {
			return err
		}
		return tx.Save(models.By{TenantID: t.ID, Action: "role_give"}, &models.Right{TenantID: t.ID, PersonID: p.ID, Role: models.RoleAdmin})
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return b
}

func (b *branch) duty(name, cadence string, more ...func(*DutyEdit)) models.UnitDuty {
	b.t.Helper()
	in := DutyEdit{Name: name, Cadence: cadence}
	for _, m := range more {
		m(&in)
	}
	out, err := b.svc.AddDuty(b.t.Context(), b.act("Uadmin"), in)
	if err != nil {
		b.t.Fatalf("add %s: %v", name, err)
	}
	return out.Duty
}

// duties is what somebody sees of a unit: `党员大会 2026-Q4 held 1/1 planned 0 unsaid 0 open`.
func (b *branch) duties(who, unit string) (present, missing []string) {
	b.t.Helper()
	page, err := b.svc.DutyList(b.t.Context(), b.act(who), unit, 0)
	if err != nil {
		b.t.Fatalf("duties of %s: %v", unit, err)
	}
	line := func(s models.DutyState) string {
		text := fmt.Sprintf("%s %s %d/%d", s.Duty.Name, s.Period.Key(), len(s.Held), s.Duty.Times)
		for word, is := range map[string]bool{" open": s.Open(), " done": s.Done()} {
			if is {
				text += word
			}
		}
		if n := len(s.Planned); n > 0 {
			text += fmt.Sprintf(" planned %d", n)
		}
		if n := len(s.Unsaid); n > 0 {
			text += fmt.Sprintf(" unsaid %d", n)
		}
		return text
	}
	for _, u := range page.Units {
		for _, s := range u.Present {
			present = append(present, line(s))
		}
		for _, s := range u.Missing {
			missing = append(missing, line(s))
		}
	}
	return present, missing
}

func (b *branch) lists(what string, want []string, got []string) {
	b.t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		b.t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (b *branch) sound() {
	b.t.Helper()
	broken, err := b.st.Verify(b.t.Context(), 1)
	if err != nil || !broken.OK() {
		b.t.Errorf("the record: %+v, %v", broken, err)
	}
}

// From the admin's setting to the next quarter: planned, held, entered by hand,
// told once in time, and pointed out when it is over.
func TestDutiesThroughAQuarter(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := withAdmin(newBranchOn(t, st, clocks))
		ctx := t.Context()
		b.duty("党员大会", models.CadenceQuarter)
		b.duty("支委会", models.CadenceMonth)
		b.duty("主题党日", models.CadenceMonth, func(in *DutyEdit) { in.For = "支部" })
		present, _ := b.duties("Uchen", "")
		b.lists("at first", []string{"党员大会 2026-Q4 0/1 open", "支委会 2026-11 0/1 open", "主题党日 2026-11 0/1 open"}, present)

		in := lesson("2026-11-25 19:30")
		in.Duty = "支委会"
		plan := b.open(in)
		if plan.Duty.Name != "支委会" {
			t.Errorf("the study counts for %q", plan.Duty.Name)
		}
		entered, err := b.svc.EnterDuty(ctx, b.act("Uchen"), DutyEntry{Name: "主题党日", Day: "2026-11-18", Note: "在活动室"})
		if err != nil || !entered.Late || !entered.State.Done() || entered.Record.EnteredAt != models.At(sh("2026-11-23 10:00")) {
			t.Fatalf("entered late: %+v, %v", entered, err)
		}
		present, _ = b.duties("Uchen", "城东支部")
		b.lists("planned and entered", []string{"党员大会 2026-Q4 0/1 open", "支委会 2026-11 0/1 planned 1", "主题党日 2026-11 1/1 done"}, present)

		b.until(sh("2026-11-25 21:00"))
		present, _ = b.duties("Uchen", "")
		b.lists("nobody said", []string{"党员大会 2026-Q4 0/1 open", "支委会 2026-11 0/1 open unsaid 1", "主题党日 2026-11 1/1 done"}, present)
		if _, err := b.svc.HeldStudy(ctx, b.act("Uchen"), plan.Study.Number, true); err != nil {
			t.Fatal(err)
		}
		present, _ = b.duties("Uchen", "")
		b.lists("held", []string{"党员大会 2026-Q4 0/1 open", "支委会 2026-11 1/1 done", "主题党日 2026-11 1/1 done"}, present)

		b.until(sh("2027-01-02 12:00"))
		var told []string
		for _, line := range b.sounds("Uchen", "Asia/Shanghai") {
			if strings.HasSuffix(line, " duty") {
				told = append(told, line)
			}
		}
		b.lists("told", []string{"12-18 07:00 duty", "12-25 07:00 duty"}, told)
		_, missing := b.duties("Uchen", "")
		b.lists("without a record", []string{"党员大会 2026-Q4 0/1", "支委会 2026-12 0/1", "主题党日 2026-12 0/1"}, missing)
		gaps, err := b.svc.UnitGaps(ctx, b.act("Uadmin"))
		if err != nil || len(gaps.Gaps) != 1 || gaps.Gaps[0].Kind != models.GapDuty || gaps.Gaps[0].N != 3 || gaps.Gaps[0].Unit.Name != "城东支部" {
			t.Errorf("gaps %+v, %v", gaps.Gaps, err)
		}
		for who, want := range map[string]int{"Uchen": 3, "Uwang": 0, "Uadmin": 0} { // on the leader's Home, and nobody else's
			home, err := b.svc.HomeOf(ctx, b.act(who))
			if err != nil {
				t.Fatal(err)
			}
			got := 0
			for _, h := range home.Hands {
				if h.Kind == models.HandDuties {
					got = h.Missing
				}
			}
			if got != want {
				t.Errorf("on the Home of %s %d periods are without a record, want %d", who, got, want)
			}
		}
		b.sound()
	})
}

// What was told is edited as things are done, and a newer message takes over.
func TestANoticeLives(t *testing.T) {
	t.Parallel()
	b := withAdmin(newBranch(t))
	ctx := t.Context()
	b.duty("党员大会", models.CadenceQuarter)
	b.duty("支委会", models.CadenceMonth, func(in *DutyEdit) { in.Since = "2026-12-01"; in.Set = nil })
	b.until(sh("2026-12-18 08:00"))
	key := models.DutyKey(b.leader())
	first := b.messageAt(key)
	page, ok, err := b.svc.DutyMessage(ctx, first)
	if err != nil || !ok || len(page.Units) != 1 || len(page.Units[0].Present) != 1 || !page.Units[0].Present[0].Open() || page.Past {
		t.Fatalf("%+v, %v", page, err)
	}
	in := lesson("2026-12-20 19:30")
	in.Duty = "党员大会"
	plan := b.open(in)
	if m := b.messageAt(key); m.Version != first.Version+1 {
		t.Errorf("planned, and the message is at version %d", m.Version)
	}
	b.beat()
	if page, _, _ = b.svc.DutyMessage(ctx, b.messageAt(key)); page.Units[0].Present[0].Open() {
		t.Error("it is planned, and shown as open")
	}
	occurrence := b.nextOf(plan.Study.ID)
	if _, err := b.svc.SkipStudy(ctx, b.act("Uchen"), plan.Study.Number, time.Time{}); err != nil {
		t.Fatal(err)
	}
	b.beat()
	if page, _, _ = b.svc.DutyMessage(ctx, b.messageAt(key)); !page.Units[0].Present[0].Open() {
		t.Error("it was skipped, and is shown as planned")
	}
	if _, err := b.svc.UnskipStudy(ctx, b.act("Uchen"), occurrence.ID); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-12-25 08:00"))
	page, _, err = b.svc.DutyMessage(ctx, b.messageAt(key))
	if err != nil || len(page.Units[0].Present) != 2 || page.Past { // the session of 20 December: nobody said
		t.Errorf("the second: %+v, %v", page.Units, err)
	}
	old := b.messageAt(key + "was:" + id(first.ID))
	if page, _, err := b.svc.DutyMessage(ctx, old); err != nil || !page.Past {
		t.Errorf("the first has not stepped back: %+v, %v", page, err)
	}
	version := b.messageAt(key).Version
	b.until(sh("2027-01-01 00:30"))
	if m := b.messageAt(key); m.Version <= version {
		t.Error("the quarter is over, and what was told still says that it is open")
	}
	if page, _, _ = b.svc.DutyMessage(ctx, b.messageAt(key)); !page.Units[0].Present[0].Missing() {
		t.Errorf("%+v", page.Units[0].Present[0])
	}
	// Held elsewhere, entered afterwards: the message says so.
	version = b.messageAt(key).Version
	if _, err := b.svc.EnterDuty(ctx, b.act("Uchen"), DutyEntry{Name: "支委会", Day: "2026-12-28"}); err != nil {
		t.Fatal(err)
	}
	if m := b.messageAt(key); m.Version <= version {
		t.Error("entered, and the message stays as it is")
	}
}

func (b *branch) leader() int64 {
	b.t.Helper()
	var p models.Person
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) (err error) { p, err = tx.PersonBySlack(1, "Uchen"); return err })
	if err != nil {
		b.t.Fatal(err)
	}
	return p.ID
}

func (b *branch) messageAt(key string) (m models.Message) {
	b.t.Helper()
	if err := b.st.Read(b.t.Context(), func(tx *store.Tx) (err error) { m, err = tx.MessageByKey(1, key); return err }); err != nil {
		b.t.Fatalf("message %s: %v", key, err)
	}
	return m
}

func (b *branch) nextOf(study int64) (o models.Occurrence) {
	b.t.Helper()
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		list, err := tx.OccurrencesOf(study, tx.Now, 1)
		if err == nil && len(list) == 1 {
			o = list[0]
		}
		return err
	})
	if err != nil || o.ID == 0 {
		b.t.Fatalf("no occurrence: %v", err)
	}
	return o
}

// Who is told, and when: in their windows, after a pause, once however often
// Muster starts, late with a word, and after a long pause only of what is still
// under way.
func TestWhenALeaderIsToldOfDuties(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		windows    []models.Window
		pause      string
		down, up   string
		then       string
		want       []string
		who        string
		leaderGone bool
	}{
		{name: "when the night is over", then: "2026-11-30 12:00", want: []string{"11-24 07:00 duty"}, who: "Uchen"},
		{name: "in the window", windows: []models.Window{{Start: 870, End: 990}}, then: "2026-11-30 12:00", want: []string{"11-24 14:30 duty"}, who: "Uchen"},
		{name: "a window on Fridays", windows: []models.Window{{Days: []time.Weekday{time.Friday}, Start: 870, End: 990}}, then: "2026-11-30 12:00",
			want: []string{"11-27 14:30 duty"}, who: "Uchen"},
		{name: "after a pause", pause: "2026-11-26 09:00", then: "2026-11-30 12:00", want: []string{"11-26 09:00 duty"}, who: "Uchen"},
		{name: "a pause over all of it", pause: "2026-12-10 09:00", then: "2026-12-20 12:00", want: nil, who: "Uchen"},
		{name: "down for three hours", down: "2026-11-24 06:00", up: "2026-11-24 09:10", then: "2026-11-30 12:00", want: []string{"11-24 09:10 duty late"}, who: "Uchen"},
		{name: "down for three days", down: "2026-11-23 22:00", up: "2026-11-26 23:00", then: "2026-11-30 12:00", want: []string{"11-27 07:00 duty late"}, who: "Uchen"},
		{name: "down for thirty days: only what is under way", down: "2026-11-23 22:00", up: "2026-12-26 10:00", then: "2026-12-31 12:00",
			want: []string{"12-26 10:00 duty late"}, who: "Uchen"},
		{name: "down until the next month begins", down: "2026-11-23 22:00", up: "2026-12-03 10:00", then: "2026-12-20 12:00", want: nil, who: "Uchen"},
		{name: "the leader has left: the admin", leaderGone: true, then: "2026-11-30 12:00", want: []string{"11-24 07:00 duty"}, who: "Uadmin"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := withAdmin(newBranch(t))
			b.duty("支委会", models.CadenceMonth)
			err := b.st.InTx(t.Context(), func(tx *store.Tx) error {
				p, err := tx.PersonBySlack(1, "Uchen")
				if err != nil {
					return err
				}
				p.Windows, p.Gone = c.windows, c.leaderGone
				if c.pause != "" {
					p.PauseUntil = models.At(sh(c.pause))
				}
				return tx.Save(models.By{TenantID: 1, Action: "profile_save"}, &p)
			})
			if err != nil {
				t.Fatal(err)
			}
			if c.down != "" {
				b.until(sh(c.down))
				b.clocks.World.Set(sh(c.up))
				b.clocks.Machine.Set(sh(c.up))
			}
			b.restart()
			b.until(sh(c.then))
			b.expect(c.who, c.want...)
		})
	}
}

// A unit without a leader is answered for by the leader above.
func TestWithoutALeaderTheOneAboveIsTold(t *testing.T) {
	t.Parallel()
	b := withAdmin(newBranch(t))
	err := b.svc.Enrol(t.Context(), "T1", []UnitRow{{Name: "联合党委", Leader: "Uwang"}, {Name: "城东支部", Parent: "联合党委", Type: "branch", Leader: "Uchen"}, {Name: "一组", Parent: "城东支部", Type: "group"},
		{Name: "二组", Parent: "联合党委", Type: "group"}},
		[]MemberRow{{Slack: "U1", Unit: "一组"}, {Slack: "U2", Unit: "二组"}})
	if err != nil {
		t.Fatal(err)
	}
	b.duty("小组会", models.CadenceMonth, func(in *DutyEdit) { in.For = "小组" })
	b.until(sh("2026-11-30 12:00"))
	b.expect("Uchen", "11-24 07:00 duty")
	b.expect("Uwang", "11-24 07:00 duty")
	b.expect("Uadmin")
	// Both lead it from above; the page of who leads both shows both.
	page, err := b.svc.DutyList(t.Context(), b.act("Uwang"), "", 0)
	if err != nil || len(page.Units)+len(page.Others) != 2 {
		t.Errorf("%+v, %v", page, err)
	}
	if _, err := b.svc.DutyList(t.Context(), b.act("Uchen"), "二组", 0); refusal(err) != "error.duty_not_leader" {
		t.Errorf("another's group: %v", err)
	}
	gaps, err := b.svc.UnitGaps(t.Context(), b.act("Uchen"))
	if err != nil || len(gaps.Gaps) != 1 || gaps.Gaps[0].Unit.Name != "一组" {
		t.Errorf("the leader's gaps: %+v, %v", gaps.Gaps, err)
	}
}

// What cannot be: each is refused with its own sentence, and nothing is done.
func TestWhatCannotBeDoneWithDuties(t *testing.T) {
	t.Parallel()
	b := withAdmin(newBranch(t))
	ctx := t.Context()
	if _, err := b.svc.EnterDuty(ctx, b.act("Uchen"), DutyEntry{Name: "党员大会", Day: "2026-11-18"}); refusal(err) != "error.duty_none" {
		t.Errorf("without duties: %v", err)
	}
	d := b.duty("党员大会", models.CadenceQuarter)
	only := b.duty("别处的", models.CadenceMonth, func(in *DutyEdit) { in.ForUnit = 0; in.For = "城东支部" })
	if only.UnitID == 0 {
		t.Errorf("for one unit: %+v", only)
	}
	add := func(in DutyEdit) func() error {
		return func() error { _, err := b.svc.AddDuty(ctx, b.act("Uadmin"), in); return err }
	}
	enter := func(who string, in DutyEntry) func() error {
		return func() error { _, err := b.svc.EnterDuty(ctx, b.act(who), in); return err }
	}
	open := func(in NewStudy) func() error {
		return func() error {
			in.Zone, in.Wall = "Asia/Shanghai", "2026-12-02T19:30"
			_, err := b.svc.OpenStudy(ctx, b.act("Uadmin"), in)
			return err
		}
	}
	first := enter("Uchen", DutyEntry{Name: "党员大会", Day: "2026-11-18"})
	if err := first(); err != nil {
		t.Fatal(err)
	}
	with := func(f func(*NewStudy)) NewStudy { in := lesson("2026-12-02 19:30"); f(&in); return in }
	for name, c := range map[string]struct {
		do   func() error
		want string
	}{
		"a member sets one": {func() error {
			_, err := b.svc.AddDuty(ctx, b.act("Uwang"), DutyEdit{Name: "x", Cadence: "month"})
			return err
		}, "error.not_admin"},
		"a leader sets one": {func() error {
			_, err := b.svc.EditDuty(ctx, b.act("Uchen"), DutyEdit{ID: d.ID, Name: "x", Cadence: "month"})
			return err
		}, "error.not_admin"},
		"a leader deletes one": {func() error { _, err := b.svc.DeleteDuty(ctx, b.act("Uchen"), d.ID, "", false); return err }, "error.not_admin"},
		"a leader takes a set": {func() error {
			_, err := b.svc.AddDuties(ctx, b.act("Uchen"), []DutyNamed{{"x", "month"}}, "")
			return err
		}, "error.not_admin"},
		"no name":                {add(DutyEdit{Name: " ", Cadence: "month"}), "error.duty_name"},
		"a name of 41":           {add(DutyEdit{Name: strings.Repeat("长", 41), Cadence: "month"}), "error.duty_name"},
		"no such cadence":        {add(DutyEdit{Name: "x", Cadence: "week"}), "error.duty_cadence"},
		"too often":              {add(DutyEdit{Name: "x", Cadence: "month", Times: 32}), "error.duty_times"},
		"the same name":          {add(DutyEdit{Name: "党员 大会", Cadence: "month"}), "error.duty_taken"},
		"for nobody known":       {add(DutyEdit{Name: "x", Cadence: "month", For: "城西支部"}), "error.duty_for"},
		"since long ago":         {add(DutyEdit{Name: "x", Cadence: "month", Since: "1999-01-01"}), "error.duty_since"},
		"since a day that isn't": {add(DutyEdit{Name: "x", Cadence: "month", Since: "neverday"}), "error.duty_since"},
		"a member enters":        {enter("Uwang", DutyEntry{DutyID: d.ID, UnitID: 1, Day: "2026-11-17"}), "error.duty_not_leader"},
		"tomorrow":               {enter("Uchen", DutyEntry{DutyID: d.ID, Day: "2026-11-24"}), "error.duty_ahead"},
		"years ago":              {enter("Uchen", DutyEntry{DutyID: d.ID, Day: "2020-11-24"}), "error.duty_long_ago"},
		"twice on a day":         {first, "error.duty_same_day"},
		"no such duty":           {enter("Uchen", DutyEntry{Name: "茶话会", Day: "2026-11-17"}), "error.duty_unknown"},
		"a forged duty":          {enter("Uchen", DutyEntry{DutyID: 4711, UnitID: 1, Day: "2026-11-17"}), "error.duty_gone"},
		"a forged unit":          {enter("Uchen", DutyEntry{DutyID: d.ID, UnitID: 4711, Day: "2026-11-17"}), "error.duty_no_unit"},
		"a forged record":        {enter("Uchen", DutyEntry{ID: 4711, Day: "2026-11-17"}), "error.nothing_to_undo"},
		"a long note":            {enter("Uchen", DutyEntry{DutyID: d.ID, Day: "2026-11-17", Note: strings.Repeat("长", 501)}), "error.duty_note"},
		"a session without one":  {open(with(func(in *NewStudy) { in.Duty, in.For = "茶话会", "城东支部" })), "error.duty_unknown"},
		"for a channel":          {open(with(func(in *NewStudy) { in.Duty, in.For = "党员大会", "<#C1>" })), "error.duty_for_unit"},
		"only to read":           {open(with(func(in *NewStudy) { in.Duty, in.For, in.Length = "党员大会", "城东支部", 0 })), "error.duty_no_meeting"},
	} {
		if err := c.do(); refusal(err) != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	present, _ := b.duties("Uchen", "")
	b.lists("nothing was done", []string{"党员大会 2026-Q4 1/1 done", "别处的 2026-11 0/1 open"}, present)
	if _, err := b.svc.DutyList(ctx, b.act("Uwang"), "", 0); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member reads: %v", err)
	}
	b.sound()
}

// A day on which a session was, of which it can still be said, is not entered
// beside it.
func TestASessionIsSaidAndNotEnteredBesideIt(t *testing.T) {
	t.Parallel()
	b := withAdmin(newBranch(t))
	b.duty("党员大会", models.CadenceQuarter)
	in := lesson("2026-11-25 19:30")
	in.Duty = "党员大会"
	b.open(in)
	b.until(sh("2026-11-26 10:00"))
	if _, err := b.svc.EnterDuty(t.Context(), b.act("Uchen"), DutyEntry{Name: "党员大会", Day: "2026-11-25"}); refusal(err) != "error.duty_session" {
		t.Errorf("beside the session: %v", err)
	}
	if _, err := b.svc.HeldStudy(t.Context(), b.act("Uchen"), 1, true); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.EnterDuty(t.Context(), b.act("Uchen"), DutyEntry{Name: "党员大会", Day: "2026-11-25"}); refusal(err) != "error.duty_same_day" {
		t.Errorf("a second time: %v", err)
	}
}

// Entries are corrected and taken back by new entries in the record.
func TestAnEntryIsCorrectedAndTakenBack(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := withAdmin(newBranchOn(t, st, clocks))
		ctx := t.Context()
		d := b.duty("主题党日", models.CadenceMonth)
		e, err := b.svc.EnterDuty(ctx, b.act("Uchen"), DutyEntry{DutyID: d.ID, Day: "2026-11-18", Note: "在活动室"})
		if err != nil {
			t.Fatal(err)
		}
		c, err := b.svc.EnterDuty(ctx, b.act("Uchen"), DutyEntry{ID: e.Record.ID, Day: "2026-11-19", Note: "在二楼"})
		if err != nil || c.Record.Day != "2026-11-19" || c.Record.EnteredAt != e.Record.EnteredAt || c.Record.ChangedAt == 0 || len(c.State.Held) != 1 {
			t.Fatalf("corrected: %+v, %v", c, err)
		}
		if _, err := b.svc.TakeBackDuty(ctx, b.act("Uwang"), e.Record.ID); refusal(err) != "error.duty_not_leader" {
			t.Errorf("a member takes it back: %v", err)
		}
		back, err := b.svc.TakeBackDuty(ctx, b.act("Uchen"), e.Record.ID)
		if err != nil || len(back.State.Held) != 0 || !back.Record.TakenBack {
			t.Fatalf("taken back: %+v, %v", back, err)
		}
		if _, err := b.svc.TakeBackDuty(ctx, b.act("Uchen"), e.Record.ID); refusal(err) != "error.nothing_to_undo" {
			t.Errorf("twice: %v", err)
		}
		var late, entries int
		err = st.Read(ctx, func(tx *store.Tx) (err error) {
			if entries, err = tx.Entries(1, "duty_record", e.Record.ID); err != nil {
				return err
			}
			late, err = tx.Entries(1, "duty_record", e.Record.ID, "duty_held", "duty_correct", "duty_take_back")
			return err
		})
		if err != nil || entries != 3 || late != 3 {
			t.Errorf("%d entries, %v", entries, err)
		}
		b.sound()
	})
}

// Settings: another cadence holds from now on, a deleted duty comes back, a
// preset is taken back whole.
func TestDutiesAreSetAndChanged(t *testing.T) {
	t.Parallel()
	b := withAdmin(newBranch(t))
	ctx := t.Context()
	d := b.duty("党课", models.CadenceQuarter, func(in *DutyEdit) { in.Since = "2026-01-01" })
	_, missing := b.duties("Uchen", "")
	b.lists("since January", []string{"党课 2026-Q1 0/1", "党课 2026-Q2 0/1", "党课 2026-Q3 0/1"}, missing)
	set, err := b.svc.EditDuty(ctx, b.act("Uadmin"), DutyEdit{Name: "党课", Cadence: models.CadenceMonth, Set: map[string]bool{"every": true}})
	if err != nil || set.Duty.Times != 1 || set.First.Key() != "2026-11" {
		t.Errorf("every month: %+v, %v", set, err)
	}
	present, missing := b.duties("Uchen", "")
	b.lists("from now on", []string{"党课 2026-11 0/1 open"}, append(present, missing...))
	set, err = b.svc.EditDuty(ctx, b.act("Uadmin"), DutyEdit{ID: d.ID, Name: "党课", Rename: "专题党课", Cadence: models.CadenceMonth, Times: 1})
	if err != nil || set.Duty.Name != "专题党课" || set.Same {
		t.Errorf("renamed: %+v, %v", set, err)
	}
	if set, err = b.svc.EditDuty(ctx, b.act("Uadmin"), DutyEdit{ID: d.ID, Rename: "专题党课", Cadence: models.CadenceMonth, Times: 1}); err != nil || !set.Same {
		t.Errorf("no change: %+v, %v", set, err)
	}
	if _, err := b.svc.DeleteDuty(ctx, b.act("Uadmin"), 0, "专题党课", false); err != nil {
		t.Fatal(err)
	}
	page, err := b.svc.DutyList(ctx, b.act("Uchen"), "", 0)
	if err != nil || len(page.Duties) != 0 {
		t.Errorf("deleted: %+v, %v", page, err)
	}
	if _, err := b.svc.DeleteDuty(ctx, b.act("Uadmin"), d.ID, "", true); err != nil {
		t.Fatal(err)
	}
	preset := []DutyNamed{{"专题党课", models.CadenceQuarter}, {"支委会", models.CadenceMonth}, {"民主评议", models.CadenceYear}}
	done, err := b.svc.AddDuties(ctx, b.act("Uadmin"), preset, "branch")
	if err != nil || len(done.Made) != 2 || len(done.Kept) != 1 || done.Made[0].Duty.UnitType != "branch" || done.Made[0].Owing != 1 {
		t.Errorf("a preset: %+v, %v", done, err)
	}
	b.clocks.Advance(time.Hour)
	if undone, err := b.svc.TakeBackDuties(ctx, b.act("Uadmin"), done.First); err != nil || len(undone.Made) != 2 {
		t.Errorf("taken back: %+v, %v", undone, err)
	}
	present, _ = b.duties("Uchen", "")
	b.lists("what is left", []string{"专题党课 2026-11 0/1 open"}, present)
	b.sound()
}

// A session by rule far ahead counts as a plan although its row is made a week
// before; holidays and what was skipped do not.
func TestARuleFarAheadIsAPlan(t *testing.T) {
	t.Parallel()
	b := withAdmin(newBranch(t))
	b.duty("党员大会", models.CadenceQuarter)
	b.duty("学习日", models.CadenceMonth, func(in *DutyEdit) { in.Times = 2 })
	in := lesson("2026-12-20 19:30")
	in.Duty = "党员大会"
	b.open(in)
	weekly := lesson("2026-11-25 19:30")
	weekly.RRule, weekly.Duty = "FREQ=WEEKLY;BYDAY=WE", "学习日"
	st := b.open(weekly)
	present, _ := b.duties("Uchen", "")
	b.lists("planned", []string{"党员大会 2026-Q4 0/1 planned 1", "学习日 2026-11 0/2 open planned 1"}, present)
	b.until(sh("2026-12-01 09:00"))
	present, _ = b.duties("Uchen", "")
	b.lists("in December", []string{"党员大会 2026-Q4 0/1 planned 1", "学习日 2026-12 0/2 planned 5"}, present)
	if _, _, err := b.svc.CancelStudy(t.Context(), b.act("Uchen"), st.Study.ID, false); err != nil {
		t.Fatal(err)
	}
	present, _ = b.duties("Uchen", "")
	b.lists("cancelled", []string{"党员大会 2026-Q4 0/1 planned 1", "学习日 2026-12 0/2 open"}, present)
	// Another duty, or none, by an edit.
	if _, err := b.svc.EditStudy(t.Context(), b.act("Uchen"), 1, StudyEdit{NewStudy: NewStudy{Duty: ""}, Set: map[string]bool{"duty": true}}); err != nil {
		t.Fatal(err)
	}
	present, _ = b.duties("Uchen", "")
	b.lists("counts for none", []string{"党员大会 2026-Q4 0/1 open", "学习日 2026-12 0/2 open"}, present)
}

// A thousand branches are looked at in portions, and what each leader is told
// costs no walk through the others.
func TestDutiesOfManyUnits(t *testing.T) {
	t.Parallel()
	b := withAdmin(newBranch(t))
	var units []UnitRow
	var members []MemberRow
	for i := range 450 {
		name, leader := fmt.Sprintf("支部%03d", i), fmt.Sprintf("UL%03d", i)
		units = append(units, UnitRow{Name: name, Type: "branch", Leader: leader})
		members = append(members, MemberRow{Slack: leader, Name: leader, Unit: name})
	}
	if err := b.svc.Enrol(context.Background(), "T1", units, members); err != nil {
		t.Fatal(err)
	}
	b.duty("支委会", models.CadenceMonth)
	b.clocks.World.Set(sh("2026-11-24 08:00"))
	b.clocks.Machine.Set(sh("2026-11-24 08:00"))
	b.beat()
	told := map[string]int{}
	for _, n := range b.sent {
		if n.Kind == models.MessageDuty {
			told[n.Who]++
		}
	}
	if len(told) != 451 {
		t.Errorf("%d leaders were told", len(told))
	}
	for who, n := range told {
		if n != 1 {
			t.Errorf("%s was told %d times", who, n)
		}
	}
}
