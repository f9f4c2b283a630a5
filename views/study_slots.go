package views

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// SlotModel is one of the times of a session.
type SlotModel struct {
	Slot       int // 0 is the main time
	Start, End models.Instant
	Taken      int
	Left       int             // places left; -1 = any number
	People     []models.Person // for who leads: the first who chose it
}

// placesLeft is `还剩 3 个`, `3 left`, `已满`; "" when any number can come.
func (p *Printer) placesLeft(m SlotModel) string {
	switch {
	case m.Left < 0:
		return ""
	case m.Left == 0:
		return p.T("series.full")
	}
	return p.T("series.left", "N", m.Left)
}

// SlotChoice offers the times of a session, with the places left; full ones
// are named and cannot be pressed.
func (p *Printer) SlotChoice(m StudyModel, times []SlotModel) Message {
	text := p.T("study.slot_which", "Title", Title(m.Occurrence.Title(m.Study)))
	blocks, buttons := []slack.Block{}, []slack.BlockElement{}
	var full []string
	for _, t := range times {
		mine := t.Slot == m.Attendance.Slot && m.Attendance.Intent == models.IntentAttend
		if mine || t.Start <= models.At(p.Now) {
			continue
		}
		when := p.Range(t.Start.Time(), t.End.Time())
		if t.Left == 0 {
			full = append(full, when)
			continue
		}
		label := when
		if left := p.placesLeft(t); left != "" {
			label += p.T("series.gap") + left
		}
		buttons = append(buttons, Button(ActionStudySlotPick+":"+strconv.Itoa(t.Slot), rowID(m.Attendance.ID)+"@"+strconv.Itoa(t.Slot), label, ""))
	}
	if len(buttons) == 0 {
		text = p.T("study.no_slots")
	}
	if len(full) > 0 {
		text += "\n" + p.T("series.full_times", "Times", strings.Join(full, p.T("study.sep")))
	}
	blocks = append(blocks, Section(text))
	if len(full) > 0 && m.Study.MakeupDays > 0 && m.Attendance.Intent != models.IntentMakeup {
		buttons = append(buttons, p.press(ActionStudyMakeup, m, "study.makeup"))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// SlotFull answers who pressed for a time whose places are taken: the others,
// and the make-up.
func (p *Printer) SlotFull(m StudyModel, times []SlotModel, refusal string) Message {
	choice := p.SlotChoice(m, times)
	head := EscapeText(refusal)
	return Message{Text: Cut(head, LimitText), Blocks: append([]slack.Block{Section(head)}, choice.Blocks...)}
}

// slotsTaken is who chose which time, for who leads.
func (p *Printer) slotsTaken(m PlanModel) string {
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	var lines []string
	for _, t := range m.Times {
		line := in.Range(t.Start.Time(), t.End.Time()) + p.T("series.gap") + p.T("series.taken", "N", t.Taken)
		if left := p.placesLeft(t); left != "" {
			line += p.T("series.gap") + left
		}
		var names []string
		for _, who := range t.People {
			names = append(names, UserTag(who.Slack(), who.Name))
		}
		if more := t.Taken - len(names); more > 0 && len(names) > 0 {
			names = append(names, p.T("series.more_people", "N", more))
		}
		if len(names) > 0 {
			line += p.T("series.names", "Names", strings.Join(names, p.T("form.comma")))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// otherAhead says whether another time of the session has not begun.
func (m StudyModel) otherAhead(now models.Instant) bool {
	for slot := 0; slot <= len(m.Study.Slots); slot++ {
		if start, _ := m.Occurrence.Times(m.Study, slot); slot != m.Attendance.Slot && start > now && m.Occurrence.Ahead() {
			return true
		}
	}
	return false
}
