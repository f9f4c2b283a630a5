package grammar

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhatIsWantedOfTheLibrary(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]Library{
		"": {}, "案例": {Query: "案例"}, "safety #cases": {Query: "safety #cases"}, "#安全": {Query: "#安全"},
		"add Cases | link: https://x.example": {Sub: "add", Rest: "Cases | link: https://x.example"}, "加 案例": {Sub: "add", Rest: "案例"},
		"b3": {Number: 3}, "B12": {Number: 12}, "ｂ３": {Number: 3}, "b3 edit tags: a": {Number: 3, Sub: "edit", Rest: "tags: a"},
		"b3 修改 标签: 案例": {Number: 3, Sub: "edit", Rest: "标签: 案例"}, "b3 delete": {Number: 3, Sub: "delete"}, "b3 删除": {Number: 3, Sub: "delete"},
		"b3 push | for: East": {Number: 3, Sub: "push", Rest: "| for: East"}, "b3 nonsense": {Number: 3, Rest: "nonsense"},
		"b0": {Query: "b0"}, "b": {Query: "b"}, "b1234567890": {Query: "b1234567890"}, "boats": {Query: "boats"},
	} {
		if diff := cmp.Diff(want, ParseLibrary(typed)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", typed, diff)
		}
	}
}

func TestAnItemInOneLine(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	for typed, want := range map[string]Material{
		"骑手服务案例 | 链接: https://example.org/a | 标签: 案例, 安全":               {Title: "骑手服务案例", Link: "https://example.org/a", Tags: []string{"案例", "安全"}},
		"骑手服务案例；链接：<https://example.org/a>；标签：#案例 #道路 安全":               {Title: "骑手服务案例", Link: "https://example.org/a", Tags: []string{"案例", "道路 安全"}},
		"Cases | link: <http://example.org|example.org> | tags: a、b":    {Title: "Cases", Link: "http://example.org", Tags: []string{"a", "b"}},
		"title: Cases | link: https://example.org/?a=1&amp;b=2 | tags:": {Title: "Cases", Link: "https://example.org/?a=1&b=2"},
		"Cases":                     {Title: "Cases"},
		"| link: https://x.example": {Link: "https://x.example"},
	} {
		got, err := ParseMaterial(typed, o)
		got.Set = nil
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", typed, err, diff)
		}
	}
	for typed, key := range map[string]string{"A | lnk: https://x.example": "library.unknown_key", "A | link: https://x | link: https://y": "call.twice",
		"A | title: B": "call.twice", "A | link:": "call.empty_value"} {
		if _, err := ParseMaterial(typed, o); reasonOf(err) == nil || reasonOf(err).Key != key {
			t.Errorf("%q: %v", typed, err)
		}
	}
	for typed, key := range map[string]string{"": "library.nothing_to_change", "案例": "call.not_key", "titel: A": "library.unknown_key"} {
		if _, err := ParseMaterialEdit(typed, o); reasonOf(err) == nil || reasonOf(err).Key != key {
			t.Errorf("edit %q: %v", typed, err)
		}
	}
}

// The clock in these tests stands at Monday 23 November 2026, in the morning.
func TestAPushInOneLine(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	o.Now = time.Date(2026, 11, 23, 10, 0, 0, 0, o.Zone)
	at := func(d, h, m int) time.Time { return time.Date(2026, 11, d, h, m, 0, 0, o.Zone) }
	half := 0.5
	for typed, want := range map[string]Push{
		"b3 | for: East branch | by: Fri":            {Number: 3, For: "East branch", By: at(27, 18, 0)},
		"b3 | 范围: 城东支部 | 截止: 周五":                     {Number: 3, For: "城东支部", By: at(27, 18, 0)},
		"b3；范围：<#C1|team>；截止：周五 20:00；学时：0.5":        {Number: 3, For: "<#C1|team>", By: at(27, 20, 0), Hours: &half},
		"#b3 | for: everybody | by: 2026-11-25 9:30": {Number: 3, For: "all", By: at(25, 9, 30)},
		"B3 | by: today":  {Number: 3, By: at(23, 18, 0)},
		"b3 | by: 11月30日": {Number: 3, By: at(30, 18, 0)},
	} {
		got, err := ParsePush(typed, o)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%q: %v (-want +got):\n%s", typed, err, diff)
		}
	}
	for typed, key := range map[string]string{
		"b3": "push.no_by", "b3 | for: East": "push.no_by", "cases | by: Fri": "push.which", "| by: Fri": "push.which", "b3 | when: Fri": "push.unknown_key",
		"b3 | by: every Fri 18:00": "when.one_time", "b3 | by: Fri 9:00-11:00": "when.one_time", "b3 | by: yesterday": "when.past", "b3 | by: 25:00": "when.bad_clock",
		"b3 | by: blue": "when.unreadable", "b3 | by: Fri | hours: many": "study.bad_hours", "b3 | by: Fri | by: Sat": "call.twice", "b3 | for: | by: Fri": "call.empty_value",
	} {
		_, err := ParsePush(typed, o)
		if r := reasonOf(err); r == nil || r.Key != key {
			t.Errorf("%q: %v", typed, err)
		}
	}
	o.Now = at(23, 19, 0)
	if _, err := ParsePush("b3 | by: today", o); reasonOf(err) == nil || reasonOf(err).Key != "when.past" {
		t.Errorf("a day whose end has passed: %v", err)
	}
}

func TestNothingTypedBreaksTheLibrary(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.RuneFrom([]rune("b3 |:;＃#link标签链接截止by周五,\n<>&\"“”0"))).Draw(t, "text")
		ParseLibrary(text)
		_, _ = ParseMaterial(text, o)     // what cannot be read is a reason
		_, _ = ParseMaterialEdit(text, o) // the same
		_, _ = ParsePush(text, o)         // the same
	})
}
