package grammar

import (
	"regexp"
	"strings"
)

// marked is what Slack makes of a typed link, name or channel: <https://a.b>,
// <http://a.b|a.b>, <@U1|bo>, <#C1|team>.
var marked = regexp.MustCompile(`<(https?://[^<>|\s]+)(?:\|([^<>|]*))?>|<([@#])[A-Z0-9]+\|([^<>|]+)>`)

// bareLink is a link without the marks that Slack puts around it.
func bareLink(s string) string {
	if m := marked.FindStringSubmatch(s); m != nil && m[0] == s && m[1] != "" {
		return m[1]
	}
	return s
}

// asTyped is a text for people as it was typed, without Slack's marks. A link
// that was given another name keeps its marks: they are the text then.
func asTyped(s string) string {
	return marked.ReplaceAllStringFunc(s, func(token string) string {
		m := marked.FindStringSubmatch(token)
		switch url, label := m[1], m[2]; {
		case url == "":
			return m[3] + m[4]
		case label == "":
			return url
		case strings.HasSuffix(strings.TrimSuffix(url, "/"), strings.TrimSuffix(label, "/")):
			return label
		}
		return token
	})
}
