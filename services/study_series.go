package services

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// OwnEdit changes one occurrence of a series; nil and zero are left alone. An
// empty title, or the series' own value, goes back to the series.
type OwnEdit struct {
	Title  *string        `json:"title,omitempty"`
	Place  *string        `json:"place,omitempty"`
	Link   *string        `json:"link,omitempty"`
	Length *int           `json:"length,omitempty"` // minutes
	Start  models.Instant `json:"start,omitempty"`
	End    models.Instant `json:"end,omitempty"` // of a range
}

// EditOccurrence changes the next occurrence of s7, or the one on the day of
// `on`, and leaves the series as it is.
func (s *Services) EditOccurrence(ctx context.Context, act Act, number int, on time.Time, in OwnEdit) (StudyChange, error) {
	return s.change(ctx, act, s.upcoming(number, on), studyAct{Do: "study_own", Own: &in})
}

// EditOccurrenceAt is EditOccurrence for the occurrence that the rule puts at
// ruleStart, planned already or not.
func (s *Services) EditOccurrenceAt(ctx context.Context, act Act, studyID int64, ruleStart models.Instant, in OwnEdit) (StudyChange, error) {
	return s.change(ctx, act, s.byRule(studyID, ruleStart), studyAct{Do: "study_own", Own: &in})
}

// SkipStudyAt and MoveStudyAt do the same for the buttons of one occurrence.
func (s *Services) SkipStudyAt(ctx context.Context, act Act, studyID int64, ruleStart models.Instant) (StudyChange, error) {
	return s.change(ctx, act, s.byRule(studyID, ruleStart), studyAct{Do: "study_skip"})
}

func (s *Services) MoveStudyAt(ctx context.Context, act Act, studyID int64, ruleStart models.Instant, start, end time.Time) (StudyChange, error) {
	return s.change(ctx, act, s.byRule(studyID, ruleStart), movedTo(start, end))
}

// UndoOccurrence gives back what the last change of one occurrence took: its
// time, place and whatever else it was.
func (s *Services) UndoOccurrence(ctx context.Context, act Act, occurrenceID int64) (StudyChange, error) {
	return s.change(ctx, act, s.byID(occurrenceID), studyAct{Do: "study_back"})
}

// byRule is the occurrence that the rule of a study puts at ruleStart; one
// beyond the horizon is made, so that it can be changed long before.
func (s *Services) byRule(studyID int64, ruleStart models.Instant) pickFunc {
	return func(tx *store.Tx, me Actor) (st models.Study, o models.Occurrence, err error) {
		st, err = tx.Study(me.Tenant.ID, studyID)
		if errors.Is(err, store.ErrNotFound) {
			return st, o, models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		if err == nil {
			err = s.mayLead(tx, me, st)
		}
		if err != nil {
			return st, o, err
		}
		o, err = tx.OccurrenceAt(st.ID, ruleStart)
		if errors.Is(err, store.ErrNotFound) {
			o, err = s.farOccurrence(tx, st, ruleStart.In(models.Zone(st.Zone)))
		}
		if errors.Is(err, store.ErrNotFound) || err == nil && o.RuleStart != ruleStart {
			return st, o, models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		return st, o, err
	}
}

// apply makes the change to o, which stays one of the series.
func (e OwnEdit) apply(tx *store.Tx, me Actor, st models.Study, o *models.Occurrence) error {
	switch {
	case !o.Ahead():
		return models.Refuse(models.CodeConflict, "error.study_skipped")
	case o.LastEnd(st) <= tx.Now:
		return models.Refuse(models.CodeConflict, "error.series_over")
	}
	before := *o
	e, err := e.fromLibrary(tx, st.TenantID)
	if err != nil {
		return err
	}
	if err := e.texts(st, o); err != nil {
		return err
	}
	if e.Length != nil {
		if err := ownLength(st, o, *e.Length); err != nil {
			return err
		}
		o.End = o.Start.Add(time.Duration(*e.Length) * time.Minute)
	}
	if e.Start != 0 && (e.Start != o.Start || e.End > e.Start && e.End != o.End) {
		if err := moveTo(e.Start, e.End)(tx, me, st, o); err != nil {
			return err
		}
	}
	if o.Own != nil && *o.Own == (models.OccurrenceOwn{}) {
		o.Own = nil
	}
	if o.Start == before.Start && o.End == before.End && reflect.DeepEqual(o.Own, before.Own) {
		return models.Refuse(models.CodeConflict, "error.series_same")
	}
	return nil
}

// texts writes title, place and link; what is as in the series follows it.
func (e OwnEdit) texts(st models.Study, o *models.Occurrence) error {
	own := models.OccurrenceOwn{}
	if o.Own != nil {
		own = *o.Own
	}
	differs := func(to **string, text *string, series string) {
		if text == nil {
			return
		}
		*to = nil
		if t := strings.TrimSpace(*text); t != series {
			*to = &t
		}
	}
	if e.Title != nil && strings.TrimSpace(*e.Title) == "" {
		own.Title = nil
	} else {
		differs(&own.Title, e.Title, st.Title)
	}
	differs(&own.Place, e.Place, st.Place)
	differs(&own.Link, e.Link, st.Link)
	if own.Link != nil && !isLink(*own.Link) {
		return models.Refuse(models.CodeInvalid, "error.study_link", "Part", *own.Link)
	}
	o.Own = &own
	return nil
}

// isLink says whether material can be opened from it; none is fine too.
func isLink(link string) bool {
	return link == "" || strings.HasPrefix(link, "https://") || strings.HasPrefix(link, "http://")
}

// ownLength gives one occurrence a length of its own, unless it is the series'.
func ownLength(st models.Study, o *models.Occurrence, minutes int) error {
	switch {
	case !st.Meets():
		return models.Refuse(models.CodeConflict, "error.series_no_length")
	case minutes < 1 || minutes > 24*60:
		return models.Refuse(models.CodeInvalid, "error.study_range")
	}
	own := models.OccurrenceOwn{}
	if o.Own != nil {
		own = *o.Own
	}
	own.Length = nil
	if minutes != st.Length {
		own.Length = &minutes
	}
	o.Own = &own
	if own == (models.OccurrenceOwn{}) {
		o.Own = nil
	}
	return nil
}

// giveBack undoes the last change of an occurrence that is still ahead.
func giveBack(tx *store.Tx, o *models.Occurrence) error {
	was := o.Before
	if was == nil || o.State == models.OccurrenceHeld || o.State == models.OccurrenceNotHeld {
		return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
	}
	if was.Start <= tx.Now && was.Start != o.Start {
		return models.Refuse(models.CodeConflict, "error.series_back_past")
	}
	o.Start, o.End, o.State, o.Own, o.Holiday, o.ByHand = was.Start, was.End, was.State, was.Own, was.Holiday, was.ByHand
	o.SettledBy, o.SettledAt = 0, 0
	return nil
}

// OwnKey says whether one occurrence can have this key of its own.
func OwnKey(key string) bool { return key == "when" || slices.Contains(ownKeys, key) }

// LedStudy is s7 for who may change it.
func (s *Services) LedStudy(ctx context.Context, act Act, number int) (out StudyPlan, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err := s.ledStudy(tx, me, number)
		if err != nil {
			return err
		}
		out, err = s.studyPlan(tx, me, st)
		return err
	})
	return out, err
}

// LedOccurrence is one occurrence of a study for who may change it.
func (s *Services) LedOccurrence(ctx context.Context, act Act, studyID int64, ruleStart models.Instant) (out StudyPlan, o models.Occurrence, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err := tx.Study(me.Tenant.ID, studyID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		if err == nil {
			err = s.mayLead(tx, me, st)
		}
		if err != nil {
			return err
		}
		if out, err = s.studyPlan(tx, me, st); err != nil {
			return err
		}
		if o, err = tx.OccurrenceAt(st.ID, ruleStart); err == nil || !errors.Is(err, store.ErrNotFound) {
			return err
		}
		i := slices.IndexFunc(out.Coming, func(c models.Occurrence) bool { return c.RuleStart == ruleStart })
		if i < 0 {
			return models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		o = out.Coming[i]
		return nil
	})
	return out, o, err
}

// StudyNumber is the number of a study for who may change it.
func (s *Services) StudyNumber(ctx context.Context, act Act, studyID int64) (number int, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err := tx.Study(me.Tenant.ID, studyID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		if err != nil {
			return err
		}
		number = st.Number
		return s.mayLead(tx, me, st)
	})
	return number, err
}
