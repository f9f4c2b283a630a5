package grammar

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheRollOnOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Roll{
		"all":                                    {All: true},
		"全部":                                     {All: true},
		"全到了":                                    {All: true},
		"<@U1|zhangsan> <@U2>":                   {Came: []string{"U1", "U2"}},
		"<@U1>、<@U2>，-<@U3|wangwu>":              {Came: []string{"U1", "U2"}, Absent: []string{"U3"}},
		"2 <@U1> －<@U3>":                         {Shift: 2, Came: []string{"U1"}, Absent: []string{"U3"}},
		"all +<@U4> 引导员":                         {All: true, New: []NewOnRoll{{"U4", "引导员"}}},
		"+<@U4> first aid +<@U5>":                {New: []NewOnRoll{{"U4", "first aid"}, {"U5", ""}}},
		"<@U1> tomorrow":                         {Came: []string{"U1"}, Part: "tomorrow"},
		"everybody who came, and then some more": {Part: "everybody"},
	} {
		got, ok := ParseRollLine(text)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%q, read %v (-want +got):\n%s", text, ok, diff)
		}
	}
	if _, ok := ParseRollLine("  "); ok {
		t.Error("nothing is no roll")
	}
}

func TestGoodsOnOneLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Goods{
		"口罩 100 50元":            {"口罩", 100, 5000},
		"口罩 100 50":             {"口罩", 100, 5000},
		"口罩100个":                {"口罩", 100, 0},
		"N95口罩 20 199.9元":       {"N95口罩", 20, 19990},
		"masks 100 50 yuan":     {"masks", 100, 5000},
		"bottled water 24":      {"bottled water", 24, 0},
		"矿泉水 24瓶，48元":           {"矿泉水", 24, 4800},
		"N95 20":                {"N95", 20, 0},
		"masks x100":            {"masks", 100, 0},
		"口罩 0":                  {"口罩", 0, 0},
		"blood pressure cuff 1": {"blood pressure cuff", 1, 0},
	} {
		if got, ok := ParseGoods(text); !ok || got != want {
			t.Errorf("%q: %+v %v, want %+v", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "口罩", "100", "口罩 many", "口罩 12345678901"} {
		if got, ok := ParseGoods(text); ok {
			t.Errorf("%q was read as %+v", text, got)
		}
	}
}

func TestTimesServed(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CST", 8*3600)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 11, day, hour, minute, 0, 0, zone) }
	for _, c := range []struct {
		text             string
		start, end       time.Time
		wantFrom, wantTo time.Time
		unreadable       bool
	}{
		{"9:00-11:30", at(28, 9, 0), at(28, 11, 30), at(28, 9, 0), at(28, 11, 30), false},
		{"９：１０－１１：００", at(28, 9, 0), at(28, 11, 30), at(28, 9, 10), at(28, 11, 0), false},
		{"9到11", at(28, 9, 0), at(28, 11, 30), at(28, 9, 0), at(28, 11, 0), false},
		{"22:00–2:30", at(28, 22, 0), at(29, 2, 0), at(28, 22, 0), at(29, 2, 30), false},
		{"11:30-9:00", at(28, 9, 0), at(28, 11, 30), time.Time{}, time.Time{}, true},
		{"25:00-26:00", at(28, 9, 0), at(28, 11, 30), time.Time{}, time.Time{}, true},
		{"all day", at(28, 9, 0), at(28, 11, 30), time.Time{}, time.Time{}, true},
	} {
		from, to, ok := ParseServedSpan(c.text, c.start, c.end)
		if ok == c.unreadable || ok && (!from.Equal(c.wantFrom) || !to.Equal(c.wantTo)) {
			t.Errorf("%q: %v to %v, %v", c.text, from, to, ok)
		}
	}
}
