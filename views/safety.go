package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons of the safety loop.
const (
	ActionSafeOK      = "safe_ok"   // value own sign-up
	ActionSafeHelp    = "safe_help" // value own sign-up
	ActionSafeHome    = "safe_home" // value own sign-up
	ActionSafePhone   = "safe_phone"
	ActionSafeReached = "safe_reached" // value tick: an organizer, or a buddy, says they are safe
	ActionSafeIsHome  = "safe_is_home" // value tick: an organizer says they are home
	ActionSafeUnseen  = "safe_unseen"  // value tick: a buddy has not seen them
	ActionSafeOnIt    = "safe_on_it"   // value tick: an organizer sees to a call for help
	ActionSafeMark    = "safe_mark"    // select; value sign-up: an organizer marks somebody home
	ActionSafeAllHome = "safe_all_home"
	ActionSafeHelpful = "safe_usage" // "I wanted to know how Muster is used"
)

// SafeDM is the safety question to one person (s.Me) as it stands: asked,
// repeated, answered. t is the tick the message is about; sent is when it left
// for Slack, 0 before. former is one that a newer one has taken over from.
// Empty Text means that there is nothing to say.
func (p *Printer) SafeDM(s models.Sheet, t models.Tick, sent models.Instant, former bool) Message {
	title := words(s.Call.Title, LimitTitle)
	at := p.Clock(t.DueAt.Time())
	switch {
	case former && t.Asks():
		return p.said(s, p.T("safety.former_open", "What", title, "At", at))
	case former && t.Answer == models.SafeHelp && t.DoneAt == 0:
		return p.said(s, p.T("safety.former_help", "What", title, "At", p.Clock(t.AnsweredAt.Time())))
	case t.Asks():
		return p.safeQuestion(s, t, sent)
	case sent == 0 && t.AskedAt != 0 && (!t.Help() || t.OnBy == 0): // but that somebody comes is news
		return Message{}
	}
	text := p.safeAnswered(s, t)
	if former || t.Answer == "" || t.Answer == models.SafeHome || !s.Looped(t.PersonID) && !t.Help() {
		return p.said(s, text)
	}
	return p.said(s, text, p.safeButtons(s, t, t.Help(), false)...)
}

// safeQuestion asks: 东堤装沙袋：现在平安吗？请在 10:40 前点一下。
func (p *Printer) safeQuestion(s models.Sheet, t models.Tick, sent models.Instant) Message {
	title := words(s.Call.Title, LimitTitle)
	over := s.ShiftOver(t.SignupID)
	if t.Stage >= models.TickOrganizer {
		key := "safety.ask_told"
		if t.Stage >= models.TickAdmins {
			key = "safety.ask_told_admins"
		}
		return p.said(s, p.T(key, "What", title, "At", p.Clock(t.DueAt.Time()), "Who", p.who(s)), p.safeButtons(s, t, false, over)...)
	}
	until := t.Deadline()
	if t.ShownAt == 0 {
		from := s.Now
		if sent != 0 {
			from = sent
		}
		until = from.Add(models.TickRepeatAfter + models.TickOrganizerAfter)
	}
	key := "safety.ask"
	switch {
	case t.Stage == models.TickRepeated && over:
		key = "safety.ask_home_again"
	case t.Stage == models.TickRepeated:
		key = "safety.ask_again"
	case over:
		key = "safety.ask_home"
	}
	return p.said(s, p.T(key, "What", title, "Until", p.Clock(until.Time()), "Who", p.who(s)), p.safeButtons(s, t, false, over)...)
}

// safeButtons are the three answers; after the shift being home comes first,
// and after a call for help only taking it back is left.
func (p *Printer) safeButtons(s models.Sheet, t models.Tick, help, over bool) []slack.BlockElement {
	id := rowID(t.SignupID)
	safe, home := Button(ActionSafeOK, id, p.T("safety.ok"), ""), Button(ActionSafeHome, id, p.T("safety.home"), "")
	need := Button(ActionSafeHelp, id, p.T("safety.help"), "")
	need.Style = slack.StyleDanger
	switch {
	case help:
		return []slack.BlockElement{Button(ActionSafeOK, id, p.T("safety.mistake"), ""), home}
	case over:
		home.Style = slack.StylePrimary
		return []slack.BlockElement{home, Button(ActionSafeOK, id, p.T("safety.ok_out"), ""), need}
	case t.Asks():
		safe.Style = slack.StylePrimary
		return []slack.BlockElement{safe, need, home}
	}
	return []slack.BlockElement{need, home}
}

// safeAnswered says what is known of the reader.
func (p *Printer) safeAnswered(s models.Sheet, t models.Tick) string {
	args := []any{"What", words(s.Call.Title, LimitTitle), "At", p.Clock(t.AnsweredAt.Time()), "Who", p.named(s, t.By)}
	other := t.By != 0 && t.By != t.PersonID
	switch {
	case t.Help() && t.OnBy != 0:
		return p.T("safety.said_help_on", "What", args[1], "At", p.Clock(t.OnAt.Time()), "Who", p.named(s, t.OnBy))
	case t.Answer == models.SafeHelp && t.DoneAt == 0:
		return p.T("safety.said_help", "What", args[1], "At", args[3], "Who", p.who(s))
	case t.Answer == models.SafeHelp && t.DoneBy == t.PersonID:
		return p.T("safety.said_back", "What", args[1], "At", p.Clock(t.DoneAt.Time()))
	case t.Answer == models.SafeHelp:
		return p.T("safety.said_dealt", "What", args[1], "At", p.Clock(t.DoneAt.Time()), "Who", p.named(s, t.DoneBy))
	case t.Answer == models.SafeHome && other:
		return p.T("safety.said_home_by", args...)
	case t.Answer == models.SafeHome:
		return p.T("safety.said_home", args[:4]...)
	case t.Answer == models.SafeOK && other:
		return p.T("safety.said_safe_by", args...)
	case t.Answer == models.SafeOK:
		text := p.T("safety.said_safe", args[:4]...)
		if next := s.NextTick(t.PersonID); next > s.Now {
			text += p.gap2() + p.T("safety.next", "At", p.clockAhead(s, next))
		}
		return text
	}
	return p.T("safety.said_over", "What", args[1])
}

// clockAhead is a time of the same day, or one with its day: a night shift's
// next check may be tomorrow's.
func (p *Printer) clockAhead(s models.Sheet, at models.Instant) string {
	if p.Day(at.Time()) == p.Day(s.Now.Time()) {
		return p.Clock(at.Time())
	}
	return p.soon(s, at)
}

// named mentions somebody on the sheet.
func (p *Printer) named(s models.Sheet, id int64) string {
	person := s.Person(id)
	return UserTag(person.Slack(), person.Name)
}

// safetyPanel is what the organizer sees of the loop: who is out there, when
// they were last heard of, who is home.
func (p *Printer) safetyPanel(s models.Sheet) []slack.Block {
	l := models.NewLoop(s.Board, s.Ticks)
	all, home := l.CameOut()
	if s.Call.SafetyMin == 0 || all == 0 {
		return nil
	}
	out := l.OutThere()
	head := p.T("safety.panel", "Home", home, "All", all, "Out", len(out))
	if next := s.NextTick(0); next > s.Now && l.On() {
		head += p.gap2() + p.T("safety.panel_next", "At", p.clockAhead(s, next))
	}
	lines := []string{head}
	var seen []string
	for i, su := range out {
		name := personName(s.Person(su.PersonID), 0)
		last := l.Last[su.PersonID]
		switch at := p.Clock(l.Seen(su).Time()); {
		case i >= namesShown && (last == nil || !last.Help() && !last.Missed()):
		case last != nil && last.Help() && last.OnBy != 0:
			lines = append(lines, p.T("safety.panel_help_on", "Name", name, "At", p.Clock(last.AnsweredAt.Time()), "Who", personName(s.Person(last.OnBy), 0)))
		case last != nil && last.Help():
			lines = append(lines, p.T("safety.panel_help", "Name", name, "At", p.Clock(last.AnsweredAt.Time())))
		case last != nil && last.Missed():
			lines = append(lines, p.T("safety.panel_missed", "Name", name, "At", p.Clock(last.DueAt.Time()), "Seen", at))
		case last != nil && last.Asks():
			seen = append(seen, p.T("safety.panel_waits", "Name", name, "At", at))
		default:
			seen = append(seen, name+" "+at)
		}
	}
	if len(seen) > 0 {
		lines = append(lines, p.T("safety.panel_seen", "Names", strings.Join(seen, p.T("call.sep"))))
	}
	blocks := chunks(lines, 3000, func(n int) string { return p.T("safety.panel_more", "Count", n) })
	if len(out) > 0 && s.Manages {
		blocks = append(blocks, Actions(p.homeButtons(s, out)...))
	}
	return blocks
}

// homeButtons let the organizer say who is home: one of them, or all.
func (p *Printer) homeButtons(s models.Sheet, out []*models.Signup) []slack.BlockElement {
	var options []*slack.OptionBlockObject
	for i, su := range out {
		if i == 100 { // Slack's most
			break
		}
		name := bare(s.Person(su.PersonID).Name, 70)
		if name == "" {
			name = p.T("safety.somebody", "Ref", p.ref(s))
		}
		options = append(options, slack.NewOptionBlockObject(rowID(su.ID), plain(name, 75), nil))
	}
	mark := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(p.T("safety.mark"), 150), ActionSafeMark, options...)
	all := Button(ActionSafeAllHome, rowID(s.Call.ID), p.T("safety.all_home"), "")
	all.Confirm = slack.NewConfirmationBlockObject(plain(p.T("safety.all_home"), 100), plain(p.T("safety.all_home_sure", "Count", len(out)), 300),
		plain(p.T("safety.all_home"), 30), plain(p.T("safety.not_yet"), 30))
	return []slack.BlockElement{mark, all}
}

// safetyOwnLines are what somebody's own message says of buddies and of the
// loop.
func (p *Printer) safetyOwnLines(s models.Sheet, su models.Signup) []string {
	out := models.NewLoop(s.Board, s.Ticks).Out(su.PersonID)
	if !su.Upcoming() && (out == nil || out.ID != su.ID) {
		return nil // home, or never there
	}
	var lines []string
	if s.Call.Buddy {
		if names := p.buddyNames(s, su.PersonID, su.ShiftID); names != "" {
			lines = append(lines, p.T("safety.buddy", "Names", names))
		} else if at := models.PairAt(*s.Shift(su.ShiftID)); at > s.Now {
			lines = append(lines, p.T("safety.buddy_later", "At", p.DayClock(at.Time())))
		}
	}
	if s.Call.SafetyMin > 0 && s.Call.Live() {
		lines = append(lines, p.T("safety.own", "N", s.Call.SafetyMin))
	}
	return lines
}

// safetyOwn are the buttons of somebody who is out there.
func (p *Printer) safetyOwn(s models.Sheet, su models.Signup) []slack.BlockElement {
	out := models.NewLoop(s.Board, s.Ticks).Out(su.PersonID)
	if s.Call.SafetyMin == 0 || out == nil || out.ID != su.ID {
		return nil
	}
	id := rowID(su.ID)
	need := Button(p.idOf(s, su, ActionSafeHelp), id, p.T("safety.help"), "")
	need.Style = slack.StyleDanger
	return []slack.BlockElement{Button(p.idOf(s, su, ActionSafeHome), id, p.T("safety.home"), ""), need}
}

// buddyNames mention somebody's buddies; shiftID 0 is any shift.
func (p *Printer) buddyNames(s models.Sheet, personID, shiftID int64) string {
	var names []string
	for _, b := range s.BuddiesOf(personID) {
		if shiftID == 0 || b.ShiftID == shiftID {
			names = append(names, p.named(s, b.PersonID))
		}
	}
	return strings.Join(names, p.T("call.sep"))
}
