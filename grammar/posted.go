package grammar

import (
	"regexp"
	"strings"
)

// summaryRows matches folded text: `… rows`, `… rows hours`, `… 明细 小时`.
var summaryRows = regexp.MustCompile(`(?:^|\s)(?:rows|明细)(?:\s*([^\s]+))?\s*$`)

// figureWords are the numbers of a summary as people call them.
var figureWords = map[string]string{
	"calls": "calls", "招募": "calls", "发起": "calls", "filled": "filled", "招满": "filled", "cancelled": "cancelled", "canceled": "cancelled", "取消": "cancelled",
	"short": "short", "缺人": "short", "缺口": "short", "volunteers": "volunteers", "people": "volunteers", "志愿": "volunteers", "志愿者": "volunteers", "人数": "volunteers",
	"hours": "hours", "confirmed": "hours", "小时": "hours", "时长": "hours", "已核实": "hours", "waiting": "waiting", "待确认": "waiting",
	"served": "served", "服务": "served", "服务人数": "served", "study": "due", "due": "due", "学习": "due", "应到": "due",
	"attended": "attended", "参加": "attended", "made_up": "made_up", "makeup": "made_up", "补学": "made_up", "excused": "excused", "请假": "excused",
	"absent": "absent", "缺席": "absent",
}

// SummaryRows reads `[period] [unit] rows [NAME]`: rest is what is before it,
// name which number ("" = not said, the word itself when it is none). ok is
// false when no rows are asked for.
func SummaryRows(text string) (rest, name string, ok bool) {
	src := newSource(strings.TrimSpace(text))
	folded := string(src.folded)
	m := summaryRows.FindStringSubmatchIndex(folded)
	if m == nil {
		return text, "", false
	}
	if m[2] >= 0 {
		word := folded[m[2]:m[3]]
		if name, ok = figureWords[word]; !ok {
			name = word
		}
	}
	return strings.TrimSpace(src.part(0, len([]rune(folded[:m[0]])))), name, true
}
