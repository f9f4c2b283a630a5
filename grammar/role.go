package grammar

import (
	"regexp"
	"strings"
)

// Role is what `role @who ROLE [UNIT]` asks for.
type Role struct {
	User string // Slack id
	Role string // organizer, admin, viewer, member
	Unit string // name as typed, "" = everywhere
}

var userToken = regexp.MustCompile(`<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>`)

var roleWords = map[string]string{
	"organizer": "organizer", "organiser": "organizer", "组织者": "organizer",
	"admin": "admin", "administrator": "admin", "管理员": "admin",
	"viewer": "viewer", "查看者": "viewer", "查看": "viewer",
	"member": "member", "成员": "member", "普通成员": "member",
}

// ParseRole reads who gets which role, in either order; the error is a *Reason.
func ParseRole(text string) (Role, error) {
	m := userToken.FindStringSubmatchIndex(text)
	if m == nil {
		return Role{}, roleReason(text)
	}
	out := Role{User: text[m[2]:m[3]]}
	words := strings.Fields(text[:m[0]] + " " + text[m[1]:])
	if len(words) > 0 {
		out.Role = roleWords[Fold(words[0])]
	}
	if out.Role == "" || userToken.MatchString(text[m[1]:]) { // one person at a time
		return Role{}, roleReason(strings.TrimSpace(userToken.ReplaceAllString(text, "")))
	}
	out.Unit = strings.Join(words[1:], " ")
	return out, nil
}

func roleReason(part string) *Reason {
	if part = clip(part); part == "" {
		part = "role"
	}
	return &Reason{Key: "role.how", Part: part, Example: "/muster role @Wang Qiang organizer", Args: map[string]any{"Part": part}}
}
