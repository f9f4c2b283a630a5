package services

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// Reminders of one day that come together. Each keeps its own due row; those
// that are to come together are due at the same moment, and the first of them
// to be done takes the others along. So what is planned says what will happen,
// and when one falls away the others find back to their own times.

func (s *Services) dayDues() map[models.DueKind]dueFunc { return nil }

// dayKinds are the rows that count.
var dayKinds = []models.DueKind{models.DueStudyRemind, models.DueStudyFollow}

func readReminding(d models.Due) (reminding, error) {
	var args reminding
	if len(d.Args) == 0 {
		return args, nil
	}
	if err := json.Unmarshal(d.Args, &args); err != nil {
		return args, fmt.Errorf("what %s carries: %w", d.Key, err)
	}
	return args, nil
}

// chosen says that the person set the time themselves: it is kept.
func chosen(d models.Due, args reminding) bool {
	return d.Kind == models.DueStudyRemind && len(args.Leads) == 0
}

// byItself is when a reminder would come by itself.
func byItself(d models.Due, args reminding) models.Instant {
	if args.Own != 0 {
		return args.Own
	}
	return d.DueAt
}

// gatherDays plans which of a person's reminders ahead come together, and
// gives those their own times back that no longer do.
func (s *Services) gatherDays(tx *store.Tx, p models.Person, times models.Times) error {
	rows, err := tx.DuesOfPerson(p.TenantID, p.ID, dayKinds...)
	if err != nil {
		return err
	}
	return s.gatherRows(tx, p, times, rows)
}

// gatherRows is gatherDays with what is planned for the person.
func (s *Services) gatherRows(tx *store.Tx, p models.Person, times models.Times, rows []models.Due) error {
	var ahead []models.Due
	var items []models.DayItem
	carries := map[int64]reminding{}
	now := 0 // on their way to be sent
	for _, d := range rows {
		args, err := readReminding(d)
		if err != nil {
			return err
		}
		switch {
		case chosen(d, args):
		case d.DueAt <= tx.Now:
			now++
		default:
			ahead, items = append(ahead, d), append(items, models.DayItem{ID: d.ID, Of: d.RefID, At: byItself(d, args)})
			carries[d.ID] = args
		}
	}
	at, err := s.together(tx, p, times, items, now)
	if err != nil {
		return err
	}
	for _, d := range ahead {
		args := carries[d.ID]
		due, apart := byItself(d, args), models.Instant(0)
		if with, ok := at[d.ID]; ok {
			due, apart = with, due
		}
		if due == d.DueAt && apart == args.Own {
			continue
		}
		args.Own = apart
		d.DueAt, d.Args = due, encode(args)
		if err := tx.Plan(d); err != nil {
			return err
		}
	}
	return nil
}

// together says when those of a person's reminders come that come together, by
// row. soon are on their way besides.
func (s *Services) together(tx *store.Tx, p models.Person, times models.Times, items []models.DayItem, soon int) (map[int64]models.Instant, error) {
	at := map[int64]models.Instant{}
	if p.OptedOut(models.OffDay) || len(items) < 2 {
		return at, nil
	}
	var err error
	groups := times.Gather(items, func(from, to models.Instant) int {
		n, cause := tx.StudySounds(p.TenantID, p.ID, from, to)
		err = errors.Join(err, cause)
		return n + soon
	}, tx.Now)
	for _, g := range groups {
		for _, i := range g.Items {
			at[i.ID] = g.At
		}
	}
	return at, err
}

// withDay sends a reminder that is due together with the others of its day. When
// it was to come so and too few are left, it finds back to its own time; done
// is false when it is to be sent by itself now.
func (s *Services) withDay(tx *store.Tx, p models.Person, times models.Times, d models.Due, args reminding) (done bool, err error) {
	late := tx.Now.Sub(cmp.Or(args.Meant, d.DueAt)) > models.RemindLate
	if chosen(d, args) || args.Own == 0 && !late {
		return false, nil
	}
	d.Args = encode(args)
	if done, err = s.sendDay(tx, p, times, d); err != nil || done || args.Own <= tx.Now {
		return done, err
	}
	d.DueAt, args.Own, args.Meant = args.Own, 0, 0
	d.Args = encode(args)
	return true, tx.Plan(d)
}

// dayPart is one reminder about to come together with others.
type dayPart struct {
	StudyCard
	due  models.Due
	args reminding
}

// sendDay sends the reminders that come together with d, which is due; done is
// false when it comes by itself.
func (s *Services) sendDay(tx *store.Tx, p models.Person, times models.Times, d models.Due) (done bool, err error) {
	rows, err := tx.DuesOfPerson(p.TenantID, p.ID, dayKinds...)
	if err != nil {
		return false, err
	}
	parts := map[int64]dayPart{}
	var items []models.DayItem
	_, day := models.LocalDay(tx.Now, times.Zone)
	for _, row := range append(rows, d) {
		part := dayPart{due: row}
		if part.args, err = readReminding(row); err != nil {
			return false, err
		}
		at := byItself(row, part.args)
		if row.DueAt <= tx.Now {
			at = part.meant()
		}
		if chosen(row, part.args) || at >= day {
			continue
		}
		if part.StudyCard, err = s.loadStudy(tx, row.TenantID, row.RefID); errors.Is(err, store.ErrNotFound) {
			continue
		} else if err != nil {
			return false, err
		}
		if still, err := s.countsNow(tx, row, part.StudyCard); err != nil {
			return false, err
		} else if still {
			parts[row.ID] = part
			items = append(items, models.DayItem{ID: row.ID, Of: row.RefID, At: at})
		}
	}
	at, err := s.together(tx, p, times, items, 0)
	if err != nil || at[d.ID] == 0 || at[d.ID] > tx.Now {
		return false, err
	}
	var with []dayPart
	for _, i := range items {
		if at[i.ID] == at[d.ID] {
			with = append(with, parts[i.ID])
		}
	}
	return true, s.sendTogether(tx, p, with)
}

// stillDue asks at the moment of sending whether a reminder is still wanted.
func (s *Services) stillDue(tx *store.Tx, d models.Due, c StudyCard) (bool, error) {
	if tx.Now < c.Person.PauseUntil {
		return false, nil
	}
	if d.Kind == models.DueStudyFollow {
		return s.wantsFollow(tx, c)
	}
	return wantsReminders(c.Study, c.Occurrence, c.Attendance, c.Person), nil
}

// countsNow is stillDue, and that it is of use: what is over does not make a
// day full.
func (s *Services) countsNow(tx *store.Tx, d models.Due, c StudyCard) (bool, error) {
	still, err := s.stillDue(tx, d, c)
	if err != nil || !still || d.Kind == models.DueStudyFollow {
		return still, err
	}
	return s.stillUseful(tx, c)
}

// sendTogether puts reminders into one message, which takes over their buttons;
// what it stands for is used up.
func (s *Services) sendTogether(tx *store.Tx, p models.Person, with []dayPart) error {
	slices.SortStableFunc(with, func(a, b dayPart) int { return cmp.Compare(a.start(), b.start()) })
	var args models.DayArgs
	shown := map[int64]StudyCard{}
	expires := models.Instant(0)
	for _, part := range with {
		useful, ends, err := s.usePart(tx, part)
		if err != nil {
			return err
		}
		if meant := part.meant(); tx.Now.Sub(meant) > models.RemindLate && (args.LateFrom == 0 || meant < args.LateFrom) {
			args.LateFrom = meant
		}
		if _, twice := shown[part.Attendance.ID]; !useful || twice {
			continue
		}
		shown[part.Attendance.ID] = part.StudyCard
		args.Items = append(args.Items, part.Attendance.ID)
		expires = max(expires, ends)
	}
	items := args.Items
	for n := 0; len(items) > 0; n++ {
		args.Items = items[:min(len(items), models.DayItems)]
		items = items[len(args.Items):]
		if err := s.sendItems(tx, p, n, args, shown, expires); err != nil {
			return err
		}
	}
	return nil
}

func (p dayPart) start() models.Instant {
	start, _ := p.Occurrence.Times(p.Study, p.Attendance.Slot)
	return start
}

// meant is when it should have come.
func (p dayPart) meant() models.Instant {
	if p.args.Meant != 0 {
		return p.args.Meant
	}
	return p.due.DueAt
}

// usePart uses up one reminder of several that come together; useful says
// whether it is still worth telling, ends until when.
func (s *Services) usePart(tx *store.Tx, part dayPart) (useful bool, ends models.Instant, err error) {
	c := part.StudyCard
	if part.due.Kind == models.DueStudyFollow {
		return true, c.Attendance.MakeupUntil(c.Occurrence, c.Study), s.useFollow(tx, c)
	}
	if err := s.useUp(tx, c, part.args); err != nil {
		return false, 0, err
	}
	if useful, err = s.stillUseful(tx, c); err == nil && !useful {
		err = missedRemind(tx, c, part.meant())
	}
	return useful, lastUse(c), err
}

// sendItems queues one message of the day.
func (s *Services) sendItems(tx *store.Tx, p models.Person, n int, args models.DayArgs, shown map[int64]StudyCard, expires models.Instant) error {
	key := models.DayKey(p.ID, tx.Now, n)
	m := models.Message{TenantID: p.TenantID, Key: key, Kind: models.MessageStudyDay, SubjectID: p.ID, PersonID: p.ID,
		Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait, ExpiresAt: expires}
	if _, err := tx.Enqueue(m.WithArgs(args)); err != nil {
		return err
	}
	m, err := tx.MessageByKey(p.TenantID, key)
	if err != nil {
		return err
	}
	for _, attendanceID := range args.Items {
		if err := s.takeOver(tx, shown[attendanceID]); err != nil {
			return err
		}
		if err := tx.ShowIn(attendanceID, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// takeOver makes a line of what showed an occurrence before, and drops what was
// to show it and has not gone out.
func (s *Services) takeOver(tx *store.Tx, c StudyCard) error {
	key := models.StudyKey(c.Occurrence.ID, c.Person.ID)
	m, err := tx.MessageByKey(c.Tenant.ID, key)
	if err == nil && m.Shown == 0 && m.State == models.MessageQueued {
		return voidUnsent(tx, c.Tenant.ID, key, tx.Now)
	}
	if ignoreMissing(err) != nil {
		return err
	}
	return s.retire(tx, c)
}

// leaveDay takes an occurrence out of the message of the day that showed it: a
// newer one has it.
func leaveDay(tx *store.Tx, c StudyCard) error {
	if c.Attendance.DayID == 0 {
		return nil
	}
	if err := tx.ShowIn(c.Attendance.ID, 0); err != nil {
		return err
	}
	return tx.TouchMessage(c.Tenant.ID, c.Attendance.DayID)
}

// StudyDay is what a message of the day is rendered from.
type StudyDay struct {
	Tenant models.Tenant
	Person models.Person
	Items  []StudyCard // with DayID of their attendance: another's when a newer message shows them
	Now    models.Instant
}

// StudyDay finds what a message of the day shows; what was taken back is left
// out.
func (s *Services) StudyDay(ctx context.Context, m models.Message) (out StudyDay, err error) {
	var args models.DayArgs
	if len(m.Args) > 0 {
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return out, fmt.Errorf("arguments of message %d: %w", m.ID, err)
		}
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		out.Now = tx.Now
		if out.Tenant, err = tx.Tenant(m.TenantID); err != nil {
			return err
		}
		if out.Person, err = tx.Person(m.PersonID); err != nil {
			return err
		}
		for _, attendanceID := range args.Items {
			c, err := s.loadStudy(tx, m.TenantID, attendanceID)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			if c, err = s.withYear(tx, c); err != nil {
				return err
			}
			out.Items = append(out.Items, c)
		}
		return nil
	})
	return out, err
}

// toldTimes are the times at which a member is going to be reminded of an
// occurrence, as it is planned: by themselves, with others of the day, put off.
func toldTimes(tx *store.Tx, a models.Attendance) ([]models.Planned, error) {
	rows, err := tx.DuesOf(a.TenantID, a.ID, models.DueStudyRemind)
	if err != nil {
		return nil, err
	}
	var out []models.Planned
	for _, d := range rows {
		args, err := readReminding(d)
		if err != nil {
			return nil, err
		}
		if d.DueAt <= tx.Now {
			continue
		}
		r := models.Planned{At: d.DueAt}
		for _, lead := range args.Leads {
			r.Leads = append(r.Leads, time.Duration(lead)*time.Minute)
		}
		out = append(out, r)
	}
	return slices.CompactFunc(out, func(a, b models.Planned) bool { return a.At == b.At }), nil
}
