package views

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// What the organizer sees of asking directly.

// askPanel is how asking stands, role by role, and who has not answered yet.
func (p *Printer) askPanel(s models.Sheet) []slack.Block {
	var lines []string
	for _, run := range s.Runs {
		if line := p.runLine(s, run); line != "" && len(lines) < 10 {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return nil
	}
	if names := p.unanswered(s); names != "" && s.Call.Live() {
		lines = append(lines, p.T("ask.panel_silent", "Names", names))
	}
	return chunks(lines, 3000, func(int) string { return "…" })
}

// standby is the state under which a yes is counted that has no place.
const standby models.AskState = "standby"

// stateOf is what a question came to, a yes without a place told apart.
func stateOf(s models.Sheet, q *models.Ask) models.AskState {
	if su := s.Of(q.PersonID, q.ShiftID); q.State == models.AskYes && su != nil && su.Waits() {
		return standby
	}
	return q.State
}

// tallyOf counts the questions of a role by their state.
func tallyOf(s models.Sheet, roleID int64) (asked int, by map[models.AskState]int) {
	by = map[models.AskState]int{}
	for _, q := range s.Asks {
		if q.RoleID == roleID && q.Asked() {
			asked++
			by[stateOf(s, q)]++
		}
	}
	return asked, by
}

type tally struct {
	key    string
	states []models.AskState
}

// tallies are the states of questions as they are counted, in this order.
func tallies() []tally {
	return []tally{{"ask.count_yes", []models.AskState{models.AskYes}}, {"ask.count_standby", []models.AskState{standby}},
		{"ask.count_later", []models.AskState{models.AskLater}}, {"ask.count_no", []models.AskState{models.AskNo}},
		{"ask.count_silent", []models.AskState{models.AskOpen, models.AskSilent}}, {"ask.count_closed", []models.AskState{models.AskClosed}}}
}

// counted is `3 人能来，1 人要晚点，4 人来不了，2 人还没回复`.
func (p *Printer) counted(by map[models.AskState]int) string {
	var parts []string
	for _, c := range tallies() {
		n := 0
		for _, state := range c.states {
			n += by[state]
		}
		if n > 0 {
			parts = append(parts, p.T(c.key, "N", n))
		}
	}
	return strings.Join(parts, p.comma())
}

func (p *Printer) comma() string {
	if p.Lang == "zh" {
		return "，"
	}
	return ", "
}

func (p *Printer) runLine(s models.Sheet, run *models.Run) string {
	role := s.Role(run.RoleID)
	if role == nil {
		return ""
	}
	asked, by := tallyOf(s, run.RoleID)
	line := p.T("ask.panel_run", "What", p.roleAndTime(s, role), "N", asked)
	if asked == 0 {
		line = p.T("ask.panel_none", "What", p.roleAndTime(s, role))
	} else if counts := p.counted(by); counts != "" {
		line += p.T("ask.colon") + counts
	}
	if !s.Call.Live() {
		return line
	}
	state := ""
	switch run.State {
	case models.RunRunning:
		if run.NextAt > s.Now {
			state = p.T("ask.run_next", "When", p.soon(s, run.NextAt))
		}
	default:
		state = p.T("ask.run_" + string(run.State))
	}
	if state != "" {
		line += " · " + state
	}
	return line
}

// roleAndTime names a (shift, role): with its time where there are several.
func (p *Printer) roleAndTime(s models.Sheet, role *models.Role) string {
	what := words(p.roleName(*role), limitRole)
	switch {
	case len(s.Shifts) < 2:
		return what
	case p.Lang == "zh": // 周二 8:00 装卸
		return p.shortTime(s, s.Shift(role.ShiftID).StartAt) + " " + what
	}
	return what + " " + p.shortTime(s, s.Shift(role.ShiftID).StartAt)
}

// unanswered names those asked who have not said anything yet.
func (p *Printer) unanswered(s models.Sheet) string {
	var names []string
	total := 0
	for _, q := range s.Asks {
		if !q.Unanswered() {
			continue
		}
		total++
		if person, known := s.People[q.PersonID]; known && len(names) < namesOnCard {
			names = append(names, personName(person, 0))
		}
	}
	if total > len(names) && len(names) > 0 {
		return p.T("call.names_more", "Names", strings.Join(names, p.T("call.sep")), "Count", total)
	}
	return strings.Join(names, p.T("call.sep"))
}

// askOrganizer are the buttons of asking on the panel.
func (p *Printer) askOrganizer(s models.Sheet) []slack.BlockElement {
	if !s.Manages || s.TakesSignups() != nil || s.Call.HoldUntil > s.Now {
		return nil
	}
	missing, running, paused := false, false, false
	for _, r := range s.Roles {
		missing = missing || s.Shortfall(r) > 0
	}
	for _, run := range s.Runs {
		running = running || run.State == models.RunRunning && !run.Once
		paused = paused || run.State == models.RunPaused
	}
	id := rowID(s.Call.ID)
	var out []slack.BlockElement
	if missing {
		ask := Button(ActionAskMore, id, p.T("ask.more"), "")
		if len(s.Asks) == 0 {
			ask = Button(ActionAskMore, id, p.T("ask.begin"), "")
			ask.Style = slack.StylePrimary
		}
		out = append(out, ask)
	}
	switch {
	case paused:
		out = append(out, Button(ActionAskResume, id, p.T("ask.resume"), ""))
	case running:
		out = append(out, Button(ActionAskPause, id, p.T("ask.pause"), ""))
	}
	return out
}

// Asking answers an organizer's order about asking.
type Asking struct {
	Asked map[int64]int
	Wakes models.Instant
	Left  map[string]int
}

// AskedMore says whom a press asked, or why nobody.
func (p *Printer) AskedMore(s models.Sheet, got Asking) Message {
	var parts []string
	for _, r := range s.Roles {
		if n := got.Asked[r.ID]; n > 0 {
			parts = append(parts, p.T("ask.asking_role", "What", p.roleAndTime(s, r), "N", n))
		}
	}
	switch {
	case len(parts) > 0:
		return p.said(s, p.T("ask.asking", "Roles", strings.Join(parts, p.T("call.sep"))))
	case got.Wakes > s.Now:
		return p.said(s, p.T("ask.asleep", "When", p.soon(s, got.Wakes)))
	}
	text := p.T("ask.nobody")
	if left := p.leftOut(got.Left); left != "" {
		text = p.T("ask.nobody_left", "What", left)
	}
	var buttons []slack.BlockElement
	if n := got.Left[models.LeftSkill]; n > 0 && len(s.Call.Skills) > 0 {
		buttons = append(buttons, Button(ActionAskWiden, rowID(s.Call.ID), p.T("ask.widen", "N", n), ""))
	}
	return p.said(s, text, buttons...)
}

// AskPlanned says how people will be asked from now on; AskHeld that it waits.
func (p *Printer) AskPlanned(s models.Sheet, got Asking) Message {
	plan, asks := s.Call.AskPlan()
	switch {
	case !asks:
		return p.said(s, p.T("ask.stopped", "Ref", p.ref(s)))
	case len(got.Asked) > 0:
		return p.AskedMore(s, got)
	}
	return p.said(s, p.T("ask.planned", "Ref", p.ref(s), "How", p.howAsked(plan)))
}

// AskHeld says that no further wave goes out, or that they go on.
func (p *Printer) AskHeld(s models.Sheet, hold bool) Message {
	if hold {
		return p.said(s, p.T("ask.paused", "Ref", p.ref(s)), Button(ActionAskResume, rowID(s.Call.ID), p.T("ask.resume"), ""))
	}
	return p.said(s, p.T("ask.resumed", "Ref", p.ref(s)))
}

func (p *Printer) howAsked(plan models.AskPlan) string {
	if plan.Size == 0 {
		return p.T("ask.how_auto", "Every", p.Span(plan.Every))
	}
	return p.T("ask.how", "N", plan.Size, "Every", p.Span(plan.Every))
}

// askForecast is what the one who posted a call learns about asking: whom it
// reaches, how many at first, and by when.
func (p *Printer) askForecast(s models.Sheet, until models.Instant) string {
	plan, asks := s.Call.AskPlan()
	if !asks || len(s.Runs) == 0 {
		return ""
	}
	var parts []string
	pool, first, waits := 0, 0, models.Instant(0)
	for _, run := range s.Runs {
		role := s.Role(run.RoleID)
		n, _ := tallyOf(s, run.RoleID)
		first, pool = first+n, max(pool, run.Pool)
		if n > 0 && role != nil {
			parts = append(parts, p.T("ask.asking_role", "What", p.roleAndTime(s, role), "N", n))
		}
		if run.State == models.RunRunning && run.Wave == 0 && (waits == 0 || run.NextAt < waits) {
			waits = run.NextAt
		}
	}
	how := p.howAsked(plan)
	switch {
	case first > 0 && until.Sub(s.Now) > time.Minute:
		return p.T("ask.forecast_until", "Roles", strings.Join(parts, p.T("call.sep")), "Pool", max(pool, first), "Until", p.Clock(until.Time()), "How", how)
	case first > 0:
		return p.T("ask.forecast", "Roles", strings.Join(parts, p.T("call.sep")), "Pool", max(pool, first), "How", how)
	case waits != 0 && waits.Sub(s.Now) <= time.Minute:
		return p.T("ask.forecast_soon", "How", how)
	case waits != 0:
		return p.T("ask.forecast_later", "When", p.soon(s, waits), "How", how)
	}
	for _, run := range s.Runs {
		if run.State == models.RunExhausted {
			if left := p.leftOut(run.Left); left != "" {
				return p.T("ask.nobody_left", "What", left)
			}
			return p.T("ask.nobody")
		}
	}
	return "" // it waits for a choice, which says the rest
}
