package grammar

import (
	"regexp"
	"strings"
	"unicode"
)

// field is one "key: value" part.
type field struct {
	key   string // English name
	typed string // the key as it was typed
	value string
	// alone: a known key without a colon or a value, as in "| urgent |".
	alone bool
}

// fieldKeys gives the English name of each key, by folded spelling.
type fieldKeys map[string]string

func newFieldKeys(list map[string]string) fieldKeys {
	keys := fieldKeys{}
	for en, zh := range list {
		keys[en], keys[zh] = en, en
	}
	return keys
}

var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// decode undoes Slack's escaping of & < >.
func decode(s string) string { return entities.Replace(s) }

// slackToken is a mention, channel, link or special of Slack's, never cut.
var slackToken = regexp.MustCompile(`^<(?:[@#!]|https?://|mailto:|tel:)[^<>\n]*>`)

// quoteEnds are the signs that close a quotation, by the one that opens it.
var quoteEnds = map[rune]rune{'"': '"', '“': '”', '「': '」', '『': '』'}

// cutFields cuts a text at separators that stand before a key. What comes
// before the first key is the head.
func cutFields(text string, keys fieldKeys) (head string, fields []field) {
	rs := []rune(decode(text))
	type cut struct {
		sep, key, colon int
		alone           bool
	}
	var cuts []cut
	skip := opaque{rs: rs, open: map[rune]int{}}
	if k, colon := keyAt(rs, 0, keys, true); k >= 0 {
		cuts = append(cuts, cut{0, k, colon, false})
	}
	for i := 0; i < len(rs); i++ {
		if n := skip.at(i); n > 0 {
			i += n - 1
			continue
		}
		if !strings.ContainsRune("|｜;；\n", rs[i]) {
			continue
		}
		if k, colon := keyAt(rs, i+1, keys, false); k >= 0 && (len(cuts) == 0 || cuts[len(cuts)-1].key != k) {
			cuts = append(cuts, cut{i, k, colon, false})
		} else if k, end := aloneKey(rs, i+1, keys); k >= 0 {
			cuts = append(cuts, cut{i, k, end, true})
		}
		i = afterSigns(rs, i+1) - 1 // "a || key:" is one cut
	}
	if len(cuts) == 0 {
		return trimPart(string(rs)), nil
	}
	head = trimPart(string(rs[:cuts[0].sep]))
	for n, c := range cuts {
		end := len(rs)
		if n+1 < len(cuts) {
			end = cuts[n+1].sep
		}
		typed := strings.TrimSpace(string(rs[c.key:c.colon]))
		f := field{key: keys[string(newSource(typed).folded)], typed: typed, alone: c.alone}
		if !c.alone {
			f.value = trimPart(string(rs[c.colon+1 : end]))
		}
		fields = append(fields, f)
	}
	return head, fields
}

func trimPart(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("|｜;；", r) })
}

// opaque finds what is never cut: Slack tokens and quotations.
type opaque struct {
	rs []rune
	// open remembers, by closing sign, up to where there is none, so that a text
	// full of opening signs is not searched again for each of them.
	open map[rune]int
}

// at gives the length of a Slack token or a quotation at i, 0 if there is
// none. A quotation that never ends is only a sign.
func (o opaque) at(i int) int {
	switch {
	case o.rs[i] == '<':
		for j := i + 1; j < len(o.rs) && o.rs[j] != '<' && o.rs[j] != '\n'; j++ {
			if o.rs[j] == '>' {
				return len([]rune(slackToken.FindString(string(o.rs[i : j+1]))))
			}
		}
	case opensQuote(o.rs, i):
		end := quoteEnds[o.rs[i]]
		j := i + 2
		for ; j < len(o.rs) && o.rs[j] != '\n' && o.open[end] <= i; j++ {
			if o.rs[j] == end && !unicode.IsSpace(o.rs[j-1]) {
				return j - i + 1
			}
		}
		o.open[end] = max(o.open[end], j)
	}
	return 0
}

// opensQuote: 5" nails is a length, and a sign with space on both sides is no
// quotation either.
func opensQuote(rs []rune, i int) bool {
	if quoteEnds[rs[i]] == 0 || i+1 >= len(rs) || unicode.IsSpace(rs[i+1]) {
		return false
	}
	return rs[i] != '"' || i == 0 || !unicode.IsDigit(rs[i-1]) && !isLatin(foldRune(rs[i-1]))
}

// longestKey bounds an unknown word: in front of which a separator counts.
const longestKey = 20

// keyAt looks for a key at i, after space. It gives where the key begins and
// where its colon is, or -1. At the head of a text only known keys count, as a
// title may hold any colon.
func keyAt(rs []rune, i int, keys fieldKeys, head bool) (key, colon int) {
	i = afterSigns(rs, i)
	if i+1 < len(rs) && strings.ContainsRune("-•·*", rs[i]) && unicode.IsSpace(rs[i+1]) { // a bulleted line
		i += 2
	}
	end := i
	for end < len(rs) && end-i < longestKey && (unicode.IsLetter(rs[end]) || end > i && (unicode.IsDigit(rs[end]) || rs[end] == '_' || rs[end] == '-')) {
		end++
	}
	if end == i {
		return -1, -1
	}
	colon = end
	for colon < len(rs) && (rs[colon] == ' ' || rs[colon] == '\u3000') {
		colon++
	}
	if colon >= len(rs) || foldRune(rs[colon]) != ':' {
		return -1, -1
	}
	_, known := keys[string(newSource(string(rs[i:end])).folded)]
	switch {
	case known:
		return i, colon
	case head, colon != end:
		return -1, -1
	case colon+2 < len(rs) && rs[colon+1] == '/' && rs[colon+2] == '/':
		return -1, -1
	case unicode.IsDigit(rs[end-1]) && colon+1 < len(rs) && unicode.IsDigit(rs[colon+1]): // 周日9:00
		return -1, -1
	}
	return i, colon
}

// aloneKey finds a known key that is all there is between two separators, or
// before the end of the text.
func aloneKey(rs []rune, i int, keys fieldKeys) (key, end int) {
	key = afterSigns(rs, i)
	for end = key; end < len(rs) && end-key <= longestKey && !strings.ContainsRune("|｜;；\n", rs[end]); {
		end++
	}
	if end < len(rs) && !strings.ContainsRune("|｜;；\n", rs[end]) {
		return -1, -1
	}
	if _, known := keys[foldValue(string(rs[key:end]))]; !known {
		return -1, -1
	}
	return key, end
}

// afterSigns is the place behind space and separators at i.
func afterSigns(rs []rune, i int) int {
	for i < len(rs) && (unicode.IsSpace(rs[i]) || strings.ContainsRune("|｜;；", rs[i])) {
		i++
	}
	return i
}

// checkFields refuses unknown, doubled and empty keys. A key in mayBeEmpty
// clears its value.
func checkFields(fields []field, keys fieldKeys, unknown string, o Options, mayBeEmpty string) *Reason {
	seen := map[string]bool{}
	for _, f := range fields {
		if f.key == "" {
			return newReason(unknown, clip(f.typed), o).nearest(nearestKey(f.typed, keys))
		}
		if seen[f.key] {
			return newReason("call.twice", clip(f.typed), o).of(f.key, o)
		}
		seen[f.key] = true
		if f.alone || f.value == "" && !strings.Contains(mayBeEmpty, " "+f.key+" ") {
			return newReason("call.empty_value", clip(f.typed), o).of(f.key, o)
		}
	}
	return nil
}

// otherNames are words that people use for a key. They are suggested and not
// taken: what stands behind them may be meant as text.
var otherNames = map[string]string{
	"time": "when", "date": "when", "day": "when", "place": "where", "location": "where", "venue": "where", "address": "where",
	"who": "need", "people": "need", "volunteers": "need", "roles": "need", "type": "kind", "deadline": "close", "reminder": "remind",
	"日期": "时间", "地址": "地点", "集合": "地点", "集合地点": "地点", "人数": "需要", "名额": "需要", "人员": "需要", "自带": "携带", "物资": "携带",
	"截止": "报名截止", "提醒": "提前", "等级": "紧急", "紧急程度": "紧急",
}

// nearestKey is the known key that a mistyped one may have meant.
func nearestKey(typed string, keys fieldKeys) string {
	folded := string(newSource(typed).folded)
	if other := otherNames[folded]; keys[other] != "" {
		return other
	}
	words := make([]string, 0, len(keys))
	for k := range keys {
		words = append(words, k)
	}
	return nearestWord(folded, words)
}
