package views

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of duties.
const (
	ModalDuty     = "duty"
	ModalDutyHeld = "duty_held"

	ActionDuties       = "duties"       // the list
	ActionDutyShow     = "duty_show"    // value: row id of the unit
	ActionDutyPlan     = "duty_plan"    // value: unit:duty
	ActionDutyHeld     = "duty_held"    // the same
	ActionDutyCorrect  = "duty_correct" // value: row id of the record
	ActionDutySettings = "duty_settings"
	ActionDutyAdd      = "duty_add"
	ActionDutyEdit     = "duty_edit"   // value: row id of the duty
	ActionDutyPreset   = "duty_preset" // value: the preset

	UndoDutyAdded   = "duty_added:"
	UndoDutyDeleted = "duty_deleted:"
	UndoDutyPreset  = "duty_preset:" // the first duty that it made
	UndoDutyRecord  = "duty_record:"

	FieldDutyName    = "duty_name"
	FieldDutyEvery   = "duty_every"
	FieldDutyTimes   = "duty_times"
	FieldDutyFor     = "duty_for"
	FieldDutySince   = "duty_since"
	FieldDutyDelete  = "duty_delete"
	FieldDutyDay     = "duty_day"
	FieldDutyNote    = "duty_note"
	DutyForAll       = "all"
	DutyForUnit      = "unit:"
	DutyForType      = "type:"
	DutyDeleteValue  = "delete"
	dutyBlocks       = 46 // of Slack's 50: head and foot take the rest
	dutyOthersListed = 30
)

// DutyUnitModel is one unit's duties as they are shown.
type DutyUnitModel struct {
	Unit    models.Unit
	Present []models.DutyState
	Missing []models.DutyState
}

// DutyModel is a page of duties.
type DutyModel struct {
	Units  []DutyUnitModel
	Others []DutyUnitModel
	Duties []models.UnitDuty
	People map[int64]models.Person
	Admin  bool
	Admins []models.Person
	Meant  models.Instant // of a message that came late
	More   int
	Past   bool
}

// dutyValue names a unit's duty in a button.
func dutyValue(s models.DutyState) string { return rowID(s.Unit.ID) + ":" + rowID(s.Duty.ID) }

// Duties is the list: what is due, held, planned and without a record.
func (p *Printer) Duties(m DutyModel) Message {
	if len(m.Duties) == 0 {
		return p.noDuties(m)
	}
	var blocks []slack.Block
	var text []string
	for _, u := range m.Units {
		blocks = append(blocks, Section("*"+p.T("duty.head", "Unit", Title(u.Unit.Name))+"*"))
		text = append(text, p.T("duty.head", "Unit", EscapeText(u.Unit.Name)))
		for _, s := range u.Present {
			text = append(text, plainWords(strings.ReplaceAll(p.dutyLines(s, m.People), "\n", p.T("study.sep"))))
			blocks = append(blocks, p.dutyBlocks(s, m.People, "")...)
		}
		blocks = append(blocks, p.missingBlocks(u)...)
	}
	if len(m.Others) > 0 {
		if len(m.Units) == 0 {
			blocks = append(blocks, Section("*"+p.T("duty.all_units")+"*"))
			text = append(text, p.T("duty.all_units"))
		}
		for i, u := range m.Others {
			if i >= dutyOthersListed {
				blocks = append(blocks, Context(p.T("duty.more_units", "N", len(m.Others)-i)))
				break
			}
			line := p.dutyCounts(u)
			text = append(text, plainWords(line))
			b := Section(line)
			b.Accessory = slack.NewAccessory(Button(ActionDutyShow+":"+rowID(u.Unit.ID), rowID(u.Unit.ID), p.T("duty.show"), p.T("duty.show")+" · "+u.Unit.Name))
			blocks = append(blocks, b)
		}
	}
	if len(m.Units)+len(m.Others) == 0 {
		blocks = append(blocks, Section(p.T("duty.nobody_owes")))
		text = append(text, p.T("duty.nobody_owes"))
	}
	if len(blocks) > dutyBlocks {
		blocks = append(blocks[:dutyBlocks:dutyBlocks], Context(p.T("duty.too_long")))
	}
	blocks = within(blocks, LimitTotal)
	if m.Admin {
		blocks = append(blocks, Actions(Button(ActionDutySettings, "0", p.T("duty.settings"), "")))
	}
	return Message{Text: Cut(strings.Join(text, "\n"), LimitText), Blocks: blocks}
}

// noDuties says that none are set, and to an admin how to have some.
func (p *Printer) noDuties(m DutyModel) Message {
	if m.Admin {
		return p.DutySettings(nil)
	}
	var who []string
	for i, a := range m.Admins {
		if i < 5 {
			who = append(who, UserTag(a.Slack(), a.Name))
		}
	}
	text := p.T("duty.none", "Who", strings.Join(who, " "))
	return Message{Text: text, Blocks: []slack.Block{Section(text)}}
}

// dutyBlocks are one duty of a unit with what can be done about it; suffix
// tells the buttons of several messages' parts apart.
func (p *Printer) dutyBlocks(s models.DutyState, people map[int64]models.Person, suffix string) []slack.Block {
	blocks := []slack.Block{Section(p.dutyLines(s, people))}
	if s.Done() {
		return blocks
	}
	v := dutyValue(s)
	id := strings.ReplaceAll(v, ":", "-") + suffix
	var buttons []slack.BlockElement
	if s.Open() {
		plan := Button(ActionDutyPlan+":"+id, v, p.T("duty.plan"), p.T("duty.plan")+" · "+s.Duty.Name)
		plan.Style = slack.StylePrimary
		buttons = append(buttons, plan)
	}
	for _, h := range shortenHeld(s.Unsaid, 3) {
		if h.Occurrence.ID != 0 {
			buttons = append(buttons, Button(ActionStudyHeld+":"+rowID(h.Occurrence.ID), rowID(h.Occurrence.ID),
				p.T("duty.was_held_on", "Day", p.dutyDay(h.Day)), p.T("duty.was_held")+" · "+studyRef(h.Study)))
		}
	}
	buttons = append(buttons, Button(ActionDutyHeld+":"+id, v, p.T("duty.was_held"), p.T("duty.was_held")+" · "+s.Duty.Name))
	return append(blocks, Actions(buttons...))
}

// missingBlocks are the periods past of which there is no record, with a button
// for each duty that enters one.
func (p *Printer) missingBlocks(u DutyUnitModel) []slack.Block {
	if len(u.Missing) == 0 {
		return nil
	}
	var buttons []slack.BlockElement
	var seen []int64
	for _, s := range u.Missing {
		if slices.Contains(seen, s.Duty.ID) {
			continue
		}
		seen = append(seen, s.Duty.ID)
		v := dutyValue(s)
		buttons = append(buttons, Button(ActionDutyHeld+":"+strings.ReplaceAll(v, ":", "-")+"-past", v, p.T("duty.enter", "Name", s.Duty.Name), ""))
	}
	return []slack.Block{Section(p.T("duty.missing", "What", p.missingWords(u.Missing))), Actions(buttons...)}
}

// dutyCounts is one line of a unit: how many of its duties are where.
func (p *Printer) dutyCounts(u DutyUnitModel) string {
	done, planned, open := 0, 0, 0
	for _, s := range u.Present {
		switch {
		case s.Done():
			done++
		case s.Open():
			open++
		default:
			planned++
		}
	}
	parts := []string{"*" + Title(u.Unit.Name) + "*", p.T("duty.n_done", "N", done)}
	for _, c := range []struct {
		key string
		n   int
	}{{"duty.n_planned", planned}, {"duty.n_open", open}, {"duty.n_missing", len(u.Missing)}} {
		if c.n > 0 {
			parts = append(parts, p.T(c.key, "N", c.n))
		}
	}
	return strings.Join(parts, " · ")
}

// dutyHand is a unit's duties as they wait for its leader's hand.
func (p *Printer) dutyHand(h models.StudyHand) []slack.Block {
	var parts []string
	if h.N > 0 {
		parts = append(parts, p.T("duty.n_open", "N", h.N))
	}
	if h.Missing > 0 {
		parts = append(parts, p.T("duty.n_missing", "N", h.Missing))
	}
	id := rowID(h.Unit.ID)
	return one("*"+p.T("duty.head", "Unit", Title(h.Unit.Name))+"*\n"+strings.Join(parts, p.T("form.comma")),
		Button(ActionDutyShow+":"+id, id, p.T("duty.show"), p.T("duty.show")+" · "+h.Unit.Name))
}

// DutyNotice tells who answers for units what has neither a record nor a plan,
// and then how it stands.
func (p *Printer) DutyNotice(m DutyModel) Message {
	var blocks []slack.Block
	var text []string
	if m.Meant != 0 && !m.Past {
		blocks = append(blocks, Context(p.T("study.late", "When", p.DayClock(m.Meant.Time()))))
	}
	for _, u := range m.Units {
		head := p.dutyHead(u, Title(u.Unit.Name))
		text = append(text, p.dutyHead(u, EscapeText(u.Unit.Name)))
		if m.Past {
			continue
		}
		blocks = append(blocks, Section("*"+head+"*"))
		for _, s := range u.Present {
			blocks = append(blocks, p.dutyBlocks(s, m.People, "")...)
		}
	}
	line := Cut(strings.Join(text, "\n"), LimitText)
	if m.Past {
		line = p.T("study.past", "What", Cut(strings.Join(text, " "), LimitText/2))
		return Message{Text: line, Blocks: []slack.Block{Context(line)}}
	}
	if len(blocks) > dutyBlocks {
		blocks = blocks[:dutyBlocks]
	}
	if m.More > 0 {
		blocks = append(blocks, Context(p.T("duty.more", "N", m.More)))
	}
	return Message{Text: line, Blocks: within(blocks, LimitTotal)}
}

// dutyHead says how a unit's duties of a message stand now.
func (p *Printer) dutyHead(u DutyUnitModel, name string) string {
	open, missing, done := 0, 0, 0
	for _, s := range u.Present {
		switch {
		case s.Missing():
			missing++
		case s.Open():
			open++
		case s.Done():
			done++
		}
	}
	switch {
	case open > 0:
		return p.T("duty.told_open", "Unit", name, "N", open)
	case missing > 0:
		return p.T("duty.told_missing", "Unit", name, "N", missing)
	case done == len(u.Present):
		return p.T("duty.told_done", "Unit", name)
	}
	return p.T("duty.told_planned", "Unit", name)
}
