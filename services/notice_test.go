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

// notices are what a person was told of messages that did not arrive.
func (to *town) notices(who string) (out []UndeliveredShown) {
	to.t.Helper()
	p := to.personOf(who)
	var found []models.Message
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		for id := int64(1); id < 300; id++ {
			if m, err := tx.MessageByID(id); err == nil && m.Kind == models.MessageNotice && m.PersonID == p.ID {
				found = append(found, m)
			}
		}
		return nil
	}))
	for _, m := range found {
		shown, err := to.svc.Undelivered(context.Background(), m)
		to.must(err)
		out = append(out, shown)
	}
	return out
}

func TestWhoIsResponsibleHearsOfWhatDidNotArrive(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		s := to.open(clinicSpec(models.Need{Most: 30}))
		card := to.message(cardKey(s.Call.ID))
		for range 2 { // a lost card is a matter of its own: it needs a new place
			to.must(to.svc.NoteUndelivered(ctx, card, "is_archived"))
		}
		if lost := to.message(lostKey(card)); lost.Kind != models.MessageCardLost || lost.PersonID != s.Call.CreatorID {
			t.Errorf("%+v", lost)
		}
		for range 2 { // told once, however often the sender says so
			for i := range 8 {
				who := fmt.Sprintf("U%d", i)
				joined := to.join(who, s.Roles[0].ID)
				to.must(to.svc.NoteUndelivered(ctx, to.message(signupKey(s.Call.ID, joined.Signup.PersonID)), "user_disabled"))
			}
		}
		got := to.notices("UCHEN")
		if len(got) != 1 {
			t.Fatalf("%d notices of one call in one day", len(got))
		}
		n := got[0]
		if n.Ref != "#k1" || n.Cause != "user_disabled" || n.Kind != models.MessageSignup || len(n.People) != models.NoticeMost || n.More != 3 {
			t.Errorf("%+v", n)
		}
		to.clocks.Advance(24 * time.Hour) // another day is another notice, with a sound
		to.must(to.svc.NoteUndelivered(ctx, to.message(signupKey(s.Call.ID, to.personOf("U0").ID)), "user_disabled"))
		if got := to.notices("UCHEN"); len(got) != 2 {
			t.Errorf("%d notices after two days", len(got))
		}
	})
}

func TestADigestThatDoesNotArriveIsItsMakersMatter(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to := withReview(t, st, clocks)
	to.at("2026-11-30 09:00")
	to.due()
	to.must(to.svc.NoteUndelivered(ctx, to.message(postingKey(1)), "not_in_channel"))
	got := to.notices("UCHEN")
	if len(got) != 1 || got[0].Ref != "#d1" || got[0].Kind != models.MessageSummary {
		t.Errorf("%+v", got)
	}
	// Posted by hand it is a matter of who posted it.
	shown, err := to.svc.PreviewSummary(ctx, to.by("UADMIN"), SummaryAsk{Kind: models.PeriodWeek})
	to.must(err)
	_, err = to.svc.PostSummary(ctx, to.by("UADMIN"), shown.Posting.ID, "C9")
	to.must(err)
	to.must(to.svc.NoteUndelivered(ctx, to.message(postingKey(shown.Posting.ID)), "not_in_channel"))
	if got := to.notices("UADMIN"); len(got) != 1 || got[0].Ref != "" {
		t.Errorf("%+v", got)
	}
}

// Nobody hears of reactions, of notices, of their own messages, or of what is
// gone.
func TestWhatNobodyHearsOf(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	s := to.open(clinicSpec(models.Need{Most: 3}))
	chen := to.personOf("UCHEN").ID
	for _, m := range []models.Message{
		{Kind: models.MessageNotice, SubjectID: 1},
		{Kind: models.MessageCard, Op: models.OpReact, SubjectID: s.Call.ID},
		{Kind: models.MessagePanel, SubjectID: s.Call.ID, PersonID: chen},
		{Kind: models.MessageCard, SubjectID: 999},
		{Kind: models.MessageStudy, SubjectID: 999},
		{Kind: models.MessageStudyAsk, SubjectID: 999},
		{Kind: models.MessageRemind, SubjectID: 999},
		{Kind: models.MessageSummary, SubjectID: 999},
		{Kind: models.MessageGreet, SubjectID: 1, PersonID: 5},
	} {
		m.TenantID, m.ID = 1, 77
		to.must(to.svc.NoteUndelivered(ctx, m, "fatal"))
	}
	if diff := cmp.Diff(0, len(to.notices("UCHEN"))); diff != "" {
		t.Error(diff)
	}
}
