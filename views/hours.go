package views

import (
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of hours; contesting one's own is ActionHoursContest.
const (
	ActionHoursApprove = "hours_approve" // value hours; the second person's yes
	ActionHoursRefuse  = "hours_refuse"  // value hours
	ActionHoursDecide  = "hours_decide"  // :yes or :no, from the second row on :yes:ROW, value hours; contested ones count, or don't
	ActionHoursMine    = "hours_mine"    // one's own ledger of this year, or of :YEAR; value the row to go on after, 0 = from the newest
)

// hoursShown bounds a page of one's own ledger: two blocks a row, of Slack's 50.
const hoursShown = 15

// hoursOf is a stretch in hours.
func hoursOf(minutes int) string { return Number(float64(minutes) / 60) }

// hourWhen is `Sat 28 Nov, 8:00–17:00, 9 hours`.
func (p *Printer) hourWhen(h models.HourShown) string {
	return p.T("hours.when", "When", p.Range(h.FromAt.Time(), h.ToAt.Time()), "Hours", hoursOf(h.Minutes))
}

func (p *Printer) hourTitle(h models.HourShown) string {
	return p.T("hours.title", "Title", words(h.Call.Title, LimitTitle), "Ref", h.Call.Ref())
}

// hourLines is everything that somebody who is asked needs to judge by: who,
// what, when, the evidence, who entered it when, and what the day comes to.
func (p *Printer) hourLines(h models.HourShown) []string {
	lines := []string{p.T("hours.of", "Who", UserTag(h.Person.Slack(), h.Person.Name), "What", p.hourTitle(h)), p.hourWhen(h)}
	if h.Total > h.Minutes {
		lines = append(lines, p.T("hours.total", "Hours", hoursOf(h.Total)))
	}
	grade := "hours.grade_" + h.Grade
	if h.Grade == models.EvidenceRoll && h.Needs == models.NeedsYes {
		grade = "hours.grade_roll_only"
	}
	lines = append(lines, p.T(grade))
	if h.EnteredAt != 0 {
		key := "hours.entered"
		if h.Late {
			key = "hours.entered_late"
		}
		lines = append(lines, p.T(key, "Who", UserTag(h.EnteredBy.Slack(), h.EnteredBy.Name), "At", p.DayClock(h.EnteredAt.Time())))
	}
	return lines
}

// hourState says whether hours count, and whose word made it so or is missing.
func (p *Printer) hourState(h models.HourShown) string {
	by := UserTag(h.By.Slack(), h.By.Name)
	switch {
	case h.State == models.HoursCounted && h.By.ID != 0:
		return p.T("hours.counted_by", "Who", by)
	case h.State == models.HoursRefused && h.Why == models.RefusedDecided && h.By.ID != 0:
		return p.T("hours.refused_by", "Who", by)
	case h.State == models.HoursRefused:
		return p.T("hours.refused_" + h.Why)
	case h.State == models.HoursPending:
		return p.T("hours.needs_" + h.Needs)
	}
	return p.T("hours." + h.State)
}

// ownState is hourState for the person whose hours they are.
func (p *Printer) ownState(h models.HourShown) string {
	if h.State == models.HoursPending && h.Needs == models.NeedsYes {
		return p.T("hours.needs_yours")
	}
	return p.hourState(h)
}

func hourMessage(lines []string, blocks ...slack.Block) Message {
	return Message{Text: Cut(strings.Join(lines, "\n"), LimitText), Blocks: append([]slack.Block{Section(strings.Join(lines, "\n"))}, blocks...)}
}

// HoursApproval asks a second person, or an admin, for their word about
// somebody's hours; once nobody's is missing it says how it ended.
func (p *Printer) HoursApproval(h models.HourShown) Message {
	if !h.May {
		return p.HoursSettled(h)
	}
	why := h.Needs
	if h.Needs == models.NeedsSecond && h.Grade == models.EvidenceLate {
		why = "late"
	}
	lines := append([]string{p.T("hours.ask")}, p.hourLines(h)...)
	lines = append(lines, p.T("hours.why_"+why))
	yes := Button(ActionHoursApprove, rowID(h.ID), p.T("hours.approve"), "")
	yes.Style = slack.StylePrimary
	return hourMessage(lines, Actions(yes, Button(ActionHoursRefuse, rowID(h.ID), p.T("hours.refuse"), "")))
}

// HoursSettled is a row as it stands, for who had a say in it.
func (p *Printer) HoursSettled(h models.HourShown) Message {
	return hourMessage(append(p.hourLines(h), p.hourState(h)))
}

// HoursTold tells somebody what was decided about their hours.
func (p *Printer) HoursTold(h models.HourShown) Message {
	told := p.T("hours.told", "What", p.hourTitle(h), "When", p.hourWhen(h))
	if h.State == models.HoursPending && h.Needs == models.NeedsYes && h.By.ID != 0 { // decided for the roll, and still never agreed to
		return hourMessage([]string{told, p.T("hours.told_yes", "Who", UserTag(h.By.Slack(), h.By.Name))},
			Actions(Button(ActionHoursConfirm, rowID(h.SignupID), p.T("onsite.right_after_all"), "")))
	}
	return hourMessage([]string{told, p.hourState(h)})
}

// HoursContested tells who runs a call that somebody says the roll is wrong.
// Who did not take it may decide; who took it may correct it.
func (p *Printer) HoursContested(s models.Sheet, who models.Person, rows []models.HourShown) Message {
	m := p.Contested(s, who)
	if settled := len(rows) > 0 && !slices.ContainsFunc(rows, func(h models.HourShown) bool { return h.State == models.HoursContested }); settled {
		m = hourMessage([]string{p.T("hours.contest_over", "Who", UserTag(who.Slack(), who.Name), "What", p.hourTitle(rows[0]))})
	}
	after := "" // of the first row; a night has two, and a message each action_id once
	for i, h := range rows {
		if i > 0 {
			after = ":" + rowID(h.ID)
		}
		lines := append(p.hourLines(h), p.hourState(h))
		m.Blocks = append(m.Blocks, Section(strings.Join(lines, "\n")))
		m.Text = Cut(m.Text+"\n"+strings.Join(lines, "\n"), LimitText)
		if h.May {
			m.Blocks = append(m.Blocks, Actions(Button(ActionHoursDecide+":yes"+after, rowID(h.ID), p.T("hours.decide_yes"), ""),
				Button(ActionHoursDecide+":no"+after, rowID(h.ID), p.T("hours.decide_no"), "")))
		}
	}
	return m
}

// HoursLine is what a person's year comes to, in one line: the volunteer
// ledger only.
func (p *Printer) HoursLine(b models.HoursBook) string {
	line := p.T("hours.year", "Hours", hoursOf(b.Counted))
	if b.Waiting > 0 {
		line += p.T("hours.year_waiting", "Hours", hoursOf(b.Waiting))
	}
	if b.Stars > 0 {
		line += p.T("hours.year_stars", "Stars", strings.Repeat("★", b.Stars), "Hours", hoursOf(b.Ever))
	}
	return line
}

func (p *Printer) hoursButton() *slack.ButtonBlockElement {
	return Button(ActionHoursMine, "0", p.T("hours.open"), "")
}

// MyHours is one's own ledger of a year, newest first, going on after a row.
func (p *Printer) MyHours(b models.HoursBook, after int64) Message {
	year := b.Year.Start.In(p.OrgZone).Year()
	head := []string{"*" + p.T("hours.mine", "Year", strconv.Itoa(year)) + "*", p.HoursLine(b), p.T("hours.study", "Hours", hoursOf(b.Study))}
	rows := b.Rows
	for i, h := range rows {
		if h.ID == after {
			rows = rows[i+1:]
			break
		}
	}
	more := len(rows) > hoursShown
	rows = rows[:min(len(rows), hoursShown)]
	if len(rows) == 0 {
		head = append(head, p.T("hours.none"))
	}
	m := hourMessage(head)
	for _, h := range rows {
		line := p.T("hours.row", "What", p.hourTitle(h), "When", p.hourWhen(h), "State", p.ownState(h))
		m.Blocks = append(m.Blocks, Section(line))
		m.Text = Cut(m.Text+"\n"+line, LimitText)
		if buttons := p.hourButtons(h); len(buttons) > 0 {
			m.Blocks = append(m.Blocks, Actions(buttons...))
		}
	}
	if more {
		m.Blocks = append(m.Blocks, Actions(Button(ActionHoursMine+":"+strconv.Itoa(year), rowID(rows[len(rows)-1].ID), p.T("hours.earlier"), "")))
	}
	return m
}

// hourButtons are what somebody may say of a row of their own.
func (p *Printer) hourButtons(h models.HourShown) []slack.BlockElement {
	after := ":" + rowID(h.ID) // a message has each action_id once
	yes := Button(ActionHoursConfirm+after, rowID(h.SignupID), p.T("onsite.right"), "")
	no := Button(ActionHoursContest+after, rowID(h.SignupID), p.T("onsite.wrong"), "")
	switch {
	case h.State == models.HoursPending && h.Needs == models.NeedsYes:
		return []slack.BlockElement{yes, no}
	case h.State == models.HoursContested:
		return []slack.BlockElement{Button(ActionHoursConfirm+after, rowID(h.SignupID), p.T("onsite.right_after_all"), "")}
	case h.State == models.HoursCounted && h.ContestAt == 0, h.State == models.HoursPending:
		return []slack.BlockElement{no}
	}
	return nil
}

// heldButtons are what somebody may say in their own message while hours wait
// for another's word; once that is spoken, nothing.
func (p *Printer) heldButtons(s models.Sheet, su models.Signup, contest slack.BlockElement) []slack.BlockElement {
	switch held := s.HoursHeld(su.ID); {
	case held.Needs == models.NeedsYes:
		return []slack.BlockElement{p.onsiteButton(s, su, ActionHoursConfirm, "onsite.right_after_all")}
	case held.AwaitsOther() && su.ContestAt == 0:
		return []slack.BlockElement{contest}
	}
	return nil
}
