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
	elsewhere := o.Ahead() && o.Place(c.Plan.Study) != c.Before.Place(c.Plan.Study)
	if !moved && !elsewhere && !(o.Off() && !c.Before.Off()) {
		return true, r, nil // messages are edited, which makes no sound
	}
	people, err := tx.ToldOfStudy([]int64{o.ID}, !moved)
	if err != nil || len(people) == 0 {
		return true, r, err
	}
	return s.reach(tx, me, reachPlan{Kind: models.ReachStudy, RefID: o.ID, People: people, Args: what,
		Soon: soonFor(me.Tenant, tx.Now, min(o.Start, c.Before.Start))})
}

// studyEditReaches asks whether a changed series may tell those who were told
// of what is ahead otherwise.
func (s *Services) studyEditReaches(tx *store.Tx, me Actor, was, st models.Study, in StudyEdit) (ok bool, r models.Reach, err error) {
	moved := !sameTimes(was, st)
	if !moved && was.Place == st.Place {
		return true, r, nil
	}
	ids, first, err := studyAhead(tx, st)
	if err != nil {
		return false, r, err
	}
	people, err := tx.ToldOfStudy(ids, !moved)
	if err != nil || len(people) == 0 {
		return true, r, err
	}
	in.Line, in.Draft = "", 0
	return s.reach(tx, me, reachPlan{Kind: models.ReachStudyEdit, RefID: st.ID, People: people, Args: in, Soon: soonFor(me.Tenant, tx.Now, first)})
}

func (s *Services) studyEditReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	in, err := readArgs[StudyEdit](r)
	if err != nil {
		return err
	}
	st, err := tx.Study(r.TenantID, r.RefID)
	if err == nil {
		err = s.mayLead(tx, me, st)
	}
	if err == nil {
		_, _, err = s.editStudy(tx, me, Act{}, st, in, true)
	}
	return err
}

// studyAhead are a study's occurrences that are still to take place, and when
// the first of them does.
func studyAhead(tx *store.Tx, st models.Study) (ids []int64, first models.Instant, err error) {
	ahead, err := tx.OccurrencesOf(st.ID, tx.Now, 100)
	for _, o := range ahead {
		if o.Ahead() {
			ids = append(ids, o.ID)
			if first == 0 || o.Start < first {
				first = o.Start
			}
		}
	}
	return ids, first, err
}

// studyCancelReaches asks whether taking a whole study back may tell who means
// to come to what is ahead.
func (s *Services) studyCancelReaches(tx *store.Tx, me Actor, st models.Study) (ok bool, r models.Reach, err error) {
	ids, first, err := studyAhead(tx, st)
	if err != nil {
		return false, r, err
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
