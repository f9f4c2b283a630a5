package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// CallPosted says what was understood and where the card is.
// askedBy is when the first wave of asking directly is through.
func (p *Printer) CallPosted(s models.Sheet, askedBy models.Instant) Message {
	key := "call.posted"
	args := []any{"Ref", p.ref(s), "What", p.understood(s), "Channel", "<#" + s.Call.Channel + ">"}
	if s.Call.HoldUntil > s.Now {
		key = "call.posted_hold"
		args = append(args, "Until", p.Clock(s.Call.HoldUntil.Time()))
	}
	text := p.T(key, args...)
	if line := p.askForecast(s, askedBy); line != "" {
		text += "\n" + line
	}
	id := rowID(s.Call.ID)
	return p.said(s, text, Button(ActionCallDetails, id, p.T("call.details"), ""), Button(ActionCallEdit, id, p.T("call.edit"), ""))
}

// understood echoes what a call was read as.
func (p *Printer) understood(s models.Sheet) string {
	kind := p.T("call.kind_" + s.Call.Kind)
	if s.Call.Urgent {
		kind += " · " + p.T("call.urgent")
	}
	parts := []string{p.T("call.of_kind", "Title", words(s.Call.Title, LimitTitle), "Kind", kind), p.when(s)}
	if s.Call.Place != "" {
		parts = append(parts, words(s.Call.Place, limitPlace))
	}
	parts = append(parts, p.needs(s))
	if p.Lang == "zh" {
		return strings.Join(parts, "，")
	}
	return strings.Join(parts, ", ")
}

// needs writes who is needed in each shift.
func (p *Printer) needs(s models.Sheet) string {
	var out []string
	for _, r := range s.RolesOf(s.Shifts[0].ID) {
		name := words(p.roleName(*r), limitRole)
		if r.Verified {
			name += p.T("call.verified")
		}
		if r.Least < r.Most {
			out = append(out, p.T("call.need_range", "Role", name, "Least", r.Least, "Count", r.Most))
			continue
		}
		out = append(out, p.T("call.need_item", "Role", name, "Count", r.Most))
	}
	return strings.Join(out, p.T("call.sep"))
}

// CallEdited says what changed, and who is asked again.
func (p *Printer) CallEdited(s models.Sheet, keys []string, concerned int, nothing bool) Message {
	if nothing {
		return p.said(s, p.T("call.edited_nothing", "Ref", p.ref(s)))
	}
	var names []string
	asked := false
	for _, k := range keys {
		names = append(names, p.editValue(s, k))
	}
	for _, su := range s.Signups {
		asked = asked || su.AskAgain == s.Now && su.Upcoming()
	}
	args := []any{"Ref", p.ref(s), "Keys", strings.Join(names, p.T("call.sep"))}
	if asked {
		return p.said(s, p.T("call.edited_asked", append(args, "N", concerned)...))
	}
	m := p.said(s, p.T("call.edited", args...))
	m.Blocks = append(m.Blocks, p.fewerParts(s)...) // nobody is thrown out; some might like to step back
	return m
}

// editValue echoes the new value where it is short, so that a slip is seen.
func (p *Printer) editValue(s models.Sheet, key string) string {
	name := p.T("call.key_" + key)
	value := ""
	switch key {
	case "title":
		value = words(s.Call.Title, 60)
	case "when":
		value = p.when(s)
	case "where":
		value = words(s.Call.Place, 60)
	case "need":
		value = p.needs(s)
	case "close":
		if s.Call.ClosesAt != 0 {
			value = p.DayClock(s.Call.ClosesAt.Time())
		}
	case "opens":
		if s.Call.OpensAt != 0 {
			value = p.DayClock(s.Call.OpensAt.Time())
		}
	}
	if value == "" {
		return name
	}
	return name + " " + value
}

// CallClosed, CallReopened and CallCancelled report a press that can be undone.
func (p *Printer) CallClosed(s models.Sheet, concerned int, nothing bool) Message {
	if nothing {
		return p.said(s, p.T("call.closed_already", "Ref", p.ref(s)))
	}
	return p.said(s, p.T("call.closed", "Ref", p.ref(s), "N", concerned), p.undoCall(s, UndoCall))
}

// CallReopened says that sign-ups are taken again.
func (p *Printer) CallReopened(s models.Sheet, nothing bool) Message {
	if nothing {
		return p.said(s, p.T("call.reopened_already", "Ref", p.ref(s)))
	}
	if s.Call.State == models.CallClosed { // it had been closed before it was cancelled
		return p.said(s, p.T("call.reopened_closed", "Ref", p.ref(s)))
	}
	return p.said(s, p.T("call.reopened", "Ref", p.ref(s)))
}

// CallCancelled says how many will be told.
func (p *Printer) CallCancelled(s models.Sheet, concerned int, nothing bool) Message {
	if nothing {
		return p.said(s, p.T("call.cancelled_already", "Ref", p.ref(s)))
	}
	return p.said(s, p.T("call.cancelled", "Ref", p.ref(s), "Reason", words(s.Call.Reason, limitBring), "N", concerned), p.undoCall(s, UndoCancel))
}

// CancelAsk asks why a call is to be cancelled where no modal can be opened,
// and shows how many it concerns.
func (p *Printer) CancelAsk(s models.Sheet, concerned int) Message {
	line := p.T("call.modal_concerned_none")
	if concerned > 0 {
		line = p.T("call.modal_concerned", "N", concerned)
	}
	cancel := Button(ActionCallCancel, rowID(s.Call.ID), p.T("call.cancel"), "")
	cancel.Style = slack.StyleDanger
	return p.said(s, "*"+words(s.Call.Title, LimitTitle)+"* ("+p.ref(s)+")\n"+line+p.gap2()+p.T("error.call_no_reason", "Number", s.Call.Ref()), cancel)
}

// EditAsk offers the form of a call where none can be opened.
func (p *Printer) EditAsk(s models.Sheet) Message {
	return p.said(s, p.T("call.edit_how", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Number", s.Call.Ref()),
		Button(ActionCallEdit, rowID(s.Call.ID), p.T("call.edit"), ""))
}

func (p *Printer) undoCall(s models.Sheet, what string) slack.BlockElement {
	return Button(ActionUndo, what+rowID(s.Call.ID), p.T("call.undo"), "")
}

// Joined answers a yes: what it came to.
func (p *Printer) Joined(s models.Sheet, su models.Signup, outcome models.JoinOutcome) Message {
	what := p.what(s, su)
	place := s.Position(s.Signup(su.ID))
	key := "call.said_joined"
	switch {
	case su.Unchecked:
		return p.said(s, p.T("call.said_check", "What", what, "Who", p.who(s)))
	case outcome == models.JoinedAccept && place > 0:
		return p.said(s, p.T("call.said_missed", "Place", p.inLine(place)))
	case outcome == models.JoinedBefore && place > 0:
		key = "call.said_already_waits"
	case place > 0 && outcome == models.JoinedParty:
		key = "call.said_party"
	case place > 0 && s.Free(su.RoleID) > 0 && su.Guests > 0:
		key = "call.said_waits_party"
	case place > 0:
		key = "call.said_waits"
	case outcome == models.JoinedBefore:
		key = "call.said_already"
	case outcome == models.JoinedParty:
		key = "call.said_party"
	case outcome == models.JoinedSwitch:
		key = "call.said_switched"
	case outcome == models.JoinedAccept:
		key = "call.said_accepted"
	}
	return p.said(s, p.T(key, "What", what, "Place", p.inLine(place), "Count", su.Party()))
}

// LeftPlaces answers a withdrawal, with its undo.
func (p *Printer) LeftPlaces(s models.Sheet, left []*models.Signup) Message {
	var names []string
	var buttons []slack.BlockElement
	for _, su := range left {
		names = append(names, p.what(s, *su))
		buttons = append(buttons, p.undoLeave(s, *su))
	}
	return p.said(s, p.T("call.said_left", "What", strings.Join(names, p.T("call.sep"))), buttons...)
}

// Declined answers a no to an offer.
func (p *Printer) Declined(s models.Sheet) Message { return p.said(s, p.T("call.said_declined")) }

// Confirmed answers "I still come".
func (p *Printer) Confirmed(s models.Sheet) Message { return p.said(s, p.T("call.said_confirmed")) }

// Undone answers an undo of a withdrawal.
func (p *Printer) Undone(s models.Sheet, su models.Signup) Message {
	if place := s.Position(s.Signup(su.ID)); place > 0 {
		return p.said(s, p.T("call.said_undone_waits", "What", p.what(s, su), "Place", p.inLine(place)))
	}
	return p.said(s, p.T("call.said_undone", "What", p.what(s, su)))
}

// WhichPlace asks which of several (shift, role)s a yes meant, a button each.
// guests < 0 means that nothing was said about them; answer is set when an
// organizer files somebody's answer.
func (p *Printer) WhichPlace(s models.Sheet, roles []*models.Role, guests int, answer int64, name string) Message {
	if len(roles) == 0 {
		return p.said(s, p.T("call.said_choose_none"))
	}
	var buttons []slack.BlockElement
	for i, r := range roles {
		if i == 25 {
			break
		}
		value := rowID(r.ID) + ":" + rowID(int64(guests))
		action := ActionCallChoose
		if answer != 0 {
			action, value = ActionAnswerTake, rowID(answer)+":"+rowID(r.ID)
		}
		buttons = append(buttons, Button(action+":"+rowID(r.ID), value, p.joinLabel(s, r), ""))
	}
	text := p.T("call.said_choose")
	if answer != 0 {
		text = p.T("call.file_choose", "Name", words(name, limitName))
	}
	return p.said(s, text, buttons...)
}

// KeepOrGive asks somebody signed up who only said no.
func (p *Printer) KeepOrGive(s models.Sheet, mine []*models.Signup) Message {
	var names []string
	var buttons []slack.BlockElement
	for _, su := range mine {
		names = append(names, p.what(s, *su))
		label := p.T("call.leave")
		if len(mine) > 1 {
			label = p.T("call.leave_shift", "When", p.shortTime(s, s.Shift(su.ShiftID).StartAt))
		}
		buttons = append(buttons, Button(p.idOf(s, *su, ActionCallLeave), rowID(su.ID), label, ""))
	}
	buttons = append(buttons, Button(ActionCallKeep, rowID(mine[0].ID), p.T("call.keep"), ""))
	return p.said(s, p.T("call.said_keep", "What", strings.Join(names, p.T("call.sep"))), buttons...)
}

// Kept answers keep.
func (p *Printer) Kept(s models.Sheet) Message { return p.said(s, p.T("call.kept")) }

// Answered says that a no, a delay, a condition or unclear words were taken.
func (p *Printer) Answered(s models.Sheet, kind, text string, minutes int) Message {
	switch kind {
	case models.AnswerLate:
		if minutes > 0 {
			return p.said(s, p.T("call.said_late", "Who", p.who(s), "N", minutes))
		}
		return p.said(s, p.T("call.said_late_way", "Who", p.who(s)))
	case models.AnswerConditional:
		return p.said(s, p.T("call.said_conditional", "Text", words(text, 120), "Who", p.who(s)))
	case models.AnswerUnclear:
		return p.unclear(s, text)
	}
	return p.said(s, p.T("call.said_no"))
}

// unclear hints once, with the two answers as buttons where they are plain.
func (p *Printer) unclear(s models.Sheet, text string) Message {
	var buttons []slack.BlockElement
	mine := s.Mine(s.Me.ID)
	switch {
	case len(mine) == 1 && mine[0].State == models.SignupOffered:
		id := rowID(mine[0].ID)
		buttons = append(buttons, Button(ActionOfferAccept, id, p.T("call.take"), ""), Button(ActionOfferDecline, id, p.T("call.cannot_come"), ""))
	case len(mine) == 0 && ownAsk(s) != nil:
		buttons = p.askButtons(*ownAsk(s), false)
	case len(mine) == 1 && mine[0].Upcoming():
		id := rowID(mine[0].ID)
		buttons = append(buttons, Button(ActionCallConfirm, id, p.T("call.take"), ""), Button(ActionCallLeave, id, p.T("call.cannot_come"), ""))
	}
	return p.said(s, p.T("call.said_unclear", "Text", words(text, 120), "Who", p.who(s)), buttons...)
}

// Filed answers an organizer who dealt with an answer.
func (p *Printer) Filed(s models.Sheet, su models.Signup) Message {
	if su.ID == 0 {
		return p.said(s, p.T("call.filed_aside"))
	}
	return p.said(s, p.T("call.filed", "Name", personName(s.Person(su.PersonID), su.Guests), "What", p.what(s, su)))
}

// SkillChecked answers an organizer who checked a skill.
func (p *Printer) SkillChecked(s models.Sheet, fine bool) Message {
	if fine {
		return p.said(s, p.T("call.checked"))
	}
	return p.said(s, p.T("call.checked_no"))
}

// CallNotBuilt names a part that a later version brings.
func (p *Printer) CallNotBuilt(what string) Message {
	return p.said(models.Sheet{}, p.T("call.not_built", "What", words(what, 40)))
}
