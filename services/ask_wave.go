package services

import (
	"fmt"
	"time"

	"muster/models"
)

// One wave: when it is due, and the questions to those who are next.

// step does what a run has to do now.
func (a *asking) step(run *models.Run) error {
	if a.order.more {
		return nil
	}
	a.resume(run)
	if from := a.Call.AsksFrom(); from > a.Now && run.State == models.RunRunning {
		run.NextAt = max(run.NextAt, from)
	}
	switch a.Step(run, a.open(run.RoleID), a.heard[run.RoleID], a.noes[run.RoleID]) {
	case models.WaveFilled:
		if run.State != models.RunFilled {
			run.State, run.NextAt, run.EndedAt = models.RunFilled, 0, a.Now
			run.Told = false // a place that comes free later, with nobody left, is news again
		}
	case models.WaveHold:
		if run.State == models.RunRunning {
			run.NextAt = 0 // whatever frees the place looks here again
		}
	case models.WaveNow:
		return a.nextWave(run)
	case models.WaveRefill:
		return a.refill(run)
	}
	return nil
}

// resume takes a run up again that had all its places: one came free, and the
// line did not take it.
func (a *asking) resume(run *models.Run) {
	role := a.Role(run.RoleID)
	switch {
	case role == nil || run.State != models.RunFilled || a.Taken(role.ID) >= role.Most:
	case run.Once:
		run.State = models.RunStopped
	case a.LineFirst(role): // everybody waiting is being asked: their turn is as long as a wave
		run.State, run.EndedAt, run.NextAt = models.RunRunning, 0, a.after(run)
	default:
		run.State, run.EndedAt, run.NextAt = models.RunRunning, 0, a.Now
	}
}

// open is how many questions of a role wait for their answer within the wave.
func (a *asking) open(roleID int64) int {
	n := 0
	for _, q := range a.asks {
		if q.RoleID == roleID && q.State == models.AskOpen {
			n++
		}
	}
	return n
}

func (a *asking) after(run *models.Run) models.Instant {
	return a.Now.Add(time.Duration(run.EveryMin) * time.Minute)
}

// nextWave ends the wave there was: who has not answered is silent. Then it
// asks the next.
func (a *asking) nextWave(run *models.Run) error {
	waits, err := a.silence(run)
	switch {
	case err != nil:
		return err
	case waits || a.tenant.Paused: // a wave's time begins when it has gone out
		run.NextAt = a.Now.Add(time.Minute)
		return nil
	case run.Once && run.Wave > 0:
		a.stop(run)
		return nil
	}
	known, err := a.audienceKnown()
	if err != nil {
		return err
	}
	if !known { // Slack has not yet said who is there; asked anew in a minute at the latest
		run.NextAt = a.Now.Add(time.Minute)
		return nil
	}
	past, err := a.tx.AskRecord(a.tenant.ID, a.Now.Add(-rateBack))
	if err != nil {
		return err
	}
	size := models.WaveSize(models.AskPlan{Size: run.Size}, a.Shortfall(a.Role(run.RoleID)), past)
	return a.wave(run, size)
}

// rateBack is how far back answers tell how many say yes: long enough for some
// calls, short enough that an organisation that changed is seen.
const rateBack = 180 * 24 * time.Hour

// silence ends a wave. A question that has not gone out yet stays open; one
// that never will is as if it had not been put. waits says that some are still
// on their way, those that rest in somebody's quiet hours not counted.
func (a *asking) silence(run *models.Run) (waits bool, err error) {
	for _, q := range a.asks {
		if q.RoleID != run.RoleID || q.State != models.AskOpen {
			continue
		}
		m, err := a.message(q.PersonID)
		switch {
		case err != nil:
			return waits, err
		case m.Shown > 0:
			q.State = models.AskSilent
		case m.State == models.MessageQueued || m.State == models.MessageSending:
			waits = waits || m.DueAt <= a.Now
			continue
		default:
			q.Close(false, a.Now)
		}
		if err := a.tx.Save(models.By{TenantID: a.tenant.ID, Action: "ask_" + string(q.State)}, q); err != nil {
			return waits, err
		}
		a.answered = true
	}
	return waits, nil
}

// message is the question as it stands in the outbox.
func (a *asking) message(personID int64) (models.Message, error) {
	if a.messages == nil {
		var err error
		if a.messages, err = a.tx.AskMessages(a.tenant.ID, a.Call.ID); err != nil {
			return models.Message{}, err
		}
	}
	return a.messages[personID], nil
}

// wave asks the next so many people for a role. When nobody can be asked, it
// waits for the end of quiet hours, or the organizer hears of it.
func (a *asking) wave(run *models.Run, size int) error {
	if err := a.unseen(); err != nil {
		return err
	}
	pool, err := a.rank(run)
	if err != nil {
		return err
	}
	run.Pool, run.Left, run.Next = len(pool.Ranked), pool.Left, nil
	if len(pool.Ranked) == 0 {
		return a.nobody(run, pool)
	}
	now := pool.Ranked[:min(size, len(pool.Ranked))]
	later := pool.Ranked[len(now):]
	if a.order.plan {
		for _, who := range now {
			a.order.picked = append(a.order.picked, who.PersonID)
			a.asks = append(a.asks, &models.Ask{PersonID: who.PersonID, CallID: a.Call.ID, ShiftID: a.Role(run.RoleID).ShiftID,
				RoleID: run.RoleID, State: models.AskOpen}) // not asked twice in the same look ahead
		}
		a.mine = nil
		return nil
	}
	run.Wave++
	run.State, run.EndedAt, run.NextAt = models.RunRunning, 0, a.after(run)
	var ids []int64
	for _, who := range now {
		if err := a.put(run, who); err != nil {
			return err
		}
		ids = append(ids, who.PersonID)
	}
	if err := a.svc.askDND(a.tx, a.tenant.ID, ids); err != nil { // the organizer sees who could not hear it
		return err
	}
	for _, who := range later[:min(len(later), max(spareNext, 2*size))] {
		run.Next = append(run.Next, who.PersonID)
	}
	return nil
}

// spareNext is how many are kept in order behind a small wave, so that a no can
// be followed at once without looking at everybody.
const spareNext = 10

// nobody is a wave without anybody to ask.
func (a *asking) nobody(run *models.Run, pool models.Pool) error {
	a.order.wakes = pool.Wakes
	if a.order.plan {
		return nil
	}
	if pool.Wakes != 0 {
		run.State, run.EndedAt, run.NextAt = models.RunRunning, 0, pool.Wakes
		return nil
	}
	run.State, run.EndedAt, run.NextAt = models.RunExhausted, a.Now, pool.Rests
	if !run.Told {
		run.Told, a.over = true, true
	}
	return nil
}

// refill asks the next best for everybody who has just said no, as long as
// fewer are open than a wave for what is still missing would have.
func (a *asking) refill(run *models.Run) error {
	past, err := a.tx.AskRecord(a.tenant.ID, a.Now.Add(-rateBack))
	if err != nil {
		return err
	}
	role := a.Role(run.RoleID)
	want := models.WaveSize(models.AskPlan{Size: run.Size}, a.Shortfall(role), past) - a.open(role.ID)
	want = min(want, a.noes[role.ID])
	if want <= 0 {
		return nil
	}
	people, err := a.tx.PersonsByIDs(run.Next)
	if err != nil {
		return err
	}
	wanted, err := a.wanted(role)
	if err != nil {
		return err
	}
	for want > 0 && len(run.Next) > 0 {
		p := people[run.Next[0]]
		run.Next = run.Next[1:]
		if p.ID == 0 {
			continue
		}
		c, err := a.candidate(p, role)
		if err != nil {
			return err
		}
		if ranked := wanted.Rank([]models.Candidate{c}).Ranked; len(ranked) == 1 {
			if err := a.put(run, ranked[0]); err != nil {
				return err
			}
			want--
		}
	}
	if want > 0 && a.open(role.ID) == 0 && !run.Once { // nobody is kept in reserve: look at everybody
		return a.nextWave(run)
	}
	return nil
}

// put asks one person.
func (a *asking) put(run *models.Run, who models.Ranked) error {
	role := a.Role(run.RoleID)
	q := &models.Ask{TenantID: a.tenant.ID, CallID: a.Call.ID, ShiftID: role.ShiftID, PersonID: who.PersonID}
	for _, old := range a.asks { // never sent before: the same row, asked after all
		if old.PersonID == who.PersonID && old.ShiftID == role.ShiftID {
			q = old
		}
	}
	fresh := q.ID == 0
	q.RoleID, q.Wave, q.State, q.Why, q.AskedAt = role.ID, run.Wave, models.AskOpen, who.Why, a.Now
	q.Late, q.AnsweredAt, q.ClosedAt = false, 0, 0
	if err := a.tx.Save(models.By{TenantID: a.tenant.ID, ActorID: a.by.ActorID, Action: "ask_put"}, q); err != nil {
		return fmt.Errorf("save question: %w", err)
	}
	if fresh {
		a.asks = append(a.asks, q)
	}
	a.mine = nil // somebody more has an open question
	if a.order.asked == nil {
		a.order.asked = map[int64]int{}
	}
	a.order.asked[role.ID]++
	a.answered = true
	return a.replace(a.question(q, a.Shift(role.ShiftID)), true)
}

// question is the message of a question. Urgent ones pass quiet hours: who has
// opted out of them is never asked. A drill never does.
func (a *asking) question(q *models.Ask, shift *models.Shift) models.Message {
	m := models.Message{TenantID: a.tenant.ID, Key: questionKey(a.Call.ID, q.PersonID), Kind: models.MessageAsk, SubjectID: q.ID,
		PersonID: q.PersonID, Priority: models.PriorityReminder, EditClass: models.EditClose, Quiet: models.QuietWait, ExpiresAt: shift.EndAt}
	if a.Call.Urgent && !a.Call.Drill {
		m.Quiet = models.QuietPass
	}
	if a.Call.Urgent {
		m.Priority = models.PriorityUrgent
	}
	return m
}

// gaps are the roles that miss people now, all or the one named.
func (d *desk) gaps(role string) []*models.Role {
	var out []*models.Role
	for _, r := range d.Roles {
		if d.Shortfall(r) > 0 && (role == "" || sameRole(r.Name, role)) {
			out = append(out, r)
		}
	}
	return out
}

func (d *desk) hasRole(name string) bool {
	for _, r := range d.Roles {
		if sameRole(r.Name, name) {
			return true
		}
	}
	return false
}

// missing is how many people the call lacks in all.
func (d *desk) missing() int {
	n := 0
	for _, r := range d.Roles {
		n += d.Shortfall(r)
	}
	return n
}
