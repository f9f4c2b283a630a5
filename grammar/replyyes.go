package grammar

import (
	"regexp"
	"strings"
)

// readYes reads a sign-up: its core, and around it a day, a role and the size
// of the party. Anything else around it makes it no sign-up.
func readYes(s said, o Options, dm bool) (Reply, bool) {
	r := Reply{Meaning: MeansYes}
	if weakYes[s.String()] {
		return r, dm
	}
	rest, day, spec := s.cutDay(o)
	if day != "" {
		if _, isCore := core(s.cut(0, len(s.rs)), &Reply{}); isCore && len(rest.rs) == 0 {
			rest = s
		}
	}
	rest = rest.stripPolite()
	r.Day = day
	if day != "" && dm && weakYes[rest.String()] {
		r.DayStart = dayStart(spec, o)
		return r, true
	}
	if party(rest.String(), &r) {
		r.DayStart = dayStart(spec, o)
		return r, true
	}
	rest = rest.dropYes()
	if day != "" && strings.HasPrefix(rest.String(), "都") { // 周六周日都来
		rest = rest.cut(1, len(rest.rs))
	}
	if day != "" && (rest.String() == "来" || rest.String() == "我都来") {
		r.DayStart = dayStart(spec, o)
		return r, true
	}
	if n, ok := core(rest, &r); ok {
		rest = rest.cut(n, len(rest.rs))
		if tail, ok := strings.CutPrefix(rest.String(), "-"); ok && !startsDigit(strings.TrimSpace(tail)) { // +1 - driver
			rest = rest.cut(1, len(rest.rs))
		}
	} else if rest, ok = roleFirst(rest, &r, o); !ok {
		return Reply{}, false
	} else {
		r.DayStart = dayStart(spec, o)
		return r, true
	}
	head := s.String()
	if rest.String() == "吧" && strings.ContainsAny(head[:1]+string([]rune(head)[0]), "+我算") { // 我来吧, but not 报名吧
		rest = rest.cut(0, 0)
	}
	if inPlace.MatchString(head) && !roleLed.MatchString(rest.String()) {
		o.strictRoles = true
		role := roleWord(rest.String(), o) && !placeWords[rest.String()]
		if rest.String() != "" && !partySize(rest.String(), &Reply{}) && day == "" && !role {
			return Reply{}, false // "I'm in traffic" is a place
		}
	}
	if roleFor.MatchString(rest.String()) {
		o.strictRoles = true
	}
	if !around(rest, &r, o) {
		return Reply{}, false
	}
	r.DayStart = dayStart(spec, o)
	return r, true
}

var (
	inPlace = regexp.MustCompile(`^(?:yes |ok |sure )?(?:in|im in|i am in)\s`)
	// placeWords are roles too, but "in the kitchen" is a place.
	placeWords = wordSet("traffic|reception|registration|security|kitchen|boat|crew|supplies|logistics|medical|patrol")
	roleLed    = regexp.MustCompile(`^(?:as|for|with|\+|plus|and)\b|^\+`)
	roleFor    = regexp.MustCompile(`^for\b`)
)

// dropYes takes the "yes" off "yes, count me in".
func (s said) dropYes() said {
	text := s.String()
	if m := yesHead.FindStringIndex(text); m != nil {
		rest := s.cut(len([]rune(text[:m[1]])), len(s.rs))
		if _, ok := core(rest, &Reply{}); ok {
			return rest
		}
	}
	if m := yesHeadZh.FindStringIndex(text); m != nil && m[1] < len(text) {
		rest := s.cut(len([]rune(text[:m[1]])), len(s.rs))
		if _, ok := core(rest, &Reply{}); ok {
			return rest
		}
	}
	return s
}

// core finds a sign-up at the start of a text and tells how many runes it is.
func core(s said, r *Reply) (int, bool) {
	text := s.String()
	if meToo[text] {
		return len(s.rs), true
	}
	for _, head := range []string{"我+1 ", "我也+1 ", "我 +1 "} { // 我+1 司机
		if strings.HasPrefix(text, head) {
			return len([]rune(head)), true
		}
	}
	if m := yesPlus.FindStringSubmatchIndex(text); m != nil {
		n := smallNumber(text[m[2]:m[3]])
		if n < 1 || n > mostParty {
			return 0, false
		}
		r.Guests, r.HasGuests = n-1, true
		end := m[1]
		if tail := []rune(text[:end]); hasHan(string(tail[len(tail)-1:])) && !strings.ContainsRune("人个位名", tail[len(tail)-1]) {
			return len(tail) - 1, true
		}
		return len([]rune(text[:end])), true
	}
	if yesOne.MatchString(text) {
		return 1, true
	}
	if m := yesStrong.FindStringIndex(text); m != nil {
		return len([]rune(text[:m[1]])), true
	}
	return 0, false
}

// meToo: "我+1" is the writer, whatever else it may mean to some.
var meToo = wordSet("我+1|我 +1|+1我|+1 我|我也+1|我也 +1")

// mostParty bounds one person's party; a larger number is something else.
const mostParty = 50

// party reads a sign-up that is all about its size: 我们3人报名.
func party(text string, r *Reply) bool {
	if m := partyLed.FindStringSubmatch(text); m != nil {
		r.Guests, r.HasGuests = smallNumber(m[1]), true
		return r.Guests > 0 && r.Guests < mostParty
	}
	m := partySelf.FindStringSubmatch(text)
	if m == nil {
		m = partyWe.FindStringSubmatch(text)
	}
	if m == nil {
		return false
	}
	n := smallNumber(m[1])
	if n < 1 || n > mostParty {
		return false
	}
	r.Guests, r.HasGuests = n-1, true
	return true
}

// around reads what stands behind the core, in any order; false if anything is
// left over.
func around(s said, r *Reply, o Options) bool {
	for range 6 {
		s = s.stripPolite()
		text := s.String()
		if text == "" || dayJoint.MatchString(text) || politeClause[text] {
			return true
		}
		if partyTotal.MatchString(text) && partySize(text, r) { // the 1 of "报名 1 人" is no answer
			return true
		}
		if n, ok := core(s, &Reply{}); ok { // 报名 +1, yes I'm in
			if m := yesPlus.FindStringIndex(text); m != nil {
				core(s, r)
			}
			s = s.cut(n, len(s.rs))
			continue
		}
		if partySize(text, r) {
			return true
		}
		if rest, ok := sizeFirst(s, r); ok {
			s = rest
			continue
		}
		return takeRole(s, r, o)
	}
	return false
}

func partySize(text string, r *Reply) bool {
	if m := partyTotal.FindStringSubmatch(text); m != nil {
		if n := smallNumber(m[1] + m[2]); n >= 1 && n <= mostParty {
			r.Guests, r.HasGuests = n-1, true
			return true
		}
	}
	if m := partyMore.FindStringSubmatch(text); m != nil {
		if n := smallNumber(m[1]); n >= 1 && n < mostParty {
			r.Guests, r.HasGuests = n, true
			return true
		}
	}
	return false
}

// sizeFirst takes a leading "3人" off "3人 司机", and a trailing one off
// "司机 3人".
func sizeFirst(s said, r *Reply) (said, bool) {
	text := s.String()
	for i, ch := range text {
		if ch == ' ' && i > 0 {
			if partySize(text[:i], r) {
				return s.cut(len([]rune(text[:i])), len(s.rs)), true
			}
			if partySize(strings.TrimSpace(text[i:]), r) {
				return s.cut(0, len([]rune(text[:i]))), true
			}
		}
	}
	return s, false
}

// takeRole reads the role that is left:司机, as driver, driver for.
func takeRole(s said, r *Reply, o Options) bool {
	text := s.String()
	if m := roleJoint.FindStringIndex(text); m != nil {
		if rest := s.cut(len([]rune(text[:m[1]])), len(s.rs)); roleWord(rest.String(), o) || !roleWord(text, o) {
			s = rest
		}
	}
	for _, tail := range []string{" for", " on", " the", " role", " please", "岗", "的", " shift"} {
		cut, ok := strings.CutSuffix(s.String(), tail)
		if ok && (roleWord(cut, o) || !roleWord(s.String(), o)) {
			s = s.cut(0, len([]rune(cut)))
		}
	}
	if r.Role != "" || !roleWord(s.String(), o) {
		return false
	}
	r.Role = s.raw(0, len(s.rs))
	return true
}

// roleFirst reads "司机 +1", "driver, I'm in", "我当司机".
func roleFirst(s said, r *Reply, o Options) (said, bool) {
	text := s.String()
	for _, head := range []string{"我来当", "我当", "我做", "我可以当", "我能当", "我来做", "我报", "我来", "我要当", "i can be the ", "ill be the ", "i can be a ", "ill be a ", "i can be an ", "i can do ", "ill do ", "ill take ", "i could be ", "i could do ", "i can be "} {
		if cut, ok := strings.CutPrefix(text, head); ok && roleWord(cut, o) {
			r.Role = s.raw(len([]rune(head)), len(s.rs))
			return s, true
		}
	}
	for i := range text {
		if i == 0 {
			continue
		}
		n := len([]rune(text[:i]))
		head := s.cut(0, n)
		if !roleWord(head.String(), o) {
			continue
		}
		tail := s.cut(n, len(s.rs))
		size, ok := core(tail, r)
		if !ok {
			continue
		}
		r.Role = head.raw(0, len(head.rs))
		if around(tail.cut(size, len(tail.rs)), r, o) {
			return s, true
		}
		*r = Reply{Meaning: MeansYes, Day: r.Day}
	}
	return s, false
}
