package grammar

import (
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// source is a text in two spellings of the same length: as typed, for quoting,
// and folded (width, case, traditional characters, odd dashes and spaces), for
// reading.
type source struct {
	typed  []rune
	folded []rune
}

func newSource(s string) source {
	typed := []rune(s)
	folded := make([]rune, len(typed))
	for i, r := range typed {
		folded[i] = foldRune(r)
	}
	return source{typed: typed, folded: folded}
}

// part is the typed text of [from, to), without space around it.
func (s source) part(from, to int) string {
	from, to = max(from, 0), min(to, len(s.typed))
	if from >= to {
		return ""
	}
	return strings.TrimSpace(string(s.typed[from:to]))
}

// foldRune brings one rune to its plain form. It is one to one, so that a
// place in the folded text is the same place in the typed text.
func foldRune(r rune) rune {
	if r < 0x80 {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}
	if p, ok := plainRunes[r]; ok {
		return p
	}
	if unicode.Is(unicode.Cf, r) || unicode.IsSpace(r) {
		return ' '
	}
	if f := []rune(width.Fold.String(string(r))); len(f) == 1 {
		r = f[0]
	}
	if p, ok := plainRunes[r]; ok {
		return p
	}
	return unicode.ToLower(r)
}

// plainRunes are punctuation that people type for one another, and the
// traditional characters of the words of this grammar.
var plainRunes = pairs(
	"。.“\"”\"‘'’'「\"」\"『\"』\"【(】)《(》)〔(〕)[(]){(})〈(〉)"+
		"‐-‑-‒-–-—-―-−-﹣-⁓-〜~∼~～~→-➔-⟶-﹑、﹐,︰:∶:ː:﹕:︓:⁄/∕/＊*",
	"週周點点後后兩两個个號号時时鐘钟禮礼這这開开從从單单雙双結结離离舊旧還还過过間间點点農农曆历國国慶庆節节聖圣誕诞勞劳動动"+
		"報报臘腊閏闰簽签來来參参數数類类與与應应員员請请沒没會会們们機机醫医師师攜携帶带備备註注範范圍围終终遲迟"+
		"達达長长發发確确認认見见種种習习學学補补題题標标訊讯緊紧關关懷怀災灾險险顧顾詢询問问習习場场鏈链連连貳二參参幫帮給给讓让誰谁嗎吗"+
		"為为樣样萬万聲声實实現现該该輪轮護护務务親亲線线舉举辦办負负責责隊队組组變变編编輯辑複复製制刪删除除審审閱阅頻频總总彙汇匯汇"+
		"設设幣币資资駅站驛驿權权隱隐導导齊齐處处歲岁週周總总遠远進进選选顯显際际連连續续隨随陽阳陰阴項项須须預预領领願愿風风飯饭館馆"+
		"計计車车無无趕赶麼么別别幾几煩烦額额剛刚廚厨電电裡里裏里淩凌檢检當当準准約约內内臨临體体聯联絡络協协譯译傳传攝摄運运藥药療疗衛卫駕驾駛驶")

func pairs(lists ...string) map[rune]rune {
	m := map[rune]rune{}
	for _, list := range lists {
		rs := []rune(list)
		for i := 0; i+1 < len(rs); i += 2 {
			m[rs[i]] = rs[i+1]
		}
	}
	return m
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) || r == '〇' }

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func isLatin(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 0xe0 && r < 0x250 && unicode.IsLetter(r)
}

// hasHan tells whether any of it is Chinese.
func hasHan(s string) bool { return strings.IndexFunc(s, isHan) >= 0 }

// clip keeps a quoted part short enough for one line.
func clip(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	const most = 60
	if rs := []rune(s); len(rs) > most {
		return string(rs[:most]) + "…"
	}
	return s
}
