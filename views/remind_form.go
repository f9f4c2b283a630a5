package views

import (
	"github.com/slack-go/slack"
)

// Identifiers of the form behind the message shortcut.
const (
	ShortcutRemind  = "muster_remind"
	ModalRemind     = "remind"
	FieldText       = "text"
	FieldRemindWhen = "remind_when"
)

// RemindModal asks when to be reminded of a message.
func (p *Printer) RemindModal(text string) *slack.ModalViewRequest {
	return Modal(ModalRemind, p.T("remind.form_title"), p.T("remind.form_save"), p.T("form.close"), "",
		Input(FieldText, p.T("remind.form_text"), "", text, true, false),
		Input(FieldRemindWhen, p.T("remind.form_when"), p.T("remind.form_when_hint"), "", false, false))
}
