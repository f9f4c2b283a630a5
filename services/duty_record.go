package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"muster/models"
	"muster/store"
)

// DutyEntry is what somebody enters by hand: that a unit held a duty on a day.
type DutyEntry struct {
	ID     int64 // of the record to correct, 0 = a new one
	DutyID int64
	Name   string // where DutyID is 0
	UnitID int64
	For    string // a unit by name; "" with UnitID 0 = the one the actor leads
	Day    string // 2026-11-18
	Note   string
}

// DutyEntered is what holds after it.
type DutyEntered struct {
	Tenant models.Tenant
	Record models.DutyRecord
	State  models.DutyState // of the period of its day
	Late   bool
	By     models.Person
}

// EnterDuty enters by hand what was held outside Muster, or corrects an entry.
// The day counts for the period it lies in.
func (s *Services) EnterDuty(ctx context.Context, act Act, in DutyEntry) (out DutyEntered, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		out, err = s.enterDuty(tx, me, in)
		return err
	})
	return out, err
}

func (s *Services) enterDuty(tx *store.Tx, me Actor, in DutyEntry) (out DutyEntered, err error) {
	r := models.DutyRecord{TenantID: me.Tenant.ID, ByID: me.Person.ID, EnteredAt: tx.Now}
	action := "duty_held"
	if in.ID != 0 {
		if r, err = s.dutyRecord(tx, me, in.ID); err != nil {
			return out, err
		}
		in.DutyID, in.UnitID, action = r.DutyID, r.UnitID, "duty_correct"
		r.ChangedAt = tx.Now
	}
	d, err := s.duty(tx, me, in.DutyID, in.Name)
	if err != nil {
		return out, err
	}
	u, err := s.unitOwing(tx, me, d, in)
	if err != nil {
		return out, err
	}
	in.Note = strings.TrimSpace(in.Note)
	if utf8.RuneCountInString(in.Note) > models.MaxDutyNote {
		return out, models.Refuse(models.CodeInvalid, "error.duty_note", "N", models.MaxDutyNote)
	}
	zone := me.Tenant.Location()
	switch {
	case in.Day > models.DateOf(tx.Now, zone):
		return out, models.Refuse(models.CodeInvalid, "error.duty_ahead")
	case in.Day < models.DutyBack(tx.Now, zone):
		return out, models.Refuse(models.CodeInvalid, "error.duty_long_ago")
	}
	if err := s.notTwice(tx, me, u, d, in); err != nil {
		return out, err
	}
	r.DutyID, r.UnitID, r.Day, r.Note = d.ID, u.ID, in.Day, in.Note
	by := me.By(action)
	by.At = r.HeldAt(zone)
	if err := tx.Save(by, &r); err != nil {
		return out, err
	}
	return s.dutyEntered(tx, me, r, u, d)
}

// dutyEntered edits what was told, and says what holds now.
func (s *Services) dutyEntered(tx *store.Tx, me Actor, r models.DutyRecord, u models.Unit, d models.UnitDuty) (out DutyEntered, err error) {
	all, err := tx.Units(me.Tenant.ID)
	if err != nil {
		return out, err
	}
	if err := s.dutyTold(tx, me.Tenant.ID, all, []int64{u.ID}); err != nil {
		return out, err
	}
	period := models.DutyPeriodOf(d.Cadence, r.Day)
	book, err := s.dutyBook(tx, me.Tenant, dutyScope{From: period.First(), Units: []int64{u.ID}, Full: true})
	if err != nil {
		return out, err
	}
	out = DutyEntered{Tenant: me.Tenant, Record: r, State: book.State(u, d, period), Late: r.Late(me.Tenant.Location())}
	out.By, err = tx.Person(r.ByID)
	return out, ignoreMissing(err)
}

// notTwice refuses a day that has a record, or a session of which it can still
// be said.
func (s *Services) notTwice(tx *store.Tx, me Actor, u models.Unit, d models.UnitDuty, in DutyEntry) error {
	period := models.DutyPeriodOf(d.Cadence, in.Day)
	book, err := s.dutyBook(tx, me.Tenant, dutyScope{From: period.First(), Units: []int64{u.ID}, Full: true})
	if err != nil {
		return err
	}
	day := models.DayStart(in.Day, me.Tenant.Location())
	if had, ok := book.On(u.ID, d.ID, in.Day); ok && (had.Record.ID == 0 || had.Record.ID != in.ID) {
		return models.Refuse(models.CodeConflict, "error.duty_same_day", "Day", day, "What", d.Name)
	}
	for _, h := range book.State(u, d, period).Unsaid {
		if h.Day == in.Day {
			return models.Refuse(models.CodeConflict, "error.duty_session", "Day", day, "What", d.Name,
				"Ref", fmt.Sprintf("%s%d", models.NumberStudy, h.Study.Number))
		}
	}
	return nil
}

// unitOwing is the unit for which somebody enters or plans a duty: the one
// named, else the only one they lead that owes it.
func (s *Services) unitOwing(tx *store.Tx, me Actor, d models.UnitDuty, in DutyEntry) (models.Unit, error) {
	all, err := tx.Units(me.Tenant.ID)
	if err != nil {
		return models.Unit{}, err
	}
	if in.UnitID != 0 || in.For != "" {
		u, err := s.dutyUnit(tx, me, all, in.For, in.UnitID)
		if err == nil && !d.For(u) {
			err = models.Refuse(models.CodeInvalid, "error.duty_not_for", "What", d.Name, "Unit", u.Name)
		}
		return u, err
	}
	var own, led []models.Unit
	for _, u := range all {
		if !d.For(u) || !me.Rights.Leader(u.ID) {
			continue
		}
		led = append(led, u)
		if slices.Contains(me.Rights.Units(false), u.ID) {
			own = append(own, u)
		}
	}
	if len(own) == 0 {
		own = led
	}
	switch {
	case !me.Rights.Leader(0):
		return models.Unit{}, s.refuseMember(tx, me)
	case len(own) == 0:
		return models.Unit{}, models.Refuse(models.CodeForbidden, "error.duty_no_own", "What", d.Name)
	case len(own) > 1:
		var names []string
		for _, u := range own[:min(len(own), 5)] {
			names = append(names, u.Name)
		}
		return models.Unit{}, models.Refuse(models.CodeInvalid, "error.duty_which_unit", "Names", strings.Join(names, " · "), "Unit", names[0])
	}
	return own[0], nil
}

// dutyRecord is an entry that counts.
func (s *Services) dutyRecord(tx *store.Tx, me Actor, recordID int64) (models.DutyRecord, error) {
	r, err := tx.DutyRecord(me.Tenant.ID, recordID)
	if ignoreMissing(err) != nil {
		return r, err
	}
	if err != nil || r.TakenBack {
		return r, models.Refuse(models.CodeConflict, "error.nothing_to_undo")
	}
	return r, nil
}

// TakeBackDuty takes an entry back. It stays in the record as one that was.
func (s *Services) TakeBackDuty(ctx context.Context, act Act, recordID int64) (out DutyEntered, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		r, err := s.dutyRecord(tx, me, recordID)
		if err != nil {
			return err
		}
		d, err := tx.Duty(me.Tenant.ID, r.DutyID)
		if err != nil {
			return err
		}
		u, err := s.unitOwing(tx, me, d, DutyEntry{UnitID: r.UnitID})
		if err != nil {
			return err
		}
		r.TakenBack, r.ChangedAt = true, tx.Now
		if err := tx.Save(me.By("duty_take_back"), &r); err != nil {
			return err
		}
		out, err = s.dutyEntered(tx, me, r, u, d)
		return err
	})
	return out, err
}

// DutyHeldForm is the form in which somebody says that a duty was held; record
// names an entry to correct, 0 for a new one.
func (s *Services) DutyHeldForm(ctx context.Context, act Act, unitID, dutyID, recordID int64) (out DutyForm, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		out.Tenant, out.Now = me.Tenant, tx.Now
		if recordID != 0 {
			if out.Record, err = s.dutyRecord(tx, me, recordID); err != nil {
				return err
			}
			unitID, dutyID = out.Record.UnitID, out.Record.DutyID
		}
		if out.Duty, err = s.duty(tx, me, dutyID, ""); err != nil {
			return err
		}
		out.Unit, err = s.unitOwing(tx, me, out.Duty, DutyEntry{UnitID: unitID})
		return err
	})
	return out, err
}

// editStudyDuty gives a study another duty, or none, and asks again whether who
// it is for owes the one it has.
func (s *Services) editStudyDuty(tx *store.Tx, me Actor, st *models.Study, in StudyEdit) error {
	if !in.Set["duty"] {
		if st.DutyID == 0 || !in.Set["for"] && !in.Set["length"] {
			return nil
		}
		_, err := s.studyDuty(tx, me, *st, st.DutyID, "")
		if models.CodeOf(err) == models.CodeNotFound { // deleted meanwhile
			return nil
		}
		return err
	}
	d, err := s.studyDuty(tx, me, *st, in.DutyID, in.Duty)
	if err == nil {
		st.DutyID = d.ID
	}
	return err
}

// studyDuty finds the duty that a study counts for: by its row, else by name;
// none is none. It has to be one that who the study is for owes.
func (s *Services) studyDuty(tx *store.Tx, me Actor, st models.Study, dutyID int64, name string) (models.UnitDuty, error) {
	if dutyID == 0 && name == "" {
		return models.UnitDuty{}, nil
	}
	d, err := s.duty(tx, me, dutyID, name)
	var refused *models.Error
	if errors.As(err, &refused) {
		return d, inDutyField(refused)
	}
	if err != nil {
		return d, err
	}
	if !st.Meets() {
		return d, inDutyField(models.Refuse(models.CodeInvalid, "error.duty_no_meeting", "What", d.Name))
	}
	units, err := tx.Units(me.Tenant.ID)
	if err != nil {
		return d, err
	}
	book := models.DutyBook{Units: units}
	if len(book.Counts(st, d)) > 0 {
		return d, nil
	}
	example := ""
	for _, u := range units {
		if d.For(u) && (example == "" || me.Rights.Leader(u.ID)) {
			example = u.Name
		}
	}
	if example == "" {
		return d, inDutyField(models.Refuse(models.CodeInvalid, "error.duty_nobody", "What", d.Name))
	}
	return d, inDutyField(models.Refuse(models.CodeInvalid, "error.duty_for_unit", "What", d.Name, "Unit", example))
}

// inDutyField shows a refusal beside the duty in the form of a study.
func inDutyField(e *models.Error) *models.Error {
	e.Field = "duty"
	return e
}
