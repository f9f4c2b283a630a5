package services

import (
	"errors"

	"muster/models"
	"muster/store"
)

// studyDues are the rules of study that act when their time has come.
func (s *Services) studyDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{
		models.DueStudyPlan:   s.duePlan,
		models.DueStudyPeople: s.duePeople,
		models.DueStudyRemind: s.dueRemind,
		models.DueStudyOpen:   s.dueOpen,
		models.DueStudyClose:  s.dueClose,
		models.DueStudyAsk:    s.dueAsk,
		models.DueStudyFollow: s.dueFollow,
		models.DueStudyAbsent: s.dueAbsent,
		models.DueStudyChange: s.dueChange,
	}
}

// session loads what an occurrence's due row is about; ok is false when it was
// taken back in between.
func session(tx *store.Tx, d models.Due) (st models.Study, o models.Occurrence, ok bool, err error) {
	o, err = tx.Occurrence(d.TenantID, d.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return st, o, false, nil
	}
	if err != nil {
		return st, o, false, err
	}
	st, err = tx.Study(d.TenantID, o.StudyID)
	return st, o, err == nil && st.State != models.StudyCancelled, err
}

func (s *Services) duePlan(tx *store.Tx, d models.Due) error {
	st, err := tx.Study(d.TenantID, d.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.watchYear(tx, d.TenantID); err != nil {
		return err
	}
	// Who has joined since is planned into what is ahead already.
	if err := s.replanPeople(tx, []models.Study{st}); err != nil {
		return err
	}
	if err := s.heedHolidays(tx, st); err != nil {
		return err
	}
	return s.planStudy(tx, st)
}

func (s *Services) duePeople(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok {
		return err
	}
	at, err := readCursor(d)
	if err != nil {
		return err
	}
	return s.planPeople(tx, st, o, at.After)
}

// eachAttendance walks an occurrence's attendances in portions, planning the
// rest of the walk under the same due row.
func (s *Services) eachAttendance(tx *store.Tx, d models.Due, o models.Occurrence, fn func(a models.Attendance) error) error {
	at, err := readCursor(d)
	if err != nil {
		return err
	}
	rows, err := tx.AttendancesOf(o.ID, at.After, peopleBatch)
	if err != nil {
		return err
	}
	for _, a := range rows {
		if err := fn(a); err != nil {
			return err
		}
	}
	if len(rows) < peopleBatch {
		return nil
	}
	at.After = rows[len(rows)-1].PersonID
	d.Args, d.DueAt = encode(at), tx.Now
	return tx.Plan(d)
}

// dueOpen edits the messages of those who are expected: check-in is open. A
// portion at a time, and not at all once it is over.
func (s *Services) dueOpen(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok || o.Off() {
		return err
	}
	return s.eachAttendance(tx, d, o, func(a models.Attendance) error {
		if start, end := o.Times(st, a.Slot); a.State != models.AttendanceDue || !models.CheckInOpen(start, end, tx.Now) {
			return nil
		}
		return tx.TouchStudy(o.TenantID, o.ID, a.PersonID)
	})
}

// dueClose edits the messages of who did not check in, and plans the one
// follow-up of each.
func (s *Services) dueClose(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok || o.State == models.OccurrenceSkipped {
		return err
	}
	t, err := tx.Tenant(d.TenantID)
	if err != nil {
		return err
	}
	return s.eachAttendance(tx, d, o, func(a models.Attendance) error {
		if _, theirs := o.Times(st, a.Slot); a.State != models.AttendanceDue || tx.Now < theirs {
			return nil
		}
		p, err := tx.Person(a.PersonID)
		if err != nil {
			return err
		}
		// What Muster slept through for a day gets no follow-up: after a month
		// away there would be one for every session.
		if tx.Now.Sub(o.LastEnd(st)) <= models.RemindTooLate {
			if err := s.planFollow(tx, st, o, a, t, p); err != nil {
				return err
			}
		}
		return tx.TouchStudy(o.TenantID, o.ID, a.PersonID)
	})
}

// dueAbsent settles who is still due when nothing can be made up any more, and
// only if the session was held. Material counts as held: there is nobody who
// could say otherwise.
func (s *Services) dueAbsent(tx *store.Tx, d models.Due) error {
	st, o, ok, err := session(tx, d)
	if err != nil || !ok || o.Off() {
		return err
	}
	if !st.Meets() && o.Ahead() {
		o.State, o.SettledAt = models.OccurrenceHeld, tx.Now
		if err := tx.Save(models.By{TenantID: o.TenantID, Action: "occurrence_closed"}, &o); err != nil {
			return err
		}
	}
	return s.eachAttendance(tx, d, o, func(a models.Attendance) error {
		if a.OpenUntil > tx.Now { // given back: it closes later, by a due row of its own
			return nil
		}
		// Who asked to be excused waits for the answer; all are due until the
		// leader says that it was held, then this is planned again.
		if a.Intent != models.IntentExcuse && a.MarkAbsent(o) {
			if err := tx.Save(models.By{TenantID: o.TenantID, Action: "attendance_absent"}, &a); err != nil {
				return err
			}
		} else if a.Settled() {
			return nil
		}
		// It cannot be made up any more: the buttons go.
		if err := tx.Touch(o.TenantID, followKey(o.ID, a.PersonID)); err != nil {
			return err
		}
		return tx.TouchStudy(o.TenantID, o.ID, a.PersonID)
	})
}

// dueChange tells members that an occurrence was moved or is off: who had a
// message that said otherwise and may act on it gets a new one with sound, the
// others' messages are edited.
func (s *Services) dueChange(tx *store.Tx, d models.Due) error {
	o, err := tx.Occurrence(d.TenantID, d.RefID)
	if err != nil {
		return err
	}
	at, err := readCursor(d)
	if err != nil {
		return err
	}
	tx.Reach = at.Reach
	defer func() { tx.Reach = 0 }()
	if err := s.eachAttendance(tx, d, o, func(a models.Attendance) error { return s.changeOne(tx, a, at) }); err != nil {
		return err
	}
	return stillStopped(tx, d.TenantID, at.Reach)
}

func (s *Services) changeOne(tx *store.Tx, a models.Attendance, at cursor) error {
	from := at.From
	c, err := s.loadStudy(tx, a.TenantID, a.ID)
	if err != nil {
		return err
	}
	o := c.Occurrence
	if from == o.Start { // there and back before anybody was told
		from = 0
	}
	off := o.Off() || c.Study.State == models.StudyCancelled
	told, err := s.wasTold(tx, o, a)
	if err != nil {
		return err
	}
	coming := a.Intent == models.IntentAttend
	if !off && from != 0 && a.State == models.AttendanceDue {
		a.Intent, a.Slot, a.Before = models.IntentNone, 0, nil // asked anew
		if err := tx.Save(models.By{TenantID: a.TenantID, Action: "attendance_ask_again"}, &a); err != nil {
			return err
		}
		a.Reminded, a.SnoozedTo = nil, 0
		if c.Study.Pushed() && told { // the message of the move stands for the first one
			a.Reminded = []int{pushLead}
		}
		if err := tx.KeepReminding(&a); err != nil {
			return err
		}
		c.Attendance = a
	}
	if err := s.planReminders(tx, c.Study, o, a, c.Tenant, c.Person); err != nil {
		return err
	}
	if !told {
		if err := voidUnsent(tx, a.TenantID, models.StudyKey(o.ID, a.PersonID), tx.Now); err != nil {
			return err
		}
		if err := tx.ShowIn(a.ID, 0); err != nil { // nor in a message of the day that waits
			return err
		}
	}
	if told && (from != 0 && !off || coming && off) && a.State == models.AttendanceDue {
		return s.sendStudy(tx, c, StudyArgs{From: max(from, 1), Where: at.Where && !off})
	}
	if told && coming && at.Where && !off && a.State == models.AttendanceDue { // who means to come may go to the wrong place
		return s.sendStudy(tx, c, StudyArgs{Where: true})
	}
	return tx.TouchStudy(a.TenantID, o.ID, a.PersonID)
}

// voidUnsent drops one message that waits unsent for a time that is no longer
// right, and frees its key. Keys are prefixes of each other, hence the detour.
func voidUnsent(tx *store.Tx, tenantID int64, key string, now models.Instant) error {
	void := "void:" + key + ":" + id(int64(now)) + ":"
	if err := tx.Rekey(tenantID, key, void); err != nil {
		return err
	}
	_, err := tx.CancelMessages(tenantID, void)
	return err
}

// wasTold says whether Slack shows the member a message about an occurrence.
func (s *Services) wasTold(tx *store.Tx, o models.Occurrence, a models.Attendance) (bool, error) {
	m, err := showing(tx, o, a)
	return m.Shown > 0 || m.State == models.MessageSending, err
}

// showing is the message that shows a member's attendance now: their living one
// of the occurrence, or one of the day; zero when there is none.
func showing(tx *store.Tx, o models.Occurrence, a models.Attendance) (models.Message, error) {
	m, err := tx.MessageByKey(a.TenantID, models.StudyKey(o.ID, a.PersonID))
	if errors.Is(err, store.ErrNotFound) && a.DayID != 0 {
		m, err = tx.MessageByID(a.DayID)
	}
	return m, ignoreMissing(err)
}
