package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Year is what `study year [UNIT] [2025]` asks for.
type Year struct {
	Unit string // name as typed, "" = the one they answer for
	Year int    // 0 = the one under way
}

// These match folded text; a year stands before or behind a unit's name.
var (
	yearFirst = regexp.MustCompile(`^((?:19|20)\d{2})年?(?:度)?(?:\s+|$)`)
	yearLast  = regexp.MustCompile(`(?:^|\s+)((?:19|20)\d{2})年?(?:度)?$`)
	yearBack  = regexp.MustCompile(`^(?:last year|去年)(?:\s+|$)|(?:^|\s+)(?:last year|去年)$`)
	yearThis  = regexp.MustCompile(`^(?:this year|今年|本年)(?:\s+|$)|(?:^|\s+)(?:this year|今年|本年)$`)
)

// ParseYear reads a unit and a year in either order; a name that is nothing but
// four digits cannot be told from a year.
func ParseYear(text string, now time.Time) Year {
	src := newSource(strings.TrimSpace(text))
	folded := string(src.folded)
	without := func(at []int) string {
		from, to := utf8.RuneCountInString(folded[:at[0]]), utf8.RuneCountInString(folded[:at[1]])
		return strings.TrimSpace(src.part(0, from) + " " + src.part(to, len(src.typed)))
	}
	for _, form := range []*regexp.Regexp{yearFirst, yearLast} {
		if m := form.FindStringSubmatchIndex(folded); m != nil {
			year, _ := strconv.Atoi(folded[m[2]:m[3]]) // four digits
			return Year{Year: year, Unit: without(m)}
		}
	}
	if at := yearBack.FindStringIndex(folded); at != nil {
		return Year{Year: now.Year() - 1, Unit: without(at)}
	}
	if at := yearThis.FindStringIndex(folded); at != nil {
		return Year{Year: now.Year(), Unit: without(at)}
	}
	return Year{Unit: src.part(0, len(src.typed))}
}

// Exempt is what `study exempt @who 2026 reason: …` asks for.
type Exempt struct {
	User        string // Slack id
	Year        int
	First, Last time.Time // zero = the first, the last day of the year
	Reason      string
	End         bool // take it back
}

const exemptMonths = `(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*`

// exemptDate is a date as people write it in full; words like "tomorrow" are
// left to the days that are read with a session.
const exemptDate = `(\d{4}-\d{1,2}-\d{1,2}|(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?|\d{1,2}(?:st|nd|rd|th)? ` + exemptMonths +
	`(?:,? \d{4})?|` + exemptMonths + ` \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?)`

var (
	exemptEnd    = regexp.MustCompile(`(?:^|\s)(?:off|end|cancel|undo|取消|恢复|撤销)(?:\s|$)`)
	exemptReason = regexp.MustCompile(`(?:^|[\s|;,])(?:reason|because|原因|理由)\s*:?\s*`)
	exemptSpan   = regexp.MustCompile(`(?:from |从\s*|自\s*)?` + exemptDate + `\s*(?:起)?\s*(?:-|~|until|till|to|through|到|至)\s*` + exemptDate + `(?:为止|止)?`)
	exemptFrom   = regexp.MustCompile(`(?:from |since |从\s*|自\s*)` + exemptDate + `(?:\s*(?:起|开始|以后|on))?|` + exemptDate + `\s*(?:起|开始|以后)`)
	exemptUntil  = regexp.MustCompile(`(?:until |till |to |截止到?\s*|截至\s*|到\s*|至\s*)` + exemptDate + `(?:为止|止)?`)
	exemptYear   = regexp.MustCompile(`(?:^|\s)(20\d{2})年?(?:度)?(?:\s|$|全年)`)
	exemptAny    = regexp.MustCompile(`20\d{2}`)
)

// ParseExempt reads whom to excuse from the study target, for which year or
// days of it, and why. The error is a *Reason.
func ParseExempt(text string, o Options) (Exempt, error) {
	m := userToken.FindStringSubmatchIndex(text)
	if m == nil || userToken.MatchString(text[m[1]:]) {
		return Exempt{}, exemptReasonOf("year.exempt_who", userToken.ReplaceAllString(text, ""), o)
	}
	out := Exempt{User: text[m[2]:m[3]], Year: o.Now.In(o.Zone).Year()}
	s := exemptText{src: newSource(strings.TrimSpace(text[:m[0]] + " " + text[m[1]:]))}
	if year := exemptAny.FindString(string(s.src.folded)); year != "" {
		out.Year, _ = strconv.Atoi(year)
	}
	if at := exemptReason.FindStringIndex(string(s.src.folded)); at != nil {
		out.Reason = s.cut(at[0], len(string(s.src.folded)), at[1]-at[0])
	}
	if at := exemptEnd.FindStringIndex(string(s.src.folded)); at != nil && out.Reason == "" {
		out.End = true
		return out, nil
	}
	if err := out.span(&s, o); err != nil {
		return out, err
	}
	if at := exemptYear.FindStringIndex(string(s.src.folded)); at != nil {
		s.cut(at[0], at[1], 0)
	}
	if rest := s.rest(); out.Reason == "" {
		out.Reason = rest
	} else if rest != "" {
		return out, exemptReasonOf("year.exempt_how", rest, o)
	}
	if out.Reason == "" {
		return out, exemptReasonOf("year.exempt_why", "", o)
	}
	return out, nil
}

// span reads the days of the year for which somebody is excused.
func (e *Exempt) span(s *exemptText, o Options) error {
	o.Now = time.Date(e.Year, 1, 1, 12, 0, 0, 0, o.Zone) // a day without a year is one of that year
	read := func(text string) (time.Time, error) {
		day, err := ParseDay(text, o)
		if err == nil && day.Year() != e.Year {
			err = exemptReasonOf("year.exempt_day", text, o)
		}
		return day, err
	}
	folded := string(s.src.folded)
	var err error
	if at := exemptSpan.FindStringSubmatchIndex(folded); at != nil {
		if e.First, err = read(folded[at[2]:at[3]]); err == nil {
			e.Last, err = read(folded[at[4]:at[5]])
		}
		s.cut(at[0], at[1], 0)
		return err
	}
	if at := exemptFrom.FindStringSubmatchIndex(folded); at != nil {
		one := max(at[2], at[4])
		e.First, err = read(folded[one:max(at[3], at[5])])
		s.cut(at[0], at[1], 0)
		return err
	}
	if at := exemptUntil.FindStringSubmatchIndex(folded); at != nil {
		e.Last, err = read(folded[at[2]:at[3]])
		s.cut(at[0], at[1], 0)
	}
	return err
}

// exemptText is what has not been read yet.
type exemptText struct{ src source }

// cut takes a part of the folded text out (places in bytes) and gives it as it
// was typed, without its first skip bytes.
func (s *exemptText) cut(from, to, skip int) string {
	folded := string(s.src.folded)
	a, b := utf8.RuneCountInString(folded[:from]), utf8.RuneCountInString(folded[:to])
	part := s.src.part(a+utf8.RuneCountInString(folded[from:from+skip]), b)
	typed := string(s.src.typed[:a]) + " " + string(s.src.typed[b:])
	s.src = newSource(strings.TrimSpace(typed))
	return part
}

func (s *exemptText) rest() string {
	return strings.Trim(s.src.part(0, len(s.src.typed)), " |;；,，、。:：")
}

func exemptReasonOf(key, part string, o Options) *Reason {
	return newReason(key, clip(strings.TrimSpace(part)), o)
}

// ParseDays reads "90, 150" as numbers of days; nothing, 0 or a no is none.
func ParseDays(text string) (days []int, ok bool) {
	days = []int{}
	folded := Fold(text)
	if folded == "0" || emptied(folded) {
		return days, true
	}
	for _, part := range strings.FieldsFunc(folded, func(r rune) bool { return strings.ContainsRune(",;/ ", r) }) {
		part = strings.TrimRight(strings.TrimSuffix(part, "天"), "d")
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, false
		}
		days = append(days, n)
	}
	return days, true
}
