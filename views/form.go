package views

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Option is one choice of a select: Value is at most 75 characters (Slack).
type Option struct{ Value, Label string }

// Modal is a modal with an id that handlers register, cut to Slack's limits.
func Modal(callback, title, submit, closeText, private string, blocks ...slack.Block) *slack.ModalViewRequest {
	m := &slack.ModalViewRequest{Type: slack.VTModal, CallbackID: callback, PrivateMetadata: private,
		Title:  plain(title, 24),
		Close:  plain(closeText, 24),
		Blocks: slack.Blocks{BlockSet: blocks}}
	if submit != "" {
		m.Submit = plain(submit, 24)
	}
	return m
}

func plain(text string, n int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, Cut(Plain(text), n), false, false)
}

// Input is one line (or several) of text. The block_id names the field.
func Input(id, label, hint, initial string, lines, optional bool) *slack.InputBlock {
	e := slack.NewPlainTextInputBlockElement(nil, id)
	e.Multiline = lines
	e.InitialValue = Cut(initial, 3000)
	e.MaxLength = 3000
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	if hint != "" {
		b.Hint = plain(hint, 2000)
	}
	b.Optional = optional
	return b
}

// Select is a choice of one; current may be "".
func Select(id, label string, options []Option, current string, optional bool) *slack.InputBlock {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, id, objects(options)...)
	for _, o := range e.Options {
		if o.Value == current {
			e.InitialOption = o
		}
	}
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	b.Optional = optional
	return b
}

// Checks is a choice of any; current are the values ticked already.
func Checks(id, label string, options []Option, current []string) *slack.InputBlock {
	e := slack.NewCheckboxGroupsBlockElement(id, objects(options)...)
	for _, o := range e.Options {
		for _, c := range current {
			if o.Value == c {
				e.InitialOptions = append(e.InitialOptions, o)
			}
		}
	}
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	b.Optional = true
	return b
}

// ChannelSelect chooses a channel the bot could write to.
func ChannelSelect(id, label, current string) *slack.InputBlock {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, nil, id)
	e.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	e.InitialConversation = current
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	b.Optional = true
	return b
}

// PeopleSelect chooses several people.
func PeopleSelect(id, label, hint string, current []string) *slack.InputBlock {
	e := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, nil, id)
	e.InitialUsers = current
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	b.Hint = plain(hint, 2000)
	b.Optional = true
	return b
}

// DateInput chooses a day; current is 2026-11-23 or "".
func DateInput(id, label, current string) *slack.InputBlock {
	e := slack.NewDatePickerBlockElement(id)
	e.InitialDate = current
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	b.Optional = true
	return b
}

// AutoValue is the choice to follow what stands above: the unit, Slack or the
// organisation. A select that was set once cannot be emptied again in Slack.
const AutoValue = "auto"

func objects(options []Option) []*slack.OptionBlockObject {
	out := make([]*slack.OptionBlockObject, 0, len(options))
	for _, o := range options {
		out = append(out, slack.NewOptionBlockObject(Cut(o.Value, 75), plain(o.Label, 75), nil))
	}
	return out
}

// Spans writes windows as ParseWindows reads them.
func (p *Printer) Spans(windows []models.Window) string {
	var out []string
	for i, w := range windows {
		var days []string
		for _, d := range w.Days {
			days = append(days, p.Weekday(d))
		}
		span := Wall(w.Start) + "-" + Wall(w.End)
		if len(days) > 0 {
			span = strings.Join(days, " ") + " " + span
		} else if i > 0 && len(windows[i-1].Days) > 0 { // else the days before would hold for it
			span = p.T("date.every_day") + " " + span
		}
		out = append(out, span)
	}
	return strings.Join(out, ", ")
}

// Wall writes minutes after midnight as 9:00.
func Wall(minutes int) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }
