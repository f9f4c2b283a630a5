package grammar

import (
	"regexp"
	"strings"
)

var (
	listNumber = regexp.MustCompile(`^\s*(?:[(（]\s*(\d{1,3})\s*[)）]|(\d{1,3})\s*[.、．。)）:：，,]|([①-⑳])|(\d{1,3})\s+)\s*(.*)$`)
	listHead   = regexp.MustCompile(`接龙|#接龙|sign.?up list|(?i)^#?list\b`)
	listMore   = regexp.MustCompile(`\s*[+＋➕]\s*(\d{1,2}|[一二两三四五])\s*(?:个|位|名)?(?:人|朋友)?`)
	listTotal  = regexp.MustCompile(`\s*(?:共|一共)?(\d{1,2}|[一二两三四五六七八九十])\s*(?:个人|人|位)`)
	listBring  = regexp.MustCompile(`\s*(?:带|plus |with )\s*(\d{1,2}|[一二两三四五]|a|one|two|three)\s*(?:个|位|名)?\s*(?:人|朋友|孩子|小孩|家属|friends?|guests?|people|others?)`)
	listNote   = regexp.MustCompile(`[(（]([^)）]*)[)）]`)
	listSplit  = regexp.MustCompile(`\s*[-—–－:：,，、|/]\s*|\s{2,}|\t`)
)

// longestList bounds what is read of a pasted list.
const longestList = 300

// parseList reads a chain sign-up list: two numbered lines, or one under a
// heading that says so.
func parseList(text string) ([]ListLine, bool) {
	if !strings.ContainsAny(text, "\n") {
		return nil, false
	}
	var lines []ListLine
	numbered, headed := 0, false
	for _, raw := range strings.Split(text, "\n") {
		raw = strings.TrimSpace(raw)
		if strings.HasPrefix(raw, ">") {
			continue
		}
		m := listNumber.FindStringSubmatch(strings.Map(plainDigit, raw))
		if m == nil {
			headed = headed || listHead.MatchString(raw)
			continue
		}
		if m[4] != "" && toInt(m[4]) != numbered+1 || m[2] != "" && startsDigit(m[5]) {
			continue // "28 Nov clinic" and "9:00 at the gate" are no entries
		}
		numbered++
		if l, ok := listLine(m[5]); ok && len(lines) < longestList {
			l.Raw = raw
			lines = append(lines, l)
		}
	}
	if len(lines) == 0 || numbered < 2 && !headed {
		return nil, false
	}
	names := 0
	for _, l := range lines {
		if nameLike.MatchString(l.Name) && !noticeVerb.MatchString(l.Name) {
			names++
		}
	}
	// Numbered points of a notice are no names.
	return lines, headed || names*3 >= len(lines)*2
}

// plainDigit is a full-width digit as a plain one.
func plainDigit(r rune) rune {
	if r >= '０' && r <= '９' {
		return r - '０' + '0'
	}
	return r
}

// nameLike: two to four Chinese characters, up to three words, or a mention.
var nameLike = regexp.MustCompile(`^(?:\p{Han}{2,4}|\p{Han}{1,6}·\p{Han}{1,6}|[\p{Latin}.'-]+(?: [\p{Latin}.'-]+){0,2}|<@[^>]+>|@\S+)$`)

// noticeVerb begins the points of a notice: 带水, 请准时.
var noticeVerb = regexp.MustCompile(`^(?:[带请不注准自穿需要集先各禁记勿做听看报签戴备别应必]|到[场达]|(?i:bring|please|wear|meet|be|do|don't|no)\b)`)

func startsDigit(s string) bool { return s != "" && isDigit(rune(s[0])) }

// longestName in runes: a longer entry is a sentence and not a name.
const longestName = 40

// listLine reads "李四 +1 司机（晚到）".
func listLine(s string) (ListLine, bool) {
	l := ListLine{}
	rest := strings.TrimSpace(s)
	if rest == "" {
		return l, false
	}
	var notes []string
	rest = listNote.ReplaceAllStringFunc(rest, func(m string) string {
		inner := strings.TrimSpace(listNote.FindStringSubmatch(m)[1])
		if roleWord(inner, Options{}) && l.Role == "" {
			l.Role = inner
		} else if inner != "" {
			notes = append(notes, inner)
		}
		return " "
	})
	for _, form := range []*regexp.Regexp{listMore, listBring, listTotal} {
		m := form.FindStringSubmatchIndex(rest)
		if m == nil || m[0] == 0 {
			continue
		}
		l.Guests = smallNumber(strings.ToLower(rest[m[2]:m[3]]))
		if form == listTotal {
			l.Guests = max(l.Guests-1, 0)
		}
		rest = rest[:m[0]] + "  " + rest[m[1]:]
		break
	}
	parts := listSplit.Split(strings.TrimSpace(rest), -1)
	l.Name = strings.TrimSpace(parts[0])
	tail := parts[1:]
	if len(tail) == 0 {
		l.Name, tail = splitName(l.Name)
	}
	for _, t := range tail {
		if t = strings.TrimSpace(t); t == "" {
			continue
		}
		if l.Role == "" && roleWord(t, Options{}) {
			l.Role = t
			continue
		}
		notes = append(notes, t)
	}
	l.Note = strings.Join(notes, " ")
	return l, l.Name != "" && len([]rune(l.Name)) <= longestName
}

// splitName parts "王五 司机 8点到" at its first space, where what follows is no
// part of a name: Chinese after Chinese, or a known role.
func splitName(s string) (string, []string) {
	words := strings.Fields(s)
	if len(words) < 2 {
		return s, nil
	}
	if hasHan(words[0]) {
		return words[0], words[1:]
	}
	for i := 1; i < len(words); i++ {
		for j := min(len(words), i+2); j > i; j-- {
			if role := strings.Join(words[i:j], " "); knownRoles[Fold(role)] {
				return strings.Join(words[:i], " "), append([]string{role}, words[j:]...)
			}
		}
	}
	return s, nil
}
