package views

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// ActionChainApply holds the places of a pasted list; value draft:call:shift,
// shift 0 where nobody said one. ActionChainShift, with :N behind it, shows the
// list for one shift.
const (
	ActionChainApply = "chain_apply"
	ActionChainShift = "chain_shift"
)

// chainShifts is how many shifts have a button under a list; who has more
// writes the list anew.
const chainShifts = 10

// linesOfChain is how many lines of a list the preview shows: more would not fit
// a message, and nobody would read them.
const linesOfChain = 60

// ChainPreview shows what a pasted list was read as, line by line, for one
// shift or, where the shift is 0, for what the lines say themselves.
func (p *Printer) ChainPreview(s models.Sheet, chain []models.ChainLine, draft, shift int64) Message {
	head := p.T("call.chain_head", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s))
	lines := []string{head}
	if sh := s.Shift(shift); sh != nil {
		lines = append(lines, p.T("call.chain_for", "When", p.span(*sh)))
	}
	held, open := 0, false
	for i, l := range chain {
		if l.Why == "" {
			held++
		}
		open = open || l.Why == models.ChainShift
		if i < linesOfChain {
			lines = append(lines, p.chainLine(s, l))
		}
	}
	if more := len(chain) - linesOfChain; more > 0 {
		lines = append(lines, p.T("call.chain_more", "Count", more))
	}
	var buttons []slack.BlockElement
	if held > 0 {
		apply := Button(ActionChainApply, rowID(draft)+":"+rowID(s.Call.ID)+":"+rowID(shift), p.T("call.chain_apply", "Count", held), "")
		apply.Style = slack.StylePrimary
		buttons = append(buttons, apply)
	} else if !open {
		lines = append(lines, p.T("call.chain_none"))
	}
	if others := p.chainShiftButtons(s, draft, shift); len(others) > 0 && (open || shift != 0) {
		lines = append(lines, p.T(map[bool]string{true: "call.chain_which", false: "call.chain_other"}[shift == 0]))
		buttons = append(buttons, others...)
	}
	drop := p.dropDraft(rowID(draft))
	drop.(*slack.ButtonBlockElement).Text = plain(p.T("call.chain_drop"), 75)
	blocks := append(chunks(lines, 9000, func(int) string { return "…" }), Actions(append(buttons, drop)...))
	return p.drilled(s, Message{Text: Cut(strings.Join(lines, "\n"), LimitText), Blocks: fit(blocks, 49)})
}

// chainShiftButtons are the shifts that a list can be for, but the one shown.
func (p *Printer) chainShiftButtons(s models.Sheet, draft, shown int64) (buttons []slack.BlockElement) {
	for i, sh := range s.Shifts {
		if sh.ID != shown && sh.StartAt > s.Now && len(buttons) < chainShifts {
			id := ActionChainShift + ":" + strconv.Itoa(i+1)
			buttons = append(buttons, Button(id, rowID(draft)+":"+rowID(s.Call.ID)+":"+rowID(sh.ID), p.span(*sh), ""))
		}
	}
	return buttons
}

func (p *Printer) chainLine(s models.Sheet, l models.ChainLine) string {
	key := "call.chain_" + l.Why
	args := []any{"Raw", words(l.Raw, 60), "Who", "", "Role", "", "Count", 1 + l.Guests}
	if l.PersonID != 0 {
		args[3] = UserTag(s.Person(l.PersonID).Slack(), s.Person(l.PersonID).Name)
	}
	if l.Why == "" {
		key = "call.chain_fine"
		if l.Guests > 0 {
			key = "call.chain_party"
		}
		role := s.Role(l.RoleID)
		what := words(p.roleName(*role), limitRole)
		if len(s.Shifts) > 1 {
			what += " · " + p.span(*s.Shift(role.ShiftID))
		}
		args[5] = what
	}
	return p.T(key, args...)
}

// ChainApplied says how many places are held.
func (p *Printer) ChainApplied(s models.Sheet, held int) Message {
	if held == 0 {
		return p.said(s, p.T("call.chain_none"))
	}
	return p.said(s, p.T("call.chain_done", "Ref", p.ref(s), "Count", held))
}
