package services

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// Li was last there on 19 August, 96 days ago; Wang never. The leader hears of
// both in one message, in the morning, and once.
func TestALeaderHearsOfLongAbsenceOnceAMonth(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b, study := yearBranch(t, st, clocks, func(who string, week int) string {
			if who == "Uchen" || who == "Uli" && week <= 33 {
				return models.AttendanceAttended
			}
			return models.AttendanceAbsent
		})
		b.until(sh("2026-11-25 12:00"))
		if diff := cmp.Diff([]string{"11-24 07:00"}, b.kinds("Uchen", models.MessageYearAbsence)); diff != "" {
			t.Fatalf("the leader heard (-want +got):\n%s", diff)
		}
		note := b.note(models.MessageYearAbsence)
		if len(note.Away) != 2 || note.Away[0].Person.Name != "王敏" || !note.Away[0].Absence.Never || note.Away[0].Stage != 150 ||
			note.Away[1].Person.Name != "李师傅" || note.Away[1].Stage != 90 || note.Away[1].Absence.Held != 13 || note.Away[1].Next.At != models.At(sh("2026-11-25 19:30")) {
			t.Errorf("the note says %+v", note.Away)
		}
		b.until(sh("2026-11-25 19:45"))
		a := b.attendance("Uwang", study.ID, sh("2026-11-25 19:30"))
		if _, err := b.svc.CheckIn(t.Context(), b.act("Uwang"), a.ID); err != nil {
			t.Fatal(err)
		}
		if note := b.note(models.MessageYearAbsence); len(note.Away) != 1 || note.Away[0].Person.Name != "李师傅" {
			t.Errorf("after Wang came: %+v", note.Away)
		}
		for _, who := range []string{"Uli", "Uwang"} {
			if got := b.kinds(who, models.MessageYearAbsence); len(got) != 0 {
				t.Errorf("%s heard %v", who, got)
			}
		}
		// A month later only the next stage is news: Li reaches 150 days on 16 January.
		clocks.World.Set(sh("2026-12-20 09:00"))
		b.until(sh("2026-12-22 09:00"))
		if got := b.kinds("Uchen", models.MessageYearAbsence); len(got) != 1 {
			t.Errorf("in December again: %v", got)
		}
	})
}

// note is the latest note of a kind to the leader, as it would be rendered.
func (b *branch) note(kind models.MessageKind) (n YearNote) {
	b.t.Helper()
	var m models.Message
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		for _, s := range b.sent {
			if s.Kind == kind {
				var err error
				if m, err = tx.MessageByKey(1, s.Key); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if n, _, err = b.svc.YearNote(b.t.Context(), m); err != nil {
		b.t.Fatal(err)
	}
	return n
}

func TestNobodyIsMentionedWhoIsExcusedOrWhenItIsOff(t *testing.T) {
	t.Parallel()
	away := func(who string, _ int) string {
		if who == "Uchen" {
			return models.AttendanceAttended
		}
		return models.AttendanceAbsent
	}
	for name, set := range map[string]func(b *branch) error{
		"both are excused": func(b *branch) error {
			_, err := b.svc.Exempt(b.t.Context(), b.act("Uchen"), ExemptAsk{Slack: []string{"Uli", "Uwang"}, Reason: "因病"})
			return err
		},
		"the leader wants no notes": func(b *branch) error {
			_, _, err := b.svc.Fewer(b.t.Context(), b.act("Uchen"), models.OptOutLeader, true)
			return err
		},
		"the organisation switched it off": func(b *branch) error {
			return b.st.InTx(b.t.Context(), func(tx *store.Tx) error {
				t, err := tx.Tenant(1)
				if err != nil {
					return err
				}
				t.AbsenceDays = []int{}
				return tx.Save(models.By{TenantID: 1, Action: "test"}, &t)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st, clocks := storetest.New(t)
			b, _ := yearBranch(t, st, clocks, away)
			if err := set(b); err != nil {
				t.Fatal(err)
			}
			b.until(sh("2026-11-24 12:00"))
			if got := b.kinds("Uchen", models.MessageYearAbsence); len(got) != 0 {
				t.Errorf("heard %v", got)
			}
		})
	}
}

func TestALeaderHearsOnTheFirstWhoMayFallShort(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b, _ := yearBranch(t, st, clocks, diligent)
		clocks.World.Set(sh("2026-11-30 09:00"))
		b.until(sh("2026-12-03 12:00"))
		if diff := cmp.Diff([]string{"12-01 07:00"}, b.kinds("Uchen", models.MessageYearShort)); diff != "" {
			t.Fatalf("the leader heard (-want +got):\n%s", diff)
		}
		note := b.note(models.MessageYearShort)
		var names []string
		for _, r := range note.Short {
			names = append(names, r.Person.Name)
		}
		if diff := cmp.Diff([]string{"王敏", "李师傅"}, names); diff != "" { // not the leader, who has `me`
			t.Errorf("named (-want +got):\n%s", diff)
		}
	})
}

// Down over the first: still of use within the first week, and not after it.
func TestANoteOfTheFirstComesLateWithinAWeek(t *testing.T) {
	t.Parallel()
	for up, want := range map[string]int{"2026-12-05 09:00": 1, "2026-12-09 09:00": 0} {
		t.Run(up, func(t *testing.T) {
			t.Parallel()
			st, clocks := storetest.New(t)
			b, _ := yearBranch(t, st, clocks, diligent)
			b.until(sh("2026-11-24 09:00"))
			clocks.World.Set(sh(up))
			b.until(sh(up).Add(48 * time.Hour))
			if got := b.kinds("Uchen", models.MessageYearShort); len(got) != want {
				t.Errorf("heard %v, want %d", got, want)
			}
		})
	}
}
