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
	// Line, with a text, is kept for who meant only the next occurrence: the
	// plan then names the draft.
	Line string
}

// materialCredit is what reading without a meeting counts for, unless said:
// it has no length to count, in minutes.
const materialCredit = 60

// ownKeys are what one occurrence can have of its own beside its time.
var ownKeys = []string{"title", "where", "link", "length"}

// forOne says whether an edit could as well have been meant for one occurrence.
func (e StudyEdit) forOne(st models.Study) bool {
	for key := range e.Set {
		if !slices.Contains(ownKeys, key) {
			return false
		}
	}
	return st.RRule != "" && len(e.Set) > 0
}

// EditStudy changes a study. A new rule or time lays out anew what is ahead;
// what has begun stays as it was.
func (s *Services) EditStudy(ctx context.Context, act Act, number int, in StudyEdit) (out StudyPlan, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		was, err := s.ledStudy(tx, me, number)
		if err != nil {
			return err
		}
		if err := takeDraft(tx, me, in.Draft); err != nil {
			return err
		}
		st, asked, err := s.editStudy(tx, me, act, was, in, false)
		if err == nil && asked.ID != 0 {
			out.Asked, err = s.reachShown(tx, me.Tenant, asked)
		}
		if err != nil || asked.ID != 0 {
			return err
		}
		if out, err = s.studyPlan(tx, me, st); err != nil || in.Line == "" || !in.forOne(st) {
			return err
		}
		before := models.SeriesOf(was)
		d := models.Draft{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Channel: act.Channel, Direct: act.Direct, CreatedAt: tx.Now,
			Study: &models.StudyDraft{Text: in.Line, Study: st.ID, Was: &before}}
		err = tx.SaveDraft(&d)
		out.OnlyNext = d.ID
		return err
	})
	return out, err
}

// editStudy is EditStudy in a transaction under way. With asked, which has an
// id, nothing was changed: many would be told, and nobody has chosen that yet.
func (s *Services) editStudy(tx *store.Tx, me Actor, act Act, was models.Study, in StudyEdit, chosen bool) (st models.Study, asked models.Reach, err error) {
	st = was
	if st.State != models.StudyActive {
		return st, asked, models.Refuse(models.CodeConflict, "error.series_ended")
	}
	if err := s.fromLibrary(tx, me, &in.NewStudy); err != nil {
		return st, asked, err
	}
	if err := in.apply(&st, tx.Now); err != nil {
		return st, asked, err
	}
	if err := s.checkHolidays(tx, st); err != nil {
		return st, asked, err
	}
	if in.Set["for"] {
		if err := s.forWhom(tx, me, act, in.NewStudy, &st); err != nil {
			return st, asked, err
		}
	}
	if err := s.editStudyDuty(tx, me, &st, in); err != nil {
		return st, asked, err
	}
	if !chosen {
		ok, r, err := s.studyEditReaches(tx, me, was, st, in)
		if err != nil || !ok {
			return was, r, err
		}
	}
	return st, asked, s.keepEdit(tx, me, was, st)
}

// keepEdit saves a changed study and brings what is ahead in line with it.
func (s *Services) keepEdit(tx *store.Tx, me Actor, was, st models.Study) error {
	if err := tx.Save(me.By("study_edit"), &st); err != nil {
		return err
	}
	if err := s.relay(tx, me, was, st); err != nil {
		return err
	}
	if err := s.afterEdit(tx, was, st); err != nil {
		return err
	}
	if !sameTimes(was, st) {
		if err := s.layAgain(tx, st); err != nil {
			return err
		}
	}
	if st.Audience() != was.Audience() {
		return s.replanPeople(tx, []models.Study{st})
	}
	return nil
}

// layAgain lays a changed rule out as far as the one before it had been: an
// occurrence far ahead (somebody had skipped it) would hide what lies between.
func (s *Services) layAgain(tx *store.Tx, st models.Study) error {
	last, err := tx.LastRuleStart(st.ID)
	if err != nil || st.RRule == "" {
		return err
	}
	for after := tx.Now; after < last; {
		places, err := s.studyTimes(tx, st, after, 20)
		if err != nil || len(places) == 0 {
			return err
		}
		for _, at := range places {
			if after = models.At(at.RuleStart); after > last {
				return nil
			}
			if err := s.planOccurrence(tx, st, at); err != nil {
				return err
			}
		}
	}
	return nil
}

// OnlyNext takes an edit back from the series and gives it to the next
// occurrence alone, as the button under the edit says.
func (s *Services) OnlyNext(ctx context.Context, act Act, draftID int64, in OwnEdit) (out StudyChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d, err := studyDraft(tx, me, draftID)
		if err != nil {
			return err
		}
		if d.Study.Was == nil {
			return models.Refuse(models.CodeNotFound, "error.draft_gone")
		}
		st, err := tx.Study(me.Tenant.ID, d.Study.Study)
		if err == nil {
			err = s.mayLead(tx, me, st)
		}
		if err != nil {
			return err
		}
		if err := tx.DropDraft(d.ID); err != nil {
			return err
		}
		was := d.Study.Was
		back := StudyEdit{NewStudy: NewStudy{Title: was.Title, Place: was.Place, Link: was.Link, Material: was.Material, Length: was.Length, Credit: was.Credit},
			Set: map[string]bool{"title": in.Title != nil, "where": in.Place != nil, "link": in.Link != nil,
				"length": in.Length != nil, "hours": in.Length != nil}}
		if st, _, err = s.editStudy(tx, me, act, st, back, true); err != nil {
			return err
		}
		_, o, err := s.upcoming(st.Number, time.Time{})(tx, me)
		if err != nil {
			return err
		}
		out, err = s.changeIn(tx, me, st, o, studyAct{Do: "study_own", Own: &in}, false)
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
		Makeup: st.MakeupDays, Cap: st.Capacity, Slots: st.Slots, Material: st.MaterialID}
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
		"where": func() { n.Place = e.Place }, "link": func() { n.Link, n.Material = e.Link, e.Material },
		"remind": func() { n.Leads = e.Leads }, "makeup": func() { n.Makeup = e.Makeup },
		"capacity": func() { n.Cap = e.Cap }, "slots": func() { n.Slots = e.Slots },
	} {
		if e.Set[key] {
			set()
		}
	}
	if n.Length == 0 && n.Credit < 0 {
		n.Credit = materialCredit
	}
	if !e.Set["when"] && n.RRule == "" && n.Start.Before(now.Time()) {
		return models.Refuse(models.CodeConflict, "error.series_ended")
	}
	next, err := newStudy(n, now)
	if err != nil {
		return err
	}
	// What an edit does not speak of (a quiz, a duty, who opened it) stays.
	st.Title, st.Place, st.Link, st.MaterialID = next.Title, next.Place, next.Link, next.MaterialID
	st.RRule, st.Wall, st.Zone, st.Start, st.Until, st.Holiday = next.RRule, next.Wall, next.Zone, next.Start, next.Until, next.Holiday
	st.Length, st.Credit, st.Leads, st.MakeupDays = next.Length, next.Credit, next.Leads, next.MakeupDays
	st.Capacity, st.Slots = next.Capacity, next.Slots
	return nil
}

// sameTimes says whether a study still takes place at the times it did.
func sameTimes(was, st models.Study) bool {
	return was.RRule == st.RRule && was.Wall == st.Wall && was.Zone == st.Zone && was.Until == st.Until && was.Start == st.Start &&
		was.Holiday == st.Holiday
}
