package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// HolidaysModel is the days of a year.
type HolidaysModel struct {
	Public  models.PublicYear
	Own     []models.OrgDay
	Years   []int
	Manages bool
}

// ownDaysShown keeps the list under Slack's fifty blocks; more are deleted by
// their date.
const ownDaysShown = 30

// Holidays is `study holidays`: the official days, the own ones, which are
// working days, where it comes from, and what is not known.
func (p *Printer) Holidays(m HolidaysModel) Message {
	year := strconv.Itoa(m.Public.Year)
	head := p.T("holiday.list", "Year", year)
	blocks := []slack.Block{Section("*" + head + "*\n" + p.publicDays(m.Public))}
	if m.Public.Source != "" {
		blocks = append(blocks, Context(p.T("holiday.source", "Source", Link(m.Public.Link, m.Public.Source))))
	}
	own := p.T("holiday.own_none")
	if len(m.Own) > 0 {
		own = p.T("holiday.own")
	}
	blocks = append(blocks, Section(own))
	for i, d := range m.Own {
		if i == ownDaysShown {
			blocks = append(blocks, Context(p.T("holiday.own_more", "N", len(m.Own)-i)))
			break
		}
		line := Section(p.ownDay(d))
		if m.Manages {
			line.Accessory = slack.NewAccessory(Button(ActionHolidayDelete, rowID(d.ID), p.T("holiday.delete"), p.T("holiday.delete")+" "+p.dateOf(d.Date)))
		}
		blocks = append(blocks, line)
	}
	var buttons []slack.BlockElement
	if m.Manages {
		buttons = append(buttons, Button(ActionHolidayAdd, year, p.T("holiday.add"), ""))
	}
	for _, y := range m.Years {
		if y != m.Public.Year {
			other := strconv.Itoa(y)
			buttons = append(buttons, Button(ActionHolidayYear+":"+other, other, p.T("holiday.other_year", "Year", other), ""))
		}
	}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	if m.Manages {
		blocks = append(blocks, Context(p.T("holiday.how")))
	}
	return Message{Text: Cut(head+"\n"+p.publicDays(m.Public), LimitText), Blocks: blocks}
}

// publicDays is a line a holiday: `国庆节：10月1日–7日放假，9月20日、10月10日上班`.
func (p *Printer) publicDays(y models.PublicYear) string {
	var lines []string
	if y.Known != models.KnownFull {
		lines = append(lines, p.unknownYear(y.Year, y.Known))
	}
	for _, run := range y.Runs {
		days := p.dateOf(run.From)
		if run.To != run.From {
			days = p.T("holiday.from_to", "From", days, "To", p.dateOf(run.To))
		}
		line := p.T("holiday.run", "Name", p.Holiday(run.Name), "Days", days)
		var work []string
		for _, d := range run.Work {
			work = append(work, p.dateOf(d))
		}
		if len(work) > 0 {
			line += p.T("holiday.run_work", "Days", strings.Join(work, p.T("form.comma")))
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// dateOf is `周四 10月1日` of 2026-10-01.
func (p *Printer) dateOf(date string) string {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		return date
	}
	in := *p
	in.Zone = time.UTC
	return in.Day(t)
}

// ownDay is `周六 12月26日：休息（建站日）`.
func (p *Printer) ownDay(d models.OrgDay) string {
	key := "holiday.day_off"
	if d.Work {
		key = "holiday.day_work"
	}
	line := p.T(key, "Day", p.dateOf(d.Date))
	if d.Name != "" {
		line += p.T("holiday.day_name", "Name", Title(d.Name))
	}
	return line
}

// OrgDayModel is an own day that was set or taken away, with what moved.
type OrgDayModel struct {
	Before models.OrgDay
	Day    models.OrgDay
	Moved  []MovedModel
}

// MovedModel is a session before and after.
type MovedModel struct {
	Study         models.Study
	Before, After models.Occurrence
}

// movedShown is how many sessions the answer names.
const movedShown = 8

// OrgDayChanged answers who set or deleted an own day: what it is now, and
// which sessions moved.
func (p *Printer) OrgDayChanged(m OrgDayModel) Message {
	key, undo := "holiday.set", UndoHolidaySet
	if m.Day.State == models.OrgDayDeleted {
		key, undo = "holiday.dropped", UndoHolidayDrop
	}
	lines := []string{p.T(key, "Day", p.ownDay(m.Day))}
	replaced := m.Day.State == models.OrgDayActive && m.Before.State == models.OrgDayActive
	if replaced {
		lines = append(lines, p.T("holiday.was", "Day", p.ownDay(m.Before)))
	}
	text := lines[0]
	for i, s := range m.Moved {
		if i == movedShown {
			lines = append(lines, p.T("holiday.moved_more", "N", len(m.Moved)-i))
			break
		}
		from := s.Before.Start
		if s.Before.Off() {
			from = 0
		}
		lines = append(lines, "• "+p.movedSession(s.Study, s.After, from))
	}
	if len(m.Moved) == 0 {
		lines = append(lines, p.T("holiday.none_moved"))
	} else {
		lines = append(lines, p.T("holiday.told"))
	}
	blocks := []slack.Block{Section(strings.Join(lines, "\n"))}
	if !replaced {
		blocks = append(blocks, Actions(p.undo(undo, m.Day.ID, "")))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}
