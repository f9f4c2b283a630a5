package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons of calls. Values are row ids: of the (shift, role) for joining, of
// the sign-up for what concerns one's own place, else of the call.
const (
	ActionCallJoin     = "call_join" // value role; alone on a card with too many roles for buttons it opens a modal
	ActionCallDetails  = "call_details"
	ActionCallLeave    = "call_leave"   // value sign-up
	ActionCallKeep     = "call_keep"    // value sign-up
	ActionCallConfirm  = "call_confirm" // value sign-up
	ActionCallEdit     = "call_edit"
	ActionCallClose    = "call_close"
	ActionCallReopen   = "call_reopen"
	ActionCallCancel   = "call_cancel"
	ActionCallChoose   = "call_choose" // value role:guests, from "which one do you mean?"
	ActionOfferAccept  = "offer_accept"
	ActionOfferDecline = "offer_decline"
	ActionUndo         = "undo"        // value kind:row, see UndoCall
	ActionAnswerTake   = "answer_take" // value answer, or answer:role
	ActionAnswerDrop   = "answer_drop"
	ActionSkillYes     = "skill_yes" // value sign-up
	ActionSkillNo      = "skill_no"
)

// Prefixes of the value of undo buttons.
const (
	UndoCall   = "call:"   // closing
	UndoCancel = "cancel:" // cancelling
	UndoSignup = "signup:"
)

// What a card bears: names in a role, (shift, role) pairs with a button of
// their own, characters of user text.
const (
	namesOnCard = 15
	pairsOnCard = 10
	limitName   = 24
	limitPlace  = 200
	limitBring  = 300
	limitRole   = 40
)

// CallCard is the card in the channel: what, when, where, who, and how to join.
func (p *Printer) CallCard(s models.Sheet) Message {
	text := p.cardText(s)
	blocks := []slack.Block{p.cardHead(s), Context(p.cardState(s)), Section(p.cardFacts(s))}
	blocks = append(blocks, p.roleLines(s, namesOnCard, 6000)...)
	switch s.Call.State {
	case models.CallCancelled:
		return Message{Text: text, Blocks: blocks}
	case models.CallDone:
		return Message{Text: text, Blocks: append(blocks, Section(p.achieved(s)))}
	}
	buttons := p.joinButtons(s)
	buttons = append(buttons, Button(ActionCallDetails, rowID(s.Call.ID), p.T("call.details"),
		p.T("call.details_label", "Title", Cut(Plain(s.Call.Title), 40))))
	blocks = append(blocks, slack.NewDividerBlock(), Actions(buttons...))
	if hint := p.cardHint(s); hint != "" {
		blocks = append(blocks, Context(hint))
	}
	return Message{Text: text, Blocks: blocks}
}

// cardHead is the title; a drill says so before it. A title without a visible
// character is shown by its number.
func (p *Printer) cardHead(s models.Sheet) *slack.HeaderBlock {
	title := bare(s.Call.Title, LimitTitle)
	if title == "" {
		title = p.ref(s)
	}
	if s.Call.Drill {
		title = p.T("call.drill") + p.T("report.colon") + title
	}
	return slack.NewHeaderBlock(plain(title, LimitHeader))
}

// cardState is `#k12 · 关爱 · 招募中`, with the reason of a cancelled call.
func (p *Printer) cardState(s models.Sheet) string {
	parts := []string{"*" + p.ref(s) + "*", p.T("call.kind_" + s.Call.Kind)}
	if s.Call.Urgent {
		parts = append(parts, "*"+p.T("call.urgent")+"*")
	}
	if s.Call.State == models.CallCancelled {
		return strings.Join(append(parts, p.cancelled(s)), " · ")
	}
	return strings.Join(append(parts, p.callState(s)), " · ")
}

func (p *Printer) cancelled(s models.Sheet) string {
	if s.Call.Reason == "" {
		return p.T("call.cancelled_plain")
	}
	return p.T("call.cancelled_why", "Reason", words(s.Call.Reason, limitBring))
}

func (p *Printer) cardFacts(s models.Sheet) string {
	var line []string
	if len(s.Shifts) == 1 {
		line = append(line, p.when(s))
	}
	if s.Call.Place != "" {
		line = append(line, words(s.Call.Place, limitPlace))
	}
	line = append(line, p.T("call.by", "Who", p.who(s)))
	lines := []string{strings.Join(line, " · ")}
	if s.Call.Bring != "" {
		lines = append(lines, p.T("call.bring", "What", words(s.Call.Bring, limitBring)))
	}
	if s.Call.Taking() && s.Now < s.Call.OpensAt {
		lines = append(lines, p.T("call.opens", "When", p.DayClock(s.Call.OpensAt.Time())))
	}
	if s.Call.Taking() && s.Call.ClosesAt != 0 {
		lines = append(lines, p.T("call.closes", "When", p.DayClock(s.Call.ClosesAt.Time())))
	}
	return strings.Join(lines, "\n")
}

// cardText is what notifications and screen readers have of the card.
func (p *Printer) cardText(s models.Sheet) string {
	parts := []string{EscapeText(bare(s.Call.Title, LimitTitle))}
	if s.Call.Drill {
		parts = append([]string{p.T("call.drill")}, parts...)
	}
	if s.Call.Urgent {
		parts = append(parts, p.T("call.urgent"))
	}
	switch s.Call.State {
	case models.CallCancelled:
		why := p.T("call.cancelled_plain")
		if s.Call.Reason != "" {
			why = p.T("call.cancelled_why", "Reason", EscapeText(bare(s.Call.Reason, limitBring)))
		}
		parts = append(parts, why)
	case models.CallDone:
		parts = append(parts, p.T("call.state_done"), p.achieved(s))
	}
	for _, sh := range s.Shifts {
		parts = append(parts, p.DayClock(sh.StartAt.Time()))
		for _, r := range s.RolesOf(sh.ID) {
			parts = append(parts, EscapeText(bare(p.roleName(*r), limitRole))+" "+counts(s, r))
		}
	}
	return Cut(strings.Join(parts, " "), LimitText)
}

func (p *Printer) achieved(s models.Sheet) string {
	a := s.Achieved()
	switch {
	case a.Came > 0:
		return p.cameTo(a)
	case a.People > 0:
		return p.T("call.achieved_people", "N", a.People)
	}
	return p.T("call.achieved_none")
}

func (p *Printer) cardHint(s models.Sheet) string {
	if s.TakesSignups() != nil {
		return ""
	}
	open := openRoles(s)
	if len(open) == 0 {
		return ""
	}
	if s.Role(open[0]).Name == "" || len(s.Roles) == 1 {
		return p.T("call.hint")
	}
	return p.T("call.hint_role", "Role", words(s.Role(open[0]).Name, limitRole))
}

// openRoles are the roles that take sign-ups, those with free places first.
func openRoles(s models.Sheet) []int64 {
	var free, full []int64
	for _, sh := range s.Shifts {
		if sh.EndAt <= s.Now {
			continue
		}
		for _, r := range s.RolesOf(sh.ID) {
			switch {
			case r.Most == 0:
			case s.Free(r.ID) > 0:
				free = append(free, r.ID)
			default:
				full = append(full, r.ID)
			}
		}
	}
	return append(free, full...)
}

// JoinsByModal says whether a call has more (shift, role) pairs than a card
// bears buttons.
func JoinsByModal(s models.Sheet) bool { return PairsByModal(len(s.Roles)) }

// PairsByModal is JoinsByModal for a number of (shift, role) pairs.
func PairsByModal(pairs int) bool { return pairs > pairsOnCard }

// joinButtons is one button a (shift, role), or one that opens a modal when
// there are more than a card bears.
func (p *Printer) joinButtons(s models.Sheet) []slack.BlockElement {
	if s.TakesSignups() != nil {
		return nil
	}
	if JoinsByModal(s) {
		b := Button(ActionCallJoin, rowID(s.Roles[0].ID), p.T("call.join_many"), p.T("call.join_label", "Title", Cut(Plain(s.Call.Title), 40), "Role", ""))
		b.Style = slack.StylePrimary
		return []slack.BlockElement{b}
	}
	var out []slack.BlockElement
	used := map[string]bool{}
	for i, id := range openRoles(s) {
		r := s.Role(id)
		action := p.joinID(s, r)
		if used[action] { // two long names with one beginning
			action += ":" + rowID(id)
		}
		used[action] = true
		b := Button(action, rowID(id), p.joinLabel(s, r), p.T("call.join_label", "Title", Cut(Plain(s.Call.Title), 30), "Role", Cut(Plain(p.roleName(*r)), 20)))
		if i == 0 && s.Free(id) > 0 {
			b.Style = slack.StylePrimary
		}
		out = append(out, b)
	}
	return out
}

// joinID is call_join, call_join:ROLE, or from the second shift on
// call_join:ROLE:2.
func (p *Printer) joinID(s models.Sheet, r *models.Role) string {
	if len(s.Roles) == 1 {
		return ActionCallJoin
	}
	id := ActionCallJoin + ":" + cutRunes(r.Name, 80)
	if seq := s.Shift(r.ShiftID).Seq; seq > 1 {
		id += ":" + strconv.Itoa(seq)
	}
	return id
}

func cutRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

func (p *Printer) joinLabel(s models.Sheet, r *models.Role) string {
	plainKey, roleKey, shiftKey := "call.join", "call.join_role", "call.join_shift"
	if s.Free(r.ID) == 0 {
		plainKey, roleKey, shiftKey = "call.wait", "call.wait_role", "call.wait_shift"
	}
	role := cutRunes(Plain(p.roleName(*r)), 30)
	switch {
	case len(s.Shifts) > 1:
		return p.T(shiftKey, "Role", role, "When", p.shortTime(s, s.Shift(r.ShiftID).StartAt))
	case r.Name == "":
		return p.T(plainKey)
	}
	return p.T(roleKey, "Role", role)
}

// shortTime tells shifts of one call apart: `周六 9:00`, with the date where
// the weekday would not do.
func (p *Printer) shortTime(s models.Sheet, at models.Instant) string {
	if s.Shifts[len(s.Shifts)-1].StartAt.Sub(s.Start()) < 6*24*time.Hour {
		return p.Weekday(at.In(p.Zone).Weekday()) + " " + p.Clock(at.Time())
	}
	return p.Day(at.Time()) + " " + p.Clock(at.Time())
}

// drilled marks a message about a drill, and its notification, at the very
// beginning.
func (p *Printer) drilled(s models.Sheet, m Message) Message {
	if !s.Call.Drill {
		return m
	}
	m.Text = p.T("call.drill") + " " + m.Text
	m.Blocks = append([]slack.Block{Section("*" + p.T("call.drill") + "*")}, m.Blocks...)
	return m
}

// said is one sentence about a call as a message, with buttons.
func (p *Printer) said(s models.Sheet, text string, buttons ...slack.BlockElement) Message {
	blocks := []slack.Block{Section(text)}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	m := Message{Text: Cut(text, LimitText), Blocks: blocks}
	if s.Board == nil {
		return m
	}
	return p.drilled(s, m)
}
