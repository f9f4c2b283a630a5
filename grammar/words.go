package grammar

import (
	"strings"
	"time"
)

// class is what a word of a time phrase does.
type class uint8

const (
	noClass     class = iota
	cRelDay           // val days from today
	cWeekday          // val time.Weekday; plural means every
	cWeekend          // Saturday and Sunday
	cWorkdays         // Monday to Friday
	cMonth            // val 1-12
	cPart             // part of the day
	cUnit             // val unit
	cEvery            // val interval, 0 for 每隔
	cFreq             // val unit, interval in n
	cRel              // val: next 1, this 0, last -1, next but one 2
	cAfter            // 后, later
	cBefore           // 前, ago
	cIn               // in, 过
	cTo               // to, until, 到, -
	cUntil            // until, as the end of a rule
	cFrom             // from, 从
	cBegin            // 起, 开始
	cFinish           // 结束, 为止
	cSep              // and, comma
	cFill             // at, on, 的
	cHalf             // half, 半
	cQuarter          // quarter
	cPast             // half past
	cShort            // quarter to, 差
	cOclock           // 点, o'clock
	cMinute           // 分
	cKe               // 刻
	cSharp            // 整
	cDayMark          // 日, 号
	cMonthMark        // 月
	cYearMark         // 年
	cNth              // 第; val of first, last
	cNow              // now
	cMidnight         // midnight
	cAmPm             // val 0 am, 1 pm
	cCount            // times, 次
	cTotal            // 共, for
	cYearRel          // this year, next year
	cFeast            // val month*100+day
	cMonthEnd         // 月底
	cYearEnd          // 年底
	cNextDay          // 次日
	cZone             // name
	cPiece            // 个
	cBetween          // between
	cLastDay          // 最后一天
	cOften            // more often than daily
	cVague            // words that name no time
	cLunar            // 农历
	cLeap             // 闰
	cLunarMonth       // 正月, 腊月: val 1-12
	cLunarDay         // 初一, 廿三: val 1-30
	cLunarFeast       // val month*100+day, day 99 the last
	cTerm             // solar term, val its place in lunarTerms
)

// units of time.
const (
	uSecond = iota
	uMinute
	uHour
	uDay
	uWeek
	uMonth
	uQuarter
	uYear
)

// parts of the day.
type dayPart uint8

const (
	noPart dayPart = iota
	pDawn
	pMorning
	pForenoon
	pNoon
	pAfternoon
	pDusk
	pEvening
	pNight
	pAM
	pPM
)

// word is one entry of the lexicon.
type word struct {
	class  class
	val    int
	n      int
	part   dayPart
	name   string
	plural bool
}

// lexicon holds every word in folded spelling; English entries may hold
// several words joined by one space.
type lexicon struct {
	words map[string]word
	// longest Chinese entry in runes, longest English entry in words.
	han, latin int
}

func (l *lexicon) add(w word, spellings string) {
	for s := range strings.SplitSeq(spellings, "|") {
		l.words[s] = w
		if hasHan(s) {
			l.han = max(l.han, len([]rune(s)))
		} else {
			l.latin = max(l.latin, strings.Count(s, " ")+1)
		}
	}
}

// timeWords is the lexicon of time phrases. It is built once and only read.
var timeWords = newTimeWords()

func newTimeWords() *lexicon {
	l := &lexicon{words: map[string]word{}}
	l.addDays()
	l.addClock()
	l.addRules()
	l.addJoints()
	l.addFeasts()
	l.addLunar()
	return l
}

func (l *lexicon) addDays() {
	l.add(word{class: cRelDay}, "今天|今日|今儿|即日|today")
	l.add(word{class: cRelDay, val: 1}, "明天|明日|明儿|明|tomorrow|tomorow|tommorow|tommorrow|tmr|tmrw|tmw")
	l.add(word{class: cRelDay, val: 2}, "后天|后日|day after tomorrow|the day after tomorrow|overmorrow")
	l.add(word{class: cRelDay, val: 3}, "大后天")
	l.add(word{class: cRelDay, val: 4}, "大大后天")
	l.add(word{class: cRelDay, val: -1}, "昨天|昨日|yesterday")
	l.add(word{class: cRelDay, val: -2}, "前天|前日|day before yesterday|the day before yesterday")
	l.add(word{class: cRelDay, part: pEvening}, "今晚|今晚上|今夜|tonight|this evening|this night|tonite")
	l.add(word{class: cRelDay, part: pMorning}, "今早|今晨|今儿早上|this morning")
	l.add(word{class: cRelDay, part: pAfternoon}, "this afternoon")
	l.add(word{class: cRelDay, val: 1, part: pEvening}, "明晚|明夜|明晚上")
	l.add(word{class: cRelDay, val: 1, part: pMorning}, "明早|明晨|明早上")
	l.add(word{class: cRelDay, val: -1, part: pEvening}, "昨晚|last night|昨夜")
	l.add(word{class: cNextDay}, "次日|翌日|第二天|next day|the next day|following day|the following day|+1天")
	days := [7]string{"sunday|sun", "monday|mon", "tuesday|tue|tues", "wednesday|wed|weds", "thursday|thu|thur|thurs", "friday|fri", "saturday|sat"}
	plural := [7]string{"sundays", "mondays", "tuesdays", "wednesdays", "thursdays", "fridays", "saturdays"}
	han := [7]string{"日天", "一", "二", "三", "四", "五", "六"}
	for d := range 7 {
		l.add(word{class: cWeekday, val: d}, days[d])
		l.add(word{class: cWeekday, val: d, plural: true}, plural[d])
		for _, r := range han[d] {
			x := string(r)
			l.add(word{class: cWeekday, val: d}, "周"+x+"|星期"+x+"|礼拜"+x)
		}
	}
	l.add(word{class: cWeekend}, "周末|weekend|星期六日|周六日|双休日")
	l.add(word{class: cWeekend, plural: true}, "weekends|每周末")
	l.add(word{class: cWorkdays}, "工作日|weekdays|weekday|workdays|workday|working days|working day|business days|business day|week days|上班日|平日|周内")
	months := [12]string{"january|jan", "february|feb", "march|mar", "april|apr", "may", "june|jun", "july|jul", "august|aug",
		"september|sep|sept", "october|oct", "november|nov", "december|dec"}
	for m := range 12 {
		l.add(word{class: cMonth, val: m + 1}, months[m])
	}
	l.add(word{class: cRel, val: 1}, "下|下个|下一|下一个|next|following")
	l.add(word{class: cRel, val: 2}, "下下|下下个|再下|再下个")
	l.add(word{class: cRel, val: 3}, "下下下|下下下个")
	l.add(word{class: cRel}, "这|这个|本|此|当|this")
	l.add(word{class: cRel, n: 1}, "coming|upcoming|this coming|this upcoming|the coming|最近的|即将到来的|下一次的")
	l.add(word{class: cRel, val: 2, plural: true}, "week after next|the week after next")
	l.add(word{class: cRel, val: -1}, "上|上个|previous|past")
	l.add(word{class: cYearRel}, "今年|本年|this year")
	l.add(word{class: cYearRel, val: 1}, "明年|next year|来年")
	l.add(word{class: cYearRel, val: 2}, "后年")
	l.add(word{class: cYearRel, val: -1}, "去年|last year")
	l.add(word{class: cMonthEnd}, "月底|月末|month end|end of month|end of the month|end of this month|the end of the month|the end of this month|the end of month")
	l.add(word{class: cMonthEnd, val: 1}, "end of next month|the end of next month")
	l.add(word{class: cYearEnd}, "年底|年末|year end|end of year|end of the year|the end of the year|end of this year|the end of this year")
}

func (l *lexicon) addClock() {
	l.add(word{class: cPart, part: pDawn}, "凌晨|清早凌晨")
	l.add(word{class: cPart, part: pMorning}, "早上|早晨|清晨|清早|大清早|一早|早|晨|上半日|morning|in the morning|early morning|mornings")
	l.add(word{class: cPart, part: pForenoon}, "上午|午前|forenoon")
	l.add(word{class: cPart, part: pNoon}, "中午|正午|晌午|noon|midday|at noon|12 noon")
	l.add(word{class: cPart, part: pAfternoon}, "下午|午后|afternoon|in the afternoon|afternoons|after noon")
	l.add(word{class: cPart, part: pDusk}, "傍晚|黄昏|late afternoon")
	l.add(word{class: cPart, part: pEvening}, "晚上|晚|晚间|夜晚|evening|in the evening|evenings")
	l.add(word{class: cPart, part: pNight}, "夜里|夜间|深夜|半夜|晚上夜里|night|at night|nights")
	l.add(word{class: cMidnight}, "午夜|子夜|midnight|at midnight")
	l.add(word{class: cAmPm, part: pAM}, "am|a.m.|a.m|a m")
	l.add(word{class: cAmPm, part: pPM}, "pm|p.m.|p.m|p m")
	l.add(word{class: cOclock}, "点|点钟|时|o'clock|oclock|h00|hrs|hundred")
	l.add(word{class: cMinute}, "分")
	l.add(word{class: cKe}, "刻|刻钟")
	l.add(word{class: cSharp}, "整|正|sharp")
	l.add(word{class: cHalf}, "半|half|half an|half a|a half")
	l.add(word{class: cQuarter}, "quarter|a quarter")
	l.add(word{class: cPast, val: 30}, "half past")
	l.add(word{class: cPast, val: 15}, "quarter past|a quarter past|quarter after|a quarter after")
	l.add(word{class: cShort, val: 15}, "quarter to|a quarter to|quarter of")
	l.add(word{class: cShort}, "差")
	l.add(word{class: cNow}, "now|right now|现在|立刻|马上|立即|即刻|此刻|immediately|at once|asap")
	l.add(word{class: cDayMark}, "日|号")
	l.add(word{class: cMonthMark}, "月|月份")
	l.add(word{class: cYearMark}, "年")
	l.add(word{class: cZone, name: "UTC"}, "utc|gmt")
	l.add(word{class: cZone, name: "Asia/Shanghai"}, "北京时间|beijing time|china time|shanghai time")
}

func (l *lexicon) addRules() {
	l.add(word{class: cUnit, val: uSecond}, "秒|秒钟|sec|secs|seconds")
	l.add(word{class: cUnit, val: uMinute}, "分钟|minute|minutes|min|mins|m")
	l.add(word{class: cUnit, val: uHour}, "小时|钟头|个小时|个钟头|个钟|hour|hours|hr|h|小時")
	l.add(word{class: cUnit, val: uDay}, "天|day|days|d")
	l.add(word{class: cUnit, val: uWeek}, "周|星期|礼拜|个星期|个礼拜|week|weeks|wk|wks|w")
	l.add(word{class: cUnit, val: uWeek, n: 2}, "fortnight|fortnights")
	l.add(word{class: cUnit, val: uMonth}, "个月|month|months")
	l.add(word{class: cUnit, val: uQuarter}, "季度|季|个季度|quarters")
	l.add(word{class: cUnit, val: uYear}, "year|years")
	l.add(word{class: cEvery, val: 1}, "每|每到|每个|每一|每一个|逢|每逢|every|each|every single|per")
	l.add(word{class: cEvery, val: 2}, "隔|every other")
	l.add(word{class: cEvery}, "每隔")
	l.add(word{class: cFreq, val: uDay, n: 1}, "daily|天天|日日|每日|everyday|每天")
	l.add(word{class: cFreq, val: uWeek, n: 1}, "weekly")
	l.add(word{class: cFreq, val: uWeek, n: 2}, "biweekly|bi-weekly|fortnightly|双周|双周的")
	l.add(word{class: cFreq, val: uMonth, n: 1}, "monthly")
	l.add(word{class: cFreq, val: uQuarter, n: 1}, "quarterly")
	l.add(word{class: cFreq, val: uYear, n: 1}, "yearly|annually|每年|年年")
	l.add(word{class: cNth}, "第|倒数第")
	l.add(word{class: cNth, val: 1}, "首|首个|第一|头一个")
	l.add(word{class: cNth, val: -1}, "最后|最后一|最后一个|最末|最末一个|last|the last|final")
	l.add(word{class: cNth, val: -2}, "倒数第二|倒数第二个|second to last|second last|penultimate")
	l.add(word{class: cLastDay}, "最后一天|最末一天|最后1天")
	l.add(word{class: cCount}, "次|回|times")
	l.add(word{class: cTotal}, "共|总共|一共|连续|for|持续|历时|时长|长|共计|lasting")
}

func (l *lexicon) addJoints() {
	l.add(word{class: cAfter}, "后|之后|以后|过后|later|from now|after now|hence")
	l.add(word{class: cBefore}, "前|之前|以前|ago|before")
	l.add(word{class: cIn}, "in|within the next|再过|过|after")
	l.add(word{class: cTo}, "to|till|til|until|到|至|through|thru|直到|一直到|ending|ends")
	l.add(word{class: cUntil}, "截至|截止|截止到|up to|止于|ending on")
	l.add(word{class: cFrom}, "from|从|自|自从|starting|beginning|starting from|beginning on|since|as of|starting on|starts|starts on|由|打")
	l.add(word{class: cBegin}, "起|开始|起始|开头|onwards|onward|on wards")
	l.add(word{class: cFinish}, "结束|为止|止|收工|散场")
	l.add(word{class: cSep}, "and|和|及|以及|还有|与|跟|plus")
	l.add(word{class: cFill}, "at|on|the|of|的|在|于|那天|当天|那晚|once|about|around|大约|大概|左右|准时|是|就|date|time|a|an|准|那个|这天")
	l.add(word{class: cBetween}, "between|介于")
	l.add(word{class: cPiece}, "个|名|couple of|a couple of|couple")
	l.add(word{class: cOften}, "twice|thrice|hourly|three times")
	l.add(word{class: cVague}, "soon|later today|sometime|月初|月中|年初|年中|回头|改天|有空|过几天|几天")
}

func (l *lexicon) addFeasts() {
	for day, spellings := range map[int]string{
		101: "元旦|元旦节|new year's day|new years day|new year day", 308: "妇女节|三八妇女节", 305: "学雷锋日|学雷锋纪念日",
		312: "植树节", 501: "劳动节|五一|五一节|五一劳动节|labour day", 504: "青年节|五四青年节", 601: "儿童节|六一|六一儿童节",
		701: "建党节|七一|七一建党节", 801: "建军节|八一|八一建军节", 910: "教师节", 1001: "国庆|国庆节|十一国庆节",
		1205: "国际志愿者日", 1224: "平安夜|christmas eve|xmas eve", 1225: "圣诞|圣诞节|christmas|christmas day|xmas",
		1231: "跨年夜|new year's eve|new years eve",
	} {
		l.add(word{class: cFeast, val: day}, spellings)
	}
}

var weekdayTokens = [...]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func ruleDay(d time.Weekday) string { return weekdayTokens[d] }
