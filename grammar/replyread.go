package grammar

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// refusal reads a no: plain, with a day, or beside a reason.
func (s said) refusal(meant []said, o Options, dm bool) (Reply, bool) {
	found, bare := false, false
	r := Reply{Meaning: MeansNo}
	for _, c := range meant {
		text := c.String()
		switch {
		case isNo(text, dm):
			found = true
		case bareNo[text]:
			bare = true
		case text == "-1" || text == "- 1" || text == "减1" || text == "减一":
			found = true
		case c.minusRole(o) != "":
			r.Role, found = c.minusRole(o), true
		case wishedBut(text):
			found = true
		case isReason(text):
		default:
			rest, day, spec := c.cutDay(o)
			rest = rest.stripPolite()
			if m := dayTail.FindStringIndex(rest.String()); m != nil {
				rest = rest.cut(0, len([]rune(rest.String()[:m[0]])))
			}
			if day != "" && isReason(rest.String()) { // 今天加班
				if spec.kind != dayRelative { // "busy today" says nothing about another day
					r.Day, r.DayStart = day, dayStart(spec, o)
				}
				continue
			}
			if day == "" || !(isNo(rest.String(), dm) || rest.String() == "-1") {
				return Reply{}, false
			}
			found = true
			r.Day, r.DayStart = day, dayStart(spec, o)
		}
	}
	r.BareNo = bare && !found
	return r, found || bare
}

// minusRole is the role of "-1 driver".
func (s said) minusRole(o Options) string {
	rest, ok := strings.CutPrefix(s.String(), "-1")
	if !ok || !roleWord(strings.TrimSpace(rest), o) {
		return ""
	}
	role := s.cut(len("-1"), len(s.rs))
	return role.raw(0, len(role.rs))
}

var (
	wish  = regexp.MustCompile(`^(?:我)?(?:很|真|也|本来)?想(?:来|去|参加|报名)?(?:的|是想来)?$|^(?:i |id |i would |really )*(?:wish i could|want to|love to|like to|would|wanted to)(?: come| join| help)?$`)
	butNo = regexp.MustCompile(`^(.+?)[\s,]*(?:\bbut\b|但是|但|可是|不过|可惜|可)[\s,]*(.+)$`)
)

// wishedBut reads "想来但来不了", "I'd love to but can't": a no.
func wishedBut(text string) bool {
	m := butNo.FindStringSubmatch(text)
	return m != nil && wish.MatchString(m[1]) && isNo(m[2], false)
}

// takenBack: "报名但是来不了" says both, and so nothing.
func takenBack(text string) bool {
	m := butNo.FindStringSubmatch(text)
	return m != nil && (isNo(m[2], true) || bareNo[m[2]])
}

var dayTail = regexp.MustCompile(`\s+(?:on|for|this|the)$`)

// isReason tells whether a clause only says why somebody cannot.
func isReason(text string) bool { return noReasons[text] || reasonForm.MatchString(text) }

func isNo(text string, dm bool) bool {
	if noZh.MatchString(text) {
		return !noZhUnsure.MatchString(text)
	}
	for _, set := range []map[string]bool{noReasons, politeClause} { // 有事来不了, 不好意思来不了
		for head := range set {
			if rest, ok := strings.CutPrefix(text, head); ok && rest != "" && noZh.MatchString(strings.TrimSpace(rest)) {
				return true
			}
		}
	}
	return noEn.MatchString(text) || dm && noDM[text]
}

const (
	durationWords = `(an hour and a half|\d{1,2}\s*个?(?:hours?|hrs?|hr|h|小时)\s*(?:and\s+)?\d{1,2}\s*(?:minutes?|mins?|min|m|分钟|分)?|(?:\d{1,3}(?:\.\d)?|[一二两三四五六七八九十半]{1,3}|half an|an?|one|two|three|five|ten|fifteen|twenty|thirty)?\s*(?:个)?(?:半)?\s*(?:minutes?|mins?|min|m|hours?|hrs?|hr|h|小时|钟头|分钟|分|刻钟|个小时|个钟头|个半小时)?(?:半)?)`
	clockWords    = `((?:早上|上午|中午|下午|晚上|傍晚|今晚|晚|早)?\s*(?:\d{1,2}|[一二两三四五六七八九十]{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?:[:.]\d{2}|点半|点一刻|点三刻|点钟|点\d{1,2}分?|点[一二三四五]?十[一二三四五六七八九]?分?|点整|点|时)?\s*(?:am|pm|a\.m\.|p\.m\.|oclock)?|noon|midday|中午)`
)

var (
	lateEn     = regexp.MustCompile(`^(?:(?:im|i am|ill be|i will be|ill|be|going to be|gonna be|running|arriving|coming|coming in|am|by|about|around|might be|may be|probably|maybe|a bit|a little|slightly)\s+)*late(?:\s+by)?(?:\s+(?:about|around))?\s*` + durationWords + `$`)
	lateEnTail = regexp.MustCompile(`^(?:(?:im|i am|ill be|i will be|be|running|arriving|coming|going to be|gonna be|about|around)\s+)*` + durationWords + `\s+late$`)
	etaClock   = regexp.MustCompile(`^(?:(?:my\s+)?eta\s*(?:is|:|at|about|around|~)?|(?:there|arriving|arrive|i arrive|ill arrive|i will arrive|here) (?:at|by|around|about))\s*` + clockWords + `$`)
	etaSpan    = regexp.MustCompile(`^(?:(?:my\s+)?eta\s*(?:is|:|in|about|around)?|(?:ill |i will )?(?:be )?there in|arriving in|ill arrive in|here in|coming in)\s*(?:about\s+)?` + durationWords + `$`)
	onMyWay    = wordSet("late|on my way|omw|im on my way|i am on my way|on the way|im on the way|otw|just left|leaving now|im leaving now|running late|running a bit late|running a little late|running slightly late|ill be late|i will be late|im running late|a bit late|a little late|im going to be late|ill be a bit late|ill be a little late|be late|im late|im a bit late",
		"在路上|在路上了|我在路上|我在路上了|路上|路上了|出发了|我出发了|已出发|已经出发|我已出发|已经出发了|正在路上|正在赶来|在赶来|赶过来了|马上到|马上就到|我马上到|快到了|我快到了|就快到了|会晚到|晚到|我晚到|我会晚到|晚点到|我晚点到|晚一点到|我晚一点到|晚些到|会晚点到|要晚点到|可能晚到|可能晚点到|迟到|要迟到|会迟到|我要迟到了|要迟到了|可能迟到|可能要迟到|会晚一点|会晚点|我会晚点到|我可能晚点到|我可能会晚到|晚点来|我晚点来|会晚一会儿|晚一会儿到|晚一会到|路上堵车|我会迟到|我可能迟到|我可能会迟到|我要晚到|要晚到|要晚一点")
	lateZh   = regexp.MustCompile(`^(?:我|可能|会|要|大概|大约|估计|预计|需要|得|路上堵车|堵车|路上|有点堵|有点堵车|\s)*(?:晚到|迟到|晚来|晚点到|晚|迟)(?:大概|大约|约|个)?\s*` + durationWords + `(?:左右)?(?:到|来|到达|才到|才能到)?$`)
	etaZh    = regexp.MustCompile(`^(?:我|还有|还要|还需要|再过|大概|大约|预计|估计|\s)*` + durationWords + `(?:左右)?(?:后|之后|以后)?(?:到|到达|能到|就到|后到|到场)$`)
	etaZhAt  = regexp.MustCompile(`^(?:我|大概|大约|预计|估计|可能|会|要|\s)*` + clockWords + `(?:左右)?(?:能|会|才|才能|就|可以)?(?:到|到达|到场|赶到)$`)
	lateAsks = regexp.MustCompile(`late|eta|晚|迟|到|路上|出发|堵|omw|way|left|leaving|otw|赶|there|arriv|here in`)
)

// readLate reads late, and on my way.
func readLate(s said, o Options, dm bool) (Reply, bool) {
	text := s.String()
	if !lateAsks.MatchString(text) || others.MatchString(text) {
		return Reply{}, false
	}
	r := Reply{Meaning: MeansLate}
	if onMyWay[text] {
		return r, true
	}
	for _, form := range []*regexp.Regexp{lateEn, lateEnTail, lateZh} {
		m := form.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		n, ok := minutes(m[1])
		if !ok {
			continue
		}
		r.Minutes = n
		return r, true
	}
	for _, form := range []*regexp.Regexp{etaClock, etaZhAt} {
		if m := form.FindStringSubmatch(text); m != nil {
			if at, ok := clockText(m[1]); ok && (form == etaZhAt || strings.ContainsAny(m[1], ":.点apn")) {
				r.From = at
				return r, true
			}
		}
	}
	for _, form := range []*regexp.Regexp{etaSpan, etaZh} {
		if m := form.FindStringSubmatch(text); m != nil {
			if n, ok := minutes(m[1]); ok && n > 0 {
				r.From = delayText(time.Duration(n) * time.Minute)
				return r, true
			}
		}
	}
	return Reply{}, false
}

// mostLate bounds what can be minutes of lateness: ten hours.
const mostLate = 600

// minutes reads a length of time; a bare number is minutes.
func minutes(s string) (int, bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, false
	}
	d, ok := ParseDuration(s)
	if !ok {
		d, ok = ParseDuration(s + "分钟")
	}
	n := int(d / time.Minute)
	return n, ok && n > 0 && n <= mostLate
}

// delayText is "+2h" or "+20m".
func delayText(d time.Duration) string {
	if d%time.Hour == 0 {
		return fmt.Sprintf("+%dh", d/time.Hour)
	}
	return fmt.Sprintf("+%dm", d/time.Minute)
}

// clockText is the HH:MM of a clock, false where it can be two.
func clockText(s string) (string, bool) {
	p := newParser(s, Options{Lang: "en"})
	p.inRange = true
	c, ok := p.clock()
	if !ok || p.i != len(p.toks) {
		return "", false
	}
	at, f := c.minute()
	if f != nil || at >= dayMinutes {
		return "", f == nil || f.key != "when.bad_clock"
	}
	return fmt.Sprintf("%02d:%02d", at/60, at%60), true
}

var (
	others   = regexp.MustCompile(`他|她|我妈|我爸|老公|老婆|妈妈|爸爸|儿子|女儿|弟弟|妹妹|哥哥|姐姐|朋友|同事|同学|你们|你|大家|别人|有人|\b(?:he|she|they|him|her|them|his|their|you|your|everyone|everybody|someone|somebody|anyone|who|people|my (?:brother|sister|wife|husband|friend|friends|mom|mum|dad|son|daughter|colleague|boss|partner|kid|kids|family))\b`)
	afterEn  = regexp.MustCompile(`(?:after|from|not before|around|at|by|only at|starting at|starting from|starting)\s+(?:about\s+|around\s+)?` + clockWords + `$`)
	afterEnM = regexp.MustCompile(`(?:after|from|not before)\s+` + clockWords + `(?:\s|$)`)
	inSpanEn = regexp.MustCompile(`(?:in|after)\s+(?:about\s+)?` + durationWords + `$`)
	condHead = regexp.MustCompile(`^(?:\+1|yes|yep|yeah|sure|ok|okay|` + strongEn + `|can come|can make it|can join|can be there|can help|i could come|could come|i could|available|im available|im free|free|possible|i can|maybe yes|im able to come|able to come)\s*(?:but\s*)?(?:only\s*)?(?:(?:come|join|be there|make it|help)\s+)?`)
	condTie  = regexp.MustCompile(`^(?:but|if|unless|as long as|provided|when|once|only|until|till|except|depending|depends|after|not before|though|however|with the condition|on condition)\b`)
	condIf   = regexp.MustCompile(`^(?:if|as long as|provided|once|when|unless)\s.{2,60}\s(?:im in|ill come|i will come|i can come|count me in|ill join|ill be there|i can make it|ill help)$`)
	condNot  = regexp.MustCompile(`^(?:not before|only after|only from|earliest(?: at)?|after|available (?:after|from)|im available (?:after|from)|free (?:after|from)|im free (?:after|from)|can do (?:after|from)|any time after|anytime after)\s+` + clockWords + `(?:\s+(?:works|is ok|is fine|i can|i can come|im free|ok|yes|possible|only|works for me|im in|ill come|i could come))?$`)
	condNo   = regexp.MustCompile(`^(?:not now|no|n)\s+(?:but\s+)?(?:available\s+|free\s+|yes\s+|i can(?: come)?\s+|maybe\s+)?(in|after|from)\s+(.+)$`)
	canZh    = `(?:就|才|都|应该)?(?:可以(?:来|去|到|参加|的)?|能(?:来|去|到|参加|赶到|过来)?|有空|有时间|行|参加|来|方便|过来|没问题|ok|到)(?:了|的)?`
	condAtZh = regexp.MustCompile(`^(?:我|要|得|只有|只能|大概|今天|可能|需要|等|\s)*` + clockWords + `\s*(?:以后|之后|过后|后|左右|才|起|开始|前后|以前|之前|前)?\s*(?:我)?` + canZh + `$`)
	condInZh = regexp.MustCompile(`^(?:我|要|得|大概|可能|再过|过|需要|等|\s)*` + durationWords + `\s*(?:以后|之后|过后|后)\s*(?:我)?` + canZh + `$`)
	// condSoonZh: 再过 says after as 后 does.
	condSoonZh = regexp.MustCompile(`^(?:我|要|得|大概|可能|需要)*(?:再过|过)\s*` + durationWords + `\s*(?:我)?` + canZh + `$`)
	partZh     = regexp.MustCompile(`^(?:我|只有|今天|\s)*(?:上午|下午|晚上|中午|早上|傍晚)(?:我)?(?:才|就|都)?(?:可以|能来|能去|有空|可以来|可以去|能参加|有时间|可以参加)$`)
	yesTieZh   = regexp.MustCompile(`^(?:\+1|可以|能来|能去|能参加|参加|报名|我来|我参加|我能来|可以来|可以参加|行|好|我可以|能|我去|没问题)\s*(?:但是|但|不过|只是|只能|如果|要是|前提|得|要|需要|除非).{1,40}$`)
	ifZh       = regexp.MustCompile(`^(?:如果|要是|若|假如|只要|等我|等|除非|万一|倘若).{1,30}(?:来|去|参加|报名|可以|能到|没问题|能来)(?:的|了)?$`)
	thenZh     = regexp.MustCompile(`^(?:我)?[^,]{1,12}(?:就|的话)\s*(?:我)?(?:就)?(?:能|可以|会|一定)?(?:来|去|参加|报名|可以)$`)
	doneZh     = regexp.MustCompile(`^(?:我|等|等我)?(?:下班|下课|放学|吃完饭|忙完|开完会|送完孩子|收工|跑完单|送完单)(?:以后|之后|后|了)?(?:我)?(?:就|才|再)?(?:可以|能来|能去|来|去|参加|过来|赶过来|能到)$`)
	yesAtZh    = regexp.MustCompile(`^(?:\+1|可以|` + strongZh + `)\s*(?:我)?` + clockWords + `\s*(?:以后|之后|后|才|左右)?(?:才)?(?:到|能到|来|能来|可以|过来|能过来|到场)?$`)
	afterZh    = regexp.MustCompile(clockWords + `\s*(?:以后|之后|后|才|起|开始)`)
	inZh       = regexp.MustCompile(durationWords + `\s*(?:以后|之后|后)`)
	lessSure   = regexp.MustCompile(`^(?:ok|okay|sure|yeah|yep)\b`)
)

// readConditional reads a yes that hangs on a time or a condition. Its words
// are for the organizer; From is taken where it is plain.
func readConditional(s said, o Options, dm bool) (Reply, bool) {
	text := s.String()
	if others.MatchString(text) || takenBack(text) || strings.Contains(text, "not sure") || strings.Contains(text, "不确定") {
		return Reply{}, false
	}
	r := Reply{Meaning: MeansConditional}
	if m := condNot.FindStringSubmatch(text); m != nil && (dm || m[0] != "after "+m[1]) {
		from, ok := clockText(m[1])
		r.From = from
		return r, ok
	}
	if m := condNo.FindStringSubmatch(text); m != nil {
		if n, ok := minutes(m[2]); ok && m[1] != "from" {
			r.From = delayText(time.Duration(n) * time.Minute)
			return r, true
		}
		from, ok := clockText(m[2])
		r.From = from
		return r, ok && m[1] != "in"
	}
	if m := condHead.FindStringIndex(text); m != nil && !(lessSure.MatchString(text) && !dm) {
		if r, ok := condRest(text, strings.TrimSpace(text[m[1]:]), o); ok {
			return r, true
		}
	}
	if dm {
		if m := inSpanEn.FindStringSubmatch(text); m != nil && m[0] == text {
			if n, ok := minutes(m[1]); ok {
				r.From = delayText(time.Duration(n) * time.Minute)
				return r, true
			}
		}
	}
	if condIf.MatchString(text) {
		return r, true
	}
	return conditionalZh(text, dm)
}

// condRest reads what follows a yes in English: after 9, in 2 hours, if it
// stays dry.
func condRest(text, rest string, o Options) (Reply, bool) {
	r := Reply{Meaning: MeansConditional}
	if m := afterEn.FindStringSubmatch(rest); m != nil && m[0] == rest {
		from, ok := clockText(m[1])
		r.From = from
		return r, ok
	}
	if m := inSpanEn.FindStringSubmatch(rest); m != nil && m[0] == rest {
		if n, ok := minutes(m[1]); ok && hasUnit(m[1]) {
			r.From = delayText(time.Duration(n) * time.Minute)
			return r, true
		}
	}
	tied := condTie.MatchString(rest) || strings.Contains(text, " but ") && rest != ""
	if !tied {
		return Reply{}, false
	}
	if m := afterEnM.FindStringSubmatch(rest); m != nil {
		r.From, _ = clockText(m[1])
	}
	return r, true
}

func hasUnit(s string) bool {
	return strings.ContainsAny(s, "mh小分刻钟")
}

func conditionalZh(text string, dm bool) (Reply, bool) {
	r := Reply{Meaning: MeansConditional}
	m := condInZh.FindStringSubmatch(text)
	if m == nil {
		m = condSoonZh.FindStringSubmatch(text)
	}
	if m != nil && hasUnit(m[1]) {
		if n, ok := minutes(m[1]); ok {
			r.From = delayText(time.Duration(n) * time.Minute)
			return r, true
		}
	}
	if m := condAtZh.FindStringSubmatch(text); m != nil && strings.ContainsAny(m[1], ":点时中午") {
		if from, ok := clockText(m[1]); ok {
			if !strings.Contains(strings.TrimPrefix(text, m[1]), "前") {
				r.From = from
			}
			return r, true
		}
	}
	if m := yesAtZh.FindStringSubmatch(text); m != nil && strings.ContainsAny(m[1], ":点时") {
		if from, ok := clockText(m[1]); ok {
			r.From = from
			return r, true
		}
	}
	if yesTieZh.MatchString(text) {
		if strings.ContainsAny(text, "不") && !strings.ContainsAny(text, "但如要") {
			return Reply{}, false
		}
		if m := inZh.FindStringSubmatch(text); m != nil && hasUnit(m[1]) {
			if n, ok := minutes(m[1]); ok {
				r.From = delayText(time.Duration(n) * time.Minute)
				return r, true
			}
		}
		if m := afterZh.FindStringSubmatch(text); m != nil {
			r.From, _ = clockText(m[1])
		}
		return r, true
	}
	return r, partZh.MatchString(text) || ifZh.MatchString(text) || thenZh.MatchString(text) || doneZh.MatchString(text)
}
