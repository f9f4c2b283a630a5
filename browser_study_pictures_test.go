package main

import (
	"context"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"muster/sandbox"
)

// studyScene is what the README's pictures of study show.
type studyScene struct {
	line, who            string
	reminder, code, made []string // what a phone says when it is looked at
	plan, codeLine       string   // of the branch whose year is shown
	exempt, year         string
	account              []string
}

var studyScenes = map[string]studyScene{
	"zh": {
		line: "学习 雨天骑行 | 时间: 每周一 16:30 | 范围: 外卖骑手支部 | 地点: 骑手之家 | 场次: 周四 15:00 | 链接: https://example.org/rain | 提前: 1h",
		who:  "学习 s2 名单", reminder: []string{"雨天骑行", "也可以选"}, code: []string{"的签到码："}, made: []string{"现在补"},
		plan:     "学习 支部学习 | 时间: 每周三 19:30 | 时长: 2h | 学时: 4 | 范围: 外卖骑手支部",
		codeLine: "学习 s2 签到码", exempt: "学习 免学 <@U012> 2026 产假", year: "学习 年度 外卖骑手支部", account: []string{"可能不足", "免学"},
	},
	"en": {
		line: "study Riding in the rain | when: every Mon 16:30 | for: Couriers' branch | where: Rider house | slots: Thu 15:00 | link: https://example.org/rain | remind: 1h",
		who:  "study s2 who", reminder: []string{"Riding in the rain", "Another time"}, code: []string{"On-site code for"}, made: []string{"Do it now"},
		plan:     "study Branch study | when: every Wed 19:30 | length: 2h | hours: 4 | for: Couriers' branch",
		codeLine: "study s2 code", exempt: "study exempt <@U012> 2026 reason: parental leave", year: "study year Couriers' branch", account: []string{"may fall short", "excused from the target"},
	},
}

// takeStudyPictures writes into dir: study-LANG.png, three phones with a
// courier's reminder, the leader's code and the form of a make-up; and
// year-LANG.png, the account of a branch's year.
func takeStudyPictures(t *testing.T, browser context.Context, dir string) {
	for lang, p := range studyScenes {
		keepPicture(t, filepath.Join(dir, "study-"+lang+".png"), studyPhones(t, browser, lang, p))
		keepPicture(t, filepath.Join(dir, "year-"+lang+".png"), yearPicture(t, browser, lang, p))
	}
}

// studyPhones plays one session, from its reminder to a make-up.
func studyPhones(t *testing.T, browser context.Context, lang string, p studyScene) []byte {
	d := openDemo(t, lang)
	d.commands(t, couriersHead, couriersRoom, p.line)
	look := func(as string, words ...string) *visitor {
		v := visit(t, browser, d, screen{430, 860, true, 1.5}, scene("as", as, "channel", d.dm(as), "lang", lang, "theme", "light"))
		v.sees(at("#messages [data-testid=message]", words...))
		return v
	}
	v := visit(t, browser, d, desk, scene("as", comes, "channel", d.dm(comes), "lang", lang))
	v.passes("6h")
	v.sees(at("#messages [data-testid=message]", p.reminder[0]))
	phones := [][]byte{look(comes, p.reminder[0]).shot()}
	d.pressesOn(t, phoneIsFlat, "study_attend")
	v.passes("1h")
	leader := look(couriersHead, p.reminder[0])
	leader.pressesOwn("study_code")
	leader.sees(at("#messages [data-testid=message]", p.code...))
	code := leader.codeShown(p.code[0])
	d.sendTheCode(t, code, comes, "U013", "U014", "U016")
	d.pressesOn(t, phoneIsFlat, "study_checkin")
	leader.pressesOwn("study_who")
	leader.sees(at("#messages .msg.ephemeral", "刘洋"))
	phones = append(phones, leader.shot())
	v.passes("2h")
	missed := look(cannotBeThere, p.made...)
	missed.pressesOwn("study_makeup")
	missed.sees(at("[data-testid=modal][data-callback-id=makeup]"))
	return inARow(t, append(phones, missed.shot()))
}

// yearPicture is the account of a branch after eight sessions of an autumn, as
// its leader sees it on the first of December.
func yearPicture(t *testing.T, browser context.Context, lang string, p studyScene) []byte {
	d := openDemoAt(t, lang, time.Date(2026, 10, 5, 2, 0, 0, 0, time.UTC))
	d.commands(t, couriersHead, d.dm(couriersHead), p.plan)
	d.commands(t, couriersHead, d.dm(couriersHead), p.exempt)
	s := screen{1280, 860, false, 1.25}
	v := visit(t, browser, d, s, scene("as", couriersHead, "channel", d.dm(couriersHead), "lang", lang, "theme", "light"))
	v.passes("57h30m") // Wednesday, 19:30
	for week := range 8 {
		d.commands(t, couriersHead, d.dm(couriersHead), p.codeLine)
		v.waits("the next code", fmt.Sprintf("all('#messages .msg.ephemeral', %s).length > %d", quote(p.code[0]), week))
		code := v.codeShown(p.code[0])
		var there []string
		for i, who := range []string{couriersHead, comes, "U013", "U014", "U016", "U011", phoneIsFlat, "U009", "U017"} {
			if i < 4 || (week+i)%i < 3 {
				there = append(there, who)
			}
		}
		d.sendTheCode(t, code, there...)
		v.passes("168h")
	}
	v.passes("24h")
	v.says("#composer", "/muster "+p.year)
	account := at("#messages .msg.ephemeral", p.account...)
	v.sees(account)
	v.rests()
	return v.shot()
}

// codeShown is the code on site that was shown last.
func (v *visitor) codeShown(word string) string {
	v.t.Helper()
	text := ask[string](v, "the code", at("#messages [data-testid=message]", word).js()+".innerText")
	return regexp.MustCompile(`\b[A-Z0-9]{6}\b`).FindString(text)
}

// passes lets the pretend clock go on.
func (v *visitor) passes(span string) {
	v.t.Helper()
	ask[bool](v, span, `fetch("/sandbox/clock", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ advance: `+quote(span)+` }) }).then((r) => r.ok)`)
}

// sendTheCode waits until everybody who sent it has their answer.
func (d *demo) sendTheCode(t *testing.T, code string, people ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	for _, who := range people {
		said := d.slack.As(who).Say(d.dm(who), code)
		answered := func(m sandbox.Message) bool { return m.TS > said }
		if err := d.slack.Await(ctx, "an answer", func() bool { return slices.ContainsFunc(d.slack.Messages(d.dm(who)), answered) }); err != nil {
			t.Fatalf("%s has no answer to the code: %v", who, err)
		}
	}
}

func (d *demo) commands(t *testing.T, user, channel, line string) {
	t.Helper()
	if out := d.slack.As(user).Command(channel, "/muster", line); !out.Acked {
		t.Fatalf("%q was not taken: %s", line, out.Refused)
	}
}

// pressesOn presses the latest button of an action in somebody's messages.
func (d *demo) pressesOn(t *testing.T, user, action string) {
	t.Helper()
	has := func(m sandbox.Message) bool { _, open := m.Button(action); return open }
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := d.slack.Await(ctx, action, func() bool { return slices.ContainsFunc(d.slack.Messages(d.dm(user)), has) }); err != nil {
		t.Fatalf("%s has no %s: %v", user, action, err)
	}
	all := d.slack.Messages(d.dm(user))
	for i := len(all) - 1; i >= 0; i-- {
		if has(all[i]) {
			if out := d.slack.As(user).Press(all[i], action); !out.Acked {
				t.Fatalf("%s cannot press %s: %s", user, action, out.Refused)
			}
			return
		}
	}
}
