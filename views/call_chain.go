package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// ActionChainApply holds the places of a pasted list; value draft:call.
const ActionChainApply = "chain_apply"

// linesOfChain is how many lines of a list the preview shows: more would not fit
// a message, and nobody would read them.
const linesOfChain = 60

// ChainPreview shows what a pasted list was read as, line by line.
func (p *Printer) ChainPreview(s models.Sheet, chain []models.ChainLine, draft int64) Message {
	head := p.T("call.chain_head", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s))
	lines := []string{head}
	held := 0
	for i, l := range chain {
		if l.Why == "" {
			held++
		}
		if i < linesOfChain {
			lines = append(lines, p.chainLine(s, l))
		}
	}
	if more := len(chain) - linesOfChain; more > 0 {
		lines = append(lines, p.T("call.chain_more", "Count", more))
	}
	var buttons []slack.BlockElement
	if held > 0 {
		apply := Button(ActionChainApply, rowID(draft)+":"+rowID(s.Call.ID), p.T("call.chain_apply", "Count", held), "")
		apply.Style = slack.StylePrimary
		buttons = append(buttons, apply)
	} else {
		lines = append(lines, p.T("call.chain_none"))
	}
	drop := p.dropDraft(rowID(draft))
	drop.(*slack.ButtonBlockElement).Text = plain(p.T("call.chain_drop"), 75)
	blocks := append(chunks(lines, 9000, func(int) string { return "…" }), Actions(append(buttons, drop)...))
	return p.drilled(s, Message{Text: Cut(strings.Join(lines, "\n"), LimitText), Blocks: fit(blocks, 49)})
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
		args[5] = words(p.roleName(*s.Role(l.RoleID)), limitRole)
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
