package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// DutySetModel is a duty as it is echoed.
type DutySetModel struct {
	Duty  models.UnitDuty
	Unit  models.Unit
	Owing int
	First models.DutyPeriod
}

// DutyPresets are the presets, in the order in which the reader is offered
// them, each with the duties' keys and how often they are owed.
func (p *Printer) DutyPresets() []string {
	if p.Lang == "zh" {
		return []string{"party", "team"}
	}
	return []string{"team", "party"}
}

// DutyPreset lists a preset's duties by name and cadence; nil for a preset that
// is not there. unitType is for which units it is meant, "" for all.
func (p *Printer) DutyPreset(preset string) (names, cadences []string, unitType string) {
	list := map[string][]string{
		"party": {"assembly", models.CadenceQuarter, "committee", models.CadenceMonth, "group", models.CadenceMonth, "themed", models.CadenceMonth,
			"lecture", models.CadenceQuarter, "life", models.CadenceYear, "review", models.CadenceYear},
		"team": {"members", models.CadenceQuarter, "board", models.CadenceMonth, "study", models.CadenceMonth},
	}[preset]
	for i := 0; i+1 < len(list); i += 2 {
		names, cadences = append(names, p.T("duty.preset_"+preset+"_"+list[i])), append(cadences, list[i+1])
	}
	if preset == "party" {
		unitType = "branch"
	}
	return names, cadences, unitType
}

// DutySettings is what is owed, with a form for each, for admins.
func (p *Printer) DutySettings(all []DutySetModel) Message {
	head := p.T("duty.settings_head")
	if len(all) == 0 {
		head = p.T("duty.settings_none")
	}
	blocks := []slack.Block{Section("*" + head + "*")}
	text := []string{head}
	for _, d := range all {
		line := p.dutySetLine(d)
		text = append(text, plainWords(line))
		b := Section(line)
		b.Accessory = slack.NewAccessory(Button(ActionDutyEdit+":"+rowID(d.Duty.ID), rowID(d.Duty.ID), p.T("duty.edit"), p.T("duty.edit")+" · "+d.Duty.Name))
		blocks = append(blocks, b)
	}
	if len(all) == 0 {
		for _, preset := range p.DutyPresets() {
			names, cadences, _ := p.DutyPreset(preset)
			for i := range names {
				names[i] += " " + p.T("duty.short_"+cadences[i])
			}
			blocks = append(blocks, Section("*"+p.T("duty.preset_"+preset)+"*\n"+strings.Join(names, p.T("form.comma"))))
		}
	}
	buttons := []slack.BlockElement{Button(ActionDutyAdd, "0", p.T("duty.add"), "")}
	for _, preset := range p.DutyPresets() {
		buttons = append(buttons, Button(ActionDutyPreset+":"+preset, preset, p.T("duty.take_"+preset), ""))
	}
	blocks = append(within(blocks[:min(len(blocks), dutyBlocks)], LimitTotal), Actions(buttons...), Context(p.T("duty.can_change")))
	return Message{Text: Cut(strings.Join(text, "\n"), LimitText), Blocks: blocks}
}

// dutySetLine is `*党员大会* · 每季度一次 · 支部，3 个`.
func (p *Printer) dutySetLine(d DutySetModel) string {
	scope := p.dutyScope(d.Duty, d.Unit)
	if d.Duty.UnitID == 0 {
		scope += p.T("duty.owing", "N", d.Owing)
	}
	return "*" + Title(d.Duty.Name) + "* · " + p.Cadence(d.Duty.Cadence, d.Duty.Times) + " · " + scope
}

// DutySet echoes a duty that was made or changed.
func (p *Printer) DutySet(key string, d DutySetModel) Message {
	text := p.T("duty."+key, "What", p.dutySetLine(d), "Period", p.DutyPeriod(d.First))
	if d.Owing == 0 {
		text += "\n" + p.T("duty.for_nobody")
	}
	m := Message{Text: plainWords(text), Blocks: []slack.Block{Section(text)}}
	if key == "added" {
		m.Blocks = append(m.Blocks, Actions(p.undo(UndoDutyAdded, d.Duty.ID, "")))
	}
	return m
}

// DutyPresetTaken echoes what a press on a preset made.
func (p *Printer) DutyPresetTaken(made []DutySetModel, kept []string, first int64) Message {
	var lines []string
	for _, d := range made {
		lines = append(lines, p.dutySetLine(d))
	}
	head := p.T("duty.preset_done", "N", len(made))
	if len(kept) > 0 {
		head += p.T("duty.preset_kept", "Names", Escape(strings.Join(kept, p.T("form.comma"))))
	}
	blocks := []slack.Block{Section(strings.Join(append([]string{head}, lines...), "\n")), Context(p.T("duty.can_change"))}
	if len(made) > 0 {
		buttons := []slack.BlockElement{Button(ActionDutySettings, "0", p.T("duty.change"), ""), p.undo(UndoDutyPreset, first, "")}
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(plainWords(strings.Join(append([]string{head}, lines...), "\n")), LimitText), Blocks: blocks}
}

// DutyDeleted says that a duty is owed no more, or again.
func (p *Printer) DutyDeleted(d models.UnitDuty) Message {
	if !d.Deleted {
		text := p.T("duty.restored", "Name", Title(d.Name))
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	text := p.T("duty.deleted", "Name", Title(d.Name))
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(p.undo(UndoDutyDeleted, d.ID, ""))}}
}

// DutyEntered echoes a record entered by hand, corrected or taken back.
func (p *Printer) DutyEntered(r models.DutyRecord, s models.DutyState, by models.Person, late, corrected bool) Message {
	key := "duty.entered"
	switch {
	case r.TakenBack:
		key = "duty.taken_back"
	case corrected:
		key = "duty.corrected"
	case late:
		key = "duty.entered_late"
	}
	text := p.T(key, "Unit", Title(s.Unit.Name), "Name", Title(s.Duty.Name), "Day", p.dutyDay(r.Day), "At", p.DayClock(r.EnteredAt.Time()))
	if r.Note != "" && !r.TakenBack {
		text += p.T("duty.note", "Note", Escape(Cut(r.Note, 200)))
	}
	text += "\n" + p.T("duty.now", "Period", p.DutyPeriod(s.Period), "Done", len(s.Held), "Of", s.Duty.Times)
	m := Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text)}}
	if !r.TakenBack {
		m.Blocks = append(m.Blocks, Actions(p.undo(UndoDutyRecord, r.ID, ""),
			Button(ActionDutyCorrect+":"+rowID(r.ID), rowID(r.ID), p.T("duty.correct"), p.T("duty.correct")+" · "+s.Duty.Name)))
	}
	return m
}

// DutyModal is the form of a duty; a zero duty is a new one.
func (p *Printer) DutyModal(d models.UnitDuty, units []models.Unit, types []string) *slack.ModalViewRequest {
	var every, scope []Option
	for _, c := range models.Cadences() {
		every = append(every, Option{c, p.T("duty.every_" + c)})
	}
	scope = append(scope, Option{DutyForAll, p.T("duty.of_all")})
	for _, t := range types {
		if len(DutyForType+t) <= 75 && len(scope) < 50 { // the value of an option: Slack takes 75 characters
			scope = append(scope, Option{DutyForType + t, p.T("duty.of_type", "Type", t)})
		}
	}
	current := DutyForAll
	switch {
	case d.UnitID != 0:
		current = DutyForUnit + rowID(d.UnitID)
	case d.UnitType != "":
		current = DutyForType + d.UnitType
	}
	for _, u := range units {
		if len(scope) < 99 || u.ID == d.UnitID { // Slack takes 100; the rest are named in words
			scope = append(scope, Option{DutyForUnit + rowID(u.ID), u.Name})
		}
	}
	times := strconv.Itoa(max(d.Times, 1))
	title, since := p.T("duty.add_title"), ""
	blocks := []slack.Block{
		Input(FieldDutyName, p.T("duty.form_name"), p.T("duty.form_name_hint"), d.Name, false, false),
		Select(FieldDutyEvery, p.T("duty.form_every"), every, d.Cadence, false),
		Input(FieldDutyTimes, p.T("duty.form_times"), "", times, false, false),
		Select(FieldDutyFor, p.T("duty.form_for"), scope, current, false),
		DateInput(FieldDutySince, p.T("duty.form_since"), since),
	}
	if d.ID != 0 {
		title = p.T("duty.edit_title")
		blocks = append(blocks, Checks(FieldDutyDelete, p.T("duty.form_delete"), []Option{{DutyDeleteValue, p.T("duty.form_delete_yes")}}, nil))
	}
	return Modal(ModalDuty, title, p.T("duty.save"), p.T("form.close"), rowID(d.ID), blocks...)
}

// DutyHeldModal asks on which day a unit held what it owes.
func (p *Printer) DutyHeldModal(unit models.Unit, d models.UnitDuty, r models.DutyRecord, now models.Instant) *slack.ModalViewRequest {
	day := r.Day
	if day == "" {
		day = now.In(p.OrgZone).Format(time.DateOnly)
	}
	date := DateInput(FieldDutyDay, p.T("duty.form_day"), day)
	date.Optional = false
	private := rowID(unit.ID) + ":" + rowID(d.ID) + ":" + rowID(r.ID)
	return Modal(ModalDutyHeld, p.T("duty.held_title"), p.T("duty.held_submit"), p.T("form.close"), private,
		Section("*"+Title(d.Name)+"* · "+p.Cadence(d.Cadence, d.Times)+" · "+Title(unit.Name)),
		date, Input(FieldDutyNote, p.T("duty.form_note"), p.T("duty.form_note_hint"), r.Note, true, true))
}
