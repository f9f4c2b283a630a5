package services

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// Asking people directly, wave after wave. Every decision about a call goes
// through askFollows, which hears what was said, closes what has no use any
// more and sends the wave that is due: there is one place where this happens,
// whatever was pressed, written or became due.

// dueWave is when a run of a call has something to do; RefID is the call.
const dueWave models.DueKind = "ask_wave"

// dueMembers is when it became known who is in the channel or user group a
// call asks; RefID is the call.
const dueMembers models.DueKind = "ask_members"

func questionKey(callID, personID int64) string { return fmt.Sprintf("ask:%d:%d", callID, personID) }
func askOverKey(callID int64) string            { return fmt.Sprintf("askover:%d", callID) }
func runDue(runID int64) string                 { return fmt.Sprintf("askrun:%d:", runID) }

// askOrder is what an organizer, or the opening of a call, wants of asking in
// this decision.
type askOrder struct {
	more    bool           // a wave now
	size    int            // of it, in all; 0 = as planned
	role    string         // only this role
	stop    bool           // no further wave at all
	only    int64          // from now on only this unit; 0 = as it was
	now     bool           // do not wait for the time that was planned
	moved   bool           // another time or place: who said later is asked anew
	pause   bool           // pause, or
	resume  bool           // go on
	widen   bool           // those without the skills too
	plan    bool           // find whom the first wave would ask, and send nothing
	hold    bool           // runs that begin now wait for a choice
	members bool           // who is asked became known, or changed
	asked   map[int64]int  // result: people asked, by role
	picked  []int64        // result of plan: the people
	wakes   models.Instant // result: nobody can be asked before
}

// askBooks is what was read of people in this decision: the same for a look
// ahead and for the wave after it.
type askBooks struct {
	pool     []models.Candidate    // everybody the call is for; nil until read
	facts    map[int64]*shiftFacts // by shift
	unitOf   map[int64]int64       // by person; nil until read
	unitRows map[int64]models.Unit
}

// asking is asking for one call in one decision.
type asking struct {
	*desk
	by       models.By
	runs     []*models.Run
	asks     []*models.Ask
	heard    map[int64]int            // people who have just answered, by role
	noes     map[int64]int            // of those, who said no
	messages map[int64]models.Message // of questions, by person; read when first needed
	answers  []*models.Answer         // that still count
	mine     map[int64]*callFact      // by person; read when first needed
	was      map[int64]models.Run     // runs as they were loaded
	over     bool                     // somebody has to hear that nobody is left
}

// askFollows is what a decision about the call brings with it here.
func (d *desk) askFollows(by models.By) error {
	if err := d.standby(by); err != nil {
		return err
	}
	a, err := d.asking(by)
	if a == nil || err != nil {
		return err
	}
	if err := errors.Join(a.hear(), a.syncRuns()); err != nil {
		return err
	}
	if err := a.closeMoot(); err != nil {
		return err
	}
	if err := a.orders(); err != nil {
		return err
	}
	for _, run := range a.inOrder() {
		if err := a.step(run); err != nil {
			return err
		}
	}
	return a.save()
}

// asking loads what there is; nil when nobody is, or was, asked.
func (d *desk) asking(by models.By) (*asking, error) {
	runs, err := d.tx.RunsOf(d.Call.ID)
	if err != nil {
		return nil, fmt.Errorf("runs of call %d: %w", d.Call.ID, err)
	}
	if _, planned := d.Call.AskPlan(); !planned && len(runs) == 0 && !d.order.more && !d.order.plan {
		return nil, nil
	}
	if d.books == nil {
		d.books = &askBooks{facts: map[int64]*shiftFacts{}}
	}
	a := &asking{desk: d, by: by, runs: runs, heard: map[int64]int{}, noes: map[int64]int{}, was: map[int64]models.Run{}}
	for _, run := range runs {
		a.was[run.ID] = *run
	}
	if a.asks, err = d.tx.AsksOf(d.Call.ID); err != nil {
		return nil, fmt.Errorf("questions of call %d: %w", d.Call.ID, err)
	}
	all, err := d.tx.AnswersOf(d.Call.ID)
	if err != nil {
		return nil, fmt.Errorf("answers to call %d: %w", d.Call.ID, err)
	}
	for _, x := range all {
		if !x.Settled {
			a.answers = append(a.answers, x)
		}
	}
	return a, nil
}

// hear brings every question up to what its person has said.
func (a *asking) hear() error {
	for _, q := range a.asks {
		if q.State == models.AskUnsent {
			continue
		}
		waited := q.Unanswered()
		if !q.Answer(a.AskAnswer(q, a.answers), a.Now) {
			continue
		}
		if waited {
			a.heard[q.RoleID]++
		}
		if waited && q.State == models.AskNo {
			a.noes[q.RoleID]++
		}
		if err := a.saveAsk("ask_"+string(q.State), q); err != nil {
			return err
		}
	}
	return nil
}

// saveAsk writes a question and edits its message. It is the act of whoever
// answered, else Muster's own.
func (a *asking) saveAsk(action string, q *models.Ask) error {
	by := models.By{TenantID: a.tenant.ID, Action: action}
	if a.by.ActorID == q.PersonID {
		by.ActorID = q.PersonID
	}
	a.answered = true // the panel shows it
	return errors.Join(a.tx.Save(by, q), a.tx.Touch(a.tenant.ID, questionKey(q.CallID, q.PersonID)))
}

// syncRuns makes the runs follow the call: one for each role while the call
// asks, none once it does not.
func (a *asking) syncRuns() error {
	plan, asks := a.Call.AskPlan()
	for _, r := range a.Roles {
		run := a.run(r.ID)
		over := r.Most == 0 || a.Shift(r.ShiftID).EndAt <= a.Now
		switch {
		case run == nil && asks && !over && a.Call.Taking():
			a.begin(r.ID, plan)
		case run == nil:
		case over || !a.Call.Taking():
			a.stop(run)
		case asks:
			a.follow(run, plan)
		case run.Once && !a.base.Call.Taking(): // just reopened
			a.reopenAsks(run, max(a.base.Call.ClosedAt, a.base.Call.EndedAt))
		case !run.Once:
			a.stop(run)
		}
	}
	for _, run := range a.runs {
		if a.Role(run.RoleID) == nil {
			a.stop(run)
		}
	}
	return nil
}

func (a *asking) run(roleID int64) *models.Run {
	for _, run := range a.runs {
		if run.RoleID == roleID {
			return run
		}
	}
	return nil
}

// begin makes the run of a role. It asks as soon as the call may.
func (a *asking) begin(roleID int64, plan models.AskPlan) *models.Run {
	run := &models.Run{TenantID: a.tenant.ID, CallID: a.Call.ID, RoleID: roleID, State: models.RunRunning, Size: plan.Size,
		EveryMin: int(plan.Every / time.Minute), NextAt: max(a.Now, a.Call.AsksFrom()), StartedAt: a.Now}
	if a.order.hold {
		run.State = models.RunPaused
	}
	a.runs = append(a.runs, run)
	return run
}

// follow takes up what the call says now: another size, asking again after a
// stop, an opening time that moved before anybody was asked.
func (a *asking) follow(run *models.Run, plan models.AskPlan) {
	every := int(plan.Every / time.Minute)
	changed := run.Size != plan.Size || run.EveryMin != every || run.Once
	run.Size, run.EveryMin, run.Once = plan.Size, every, false
	switch {
	case run.State == models.RunStopped:
		a.reopenAsks(run, run.EndedAt)
		run.State, run.EndedAt, run.NextAt = models.RunRunning, 0, max(a.Now, a.Call.AsksFrom())
	case run.State == models.RunExhausted && changed:
		run.State, run.EndedAt, run.NextAt, run.Told = models.RunRunning, 0, a.Now, false
	case run.Wave == 0 && run.State == models.RunRunning:
		run.NextAt = max(a.Now, a.Call.AsksFrom())
	}
}

func (a *asking) stop(run *models.Run) {
	if run.State != models.RunStopped {
		run.State, run.NextAt, run.EndedAt = models.RunStopped, 0, a.Now
	}
}

// reopenAsks opens the questions again that the call's closing had closed
// since then before they were answered: in place, nobody is asked twice.
func (a *asking) reopenAsks(run *models.Run, since models.Instant) {
	for _, q := range a.asks {
		if q.RoleID != run.RoleID || q.State != models.AskClosed || q.ClosedAt < since || a.Closes(q) {
			continue
		}
		if q.AnsweredAt == 0 || a.waitsFor(q) {
			q.State, q.ClosedAt = models.AskSilent, 0
			if q.AnsweredAt != 0 { // their condition still waits for the organizer
				q.State = models.AskLater
			}
			a.fault = errors.Join(a.fault, a.saveAsk("ask_reopen", q))
		}
	}
}

// inOrder are the runs with the scarcest first: who is vouched for a role is
// not spent on another one.
func (a *asking) inOrder() []*models.Run {
	out := slices.Clone(a.runs)
	slices.SortStableFunc(out, func(x, y *models.Run) int {
		rx, ry := a.Role(x.RoleID), a.Role(y.RoleID)
		if rx == nil || ry == nil {
			return 0
		}
		return cmp.Or(-boolCompare(rx.Verified, ry.Verified), cmp.Compare(a.Shift(rx.ShiftID).StartAt, a.Shift(ry.ShiftID).StartAt),
			cmp.Compare(rx.Seq, ry.Seq))
	})
	return out
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// save writes the runs that changed and plans what each does next.
func (a *asking) save() error {
	for _, run := range a.runs {
		was, known := a.was[run.ID]
		if was.Told || run.Told { // what the organizer was told of it follows
			a.stale = append(a.stale, askOverKey(a.Call.ID))
		}
		if known && !runChanged(was, *run) {
			continue
		}
		by := models.By{TenantID: a.tenant.ID, Action: "ask_run", ActorID: a.by.ActorID}
		if err := a.tx.Save(by, run); err != nil {
			return fmt.Errorf("save run: %w", err)
		}
		a.answered = true
		if run.NextAt == 0 || run.State == models.RunPaused || run.State == models.RunStopped {
			if _, err := a.tx.Unplan(a.tenant.ID, runDue(run.ID)); err != nil {
				return err
			}
			continue
		}
		err := a.tx.Plan(models.Due{TenantID: a.tenant.ID, Key: runDue(run.ID), Kind: dueWave, RefID: a.Call.ID, DueAt: run.NextAt})
		if err != nil {
			return err
		}
	}
	if a.over {
		return a.tellExhausted()
	}
	return nil
}

func runChanged(was, is models.Run) bool {
	return was.State != is.State || was.Size != is.Size || was.EveryMin != is.EveryMin || was.Wave != is.Wave || was.Once != is.Once ||
		was.OnlyUnit != is.OnlyUnit || was.Pool != is.Pool || was.Told != is.Told || was.NextAt != is.NextAt ||
		was.EndedAt != is.EndedAt || !slices.Equal(was.Next, is.Next)
}

// gatherAsks loads what a sheet shows of it: everything to who manages the
// call, to others only what they were asked themselves.
func (s *Services) gatherAsks(tx *store.Tx, me Actor, sh *models.Sheet) error {
	if me.Person.ID == 0 {
		return nil
	}
	var err error
	if !sh.Manages {
		sh.Asks, err = tx.AsksTo(sh.Call.ID, me.Person.ID)
		return err
	}
	if sh.Runs, err = tx.RunsOf(sh.Call.ID); err != nil || len(sh.Runs) == 0 {
		return err
	}
	if sh.Asks, err = tx.AsksOf(sh.Call.ID); err != nil {
		return err
	}
	var ids []int64
	for _, q := range sh.Asks {
		if _, known := sh.People[q.PersonID]; !known && q.Waiting() && len(ids) < namesShown {
			ids = append(ids, q.PersonID)
		}
	}
	people, err := tx.PersonsByIDs(ids)
	for id, p := range people {
		sh.People[id] = p
	}
	return err
}

// askDues are its rules that act when their time has come.
func (s *Services) askDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{
		dueWave:    s.ofCallDue(func(*desk) error { return nil }, "ask_wave"),
		dueMembers: s.ofCallDue(func(d *desk) error { d.order.members = true; return nil }, "ask_wave"),
	}
}

// askAudience lets the calls that ask the members of a channel or user group
// begin, or go on, once those are known or have changed.
func (s *Services) askAudience(tx *store.Tx, tenantID int64, audiences ...models.Audience) error {
	for _, audience := range audiences {
		calls, err := tx.CallsAsking(tenantID, audience)
		if err != nil {
			return fmt.Errorf("calls that ask %s: %w", audience, err)
		}
		for _, c := range calls {
			runs, err := tx.RunsOf(c.ID)
			if err != nil {
				return err
			}
			waits := slices.ContainsFunc(runs, func(r *models.Run) bool {
				return r.State == models.RunExhausted || r.State == models.RunRunning && r.Wave == 0
			})
			if !waits || c.AsksFrom() > tx.Now {
				continue
			}
			if err := tx.Plan(models.Due{TenantID: tenantID, Key: fmt.Sprintf("askmembers:%d:", c.ID), Kind: dueMembers, RefID: c.ID, DueAt: tx.Now}); err != nil {
				return err
			}
		}
	}
	return nil
}
