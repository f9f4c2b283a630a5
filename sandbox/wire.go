package sandbox

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is what Slack's client itself writes in angle brackets: it passes as it
// is. All other angle brackets and ampersands a person types are escaped.
var token = regexp.MustCompile(`<(?:[@#][A-Z0-9_]+(?:\|[^<>]*)?|![a-z]+[^<>]*|(?:https?|mailto|tel):[^<>\s]+?(?:\|[^<>]*)?)>`)

var bareURL = regexp.MustCompile(`^https?://[^\s<>|"，。；！？（）、]+`)

// entity is an escape that is there already.
var entity = regexp.MustCompile(`^&(?:amp|lt|gt);`)

// encode makes of typed text what Slack sends to apps: @name, #channel and
// @group become references, links are marked, the rest is escaped. labels adds
// the name to a reference, as slash commands with should_escape have it.
func (w *World) encode(text string, labels bool) string {
	var b strings.Builder
	at := 0
	for _, span := range token.FindAllStringIndex(text, -1) {
		w.encodePlain(&b, text[at:span[0]], labels)
		b.WriteString(text[span[0]:span[1]])
		at = span[1]
	}
	w.encodePlain(&b, text[at:], labels)
	return b.String()
}

func (w *World) encodePlain(b *strings.Builder, text string, labels bool) {
	previous := ' '
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if reference, used := w.reference(text, previous, labels); used > 0 {
			b.WriteString(reference)
			text, previous = text[used:], '>'
			continue
		}
		switch {
		case r == '&' && !entity.MatchString(text):
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		default:
			b.WriteString(text[:size])
		}
		text, previous = text[size:], r
	}
}

// reference is what the start of text refers to, and how many bytes name it.
func (w *World) reference(text string, previous rune, labels bool) (encoded string, used int) {
	if link := bareURL.FindString(text); link != "" {
		return "<" + strings.ReplaceAll(link, "&", "&amp;") + ">", len(link)
	}
	// A letter before it makes it something else: mail@example.org, C#sharp.
	if text[0] != '@' && text[0] != '#' || previous < utf8.RuneSelf && (unicode.IsLetter(previous) || unicode.IsDigit(previous)) {
		return "", 0
	}
	best, bestID := "", ""
	for name, id := range w.names(text[0], labels) {
		longer := len(name) > len(best) || len(name) == len(best) && id < bestID
		if name != "" && longer && len(text) > len(name) && strings.EqualFold(text[1:1+len(name)], name) && ends(text[1+len(name):], name) {
			best, bestID = name, id
		}
	}
	if best == "" {
		return "", 0
	}
	return bestID, 1 + len(best)
}

// ends tells whether a name may end before rest: a Latin name needs a word's end.
func ends(rest, name string) bool {
	last, _ := utf8.DecodeLastRuneInString(name)
	next, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || last >= utf8.RuneSelf || next >= utf8.RuneSelf || !(unicode.IsLetter(next) || unicode.IsDigit(next) || next == '_')
}

// names are the encoded references by the name typed after @ or #.
func (w *World) names(sigil byte, labels bool) map[string]string {
	found := map[string]string{}
	label := func(s string) string {
		if labels {
			return "|" + s
		}
		return ""
	}
	if sigil == '#' {
		for _, c := range w.channels {
			found[c.Name] = "<#" + c.ID + "|" + c.Name + ">"
		}
		return found
	}
	for _, id := range slices.Backward(w.userOrder) { // the first of two namesakes wins
		u := w.users[id]
		for _, name := range []string{u.RealName, u.Name} {
			found[name] = "<@" + u.ID + label(u.Name) + ">"
		}
	}
	for _, g := range w.groups {
		found[g.handle] = "<!subteam^" + g.id + "|@" + g.handle + ">"
	}
	for _, all := range []string{"channel", "here", "everyone"} {
		found[all] = "<!" + all + ">"
	}
	return found
}
