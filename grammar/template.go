package grammar

import (
	"strings"
)

// templateWords begin the use of a template: `call template NAME | when: …`.
var templateWords = map[string]bool{"template": true, "模板": true}

// ParseTemplateUse cuts "template NAME | key: value | …" as it stands after
// the verb. changes is what follows the name, for ParseEdit; ok is false where
// no name follows, or the first word is another.
func ParseTemplateUse(rest string) (name, changes string, ok bool) {
	word, tail := cutWord(strings.TrimSpace(rest))
	if !templateWords[Fold(word)] {
		return "", "", false
	}
	tail = decode(tail)
	if name, _ = cutFields(tail, callKeys); name == "" {
		return "", "", false
	}
	_, changes, _ = strings.Cut(tail, name)
	return name, trimPart(changes), true
}
