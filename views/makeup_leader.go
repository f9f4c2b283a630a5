package views

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// MakeupsModel is what was handed in to make up one session, for who reads it.
type MakeupsModel struct {
	Study      models.Study
	Occurrence models.Occurrence
	Rows       []MakeupRow
	Offset     int // of the first row
	All        int
	Past       bool // a newer message has the buttons
}

// MakeupRow is one member's make-up.
type MakeupRow struct {
	Who        models.Person
	Attendance models.Attendance
}

// makeupWords is how much of a reflection the list shows.
const makeupWords = 280

// Makeups tells who reads a session's make-ups what was handed in, each with
// the button that gives it back.
func (p *Printer) Makeups(m MakeupsModel) Message {
	title, day := Title(m.Occurrence.Title(m.Study)), p.Day(m.Occurrence.Start.Time())
	head := p.T("makeup.list", "Title", title, "Day", day, "N", m.All)
	if m.Past {
		return Message{Text: Cut(head, LimitText), Blocks: []slack.Block{Context(p.T("study.past", "What", head))}}
	}
	if m.All == 0 {
		head = p.T("makeup.list_none", "Title", title, "Day", day)
	}
	blocks := []slack.Block{Section(head)}
	if m.All > 0 && m.Offset == 0 {
		blocks = append(blocks, Context(p.T("makeup.list_how", "Days", int(models.ReturnWithin.Hours()/24))))
	}
	for _, row := range m.Rows {
		blocks = append(blocks, p.makeupRow(m, row)...)
	}
	if left := m.All - m.Offset - len(m.Rows); left > 0 {
		blocks = append(blocks, Actions(Button(ActionMakeupsMore, rowID(m.Occurrence.ID)+"@"+strconv.Itoa(m.Offset+len(m.Rows)),
			p.T("makeup.list_more", "N", left), "")))
	}
	return Message{Text: Cut(head, LimitText), Blocks: blocks}
}

// makeupRow is one make-up: who and when, the beginning of the words, links to
// the files, and what can be done about it.
func (p *Printer) makeupRow(m MakeupsModel, row MakeupRow) []slack.Block {
	a := row.Attendance
	who := "*" + UserTag(row.Who.Slack(), row.Who.Name) + "*"
	if a.State != models.AttendanceMadeUp {
		text := p.T("makeup.row_back", "Who", who, "When", p.DayClock(a.ReturnedAt.Time()), "Reason", Escape(Cut(a.ReturnReason, 200)))
		switch {
		case a.State == models.AttendanceAttended, a.State == models.AttendanceExcused:
			text = p.T("makeup.row_other", "Who", who)
		case a.MakeupUntil(m.Occurrence, m.Study) > models.At(p.Now):
			text += p.T("makeup.row_open", "Until", p.DayClock(a.MakeupUntil(m.Occurrence, m.Study).Time()))
		}
		return []slack.Block{Section(text)}
	}
	key := "makeup.row"
	if a.ReturnedAt != 0 {
		key = "makeup.row_again"
	}
	head := p.T(key, "Who", who, "When", p.DayClock(a.At.Time()))
	if n := len(m.Study.Quiz); n > 0 && a.Tries > 0 {
		head += p.T("makeup.row_quiz", "Right", min(a.Score, n), "Of", n, "N", a.Tries)
	}
	lines := []string{head}
	if a.Reason != "" {
		lines = append(lines, "> "+Escape(Cut(Plain(a.Reason), makeupWords)))
	}
	if len(a.Proof) > 0 {
		lines = append(lines, p.proofLinks(a.Proof))
	}
	blocks := []slack.Block{Section(strings.Join(lines, "\n"))}
	var buttons []slack.BlockElement
	if len([]rune(Plain(a.Reason))) > makeupWords {
		buttons = append(buttons, Button(ActionMakeupRead, rowID(a.ID), p.T("makeup.read"), p.T("makeup.read")+" · "+row.Who.Name))
	}
	if models.At(p.Now) < a.At.Add(models.ReturnWithin) {
		buttons = append(buttons, Button(ActionMakeupBack, rowID(a.ID), p.T("makeup.back"), p.T("makeup.back")+" · "+row.Who.Name))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return blocks
}

// proofLinks names each file with its address in Slack.
func (p *Printer) proofLinks(proof []models.Proof) string {
	var parts []string
	seen := map[string]int{}
	for _, one := range proof {
		seen[one.Kind]++
		key := "makeup.voice_n"
		if one.Kind == models.ProofPhoto {
			key = "makeup.photo_n"
		}
		label := p.T(key, "N", seen[one.Kind])
		if link := materialURL(one.Link); link != "" {
			label = Link(link, label)
		}
		parts = append(parts, label)
	}
	return strings.Join(parts, " · ")
}

// MakeupRead is the whole of one make-up.
func (p *Printer) MakeupRead(m StudyModel, who models.Person) Message {
	a := m.Attendance
	head := p.T("makeup.row", "Who", "*"+UserTag(who.Slack(), who.Name)+"*", "When", p.DayClock(a.At.Time()))
	blocks := []slack.Block{Section(head)}
	if a.Reason != "" {
		blocks = append(blocks, Section("> "+Escape(Cut(Plain(a.Reason), 2900))))
	}
	if len(a.Proof) > 0 {
		blocks = append(blocks, Section(p.proofLinks(a.Proof)))
	}
	return Message{Text: Cut(head, LimitText), Blocks: blocks}
}

// MakeupBackModal asks why a make-up is given back.
func (p *Printer) MakeupBackModal(m StudyModel, who models.Person) *slack.ModalViewRequest {
	start, _ := m.times()
	text := p.T("makeup.back_what", "Who", personName(who, 0), "Title", Title(m.title()), "Day", p.Day(start.Time()))
	if words := Plain(m.Attendance.Reason); words != "" {
		text += "\n> " + Escape(Cut(words, 1500))
	}
	return Modal(ModalMakeupBack, p.T("makeup.back_title"), p.T("makeup.back"), p.T("form.close"), rowID(m.Attendance.ID),
		Section(text), Input(FieldReason, p.T("makeup.back_why"), p.T("makeup.back_hint"), "", true, false))
}

// MakeupGivenBack tells the leader what was done, with the way back.
func (p *Printer) MakeupGivenBack(m StudyModel, who models.Person) Message {
	text := p.T("makeup.back_done", "Who", UserTag(who.Slack(), who.Name), "Until", p.DayClock(m.makeupUntil().Time()))
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text),
		Actions(p.undo(UndoMakeupBack, m.Attendance.ID, p.T("study.undo")+" · "+who.Name))}}
}
