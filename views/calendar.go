package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// ActionCallCalendar hands one's own shift over as a calendar file; value
// sign-up.
const ActionCallCalendar = "call_calendar"

func (p *Printer) calendarOwn(s models.Sheet, su models.Signup) []slack.BlockElement {
	return []slack.BlockElement{Button(p.idOf(s, su, ActionCallCalendar), rowID(su.ID), p.T("calendar.add"), "")}
}

// CalendarComing says that the file is on its way.
func (p *Printer) CalendarComing(s models.Sheet) Message { return p.said(s, p.T("calendar.coming")) }

// CalendarFile is one's own shift as a file for calendars. changes is how often
// it has changed. A place that is gone, or a call cancelled, takes it out again.
func (p *Printer) CalendarFile(s models.Sheet, su models.Signup, changes int) (name, text string, file []byte) {
	shift := s.Shift(su.ShiftID)
	mark := ""
	if s.Call.Drill {
		mark = p.T("call.drill") + " "
	}
	e := p.shiftEntry(s, su, changes)
	e.Stamp, e.Cancelled = s.Now, !su.Holds() || s.Call.State == models.CallCancelled
	text = p.T("calendar.file", "What", p.what(s, su), "When", p.span(*shift))
	if e.Cancelled {
		text = p.T("calendar.gone", "What", p.what(s, su), "When", p.span(*shift))
	}
	return "muster-" + s.Call.Ref() + ".ics", mark + text, models.ICS("-//Muster//Muster//"+strings.ToUpper(p.Lang), "", e)
}

// shiftEntry is a place as an entry of a calendar: the same one in a file and
// in one's own calendar.
func (p *Printer) shiftEntry(s models.Sheet, su models.Signup, changes int) models.Event {
	shift := s.Shift(su.ShiftID)
	mark := ""
	if s.Call.Drill {
		mark = p.T("call.drill") + " "
	}
	summary := bare(s.Call.Title, LimitTitle)
	if r := s.Role(su.RoleID); r != nil && r.Name != "" {
		summary += " · " + bare(r.Name, limitRole)
	}
	var lines []string
	if s.Call.Bring != "" {
		lines = append(lines, p.T("call.bring", "What", bare(s.Call.Bring, limitBring)))
	}
	lines = append(lines, p.T("call.by", "Who", bare(s.Creator.Name, limitName)), p.ref(s))
	return models.Event{
		UID: s.Tenant.ExternalID + "-" + s.Call.Ref() + "-" + rowID(su.ID) + "@muster", Sequence: max(0, changes),
		Start: shift.StartAt, End: shift.EndAt, Summary: mark + summary, Location: Cut(Plain(s.Call.Place), limitPlace), Description: strings.Join(lines, "\n"),
	}
}
