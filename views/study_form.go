package views

import "github.com/slack-go/slack"

// Fields of the study's modals: block ids.
const (
	FieldTitle      = "title"
	FieldWhen       = "when"
	FieldWho        = "for"
	FieldPlace      = "where"
	FieldLink       = "link"
	FieldLength     = "length"
	FieldRemind     = "remind"
	FieldMakeup     = "makeup"
	FieldUntil      = "until"
	FieldKind       = "meeting"
	FieldReflection = "reflection"
	FieldReason     = "reason"

	MeetingNone = "none" // value of FieldKind: no meeting, everybody on their own
)

// MoveModal asks the leader to when a session was moved.
func (p *Printer) MoveModal(m SessionModel) *slack.ModalViewRequest {
	return Modal(ModalMove, p.T("study.ask_moved"), p.T("study.move_submit"), p.T("form.close"), rowID(m.Occurrence.ID),
		Section("*"+Title(m.Occurrence.Title(m.Study))+"*\n"+p.DayClock(m.Occurrence.Start.Time())),
		Input(FieldWhen, p.T("study.move_when"), p.T("study.move_hint"), "", false, false))
}
