package grammar

import (
	"regexp"
	"strconv"
	"strings"
)

// What a line of a session's roll can say of somebody.
const (
	SaidCame    = "came"
	SaidLate    = "late"
	SaidExcused = "excused"
	SaidMissed  = "missed"
)

// StudyRoll is the roll of a session on one line: `@a @b late 20 @c excused @d
// ill missed @e`. A word holds for those who stand after it.
type StudyRoll struct {
	All   bool   // those with the code
	Day   string // what stands before the first of them: which day's session
	Lines []StudyRollLine
	Part  string // what could not be read, "" when all could
}

// StudyRollLine is one person of it.
type StudyRollLine struct {
	User    string // Slack id
	Said    string
	Minutes int // of SaidLate, 0 = not said
	Note    string
}

// rollSaid are the words, the longer ones first.
var rollSaid = []struct {
	said string
	form *regexp.Regexp
}{
	{SaidLate, regexp.MustCompile(`(?i)^(?:came late|late|迟到|晚到)\s*`)},
	{SaidExcused, regexp.MustCompile(`(?i)^(?:excused|excuse|on leave|请假|准假)\s*`)},
	{SaidMissed, regexp.MustCompile(`(?i)^(?:missed|not there|absent|没有到|没到|未到|没来|缺席)\s*`)},
	{SaidCame, regexp.MustCompile(`(?i)^(?:came|there|here|到了|到场|来了|到(?:\s|$|<))\s*`)},
}

var (
	rollMinutes = regexp.MustCompile(`(?i)^(\d{1,3})\s*(?:minutes|minute|mins|min|m|分钟|分)?(?:\s|$|<)`)
	rollAfter   = regexp.MustCompile(`(?i)^(\d{1,3})\s*(?:minutes late|minutes|minute|mins|min|m|分钟|分)?(?:\s|$)`)
)

var minutesBefore = regexp.MustCompile(`(?i)^(\d{1,5})\s*(?:minutes|minute|mins|min|m|分钟|分)?(?:[\s.,，。；;]+|$)`)

// ParseMinutesLate reads what stands beside somebody who came late: `20`, `20分钟
// 堵车`. ok is false without minutes before the words.
func ParseMinutesLate(text string) (minutes int, note string, ok bool) {
	text = strings.TrimSpace(text)
	m := minutesBefore.FindStringSubmatch(text)
	if m == nil {
		return 0, text, false
	}
	minutes, err := strconv.Atoi(m[1])
	return minutes, strings.TrimSpace(text[len(m[0]):]), err == nil
}

// rollReader reads one line.
type rollReader struct {
	r       StudyRoll
	said    string
	minutes int
}

// ParseStudyRoll reads it. ok is false when it names nobody and says nothing:
// Day is then the whole of it.
func ParseStudyRoll(text string) (r StudyRoll, ok bool) {
	rest := strings.TrimSpace(strings.NewReplacer("＋", "+", "－", "-", "−", "-", "，", " ", "、", " ", "；", " ", ";", " ", "：", " ").Replace(text))
	read := rollReader{said: SaidCame}
	for rest != "" {
		if m := rollToken.FindStringSubmatch(rest); m != nil {
			rest = strings.TrimSpace(rest[len(m[0]):])
			read.person(m[1], m[2])
			continue
		}
		if after, said := read.word(rest); said {
			rest = after
			continue
		}
		word, after, _ := strings.Cut(rest, " ")
		if i := strings.Index(word, "<@"); i > 0 { // 请假<@U1>
			word, after = rest[:i], rest[i:]
		}
		rest = strings.TrimSpace(after)
		read.other(word)
	}
	r = read.r
	for i := range r.Lines {
		r.Lines[i].Note = strings.TrimSpace(r.Lines[i].Note)
	}
	return r, r.All || len(r.Lines) > 0 || read.said != SaidCame
}

// person adds somebody: with a sign of their own, or as the last word says.
func (read *rollReader) person(sign, user string) {
	l := StudyRollLine{User: user, Said: read.said}
	switch {
	case sign == "-":
		l.Said = SaidMissed
	case sign == "+":
		l.Said = SaidCame
	case l.Said == SaidLate:
		l.Minutes = read.minutes
	}
	read.r.Lines = append(read.r.Lines, l)
}

// word reads what holds for those who follow, minutes with it, or the minutes of
// who stands before.
func (read *rollReader) word(rest string) (after string, ok bool) {
	if n := len(read.r.Lines); n > 0 && read.r.Lines[n-1].Said == SaidLate && read.r.Lines[n-1].Minutes == 0 {
		if m := rollAfter.FindStringSubmatch(rest); m != nil {
			read.r.Lines[n-1].Minutes, _ = strconv.Atoi(m[1]) // three digits at most
			return strings.TrimSpace(rest[len(m[0]):]), true
		}
	}
	for _, w := range rollSaid {
		m := w.form.FindString(rest)
		if m == "" {
			continue
		}
		if end := strings.TrimRight(m, " <"); len(end) < len(rest) && asciiWord(end) && asciiLetter(rest[len(end)]) {
			continue // "latest" is no "late"
		}
		rest = strings.TrimSpace(rest[len(strings.TrimSuffix(m, "<")):])
		read.said, read.minutes = w.said, 0
		if w.said == SaidLate {
			if m := rollMinutes.FindStringSubmatch(rest); m != nil {
				read.minutes, _ = strconv.Atoi(m[1]) // three digits at most
				rest = strings.TrimSpace(rest[len(strings.TrimSuffix(m[0], "<")):])
			}
		}
		return rest, true
	}
	return rest, false
}

func asciiLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

func asciiWord(s string) bool { return s != "" && asciiLetter(s[len(s)-1]) }

// other takes what is none of these: all, the day, the note of who stands before.
func (read *rollReader) other(word string) {
	n := len(read.r.Lines)
	switch {
	case rollAll.MatchString(word):
		read.r.All = true
	case n > 0 && (read.r.Lines[n-1].Said == SaidExcused || read.r.Lines[n-1].Said == SaidMissed || read.r.Lines[n-1].Said == SaidLate):
		read.r.Lines[n-1].Note += " " + word
	case n == 0 && read.said == SaidCame && !read.r.All:
		read.r.Day = strings.TrimSpace(read.r.Day + " " + word)
	case read.r.Part == "":
		read.r.Part = word
	}
}
