package services

import (
	"context"
	"errors"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// Pushed material is a study without a meeting. Beside what every study has
// there is a first message as soon as it suits each member, and a receipt.

// libraryDues are its rules that act when their time has come.
func (s *Services) libraryDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DueReceiptFinal: s.dueReceipt}
}

// pushLead stands for the first message of pushed material among lead times.
const pushLead = -1

// pushTogether is how near after the first message a reminder says nothing new.
const pushTogether = 12 * time.Hour

// withPush puts the first message of pushed material before the reminders that
// a member will get: now when it suits them, else at the next time that does.
// Reminders that would follow too soon are part of it.
func withPush(st models.Study, o models.Occurrence, a models.Attendance, p models.Person, times models.Times, now models.Instant, planned []models.Planned) []models.Planned {
	if !st.Pushed() || slices.Contains(a.Reminded, pushLead) {
		return planned
	}
	at, ok := times.Next(max(now, p.PauseUntil), o.Start.Add(-models.LeadTooShort))
	if !ok {
		return planned
	}
	first := models.Planned{At: at, Leads: []time.Duration{pushLead * time.Minute}}
	var rest []models.Planned
	for _, r := range planned {
		if r.At < at.Add(pushTogether) {
			first.Leads = append(first.Leads, r.Leads...)
			continue
		}
		rest = append(rest, r)
	}
	return append([]models.Planned{first}, rest...)
}

// seesReceipt says whether somebody may see who opened and who is done: who
// pushed it, while they lead or organize, and who answers for the study.
func seesReceipt(me Actor, st models.Study) bool {
	return leads(me, st) || st.CreatedBy == me.Person.ID && me.Rights.Leader(0)
}

func receiptKeys(occurrenceID int64) string { return "receipt:" + id(occurrenceID) + ":" }

func receiptKey(occurrenceID, personID int64) string {
	return receiptKeys(occurrenceID) + id(personID)
}

// receiptReaders are who pushed it and the unit's leader.
func (s *Services) receiptReaders(tx *store.Tx, st models.Study) ([]int64, error) {
	leader, err := s.leaderOf(tx, st)
	if err != nil {
		return nil, err
	}
	out := []int64{st.CreatedBy}
	if leader != 0 && leader != st.CreatedBy {
		out = append(out, leader)
	}
	return out, nil
}

// pushAhead is how far ahead pushed material must be due, so that somebody can
// be told of it and read it.
const pushAhead = time.Hour

// openReceipts gives who pushed material, and the leader, their receipt.
func (s *Services) openReceipts(tx *store.Tx, st models.Study) error {
	if !st.Pushed() {
		return nil
	}
	if st.Start < tx.Now.Add(pushAhead) {
		return models.Refuse(models.CodeInvalid, "error.library_soon")
	}
	o, err := tx.FirstOccurrence(st.ID)
	if err != nil {
		return err
	}
	return s.sendReceipts(tx, st, o, false)
}

func (s *Services) sendReceipts(tx *store.Tx, st models.Study, o models.Occurrence, final bool) error {
	readers, err := s.receiptReaders(tx, st)
	if err != nil {
		return err
	}
	for _, person := range readers {
		m := models.Message{TenantID: st.TenantID, Key: receiptKey(o.ID, person), Kind: models.MessageReceipt, SubjectID: o.ID, PersonID: person,
			Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait}
		if person == st.CreatedBy && !final {
			m.Quiet, m.Priority = models.QuietPass, models.PriorityAnswer
		}
		if _, err := tx.Enqueue(m); err != nil {
			return err
		}
	}
	return nil
}

// touchReceipts edits the receipts of an occurrence.
func touchReceipts(tx *store.Tx, st models.Study, occurrenceID int64) error {
	if !st.Pushed() {
		return nil
	}
	return tx.TouchPrefix(st.TenantID, receiptKeys(occurrenceID))
}

// openNoted shows that a member opened pushed material: to who reads the
// receipt, and to the member themselves.
func openNoted(tx *store.Tx, c StudyCard) error {
	if !c.Study.Pushed() {
		return nil
	}
	if err := touchReceipts(tx, c.Study, c.Occurrence.ID); err != nil {
		return err
	}
	return tx.Touch(c.Tenant.ID, models.StudyKey(c.Occurrence.ID, c.Person.ID))
}

// dueReceipt tells the readers once more at the due date: this is how far it
// came. The message before it becomes a line; this one goes on being edited
// while the material can still be read.
func (s *Services) dueReceipt(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok || o.Off() || !st.Pushed() {
		return err
	}
	if tx.Now.Sub(d.DueAt) > askTooLate { // slept through: the living message says it
		return touchReceipts(tx, st, o.ID)
	}
	readers, err := s.receiptReaders(tx, st)
	if err != nil {
		return err
	}
	for _, person := range readers {
		key := receiptKey(o.ID, person)
		m, err := tx.MessageByKey(st.TenantID, key)
		if ignoreMissing(err) != nil {
			return err
		}
		if err != nil || m.Shown == 0 && m.State == models.MessageQueued {
			continue // not told yet: what waits will say how it is
		}
		past := "was:" + key + ":" + id(int64(d.DueAt))
		if err := tx.Rekey(st.TenantID, key, past); err != nil {
			return err
		}
		if err := tx.Touch(st.TenantID, past); err != nil {
			return err
		}
	}
	return s.sendReceipts(tx, st, o, true)
}

// Receipt is what a receipt is rendered from.
type Receipt struct {
	Tenant     models.Tenant
	Reader     models.Person
	Plan       StudyPlan
	Material   models.Material
	Occurrence models.Occurrence
	Reading    models.Reading
	Readers    []models.Person // by name, for the list: those who opened it first
	Parts      map[int64]models.Attendance
	Past       bool // a newer message tells it
	Final      bool
	Now        models.Instant
}

// ReceiptMessage is the receipt that a message stands for; ok is false when
// there is nothing to say, or not to this person any more.
func (s *Services) ReceiptMessage(ctx context.Context, m models.Message) (out Receipt, ok bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(m.TenantID)
		if err != nil {
			return err
		}
		p, err := tx.Person(m.PersonID)
		if err != nil {
			return err
		}
		rights, err := s.rights(tx, t, p)
		if err != nil {
			return err
		}
		out, ok, err = s.receipt(tx, Actor{Tenant: t, Person: p, Rights: rights}, m.SubjectID)
		return err
	})
	out.Past = m.Key != receiptKey(out.Occurrence.ID, m.PersonID)
	return out, ok, err
}

// receipt is how far an occurrence's people have come, for who is entitled.
func (s *Services) receipt(tx *store.Tx, me Actor, occurrenceID int64) (out Receipt, ok bool, err error) {
	out = Receipt{Tenant: me.Tenant, Reader: me.Person, Now: tx.Now}
	out.Occurrence, err = tx.Occurrence(me.Tenant.ID, occurrenceID)
	if errors.Is(err, store.ErrNotFound) {
		return out, false, nil
	}
	if err != nil {
		return out, false, err
	}
	st, err := tx.Study(me.Tenant.ID, out.Occurrence.StudyID)
	if err != nil || !st.Pushed() || !seesReceipt(me, st) {
		return out, false, err
	}
	p, _, err := s.materialPush(tx, me, st)
	if err != nil {
		return out, false, err
	}
	out.Plan, out.Reading = p.Plan, p.Reading
	out.Final = out.Occurrence.Start <= tx.Now
	out.Material, err = materialOf(tx, st)
	return out, err == nil, err
}

// receiptNames is how many people a list of readers may have; a larger unit has
// the numbers and the export.
const receiptNames = 500

// MaterialReaders is who opened pushed material and who is done, for who pushed
// it and who answers for it.
func (s *Services) MaterialReaders(ctx context.Context, act Act, occurrenceID int64) (out Receipt, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		var ok bool
		if out, ok, err = s.receipt(tx, me, occurrenceID); err != nil {
			return err
		}
		if !ok {
			return s.refuseReceipt(tx, me, out)
		}
		rows, err := tx.AttendancesOf(occurrenceID, 0, receiptNames)
		if err != nil {
			return err
		}
		ids := make([]int64, len(rows))
		out.Parts = make(map[int64]models.Attendance, len(rows))
		for i, a := range rows {
			ids[i], out.Parts[a.PersonID] = a.PersonID, a
		}
		people, err := tx.PersonsByIDs(ids)
		for _, pid := range ids {
			if p, known := people[pid]; known {
				out.Readers = append(out.Readers, p)
			}
		}
		slices.SortStableFunc(out.Readers, func(a, b models.Person) int { return byReading(out.Parts[a.ID], out.Parts[b.ID]) })
		return err
	})
	return out, err
}

// byReading puts who opened it first before the others.
func byReading(a, b models.Attendance) int {
	switch {
	case a.OpenedAt == b.OpenedAt:
		return 0
	case a.OpenedAt == 0:
		return 1
	case b.OpenedAt == 0 || a.OpenedAt < b.OpenedAt:
		return -1
	}
	return 1
}

// refuseReceipt says who may see a receipt.
func (s *Services) refuseReceipt(tx *store.Tx, me Actor, out Receipt) error {
	if out.Occurrence.ID == 0 {
		return models.Refuse(models.CodeNotFound, "error.study_gone")
	}
	st, err := tx.Study(me.Tenant.ID, out.Occurrence.StudyID)
	if err != nil {
		return err
	}
	if !st.Pushed() {
		return models.Refuse(models.CodeConflict, "error.library_no_receipt")
	}
	ids, err := s.receiptReaders(tx, st)
	if err != nil {
		return err
	}
	people, err := tx.PersonsByIDs(ids)
	if err != nil {
		return err
	}
	var who []models.Person
	for _, pid := range ids {
		if p, known := people[pid]; known {
			who = append(who, p)
		}
	}
	return models.Refuse(models.CodeForbidden, "error.library_receipt", "Who", tags(who))
}

// ReadersOfStudy is MaterialReaders of a pushed study's occurrence.
func (s *Services) ReadersOfStudy(ctx context.Context, act Act, studyID int64) (Receipt, error) {
	var o models.Occurrence
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		st, err := tx.Study(me.Tenant.ID, studyID)
		if err == nil {
			o, err = tx.FirstOccurrence(st.ID)
		}
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.study_gone")
		}
		return err
	})
	if err != nil {
		return Receipt{}, err
	}
	return s.MaterialReaders(ctx, act, o.ID)
}
