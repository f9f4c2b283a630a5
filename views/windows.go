package views

import (
	"slices"
	"strings"
	"time"

	"muster/models"
)

// SpanWords writes windows in a sentence: `14:00–16:00、20:30–22:00`, `Sat, Sun
// 8:00–18:00`. Fields of a modal have Spans, which are read again.
func (p *Printer) SpanWords(windows []models.Window) string {
	comma := ", "
	if p.Lang == "zh" {
		comma = "、"
	}
	sep := comma
	var out []string
	for i, w := range windows {
		span := Wall(w.Start) + "–" + Wall(w.End)
		switch {
		case len(w.Days) > 0:
			days := p.days(w.Days, comma)
			if strings.Contains(days, comma) { // it would run into the one between the windows
				sep = p.wider()
			}
			span = days + " " + span
		case i > 0 && len(windows[i-1].Days) > 0: // else the days before would seem to hold for it
			span = p.T("date.every_day") + " " + span
		}
		out = append(out, span)
	}
	return strings.Join(out, sep)
}

// wider parts what has commas of its own.
func (p *Printer) wider() string {
	if p.Lang == "zh" {
		return "，"
	}
	return "; "
}

// days writes days of the week, working days as one span.
func (p *Printer) days(days []time.Weekday, comma string) string {
	if slices.Equal(days, []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}) {
		until := "–"
		if p.Lang == "zh" {
			until = "至"
		}
		return p.Weekday(time.Monday) + until + p.Weekday(time.Friday)
	}
	var names []string
	for _, d := range days {
		names = append(names, p.Weekday(d))
	}
	return strings.Join(names, comma)
}
