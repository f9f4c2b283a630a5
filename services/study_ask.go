package services

import (
	"errors"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// The leader is asked about a session an hour after its end, and once more the
// next day; then it stands among the records that are missing.

// askTooLate is after how long the leader is no longer asked about a session
// that Muster slept through; it stays without a record until somebody says.
const askTooLate = 72 * time.Hour

// askedLate is from what delay on a question, late because Muster was away, is
// the only one: what comes afterwards is caught up with as little as can be.
const askedLate = time.Hour

// askAgainAfter is how long after the first question the second one comes, or
// earlier where that does not suit the leader.
const askAgainAfter = 24 * time.Hour

// dueAsk asks the leader whether a session was held, or to take the roll of one
// that a code showed to be; of several that were missed only the latest.
func (s *Services) dueAsk(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok || tx.Now.Sub(d.DueAt) > askTooLate {
		return err
	}
	who, err := s.leaderOf(tx, st)
	if err != nil {
		return err
	}
	if asks, err := asksLeader(tx, o, who); err != nil || !asks {
		return err
	}
	last, err := tx.LastOccurrence(st.ID, tx.Now.Add(-models.AskLeaderAfter))
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	if err == nil && last.ID != o.ID && last.Start > o.Start && last.LastEnd(st).Add(models.AskLeaderAfter) <= tx.Now {
		return nil
	}
	leader, err := s.askLeader(tx, d, st, o)
	if err != nil || leader.ID == 0 || tx.Now.Sub(d.DueAt) > askedLate {
		return err
	}
	return s.planAskAgain(tx, o, leader)
}

// asksLeader says whether a session has something left to ask its leader:
// whether it took place, or who of the others without the code was there.
func asksLeader(tx *store.Tx, o models.Occurrence, leader int64) (bool, error) {
	if o.Ahead() {
		return true, nil
	}
	if !o.WantsRoll() {
		return false, nil
	}
	n, err := tx.RollCount(store.RollQuery{Occurrence: o.ID, What: store.RollOpen, Not: leader}) // nobody is on their own roll
	return n > 0, err
}

// askLeader sends the question with a sound; what Slack shows of an earlier one
// stays as a line that says how it stands.
func (s *Services) askLeader(tx *store.Tx, d models.Due, st models.Study, o models.Occurrence) (models.Person, error) {
	leader, err := s.answersFor(tx, st, 0)
	if err != nil || leader.ID == 0 {
		return leader, err
	}
	// Asked before it was moved, or yesterday: that message stays as it is.
	was := "was:" + askKey(o.ID) + ":" + id(int64(d.DueAt))
	if err := tx.Rekey(d.TenantID, askKey(o.ID), was); err != nil {
		return leader, err
	}
	if err := tx.Touch(d.TenantID, was); err != nil {
		return leader, err
	}
	_, err = tx.Enqueue(models.Message{TenantID: d.TenantID, Key: askKey(o.ID), Kind: models.MessageStudyAsk, SubjectID: o.ID,
		PersonID: leader.ID, Priority: models.PriorityReminder, EditClass: models.EditClose, Quiet: models.QuietWait})
	return leader, err
}

// planAskAgain plans the one reminder of the question for the next day: at the
// same time, or earlier, when it suits the leader.
func (s *Services) planAskAgain(tx *store.Tx, o models.Occurrence, leader models.Person) error {
	t, err := tx.Tenant(o.TenantID)
	if err != nil {
		return err
	}
	times, err := s.timesOf(tx, t, leader)
	if err != nil {
		return err
	}
	at, ok := models.PlanLead(tx.Now.Add(askAgainAfter), 0, times.Rest, times.Windows, times.Zone, tx.Now.Add(askAgainAfter/4))
	if !ok {
		at = tx.Now.Add(askAgainAfter) // it waits for the end of their quiet hours
	}
	return tx.Plan(models.Due{TenantID: o.TenantID, Key: "study:ask:" + id(o.ID) + ":again", Kind: models.DueStudyAskAgain, RefID: o.ID, DueAt: at})
}

// dueAskAgain asks once more what nobody answered, and then no more.
func (s *Services) dueAskAgain(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok || !o.Ahead() || o.LastEnd(st) > tx.Now || tx.Now.Sub(d.DueAt) > askTooLate {
		return err
	}
	_, err = s.askLeader(tx, d, st, o)
	return err
}

func askKey(occurrenceID int64) string { return "study_ask:" + id(occurrenceID) }

// StudyAskKey is the outbox key of the question that has the buttons.
func StudyAskKey(occurrenceID int64) string { return askKey(occurrenceID) }

// leaderOf is the row of who answers for a study, 0 for nobody.
func (s *Services) leaderOf(tx *store.Tx, st models.Study) (int64, error) {
	p, err := s.answersFor(tx, st, 0)
	return p.ID, err
}

// answersFor is who answers for a study: the leader of its unit, else who
// opened it while they may still lead it, else an organizer of the unit or of
// all, else an admin; never the person `not`, about whose own matter it is.
func (s *Services) answersFor(tx *store.Tx, st models.Study, not int64) (models.Person, error) {
	var unit models.Unit
	if st.UnitID != 0 {
		var err error
		if unit, err = tx.Unit(st.UnitID); ignoreMissing(err) != nil {
			return models.Person{}, err
		}
	}
	t, err := tx.Tenant(st.TenantID)
	if err != nil {
		return models.Person{}, err
	}
	for _, id := range []int64{unit.LeaderID, st.CreatedBy} {
		if id == 0 || id == not {
			continue
		}
		p, err := tx.Person(id)
		if ignoreMissing(err) != nil {
			return p, err
		}
		if err != nil || p.Gone {
			continue
		}
		rights, err := s.rights(tx, t, p)
		if err != nil {
			return p, err
		}
		if leads(Actor{Tenant: t, Person: p, Rights: rights}, st) {
			return p, nil
		}
	}
	for _, role := range []string{models.RoleOrganizer, models.RoleAdmin} {
		people, err := s.holdersWhere(tx, t, role, func(r models.Right) bool {
			return role == models.RoleAdmin || r.UnitID == 0 || r.UnitID == st.UnitID
		})
		if err != nil {
			return models.Person{}, err
		}
		if i := slices.IndexFunc(people, func(p models.Person) bool { return p.ID != 0 && p.ID != not && !p.Gone }); i >= 0 {
			return people[i], nil
		}
	}
	return models.Person{}, nil
}
