package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Corrected is one line on which numbers of a summary are not what was said,
// and why such numbers change.
func (p *Printer) Corrected(args models.CorrectedArgs) Message {
	var changes, whys []string
	said := map[string]bool{}
	for _, c := range args.Changes {
		changes = append(changes, p.T("posted.change", "Figure", p.T("posted."+c.Name), "From", figure(c.Name, c.From), "To", figure(c.Name, c.To)))
		if why := whyOf(c.Name); !said[why] {
			said[why] = true
			whys = append(whys, p.T(why))
		}
	}
	if args.Early {
		whys = []string{p.T("posted.why_early")}
	}
	text := p.T("posted.corrected", "Changes", strings.Join(changes, p.T("posted.comma")), "Whys", strings.Join(whys, p.T("posted.or")))
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text)}}
}

// figure is a number as a summary writes it: hours from minutes, the rest as
// it is.
func figure(name string, value int) string {
	if name == models.FigureHours || name == models.FigureWaiting {
		return Number(float64(value) / 60)
	}
	return Number(float64(value))
}

// whyOf is the wording for why a number of this name changes afterwards.
func whyOf(name string) string {
	switch name {
	case models.FigureHours, models.FigureWaiting:
		return "posted.why_hours"
	case models.FigureVolunteers, models.FigureShort:
		return "posted.why_roll"
	case models.FigureCalls, models.FigureFilled, models.FigureCancelled:
		return "posted.why_calls"
	case models.FigureServed:
		return "posted.why_served"
	}
	return "posted.why_study"
}
