package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
)

// Who is met in the story: the couriers' leader, who comes, whose phone is flat,
// and who cannot come.
const (
	couriersHead  = "U002"
	couriersRoom  = "C010"
	comes         = "U006"
	phoneIsFlat   = "U010"
	cannotBeThere = "U011"
)

// lesson is a session from its plan to the year's account in one language.
type lesson struct {
	study, title, when, lead, unit string // what the leader writes into the form
	opened, reminder               []string
	seeYou, later                  string
	code, in                       string
	held, flat, came, wrote        string
	missed, learnt, made           string
	year                           string
	account                        []string
}

var lessons = map[string]lesson{
	"zh": {
		study: "学习", title: "雨天骑行", when: "每周一 16:30", lead: "1h", unit: "外卖骑手支部",
		opened:   []string{"已安排学习：雨天骑行（#s2）", "每周一 16:30", "会在 周一 11月23日 15:30 提醒你"},
		reminder: []string{"周一 11月23日 16:30 雨天骑行（约 60 分钟）", "地点：骑手之家"}, seeYou: "好的，16:30 见。到时在这条消息里签到。",
		later: "好的，谢谢告诉我们。可以补到 周一 11月30日 17:30。", code: "的签到码：", in: "已签到 16:30，1 学时。今年 1/32 学时。",
		held: "记为已开展。其余的人请点一下名。", flat: "孙磊", came: "到了", wrote: "点名记下：到 1 人",
		missed: "可以补到 周一 11月30日 17:30", learnt: "雨天路滑，我会提前十分钟出门，过路口减速，手机放进防水袋，不边骑边看。", made: "已补学，1 学时。今年 1/32 学时。",
		year: "学习 年度 外卖骑手支部", account: []string{"刘洋 1/32 学时", "孙磊 1/32 学时", "周涛 1/32 学时", "吴霞 0/32 学时"},
	},
	"en": {
		study: "study", title: "Riding in the rain", when: "every Mon 16:30", lead: "1h", unit: "Couriers' branch",
		opened:   []string{"Study set up: Riding in the rain (#s2)", "every Mon, 16:30", "You will be reminded on Mon 23 Nov 15:30"},
		reminder: []string{"Mon 23 Nov 16:30: Riding in the rain (about 60 minutes)", "Where: 骑手之家"}, seeYou: "See you at 16:30. Check in here once it starts.",
		later: "Got it, thanks for letting us know. You can make it up until Mon 30 Nov 17:30.", code: "On-site code for", in: "Checked in 16:30, 1 hour. 1 of 32 this year.",
		held: "somebody used its check-in code. Please take the roll of the others.", flat: "孙磊", came: "There", wrote: "The roll has: 1 there",
		missed: "You can make it up until Mon 30 Nov 17:30", learnt: "In the rain I leave ten minutes early, slow down at crossings and keep the phone put away.", made: "Made up, 1 hour. 1 of 32 this year.",
		year: "study year Couriers' branch", account: []string{"刘洋 1 of 32 hours", "孙磊 1 of 32 hours", "周涛 1 of 32 hours", "吴霞 0 of 32 hours"},
	},
}

// A lesson in the page, by nothing but presses and words: the leader plans it by
// the form, couriers answer where they are reminded, one checks in with the code
// that the leader reads out, another is put on the roll, a third makes it up, and
// the year's account has all of them.
func lessonInThePage(t *testing.T, browser context.Context, lang string) {
	w := lessons[lang]
	d := openDemo(t, lang)
	v := visit(t, browser, d, desk, scene("as", couriersHead, "channel", couriersRoom, "lang", lang))
	v.plansByForm(d, w)

	for range 6 { // 15:30, an hour before
		v.presses(at("[data-testid=advance-hour]"))
	}
	v.hears(d, comes, w.reminder...)
	v.pressesOwn("study_attend")
	v.edited(d, d.dm(comes), w.title, w.seeYou)
	v.hears(d, cannotBeThere, w.reminder...)
	v.pressesOwn("study_makeup")
	v.edited(d, d.dm(cannotBeThere), w.title, w.later)

	v.presses(at("[data-testid=advance-hour]")) // 16:30, it begins
	v.readsTheCodeOut(d, w)
	for range 2 { // 18:30, an hour after its end
		v.presses(at("[data-testid=advance-hour]"))
	}
	v.putsOnTheRoll(d, w)
	v.makesUp(d, w)

	v.becomes(couriersHead)
	v.goes(d.dm(couriersHead))
	v.says("#composer", "/muster "+w.year)
	v.sees(at("#messages .msg.ephemeral", w.account...))
}

// plansByForm fills the form, with what is behind More, as the leader would.
func (v *visitor) plansByForm(d *demo, w lesson) {
	v.t.Helper()
	v.says("#composer", "/muster "+w.study)
	v.sees(at("[data-testid=modal][data-callback-id=study]"))
	v.fills("title", w.title)
	v.fills("when", w.when)
	v.chooses(at("[data-testid=modal] [data-testid=block-select][data-action-id=for]"), w.unit)
	v.presses(at("[data-testid=modal] [data-action-id=study_more]"))
	v.fills("remind", w.lead)
	v.fills("where", "骑手之家")
	v.holds("[data-testid=modal] [data-action-id=title]", w.title) // More keeps what was written
	v.presses(at("[data-testid=modal-submit]"))
	v.misses(at("[data-testid=modal]"))
	v.hears(d, couriersHead, w.opened...)
}

// readsTheCodeOut: the leader has the code made, and a courier sends it.
func (v *visitor) readsTheCodeOut(d *demo, w lesson) {
	v.t.Helper()
	v.hears(d, couriersHead, w.title)
	v.pressesOwn("study_code")
	shown := at("#messages [data-testid=message]", w.code)
	v.sees(shown)
	code := regexp.MustCompile(`\b[A-Z0-9]{6}\b`).FindString(ask[string](v, "the code", shown.js()+".innerText"))
	v.hears(d, comes, w.title)
	v.says("#composer", strings.ToLower(code))
	v.sees(at("#messages [data-testid=message]", w.title, w.in))
}

// putsOnTheRoll: the code has shown that it was held; the leader looks at who
// had no phone.
func (v *visitor) putsOnTheRoll(d *demo, w lesson) {
	v.t.Helper()
	v.hears(d, couriersHead, w.title, w.held)
	v.pressesOwn("study_roll")
	v.sees(at("[data-testid=modal][data-callback-id=roll]"))
	v.chooses(at("[data-testid=modal] label.input-label", w.flat), w.came)
	v.presses(at("[data-testid=modal-submit]"))
	v.misses(at("[data-testid=modal]"))
	v.sees(at("#messages [data-testid=message]", w.wrote))
}

// makesUp: too little is refused beside the field, and what is there stays.
func (v *visitor) makesUp(d *demo, w lesson) {
	v.t.Helper()
	v.hears(d, cannotBeThere, w.title, w.missed)
	v.pressesOwn("study_makeup")
	v.sees(at("[data-testid=modal][data-callback-id=makeup]"))
	v.fills("reflection", w.learnt[:3])
	v.presses(at("[data-testid=modal-submit]"))
	v.sees(at("[data-testid=modal] .input-error", "30"))
	v.fills("reflection", w.learnt[3:])
	v.presses(at("[data-testid=modal-submit]"))
	v.misses(at("[data-testid=modal]"))
	v.edited(d, d.dm(cannotBeThere), w.title, w.made)
}

// fills writes into a field of the form that is open, behind what is there.
func (v *visitor) fills(field, text string) {
	v.t.Helper()
	css := "[data-testid=modal] [data-testid=block-input][data-action-id=" + field + "]"
	v.presses(at(css))
	v.writes(text)
	v.waits(field+" to hold "+text, "document.querySelector("+quote(css)+").value.endsWith("+quote(text)+")")
}

// chooses takes an option of a list that a press opens.
func (v *visitor) chooses(list spot, option string) {
	v.t.Helper()
	v.presses(list)
	v.presses(at("[role=listbox] .option", option))
	v.misses(at("[role=listbox] .option"))
}
