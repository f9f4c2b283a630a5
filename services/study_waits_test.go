package services

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

// A reminder that comes later than its lead time, because it waits for the
// member's window or for the morning after Muster was down, comes all the same
// when the member acts in between.
func TestAReminderThatWaitsIsNotLostByAnAnswer(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, start, open, down, up, act string
		leads                            []int
		do                               func(b *branch, a models.Attendance) error
		want                             []string
	}{
		{name: "for a window, and the member says that they come", open: "2026-11-24 12:00", start: "2026-11-24 15:30", act: "2026-11-24 13:45", leads: []int{120},
			do: func(b *branch, a models.Attendance) error {
				_, err := b.svc.Attend(b.t.Context(), b.act("Uli"), a.ID)
				return err
			},
			want: []string{"11-24 14:30 study"}},
		{name: "for a window that opens an hour later now", open: "2026-11-24 12:00", start: "2026-11-24 15:30", act: "2026-11-24 13:45", leads: []int{120},
			do: func(b *branch, _ models.Attendance) error {
				return b.windows("Uli", models.Window{Start: 900, End: 990})
			},
			want: []string{"11-24 15:00 study"}},
		{name: "for a window, and now any time will do", open: "2026-11-24 12:00", start: "2026-11-24 15:30", act: "2026-11-24 13:45", leads: []int{120},
			do:   func(b *branch, _ models.Attendance) error { return b.windows("Uli") },
			want: []string{"11-24 13:45 study"}},
		{name: "for the morning", open: "2026-11-23 10:00", start: "2026-11-25 15:30", down: "2026-11-24 11:30", up: "2026-11-24 23:00", act: "2026-11-24 23:15", leads: []int{24 * 60},
			do: func(b *branch, a models.Attendance) error {
				_, err := b.svc.Attend(b.t.Context(), b.act("Uli"), a.ID)
				return err
			},
			want: []string{"11-25 10:00 study late"}},
		{name: "but who cannot come hears nothing", open: "2026-11-24 12:00", start: "2026-11-24 15:30", act: "2026-11-24 13:45", leads: []int{120},
			do: func(b *branch, a models.Attendance) error {
				_, err := b.svc.StudyMakeupLater(b.t.Context(), b.act("Uli"), a.ID)
				return err
			}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := newBranch(t)
			b.until(sh(c.open))
			in := lesson(c.start)
			in.Leads, in.Makeup = c.leads, 3
			plan := b.open(in)
			b.beat()
			if c.down != "" {
				b.stopFor(c.down, c.up)
			}
			b.until(sh(c.act))
			if err := c.do(b, b.attendance("Uli", plan.Study.ID, sh(c.start))); err != nil {
				t.Fatal(err)
			}
			if len(c.want) > 0 && c.down == "" {
				if got := b.mine("Uli", plan.Study.Number); c.act[5:] != c.want[0][:11] && len(got) != 1 || len(got) == 1 && got[0] != c.want[0][:11] {
					t.Errorf("is told %v", got)
				}
			}
			b.until(sh(c.start))
			b.expect("Uli", c.want...)
		})
	}
}

// windows sets when somebody can be reminded.
func (b *branch) windows(who string, w ...models.Window) error {
	_, err := b.svc.ChangeProfile(b.t.Context(), b.act(who), Profile{Windows: w}, map[string]bool{"remind": true})
	return err
}

// What a walk plans for a portion of people at once is what each would get by
// themselves, and planning it anew changes nothing.
func TestManyArePlannedAsOneIs(t *testing.T) {
	onBoth(t, func(b *branch) {
		quiet := []int{6 * 60, 9 * 60}
		if _, err := b.svc.ChangeProfile(b.t.Context(), b.act("Uchen"), Profile{Zone: "Europe/Berlin", QuietStart: &quiet[0], QuietEnd: &quiet[1]},
			map[string]bool{"zone": true, "quiet": true}); err != nil {
			b.t.Fatal(err)
		}
		if _, err := b.svc.ChangeProfile(b.t.Context(), b.act("Uwang"), Profile{OptOuts: []string{models.OffEarly}}, map[string]bool{"off": true}); err != nil {
			b.t.Fatal(err)
		}
		b.busy("11:30", "15:45", "17:00", "17:30") // a full day
		in := lesson("2026-11-25 19:30")
		in.RRule = "FREQ=DAILY"
		b.open(in)
		b.beat()
		dues := func() (out []string) {
			err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
				people, err := tx.Members(1)
				for _, p := range people {
					rows, cause := tx.DuesOfPerson(1, p.ID, dayKinds...)
					if err = cause; err != nil {
						return err
					}
					for _, d := range rows {
						out = append(out, d.Key+" "+d.DueAt.Time().Format("01-02 15:04")+" "+string(d.Args))
					}
				}
				return err
			})
			if err != nil {
				b.t.Fatal(err)
			}
			return out
		}
		many := dues()
		if len(many) < 12 {
			b.t.Fatalf("planned: %v", many)
		}
		each := func(do func(tx *store.Tx, people []models.Person) error) {
			err := b.st.InTx(b.t.Context(), func(tx *store.Tx) error {
				people, err := tx.Members(1)
				if err != nil {
					return err
				}
				return do(tx, people)
			})
			if err != nil {
				b.t.Fatal(err)
			}
			if diff := cmp.Diff(many, dues()); diff != "" {
				b.t.Errorf("planned anew (-at once +again):\n%s", diff)
			}
		}
		each(func(tx *store.Tx, people []models.Person) error {
			for _, p := range people {
				if err := b.svc.ReplanPerson(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		each(func(tx *store.Tx, people []models.Person) error { return b.svc.replanMany(tx, 1, people) })
	})
}
