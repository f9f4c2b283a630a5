package models

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Event is one entry of a calendar, as iCalendar (RFC 5545) has it.
type Event struct {
	UID         string // the same through all its changes
	Sequence    int    // higher with each change that matters
	Stamp       Instant
	Start, End  Instant
	Summary     string
	Location    string
	Description string
	Cancelled   bool
	Alarms      []int // minutes before the start
}

// icsStamp is a time in UTC: no zone has to come along, and every calendar
// shows it in its owner's.
const icsStamp = "20060102T150405Z"

// icsLine is how long a line may be, in bytes, before it is folded.
const icsLine = 75

// ICS writes events as an iCalendar file: CRLF, folded lines, times in UTC.
// prod names who made it, name is the calendar's.
func ICS(prod, name string, events ...Event) []byte {
	var w icsWriter
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", icsText(prod))
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	if name != "" {
		w.line("X-WR-CALNAME", icsText(name))
	}
	for _, e := range events {
		w.event(e)
	}
	w.line("END", "VCALENDAR")
	return w.Bytes()
}

type icsWriter struct{ bytes.Buffer }

func (w *icsWriter) event(e Event) {
	w.line("BEGIN", "VEVENT")
	w.line("UID", icsText(e.UID))
	w.line("SEQUENCE", fmt.Sprint(e.Sequence))
	w.line("DTSTAMP", e.Stamp.Time().UTC().Format(icsStamp))
	w.line("DTSTART", e.Start.Time().UTC().Format(icsStamp))
	w.line("DTEND", e.End.Time().UTC().Format(icsStamp))
	w.line("SUMMARY", icsText(e.Summary))
	if e.Location != "" {
		w.line("LOCATION", icsText(e.Location))
	}
	if e.Description != "" {
		w.line("DESCRIPTION", icsText(e.Description))
	}
	if e.Cancelled {
		w.line("STATUS", "CANCELLED")
		w.line("TRANSP", "TRANSPARENT")
	} else {
		w.line("STATUS", "CONFIRMED")
		for _, minutes := range e.Alarms {
			w.line("BEGIN", "VALARM")
			w.line("ACTION", "DISPLAY")
			w.line("DESCRIPTION", icsText(e.Summary))
			w.line("TRIGGER", fmt.Sprintf("-PT%dM", minutes))
			w.line("END", "VALARM")
		}
	}
	w.line("END", "VEVENT")
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
		if r < ' ' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, s)
}
