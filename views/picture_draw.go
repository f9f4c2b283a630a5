package views

import (
	"fmt"

	"github.com/go-analyze/charts"
	"github.com/golang/freetype/truetype"
)

// Places of a picture in pixels.
const (
	rowHeight   = 34
	rowMore     = 22 // for a name of two lines
	barHeight   = 20
	namesWide   = 340 // sixteen Chinese characters a line
	numbersWide = 140 // after the longest bar
	pictureEdge = 24
	pictureTop  = 64 // below the title
	ofHeight    = 28 // whose summary it is, below the title
	panelHead   = 48
	noteHeight  = 30
)

// sheetOf is a picture in the making.
type sheetOf struct {
	p    *charts.Painter
	font *truetype.Font
	from int // where all bars begin
}

func drawPanels(title, of string, panels []panel) ([]byte, error) {
	font, err := readFont()
	if err != nil {
		return nil, fmt.Errorf("font of pictures: %w", err)
	}
	s := &sheetOf{font: font, p: charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: rowHeight, Font: font})}
	top := pictureTop
	if of != "" {
		top += ofHeight
	}
	height := top + 16
	widest := 0.0
	for _, one := range panels {
		if height += panelHead; one.note != "" {
			height += noteHeight
		}
		for _, b := range one.bars {
			lines := s.nameLines(b.name)
			height += rowHeight + rowMore*(len(lines)-1)
			for _, line := range lines {
				widest = max(widest, s.width(line))
			}
		}
	}
	s.from = pictureEdge + int(widest) + 12
	s.p = charts.NewPainter(charts.PainterOptions{OutputFormat: charts.ChartOutputPNG, Width: chartWidth, Height: height, Font: font})
	white := charts.Color{R: 255, G: 255, B: 255, A: 255}
	s.p.FilledRect(0, 0, chartWidth, height, white, white, 0)
	s.text(title, 42, 20)
	if of != "" {
		s.text(of, 42+ofHeight, 15)
	}
	y := top
	for _, one := range panels {
		s.text(one.title, y+28, 17)
		y = s.bars(one, y+panelHead)
		if one.note != "" {
			s.text(one.note, y+14, 13)
			y += noteHeight
		}
	}
	raw, err := s.p.Bytes()
	if err != nil {
		return nil, fmt.Errorf("write picture: %w", err)
	}
	return raw, nil
}

func (s *sheetOf) style(size float64) charts.FontStyle {
	return charts.FontStyle{FontSize: size, Font: s.font, FontColor: charts.Color{R: 50, G: 50, B: 50, A: 255}}
}

// text writes one line from the left edge.
func (s *sheetOf) text(text string, y int, size float64) {
	s.p.Text(fitting(s.p, drawable(s.font, text), s.style(size)), pictureEdge, y, 0, s.style(size))
}

// width is how wide a text of a row is.
func (s *sheetOf) width(text string) float64 {
	if text == "" {
		return 0
	}
	return float64(s.p.MeasureText(text, 0, s.style(15)).Width())
}

// bars draws the rows of a panel and says where they end.
func (s *sheetOf) bars(one panel, y int) int {
	for _, b := range one.bars {
		lines := s.nameLines(b.name)
		more := rowMore * (len(lines) - 1)
		for i, line := range lines {
			s.p.Text(line, s.from-12-int(s.width(line)), y+17+i*rowMore, 0, s.style(15))
		}
		long, at := 0, y+more/2 // a bar stands at the middle of its name
		if !b.none && one.top > 0 {
			long = int(b.value / one.top * float64(chartWidth-numbersWide-s.from))
			s.p.FilledRect(s.from, at, s.from+long, at+barHeight, one.color, one.color, 0)
		}
		s.p.Text(drawable(s.font, b.label), s.from+long+8, at+17, 0, s.style(15))
		y += rowHeight + more
	}
	return y
}

// nameLines are the one or two lines of a row's name. What is longer still is
// cut in its middle: names of one organisation often begin alike and differ at
// the end.
func (s *sheetOf) nameLines(name string) []string {
	text := drawable(s.font, name)
	all := []rune(text)
	lines := breakLines(text, namesWide, s.width)
	for keep := len(all) - 1; keep > 1 && len(lines) > 2; keep-- {
		text = string(all[:keep-keep/2]) + "…" + string(all[len(all)-keep/2:])
		lines = breakLines(text, namesWide, s.width)
	}
	for width := namesWide - 20.0; len(lines) == 2; width -= 20 { // as long as each other: no word or character alone
		if even := breakLines(text, width, s.width); len(even) == 2 {
			lines = even
			continue
		}
		break
	}
	if len(lines) == 0 {
		return []string{""}
	}
	return lines
}
