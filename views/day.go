package views

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Snoozes offers the times to which a reminder may be put off, with the window
// of the reader's that begins then. value is the row id as the button carries it ("12",
// or "m12" of a reminder).
func (p *Printer) Snoozes(value, title string, times []models.Snooze) Message {
	if len(times) == 0 {
		text := p.T("study.no_snooze")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	text := p.T("study.snooze_when", "Title", Title(title))
	var buttons []slack.BlockElement
	for i, s := range times {
		label := p.DayClock(s.At.Time())
		if s.In != nil {
			label = p.T("day.in_window", "When", label, "Span", Wall(s.In.Start)+"–"+Wall(s.In.End))
		}
		buttons = append(buttons, Button(ActionSnoozePick+":"+strconv.Itoa(i+1), value+"@"+rowID(int64(s.At)), label, ""))
	}
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// DayModel is several reminders of one day in one message.
type DayModel struct {
	Day      models.Instant // when it came
	Items    []StudyModel
	LateFrom models.Instant
}

// StudyDay is the message of a full day: what and when, each with its own
// buttons, edited as each is answered.
func (p *Printer) StudyDay(m DayModel) Message {
	head := p.T("day.head", "N", len(m.Items), "Day", p.Day(m.Day.Time()))
	lines := []string{"*" + head + "*"}
	if m.LateFrom != 0 {
		lines = append(lines, p.T("study.late", "When", p.DayClock(m.LateFrom.Time())))
	}
	text := head
	blocks := []slack.Block{Section(strings.Join(lines, "\n"))}
	open := false
	for _, item := range m.Items {
		text += "\n" + p.studyText(item)
		if item.Past {
			blocks = append(blocks, Context(p.T("study.past", "What", p.studyLineOf(item))))
			continue
		}
		note, buttons := p.studyState(item)
		blocks = append(blocks, p.withMaterial(Section(joinLines(strings.Join(p.studyHead(item), "\n"), note)), item))
		if len(buttons) > 0 {
			row := Actions(buttons...)
			marked([]slack.Block{row}, "d"+rowID(item.Attendance.ID))
			blocks = append(blocks, row)
			open = open || item.Attendance.State == models.AttendanceDue
		}
	}
	if open {
		blocks = append(blocks, Actions(p.fewer("")))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// Identifiers of wanting fewer reminders. The value of ActionFewer is what the
// message was: empty for study, "follow", or "m" and the row id of a reminder.
const (
	ActionFewer     = "fewer"
	ActionFewerPick = "fewer_to"   // value: one of the choices
	ActionFewerUndo = "fewer_undo" // the same
)

// reminds says that more reminders of it may come.
func (m StudyModel) reminds(now models.Instant) bool {
	start, end := m.times()
	return now < start && !models.CheckInOpen(start, end, now) && m.Attendance.State == models.AttendanceDue && !m.off() &&
		(m.Attendance.Intent == models.IntentNone || m.Attendance.Intent == models.IntentAttend)
}

// fewer is the button on a reminder that offers less of it.
func (p *Printer) fewer(of string) *slack.ButtonBlockElement {
	return Button(ActionFewer, of, p.T("day.fewer"), "")
}

// Fewer offers less: for a while, of this kind, or none. choices are in the
// order in which they stand.
func (p *Printer) Fewer(of string, choices []string) Message {
	text := p.T("day.fewer_how")
	var buttons []slack.BlockElement
	if id, ok := strings.CutPrefix(of, RemindValue); ok {
		buttons = append(buttons, Button(ActionRemindNo, id, p.T("remind.stop"), ""))
	}
	for _, c := range choices {
		buttons = append(buttons, Button(ActionFewerPick+":"+c, c, p.T("day.choice_"+c), ""))
	}
	buttons = append(buttons, Button(ActionOpenProfile, "0", p.T("day.all_settings"), ""))
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// FewerTaken says what holds now, and takes it back.
func (p *Printer) FewerTaken(choice string, who models.Person) Message {
	text := p.T("day.taken_"+choice, "Day", p.Day(who.PauseUntil.Time()))
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(Button(ActionFewerUndo, choice, p.T("study.undo"), ""),
		Button(ActionOpenProfile, "0", p.T("day.all_settings"), ""))}}
}
