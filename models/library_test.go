package models

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestALinkLeadsToAPage(t *testing.T) {
	t.Parallel()
	for link, good := range map[string]bool{
		"https://example.org/cases": true, "http://example.org": true, "HTTPS://Example.org/a?b=c#d": true, "https://例子.测试/学习": true,
		"https://example.org:8443/a,b;c": true, "https://[::1]/x": true,
		"": false, "example.org": false, "ftp://example.org/a": false, "javascript:alert(1)": false, "data:text/html,x": false, "mailto:a@b": false,
		"https://": false, "https:///path": false, "https:example.org": false, "https://bank.example@evil.example/": false,
		"https://a b.example/": false, "https://example.org/\nX: y": false, "https://example.org/<x>": false, "https://example.org/|x": false,
		"https://example.org/\u202egnp": false, "https://example.org/\u200b": false, "https://example.org/%zz": false,
		"https://example.org/" + strings.Repeat("a", MaxLink): false, "https://example.org/\xff": false, "https://example.org/`": false,
	} {
		if GoodLink(link) != good {
			t.Errorf("%.60q: good %v", link, !good)
		}
	}
}

func TestOneAddressWrittenInManyWays(t *testing.T) {
	t.Parallel()
	key := LinkKey("https://example.org/cases")
	for link, same := range map[string]bool{
		"http://example.org/cases": true, "https://www.Example.ORG/cases/": true, "https://example.org:443/cases#part-2": true,
		"https://example.org/Cases": false, "https://example.org/cases?page=2": false, "https://example.org/cases#/two": false,
		"https://example.org:8443/cases": false, "https://other.example/cases": false,
	} {
		if (LinkKey(link) == key) != same {
			t.Errorf("%s has the key %s", link, LinkKey(link))
		}
	}
}

func TestWhatAnItemMayHold(t *testing.T) {
	t.Parallel()
	link := "https://example.org/cases"
	m, err := NewMaterial("  骑手  服务案例\n", " "+link+" ", []string{"#案例", "道路 安全", "案例", "", "＃"})
	if err != nil || m.Title != "骑手 服务案例" || m.Link != link || !cmp.Equal(m.Tags, []string{"案例", "道路-安全"}) || m.LinkKey != "example.org/cases" {
		t.Errorf("%+v, %v", m, err)
	}
	many := strings.Split(strings.Repeat("a b c d e f ", 2), " ")
	for i := range many {
		many[i] += strings.Repeat("x", i)
	}
	for _, bad := range []struct {
		title, link, field string
		tags               []string
	}{{"", link, "title", nil}, {" \u3000", link, "title", nil}, {strings.Repeat("长", 151), link, "title", nil}, {"A", "", "link", nil},
		{"A", "ftp://x", "link", nil}, {"A", link, "tags", []string{strings.Repeat("长", 31)}}, {"A", link, "tags", many}} {
		if _, err := NewMaterial(bad.title, bad.link, bad.tags); err == nil || err.Field != bad.field {
			t.Errorf("%.20q %.20q: %v", bad.title, bad.link, err)
		}
	}
}

// What is looked for is found whatever its case and width, and a tag only as a
// whole one.
func TestWhatIsLookedFor(t *testing.T) {
	t.Parallel()
	m, _ := NewMaterial("Road Safety ＡＢＣ：骑手服务案例", "https://example.org", []string{"Courier", "道路 安全"})
	for query, found := range map[string]bool{
		"": true, "safety": true, "ＳＡＦＥＴＹ road": true, "abc": true, "服务案例": true, "#courier": true, "＃道路-安全": true, "安全": true, "road, #Courier": true,
		"#安全": false, "#cour": false, "safety 没有": false, "%": false,
	} {
		all := true
		for _, w := range MaterialQuery(query) {
			all = all && strings.Contains(m.Search, w)
		}
		if all != found {
			t.Errorf("%q in %q: %v (%q)", query, m.Search, all, MaterialQuery(query))
		}
	}
	if n := len(MaterialQuery(strings.Repeat("a ", 50))); n != 8 {
		t.Errorf("%d words", n)
	}
}

// Pushed is material without a meeting, once; a session about an item is none.
func TestWhatIsPushed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		st     Study
		pushed bool
	}{"an item by a time": {Study{MaterialID: 3}, true}, "a session": {Study{MaterialID: 3, Length: 60}, false},
		"a link": {Study{Link: "https://example.org"}, false}, "every week": {Study{MaterialID: 3, RRule: "FREQ=WEEKLY"}, false}} {
		if c.st.Pushed() != c.pushed {
			t.Errorf("%s: %v", name, !c.pushed)
		}
	}
	st := Study{MaterialID: 3, CreatedAt: 1000, Start: Instant(1000).Add(60 * 24 * StudyHorizon / 8)}
	if st.Horizon() < 60*24*StudyHorizon/8 {
		t.Errorf("who has two months hears of it %s before", st.Horizon())
	}
}
