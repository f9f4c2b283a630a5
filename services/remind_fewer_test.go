package services

import (
	"slices"
	"testing"
	"time"

	"muster/models"
)

// gated is what the gate says of the messages of a kind that wait for somebody.
func (b *branch) gated(kind models.MessageKind, who string) (dropped, waiting, going int) {
	b.t.Helper()
	list, err := b.st.ClaimMessages(b.t.Context(), "gate", 500, time.Minute)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range list {
		if m.Kind == kind && m.Shown == 0 && m.PersonID != 0 && b.person(m.PersonID).Slack() == who {
			switch wait, drop, err := b.svc.Gate(b.t.Context(), m); {
			case err != nil:
				b.t.Fatal(err)
			case drop:
				dropped++
			case wait != 0:
				waiting++
			default:
				going++
			}
		}
	}
	return dropped, waiting, going
}

// due does what is due without sending it.
func (b *branch) due(at string) {
	b.t.Helper()
	b.clocks.World.Set(sh(at))
	b.clocks.Machine.Set(sh(at))
	for n := 1; n > 0; {
		var err error
		if n, err = b.svc.RunDue(b.t.Context()); err != nil {
			b.t.Fatal(err)
		}
	}
}

// What was queued is asked about again when it is sent: switched off, paused.
func TestSwitchedOffBetweenQueueAndSending(t *testing.T) {
	for _, c := range []struct {
		name    string
		kind    models.MessageKind
		at      string
		set     Profile
		dropped bool
	}{
		{"nothing changed", models.MessageStudy, "2026-11-25 18:30", Profile{}, false},
		{"study", models.MessageStudy, "2026-11-25 18:30", Profile{OptOuts: []string{models.OffStudy}}, true},
		{"only follow-ups", models.MessageStudy, "2026-11-25 18:30", Profile{OptOuts: []string{models.OffFollow}}, false},
		{"a pause", models.MessageStudy, "2026-11-25 18:30", Profile{PauseUntil: models.At(sh("2026-11-26 00:00"))}, true},
		{"follow-ups", models.MessageStudyFollow, "2026-11-30 20:30", Profile{OptOuts: []string{models.OffFollow}}, true},
		{"study and so follow-ups", models.MessageStudyFollow, "2026-11-30 20:30", Profile{OptOuts: []string{models.OffStudy}}, true},
		{"calls and not follow-ups", models.MessageStudyFollow, "2026-11-30 20:30", Profile{OptOuts: []string{models.OffCall}}, false},
		{"study and so a full day", models.MessageStudyDay, "2026-11-26 07:00", Profile{OptOuts: []string{models.OffStudy}}, true},
		{"what others set", models.MessageRemind, "2026-11-24 09:00", Profile{OptOuts: []string{models.OffRemind}}, true},
		{"a pause, of what others set", models.MessageRemind, "2026-11-24 09:00", Profile{PauseUntil: models.At(sh("2026-11-26 00:00"))}, true},
		{"study, not what others set", models.MessageRemind, "2026-11-24 09:00", Profile{OptOuts: []string{models.OffStudy}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBranch(t)
			b.open(lesson("2026-11-25 19:30"))
			b.busy("11:30", "15:45", "17:00", "17:30")
			p := b.remind("Uchen", "<@Uwang>", NewReminder{Start: sh("2026-11-24 09:00")})
			if _, err := b.svc.AnswerRemind(t.Context(), b.act("Uwang"), p.Reminder.ID, true); err != nil {
				t.Fatal(err)
			}
			b.until(sh(c.at).Add(-time.Minute))
			b.due(c.at)
			if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), c.set); err != nil {
				t.Fatal(err)
			}
			dropped, waiting, going := b.gated(c.kind, "Uwang")
			if dropped+going != 1 || waiting != 0 || (dropped == 1) != c.dropped {
				t.Errorf("%d dropped, %d waiting, %d sent; want dropped %v", dropped, waiting, going, c.dropped)
			}
		})
	}
}

// One's own reminders are heard whatever is paused or switched off.
func TestOwnRemindersPassEverything(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	all := Profile{OptOuts: models.OptOutKinds(), PauseUntil: models.At(sh("2026-12-26 00:00"))}
	if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), all); err != nil {
		t.Fatal(err)
	}
	b.remind("Uwang", "me", NewReminder{Start: sh("2026-11-24 09:00")})
	b.open(lesson("2026-11-25 19:30"))
	b.until(sh("2026-12-03 12:00"))
	b.expect("Uwang", "11-24 09:00 remind")
}

// Only the last reminder of a session, a week's pause, none: from the message
// itself, and back.
func TestFewerRemindersAndBack(t *testing.T) {
	onBoth(t, func(b *branch) {
		plan := b.session("晚上", "2026-11-27 19:30", 3*24*60, 24*60, 60)
		fewer := func(choice string, on bool) {
			t.Helper()
			if _, _, err := b.svc.Fewer(t.Context(), b.act("Uwang"), choice, on); err != nil {
				t.Fatal(err)
			}
		}
		says := func(want ...string) {
			t.Helper()
			if got := b.mine("Uwang", plan.Study.Number); !slices.Equal(got, want) {
				t.Errorf("told %v, want %v", got, want)
			}
		}
		says("11-24 19:30", "11-26 19:30", "11-27 18:30")
		fewer(models.OffEarly, true)
		says("11-27 18:30")
		fewer(FewerWeek, true)
		says()
		fewer(FewerWeek, false)
		says("11-27 18:30")
		fewer(models.OffStudy, true)
		says()
		fewer(models.OffStudy, false)
		fewer(models.OffEarly, false)
		b.until(sh("2026-11-25 12:00"))
		fewer(models.OffEarly, true)
		if _, _, err := b.svc.Fewer(t.Context(), b.act("Uwang"), "boss", true); models.CodeOf(err) != models.CodeInvalid {
			t.Errorf("a kind that is none: %v, want refused", err)
		}
		b.until(sh("2026-11-27 20:00"))
		b.expect("Uwang", "11-24 19:30 study", "11-27 18:30 study")
		if p := b.person(b.attendance("Uwang", plan.Study.ID, plan.Next[0]).PersonID); !slices.Equal(p.OptOuts, []string{models.OffEarly}) || p.PauseUntil != 0 {
			t.Errorf("left are %v, paused until %d", p.OptOuts, p.PauseUntil)
		}
	})
}

// A week's pause ends at the beginning of a day and shortens none that is longer.
func TestAPauseOfAWeek(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	me, _, err := b.svc.Fewer(t.Context(), b.act("Uwang"), FewerWeek, true)
	if err != nil || me.Person.PauseUntil != models.At(sh("2026-11-30 00:00")) {
		t.Errorf("until %v, %v", me.Person.PauseUntil.Time(), err)
	}
	longer := Profile{PauseUntil: models.At(sh("2026-12-30 00:00"))}
	if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), longer); err != nil {
		t.Fatal(err)
	}
	if me, _, err = b.svc.Fewer(t.Context(), b.act("Uwang"), FewerWeek, true); err != nil || me.Person.PauseUntil != longer.PauseUntil {
		t.Errorf("until %v, %v", me.Person.PauseUntil.Time(), err)
	}
}

// One follow-up, then silence: through restarts, answers and other windows; none
// for a make-up of two days or less, and together with others on a full day.
func TestOneFollowUpThenSilence(t *testing.T) {
	onBoth(t, func(b *branch) {
		for days, start := range map[int]string{2: "2026-11-24 15:00", 3: "2026-11-24 15:15", 7: "2026-11-25 19:30"} {
			in := lesson(start)
			in.Makeup, in.Leads = days, []int{}
			b.open(in)
		}
		change := func() {
			t.Helper()
			b.restart()
			for _, w := range [][]models.Window{nil, {{Start: 9 * 60, End: 21 * 60}}} {
				if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), Profile{Windows: w}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for day := 25; day <= 30; day++ {
			b.until(time.Date(2026, 11, day, 12, 0, 0, 0, models.Zone("Asia/Shanghai")))
			change()
		}
		b.until(sh("2026-12-03 12:00"))
		b.expect("Uwang", "11-25 16:15 study_follow", "11-30 20:30 study_follow")
	})
}

func TestFollowUpsOfAFullDayComeTogether(t *testing.T) {
	onBoth(t, func(b *branch) {
		var plans []StudyPlan
		for _, start := range []string{"10:00", "13:00", "15:00", "17:00"} {
			in := lesson("2026-11-24 " + start)
			in.Leads = []int{}
			plans = append(plans, b.open(in))
		}
		b.until(sh("2026-12-02 12:00"))
		b.expect("Uwang", "11-29 07:00 study_day")
		b.expect("Uli", "11-29 10:00 study_day")
		if a := b.attendance("Uwang", plans[0].Study.ID, sh("2026-11-24 10:00")); a.FollowedAt != models.At(sh("2026-11-29 07:00")) {
			t.Errorf("followed up at %v", a.FollowedAt.Time())
		}
	})
}
