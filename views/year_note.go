package views

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// AwayModel is a member who was long away, with what could help.
type AwayModel struct {
	Person     models.Person
	Absence    models.Absence
	Open, Next models.Chance // zero = none
}

// noteRows is how many members a note to a leader names; the account has the
// rest.
const noteRows = 15

// YearAbsence tells a leader, kindly, who took part in nothing for long.
func (p *Printer) YearAbsence(unit models.Unit, year int, away []AwayModel) Message {
	head := p.T("year.away", "Unit", p.yearUnit(unit), "N", len(away))
	var lines []string
	for i, m := range away {
		if i == noteRows {
			lines = append(lines, p.T("year.more", "N", len(away)-i))
			break
		}
		lines = append(lines, p.awayLine(m))
	}
	return p.note(unit, year, head, lines, p.T("year.away_help"))
}

func (p *Printer) awayLine(m AwayModel) string {
	days := int(models.At(p.Now).Sub(m.Absence.Since) / (24 * time.Hour))
	key := "year.away_since"
	if m.Absence.Never {
		key = "year.away_never"
	}
	line := p.T(key, "Name", "*"+personName(m.Person, 0)+"*", "Day", p.yearDay(m.Absence.Since), "Days", days, "N", m.Absence.Held)
	if m.Open.At != 0 {
		line += p.T("year.away_open", "When", p.yearDay(m.Open.At))
	}
	if m.Next.At != 0 {
		line += p.T("year.away_next", "When", p.DayClock(m.Next.At.Time()))
	}
	return line
}

// YearShort tells a leader who may fall short, and what still helps.
func (p *Printer) YearShort(unit models.Unit, year int, rows []models.YearRow) Message {
	head := p.T("year.short", "Unit", p.yearUnit(unit), "N", len(rows), "Year", year)
	var lines []string
	beyond := 0
	for i, r := range rows {
		if r.Forecast.Verdict == models.VerdictBeyond {
			beyond++
		}
		if i < noteRows {
			lines = append(lines, p.yearRow(r))
		}
	}
	if left := len(rows) - noteRows; left > 0 {
		lines = append(lines, p.T("year.more", "N", left))
	}
	help := p.T("year.short_help")
	if beyond > 0 {
		help += " " + p.T("year.short_plan", "N", beyond)
	}
	return p.note(unit, year, head, lines, help)
}

func (p *Printer) note(unit models.Unit, year int, head string, lines []string, help string) Message {
	blocks := []slack.Block{Section("*" + head + "*")}
	for len(lines) > 0 { // seven stay under a section's limit
		n := min(len(lines), 7)
		blocks = append(blocks, Section(strings.Join(lines[:n], "\n")))
		lines = lines[n:]
	}
	blocks = append(blocks, Section(help), Actions(
		Button(ActionYear, YearRef{UnitID: unit.ID, Year: year, What: "0"}.Value(), p.T("year.open"), ""),
		Button(ActionExempt, YearRef{UnitID: unit.ID, Year: year, What: "0"}.Value(), p.T("year.exempt"), "")),
		Context(p.T("year.note_off")))
	return Message{Text: Cut(head, LimitText), Blocks: blocks}
}

// YearNoteOver is what is left of a note when it holds for nobody any more.
func (p *Printer) YearNoteOver(unit models.Unit) Message {
	text := p.T("year.note_over", "Unit", p.yearUnit(unit))
	return Message{Text: text, Blocks: []slack.Block{Section(text)}}
}
