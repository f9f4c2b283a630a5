package services

import (
	"muster/models"
	"muster/store"
)

// Skipping, moving or taking back a session tells those who had been told
// otherwise: with many of them it is asked about first.

// studyReaches asks whether a change to an occurrence may tell its members.
func (s *Services) studyReaches(tx *store.Tx, me Actor, c StudyChange, what studyAct) (ok bool, r models.Reach, err error) {
	o := c.After
	moved := o.Ahead() && c.Before.Start != o.Start
	if !moved && !(o.Off() && !c.Before.Off()) {
		return true, r, nil // messages are edited, which makes no sound
	}
	people, err := tx.ToldOfStudy([]int64{o.ID}, !moved)
	if err != nil || len(people) == 0 {
		return true, r, err
	}
	return s.reach(tx, me, reachPlan{Kind: models.ReachStudy, RefID: o.ID, People: people, Args: what,
		Soon: soonFor(me.Tenant, tx.Now, min(o.Start, c.Before.Start))})
}

// studyCancelReaches asks whether taking a whole study back may tell who means
// to come to what is ahead.
func (s *Services) studyCancelReaches(tx *store.Tx, me Actor, st models.Study) (ok bool, r models.Reach, err error) {
	ahead, err := tx.OccurrencesOf(st.ID, tx.Now, 100)
	if err != nil {
		return false, r, err
	}
	var ids []int64
	var first models.Instant
	for _, o := range ahead {
		if o.Ahead() {
			ids = append(ids, o.ID)
			if first == 0 || o.Start < first {
				first = o.Start
			}
		}
	}
	people, err := tx.ToldOfStudy(ids, true)
	if err != nil || len(people) == 0 {
		return true, r, err
	}
	return s.reach(tx, me, reachPlan{Kind: models.ReachStudyCancel, RefID: st.ID, People: people, Soon: soonFor(me.Tenant, tx.Now, first)})
}

func (s *Services) studyReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	what, err := readArgs[studyAct](r)
	if err != nil {
		return err
	}
	st, o, err := s.byID(r.RefID)(tx, me)
	if err != nil {
		return err
	}
	_, err = s.changeIn(tx, me, st, o, what, true)
	return err
}

func (s *Services) studyCancelReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	st, err := tx.Study(r.TenantID, r.RefID)
	if err != nil {
		return err
	}
	if err := s.mayLead(tx, me, st); err != nil {
		return err
	}
	return s.cancelStudy(tx, me, &st, false)
}

// stillStopped holds back what a portion queued for a reach that was stopped
// before all portions were through.
func stillStopped(tx *store.Tx, tenantID, reachID int64) error {
	if reachID == 0 {
		return nil
	}
	r, err := tx.ReachByID(tenantID, reachID)
	if err != nil || r.State != models.ReachStopped {
		return ignoreMissing(err)
	}
	_, err = tx.StopReach(r.ID)
	return err
}

// soonFor says whether something begins before the organisation's quiet hours
// end plus two hours: to wait for their end would be too late.
func soonFor(t models.Tenant, now, start models.Instant) bool {
	rest := models.Rest{Start: t.QuietStart, End: t.QuietEnd}
	return start < models.EndOfRest(now, rest, t.Location()).Add(putInto)
}
