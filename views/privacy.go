package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons of `privacy`.
const (
	ActionPrivacyCopy   = "privacy_copy"
	ActionPrivacyForget = "privacy_forget"     // asks once more
	ActionPrivacyYes    = "privacy_forget_yes" // the second press
	ActionPrivacyKeep   = "privacy_keep"       // takes it back
)

// Privacy is what is kept about the reader, what for, and what they can do.
func (p *Printer) Privacy(h models.Held) Message {
	lines := []string{"*" + p.T("privacy.head") + "*"}
	if len(h.Kinds) == 0 {
		lines = append(lines, p.T("privacy.nothing"))
	}
	for _, k := range h.Kinds {
		lines = append(lines, "• "+p.T("privacy.kind_"+k.Kind, "N", Number(float64(k.N))))
	}
	text := strings.Join(append(lines, p.T("privacy.who")), "\n")
	buttons := []slack.BlockElement{Button(ActionPrivacyCopy, "0", p.T("privacy.copy"), "")}
	blocks := []slack.Block{}
	if h.ForgetAt != 0 {
		text += "\n" + p.T("privacy.planned", "When", p.DayClock(h.ForgetAt.Time()))
		buttons = append(buttons, Button(ActionPrivacyKeep, "0", p.T("privacy.keep"), ""))
	} else {
		buttons = append(buttons, Button(ActionPrivacyForget, "0", p.T("privacy.forget"), ""))
	}
	blocks = append(blocks, Section(text), Actions(buttons...))
	return Message{Text: text, Blocks: blocks}
}

// PrivacyForget says what goes and what stays before the second press.
func (p *Printer) PrivacyForget() Message {
	text := p.T("privacy.sure")
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(Button(ActionPrivacyYes, "0", p.T("privacy.yes"), "danger"))}}
}

// PrivacyPlanned says when the reader will be forgotten.
func (p *Printer) PrivacyPlanned(at models.Instant) Message {
	text := p.T("privacy.planned", "When", p.DayClock(at.Time()))
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(Button(ActionPrivacyKeep, "0", p.T("privacy.keep"), ""))}}
}
