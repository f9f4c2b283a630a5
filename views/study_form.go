package views

import (
	"github.com/slack-go/slack"

	"muster/models"
)

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

// StudyModal asks for a session; channel is where it was asked for, "" in a
// direct message, and is kept with the modal.
func (p *Printer) StudyModal(channel string, units []models.Unit) *slack.ModalViewRequest {
	options := []Option{}
	if channel != "" {
		options = append(options, Option{"channel", p.T("study.form_here")})
	}
	for i, u := range units {
		if i == 90 { // Slack takes 100 options
			break
		}
		options = append(options, Option{"unit:" + rowID(u.ID), u.Name})
	}
	options = append(options, Option{"all", p.T("study.everybody")})
	return Modal("study", p.T("study.form_title"), p.T("study.form_submit"), p.T("form.close"), channel,
		Input(FieldTitle, p.T("study.form_what"), "", "", false, false),
		Input(FieldWhen, p.T("study.form_when"), p.T("study.form_when_hint"), "", false, false),
		Select(FieldWho, p.T("study.form_who"), options, options[0].Value, false),
		Input(FieldLink, p.T("study.form_link"), "", "", false, true),
		Input(FieldPlace, p.T("study.form_where"), "", "", false, true),
		Input(FieldLength, p.T("study.form_length"), p.T("study.form_length_hint"), "", false, true),
		Checks(FieldKind, p.T("study.form_kind"), []Option{{MeetingNone, p.T("study.form_none")}}, nil),
		Input(FieldRemind, p.T("study.form_remind"), p.T("study.form_remind_hint"), "", false, true),
		Input(FieldMakeup, p.T("study.form_makeup"), p.T("study.form_makeup_hint"), "", false, true),
		Input(FieldUntil, p.T("study.form_until"), p.T("study.form_until_hint"), "", false, true))
}

// MakeupModal asks for the reflection of a make-up.
func (p *Printer) MakeupModal(m StudyModel) *slack.ModalViewRequest {
	head := p.studyLineOf(m)
	if m.Study.Link != "" {
		head += "\n" + p.T("study.material", "Link", Link(m.Study.Link, p.T("study.open_link")))
	}
	return Modal(ModalMakeup, p.T("study.makeup_title"), p.T("study.makeup_submit"), p.T("form.close"), rowID(m.Attendance.ID),
		Section(head), Input(FieldReflection, p.T("study.reflection"), p.T("study.reflection_hint", "Least", models.ReflectionMin), "", true, false))
}

// ExcuseModal asks why; the answer may be left out.
func (p *Printer) ExcuseModal(m StudyModel) *slack.ModalViewRequest {
	return Modal(ModalExcuse, p.T("study.excuse"), p.T("study.excuse_submit"), p.T("form.close"), rowID(m.Attendance.ID),
		Section(p.studyLineOf(m)), Input(FieldReason, p.T("study.reason"), p.T("study.reason_hint"), "", true, true))
}

// MoveModal asks the leader to when a session was moved.
func (p *Printer) MoveModal(m SessionModel) *slack.ModalViewRequest {
	return Modal(ModalMove, p.T("study.ask_moved"), p.T("study.move_submit"), p.T("form.close"), rowID(m.Occurrence.ID),
		Section("*"+Title(m.Study.Title)+"*\n"+p.DayClock(m.Occurrence.Start.Time())),
		Input(FieldWhen, p.T("study.move_when"), p.T("study.move_hint"), "", false, false))
}
