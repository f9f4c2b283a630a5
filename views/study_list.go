package views

import (
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// PlanModel is a study as it was understood: for the echo, the list, `s7`.
type PlanModel struct {
	Study   models.Study
	Unit    models.Unit
	By      models.Person
	Next    []time.Time
	People  int
	Known   bool   // false while Slack has not said who is in the channel
	Group   string // handle of a user group, where Slack has said it
	NotIn   bool   // the bot is not in the channel it is for
	Counts  map[string]int
	Kept    []int            // lead times of the next one that can still be kept, in minutes
	Mine    []models.Planned // what the reader will get before the next one
	Attends bool
	Own     StudyModel // the reader's own part in the next one, when they attend
	Manages bool
}

// studyRef is `#s7`.
func studyRef(st models.Study) string { return "#" + models.NumberStudy + rowID(int64(st.Number)) }

// plainTitle is a study's title in the text of a notification.
func plainTitle(st models.Study) string { return EscapeText(Cut(Plain(st.Title), LimitTitle)) }

// StudyOpened is the answer to who opened a study: what was understood, the
// next three dates, who will be reminded and when.
func (p *Printer) StudyOpened(m PlanModel) Message {
	head := p.T("study.opened", "Title", "*"+Title(m.Study.Title)+"*", "Ref", studyRef(m.Study))
	body := joinLines(p.ruleLine(m), p.slotsLine(m), p.whatLine(m.Study), p.whoLine(m), p.leadLine(m), p.mineLine(m))
	return Message{Text: Cut(p.T("study.opened", "Title", plainTitle(m.Study), "Ref", studyRef(m.Study))+" "+p.ruleLine(m), LimitText),
		Blocks: []slack.Block{Section(head + "\n" + body), Actions(p.undo(UndoStudyOpen, m.Study.ID, p.T("study.undo_open")))}}
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
	var dates []string
	for _, t := range m.Next {
		dates = append(dates, in.DayClock(t))
	}
	if m.Study.RRule == "" {
		start := m.Study.Start
		if len(m.Next) > 0 {
			start = models.At(m.Next[0])
		}
		end := start.Add(time.Duration(m.Study.Length) * time.Minute)
		return in.Range(start.Time(), end.Time())
	}
	line := p.Rule(m.Study.RRule, m.Study.Wall)
	if len(dates) > 0 {
		line = p.T("study.rule_next", "Rule", line, "Dates", strings.Join(dates, p.T("form.comma")))
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

func (p *Printer) whatLine(st models.Study) string {
	var parts []string
	if st.Meets() {
		parts = append(parts, p.T("study.about_line", "Span", p.length(st.Length)))
	} else {
		parts = append(parts, p.T("study.no_meeting"))
	}
	if st.Credit > 0 {
		parts = append(parts, p.T("study.counts_for", "Hours", p.Hours(st.Credit)))
	}
	if st.MakeupDays > 0 {
		parts = append(parts, p.T("study.makeup_within", "Span", p.T("date.days", "N", st.MakeupDays)))
	}
	if st.Place != "" {
		parts = append(parts, p.T("study.place", "Where", Title(st.Place)))
	}
	if st.Link != "" {
		parts = append(parts, p.T("study.material", "Link", Link(st.Link, p.T("study.open_link"))))
	}
	if st.Capacity > 0 {
		parts = append(parts, p.T("study.capacity", "N", st.Capacity))
	}
	return strings.Join(parts, p.T("study.sep"))
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
	body := joinLines(p.ruleLine(m), p.slotsLine(m), p.whatLine(m.Study), p.whoLine(m), p.leadLine(m), p.mineLine(m), counts, by)
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
	if m.Manages && m.Study.State == models.StudyActive {
		blocks = append(blocks, Context(p.T("study.manage", "Ref", models.NumberStudy+rowID(int64(m.Study.Number)))))
	}
	return Message{Text: Cut(plainTitle(m.Study)+" "+p.ruleLine(m), LimitText), Blocks: blocks}
}

// StudyList is `study list`.
func (p *Printer) StudyList(list []PlanModel) Message {
	if len(list) == 0 {
		text := p.T("study.list_empty")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	head := p.T("study.list")
	blocks := []slack.Block{Section("*" + head + "*")}
	text := head
	for i, m := range list {
		if i == 20 { // a longer list is no longer read; the number finds the rest
			blocks = append(blocks, Context(p.T("study.list_more", "N", len(list)-i)))
			break
		}
		line := "*" + Title(m.Study.Title) + "* · " + studyRef(m.Study) + "\n" + p.ruleLine(m)
		blocks = append(blocks, Section(joinLines(line, p.whoLine(m), p.mineLine(m))))
		text += " · " + EscapeText(Cut(m.Study.Title, LimitTitle)) + " " + studyRef(m.Study)
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// StudyChanged answers a leader who skipped, moved or settled an occurrence.
func (p *Printer) StudyChanged(key string, m PlanModel, before, after models.Occurrence) Message {
	in := *p
	in.Zone = models.Zone(m.Study.Zone)
	say := func(title string) string {
		return p.T("study.change_"+key, "Title", title, "Ref", studyRef(m.Study),
			"Old", in.DayClock(before.Start.Time()), "New", in.DayClock(after.Start.Time()))
	}
	blocks := []slack.Block{Section(say("*" + Title(m.Study.Title) + "*"))}
	if key == "skip" {
		blocks = append(blocks, Actions(p.undo(UndoStudySkip, after.ID, "")))
	}
	return Message{Text: Cut(say(plainTitle(m.Study)), LimitText), Blocks: blocks}
}
