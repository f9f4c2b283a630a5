package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons on site and after. Values are row ids of sign-ups, or of the call for
// the code and the roll.
const (
	ActionCallCheckin  = "call_checkin"
	ActionCallCheckout = "call_checkout" // now, or yes to the time proposed
	ActionCallTimes    = "call_times"    // another time than the one proposed
	ActionCallWas      = "call_was"      // I was there
	ActionCallMissed   = "call_missed"   // I couldn't
	ActionCallCode     = "call_code"     // value call
	ActionCallRoll     = "call_roll"     // value call
	ActionCallRollCode = "call_roll_code"
	ActionRollPage     = "roll_page"   // value shift:what:page
	ActionWalkInTake   = "walkin_take" // value walk-in:role
	ActionWalkInRefuse = "walkin_refuse"
	ActionHoursConfirm = "hours_confirm"
	ActionHoursContest = "hours_contest"
)

// Prefixes of the value of undo buttons.
const (
	UndoCheckin  = "checkin:"  // value sign-up
	UndoCheckout = "checkout:" // value sign-up
	UndoRoll     = "roll:"     // value call:moment
)

// shiftsOnPanel is how many shifts the panel lists who is there of: the ones
// on now and the last ones over.
const shiftsOnPanel = 4

// onsitePanel is who is there, who is not, and what the roll still lacks.
func (p *Printer) onsitePanel(s models.Sheet) []slack.Block {
	if s.Call.State == models.CallCancelled {
		return nil
	}
	var lines []string
	for _, sh := range p.onsiteShifts(s) {
		lines = append(lines, p.onsiteLines(s, sh)...)
	}
	var blocks []slack.Block
	if len(lines) > 0 {
		blocks = chunks(lines, 3500, func(int) string { return "…" })
	}
	for i, w := range s.WalkIns {
		if i == answersOnPanel {
			return append(blocks, Context(p.T("onsite.walkin_more", "N", len(s.WalkIns)-i)))
		}
		blocks = append(blocks, p.walkIn(s, w)...)
	}
	return blocks
}

// onsiteShifts are the shifts whose check-in has begun, the latest few.
func (p *Printer) onsiteShifts(s models.Sheet) []*models.Shift {
	var out []*models.Shift
	for _, sh := range s.Shifts {
		if sh.StartAt.Add(-models.OnsiteLead) <= s.Now {
			out = append(out, sh)
		}
	}
	if len(out) > shiftsOnPanel {
		out = out[len(out)-shiftsOnPanel:]
	}
	return out
}

// onsiteLines is one shift: arrived, not yet, what they said, the roll.
func (p *Printer) onsiteLines(s models.Sheet, sh *models.Shift) []string {
	var here, missing, said, contested []string
	all, came, absent, left := s.Roll(sh.ID), 0, 0, 0
	for _, su := range all {
		name := personName(s.Person(su.PersonID), su.Guests)
		switch {
		case su.Came():
			came++
			here = append(here, name+p.howMark(*su))
		case su.State == models.SignupNoShow:
			absent++
		case su.SaidAt != 0:
			said = append(said, name)
		default:
			missing = append(missing, name)
		}
		if su.ContestAt != 0 {
			contested = append(contested, name)
		}
		if !su.Decided() {
			left++
		}
	}
	if len(all) == 0 {
		return nil
	}
	when := ""
	if len(s.Shifts) > 1 {
		when = p.shortTime(s, sh.StartAt) + " "
	}
	lines := []string{when + p.T("onsite.arrived", "N", came, "Of", len(all), "Names", p.listed(here))}
	list := func(key string, names []string) {
		if len(names) > 0 {
			lines = append(lines, p.T(key, "Names", p.listed(names)))
		}
	}
	if sh.EndAt > s.Now {
		list("onsite.not_yet", missing)
	} else {
		list("onsite.unseen", missing)
	}
	list("onsite.said", said)
	list("onsite.contested", contested)
	switch {
	case sh.EndAt > s.Now || s.Call.Drill:
	case left > 0:
		lines = append(lines, p.T("onsite.roll_left", "N", left))
	default:
		lines = append(lines, p.T("onsite.roll_done", "Came", came, "Absent", absent))
	}
	return lines
}

// listed are names, the first forty.
func (p *Printer) listed(names []string) string {
	if len(names) == 0 {
		return p.T("onsite.nobody")
	}
	if len(names) <= namesShown {
		return strings.Join(names, p.T("call.sep"))
	}
	return p.T("call.names_more", "Names", strings.Join(names[:namesShown], p.T("call.sep")), "Count", len(names))
}

// howMark tells a check-in that shows where somebody is from one that does not.
func (p *Printer) howMark(su models.Signup) string {
	mark := ""
	if su.WalkIn {
		mark = p.T("onsite.mark_walkin")
	}
	switch su.CheckBy {
	case models.CheckButton:
		return mark + p.T("onsite.mark_button")
	case models.CheckRoll:
		return mark + p.T("onsite.mark_roll")
	}
	return mark
}

// rolesToTake is how many roles get a button of their own for a walk-in.
const rolesToTake = 4

// walkIn is somebody who came without a place, with one button a role.
func (p *Printer) walkIn(s models.Sheet, w *models.WalkIn) []slack.Block {
	id := rowID(w.ID)
	text := p.T("onsite.walkin", "Name", personName(s.Person(w.PersonID), 0), "When", p.DayClock(w.At.Time()))
	var buttons []slack.BlockElement
	roles := s.RolesOf(w.ShiftID)
	for i, r := range roles {
		if i == rolesToTake {
			break
		}
		label := p.T("onsite.take")
		if len(roles) > 1 {
			label = p.T("onsite.take_as", "Role", cutRunes(Plain(p.roleName(*r)), 30))
		}
		buttons = append(buttons, Button(ActionWalkInTake+":"+id+":"+rowID(r.ID), id+":"+rowID(r.ID), label, ""))
	}
	buttons = append(buttons, Button(ActionWalkInRefuse+":"+id, id, p.T("onsite.refuse"), ""))
	return []slack.Block{Section(text), Actions(buttons...)}
}

// onsiteOrganizer are the code while it can be used, and the roll from then on.
func (p *Printer) onsiteOrganizer(s models.Sheet) []slack.BlockElement {
	if s.Call.State == models.CallCancelled || s.Now < s.Start().Add(-models.OnsiteLead) {
		return nil
	}
	id := rowID(s.Call.ID)
	var out []slack.BlockElement
	if s.CodeOpen() == nil {
		out = append(out, Button(ActionCallCode, id, p.T("onsite.code_button"), ""))
	}
	if n := byCodeOver(s); n > 0 {
		all := Button(ActionCallRollCode, id, p.T("onsite.roll_code_button", "N", n), "")
		all.Style = slack.StylePrimary
		out = append(out, all)
	}
	return append(out, Button(ActionCallRoll, id, p.T("onsite.roll_button"), ""))
}

// byCodeOver counts those whom one press puts on the roll as they stand.
func byCodeOver(s models.Sheet) int {
	n := 0
	for _, sh := range s.Shifts {
		for _, su := range s.Roll(sh.ID) {
			if sh.EndAt <= s.Now && su.ByCode() && su.RollAt == 0 {
				n++
			}
		}
	}
	return n
}

// rollText is what a panel's notification says first when the roll is to be
// taken.
func (p *Printer) rollText(s models.Sheet) []string {
	n, _ := s.Undecided()
	if n == 0 || s.Call.Drill || s.Call.State == models.CallCancelled {
		return nil
	}
	return []string{p.T("onsite.roll_left", "N", n)}
}

// onsiteOwn is checking in from one's own message.
func (p *Printer) onsiteOwn(s models.Sheet, su models.Signup) []slack.BlockElement {
	shift := s.Shift(su.ShiftID)
	if su.State != models.SignupConfirmed || !shift.CheckinOpen(s.Now) || s.Call.State == models.CallCancelled {
		return nil
	}
	b := Button(p.idOf(s, su, ActionCallCheckin), rowID(su.ID), p.T("onsite.checkin"), "")
	b.Style = slack.StylePrimary
	return []slack.BlockElement{b}
}

// cameTo is what a call came to, as far as it is known.
func (p *Printer) cameTo(a models.Achieved) string {
	hours := Number(float64(a.Minutes) / 60)
	switch {
	case a.Minutes > 0 && a.Served > 0:
		return p.T("onsite.achieved_all", "N", a.Came, "Hours", hours, "Served", a.Served)
	case a.Minutes > 0:
		return p.T("call.achieved", "N", a.Came, "Hours", hours)
	case a.Served > 0:
		return p.T("onsite.achieved_served", "N", a.Came, "Served", a.Served)
	}
	return p.T("onsite.achieved_came", "N", a.Came)
}
