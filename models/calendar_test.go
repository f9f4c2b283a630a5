package models

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAShiftAsACalendarFile(t *testing.T) {
	t.Parallel()
	shanghai := Zone("Asia/Shanghai")
	at := func(d, h, m int) Instant { return At(time.Date(2026, 11, d, h, m, 0, 0, shanghai)) }
	got := string(ICS("-//Muster//Muster//ZH", "", Event{UID: "T1-k12-3@muster", Sequence: 2, Stamp: at(23, 10, 0), Start: at(28, 9, 0), End: at(28, 11, 30),
		Summary: "社区爱心义诊 · 引导员", Location: "绿城社区, 1号楼; 大厅", Description: "请带：工牌、口罩\n发起：陈琳", Alarms: []int{60}}))
	want := strings.Join([]string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Muster//Muster//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
		"BEGIN:VEVENT", "UID:T1-k12-3@muster", "SEQUENCE:2", "DTSTAMP:20261123T020000Z", "DTSTART:20261128T010000Z", "DTEND:20261128T033000Z",
		"SUMMARY:社区爱心义诊 · 引导员", `LOCATION:绿城社区\, 1号楼\; 大厅`, `DESCRIPTION:请带：工牌、口罩\n发起：陈琳`, "STATUS:CONFIRMED",
		"BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:社区爱心义诊 · 引导员", "TRIGGER:-PT60M", "END:VALARM", "END:VEVENT", "END:VCALENDAR", ""}, "\r\n")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calendar file (-want +got):\n%s", diff)
	}
	gone := string(ICS("-//Muster//Muster//EN", "Mine", Event{UID: "u", Sequence: 3, Cancelled: true, Alarms: []int{60}}))
	if !strings.Contains(gone, "STATUS:CANCELLED\r\n") || strings.Contains(gone, "VALARM") || !strings.Contains(gone, "X-WR-CALNAME:Mine\r\n") {
		t.Errorf("a cancelled event: %q", gone)
	}
}

// Whatever people write, the file keeps to the format: lines of at most 75
// bytes that end in CRLF, no character cut in two, and unfolded and unescaped
// the words come out again.
func TestAnyWordsSurviveACalendarFile(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("abc 义诊，,;:\\\n\t\"🙂é"))).Draw(t, "text")
		raw := ICS("p", "", Event{Summary: text, Description: text + text})
		for line := range bytes.SplitSeq(bytes.TrimSuffix(raw, []byte("\r\n")), []byte("\r\n")) {
			if len(line) > 75 || !utf8.Valid(line) || bytes.ContainsAny(line, "\r\n") {
				t.Fatalf("line %q has %d bytes", line, len(line))
			}
		}
		unfolded := strings.ReplaceAll(string(raw), "\r\n ", "")
		_, rest, _ := strings.Cut(unfolded, "SUMMARY:")
		value, _, _ := strings.Cut(rest, "\r\n")
		back := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\,`, ",", `\;`, ";").Replace(value)
		if back != text {
			t.Fatalf("%q came back as %q", text, back)
		}
	})
}
