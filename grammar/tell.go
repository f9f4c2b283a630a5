package grammar

import (
	"strings"
	"unicode"
)

// Tell is `call k12 tell [ROLE|unanswered] TEXT` after the verb: whom, and what.
type Tell struct {
	To   string // "coming" (nobody named), "waiting", "unanswered", "role"
	Role string // with "role": its name as the call has it
	Text string
}

var tellWords = []struct{ to, words string }{
	{"unanswered", "unanswered|not answered|no answer|未回复|没回复|未答复|没答复|还没回复|未回答"},
	{"waiting", "waiting|waitlist|waitlisted|候补|候补者|候补的人|等候"},
	{"coming", "everyone|everybody|all|全部|全体|所有人|大家|所有"},
}

// ParseTell reads whom a message is for by its first words, if they are one of
// the call's roles or one of the groups, whole; else the whole text is for
// everybody with a place. The text keeps its lines.
func ParseTell(text string, roles []string) Tell {
	text = strings.TrimSpace(text)
	best, length := Tell{To: "coming", Text: text}, 0
	for _, role := range roles {
		if n := leads(text, role); n > length {
			best, length = Tell{To: "role", Role: role}, n
		}
	}
	for _, group := range tellWords {
		for _, word := range strings.Split(group.words, "|") {
			if n := leads(text, word); n > length {
				best, length = Tell{To: group.to}, n
			}
		}
	}
	if length > 0 {
		best.Text = strings.TrimLeftFunc(text[length:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(":：,，", r) })
	}
	return best
}

// leads is how many bytes of text its first words take when they are name, case
// and width ignored, and a space, a colon or a comma follows, or nothing; else
// 0.
func leads(text, name string) int {
	want := Fold(strings.TrimSpace(name))
	if want == "" {
		return 0
	}
	for i, r := range text {
		end := i + len(string(r))
		if end < len(text) {
			next := []rune(text[end:])[0]
			if !unicode.IsSpace(next) && !strings.ContainsRune(":：,，", next) {
				continue
			}
		}
		if Fold(text[:end]) == want {
			return end
		}
		if i > 4*len(name)+16 {
			break
		}
	}
	return 0
}
