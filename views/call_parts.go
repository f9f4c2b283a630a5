package views

import (
	"slices"

	"github.com/slack-go/slack"

	"muster/models"
)

// What features beyond places add to the messages about a call, each in the
// file of its name, in the order in which they are read.

// panelParts is what the organizer's panel shows besides places and answers.
func (p *Printer) panelParts(s models.Sheet) []slack.Block {
	var all []slack.Block
	for _, part := range []func(models.Sheet) []slack.Block{p.safetyPanel, p.askPanel, p.onsitePanel, p.reachPanel, p.handoverPanel, p.fewerParts} {
		all = append(all, part(s)...)
	}
	return all
}

// ActionCallMenu is the menu behind an organizer's buttons, for what is seldom
// wanted: the value of an entry is the ACTION:VALUE of the button it stands for.
const ActionCallMenu = "call_menu"

// organizerRows are an organizer's buttons in two rows, first what the people of
// the call are asked and told, then the call itself, before which head stands. A
// call under way keeps what is seldom wanted in a menu; one that is over has
// room for it, and it is what is wanted then.
func (p *Printer) organizerRows(s models.Sheet, head ...slack.BlockElement) []slack.Block {
	people := slices.Concat(p.onsiteOrganizer(s), p.askOrganizer(s), p.reachOrganizer(s))
	call, rare := p.manageButtons(s), slices.Concat(p.reportOrganizer(s), p.againButtons(s))
	if s.Call.Live() && s.Now < s.End() {
		call = append(call, menu(rare))
	} else {
		call = append(rare, call...)
	}
	var rows []slack.Block
	if len(people) > 0 {
		rows = append(rows, Actions(people...))
	}
	return append(rows, Actions(slices.Concat(head, call)...))
}

// menu holds buttons, five at most (Slack), behind one of three dots.
func menu(buttons []slack.BlockElement) slack.BlockElement {
	var options []*slack.OptionBlockObject
	for _, e := range buttons {
		if b, ok := e.(*slack.ButtonBlockElement); ok && len(options) < 5 {
			options = append(options, slack.NewOptionBlockObject(b.ActionID+":"+b.Value, b.Text, nil))
		}
	}
	return slack.NewOverflowBlockElement(ActionCallMenu, options...)
}

// ownButtons are the buttons of somebody's own confirmed place before giving it
// up; ownLines what its message says besides time, place and reminders.
func (p *Printer) ownButtons(s models.Sheet, su models.Signup) []slack.BlockElement {
	return slices.Concat(p.onsiteOwn(s, su), p.safetyOwn(s, su), p.calendarOwn(s, su), p.handoverOwn(s, su))
}

func (p *Printer) ownLines(s models.Sheet, su models.Signup) []string {
	return append(p.safetyOwnLines(s, su), p.handoverOwnLines(s, su)...)
}
