package views

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/signintech/gopdf"

	"muster/models"
)

// ActionSummaryPaper asks for the year to print; value posting.
const ActionSummaryPaper = "summary_paper"

// Columns of the tables of a year on paper, from the left edge.
var (
	monthColumns = []float64{52, 72, 82, 62, 141, 90} // the fifth is a bar
	unitColumns  = []float64{259, 82, 68, 90}
)

const (
	yearRow      = 16.0 // a row of a table
	yearLabels   = 62.0 // the column of what a line is about
	leadersLines = 3    // of a leaderboard, below what it is
)

// YearPaper is a year on one page of A4, to be read and passed round at a
// meeting: it shows what a channel may see, whoever asks for it.
func (p *Printer) YearPaper(m SummaryModel) (name, text string, pdf []byte, err error) {
	d, err := p.yearPaper(m)
	if err != nil {
		return "", "", nil, err
	}
	if pdf, err = d.pdf.GetBytesPdfReturnErr(); err != nil {
		return "", "", nil, fmt.Errorf("write the year: %w", err)
	}
	period := p.periodName(m.Now.Period, p.OrgZone)
	return fmt.Sprintf("muster-year-%s-%d.pdf", m.Now.Period.Start.In(p.OrgZone).Format("2006"), m.PostingID), p.T("yearpaper.sent", "Period", period), pdf, nil
}

func (p *Printer) yearPaper(m SummaryModel) (*paper, error) {
	m.Public = true
	font, err := readFont()
	if err != nil {
		return nil, fmt.Errorf("font of papers: %w", err)
	}
	d := &paper{pdf: &gopdf.GoPdf{}, font: font}
	d.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: paperWidth, H: paperHeight}})
	title := p.T("yearpaper.title", "Period", p.periodName(m.Now.Period, p.OrgZone))
	d.pdf.SetInfo(gopdf.PdfInfo{Title: title, Producer: "Muster", CreationDate: p.Now.UTC()})
	if err := d.pdf.AddTTFFontData("text", chartFont); err != nil {
		return nil, fmt.Errorf("font of papers: %w", err)
	}
	d.page()
	d.size(20)
	d.text(title, paperEdge)
	d.y += 26
	d.size(paperText + 1)
	d.text(d.fit(p.summaryOf(m), paperWidth-2*paperEdge), paperEdge)
	d.y += 24
	d.size(paperText)
	for _, line := range p.yearLines(m) {
		d.labelled(line)
	}
	p.yearMonths(d, m)
	p.yearUnits(d, m)
	if d.err != nil {
		return nil, fmt.Errorf("write the year: %w", d.err)
	}
	return d, nil
}

// labelled writes `what   the words`, the words in a column of their own.
func (d *paper) labelled(line string) {
	label, words, ok := strings.Cut(line, "   ")
	if !ok {
		label, words = "", line
	}
	d.text(strings.TrimSpace(label), paperEdge)
	d.wrapped(strings.TrimSpace(words), paperEdge+yearLabels, paperWidth-2*paperEdge-yearLabels, paperLine)
	d.y += 2
}

// fit cuts a text to a width.
func (d *paper) fit(text string, width float64) string {
	rest := []rune(text)
	for len(rest) > 1 && d.width(text) > width {
		rest = rest[:len(rest)-1]
		text = string(rest) + "…"
	}
	return text
}

// yearLines are the year's figures in the words of the summary.
func (p *Printer) yearLines(m SummaryModel) []string {
	now := m.Now
	lines := []string{p.callsLine(m)}
	if now.Volunteers == 0 && now.Hours.Counted == 0 && now.Hours.Waiting == 0 {
		lines = append(lines, p.T("summary.no_volunteers"))
	} else {
		lines = append(lines, p.T("summary.volunteers", "N", now.Volunteers, "Compared", p.compare(now.Volunteers-m.Before.Volunteers, now.Period))+
			p.hoursPart(now.Hours, m.Before.Hours))
		if sources := p.hoursSources(now.Hours); sources != "" {
			lines = append(lines, sources)
		}
	}
	if now.Served > 0 {
		lines = append(lines, p.T("summary.served", "N", now.Served))
	}
	if len(now.Goods) > 0 {
		var items []string
		for _, g := range now.Goods[:min(len(now.Goods), goodsShown)] {
			items = append(items, p.T("summary.item", "Item", bare(g.Item, limitName), "N", g.Number))
		}
		line := p.T("yearpaper.goods", "Items", strings.Join(items, p.T("summary.unit_comma")))
		if more := len(now.Goods) - goodsShown; more > 0 {
			line += p.T("summary.goods_more", "N", more)
		}
		lines = append(lines, line)
	}
	lines = append(lines, p.studyLines(m)[0]) // the units have a table
	duties := 0
	for _, g := range now.Duties {
		duties += g.Times
	}
	if missing := now.Total.Sessions - now.Total.Recorded; missing > 0 || duties > 0 {
		lines = append(lines, p.T("yearpaper.gaps", "Sessions", missing, "Duties", duties))
	}
	return lines
}

// tableRow writes cells of one line each, the first at the left, the others at
// the right of their columns.
func (d *paper) tableRow(widths []float64, cells []string, head bool) {
	const gap = 8.0
	x := paperEdge
	d.y += 3
	for i, cell := range cells {
		text := d.fit(drawable(d.font, cell), widths[i]-gap)
		at := x
		if i > 0 {
			at = x + widths[i] - gap - d.width(text)
		}
		d.text(text, at)
		x += widths[i]
	}
	d.y += yearRow - 3
	d.pdf.SetStrokeColor(190, 190, 190)
	if d.pdf.SetLineWidth(0.4); head {
		d.pdf.SetStrokeColor(60, 60, 60)
		d.pdf.SetLineWidth(0.9)
	}
	d.pdf.Line(paperEdge, d.y, paperWidth-paperEdge, d.y)
}

func (d *paper) heading(text string) {
	d.y += 10
	d.size(13)
	d.text(text, paperEdge)
	d.y += 19
	d.size(paperText)
}

// yearMonths is the table of the months, with a bar for the hours.
func (p *Printer) yearMonths(d *paper, m SummaryModel) {
	d.heading(p.T("yearpaper.months"))
	d.tableRow(monthColumns, []string{p.T("yearpaper.month"), p.T("yearpaper.calls"), p.T("yearpaper.volunteers"), p.T("yearpaper.hours"), "", p.T("yearpaper.study")}, true)
	most := 0
	for _, month := range m.Now.Months {
		most = max(most, month.Minutes)
	}
	from := paperEdge + monthColumns[0] + monthColumns[1] + monthColumns[2] + monthColumns[3]
	for _, month := range m.Now.Months {
		top := d.y
		study := ""
		if month.Study.Sessions > 0 {
			study = p.monthBar("", month.Study, true).label
		}
		d.tableRow(monthColumns, []string{p.monthName(month), strconv.Itoa(month.Calls), strconv.Itoa(month.Volunteers), paperHours(month.Minutes), "", study}, false)
		if month.Minutes > 0 {
			d.pdf.SetFillColor(213, 94, 0)
			d.pdf.RectFromUpperLeftWithStyle(from, top+4, float64(month.Minutes)/float64(most)*(monthColumns[4]-12), yearRow-8, "F")
			d.pdf.SetFillColor(0, 0, 0)
		}
	}
}

// unitRows are a unit's people, hours and study rate, as far as a channel may
// see them; who has the most hours is first, then by name.
func (p *Printer) unitRows(m SummaryModel) (rows [][]string, more int) {
	const hidden = "–"
	at := map[int64]int{}
	visible := map[int64]bool{}
	shown, _, _ := m.shownHours()
	for _, u := range shown {
		visible[u.UnitID] = true
	}
	for _, u := range m.Now.Units[:min(len(m.Now.Units), unitsShown)] {
		at[u.UnitID] = len(rows)
		row := []string{p.unitName(u.UnitID, u.Unit), hidden, hidden, ""}
		if visible[u.UnitID] {
			row[1], row[2] = strconv.Itoa(u.People), paperHours(u.Minutes)
		}
		rows = append(rows, row)
	}
	study := m.Now.Study[:min(len(m.Now.Study), unitsShown)]
	few := m.hiddenStudy(study)
	for _, l := range study {
		i, known := at[l.UnitID]
		if !known {
			i = len(rows)
			none := "0"
			if len(m.Now.Units) > unitsShown { // it may be among those further down
				none = hidden
			}
			rows = append(rows, []string{p.unitName(l.UnitID, l.Unit), none, none, ""})
		}
		percent, ok := l.Rate()
		switch {
		case l.Recorded < l.Sessions:
			rows[i][3] = p.T("yearpaper.partial")
		case few[l.UnitID] || l.Small() || m.Now.Total.Small():
			rows[i][3] = hidden
		case ok:
			rows[i][3] = fmt.Sprintf("%d%%", percent)
		}
	}
	return rows, max(len(m.Now.Units)-unitsShown, len(m.Now.Study)-unitsShown, 0)
}

// yearUnits is the table of the units, as many as the page has room for, and
// what stands below it.
func (p *Printer) yearUnits(d *paper, m SummaryModel) {
	width := paperWidth - 2*paperEdge
	leaders := p.leadersOnPaper(d, m, width)
	bottom := paperHeight - paperFoot - float64(len(leaders))*paperLine - 8
	rows, more := p.unitRows(m)
	if len(rows) > 0 {
		room := int((bottom - d.y - 10 - 19 - yearRow - 3*paperLine) / yearRow) // heading, head, and two notes of up to three lines
		if len(rows) > room {
			more += len(rows) - max(room, 0)
			rows = rows[:max(room, 0)]
		}
		d.heading(p.T("yearpaper.units"))
		d.tableRow(unitColumns, []string{p.T("yearpaper.unit"), p.T("yearpaper.people"), p.T("yearpaper.hours"), p.T("yearpaper.study")}, true)
		for _, row := range rows {
			d.tableRow(unitColumns, row, false)
		}
		d.y += 4
		d.size(paperSmall)
		if more > 0 {
			d.wrapped(p.T("yearpaper.more", "N", more), paperEdge, width, paperLine-3)
		}
		d.wrapped(p.T("yearpaper.few"), paperEdge, width, paperLine-3)
		d.size(paperText)
	}
	d.y += 6
	for _, line := range leaders {
		d.text(line, paperEdge)
		d.y += paperLine
	}
	d.size(paperSmall)
	d.y = paperHeight - paperFoot + 20
	foot := p.T("yearpaper.foot", "When", p.Now.In(p.OrgZone).Format(time.DateOnly))
	if m.Now.SealedTo > 0 {
		d.text(p.T("summary.record", "Seq", m.Now.SealedTo, "Check", shortHash(m.Now.Check)), paperEdge)
	}
	d.text(foot, paperWidth-paperEdge-d.width(foot))
}

// leadersOnPaper are the lines of the leaderboard; no name is broken in two.
func (p *Printer) leadersOnPaper(d *paper, m SummaryModel, width float64) (lines []string) {
	if len(m.Leaders) == 0 {
		return nil
	}
	lines = []string{p.T("yearpaper.leaders")}
	for i, l := range m.Leaders {
		one := p.T("leaders.one", "Rank", l.Rank, "Name", bare(l.Name, limitName), "Hours", hoursOf(l.Minutes))
		if i > 0 && d.width(lines[len(lines)-1]+" · "+one) <= width {
			lines[len(lines)-1] += " · " + one
			continue
		}
		if len(lines) > leadersLines {
			break
		}
		lines = append(lines, one)
	}
	return lines
}

// IsYear says whether a summary is one of a year.
func (m SummaryModel) IsYear() bool { return m.Now.Period.Kind == models.PeriodYear }
