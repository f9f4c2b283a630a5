package views

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// PlanModel is a study as it was understood: for the echo, the list, `s7`.
type PlanModel struct {
	Study    models.Study
	Unit     models.Unit
	Duty     models.UnitDuty // that it counts for, zero for none
	Material models.Material // the library item it is about, zero when none
	By       models.Person
	Next     []time.Time
	Places   []models.Placed // the same with why, and what a day off skips among them
	People   int
	Known    bool   // false while Slack has not said who is in the channel
	Group    string // handle of a user group, where Slack has said it
	NotIn    bool   // the bot is not in the channel it is for
	Counts   map[string]int
	Kept     []int            // lead times of the next one that can still be kept, in minutes
	Mine     []models.Planned // what the reader will get before the next one
	Attends  bool
	Own      StudyModel // the reader's own part in the next one, when they attend
	Manages  bool

	Coming   []models.Occurrence // the next ones to take place; without an id what is not laid out yet
	Times    []SlotModel         // of the next one with alternatives or places, for who leads
	OnlyNext int64               // of an edit: the draft from which it can be given to the next one alone
	// On is the occurrence whose check-in is open, else the last that began; zero
	// for none.
	On models.Occurrence
}

// studyRef is `#s7`.
func studyRef(st models.Study) string { return "#" + models.NumberStudy + rowID(int64(st.Number)) }

// plainTitle is a study's title in the text of a notification.
func plainTitle(st models.Study) string { return EscapeText(Cut(Plain(st.Title), LimitTitle)) }

// StudyOpened is the answer to who opened a study: what was understood, the
// next three dates, who will be reminded and when, and where they will see it.
func (p *Printer) StudyOpened(m PlanModel) Message {
	head := p.T("study.opened", "Title", "*"+Title(m.Study.Title)+"*", "Ref", studyRef(m.Study))
	body := joinLines(p.ruleLine(m), p.holidayLine(m.Study, m.Places), p.slotsLine(m), p.whatLine(m), p.dutyLine(m), p.whoLine(m), p.seenLine(m), p.leadLine(m), p.mineLine(m))
	buttons := []slack.BlockElement{p.undo(UndoStudyOpen, m.Study.ID, p.T("study.undo_open"))}
	if m.Manages {
		buttons = append([]slack.BlockElement{Button(ActionStudyEdit, oneValue(m.Study, 0), p.T("series.edit"), p.T("series.edit")+" · "+m.Study.Title)}, buttons...)
	}
	return Message{Text: Cut(p.T("study.opened", "Title", plainTitle(m.Study), "Ref", studyRef(m.Study))+" "+p.ruleLine(m), LimitText),
		Blocks: []slack.Block{Section(head + "\n" + body), Actions(buttons...)}}
}

// StudiesOpened is the answer to who opened several at once.
func (p *Printer) StudiesOpened(all []PlanModel) Message {
	out := p.StudyOpened(all[0])
	for i, m := range all[1:] {
		more := p.StudyOpened(m)
		if row, ok := more.Blocks[len(more.Blocks)-1].(*slack.ActionBlock); ok { // in one message each button has an id of its own
			for _, e := range row.Elements.ElementSet {
				if b, ok := e.(*slack.ButtonBlockElement); ok {
					b.ActionID += ":" + strconv.Itoa(i+2)
				}
			}
		}
		out.Text = Cut(out.Text+" · "+more.Text, LimitText)
		out.Blocks = append(out.Blocks, more.Blocks...)
	}
	return out
}

// seenLine is where members will see it.
func (p *Printer) seenLine(m PlanModel) string {
	switch {
	case m.NotIn:
		return ""
	case len(m.Study.Leads) == 0:
		return p.T("series.seen_none")
	}
	return p.T("series.seen")
}

// StudyCancelled says that a study was taken back, and how to have it again.
func (p *Printer) StudyCancelled(m PlanModel) Message {
	say := func(title string) string { return p.T("study.cancelled", "Title", title, "Ref", studyRef(m.Study)) }
	return Message{Text: Cut(say(plainTitle(m.Study)), LimitText), Blocks: []slack.Block{Section(say("*" + Title(m.Study.Title) + "*")),
		Actions(p.undo(UndoStudyBack, m.Study.ID, ""))}}
}

// ruleLine is `每周三 19:30，接下来 周三 11月25日 19:30、…` or the one time.
func (p *Printer) ruleLine(m PlanModel) string {
	zone := models.Zone(m.Study.Zone)
	in := *p
	in.Zone = zone // the rule lives on this wall
	if m.Study.RRule == "" {
		start := m.Study.Start
		if len(m.Next) > 0 {
			start = models.At(m.Next[0])
		}
		end := start.Add(time.Duration(m.Study.Length) * time.Minute)
		return in.Range(start.Time(), end.Time()) + in.movedNote(m.Places)
	}
	line := p.studyRule(m.Study)
	if dates := in.nextDates(m); dates != "" {
		line = p.T("study.rule_next", "Rule", line, "Dates", dates)
	}
	if m.Study.Until != 0 {
		line += p.T("study.until", "Day", in.Day(m.Study.Until.Time()))
	}
	return line
}

// slotsLine is the alternative times of the next occurrence.
func (p *Printer) slotsLine(m PlanModel) string {
	if len(m.Study.Slots) == 0 || len(m.Next) == 0 {
		return ""
	}
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	var times []string
	for slot := range m.Study.Slots {
		start, end := (models.Occurrence{Start: models.At(m.Next[0])}).Times(m.Study, slot+1)
		times = append(times, in.Range(start.Time(), end.Time()))
	}
	return p.T("study.slots", "Times", strings.Join(times, p.T("study.sep")))
}

func (p *Printer) whatLine(m PlanModel) string {
	st := m.Study
	var parts []string
	if st.Meets() {
		parts = append(parts, p.T("study.about_line", "Span", p.length(st.Length)))
	} else {
		parts = append(parts, p.T("study.no_meeting"))
	}
	if st.Credit > 0 {
		parts = append(parts, p.T("study.counts_for", "Hours", p.Hours(st.Credit)))
	}
	switch {
	case st.MakeupDays > 0:
		parts = append(parts, p.T("study.makeup_within", "Span", p.T("date.days", "N", st.MakeupDays)))
	case st.Meets():
		parts = append(parts, p.T("study.makeup_not"))
	}
	if st.Place != "" {
		parts = append(parts, p.T("study.place", "Where", Title(st.Place)))
	}
	if st.Link != "" {
		parts = append(parts, p.T("study.material", "Link", Link(st.Link, p.materialLabel(st.Link, m.Material))))
	}
	if st.Capacity > 0 {
		parts = append(parts, p.T("study.capacity", "N", st.Capacity))
	}
	return strings.Join(parts, p.T("study.sep"))
}

// Audience is for whom a study is, as an option of a form says it.
func (p *Printer) Audience(m PlanModel) string {
	if m.Study.AudienceKind == models.AudienceChannel { // a mention is no text of an option
		return p.T("series.its_channel")
	}
	return Plain(p.audience(m))
}

func (p *Printer) audience(m PlanModel) string {
	switch m.Study.AudienceKind {
	case models.AudienceUnit:
		return Title(m.Unit.Name)
	case models.AudienceChannel:
		return "<#" + m.Study.AudienceRef + ">"
	case models.AudienceGroup:
		if m.Group == "" {
			return p.T("study.group")
		}
		return "@" + Title(m.Group) // not <!subteam^…>: that would ping them all
	}
	return p.T("study.everybody")
}

func (p *Printer) whoLine(m PlanModel) string {
	if m.NotIn {
		return p.T("study.who_not_in", "Who", p.audience(m))
	}
	if !m.Known {
		return p.T("study.who_unknown", "Who", p.audience(m))
	}
	return p.T("study.who", "Who", p.audience(m), "N", m.People)
}

func (p *Printer) leadLine(m PlanModel) string {
	leads := slices.Clone(m.Study.Leads)
	slices.Sort(leads)
	slices.Reverse(leads)
	once := m.Study.RRule == ""
	switch {
	case len(m.Next) == 0:
		return ""
	case len(leads) == 0:
		return p.T("study.no_leads")
	case once && len(m.Kept) == 0:
		return p.T("study.leads_past")
	case once:
		return p.T("study.leads", "Leads", p.leadWords(m.Kept))
	case len(m.Kept) == 0:
		return joinLines(p.T("study.leads", "Leads", p.leadWords(leads)), p.T("study.first_none", "When", p.DayClock(m.Next[0])))
	case len(m.Kept) < len(leads):
		return joinLines(p.T("study.leads", "Leads", p.leadWords(leads)),
			p.T("study.first_less", "When", p.DayClock(m.Next[0]), "Leads", p.leadWords(m.Kept)))
	}
	return p.T("study.leads", "Leads", p.leadWords(leads))
}

// mineLine is what the reader will get: what will happen, not what was asked.
func (p *Printer) mineLine(m PlanModel) string {
	if !m.Attends {
		return ""
	}
	if len(m.Mine) == 0 {
		return p.T("study.mine_none")
	}
	var at []string
	for _, r := range m.Mine {
		at = append(at, p.DayClock(r.At.Time()))
	}
	return p.T("study.mine", "Times", strings.Join(at, p.T("form.comma")))
}

// StudyShow is `study s7`.
func (p *Printer) StudyShow(m PlanModel) Message {
	head := "*" + Title(m.Study.Title) + "* · " + studyRef(m.Study)
	if m.Study.State != models.StudyActive {
		head += " · " + p.T("study.state_"+m.Study.State)
	}
	counts := ""
	if coming := m.Counts[models.AttendanceDue+":"+models.IntentAttend]; m.Manages && len(m.Counts) > 0 {
		counts = p.T("study.answers", "Coming", coming, "Makeup", m.Counts[models.AttendanceDue+":"+models.IntentMakeup],
			"There", m.Counts[models.AttendanceAttended])
	}
	by := p.T("study.opened_by", "Who", UserTag(m.By.Slack(), m.By.Name))
	body := joinLines(p.ruleLine(m), p.holidayLine(m.Study, m.Places), p.slotsLine(m), p.whatLine(m), p.dutyLine(m), p.whoLine(m), p.leadLine(m), p.mineLine(m), counts, p.slotsTaken(m), by)
	blocks := []slack.Block{Section(head + "\n" + body)}
	if m.Attends && m.Study.State == models.StudyActive {
		// Who has no message of it (paused, or joined late) answers here.
		note, buttons := p.studyState(m.Own)
		if note != "" {
			blocks = append(blocks, Section(note))
		}
		if len(buttons) > 0 {
			blocks = append(blocks, Actions(buttons...))
		}
	}
	blocks = append(blocks, p.LeadRow(m)...)
	if m.Manages && m.Study.State == models.StudyActive {
		blocks = append(blocks, Actions(p.seriesButtons(m)...), Context(p.T("study.manage", "Ref", models.NumberStudy+rowID(int64(m.Study.Number)))))
	}
	return Message{Text: Cut(plainTitle(m.Study)+" "+p.ruleLine(m), LimitText), Blocks: blocks}
}

// listPage is how many studies a page of the list has: what fits on a phone's
// screen or two.
const listPage = 15

// StudyList is a page of `study list`, from the from-th on: a line each, the
// next one first.
func (p *Printer) StudyList(list []PlanModel, from int) Message {
	if len(list) == 0 {
		text := p.T("study.list_empty")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	if from < 0 || from >= len(list) {
		from = 0
	}
	page := list[from:min(from+listPage, len(list))]
	head := p.T("study.list")
	if len(list) > listPage {
		head = p.T("series.list_page", "From", from+1, "To", from+len(page), "N", len(list))
	}
	blocks := []slack.Block{Section("*" + head + "*")}
	text, lines := head, []string{}
	for _, m := range page {
		lines = append(lines, p.planLine(m))
		text += " · " + EscapeText(Cut(m.Study.Title, LimitTitle)) + " " + studyRef(m.Study)
	}
	for len(lines) > 0 { // in portions that a section bears whatever the titles are
		n := min(5, len(lines))
		blocks = append(blocks, Section(strings.Join(lines[:n], "\n")))
		lines = lines[n:]
	}
	var pages []slack.BlockElement
	if from > 0 {
		pages = append(pages, Button(ActionStudyOpened+":back", rowID(int64(max(from-listPage, 0))), p.T("series.list_back"), ""))
	}
	if left := len(list) - from - len(page); left > 0 {
		pages = append(pages, Button(ActionStudyOpened+":next", rowID(int64(from+listPage)), p.T("series.list_next", "N", left), ""))
	}
	if len(pages) > 0 {
		blocks = append(blocks, Actions(pages...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// planLine is one study in the list.
func (p *Printer) planLine(m PlanModel) string {
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	parts := []string{studyRef(m.Study), "*" + Escape(Cut(Plain(m.Study.Title), 60)) + "*"}
	switch {
	case m.Study.RRule == "":
		parts = append(parts, p.ruleLine(m))
	case len(m.Next) > 0:
		parts = append(parts, p.studyRule(m.Study), p.T("series.list_when", "When", in.nextPlace(m)))
	default:
		parts = append(parts, p.studyRule(m.Study))
	}
	return strings.Join(append(parts, p.audience(m)), " · ")
}

// StudyChanged answers a leader who skipped, moved or settled an occurrence.
func (p *Printer) StudyChanged(key string, m PlanModel, before, after models.Occurrence) Message {
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	name := "study.change_" + key
	if key == "own" || key == "back" {
		name = "series.change_" + key
	}
	say := func(title string) string {
		return p.T(name, "Title", title, "Ref", studyRef(m.Study), "Old", in.DayClock(before.Start.Time()), "New", in.DayClock(after.Start.Time()),
			"What", p.ownChanges(m.Study, before, after))
	}
	blocks := []slack.Block{Section(say("*" + Title(m.Study.Title) + "*"))}
	switch {
	case key == "skip":
		blocks = append(blocks, Actions(p.undo(UndoStudySkip, after.ID, "")))
	case (key == "move" || key == "own") && after.Before != nil:
		blocks = append(blocks, Actions(p.undo(UndoOccurrence, after.ID, "")))
	}
	return Message{Text: Cut(say(plainTitle(m.Study)), LimitText), Blocks: blocks}
}
