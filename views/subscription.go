package views

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of a member's own calendar; the values say nothing.
const (
	ActionCalendarMine = "calendar_mine" // the link, or how it stands
	ActionCalendarNew  = "calendar_new"  // another link; the one before dies
	ActionCalendarOff  = "calendar_off"
)

// calendarRefresh is how often a calendar should look again: a shift moved in
// the afternoon stands in it before the evening.
const calendarRefresh = time.Hour

// CalendarButton leads to one's own calendar.
func (p *Printer) CalendarButton() *slack.ButtonBlockElement {
	return Button(ActionCalendarMine, "0", p.T("subscription.button"), "")
}

// CalendarLink is the link itself, which is shown once, and how to use it. The
// address stands as code: Slack would else open it to show what is behind.
func (p *Printer) CalendarLink(address string, renewed bool) Message {
	head := p.T("subscription.made")
	if renewed {
		head = p.T("subscription.renewed")
	}
	how := joinLines(p.T("subscription.how_google"), p.T("subscription.how_apple"), p.T("subscription.how_outlook"))
	return Message{Text: head, Blocks: []slack.Block{Section(head + "\n`" + address + "`"), Section(how),
		Context(p.T("subscription.secret")), p.calendarActions()}}
}

// CalendarStands says that there is a link already, and since when.
func (p *Printer) CalendarStands(l models.CalendarLink) Message {
	text := p.T("subscription.stands", "Day", p.Day(l.CreatedAt.Time()))
	if l.SeenAt == 0 {
		text += p.T("subscription.unseen")
	} else {
		text += p.T("subscription.seen", "Day", p.Day(l.SeenAt.Time()))
	}
	text = joinLines(text, p.T("subscription.lost"))
	return Message{Text: text, Blocks: []slack.Block{Section(text), p.calendarActions()}}
}

// CalendarEnded says that the link is dead.
func (p *Printer) CalendarEnded() Message {
	text := p.T("subscription.ended")
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(p.CalendarButton())}}
}

// CalendarAsFile says that the calendar comes as a file, and why.
func (p *Printer) CalendarAsFile() Message {
	text := p.T("subscription.file")
	return Message{Text: text, Blocks: []slack.Block{Section(text)}}
}

func (p *Printer) calendarActions() *slack.ActionBlock {
	sure := func(b *slack.ButtonBlockElement, title, text string) *slack.ButtonBlockElement {
		b.Confirm = slack.NewConfirmationBlockObject(plain(title, 100), plain(text, 300), plain(title, 30), plain(p.T("call.modal_back"), 30))
		return b
	}
	again := sure(Button(ActionCalendarNew, "0", p.T("subscription.new"), ""), p.T("subscription.new"), p.T("subscription.new_sure"))
	off := sure(Button(ActionCalendarOff, "0", p.T("subscription.off"), ""), p.T("subscription.off"), p.T("subscription.off_sure"))
	off.Style = slack.StyleDanger
	return Actions(again, off)
}

// FeedModel is a member's calendar as it is written.
type FeedModel struct {
	Tenant   models.Tenant
	Person   models.Person
	Shifts   []ShiftEntry
	Sessions []SessionEntry
}

// ShiftEntry is one place of the owner's.
type ShiftEntry struct {
	Sheet   models.Sheet
	Signup  models.Signup
	Changes int
	At      models.Instant // the last of them
	Gone    bool
}

// SessionEntry is one study session.
type SessionEntry struct {
	Study      models.Study
	Occurrence models.Occurrence
	Attendance models.Attendance
	Material   models.Material
	Changes    int
	At         models.Instant
	Gone       bool
	Once       bool // happens once: its entry does not depend on when
}

// CalendarFeed is the calendar as a file for calendars. The same state gives
// the same bytes: what has not changed is not sent again.
func (p *Printer) CalendarFeed(f FeedModel) []byte {
	a := models.Agenda{Prod: "-//Muster//Muster//" + strings.ToUpper(p.Lang), Name: p.T("subscription.name"), Zone: p.Zone.String(), Refresh: calendarRefresh}
	for _, s := range f.Shifts {
		a.Events = append(a.Events, p.shiftEvent(s))
	}
	for _, s := range f.Sessions {
		a.Events = append(a.Events, p.sessionEvent(f.Tenant, s))
	}
	return a.ICS()
}

// shiftEvent is a place in a calendar that is read again and again. Private
// details are for those who have the place.
func (p *Printer) shiftEvent(s ShiftEntry) models.Event {
	e := p.shiftEntry(s.Sheet, s.Signup, s.Changes)
	e.Stamp, e.Modified, e.Cancelled = s.At, s.At, s.Gone
	switch {
	case e.Cancelled:
		e.Summary = p.T("subscription.gone", "What", e.Summary)
	case s.Signup.Waits():
		e.Tentative = true
		e.Summary = p.T("subscription.waiting", "What", e.Summary)
	case s.Sheet.Call.Private != "" && s.Signup.Holds():
		e.Description = joinLines(p.T("call.private", "What", bare(s.Sheet.Call.Private, 1500)), e.Description)
	}
	return e
}

// sessionEvent is a study session at the time that its owner chose.
func (p *Printer) sessionEvent(t models.Tenant, s SessionEntry) models.Event {
	st, o := s.Study, s.Occurrence
	start, end := o.Times(st, s.Attendance.Slot)
	e := models.Event{UID: t.ExternalID + "-" + strings.TrimPrefix(studyRef(st), "#"), Sequence: max(0, s.Changes), Stamp: s.At, Modified: s.At,
		Start: start, Summary: p.T("subscription.study", "Title", bare(o.Title(st), LimitTitle)), Location: Cut(Plain(o.Place(st)), limitPlace), Cancelled: s.Gone}
	if !s.Once { // of a rule: where the rule puts it, whatever becomes of it
		e.UID += "-" + o.RuleStart.Time().UTC().Format("20060102T150405Z")
	}
	e.UID += "@muster"
	var lines []string
	if st.Meets() {
		e.End = end
	} else {
		e.Free = true
		e.Summary = p.T("subscription.due", "Title", bare(o.Title(st), LimitTitle))
	}
	if a := s.Attendance; a.State == models.AttendanceDue && a.Intent == models.IntentMakeup {
		e.Tentative = true
		lines = append(lines, p.T("subscription.makeup"))
	}
	if o.Holiday != "" && o.Start != o.RuleStart {
		lines = append(lines, p.T("subscription.holiday", "Day", bare(o.Holiday, limitName)))
	}
	if link := o.Link(st); link != "" {
		e.URL = link
		lines = append(lines, p.T("subscription.link", "Link", bareLink(link)))
	}
	e.Description = strings.Join(append(lines, studyRef(st)), "\n")
	if e.Cancelled {
		e.Summary = p.T("subscription.gone", "What", e.Summary)
	}
	return e
}

// bareLink is an address as text, without what would end its line.
func bareLink(link string) string { return Cut(Plain(link), 2000) }

// CalendarAll is the message that brings the whole calendar as a file.
func (p *Printer) CalendarAll() (name, text string) {
	return "muster.ics", p.T("subscription.file_text")
}
