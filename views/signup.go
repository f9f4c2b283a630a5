package views

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// SignupDM is the message to one person (s.Me) about their places in a call.
// It is worded from how things stand now; args only say what caused it. former
// is a message that a newer one has taken over from. Empty Text means that
// there is nothing to say.
func (p *Printer) SignupDM(s models.Sheet, args models.SignupArgs, former bool) Message {
	title := words(s.Call.Title, LimitTitle)
	mine := ownSignups(s)
	switch {
	case len(mine) == 0 && args.Why != models.WhyCancel && args.Why != models.WhyBack && args.Why != models.WhyClosed:
		return Message{} // those are told who might set out on a condition
	case former:
		return p.said(s, p.T("call.dm_former", "Title", title, "Ref", p.ref(s)))
	case len(mine) == 0 && args.Why == models.WhyClosed && s.Call.State != models.CallCancelled:
		return p.conditionClosed(s, title)
	case s.Call.State == models.CallCancelled:
		return p.said(s, p.T("call.dm_cancelled", "Title", title, "Ref", p.ref(s), "Reason", words(s.Call.Reason, limitBring), "When", p.when(s)))
	}
	var blocks []slack.Block
	var text []string
	if args.Why == models.WhyBack {
		head := p.T("call.dm_back", "Title", title, "Ref", p.ref(s), "When", p.when(s), "Where", p.where(s))
		blocks, text = append(blocks, Section(head)), append(text, head)
	}
	if head := p.handedAway(s, mine, args); head != "" {
		blocks, text = append(blocks, Section(head)), append(text, head)
	}
	if head := p.thanks(s, mine, args); head != "" {
		blocks, text = append(blocks, Section(head)), append(text, head)
	}
	for i, su := range mine {
		if i > 0 {
			blocks = append(blocks, slack.NewDividerBlock())
		}
		head, more, buttons := p.place(s, *su, args)
		body := strings.Join(append([]string{head}, more...), "\n")
		blocks = append(blocks, Section(body))
		if len(buttons) > 0 {
			blocks = append(blocks, Actions(buttons...))
		}
		text = append(text, head)
	}
	return p.drilled(s, Message{Text: Cut(strings.Join(text, " "), LimitText), Blocks: fit(blocks, 49)})
}

// ownSignups are the reader's sign-ups, by shift: those that are active, else
// the ones given up last.
func ownSignups(s models.Sheet) []*models.Signup {
	var out, all []*models.Signup
	for _, su := range s.Signups {
		if su.PersonID != s.Me.ID {
			continue
		}
		all = append(all, su)
		if su.Active() || su.State == models.SignupNoShow {
			out = append(out, su)
		}
	}
	if len(out) == 0 {
		out = all
	}
	slices.SortFunc(out, func(a, b *models.Signup) int { return s.Shift(a.ShiftID).Seq - s.Shift(b.ShiftID).Seq })
	return out
}

func (p *Printer) where(s models.Sheet) string {
	if s.Call.Place == "" {
		return p.T("call.dm_here")
	}
	return words(s.Call.Place, limitPlace)
}

// place words one sign-up: what it is, what belongs to it, what one can do.
func (p *Printer) place(s models.Sheet, su models.Signup, args models.SignupArgs) (head string, more []string, buttons []slack.BlockElement) {
	what, ref := p.what(s, su), p.ref(s)
	leave := Button(p.idOf(s, su, ActionCallLeave), rowID(su.ID), p.T("call.leave"), "")
	shift := s.Shift(su.ShiftID)
	head, more, buttons, onsite := p.onsitePlace(s, su)
	switch {
	case su.State == models.SignupWithdrawn:
		return p.withdrawn(s, su)
	case onsite:
		return head, more, append(buttons, p.safetyOwn(s, su)...)
	case s.Call.State == models.CallDone && su.Waits():
		return p.T("call.dm_done_waiting", "What", what, "Ref", ref), nil, nil
	case s.Call.State == models.CallDone || !su.Upcoming() || shift.EndAt <= s.Now:
		return p.T("call.dm_done", "What", what, "Ref", ref), nil, nil
	case su.State == models.SignupOffered:
		return p.offer(s, su, args)
	case su.State == models.SignupWaitlisted && args.Why == models.WhyStandby:
		head = p.T("ask.enough_line", "Place", p.inLine(s.Position(s.Signup(su.ID))))
		return head, []string{p.T("ask.about", "What", what, "Ref", ref, "When", p.span(*shift))}, []slack.BlockElement{leave}
	case su.State == models.SignupWaitlisted:
		head, more = p.waiting(s, su)
		return head, more, []slack.BlockElement{leave}
	case su.AskAgain != 0:
		return p.moved(s, su, args)
	}
	if asksFewer(s, su, args) {
		return p.fewerPlace(s, su)
	}
	key := "call.dm_confirmed"
	switch args.Why {
	case models.WhyPromoted:
		key = "call.dm_promoted"
	case models.WhyReminder:
		key = "call.dm_reminder"
	}
	if head = p.handoverHead(s, su, args); head == "" {
		head = p.T(key, "What", what, "Ref", ref)
	}
	if args.Late && args.Why == models.WhyReminder {
		more = append(more, p.T("call.dm_late"))
	}
	more = append(more, p.confirmedLines(s, su, args)...)
	buttons = append(p.ownButtons(s, su), leave)
	if asksAgain(su, args) {
		come := Button(p.idOf(s, su, ActionCallConfirm), rowID(su.ID), p.T("call.come"), "")
		here := p.onsiteOwn(s, su)
		if len(here) == 0 { // who can check in says more with that
			come.Style = slack.StylePrimary
		}
		buttons = append(append(here, come), append(p.handoverOwn(s, su), leave)...)
	}
	return head, more, buttons
}

// idOf makes action ids of several places in one message different.
func (p *Printer) idOf(s models.Sheet, su models.Signup, action string) string {
	if seq := s.Shift(su.ShiftID).Seq; len(s.Shifts) > 1 && seq > 1 {
		return action + ":" + rowID(int64(seq))
	}
	return action
}

func (p *Printer) confirmedLines(s models.Sheet, su models.Signup, args models.SignupArgs) []string {
	shift := s.Shift(su.ShiftID)
	line := p.T("call.dm_line_nowhere", "When", p.span(*shift))
	if s.Call.Place != "" {
		line = p.T("call.dm_line", "When", p.span(*shift), "Where", words(s.Call.Place, limitPlace))
	}
	if s.Call.Bring != "" {
		line += p.gap2() + p.T("call.dm_bring", "What", words(s.Call.Bring, limitBring))
	}
	lines := []string{line}
	if s.Call.Private != "" {
		lines = append(lines, p.T("call.private", "What", words(s.Call.Private, 1500)))
	}
	if su.LateMin > 0 {
		lines = append(lines, p.T("call.dm_late_by", "N", su.LateMin))
	}
	if su.YesAt != 0 && !asksAgain(su, args) {
		lines = append(lines, p.T("call.dm_said_yes"))
	}
	if text := p.reminders(s, *shift); text != "" {
		lines = append(lines, text)
	}
	return append(lines, p.ownLines(s, su)...)
}

// asksAgain says whether a reminder waits for an answer: a yes from before it
// was said to something else.
func asksAgain(su models.Signup, args models.SignupArgs) bool {
	return args.Why == models.WhyReminder && (su.YesAt == 0 || su.YesAt < args.At)
}

// gap2 is what stands between two sentences.
func (p *Printer) gap2() string {
	if p.Lang == "zh" {
		return ""
	}
	return " "
}

// reminders says when the reader will be reminded, which is what will happen.
func (p *Printer) reminders(s models.Sheet, shift models.Shift) string {
	if s.TimesOf == nil {
		return ""
	}
	ahead := models.RemindersOf(*s.Call, shift, s.TimesOf(s.Me.ID), s.Now)
	switch len(ahead) {
	case 0:
		return ""
	case 1:
		return p.T("call.dm_remind_one", "One", p.soon(s, ahead[0]))
	case 2:
		return p.T("call.dm_remind_two", "One", p.soon(s, ahead[0]), "Two", p.soon(s, ahead[1]))
	}
	return p.T("call.dm_remind_many", "Count", len(ahead), "One", p.soon(s, ahead[0]))
}

// soon is `周五 9:00` within six days, else with the date.
func (p *Printer) soon(s models.Sheet, at models.Instant) string {
	if at.Sub(s.Now) < 6*24*time.Hour {
		return p.Weekday(at.In(p.Zone).Weekday()) + " " + p.Clock(at.Time())
	}
	return p.Day(at.Time()) + " " + p.Clock(at.Time())
}

func (p *Printer) waiting(s models.Sheet, su models.Signup) (string, []string) {
	if su.Unchecked {
		return p.T("call.dm_check", "What", p.what(s, su), "Ref", p.ref(s), "Who", p.who(s)), []string{p.timeAndPlace(s, su)}
	}
	head := p.T("call.dm_waiting", "Place", p.inLine(s.Position(s.Signup(su.ID))), "What", p.what(s, su), "Ref", p.ref(s))
	more := []string{p.timeAndPlace(s, su), p.T("call.dm_waiting_then")}
	if su.PassedOver {
		more = append(more, p.T("call.dm_passed", "Count", su.Party()))
	}
	return head, more
}

func (p *Printer) timeAndPlace(s models.Sheet, su models.Signup) string {
	when := p.span(*s.Shift(su.ShiftID))
	if s.Call.Place == "" {
		return p.T("call.dm_line_nowhere", "When", when)
	}
	return p.T("call.dm_line", "When", when, "Where", words(s.Call.Place, limitPlace))
}

func (p *Printer) offer(s models.Sheet, su models.Signup, args models.SignupArgs) (string, []string, []slack.BlockElement) {
	key := "call.dm_offer"
	switch {
	case su.Race:
		key = "call.dm_race"
	case args.Why == models.WhyHeld && su.How == models.ByOrganizer:
		key = "call.dm_held"
	}
	head := p.T(key, "What", p.what(s, su), "When", p.span(*s.Shift(su.ShiftID)), "Where", p.where(s), "Until", p.soon(s, su.OfferUntil), "Who", p.who(s))
	take := Button(p.idOf(s, su, ActionOfferAccept), rowID(su.ID), p.T("call.take"), "")
	take.Style = slack.StylePrimary
	return head, nil, []slack.BlockElement{take, Button(p.idOf(s, su, ActionOfferDecline), rowID(su.ID), p.T("call.no_thanks"), "")}
}

// moved asks whether somebody can still come: 时间改了：8:00 → 14:00。
func (p *Printer) moved(s models.Sheet, su models.Signup, args models.SignupArgs) (string, []string, []slack.BlockElement) {
	shift := s.Shift(su.ShiftID)
	head := p.T("call.dm_moved", "What", p.what(s, su), "Ref", p.ref(s), "When", p.span(*shift), "Where", p.where(s))
	if args.Was != 0 && shift.Seq == 1 && args.Was != shift.StartAt {
		was, now := p.Clock(args.Was.Time()), p.Clock(shift.StartAt.Time())
		if p.Day(args.Was.Time()) != p.Day(shift.StartAt.Time()) {
			was, now = p.DayClock(args.Was.Time()), p.DayClock(shift.StartAt.Time())
		}
		head = p.T("call.dm_moved_when", "What", p.what(s, su), "Ref", p.ref(s), "Was", was, "Now", now)
	}
	can := Button(p.idOf(s, su, ActionCallConfirm), rowID(su.ID), p.T("call.can"), "")
	can.Style = slack.StylePrimary
	return head, append(p.confirmedLines(s, su, args), p.T("call.dm_moved_keep")),
		[]slack.BlockElement{can, Button(p.idOf(s, su, ActionCallLeave), rowID(su.ID), p.T("call.cannot"), "")}
}

func (p *Printer) withdrawn(s models.Sheet, su models.Signup) (string, []string, []slack.BlockElement) {
	key := "call.dm_withdrawn"
	switch {
	case s.Me.Guest:
		key = "call.dm_guest"
	case su.Lapsed:
		key = "call.dm_lapsed"
	}
	head := p.T(key, "What", p.what(s, su), "Ref", p.ref(s))
	if to := handedTo(s, su); to != 0 {
		head = p.T("handover.dm_handed", "Who", p.mention(s, to), "What", p.what(s, su), "Ref", p.ref(s))
	}
	if s.Me.Guest || su.Lapsed || !s.Call.Live() || s.Shift(su.ShiftID).EndAt <= s.Now {
		return head, nil, nil
	}
	return head, nil, []slack.BlockElement{p.undoLeave(s, su)}
}

func (p *Printer) undoLeave(s models.Sheet, su models.Signup) slack.BlockElement {
	return Button(p.idOf(s, su, ActionUndo), UndoSignup+rowID(su.ID), p.T("call.undo"), "")
}

// fit keeps a message within Slack's limits on blocks and on text in all
// (about 13,000 characters, measured by others; 12,000 leaves room).
func fit(blocks []slack.Block, most int) []slack.Block {
	if len(blocks) > most {
		blocks = blocks[:most]
	}
	left := 12000
	for _, b := range blocks {
		section, ok := b.(*slack.SectionBlock)
		if !ok || section.Text == nil {
			continue
		}
		n := utf8.RuneCountInString(section.Text.Text)
		if n > left {
			section.Text.Text = Cut(section.Text.Text, max(2, left))
			n = left
		}
		left -= n
	}
	return blocks
}
