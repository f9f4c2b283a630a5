package views

import (
	"errors"

	"muster/models"
)

// Error is the sentence for a refusal. What is not a models.Error is our
// fault: the person gets incident, the operator finds the cause under it.
func (p *Printer) Error(err error, incident string) string {
	var e *models.Error
	if errors.As(err, &e) && e.Code != models.CodeInternal {
		args := map[string]any{}
		for name, v := range e.Args {
			if s, ok := v.(string); ok && !safeArg[name] {
				v = Escape(Cut(s, LimitTitle))
			}
			if at, ok := v.(models.Instant); ok {
				v = p.DayClock(at.Time())
				if name == "Day" { // a date of the organisation's calendar
					v = p.dayIn(at.Time(), p.OrgZone)
				}
			}
			args[name] = v
		}
		return p.Say(e.Key, args)
	}
	return p.T("error.internal", "Number", incident)
}

// safeArg names arguments that hold Slack's own tokens (mentions of people)
// and must not be escaped.
var safeArg = map[string]bool{"Who": true, "Channel": true, "When": true}
