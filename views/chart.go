package views

import (
	_ "embed"
	"fmt"
	"strconv"
	"sync"

	"github.com/go-analyze/charts"
	"github.com/golang/freetype/truetype"
)

//go:embed font/NotoSansSC-GB2312.ttf
var chartFont []byte

// readFont parses the font once; it is never changed after.
var readFont = sync.OnceValues(func() (*truetype.Font, error) { return truetype.Parse(chartFont) })

// Size of a picture in pixels: wide enough to be read in Slack's preview of
// about 360 points on a phone, at twice that.
const (
	chartWidth  = 900
	chartHeight = 520
)

// Colours that stay apart in greyscale and for those who confuse red and
// green (Okabe and Ito's set), darkest first.
var chartColors = []charts.Color{
	{R: 0, G: 114, B: 178, A: 255},   // blue
	{R: 213, G: 94, B: 0, A: 255},    // vermilion
	{R: 230, G: 159, B: 0, A: 255},   // orange
	{R: 120, G: 120, B: 120, A: 255}, // grey
	{R: 0, G: 158, B: 115, A: 255},   // green
}

// ChartLine is one line of a chart: a value for each label.
type ChartLine struct {
	Name   string
	Values []float64
}

// Chart is a picture of lines over labels that are evenly spread. Values are
// counts: the axis begins at 0.
type Chart struct {
	Title  string
	X      string   // what the labels are
	Labels []string // as many as each line has values
	Lines  []ChartLine
}

// PNG draws the chart on white. The same chart gives the same bytes.
func (c Chart) PNG() ([]byte, error) {
	font, err := readFont()
	if err != nil {
		return nil, fmt.Errorf("font of pictures: %w", err)
	}
	draw := func(text string) string { return drawable(font, text) }
	var values [][]float64
	var names []string
	most := 0.0
	for _, line := range c.Lines {
		if len(line.Values) != len(c.Labels) {
			return nil, fmt.Errorf("line %q has %d values for %d labels", line.Name, len(line.Values), len(c.Labels))
		}
		values, names = append(values, line.Values), append(names, draw(line.Name))
		for _, v := range line.Values {
			most = max(most, v)
		}
	}
	opt := charts.NewLineChartOptionWithData(values)
	opt.Theme = charts.GetTheme(charts.ThemeLight).WithSeriesColors(chartColors)
	opt.Padding = charts.NewBox(24, 20, 36, 20)
	p := charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: chartHeight, Font: font})
	title := charts.FontStyle{FontSize: 20, Font: font, FontColor: charts.Color{R: 70, G: 70, B: 70, A: 255}} // measured only with a colour
	opt.Title = charts.TitleOption{Text: fitting(p, draw(c.Title), title), FontStyle: title, Offset: charts.OffsetLeft}
	opt.Legend = charts.LegendOption{SeriesNames: names, FontStyle: charts.FontStyle{FontSize: 16, Font: font},
		Offset: charts.OffsetStr{Top: "40", Left: "0"}, Padding: charts.NewBox(0, 8, 0, 12)}
	opt.Symbol = charts.Symbol{Shape: charts.SymbolNone}
	opt.LineStrokeWidth = 3
	labels := charts.FontStyle{FontSize: 15, Font: font}
	opt.XAxis.Labels, opt.XAxis.Title = c.Labels, draw(c.X)
	opt.XAxis.LabelFontStyle, opt.XAxis.TitleFontStyle = labels, labels
	opt.XAxis.BoundaryGap, opt.XAxis.LabelCount = charts.Ptr(false), labelCount(len(c.Labels))
	top, unit := chartTop(most)
	opt.YAxis = []charts.YAxisOption{{Min: charts.Ptr(0.0), Max: charts.Ptr(top), Unit: unit, LabelCount: int(top/unit) + 1, LabelFontStyle: labels}}
	opt.ValueFormatter = func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	if err := p.LineChart(opt); err != nil {
		return nil, fmt.Errorf("draw chart: %w", err)
	}
	raw, err := p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("write chart: %w", err)
	}
	return raw, nil
}

// fitting cuts a text to the width of the picture.
func fitting(p *charts.Painter, text string, style charts.FontStyle) string {
	const margin = 60 // both edges
	rest := []rune(text)
	for len(rest) > 1 && p.MeasureText(text, 0, style).Width() > chartWidth-margin {
		rest = rest[:len(rest)-1]
		text = string(rest) + "…"
	}
	return text
}

// labelsMost is how many labels stand along the axis without touching.
const labelsMost = 13

// labelCount is the most labels, first and last among them, that are evenly
// spread over n points.
func labelCount(n int) int {
	for count := min(n, labelsMost); count > 2; count-- {
		if (n-1)%(count-1) == 0 {
			return count
		}
	}
	return min(n, 2)
}

// chartTop is where the axis of counts ends, and the step of its labels: whole
// numbers, at most six steps.
func chartTop(most float64) (top, step float64) {
	for step = 1; ; step *= 10 {
		for _, times := range []float64{1, 2, 5} {
			if s := step * times; s*6 >= most {
				top = s
				for top < most {
					top += s
				}
				return top, s
			}
		}
	}
}

// drawable is a text with the characters the font has; the library draws
// nothing at all for others, which would look like a shorter name.
func drawable(font *truetype.Font, text string) string {
	out := []rune(Plain(text))
	for i, r := range out {
		if font.Index(r) == 0 {
			out[i] = '〓'
		}
	}
	return string(out)
}
