package services

import (
	"time"

	"muster/models"
	"muster/store"
)

// Where the occurrences of a study lie: the rule, then holidays, and what
// somebody placed by hand over both.

// handKept is how long before now an occurrence that was moved by hand can
// still matter to where others lie.
const handKept = 100 * 24 * time.Hour

// calendarOf is the public days with an organisation's own on top.
func calendarOf(tx *store.Tx, tenantID int64) (models.Calendar, error) {
	own, err := tx.OrgDays(tenantID, "", "9999", false)
	return models.NewCalendar(own), err
}

// placing says where the occurrences of a study lie.
func (s *Services) placing(tx *store.Tx, st models.Study) (models.Placing, error) {
	p := models.Placing{Study: st}
	var err error
	if st.Heeds() {
		if p.Calendar, err = calendarOf(tx, st.TenantID); err != nil {
			return p, err
		}
	}
	if st.ID != 0 {
		p.Hand, err = tx.OccurrencesByHand(st.ID, tx.Now.Add(-handKept))
	}
	return p, err
}

// studyTimes are the next n times of a study whose place in its rule is after
// `after`, each where holidays and people have put it; those that do not take
// place are among them, with Off.
func (s *Services) studyTimes(tx *store.Tx, st models.Study, after models.Instant, n int) ([]models.Placed, error) {
	p, err := s.placing(tx, st)
	if err != nil {
		return nil, err
	}
	return p.Next(after, n)
}

// lay puts an occurrence where it belongs. What would have to take place before
// `from`, because it was moved to the working day before, does not.
func lay(o *models.Occurrence, st models.Study, p models.Placed, from models.Instant) {
	off := p.Off || p.Moved() && models.At(p.Start) < from
	o.Start, o.State, o.Holiday = models.At(p.Start), models.OccurrencePlanned, p.Holiday
	switch {
	case off:
		o.Start, o.State = o.RuleStart, models.OccurrenceSkipped
	case p.Moved():
		o.State = models.OccurrenceMoved
	}
	o.End = o.Start.Add(time.Duration(o.Length(st)) * time.Minute)
}

// relaid is what becomes of the occurrences ahead once a study is st, and once
// it was `was`: one that happens once is moved, of a rule those that it no
// longer gives are skipped, the others lie where holidays have them now.
// Nothing is saved.
func (s *Services) relaid(tx *store.Tx, p models.Placing, was models.Study) ([]StudyChange, error) {
	st := p.Study
	ahead, err := tx.OccurrencesOf(st.ID, tx.Now, 100)
	if err != nil {
		return nil, err
	}
	var out []StudyChange
	for _, before := range ahead {
		o := before
		byRule := o.State == models.OccurrenceSkipped && o.SettledBy == 0 // by a rule or a holiday, by nobody's word
		if !o.Ahead() && !byRule || o.Start <= tx.Now {
			continue
		}
		if st.RRule == "" && was.RRule == "" && was.Start != st.Start {
			o.RuleStart, o.ByHand = st.Start, false
		} else if o.State == models.OccurrenceMoved && !was.Heeds() {
			o.ByHand = true // no holiday moved it: it was before that was written down
		}
		at, given, err := p.At(o.RuleStart)
		switch {
		case err != nil:
			return nil, err
		case !given:
			o.State, o.Holiday = models.OccurrenceSkipped, ""
		case o.ByHand && byRule:
			o.State = models.OccurrenceMoved
			fallthrough
		case o.ByHand:
			o.End = o.Start.Add(time.Duration(o.Length(st)) * time.Minute)
		default:
			lay(&o, st, at, tx.Now+1)
		}
		if o.RuleStart != before.RuleStart || o.Start != before.Start || o.End != before.End || o.State != before.State || o.Holiday != before.Holiday || o.ByHand != before.ByHand {
			out = append(out, StudyChange{Before: before, After: o})
		}
	}
	return out, nil
}

// relay brings the occurrences ahead in line with a changed rule, time, length
// or way with holidays; members who were told otherwise are told.
func (s *Services) relay(tx *store.Tx, me Actor, was, st models.Study) error {
	p, err := s.placing(tx, st)
	if err != nil {
		return err
	}
	changes, err := s.relaid(tx, p, was)
	if err != nil {
		return err
	}
	return s.keepRelaid(tx, st, changes, me.By("occurrence_relay"))
}

// keepRelaid saves what relaid found.
func (s *Services) keepRelaid(tx *store.Tx, st models.Study, changes []StudyChange, by models.By) error {
	for i := range changes {
		c := &changes[i]
		if err := tx.Save(by, &c.After); err != nil {
			return err
		}
		if err := s.afterChange(tx, st, c.Before, c.After); err != nil {
			return err
		}
	}
	return nil
}
