package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// What the organizer sees when nobody is left to ask.

// AskOver tells the organizer that nobody is left to ask: who was reached, whom
// one may still phone, and what could be widened.
func (p *Printer) AskOver(s models.Sheet, former bool) Message {
	var heads, lines []string
	left := map[string]int{}
	over := map[int64]bool{}
	for _, run := range s.Runs {
		role := s.Role(run.RoleID)
		if role == nil || run.State != models.RunExhausted {
			continue
		}
		over[role.ID] = true
		heads = append(heads, p.T("ask.over_role", "What", p.roleAndTime(s, role), "Count", max(0, role.Most-s.Taken(role.ID))))
		if asked, _ := tallyOf(s, role.ID); asked > 0 {
			lines = append(lines, p.T("ask.panel_run", "What", p.roleAndTime(s, role), "N", asked)+p.T("ask.colon")+p.reached(s, role.ID))
		}
		for reason, n := range run.Left {
			left[reason] = max(left[reason], n)
		}
	}
	title := words(s.Call.Title, LimitTitle)
	if len(heads) == 0 || former || !s.Call.Taking() {
		return p.said(s, p.T("ask.over_past", "Title", title, "Ref", p.ref(s)))
	}
	head := p.T("ask.over_head", "Title", title, "Ref", p.ref(s), "Roles", strings.Join(heads, p.comma()))
	reach, phone := p.reachable(s, over)
	lines = append(lines, reach...)
	if text := p.leftOut(left); text != "" {
		lines = append(lines, p.T("ask.left", "What", text))
	}
	lines = append(lines, p.T("ask.widen_how", "Ref", s.Call.Ref()))
	var buttons []slack.BlockElement
	if n := left[models.LeftSkill]; n > 0 && len(s.Call.Skills) > 0 {
		buttons = append(buttons, Button(ActionAskWiden, rowID(s.Call.ID), p.T("ask.widen", "N", n), ""))
	}
	if phone {
		buttons = append(buttons, Button(ActionAskPhones, rowID(s.Call.ID), p.T("ask.phones_show"), ""))
	}
	buttons = append(buttons, Button(ActionAskMore, rowID(s.Call.ID), p.T("ask.again"), ""),
		Button(ActionCallDetails, rowID(s.Call.ID), p.T("call.details"), ""))
	m := p.said(s, "*"+head+"*\n"+strings.Join(lines, "\n"), buttons...)
	m.Text = head
	if s.Call.Drill {
		m.Text = p.T("call.drill") + " " + head
	}
	return m
}

// reached is `1 人能来（张三），2 人来不了（李四、王五）`: whom asking for a role has
// reached, by what came of it.
func (p *Printer) reached(s models.Sheet, roleID int64) string {
	names, by := map[models.AskState][]string{}, map[models.AskState]int{}
	for _, q := range s.Asks {
		if q.RoleID != roleID || !q.Asked() {
			continue
		}
		state := stateOf(s, q)
		by[state]++
		if person, known := s.People[q.PersonID]; known {
			names[state] = append(names[state], personName(person, 0))
		}
	}
	var parts []string
	for _, c := range tallies() {
		n, who := 0, []string(nil)
		for _, state := range c.states {
			n, who = n+by[state], append(who, names[state]...)
		}
		if n == 0 {
			continue
		}
		part := p.T(c.key, "N", n)
		if len(who) == n && n <= namesOnCard {
			part = p.T("ask.count_named", "Count", part, "Names", strings.Join(who, p.T("call.sep")))
		}
		parts = append(parts, part)
	}
	return strings.Join(parts, p.comma())
}

// reachable are those without an answer whose notifications are off, and whose
// phone may be used: a phone number is for a call in need.
func (p *Printer) reachable(s models.Sheet, over map[int64]bool) (lines []string, phone bool) {
	var quiet, phones []string
	for _, q := range s.Asks {
		person, known := s.People[q.PersonID]
		if !known || !over[q.RoleID] || !q.Unanswered() {
			continue
		}
		if person.DNDUntil > s.Now && len(quiet) < namesOnCard {
			quiet = append(quiet, personName(person, 0))
		}
		if person.Phone != "" && len(phones) < namesOnCard {
			phones = append(phones, personName(person, 0))
		}
	}
	if len(quiet) > 0 {
		lines = append(lines, p.T("ask.dnd", "Names", strings.Join(quiet, p.T("call.sep"))))
	}
	if len(phones) > 0 {
		lines = append(lines, p.T("ask.phones", "Names", strings.Join(phones, p.T("call.sep"))))
	}
	return lines, len(phones) > 0
}

// AskPhones are the numbers that an organizer asked for, to be pressed on.
func (p *Printer) AskPhones(s models.Sheet, people []models.Person) Message {
	lines := []string{p.T("ask.phones_head", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s))}
	for i, person := range people {
		if i == namesShown {
			break
		}
		lines = append(lines, personName(person, 0)+"   "+phoneLink(person.Phone))
	}
	return p.said(s, strings.Join(lines, "\n"))
}

// leftOut says why the others were not asked: `9 人没有所需的技能，2 人那时有别的班`.
// Those asked already, and the organizer, are no news.
func (p *Printer) leftOut(left map[string]int) string {
	var parts []string
	for _, reason := range []string{models.LeftSkill, models.LeftUnverified, models.LeftOverlap, models.LeftRest, models.LeftQuiet,
		models.LeftOptedOut, models.LeftPaused, models.LeftDeclined, models.LeftSigned, models.LeftOpen} {
		if left[reason] > 0 {
			parts = append(parts, p.T("ask.left_"+reason, "N", left[reason]))
		}
	}
	return strings.Join(parts, p.comma())
}
