package services

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// pictures are the pictures ever queued: where to, and where they stand.
func (to *town) pictures() (out []string) {
	to.t.Helper()
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		for id := int64(1); id < 300; id++ {
			m, err := tx.MessageByID(id)
			if err == nil && m.Kind == models.MessageSummaryPicture {
				out = append(out, fmt.Sprintf("%s %s under %s %s", m.Op, m.Channel, m.ThreadTS, m.State))
			}
		}
		return nil
	}))
	return out
}

func TestThePictureFollowsItsSummaryOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		to := newTown(t, st, clocks)
		to.openDigest(monday("<#CSUM>"))
		to.at("2026-11-30 09:00")
		to.due()
		// Slack has the summary, but who sent it died before noting it: the next
		// finds it there. Only then is there a thread for the picture.
		summaryOf := func(rows []models.Message) (found models.Message) {
			for _, m := range rows {
				if m.Kind == models.MessageSummary {
					found = m
				}
			}
			return found
		}
		dead, err := to.store.ClaimMessages(t.Context(), "dead", 100, time.Minute)
		to.must(err)
		if summaryOf(dead).ID == 0 || len(to.pictures()) != 0 {
			t.Fatalf("%v, pictures %v", dead, to.pictures())
		}
		clocks.Machine.Advance(2 * time.Minute)
		to.svc = New(st, Options{Random: to.svc.random, Defaults: to.svc.cfg})
		rows, err := to.store.ClaimMessages(t.Context(), "next", 100, time.Minute)
		to.must(err)
		m := summaryOf(rows)
		if !m.Doubt {
			t.Fatal("nobody looks whether it was posted")
		}
		sent := models.Outcome{Kind: models.OutcomeSent, Version: m.Version, Channel: "CSUM", TS: "1800.5"}
		if err := to.store.Settle(t.Context(), m.ID, "dead", sent); err == nil {
			t.Error("who lost the row settled it")
		}
		to.must(to.store.Settle(t.Context(), m.ID, "next", sent))
		if diff := cmp.Diff([]string{"file CSUM under 1800.5 queued"}, to.pictures()); diff != "" {
			t.Error(diff)
		}
		// Died between Slack's having the picture and noting it: it is looked for.
		_, err = to.store.ClaimMessages(t.Context(), "dead", 100, time.Minute)
		to.must(err)
		clocks.Machine.Advance(2 * time.Minute)
		rows, err = to.store.ClaimMessages(t.Context(), "next", 100, time.Minute)
		to.must(err)
		for _, m := range rows {
			if m.Op == models.OpFile && m.Channel == "CSUM" && !m.Doubt {
				t.Error("the picture would be posted twice")
			}
			to.must(to.store.Settle(t.Context(), m.ID, "next", models.Outcome{Kind: models.OutcomeSent, Version: m.Version, Channel: "CSUM", TS: "1800.6"}))
		}
		// An edit of the summary brings no other.
		to.must(st.InTx(t.Context(), func(tx *store.Tx) error { return tx.Touch(m.TenantID, postingKey(m.SubjectID)) }))
		clocks.Advance(time.Minute)
		to.living()
		if diff := cmp.Diff([]string{"file CSUM under 1800.5 sent"}, to.pictures()); diff != "" {
			t.Error(diff)
		}
	})
}

func TestThePictureGoesWithAPressedPosting(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	shown, err := to.svc.PreviewSummary(t.Context(), to.by("UCHEN"), SummaryAsk{Kind: models.PeriodWeek})
	to.must(err)
	id := shown.Posting.ID
	to.must(to.svc.SendPicture(t.Context(), to.by("UCHEN"), id))
	for _, user := range []string{"ULI", "USTRANGER"} {
		if err := to.svc.SendPicture(t.Context(), to.by(user), id); refusal(err) != "error.not_organizer" {
			t.Errorf("%s was sent it: %v", user, err)
		}
	}
	if err := to.svc.SendPicture(t.Context(), to.by("UCHEN"), 999); refusal(err) != "error.not_yours" {
		t.Errorf("a forged row: %v", err)
	}
	to.living()
	_, err = to.svc.PostSummary(t.Context(), to.by("UCHEN"), id, "CX")
	to.must(err)
	to.living()
	want := []string{fmt.Sprintf("file D%d under  sent", to.id("UCHEN")), "file CX under " + to.message(postingKey(id)).TS + " sent"}
	if diff := cmp.Diff(want, to.pictures()); diff != "" {
		t.Error(diff)
	}
}

// A file that waited goes only to who may still have it.
func TestAFileOfASummaryIsAskedForOnceMore(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	shown, err := to.svc.PreviewSummary(t.Context(), to.by("UCHEN"), SummaryAsk{Kind: models.PeriodWeek})
	to.must(err)
	m := models.Message{TenantID: shown.Tenant.ID, SubjectID: shown.Posting.ID, PersonID: to.id("UCHEN")}
	if _, _, whole, gone, err := to.svc.SummaryFile(t.Context(), m); !whole || gone || err != nil {
		t.Errorf("an organizer: whole %v, gone %v, %v", whole, gone, err)
	}
	to.must(to.role("UCHEN", models.RoleMember, ""))
	if _, _, whole, gone, err := to.svc.SummaryFile(t.Context(), m); whole || !gone || err != nil {
		t.Errorf("no organizer any more: whole %v, gone %v, %v", whole, gone, err)
	}
	m.PersonID = 0
	if _, _, whole, gone, err := to.svc.SummaryFile(t.Context(), m); whole || gone || err != nil {
		t.Errorf("a channel: whole %v, gone %v, %v", whole, gone, err)
	}
}
