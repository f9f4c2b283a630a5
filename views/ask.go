package views

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons about asking directly. Values of the answers are the question, of the
// organizer's buttons the call.
const (
	ActionAskYes    = "ask_yes"
	ActionAskNo     = "ask_no"
	ActionAskLater  = "ask_later"
	ActionAskMore   = "call_ask"
	ActionAskPause  = "call_ask_pause"
	ActionAskResume = "call_ask_resume"
	ActionAskWiden  = "call_ask_widen"
	ActionAskPhones = "call_ask_phones"
)

// AskDM is the question to one person (s.Me), edited through its life: asked,
// answered, or enough people meanwhile. Empty Text means that there is nothing
// to say.
func (p *Printer) AskDM(s models.Sheet, q models.Ask, former bool) Message {
	role, shift := s.Role(q.RoleID), s.Shift(q.ShiftID)
	switch {
	case former:
		return p.said(s, p.T("ask.former", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s)))
	case q.State == models.AskUnsent:
		return Message{}
	case q.State == models.AskClosed || role == nil || shift == nil:
		return p.askEnded(s, q)
	case q.State == models.AskYes:
		return p.about(s, q, p.askedYes(s, q))
	case q.State == models.AskNo:
		var again []slack.BlockElement
		if s.TakesSignups() == nil && shift.EndAt > s.Now {
			again = append(again, Button(ActionAskYes, rowID(q.ID), p.T("ask.after_all"), ""))
		}
		return p.about(s, q, p.T("ask.said_no"), again...)
	case q.State == models.AskLater:
		return p.about(s, q, p.T("ask.said_later", "Who", p.who(s)), p.askButtons(q, false)...)
	}
	lines := []string{p.askHead(s, *role, *shift), p.askBy(s), p.askWhy(s, q, *shift)}
	m := p.said(s, strings.Join(lines, "\n"), p.askButtons(q, true)...)
	m.Text = Cut(p.askText(s, *role, *shift), LimitText)
	if s.Call.Drill {
		m.Text = p.T("call.drill") + " " + m.Text
	}
	return m
}

// askHead is `东堤装沙袋，周二 11月24日 8:00–12:00，东堤 3 号门。还差装卸 2 人。`
func (p *Printer) askHead(s models.Sheet, role models.Role, shift models.Shift) string {
	return p.askLine(s, role, shift, "*"+words(s.Call.Title, LimitTitle)+"*", words(s.Call.Place, limitPlace), words(role.Name, limitRole))
}

// askText is the same for notifications.
func (p *Printer) askText(s models.Sheet, role models.Role, shift models.Shift) string {
	return p.askLine(s, role, shift, EscapeText(bare(s.Call.Title, LimitTitle)), EscapeText(bare(s.Call.Place, limitPlace)),
		EscapeText(bare(role.Name, limitRole)))
}

func (p *Printer) askLine(s models.Sheet, role models.Role, shift models.Shift, title, place, name string) string {
	key := "ask.head"
	if place == "" {
		key = "ask.head_nowhere"
	}
	missing := p.T("ask.missing", "N", max(1, role.Most-s.Taken(role.ID)))
	if name != "" {
		missing = p.T("ask.missing_role", "N", max(1, role.Most-s.Taken(role.ID)), "Role", name)
	}
	return p.T(key, "Title", title, "When", p.span(shift), "Where", place) + p.gap2() + missing
}

func (p *Printer) askBy(s models.Sheet) string {
	line := p.T("ask.by", "Who", p.who(s), "Ref", p.ref(s))
	if s.Call.Urgent {
		line += " · *" + p.T("call.urgent") + "*"
	}
	return line
}

// askWhy says why this person is asked, from what they wrote; where they wrote
// nothing that fits, that everybody of the audience is asked in turn.
func (p *Printer) askWhy(s models.Sheet, q models.Ask, shift models.Shift) string {
	var why []string
	for _, reason := range q.Why {
		kind, word, _ := strings.Cut(reason, ":")
		switch kind {
		case "skill":
			why = append(why, p.canDo(word))
		case "area":
			why = append(why, words(areaName(word), limitName))
		case "free":
			why = append(why, p.freeThen(shift))
		}
	}
	if len(why) > 0 {
		return p.T("ask.why", "What", strings.Join(why, p.T("call.sep")))
	}
	switch {
	case strings.HasPrefix(s.Call.Audience, string(models.AudienceUnit)+":") && s.Unit.Name != "":
		return p.T("ask.why_unit", "Unit", words(s.Unit.Name, limitName))
	case strings.HasPrefix(s.Call.Audience, string(models.AudienceChannel)+":"):
		return p.T("ask.why_channel", "Channel", "<#"+strings.TrimPrefix(s.Call.Audience, string(models.AudienceChannel)+":")+">")
	case strings.HasPrefix(s.Call.Audience, string(models.AudienceGroup)+":"):
		return p.T("ask.why_group")
	}
	return p.T("ask.why_all")
}

// areaName is an area as one says it in a sentence: somebody who wrote 城东 or
// East means 城东片区, East district. The words are the person's own, so it goes
// by their script and not by the reader's language.
func areaName(area string) string {
	if area == "" || models.NamesArea(area) {
		return area
	}
	if last, _ := utf8.DecodeLastRuneInString(area); unicode.Is(unicode.Han, last) {
		return area + "片区"
	}
	return area + " district"
}

// canDo is a skill as one says it: 会装卸, but 医生 and not 会医生.
func (p *Printer) canDo(skill string) string {
	word := words(skill, limitName)
	if p.Lang != "zh" {
		return word
	}
	for _, end := range []string{"员", "师", "手", "工", "者", "生", "士", "机", "长", "照", "证"} {
		if strings.HasSuffix(skill, end) {
			return word
		}
	}
	return p.T("ask.can", "What", word)
}

// freeThen is 周二上午有空, free Tuesday mornings: the part of the day in which
// the shift begins, on the reader's wall.
func (p *Printer) freeThen(shift models.Shift) string {
	start := shift.StartAt.In(p.Zone)
	part := "night"
	switch h := start.Hour(); {
	case shift.EndAt.Sub(shift.StartAt) > 8*time.Hour:
		part = "day"
	case 5 <= h && h < 12:
		part = "morning"
	case 12 <= h && h < 18:
		part = "afternoon"
	case 18 <= h && h < 22:
		part = "evening"
	}
	day := p.Weekday(start.Weekday())
	if p.Lang != "zh" {
		day = start.Weekday().String()
	}
	return p.T("ask.free_"+part, "Day", day)
}

func (p *Printer) askButtons(q models.Ask, later bool) []slack.BlockElement {
	id := rowID(q.ID)
	yes := Button(ActionAskYes, id, p.T("ask.yes"), "")
	yes.Style = slack.StylePrimary
	out := []slack.BlockElement{yes, Button(ActionAskNo, id, p.T("ask.no"), "")}
	if later {
		out = append(out, Button(ActionAskLater, id, p.T("ask.later"), ""))
	}
	return out
}

// about is a sentence with, below it, what it is about.
func (p *Printer) about(s models.Sheet, q models.Ask, text string, buttons ...slack.BlockElement) Message {
	m := Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text)}}
	if role, shift := s.Role(q.RoleID), s.Shift(q.ShiftID); role != nil && shift != nil {
		what := p.what(s, models.Signup{RoleID: role.ID, ShiftID: shift.ID})
		m.Blocks = append(m.Blocks, Context(p.T("ask.about", "What", what, "Ref", p.ref(s), "When", p.span(*shift))))
	}
	if len(buttons) > 0 {
		m.Blocks = append(m.Blocks, Actions(buttons...))
	}
	return p.drilled(s, m)
}

func (p *Printer) askedYes(s models.Sheet, q models.Ask) string {
	su := s.Of(q.PersonID, q.ShiftID)
	if su != nil && su.Waits() && !su.Unchecked {
		return p.T("ask.enough_line", "Place", p.inLine(s.Position(su)))
	}
	if q.Late {
		return p.T("ask.said_yes_late")
	}
	return p.T("ask.said_yes")
}

// askEnded says why a question that nobody answered has no buttons any more.
func (p *Printer) askEnded(s models.Sheet, q models.Ask) Message {
	c, shift := s.Call, s.Shift(q.ShiftID)
	switch {
	case c.State == models.CallCancelled:
		return p.about(s, q, p.T("ask.cancelled", "Reason", p.cancelled(s)))
	case s.Role(q.RoleID) == nil || shift == nil || q.ClosedAt >= shift.EndAt,
		c.ClosedAt != 0 && q.ClosedAt >= c.ClosedAt, c.EndedAt != 0 && q.ClosedAt >= c.EndedAt:
		return p.about(s, q, p.T("ask.over"))
	}
	return p.about(s, q, p.T("ask.enough"))
}

// AskedYes answers the one who pressed yes on a question.
func (p *Printer) AskedYes(s models.Sheet, su models.Signup, outcome models.JoinOutcome, standby bool) Message {
	if standby {
		return p.said(s, p.T("ask.enough_line", "Place", p.inLine(s.Position(s.Signup(su.ID)))))
	}
	return p.Joined(s, su, outcome)
}

// AskedNo thanks for a no.
func (p *Printer) AskedNo(s models.Sheet) Message { return p.said(s, p.T("call.said_no")) }

// AskedLater asks when, unless there are enough people by now.
func (p *Printer) AskedLater(s models.Sheet, su models.Signup, standby bool) Message {
	if standby {
		return p.AskedYes(s, su, models.JoinedWaits, true)
	}
	return p.said(s, p.T("ask.when", "Who", p.who(s)))
}

// conditionClosed tells who had said yes on a condition that sign-up ended
// before the organizer took it; or, reopened, that it waits as before.
func (p *Printer) conditionClosed(s models.Sheet, title string) Message {
	key := "ask.closed_on"
	if s.Call.Taking() {
		key = "ask.open_again"
	}
	return p.said(s, p.T(key, "Title", title, "Ref", p.ref(s), "Who", p.who(s)))
}

// LaterWords are what "yes, but later" is kept as.
func (p *Printer) LaterWords() string { return p.T("ask.later") }

// ownAsk is the reader's own question that waits for an answer, nil for none.
func ownAsk(s models.Sheet) *models.Ask {
	for i := len(s.Asks) - 1; i >= 0; i-- {
		if q := s.Asks[i]; q.PersonID == s.Me.ID && s.Me.ID != 0 && q.Waiting() {
			return q
		}
	}
	return nil
}
