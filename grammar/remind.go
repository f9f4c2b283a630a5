package grammar

import (
	"regexp"
	"strings"
	"unicode"
)

// Remind is a reminder. Who is "me", a raw <@U…> or <#C…> token, or a typed
// #channel or @name.
type Remind struct {
	Who  string
	Text string
	When When
}

var (
	remindWho  = regexp.MustCompile(`^(?i:me\b|myself\b|我自己|我|自己|<@[^>\n]+>|<#[^>\n]+>|<![^>\n]+>|[#@][^\s,，:：]+)`)
	remindVerb = regexp.MustCompile(`(?i)(?:请|记得|to\s+)?(?:提醒|remind)\s*(我自己|我|自己|me\b|<@[^>\n]+>|<#[^>\n]+>|[#@][^\s,，:：]+)?`)
	remindKeys = newFieldKeys(map[string]string{"when": "时间"})
)

// ParseRemind reads what follows the verb remind/提醒. The error is a *Reason.
func ParseRemind(text string, o Options) (Remind, error) {
	text = strings.TrimSpace(decode(text))
	r := Remind{Who: "me"}
	rest := text
	if m := remindWho.FindString(text); m != "" {
		r.Who, rest = remindName(m), text[len(m):]
	} else if m := remindVerb.FindStringSubmatchIndex(text); m != nil && m[0] > 0 && startsWithTime(text[:m[0]]) {
		// 每周五 17:00 提醒我 交周报
		if m[2] >= 0 {
			r.Who = remindName(text[m[2]:m[3]])
		}
		rest = text[:m[0]] + "\n" + text[m[1]:]
	}
	rest = trimRemind(rest)
	if rest == "" {
		return r, newReason("remind.no_when", clip(text), o)
	}
	if head, fields := cutFields(rest, remindKeys); len(fields) == 1 && fields[0].key == "when" && head != "" {
		return r.finish(head, fields[0].value, rest, o)
	}
	said, when := splitRemind(rest, o)
	return r.finish(said, when, rest, o)
}

func (r Remind) finish(said, when, rest string, o Options) (Remind, error) {
	r.Text = asTyped(trimRemind(said))
	if when == "" {
		return r, newReason("remind.no_when", clip(rest), o)
	}
	w, reason := parseWhen(when, o)
	if reason != nil {
		reason.Readings = w.Items
		return r, reason
	}
	r.When = w
	if r.Text == "" {
		return r, newReason("remind.no_text", clip(rest), o)
	}
	return r, nil
}

func remindName(s string) string {
	switch strings.ToLower(s) {
	case "me", "myself", "我", "我自己", "自己":
		return "me"
	}
	return s
}

var remindJoint = regexp.MustCompile(`^(?i:to\b|that\b|about\b|：|:|,|，|\n|。|要|去(?:做)?\s|一下)\s*`)

func trimRemind(s string) string {
	for {
		t := strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、。;；", r) })
		t = remindJoint.ReplaceAllString(t, "")
		if t == s {
			return t
		}
		s = t
	}
}

// A time stands at the end or the beginning of a text of this many characters
// and more, within endOfRemind of it: nobody hides it in the middle of a page.
const (
	longRemind  = 300
	endOfRemind = 100
)

// splitRemind finds the time in a reminder.
func splitRemind(s string, o Options) (said, when string) {
	rs := []rune(s)
	if len(rs) < longRemind {
		return splitSentence(s, o)
	}
	head, tail := string(rs[:endOfRemind]), string(rs[len(rs)-endOfRemind:])
	if said, when = splitSentence(tail, o); when != "" {
		return string(rs[:len(rs)-endOfRemind]) + said, when
	}
	said, when = splitSentence(head, o)
	return said + " " + string(rs[endOfRemind:]), when
}

// dangling says that a time would end in a word that begins the text after it:
// 打扫, 由张伟带队, since nobody else will; 起床, where no 从 goes before.
func dangling(when string) bool {
	when = strings.TrimSpace(strings.ToLower(when))
	for _, word := range []string{"自", "由", "打", "从", "since", "from"} {
		if strings.HasSuffix(when, word) {
			return true
		}
	}
	for _, word := range []string{"起", "开始"} {
		if strings.HasSuffix(when, word) {
			return !strings.ContainsAny(when, "从自由打")
		}
	}
	return false
}

// splitSentence finds the time in a sentence: at its end (the longest that
// reads), at its beginning, else in its middle. What reads as a time but not a
// whole one (no hour) is kept as the second best, so that it can be quoted.
func splitSentence(s string, o Options) (said, when string) {
	lower := newSource(s)
	cuts, strange := remindCuts(lower)
	type span struct{ from, to int }
	var half span
	try := func(from, to int) bool {
		text := lower.part(from, to)
		if text == "" || strange[to] > strange[from] { // a word that is in no time
			return false
		}
		_, reason := parseWhen(text, o)
		if reason == nil || reason.Key != "when.unreadable" && reason.Key != "when.no_time" && reason.Key != "when.empty" {
			return true
		}
		if reason.Key == "when.no_time" && to-from > half.to-half.from {
			half = span{from, to}
		}
		return false
	}
	end := len(lower.typed)
	if try(0, end) {
		return "", s
	}
	for _, c := range cuts { // at the end, longest first
		if c > 0 && try(c, end) {
			return lower.part(0, c), lower.part(c, end)
		}
	}
	for i := len(cuts) - 1; i >= 0; i-- { // at the beginning, longest first
		if cuts[i] > 0 && !dangling(lower.part(0, cuts[i])) && try(0, cuts[i]) {
			return lower.part(cuts[i], end), lower.part(0, cuts[i])
		}
	}
	for _, from := range cuts {
		for i := len(cuts) - 1; i >= 0 && cuts[i] > from; i-- {
			if try(from, cuts[i]) {
				return lower.part(0, from) + " " + lower.part(cuts[i], end), lower.part(from, cuts[i])
			}
		}
	}
	return lower.part(0, half.from) + lower.part(half.to, end), lower.part(half.from, half.to)
}

// mostCuts bounds the search for the time in a long sentence.
const mostCuts = 48

// remindCuts are the places where a time may begin or end: token edges. With
// them comes, for each place, how many tokens before it belong to no time.
func remindCuts(src source) (cuts, strange []int) {
	toks := src.tokens(timeWords)
	strange = make([]int, len(src.typed)+1)
	for _, t := range toks {
		if t.kind == tOther {
			strange[t.to]++
		}
	}
	for i := 1; i < len(strange); i++ {
		strange[i] += strange[i-1]
	}
	if len(toks) > mostCuts {
		toks = append(append([]token(nil), toks[:mostCuts/2]...), toks[len(toks)-mostCuts/2:]...)
	}
	for i, t := range toks {
		if i > 0 && t.from != toks[i-1].to {
			cuts = append(cuts, toks[i-1].to)
		}
		cuts = append(cuts, t.from)
	}
	return cuts, strange
}

// startsWithTime tells whether a text is nothing but a time, whole or not.
func startsWithTime(s string) bool {
	p := newParser(strings.TrimSpace(s), Options{})
	p.segments()
	return p.err == nil && len(p.segs) > 0 && (p.segs[0].hasDay() || p.segs[0].timed())
}
