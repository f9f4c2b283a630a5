package views

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Handing a place to a named person.
const (
	ActionCallHandover = "call_handover" // value sign-up; opens the choice of a person
	ActionHandoverPick = "handover_pick" // a choice of people in a message; block_id is "handover:" and the sign-up
	ActionHandoverAsk  = "handover_ask"  // value sign-up:Slack id, from "which place do you mean?"
	ActionHandoverYes  = "handover_yes"  // value handover
	ActionHandoverNo   = "handover_no"   // value handover
	ActionHandoverBack = "handover_back" // value handover; the giver comes after all

	ModalHandover = "call_handover"
	FieldHandover = "who"
	BlockHandover = "handover:"
)

// handoverMeta is what the modal carries: the sign-up.
func handoverMeta(su models.Signup) string { return rowID(su.ID) }

// HandoverModal chooses who is asked to take a place over.
func (p *Printer) HandoverModal(s models.Sheet, su models.Signup) *slack.ModalViewRequest {
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, nil, FieldHandover)
	field := slack.NewInputBlock(FieldHandover, plain(p.T("handover.modal_who"), 2000), nil, who)
	blocks := append(p.formHead(s), Section("*"+p.what(s, su)+"*\n"+p.T("handover.modal_how")+p.guestsStay(su)), field)
	return Modal(ModalHandover, p.T("handover.modal_title"), p.T("handover.modal_ask"), p.T("call.modal_back"), handoverMeta(su), blocks...)
}

// guestsStay says that a party does not travel with the place.
func (p *Printer) guestsStay(su models.Signup) string {
	if su.Guests == 0 {
		return ""
	}
	return p.gap2() + p.T("handover.guests")
}

// HandoverPick is the same choice in a message, where no modal can be opened.
func (p *Printer) HandoverPick(s models.Sheet, su models.Signup) Message {
	text := p.T("handover.pick", "What", p.what(s, su)) + p.guestsStay(su)
	who := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain(p.T("handover.modal_who"), 150), ActionHandoverPick)
	return p.drilled(s, Message{Text: text, Blocks: []slack.Block{Section(text), slack.NewActionBlock(BlockHandover+rowID(su.ID), who)}})
}

// HandoverWhich asks which of several places is meant; toSlack is who is to
// take it, "" when that is asked next.
func (p *Printer) HandoverWhich(sheets []models.Sheet, places []models.Signup, toSlack string) Message {
	var buttons []slack.BlockElement
	for i, su := range places {
		if i == 20 { // of Slack's 25 to a block
			break
		}
		s := sheets[i]
		action, value := ActionCallHandover, rowID(su.ID)
		if toSlack != "" {
			action, value = ActionHandoverAsk, value+":"+toSlack
		}
		label := "#" + s.Call.Ref() + " " + p.shortTime(s, s.Shift(su.ShiftID).StartAt) + " " + Plain(s.Call.Title)
		if s.Call.Drill {
			label = p.T("call.drill") + " " + label
		}
		buttons = append(buttons, Button(action+":"+rowID(su.ID), value, label, ""))
	}
	return p.said(models.Sheet{}, p.T("handover.which"), buttons...)
}

// HandoverAsked answers the giver.
func (p *Printer) HandoverAsked(s models.Sheet, h models.Handover) Message {
	su := s.Signup(h.SignupID)
	return p.said(s, p.T("handover.asked", "Who", p.mention(s, h.ToID), "What", p.what(s, *su))+p.guestsStay(*su), p.handoverBack(h))
}

// HandoverTakenBack answers the giver who comes after all.
func (p *Printer) HandoverTakenBack(s models.Sheet, h models.Handover) Message {
	return p.said(s, p.T("handover.taken_back", "Who", p.mention(s, h.ToID), "What", p.what(s, *s.Signup(h.SignupID))))
}

func (p *Printer) handoverBack(h models.Handover) slack.BlockElement {
	return Button(ActionHandoverBack+":"+rowID(h.ID), rowID(h.ID), p.T("handover.back"), "")
}

func (p *Printer) mention(s models.Sheet, id int64) string {
	person := s.Person(id)
	return UserTag(person.Slack(), person.Name)
}

// HandoverAnswered answers the named person; the question is edited beside it.
func (p *Printer) HandoverAnswered(s models.Sheet, h models.Handover) Message {
	if h.State == models.HandoverYes {
		su := s.Of(h.ToID, s.Signup(h.SignupID).ShiftID)
		return p.said(s, p.T("handover.you_took", "Who", p.mention(s, h.FromID), "What", p.what(s, *su)))
	}
	return p.said(s, p.T("handover.you_cannot"))
}

// HandoverQuestion is the message to the one who is asked, through its life.
func (p *Printer) HandoverQuestion(s models.Sheet, h models.Handover) Message {
	su := s.Signup(h.SignupID)
	role := *su
	role.Guests = 0 // a party does not travel
	args := []any{"Who", p.mention(s, h.FromID), "What", p.what(s, role), "Ref", p.ref(s)}
	switch h.State {
	case models.HandoverYes:
		return p.said(s, p.T("handover.you_took", args...))
	case models.HandoverNo:
		return p.said(s, p.T("handover.you_cannot"))
	case models.HandoverWithdrawn, models.HandoverVoid:
		return p.said(s, p.T("handover.no_more", args...))
	case models.HandoverLapsed:
		return p.said(s, p.T("handover.too_late", args...))
	}
	text := p.T("handover.question", args...) + "\n" + p.timeAndPlace(s, *su)
	if s.Call.Bring != "" {
		text += p.gap2() + p.T("call.dm_bring", "What", words(s.Call.Bring, limitBring))
	}
	text += "\n" + p.T("handover.question_how")
	yes := Button(ActionHandoverYes, rowID(h.ID), p.T("handover.yes"), "")
	yes.Style = slack.StylePrimary
	return p.said(s, text, yes, Button(ActionHandoverNo, rowID(h.ID), p.T("handover.no"), ""))
}

// handoverPanel is who was asked to take over from whom: what is open, and
// what moved.
func (p *Printer) handoverPanel(s models.Sheet) []slack.Block {
	var lines []string
	for _, h := range s.Handovers {
		key := map[models.HandoverState]string{models.HandoverAsked: "handover.panel_open", models.HandoverYes: "handover.panel_yes"}[h.State]
		if key == "" || h.Open() && !s.Call.Live() {
			continue
		}
		lines = append(lines, p.T(key, "From", personName(s.Person(h.FromID), 0), "To", personName(s.Person(h.ToID), 0)))
	}
	if len(lines) == 0 {
		return nil
	}
	if len(lines) > handoversShown {
		lines = lines[len(lines)-handoversShown:]
	}
	return []slack.Block{Section(strings.Join(lines, "\n"))}
}

// handoversShown is how many the panel names: the latest ones.
const handoversShown = 10

// handoverOwn is the button in one's own message: find somebody, or take the
// request back.
func (p *Printer) handoverOwn(s models.Sheet, su models.Signup) []slack.BlockElement {
	if s.MayHandOver(&su) != nil {
		return nil
	}
	if h := s.Handover(su.ID); h != nil && h.Open() {
		return []slack.BlockElement{p.handoverBack(*h)}
	}
	return []slack.BlockElement{Button(p.idOf(s, su, ActionCallHandover), rowID(su.ID), p.T("handover.find"), "")}
}

func (p *Printer) handoverOwnLines(s models.Sheet, su models.Signup) []string {
	if h := s.Handover(su.ID); h != nil && h.Open() {
		return []string{p.T("handover.waits", "Who", p.mention(s, h.ToID))}
	}
	return nil
}

// handoverHead is how the giver's message begins when somebody said no, or
// nothing; "" when it is about something else.
func (p *Printer) handoverHead(s models.Sheet, su models.Signup, args models.SignupArgs) string {
	keys := map[string]string{models.WhyHandoverNo: "handover.dm_no", models.WhyHandoverLapsed: "handover.dm_lapsed"}
	states := map[string]models.HandoverState{models.WhyHandoverNo: models.HandoverNo, models.WhyHandoverLapsed: models.HandoverLapsed}
	h := s.Handover(su.ID)
	if keys[args.Why] == "" || h == nil || h.State != states[args.Why] {
		return ""
	}
	return p.T(keys[args.Why], "Who", p.mention(s, h.ToID), "What", p.what(s, su), "Ref", p.ref(s))
}

// handedAway says who took a place over of somebody who has another one left;
// the message lists only those.
func (p *Printer) handedAway(s models.Sheet, mine []*models.Signup, args models.SignupArgs) string {
	if args.Why != models.WhyHanded {
		return ""
	}
	var lines []string
	for _, su := range s.Signups {
		if to := handedTo(s, *su); su.PersonID == s.Me.ID && to != 0 && !slices.Contains(mine, su) {
			lines = append(lines, p.T("handover.dm_handed", "Who", p.mention(s, to), "What", p.what(s, *su), "Ref", p.ref(s)))
		}
	}
	return strings.Join(lines, "\n")
}

// handedTo is who took a place over that was given away just so, 0 when it
// was given up otherwise.
func handedTo(s models.Sheet, su models.Signup) int64 {
	if h := s.Handover(su.ID); h != nil && h.State == models.HandoverYes && h.ClosedAt == su.GoneAt {
		return h.ToID
	}
	return 0
}
