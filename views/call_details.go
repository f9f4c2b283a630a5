package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// CallDetails is everything about a call for one reader: what concerns them,
// private details only while they are confirmed, buttons they may press.
func (p *Printer) CallDetails(s models.Sheet) Message {
	facts := p.cardFacts(s)
	if len(s.Shifts) > 1 {
		facts = p.when(s) + "\n" + facts
	}
	blocks := []slack.Block{p.cardHead(s), Context(p.cardState(s)), Section(facts)}
	blocks = append(blocks, p.roleLines(s, namesShown, 4500)...)
	if extra := p.detailLines(s); len(extra) > 0 {
		blocks = append(blocks, Section(strings.Join(extra, "\n")))
	}
	var buttons []slack.BlockElement
	for _, su := range s.Mine(s.Me.ID) {
		blocks = append(blocks, Section(p.myPlace(s, *su)))
		buttons = append(buttons, p.mineButtons(s, *su)...)
	}
	if len(s.Mine(s.Me.ID)) == 0 && s.Call.Taking() {
		buttons = append(buttons, p.joinButtons(s)...)
	}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	var rows []slack.Block
	if s.Manages {
		rows = p.organizerRows(s)
	}
	return Message{Text: p.cardText(s), Blocks: append(fit(blocks, 50-len(rows)), rows...)}
}

// namesShown is how many names a role details and panel write.
const namesShown = 40

func (p *Printer) detailLines(s models.Sheet) []string {
	var lines []string
	if confirmedHere(s) && s.Call.Private != "" {
		lines = append(lines, p.T("call.private", "What", words(s.Call.Private, 1500)))
	}
	if len(s.Call.Skills) > 0 {
		lines = append(lines, p.T("call.skill", "What", words(strings.Join(s.Call.Skills, p.T("call.sep")), limitPlace)))
	}
	if s.Call.Live() {
		if s.Call.GuestsMax > 0 {
			lines = append(lines, p.T("call.guests_line", "N", s.Call.GuestsMax))
		} else {
			lines = append(lines, p.T("call.no_guests"))
		}
	}
	return lines
}

// confirmedHere says whether the reader has a place in the call.
func confirmedHere(s models.Sheet) bool {
	for _, su := range s.Mine(s.Me.ID) {
		if su.Holds() {
			return true
		}
	}
	return false
}

func (p *Printer) myPlace(s models.Sheet, su models.Signup) string {
	what := p.what(s, su)
	switch {
	case su.Unchecked:
		return p.T("call.mine_check", "What", what)
	case su.State == models.SignupOffered:
		return p.T("call.mine_offered", "What", what)
	case su.State == models.SignupWaitlisted:
		return p.T("call.mine_waiting", "What", what, "Place", p.inLine(s.Position(s.Signup(su.ID))))
	}
	return p.T("call.mine_confirmed", "What", what)
}

func (p *Printer) mineButtons(s models.Sheet, su models.Signup) []slack.BlockElement {
	if !s.Call.Live() || !su.Upcoming() {
		return nil
	}
	leave := p.T("call.leave")
	if len(s.Mine(s.Me.ID)) > 1 {
		leave = p.T("call.leave_shift", "When", p.shortTime(s, s.Shift(su.ShiftID).StartAt))
	}
	out := []slack.BlockElement{}
	if su.State == models.SignupOffered {
		out = append(out, Button(p.idOf(s, su, ActionOfferAccept), rowID(su.ID), p.T("call.take"), ""))
	}
	if su.AskAgain != 0 {
		out = append(out, Button(p.idOf(s, su, ActionCallConfirm), rowID(su.ID), p.T("call.come"), ""))
	}
	return append(out, Button(p.idOf(s, su, ActionCallLeave), rowID(su.ID), leave, ""))
}

// manageButtons are what an organizer may do with a call now.
func (p *Printer) manageButtons(s models.Sheet) []slack.BlockElement {
	id := rowID(s.Call.ID)
	button := func(action, key string) slack.BlockElement { return Button(action, id, p.T(key), "") }
	var out []slack.BlockElement
	if s.Call.Live() {
		out = append(out, button(ActionCallEdit, "call.edit"))
	}
	if s.End() <= s.Now { // nothing is left to close or to cancel
		return out
	}
	if s.Call.Taking() {
		out = append(out, button(ActionCallClose, "call.close"))
	} else if s.Call.State != models.CallDone {
		out = append(out, button(ActionCallReopen, "call.reopen"))
	}
	if s.Call.Live() {
		cancel := Button(ActionCallCancel, id, p.T("call.cancel"), "")
		cancel.Style = slack.StyleDanger
		out = append(out, cancel)
	}
	return out
}

// CallList is the calls that can be joined, a line and a button each.
// more is how many are not among them.
func (p *Printer) CallList(calls []models.Sheet, more int) Message {
	if len(calls) == 0 {
		return p.said(models.Sheet{}, p.T("call.list_none"))
	}
	blocks := []slack.Block{slack.NewHeaderBlock(plain(p.T("call.list_head"), LimitHeader))}
	var text []string
	for _, s := range calls {
		line := p.listLine(s)
		text = append(text, line)
		b := Section(line)
		b.Accessory = slack.NewAccessory(Button(ActionCallDetails+":"+s.Call.Ref(), rowID(s.Call.ID), p.T("call.details"),
			p.T("call.details_label", "Title", Cut(Plain(s.Call.Title), 40))))
		blocks = append(blocks, b)
	}
	if more > 0 {
		blocks = append(blocks, Context(p.T("call.list_more", "Count", more)))
	}
	return Message{Text: Cut(p.T("call.list_head")+"\n"+strings.Join(text, "\n"), LimitText), Blocks: fit(blocks, 50)}
}

// listLine is a call in two lines: what and when, who is still needed.
func (p *Printer) listLine(s models.Sheet) string {
	head := "*" + p.ref(s) + "* " + words(s.Call.Title, 60)
	if s.Call.Drill {
		head = p.T("call.drill") + " " + head
	}
	if s.Call.Urgent {
		head += " · *" + p.T("call.urgent") + "*"
	}
	parts := []string{p.span(*s.Shifts[0])}
	if len(s.Shifts) > 1 {
		parts[0] += " …"
	}
	if s.Call.Place != "" {
		parts = append(parts, words(s.Call.Place, 60))
	}
	var roles []string
	for i, r := range s.Roles {
		if i == pairsOnCard {
			roles = append(roles, "…")
			break
		}
		roles = append(roles, words(p.roleName(*r), limitName)+" "+counts(s, r))
	}
	return head + "\n" + strings.Join(append(parts, strings.Join(roles, p.T("call.sep"))), " · ")
}
