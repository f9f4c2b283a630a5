package grammar

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Command is a typed command, cut into its words.
type Command struct {
	// Verb is the canonical English verb; "" for an empty text (short answer)
	// or, with Unknown set, for a word that is no verb.
	Verb string
	// Sub is the canonical sub-verb: close reopen cancel edit copy handover
	// template templates calendar curve roll ask
	// tell skip move held list delete add low stock gaps forget code who quiz
	// holidays library push year exempt duties plan calendar.
	Sub string
	// Number is "k12" in lower case where the first word has exactly the form
	// of that verb's numbers.
	Number string
	// Rest is the remaining raw text, &amp; &lt; &gt; decoded.
	Rest string
	// Unknown is the word that is no verb (or, with Number set, no sub-verb),
	// Nearest the known word closest to it, if any is close.
	Unknown string
	Nearest string
}

// VerbName is one verb in both languages.
type VerbName struct{ Canonical, En, Zh string }

var verbNames = []VerbName{
	{"help", "help", "帮助"}, {"setup", "setup", "设置"}, {"call", "call", "招募"}, {"calls", "calls", "招募列表"},
	{"study", "study", "学习"}, {"remind", "remind", "提醒"}, {"me", "me", "我的"}, {"profile", "profile", "资料"},
	{"checkin", "checkin", "签到"}, {"summary", "summary", "汇总"}, {"digest", "digest", "定期汇总"}, {"report", "report", "上报"},
	{"station", "station", "驿站"}, {"unit", "unit", "组织"}, {"role", "role", "角色"}, {"export", "export", "导出"},
	{"pause", "pause", "暂停"}, {"resume", "resume", "恢复"}, {"privacy", "privacy", "隐私"},
}

// VerbNames lists the verbs in the order of help.
func VerbNames() []VerbName { return slices.Clone(verbNames) }

// verbNumber is the letter of each verb's numbers.
var verbNumber = map[string]string{"call": "k", "study": "s", "remind": "m", "digest": "d", "report": "r", "station": "p"}

type subVerb struct {
	verb, sub string
	numbered  bool // follows a number
	words     string
}

// subVerbs in both languages. Those that follow no number stand right after
// their verb.
var subVerbs = []subVerb{
	{"call", "close", true, "close|关闭|截止|停止报名|结束报名"},
	{"call", "reopen", true, "reopen|重开|重新开放|重新打开|恢复报名|打开"},
	{"call", "cancel", true, "cancel|取消"},
	{"call", "copy", true, "copy|复制"},
	{"call", "roll", true, "roll|点名"},
	{"call", "code", true, "code|签到码"},
	{"call", "served", true, "served|服务|服务人数"},
	{"call", "goods", true, "goods|物资|发放"},
	{"call", "ask", true, "ask|询问"},
	{"call", "tell", true, "tell|通知|告知|转告"},
	{"call", "edit", true, "edit|修改|编辑|更改"},
	{"call", "home", true, "home|到家"},
	{"call", "handover", true, "handover|swap|顶班|换班|找人顶班"},
	{"call", "template", true, "template|模板|存模板|存为模板"},
	{"call", "calendar", true, "calendar|日历|加入日历"},
	{"call", "curve", true, "curve|应答|应答曲线"},
	{"call", "templates", false, "templates|template|模板|模板列表"},
	{"study", "skip", true, "skip|跳过"},
	{"study", "move", true, "move|改期|移动|改到"},
	{"study", "edit", true, "edit|修改|编辑|更改"},
	{"study", "roll", true, "roll|点名"},
	{"study", "held", true, "held|已开展|开展"},
	{"study", "delete", true, "delete|删除"},
	{"study", "code", true, "code|签到码"},
	{"study", "who", true, "who|名单|到场|情况"},
	{"study", "quiz", true, "quiz|小测|测验"},
	{"study", "list", false, "list|列表"},
	{"study", "holidays", false, "holidays|节假日|放假"},
	{"study", "library", false, "library|材料|材料库"},
	{"study", "push", false, "push|推送|发材料"},
	{"study", "year", false, "year|年度|年度学时"},
	{"study", "exempt", false, "exempt|免学|不设学时"},
	{"study", "duties", false, "duties|duty|组织生活"},
	{"study", "plan", false, "plan|计划|月计划"},
	{"me", "calendar", false, "calendar|日历|订阅"},
	{"me", "hours", false, "hours|工时|志愿工时|时长"},
	{"me", "record", false, "record|记录|活动记录"},
	{"remind", "list", false, "list|列表"},
	{"remind", "delete", true, "delete|删除|取消"},
	{"digest", "list", false, "list|列表"},
	{"digest", "delete", true, "delete|删除|取消"},
	{"station", "list", false, "list|列表"},
	{"station", "add", false, "add|新增|添加|增加"},
	{"station", "low", true, "low|不足|缺|缺少"},
	{"station", "stock", true, "stock|库存|补货|入库"},
	{"unit", "list", false, "list|列表"},
	{"unit", "gaps", false, "gaps|缺口|空白"},
	{"unit", "add", false, "add|新增|添加|增加|新建"},
	{"privacy", "forget", false, "forget|忘记|删除|忘记我"},
	{"call", "list", false, "list|列表"},
}

var (
	numberWord  = regexp.MustCompile(`^([ksmdrp])\d{1,9}$`)
	firstWord   = regexp.MustCompile(`^\S+`)
	leadMention = regexp.MustCompile(`^(?:<@[A-Z0-9]+(?:\|[^>]*)?>[\s:,，：]*)+`)
)

// ParseCommand cuts a command text. Mentions in front are dropped. A number
// alone (k12) is a verb of its own kind; a sub-verb alone (close) is one for
// the thread it is said in and comes without a number.
func ParseCommand(text string) Command {
	raw := strings.TrimSpace(decode(leadMention.ReplaceAllString(strings.TrimSpace(text), "")))
	raw = strings.TrimSpace(strings.TrimPrefix(raw, "/muster"))
	if raw == "" {
		return Command{}
	}
	word, rest := cutWord(raw)
	folded := Fold(word)
	if verb := verbOf(folded); verb != "" {
		return afterVerb(verb, rest)
	}
	if m := numberWord.FindStringSubmatch(folded); m != nil {
		for verb, letter := range verbNumber {
			if letter == m[1] {
				return afterVerb(verb, raw)
			}
		}
	}
	if s, ok := loneSub(folded); ok {
		return Command{Verb: s.verb, Sub: s.sub, Rest: rest}
	}
	if c, ok := gluedVerb(raw); ok {
		return c
	}
	var words []string
	for _, v := range verbNames {
		words = append(words, v.En, v.Zh)
	}
	return Command{Rest: raw, Unknown: word, Nearest: nearestWord(folded, words)}
}

// cutWord takes the first word; a full-width space or colon ends it too.
func cutWord(s string) (word, rest string) {
	word = firstWord.FindString(s)
	if i := strings.IndexAny(word, "：:"); i > 0 && verbOf(Fold(word[:i])) != "" {
		word = word[:i]
	}
	rest = strings.TrimLeftFunc(s[len(word):], func(r rune) bool { return unicode.IsSpace(r) || r == ':' || r == '：' })
	return word, strings.TrimSpace(rest)
}

func verbOf(folded string) string {
	for _, v := range verbNames {
		if folded == v.En || folded == v.Zh {
			return v.Canonical
		}
	}
	switch folded { // spellings that people type all the same
	case "check-in":
		return "checkin"
	case "?", "？", "menu":
		return "help"
	}
	return ""
}

// afterVerb reads number and sub-verb.
func afterVerb(verb, rest string) Command {
	c := Command{Verb: verb, Rest: rest}
	word, tail := cutWord(rest)
	folded := Fold(word)
	if letter := verbNumber[verb]; letter != "" && numberWord.MatchString(folded) && folded[:1] == letter && numberAlone(word) {
		c.Number, c.Rest = folded, tail
		if tail == "" {
			return c
		}
		word, tail = cutWord(tail)
		folded = Fold(word)
		var words []string
		for _, s := range subVerbs {
			if s.verb != verb || !s.numbered {
				continue
			}
			names := strings.Split(s.words, "|")
			if slices.Contains(names, folded) {
				c.Sub, c.Rest = s.sub, tail
				return c
			}
			words = append(words, names...)
		}
		c.Unknown, c.Nearest = word, nearestWord(folded, words)
		return c
	}
	for _, s := range subVerbs {
		if s.verb == verb && !s.numbered && slices.Contains(strings.Split(s.words, "|"), folded) {
			// A call may be titled "list of …"; alone it is the list. What names
			// a time is a session with that title.
			if (verb == "call" || verb == "remind" || verb == "study" && (s.sub == "list" || namesTime(tail))) && tail != "" {
				break
			}
			c.Sub, c.Rest = s.sub, tail
			return c
		}
	}
	return c
}

// namesTime: the text has a field when, or slots, of a study session.
func namesTime(text string) bool {
	_, fields := cutFields(text, studyKeys)
	return slices.ContainsFunc(fields, func(f field) bool { return f.key == "when" || f.key == "slots" })
}

// numberAlone: exactly the form, without punctuation that folding drops.
func numberAlone(word string) bool {
	return numberWord.MatchString(string(newSource(word).folded))
}

// loneSub finds a sub-verb that is said without verb and number, in a thread.
func loneSub(folded string) (subVerb, bool) {
	for _, s := range subVerbs {
		if s.sub == "home" { // "home" alone is what somebody says who is home
			continue
		}
		if s.numbered && (s.verb == "call" || s.verb == "study") && slices.Contains(strings.Split(s.words, "|"), folded) {
			return s, true
		}
	}
	return subVerb{}, false
}

// gluedVerb reads Chinese without a space after the verb (提醒我明天9点带表格),
// and a reminder that begins with its time (明天9点提醒我带表格).
func gluedVerb(raw string) (Command, bool) {
	best := VerbName{}
	for _, v := range verbNames {
		if strings.HasPrefix(raw, v.Zh) && len(v.Zh) > len(best.Zh) {
			best = v
		}
	}
	switch best.Canonical {
	case "call", "study", "remind", "digest", "report", "station", "checkin", "help", "summary", "export", "role":
		return afterVerb(best.Canonical, strings.TrimSpace(raw[len(best.Zh):])), true
	}
	if i := strings.Index(raw, "提醒"); i > 0 && startsWithTime(raw[:i]) {
		return Command{Verb: "remind", Rest: raw}, true
	}
	return Command{}, false
}

// nearestWord is the word within two letters (one, for short words).
func nearestWord(word string, words []string) string {
	best, nearest := 3, ""
	slices.Sort(words)
	for _, w := range words {
		limit := 2
		if len([]rune(w)) < 5 || len([]rune(word)) < 4 {
			limit = 1
		}
		d := editDistance([]rune(word), []rune(w))
		longer := d == best && strings.HasPrefix(w, word) // wher is where, not when
		if d > 0 && d <= limit && (d < best || longer) {
			best, nearest = d, w
		}
	}
	if nearest != "" && hasHan(nearest) && len([]rune(nearest)) < 2 {
		return ""
	}
	return nearest
}

// editDistance counts insertions, deletions, changes and swaps of neighbours.
func editDistance(a, b []rune) int {
	const far = 99
	if len(a) > 40 || len(b) > 40 {
		return far
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}

var (
	codeForm  = regexp.MustCompile(`^[2-9A-HJ-NP-Z]{6}$`)
	codeDigit = regexp.MustCompile(`[2-9]`)
)

// ParseCode reads a bare on-site code: six characters without 0, O, 1, I. It
// gives the code in upper case. Six small letters without a digit (thanks) are
// a word and not a code.
func ParseCode(text string) (string, bool) {
	folded := strings.TrimSpace(Fold(text))
	code := strings.ToUpper(strings.NewReplacer(" ", "", "-", "").Replace(folded))
	if len(folded) > 8 || !codeForm.MatchString(code) {
		return "", false
	}
	typed := strings.TrimSpace(text)
	if !codeDigit.MatchString(code) && strings.ToUpper(typed) != typed {
		return "", false
	}
	return code, true
}
