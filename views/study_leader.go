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
	Tally      models.StudyTally
	Roller     models.Person // who last took the roll
	Past       bool          // a newer question has the buttons
}

// Buttons of a session's leader; their value is the row id of the occurrence.
const (
	ActionStudyCode = "study_code"
	ActionStudyWho  = "study_who"
	ActionStudyRoll = "study_roll"
)

func (m SessionModel) title() string { return m.Occurrence.Title(m.Study) }

func (p *Printer) leading(action, key string, m SessionModel) *slack.ButtonBlockElement {
	return Button(action, rowID(m.Occurrence.ID), p.T(key), p.T(key)+" · "+m.title())
}

// StudyAsk asks the leader whether a session was held, and then shows what was
// said and how the roll stands.
func (p *Printer) StudyAsk(m SessionModel) Message {
	when, title := p.DayClock(m.Occurrence.Start.Time()), Title(m.title())
	if m.Past {
		text := p.T("study.past", "What", p.T("study.line", "When", when, "Title", title))
		return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Context(text)}}
	}
	text, buttons := p.askState(m, when, title)
	blocks := []slack.Block{Section(joinLines(text, p.tally(m)))}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// askState is what the question says now, and its buttons.
func (p *Printer) askState(m SessionModel, when, title string) (text string, buttons []slack.BlockElement) {
	held, not := p.leading(ActionStudyHeld, "study.ask_held", m), p.leading(ActionStudyNotHeld, "study.ask_not_held", m)
	switch m.Occurrence.State {
	case models.OccurrenceHeld:
		text = p.T("study.said_held", "When", when, "Title", title)
		if m.Occurrence.SettledBy == 0 {
			text = p.T("roll.held_by_code", "When", when, "Title", title)
		}
		roll := p.leading(ActionStudyRoll, "roll.roll", m)
		if m.Occurrence.RollAt == 0 || m.Occurrence.WantsRoll() {
			roll.Style = slack.StylePrimary
		}
		buttons = append(buttons, roll)
		if m.Tally.There() == 0 {
			buttons = append(buttons, not)
		}
		return text, buttons
	case models.OccurrenceNotHeld:
		return p.T("study.said_not_held", "When", when, "Title", title), []slack.BlockElement{held}
	case models.OccurrenceSkipped:
		return p.T("study.said_skipped", "When", when, "Title", title), nil
	}
	if m.Occurrence.Start > models.At(p.Now) {
		return p.T("study.said_moved", "When", when, "Title", title), nil
	}
	held.Style = slack.StylePrimary
	return p.T("study.ask", "When", when, "Title", title), []slack.BlockElement{held, p.leading(ActionStudyMoved, "study.ask_moved", m), not}
}

// tally is how the people of a session stand: `签到 9 人，应到 12 人`, then what
// a leader has to know of them, and who took the roll when.
func (p *Printer) tally(m SessionModel) string {
	t := m.Tally
	var parts []string
	add := func(key string, n int) {
		if n > 0 {
			parts = append(parts, p.T(key, "N", n))
		}
	}
	add("roll.n_onsite", t.Onsite)
	add("roll.n_self", t.Self)
	add("roll.n_roll", t.Roll)
	add("roll.n_late", t.Late)
	add("roll.n_walkin", t.WalkIns)
	add("roll.n_made_up", t.MadeUp)
	add("roll.n_excused", t.Excused)
	add("roll.n_asked", t.Asked)
	add("roll.n_missing", t.Missing)
	add("roll.n_contested", t.Contested)
	taken := ""
	if o := m.Occurrence; o.RollAt != 0 {
		taken = p.T("roll.taken", "Who", personName(m.Roller, 0), "When", p.DayClock(o.RollAt.Time()))
		if models.Late(o.End, o.RollAt) {
			taken = p.T("roll.taken_late", "Who", personName(m.Roller, 0), "When", p.DayClock(o.RollAt.Time()))
		}
	}
	return joinLines(p.T("study.ask_counts", "There", t.There(), "All", t.Expected), strings.Join(parts, p.T("roll.sep")), taken)
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
	text := p.T(key, "Who", UserTag(who.Slack(), who.Name), "When", p.DayClock(start.Time()), "Title", Title(m.title()))
	if m.Attendance.Reason != "" && m.Attendance.Intent == models.IntentExcuse {
		text += "\n" + p.T("study.excuse_reason", "Reason", Escape(Cut(m.Attendance.Reason, 500)))
	}
	text = joinLines(text, p.leaveAsked(m))
	blocks := []slack.Block{Section(text)}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
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
