package services

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// monday is the weekly digest that most organisations want.
func monday(channel string) DigestAsk {
	return DigestAsk{Cadence: models.PeriodWeek, Weekday: 1, Minute: 9 * 60, Channel: channel}
}

func (to *town) openDigest(ask DigestAsk) DigestShown {
	to.t.Helper()
	d, err := to.svc.OpenDigest(context.Background(), to.by("UCHEN"), ask)
	to.must(err)
	return d
}

// summaries are the messages of summaries and reviews ever queued, by key:
// when they were due and where they stand.
func (to *town) summaries() map[string]string {
	to.t.Helper()
	out := map[string]string{}
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		for id := int64(1); id < 300; id++ {
			m, err := tx.MessageByID(id)
			if err != nil {
				continue
			}
			if m.Kind == models.MessageSummary || m.Kind == models.MessageReview {
				out[m.Key] = fmt.Sprintf("%s %s", m.DueAt.In(models.Zone("Asia/Shanghai")).Format("01-02 15:04"), m.State)
			}
		}
		return nil
	}))
	return out
}

func (to *town) at(wall string) {
	to.t.Helper()
	to.clocks.World.Set(sh(wall))
}

// living runs what is due and hands on what may go, as a running bot does.
func (to *town) living() (sounded []string) {
	to.t.Helper()
	to.due()
	return to.send()
}

func TestADigestIsPostedOnceAWeek(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		d := to.openDigest(monday("<#CSUM|summaries>"))
		if d.Digest.Channel != "CSUM" || d.Digest.Ref() != "d1" || d.Next != models.At(sh("2026-11-30 09:00")) {
			t.Fatalf("%+v", d)
		}
		to.at("2026-11-30 08:59")
		to.living()
		if diff := cmp.Diff(map[string]string{}, to.summaries()); diff != "" {
			t.Error("before its time:", diff)
		}
		for _, wall := range []string{"2026-11-30 09:00", "2026-11-30 09:01", "2026-12-01 12:00", "2026-12-07 09:00"} {
			to.at(wall)
			to.living()
			to.svc = New(st, Options{Random: to.svc.random, Defaults: to.svc.cfg}) // a restart each time
		}
		if diff := cmp.Diff(map[string]string{"posting:1:": "11-30 09:00 sent", "posting:2:": "12-07 09:00 sent"}, to.summaries()); diff != "" {
			t.Error(diff)
		}
	})
}

// Two copies on one database, each with its own idea of what is due, post a
// digest once.
func TestTwoCopiesPostADigestOnce(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		clocks := storetest.NewClocks()
		to := newTown(t, storetest.Open(t, dsn, clocks), clocks)
		other := New(storetest.Open(t, dsn, clocks), Options{Random: to.svc.random, Defaults: to.svc.cfg})
		for i := range 5 {
			to.openDigest(DigestAsk{Cadence: models.PeriodDay, Minute: 9*60 + i, Channel: "<#CSUM>"})
		}
		for day := 24; day < 30; day++ {
			to.clocks.World.Set(sh(fmt.Sprintf("2026-11-%d 09:30", day)))
			var wait sync.WaitGroup
			for _, svc := range []*Services{to.svc, other, to.svc, other} {
				wait.Go(func() {
					for range 4 {
						if _, err := svc.RunDue(context.Background()); err != nil {
							t.Errorf("due: %v", err)
						}
					}
				})
			}
			wait.Wait()
		}
		if got := len(to.summaries()); got != 5*6 {
			t.Errorf("%d posts of five digests over six days", got)
		}
	})
}

// Down for a month, back again: one summary, the latest, and it says that it
// is late.
func TestOfSeveralMissedOnlyTheLatestIsPosted(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	to.openDigest(monday("<#CSUM>"))
	to.at("2026-12-22 15:00")
	to.living()
	if diff := cmp.Diff(map[string]string{"posting:1:": "12-21 09:00 sent"}, to.summaries()); diff != "" {
		t.Fatal(diff)
	}
	shown, err := to.svc.SummaryByPosting(context.Background(), 1)
	to.must(err)
	if !shown.Posting.Late(shown.At) {
		t.Error("it does not say that it is late")
	}
	if shown.Now.Period.Start != models.At(sh("2026-12-14 00:00")) {
		t.Errorf("it tells of the week from %v", shown.Now.Period.Start.Time())
	}
	to.at("2026-12-28 09:00")
	to.living()
	if got := to.summaries()["posting:2:"]; got != "12-28 09:00 sent" {
		t.Errorf("the next one: %q", got)
	}
}

func TestWhereADigestGoes(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		to.must(to.store.InTx(ctx, func(tx *store.Tx) error {
			tenant, err := tx.TenantByExternal("T1")
			if err != nil {
				return err
			}
			for id, name := range map[string]string{"C1": "summaries", "C2": "twice", "C3": "twice", "C4": "old"} {
				c, err := tx.EnsureChannel(tenant.ID, id)
				if err != nil {
					return err
				}
				c.Name, c.Archived = name, name == "old"
				if err := tx.SaveChannel(&c); err != nil {
					return err
				}
			}
			for id, name := range map[string]string{"UA": "王强", "UB": "李娜", "UC": "李娜"} {
				p, err := tx.EnsurePerson(tenant.ID, id)
				if err != nil {
					return err
				}
				p.Name = name
				if err := tx.SavePerson(&p); err != nil {
					return err
				}
			}
			return nil
		}))
		here, direct := to.by("UCHEN"), to.by("UCHEN")
		direct.Direct, direct.Channel = true, "D1"
		for _, c := range []struct {
			name, channel, reviewer string
			act                     Act
			want, refused           string
		}{
			{"a token", "<#C9|anything>", "", direct, "C9", ""},
			{"a token without a name", "<#G9>", "", direct, "G9", ""},
			{"a name that is known", "#summaries", "", direct, "C1", ""},
			{"a name that two have", "#twice", "", direct, "", "digest.no_such_channel"},
			{"a name of an archived one", "#old", "", direct, "", "digest.no_such_channel"},
			{"a name nobody knows", "#nowhere", "", direct, "", "digest.no_such_channel"},
			{"a forged token", "<#C1'; DROP TABLE", "", direct, "", "digest.no_such_channel"},
			{"no channel: here", "", "", here, "CCALLS", ""},
			{"no channel, in a direct message, none set", "", "", direct, "", "digest.no_channel"},
			{"a reviewer by name", "<#C9>", "@王强", direct, "C9", ""},
			{"a reviewer two people could be", "<#C9>", "@李娜", direct, "", "digest.no_such_person"},
			{"a reviewer nobody knows", "<#C9>", "@谁", direct, "", "digest.no_such_person"},
		} {
			c.act.Delivery = "where:" + c.name
			ask := monday(c.channel)
			ask.Reviewer = c.reviewer
			d, err := to.svc.OpenDigest(ctx, c.act, ask)
			switch {
			case c.refused != "" && refusal(err) != c.refused:
				t.Errorf("%s: %v, want %s", c.name, err, c.refused)
			case c.refused == "" && (err != nil || d.Digest.Channel != c.want):
				t.Errorf("%s: %q %v", c.name, d.Digest.Channel, err)
			}
		}
		setup := setupOf(to)
		setup.SummaryChannel = "CSUM"
		to.must(to.svc.SaveSetup(ctx, to.by("UADMIN"), setup))
		direct.Delivery = "where:set"
		if d, err := to.svc.OpenDigest(ctx, direct, monday("")); err != nil || d.Digest.Channel != "CSUM" {
			t.Errorf("the channel for summaries: %q %v", d.Digest.Channel, err)
		}
	})
}

// setupOf is the organisation's settings as they stand, to be changed.
func setupOf(to *town) Setup {
	to.t.Helper()
	me, _, _, err := to.svc.SetupNow(context.Background(), to.by("UADMIN"))
	to.must(err)
	t := me.Tenant
	return Setup{Lang: t.Lang, Zone: t.Zone, CallChannel: t.CallChannel, SummaryChannel: t.SummaryChannel, QuietStart: t.QuietStart,
		QuietEnd: t.QuietEnd, MemberTarget: t.MemberTarget, LeaderTarget: t.LeaderTarget}
}

func TestADeletedDigestPostsNothing(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := withReview(t, st, clocks)
		to.at("2026-11-30 08:35")
		to.living()
		if _, err := to.svc.DeleteDigest(ctx, to.by("ULI"), 1); refusal(err) != "error.not_organizer" {
			t.Errorf("a member deleted it: %v", err)
		}
		_, err := to.svc.DeleteDigest(ctx, to.by("UCHEN"), 1)
		to.must(err)
		to.at("2026-12-14 09:00")
		to.living()
		if diff := cmp.Diff(map[string]string{"review:1:": "11-30 08:35 sent"}, to.summaries()); diff != "" {
			t.Error(diff)
		}
		if list, err := to.svc.Digests(ctx, to.by("UCHEN")); err != nil || len(list) != 0 {
			t.Errorf("%v %v", list, err)
		}
		if _, err := to.svc.DeleteDigest(ctx, to.by("UCHEN"), 1); refusal(err) != "digest.not_found" {
			t.Errorf("deleted again: %v", err)
		}
		if d := to.openDigest(monday("<#CSUM>")); d.Digest.Ref() != "d2" {
			t.Errorf("a number was given twice: %s", d.Digest.Ref())
		}
	})
}

// Digests follow the organisation's zone when it changes, and a week that was
// told is not told again by the other clock.
func TestADigestMovesWithTheOrganisation(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		to.openDigest(monday("<#CSUM>"))
		to.at("2026-11-30 09:00")
		to.living()
		setup := setupOf(to)
		setup.Zone = "Europe/Riga"
		to.must(to.svc.SaveSetup(context.Background(), to.by("UADMIN"), setup))
		for _, at := range []time.Time{wall("Europe/Riga", "2026-11-30 09:00"), sh("2026-12-07 09:00")} {
			to.clocks.World.Set(at)
			to.living()
			if got := to.summaries(); len(got) != 1 {
				t.Errorf("at %v: %v", at, got)
			}
		}
		to.clocks.World.Set(wall("Europe/Riga", "2026-12-07 09:00"))
		to.living()
		if got := to.summaries()["posting:2:"]; got != "12-07 15:00 sent" {
			t.Errorf("%q", got)
		}
	})
}
