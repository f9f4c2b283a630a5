package views

import (
	"math"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons before, during and after many are reached; values are the reach.
const (
	ActionReachSend = "reach_send"
	ActionReachUnit = "reach_unit"
	ActionReachWait = "reach_wait"
	ActionReachDrop = "reach_drop"
	ActionReachStop = "reach_stop"
	ActionReachFree = "reach_free"
)

// ReachAsk is the question before many are reached: how many, from when, until
// when, how many it would disturb, and what can be chosen.
func (p *Printer) ReachAsk(r models.ReachShown) Message {
	id := rowID(r.ID)
	lines := []string{p.reachForecast(r)}
	if r.Quiet > 0 {
		key := "reach.quiet_wait"
		switch {
		case r.Urgent:
			key = "reach.quiet_urgent"
		case !r.Narrows():
			key = "reach.quiet_soon"
		case r.Soon:
			key = "reach.quiet_late"
		}
		lines = append(lines, p.T(key))
	}
	if r.Tenant.Paused {
		lines = append(lines, p.T("reach.paused"))
	}
	if note := map[string]string{models.ReachCancel: "reach.not_cancelled", models.ReachEdit: "reach.not_edited",
		models.ReachReopen: "reach.not_reopened", models.ReachStudy: "reach.not_changed", models.ReachStudyCancel: "reach.not_changed", models.ReachStudyEdit: "reach.not_changed", models.ReachHoliday: "reach.not_changed"}[r.Kind]; note != "" {
		lines = append(lines, p.T(note, "Ref", "#"+r.Call.Ref()))
	}
	if r.Kind == models.ReachTell {
		lines = append(lines, p.T("reach.quote", "Text", words(r.Text, 200)))
	}
	label, leave := "reach.send", "reach.drop"
	switch r.Kind { // where "cancel" could be either, the button says which
	case models.ReachCancel, models.ReachStudyCancel:
		label, leave = "reach.send_cancel", "reach.drop_cancel"
	case models.ReachEdit, models.ReachStudy, models.ReachStudyEdit, models.ReachHoliday, models.ReachReopen:
		label = "reach.send_change"
	}
	send := Button(ActionReachSend, id, p.T(label), "")
	send.Style = slack.StylePrimary
	buttons := []slack.BlockElement{send}
	if r.UnitID != 0 {
		buttons = append(buttons, Button(ActionReachUnit, id, p.T("reach.unit", "N", r.UnitPeople), ""))
	}
	if r.WaitTo > r.Now {
		buttons = append(buttons, Button(ActionReachWait, id, p.T("reach.wait", "Until", p.Clock(r.WaitTo.Time())), ""))
	}
	return p.reachSaid(r, strings.Join(lines, "\n"), append(buttons, Button(ActionReachDrop, id, p.T(leave), ""))...)
}

// reachForecast is `将通知 9812 人，5:06 起，约 25 分钟发完，其中 9300 人在免打扰时段。`
func (p *Printer) reachForecast(r models.ReachShown) string {
	text := p.T("reach.ask", "N", r.People, "From", p.Clock(r.FromAt.Time()), "Took", p.took(r))
	switch {
	case r.Quiet > 0 && r.DND > 0:
		return text + p.T("reach.ask_both", "N", r.Quiet, "DND", r.DND)
	case r.Quiet > 0:
		return text + p.T("reach.ask_quiet", "N", r.Quiet)
	case r.DND > 0:
		return text + p.T("reach.ask_dnd", "N", r.DND)
	}
	return text + p.T("reach.ask_end")
}

// took is how long the sending takes, in whole minutes.
func (p *Printer) took(r models.ReachShown) string {
	minutes := int(math.Ceil(r.UntilAt.Sub(r.FromAt).Minutes()))
	if minutes <= 1 {
		return p.T("reach.took_one")
	}
	return p.T("reach.took", "N", minutes)
}

// ReachChosen answers a choice, or the stop button, in the place of the
// question.
func (p *Printer) ReachChosen(r models.ReachShown) Message {
	switch r.State {
	case models.ReachWaiting:
		return p.reachSaid(r, p.T("reach.will", "When", p.DayClock(r.WaitTo.Time()), "N", r.People), p.stopButton(r))
	case models.ReachDropped:
		return p.reachSaid(r, p.T("reach.dropped"))
	case models.ReachStopped:
		return p.reachSaid(r, p.reachLine(r), p.freeButton(r)...)
	}
	buttons := []slack.BlockElement{p.stopButton(r)}
	if r.Kind == models.ReachCancel {
		buttons = append(buttons, Button(ActionUndo, UndoCancel+rowID(r.RefID), p.T("call.undo"), ""))
	}
	key := map[string]string{models.ReachCancel: "reach.done_cancel", models.ReachEdit: "reach.done_edit", models.ReachReopen: "reach.done_reopen",
		models.ReachStudy: "reach.done_study", models.ReachStudyCancel: "reach.done_study", models.ReachStudyEdit: "reach.done_study", models.ReachHoliday: "reach.done_study"}[r.Kind]
	text := p.T("reach.going", "N", r.Total(), "When", p.Clock(r.UntilAt.Time()))
	if key != "" {
		text = p.T(key, "Ref", "#"+r.Call.Ref()) + p.gap2() + text
	}
	return p.reachSaid(r, text, buttons...)
}

func (p *Printer) stopButton(r models.ReachShown) slack.BlockElement {
	key := "reach.stop"
	if r.State == models.ReachWaiting {
		key = "reach.call_off"
	}
	b := Button(ActionReachStop+":"+rowID(r.ID), rowID(r.ID), p.T(key), "")
	b.Style = slack.StyleDanger
	return b
}

func (p *Printer) freeButton(r models.ReachShown) []slack.BlockElement {
	if r.Held == 0 {
		return nil
	}
	return []slack.BlockElement{Button(ActionReachFree+":"+rowID(r.ID), rowID(r.ID), p.T("reach.free", "N", r.Held), "")}
}

// ReachProgress is the message to who acted, edited while it goes out.
func (p *Printer) ReachProgress(r models.ReachShown) Message {
	lines := []string{p.reachHead(r), p.reachLine(r)}
	if r.Kind == models.ReachTell && r.Text != "" {
		lines = append(lines, p.T("reach.quote", "Text", words(r.Text, 200)))
	}
	text := strings.Join(lines, "\n")
	lines[0] = "*" + lines[0] + "*"
	var buttons []slack.BlockElement
	switch r.State {
	case models.ReachWaiting, models.ReachGoing:
		buttons = append(buttons, p.stopButton(r))
	case models.ReachStopped:
		buttons = p.freeButton(r)
	}
	m := p.reachSaid(r, strings.Join(lines, "\n"), buttons...)
	m.Text = strings.Replace(m.Text, strings.Join(lines, "\n"), text, 1)
	return m
}

// reachHead names what goes out: 消息 · 社区爱心义诊（#k12）.
func (p *Printer) reachHead(r models.ReachShown) string {
	what := p.T("reach.kind_" + r.Kind)
	if r.Call.ID == 0 {
		return what
	}
	return p.T("reach.head", "What", what, "Title", words(r.Call.Title, LimitTitle), "Ref", "#"+r.Call.Ref())
}

// reachLine is how far it is, who did not get it included.
func (p *Printer) reachLine(r models.ReachShown) string {
	var parts []string
	switch r.State {
	case models.ReachWaiting:
		return p.T("reach.will", "When", p.DayClock(r.WaitTo.Time()), "N", r.People)
	case models.ReachDropped:
		return p.T("reach.dropped")
	case models.ReachStopped:
		parts = append(parts, p.T("reach.stopped", "N", r.Got))
	case models.ReachDone:
		if r.Missed == 0 {
			return p.T("reach.all", "N", r.Got)
		}
		parts = append(parts, p.T("reach.most", "N", r.Got))
	default:
		parts = append(parts, p.T("reach.so_far", "N", r.Got, "Total", r.Total(), "When", p.Clock(r.UntilAt.Time())))
		if r.Resting > 0 {
			parts = append(parts, p.T("reach.resting", "N", r.Resting))
		}
	}
	if r.State == models.ReachStopped && r.Left > 0 {
		parts = append(parts, p.T("reach.under_way", "N", r.Left))
	}
	if missed := r.Held + r.Missed; missed > 0 {
		var names []string
		for _, person := range r.Who {
			names = append(names, personName(person, 0))
		}
		list := strings.Join(names, p.T("call.sep"))
		if len(names) > 0 && missed > len(names) {
			list = p.T("reach.and_more", "Names", list)
		}
		parts = append(parts, p.T("reach.missed", "N", missed, "Names", list))
	}
	return strings.Join(parts, p.gap2())
}

// reachSaid is a message about a reach; one about a drill says so first.
func (p *Printer) reachSaid(r models.ReachShown, text string, buttons ...slack.BlockElement) Message {
	s := models.Sheet{}
	if r.Call.ID != 0 {
		s.Board = &models.Board{Call: &r.Call, Now: r.Now}
	}
	return p.said(s, text, buttons...)
}

// reachPanel is what goes out about a call, with its stop button.
func (p *Printer) reachPanel(s models.Sheet) []slack.Block {
	var blocks []slack.Block
	for _, r := range s.Reaches {
		if r.Kind == models.ReachAsk && r.State == models.ReachDone && r.Missed == 0 {
			continue // how many were asked stands with the answers
		}
		line := Section(p.T("reach.panel", "What", p.T("reach.kind_"+r.Kind), "Line", p.reachLine(r)))
		switch {
		case r.State == models.ReachGoing && r.Left > 0, r.State == models.ReachWaiting:
			line.Accessory = slack.NewAccessory(p.stopButton(r).(*slack.ButtonBlockElement))
		case r.State == models.ReachStopped && r.Held > 0:
			line.Accessory = slack.NewAccessory(p.freeButton(r)[0].(*slack.ButtonBlockElement))
		}
		blocks = append(blocks, line)
	}
	return blocks
}

// Paused says what pausing or resuming did: how many wait, and when they will
// be through.
func (p *Printer) Paused(hold, changed bool, waiting int, until time.Time) Message {
	key := "pause.released"
	switch {
	case hold && changed:
		key = "pause.held"
	case hold:
		key = "pause.already_held"
	case !changed:
		key = "pause.already_released"
	case waiting > 0:
		key = "pause.released_until"
	}
	text := p.T(key, "N", waiting, "Until", p.Clock(until))
	if !hold {
		return p.said(models.Sheet{}, text)
	}
	return p.said(models.Sheet{}, text, Button(ActionResume, "resume", p.T("pause.resume"), ""))
}

// ActionResume is the button that ends a pause.
const ActionResume = "resume"
