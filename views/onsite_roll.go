package views

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// ModalRoll is the roll of one shift, page by page; ModalTimes is where a person
// corrects their own times.
const (
	ModalRoll  = "roll"
	ModalTimes = "call_times"
)

// Fields of the roll, as block_ids; those of one person end in the row id.
const (
	FieldRollCode     = "all_code"
	FieldRollCame     = "came:"     // sign-up: RollYes, RollNo
	FieldRollTimes    = "times:"    // sign-up: 9:00-11:30
	FieldRollWalk     = "walk:"     // walk-in: a role's row id, or RollNo
	FieldRollNew      = "new"       // people
	FieldRollNewRole  = "new_role"  // role
	FieldRollServed   = "served"    // number
	FieldRollGoods    = "goods"     // lines
	FieldCheckoutTime = "own_times" // 9:00-11:30
)

// Values of the roll's choices.
const (
	RollYes = "yes"
	RollNo  = "no"
)

// What a page of the roll lists: those still to be looked at, or those decided,
// to correct them.
const (
	RollOpen    = "open"
	RollDecided = "decided"
)

// rollPage is how many people a page lists with two blocks each: Slack takes a
// hundred blocks, and what stands below must fit too.
const rollPage = 20

// rollRows are those a page is about: open leaves out whom the code takes.
func rollRows(s models.Sheet, shift *models.Shift, what string) []*models.Signup {
	var out []*models.Signup
	for _, su := range s.Roll(shift.ID) {
		code := su.ByCode() && su.RollAt == 0
		waits := !su.Decided() && (shift.EndAt <= s.Now || !su.Came())
		if (what == RollDecided) == (su.RollAt != 0 || su.State == models.SignupNoShow) && !code && (what == RollDecided || waits) {
			out = append(out, su)
		}
	}
	return out
}

// RollOpenLeft says how many of a shift have to be looked at one by one.
func RollOpenLeft(s models.Sheet, shift *models.Shift) int { return len(rollRows(s, shift, RollOpen)) }

// RollModal is one page of the roll of a shift.
func (p *Printer) RollModal(s models.Sheet, shift *models.Shift, meta RollMeta) *slack.ModalViewRequest {
	if meta.What != RollDecided {
		meta.What = RollOpen
	}
	meta.Call, meta.Shift = s.Call.ID, shift.ID
	rows := rollRows(s, shift, meta.What)
	meta.Page = max(0, min(meta.Page, (len(rows)-1)/rollPage))
	blocks := p.formHead(s)
	if pages := p.rollPages(s, shift, meta); len(pages.Options) > 1 {
		blocks = append(blocks, slack.NewActionBlock("", pages))
	}
	blocks = append(blocks, Section("*"+words(s.Call.Title, LimitTitle)+"* "+p.span(*shift)))
	if meta.What == RollOpen {
		blocks = append(blocks, p.rollByCode(s, shift)...)
	}
	from := meta.Page * rollPage
	to := min(len(rows), from+rollPage)
	if len(rows) > rollPage {
		blocks = append(blocks, Context(p.T("onsite.roll_page", "From", from+1, "To", to, "Of", len(rows))))
	}
	for _, su := range rows[from:to] {
		blocks = append(blocks, p.rollRow(s, shift, su)...)
	}
	if meta.What == RollOpen {
		blocks = append(blocks, p.rollArrivals(s, shift)...)
	}
	achieved, goods := p.rollAchieved(s)
	if blocks = append(blocks, achieved...); goods {
		meta.Goods = int64(s.Now)
	}
	submit := p.T("onsite.roll_save")
	if meta.What == RollOpen && len(rows) > to {
		submit = p.T("onsite.roll_next")
	}
	return Modal(ModalRoll, p.T("onsite.roll_title", "Ref", s.Call.Ref()), submit, p.T("call.modal_back"), meta.Encode(), blocks...)
}

// rollPages is the choice of shift, of what is listed, and of a page of it.
func (p *Printer) rollPages(s models.Sheet, now *models.Shift, meta RollMeta) *slack.SelectBlockElement {
	var options []Option
	for _, sh := range s.Shifts {
		if sh.StartAt.Add(-models.OnsiteLead) > s.Now {
			continue
		}
		for _, what := range []string{RollOpen, RollDecided} {
			n := len(rollRows(s, sh, what))
			for page := 0; page == 0 || page*rollPage < n; page++ {
				if n == 0 && (what == RollDecided || sh.ID != now.ID) {
					break
				}
				label := p.T("onsite.roll_list_"+what, "Count", n)
				if n > rollPage {
					label += fmt.Sprintf(" %d–%d", page*rollPage+1, min(n, (page+1)*rollPage))
				}
				if len(s.Shifts) > 1 {
					label = p.shortTime(s, sh.StartAt) + " · " + label
				}
				if len(options) < 100 {
					options = append(options, Option{Value: fmt.Sprintf("%d:%s:%d", sh.ID, what, page), Label: label})
				}
			}
		}
	}
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, nil, ActionRollPage, objects(options)...)
	here := fmt.Sprintf("%d:%s:%d", meta.Shift, meta.What, meta.Page)
	for _, o := range e.Options {
		if o.Value == here {
			e.InitialOption = o
		}
	}
	return e
}

// rollByCode is the one press for all with an on-site code.
func (p *Printer) rollByCode(s models.Sheet, shift *models.Shift) []slack.Block {
	var names []string
	for _, su := range s.Roll(shift.ID) {
		if su.ByCode() && su.RollAt == 0 {
			names = append(names, personName(s.Person(su.PersonID), su.Guests)+" "+p.Clock(su.CheckedIn.Time()))
		}
	}
	if len(names) == 0 {
		return nil
	}
	block := Section(p.T("onsite.roll_by_code", "Count", len(names), "Names", p.listed(names)))
	if shift.EndAt > s.Now {
		return []slack.Block{block}
	}
	return []slack.Block{block, Checks(FieldRollCode, p.T("onsite.roll_code_label"),
		[]Option{{Value: RollYes, Label: p.T("onsite.roll_code_all", "N", len(names))}}, []string{RollYes})}
}

// rollRow is one person: came or not, and from when to when.
func (p *Printer) rollRow(s models.Sheet, shift *models.Shift, su *models.Signup) []slack.Block {
	id := rowID(su.ID)
	name := Plain(s.Person(su.PersonID).Name)
	if name == "" {
		name = s.Person(su.PersonID).Slack()
	}
	if su.Guests > 0 {
		name += "+" + strconv.Itoa(su.Guests)
	}
	if r := s.Role(su.RoleID); r != nil && r.Name != "" {
		name += " · " + cutRunes(Plain(r.Name), limitRole)
	}
	if note := p.rollNote(*su); note != "" {
		name += " · " + note
	}
	over := shift.EndAt <= s.Now
	options := []Option{{Value: RollYes, Label: p.T("onsite.came")}}
	if over {
		options = append(options, Option{Value: RollNo, Label: p.T("onsite.not_come")})
	}
	current := ""
	if su.RollAt != 0 || su.State == models.SignupNoShow {
		current = map[bool]string{true: RollYes, false: RollNo}[su.Came()]
	}
	blocks := []slack.Block{Radio(FieldRollCame+id, name, options, current)}
	if over {
		from, to := s.Times(su)
		blocks = append(blocks, Input(FieldRollTimes+id, p.T("onsite.times_label"), "", p.Clock(from.Time())+"-"+p.Clock(to.Time()), false, true))
	}
	return blocks
}

// rollNote is what is known of somebody who has no on-site code.
func (p *Printer) rollNote(su models.Signup) string {
	switch {
	case su.ContestAt != 0:
		return p.T("onsite.note_contested")
	case su.CheckBy == models.CheckButton:
		return p.T("onsite.note_button", "At", p.Clock(su.CheckedIn.Time()))
	case su.CheckBy == models.CheckCode:
		return p.T("onsite.note_code", "At", p.Clock(su.CheckedIn.Time()))
	case su.SaidAt != 0:
		return p.T("onsite.note_said")
	case su.MissedAt != 0:
		return p.T("onsite.note_missed")
	}
	return ""
}

// walkInsOnRoll is how many walk-ins one page takes.
const walkInsOnRoll = 10

// rollArrivals are those who came without a place: by code, and by name.
func (p *Printer) rollArrivals(s models.Sheet, shift *models.Shift) []slack.Block {
	var roles []Option
	for i, r := range s.RolesOf(shift.ID) {
		if i < 90 {
			roles = append(roles, Option{Value: rowID(r.ID), Label: p.roleName(*r)})
		}
	}
	var blocks []slack.Block
	for i, w := range s.WalkIns {
		if w.ShiftID != shift.ID || i == walkInsOnRoll {
			continue
		}
		choices := append([]Option{{Value: RollNo, Label: p.T("onsite.refuse")}}, roles...)
		for j := 1; j < len(choices); j++ {
			choices[j].Label = p.T("onsite.take_as", "Role", choices[j].Label)
		}
		label := p.T("onsite.roll_walkin", "Name", Plain(s.Person(w.PersonID).Name), "At", p.Clock(w.At.Time()))
		blocks = append(blocks, Select(FieldRollWalk+rowID(w.ID), label, choices, "", true))
	}
	blocks = append(blocks, PeopleSelect(FieldRollNew, p.T("onsite.roll_new"), p.T("onsite.roll_new_hint"), nil))
	if len(roles) > 1 {
		blocks = append(blocks, Select(FieldRollNewRole, p.T("onsite.roll_new_role"), roles, "", true))
	}
	return blocks
}

// goodsInForm is how many characters of goods the form shows, well within what
// Slack takes: more of them are corrected one by one on a line, because what is
// cut off would be taken off.
const goodsInForm = 2500

// rollAchieved is what a care call came to: people served, goods handed out.
// shown says that all goods stand in the form.
func (p *Printer) rollAchieved(s models.Sheet) (blocks []slack.Block, shown bool) {
	if s.Call.Kind != models.CallCare || s.Call.Drill {
		return nil, false
	}
	served := ""
	if s.Call.Served > 0 {
		served = strconv.Itoa(s.Call.Served)
	}
	var lines []string
	for _, g := range s.Goods {
		lines = append(lines, p.goodsLine(*g))
	}
	goods := strings.Join(lines, "\n")
	if shown = utf8.RuneCountInString(goods) <= goodsInForm; !shown {
		goods = ""
	}
	return []slack.Block{Input(FieldRollServed, p.T("onsite.roll_served"), "", served, false, true),
		Input(FieldRollGoods, p.T("onsite.roll_goods"), p.T("onsite.roll_goods_hint"), goods, true, true)}, shown
}

// goodsLine is an item as it is typed: `口罩 100 50元`.
func (p *Printer) goodsLine(g models.Goods) string {
	line := Plain(g.Item) + " " + strconv.Itoa(g.Number)
	if g.Value > 0 {
		line += " " + p.T("onsite.value", "Value", Number(float64(g.Value)/100))
	}
	return line
}

// Radio is a choice of one of a few, all in sight; current may be "".
func Radio(id, label string, options []Option, current string) *slack.InputBlock {
	e := slack.NewRadioButtonsBlockElement(id, objects(options)...)
	for _, o := range e.Options {
		if o.Value == current {
			e.InitialOption = o
		}
	}
	b := slack.NewInputBlock(id, plain(label, 2000), nil, e)
	b.Optional = true
	return b
}

// TimesModal is where somebody says from when to when they were there.
func (p *Printer) TimesModal(s models.Sheet, su models.Signup) *slack.ModalViewRequest {
	from, to := su.CheckedIn, su.CheckedOut
	if to == 0 {
		to = s.Shift(su.ShiftID).EndAt
	}
	return Modal(ModalTimes, p.T("onsite.times_title"), p.T("onsite.roll_save"), p.T("call.modal_back"), rowID(su.ID),
		Section(p.T("onsite.times_text", "What", p.what(s, su), "At", p.Clock(from.Time()))),
		Input(FieldCheckoutTime, p.T("onsite.times_until"), "", p.Clock(to.Time()), false, false))
}

// Rolled says what the roll has now, and what it still lacks.
func (p *Printer) Rolled(s models.Sheet, came, absent []int64, own bool, unmatched []models.Person, changed bool) Message {
	var lines []string
	switch {
	case len(came) > 0 && len(absent) > 0:
		lines = append(lines, p.T("onsite.rolled_both", "Ref", p.ref(s), "Came", len(came), "Absent", len(absent)))
	case len(came) > 0:
		lines = append(lines, p.T("onsite.rolled_came", "Ref", p.ref(s), "N", len(came)))
	case len(absent) > 0:
		lines = append(lines, p.T("onsite.rolled_absent", "Ref", p.ref(s), "N", len(absent)))
	case changed:
		lines = append(lines, p.T("onsite.rolled_saved", "Ref", p.ref(s)))
	case len(unmatched) == 0:
		lines = append(lines, p.T("onsite.rolled_nothing", "Ref", p.ref(s)))
		if left, _ := s.Undecided(); left > 0 { // they may have thought that "all" is everybody
			lines = append(lines, p.T("onsite.rolled_all"))
		}
	}
	if own {
		lines = append(lines, p.T("onsite.rolled_own"))
	}
	if len(unmatched) > 0 {
		var tags []string
		for _, who := range unmatched {
			tags = append(tags, UserTag(who.Slack(), who.Name))
		}
		lines = append(lines, p.T("onsite.rolled_unmatched", "Who", strings.Join(tags, " "), "Ref", s.Call.Ref()))
	}
	left, _ := s.Undecided()
	if left > 0 {
		lines = append(lines, p.T("onsite.roll_left", "N", left))
	} else if s.RollTaken() && s.Achieved().Came > 0 {
		lines = append(lines, p.achieved(s))
	}
	lines = append(lines, p.goodsSaid(s)...)
	var buttons []slack.BlockElement
	if len(came)+len(absent) > 0 {
		buttons = append(buttons, Button(ActionUndo, UndoRoll+rowID(s.Call.ID)+":"+rowID(int64(s.Now)), p.T("call.undo"), ""))
	}
	if left > 0 {
		buttons = append(buttons, Button(ActionCallRoll, rowID(s.Call.ID), p.T("onsite.roll_button"), ""))
	}
	return p.said(s, strings.Join(lines, "\n"), buttons...)
}

func (p *Printer) goodsSaid(s models.Sheet) []string {
	var items []string
	for _, g := range s.Goods {
		items = append(items, Escape(p.goodsLine(*g)))
	}
	if len(items) == 0 {
		return nil
	}
	return []string{p.T("onsite.goods", "Items", strings.Join(items, p.T("call.sep")))}
}

// RollShow is the roll without a modal: how it stands, and how to write it.
func (p *Printer) RollShow(s models.Sheet) Message {
	var lines []string
	for _, sh := range p.onsiteShifts(s) {
		lines = append(lines, p.onsiteLines(s, sh)...)
	}
	if len(lines) == 0 {
		lines = append(lines, p.T("onsite.roll_nobody", "Ref", p.ref(s)))
	}
	lines = append(lines, p.T("onsite.roll_how", "Ref", s.Call.Ref()))
	return p.said(s, Cut(strings.Join(lines, "\n"), LimitSection), Button(ActionCallRoll, rowID(s.Call.ID), p.T("onsite.roll_button"), ""))
}

// RollUndone says what was taken back.
func (p *Printer) RollUndone(s models.Sheet, n int) Message {
	return p.said(s, p.T("onsite.roll_undone", "Ref", p.ref(s), "N", n), Button(ActionCallRoll, rowID(s.Call.ID), p.T("onsite.roll_button"), ""))
}
