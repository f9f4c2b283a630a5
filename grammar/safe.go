package grammar

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Words about one's own safety.
const (
	SafeOK   = "safe"
	SafeHelp = "help"
	SafeHome = "home"
)

// Safe is a plain message read as a word about one's own safety.
type Safe struct {
	// Word is safe, help or home, "" for anything else.
	Word string
	// Sure is false for what means something else as often: "help" is also the
	// verb that explains Muster, and "没事" an answer to many things.
	Sure bool
}

// longestSafe in runes: who is in danger writes little, and a longer text that
// speaks of safety is talk about somebody else.
const longestSafe = 40

var (
	safeNo   = regexp.MustCompile(`^(?:(?:我|我们|我这边|这里)?(?:现在)?(?:有点|很|非常)?(?:不安全|不太安全|不平安|有危险|遇到危险|遇险|遇险了|受伤|受伤了|被困|被困了|困住了|出事了)|(?:i am|im|we are|were)? ?(?:not safe|unsafe|in danger|in trouble|hurt|injured|trapped|stuck and need help))$`)
	safeHelp = regexp.MustCompile(`^(?:(?:我|我们|我这边|这里|现在)?(?:很|急|紧急|马上|赶紧|快)?(?:需要|要|急需|请求)(?:紧急)?(?:帮助|帮忙|救援|支援|救助|人帮忙)|(?:快|赶紧|紧急)?(?:来人|救命|求救|求助|救我|救救我|快来人|来救我|sos|mayday)(?:啊|呀)?|(?:i|we)? ?(?:need|want) (?:some )?(?:help|assistance|rescue)(?: now| here| please)?|(?:please )?(?:help me|help us|send help|rescue me)(?: please| now)?|emergency|i have an emergency|im having an emergency)$`)
	safeHome = regexp.MustCompile(`^(?:(?:我|我们|本人)?(?:已经|已|刚|刚刚|都|平安|安全)*(?:到家|回到家|回家|到家里)(?:了|啦|咯)|(?:我)?(?:已|已经)?(?:平安|安全)?(?:到家|回到家)|(?:平安|安全)到家|(?:i am|im|we are|were)? ?(?:back |safely |safe |arrived |safe at |back at |at )*home(?: now| safe| safely| and safe)?|(?:i )?(?:made it|got) home(?: safe| safely)?)$`)
	safeWay  = regexp.MustCompile(`^(?:(?:我)?(?:平安|安全)?(?:正)?在(?:回家|回去|返程)(?:的)?(?:路上|途中)(?:了)?|(?:im |i am )?(?:on my way|on the way|heading|going) (?:back )?home)$`)
	safeOK   = regexp.MustCompile(`^(?:(?:我|我们|我这边|这里|本人|报)?(?:现在|目前|一切|都|很|还|也)*(?:平安|安全|报平安)(?:的|着呢|呢|无事)?|一切(?:都)?(?:平安|安全|正常)|(?:yes )?(?:i am|im|we are|were|all|still)? ?(?:all |still )?safe(?: and sound| here| now)?)$`)
	safeSoft = regexp.MustCompile(`^(?:(?:我|我们|我这边)?(?:现在|都)?(?:没事|没事的|还好|挺好|很好|好着呢|没问题)|(?:i am|im|we are|were)? ?(?:all )?(?:ok|okay|fine|good|alright|all right)(?: here)?|all good)$`)
	safeEnd  = strings.NewReplacer("!", "", "！", "", "。", "", ".", "", "，", " ", ",", " ", "'", "", "’", "", "~", "", "～", "")
)

// ParseSafe reads a plain message as a word about one's own safety. It is asked
// only for somebody who is out there; what it does not know is left to the
// other readings. Who says that they are not home, or asks, has said neither.
func ParseSafe(text string) Safe {
	text = strings.TrimSpace(decode(text))
	if text == "" || utf8.RuneCountInString(text) > longestSafe || strings.ContainsAny(text, "?？\n`\"“”「」") {
		return Safe{}
	}
	folded := strings.Join(strings.Fields(safeEnd.Replace(Fold(text))), " ")
	folded = strings.TrimRight(folded, "啊呀哦了 ") + ended(folded)
	switch {
	case folded == "help" || folded == "帮助" || folded == "帮忙":
		return Safe{Word: SafeHelp}
	case safeNo.MatchString(folded) || safeHelp.MatchString(folded):
		return Safe{Word: SafeHelp, Sure: true}
	case safeHome.MatchString(folded):
		return Safe{Word: SafeHome, Sure: true}
	case safeOK.MatchString(folded) || safeWay.MatchString(folded):
		return Safe{Word: SafeOK, Sure: true}
	case safeSoft.MatchString(folded):
		return Safe{Word: SafeOK}
	}
	return Safe{}
}

// ended gives back the 了 that tells 到家了 from 到家: only sighs are dropped.
func ended(folded string) string {
	if strings.HasSuffix(strings.TrimRight(folded, "啊呀哦 "), "了") {
		return "了"
	}
	return ""
}

// safeSigns are words of danger in the middle of a sentence.
var safeSigns = regexp.MustCompile(`被困|困住|受伤|流血|晕倒|昏迷|骨折|溺水|落水|触电|救命|救我|救人|求救|遇险|快来人|\b(?:trapped|injured|bleeding|unconscious|drowning|electrocuted|collapsed|sos|mayday)\b|(?:send|need|get) help|help (?:me|us)\b`)

// SpeaksOfDanger says whether a text that is no plain word about safety may be
// a call for help all the same: too little to raise an alarm, enough to show
// somebody who is out there the button.
func SpeaksOfDanger(text string) bool { return safeSigns.MatchString(Fold(decode(text))) }

// MeansAll says whether a text names everybody.
func MeansAll(text string) bool { return parseFor(text) == "all" }
