package views

import (
	"github.com/slack-go/slack"

	"muster/models"
)

// What the roll has of a member, in their own message. Values are row ids of
// attendances.
const (
	ActionStudyContest = "study_contest"
	ActionStudyAgree   = "study_agree"
)

// ownRoll is how a member's check-in counts, and what the roll says of them.
func (p *Printer) ownRoll(m StudyModel) string {
	a := m.Attendance
	if m.off() {
		return ""
	}
	var lines []string
	if a.State == models.AttendanceAttended && m.Study.Meets() {
		late := ""
		if a.LateMin > 0 {
			late = p.T("roll.late", "N", a.LateMin)
		}
		if a.How == models.HowSelf {
			late += p.T("roll.self")
			if start, end := m.times(); models.CheckInOpen(start, end, models.At(p.Now)) {
				late += p.T("roll.self_code")
			}
		}
		lines = append(lines, late)
	}
	lines = append(lines, p.rollSaid(m))
	return joinLines(lines...)
}

// rollSaid is the leader's word about the member, and the member's against it.
func (p *Printer) rollSaid(m StudyModel) string {
	a := m.Attendance
	if a.RollAt == 0 || a.State == models.AttendanceMadeUp {
		return ""
	}
	who := personName(m.Roller, 0)
	said := ""
	switch {
	case a.State == models.AttendanceAttended && a.How == models.HowRoll && a.LateMin > 0:
		said = p.T("roll.said_late", "Who", who, "N", a.LateMin)
	case a.State == models.AttendanceAttended && a.How == models.HowRoll:
		said = p.T("roll.said_came", "Who", who)
	case a.State == models.AttendanceAttended:
		said = p.T("roll.said_confirmed", "Who", who)
	case a.State == models.AttendanceExcused:
		said = p.T("roll.said_excused", "Who", who)
	default:
		said = p.T("roll.said_missed", "Who", who)
	}
	if a.Note != "" {
		said += p.T("roll.note", "Note", Escape(Cut(a.Note, models.MostNote)))
	}
	if a.LateEntry(m.Occurrence) {
		said += p.T("roll.entered", "When", p.DayClock(a.RollAt.Time()))
	}
	if a.ContestAt != 0 {
		said = joinLines(said, p.T("roll.you_contest"))
	}
	return said
}

// rollButtons let the member say that the roll is wrong, and lead a session
// they lead themselves while it is on.
func (p *Printer) rollButtons(m StudyModel) []slack.BlockElement {
	var out []slack.BlockElement
	a := m.Attendance
	switch {
	case m.off() || a.RollAt == 0 || a.State == models.AttendanceMadeUp:
	case a.ContestAt != 0:
		out = append(out, p.press(ActionStudyAgree, m, "onsite.right_after_all"))
	default:
		out = append(out, p.press(ActionStudyContest, m, "onsite.wrong"))
	}
	if m.Leads && !m.off() {
		s := SessionModel{Study: m.Study, Occurrence: m.Occurrence}
		out = append(out, p.leading(ActionStudyCode, "roll.code", s), p.leading(ActionStudyWho, "roll.who_button", s), p.leading(ActionStudyRoll, "roll.roll", s))
	}
	return out
}

// StudyStruck tells somebody from elsewhere that they were taken off the list.
func (p *Printer) StudyStruck(m SessionModel) Message {
	text := p.T("roll.struck", "When", p.DayClock(m.Occurrence.Start.Time()), "Title", Title(m.title()), "Who", personName(m.Roller, 0))
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text)}}
}

// StudyContested tells who settles it that somebody says the roll is wrong.
func (p *Printer) StudyContested(m StudyModel, who models.Person) Message {
	start, _ := m.times()
	args := []any{"Who", UserTag(who.Slack(), who.Name), "When", p.DayClock(start.Time()), "Title", Title(m.Occurrence.Title(m.Study))}
	if m.Attendance.ContestAt == 0 {
		text := p.T("roll.contest_settled", args...)
		return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text)}}
	}
	text := p.T("roll.contest", args...)
	s := SessionModel{Study: m.Study, Occurrence: m.Occurrence}
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(joinLines(text, p.rollLine(m))), Actions(p.leading(ActionStudyRoll, "roll.roll", s))}}
}

// rollLine is what the roll has of somebody, to who settles it.
func (p *Printer) rollLine(m StudyModel) string {
	a := m.Attendance
	mark := a.Marked()
	said := p.T("roll.say_" + mark.Said)
	if mark.LateMin > 0 {
		said = p.T("roll.mark_late", "N", mark.LateMin)
	}
	line := p.T("roll.stands", "Said", said, "Who", personName(m.Roller, 0), "When", p.DayClock(a.RollAt.Time()))
	if a.Note != "" {
		line += p.T("roll.note", "Note", Escape(Cut(a.Note, models.MostNote)))
	}
	return line
}
