package views

import (
	"github.com/slack-go/slack"

	"muster/models"
)

// ActionCallFewer asks those of a role with too many who would step back; value role.
const ActionCallFewer = "call_fewer"

// fewerShown is how many roles with too many stand with a button of their own.
const fewerShown = 5

// fewerParts says which roles have more than their most, with a button that
// asks who would step back.
func (p *Printer) fewerParts(s models.Sheet) []slack.Block {
	var blocks []slack.Block
	for _, r := range s.Roles {
		if len(s.MayStepBack(r)) == 0 || len(blocks) == fewerShown {
			continue
		}
		what := words(p.roleName(*r), limitRole)
		if len(s.Shifts) > 1 {
			what += " " + p.DayClock(s.Shift(r.ShiftID).StartAt.Time())
		}
		b := Section(p.T("fewer.over", "What", what, "Taken", s.Taken(r.ID), "Most", r.Most, "N", s.Over(r)))
		id := rowID(r.ID)
		b.Accessory = slack.NewAccessory(Button(ActionCallFewer+":"+id, id, p.T("fewer.ask"), ""))
		blocks = append(blocks, b)
	}
	return blocks
}

// FewerAsked answers the organizer who asked.
func (p *Printer) FewerAsked(s models.Sheet, asked int) Message {
	return p.said(s, p.T("fewer.asked", "N", asked))
}

// asksFewer says whether somebody's message asks them to step back: until they
// answered, and while there are too many.
func asksFewer(s models.Sheet, su models.Signup, args models.SignupArgs) bool {
	role := s.Role(su.RoleID)
	return args.Why == models.WhyFewer && su.State == models.SignupConfirmed && su.YesAt < args.At && role != nil && s.Over(role) > 0
}

// fewerPlace is the question: stay, or step back.
func (p *Printer) fewerPlace(s models.Sheet, su models.Signup) (string, []string, []slack.BlockElement) {
	head := p.T("fewer.question", "What", p.what(s, su), "Ref", p.ref(s), "When", p.span(*s.Shift(su.ShiftID)), "N", s.Over(s.Role(su.RoleID)), "Who", p.who(s))
	return head, []string{p.T("fewer.free")}, []slack.BlockElement{
		Button(p.idOf(s, su, ActionCallConfirm), rowID(su.ID), p.T("fewer.stay"), ""),
		Button(p.idOf(s, su, ActionCallLeave), rowID(su.ID), p.T("fewer.step_back"), "")}
}
