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

// tallyOf counts the questions of a role by their state.
func tallyOf(s models.Sheet, roleID int64) (asked int, by map[models.AskState]int) {
	by = map[models.AskState]int{}
	for _, q := range s.Asks {
		if q.RoleID == roleID && q.Asked() {
			asked++
			state := q.State
			if su := s.Of(q.PersonID, q.ShiftID); state == models.AskYes && su != nil && su.Waits() {
				state = standby
			}
			by[state]++
		}
	}
	return asked, by
}

// counted is `3 人能来，1 人要晚点，4 人来不了，2 人还没回`.
func (p *Printer) counted(by map[models.AskState]int) string {
	var parts []string
	for _, c := range []struct {
		key string
		n   int
	}{{"ask.count_yes", by[models.AskYes]}, {"ask.count_standby", by[standby]}, {"ask.count_later", by[models.AskLater]}, {"ask.count_no", by[models.AskNo]},
		{"ask.count_silent", by[models.AskOpen] + by[models.AskSilent]}, {"ask.count_closed", by[models.AskClosed]}} {
		if c.n > 0 {
			parts = append(parts, p.T(c.key, "N", c.n))
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
	if len(s.Shifts) > 1 {
		what += " " + p.shortTime(s, s.Shift(role.ShiftID).StartAt)
	}
	return what
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
		label := "ask.more"
		if len(s.Asks) == 0 {
			label = "ask.begin"
		}
		out = append(out, Button(ActionAskMore, id, p.T(label), ""))
	}
	switch {
	case paused:
		out = append(out, Button(ActionAskResume, id, p.T("ask.resume"), ""))
	case running:
		out = append(out, Button(ActionAskPause, id, p.T("ask.pause"), ""))
	}
	return out
}

// AskOver tells the organizer that nobody is left to ask: who was reached, whom
// one may still phone, and what could be widened.
func (p *Printer) AskOver(s models.Sheet, former bool) Message {
	var heads, lines []string
	left := map[string]int{}
	over := map[int64]bool{}
	for _, run := range s.Runs {
		role := s.Role(run.RoleID)
		if role == nil || run.State != models.RunExhausted {
			continue
		}
		over[role.ID] = true
		heads = append(heads, p.T("ask.over_role", "What", p.roleAndTime(s, role), "Count", max(0, role.Most-s.Taken(role.ID))))
		if asked, by := tallyOf(s, role.ID); asked > 0 {
			lines = append(lines, p.T("ask.panel_run", "What", p.roleAndTime(s, role), "N", asked)+p.T("ask.colon")+p.counted(by))
		}
		for reason, n := range run.Left {
			left[reason] = max(left[reason], n)
		}
	}
	title := words(s.Call.Title, LimitTitle)
	if len(heads) == 0 || former || !s.Call.Taking() {
		return p.said(s, p.T("ask.over_past", "Title", title, "Ref", p.ref(s)))
	}
	head := p.T("ask.over_head", "Title", title, "Ref", p.ref(s), "Roles", strings.Join(heads, p.comma()))
	reach, phone := p.reachable(s, over)
	lines = append(lines, reach...)
	if text := p.leftOut(left); text != "" {
		lines = append(lines, p.T("ask.left", "What", text))
	}
	lines = append(lines, p.T("ask.widen_how", "Ref", s.Call.Ref()))
	var buttons []slack.BlockElement
	if n := left[models.LeftSkill]; n > 0 && len(s.Call.Skills) > 0 {
		buttons = append(buttons, Button(ActionAskWiden, rowID(s.Call.ID), p.T("ask.widen", "N", n), ""))
	}
	if phone {
		buttons = append(buttons, Button(ActionAskPhones, rowID(s.Call.ID), p.T("ask.phones_show"), ""))
	}
	buttons = append(buttons, Button(ActionAskMore, rowID(s.Call.ID), p.T("ask.again"), ""),
		Button(ActionCallDetails, rowID(s.Call.ID), p.T("call.details"), ""))
	m := p.said(s, "*"+head+"*\n"+strings.Join(lines, "\n"), buttons...)
	m.Text = head
	if s.Call.Drill {
		m.Text = p.T("call.drill") + " " + head
	}
	return m
}

// reachable are those without an answer whose notifications are off, and whose
// phone may be used: a phone number is for a call in need.
func (p *Printer) reachable(s models.Sheet, over map[int64]bool) (lines []string, phone bool) {
	var quiet, phones []string
	for _, q := range s.Asks {
		person, known := s.People[q.PersonID]
		if !known || !over[q.RoleID] || !q.Unanswered() {
			continue
		}
		if person.DNDUntil > s.Now && len(quiet) < namesOnCard {
			quiet = append(quiet, personName(person, 0))
		}
		if person.Phone != "" && len(phones) < namesOnCard {
			phones = append(phones, personName(person, 0))
		}
	}
	if len(quiet) > 0 {
		lines = append(lines, p.T("ask.dnd", "Names", strings.Join(quiet, p.T("call.sep"))))
	}
	if len(phones) > 0 {
		lines = append(lines, p.T("ask.phones", "Names", strings.Join(phones, p.T("call.sep"))))
	}
	return lines, len(phones) > 0
}

// AskPhones are the numbers that an organizer asked for, to be pressed on.
func (p *Printer) AskPhones(s models.Sheet, people []models.Person) Message {
	lines := []string{p.T("ask.phones_head", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s))}
	for i, person := range people {
		if i == namesShown {
			break
		}
		lines = append(lines, personName(person, 0)+"   "+phoneLink(person.Phone))
	}
	return p.said(s, strings.Join(lines, "\n"))
}

// leftOut says why the others were not asked: `9 人没有所需的技能，2 人那时有别的班`.
// Those asked already, and the organizer, are no news.
func (p *Printer) leftOut(left map[string]int) string {
	var parts []string
	for _, reason := range []string{models.LeftSkill, models.LeftUnverified, models.LeftOverlap, models.LeftRest, models.LeftQuiet,
		models.LeftOptedOut, models.LeftPaused, models.LeftDeclined, models.LeftSigned, models.LeftOpen} {
		if left[reason] > 0 {
			parts = append(parts, p.T("ask.left_"+reason, "N", left[reason]))
		}
	}
	return strings.Join(parts, p.comma())
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
