package models

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// A strict reader of iCalendar, written from RFC 5545 and not from the writer:
// what it takes, every calendar takes.

type icsComponent struct {
	Name  string
	Props map[string][]icsProp
	Parts []*icsComponent
}

type icsProp struct {
	Params map[string]string
	Value  string // raw
}

var (
	icsName    = regexp.MustCompile(`^[A-Z0-9-]+$`)
	icsUTC     = regexp.MustCompile(`^\d{8}T\d{6}Z$`)
	icsMinutes = regexp.MustCompile(`^-?PT\d+M$`)
)

func readICS(raw []byte) (*icsComponent, error) {
	if !bytes.HasSuffix(raw, []byte("\r\n")) {
		return nil, fmt.Errorf("the last line has no end")
	}
	var lines []string
	for _, line := range strings.Split(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		switch {
		case len(line) > 75:
			return nil, fmt.Errorf("%d octets: %q", len(line), line)
		case !utf8.ValidString(line), strings.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }):
			return nil, fmt.Errorf("characters cut, or control characters: %q", line)
		case line == "":
			return nil, fmt.Errorf("an empty line")
		case line[0] == ' ' && len(lines) > 0:
			lines[len(lines)-1] += line[1:]
		default:
			lines = append(lines, line)
		}
	}
	root := &icsComponent{}
	open := []*icsComponent{root}
	for _, line := range lines {
		name, p, err := readLine(line)
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch name {
		case "BEGIN":
			c := &icsComponent{Name: p.Value, Props: map[string][]icsProp{}}
			top.Parts = append(top.Parts, c)
			open = append(open, c)
		case "END":
			if top.Name != p.Value || len(open) == 1 {
				return nil, fmt.Errorf("%s ends inside %s", p.Value, top.Name)
			}
			open = open[:len(open)-1]
		default:
			if len(open) == 1 {
				return nil, fmt.Errorf("%s outside of everything", name)
			}
			top.Props[name] = append(top.Props[name], p)
		}
	}
	if len(open) != 1 || len(root.Parts) != 1 || root.Parts[0].Name != "VCALENDAR" {
		return nil, fmt.Errorf("not one whole calendar")
	}
	return root.Parts[0], checkCalendar(root.Parts[0])
}

func readLine(line string) (name string, p icsProp, err error) {
	head, value, ok := strings.Cut(line, ":")
	parts := strings.Split(head, ";")
	if !ok || !icsName.MatchString(parts[0]) {
		return "", p, fmt.Errorf("no content line: %q", line)
	}
	p = icsProp{Params: map[string]string{}, Value: value}
	for _, param := range parts[1:] {
		k, v, ok := strings.Cut(param, "=")
		if !ok || !icsName.MatchString(k) || v == "" {
			return "", p, fmt.Errorf("parameter %q in %q", param, line)
		}
		p.Params[k] = v
	}
	return parts[0], p, nil
}

func checkCalendar(c *icsComponent) error {
	for name, want := range map[string]string{"VERSION": "2.0", "PRODID": "", "METHOD": "PUBLISH", "CALSCALE": "GREGORIAN"} {
		if len(c.Props[name]) != 1 || want != "" && c.Props[name][0].Value != want {
			return fmt.Errorf("%s: %v", name, c.Props[name])
		}
	}
	seen := map[string]bool{}
	for _, e := range c.Parts {
		if err := checkEvent(e, seen); err != nil {
			return fmt.Errorf("%v: %w", e.Props["UID"], err)
		}
	}
	return nil
}

func checkEvent(e *icsComponent, seen map[string]bool) error {
	if e.Name != "VEVENT" {
		return fmt.Errorf("a %s", e.Name)
	}
	for name, all := range e.Props {
		if len(all) != 1 { // nothing that is written here may stand twice
			return fmt.Errorf("%s stands %d times", name, len(all))
		}
	}
	for _, name := range []string{"UID", "DTSTAMP", "DTSTART", "SUMMARY", "SEQUENCE", "STATUS"} {
		if len(e.Props[name]) != 1 {
			return fmt.Errorf("no %s", name)
		}
	}
	uid := e.Props["UID"][0].Value
	if seen[uid] || uid == "" {
		return fmt.Errorf("the UID is not one of its own")
	}
	seen[uid] = true
	for _, name := range []string{"DTSTAMP", "DTSTART", "DTEND", "LAST-MODIFIED"} {
		for _, p := range e.Props[name] {
			if _, err := time.Parse("20060102T150405Z", p.Value); err != nil || !icsUTC.MatchString(p.Value) {
				return fmt.Errorf("%s: %q", name, p.Value)
			}
		}
	}
	if end := e.Props["DTEND"]; len(end) == 1 && end[0].Value <= e.Props["DTSTART"][0].Value {
		return fmt.Errorf("ends at %s and begins at %s", end[0].Value, e.Props["DTSTART"][0].Value)
	}
	if s := e.Props["STATUS"][0].Value; !slices.Contains([]string{"CONFIRMED", "TENTATIVE", "CANCELLED"}, s) {
		return fmt.Errorf("status %q", s)
	}
	for _, name := range []string{"SUMMARY", "LOCATION", "DESCRIPTION"} {
		for _, p := range e.Props[name] {
			if _, err := icsWords(p.Value); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	for _, a := range e.Parts {
		if a.Name != "VALARM" || len(a.Props["ACTION"]) != 1 || len(a.Props["DESCRIPTION"]) != 1 || !icsMinutes.MatchString(a.Props["TRIGGER"][0].Value) {
			return fmt.Errorf("alarm %v", a.Props)
		}
	}
	return nil
}

// icsWords is a TEXT without its escapes; a comma or semicolon that is not
// escaped would be the end of it.
func icsWords(raw string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == ',' || c == ';':
			return "", fmt.Errorf("%q is not escaped", c)
		case c != '\\':
			b.WriteByte(c)
			continue
		}
		if i++; i == len(raw) {
			return "", fmt.Errorf("ends in an escape")
		}
		switch raw[i] {
		case '\\', ',', ';':
			b.WriteByte(raw[i])
		case 'n', 'N':
			b.WriteByte('\n')
		default:
			return "", fmt.Errorf("escape %q", raw[i-1:i+1])
		}
	}
	return b.String(), nil
}

func (c *icsComponent) one(name string) string {
	if len(c.Props[name]) != 1 {
		return ""
	}
	return c.Props[name][0].Value
}

func TestACalendarThatIsReadAgainAndAgain(t *testing.T) {
	t.Parallel()
	at := func(d, h int) Instant { return At(time.Date(2026, 11, d, h, 0, 0, 0, time.UTC)) }
	c, err := readICS(Agenda{Prod: "-//Muster//Muster//EN", Name: "Muster; mine, only", Zone: "Asia/Shanghai", Refresh: time.Hour, Events: []Event{
		{UID: "a", Sequence: 1, Stamp: at(20, 1), Modified: at(21, 1), Start: at(25, 11), End: at(25, 12), Summary: "Study", URL: "https://example.org/学习?a=1,2;b"},
		{UID: "b", Stamp: at(20, 1), Start: at(26, 9), Summary: "Due", Free: true},
		{UID: "c", Sequence: 4, Stamp: at(20, 1), Start: at(27, 9), End: at(27, 10), Summary: "Off", Cancelled: true, Alarms: []int{60}},
		{UID: "d", Stamp: at(20, 1), Start: at(28, 9), End: at(28, 10), Summary: "In line", Tentative: true, Alarms: []int{60, 1440}, URL: "javascript:x"},
	}}.ICS())
	if err != nil {
		t.Fatal(err)
	}
	if c.one("X-WR-TIMEZONE") != "Asia/Shanghai" || c.one("X-PUBLISHED-TTL") != "PT60M" || c.one("REFRESH-INTERVAL") != "PT60M" ||
		c.Props["REFRESH-INTERVAL"][0].Params["VALUE"] != "DURATION" {
		t.Errorf("%v", c.Props)
	}
	type shown struct{ Status, Transp, End, URL, Modified string }
	got := map[string]shown{}
	for _, e := range c.Parts {
		got[e.one("UID")] = shown{e.one("STATUS"), e.one("TRANSP"), e.one("DTEND"), e.one("URL"), e.one("LAST-MODIFIED")}
	}
	want := map[string]shown{
		"a": {"CONFIRMED", "", "20261125T120000Z", "https://example.org/%E5%AD%A6%E4%B9%A0?a=1,2;b", "20261121T010000Z"},
		"b": {"CONFIRMED", "TRANSPARENT", "", "", ""},
		"c": {"CANCELLED", "TRANSPARENT", "20261127T100000Z", "", ""},
		"d": {"TENTATIVE", "TRANSPARENT", "20261128T100000Z", "", ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if len(c.Parts[2].Parts) != 0 || len(c.Parts[3].Parts) != 2 {
		t.Error("what is off rings, or what is not does not")
	}
}

// Whatever people call things, every calendar can read it, and reads the same
// words.
func TestHostileWordsInACalendar(t *testing.T) {
	t.Parallel()
	hostile := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.RuneFrom([]rune("\r\n\t\\,;:\"' BEGIND:VCALRM义诊🙂\u2028\u2029\u202e\u0085\x7f\x00"))))
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 3).Draw(t, "n")
		var events []Event
		for i := range n {
			start := Instant(rapid.Int64Range(0, 4_000_000_000_000).Draw(t, "start"))
			events = append(events, Event{UID: fmt.Sprintf("u%d", i), Sequence: i, Stamp: start, Modified: start, Start: start,
				End: start.Add(time.Duration(rapid.IntRange(0, 600).Draw(t, "minutes")) * time.Minute), Summary: hostile.Draw(t, "summary"),
				Location: hostile.Draw(t, "location"), Description: hostile.Draw(t, "description"), URL: "https://example.org/" + hostile.Draw(t, "url"),
				Cancelled: rapid.Bool().Draw(t, "cancelled"), Alarms: []int{60}})
		}
		name := hostile.Draw(t, "name")
		c, err := readICS(Agenda{Prod: "p", Name: name, Events: events}.ICS())
		if err != nil {
			t.Fatal(err)
		}
		if len(c.Parts) != n {
			t.Fatalf("%d entries of %d", len(c.Parts), n)
		}
		for i, e := range events {
			back, err := icsWords(c.Parts[i].one("SUMMARY"))
			if err != nil || back != said(e.Summary) {
				t.Fatalf("%q came back as %q, %v", e.Summary, back, err)
			}
		}
	})
}

// said is a text as a calendar may show it: ends of lines are one, what does
// not print is gone.
func said(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", " ", "\u2029", " ").Replace(strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
