package views

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-analyze/charts"

	"muster/models"
)

// bar is one row of a panel: its length as a share of the panel's top, and the
// number beside it in words. Without a number (none) there is no bar.
type bar struct {
	name, label string
	value       float64
	none        bool
}

// panel is one ledger's bars on an axis of their own, which begins at 0.
type panel struct {
	title string
	bars  []bar
	note  string // what is not drawn
	top   float64
	color charts.Color
}

// SummaryPicture draws a summary as bars and says the same in words; PNG is nil
// when there is nothing to draw. What a channel is not shown in words is not
// drawn either.
func (p *Printer) SummaryPicture(m SummaryModel) (Picture, error) {
	name := p.periodName(m.Now.Period, p.OrgZone)
	title := p.T("summary.head", "Period", name)
	of := p.summaryOf(m)
	out := Picture{Name: fmt.Sprintf("muster-summary-%s-%d.png", m.Now.Period.Start.In(p.OrgZone).Format(time.DateOnly), m.PostingID),
		Title: title, Text: p.T("picture.text", "Period", name)}
	said := []string{title}
	if of != "" {
		said = append(said, of)
	}
	panels := p.panels(m)
	if len(panels) == 0 {
		return out, nil
	}
	for _, one := range panels {
		var parts []string
		for _, b := range one.bars {
			parts = append(parts, b.name+" "+b.label)
		}
		said = append(said, one.title+p.T("picture.colon")+strings.Join(parts, p.T("picture.comma")))
		if one.note != "" {
			said = append(said, one.note)
		}
	}
	out.Alt = Cut(strings.Join(said, "\n"), 1000) // Slack takes no more
	var err error
	out.PNG, err = drawPanels(title, of, panels)
	return out, err
}

// HasPicture says whether there is anything to draw.
func (p *Printer) HasPicture(m SummaryModel) bool { return len(p.panels(m)) > 0 }

func (p *Printer) panels(m SummaryModel) []panel {
	if m.Now.Period.Kind == models.PeriodYear {
		return p.monthPanels(m)
	}
	return p.unitPanels(m)
}

// summaryOf is whose summary it is: the organisation and the unit.
func (p *Printer) summaryOf(m SummaryModel) string {
	of := bare(m.Org, LimitTitle)
	if m.Now.Unit.ID == 0 {
		return of
	}
	if of != "" {
		of += " · "
	}
	return of + bare(m.Now.Unit.Name, LimitTitle)
}

// unitPanels are the study rates of the units whose sessions all have a
// record, and the volunteer hours by unit.
func (p *Printer) unitPanels(m SummaryModel) []panel {
	return drawn(p.studyPanel(m), p.hoursPanel(m))
}

func (p *Printer) studyPanel(m SummaryModel) panel {
	out := panel{title: p.T("picture.study_units"), top: 100, color: chartColors[0]}
	shown := m.Now.Study[:min(len(m.Now.Study), unitsShown)]
	hidden := m.hiddenStudy(shown)
	few, gaps := 0, 0
	for _, l := range shown {
		percent, ok := l.Rate()
		switch {
		case l.Recorded < l.Sessions:
			gaps++
		case hidden[l.UnitID] || m.Public && (l.Small() || m.Now.Total.Small()):
			few++
		case ok:
			out.bars = append(out.bars, bar{name: p.unitName(l.UnitID, l.Unit), value: float64(percent), label: fmt.Sprintf("%d%%", percent)})
		}
	}
	out.note = p.notDrawn(gaps, few, len(m.Now.Study)-len(shown))
	return out
}

// hiddenStudy are the units of those shown whose figures a channel is not.
func (m SummaryModel) hiddenStudy(shown []models.StudyLine) map[int64]bool {
	if !m.Public {
		return nil
	}
	rest := 0
	for _, l := range m.Now.Study[len(shown):] {
		rest += l.People
	}
	return models.Hidden(shown, rest)
}

func (p *Printer) hoursPanel(m SummaryModel) panel {
	out := panel{title: p.T("picture.hours_units"), color: chartColors[1]}
	if len(m.Now.Units) < 2 { // one unit is the total, which the words give
		return out
	}
	shown, few, more := m.shownHours()
	for _, u := range shown {
		out.add(p.unitName(u.UnitID, u.Unit), u.Minutes, p)
	}
	out.note = p.notDrawn(0, few, more)
	return out
}

// shownHours are the units whose hours are shown, in words and drawn: in a
// channel not those of under five people, nor who would give them away. few
// are those, more those beyond the bound.
func (m SummaryModel) shownHours() (shown []models.UnitFigure, few, more int) {
	units := m.Now.Units[:min(len(m.Now.Units), unitsShown)]
	more = len(m.Now.Units) - len(units)
	if !m.Public {
		return units, 0, more
	}
	var sizes []models.StudyLine
	rest := 0
	for i, u := range m.Now.Units {
		if i >= len(units) {
			rest += u.People
			continue
		}
		sizes = append(sizes, models.StudyLine{UnitID: u.UnitID, People: u.People})
	}
	hidden := models.Hidden(sizes, rest)
	for _, u := range units {
		if hidden[u.UnitID] {
			few++
			continue
		}
		shown = append(shown, u)
	}
	return shown, few, more
}

// notDrawn says what of a panel is not drawn; "" when everything is.
func (p *Printer) notDrawn(gaps, few, more int) string {
	var parts []string
	for _, part := range []struct {
		key string
		n   int
	}{{"picture.gaps", gaps}, {"picture.few", few}, {"picture.more", more}} {
		if part.n > 0 {
			parts = append(parts, p.T(part.key, "N", part.n))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return p.T("picture.left_out", "Parts", strings.Join(parts, p.T("picture.comma")))
}

func (p *Printer) unitName(id int64, name string) string {
	if id == 0 {
		return p.T("summary.no_unit")
	}
	return bare(name, LimitTitle)
}

// monthPanels are a year's months: hours and study apart, they never add up.
func (p *Printer) monthPanels(m SummaryModel) []panel {
	hours := panel{title: p.T("picture.hours_months"), color: chartColors[1]}
	study := panel{title: p.T("picture.study_months"), top: 100, color: chartColors[0]}
	for _, month := range m.Now.Months {
		name := p.monthName(month)
		hours.add(name, month.Minutes, p)
		study.bars = append(study.bars, p.monthBar(name, month.Study, m.Public))
	}
	return drawn(hours, study)
}

// monthBar is the rate of one month's study, or why it has none.
func (p *Printer) monthBar(name string, study models.StudyLine, public bool) bar {
	b := bar{name: name, label: "–", none: true}
	percent, ok := study.Rate()
	switch {
	case study.Sessions == 0:
	case study.Recorded == 0:
		b.label = p.T("picture.no_record")
	case public && study.Small():
		b.label = p.T("picture.small")
	case ok:
		b = bar{name: name, value: float64(percent), label: fmt.Sprintf("%d%%", percent)}
	}
	return b
}

// monthName is `3月`, `Mar`.
func (p *Printer) monthName(month models.MonthLine) string {
	if p.Lang == "zh" {
		return month.Start.In(p.OrgZone).Format("1月")
	}
	return month.Start.In(p.OrgZone).Format("Jan")
}

// add is a bar of minutes, in hours.
func (one *panel) add(name string, minutes int, p *Printer) {
	value := float64(minutes) / 60
	one.top = max(one.top, value)
	one.bars = append(one.bars, bar{name: name, value: value, label: p.T("picture.hours", "Hours", hoursOf(minutes)), none: minutes == 0})
}

// drawn are the panels that have a bar.
func drawn(panels ...panel) []panel {
	var out []panel
	for _, one := range panels {
		for _, b := range one.bars {
			if !b.none {
				out = append(out, one)
				break
			}
		}
	}
	return out
}
