package views

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// SessionModel is one occurrence as its leader sees it.
type SessionModel struct {
	Study      models.Study
	Occurrence models.Occurrence
	Counts     map[string]int // by state
}

// StudyAsk asks the leader whether a session was held, and then shows what was
// said.
func (p *Printer) StudyAsk(m SessionModel) Message {
	all := 0
	for _, state := range []string{models.AttendanceDue, models.AttendanceAttended, models.AttendanceMadeUp, models.AttendanceExcused, models.AttendanceAbsent} {
		all += m.Counts[state]
	}
	when, title := p.DayClock(m.Occurrence.Start.Time()), Title(m.Study.Title)
	counts := p.T("study.ask_counts", "There", m.Counts[models.AttendanceAttended], "All", all)
	v := rowID(m.Occurrence.ID)
	held := Button(ActionStudyHeld, v, p.T("study.ask_held"), p.T("study.ask_held")+" · "+m.Study.Title)
	not := Button(ActionStudyNotHeld, v, p.T("study.ask_not_held"), p.T("study.ask_not_held")+" · "+m.Study.Title)
	text := ""
	var buttons []slack.BlockElement
	switch m.Occurrence.State {
	case models.OccurrenceHeld:
		text = p.T("study.said_held", "When", when, "Title", title)
		if m.Counts[models.AttendanceAttended] == 0 {
			buttons = append(buttons, not)
		}
	case models.OccurrenceNotHeld:
		text = p.T("study.said_not_held", "When", when, "Title", title)
		buttons = append(buttons, held)
	case models.OccurrenceSkipped:
		text = p.T("study.said_skipped", "When", when, "Title", title)
	default:
		if m.Occurrence.Start > models.At(p.Now) {
			text = p.T("study.said_moved", "When", when, "Title", title)
			break
		}
		text = p.T("study.ask", "When", when, "Title", title)
		held.Style = slack.StylePrimary
		moved := Button(ActionStudyMoved, v, p.T("study.ask_moved"), p.T("study.ask_moved")+" · "+m.Study.Title)
		buttons = append(buttons, held, moved, not)
	}
	blocks := []slack.Block{Section(text + "\n" + counts)}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// ExcuseAsk asks the leader whether a member may be excused.
func (p *Printer) ExcuseAsk(m StudyModel, who models.Person) Message {
	start, _ := m.times()
	key := "study.excuse_ask"
	var buttons []slack.BlockElement
	switch {
	case m.Attendance.State == models.AttendanceExcused:
		key = "study.excuse_given"
	case m.Attendance.Intent != models.IntentExcuse:
		key = "study.excuse_closed"
	default:
		v := rowID(m.Attendance.ID)
		yes := Button(ActionExcuseYes, v, p.T("study.excuse_yes"), p.T("study.excuse_yes")+" · "+who.Name)
		yes.Style = slack.StylePrimary
		buttons = []slack.BlockElement{yes, Button(ActionExcuseNo, v, p.T("study.excuse_no"), p.T("study.excuse_no")+" · "+who.Name)}
	}
	text := p.T(key, "Who", UserTag(who.Slack(), who.Name), "When", p.DayClock(start.Time()), "Title", Title(m.Study.Title))
	if m.Attendance.Reason != "" && m.Attendance.Intent == models.IntentExcuse {
		text += "\n" + p.T("study.excuse_reason", "Reason", Escape(Cut(m.Attendance.Reason, 500)))
	}
	blocks := []slack.Block{Section(text)}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// Snoozes offers the times to which a reminder may be put off. value is the
// row id as the button carries it ("12", or "m12" of a reminder).
func (p *Printer) Snoozes(value, title string, times []models.Instant) Message {
	if len(times) == 0 {
		text := p.T("study.no_snooze")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	text := p.T("study.snooze_when", "Title", Title(title))
	var buttons []slack.BlockElement
	for i, at := range times {
		buttons = append(buttons, Button(ActionSnoozePick+":"+strconv.Itoa(i+1), value+"@"+rowID(int64(at)), p.DayClock(at.Time()), ""))
	}
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// Slots offers the alternative times of an occurrence.
func (p *Printer) Slots(m StudyModel) Message {
	text := p.T("study.slot_which", "Title", Title(m.Study.Title))
	var buttons []slack.BlockElement
	for slot := 0; slot <= len(m.Study.Slots) && slot < 20; slot++ {
		if slot == m.Attendance.Slot && m.Attendance.Intent == models.IntentAttend {
			continue
		}
		start, end := m.Occurrence.Times(m.Study, slot)
		if start <= models.At(p.Now) {
			continue
		}
		buttons = append(buttons, Button(ActionStudySlotPick+":"+strconv.Itoa(slot), rowID(m.Attendance.ID)+"@"+strconv.Itoa(slot),
			p.Range(start.Time(), end.Time()), ""))
	}
	if len(buttons) == 0 {
		text = p.T("study.no_slots")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// StudyAnswer is the line that answers a member's press at once.
func (p *Printer) StudyAnswer(m StudyModel) string {
	note, _ := p.studyState(m)
	if note == "" {
		note = p.T("study.undone")
	}
	return note
}

// leadWords is `提前 1 天和 1 小时`, `1 day and 1 hour before`.
func (p *Printer) leadWords(minutes []int) string {
	var out []string
	for _, m := range minutes {
		out = append(out, p.lead(m))
	}
	if len(out) == 0 {
		return ""
	}
	joined := out[0]
	for i, w := range out[1:] {
		if i == len(out)-2 {
			joined = p.T("study.and", "A", joined, "B", w)
		} else {
			joined += p.T("form.comma") + w
		}
	}
	return joined
}

func (p *Printer) lead(minutes int) string {
	switch {
	case minutes%(24*60) == 0 && minutes > 0:
		return p.T("date.days", "N", minutes/(24*60))
	case minutes%60 == 0 && minutes > 0:
		return p.T("date.hours", "N", minutes/60)
	}
	return p.T("date.minutes", "N", minutes)
}

func joinLines(lines ...string) string {
	var out []string
	for _, l := range lines {
		if strings.TrimSpace(l) != "" {
			out = append(out, l)
		}
	}
	return strings.Join(out, "\n")
}
