package views

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// StudyRollPrefix begins the private metadata of a session's roll, whose modal
// has the same callback as a call's.
const StudyRollPrefix = "study:"

// Choices in the open roll of a session.
const (
	ActionStudyRollPage = "study_roll_page" // value what:offset
	ActionStudyRollUnit = "study_roll_unit" // value unit, 0 = all
)

// Fields of the roll; those of one member end in the row id of the attendance,
// and the mark in their stamp too.
const (
	FieldMark     = "mark:" // attendance:stamp
	FieldMarkNote = "note:" // attendance: minutes, or why
	FieldAlso     = "also"  // people
)

// StudyRollPage is how many people a page lists: two blocks each, and a modal
// takes a hundred.
const StudyRollPage = 40

// StudyRollMeta is what the roll of a session carries in private_metadata:
// study:OCCURRENCE, and what of it is shown.
type StudyRollMeta struct {
	Occurrence int64
	What       string // RollOpen or RollDecided
	Unit       int64  // only its members; 0 = all
	Offset     int    // of the first row
	Rows       int    // how many are shown
}

// Encode writes the metadata.
func (m StudyRollMeta) Encode() string {
	return fmt.Sprintf("%s%d:%s:%d:%d:%d", StudyRollPrefix, m.Occurrence, m.What, m.Unit, m.Offset, m.Rows)
}

// ParseStudyRollMeta reads it back; ok is false for what is no session's.
func ParseStudyRollMeta(raw string) (m StudyRollMeta, ok bool) {
	rest, ok := strings.CutPrefix(raw, StudyRollPrefix)
	if !ok {
		return m, false
	}
	parts := append(strings.Split(rest, ":"), "", "", "", "")
	m.Occurrence, _ = strconv.ParseInt(parts[0], 10, 64) // what is no number is no row
	m.What = parts[1]
	m.Unit, _ = strconv.ParseInt(parts[2], 10, 64)
	m.Offset, _ = strconv.Atoi(parts[3])
	m.Rows, _ = strconv.Atoi(parts[4])
	return m, true
}

// StudyRollModel is a page of the roll of a session.
type StudyRollModel struct {
	SessionModel
	Rows   []models.Attendance
	People map[int64]models.Person
	ByCode []models.Attendance
	Units  []models.Unit
	Count  int // of the list
	Open   int // of the list that waits
	Self   models.Attendance
}

// StudyRollModal is one page of it: those with the code by one press, the
// others each, then who came from elsewhere. said is what became of the page
// before, "" at first.
func (p *Printer) StudyRollModal(m StudyRollModel, meta StudyRollMeta, said string) *slack.ModalViewRequest {
	if meta.What != RollDecided {
		meta.What = RollOpen
	}
	meta.Occurrence, meta.Rows = m.Occurrence.ID, len(m.Rows)
	var blocks []slack.Block
	if said != "" {
		blocks = append(blocks, Section(said))
	}
	blocks = append(blocks, Section(joinLines("*"+Title(m.title())+"* "+p.Range(m.Occurrence.Start.Time(), m.Occurrence.End.Time()), p.tally(m.SessionModel))))
	if choices := p.studyRollChoices(m, meta); len(choices) > 0 {
		blocks = append(blocks, slack.NewActionBlock("", choices...))
	}
	if meta.What == RollOpen {
		blocks = append(blocks, p.studyByCode(m)...)
	}
	if m.Count > len(m.Rows) {
		blocks = append(blocks, Context(p.T("onsite.roll_page", "From", meta.Offset+1, "To", meta.Offset+len(m.Rows), "Of", m.Count)))
	}
	for _, a := range m.Rows {
		blocks = append(blocks, p.studyRollRow(m, a)...)
	}
	if len(m.Rows) == 0 {
		blocks = append(blocks, Context(p.T("roll.nobody_left")))
	}
	if m.Self.ID != 0 && m.Self.State != models.AttendanceAttended {
		blocks = append(blocks, Context(p.T("roll.own")))
	}
	blocks = append(blocks, PeopleSelect(FieldAlso, p.T("roll.also"), p.T("roll.also_hint"), nil))
	submit := p.T("onsite.roll_save")
	if meta.What == RollOpen && m.Count > meta.Offset+len(m.Rows) {
		submit = p.T("onsite.roll_next")
	}
	return Modal(ModalRoll, p.T("onsite.roll_title", "Ref", m.Study.Ref()), submit, p.T("call.modal_back"), meta.Encode(), blocks...)
}

// studyRollChoices are the lists and their pages, and the units of a session of
// several: a page of a hundred choices would not reach a thousand people.
func (p *Printer) studyRollChoices(m StudyRollModel, meta StudyRollMeta) []slack.BlockElement {
	var options []Option
	for _, what := range []string{RollOpen, RollDecided} {
		n := m.Open
		if what == meta.What {
			n = m.Count
		}
		for from := 0; from == 0 || from < n && len(options) < 90; from += StudyRollPage {
			label := p.T("roll.list_" + what)
			if what == meta.What && n > StudyRollPage {
				label += fmt.Sprintf(" %d–%d", from+1, min(n, from+StudyRollPage))
			} else if what == RollOpen || what == meta.What {
				label += " " + strconv.Itoa(n)
			}
			options = append(options, Option{Value: fmt.Sprintf("%s:%d", what, from), Label: label})
			if what != meta.What {
				break
			}
		}
	}
	pages := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, ActionStudyRollPage, objects(options)...)
	pages.InitialOption = chosen(pages.Options, fmt.Sprintf("%s:%d", meta.What, meta.Offset/StudyRollPage*StudyRollPage))
	out := []slack.BlockElement{pages}
	if len(m.Units) < 2 {
		return out
	}
	units := []Option{{Value: "0", Label: p.T("roll.all_units")}}
	for _, u := range m.Units {
		units = append(units, Option{Value: rowID(u.ID), Label: u.Name})
	}
	choice := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, ActionStudyRollUnit, objects(units)...)
	choice.InitialOption = chosen(choice.Options, rowID(meta.Unit))
	return append(out, choice)
}

func chosen(options []*slack.OptionBlockObject, value string) *slack.OptionBlockObject {
	for _, o := range options {
		if o.Value == value {
			return o
		}
	}
	return nil
}

// studyByCode is the one press for all with the code.
func (p *Printer) studyByCode(m StudyRollModel) []slack.Block {
	if m.Tally.Onsite == 0 {
		return nil
	}
	mark := func(a models.Attendance) string { return " " + p.Clock(a.At.Time()) + p.thereMark(a) }
	block := Section(p.T("onsite.roll_by_code", "Count", m.Tally.Onsite, "Names", p.people(m.ByCode, m.People, m.Tally.Onsite, mark)))
	return []slack.Block{block, Checks(FieldRollCode, p.T("onsite.roll_code_label"),
		[]Option{{Value: RollYes, Label: p.T("roll.code_all", "N", m.Tally.Onsite)}}, []string{RollYes})}
}

// studyRollRow is one member: what the roll says of them, and minutes or why.
func (p *Printer) studyRollRow(m StudyRollModel, a models.Attendance) []slack.Block {
	name := Plain(m.People[a.PersonID].Name)
	if name == "" {
		name = m.People[a.PersonID].Slack()
	}
	if note := p.studyRollNote(a); note != "" {
		name += " · " + note
	}
	var options []Option
	for _, said := range []string{models.RollCame, models.RollLate, models.RollExcused, models.RollMissed} {
		if said == models.RollMissed && models.At(p.Now) < m.Occurrence.End || said == models.RollExcused && a.WalkIn {
			continue
		}
		options = append(options, Option{Value: said, Label: p.T("roll.say_" + said)})
	}
	current, beside := a.Marked(), a.Note
	if a.ToLookAt() { // nothing is ticked for who has to be looked at
		current, beside = models.StudyMark{}, ""
	}
	if current.Said == models.RollLate {
		beside = strings.TrimSpace(strconv.Itoa(a.LateMin) + " " + a.Note)
	}
	return []slack.Block{Select(FieldMark+rowID(a.ID)+":"+a.Stamp(), name, options, current.Said, true),
		Input(FieldMarkNote+rowID(a.ID), p.T("roll.note_label"), "", beside, false, true)}
}

// studyRollNote is what is known of somebody on the list, in plain words.
func (p *Printer) studyRollNote(a models.Attendance) string {
	var notes []string
	if a.ContestAt != 0 {
		notes = append(notes, p.T("onsite.note_contested"))
	}
	if a.WalkIn {
		notes = append(notes, p.T("roll.mark_walkin"))
	}
	switch {
	case a.State == models.AttendanceAttended && a.How == models.HowSelf:
		notes = append(notes, p.T("roll.note_self", "At", p.Clock(a.At.Time())))
	case a.State == models.AttendanceAttended && a.How == models.HowOnsite:
		notes = append(notes, p.T("onsite.note_code", "At", p.Clock(a.At.Time())))
	case a.State == models.AttendanceAttended:
		notes = append(notes, p.T("roll.mark_roll"))
	case a.Intent == models.IntentExcuse && a.State != models.AttendanceExcused:
		notes = append(notes, p.T("roll.mark_asked"), cutRunes(Plain(a.Reason), 100))
	case a.Intent == models.IntentMakeup:
		notes = append(notes, p.T("roll.mark_makeup"))
	case a.Intent == models.IntentAttend && a.RollAt == 0:
		notes = append(notes, p.T("roll.mark_coming"))
	}
	notes = slices.DeleteFunc(notes, func(n string) bool { return n == "" })
	return strings.Join(notes, p.T("roll.sep"))
}

// SkippedLine is a line of the roll that was not written.
type SkippedLine struct {
	Who models.Person
	Why *models.Error
}

// StudyRolled says what the roll has now, which lines were not written and why,
// and what it still lacks.
func (p *Printer) StudyRolled(m SessionModel, said map[string]int, skipped []SkippedLine) Message {
	text := p.StudyRollSaid(said, skipped)
	head := p.T("roll.who", "Title", Title(m.title()), "Ref", studyRef(m.Study), "When", p.DayClock(m.Occurrence.Start.Time()))
	return Message{Text: Cut(head+" "+text, LimitText), Blocks: []slack.Block{Section(joinLines(head, text, p.tally(m))),
		Actions(p.leading(ActionStudyRoll, "roll.roll", m), p.leading(ActionStudyWho, "roll.who_button", m))}}
}

// skippedShown is how many lines that were not written are named.
const skippedShown = 10

// StudyRollSaid is the lines of it.
func (p *Printer) StudyRollSaid(said map[string]int, skipped []SkippedLine) string {
	var parts []string
	for _, what := range []string{models.RollCame, models.RollLate, models.RollExcused, models.RollMissed} {
		if said[what] > 0 {
			parts = append(parts, p.T("roll.wrote_"+what, "N", said[what]))
		}
	}
	line := p.T("roll.wrote_nothing")
	if len(parts) > 0 {
		line = p.T("roll.wrote", "What", strings.Join(parts, p.T("roll.sep")))
	}
	lines := []string{line}
	for i, s := range skipped {
		if i == skippedShown {
			lines = append(lines, p.T("roll.skipped_more", "N", len(skipped)-i))
			break
		}
		lines = append(lines, p.T("roll.skipped", "Who", personName(s.Who, 0), "Why", p.Error(s.Why, "")))
	}
	return strings.Join(lines, "\n")
}
