package services

import (
	"slices"
	"strconv"
	"time"

	"muster/models"
	"muster/store"
)

// When a member's reminders of an occurrence come.

// wantsReminders says whether a member is still to be reminded of an
// occurrence before it takes place.
func wantsReminders(st models.Study, o models.Occurrence, a models.Attendance, p models.Person) bool {
	// Held by a code, another of its times may still be ahead.
	return st.State == models.StudyActive && !o.Off() && a.State == models.AttendanceDue &&
		(a.Intent == models.IntentNone || a.Intent == models.IntentAttend) && !p.Refuses(models.MessageStudy) && !p.Gone
}

// planReminders plans what is left of a member's reminders of an occurrence,
// in place of what was planned before, and which of the day come together.
func (s *Services) planReminders(tx *store.Tx, st models.Study, o models.Occurrence, a models.Attendance, t models.Tenant, p models.Person) error {
	times, err := s.timesOf(tx, t, p)
	if err != nil {
		return err
	}
	if err := planOwn(tx, st, o, a, p, times); err != nil {
		return err
	}
	return s.gatherDays(tx, p, times)
}

// planOwn plans them as they would come by themselves.
func planOwn(tx *store.Tx, st models.Study, o models.Occurrence, a models.Attendance, p models.Person, times models.Times) error {
	if !wantsReminders(st, o, a, p) {
		_, err := tx.Unplan(o.TenantID, remindKeys(o.ID, p.ID))
		return err
	}
	start, _ := o.Times(st, a.Slot)
	waits, err := waitingReminders(tx, a, start)
	if err != nil {
		return err
	}
	if _, err := tx.UnplanAhead(o.TenantID, remindKeys(o.ID, p.ID)); err != nil {
		return err
	}
	if a.SnoozedTo > tx.Now {
		at := times.Snoozed(a.SnoozedTo, tx.Now, start)
		if at != a.SnoozedTo { // their times, or the session's, are others now
			a.SnoozedTo = at
			if err := tx.KeepReminding(&a); err != nil {
				return err
			}
		}
		if at != 0 && at >= p.PauseUntil {
			if err := tx.Plan(remindDue(o, a, "snooze", at, reminding{})); err != nil {
				return err
			}
		}
	}
	return tx.PlanAll(reminderDues(st, o, a, p, times, waits, tx.Now))
}

// reminderDues are the due rows of a member's reminders of an occurrence.
func reminderDues(st models.Study, o models.Occurrence, a models.Attendance, p models.Person, times models.Times, waits waiting, now models.Instant) (out []models.Due) {
	start, _ := o.Times(st, a.Slot)
	for _, r := range comingReminders(st, o, a, p, times, waits, now) {
		args := reminding{Leads: minutesOf(r.Leads)}
		if r.At > start.Add(-r.Leads[0]) {
			args.Waits, args.Meant = start, waits.meant
		}
		out = append(out, remindDue(o, a, strconv.Itoa(args.Leads[len(args.Leads)-1]), r.At, args))
	}
	return out
}

// remindDue is one due row of a member's occurrence.
func remindDue(o models.Occurrence, a models.Attendance, name string, at models.Instant, args reminding) models.Due {
	return models.Due{TenantID: o.TenantID, Key: remindKeys(o.ID, a.PersonID) + name + ":", Kind: models.DueStudyRemind,
		RefID: a.ID, PersonID: a.PersonID, DueAt: at, Args: encode(args)}
}

// waiting are the reminders of an attendance that come later than their lead
// time: they were promised, and whatever is planned anew they still come.
type waiting struct {
	leads []time.Duration
	meant models.Instant // when they should have come, where that was missed
}

// waitingReminders finds them among what is planned before a session that begins
// at start; what was planned before another time waits no more.
func waitingReminders(tx *store.Tx, a models.Attendance, start models.Instant) (w waiting, err error) {
	rows, err := tx.DuesOf(a.TenantID, a.ID, models.DueStudyRemind)
	if err != nil {
		return w, err
	}
	for _, d := range rows {
		args, err := readReminding(d)
		if err != nil {
			return w, err
		}
		if args.Waits != start || d.DueAt <= tx.Now {
			continue
		}
		for _, lead := range args.Leads {
			if d := time.Duration(lead) * time.Minute; lead >= 0 && start.Add(-d) <= tx.Now && !slices.Contains(a.Reminded, lead) {
				w.leads = append(w.leads, d)
				w.meant = args.Meant
			}
		}
	}
	return w, nil
}

// comingReminders is what a member will get before an occurrence from now on.
func comingReminders(st models.Study, o models.Occurrence, a models.Attendance, p models.Person, times models.Times, waits waiting, now models.Instant) []models.Planned {
	start, _ := o.Times(st, a.Slot)
	left := slices.DeleteFunc(wantedLeads(st, p), func(d time.Duration) bool {
		return slices.Contains(a.Reminded, int(d/time.Minute))
	})
	planned := slices.DeleteFunc(times.PlanAgain(start, left, waits.leads, now), func(r models.Planned) bool {
		return r.At < p.PauseUntil || r.At <= a.SnoozedTo // put off: what falls before it is the same reminder
	})
	return withPush(st, o, a, p, times, now, planned)
}

// wantedLeads are a study's lead times, or the last one for who wants no more.
func wantedLeads(st models.Study, p models.Person) []time.Duration {
	leads := st.LeadTimes()
	if p.OptedOut(models.OffEarly) && len(leads) > 1 {
		leads = leads[len(leads)-1:]
	}
	return leads
}

func minutesOf(leads []time.Duration) []int {
	out := make([]int, len(leads))
	for i, d := range leads {
		out[i] = int(d / time.Minute)
	}
	return out
}
