package main

import (
	"context"
	"regexp"
	"slices"
	"testing"

	"muster/sandbox"
)

// flood is a call by waves as it is read in one language.
type flood struct {
	line, title     string
	question        []string // what each question says
	asking, filled  []string // of the organizer's panel
	condition, kept string   // an answer with a condition, and what it gets
	thanks, enough  string
	code, here      string // the code on site, and the answer to it
	ask, safe       string // the safety question, and what a press of "safe" leaves of it
	alarm, way      string
	home, everybody string
	done            string // of the card, at the end
}

var floods = map[string]flood{
	"zh": {
		line:  "招募 东堤装沙袋 | 类型: 应急 | 时间: 今天 15:00-17:00 | 地点: 东堤 3 号门 | 需要: 装卸 2 | 携带: 手套、头灯 | 紧急: 是 | 询问: 2 每 50 分钟",
		title: "东堤装沙袋", question: []string{"还差装卸", "发起：@陈琳", "为什么问你：你的资料里写了会装卸"},
		asking: []string{"紧急", "直接询问 装卸", "1/2", "16点以后可以"}, filled: []string{"2/2", "人够了"},
		condition: "16点以后可以", kept: "由组织者确认后算数", thanks: "谢谢告诉我们", enough: "人手已经够了，谢谢你",
		code: "的签到码：", here: "已签到", ask: "现在平安吗", safe: "报了平安", alarm: "未报平安，最近一次", way: "到家了吗",
		home: "已到家，谢谢你", everybody: "到家 2/2", done: "2 人，共",
	},
	"en": {
		line:  "call Sandbags at the east dike | kind: relief | when: today 15:00-17:00 | where: East dike, gate 3 | need: lifting 2 | bring: gloves, lamp | urgent: yes | ask: 2 every 50m",
		title: "Sandbags at the east dike", question: []string{"more needed: lifting", "Called by @陈琳", "Why you: your profile says lifting"},
		asking: []string{"URGENT", "Asked directly, lifting", "1/2", "yes after 16:00"}, filled: []string{"2/2", "enough people"},
		condition: "yes after 16:00", kept: "it counts once the organizer takes it", thanks: "Thanks for letting us know", enough: "We have enough people now, thank you",
		code: "On-site code for", here: "Checked in", ask: "are you safe", safe: "safe at", alarm: "missed the", way: "Are you home",
		home: "thank you", everybody: "2/2 home", done: "2 people,",
	},
}

// A flood in the page, by nothing but presses and words: the organizer posts one
// line, people are asked in waves until two come, they check in, say that they
// are safe or are looked for, and the call is done once everybody is home and on
// the roll.
func floodInThePage(t *testing.T, browser context.Context, lang string) {
	w := floods[lang]
	d := openDemo(t, lang)
	v := visit(t, browser, d, desk, scene("as", sampleAdmin, "channel", sampleCalls, "lang", lang))
	v.says("#composer", "/muster "+w.line)
	v.sees(at("#messages .msg:not(.ephemeral) [data-testid=card]", w.title, "0/2"))

	first := d.asked(t, nil, 2)
	v.hears(d, first[0], w.question...)
	v.pressesOwn("ask_no")
	v.sees(at("#messages [data-testid=message]", w.thanks))
	second := d.asked(t, first, 1)[0] // a no moves on at once
	v.hears(d, second, w.question...)
	v.pressesOwn("ask_yes")
	v.presses(at("[data-testid=advance-hour]")) // nobody else says a word, and more are asked
	open := d.asked(t, append(first, second), 1)[0]

	v.hears(d, first[1], w.question...)
	v.says("#composer", w.condition)
	v.sees(at("#messages [data-testid=message]", w.kept))
	v.hears(d, sampleAdmin, append(w.asking, w.title)...)
	v.pressesOwn("answer_take")
	v.edited(d, d.dm(sampleAdmin), append(w.filled, w.title)...)
	v.becomes(open)
	v.goes(d.dm(open))
	v.edited(d, d.dm(open), w.enough)
	v.onSite(d, w, second, first[1])
	v.everybodyHome(d, w, second, first[1])
	v.rollTaken(d, w)
}

// onSite: an hour before the shift one checks in with the code that the
// organizer reads out, the other by the button.
func (v *visitor) onSite(d *demo, w flood, byCode, byButton string) {
	v.t.Helper()
	for range 4 { // 14:30
		v.presses(at("[data-testid=advance-hour]"))
	}
	v.hears(d, sampleAdmin, w.title)
	v.pressesOwn("call_code")
	v.sees(at("#messages [data-testid=message]", w.code))
	code := regexp.MustCompile(`\b[A-Z0-9]{6}\b`).FindString(ask[string](v, "the code", at("#messages [data-testid=message]", w.code).js()+".innerText"))
	v.hears(d, byCode, w.title)
	v.says("#composer", code)
	v.sees(at("#messages [data-testid=message]", w.here))
	v.hears(d, byButton, w.title)
	v.pressesOwn("call_checkin")
	v.sees(at("#messages [data-testid=message]", w.here))
}

// everybodyHome: one says twice that they are safe and then home; the other says
// nothing, the organizer is told, and sees to it.
func (v *visitor) everybodyHome(d *demo, w flood, answers, silent string) {
	v.t.Helper()
	for _, at16 := range []bool{false, true} {
		v.presses(at("[data-testid=advance-hour]"))
		if at16 {
			v.hears(d, sampleAdmin, w.alarm)
			v.pressesOwn("safe_reached")
		}
		v.hears(d, answers, w.ask)
		v.pressesOwn("safe_ok")
		v.edited(d, d.dm(answers), w.safe)
	}
	v.presses(at("[data-testid=advance-hour]")) // 17:30: it is over
	v.hears(d, answers, w.way)
	v.pressesOwn("safe_home")
	v.edited(d, d.dm(answers), w.home)
	v.hears(d, sampleAdmin, w.title)
	v.pressesOwn("safe_all_home")
	v.presses(at("[data-testid=confirm-ok]"))
	v.edited(d, d.dm(sampleAdmin), w.everybody)
}

// rollTaken: from Home, the form of the roll; with it the call is done.
func (v *visitor) rollTaken(d *demo, w flood) {
	v.t.Helper()
	v.presses(at("[data-testid=home-tab]"))
	v.presses(at("[data-testid=home] [data-action-id^=call_roll]"))
	v.sees(at("[data-testid=modal][data-callback-id=roll]"))
	came := at("[data-testid=modal] input[type=radio][value=yes]:not(:checked)")
	for range ask[int](v, "who is not on the roll", "all("+came.args()+").length") {
		v.presses(came)
	}
	v.presses(at("[data-testid=modal-submit]"))
	v.goes(sampleCalls)
	v.edited(d, sampleCalls, w.title, w.done)
}

// edited waits for words in a message that may have to wait for its turn, for
// Slack takes some 45 edits a minute, and looks at them where the page is.
func (v *visitor) edited(d *demo, channel string, words ...string) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 4*patience)
	defer cancel()
	err := d.slack.Await(ctx, "an edit", func() bool {
		return slices.ContainsFunc(d.slack.Messages(channel), func(m sandbox.Message) bool { return hasAll(m.AllText(), words) })
	})
	if err != nil {
		v.t.Fatalf("no message in %s says %q: %v\nThe page reads:\n%s", channel, words, err, v.reads())
	}
	v.sees(at("#messages [data-testid=message]", words...))
}

// hears goes to somebody's own messages and waits for the words.
func (v *visitor) hears(d *demo, user string, words ...string) {
	v.t.Helper()
	v.becomes(user)
	v.goes(d.dm(user))
	v.sees(at("#messages [data-testid=message]", words...))
}

// pressesOwn presses the latest button of an action in these messages, once
// what the bot still has to say has been said: what moves is missed.
func (v *visitor) pressesOwn(action string) {
	v.t.Helper()
	own := at("#messages [data-testid=block-button][data-action-id^=" + action + "]")
	v.sees(own)
	v.waits("the messages to stand still", `(() => {
		const now = document.querySelector("#messages").innerText;
		if (look.said !== now) { look.said = now; look.since = performance.now(); }
		return performance.now() - look.since > 700;
	})()`)
	v.presses(own)
}

// asked waits until n people beside those known have a question.
func (d *demo) asked(t *testing.T, known []string, n int) []string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var found []string
	err := d.slack.Await(ctx, "questions", func() bool {
		found = found[:0]
		for _, p := range samplePeople() {
			asks := func(m sandbox.Message) bool { _, open := m.Button("ask_yes"); return open }
			if !slices.Contains(known, p.ID) && slices.ContainsFunc(d.slack.Messages(d.dm(p.ID)), asks) {
				found = append(found, p.ID)
			}
		}
		return len(found) >= n
	})
	if err != nil {
		t.Fatalf("%d questions, and %v has one: %v", n, found, err)
	}
	return found
}
