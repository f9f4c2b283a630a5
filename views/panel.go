package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// answersOnPanel is how many answers wait on the panel with buttons: each
// takes two blocks of Slack's fifty.
const answersOnPanel = 8

// Panel is the organizer's message about one call: coming, cannot, unclear,
// gaps, and what to do. former is one that a newer panel has taken over from.
func (p *Printer) Panel(s models.Sheet, former bool) Message {
	title := words(s.Call.Title, LimitTitle)
	if former {
		return p.said(s, p.T("call.panel_former", "Title", title, "Ref", p.ref(s)))
	}
	state := p.callState(s)
	switch {
	case s.Call.State == models.CallCancelled:
		state = p.cancelled(s)
	case s.Call.Urgent && s.Call.Live():
		state = p.T("call.urgent") + " · " + state
	}
	head := p.T("call.panel_head", "Title", title, "Ref", p.ref(s), "State", state)
	where := p.when(s)
	if s.Call.Place != "" {
		where += " · " + words(s.Call.Place, limitPlace)
	}
	blocks := []slack.Block{Section("*" + head + "*"), Context(where)}
	risk := p.riskLines(s)
	if len(risk) > 0 {
		blocks = append(blocks, Section(strings.Join(risk, "\n")))
	}
	blocks = append(blocks, p.roleLines(s, namesShown, 4000)...)
	if lines := p.panelLists(s); len(lines) > 0 {
		blocks = append(blocks, chunks(lines, 3500, func(int) string { return "…" })...)
	}
	blocks = append(blocks, p.panelParts(s)...)
	blocks = append(blocks, p.openAnswers(s)...)
	if s.Call.State == models.CallDone {
		blocks = append(blocks, Section(p.achieved(s)))
	}
	rows := p.organizerRows(s, Button(ActionCallDetails, rowID(s.Call.ID), p.T("call.details"), ""))
	return p.drilled(s, Message{Text: p.panelText(s, risk), Blocks: append(fit(blocks, 49-len(rows)), rows...)})
}

func (p *Printer) panelText(s models.Sheet, risk []string) string {
	var parts []string
	for _, r := range s.Roles {
		parts = append(parts, words(p.roleName(*r), limitRole)+" "+counts(s, r))
	}
	text := p.T("call.panel_text", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Counts", strings.Join(parts, " "))
	return Cut(strings.Join(append(append(p.rollText(s), risk...), text), " "), LimitText)
}

// riskLines name the roles of shifts still ahead that are below their least.
func (p *Printer) riskLines(s models.Sheet) []string {
	if !s.Call.Live() {
		return nil
	}
	var lines []string
	for _, r := range s.Roles {
		shift := s.Shift(r.ShiftID)
		if shift.EndAt <= s.Now || shift.StartAt.Sub(s.Now) > models.RiskAhead || !s.AtRisk(r) || len(lines) == 10 {
			continue
		}
		what := words(p.roleName(*r), limitRole)
		if len(s.Shifts) > 1 {
			what += " " + p.DayClock(shift.StartAt.Time())
		}
		lines = append(lines, p.T("call.panel_risk", "What", what, "Least", r.Least, "Taken", s.Taken(r.ID)))
	}
	return lines
}

// panelLists are who waits, comes late, has not answered a change, cannot.
func (p *Printer) panelLists(s models.Sheet) []string {
	var lines, waiting, asked, late, again, cannot []string
	seen, said := map[string]bool{}, map[int64]bool{}
	add := func(list *[]string, kind, name string) {
		if !seen[kind+name] && len(*list) < namesShown {
			seen[kind+name] = true
			*list = append(*list, name)
		}
	}
	for _, su := range s.Signups {
		name := personName(s.Person(su.PersonID), su.Guests)
		switch {
		case su.State == models.SignupOffered:
			add(&asked, "o", name)
		case su.Waits() && !su.Unchecked:
			add(&waiting, "w", name)
		}
		if su.Holds() && su.LateMin > 0 {
			said[su.PersonID] = true
			add(&late, "l", p.T("call.panel_late_item", "Name", name, "Minutes", su.LateMin))
		}
		if su.Upcoming() && su.AskAgain != 0 {
			add(&again, "a", name)
		}
		if su.State == models.SignupWithdrawn {
			add(&cannot, "c", name)
		}
	}
	for _, a := range s.Answers {
		name := personName(s.Person(a.PersonID), 0)
		switch {
		case a.Kind == models.AnswerNo:
			add(&cannot, "c", name)
		case a.Kind == models.AnswerLate && a.Minutes > 0 && !said[a.PersonID]:
			add(&late, "l", p.T("call.panel_late_item", "Name", name, "Minutes", a.Minutes))
		case a.Kind == models.AnswerLate && !said[a.PersonID]:
			add(&late, "l", p.T("call.panel_way", "Name", name))
		}
	}
	for _, l := range []struct {
		key   string
		names []string
	}{{"call.panel_asked", asked}, {"call.panel_waiting", waiting}, {"call.panel_late", late}, {"call.panel_again", again}, {"call.panel_cannot", cannot}} {
		if len(l.names) > 0 {
			lines = append(lines, p.T(l.key, "Names", strings.Join(l.names, p.T("call.sep"))))
		}
	}
	return lines
}

// openAnswers are what waits for the organizer: skills to check, conditions
// and unclear words, each with one press.
func (p *Printer) openAnswers(s models.Sheet) []slack.Block {
	var blocks []slack.Block
	shown, left := 0, 0
	row := func(text string, yes, no slack.BlockElement) {
		if shown++; shown > answersOnPanel {
			left++
			return
		}
		blocks = append(blocks, Section(text), Actions(yes, no))
	}
	for _, su := range s.Signups {
		if su.Waits() && su.Unchecked && s.Call.Live() {
			id := rowID(su.ID)
			row(p.T("call.panel_check", "Name", personName(s.Person(su.PersonID), 0), "Role", words(s.Role(su.RoleID).Name, limitRole)),
				Button(ActionSkillYes+":"+id, id, p.T("call.panel_verify"), ""), Button(ActionSkillNo+":"+id, id, p.T("call.panel_refuse"), ""))
		}
	}
	for _, a := range s.Answers {
		key := map[string]string{models.AnswerConditional: "call.panel_conditional", models.AnswerUnclear: "call.panel_unclear"}[a.Kind]
		if key == "" || !s.Call.Live() {
			continue
		}
		text := words(a.Text, 300)
		if text == "" {
			text = p.T("call.panel_words_gone")
		}
		id := rowID(a.ID)
		row(p.T(key, "Name", personName(s.Person(a.PersonID), 0), "Text", text),
			Button(ActionAnswerTake+":"+id, id, p.T("call.panel_take"), ""), Button(ActionAnswerDrop+":"+id, id, p.T("call.panel_put_aside"), ""))
	}
	if left > 0 {
		blocks = append(blocks, Context(p.T("call.panel_more", "Count", left)))
	}
	return blocks
}

// CallNote tells a creator what somebody else did to their call.
func (p *Printer) CallNote(s models.Sheet, what string, by models.Person) Message {
	args := []any{"Who", UserTag(by.Slack(), by.Name), "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s)}
	if what == "cancel" {
		args = append(args, "Reason", words(s.Call.Reason, limitBring))
	}
	return p.said(s, p.T("call.note_"+what, args...),
		Button(ActionCallDetails, rowID(s.Call.ID), p.T("call.details"), ""))
}
