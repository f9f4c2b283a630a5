package views

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestHostileTitlesStayText(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{"<!channel> <@U1>", "&lt;!channel&gt; &lt;@U1&gt;"},
		{"<http://a|b> & ~", "&lt;http://a|b&gt; &amp; ~\u200b"},
		{"a\u202eb\u2066c", "abc"},
		{"two\nlines\x00", "two lines"},
		{"*bold* `code`", "*\u200bbold*\u200b `\u200bcode`\u200b"},
	} {
		if got := Escape(c.in); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

func TestCutTextIsNeverTooLongAndNeverBroken(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		n := rapid.IntRange(2, 200).Draw(t, "limit")
		got := Cut(Escape(s), n)
		if utf8.RuneCountInString(got) > n {
			t.Fatalf("%d characters, limit %d", utf8.RuneCountInString(got), n)
		}
		if !utf8.ValidString(got) {
			t.Fatalf("%q is not UTF-8", got)
		}
		if strings.ContainsAny(got, "<>") {
			t.Fatalf("%q could be a mention", got)
		}
		if i := strings.LastIndexByte(got, '&'); i >= 0 && !strings.Contains(got[i:], ";") {
			t.Fatalf("%q ends inside an entity", got)
		}
	})
}
