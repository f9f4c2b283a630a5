package grammar

import (
	"bufio"
	"errors"
	"os"
	"strings"
	"testing"
	"time"
)

// tableLine is one line of a file in testdata: what was typed and what it
// means, under the options that the last "@" line set.
type tableLine struct {
	file  string
	line  int
	opts  Options
	typed string
	want  string
}

// readTable reads "typed => meaning" lines. "@ now zone lang [dm]" sets what
// the following lines are read against; \n in typed is a new line.
func readTable(t *testing.T, file string) []tableLine {
	t.Helper()
	f, err := os.Open("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []tableLine
	var o Options
	scan := bufio.NewScanner(f)
	for n := 1; scan.Scan(); n++ {
		text := scan.Text()
		switch {
		case text == "", strings.HasPrefix(text, "//"):
		case strings.HasPrefix(text, "@ "):
			o = tableOptions(t, strings.Fields(text)[1:])
		default:
			typed, want, ok := strings.Cut(text, " => ")
			if !ok {
				t.Fatalf("%s:%d: no => in %q", file, n, text)
			}
			out = append(out, tableLine{file, n, o, strings.ReplaceAll(typed, `\n`, "\n"), want})
		}
	}
	if err := scan.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

func tableOptions(t *testing.T, words []string) Options {
	t.Helper()
	zone, err := time.LoadLocation(words[1])
	if err != nil {
		t.Fatal(err)
	}
	now, err := time.ParseInLocation("2006-01-02T15:04", words[0], zone)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Now: now, Zone: zone, Lang: words[2], Place: "thread"}
	if len(words) > 3 {
		o.Place = words[3]
	}
	return o
}

const tableStamp = "Mon 2006-01-02 15:04-07:00"

// whenText writes a time the way the tables do.
func whenText(w When, err error) string {
	var reason *Reason
	if errors.As(err, &reason) {
		out := "! " + reason.Key + " “" + reason.Part + "”"
		for _, c := range w.Candidates {
			out += " ? " + c.Format(tableStamp)
		}
		return out
	}
	var items []string
	for _, item := range w.List() {
		text := item.Start.Format(tableStamp)
		if !item.End.IsZero() {
			text += " to " + item.End.Format(tableStamp)
		}
		if item.Rule != "" {
			text = item.Rule + " first " + text
		}
		items = append(items, text)
	}
	return strings.Join(items, " + ")
}

// What people type, and the very instants that it means.
func TestWhenTable(t *testing.T) {
	t.Parallel()
	phrases := 0
	for _, file := range []string{"when_zh.txt", "when_en.txt", "when_elsewhere.txt", "when_examined.txt", "when_lunar.txt"} {
		for _, c := range readTable(t, file) {
			phrases++
			if got := whenText(ParseWhen(c.typed, c.opts)); got != c.want {
				t.Errorf("%s:%d: %q\n got %s\nwant %s", c.file, c.line, c.typed, got, c.want)
			}
		}
	}
	if phrases < 200 {
		t.Errorf("only %d phrases", phrases)
	}
}

func shanghai(t testing.TB) Options {
	t.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	return Options{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, zone), Zone: zone, Lang: "zh"}
}

func TestWhenAfterMidnightBothReadingsAreKept(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	o.Now = o.Now.Add(-8 * time.Hour)
	w, err := ParseWhen("明天 8:00-12:00", o)
	var reason *Reason
	if !errors.As(err, &reason) || reason.Key != "when.which_morning" {
		t.Fatalf("got %v", err)
	}
	if len(w.Items) != 2 || len(w.Candidates) != 2 || len(reason.Readings) != 2 {
		t.Fatalf("got %+v", w)
	}
	for i, tomorrow := range []string{"today", "next"} {
		o.Tomorrow = tomorrow
		chosen, err := ParseWhen("明天 8:00-12:00", o)
		if err != nil || !chosen.Start.Equal(w.Candidates[i]) || !chosen.End.Equal(w.Items[i].End) {
			t.Errorf("%s: got %v, %v; want %v", tomorrow, chosen.Start, err, w.Candidates[i])
		}
	}
}

func TestWhenRuleShowsItsNextThree(t *testing.T) {
	t.Parallel()
	w, err := ParseWhen("每两周周二 19:30-21:00", shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	b, err := w.JSON()
	if err != nil {
		t.Fatal(err)
	}
	want := `{"kind":"rule","start":"2026-11-24T19:30:00+08:00","end":"2026-11-24T21:00:00+08:00","rule":"FREQ=WEEKLY;INTERVAL=2;BYDAY=TU","zone":"Asia/Shanghai",` +
		`"next":["2026-11-24T19:30:00+08:00","2026-12-08T19:30:00+08:00","2026-12-22T19:30:00+08:00"]}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	if w.Wall != "2026-11-24T19:30" {
		t.Errorf("wall %s", w.Wall)
	}
}

func TestWhenListIsJSONWithItems(t *testing.T) {
	t.Parallel()
	w, err := ParseWhen("周六 9:00-11:00, 14:00", shanghai(t))
	if err != nil {
		t.Fatal(err)
	}
	b, _ := w.JSON()
	want := `{"kind":"list","items":[{"kind":"range","start":"2026-11-28T09:00:00+08:00","end":"2026-11-28T11:00:00+08:00","zone":"Asia/Shanghai"},` +
		`{"kind":"instant","start":"2026-11-28T14:00:00+08:00","zone":"Asia/Shanghai"}]}`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
}

func TestParseDay(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	for typed, want := range map[string]string{
		"12月31日": "2026-12-31", "31 Dec": "2026-12-31", "2027-01-05": "2027-01-05", "next Friday": "2026-12-04", "下周五": "2026-12-04",
		"年底": "2026-12-31", "月底": "2026-11-30", "今天": "2026-11-23", "tomorrow": "2026-11-24", "3天后": "2026-11-26", "in 2 weeks": "2026-12-07",
		"周一": "2026-11-23", "December": "2026-12-31", "周六 11月28日": "2026-11-28", "end of the year": "2026-12-31", "12月9日": "2026-12-09",
	} {
		got, err := ParseDay(typed, o)
		if err != nil || got.Format(time.DateOnly) != want || got.Hour() != 0 {
			t.Errorf("%q: got %v, %v; want %s", typed, got, err, want)
		}
	}
	for typed, key := range map[string]string{
		"2月30日": "when.no_such_time", "昨天": "when.past", "whenever": "when.unreadable", "": "when.unreadable", "周五 11月28日": "when.other_weekday",
	} {
		_, err := ParseDay(typed, o)
		var reason *Reason
		if !errors.As(err, &reason) || reason.Key != key {
			t.Errorf("%q: got %v; want %s", typed, err, key)
		}
	}
}

func TestParseDuration(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "1.5h": 90 * time.Minute, "1h": time.Hour, "一个半小时": 90 * time.Minute, "半小时": 30 * time.Minute,
		"两小时": 2 * time.Hour, "2 days": 48 * time.Hour, "7d": 7 * 24 * time.Hour, "1h30m": 90 * time.Minute, "1h30": 90 * time.Minute,
		"an hour and a half": 90 * time.Minute, "一刻钟": 15 * time.Minute, "45分钟": 45 * time.Minute, "1周": 7 * 24 * time.Hour,
		"half an hour": 30 * time.Minute, "2个半小时": 150 * time.Minute, "６０分钟": time.Hour,
	} {
		if got, ok := ParseDuration(typed); !ok || got != want {
			t.Errorf("%q: got %v, %v; want %v", typed, got, ok, want)
		}
	}
	for _, typed := range []string{"", "h", "soon", "9:00", "5 apples", "1h tomorrow", "2个月"} {
		if got, ok := ParseDuration(typed); ok {
			t.Errorf("%q: got %v; want nothing", typed, got)
		}
	}
}

func TestReasonsSpeakBothLanguages(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	_, err := ParseWhen("25:00", o)
	var reason *Reason
	if !errors.As(err, &reason) {
		t.Fatal(err)
	}
	if got := reason.Line("zh"); got != "看不懂时间“25:00”。可以这样写：明天 8:00-12:00" {
		t.Error(got)
	}
	if got := reason.Line("en"); got != "I can't read the time “25:00”. Try: tomorrow 8:00-12:00" {
		t.Error(got)
	}
	for _, key := range ReasonKeys() {
		for _, lang := range []string{"zh", "en"} {
			line := newReason(key, "X", Options{Lang: lang}).Line(lang)
			if line == "" || strings.Contains(line, "{") || strings.Contains(line, "\n") {
				t.Errorf("%s %s: %q", key, lang, line)
			}
		}
		r := newReason(key, "X", Options{Lang: "en"})
		if r.Example == "" || r.Args["Example"] != r.Example || r.Args["Part"] != "X" {
			t.Errorf("%s: %+v", key, r)
		}
		// An example is a promise: what it shows must read.
		if strings.HasPrefix(key, "when.") {
			for _, lang := range []string{"zh", "en"} {
				o.Lang = lang
				if _, err := ParseWhen(reasonWords[key].example(lang), o); err != nil {
					t.Errorf("%s: the example does not read: %v", key, err)
				}
			}
		}
	}
}
