package grammar

import (
	"regexp"
	"strconv"
	"strings"
)

// AskOrder is what follows `call k12 ask`: N people more (of one role), another
// plan, or an end or a pause. The zero value is a wave as planned.
type AskOrder struct {
	N      int
	Role   string
	Plan   *Ask // auto, 5 every 10m; Off means stop
	Pause  bool
	Resume bool
}

var (
	orderSize  = regexp.MustCompile(`^(\d{1,4})\s*(?:more|people|volunteers|人|个人|个|名)?$`)
	orderFirst = regexp.MustCompile(`^(\d{1,4})\s*(?:more|人|个人|个|名)?\s+(\S.*)$`)
	orderLast  = regexp.MustCompile(`^(\S.*?)\s*(\d{1,4})\s*(?:more|人|个人|个|名)?$`)
	orderGlued = regexp.MustCompile(`^(\d{1,4})\s*(?:人|个|名)?\s*(\p{Han}.*)$`)
)

// ParseAskOrder reads what follows `call k12 ask`. roles are the call's; ok is
// false when it can be nothing.
func ParseAskOrder(text string, roles []string) (order AskOrder, ok bool) {
	text = strings.TrimSpace(decode(text))
	folded := Fold(text)
	switch folded {
	case "", "more", "再问", "now", "现在":
		return order, true
	case "stop", "end", "停", "停止", "停止询问", "结束", "不问了", "别问了":
		return AskOrder{Plan: &Ask{Off: true}}, true
	case "pause", "hold", "暂停", "暂停询问":
		return AskOrder{Pause: true}, true
	case "resume", "continue", "继续", "继续询问", "恢复":
		return AskOrder{Resume: true}, true
	}
	if m := orderSize.FindStringSubmatch(folded); m != nil {
		return AskOrder{N: number(m[1])}, number(m[1]) > 0
	}
	for _, role := range roles { // a role by its whole name, before anything is guessed
		if Fold(role) == folded {
			return AskOrder{Role: role}, role != ""
		}
	}
	if plan, ok := parseAsk(text); ok {
		return AskOrder{Plan: plan}, true
	}
	for i, form := range []*regexp.Regexp{orderFirst, orderGlued, orderLast} {
		m := form.FindStringSubmatch(folded)
		if m == nil {
			continue
		}
		size, role := m[1], m[2]
		if i == 2 {
			size, role = m[2], m[1]
		}
		return AskOrder{N: number(size), Role: asWritten(role, roles)}, number(size) > 0
	}
	return order, false
}

// asWritten is the call's own spelling of a role, else the words themselves.
func asWritten(words string, roles []string) string {
	for _, role := range roles {
		if f := Fold(role); f == words || f+"s" == words || f == words+"s" {
			return role
		}
	}
	return words
}

func number(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
