package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// What somebody's own message says from their check-in on.

// onsitePlace words a sign-up that is on site, over, or on the roll; ok is
// false for one that is still ahead.
func (p *Printer) onsitePlace(s models.Sheet, su models.Signup) (head string, more []string, buttons []slack.BlockElement, ok bool) {
	shift := s.Shift(su.ShiftID)
	over := shift.EndAt <= s.Now
	switch {
	case s.Call.State == models.CallCancelled:
		return "", nil, nil, false
	case su.State == models.SignupNoShow:
		head, buttons = p.missed(s, su)
	case su.RollAt != 0:
		head, more, buttons = p.rolled(s, su)
	case su.State == models.SignupDone:
		head, more, buttons = p.left(s, su)
	case su.State == models.SignupCheckedIn && over:
		head, buttons = p.proposed(s, su)
	case su.State == models.SignupCheckedIn:
		head, more, buttons = p.there(s, su)
	case su.State == models.SignupConfirmed && over && !s.Call.Drill:
		head, buttons = p.unseen(s, su)
	default:
		return "", nil, nil, false
	}
	return head, more, buttons, true
}

func (p *Printer) onsiteButton(s models.Sheet, su models.Signup, action, key string) *slack.ButtonBlockElement {
	return Button(p.idOf(s, su, action), rowID(su.ID), p.T(key), "")
}

// there is somebody who is checked in to a shift that is on.
func (p *Printer) there(s models.Sheet, su models.Signup) (string, []string, []slack.BlockElement) {
	head := p.T("onsite.dm_in", "What", p.what(s, su), "Ref", p.ref(s), "At", p.Clock(su.CheckedIn.Time()))
	more := []string{p.T("onsite.dm_by_" + su.CheckBy)}
	line := p.T("call.dm_line_nowhere", "When", p.span(*s.Shift(su.ShiftID)))
	if s.Call.Place != "" {
		line = p.T("call.dm_line", "When", p.span(*s.Shift(su.ShiftID)), "Where", words(s.Call.Place, limitPlace))
	}
	more = append(more, line)
	if s.Call.Private != "" {
		more = append(more, p.T("call.private", "What", words(s.Call.Private, 1500)))
	}
	more = append(more, p.safetyOwnLines(s, su)...)
	return head, more, []slack.BlockElement{p.onsiteButton(s, su, ActionCallCheckout, "onsite.checkout")}
}

// left is somebody who checked out and waits for the roll.
func (p *Printer) left(s models.Sheet, su models.Signup) (string, []string, []slack.BlockElement) {
	head := p.T("onsite.dm_out", "What", p.what(s, su), "Ref", p.ref(s), "Times", p.clocks(su.CheckedIn, su.CheckedOut))
	return head, append([]string{p.T("onsite.dm_waits_roll")}, p.safetyOwnLines(s, su)...),
		[]slack.BlockElement{p.onsiteButton(s, su, ActionCallTimes, "onsite.times")}
}

// proposed asks whether the end of the shift was the end for them.
func (p *Printer) proposed(s models.Sheet, su models.Signup) (string, []slack.BlockElement) {
	out := su.CheckedOut
	if out == 0 {
		out = s.Shift(su.ShiftID).EndAt
	}
	right := p.onsiteButton(s, su, ActionCallCheckout, "onsite.right")
	right.Style = slack.StylePrimary
	head := p.T("onsite.dm_proposed", "What", p.what(s, su), "Ref", p.ref(s), "Times", p.clocks(su.CheckedIn, out))
	return head, []slack.BlockElement{right, p.onsiteButton(s, su, ActionCallTimes, "onsite.times")}
}

// unseen asks somebody who was not seen, or says what they answered.
func (p *Printer) unseen(s models.Sheet, su models.Signup) (string, []slack.BlockElement) {
	missed := p.onsiteButton(s, su, ActionCallMissed, "onsite.missed")
	if su.SaidAt != 0 {
		return p.T("onsite.dm_said", "What", p.what(s, su), "Ref", p.ref(s)), []slack.BlockElement{missed}
	}
	was := p.onsiteButton(s, su, ActionCallWas, "onsite.was")
	was.Style = slack.StylePrimary
	return p.T("onsite.dm_unseen", "What", p.what(s, su), "Ref", p.ref(s)), []slack.BlockElement{was, missed}
}

// missed is somebody who was not there, by their own word or by the roll's.
func (p *Printer) missed(s models.Sheet, su models.Signup) (string, []slack.BlockElement) {
	what, ref := p.what(s, su), p.ref(s)
	switch {
	case su.RollAt == 0:
		return p.T("onsite.dm_missed", "What", what, "Ref", ref), []slack.BlockElement{p.onsiteButton(s, su, ActionCallWas, "onsite.was_after_all")}
	case su.ContestAt != 0:
		return p.T("onsite.dm_contested", "What", what, "Ref", ref, "Who", p.who(s)), nil
	case su.MissedAt != 0:
		return p.T("onsite.dm_missed", "What", what, "Ref", ref), nil
	}
	return p.T("onsite.dm_no_show", "What", what, "Ref", ref), []slack.BlockElement{p.onsiteButton(s, su, ActionHoursContest, "onsite.was")}
}

// rolled is what the roll has of somebody who came.
func (p *Printer) rolled(s models.Sheet, su models.Signup) (string, []string, []slack.BlockElement) {
	args := []any{"What", p.what(s, su), "Ref", p.ref(s), "Times", p.clocks(su.RollFrom, su.RollTo),
		"Hours", Number(su.RollTo.Sub(su.RollFrom).Hours())}
	contest := p.onsiteButton(s, su, ActionHoursContest, "onsite.wrong")
	minutes := s.Minutes(&su)
	switch {
	case s.Call.Drill:
		return p.T("call.dm_done", "What", p.what(s, su), "Ref", p.ref(s)), []string{p.T("onsite.dm_drill")}, nil
	case su.ContestAt != 0 && !s.HoursDecided(su.ID):
		return p.T("onsite.dm_contested", "What", p.what(s, su), "Ref", p.ref(s), "Who", p.who(s)), nil,
			[]slack.BlockElement{p.onsiteButton(s, su, ActionHoursConfirm, "onsite.right_after_all")}
	case s.AsksYes(&su):
		right := p.onsiteButton(s, su, ActionHoursConfirm, "onsite.right")
		right.Style = slack.StylePrimary
		return p.T("onsite.dm_roll_ask", args...), nil, []slack.BlockElement{right, contest}
	case s.HoursHeld(su.ID) != nil:
		return p.T("hours.own", append(args, "State", p.ownState(models.HourShown{Hour: *s.HoursHeld(su.ID)}))...), nil, p.heldButtons(s, su, contest)
	case minutes > 0:
		from, to, _ := models.ServedSpan(su, *s.Shift(su.ShiftID))
		return p.T("onsite.dm_counted", "What", p.what(s, su), "Ref", p.ref(s), "Times", p.clocks(from, to),
			"Hours", Number(float64(minutes)/60)), nil, []slack.BlockElement{contest}
	}
	return p.T("onsite.dm_own_roll", args...), nil, nil
}

// thanks stands above everything once a call is over: what it came to. "" when
// it is not said yet, or to who did not come.
func (p *Printer) thanks(s models.Sheet, mine []*models.Signup, args models.SignupArgs) string {
	said := args.Why == models.WhyThanks
	came := false
	for _, su := range mine {
		came = came || su.Came()
		said = said || su.RollAt != 0 && args.Why == models.WhyUnseen
	}
	if !said || !came || s.Call.Drill {
		return ""
	}
	return p.T("onsite.thanks", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Achieved", p.achieved(s))
}

// clocks is `8:52–11:30`, with the day of an end that is on another one.
func (p *Printer) clocks(from, to models.Instant) string {
	a, b := from.In(p.Zone), to.In(p.Zone)
	if a.YearDay() == b.YearDay() {
		return p.Clock(from.Time()) + "–" + p.Clock(to.Time())
	}
	return strings.Join([]string{p.DayClock(from.Time()), p.DayClock(to.Time())}, "–")
}

// Contested tells who runs a call that somebody says the roll is wrong.
func (p *Printer) Contested(s models.Sheet, who models.Person) Message {
	return p.said(s, p.T("onsite.contest_told", "Who", UserTag(who.Slack(), who.Name), "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s)),
		Button(ActionCallRoll, rowID(s.Call.ID), p.T("onsite.roll_button"), ""))
}
