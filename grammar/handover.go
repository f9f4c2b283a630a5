package grammar

import (
	"regexp"
	"strings"
)

// The words with which somebody asks a named person to take their place:
// 让 @李四 顶我, swap @bo, handover @bo. <@U1> and <@U1|name> are Slack's tokens.
var (
	handoverZh = regexp.MustCompile(`^(?:请|让|叫|找|麻烦|换)\s*<@([A-Z0-9]+)(?:\|[^>]*)?>\s*(?:来|帮我|替我|帮忙)?\s*(?:顶我|顶班|顶一下|顶|替我|替班|代我|代班|换班|换我|替一下)?\s*(?:的班|这班|一下|吧)?$`)
	handoverEn = regexp.MustCompile(`(?i)^(?:please\s+)?(?:swap|handover|hand over|hand it over|trade)(?:\s+(?:to|with|my place to|my shift to|places with))?\s+<@([A-Z0-9]+)(?:\|[^>]*)?>$`)
	// <@U1> 顶我 / <@U1> takes my place
	handoverBy = regexp.MustCompile(`(?i)^<@([A-Z0-9]+)(?:\|[^>]*)?>\s*(?:来|帮我|替我)?\s*(?:顶我|顶班|替我|替班|代我|代班|takes? (?:over )?my (?:place|shift))(?:的班|吧)?$`)
	handoverTo = regexp.MustCompile(`<@([A-Z0-9]+)(?:\|[^>]*)?>`)
	// handoverAsk is the wish alone: whom is asked next.
	handoverAsk = map[string]bool{"找人顶班": true, "找人顶我": true, "找人替我": true, "找人替班": true, "换人": true, "顶班": true,
		"swap": true, "handover": true, "hand over": true, "find a stand-in": true, "stand-in": true}
	// A bare 找 @李四 says too little; one of these words must be there.
	handoverWords = regexp.MustCompile(`顶|替|代我|代班|换班|换我`)
)

// ParseHandover reads a wish to hand one's own place to somebody. slackID is
// who, "" when nobody was named; ok is false when it is no such wish.
func ParseHandover(text string) (slackID string, ok bool) {
	text = strings.TrimSpace(decode(text))
	text = strings.TrimRight(text, "。.！!～~ ")
	if handoverAsk[strings.ToLower(text)] {
		return "", true
	}
	for _, form := range []*regexp.Regexp{handoverZh, handoverEn, handoverBy} {
		m := form.FindStringSubmatch(text)
		if m == nil || form == handoverZh && !handoverWords.MatchString(text) {
			continue
		}
		return m[1], true
	}
	return "", false
}

// ParseMention is the one person named in a text, "" when there is none or
// there are several.
func ParseMention(text string) string {
	all := handoverTo.FindAllStringSubmatch(decode(text), -1)
	if len(all) != 1 {
		return ""
	}
	return all[0][1]
}
