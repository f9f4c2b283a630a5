package services

import (
	"context"
	"slices"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// StudyEdit is what changes in a study; Set names the keys that were given, in
// English as in the one-line form.
type StudyEdit struct {
	NewStudy
	Set map[string]bool
}

// EditStudy changes a study. A new rule or time lays out anew what is ahead;
// what has begun stays as it was.
func (s *Services) EditStudy(ctx context.Context, act Act, number int, in StudyEdit) (out StudyPlan, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err := s.ledStudy(tx, me, number)
		if err != nil {
			return err
		}
		if st.State != models.StudyActive {
			return models.Refuse(models.CodeConflict, "error.study_over")
		}
		was := st
		if err := in.apply(&st, tx.Now); err != nil {
			return err
		}
		if in.Set["for"] {
			if err := s.forWhom(tx, me, act, in.NewStudy, &st); err != nil {
				return err
			}
		}
		if err := tx.Save(me.By("study_edit"), &st); err != nil {
			return err
		}
		if err := s.relay(tx, me, was, st); err != nil {
			return err
		}
		if err := s.afterEdit(tx, st); err != nil {
			return err
		}
		if st.Audience() != was.Audience() {
			if err := s.replanPeople(tx, []models.Study{st}); err != nil {
				return err
			}
		}
		out, err = s.studyPlan(tx, me, st)
		return err
	})
	return out, err
}

// forWhom gives a study another audience, for who may open one for it.
func (s *Services) forWhom(tx *store.Tx, me Actor, act Act, in NewStudy, st *models.Study) error {
	audience, unit, err := s.studyAudience(tx, me, act, in)
	if err != nil {
		return err
	}
	if err := s.mayOpen(tx, me, audience, unit); err != nil {
		return err
	}
	st.AudienceKind, st.AudienceRef, st.UnitID = audience.Kind, audience.Ref, unit.ID
	return nil
}

// apply writes what was given over a study and checks the whole again.
func (e StudyEdit) apply(st *models.Study, now models.Instant) error {
	n := NewStudy{Title: st.Title, RRule: st.RRule, Wall: st.Wall, Zone: st.Zone, Start: st.Start.Time(), Until: st.Until.Time(),
		Holiday: st.Holiday, Length: st.Length, Credit: st.Credit, Place: st.Place, Link: st.Link, Leads: st.Leads,
		Makeup: st.MakeupDays, Cap: st.Capacity, Slots: st.Slots}
	if st.Credit == st.Length {
		n.Credit = -1 // the credit follows the length unless it was said
	}
	if e.Set["title"] && strings.TrimSpace(e.Title) != "" {
		n.Title = e.Title
	}
	if e.Set["when"] {
		n.RRule, n.Wall, n.Zone, n.Start = e.RRule, e.Wall, e.Zone, e.Start
	}
	for key, set := range map[string]func(){
		"until": func() { n.Until = e.Until }, "holidays": func() { n.Holiday = e.Holiday },
		"length": func() { n.Length = e.Length }, "hours": func() { n.Credit = e.Credit },
		"where": func() { n.Place = e.Place }, "link": func() { n.Link = e.Link },
		"remind": func() { n.Leads = e.Leads }, "makeup": func() { n.Makeup = e.Makeup },
		"capacity": func() { n.Cap = e.Cap }, "slots": func() { n.Slots = e.Slots },
	} {
		if e.Set[key] {
			set()
		}
	}
	if !e.Set["when"] && n.RRule == "" && n.Start.Before(now.Time()) {
		return models.Refuse(models.CodeConflict, "error.study_over")
	}
	next, err := newStudy(n, now)
	if err != nil {
		return err
	}
	next.ID, next.TenantID, next.Number, next.CreatedBy, next.CreatedAt = st.ID, st.TenantID, st.Number, st.CreatedBy, st.CreatedAt
	next.AudienceKind, next.AudienceRef, next.UnitID, next.Channel = st.AudienceKind, st.AudienceRef, st.UnitID, st.Channel
	*st = next
	return nil
}

// relay brings the occurrences ahead in line with a changed rule, time or
// length: one that happens once is moved, of a rule those that it no longer
// gives are skipped and their members told.
func (s *Services) relay(tx *store.Tx, me Actor, was, st models.Study) error {
	sameTime := was.RRule == st.RRule && was.Wall == st.Wall && was.Zone == st.Zone && was.Until == st.Until && was.Start == st.Start
	if sameTime && was.Length == st.Length {
		return nil
	}
	ahead, err := tx.OccurrencesOf(st.ID, tx.Now, 100)
	if err != nil {
		return err
	}
	length := time.Duration(st.Length) * time.Minute
	wanted, err := st.Next(tx.Now, 100)
	if err != nil {
		return err
	}
	for _, o := range ahead {
		left := o.State == models.OccurrenceSkipped && o.SettledBy == 0 // by an earlier change of the rule, by nobody's word
		if !o.Ahead() && !left || o.Start <= tx.Now {
			continue
		}
		before := o
		if left {
			o.State = models.OccurrencePlanned
		}
		switch {
		case sameTime || slices.ContainsFunc(wanted, func(t time.Time) bool { return models.At(t) == o.RuleStart }):
			o.End = o.Start.Add(length)
		case st.RRule == "" && was.RRule == "":
			o.RuleStart, o.Start, o.End = st.Start, st.Start, st.Start.Add(length)
		default:
			o.State = models.OccurrenceSkipped
		}
		if err := tx.Save(me.By("occurrence_relay"), &o); err != nil {
			return err
		}
		if err := s.afterChange(tx, st, before, o); err != nil {
			return err
		}
	}
	return nil
}
