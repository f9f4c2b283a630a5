package services

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// withReview opens the Monday digest with Wang to look at it first.
func withReview(t *testing.T, st *store.Store, clocks storetest.Clocks) *town {
	to := newTown(t, st, clocks)
	ask := monday("<#CSUM>")
	ask.Reviewer = "<@UWANG>"
	if d := to.openDigest(ask); d.Reviewer.Slack() != "UWANG" {
		t.Fatalf("%+v", d)
	}
	return to
}

func TestAReviewerSeesItHalfAnHourBefore(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := withReview(t, st, clocks)
		to.at("2026-11-30 08:29")
		to.living()
		if got := to.summaries(); len(got) != 0 {
			t.Errorf("too early: %v", got)
		}
		to.at("2026-11-30 08:30")
		to.living()
		if diff := cmp.Diff(map[string]string{"review:1:": "11-30 08:30 sent"}, to.summaries()); diff != "" {
			t.Error(diff)
		}
		to.at("2026-11-30 09:00")
		to.due()
		m := to.message("review:1:")
		if m.Version != 2 {
			t.Error("its buttons still stand after it was posted")
		}
		to.send()
		if diff := cmp.Diff(map[string]string{"review:1:": "11-30 08:30 sent", "posting:1:": "11-30 09:00 sent"}, to.summaries()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestWhatTheReviewerSaysHolds(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	for _, c := range []struct {
		name  string
		acts  func(t *testing.T, to *town)
		posts []string // keys of what is posted, with the time
	}{
		{"held is not posted", func(t *testing.T, to *town) {
			_, err := to.svc.HoldSummary(ctx, to.by("UWANG"), 1)
			to.must(err)
		}, nil},
		{"posted at once is not posted again", func(t *testing.T, to *town) {
			_, err := to.svc.PostSummary(ctx, to.by("UWANG"), 1, "")
			to.must(err)
		}, []string{"08:40"}},
		{"pressed twice is posted once", func(t *testing.T, to *town) {
			_, err := to.svc.PostSummary(ctx, to.by("UWANG"), 1, "")
			to.must(err)
			to.send()
			if _, err = to.svc.PostSummary(ctx, to.by("UCHEN"), 1, ""); refusal(err) != "summary.posted_before" {
				t.Errorf("second press: %v", err)
			}
		}, []string{"08:40"}},
		{"held, then posted", func(t *testing.T, to *town) {
			_, err := to.svc.HoldSummary(ctx, to.by("UWANG"), 1)
			to.must(err)
			_, err = to.svc.PostSummary(ctx, to.by("UWANG"), 1, "")
			to.must(err)
		}, []string{"08:40"}},
		{"held, posted and held again in one moment, then posted", func(t *testing.T, to *town) {
			for range 3 {
				_, err := to.svc.HoldSummary(ctx, to.by("UWANG"), 1)
				to.must(err)
				_, err = to.svc.PostSummary(ctx, to.by("UWANG"), 1, "")
				to.must(err)
			}
		}, []string{"08:40"}},
		{"posted is not held", func(t *testing.T, to *town) {
			_, err := to.svc.PostSummary(ctx, to.by("UWANG"), 1, "")
			to.must(err)
			to.send()
			if _, err = to.svc.HoldSummary(ctx, to.by("UWANG"), 1); refusal(err) != "summary.posted_before" {
				t.Errorf("hold after it was posted: %v", err)
			}
		}, []string{"08:40"}},
		{"an organizer may say so too, and the reviewer still may", func(t *testing.T, to *town) {
			_, err := to.svc.HoldSummary(ctx, to.by("UCHEN"), 1)
			to.must(err)
			_, err = to.svc.PostSummary(ctx, to.by("UWANG"), 1, "")
			to.must(err)
		}, []string{"08:40"}},
		{"nobody else may", func(t *testing.T, to *town) {
			if _, err := to.svc.HoldSummary(ctx, to.by("ULI"), 1); refusal(err) != "error.not_organizer" {
				t.Errorf("somebody else held it: %v", err)
			}
			if _, err := to.svc.PostSummary(ctx, to.by("ULI"), 1, ""); refusal(err) != "error.not_organizer" {
				t.Errorf("somebody else posted it: %v", err)
			}
			if _, err := to.svc.PostSummary(ctx, to.by("UWANG"), 77, ""); refusal(err) != "error.not_yours" {
				t.Errorf("a forged row: %v", err)
			}
		}, []string{"09:00"}},
		{"while it is being sent it is too late to hold", func(t *testing.T, to *town) {
			_, err := to.svc.PostSummary(ctx, to.by("UWANG"), 1, "")
			to.must(err)
			claimed, err := to.store.ClaimMessages(ctx, "another process", 100, time.Minute)
			to.must(err)
			if len(claimed) == 0 {
				t.Fatal("nothing to send")
			}
			if _, err = to.svc.HoldSummary(ctx, to.by("UWANG"), 1); refusal(err) != "summary.posted_before" {
				t.Errorf("hold while it is on its way: %v", err)
			}
			to.clocks.Machine.Advance(2 * time.Minute)
		}, []string{"08:40"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			st, clocks := storetest.New(t)
			to := withReview(t, st, clocks)
			to.at("2026-11-30 08:35")
			to.living()
			to.at("2026-11-30 08:40")
			c.acts(t, to)
			to.send()
			to.at("2026-11-30 09:00")
			to.living()
			to.at("2026-11-30 12:00")
			to.living()
			var posts []string
			for key, said := range to.summaries() {
				if strings.HasPrefix(key, "posting:") && strings.HasSuffix(said, "sent") {
					posts = append(posts, strings.Fields(said)[1])
				}
			}
			if diff := cmp.Diff(c.posts, posts); diff != "" {
				t.Error(diff, to.summaries())
			}
		})
	}
}

// A summary that Slack refused can be posted again.
func TestAnUndeliveredSummaryCanBePostedElsewhere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	shown, err := to.svc.PreviewSummary(ctx, to.by("UCHEN"), SummaryAsk{Kind: models.PeriodWeek})
	to.must(err)
	_, err = to.svc.PostSummary(ctx, to.by("UCHEN"), shown.Posting.ID, "")
	to.must(err)
	rows, err := to.store.ClaimMessages(ctx, "test", 10, time.Minute)
	to.must(err)
	for _, m := range rows {
		to.must(to.store.Settle(ctx, m.ID, "test", models.Outcome{Kind: models.OutcomeDead, Cause: "is_archived"}))
	}
	p, err := to.svc.PostSummary(ctx, to.by("UCHEN"), shown.Posting.ID, "CNEW")
	to.must(err)
	if m := to.message(postingKey(p.ID)); p.Channel != "CNEW" || m.Channel != "CNEW" || m.State != models.MessageQueued {
		t.Errorf("%+v", m)
	}
}

// Half past six lies in quiet hours: the reviewer sees Monday's seven o'clock
// digest the evening before, and not at all too late.
func TestAReviewInQuietHoursComesEarlier(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	to.openDigest(DigestAsk{Cadence: models.PeriodWeek, Weekday: 1, Minute: 7 * 60, Channel: "<#CSUM>", Reviewer: "<@UWANG>"})
	to.at("2026-11-29 21:44")
	to.living()
	if got := to.summaries(); len(got) != 0 {
		t.Errorf("too early: %v", got)
	}
	to.at("2026-11-29 21:45")
	to.living()
	if diff := cmp.Diff(map[string]string{"review:1:": "11-29 21:45 sent"}, to.summaries()); diff != "" {
		t.Error(diff)
	}
	to.at("2026-11-30 07:00")
	to.living()
	if got := to.summaries()["posting:1:"]; got != "11-30 07:00 sent" {
		t.Errorf("posted: %q", got)
	}
}

// A message must not be taken for another whose number begins alike.
func TestHoldingTheFirstLeavesTheTenth(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	for i := range 12 {
		to.openDigest(DigestAsk{Cadence: models.PeriodWeek, Weekday: 1, Minute: 9*60 + i, Channel: "<#CSUM>"})
	}
	to.at("2026-11-30 09:30")
	to.due()
	_, err := to.svc.HoldSummary(ctx, to.by("UCHEN"), 1)
	to.must(err)
	to.send()
	sent := 0
	for _, said := range to.summaries() {
		if strings.HasSuffix(said, "sent") {
			sent++
		}
	}
	if sent != 11 {
		t.Errorf("%d of twelve were posted, one was held", sent)
	}
}
