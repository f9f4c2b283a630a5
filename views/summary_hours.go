package views

import (
	"strings"

	"muster/models"
)

// goodsShown bounds what one line names; the rest is in the table.
const goodsShown = 5

// volunteerLines are the people, their hours by evidence, and what their work
// came to.
func (p *Printer) volunteerLines(m SummaryModel) []string {
	now, before := m.Now, m.Before
	h := now.Hours
	var lines []string
	if now.Volunteers == 0 && before.Volunteers == 0 && h.Counted == 0 && h.Waiting == 0 {
		lines = append(lines, p.T("summary.no_volunteers"))
	} else {
		line := p.T("summary.volunteers", "N", now.Volunteers, "Compared", p.compare(now.Volunteers-before.Volunteers, now.Period))
		lines = append(lines, line+p.hoursPart(h, before.Hours))
		if sources := p.hoursSources(h); sources != "" {
			lines = append(lines, indent+sources)
		}
	}
	if !m.Public && h.Unapproved > 0 {
		lines = append(lines, indent+p.T("summary.unapproved", "Hours", hoursOf(h.Unapproved)))
	}
	if len(m.Leaders) > 0 {
		lines = append(lines, p.leadersLine(m))
	}
	if now.Served > 0 {
		lines = append(lines, p.T("summary.served", "N", now.Served))
	}
	if len(now.Goods) > 0 {
		lines = append(lines, p.summaryGoods(now.Goods))
	}
	return lines
}

// hoursPart is what counts, against the period before, and what does not.
func (p *Printer) hoursPart(now, before models.HoursFigures) string {
	text := p.T("summary.hours_none")
	if now.Counted > 0 {
		compared := ""
		switch diff := now.Counted - before.Counted; {
		case before.Counted == 0:
		case diff > 0:
			compared = p.T("summary.hours_more", "Hours", hoursOf(diff))
		case diff < 0:
			compared = p.T("summary.hours_fewer", "Hours", hoursOf(-diff))
		default:
			compared = p.T("summary.hours_same")
		}
		text = p.T("summary.hours", "Hours", hoursOf(now.Counted), "Compared", compared)
	}
	if now.Waiting > 0 {
		text += p.T("summary.hours_waiting", "Hours", hoursOf(now.Waiting))
	}
	return text
}

// hoursSources says how the hours that count were shown.
func (p *Printer) hoursSources(h models.HoursFigures) string {
	var parts []string
	for _, part := range []struct {
		key     string
		minutes int
	}{{"summary.hours_onsite", h.Onsite}, {"summary.hours_rolled", h.Rolled}, {"summary.hours_late", h.Late}} {
		if part.minutes > 0 {
			parts = append(parts, p.T(part.key, "Hours", hoursOf(part.minutes)))
		}
	}
	return strings.Join(parts, p.T("summary.comma"))
}

func (p *Printer) summaryGoods(goods []models.GoodsLine) string {
	var items []string
	for _, g := range goods[:min(len(goods), goodsShown)] {
		items = append(items, p.T("summary.item", "Item", Title(g.Item), "N", g.Number))
	}
	line := p.T("summary.goods", "Items", strings.Join(items, p.T("summary.unit_comma")))
	if more := len(goods) - goodsShown; more > 0 {
		line += p.T("summary.goods_more", "N", more)
	}
	return line
}

// longLines are what a month or a year says besides: hours by unit, and of a
// year its months.
func (p *Printer) longLines(m SummaryModel) []string {
	var lines []string
	if m.Now.Period.Kind == models.PeriodYear || m.Now.Period.Kind == models.PeriodMonth {
		if line := p.unitHours(m); line != "" {
			lines = append(lines, line)
		}
	}
	for _, month := range m.Now.Months {
		lines = append(lines, p.monthLine(month, m.Public))
	}
	return lines
}

// unitHours names the units by their hours.
func (p *Printer) unitHours(m SummaryModel) string {
	if len(m.Now.Units) < 2 {
		return ""
	}
	shown, _, more := m.shownHours()
	var parts []string
	for _, u := range shown {
		name := Title(u.Unit)
		if u.UnitID == 0 {
			name = p.T("summary.no_unit")
		}
		parts = append(parts, p.T("summary.unit_hours", "Unit", name, "Hours", hoursOf(u.Minutes), "N", u.People))
	}
	if len(parts) == 0 {
		return ""
	}
	if more > 0 {
		parts = append(parts, p.T("summary.more_units", "N", more))
	}
	return p.T("summary.by_unit", "Units", strings.Join(parts, " · "))
}

// monthLine is one month of a year, to be read aloud.
func (p *Printer) monthLine(month models.MonthLine, public bool) string {
	name := p.monthName(month)
	var parts []string
	if month.Calls > 0 {
		parts = append(parts, p.T("summary.month_calls", "N", month.Calls))
	}
	if month.Volunteers > 0 || month.Minutes > 0 {
		parts = append(parts, p.T("summary.month_volunteers", "N", month.Volunteers, "Hours", hoursOf(month.Minutes)))
	}
	percent, ok := month.Study.Rate()
	switch {
	case month.Study.Sessions == 0:
	case month.Study.Recorded == 0:
		parts = append(parts, p.T("summary.month_unrecorded", "N", month.Study.Sessions))
	case ok && !(public && month.Study.Small()):
		parts = append(parts, p.T("summary.month_study", "N", month.Study.Recorded, "Percent", percent))
	default:
		parts = append(parts, p.T("summary.month_sessions", "N", month.Study.Recorded))
	}
	if len(parts) == 0 {
		parts = append(parts, p.T("summary.month_nothing"))
	}
	return p.T("summary.month", "Month", name, "What", strings.Join(parts, " · "))
}

// gapsShown is how many duties without a record a summary names.
const gapsShown = 10

// dutyGaps names the duties that units have no record of.
func (p *Printer) dutyGaps(gaps []models.DutyGap) string {
	var parts []string
	for _, g := range gaps[:min(len(gaps), gapsShown)] {
		parts = append(parts, p.T("summary.gap", "Unit", Title(g.Unit), "Duty", Title(g.Duty), "N", g.Times))
	}
	line := p.T("summary.gaps", "Gaps", strings.Join(parts, " · "))
	if more := len(gaps) - gapsShown; more > 0 {
		line += p.T("summary.gaps_more", "N", more)
	}
	return line
}
