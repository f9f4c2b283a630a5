package views

import (
	"fmt"
	"time"

	"github.com/signintech/gopdf"

	"muster/models"
)

// The page in points: A4, with margins that a punch and a stamp leave free.
const (
	paperWidth  = 595.0
	paperHeight = 842.0
	paperEdge   = 48.0
	paperFoot   = 64.0 // free for the footer
	paperText   = 10.0
	paperLine   = 15.0 // from one line of text to the next
	paperSmall  = 8.5
	paperQR     = 84.0 // about 3 cm: read by a phone from a desk
)

// Columns of a table of an activity record, from the left edge: when, what,
// whose, how long, and by which evidence; how wide each is.
var activityColumns = [5]float64{66, 186, 92, 45, 110}

// ActivityFile words an activity record as a PDF. address is where its code can
// be checked; empty = nowhere, and no QR code.
func (p *Printer) ActivityFile(a models.Activity, address string) (name, text string, pdf []byte, err error) {
	d, err := p.activityPaper(a, address)
	if err != nil {
		return "", "", nil, err
	}
	if pdf, err = d.pdf.GetBytesPdfReturnErr(); err != nil {
		return "", "", nil, fmt.Errorf("write activity record: %w", err)
	}
	year := a.StartAt.In(a.Tenant.Location()).Format("2006")
	return "muster-activity-" + year + ".pdf", p.T("activity.sent", "Period", p.activityPeriod(a.ActivityRecord, a.Tenant)), pdf, nil
}

func (p *Printer) activityPaper(a models.Activity, address string) (*paper, error) {
	font, err := readFont()
	if err != nil {
		return nil, fmt.Errorf("font of papers: %w", err)
	}
	d := &paper{pdf: &gopdf.GoPdf{}, font: font}
	d.pdf.Start(gopdf.Config{PageSize: gopdf.Rect{W: paperWidth, H: paperHeight}})
	d.pdf.SetInfo(gopdf.PdfInfo{Title: p.T("activity.title"), Producer: "Muster", CreationDate: a.MadeAt.Time().UTC()})
	if err := d.pdf.AddTTFFontData("text", chartFont); err != nil {
		return nil, fmt.Errorf("font of papers: %w", err)
	}
	d.page()
	p.activityHead(d, a, address)
	p.activityTable(d, p.T("activity.volunteer"), a.Hours, a.Minutes, p.T("activity.no_hours"))
	p.activityTable(d, p.T("activity.study"), a.Learnt, a.Study, p.T("activity.no_study"))
	p.activityEnd(d, a, address)
	p.activityFeet(d, a)
	if d.err != nil {
		return nil, fmt.Errorf("write activity record: %w", d.err)
	}
	return d, nil
}

func (p *Printer) activityPeriod(a models.ActivityRecord, t models.Tenant) string {
	zone := t.Location()
	return p.T("activity.span", "From", a.StartAt.In(zone).Format(time.DateOnly), "To", a.EndAt.In(zone).Add(-time.Second).Format(time.DateOnly))
}

func paperHours(minutes int) string { return Number(float64(minutes) / 60) }

func (p *Printer) activityHead(d *paper, a models.Activity, address string) {
	right := paperWidth - paperEdge
	if address != "" {
		d.qr(address, right-paperQR, paperEdge)
		right -= paperQR + 12
	}
	d.size(20)
	d.wrapped(p.T("activity.title"), paperEdge, right-paperEdge, 28)
	d.size(paperText + 1)
	for _, pair := range [][2]string{{"activity.organisation", a.Tenant.Name}, {"activity.name", a.Name},
		{"activity.period", p.activityPeriod(a.ActivityRecord, a.Tenant)},
		{"activity.made", a.MadeAt.In(a.Tenant.Location()).Format("2006-01-02 15:04")}, {"activity.code", models.ShownActivityCode(a.Code)}} {
		d.text(p.T(pair[0]), paperEdge)
		d.wrapped(pair[1], paperEdge+86, right-paperEdge-86, paperLine+2)
	}
	d.y = max(d.y, paperEdge+paperQR+6)
	d.size(paperText)
	d.y += 6
	d.wrapped(p.T("activity.sums", "Hours", paperHours(a.Minutes), "Study", paperHours(a.Study)), paperEdge, paperWidth-2*paperEdge, paperLine+1)
	d.wrapped(p.T("activity.ever", "Hours", paperHours(a.Ever), "Stars", a.Stars), paperEdge, paperWidth-2*paperEdge, paperLine+1)
}

func (p *Printer) activityTable(d *paper, title string, lines []models.ActivityLine, total int, none string) {
	d.y += 14
	d.need(28 + 4*paperLine) // a title never stands alone at the foot of a page
	d.size(13)
	d.text(title, paperEdge)
	d.y += 22
	d.size(paperText)
	if len(lines) == 0 {
		d.wrapped(none, paperEdge, paperWidth-2*paperEdge, paperLine)
		return
	}
	head := [5]string{p.T("activity.date"), p.T("activity.what"), p.T("activity.unit"), p.T("activity.hours"), p.T("activity.grade")}
	d.row(head, true)
	for _, l := range lines {
		unit := l.Unit
		if unit == "" {
			unit = p.T("activity.everybody")
		}
		cells := [5]string{l.From.In(p.Zone).Format(time.DateOnly), l.Title, unit, paperHours(l.Minutes), p.activityGrade(l.Grade)}
		if d.row(cells, false) {
			d.row(head, true)
			d.row(cells, false)
		}
	}
	d.row([5]string{"", p.T("activity.total"), "", paperHours(total), ""}, false)
}

func (p *Printer) activityGrade(grade string) string {
	switch grade {
	case models.EvidenceSelf:
		return p.T("activity.grade_self")
	case models.EvidenceLate:
		return p.T("activity.grade_late")
	case models.AttendanceAttended:
		return p.T("activity.grade_attended")
	case models.AttendanceMadeUp:
		return p.T("activity.grade_made_up")
	}
	return p.T("activity.grade_roll")
}

func (p *Printer) activityEnd(d *paper, a models.Activity, address string) {
	d.y += 14
	d.size(paperSmall)
	d.need(4 * paperLine)
	check := p.T("activity.check_admin")
	if address != "" {
		check = p.T("activity.check", "Address", address)
	}
	for _, line := range []string{p.T("activity.apart"), check} {
		d.wrapped(line, paperEdge, paperWidth-2*paperEdge, paperLine-2)
	}
	if a.HeadSeq != 0 {
		d.wrapped(p.T("activity.head", "Seq", a.HeadSeq, "Hash", a.HeadHash), paperEdge, paperWidth-2*paperEdge, paperLine-2)
	}
}

// activityFeet writes the foot of every page, now that their number is known.
func (p *Printer) activityFeet(d *paper, a models.Activity) {
	n := d.pdf.GetNumberOfPages()
	for i := 1; i <= n; i++ {
		d.keep(d.pdf.SetPage(i))
		d.at = i
		d.size(paperSmall)
		d.y = paperHeight - paperFoot + 28
		d.text(p.T("activity.title")+" · "+models.ShownActivityCode(a.Code), paperEdge)
		foot := p.T("activity.page", "N", i, "Of", n)
		d.text(foot, paperWidth-paperEdge-d.width(foot))
	}
}
