package views

import (
	"cmp"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of units.
const (
	ModalUnit       = "unit"
	ActionUnits     = "units"    // shows the ledger
	ActionUnitAdd   = "unit_add" // opens the form of a new unit
	ActionUnitEdit  = "unit_edit"
	ActionUnitGaps  = "unit_gaps"
	FieldUnitName   = "unit_name"
	FieldUnitType   = "unit_type"
	FieldUnitParent = "unit_parent"
	FieldUnitLeader = "unit_leader"
	FieldUnitJoin   = "unit_join"
	FieldUnitLeave  = "unit_leave"
)

// ledgerShown is how many units a list shows with a button each: with head and
// foot they fit the 50 blocks of a message.
const ledgerShown = 40

// parentsOffered is how many units a select can offer (Slack: 100, one of them
// is "none"); beyond that the parent is set by import.
const parentsOffered = 99

// UnitLedger is the tree of units: who leads, how many are in it, when.
func (p *Printer) UnitLedger(rows []models.UnitRow, gaps, outside int) Message {
	head := p.T("unit.head", "N", len(rows))
	if len(rows) == 0 {
		head = p.T("unit.none")
	}
	blocks := []slack.Block{Section("*" + head + "*")}
	text := []string{head}
	for i, r := range rows {
		line := p.unitLine(r)
		text = append(text, plainWords(line))
		if i >= ledgerShown {
			continue
		}
		b := Section(line)
		ref := strconv.FormatInt(r.ID, 10)
		b.Accessory = slack.NewAccessory(Button(ActionUnitEdit+":"+ref, ref, p.T("unit.edit"), p.T("unit.edit_label", "Unit", r.Name)))
		blocks = append(blocks, b)
	}
	if len(rows) > ledgerShown {
		blocks = append(blocks, Context(p.T("unit.more", "N", len(rows)-ledgerShown)))
	}
	if outside > 0 && len(rows) > 0 {
		blocks = append(blocks, Context(p.T("unit.outside", "N", outside)))
	}
	buttons := []slack.BlockElement{Button(ActionUnitAdd, "0", p.T("unit.add"), "")}
	if gaps > 0 {
		buttons = append(buttons, Button(ActionUnitGaps, "0", p.T("unit.gaps_button", "N", gaps), ""))
	}
	return Message{Text: Cut(strings.Join(text, "\n"), LimitText), Blocks: append(within(blocks, LimitTotal), Actions(buttons...))}
}

// unitLine is one unit: indented by its depth with an ideographic space, which
// Slack does not swallow.
func (p *Printer) unitLine(r models.UnitRow) string {
	line := strings.Repeat("　", min(r.Depth, 6)) + "*" + Title(r.Name) + "*"
	if r.Type != "" {
		line += " · " + Title(r.Type)
	}
	leader := p.T("unit.no_leader")
	if r.Leader.ID != 0 {
		leader = p.T("unit.leader", "Who", UserTag(r.Leader.Slack(), r.Leader.Name))
	}
	count := p.T("unit.members", "N", r.Members)
	if r.All != r.Members {
		count = p.T("unit.members_all", "N", r.Members, "All", r.All)
	}
	line += "\n" + strings.Repeat("　", min(r.Depth, 6)) + leader + " · " + count
	if len(r.Windows) > 0 {
		line += " · " + p.T("unit.windows", "Windows", p.SpanWords(r.Windows))
	}
	if r.QuietStart != nil && r.QuietEnd != nil {
		line += " · " + p.T("unit.quiet", "Quiet", Wall(*r.QuietStart)+"–"+Wall(*r.QuietEnd))
	}
	if len(r.JointOf) > 0 {
		line += " · " + p.T("unit.joint", "Names", Title(strings.Join(r.JointOf, p.T("form.comma"))))
	}
	return line
}

// plainWords is a line of blocks as the plain text of a message.
func plainWords(line string) string {
	return strings.NewReplacer("*", "", "\n", " ", "　", "").Replace(line)
}

// UnitGaps is what is amiss in the ledger; an admin may mend it from here.
func (p *Printer) UnitGaps(gaps []models.Gap, admin bool) Message {
	if len(gaps) == 0 {
		text := p.T("unit.no_gaps")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	head := p.T("unit.gaps_head", "N", len(gaps))
	blocks := []slack.Block{Section("*" + head + "*")}
	text := []string{head}
	for i, g := range gaps {
		line := p.T("unit.gap_"+string(g.Kind), "Unit", Title(g.Unit.Name), "N", g.N, "Most", models.JointMost, "What", p.missingWords(g.Duties))
		text = append(text, line)
		if i >= ledgerShown {
			continue
		}
		b := Section(line)
		ref := strconv.FormatInt(g.Unit.ID, 10)
		switch {
		case g.Kind == models.GapDuty:
			b.Accessory = slack.NewAccessory(Button(ActionDutyShow+":"+ref, ref, p.T("duty.show"), p.T("duty.show")+" · "+g.Unit.Name))
		case admin:
			b.Accessory = slack.NewAccessory(Button(ActionUnitEdit+":"+string(g.Kind)+ref, ref, p.T("unit.edit"), p.T("unit.edit_label", "Unit", g.Unit.Name)))
		}
		blocks = append(blocks, b)
	}
	if len(gaps) > ledgerShown {
		blocks = append(blocks, Context(p.T("unit.more_gaps", "N", len(gaps)-ledgerShown)))
	}
	return Message{Text: Cut(strings.Join(text, "\n"), LimitText), Blocks: within(blocks, LimitTotal)}
}

// UnitModal is the form of a unit; a zero unit is a new one.
func (p *Printer) UnitModal(u models.Unit, leader string, units []models.Unit) *slack.ModalViewRequest {
	title, quiet := p.T("unit.edit_title"), ""
	if u.ID == 0 {
		title = p.T("unit.add_title")
	}
	if u.QuietStart != nil && u.QuietEnd != nil {
		quiet = Wall(*u.QuietStart) + "-" + Wall(*u.QuietEnd)
	}
	parents := []Option{{AutoValue, p.T("unit.top")}}
	below := models.UnitsBelow(units, u.ID)
	for _, r := range models.UnitTree(units) {
		ring := u.ID != 0 && (r.ID == u.ID || contains(below, r.ID))
		if !ring && len(parents) <= parentsOffered {
			parents = append(parents, Option{strconv.FormatInt(r.ID, 10), strings.Repeat("　", min(r.Depth, 6)) + r.Name})
		}
	}
	parent := AutoValue
	if u.ParentID != 0 {
		parent = strconv.FormatInt(u.ParentID, 10)
	}
	blocks := []slack.Block{
		Input(FieldUnitName, p.T("unit.name"), "", u.Name, false, false),
		Select(FieldUnitParent, p.T("unit.parent"), parents, parent, true),
		Input(FieldUnitType, p.T("unit.type"), p.T("unit.type_hint"), u.Type, false, true),
		PersonSelect(FieldUnitLeader, p.T("unit.leader_field"), p.T("unit.leader_hint"), leader),
		Input(FieldWindows, p.T("unit.windows_field"), p.T("profile.windows_hint"), p.Spans(u.Windows), false, true),
		Input(FieldQuiet, p.T("unit.quiet_field"), p.T("unit.quiet_hint"), quiet, false, true),
		PeopleSelect(FieldUnitJoin, p.T("unit.join"), p.T("unit.join_hint"), nil),
	}
	if u.ID != 0 {
		blocks = append(blocks, PeopleSelect(FieldUnitLeave, p.T("unit.leave"), p.T("unit.leave_hint"), nil))
	}
	return Modal(ModalUnit, title, p.T("unit.save"), p.T("form.close"), strconv.FormatInt(u.ID, 10), blocks...)
}

func contains(ids []int64, id int64) bool {
	for _, other := range ids {
		if other == id {
			return true
		}
	}
	return false
}

// PersonSelect chooses one person, or nobody.
func PersonSelect(id, label, hint, current string) *slack.InputBlock {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, id)
	e.InitialUser = current
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	b.Hint = plain(hint, 2000)
	b.Optional = true
	return b
}

// UnitSaved says what holds now.
func (p *Printer) UnitSaved(u models.Unit, joined, left int) string {
	text := p.T("unit.saved", "Unit", Escape(u.Name))
	if joined > 0 {
		text += p.T("unit.saved_joined", "N", joined)
	}
	if left > 0 {
		text += p.T("unit.saved_left", "N", left)
	}
	return text + p.T("unit.saved_times", "Windows", cmp.Or(p.SpanWords(u.Windows), p.T("profile.any_time")))
}
