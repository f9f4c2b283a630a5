package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// StopReach holds back what has not left the outbox, or calls off what waits.
// Who acted may, who manages the call, and admins.
func (s *Services) StopReach(ctx context.Context, act Act, reachID int64) (models.ReachShown, error) {
	return s.turnReach(ctx, act, reachID, func(tx *store.Tx, me Actor, r *models.Reach) error {
		switch r.State {
		case models.ReachAsked, models.ReachWaiting:
			return s.dropReach(tx, me.By("reach_drop"), r)
		case models.ReachGoing:
		default:
			return models.Refuse(models.CodeConflict, "error.reach_ended")
		}
		if _, err := tx.StopReach(r.ID); err != nil {
			return fmt.Errorf("stop reach %d: %w", r.ID, err)
		}
		r.State = models.ReachStopped
		return s.turned(tx, me, r, "reach_stop", false)
	})
}

// FreeReach sends the rest of what was stopped.
func (s *Services) FreeReach(ctx context.Context, act Act, reachID int64) (models.ReachShown, error) {
	return s.turnReach(ctx, act, reachID, func(tx *store.Tx, me Actor, r *models.Reach) error {
		if r.State != models.ReachStopped {
			return models.Refuse(models.CodeConflict, "error.reach_ended")
		}
		n, err := tx.FreeReach(r.ID)
		if err != nil {
			return fmt.Errorf("free reach %d: %w", r.ID, err)
		}
		if n == 0 {
			return models.Refuse(models.CodeConflict, "error.reach_ended")
		}
		r.State, r.EndedAt, r.Sent, r.Lost = models.ReachGoing, 0, 0, 0
		if r.FromAt, r.UntilAt, err = s.forecast(tx, me.Tenant, 0, r.Priority()); err != nil {
			return err
		}
		return s.turned(tx, me, r, "reach_free", true)
	})
}

// turned stores a reach that was stopped or goes on.
func (s *Services) turned(tx *store.Tx, me Actor, r *models.Reach, action string, back bool) error {
	if also := s.reachStops()[r.Kind]; also != nil {
		if err := also(tx, me, *r, back); err != nil {
			return err
		}
	}
	if err := tx.Save(me.By(action), r); err != nil {
		return err
	}
	if err := showReach(tx, *r); err != nil {
		return err
	}
	if err := touchReachPanel(tx, *r); err != nil {
		return err
	}
	// What was just being sent settles within a minute.
	return tx.Plan(models.Due{TenantID: r.TenantID, Key: models.ReachKey(r.ID), Kind: models.DueReachLook, RefID: r.ID, DueAt: max(tx.Now, r.UntilAt).Add(reachLook)})
}

// turnReach runs fn on a reach for who may stop it.
func (s *Services) turnReach(ctx context.Context, act Act, reachID int64, fn func(*store.Tx, Actor, *models.Reach) error) (models.ReachShown, error) {
	var out models.ReachShown
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		r, err := tx.LockReach(me.Tenant.ID, reachID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.reach_gone")
		}
		if err != nil {
			return err
		}
		if err := s.mayStop(tx, me, r); err != nil {
			return err
		}
		if err := fn(tx, me, &r); err != nil {
			return err
		}
		out, err = s.reachShown(tx, me.Tenant, r)
		return err
	})
	return out, err
}

func (s *Services) mayStop(tx *store.Tx, me Actor, r models.Reach) error {
	if r.ByID == me.Person.ID && me.Person.ID != 0 || me.Rights.Admin() {
		return nil
	}
	if !r.OfCall() {
		return s.refuseAdmin(tx, me)
	}
	c, err := tx.Call(r.TenantID, r.RefID)
	if err != nil {
		return err
	}
	if !manages(me.Rights, c) {
		return s.refuseManager(tx, me, c)
	}
	return nil
}

// reachAgain is how often a reach is looked at whose rest waits for hours.
const reachAgain = 5 * time.Minute

// lookReach ends a reach that is through, and shows one that is not.
func (s *Services) lookReach(tx *store.Tx, due models.Due) error {
	r, err := tx.LockReach(due.TenantID, due.RefID)
	if err != nil || r.State != models.ReachGoing && r.State != models.ReachStopped || r.EndedAt != 0 {
		return ignoreMissing(err)
	}
	counts, err := tx.CountReach(r.ID)
	if err != nil {
		return err
	}
	if err := tx.Touch(r.TenantID, models.ReachKey(r.ID)); err != nil {
		return err
	}
	queueing, err := s.queueing(tx, r)
	if err != nil {
		return err
	}
	if counts.Left > 0 || queueing {
		due.DueAt = tx.Now.Add(reachAgain)
		return tx.Plan(due)
	}
	r.Sent, r.Lost, r.EndedAt = counts.Sent, counts.Lost+counts.Stopped, tx.Now
	if r.State == models.ReachGoing {
		r.State = models.ReachDone
	}
	if err := tx.Save(models.By{TenantID: r.TenantID, Action: "reach_done"}, &r); err != nil {
		return err
	}
	return touchReachPanel(tx, r)
}

// queueing says whether a reach still queues messages: members of a study are
// gone through in portions.
func (s *Services) queueing(tx *store.Tx, r models.Reach) (bool, error) {
	switch r.Kind {
	case models.ReachStudy:
		_, err := tx.DueByKey(r.TenantID, studyChangeKey(r.RefID))
		return err == nil, ignoreMissing(err)
	case models.ReachStudyCancel, models.ReachStudyEdit:
		return changing(tx, r.TenantID, r.RefID)
	case models.ReachHoliday:
		studies, err := tx.StudiesHeeding(r.TenantID)
		for _, st := range studies {
			if on, err := changing(tx, r.TenantID, st.ID); on || err != nil {
				return on, err
			}
		}
		return false, err
	}
	return false, nil
}

// changing says whether members of what is ahead of a study are still being
// told of a change.
func changing(tx *store.Tx, tenantID, study int64) (bool, error) {
	ahead, err := tx.OccurrencesOf(study, tx.Now, 100)
	for _, o := range ahead {
		if err != nil {
			break
		}
		if _, err = tx.DueByKey(tenantID, studyChangeKey(o.ID)); err == nil {
			return true, nil
		}
		err = ignoreMissing(err)
	}
	return false, err
}

// missedShown is how many of those not reached are named.
const missedShown = 20

// reachShown is how far a reach is.
func (s *Services) reachShown(tx *store.Tx, t models.Tenant, r models.Reach) (models.ReachShown, error) {
	out := models.ReachShown{Reach: r, Tenant: t, Now: tx.Now}
	counts, err := tx.CountReach(r.ID)
	if err != nil {
		return out, err
	}
	out.Got, out.Left, out.Resting, out.Held, out.Missed = counts.Sent, counts.Left, counts.Resting, counts.Stopped, counts.Lost
	if out.Got+out.Left+out.Held+out.Missed == 0 && r.EndedAt != 0 { // its messages are kept no longer
		out.Got, out.Missed = r.Sent, r.Lost
	}
	if r.OfCall() {
		if out.Call, err = tx.Call(r.TenantID, r.RefID); err != nil {
			return out, err
		}
	}
	if out.Held+out.Missed == 0 {
		return out, nil
	}
	ids, err := tx.ReachMissed(r.ID, missedShown)
	if err != nil {
		return out, err
	}
	people, err := tx.PersonsByIDs(ids)
	for _, id := range ids {
		if p, ok := people[id]; ok {
			out.Who = append(out.Who, p)
		}
	}
	return out, err
}

// ReachOf is how far the reach is that a message is about, for its reader.
func (s *Services) ReachOf(ctx context.Context, m models.Message) (models.ReachShown, error) {
	var out models.ReachShown
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(m.TenantID)
		if err != nil {
			return err
		}
		r, err := tx.ReachByID(m.TenantID, m.SubjectID)
		if err != nil {
			return err
		}
		if out, err = s.reachShown(tx, t, r); err != nil {
			return err
		}
		out.Reader, err = tx.Person(m.PersonID)
		return err
	})
	return out, err
}

// reachesOnPanel is how many reaches of a call its panel shows.
const reachesOnPanel = 3

// gatherReach loads what goes out about a call, for who manages it.
func (s *Services) gatherReach(tx *store.Tx, me Actor, sh *models.Sheet) error {
	if !sh.Manages || me.Person.ID == 0 {
		return nil
	}
	rows, err := tx.ReachesOf(sh.Call.TenantID, sh.Call.ID, models.ReachesOfCalls(),
		[]models.ReachState{models.ReachWaiting, models.ReachGoing, models.ReachStopped, models.ReachDone}, reachesOnPanel)
	if err != nil {
		return fmt.Errorf("messages to many about call %d: %w", sh.Call.ID, err)
	}
	for _, r := range rows {
		if r.EndedAt != 0 && tx.Now.Sub(r.EndedAt) > 24*time.Hour {
			continue
		}
		shown, err := s.reachShown(tx, sh.Tenant, r)
		if err != nil {
			return err
		}
		sh.Reaches = append(sh.Reaches, shown)
	}
	return nil
}
