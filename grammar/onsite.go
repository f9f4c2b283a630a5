package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Roll is the roll on one line: `all`, `@a @b` came, `-@c` did not, `+@d guide`
// came without a place.
type Roll struct {
	All    bool
	Shift  int // which shift, by its number in the call; 0 = not said
	Came   []string
	Absent []string
	New    []NewOnRoll
	Part   string // what could not be read, "" when all could
}

// NewOnRoll is somebody who came without a place, and what they did.
type NewOnRoll struct{ User, Role string }

var (
	rollToken = regexp.MustCompile(`^([+-]?)\s*<@([UW][A-Z0-9]+)(?:\|[^>]*)?>`)
	rollAll   = regexp.MustCompile(`(?i)^(all|全部|所有|所有人|全体|全员|全到|全到了|都到|都到了|都来了)$`)
	rollShift = regexp.MustCompile(`^(\d{1,2})$`)
)

// ParseRollLine reads the roll on one line. ok is false for an empty one.
func ParseRollLine(text string) (r Roll, ok bool) {
	rest := strings.TrimSpace(strings.NewReplacer("＋", "+", "－", "-", "−", "-", "，", " ", "、", " ", ",", " ").Replace(text))
	if rest == "" {
		return r, false
	}
	for rest != "" {
		if m := rollToken.FindStringSubmatch(rest); m != nil {
			rest = strings.TrimSpace(rest[len(m[0]):])
			switch m[1] {
			case "-":
				r.Absent = append(r.Absent, m[2])
			case "+":
				r.New = append(r.New, NewOnRoll{User: m[2]})
			default:
				r.Came = append(r.Came, m[2])
			}
			continue
		}
		word, after, _ := strings.Cut(rest, " ")
		if i := strings.IndexAny(word, "<+"); i > 0 { // 引导员<@U1>
			word, after = rest[:i], rest[i:]
		}
		rest = strings.TrimSpace(after)
		r.word(word)
	}
	return r, true
}

// word takes what is no person: all, the shift, the role of who stands before.
func (r *Roll) word(word string) {
	first := len(r.Came)+len(r.Absent)+len(r.New) == 0
	switch {
	case rollAll.MatchString(word):
		r.All = true
	case first && rollShift.MatchString(Fold(word)):
		r.Shift, _ = strconv.Atoi(Fold(word)) // two digits, read above
	case len(r.New) > 0:
		n := &r.New[len(r.New)-1]
		n.Role = strings.TrimSpace(n.Role + " " + word)
	case r.Part == "":
		r.Part = word
	}
}

// Goods is one line of what was handed out. Cents is the value of all of it, 0
// when none is said.
type Goods struct {
	Item   string
	Number int
	Cents  int64
}

var goodsForm = regexp.MustCompile(`(?i)^(.+?(?:\p{Han}|\s|[×*]|\sx))\s*(\d{1,7})\s*(?:个|只|份|件|箱|瓶|包|袋|盒|套|pcs)?(?:[\s,，]+(?:¥|￥|rmb|cny)?\s*(\d{1,9}(?:\.\d{1,2})?)\s*(?:元|块|yuan|rmb|cny)?)?$`)

// ParseGoods reads `口罩 100 50元`; ok is false for anything else.
func ParseGoods(line string) (g Goods, ok bool) {
	m := goodsForm.FindStringSubmatch(strings.TrimSpace(strings.NewReplacer("：", " ", "　", " ").Replace(line)))
	if m == nil {
		return g, false
	}
	number, err := strconv.Atoi(m[2])
	if err != nil {
		return g, false
	}
	g = Goods{Item: strings.TrimSpace(strings.TrimRight(strings.TrimSuffix(m[1], " x"), "×* ")), Number: number}
	if m[3] != "" {
		value, err := strconv.ParseFloat(m[3], 64)
		if err != nil {
			return g, false
		}
		g.Cents = int64(value*100 + 0.5)
	}
	return g, g.Item != "" && utf8.RuneCountInString(g.Item) <= longestItem
}

// longestItem of goods, in runes: longer is a text that ends in a number.
const longestItem = 60

var (
	servedForm  = regexp.MustCompile(`^(\d{1,2})(?:[:.](\d{2}))?$`)
	servedRange = regexp.MustCompile(`^(\S+?)\s*(?:-|–|—|~|到|至|to)\s*(\S+)$`)
)

// servedClock is minutes after midnight of 9, 9:00, 24:00.
func servedClock(s string) (int, bool) {
	m := servedForm.FindStringSubmatch(strings.TrimSpace(s))
	if m == nil {
		return 0, false
	}
	h, _ := strconv.Atoi(m[1]) // two digits at most
	minute, _ := strconv.Atoi("0" + m[2])
	return h*60 + minute, h <= 24 && minute < 60 && h*60+minute <= 24*60
}

// ParseServedTime reads a wall time near another one: the day is the one on which it
// lies nearest to near.
func ParseServedTime(text string, near time.Time) (time.Time, bool) {
	minute, ok := servedClock(Fold(strings.TrimSpace(text)))
	if !ok {
		return time.Time{}, false
	}
	var best time.Time
	for _, days := range []int{-1, 0, 1} {
		at := time.Date(near.Year(), near.Month(), near.Day()+days, 0, minute, 0, 0, near.Location())
		if best.IsZero() || at.Sub(near).Abs() < best.Sub(near).Abs() {
			best = at
		}
	}
	return best, true
}

// ParseServedSpan reads `9:00-11:30` of a shift that ran from start to end.
func ParseServedSpan(text string, start, end time.Time) (from, to time.Time, ok bool) {
	m := servedRange.FindStringSubmatch(Fold(strings.TrimSpace(text)))
	if m == nil {
		return from, to, false
	}
	from, okFrom := ParseServedTime(m[1], start)
	to, okTo := ParseServedTime(m[2], end)
	return from, to, okFrom && okTo && to.After(from)
}
