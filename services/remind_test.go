package services

import (
	"testing"
	"time"

	"muster/models"
	"muster/store"
)

func (b *branch) remind(by, who string, in NewReminder) RemindPlan {
	b.t.Helper()
	in.Who = who
	if in.Text == "" {
		in.Text = "带表格"
	}
	if in.Zone == "" {
		in.Zone = "Asia/Shanghai"
	}
	in.Wall = in.Start.In(models.Zone(in.Zone)).Format("2006-01-02T15:04")
	p, err := b.svc.AddReminder(b.t.Context(), b.act(by), in)
	if err != nil {
		b.t.Fatalf("remind: %v", err)
	}
	return p
}

// stopFor puts Muster to sleep at down and wakes it at up.
func (b *branch) stopFor(down, up string) {
	b.t.Helper()
	b.until(sh(down))
	b.clocks.World.Set(sh(up))
	b.clocks.Machine.Set(sh(up))
	b.restart()
}

// A reminder to oneself comes when it was asked for, at night too, once.
func TestRemindMyself(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.remind("Uwang", "me", NewReminder{Start: sh("2026-11-23 23:30")})
	b.restart()
	b.until(sh("2026-11-25 12:00"))
	b.expect("Uwang", "11-23 23:30 remind")
}

// Done, undone, put off: one firing moves, the series goes on.
func TestRemindEveryDayDoneAndSnoozed(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	p := b.remind("Uwang", "me", NewReminder{Start: sh("2026-11-24 09:00"), RRule: "FREQ=DAILY"})
	b.until(sh("2026-11-24 09:15"))
	id := p.Reminder.ID
	if _, err := b.svc.RemindDone(t.Context(), b.act("Uli"), id); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("somebody else presses Done: %v, want forbidden", err)
	}
	if got, err := b.svc.RemindDone(t.Context(), b.act("Uwang"), id); err != nil || got.Reminder.DoneAt == 0 {
		t.Fatalf("done: %v", err)
	}
	if _, err := b.svc.RemindSnooze(t.Context(), b.act("Uwang"), id, models.At(sh("2026-11-24 14:00"))); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("snooze after done: %v, want refused kindly", err)
	}
	if got, err := b.svc.UndoRemind(t.Context(), b.act("Uwang"), id); err != nil || got.Reminder.DoneAt != 0 {
		t.Fatalf("undo: %v", err)
	}
	if _, err := b.svc.RemindSnooze(t.Context(), b.act("Uwang"), id, models.At(sh("2026-11-24 14:00"))); err != nil {
		t.Fatal(err)
	}
	if _, err := b.svc.RemindSnooze(t.Context(), b.act("Uwang"), id, models.At(sh("2026-11-24 23:00"))); models.CodeOf(err) != models.CodeConflict {
		t.Errorf("snooze into the night: %v, want refused", err)
	}
	b.until(sh("2026-11-25 10:00"))
	b.expect("Uwang", "11-24 09:00 remind", "11-24 14:00 remind", "11-25 09:00 remind")
}

// The last of a series, marked done, is over.
func TestRemindOnceIsOverWhenDone(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	p := b.remind("Uwang", "me", NewReminder{Start: sh("2026-11-24 09:00")})
	b.until(sh("2026-11-24 09:15"))
	list, err := b.svc.ListReminders(t.Context(), b.act("Uwang"))
	if err != nil || len(list) != 1 {
		t.Fatalf("list while it waits for an answer: %d, %v", len(list), err)
	}
	if _, err := b.svc.RemindDone(t.Context(), b.act("Uwang"), p.Reminder.ID); err != nil {
		t.Fatal(err)
	}
	if list, err = b.svc.ListReminders(t.Context(), b.act("Uwang")); err != nil || len(list) != 0 {
		t.Errorf("list after done: %d, %v", len(list), err)
	}
}

// Somebody else is asked first; by day, and a no stands for a month.
func TestRemindSomebodyWhoAgrees(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	p := b.remind("Uchen", "<@Uwang>", NewReminder{Start: sh("2026-11-24 09:00"), RRule: "FREQ=DAILY"})
	if p.Reminder.State != models.ReminderAsked {
		t.Fatalf("state %s, want asked first", p.Reminder.State)
	}
	b.until(sh("2026-11-24 12:00"))
	b.expect("Uwang", "11-23 10:00 remind_ask")
	if _, err := b.svc.AnswerRemind(t.Context(), b.act("Uchen"), p.Reminder.ID, true); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("agreeing for another: %v, want forbidden", err)
	}
	if _, err := b.svc.AnswerRemind(t.Context(), b.act("Uwang"), p.Reminder.ID, true); err != nil {
		t.Fatal(err)
	}
	again := b.remind("Uchen", "<@Uwang>", NewReminder{Start: sh("2026-11-25 15:00")})
	if again.Reminder.State != models.ReminderActive {
		t.Errorf("state %s the second time, want no second question", again.Reminder.State)
	}
	b.until(sh("2026-11-25 16:00"))
	b.expect("Uwang", "11-23 10:00 remind_ask", "11-25 09:00 remind", "11-25 15:00 remind")
	b.expect("Uchen", "11-24 12:00 remind_answer")
	if _, err := b.svc.AnswerRemind(t.Context(), b.act("Uwang"), p.Reminder.ID, false); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-27 12:00"))
	b.expect("Uwang", "11-23 10:00 remind_ask", "11-25 09:00 remind", "11-25 15:00 remind")

	other := b.remind("Uli", "<@Uwang>", NewReminder{Start: sh("2026-11-28 09:00")})
	if _, err := b.svc.AnswerRemind(t.Context(), b.act("Uwang"), other.Reminder.ID, false); err != nil {
		t.Fatal(err)
	}
	_, err := b.svc.AddReminder(t.Context(), b.act("Uli"), NewReminder{Who: "<@Uwang>", Text: "x", Zone: "Asia/Shanghai", Start: sh("2026-11-29 09:00")})
	if models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("asked again after a no: %v, want refused", err)
	}
}

// organizer makes somebody an organizer of all.
func (b *branch) organizer(who string) {
	b.t.Helper()
	err := b.st.InTx(b.t.Context(), func(tx *store.Tx) error {
		tenant, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(tenant.ID, who)
		if err != nil {
			return err
		}
		return tx.Save(models.By{TenantID: tenant.ID, Action: "role_give"}, &models.Right{TenantID: tenant.ID, PersonID: p.ID, Role: models.RoleOrganizer})
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// A channel is for organizers.
func TestRemindAChannel(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := NewReminder{Who: "<#C7>", Text: "交表", Zone: "Asia/Shanghai", Start: sh("2026-11-24 09:00")}
	if _, err := b.svc.AddReminder(t.Context(), b.act("Uwang"), in); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("a member reminds a channel: %v, want forbidden", err)
	}
	b.organizer("Uchen")
	if _, err := b.svc.AddReminder(t.Context(), b.act("Uchen"), in); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-24 10:00"))
	b.expect("C7", "11-24 09:00 remind")
}

// Deleted is silent, and can be had back.
func TestRemindDeleteAndBack(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	p := b.remind("Uwang", "me", NewReminder{Start: sh("2026-11-24 09:00"), RRule: "FREQ=DAILY"})
	if _, err := b.svc.DeleteReminder(t.Context(), b.act("Uli"), p.Reminder.Number); models.CodeOf(err) != models.CodeForbidden {
		t.Errorf("deleting another's: %v, want forbidden", err)
	}
	if _, err := b.svc.DeleteReminder(t.Context(), b.act("Uwang"), p.Reminder.Number); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 12:00"))
	b.expect("Uwang")
	got, err := b.svc.UndeleteReminder(t.Context(), b.act("Uwang"), p.Reminder.ID)
	if err != nil || len(got.Next) == 0 || !got.Next[0].Equal(sh("2026-11-26 09:00")) {
		t.Fatalf("had back: %v, next %v", err, got.Next)
	}
	b.until(sh("2026-11-26 12:00"))
	b.expect("Uwang", "11-26 09:00 remind")
}

// Down for three hours, three days, thirty days.
func TestRemindAfterBeingDown(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, up string
		rrule    string
		want     []string
		missed   bool
	}{
		{"three hours: late, and it says so", "2026-11-24 12:00", "", []string{"11-24 12:00 remind late"}, false},
		{"three days, once: only noted", "2026-11-27 12:00", "", nil, true},
		{"three days, every day: the three are one", "2026-11-27 12:00", "FREQ=DAILY", []string{"11-27 12:00 remind late", "11-28 09:00 remind"}, false},
		{"thirty days, every Tuesday: noted, and it goes on", "2026-12-24 12:00", "FREQ=WEEKLY;BYDAY=TU", nil, true},
		{"thirty days, every day: one", "2026-12-24 12:00", "FREQ=DAILY", []string{"12-24 12:00 remind late", "12-25 09:00 remind"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBranch(t)
			b.remind("Uwang", "me", NewReminder{Start: sh("2026-11-24 09:00"), RRule: c.rrule})
			b.stopFor("2026-11-24 08:00", c.up)
			b.until(sh(c.up).Add(22 * time.Hour))
			b.expect("Uwang", c.want...)
			list, err := b.svc.ListReminders(t.Context(), b.act("Uwang"))
			if err != nil || len(list) != 1 {
				t.Fatalf("list: %d, %v", len(list), err)
			}
			if got := list[0].Reminder.MissedAt != 0; got != c.missed {
				t.Errorf("missed noted: %v, want %v", got, c.missed)
			}
		})
	}
}

// One's own daily reminder follows one to another zone.
func TestRemindFollowsTheZone(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	b.remind("Uwang", "me", NewReminder{Start: sh("2026-11-24 09:00"), RRule: "FREQ=DAILY"})
	b.until(sh("2026-11-24 12:00"))
	if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), Profile{Zone: "Europe/Riga"}); err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 12:00"))
	b.expect("Uwang", "11-24 09:00 remind", "11-24 15:00 remind")
}

// A member may have a channel reminded where an admin allowed it, from there or
// being in it; it is asked again at each sending.
func TestRemindAChannelThatAllowsIt(t *testing.T) {
	onBoth(t, func(b *branch) {
		in := NewReminder{Who: "<#C7|room>", Text: "交表", Zone: "Asia/Shanghai", RRule: "FREQ=DAILY", Wall: "2026-11-24T09:00", Start: sh("2026-11-24 09:00")}
		set := func(here string) (RemindPlan, error) {
			act := b.act("Uwang")
			act.Channel, act.Direct = here, false
			return b.svc.AddReminder(t.Context(), act, in)
		}
		allow := func(on bool) {
			t.Helper()
			err := b.st.InTx(t.Context(), func(tx *store.Tx) error {
				tenant, err := tx.TenantByExternal("T1")
				if err != nil {
					return err
				}
				c, err := tx.EnsureChannel(tenant.ID, "C7")
				if err != nil {
					return err
				}
				c.MembersRemind = on
				return tx.SaveChannel(&c)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if _, err := set("C7"); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("before it was allowed: %v, want forbidden", err)
		}
		allow(true)
		if _, err := set("C8"); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("from elsewhere, not in it: %v, want forbidden", err)
		}
		p, err := set("C7")
		if err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-24 12:00"))
		if _, err := b.svc.DeleteReminder(t.Context(), b.act("Uli"), p.Reminder.Number); models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("another member deletes it: %v, want forbidden", err)
		}
		b.organizer("Uchen")
		if _, err := b.svc.DeleteReminder(t.Context(), b.act("Uchen"), p.Reminder.Number); err != nil {
			t.Errorf("an organizer deletes it: %v", err)
		}
		if _, err := b.svc.UndeleteReminder(t.Context(), b.act("Uchen"), p.Reminder.ID); err != nil {
			t.Errorf("and takes that back: %v", err)
		}
		allow(false)
		b.until(sh("2026-11-25 12:00"))
		allow(true)
		b.until(sh("2026-11-26 12:00"))
		b.expect("C7", "11-24 09:00 remind", "11-26 09:00 remind")
		list, err := b.svc.ListReminders(t.Context(), b.act("Uwang"))
		if err != nil || len(list) != 1 || list[0].Reminder.MissedAt != models.At(sh("2026-11-25 09:00")) || list[0].Reminder.ID != p.Reminder.ID {
			t.Errorf("list: %+v, %v", list, err)
		}
	})
}

// Who switched off reminders by others is not asked, and hears none that were
// agreed to before; what was put off does not come either.
func TestRemindWhoTakesNone(t *testing.T) {
	onBoth(t, func(b *branch) {
		p := b.remind("Uchen", "<@Uwang>", NewReminder{Start: sh("2026-11-24 09:00"), RRule: "FREQ=DAILY"})
		if _, err := b.svc.AnswerRemind(t.Context(), b.act("Uwang"), p.Reminder.ID, true); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-24 09:15"))
		if _, err := b.svc.RemindSnooze(t.Context(), b.act("Uwang"), p.Reminder.ID, models.At(sh("2026-11-24 12:00"))); err != nil {
			t.Fatal(err)
		}
		if _, err := b.svc.SaveProfile(t.Context(), b.act("Uwang"), Profile{OptOuts: []string{models.OffRemind}}); err != nil {
			t.Fatal(err)
		}
		_, err := b.svc.AddReminder(t.Context(), b.act("Uli"), NewReminder{Who: "<@Uwang>", Text: "x", Zone: "Asia/Shanghai", Start: sh("2026-11-29 09:00")})
		if models.CodeOf(err) != models.CodeForbidden {
			t.Errorf("asked although switched off: %v, want refused", err)
		}
		b.until(sh("2026-11-26 12:00"))
		b.expect("Uwang", "11-23 10:00 remind_ask", "11-24 09:00 remind")
		list, err := b.svc.ListReminders(t.Context(), b.act("Uchen"))
		if err != nil || len(list) != 1 || list[0].Reminder.SnoozedTo != 0 || list[0].Reminder.MissedAt != models.At(sh("2026-11-26 09:00")) {
			t.Errorf("list: %+v, %v", list, err)
		}
	})
}

// The answer to "which time?" is taken once, and from who was asked.
func TestRemindWhichTimeIsAnsweredOnce(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	d, err := b.svc.KeepRemindText(t.Context(), b.act("Uwang"), "me tomorrow 9:00 bring the form")
	if err != nil {
		t.Fatal(err)
	}
	in := NewReminder{Who: "me", Text: "bring the form", Zone: "Asia/Shanghai", Start: sh("2026-11-24 09:00"), Draft: d.ID}
	for _, try := range []struct {
		who  string
		code models.Code
	}{{"Uli", models.CodeNotFound}, {"Uwang", ""}, {"Uwang", models.CodeNotFound}} {
		if _, err := b.svc.AddReminder(t.Context(), b.act(try.who), in); models.CodeOf(err) != try.code {
			t.Errorf("%s answers: %v, want %q", try.who, err, try.code)
		}
	}
}
