package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Alarm tells somebody (s.Me, as an organizer, an admin or a buddy) that a
// person did not answer, or calls for help; it closes in place when they are
// known to be safe. Empty Text means that there is nothing to say any more.
func (p *Printer) Alarm(s models.Sheet, t models.Tick, as string, sent, former bool) Message {
	open := t.Asks() || t.Help()
	switch {
	case !open && !sent:
		return Message{}
	case !open:
		return p.alarmed(s, t, p.alarmClosed(s, t))
	case former:
		return p.alarmed(s, t, p.T("safety.alarm_former", "Name", p.missing(s, t)))
	}
	lines := []string{p.alarmHead(s, t, as)}
	switch as {
	case models.AlarmBuddy:
	case models.AlarmAdmin:
		lines = append(lines, p.whomToPhone(s, t))
	default:
		if s.Person(t.PersonID).Phone == "" {
			lines = append(lines, p.noPhone(s, t))
		}
	}
	if t.Help() && t.OnBy != 0 {
		lines = append(lines, p.T("safety.alarm_on", "Who", p.named(s, t.OnBy), "At", p.Clock(t.OnAt.Time())))
	}
	if t.UnseenBy != 0 {
		lines = append(lines, p.T("safety.unseen", "Name", p.named(s, t.UnseenBy)))
	}
	if t.Stage >= models.TickAdmins && !t.Help() && as != models.AlarmAdmin {
		lines = append(lines, p.T("safety.admins_told"))
	}
	return p.alarmed(s, t, strings.Join(lines, "\n"), p.alarmButtons(s, t, as)...)
}

// alarmed is an alarm with the call it belongs to in small print.
func (p *Printer) alarmed(s models.Sheet, t models.Tick, text string, buttons ...slack.BlockElement) Message {
	m := p.said(s, text, buttons...)
	what := p.T("safety.of", "What", words(s.Call.Title, LimitTitle), "Ref", p.ref(s))
	if s.Call.Place != "" {
		what += " · " + words(s.Call.Place, limitPlace)
	}
	m.Blocks = append(m.Blocks, Context(what))
	return m
}

func (p *Printer) missing(s models.Sheet, t models.Tick) string {
	return personName(s.Person(t.PersonID), 0)
}

// alarmHead is what happened: 张三 10:30 未报平安，最近一次 9:31。
func (p *Printer) alarmHead(s models.Sheet, t models.Tick, as string) string {
	args := []any{"Name", p.missing(s, t), "At", p.Clock(t.DueAt.Time()), "Seen", p.Clock(t.SeenAt.Time())}
	if as == models.AlarmBuddy {
		args[1] = p.named(s, t.PersonID)
	}
	switch {
	case t.Help() && as == models.AlarmBuddy:
		return p.T("safety.alarm_help_buddy", "Name", args[1], "At", p.Clock(t.AnsweredAt.Time()))
	case t.Help() && t.AgainAt > t.AnsweredAt && t.OnBy == 0:
		return p.T("safety.alarm_help_again", "Name", args[1], "At", p.Clock(t.AnsweredAt.Time()))
	case t.Help():
		return p.T("safety.alarm_help", "Name", args[1], "At", p.Clock(t.AnsweredAt.Time()))
	case as == models.AlarmBuddy:
		return p.T("safety.alarm_buddy", "Name", args[1], "At", args[3])
	case t.Unsent:
		return p.T("safety.alarm_unsent", args...)
	}
	return p.T("safety.alarm", args...)
}

// whomToPhone names for an admin who can be reached, and how: the organizer,
// the person, their buddies.
func (p *Printer) whomToPhone(s models.Sheet, t models.Tick) string {
	ids := []int64{s.Call.CreatorID, t.PersonID}
	for _, b := range s.BuddiesOf(t.PersonID) {
		ids = append(ids, b.PersonID)
	}
	var out []string
	for i, id := range ids {
		if i == 0 && id == t.PersonID || id == s.Me.ID {
			continue
		}
		key := "safety.reach_buddy"
		switch i {
		case 0:
			key = "safety.reach_organizer"
		case 1:
			key = "safety.reach_person"
		}
		out = append(out, p.T(key, "Name", p.named(s, id), "Phone", p.phone(s.Person(id))))
	}
	return p.T("safety.reach", "Names", strings.Join(out, p.T("call.sep")))
}

// phone is somebody's number to be pressed on, or that they left none.
func (p *Printer) phone(person models.Person) string {
	if person.Phone == "" {
		return p.T("safety.no_number")
	}
	return phoneLink(person.Phone)
}

// phoneLink is a number that a phone calls when it is pressed.
func phoneLink(number string) string {
	digits := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, number)
	if digits == "" {
		return words(number, 40)
	}
	return "<tel:" + digits + "|" + words(number, 40) + ">"
}

// noPhone says what to do where no number was left: mention them, ask their
// buddy.
func (p *Printer) noPhone(s models.Sheet, t models.Tick) string {
	if names := p.buddyNames(s, t.PersonID, 0); names != "" {
		return p.T("safety.no_phone_buddy", "Name", p.named(s, t.PersonID), "Buddy", names)
	}
	return p.T("safety.no_phone", "Name", p.named(s, t.PersonID))
}

func (p *Printer) alarmButtons(s models.Sheet, t models.Tick, as string) []slack.BlockElement {
	id := rowID(t.ID)
	reached := Button(ActionSafeReached, id, p.T("safety.reached"), "")
	reached.Style = slack.StylePrimary
	if as == models.AlarmBuddy {
		if t.Help() {
			return []slack.BlockElement{Button(ActionSafeReached, id, p.T("safety.with_them"), "")}
		}
		seen := Button(ActionSafeReached, id, p.T("safety.seen"), "")
		seen.Style = slack.StylePrimary
		return []slack.BlockElement{seen, Button(ActionSafeUnseen, id, p.T("safety.not_seen"), "")}
	}
	var buttons []slack.BlockElement
	if t.Help() {
		reached.Text.Text = p.T("safety.dealt")
		if t.OnBy == 0 {
			onIt := Button(ActionSafeOnIt, id, p.T("safety.on_it"), "")
			onIt.Style, reached.Style = slack.StylePrimary, slack.StyleDefault
			buttons = append(buttons, onIt)
		}
	}
	buttons = append(buttons, reached, Button(ActionSafeIsHome, id, p.T("safety.is_home"), ""))
	if s.Person(t.PersonID).Phone != "" {
		buttons = append([]slack.BlockElement{Button(ActionSafePhone, id, p.T("safety.phone"), "")}, buttons...)
	}
	return buttons
}

// alarmClosed says how it ended, and by whom it is known.
func (p *Printer) alarmClosed(s models.Sheet, t models.Tick) string {
	at := t.AnsweredAt
	if t.Answer == models.SafeHelp {
		at = t.DoneAt
	}
	args := []any{"Name", p.missing(s, t), "At", p.Clock(at.Time()), "Who", p.named(s, t.By)}
	other := t.By != 0 && t.By != t.PersonID
	switch {
	case t.Answer == models.SafeHelp && t.DoneBy == t.PersonID:
		return p.T("safety.closed_back", args[:4]...)
	case t.Answer == models.SafeHelp:
		return p.T("safety.closed_help", "Name", args[1], "At", args[3], "Who", p.named(s, t.DoneBy))
	case t.Answer == models.SafeHome && other:
		return p.T("safety.closed_home_by", args...)
	case t.Answer == models.SafeHome:
		return p.T("safety.closed_home", args[:4]...)
	case t.Answer == models.SafeOK && other:
		return p.T("safety.closed_by", args...)
	case t.Answer == models.SafeOK:
		return p.T("safety.closed", args[:4]...)
	}
	return p.T("safety.closed_over", "Name", args[1])
}

// SafeSaid answers somebody's own word about their safety.
func (p *Printer) SafeSaid(s models.Sheet, t models.Tick, answer string, nothing, back bool, next models.Instant) Message {
	key := "safety.reply_" + answer
	switch {
	case answer == models.SafeHelp:
		return p.said(s, p.T("safety.reply_help", "Who", p.who(s)), p.safeButtons(s, t, true, false)...)
	case nothing:
		key = "safety.reply_known"
	case back:
		key = "safety.reply_back"
	}
	text := p.T(key)
	if answer == models.SafeOK && next > s.Now {
		text += p.gap2() + p.T("safety.next", "At", p.Clock(next.Time()))
	}
	return p.said(s, text)
}

// Vouched answers an organizer or a buddy who said that somebody is safe or
// home, or not seen; nothing means that it was known already.
func (p *Printer) Vouched(s models.Sheet, person models.Person, answer string, nothing bool) Message {
	name := personName(person, 0)
	switch {
	case nothing:
		return p.said(s, p.T("safety.vouched_known"))
	case answer == models.SafeHome:
		return p.said(s, p.T("safety.vouched_home", "Name", name))
	case answer == models.SafeOK:
		return p.said(s, p.T("safety.vouched_safe", "Name", name))
	}
	return p.said(s, p.T("safety.vouched_unseen", "Name", name))
}

// AllHome answers an organizer who said that everybody is home.
// left are those whose call for help is still open.
func (p *Printer) AllHome(s models.Sheet, count, left int) Message {
	switch {
	case left > 0:
		return p.said(s, p.T("safety.vouched_all_but", "N", count, "Left", left))
	case count == 0:
		return p.said(s, p.T("safety.vouched_known"))
	}
	return p.said(s, p.T("safety.vouched_all", "N", count))
}

// TakenOn answers an organizer who sees to a call for help, or says who does.
func (p *Printer) TakenOn(s models.Sheet, t models.Tick, person models.Person, nothing bool) Message {
	switch {
	case nothing && t.Help() && t.OnBy != 0:
		return p.said(s, p.T("safety.taken_by", "Who", p.named(s, t.OnBy), "At", p.Clock(t.OnAt.Time())))
	case nothing:
		return p.said(s, p.T("safety.vouched_known"))
	}
	return p.said(s, p.T("safety.taken_on", "Name", personName(person, 0)))
}

// PhoneNumber shows a number to who has to reach somebody now.
func (p *Printer) PhoneNumber(person models.Person) Message {
	return p.said(models.Sheet{}, p.T("safety.number", "Name", personName(person, 0), "Phone", phoneLink(person.Phone)))
}

// HelpMeant asks somebody who is out there and typed "help" what they mean.
func (p *Printer) HelpMeant(signupID int64) Message {
	need := Button(ActionSafeHelp, rowID(signupID), p.T("safety.help"), "")
	need.Style = slack.StyleDanger
	return p.said(models.Sheet{}, p.T("safety.help_meant"), need, Button(ActionSafeHelpful, "help", p.T("safety.usage"), ""))
}

// NeedAbove puts the call for help above another message.
func (p *Printer) NeedAbove(signupID int64, m Message) Message {
	need := Button(ActionSafeHelp, rowID(signupID), p.T("safety.help"), "")
	need.Style = slack.StyleDanger
	m.Blocks = append([]slack.Block{Section(p.T("safety.need_above")), Actions(need)}, m.Blocks...)
	return m
}

// SafeAsk offers the three answers to somebody whose words were not understood
// while a question stands open.
func (p *Printer) SafeAsk(signupID int64) Message {
	t := models.Tick{SignupID: signupID, AskedAt: 1}
	return p.said(models.Sheet{}, p.T("safety.unclear"), p.safeButtons(models.Sheet{}, t, false, false)...)
}
