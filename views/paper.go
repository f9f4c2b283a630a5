package views

import (
	"fmt"
	"image/color"
	"math"

	"github.com/boombuler/barcode/qr"
	"github.com/golang/freetype/truetype"
	"github.com/signintech/gopdf"
)

// paper is a document in the making: text goes on at y, from the top.
type paper struct {
	pdf  *gopdf.GoPdf
	font *truetype.Font
	y    float64
	at   int   // the page, from 1
	err  error // the first; nothing after it matters

	placed []placedText
}

// placedText is a text with its place on a page, in points from the top left.
type placedText struct {
	Page        int
	X, Y, Width float64
	Text        string
}

func (d *paper) keep(err error) {
	if d.err == nil {
		d.err = err
	}
}

func (d *paper) page() {
	d.pdf.AddPage()
	d.y = paperEdge
	d.at = d.pdf.GetNumberOfPages()
}

// need begins a page when less than so much is left of this one.
func (d *paper) need(height float64) (fresh bool) {
	if d.y+height <= paperHeight-paperFoot {
		return false
	}
	d.page()
	return true
}

func (d *paper) size(points float64) { d.keep(d.pdf.SetFont("text", "", points)) }

func (d *paper) width(text string) float64 {
	if text == "" {
		return 0
	}
	w, err := d.pdf.MeasureTextWidth(drawable(d.font, text))
	d.keep(err)
	return w
}

// text writes one line at x and stays on it.
func (d *paper) text(text string, x float64) {
	if text == "" {
		return
	}
	d.pdf.SetXY(x, d.y)
	d.keep(d.pdf.Cell(nil, drawable(d.font, text)))
	d.placed = append(d.placed, placedText{d.at, round1(x), round1(d.y), round1(d.width(text)), drawable(d.font, text)})
}

// wrapped writes a text into a width, and goes on below it.
func (d *paper) wrapped(text string, x, width, step float64) {
	for _, line := range breakLines(drawable(d.font, text), width, d.width) {
		d.need(step)
		d.text(line, x)
		d.y += step
	}
}

// row writes a row of a table. fresh says that it did not fit and a page was
// begun instead.
func (d *paper) row(cells [5]string, head bool) (fresh bool) {
	const gap = 8.0
	var lines [5][]string
	most := 1
	for i, cell := range cells {
		lines[i] = breakLines(drawable(d.font, cell), activityColumns[i]-gap, d.width)
		most = max(most, len(lines[i]))
	}
	if d.need(float64(most)*paperLine + 4) {
		return true
	}
	top := d.y
	x := paperEdge
	for i, cell := range lines {
		d.y = top + 3
		for _, line := range cell {
			at := x
			if i == 3 { // numbers stand under each other at the right
				at = x + activityColumns[i] - gap - d.width(line)
			}
			d.text(line, at)
			d.y += paperLine
		}
		x += activityColumns[i]
	}
	d.y = top + float64(most)*paperLine + 4
	d.pdf.SetStrokeColor(190, 190, 190)
	if d.pdf.SetLineWidth(0.4); head {
		d.pdf.SetStrokeColor(60, 60, 60)
		d.pdf.SetLineWidth(0.9)
	}
	d.pdf.Line(paperEdge, d.y, paperWidth-paperEdge, d.y)
	return false
}

// qr draws a text as a QR code, with its top left corner at x and y.
func (d *paper) qr(text string, x, y float64) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		d.keep(fmt.Errorf("QR code: %w", err))
		return
	}
	size := code.Bounds().Dx()
	module := paperQR / float64(size+2*quietZone)
	d.pdf.SetFillColor(0, 0, 0)
	for row := range size {
		for from := 0; from < size; from++ { // runs, so that no hair lines show between modules
			to := from
			for to < size && dark(code.At(to, row)) {
				to++
			}
			if to > from {
				d.pdf.RectFromUpperLeftWithStyle(x+float64(from+quietZone)*module, y+float64(row+quietZone)*module, float64(to-from)*module, module+0.05, "F")
				from = to
			}
		}
	}
}

func dark(c color.Color) bool {
	r, _, _, _ := c.RGBA()
	return r == 0
}

func round1(v float64) float64 { return math.Round(v*10) / 10 }
