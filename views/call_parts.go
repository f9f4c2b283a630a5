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
	for _, part := range []func(models.Sheet) []slack.Block{p.safetyPanel, p.askPanel, p.onsitePanel, p.reachPanel, p.handoverPanel} {
		all = append(all, part(s)...)
	}
	return all
}

// organizerButtons are the buttons of the panel and of an organizer's details
// that come before edit, close and cancel.
func (p *Printer) organizerButtons(s models.Sheet) []slack.BlockElement {
	var all []slack.BlockElement
	for _, part := range []func(models.Sheet) []slack.BlockElement{p.onsiteOrganizer, p.askOrganizer, p.reachOrganizer, p.reportOrganizer, p.templateOrganizer} {
		all = append(all, part(s)...)
	}
	return all
}

// ownButtons are the buttons of somebody's own confirmed place before giving it
// up; ownLines what its message says besides time, place and reminders.
func (p *Printer) ownButtons(s models.Sheet, su models.Signup) []slack.BlockElement {
	return slices.Concat(p.onsiteOwn(s, su), p.safetyOwn(s, su), p.calendarOwn(s, su), p.handoverOwn(s, su))
}

func (p *Printer) ownLines(s models.Sheet, su models.Signup) []string {
	return append(p.safetyOwnLines(s, su), p.handoverOwnLines(s, su)...)
}
