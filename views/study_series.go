package views

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons of who leads a study. The value is the study's row and the rule
// start of an occurrence, "12@1764070200000"; of ActionStudyEdit with 0 the
// whole series is meant.
const (
	ActionStudyEdit   = "study_edit"
	ActionStudySkip   = "study_skip"
	ActionStudyMove   = "study_move_one"
	ActionStudyLater  = "study_later" // a select of later occurrences
	ActionStudyOpened = "study_list"  // value: from which place on

	ModalMoveOne = "study_move_one"

	// UndoOccurrence gives back what the last change of an occurrence took.
	UndoOccurrence = "occurrence:"
)

func oneValue(st models.Study, ruleStart models.Instant) string {
	return rowID(st.ID) + "@" + rowID(int64(ruleStart))
}

// seriesButtons are what who leads a study can do to it by hand: edit it, skip
// or move the next one, and choose a later one.
func (p *Printer) seriesButtons(m PlanModel) []slack.BlockElement {
	if !m.Manages || m.Study.State != models.StudyActive {
		return nil
	}
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	buttons := []slack.BlockElement{Button(ActionStudyEdit, oneValue(m.Study, 0), p.T("series.edit"), p.T("series.edit")+" · "+m.Study.Title)}
	if len(m.Coming) == 0 {
		return buttons
	}
	next := m.Coming[0]
	buttons = append(buttons, p.oneButtons(in, m, next)...)
	if len(m.Coming) > 1 {
		var options []Option
		for _, o := range m.Coming[1:] {
			options = append(options, Option{oneValue(m.Study, o.RuleStart), in.DayClock(o.Start.Time())})
		}
		pick := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(p.T("series.later"), 150), ActionStudyLater, objects(options)...)
		buttons = append(buttons, pick)
	}
	return buttons
}

// oneButtons skip or move one occurrence.
func (p *Printer) oneButtons(in Printer, m PlanModel, o models.Occurrence) []slack.BlockElement {
	day := in.Day(o.Start.Time())
	skip := Button(ActionStudySkip, oneValue(m.Study, o.RuleStart), p.T("series.skip", "Day", day), "")
	move := Button(ActionStudyMove, oneValue(m.Study, o.RuleStart), p.T("series.move", "Day", day), "")
	return []slack.BlockElement{skip, move}
}

// StudyOne is one later occurrence and what can be done to it.
func (p *Printer) StudyOne(m PlanModel, o models.Occurrence) Message {
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	line := "*" + Title(o.Title(m.Study)) + "* · " + studyRef(m.Study) + "\n" + in.Range(o.Start.Time(), o.End.Time())
	if place := o.Place(m.Study); place != "" {
		line += "\n" + p.T("study.place", "Where", Title(place))
	}
	blocks := []slack.Block{Section(line)}
	if o.Ahead() {
		edit := Button(ActionStudyEdit, oneValue(m.Study, o.RuleStart), p.T("series.edit_one"), "")
		blocks = append(blocks, Actions(append([]slack.BlockElement{edit}, p.oneButtons(in, m, o)...)...))
	} else if o.State == models.OccurrenceSkipped {
		blocks = append(blocks, Section(p.T("study.off")), Actions(p.undo(UndoStudySkip, o.ID, "")))
	}
	return Message{Text: Cut(EscapeText(o.Title(m.Study))+" "+in.DayClock(o.Start.Time()), LimitText), Blocks: blocks}
}

// MoveOneModal asks to when one occurrence is moved.
func (p *Printer) MoveOneModal(m PlanModel, o models.Occurrence) *slack.ModalViewRequest {
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	return Modal(ModalMoveOne, p.T("study.ask_moved"), p.T("study.move_submit"), p.T("form.close"), oneValue(m.Study, o.RuleStart),
		Section("*"+Title(o.Title(m.Study))+"*\n"+in.DayClock(o.Start.Time())),
		Input(FieldWhen, p.T("study.move_when"), p.T("series.move_hint"), "", false, false))
}

// StudyEdited answers who changed a whole study.
func (p *Printer) StudyEdited(m PlanModel) Message {
	shown := p.StudyShow(m)
	shown.Text = Cut(p.T("study.edited")+" "+shown.Text, LimitText)
	blocks := []slack.Block{Section(p.T("study.edited"))}
	if m.OnlyNext != 0 && len(m.Coming) > 0 {
		in := *p
		in.Zone = models.Zone(m.Study.Zone)
		blocks = []slack.Block{Section(p.T("series.edited_all")),
			Actions(Button(ActionStudyOnlyNext, rowID(m.OnlyNext), p.T("series.only_next", "Day", in.Day(m.Coming[0].Start.Time())), ""))}
	}
	shown.Blocks = append(blocks, shown.Blocks...)
	return shown
}

// StudyEditButton offers the form where it cannot be opened at once.
func (p *Printer) StudyEditButton(m PlanModel) Message {
	text := p.T("series.edit_open", "Title", plainTitle(m.Study), "Ref", studyRef(m.Study))
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(Button(ActionStudyEdit, oneValue(m.Study, 0), p.T("series.edit"), ""))}}
}

// ownChanges says what one occurrence now has of its own, against before.
func (p *Printer) ownChanges(st models.Study, before, after models.Occurrence) string {
	in := *p
	in.Zone = models.Zone(st.Zone)
	var out []string
	add := func(key string, a, b string) {
		if a != b {
			if b == "" {
				b = p.T("series.nothing")
			}
			out = append(out, p.T("series.own_"+key, "New", b))
		}
	}
	add("title", Title(before.Title(st)), Title(after.Title(st)))
	add("place", Title(before.Place(st)), Title(after.Place(st)))
	if a := after.Link(st); a != before.Link(st) {
		link := ""
		if a != "" {
			link = Link(a, p.T("study.open_link"))
		}
		add("link", "-", link)
	}
	span := func(o models.Occurrence) string { return p.length(int(o.End.Sub(o.Start) / time.Minute)) }
	add("length", span(before), span(after))
	if before.Start != after.Start {
		out = append(out, p.T("series.own_when", "New", in.DayClock(after.Start.Time())))
	}
	return strings.Join(out, p.T("study.sep"))
}
