package grammar_test

import (
	"errors"
	"testing"
	"time"

	"muster/grammar"
)

// The edit of one session names it before its fields; the edit of a series
// names nothing.
func TestAnEditNamesOneOccurrenceOrTheSeries(t *testing.T) {
	t.Parallel()
	zone := onTheBund(t)
	o := grammar.Options{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, zone), Zone: zone, Lang: "en"}
	for _, c := range []struct{ text, day, rest string }{
		{"where: 2nd floor", "", "where: 2nd floor"},
		{"2 Dec: where: 2nd floor", "2026-12-02", "where: 2nd floor"},
		{"2 Dec where: 2nd floor | link: https://x.org", "2026-12-02", "where: 2nd floor | link: https://x.org"},
		{"only 2 Dec where: 2nd floor", "2026-12-02", "where: 2nd floor"},
		{"only on 2 Dec | when: 20:00", "2026-12-02", "when: 20:00"},
		{"next: title: A title: with colons", "next", "title: A title: with colons"},
		{"the next one where: x", "next", "where: x"},
		{"only where: x", "next", "where: x"},
		{"only 2 Dec", "2026-12-02", ""},
		{"all: where: x", "", "where: x"},
		{"12月2日 地点：二楼", "2026-12-02", "地点：二楼"},
		{"12月2日地点：二楼", "2026-12-02", "地点：二楼"},
		{"只改 12月2日 地点: 二楼", "2026-12-02", "地点: 二楼"},
		{"只改12月2日的地点：二楼", "2026-12-02", "地点：二楼"},
		{"只改下一次 时间：20:00", "next", "时间：20:00"},
		{"下一次：标题：新题目", "next", "标题：新题目"},
		{"下周三: 链接: https://x.org", "2026-12-02", "链接: https://x.org"},
		{"以后都 地点：二楼", "", "地点：二楼"},
		{"title: 2 Dec is special", "", "title: 2 Dec is special"},
		{"wher: x | link: https://x.org", "", "wher: x | link: https://x.org"},
	} {
		which, rest, err := grammar.CutOccurrence(c.text, o)
		got := ""
		switch {
		case which.Named && which.Day.IsZero():
			got = "next"
		case which.Named:
			got = which.Day.Format(time.DateOnly)
		}
		if err != nil || got != c.day || rest != c.rest {
			t.Errorf("%q names %q and leaves %q (%v), want %q and %q", c.text, got, rest, err, c.day, c.rest)
		}
	}
	for _, text := range []string{"only 32 Dec: where: x", "22 Nov: where: x", "只改 13月2日 地点：二楼"} {
		var reason *grammar.Reason
		if _, _, err := grammar.CutOccurrence(text, o); !errors.As(err, &reason) {
			t.Errorf("%q names no day, and there is no reason: %v", text, err)
		}
	}
}

// What a date or a time of day leaves out can be given beside it.
func TestWhatATimeLeavesOutIsFilledIn(t *testing.T) {
	t.Parallel()
	zone := onTheBund(t)
	o := grammar.Options{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, zone), Zone: zone, Lang: "en",
		Clock: "19:30", Day: time.Date(2026, 12, 2, 0, 0, 0, 0, zone)}
	for text, want := range map[string]string{"Fri": "2026-11-27 19:30", "12月5日": "2026-12-05 19:30", "20:00": "2026-12-02 20:00",
		"20:00-21:00": "2026-12-02 20:00", "晚上8点": "2026-12-02 20:00", "Fri 18:00": "2026-11-27 18:00", "every Wed": "2026-11-25 19:30"} {
		got, err := grammar.ParseWhen(text, o)
		if err != nil || got.Start.Format("2006-01-02 15:04") != want {
			t.Errorf("%q is %v (%v), want %s", text, got.Start, err, want)
		}
	}
	if _, err := grammar.ParseWhen("25:00", o); err == nil {
		t.Error("25:00 was filled in")
	}
}

func TestMonths(t *testing.T) {
	t.Parallel()
	o := grammar.Options{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, time.UTC), Zone: time.UTC, Lang: "zh"}
	for text, want := range map[string]string{"": "2026-11", "month": "2026-11", "本月": "2026-11", "next month": "2026-12", "下个月": "2026-12",
		"last month": "2026-10", "12月": "2026-12", "十二月": "2026-12", "3月": "2027-03", "9月份": "2026-09", "2026-12": "2026-12",
		"2027年1月": "2027-01", "December": "2026-12", "dec": "2026-12", "Mar 2026": "2026-03", "１２月": "2026-12"} {
		got, err := grammar.ParseMonth(text, o)
		if err != nil || got.Format("2006-01") != want {
			t.Errorf("%q is %v (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"13月", "2026-13", "Dezember", "0月", "9999-12", "everything"} {
		if got, err := grammar.ParseMonth(text, o); err == nil {
			t.Errorf("%q is %v", text, got)
		}
	}
}

func onTheBund(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}
