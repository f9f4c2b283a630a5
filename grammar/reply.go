package grammar

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Meanings of a Reply.
const (
	MeansYes         = "yes"
	MeansNo          = "no"
	MeansLate        = "late"
	MeansConditional = "conditional"
	MeansList        = "list"
	MeansNone        = "none"
)

// Reply is a plain reply in a call's thread or to a direct question.
type Reply struct {
	Meaning string
	// Guests is how many come besides the person: +3 is 2 guests. It may be
	// over what the call allows.
	Guests int
	// HasGuests is true where a size was said (also +1: back to myself only).
	HasGuests bool
	// Role is the raw words of a role, matched by the caller with Fold.
	Role string
	// Minutes late, 0 if not said.
	Minutes int
	// From is "HH:MM" or a delay "+2h", "+20m"; empty if not said.
	From string
	// Day is the raw day words (周六, Saturday), DayStart the first moment of it.
	Day      string
	DayStart time.Time
	// BareNo marks a plain "no" or 取消 which, from somebody signed up, only
	// asks whether to give the place up.
	BareNo bool
	// Lines of a chain sign-up list.
	Lines []ListLine
}

// ListLine is one line of a pasted sign-up list.
type ListLine struct {
	Name   string
	Guests int
	Role   string
	Note   string
	Raw    string
}

// ParseReply reads a plain reply. What it is not sure of is MeansNone: a
// sign-up nobody meant is worse than one missed.
func ParseReply(text string, o Options) Reply {
	none := Reply{Meaning: MeansNone}
	text = decode(text)
	if lines, ok := parseList(text); ok {
		return Reply{Meaning: MeansList, Lines: lines}
	}
	text, ok := unquoted(text)
	if !ok || utf8.RuneCountInString(text) > longestTyped {
		return none
	}
	s := newSaid(text)
	if s.question() || s.mentions() || len(s.rs) == 0 || len(s.rs) > longestReply {
		return none
	}
	dm := o.Place == "dm"
	clauses := s.clauses()
	meant, polite := s.meant(clauses)
	if len(meant) == 0 {
		for _, c := range polite {
			if dm && weakYes[s.text(c)] {
				return Reply{Meaning: MeansYes}
			}
		}
		return none
	}
	if r, ok := s.refusal(meant, o, dm); ok {
		return r
	}
	if dm && !slices.ContainsFunc(meant, func(c said) bool { return !weakYes[c.String()] }) { // 可以，我去
		return Reply{Meaning: MeansYes}
	}
	one := s.join(meant)
	for _, read := range []func(said, Options, bool) (Reply, bool){readLate, readConditional, readYes} {
		if r, ok := read(one, o, dm); ok {
			return r
		}
	}
	return none
}

// longestReply in runes: a longer text is talk, whatever words it holds.
// longestTyped counts the emoji with it, which are a word each as Slack sends
// them.
const (
	longestReply = 80
	longestTyped = 400
)

// unquoted drops quoted lines; false where nothing is left, or where what is
// left is itself a quotation, code or struck out.
func unquoted(text string) (string, bool) {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(line), ">") {
			kept = append(kept, line)
		}
	}
	text = strings.TrimSpace(strings.Join(kept, "\n"))
	if text == "" || strings.ContainsAny(text, "`\"“”「」『』《》") {
		return "", false
	}
	if strings.HasPrefix(text, "~") && strings.HasSuffix(text, "~") && len(text) > 1 {
		return "", false
	}
	return strings.Trim(text, "*_"), true
}
