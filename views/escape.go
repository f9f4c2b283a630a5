package views

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"
)

// Slack's limits in characters, with room left: see Block Kit reference.
const (
	LimitSection = 3000 // section text
	LimitHeader  = 150
	LimitButton  = 75
	LimitTitle   = 120 // our own: a title longer than this hides the rest of a card
	LimitText    = 3500
)

// wide looks like mrkdwn's markers and is not one; Slack has no escape for
// them, so a person's *x* keeps its looks and loses its effect.
var mrkdwn = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;",
	"*", "*\u200b", "_", "_\u200b", "~", "~\u200b", "`", "`\u200b")

var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Escape makes a person's text harmless inside mrkdwn: no mention, no link, no
// markup, no change of writing direction for what follows.
func Escape(s string) string { return mrkdwn.Replace(Plain(s)) }

// EscapeText makes it harmless in the fallback text, where only entities act.
func EscapeText(s string) string { return entities.Replace(Plain(s)) }

// Plain is s on one line, without control characters and direction overrides.
func Plain(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t', r == '\r':
			return ' '
		case r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F:
			return -1 // overrides would turn around the words after a title
		case unicode.IsControl(r), r == utf8.RuneError:
			return -1
		}
		return r
	}, s))
}

// Cut shortens s to at most n characters, with an ellipsis when something was
// cut, never inside an entity.
func Cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	r := []rune(s)[:n-1]
	out := string(r)
	if i := strings.LastIndexByte(out, '&'); i >= 0 && !strings.Contains(out[i:], ";") {
		out = out[:i]
	}
	return out + "…"
}

// Title is a person's title cut to what a card bears, ready for mrkdwn.
func Title(s string) string { return Escape(Cut(Plain(s), LimitTitle)) }

// UserTag mentions a person by Slack id; an empty id gives the fallback name.
func UserTag(slackID, name string) string {
	if slackID == "" {
		return Escape(name)
	}
	return "<@" + slackID + ">"
}

// Section is a block of mrkdwn, cut to Slack's limit.
func Section(mrkdwn string) *slack.SectionBlock {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, Cut(mrkdwn, LimitSection), false, false), nil, nil)
}

// Context is a line of small print.
func Context(mrkdwn string) *slack.ContextBlock {
	return slack.NewContextBlock("", slack.NewTextBlockObject(slack.MarkdownType, Cut(mrkdwn, LimitSection), false, false))
}

// Button is a button with a row id as value. label is for screen readers when
// the text is too terse to stand alone, else "".
func Button(actionID, value, text, label string) *slack.ButtonBlockElement {
	b := slack.NewButtonBlockElement(Cut(actionID, 255), value, slack.NewTextBlockObject(slack.PlainTextType, Cut(Plain(text), LimitButton), false, false))
	if label != "" {
		b.AccessibilityLabel = Cut(Plain(label), LimitButton)
	}
	return b
}

// Actions is a row of elements; Slack takes 25 at most.
func Actions(elements ...slack.BlockElement) *slack.ActionBlock {
	if len(elements) > 25 {
		elements = elements[:25]
	}
	return slack.NewActionBlock("", elements...)
}
