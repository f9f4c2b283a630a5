package views

import (
	"fmt"
	"strings"

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
	top   float64
	color charts.Color
}

// SummaryPicture draws a summary as bars and says the same in words. Nothing
// to draw gives no picture. What a channel is not shown in words is not drawn.
func (p *Printer) SummaryPicture(m SummaryModel) (png []byte, alt string, err error) {
	panels := p.unitPanels(m)
	if m.Now.Period.Kind == models.PeriodYear {
		panels = p.monthPanels(m)
	}
	if len(panels) == 0 {
		return nil, "", nil
	}
	title := p.periodName(m.Now.Period, p.OrgZone)
	if m.Now.Unit.ID != 0 {
		title += " · " + Title(m.Now.Unit.Name)
	}
	said := []string{title}
	for _, one := range panels {
		var parts []string
		for _, b := range one.bars {
			parts = append(parts, b.name+" "+b.label)
		}
		said = append(said, one.title+p.T("picture.colon")+strings.Join(parts, p.T("picture.comma")))
	}
	png, err = drawPanels(title, panels)
	return png, strings.Join(said, "\n"), err
}

// unitPanels are the study rates of the units whose sessions all have a
// record, and the volunteer hours by unit.
func (p *Printer) unitPanels(m SummaryModel) []panel {
	study := panel{title: p.T("picture.study_units"), top: 100, color: chartColors[0]}
	shown := m.Now.Study[:min(len(m.Now.Study), unitsShown)]
	hidden := map[int64]bool{}
	if m.Public {
		rest := 0
		for _, l := range m.Now.Study[len(shown):] {
			rest += l.People
		}
		hidden = models.Hidden(shown, rest)
	}
	for _, l := range shown {
		percent, ok := l.Rate()
		if !ok || l.Recorded < l.Sessions || hidden[l.UnitID] || m.Public && (l.Small() || m.Now.Total.Small()) {
			continue
		}
		study.bars = append(study.bars, bar{name: p.unitName(l.UnitID, l.Unit), value: float64(percent), label: fmt.Sprintf("%d%%", percent)})
	}
	return drawn(study, p.hoursPanel(m))
}

func (p *Printer) hoursPanel(m SummaryModel) panel {
	out := panel{title: p.T("picture.hours_units"), color: chartColors[1]}
	units := m.Now.Units
	shown := units[:min(len(units), unitHoursShown)]
	hidden := map[int64]bool{}
	if m.Public {
		rest := 0
		var sizes []models.StudyLine
		for i, u := range units {
			if i >= len(shown) {
				rest += u.People
				continue
			}
			sizes = append(sizes, models.StudyLine{UnitID: u.UnitID, People: u.People})
		}
		hidden = models.Hidden(sizes, rest)
	}
	if len(units) < 2 { // one unit is the total, which the words give
		return out
	}
	for _, u := range shown {
		if !hidden[u.UnitID] {
			out.add(p.unitName(u.UnitID, u.Unit), u.Minutes, p)
		}
	}
	return out
}

func (p *Printer) unitName(id int64, name string) string {
	if id == 0 {
		return p.T("summary.no_unit")
	}
	return Title(name)
}

// monthPanels are a year's months: hours and study apart, they never add up.
func (p *Printer) monthPanels(m SummaryModel) []panel {
	hours := panel{title: p.T("picture.hours_months"), color: chartColors[1]}
	study := panel{title: p.T("picture.study_months"), top: 100, color: chartColors[0]}
	for _, month := range m.Now.Months {
		start := month.Start.In(p.OrgZone)
		name := start.Format("Jan")
		if p.Lang == "zh" {
			name = start.Format("1月")
		}
		hours.add(name, month.Minutes, p)
		b := bar{name: name, label: "–", none: true}
		if percent, ok := month.Study.Rate(); ok && !(m.Public && month.Study.Small()) {
			b = bar{name: name, value: float64(percent), label: fmt.Sprintf("%d%%", percent)}
		}
		study.bars = append(study.bars, b)
	}
	return drawn(hours, study)
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

// Places of a picture in pixels.
const (
	rowHeight  = 34
	barHeight  = 20
	barsFrom   = 400 // names end before it: eighteen Chinese characters
	barsWide   = 360 // leaves room for the number after the longest bar
	pictureTop = 64
	panelHead  = 48
)

func drawPanels(title string, panels []panel) ([]byte, error) {
	font, err := readFont()
	if err != nil {
		return nil, fmt.Errorf("font of pictures: %w", err)
	}
	height := pictureTop + 16
	for _, one := range panels {
		height += panelHead + rowHeight*len(one.bars)
	}
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: height, Font: font})
	white, ink := charts.Color{R: 255, G: 255, B: 255, A: 255}, charts.Color{R: 50, G: 50, B: 50, A: 255}
	p.FilledRect(0, 0, chartWidth, height, white, white, 0)
	style := func(size float64) charts.FontStyle {
		return charts.FontStyle{FontSize: size, Font: font, FontColor: ink}
	}
	p.Text(fitting(p, drawable(font, title), style(20)), 24, 42, 0, style(20))
	y := pictureTop
	for _, one := range panels {
		p.Text(drawable(font, one.title), 24, y+28, 0, style(17))
		y += panelHead
		for _, b := range one.bars {
			text := shortened(p, drawable(font, b.name), style(15))
			p.Text(text, barsFrom-12-p.MeasureText(text, 0, style(15)).Width(), y+17, 0, style(15))
			long := 0
			if !b.none && one.top > 0 {
				long = int(b.value / one.top * barsWide)
				p.FilledRect(barsFrom, y, barsFrom+long, y+barHeight, one.color, one.color, 0)
			}
			p.Text(drawable(font, b.label), barsFrom+long+8, y+17, 0, style(15))
			y += rowHeight
		}
	}
	raw, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return raw, nil
}

// shortened cuts a name in its middle: names of one organisation often begin
// alike and differ at the end.
func shortened(p *charts.Painter, name string, style charts.FontStyle) string {
	all := []rune(name)
	text := name
	for keep := len(all) - 1; keep > 1 && p.MeasureText(text, 0, style).Width() > barsFrom-24-12; keep-- {
		text = string(all[:keep-keep/2]) + "…" + string(all[len(all)-keep/2:])
	}
	return text
}
