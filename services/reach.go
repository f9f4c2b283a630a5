package services

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// Before many are reached, who acts sees how many that is and chooses; while
// it goes out there is a button that stops it.

// Pace is how fast messages go out: what a forecast is made with.
type Pace struct {
	PostsPerMinute int
	WorldSpeed     func() float64 // pretend seconds in a real one; nil = 1
}

// reachPlan is an act that reaches people directly.
type reachPlan struct {
	Kind      string
	RefID     int64   // the call, occurrence or study it is about
	People    []int64 // who is reached; the actor may be among them
	Urgent    bool    // passes quiet hours
	Everybody bool    // for the whole organisation: with Urgent it needs an admin
	Soon      bool    // begins so soon that it cannot wait for the end of quiet hours
	Awake     []int64 // on site: what is said to them disturbs nobody's night
	Text      string  // an organizer's words
	Args      any     // what is to be done once it is chosen
}

// reachKinds is what is done once somebody chose to reach many, by kind; people
// are those chosen, tx.Reach is set. A refusal undoes the choice.
func (s *Services) reachKinds() map[string]func(tx *store.Tx, me Actor, r models.Reach, people []int64) error {
	return map[string]func(tx *store.Tx, me Actor, r models.Reach, people []int64) error{
		models.ReachTell: s.tellReached, models.ReachCancel: s.cancelReached, models.ReachReopen: s.reopenReached,
		models.ReachEdit: s.editReached, models.ReachAsk: s.askReached, models.ReachFewer: s.fewerReached, models.ReachStudy: s.studyReached, models.ReachStudyCancel: s.studyCancelReached, models.ReachStudyEdit: s.studyEditReached,
		models.ReachHoliday: s.holidayReached,
	}
}

// reachStops is what else happens when a reach of a kind is stopped (or, with
// back, goes on after all), besides its messages being held back.
func (s *Services) reachStops() map[string]func(tx *store.Tx, me Actor, r models.Reach, back bool) error {
	return map[string]func(tx *store.Tx, me Actor, r models.Reach, back bool) error{
		models.ReachAsk: s.askStopped,
	}
}

// reach asks whether people may be reached at once. ok: nothing has to be asked;
// from now on everything the transaction queues for a person belongs to r. Else
// a reach waits for its choice, and the caller must change nothing: what is to
// be done is done by the function of its kind when it was chosen.
func (s *Services) reach(tx *store.Tx, me Actor, p reachPlan) (ok bool, r models.Reach, err error) {
	if p.Everybody && p.Urgent && !me.Rights.Admin() {
		return false, r, s.refuseAdmin(tx, me)
	}
	people := slices.Compact(slices.Sorted(slices.Values(p.People)))
	r = models.Reach{TenantID: me.Tenant.ID, Kind: p.Kind, RefID: p.RefID, ByID: me.Person.ID, State: models.ReachGoing,
		Urgent: p.Urgent, Everybody: p.Everybody, Soon: p.Soon, People: len(people), Text: p.Text, CreatedAt: tx.Now}
	if p.Args != nil {
		r.Args = encode(p.Args)
	}
	if r.Quiet, r.DND, err = s.disturbed(tx, me, people, p.Awake); err != nil {
		return false, r, err
	}
	if r.FromAt, r.UntilAt, err = s.forecast(tx, me.Tenant, len(people), r.Priority()); err != nil {
		return false, r, err
	}
	if !r.NeedsAsking() {
		if len(people) > 1 || p.Kind == models.ReachTell {
			err = s.startReach(tx, me, &r)
		}
		return true, r, err
	}
	if err := s.knowDND(tx, me.Tenant.ID, people); err != nil {
		return false, r, err
	}
	r.State, r.Who = models.ReachAsked, people
	if err := s.offers(tx, me, p, &r); err != nil {
		return false, r, err
	}
	if err := tx.Save(me.By("reach_ask"), &r); err != nil {
		return false, r, err
	}
	return false, r, tx.Plan(models.Due{TenantID: r.TenantID, Key: reachDue("expire", r.ID), Kind: models.DueReachExpire,
		RefID: r.ID, DueAt: tx.Now.Add(models.ReachKept)})
}

func reachDue(what string, id int64) string { return fmt.Sprintf("reach:%s:%d:", what, id) }

// offers finds what besides send and cancel can be chosen: only the actor's
// own unit where that is fewer, waiting while the organisation's quiet hours
// last.
func (s *Services) offers(tx *store.Tx, me Actor, p reachPlan, r *models.Reach) error {
	rest := models.Rest{Start: me.Tenant.QuietStart, End: me.Tenant.QuietEnd}
	if end := models.EndOfRest(tx.Now, rest, me.Tenant.Location()); end > tx.Now && !p.Soon {
		r.WaitTo = end
	}
	if !r.Narrows() {
		return nil
	}
	unit, err := unitOfActor(tx, me)
	if err != nil || unit == 0 {
		return err
	}
	mine, err := inUnit(tx, me.Tenant.ID, unit, r.Who)
	if err != nil {
		return err
	}
	if len(mine) > 0 && len(mine) < len(r.Who) {
		r.UnitID, r.UnitPeople = unit, len(mine)
	}
	return nil
}

// unitOfActor is the unit somebody is in, else the one they organize or lead; 0
// for none.
func unitOfActor(tx *store.Tx, me Actor) (int64, error) {
	u, err := tx.UnitOf(me.Person.ID)
	switch {
	case err == nil:
		return u.ID, nil
	case !errors.Is(err, store.ErrNotFound):
		return 0, fmt.Errorf("unit of the actor: %w", err)
	}
	if id := organizes(me.Rights); id != 0 || len(me.Rights.Leads) == 0 {
		return id, nil
	}
	return me.Rights.Leads[0], nil
}

// inUnit are those of some people who are in a unit or one below it.
func inUnit(tx *store.Tx, tenantID, unit int64, people []int64) ([]int64, error) {
	units, err := tx.Units(tenantID)
	if err != nil {
		return nil, err
	}
	under := append(models.UnitsBelow(units, unit), unit)
	of, err := tx.UnitsOfPeople(tenantID, people)
	if err != nil {
		return nil, err
	}
	var out []int64
	for _, id := range people {
		if slices.Contains(under, of[id].ID) {
			out = append(out, id)
		}
	}
	return out, nil
}

// disturbed counts who of some people is in quiet hours now, and who has
// do-not-disturb on. The actor is awake, and so are those on site.
func (s *Services) disturbed(tx *store.Tx, me Actor, people, awake []int64) (quiet, dnd int, err error) {
	byID, err := tx.PersonsByIDs(people)
	if err != nil {
		return 0, 0, err
	}
	crowd := models.Crowd{Tenant: me.Tenant}
	if crowd.Units, err = tx.UnitsOfPeople(me.Tenant.ID, people); err != nil {
		return 0, 0, err
	}
	for id, p := range byID {
		if id != me.Person.ID && !slices.Contains(awake, id) {
			crowd.People = append(crowd.People, p)
		}
	}
	quiet, dnd = crowd.Disturbed(tx.Now)
	return quiet, dnd, nil
}

// forecast is from when until when n messages of a priority will go out at
// Slack's pace, behind what is queued already.
func (s *Services) forecast(tx *store.Tx, t models.Tenant, n int, priority models.Priority) (from, until models.Instant, err error) {
	ahead, err := tx.PostsAhead(t.ID, priority)
	if err != nil {
		return 0, 0, fmt.Errorf("what is queued: %w", err)
	}
	speed := 1.0
	if s.pace.WorldSpeed != nil {
		speed = s.pace.WorldSpeed()
	}
	from, until = models.Paced(tx.Now, ahead, n, s.pace.PostsPerMinute, speed)
	return from, until, nil
}

// startReach makes a reach go: what the transaction queues from now on belongs
// to it. Who chose is shown how far it is; who reaches a few sees that
// where they look, and gets no message of their own.
func (s *Services) startReach(tx *store.Tx, me Actor, r *models.Reach) error {
	shown := r.State != models.ReachGoing
	r.State, r.StartedAt = models.ReachGoing, tx.Now
	if err := tx.Save(me.By("reach_send"), r); err != nil {
		return err
	}
	if shown {
		if err := showReach(tx, *r); err != nil {
			return err
		}
	}
	tx.Reach = r.ID
	return tx.Plan(models.Due{TenantID: r.TenantID, Key: models.ReachKey(r.ID), Kind: models.DueReachLook, RefID: r.ID,
		DueAt: max(r.UntilAt, tx.Now).Add(reachLook)})
}

// reachLook is how long after its forecast a reach is looked at that did not
// come to its end by itself: some of it waits for quiet hours to end.
const reachLook = time.Minute

// showReach queues the message that shows how far a reach is, ahead of what it
// sends, or edits the one there is.
func showReach(tx *store.Tx, r models.Reach) error {
	queued, err := tx.Enqueue(models.Message{TenantID: r.TenantID, Key: models.ReachKey(r.ID), Kind: models.MessageReach, SubjectID: r.ID,
		PersonID: r.ByID, Priority: models.PriorityUrgent, EditClass: models.EditRest, Quiet: models.QuietPass})
	if err != nil || queued {
		return err
	}
	return tx.Touch(r.TenantID, models.ReachKey(r.ID))
}
