package services

import (
	"context"
	"errors"

	"muster/models"
	"muster/store"
)

// A study that can be read in more than one way is asked back about; what was
// typed waits as a draft, with the answers given so far.

// KeepStudy keeps what somebody who leads typed, while it is asked back about.
func (s *Services) KeepStudy(ctx context.Context, act Act, what models.StudyDraft) (d models.Draft, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Leader(0) {
			return s.refuseOrganizer(tx, me)
		}
		d = models.Draft{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Study: &what, Channel: act.Channel, Direct: act.Direct, CreatedAt: tx.Now}
		return tx.SaveDraft(&d)
	})
	return d, err
}

// StudyDraftOf reads back what KeepStudy kept; it is the person's own or not
// there.
func (s *Services) StudyDraftOf(ctx context.Context, act Act, draftID int64) (d models.Draft, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		d, err = studyDraft(tx, me, draftID)
		return err
	})
	return d, err
}

// DropStudyDraft forgets a question that is not to be answered.
func (s *Services) DropStudyDraft(ctx context.Context, act Act, draftID int64) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error { return takeDraft(tx, me, draftID) })
}

func studyDraft(tx *store.Tx, me Actor, id int64) (models.Draft, error) {
	d, err := tx.Draft(me.Tenant.ID, me.Person.ID, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && d.Study == nil {
		return d, models.Refuse(models.CodeNotFound, "error.draft_gone")
	}
	return d, err
}

// takeDraft forgets the draft that an act answers, in the act's transaction:
// pressed twice, it acts once. 0 is none.
func takeDraft(tx *store.Tx, me Actor, id int64) error {
	if id == 0 {
		return nil
	}
	d, err := studyDraft(tx, me, id)
	if err != nil {
		return err
	}
	return tx.DropDraft(d.ID)
}

// StudyWhom is for whom somebody can open a study.
type StudyWhom struct {
	Units []models.Unit
	Rooms []models.Channel // channels for which they opened one before
	All   bool
}

// StudyFor is for whom the actor can open a study, where it was not said.
func (s *Services) StudyFor(ctx context.Context, act Act) (out StudyWhom, err error) {
	if out.Units, err = s.StudyUnits(ctx, act); err != nil {
		return out, err
	}
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		out.All = organizesAll(me.Rights)
		all, err := tx.Studies(me.Tenant.ID, "", mostStudies)
		if err != nil {
			return err
		}
		seen := map[string]bool{}
		for _, st := range all {
			if st.AudienceKind != models.AudienceChannel || st.CreatedBy != me.Person.ID || seen[st.AudienceRef] || len(out.Rooms) == 4 {
				continue
			}
			seen[st.AudienceRef] = true
			room, err := tx.ChannelBySlack(me.Tenant.ID, st.AudienceRef)
			if ignoreMissing(err) != nil {
				return err
			}
			if err == nil && room.Name != "" {
				out.Rooms = append(out.Rooms, room)
			}
		}
		return nil
	})
	return out, err
}
