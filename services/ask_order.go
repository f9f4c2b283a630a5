package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// What an organizer does with asking: more now, another plan, a pause, and the
// question before the first wave goes to many.

// Asking is what came of an organizer's press about asking directly.
type Asking struct {
	Changed
	Asked map[int64]int  // people asked now, by role
	Wakes models.Instant // nobody can be asked before, because of quiet hours
	Left  map[string]int // why others were not asked, when nobody was
}

// order runs one order about asking on a call the actor may manage.
func (s *Services) order(ctx context.Context, act Act, callID int64, action string, fn func(d *desk, me Actor, out *Changed) error) (Asking, error) {
	var taken *desk
	changed, err := s.manage(ctx, act, callID, action, func(d *desk, me Actor, out *Changed) error {
		taken = d
		if !d.Call.Live() {
			return d.TakesSignups()
		}
		return fn(d, me, out)
	})
	out := Asking{Changed: changed}
	if err != nil || taken == nil {
		return out, err
	}
	out.Asked, out.Wakes = taken.order.asked, taken.order.wakes
	for _, run := range changed.Sheet.Runs {
		if out.Left == nil {
			out.Left = run.Left
		}
	}
	return out, nil
}

// AskMore asks the next people now: n in all (0 = a wave as planned), for every
// role that misses people or the one named.
func (s *Services) AskMore(ctx context.Context, act Act, callID int64, n int, role string) (Asking, error) {
	return s.order(ctx, act, callID, "call_ask", func(d *desk, me Actor, out *Changed) error {
		if err := d.TakesSignups(); err != nil {
			return err
		}
		if known, err := (&asking{desk: d}).audienceKnown(); err != nil || !known {
			return errors.Join(err, models.Refuse(models.CodeConflict, "error.ask_members", "Number", d.Call.Ref()))
		}
		if len(d.gaps(role)) == 0 {
			if role != "" && !d.hasRole(role) {
				return models.Refuse(models.CodeNotFound, "error.ask_role", "Part", role, "Number", d.Call.Ref())
			}
			return models.Refuse(models.CodeConflict, "error.ask_full", "Number", d.Call.Ref())
		}
		ok, err := d.maySendAsks(me, askArgs{Size: n, Role: role}, false, out)
		if ok {
			d.order = askOrder{more: true, size: n, role: role}
		}
		return err
	})
}

// AskWiden asks those without the required skills too.
func (s *Services) AskWiden(ctx context.Context, act Act, callID int64) (Asking, error) {
	return s.order(ctx, act, callID, "call_edit", func(d *desk, me Actor, out *Changed) error {
		if len(d.Call.Skills) == 0 {
			out.Nothing = true
			return nil
		}
		if err := d.TakesSignups(); err != nil {
			return err
		}
		d.Call.Skills, d.dirty = nil, true
		d.order.widen = true
		return d.note(me, "edit")
	})
}

// PlanAsk sets how people are asked: "auto", "5 every 10m", or "" for not at
// all. What was asked stays answerable.
func (s *Services) PlanAsk(ctx context.Context, act Act, callID int64, plan string) (Asking, error) {
	return s.order(ctx, act, callID, "call_edit", func(d *desk, me Actor, out *Changed) error {
		if d.Call.Ask == plan && plan == "" {
			runs, err := d.tx.RunsOf(d.Call.ID)
			out.Nothing = err == nil && !anyRunning(runs)
			d.order.stop = true
			return err
		}
		d.Call.Ask, d.dirty = plan, true
		if plan == "" {
			d.order.stop = true
			return nil
		}
		d.order.resume = true // whoever says how to ask wants to ask
		return d.editedAsking(me, []string{"ask"}, out)
	})
}

// editedAsking follows an edit of a call: questions show the new words, another
// plan or urgency counts at once; when it would reach many, or people in the
// night, it waits for a choice while the edit itself stands.
func (d *desk) editedAsking(me Actor, keys []string, out *Changed) error {
	if err := d.tx.TouchPrefix(d.tenant.ID, fmt.Sprintf("ask:%d:", d.Call.ID)); err != nil {
		return err
	}
	d.order.moved = slices.Contains(keys, "when") || slices.Contains(keys, "where")
	_, asks := d.Call.AskPlan()
	asked := slices.Contains(keys, "ask") || slices.Contains(keys, "urgent") || slices.Contains(keys, "need") && d.missing() > models.ReachAskOver
	if !asks || d.TakesSignups() != nil || !asked {
		return nil
	}
	ok, err := d.maySendAsks(me, askArgs{First: true}, false, out)
	if ok {
		d.order.now = true
		return err
	}
	out.Nothing = false // the edit stands
	d.order.hold, d.order.pause, d.order.resume = true, true, false
	return err
}

func anyRunning(runs []*models.Run) bool {
	for _, run := range runs {
		if run.State != models.RunStopped {
			return true
		}
	}
	return false
}

// PauseAsk holds further waves, or lets them go on.
func (s *Services) PauseAsk(ctx context.Context, act Act, callID int64, hold bool) (Asking, error) {
	action := "ask_resume"
	if hold {
		action = "ask_pause"
	}
	return s.order(ctx, act, callID, action, func(d *desk, me Actor, out *Changed) error {
		if !hold {
			if ok, err := d.maySendAsks(me, askArgs{First: true}, false, out); err != nil || !ok {
				return err
			}
		}
		d.order.pause, d.order.resume = hold, !hold
		return nil
	})
}

// orders does in this decision what the organizer wants of asking.
func (a *asking) orders() error {
	for _, run := range a.runs {
		switch {
		case a.order.pause && (run.State == models.RunRunning || run.State == models.RunExhausted):
			run.State = models.RunPaused
		case a.order.resume && run.State == models.RunPaused:
			at := max(a.Now, a.Call.AsksFrom())
			if a.open(run.RoleID) > 0 { // those asked before keep their time to answer
				at = max(at, run.NextAt)
			}
			run.State, run.NextAt = models.RunRunning, at
		case (a.order.widen || a.order.members) && run.State == models.RunExhausted:
			run.State, run.EndedAt, run.NextAt, run.Told = models.RunRunning, 0, a.Now, false
		case a.order.members && run.State == models.RunRunning && run.Wave == 0:
			run.NextAt = max(a.Now, a.Call.AsksFrom())
		case a.order.stop:
			a.stop(run)
		case a.order.now && run.State == models.RunRunning && a.open(run.RoleID) == 0:
			run.NextAt = max(a.Now, a.Call.AsksFrom())
		}
		if a.order.only != 0 {
			run.OnlyUnit = a.order.only
		}
	}
	if a.order.moved {
		if err := a.askAnew(); err != nil {
			return err
		}
	}
	if a.order.pause || a.order.stop {
		return a.unsend()
	}
	if a.order.more || a.order.plan {
		return a.moreNow()
	}
	return nil
}

// askAnew asks those again who had said later, after the time or place changed:
// they said it to something else, and might set out by it.
func (a *asking) askAnew() error {
	for _, q := range a.asks {
		role := a.Role(q.RoleID)
		if q.State != models.AskLater || role == nil {
			continue
		}
		if err := a.overtake(q.PersonID); err != nil {
			return err
		}
		q.State, q.AskedAt, q.AnsweredAt = models.AskOpen, a.Now, 0
		if err := a.tx.Save(models.By{TenantID: a.tenant.ID, ActorID: a.by.ActorID, Action: "ask_anew"}, q); err != nil {
			return err
		}
		if err := a.replace(a.question(q, a.Shift(role.ShiftID)), true); err != nil {
			return err
		}
	}
	return nil
}

// unsend takes back the questions that have not gone out yet.
func (a *asking) unsend() error {
	for _, q := range a.asks {
		if q.State != models.AskOpen {
			continue
		}
		shown, err := a.tx.Withdraw(a.tenant.ID, questionKey(q.CallID, q.PersonID))
		if err != nil {
			return err
		}
		if shown {
			continue
		}
		q.Close(false, a.Now)
		if err := a.saveAsk("ask_unsent", q); err != nil {
			return err
		}
	}
	return nil
}

// moreNow asks one wave at once. A run that there was goes on as it did.
func (a *asking) moreNow() error {
	roles := a.gaps(a.order.role)
	plan, planned := a.Call.AskPlan()
	var gaps []int
	for _, r := range roles {
		gaps = append(gaps, a.Shortfall(r))
	}
	share := models.SplitWave(a.order.size, gaps)
	past, err := a.tx.AskRecord(a.tenant.ID, a.Now.Add(-rateBack))
	if err != nil {
		return err
	}
	for i, r := range roles {
		run := a.run(r.ID)
		if run == nil {
			run = a.begin(r.ID, models.AskPlan{Size: a.order.size, Every: askOnce})
			run.State, run.NextAt = models.RunStopped, 0
		}
		if run.State == models.RunStopped && !planned {
			run.Once = true
		}
		size := share[i]
		if a.order.size == 0 {
			size = models.WaveSize(plan, gaps[i], past)
		}
		if size == 0 {
			continue
		}
		run.Told = run.Told && a.order.plan // who presses wants to hear
		paused := run.State == models.RunPaused
		if err := a.wave(run, size); err != nil {
			return err
		}
		if paused && run.State == models.RunRunning {
			run.State = models.RunPaused
		}
	}
	a.over = false // the one who pressed is answered at once
	return nil
}

// askOnce is how long a single wave waits for its answers.
const askOnce = 10 * time.Minute

// askArgs are what waits for a choice before many are asked.
type askArgs struct {
	Size  int    `json:"size,omitempty"`
	Role  string `json:"role,omitempty"`
	First bool   `json:"first,omitempty"` // the first wave of a call
}

// maySendAsks looks ahead at whom a wave would ask, and asks whether it may go to so
// many, or to people in their quiet hours. ok says that it may; else out has
// the question, and nothing is to be done. passed says that the actor has
// chosen already to disturb the night.
func (d *desk) maySendAsks(me Actor, args askArgs, passed bool, out *Changed) (ok bool, err error) {
	people, err := d.wouldAsk(args)
	if err != nil || len(people) == 0 || passed && len(people) <= models.ReachAskOver {
		return err == nil, err
	}
	return d.reaches(me, models.ReachAsk, people, args, out)
}

// wouldAsk is whom the next wave would ask, with nothing changed by looking.
func (d *desk) wouldAsk(args askArgs) ([]int64, error) {
	order := d.order
	defer func() { d.order = order }()
	d.order = askOrder{plan: true, size: args.Size, role: args.Role}
	a, err := d.asking(models.By{TenantID: d.tenant.ID})
	if a == nil || err != nil {
		return nil, err
	}
	known, err := a.audienceKnown()
	if err != nil || !known || d.Now < d.Call.AsksFrom() {
		return nil, err
	}
	err = a.moreNow()
	return d.order.picked, err
}

// askReached goes on with what was asked about before many were reached.
func (s *Services) askReached(tx *store.Tx, me Actor, r models.Reach, _ []int64) error {
	args, err := readArgs[askArgs](r)
	if err != nil {
		return err
	}
	return s.chosen(tx, me, r, "call_ask", func(d *desk, me Actor, out *Changed) error {
		if err := d.TakesSignups(); err != nil {
			return err
		}
		if args.First {
			d.order = askOrder{resume: true, only: r.OnlyUnit}
			return nil
		}
		if len(d.gaps(args.Role)) == 0 {
			out.Nothing = true
			return nil
		}
		d.order = askOrder{more: true, size: args.Size, role: args.Role, only: r.OnlyUnit}
		return nil
	})
}

// askStopped holds the waves of a call whose message to many was stopped, and
// (back) lets them go on.
func (s *Services) askStopped(tx *store.Tx, me Actor, r models.Reach, back bool) error {
	d, err := s.desk(tx, me.Tenant, r.RefID)
	if err != nil {
		return err
	}
	d.order.pause, d.order.resume = !back, back
	return d.finish(me.By("ask_pause"))
}

// openAsking begins asking for a call that was just opened: its runs, and the
// first wave where one may go at once. r is the question when it goes to many,
// or to people in their quiet hours, and passed is false.
func (d *desk) openAsking(me Actor, passed bool) (r models.ReachShown, err error) {
	if _, asks := d.Call.AskPlan(); !asks {
		return r, nil
	}
	var out Changed
	ok, err := d.maySendAsks(me, askArgs{First: true}, passed, &out)
	if err != nil {
		return r, err
	}
	d.order.hold = !ok
	return out.Reach, errors.Join(d.askFollows(me.By("call_open")), d.fault)
}

// forecastAsk is when the first wave will be through at Slack's pace.
func (s *Services) forecastAsk(tx *store.Tx, t models.Tenant, c models.Call, n int) (models.Instant, error) {
	priority := models.PriorityReminder
	if c.Urgent {
		priority = models.PriorityUrgent
	}
	_, until, err := s.forecast(tx, t, n, priority)
	if err != nil {
		return 0, fmt.Errorf("forecast of a wave: %w", err)
	}
	return until, nil
}
