package grammar

import (
	"regexp"
	"strings"
	"time"
	"unicode"
)

// Which is the one occurrence of a series that a text names.
type Which struct {
	Named bool
	Day   time.Time // first moment of its day; zero = the next one
}

var (
	onlyWord = regexp.MustCompile(`(?i)^(?:only|just|只改|仅改|只修改|只|仅)\s*(?:on\s+|the\s+)?`)
	nextWord = regexp.MustCompile(`(?i)^(?:the\s+)?(?:next(?:\s+(?:one|time|session))?|下一次|下次|下一场|这一次|这次)(?:的)?$`)
	fromWord = regexp.MustCompile(`(?i)^(?:all|series|the\s+series|全部|系列|以后都|今后都|以后)(?:的)?$`)
)

// CutOccurrence takes the occurrence off the head of an edit: "2 Dec: where:
// 2nd floor", "only 2 Dec where: …", "12月2日 地点：二楼", "只改下一次 …". What is
// left are the fields. Without one the text is given back as it is. The error
// is a *Reason: the head says that one is meant, and its day cannot be read.
func CutOccurrence(text string, o Options) (Which, string, error) {
	head, rest := cutBeforeKey(strings.TrimSpace(text))
	only := onlyWord.FindString(head)
	name := strings.TrimFunc(head[len(only):], isHeadSign)
	switch {
	case head == "":
		return Which{}, text, nil
	case only == "" && fromWord.MatchString(name):
		return Which{}, rest, nil
	case nextWord.MatchString(name), only != "" && name == "":
		return Which{Named: true}, rest, nil
	}
	day, reason := parseDay(strings.TrimSuffix(name, "的"), o)
	switch {
	case reason == nil:
		return Which{Named: true, Day: day}, rest, nil
	case only != "" || reason.Key == "when.past" || reason.Key == "when.which_morning" || reason.Key == "when.other_weekday":
		return Which{}, rest, reason
	}
	return Which{}, text, nil
}

func isHeadSign(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(":：,，|｜;；-–—", r)
}

// cutBeforeKey gives what stands before the first known key, and the fields
// from there on.
func cutBeforeKey(text string) (head, rest string) {
	rs := []rune(decode(text))
	for i := range rs {
		if i > 0 && !isHeadSign(rs[i-1]) && !hasHan(string(rs[i])) {
			continue // inside a word
		}
		if key, _ := keyAt(rs, i, studyKeys, true); key == i {
			return string(rs[:i]), string(rs[i:])
		}
	}
	return string(rs), ""
}
