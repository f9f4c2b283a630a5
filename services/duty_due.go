package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

func (s *Services) dutyDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DueDutyLook: s.dueDutyLook, models.DueDutyNotice: s.dueDutyNotice}
}

const dutyLookKey = "duty:look"

func dutyNoticeKey(personID int64) string { return "duty:notice:" + id(personID) }

// dutyLook is where a look stands.
type dutyLook struct {
	Last  models.Instant `json:"last,omitempty"`  // when it was looked before
	After int64          `json:"after,omitempty"` // the last unit looked at
}

// dutyTell is what a notice is to tell of. Meant is when it should have come,
// where that is long past.
type dutyTell struct {
	Units []int64        `json:"units"`
	Meant models.Instant `json:"meant,omitempty"`
}

func dutyDueArgs[T any](d models.Due) (args T, err error) {
	if len(d.Args) == 0 {
		return args, nil
	}
	if err := json.Unmarshal(d.Args, &args); err != nil {
		return args, fmt.Errorf("arguments of %s: %w", d.Key, err)
	}
	return args, nil
}

// planDutyLook plans when duties are looked at next; without any, never.
func (s *Services) planDutyLook(tx *store.Tx, t models.Tenant) error {
	duties, err := tx.Duties(t.ID)
	if err != nil {
		return err
	}
	at := models.NextDutyLook(duties, t.Location(), tx.Now)
	if at == 0 {
		_, err := tx.Unplan(t.ID, dutyLookKey)
		return err
	}
	return tx.Plan(models.Due{TenantID: t.ID, Key: dutyLookKey, Kind: models.DueDutyLook, RefID: t.ID, DueAt: at, Args: encode(dutyLook{Last: tx.Now})})
}

// dueDutyLook finds who is to be told of duties near the end of their period,
// and edits what was told where a period has ended meanwhile. After a long
// pause only the periods under way count. It walks the units in portions.
func (s *Services) dueDutyLook(tx *store.Tx, d models.Due) error {
	t, err := tx.Tenant(d.TenantID)
	if err != nil {
		return err
	}
	look, err := dutyDueArgs[dutyLook](d)
	if err != nil {
		return err
	}
	all, err := tx.Units(t.ID)
	if err != nil {
		return err
	}
	var part []int64
	for _, u := range all {
		if u.ID > look.After {
			part = append(part, u.ID)
		}
	}
	slices.Sort(part)
	part = part[:min(len(part), peopleBatch)]
	if len(part) == 0 {
		return s.planDutyLook(tx, t)
	}
	if err := s.lookAtDuties(tx, t, part, d.DueAt, look.Last); err != nil {
		return err
	}
	if len(part) < peopleBatch {
		return s.planDutyLook(tx, t)
	}
	look.After = part[len(part)-1]
	d.Args = encode(look)
	return tx.Plan(d)
}

// lookAtDuties looks at some units. meant is when it was to be looked.
func (s *Services) lookAtDuties(tx *store.Tx, t models.Tenant, units []int64, meant, last models.Instant) error {
	book, err := s.dutyBook(tx, t, dutyScope{Units: units})
	if err != nil || len(book.Duties) == 0 {
		return err
	}
	who, err := s.answerers(tx, t, book.Units, units)
	if err != nil {
		return err
	}
	for _, unit := range units {
		u, _ := book.Unit(unit)
		open, over := slices.ContainsFunc(book.Present(u), models.DutyState.Tells), len(book.Ended(u, last)) > 0
		for _, p := range who[unit] {
			if over {
				if err := tx.Touch(t.ID, models.DutyKey(p.ID)); err != nil {
					return err
				}
			}
			if open {
				if err := s.planDutyNotice(tx, t, p, unit, meant); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// planDutyNotice plans to tell somebody of a unit in their own time, with what
// is planned for them already.
func (s *Services) planDutyNotice(tx *store.Tx, t models.Tenant, p models.Person, unit int64, meant models.Instant) error {
	times, err := s.timesOf(tx, t, p)
	if err != nil {
		return err
	}
	had, err := tx.DueByKey(t.ID, dutyNoticeKey(p.ID))
	if ignoreMissing(err) != nil {
		return err
	}
	args, err := dutyDueArgs[dutyTell](had)
	if err != nil {
		return err
	}
	if !slices.Contains(args.Units, unit) {
		args.Units = append(args.Units, unit)
	}
	if should := nextTime(times, max(meant, p.PauseUntil)); args.Meant == 0 && tx.Now.Sub(should) > dutyLateAfter {
		args.Meant = should
	}
	at := nextTime(times, max(tx.Now, p.PauseUntil))
	if had.ID != 0 {
		at = min(at, had.DueAt)
	}
	return tx.Plan(models.Due{TenantID: t.ID, Key: dutyNoticeKey(p.ID), Kind: models.DueDutyNotice, PersonID: p.ID, DueAt: at, Args: encode(args)})
}

// dutyLateAfter is from when on a notice says that it comes late, as study's
// reminders do.
const dutyLateAfter = 15 * time.Minute

// nextTime is the next time that suits somebody: in a window, within eight
// days, in which every window has come round, else outside their quiet hours.
func nextTime(times models.Times, from models.Instant) models.Instant {
	if at, ok := times.Next(from, from.Add(models.StudyHorizon)); ok {
		return at
	}
	return models.EndOfRest(from, times.Rest, times.Zone)
}

// DutyArgs is what a message about duties is about.
type DutyArgs struct {
	Day   string         `json:"day"`   // on which it was told: the periods are those of that day
	Items [][2]int64     `json:"items"` // unit and duty
	More  int            `json:"more,omitempty"`
	Meant models.Instant `json:"late,omitempty"` // when it should have come; 0 = it came in time
}

// dutyItems bounds how many duties one message names: each is a section and a
// row of buttons, and Slack takes 50 blocks.
const dutyItems = 20

// dueDutyNotice tells somebody what is open in their units, in one message: once
// for each period, and only if it is still so.
func (s *Services) dueDutyNotice(tx *store.Tx, d models.Due) error {
	t, err := tx.Tenant(d.TenantID)
	if err != nil {
		return err
	}
	tell, err := dutyDueArgs[dutyTell](d)
	if err != nil {
		return err
	}
	p, err := tx.Person(d.PersonID)
	if ignoreMissing(err) != nil || !reachable(p) {
		return ignoreMissing(err)
	}
	open, fresh, err := s.dutiesToTell(tx, t, p.ID, tell.Units)
	if err != nil || len(fresh) == 0 {
		return err
	}
	times, err := s.timesOf(tx, t, p)
	if err != nil {
		return err
	}
	if tell.Meant == 0 && tx.Now.Sub(d.DueAt) > dutyLateAfter { // Muster was down
		tell.Meant = d.DueAt
	}
	if at := nextTime(times, max(tx.Now, p.PauseUntil)); at > tx.Now { // their windows changed, or a pause began
		d.DueAt, d.Args = at, encode(tell)
		return tx.Plan(d)
	}
	for _, o := range fresh {
		n := models.DutyNotice{TenantID: t.ID, UnitID: o.Unit.ID, DutyID: o.Duty.ID, Period: o.Period.Key(), PersonID: p.ID, At: tx.Now}
		if err := tx.SaveDutyNotice(&n); err != nil {
			return err
		}
	}
	if err := s.retireDuty(tx, t.ID, p.ID); err != nil {
		return err
	}
	args := DutyArgs{Day: models.DateOf(tx.Now, t.Location()), Meant: tell.Meant}
	ends := models.Instant(0)
	for _, o := range open {
		ends = max(ends, o.Period.End(t.Location()))
		if len(args.Items) < dutyItems {
			args.Items = append(args.Items, [2]int64{o.Unit.ID, o.Duty.ID})
		}
	}
	args.More = len(open) - len(args.Items)
	_, err = tx.Enqueue(models.Message{TenantID: t.ID, Key: models.DutyKey(p.ID), Kind: models.MessageDuty, SubjectID: p.ID, PersonID: p.ID,
		Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait, ExpiresAt: ends}.WithArgs(args))
	return err
}

// dutiesToTell is what somebody is to be told of units they answer for: all
// that is open near the end of its period, and of that what they were not told.
func (s *Services) dutiesToTell(tx *store.Tx, t models.Tenant, personID int64, units []int64) (open, fresh []models.DutyState, err error) {
	if len(units) == 0 {
		return nil, nil, nil
	}
	book, err := s.dutyBook(tx, t, dutyScope{Units: units, Full: true})
	if err != nil {
		return nil, nil, err
	}
	who, err := s.answerers(tx, t, book.Units, units)
	if err != nil {
		return nil, nil, err
	}
	var periods []string
	for _, unit := range units {
		u, lives := book.Unit(unit)
		if !lives || !slices.ContainsFunc(who[unit], func(p models.Person) bool { return p.ID == personID }) {
			continue
		}
		for _, o := range book.Present(u) {
			if o.Tells() {
				open, periods = append(open, o), append(periods, o.Period.Key())
			}
		}
	}
	if len(open) == 0 {
		return nil, nil, nil
	}
	notices, err := tx.DutyNotices(t.ID, personID, periods)
	if err != nil {
		return nil, nil, fmt.Errorf("notices of duties: %w", err)
	}
	told := map[models.DutyNotice]bool{}
	for _, n := range notices {
		told[models.DutyNotice{UnitID: n.UnitID, DutyID: n.DutyID, Period: n.Period}] = true
	}
	for _, o := range open {
		if !told[models.DutyNotice{UnitID: o.Unit.ID, DutyID: o.Duty.ID, Period: o.Period.Key()}] {
			fresh = append(fresh, o)
		}
	}
	return open, fresh, nil
}

// retireDuty lets a new message take over from the one before: what was not
// sent yet is dropped, what was becomes a line.
func (s *Services) retireDuty(tx *store.Tx, tenantID, personID int64) error {
	key := models.DutyKey(personID)
	m, err := tx.MessageByKey(tenantID, key)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if m.Shown == 0 && m.State == models.MessageQueued {
		return voidUnsent(tx, tenantID, key, tx.Now)
	}
	was := key + "was:" + id(m.ID)
	if err := tx.StepBack(tenantID, key, was); err != nil {
		return err
	}
	return tx.Touch(tenantID, was)
}

// DutyMessage is what a message about duties shows at this moment. ok is false
// when nothing of it is left.
func (s *Services) DutyMessage(ctx context.Context, m models.Message) (out DutyPage, ok bool, err error) {
	var args DutyArgs
	if err := json.Unmarshal(m.Args, &args); err != nil {
		return out, false, fmt.Errorf("arguments of message %d: %w", m.ID, err)
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if out.Tenant, err = tx.Tenant(m.TenantID); err != nil {
			return err
		}
		if out.Reader, err = tx.Person(m.PersonID); err != nil {
			return err
		}
		units := make([]int64, len(args.Items))
		for i, item := range args.Items {
			units[i] = item[0]
		}
		yearly := models.DutyPeriodOf(models.CadenceYear, args.Day) // no period of that day began before
		book, err := s.dutyBook(tx, out.Tenant, dutyScope{From: yearly.First(), Units: units, Full: true})
		if err != nil {
			return err
		}
		out.Now, out.Meant, out.More, out.Past = tx.Now, args.Meant, args.More, m.Key != models.DutyKey(m.PersonID)
		for _, item := range args.Items {
			u, known := book.Unit(item[0])
			d, holds := book.Duty(item[1])
			if !known || !holds || !d.For(u) {
				continue
			}
			state := book.State(u, d, models.DutyPeriodOf(d.Cadence, args.Day))
			if n := len(out.Units); n == 0 || out.Units[n-1].Unit.ID != u.ID {
				out.Units = append(out.Units, DutyUnit{Unit: u})
			}
			last := &out.Units[len(out.Units)-1]
			last.Present = append(last.Present, state)
		}
		out.People, err = dutyPeople(tx, out.Units)
		return err
	})
	return out, len(out.Units) > 0, err
}
