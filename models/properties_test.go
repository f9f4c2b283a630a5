package models_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/models"
	"muster/models/plain"
)

// TestWhatAlwaysHolds plays random lives of a call and asks after each act what
// the contract promises, whatever happens.
func TestWhatAlwaysHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		l := plain.Random(func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }, whatHappens)
		w := &watched{pure: newPure(l), t: t, passed: map[string]bool{}}
		if got := l.Play(w); got != "" {
			t.Fatal(got)
		}
	})
}

// watched is a call of which every act is looked at from both sides.
type watched struct {
	*pure
	t      *rapid.T
	passed map[string]bool // parties told that they do not fit
}

func (w *watched) Do(s plain.Step) (string, error) {
	before := w.board
	refused, err := w.pure.Do(s)
	if err != nil || refused != "" || s.What == "restart" || s.What == "lag" {
		return refused, err
	}
	after := w.board
	for _, look := range []func(s plain.Step, before, after *models.Board) string{neverOver, onePlaceEach, lineKept, nobodyPassed, offersEnd,
		quietKept, movedUp, nobodyThrownOut, alongTheTable, filledWhenFull, w.toldOnce} {
		if wrong := look(s, before, after); wrong != "" {
			w.t.Fatalf("%+v: %s\nbefore: %v", s, wrong, show(before))
		}
	}
	return "", nil
}

func show(b *models.Board) string {
	same := func(id int64) int64 { return id }
	return fmt.Sprintf("%d %s", b.Now, plain.PictureOf(b, same, same, same))
}

func name(s *models.Signup) string { return fmt.Sprintf("%d/%d", s.PersonID, s.ShiftID) }

// was is a sign-up as it stood before.
func was(before *models.Board, s *models.Signup) models.Signup {
	if old := before.Of(s.PersonID, s.ShiftID); old != nil {
		return *old
	}
	return models.Signup{}
}

// neverOver: places taken and held never grow beyond the most.
func neverOver(_ plain.Step, before, after *models.Board) string {
	for _, r := range after.Roles {
		had, has := before.Taken(r.ID), after.Taken(r.ID)
		if has > had && has > r.Most {
			return fmt.Sprintf("role %d: %d have a place, %d are wanted", r.ID, has, r.Most)
		}
		if has+after.Held(r.ID) > max(r.Most, had+before.Held(r.ID)) {
			return fmt.Sprintf("role %d: %d have a place and %d are held, %d are wanted", r.ID, has, after.Held(r.ID), r.Most)
		}
	}
	return ""
}

// onePlaceEach: one row a person and shift, and nobody comes to be in two
// shifts that overlap (a shift that is moved throws nobody out).
func onePlaceEach(_ plain.Step, before, after *models.Board) string {
	seen := map[string]bool{}
	for _, s := range after.Signups {
		if seen[name(s)] {
			return name(s) + " is there twice"
		}
		seen[name(s)] = true
		if old := was(before, s); !s.Active() || old.Active() {
			continue
		}
		for _, other := range after.Mine(s.PersonID) {
			if other.ShiftID != s.ShiftID && after.Shift(other.ShiftID).Overlaps(*after.Shift(s.ShiftID)) {
				return name(s) + " overlaps " + name(other)
			}
		}
	}
	return ""
}

// lineKept: those who wait stand in the order in which they stood, but for the
// one who acts.
func lineKept(s plain.Step, before, after *models.Board) string {
	for _, r := range after.Roles {
		last := 0
		for _, su := range after.Waiting(r.ID) {
			old := before.Of(su.PersonID, su.ShiftID)
			if old == nil || su.PersonID == s.Person || old.RoleID != r.ID {
				continue
			}
			at := before.Position(old)
			if at != 0 && at < last {
				return name(su) + " stands behind somebody who came later"
			}
			last = max(last, at)
		}
	}
	return ""
}

// nobodyPassed: who is moved up or offered a place stands before everybody who
// waits, fits as well as they do and can be asked.
func nobodyPassed(s plain.Step, before, after *models.Board) string {
	times := plain.Times()
	for _, r := range after.Roles {
		start := after.Shift(r.ShiftID).StartAt
		var waits []*models.Signup
		for _, old := range before.Waiting(r.ID) {
			su := after.Of(old.PersonID, old.ShiftID)
			if su.PersonID == s.Person || su.PersonID == s.To || su.RoleID != r.ID {
				continue // a place given by name is nobody else's turn
			}
			if su.State == models.SignupWaitlisted && !su.Unchecked {
				waits = append(waits, su)
			}
			if old.State != models.SignupWaitlisted || su.State != models.SignupConfirmed && su.State != models.SignupOffered {
				continue
			}
			for _, w := range waits {
				_, ok := models.OfferUntil(after.Now, start, times[w.PersonID])
				asleep := !ok && start.Sub(after.Now) <= 24*time.Hour
				if w.Party() <= su.Party() && !asleep {
					return fmt.Sprintf("%s was passed by %s", name(w), name(su))
				}
			}
		}
	}
	return ""
}

// offersEnd: an offer ends by the start at the latest, and when its time is over
// it is no more.
func offersEnd(s plain.Step, before, after *models.Board) string {
	for _, su := range after.Signups {
		if su.State != models.SignupOffered {
			continue
		}
		old := was(before, su)
		if old.State != models.SignupOffered && (su.OfferUntil <= after.Now || su.OfferUntil > after.Shift(su.ShiftID).StartAt) {
			return fmt.Sprintf("%s is offered a place until %d", name(su), su.OfferUntil)
		}
		if s.What == "time" && su.OfferUntil <= after.Now {
			return name(su) + " has an offer that is over"
		}
	}
	return ""
}

// quietKept: a place is held for as many minutes as were promised in which the
// person may be spoken to, or to the start.
func quietKept(s plain.Step, before, after *models.Board) string {
	times := plain.Times()
	for _, su := range after.Signups {
		if was(before, su).State == models.SignupOffered || su.State != models.SignupOffered || su.Race || s.What == "hold" && su.PersonID == s.Person {
			continue // put on a list, far ahead, they have longer
		}
		start, t := after.Shift(su.ShiftID).StartAt, times[su.PersonID]
		hold, ahead := 30, start.Sub(after.Now)
		if ahead > 12*time.Hour {
			hold = 120
		}
		if ahead <= 6*time.Hour {
			t.Windows = nil
		}
		minutes := 0
		for at := after.Now; at < su.OfferUntil; at = at.Add(time.Minute) {
			if t.Suit(at) {
				minutes++
			}
		}
		if minutes != hold && (su.OfferUntil != start || minutes > hold || minutes == 0) {
			return fmt.Sprintf("%s has %d minutes to answer, not %d", name(su), minutes, hold)
		}
	}
	return ""
}

// movedUp: more than a day ahead nobody waits who fits into what is free. So a
// raised need moves people up.
func movedUp(_ plain.Step, _, after *models.Board) string {
	if !after.Call.Live() {
		return ""
	}
	for _, r := range after.Roles {
		if after.Shift(r.ShiftID).StartAt.Sub(after.Now) <= 24*time.Hour {
			continue
		}
		for _, su := range after.Waiting(r.ID) {
			if su.State == models.SignupWaitlisted && !su.Unchecked && su.Party() <= after.Free(r.ID) {
				return fmt.Sprintf("%s waits although %d places are free", name(su), after.Free(r.ID))
			}
		}
	}
	return ""
}

// nobodyThrownOut: only their own act, or an offer they let pass, takes somebody
// off the call; what organizers and the clock do never does.
func nobodyThrownOut(s plain.Step, before, after *models.Board) string {
	for _, su := range after.Signups {
		old := was(before, su)
		if !old.Active() || su.Active() || su.Lapsed && s.What == "time" || s.What == "check" {
			continue
		}
		own := s.What == "leave" || s.What == "decline" || s.What == "hand"
		if !own || su.PersonID != s.Person {
			return name(su) + " was thrown out"
		}
	}
	for _, su := range after.Signups {
		if old := was(before, su); old.Holds() && !su.Holds() && su.PersonID != s.Person {
			return name(su) + " lost their place"
		}
	}
	return ""
}

// alongTheTable: a sign-up moves along the written transitions only, at most two
// of them in one decision (withdrawn → waitlisted → offered).
func alongTheTable(_ plain.Step, before, after *models.Board) string {
	states := []models.SignupState{models.SignupConfirmed, models.SignupWaitlisted, models.SignupOffered, models.SignupCheckedIn,
		models.SignupDone, models.SignupNoShow, models.SignupWithdrawn}
	for _, su := range after.Signups {
		from := was(before, su).State
		ok := from == su.State || models.MayMove(from, su.State)
		for _, by := range states {
			ok = ok || models.MayMove(from, by) && models.MayMove(by, su.State)
		}
		if !ok {
			return fmt.Sprintf("%s moved from %q to %q", name(su), from, su.State)
		}
	}
	return ""
}

func filledWhenFull(_ plain.Step, _, after *models.Board) string {
	if after.Call.Taking() && (after.Call.State == models.CallFilled) != after.Full() {
		return fmt.Sprintf("the call is %s, full %v", after.Call.State, after.Full())
	}
	return ""
}

// toldOnce: a party hears once that it is passed over, until it is another
// party, waits for another role or waits anew.
func (w *watched) toldOnce(s plain.Step, before, after *models.Board) string {
	for _, su := range after.Signups {
		if old := was(before, su); old.Guests != su.Guests || old.RoleID != su.RoleID || old.SignedAt != su.SignedAt || su.PersonID == s.Person {
			w.passed[name(su)] = false
		}
	}
	for _, told := range w.told {
		var who string
		if n, _ := fmt.Sscanf(told, string(models.NoticePassed)+" %s", &who); n == 1 {
			if w.passed[who] {
				return who + " was told twice that the party does not fit"
			}
			w.passed[who] = true
		}
	}
	return ""
}
