package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// WhoModel is who is in at a session and who is not.
type WhoModel struct {
	SessionModel
	There, Missing, Asked []models.Attendance
	People                map[int64]models.Person
	Open                  bool // a code can be had
	Started               bool // check-in has begun: there is a roll
}

// StudyWho shows it to the leader, with who waits for a word on being excused.
func (p *Printer) StudyWho(m WhoModel) Message {
	head := p.T("roll.who", "Title", "*"+Title(m.title())+"*", "Ref", studyRef(m.Study), "When",
		p.Range(m.Occurrence.Start.Time(), m.Occurrence.End.Time()))
	lines := []string{head, p.tally(m.SessionModel)}
	if len(m.There) > 0 {
		lines = append(lines, p.T("roll.who_there", "Names", p.people(m.There, m.People, m.Tally.There(), p.thereMark)))
	}
	if len(m.Missing) > 0 {
		lines = append(lines, p.T("roll.who_missing", "Names", p.people(m.Missing, m.People, m.Tally.Missing, p.missingMark)))
	}
	blocks := chunks(lines, 3500, func(int) string { return "…" })
	for _, a := range m.Asked {
		blocks = append(blocks, p.excuseRow(a, m.People[a.PersonID])...)
	}
	var buttons []slack.BlockElement
	if m.Open {
		code := p.leading(ActionStudyCode, "roll.code", m.SessionModel)
		code.Style = slack.StylePrimary
		buttons = append(buttons, code)
	}
	if m.Started && !m.Occurrence.Off() {
		buttons = append(buttons, p.leading(ActionStudyRoll, "roll.roll", m.SessionModel))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(p.T("roll.who", "Title", plainTitle(m.Study), "Ref", studyRef(m.Study), "When", p.DayClock(m.Occurrence.Start.Time()))+
		" "+p.T("study.ask_counts", "There", m.Tally.There(), "All", m.Tally.Expected), LimitText), Blocks: blocks}
}

// LeadRow is the code, who is in and the roll of the session that is on, or of
// the last one, for who leads it.
func (p *Printer) LeadRow(m PlanModel) []slack.Block { return p.leadRow(m, "") }

// leadRow is LeadRow where several stand on one page: after tells their buttons
// apart.
func (p *Printer) leadRow(m PlanModel, after string) []slack.Block {
	s, now := SessionModel{Study: m.Study, Occurrence: m.On}, models.At(p.Now)
	if !m.Manages || m.On.ID == 0 || m.On.RollOpen(m.Study, now) != nil {
		return nil
	}
	var out []slack.BlockElement
	if m.On.CodeOpen(m.Study, now) == nil {
		out = append(out, p.leading(ActionStudyCode+after, "roll.code", s))
	}
	return []slack.Block{Actions(append(out, p.leading(ActionStudyWho+after, "roll.who_button", s), p.leading(ActionStudyRoll+after, "roll.roll", s))...)}
}

// people names some, with a mark each, and how many there are beyond.
func (p *Printer) people(list []models.Attendance, people map[int64]models.Person, all int, mark func(models.Attendance) string) string {
	var names []string
	for _, a := range list {
		names = append(names, personName(people[a.PersonID], 0)+mark(a))
	}
	out := strings.Join(names, p.T("call.sep"))
	if all > len(list) {
		out = p.T("call.names_more", "Names", out, "Count", all)
	}
	return out
}

// thereMark says how somebody is known to be there, where it is not the code.
func (p *Printer) thereMark(a models.Attendance) string {
	var marks []string
	if a.WalkIn {
		marks = append(marks, p.T("roll.mark_walkin"))
	}
	switch a.How {
	case models.HowSelf:
		marks = append(marks, p.T("roll.mark_self"))
	case models.HowRoll:
		marks = append(marks, p.T("roll.mark_roll"))
	}
	if a.LateMin > 0 {
		marks = append(marks, p.T("roll.mark_late", "N", a.LateMin))
	}
	if a.ContestAt != 0 {
		marks = append(marks, p.T("roll.mark_contested"))
	}
	return p.marked(marks)
}

func (p *Printer) missingMark(a models.Attendance) string {
	var marks []string
	switch {
	case a.ContestAt != 0:
		marks = append(marks, p.T("roll.mark_contested"))
	case a.Intent == models.IntentExcuse:
		marks = append(marks, p.T("roll.mark_asked"))
	case a.Intent == models.IntentMakeup:
		marks = append(marks, p.T("roll.mark_makeup"))
	case a.Intent == models.IntentAttend:
		marks = append(marks, p.T("roll.mark_coming"))
	}
	return p.marked(marks)
}

func (p *Printer) marked(marks []string) string {
	if len(marks) == 0 {
		return ""
	}
	return p.T("roll.marks", "Marks", strings.Join(marks, p.T("roll.sep")))
}

// excuseRow is somebody who asks to be excused, with the leader's answers.
func (p *Printer) excuseRow(a models.Attendance, who models.Person) []slack.Block {
	text := p.T("roll.asks", "Who", personName(who, 0))
	if a.Reason != "" {
		text += "\n" + p.T("study.excuse_reason", "Reason", Escape(Cut(a.Reason, 300)))
	}
	id := rowID(a.ID)
	yes := Button(ActionExcuseYes+":"+id, id, p.T("study.excuse_yes"), p.T("study.excuse_yes")+" · "+who.Name)
	return []slack.Block{Section(text), Actions(yes, Button(ActionExcuseNo+":"+id, id, p.T("study.excuse_no"), p.T("study.excuse_no")+" · "+who.Name))}
}

// StudyCode shows a session's code to its leader, big enough to be read out or
// held up. page is its address, "" where there is no public one.
func (p *Printer) StudyCode(m SessionModel, c models.StudyCode, page string) Message {
	say := func(title string) string {
		return p.T("onsite.code_text", "Code", c.Code, "Title", title, "Ref", studyRef(m.Study), "Until", p.Clock(c.UntilAt.Time()))
	}
	blocks := []slack.Block{slack.NewHeaderBlock(plain(strings.Join(strings.Split(c.Code, ""), " "), LimitHeader)),
		Section(say(Title(m.title()))), Context(p.T("onsite.code_how", "Code", c.Code))}
	if page != "" {
		blocks = append(blocks, Section(p.T("onsite.code_page", "Page", page)))
	}
	blocks = append(blocks, Context(p.T("study.ask_counts", "There", m.Tally.There(), "All", m.Tally.Expected)),
		Actions(p.leading(ActionStudyCode, "onsite.code_again", m), p.leading(ActionStudyWho, "roll.who_button", m), p.leading(ActionStudyRoll, "roll.roll", m)))
	return Message{Text: c.Code + " " + say(plainTitle(m.Study)), Blocks: blocks}
}

// StudyCheckedIn answers a session's code, by what became of it.
func (p *Printer) StudyCheckedIn(m StudyModel, outcome models.CheckinOutcome) Message {
	note, buttons := p.studyState(m)
	switch {
	case outcome == models.CheckedInSite:
		note = p.T("roll.now_onsite") + " " + note
	case outcome == models.CheckedInBefore:
		note = p.T("roll.before") + " " + note
	case m.Attendance.WalkIn:
		note += " " + p.T("roll.you_walked_in")
	}
	text := p.studyLineOf(m) + "\n" + note
	blocks := []slack.Block{Section(text)}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(p.studyText(m)+" "+note, LimitText), Blocks: blocks}
}

// StudyCheckins are the rows of sessions to check in to by button, under how to
// check in.
func (p *Printer) StudyCheckins(sessions []StudyModel) []slack.Block {
	var blocks []slack.Block
	for i, m := range sessions {
		if i == 5 {
			break
		}
		b := p.primary(ActionStudyCheckIn, m, "study.checkin")
		b.ActionID += ":" + rowID(m.Attendance.ID)
		blocks = append(blocks, Section(p.studyLineOf(m)), Actions(b))
	}
	return blocks
}
