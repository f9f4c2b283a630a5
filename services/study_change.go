package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// StudyChange is one occurrence before and after a change.
type StudyChange struct {
	Plan   StudyPlan
	Before models.Occurrence
	After  models.Occurrence
	// Reach, with an id, is the question that comes first: many would be told,
	// and nothing was changed.
	Reach models.ReachShown
}

// studyAct is what a leader does to one occurrence.
type studyAct struct {
	Do         string         `json:"do"` // study_skip, study_unskip, study_move, study_own, study_back, study_held, study_not_held
	Start, End models.Instant // study_move
	Own        *OwnEdit       `json:"own,omitempty"` // study_own
}

// pickFunc finds the occurrence that a leader means.
type pickFunc func(tx *store.Tx, me Actor) (models.Study, models.Occurrence, error)

// apply makes the change to o, and keeps what it was for Undo.
func (a studyAct) apply(tx *store.Tx, me Actor, st models.Study, o *models.Occurrence) error {
	was := o.Was()
	if err := a.on(tx, me, st, o); err != nil {
		return err
	}
	o.Before = nil
	switch a.Do {
	case "study_skip", "study_move", "study_own":
		o.Before = was
	}
	placed := a.Do != "study_back" && a.Do != heldAction(true) && a.Do != heldAction(false)
	if placed && (o.Start != was.Start || o.State != was.State) {
		o.Holiday, o.ByHand = "", true // from here on holidays leave it alone
	}
	return nil
}

func (a studyAct) on(tx *store.Tx, me Actor, st models.Study, o *models.Occurrence) error {
	switch {
	case a.Do == "study_own" && a.Own != nil:
		return a.Own.apply(tx, me, st, o)
	case a.Do == "study_back":
		return giveBack(tx, o)
	}
	switch a.Do {
	case "study_skip":
		return skip(tx, me, o)
	case "study_unskip":
		return unskip(tx, o)
	case "study_move":
		return moveTo(a.Start, a.End)(tx, me, st, o)
	}
	return settle(a.Do == heldAction(true))(tx, me, st, o)
}

// change runs a leader's act on one occurrence.
func (s *Services) change(ctx context.Context, act Act, pick pickFunc, what studyAct) (out StudyChange, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		st, o, err := pick(tx, me)
		if err != nil {
			return err
		}
		out, err = s.changeIn(tx, me, st, o, what, false)
		return err
	})
	return out, err
}

// changeIn is change in a transaction under way; chosen when it was asked about
// before, because it tells many.
func (s *Services) changeIn(tx *store.Tx, me Actor, st models.Study, o models.Occurrence, what studyAct, chosen bool) (out StudyChange, err error) {
	if err := s.mayLead(tx, me, st); err != nil {
		return out, err
	}
	out.Before = o
	if err := what.apply(tx, me, st, &o); err != nil {
		return out, err
	}
	out.Plan.Study = st
	if out.After = o; !chosen {
		ok, r, err := s.studyReaches(tx, me, out, what)
		if err == nil && !ok {
			out.After = out.Before
			out.Reach, err = s.reachShown(tx, me.Tenant, r)
		}
		if err != nil || !ok {
			return out, err
		}
	}
	if err := tx.Save(me.By(what.Do), &o); err != nil {
		return out, err
	}
	if err := s.afterChange(tx, st, out.Before, o); err != nil {
		return out, err
	}
	out.Plan, err = s.studyPlan(tx, me, st)
	return out, err
}

// afterChange plans the occurrence's course anew and tells who was told.
func (s *Services) afterChange(tx *store.Tx, st models.Study, before, o models.Occurrence) error {
	if err := s.dutyMoved(tx, st); err != nil {
		return err
	}
	if err := errors.Join(tx.Touch(o.TenantID, askKey(o.ID)), touchReceipts(tx, st, o.ID)); err != nil {
		return err
	}
	if err := touchMonths(tx, o.TenantID, before.Start, o.Start); err != nil {
		return err
	}
	args := cursor{Reach: tx.Reach}
	switch {
	case o.Ahead():
		if err := s.planCourse(tx, st, o); err != nil {
			return err
		}
		if before.Off() { // skipped by a holiday, nobody was planned for it
			if err := s.planPeople(tx, st, o, 0); err != nil {
				return err
			}
		}
		if before.Start != o.Start {
			args.From = before.Start
		}
		args.Where = before.Place(st) != o.Place(st)
	case o.Off():
		if err := s.unplanCourse(tx, o); err != nil {
			return err
		}
	case o.State == models.OccurrenceHeld:
		if before.Off() { // members were told that there is nothing to make up
			err := tx.Plan(models.Due{TenantID: o.TenantID, Key: "study:close:" + id(o.ID) + ":", Kind: models.DueStudyClose, RefID: o.ID, DueAt: tx.Now})
			if err != nil {
				return err
			}
		}
		return s.planAbsent(tx, st, o)
	}
	return s.planChange(tx, o, args)
}

// planChange plans that members are told of a change. One that is on its way
// already is told with it: from where it was before both.
func (s *Services) planChange(tx *store.Tx, o models.Occurrence, args cursor) error {
	old, err := tx.DueByKey(o.TenantID, studyChangeKey(o.ID))
	if ignoreMissing(err) != nil {
		return err
	}
	if err == nil {
		first, err := readCursor(old)
		if err != nil {
			return err
		}
		if first.From != 0 && first.After == 0 {
			args.From = first.From
		} else if args.From == 0 {
			args.From = first.From
		}
		args.Where, args.Reach = args.Where || first.Where, max(args.Reach, first.Reach)
	}
	return tx.Plan(models.Due{TenantID: o.TenantID, Key: studyChangeKey(o.ID), Kind: models.DueStudyChange, RefID: o.ID,
		DueAt: tx.Now, Args: encode(args)})
}

func studyChangeKey(occurrence int64) string { return "study:change:" + id(occurrence) }

// upcoming picks the occurrence of s7 that a change is meant for: the one that
// starts on the day of `on`, else the next one ahead.
func (s *Services) upcoming(number int, on time.Time) pickFunc {
	return func(tx *store.Tx, me Actor) (st models.Study, o models.Occurrence, err error) {
		if st, err = s.ledStudy(tx, me, number); err != nil {
			return st, o, err
		}
		ahead, err := tx.OccurrencesOf(st.ID, tx.Now, 100)
		if err != nil {
			return st, o, err
		}
		zone := models.Zone(st.Zone)
		i := slices.IndexFunc(ahead, func(o models.Occurrence) bool {
			if on.IsZero() {
				return o.Ahead()
			}
			return o.Start.In(zone).Format(time.DateOnly) == on.In(zone).Format(time.DateOnly)
		})
		if i < 0 && !on.IsZero() { // a holiday moved it away from the day that was named
			i = slices.IndexFunc(ahead, func(o models.Occurrence) bool {
				return o.RuleStart.In(zone).Format(time.DateOnly) == on.In(zone).Format(time.DateOnly)
			})
		}
		if i >= 0 {
			return st, ahead[i], nil
		}
		if on.IsZero() { // the next one of the rule lies beyond the horizon
			after, err := s.plannedUpTo(tx, st)
			if err != nil {
				return st, o, err
			}
			places, err := s.studyTimes(tx, st, max(after, tx.Now), 60)
			if err != nil {
				return st, o, err
			}
			if i := slices.IndexFunc(places, func(at models.Placed) bool { return !at.Off && models.At(at.Start) > tx.Now }); i >= 0 {
				on = places[i].Start
			}
		}
		if !on.IsZero() {
			o, err = s.farOccurrence(tx, st, on)
			if err == nil || !errors.Is(err, store.ErrNotFound) {
				return st, o, err
			}
		}
		return st, o, models.Refuse(models.CodeNotFound, "error.study_no_occurrence", "What", fmt.Sprintf("%s%d", models.NumberStudy, number))
	}
}

// farOccurrence makes the occurrence of a day that lies beyond the horizon, so
// that it can be skipped or moved long before. The day is the one on which it
// takes place, else the rule's.
func (s *Services) farOccurrence(tx *store.Tx, st models.Study, on time.Time) (models.Occurrence, error) {
	p, err := s.placing(tx, st)
	if err != nil {
		return models.Occurrence{}, err
	}
	at, err := placedOn(p, on)
	if err != nil || models.At(at.RuleStart) <= tx.Now && models.At(at.Start) <= tx.Now {
		return models.Occurrence{}, errors.Join(err, store.ErrNotFound)
	}
	// Everything up to it is laid out, or the rule would go on from it and
	// leave the days between without occurrences.
	for after, err := s.plannedUpTo(tx, st); ; {
		if err != nil {
			return models.Occurrence{}, err
		}
		next, err := p.Next(after, 1)
		if err != nil || len(next) == 0 || next[0].RuleStart.After(at.RuleStart) {
			break
		}
		after = models.At(next[0].RuleStart)
		if err := s.planOccurrence(tx, st, next[0]); err != nil {
			return models.Occurrence{}, err
		}
	}
	return tx.OccurrenceAt(st.ID, models.At(at.RuleStart))
}

// placedOn is the occurrence that takes place on a day, else the one that the
// rule puts there; ErrNotFound for none.
func placedOn(p models.Placing, on time.Time) (found models.Placed, err error) {
	zone := models.Zone(p.Study.Zone)
	y, m, d := on.In(zone).Date()
	day := time.Date(y, m, d, 0, 0, 0, 0, zone)
	const around = 31 // days; the longest holiday has nine
	places, err := p.Next(models.At(day.AddDate(0, 0, -around))-1, 2*around)
	if err != nil {
		return found, err
	}
	same := func(t time.Time) bool { return t.In(zone).Format(time.DateOnly) == day.Format(time.DateOnly) }
	err = store.ErrNotFound
	for _, at := range places {
		if !at.Off && same(at.Start) {
			return at, nil
		}
		if same(at.RuleStart) {
			found, err = at, nil
		}
	}
	return found, err
}

// SkipStudy leaves one occurrence out; skipping it again takes that back.
func (s *Services) SkipStudy(ctx context.Context, act Act, number int, on time.Time) (StudyChange, error) {
	return s.change(ctx, act, s.upcoming(number, on), studyAct{Do: "study_skip"})
}

func skip(tx *store.Tx, me Actor, o *models.Occurrence) error {
	if !o.Ahead() {
		return models.Refuse(models.CodeConflict, "error.study_skipped")
	}
	o.State, o.SettledBy, o.SettledAt = models.OccurrenceSkipped, me.Person.ID, tx.Now
	return nil
}

// UnskipStudy takes the skipping of an occurrence back, as long as its time is
// ahead.
func (s *Services) UnskipStudy(ctx context.Context, act Act, occurrenceID int64) (StudyChange, error) {
	return s.change(ctx, act, s.byID(occurrenceID), studyAct{Do: "study_unskip"})
}

func unskip(tx *store.Tx, o *models.Occurrence) error {
	if o.State != models.OccurrenceSkipped || o.End <= tx.Now {
		return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
	}
	o.State, o.SettledBy, o.SettledAt = models.OccurrencePlanned, 0, 0
	if o.Start != o.RuleStart {
		o.State = models.OccurrenceMoved
	}
	return nil
}

func (s *Services) byID(occurrenceID int64) pickFunc {
	return func(tx *store.Tx, me Actor) (st models.Study, o models.Occurrence, err error) {
		o, err = tx.Occurrence(me.Tenant.ID, occurrenceID)
		if errors.Is(err, store.ErrNotFound) {
			return st, o, models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		if err != nil {
			return st, o, err
		}
		st, err = tx.Study(me.Tenant.ID, o.StudyID)
		return st, o, err
	}
}

// ledByID is byID for who may lead it.
func (s *Services) ledByID(tx *store.Tx, me Actor, occurrenceID int64) (models.Study, models.Occurrence, error) {
	st, o, err := s.byID(occurrenceID)(tx, me)
	if err == nil {
		err = s.mayLead(tx, me, st)
	}
	return st, o, err
}

// MoveStudy moves the next occurrence of s7, or the one on the day of `on`, to
// another time. Who had said they come is asked anew.
func (s *Services) MoveStudy(ctx context.Context, act Act, number int, on time.Time, start, end time.Time) (StudyChange, error) {
	return s.change(ctx, act, s.upcoming(number, on), movedTo(start, end))
}

// MoveOccurrence moves one occurrence, also one whose time has passed: the
// leader says that it was moved.
func (s *Services) MoveOccurrence(ctx context.Context, act Act, occurrenceID int64, start, end time.Time) (StudyChange, error) {
	return s.change(ctx, act, s.byID(occurrenceID), movedTo(start, end))
}

func movedTo(start, end time.Time) studyAct {
	return studyAct{Do: "study_move", Start: models.At(start), End: models.At(end)}
}

func moveTo(at, end models.Instant) func(tx *store.Tx, _ Actor, st models.Study, o *models.Occurrence) error {
	return func(tx *store.Tx, _ Actor, st models.Study, o *models.Occurrence) error {
		switch {
		case !o.Ahead():
			return models.Refuse(models.CodeConflict, "error.study_skipped")
		case at <= tx.Now:
			return models.Refuse(models.CodeInvalid, "error.study_past")
		}
		length := o.Length(st)
		if end > at && st.Meets() {
			length = int(end.Sub(at) / time.Minute)
			if err := ownLength(st, o, length); err != nil {
				return err
			}
		}
		o.Start, o.State = at, models.OccurrenceMoved
		o.End = at.Add(time.Duration(length) * time.Minute)
		if o.Start == o.RuleStart {
			o.State = models.OccurrencePlanned
		}
		return nil
	}
}
