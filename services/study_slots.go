package services

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// mostSlots is how many alternative times a session can have: what is still a
// choice and not a timetable.
const mostSlots = 9

// farthestSlot is how many days after the main time an alternative may lie: a
// make-up, not another time, is what comes later.
const farthestSlot = 30

// checkSlots asks that alternative times are few, near, different and, for a
// session that takes place once, not past.
func checkSlots(st models.Study, now models.Instant) error {
	at := func(key string, pairs ...any) error {
		e := models.Refuse(models.CodeInvalid, key, pairs...)
		e.Field = "slots"
		return e
	}
	if len(st.Slots) > 0 && !st.Meets() {
		return at("error.series_slots_meet")
	}
	if len(st.Slots) > mostSlots {
		return at("error.series_slots_many", "N", mostSlots)
	}
	o := models.Occurrence{Start: st.Start, End: st.Start.Add(time.Duration(st.Length) * time.Minute)}
	for i := range st.Slots {
		start, end := o.Times(st, i+1)
		days := st.Slots[i].Days
		switch {
		case days > farthestSlot || days < -farthestSlot:
			return at("error.series_slots_far", "N", farthestSlot)
		case st.RRule == "" && end <= now:
			return at("error.series_slot_past", "When", start)
		}
	}
	return nil
}

// SlotTaken is one of the times of an occurrence, and who chose it.
type SlotTaken struct {
	Slot       int // 0 is the main time
	Start, End models.Instant
	Taken      int
	Left       int             // places left; -1 = any number
	People     []models.Person // the first who chose it, for who leads
}

// Full says that no place is left.
func (t SlotTaken) Full() bool { return t.Left == 0 }

// slotNames is how many are named beside a time; a count tells the rest.
const slotNames = 15

// slotsTaken are the times of an occurrence with the places taken; with names
// only for who leads.
func (s *Services) slotsTaken(tx *store.Tx, st models.Study, o models.Occurrence, names bool) ([]SlotTaken, error) {
	taken, err := tx.CountSlots(o.ID)
	if err != nil {
		return nil, err
	}
	out := make([]SlotTaken, 0, len(st.Slots)+1)
	for slot := 0; slot <= len(st.Slots); slot++ {
		t := SlotTaken{Slot: slot, Taken: taken[slot], Left: -1}
		t.Start, t.End = o.Times(st, slot)
		if st.Capacity > 0 {
			t.Left = max(st.Capacity-t.Taken, 0)
		}
		if names && t.Taken > 0 {
			if t.People, err = tx.SlotPeople(o.ID, slot, slotNames); err != nil {
				return nil, err
			}
		}
		out = append(out, t)
	}
	slices.SortStableFunc(out, func(a, b SlotTaken) int { return int(a.Start - b.Start) })
	return out, nil
}

// SlotChoices are the times of the session of the actor's attendance, with the
// places left in each.
func (s *Services) SlotChoices(ctx context.Context, act Act, attendanceID int64) (c StudyCard, times []SlotTaken, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if c, err = s.mine(tx, me, attendanceID); err != nil {
			return err
		}
		times, err = s.slotsTaken(tx, c.Study, c.Occurrence, false)
		return err
	})
	return c, times, err
}

// ignoreFull turns the refusal of a full time into full.
func ignoreFull(err error, full *bool) error {
	var refused *models.Error
	if errors.As(err, &refused) && refused.Key == "error.study_full" {
		*full = true
		return nil
	}
	return err
}

// fullTimes are the times of an occurrence in which no place is left.
func (s *Services) fullTimes(tx *store.Tx, c StudyCard) (map[int]bool, error) {
	full := map[int]bool{}
	if c.Study.Capacity == 0 {
		return full, nil
	}
	times, err := s.slotsTaken(tx, c.Study, c.Occurrence, false)
	for _, t := range times {
		full[t.Slot] = t.Full()
	}
	return full, err
}

// tellFull edits the members' messages when a time has become full, or has
// places again: what their buttons offer has changed.
func (s *Services) tellFull(tx *store.Tx, c StudyCard, before map[int]bool) error {
	after, err := s.fullTimes(tx, c)
	if err != nil || maps.Equal(before, after) {
		return err
	}
	key := studyChangeKey(c.Occurrence.ID)
	if _, err := tx.DueByKey(c.Tenant.ID, key); err == nil || !errors.Is(err, store.ErrNotFound) {
		return err // all of them are gone through already
	}
	return tx.Plan(models.Due{TenantID: c.Tenant.ID, Key: key, Kind: models.DueStudyChange, RefID: c.Occurrence.ID, DueAt: tx.Now, Args: encode(cursor{})})
}
