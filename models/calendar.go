package models

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// Event is one entry of a calendar, as iCalendar (RFC 5545) has it.
type Event struct {
	UID         string // the same through all its changes
	Sequence    int    // higher with each change that matters
	Stamp       Instant
	Modified    Instant // 0 = not said
	Start, End  Instant // End 0: a moment, such as a due date
	Summary     string
	Location    string
	Description string
	URL         string
	Cancelled   bool
	Tentative   bool  // may still become nothing: waiting in line
	Free        bool  // takes no time of its owner's
	Alarms      []int // minutes before the start
}

// Agenda is a calendar that is read again and again.
type Agenda struct {
	Prod    string // who made it
	Name    string // the calendar's
	Zone    string // the owner's IANA zone, for calendars that ask; "" = not said
	Refresh time.Duration
	Events  []Event
}

// icsStamp is a time in UTC. Every entry is a single one, occurrences of a rule
// too, so that no zone's rules have to come along and none can be out of date:
// each calendar shows the moment in its owner's zone. (A rule would need the
// wall time and a VTIMEZONE.)
const icsStamp = "20060102T150405Z"

// icsLine is how long a line may be, in bytes, before it is folded.
const icsLine = 75

// ICS writes events as an iCalendar file: CRLF, folded lines, times in UTC.
// prod names who made it, name is the calendar's.
func ICS(prod, name string, events ...Event) []byte {
	return Agenda{Prod: prod, Name: name, Events: events}.ICS()
}

// ICS writes it as an iCalendar file.
func (a Agenda) ICS() []byte {
	var w icsWriter
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", icsText(a.Prod))
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	if a.Name != "" {
		w.line("X-WR-CALNAME", icsText(a.Name))
	}
	if a.Zone != "" {
		w.line("X-WR-TIMEZONE", icsText(a.Zone))
	}
	if a.Refresh > 0 { // RFC 7986, and what Outlook reads
		w.line("REFRESH-INTERVAL;VALUE=DURATION", icsSpan(a.Refresh))
		w.line("X-PUBLISHED-TTL", icsSpan(a.Refresh))
	}
	for _, e := range a.Events {
		w.event(e)
	}
	w.line("END", "VCALENDAR")
	return w.Bytes()
}

func icsSpan(d time.Duration) string { return fmt.Sprintf("PT%dM", int(d/time.Minute)) }

type icsWriter struct{ bytes.Buffer }

func (w *icsWriter) event(e Event) {
	at := func(name string, i Instant) { w.line(name, i.Time().UTC().Format(icsStamp)) }
	text := func(name, s string) {
		if s != "" {
			w.line(name, icsText(s))
		}
	}
	w.line("BEGIN", "VEVENT")
	w.line("UID", icsText(e.UID))
	w.line("SEQUENCE", fmt.Sprint(e.Sequence))
	at("DTSTAMP", e.Stamp)
	if e.Modified != 0 {
		at("LAST-MODIFIED", e.Modified)
	}
	at("DTSTART", e.Start)
	if e.End > e.Start { // without one it is a moment; an end at the start is not allowed
		at("DTEND", e.End)
	}
	w.line("SUMMARY", icsText(e.Summary))
	text("LOCATION", e.Location)
	text("DESCRIPTION", e.Description)
	if GoodLink(e.URL) { // a URI, which is not escaped as texts are
		w.line("URL", icsURL(e.URL))
	}
	w.state(e)
	w.line("END", "VEVENT")
}

// state writes whether it takes place, whether it takes its owner's time, and
// what to remind of.
func (w *icsWriter) state(e Event) {
	state := "CONFIRMED"
	switch {
	case e.Cancelled:
		state = "CANCELLED"
	case e.Tentative:
		state = "TENTATIVE"
	}
	w.line("STATUS", state)
	if e.Cancelled || e.Tentative || e.Free {
		w.line("TRANSP", "TRANSPARENT")
	}
	if e.Cancelled {
		return
	}
	for _, minutes := range e.Alarms {
		w.line("BEGIN", "VALARM")
		w.line("ACTION", "DISPLAY")
		w.line("DESCRIPTION", icsText(e.Summary))
		w.line("TRIGGER", fmt.Sprintf("-PT%dM", minutes))
		w.line("END", "VALARM")
	}
}

// line writes NAME:value, folded between characters.
func (w *icsWriter) line(name, value string) {
	rest, room := name+":"+value, icsLine
	for len(rest) > room {
		cut := room
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		w.WriteString(rest[:cut] + "\r\n ")
		rest, room = rest[cut:], icsLine-1 // the space counts
	}
	w.WriteString(rest + "\r\n")
}

var icsEscapes = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

// icsText makes a text a value: what has a meaning in the format is escaped,
// control characters are left out.
func icsText(s string) string {
	s = icsEscapes.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		switch {
		case r < ' ' && r != '\t', r >= 0x7f && r <= 0x9f:
			return -1
		case r == '\u2028', r == '\u2029': // some readers take them for the end of a line
			return ' '
		}
		return r
	}, s)
}

// icsURL writes an address in ASCII, as a URI has to be.
func icsURL(link string) string {
	var b strings.Builder
	for i := range len(link) {
		if c := link[i]; c < 0x80 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
