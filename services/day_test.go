package services

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// onBoth runs a story of the branch on SQLite and, where there is one, on
// PostgreSQL.
func onBoth(t *testing.T, story func(b *branch)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, s *store.Store, clocks storetest.Clocks) { story(newBranchOn(t, s, clocks)) })
}

// session opens a meeting for the branch with one lead time in minutes.
func (b *branch) session(title, start string, leads ...int) StudyPlan {
	b.t.Helper()
	in := lesson(start)
	in.Title, in.Leads = title, leads
	return b.open(in)
}

// busy is Thursday 26 November with sessions at these hours, each reminded of an
// hour before.
func (b *branch) busy(hours ...string) (plans []StudyPlan) {
	b.t.Helper()
	for i, h := range hours {
		plans = append(plans, b.session(fmt.Sprintf("学习 %d", i+1), "2026-11-26 "+h, 60))
	}
	return plans
}

// day is the message of the day that somebody has, with what it shows.
func (b *branch) day(who string) (m models.Message, d StudyDay) {
	b.t.Helper()
	i := slices.IndexFunc(b.sent, func(n note) bool { return n.Who == who && n.Kind == models.MessageStudyDay })
	if i < 0 {
		b.t.Fatalf("%s has no message of the day: %v", who, b.sounds(who, "Asia/Shanghai"))
	}
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		m, err = tx.MessageByKey(t.ID, b.sent[i].Key)
		return err
	})
	if err == nil {
		d, err = b.svc.StudyDay(b.t.Context(), m)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	return m, d
}

func (d StudyDay) titles(m models.Message) (shown []string) {
	for _, c := range d.Items {
		if c.Attendance.DayID == m.ID {
			shown = append(shown, c.Study.Title)
		}
	}
	return shown
}

// mine is when somebody is told that they will be reminded of a study.
func (b *branch) mine(who string, number int) (times []string) {
	b.t.Helper()
	p, err := b.svc.ShowStudy(b.t.Context(), b.act(who), number)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, r := range p.Mine {
		times = append(times, r.At.In(models.Zone("Asia/Shanghai")).Format("01-02 15:04"))
	}
	return times
}

// Three reminders a day come one by one; a fourth makes them one message, at the
// first window of the day, and what they are told before is what happens.
func TestABusyDayIsOneMessage(t *testing.T) {
	onBoth(t, func(b *branch) {
		plans := b.busy("11:30", "15:45", "17:00")
		if got := b.mine("Uli", 3); !slices.Equal(got, []string{"11-26 16:00"}) {
			t.Errorf("told %v with three that day", got)
		}
		plans = append(plans, b.busy("17:30")...)
		for n := range 4 {
			if got := b.mine("Uli", n+1); !slices.Equal(got, []string{"11-26 10:00"}) {
				t.Errorf("of s%d Li is told %v, want the first window of the day", n+1, got)
			}
			if got := b.mine("Uwang", n+1); !slices.Equal(got, []string{"11-26 07:00"}) {
				t.Errorf("of s%d Wang is told %v, want the end of the night", n+1, got)
			}
		}
		b.restart()
		b.until(sh("2026-11-26 17:15"))
		b.expect("Uli", "11-26 10:00 study_day")
		b.expect("Uwang", "11-26 07:00 study_day")
		m, d := b.day("Uli")
		if diff := cmp.Diff([]string{"学习 1", "学习 2", "学习 3", "学习 1"}, d.titles(m)); diff != "" {
			t.Errorf("it shows (-want +got):\n%s", diff)
		}
		for i, p := range plans {
			a := b.attendance("Uli", p.Study.ID, p.Next[0])
			if !slices.Equal(a.Reminded, []int{60}) || a.DayID != m.ID {
				t.Errorf("session %d: used %v, shown in %d", i+1, a.Reminded, a.DayID)
			}
		}
	})
}

// When one of four falls away before, the others find back to their own times.
func TestFourThatBecomeThreeComeByThemselves(t *testing.T) {
	onBoth(t, func(b *branch) {
		plans := b.busy("11:30", "15:45", "17:00", "17:30")
		b.until(sh("2026-11-25 12:00"))
		if _, err := b.svc.SkipStudy(t.Context(), b.act("Uchen"), plans[0].Study.Number, time.Time{}); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-25 12:30"))
		if got := b.mine("Uli", 4); !slices.Equal(got, []string{"11-26 16:15"}) {
			t.Errorf("told %v", got)
		}
		if _, err := b.svc.StudyMakeupLater(t.Context(), b.act("Uwang"), b.attendance("Uwang", plans[3].Study.ID, plans[3].Next[0]).ID); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-26 17:00"))
		b.expect("Uli", "11-26 14:45 study", "11-26 16:00 study", "11-26 16:15 study")
		b.expect("Uwang", "11-26 14:45 study", "11-26 16:00 study")
	})
}

// What was answered by the time the message is sent is not in it; with nothing
// left of it there is none. Later answers edit it, a move takes one out of it.
func TestTheMessageOfTheDayFollowsItsItems(t *testing.T) {
	onBoth(t, func(b *branch) {
		plans := b.busy("11:30", "15:45", "17:00", "17:30", "18:00")
		of := func(who string, n int) models.Attendance {
			return b.attendance(who, plans[n].Study.ID, plans[n].Next[0])
		}
		b.until(sh("2026-11-25 20:00"))
		if _, err := b.svc.StudyMakeupLater(t.Context(), b.act("Uli"), of("Uli", 0).ID); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-26 10:00"))
		m, d := b.day("Uli")
		if diff := cmp.Diff([]string{"学习 2", "学习 3", "学习 4", "学习 5"}, d.titles(m)); diff != "" {
			t.Errorf("it shows (-want +got):\n%s", diff)
		}
		edited := func(why string) {
			t.Helper()
			was := m.Version
			if m, d = b.day("Uli"); m.Version == was {
				t.Errorf("%s does not edit the message of the day", why)
			}
			b.beat()
		}
		if _, err := b.svc.Attend(t.Context(), b.act("Uli"), of("Uli", 1).ID); err != nil {
			t.Fatal(err)
		}
		edited("an answer")
		if _, err := b.svc.MoveStudy(t.Context(), b.act("Uchen"), plans[2].Study.Number, time.Time{}, sh("2026-11-28 15:45"), time.Time{}); err != nil {
			t.Fatal(err)
		}
		b.beat()
		edited("a move")
		if diff := cmp.Diff([]string{"学习 2", "学习 4", "学习 5"}, d.titles(m)); diff != "" {
			t.Errorf("after a move it shows (-want +got):\n%s", diff)
		}
		b.until(sh("2026-11-26 15:30"))
		edited("check-in that opens")
		b.until(sh("2026-11-26 19:30"))
		edited("the end")
		b.until(sh("2026-11-28 15:45"))
		b.expect("Uli", "11-26 10:00 study_day", "11-26 10:00 study", "11-28 14:45 study")
	})
}

// Who had two that day already gets the next ones together, at the first of them.
func TestTheFourthOfADayAndWhatFollows(t *testing.T) {
	onBoth(t, func(b *branch) {
		b.busy("11:30", "15:45")
		b.until(sh("2026-11-26 15:00"))
		b.busy("16:45", "17:30")
		b.until(sh("2026-11-26 18:00"))
		b.expect("Uli", "11-26 10:30 study", "11-26 14:45 study", "11-26 15:45 study_day")
	})
}

// Put off is chosen: it comes when it was chosen, whatever else the day brings.
func TestASnoozeIsNotGathered(t *testing.T) {
	onBoth(t, func(b *branch) {
		plan := b.session("晚上", "2026-11-26 19:30", 26*60)
		b.until(sh("2026-11-25 18:00"))
		a := b.attendance("Uli", plan.Study.ID, plan.Next[0])
		if _, err := b.svc.Snooze(t.Context(), b.act("Uli"), a.ID, models.At(sh("2026-11-26 14:30"))); err != nil {
			t.Fatal(err)
		}
		b.busy("11:30", "15:45", "17:00", "17:30")
		b.until(sh("2026-11-26 19:00"))
		b.expect("Uli", "11-25 16:15 study", "11-26 10:00 study_day", "11-26 14:30 study")
	})
}

// New windows, another zone and a pause move the day's message too, and a
// snooze that no longer suits.
func TestADayFollowsTheProfile(t *testing.T) {
	onBoth(t, func(b *branch) {
		b.busy("11:30", "15:45", "17:00", "17:30", "18:00")
		plan := b.session("晚上", "2026-11-26 19:30", 26*60)
		b.until(sh("2026-11-25 18:00"))
		a := b.attendance("Uli", plan.Study.ID, plan.Next[0])
		if _, err := b.svc.Snooze(t.Context(), b.act("Uli"), a.ID, models.At(sh("2026-11-26 10:30"))); err != nil {
			t.Fatal(err)
		}
		late := []models.Window{{Start: 10*60 + 45, End: 11 * 60}, {Start: 15 * 60, End: 16 * 60}}
		if _, err := b.svc.SaveProfile(t.Context(), b.act("Uli"), Profile{Windows: late}); err != nil {
			t.Fatal(err)
		}
		if got := b.mine("Uli", 6); !slices.Equal(got, []string{"11-26 10:45"}) {
			t.Errorf("put off to 10:30, with windows from 10:45: told %v", got)
		}
		// Riga is six hours behind: in the night there nothing comes.
		err := b.svc.LearnPerson(t.Context(), b.look("Uwang"), PersonFacts{Slack: "Uwang", Name: "王敏", Locale: "zh-CN", Zone: "Europe/Riga"})
		if err != nil {
			t.Fatal(err)
		}
		pause := Profile{PauseUntil: models.At(sh("2026-11-27 00:00"))}
		if _, err := b.svc.SaveProfile(t.Context(), b.act("Uchen"), pause); err != nil {
			t.Fatal(err)
		}
		b.until(sh("2026-11-26 19:00"))
		b.expect("Uli", "11-25 16:15 study", "11-26 10:45 study_day", "11-26 10:45 study")
		// Of 11:30 they hear the evening before: it is night in Riga until noon.
		b.expect("Uwang", "11-25 17:30 study", "11-26 03:45 study", "11-26 13:00 study_day")
		b.expect("Uchen", "11-25 17:30 study")
	})
}

// look is the question to Slack who somebody is.
func (b *branch) look(who string) (l models.Lookup) {
	b.t.Helper()
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		l = models.Lookup{TenantID: t.ID, Kind: models.LookupPerson, Ref: who}
		return err
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return l
}

// More than three that were missed come in one, which says that it is late; not
// in the night, and nothing of what is over.
func TestWhatWasMissedIsOneMessageWhenMuch(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, up string
		want     []string
	}{
		{"three hours later", "2026-11-25 15:00", []string{"11-25 15:00 study_day late"}},
		{"in the night: in the morning", "2026-11-25 23:00", []string{"11-26 07:00 study_day late"}},
		{"three days later: of the two that are ahead", "2026-11-28 12:00", []string{"11-28 12:00 study_day late"}},
		{"thirty days later: nothing", "2026-12-25 12:00", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			onBoth(t, func(b *branch) {
				// Four reminders, at 12:00 to 12:45 on Wednesday, for four days on.
				for i, start := range []string{"2026-11-26 12:00", "2026-11-27 12:15", "2026-11-28 12:30", "2026-11-29 12:45"} {
					in := lesson(start)
					in.Title, in.Leads, in.Makeup = fmt.Sprint("学习 ", i), []int{(i + 1) * 24 * 60}, 0
					b.open(in)
				}
				// Who wants them one by one has them so when they are late, too.
				if _, err := b.svc.SaveProfile(t.Context(), b.act("Uli"), Profile{OptOuts: []string{models.OffDay}}); err != nil {
					t.Fatal(err)
				}
				b.stopFor("2026-11-24 20:00", c.up)
				b.until(sh(c.up).Add(10 * time.Hour))
				b.expect("Uwang", c.want...)
				if got := b.sounds("Uli", "Asia/Shanghai"); strings.Contains(fmt.Sprint(got), "study_day") || len(c.want) > 0 && len(got) == 0 {
					t.Errorf("who wants them one by one got %v", got)
				}
			})
		})
	}
}
