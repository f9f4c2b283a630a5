package grammar

import (
	"slices"
	"strings"
)

// Reason says why a text was not understood.
//
// Key is a catalogue key (see ReasonKeys). Args always holds "Part" and
// "Example", and "Nearest" where there is a suggestion ("" otherwise).
type Reason struct {
	Key     string
	Args    map[string]any
	Part    string
	Example string
	// Readings are the possible times, where the text can be read in several
	// ways (when.which_morning and its like).
	Readings []When
	// about is the key at fault, if the example is of it.
	about *keyExample
}

func (r *Reason) Error() string { return r.Line("en") }

// Line is the one plain line for a person, in "zh" or "en".
func (r *Reason) Line(lang string) string {
	words, ok := reasonWords[r.Key]
	example := words.example(lang)
	if !ok {
		words = reasonWords["digest.unreadable"] // "I can't read …"
		example = r.Example
	}
	if r.about != nil {
		example = r.about.in(lang)
	}
	line := words.en
	tail := " Try: " + example
	if lang == "zh" {
		line, tail = words.zh, "可以这样写："+example
	}
	if r.Part == "" {
		line = strings.NewReplacer("“{Part}”", "", "{Part}", "").Replace(line)
	} else {
		line = strings.ReplaceAll(line, "{Part}", r.Part)
	}
	if near, _ := r.Args["Nearest"].(string); near != "" {
		if lang == "zh" {
			line += "是不是“" + near + "”？"
		} else {
			line += " Did you mean “" + near + "”?"
		}
	}
	line = strings.Join(strings.Fields(line), " ")
	if example == "" {
		return line
	}
	return line + tail
}

func newReason(key, part string, o Options) *Reason {
	example := reasonWords[key].example(o.Lang)
	return &Reason{
		Key: key, Part: part, Example: example,
		Args: map[string]any{"Part": part, "Example": example, "Nearest": ""},
	}
}

func (r *Reason) nearest(word string) *Reason {
	r.Args["Nearest"] = word
	return r
}

// ReasonKeys lists every key that a Reason can have, for catalogues.
func ReasonKeys() []string {
	keys := make([]string, 0, len(reasonWords))
	for k := range reasonWords {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

type reasonWord struct{ en, zh, exampleEn, exampleZh string }

func (w reasonWord) example(lang string) string {
	if lang == "en" {
		return w.exampleEn
	}
	return w.exampleZh
}

const (
	whenEn     = "tomorrow 8:00-12:00"
	whenZh     = "明天 8:00-12:00"
	callEn     = "call Sandbags at the east dike | when: tomorrow 8:00-12:00 | where: East dike | need: lifter 6, driver 2"
	callZh     = "招募 社区义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城社区 | 需要: 医生 2, 引导员 4"
	studyEn    = "study Reading group | when: every Wed 19:30 | length: 60m | for: #branch"
	libraryEn  = "study library add Courier cases | link: https://example.org/cases | tags: cases, safety"
	libraryZh  = "学习 材料 加 骑手服务案例 | 链接: https://example.org/cases | 标签: 案例, 安全"
	pushEn     = "study push b3 | for: East branch | by: Fri 18:00"
	pushZh     = "学习 推送 b3 | 范围: 城东支部 | 截止: 周五 18:00"
	dutyEn     = "study duties add Members' meeting | every quarter | for: all"
	dutyZh     = "学习 组织生活 加 党员大会 | 每季度 | 范围: 支部"
	dutyHeldEn = "study duties held Members' meeting 18 Nov"
	dutyHeldZh = "学习 组织生活 补录 党员大会 11月18日"
	exemptEn   = "study exempt @Wang Min 2026 reason: on long leave"
	exemptZh   = "学习 免学 @王敏 2026 因病"
	studyZh    = "学习 支部学习 | 时间: 每周三 19:30 | 时长: 60m | 范围: #支部"
)

// reasonWords are the lines of "understand" and of logs; the catalogues of the
// bot have the same keys.
var reasonWords = map[string]reasonWord{
	"when.empty":            {"There is no time here.", "这里没有写时间。", whenEn, whenZh},
	"when.unreadable":       {"I can't read the time “{Part}”.", "看不懂时间“{Part}”。", whenEn, whenZh},
	"when.no_time":          {"“{Part}” has no time of day.", "“{Part}”没有写几点。", whenEn, whenZh},
	"when.no_day":           {"“{Part}” doesn't say which day.", "“{Part}”没有写是哪一天。", "Sat 9:00-11:00", "周六 9:00-11:00"},
	"when.past":             {"“{Part}” is already past.", "“{Part}”已经过去了。", whenEn, whenZh},
	"when.bad_clock":        {"I can't read the time “{Part}”.", "看不懂时间“{Part}”。", whenEn, whenZh},
	"when.no_such_time":     {"There is no such time as “{Part}”.", "没有“{Part}”这个时间。", whenEn, whenZh},
	"when.other_weekday":    {"“{Part}” falls on another day of the week.", "“{Part}”和写的星期对不上。", "Sat 28 Nov 9:00", "周六 11月28日 9:00"},
	"when.other_day":        {"“{Part}” is not the day said beside it.", "“{Part}”和旁边写的不是同一天。", "Sat 28 Nov 9:00", "周六 11月28日 9:00"},
	"when.end_before_start": {"“{Part}” doesn't end after it begins.", "“{Part}”的结束时间不在开始时间之后。", "Sat 9:00-11:00", "周六 9:00-11:00"},
	"when.which_morning":    {"It is past midnight: “{Part}” can be this morning or the day after.", "现在是后半夜，“{Part}”可能是天亮以后，也可能是再下一天。", "2026-12-05 8:00", "12月5日 8:00"},
	"when.which_half":       {"“{Part}” can be before or after noon.", "“{Part}”分不清是上午还是下午。", "Sat 14:00-16:00", "周六 14:00-16:00"},
	"when.which_night":      {"“{Part}” can be the night before or the night after.", "“{Part}”分不清是哪一天的后半夜。", "Sun 1:00", "周日凌晨1点"},
	"when.which_midnight":   {"“{Part}” can be the beginning or the end of that day.", "“{Part}”分不清是这一天的开始还是结束。", "Sat 24:00", "周六 24:00"},
	"when.which_date":       {"“{Part}” can be read day first or month first.", "“{Part}”分不清哪个是月、哪个是日。", "5 Dec 19:30", "12月5日 19:30"},
	"when.which_rule":       {"“{Part}” can be read in two ways.", "“{Part}”有两种读法。", "every 2 weeks on Tue 19:30", "每两周周二 19:30"},
	"when.too_often":        {"“{Part}” is more often than once a day, or several times a week without saying when.", "“{Part}”太频繁，或没有写清是哪几天。", "every Mon and Thu 19:30", "每周一、周四 19:30"},
	"when.no_rule":          {"“{Part}” can't repeat by rule: its date follows the sun, or a leap month.", "“{Part}”不能按规则重复：它的日子随节气或闰月变，请一次一次写。", "Qingming 9:00", "清明 9:00"},
	"when.rule_over":        {"“{Part}” ends before it first happens.", "“{Part}”还没有开始就结束了。", "every Wed 19:30", "每周三 19:30"},
	"when.too_many":         {"“{Part}” is too many times at once.", "“{Part}”一次写的时间太多。", "every Wed 19:30", "每周三 19:30"},
	"when.not_rule":         {"“{Part}” repeats; a call needs its days.", "“{Part}”是重复的时间，招募要写具体日期。", "Wed 19:30, Fri 19:30", "周三 19:30，周五 19:30"},
	"when.one_time":         {"“{Part}” is not one single time.", "“{Part}”不是一个单独的时间。", "Fri 18:00", "周五 18:00"},

	"call.no_title":          {"The call has no title.", "招募没有标题。", callEn, callZh},
	"call.no_when":           {"The call doesn't say when.", "招募没有写时间。", callEn, callZh},
	"call.unknown_key":       {"I don't know “{Part}”.", "不认识“{Part}”。", callEn, callZh},
	"call.twice":             {"“{Part}” is given twice.", "“{Part}”写了两次。", callEn, callZh},
	"call.empty_value":       {"“{Part}” is empty.", "“{Part}”后面没有内容。", callEn, callZh},
	"call.bad_kind":          {"I don't know the kind “{Part}”: relief, care or duty.", "不认识类型“{Part}”，只有应急、关爱、值守。", "kind: relief", "类型: 应急"},
	"call.bad_need":          {"I can't read who is needed in “{Part}”.", "看不懂需要的人“{Part}”。", "need: lifter 6, driver 2", "需要: 医生 2, 引导员 4"},
	"call.bad_limit":         {"I can't read the time “{Part}”.", "看不懂时间“{Part}”。", "close: 2h before", "报名截止: 提前2小时"},
	"call.bad_number":        {"“{Part}” is not a number that fits.", "“{Part}”不是合适的数字。", "guests: 2", "携伴: 2"},
	"call.bad_yes":           {"“{Part}” is neither yes nor no.", "“{Part}”要写“是”或“否”。", "urgent: yes", "紧急: 是"},
	"call.bad_ask":           {"I can't read how to ask in “{Part}”.", "看不懂怎么询问“{Part}”。", "ask: 5 every 10m", "询问: 每10分钟5人"},
	"call.bad_duration":      {"I can't read the length of time “{Part}”.", "看不懂时长“{Part}”。", "remind: 1d, 1h", "提前: 1天, 1小时"},
	"call.nothing_to_change": {"There is nothing to change here.", "没有写要改什么。", "call k12 edit need: lifter 8", "招募 k12 修改 需要: 医生 3"},
	"call.not_key":           {"“{Part}” doesn't say what to change.", "“{Part}”没有写要改哪一项。", "call k12 edit where: Gate 3", "招募 k12 修改 地点: 3号门"},

	"study.no_title":          {"The study session has no title.", "学习没有标题。", studyEn, studyZh},
	"study.no_when":           {"The study session doesn't say when.", "学习没有写时间。", studyEn, studyZh},
	"study.unknown_key":       {"I don't know “{Part}”.", "不认识“{Part}”。", studyEn, studyZh},
	"study.bad_until":         {"I can't read the last day “{Part}”.", "看不懂截止日期“{Part}”。", "until: 31 Dec", "截止: 12月31日"},
	"study.until_without":     {"“{Part}” needs a repeating time.", "“{Part}”只用于重复的学习。", "when: every Wed 19:30 | until: 31 Dec", "时间: 每周三 19:30 | 截止: 12月31日"},
	"study.bad_month":         {"I can't read the month “{Part}”.", "看不懂月份“{Part}”。", "study plan 2026-12", "学习 计划 12月"},
	"study.past_until":        {"“{Part}” is already past.", "“{Part}”已经过去了。", "until: 31 Dec", "截止: 12月31日"},
	"study.bad_length":        {"I can't read how long “{Part}” is.", "看不懂时长“{Part}”。", "length: 90m", "时长: 90分钟"},
	"study.bad_capacity":      {"“{Part}” is not a number of places.", "“{Part}”不是名额数。", "capacity: 20", "人数: 20"},
	"holidays.unreadable":     {"I can't read “{Part}”.", "看不懂“{Part}”。", "study holidays add 26 Dec off Founding day", "学习 节假日 加 12月26日 休 建站日"},
	"holidays.no_kind":        {"“{Part}” doesn't say whether it is off or work.", "“{Part}”没有写是休还是班。", "study holidays add 26 Dec off Founding day", "学习 节假日 加 12月26日 休 建站日"},
	"study.bad_holidays":      {"I can't read “{Part}”: keep, skip, before or after.", "看不懂“{Part}”，可以写照常、跳过、提前、顺延。", "holidays: skip", "节假日: 跳过"},
	"study.bad_hours":         {"“{Part}” is not a number of hours.", "“{Part}”不是学时。", "hours: 1.5", "学时: 1.5"},
	"study.bad_makeup":        {"I can't read “{Part}”.", "看不懂补学期限“{Part}”。", "makeup: 7d", "补学: 7天"},
	"study.nothing_to_change": {"There is nothing to change here.", "没有写要改什么。", "study s7 edit where: Room 2", "学习 s7 修改 地点: 二楼"},

	"year.exempt_who": {"It needs one person, by mention.", "要写明一个人，用 @ 提到。", exemptEn, exemptZh},
	"year.exempt_why": {"It doesn't say why.", "没有写原因。", exemptEn, exemptZh},
	"year.exempt_how": {"I can't read “{Part}”.", "看不懂“{Part}”。", "study exempt @Wang Min until 1 June reason: on long leave", "学习 免学 @王敏 到6月1日 因病"},
	"year.exempt_day": {"“{Part}” is not in that year.", "“{Part}”不在那一年里。", "study exempt @Wang Min until 1 June reason: on long leave", "学习 免学 @王敏 到6月1日 因病"},

	"library.unknown_key":       {"I don't know “{Part}”.", "不认识“{Part}”。", libraryEn, libraryZh},
	"library.nothing_to_change": {"There is nothing to change here.", "没有写要改什么。", "study library b3 edit tags: cases, safety", "学习 材料 b3 修改 标签: 案例, 安全"},
	"push.unknown_key":          {"I don't know “{Part}”.", "不认识“{Part}”。", pushEn, pushZh},
	"push.which":                {"“{Part}” is not the number of a library item.", "“{Part}”不是材料的编号。", pushEn, pushZh},
	"push.no_by":                {"It needs a day by which to read it.", "还没有写截止时间。", pushEn, pushZh},

	"duty.no_name.add":       {"The duty has no name.", "没有写叫什么。", dutyEn, dutyZh},
	"duty.no_name.edit":      {"It doesn't say which duty to change.", "没有写要改哪一项。", "study duties edit Members' meeting | every: month", "学习 组织生活 修改 党员大会 | 周期: 每月"},
	"duty.no_name.delete":    {"It doesn't say which duty to delete.", "没有写要删除哪一项。", "study duties delete Members' meeting", "学习 组织生活 删除 党员大会"},
	"duty.no_name.held":      {"It doesn't say what was held.", "没有写开展了哪一项。", dutyHeldEn, dutyHeldZh},
	"duty.no_cadence":        {"It doesn't say how often.", "没有写多久一次。", dutyEn, dutyZh},
	"duty.bad_cadence":       {"I can't read how often “{Part}” is.", "看不懂多久一次“{Part}”。", dutyEn, dutyZh},
	"duty.bad_times":         {"“{Part}” is not a number of times from 1 to 31.", "“{Part}”不是 1 到 31 的次数。", "times: 2", "次数: 2"},
	"duty.no_day":            {"It doesn't say on which day.", "没有写是哪一天。", dutyHeldEn, dutyHeldZh},
	"duty.bad_day":           {"I can't read the day in “{Part}”.", "看不懂日期“{Part}”。", dutyHeldEn, dutyHeldZh},
	"duty.day_ahead":         {"“{Part}” is still ahead.", "“{Part}”还没有到。", dutyHeldEn, dutyHeldZh},
	"duty.unknown_key":       {"I don't know “{Part}”.", "不认识“{Part}”。", dutyEn, dutyZh},
	"duty.nothing_to_change": {"There is nothing to change here.", "没有写要改什么。", "study duties edit Members' meeting | every: month", "学习 组织生活 修改 党员大会 | 周期: 每月"},

	"remind.no_when": {"I can't find when in “{Part}”.", "“{Part}”没有写什么时候。", "remind me to bring the form, tomorrow 9:00", "提醒 我 明天9点 带表格"},
	"remind.no_text": {"“{Part}” doesn't say what to remind of.", "“{Part}”没有写提醒什么。", "remind me to bring the form, tomorrow 9:00", "提醒 我 明天9点 带表格"},

	"digest.unreadable": {"I can't read “{Part}”.", "看不懂“{Part}”。", "digest weekly Mon 09:00 #channel", "定期汇总 每周 周一 9:00 #频道"},
	"digest.no_day":     {"“{Part}” doesn't say which day.", "“{Part}”没有写是哪一天。", "digest weekly Mon 09:00 #channel", "定期汇总 每周 周一 9:00 #频道"},
	"digest.no_time":    {"“{Part}” has no time of day.", "“{Part}”没有写几点。", "digest weekly Mon 09:00 #channel", "定期汇总 每周 周一 9:00 #频道"},
}
