package views

import (
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of excuses. Values are row ids of attendances.
const (
	ActionLeaveEnd = "study_leave_end" // back earlier than asked for

	ModalExcuse   = "study_excuse"
	ModalExcuseNo = "study_excuse_no"

	FieldLeave = "until" // last day of a request for several sessions
)

// ExcuseModal asks why, and until when; both may be left out.
func (p *Printer) ExcuseModal(m StudyModel) *slack.ModalViewRequest {
	until := DateInput(FieldLeave, p.T("makeup.leave"), "")
	until.Hint = plain(p.T("makeup.leave_hint"), 2000)
	return Modal(ModalExcuse, p.T("study.excuse"), p.T("study.excuse_submit"), p.T("form.close"), rowID(m.Attendance.ID),
		Section(p.studyLineOf(m)), Input(FieldReason, p.T("study.reason"), p.T("study.reason_hint"), "", true, true), until)
}

// ExcuseNoModal asks the leader why not; the member reads it.
func (p *Printer) ExcuseNoModal(m StudyModel, who models.Person) *slack.ModalViewRequest {
	start, _ := m.times()
	head := p.T("study.excuse_ask", "Who", personName(who, 0), "When", p.DayClock(start.Time()), "Title", Title(m.title()))
	if m.Attendance.Reason != "" {
		head += "\n" + p.T("study.excuse_reason", "Reason", Escape(Cut(m.Attendance.Reason, 500)))
	}
	return Modal(ModalExcuseNo, p.T("study.excuse_no"), p.T("study.excuse_no"), p.T("form.close"), rowID(m.Attendance.ID),
		Section(joinLines(head, p.leaveAsked(m))), Input(FieldReason, p.T("study.reason"), p.T("makeup.no_why_hint"), "", true, true))
}

// lastDay is the last day of a leave, as the reader has it.
func (p *Printer) lastDay(l models.Leave) string {
	return p.Day(l.UntilAt.Add(-time.Minute).Time())
}

// leaveAsked tells the leader that a request is for more than one session; ""
// when it is not.
func (p *Printer) leaveAsked(m StudyModel) string {
	switch m.Leave.State {
	case models.LeaveAsked:
		return p.T("makeup.leave_ask", "Day", p.lastDay(m.Leave))
	case models.LeaveGiven:
		return p.T("makeup.leave_until", "Day", p.lastDay(m.Leave))
	}
	return ""
}

// excuseAsked is what the member reads while nobody has answered.
func (p *Printer) excuseAsked(m StudyModel) string {
	if m.Leave.State == models.LeaveAsked {
		return p.T("makeup.leave_asked", "Day", p.lastDay(m.Leave))
	}
	return p.T("study.excuse_asked")
}

// excused is what the member reads then; who is back earlier says so.
func (p *Printer) excused(m StudyModel) (string, []slack.BlockElement) {
	if m.Leave.State != models.LeaveGiven {
		return p.answered("study.excused", m), nil
	}
	note := p.T("makeup.leave_given", "Day", p.lastDay(m.Leave))
	if models.At(p.Now) >= m.Leave.UntilAt {
		return note, nil
	}
	return note, []slack.BlockElement{p.press(ActionLeaveEnd, m, "makeup.leave_end")}
}

// answered is a leader's answer with the reason, when one was given.
func (p *Printer) answered(key string, m StudyModel) string {
	if m.Attendance.Answer == "" {
		return p.T(key)
	}
	return joinLines(p.T(key), p.T("makeup.answer", "Reason", Escape(Cut(m.Attendance.Answer, 500))))
}
