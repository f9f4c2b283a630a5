package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

func (s *Services) studyRollDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DueStudyAskAgain: s.dueAskAgain}
}

// studySession is an occurrence as who leads it sees it.
func (s *Services) studySession(tx *store.Tx, t models.Tenant, leader models.Person, st models.Study, o models.Occurrence) (StudySession, error) {
	c := StudySession{Tenant: t, Leader: leader, Study: st, Occurrence: o, Now: tx.Now}
	var err error
	if c.Counts, err = tx.CountAttendances(o.ID); err != nil {
		return c, err
	}
	if c.Tally, err = tx.StudyTally(o.ID); err != nil {
		return c, err
	}
	if o.RollBy != 0 {
		c.Roller, err = tx.Person(o.RollBy)
	}
	return c, ignoreMissing(err)
}

// StudyRollLine is one line of a session's roll as somebody writes it: of a
// member of the list by row, or of anybody by their Slack id. With a stamp it is
// written only while the member still is as the page showed them.
type StudyRollLine struct {
	AttendanceID int64
	Slack        string
	Stamp        string
	Mark         models.StudyMark
}

// StudyRollPage is what one press or one submission of the roll says.
type StudyRollPage struct {
	AllCode bool // those with an on-site code, as they stand: the roll is taken
	Lines   []StudyRollLine
}

// RollSkip is a line that was not written, and why.
type RollSkip struct {
	AttendanceID int64 // 0 = not on the list
	Who          models.Person
	Why          *models.Error
}

// StudyRolled is what became of it.
type StudyRolled struct {
	StudySession
	Said    map[string]int // lines that changed something, by what they say
	Skipped []RollSkip
}

// TakeStudyRoll writes what the roll says. Each line stands by itself: one that
// may not be, or that somebody overtook, is named and the others count.
func (s *Services) TakeStudyRoll(ctx context.Context, act Act, occurrenceID int64, page StudyRollPage) (StudyRolled, error) {
	return s.takeStudyRoll(ctx, act, s.byID(occurrenceID), page)
}

// TakeStudyRollOf is TakeStudyRoll for a session of s7: the one on a day, or
// the one that is on, or the last one.
func (s *Services) TakeStudyRollOf(ctx context.Context, act Act, number int, on time.Time, page StudyRollPage) (StudyRolled, error) {
	return s.takeStudyRoll(ctx, act, s.begun(number, on), page)
}

func (s *Services) takeStudyRoll(ctx context.Context, act Act, pick pickFunc, page StudyRollPage) (out StudyRolled, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		st, o, err := pick(tx, me)
		if err != nil {
			return err
		}
		if err := s.mayLead(tx, me, st); err != nil {
			return err
		}
		if err := refused(o.RollOpen(st, tx.Now)); err != nil {
			return err
		}
		r := studyRoll{Services: s, tx: tx, me: me, st: st, o: o, out: &out}
		out.Said = map[string]int{}
		for _, l := range page.Lines {
			if err := r.line(l); err != nil {
				return err
			}
		}
		if err := r.taken(page); err != nil {
			return err
		}
		out.StudySession, err = s.studySession(tx, me.Tenant, me.Person, r.st, r.o)
		return err
	})
	return out, err
}

// begun picks the session of s7 that a roll is about: the one that starts on
// the day of `on`, else the one that is on now, else the last that began.
func (s *Services) begun(number int, on time.Time) pickFunc {
	return func(tx *store.Tx, me Actor) (models.Study, models.Occurrence, error) {
		st, o, err := s.onNow(number)(tx, me)
		if models.CodeOf(err) == models.CodeConflict {
			err = nil // nothing is on or ahead
		}
		if err != nil {
			return st, o, err
		}
		if _, open := o.OpenSlot(st, 0, tx.Now); open && o.ID != 0 && on.IsZero() {
			return st, o, nil
		}
		if !on.IsZero() {
			zone := models.Zone(st.Zone)
			y, m, d := on.In(zone).Date()
			day := time.Date(y, m, d, 0, 0, 0, 0, zone)
			o, err = tx.LastOccurrence(st.ID, models.At(day.AddDate(0, 0, 1))-1)
			if err == nil && o.Start >= models.At(day) {
				return st, o, nil
			}
			if ignoreMissing(err) != nil {
				return st, o, err
			}
			return st, o, models.Refuse(models.CodeNotFound, "error.study_no_occurrence", "What", studyRef(st))
		}
		last, err := s.lastBegun(tx, st)
		if errors.Is(err, store.ErrNotFound) {
			if o.ID != 0 {
				return st, o, nil // of the next one it is said when it opens
			}
			return st, o, models.Refuse(models.CodeConflict, "error.study_not_begun")
		}
		return st, last, err
	}
}

// lastBegun is the latest session that has begun and was not skipped.
func (s *Services) lastBegun(tx *store.Tx, st models.Study) (models.Occurrence, error) {
	by := tx.Now
	for {
		o, err := tx.LastOccurrence(st.ID, by)
		if err != nil || o.State != models.OccurrenceSkipped {
			return o, err
		}
		by = o.Start - 1
	}
}

// studyRoll is one writing of it.
type studyRoll struct {
	*Services
	tx  *store.Tx
	me  Actor
	st  models.Study
	o   models.Occurrence
	out *StudyRolled
}

// by is the actor as the author of what the roll says, which took place at the
// session: entered later than a day after, it is shown as late.
func (r studyRoll) by(action string) models.By {
	by := r.me.By(action)
	if r.o.End < r.tx.Now {
		by.At = r.o.End
	}
	return by
}

func (r studyRoll) skip(a models.Attendance, who models.Person, why *models.Error) {
	r.out.Skipped = append(r.out.Skipped, RollSkip{AttendanceID: a.ID, Who: who, Why: why})
}

// line writes one line, or notes why not.
func (r studyRoll) line(l StudyRollLine) error {
	a, who, refusal, err := r.find(l)
	if err != nil {
		return err
	}
	if refusal != nil {
		r.skip(a, who, refusal)
		return nil
	}
	before := a
	if l.Stamp != "" && l.Stamp != a.Stamp() {
		r.skip(a, who, models.Refuse(models.CodeConflict, "error.study_roll_moved_on"))
		return nil
	}
	if l.Stamp != "" && !a.ToLookAt() && l.Mark == a.Marked() {
		return nil // a page shown to correct one line repeats the others
	}
	changed, refusal := a.PutOnRoll(r.o, r.st, l.Mark, r.me.Person.ID, r.tx.Now)
	switch {
	case refusal != nil:
		r.skip(a, who, refusal)
		return nil
	case !changed:
		return nil
	case a.WalkIn && l.Mark.Said == models.RollExcused:
		r.skip(a, who, models.Refuse(models.CodeInvalid, "error.study_roll_walkin"))
		return nil
	}
	r.out.Said[l.Mark.Said]++
	if a.WalkIn && l.Mark.Said == models.RollMissed {
		return r.strike(before, who)
	}
	if err := r.tx.Save(r.by("study_roll_"+l.Mark.Said), &a); err != nil {
		return err
	}
	if a.ID == 0 || before.ID == 0 {
		if err := r.tx.MakeMembers([]int64{who.ID}); err != nil {
			return err
		}
	}
	return r.told(before, a)
}

// find loads whom a line is about: a row of this session, or somebody by name
// who may have none yet.
func (r studyRoll) find(l StudyRollLine) (a models.Attendance, who models.Person, refusal *models.Error, err error) {
	if l.Slack == "" {
		a, err = r.tx.Attendance(r.o.TenantID, l.AttendanceID)
		if errors.Is(err, store.ErrNotFound) || err == nil && a.OccurrenceID != r.o.ID {
			return a, who, models.Refuse(models.CodeNotFound, "error.study_gone"), nil
		}
		if err == nil {
			who, err = r.tx.Person(a.PersonID)
		}
		return a, who, nil, err
	}
	if who, err = r.tx.EnsurePerson(r.o.TenantID, l.Slack); err != nil {
		return a, who, nil, fmt.Errorf("person on the roll: %w", err)
	}
	a, err = r.tx.AttendanceOf(r.o.ID, who.ID)
	if errors.Is(err, store.ErrNotFound) {
		a, err = r.newcomer(r.tx, r.me, r.st, r.o, who)
		if err == nil && a.WalkIn && l.Mark.Said != models.RollCame && l.Mark.Said != models.RollLate {
			err = models.Refuse(models.CodeInvalid, "error.study_roll_not_on", "Who", tags([]models.Person{who}))
		}
	}
	if errors.As(err, &refusal) {
		return a, who, refusal, nil
	}
	return a, who, nil, err
}

// strike takes somebody from elsewhere off the list again: they were not
// expected, so there is nothing to be missed by them.
func (r studyRoll) strike(a models.Attendance, who models.Person) error {
	if a.ID == 0 {
		return nil
	}
	if err := r.tx.Remove(r.by("study_roll_strike"), &a); err != nil {
		return err
	}
	_, err := r.tx.Enqueue(models.Message{TenantID: r.o.TenantID, Key: "study_struck:" + id(a.ID), Kind: models.MessageStudyStruck, SubjectID: r.o.ID,
		PersonID: who.ID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait})
	return err
}

// told lets somebody see what the roll has of them: in their message where
// there is one, in a new one when it says otherwise than they did themselves,
// or when they have none.
func (r studyRoll) told(before, a models.Attendance) error {
	c, err := r.loadStudy(r.tx, r.o.TenantID, a.ID)
	if err != nil {
		return err
	}
	if err := r.afterAnswer(r.tx, c); err != nil {
		return err
	}
	if before.Intent == models.IntentExcuse {
		if err := r.tx.Touch(r.o.TenantID, excuseKey(a.ID)); err != nil {
			return err
		}
	}
	shown, err := r.wasTold(r.tx, r.o, a)
	if err != nil {
		return err
	}
	against := before.State == models.AttendanceAttended && a.State != models.AttendanceAttended ||
		before.State == models.AttendanceExcused && a.State != models.AttendanceAttended
	if shown && !against {
		return nil
	}
	if err := r.retire(r.tx, c); err != nil {
		return err
	}
	_, err = r.tx.Enqueue(models.Message{TenantID: r.o.TenantID, Key: models.StudyKey(r.o.ID, a.PersonID), Kind: models.MessageStudy, SubjectID: a.ID,
		PersonID: a.PersonID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait,
		ExpiresAt: r.tx.Now.Add(afterCall)}.WithArgs(StudyArgs{Roll: true}))
	return err
}

// taken notes that the roll was taken, and with it that the session was held:
// whoever writes who was there says so.
func (r *studyRoll) taken(page StudyRollPage) error {
	wrote := r.out.Said[models.RollCame]+r.out.Said[models.RollLate]+r.out.Said[models.RollMissed] > 0
	again := r.o.RollAt != 0 && r.o.State == models.OccurrenceHeld // confirmed already
	if !wrote && (!page.AllCode || again) {
		return nil
	}
	before := r.o
	r.o.RollBy, r.o.RollAt = r.me.Person.ID, r.tx.Now
	if r.o.Ahead() {
		r.o.State, r.o.SettledBy, r.o.SettledAt = models.OccurrenceHeld, r.me.Person.ID, r.tx.Now
	}
	if err := r.tx.Save(r.by("study_roll"), &r.o); err != nil {
		return err
	}
	return r.afterChange(r.tx, r.st, before, r.o)
}
