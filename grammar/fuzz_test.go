package grammar

import (
	"testing"
	"unicode/utf8"
)

func addTable(f *testing.F, texts ...string) {
	for _, s := range texts {
		f.Add(s)
	}
}

var whenSeeds = []string{
	"明天下午3点", "周六 9:00-11:00, 14:00-16:00", "每月第一个周一 19:30", "every 2 weeks on Tue 19:30 until Dec 31", "Fri 10pm-2am", "2026-12-05T19:30:00+08:00",
	"12月5日、6日 9:00", "周一三五七点", "in an hour and a half", "<!date^1800000000^{date}|x>", "25:00", "周六9点开始，11点结束", "从12月1日起每周三 19:30，共8次",
	"农历八月十五 19:30", "每月农历初一、十五 7:30", "腊月廿三晚上7点", "除夕 19:00", "lunar 8-15 19:30", "15th of the 8th lunar month 9:00", "every lunar month on the 30th 7:30", "农历闰六月初一 9:00",
}

func FuzzWhen(f *testing.F) {
	addTable(f, whenSeeds...)
	o := shanghai(f)
	f.Fuzz(func(t *testing.T, typed string) {
		checkWhen(t, typed, o)
		if _, err := ParseDay(typed, o); err != nil && reasonOf(err) == nil {
			t.Fatalf("%q: %v", typed, err)
		}
		ParseDuration(typed)
	})
}

func FuzzReply(f *testing.F) {
	addTable(f, "+1 driver 周六", "报名 3人", "1. 张三\n2. 李四 +1 司机", "yes after 9", "晚到20分钟", "> 报名\n好的", "在哪报名?", ":+1: +1", "9点以后可以")
	o := shanghai(f)
	o.Place = "dm"
	f.Fuzz(func(t *testing.T, typed string) {
		r := ParseReply(typed, o)
		if r.Meaning == "" || r.Guests < 0 || r.Minutes < 0 || r.Minutes > mostLate {
			t.Fatalf("%q: %+v", typed, r)
		}
		if _, err := r.JSON(); err != nil {
			t.Fatal(err)
		}
	})
}

func FuzzCall(f *testing.F) {
	addTable(f, "义诊 | 时间: 周六 9:00-11:00 | 需要: 医生* 2, 引导员 4-6", "T | when: Sat 9-11 | need: 2 drivers and 3 lifters | ask: 5 every 10m", `Q "a | b: c" ; when: x`,
		"<https://a|b; for: c> | when: now", "a|b:c|d：e；f:g\nh: i")
	o := shanghai(f)
	f.Fuzz(func(t *testing.T, typed string) {
		c, err := ParseCall(typed, o)
		if err != nil && reasonOf(err) == nil {
			t.Fatalf("%q: %v", typed, err)
		}
		if _, err := c.JSON(); err != nil {
			t.Fatal(err)
		}
		if utf8.ValidString(typed) && err == nil && (c.Title == "" || len(c.When) == 0) {
			t.Fatalf("%q: %+v", typed, c)
		}
		for _, parse := range []func() error{
			func() error { _, err := ParseEdit(typed, o); return err }, func() error { _, err := ParseStudy(typed, o); return err },
			func() error { _, err := ParseRemind(typed, o); return err }, func() error { _, err := ParseDigest(typed, o); return err },
		} {
			if err := parse(); err != nil && reasonOf(err) == nil {
				t.Fatalf("%q: %v", typed, err)
			}
		}
	})
}

func FuzzCommand(f *testing.F) {
	addTable(f, "call k12 edit need: 3", "招募社区义诊", "提醒我明天9点带表格", "<@U1> help", "staion list", "k12", "call K12 tell 司机 x")
	f.Fuzz(func(t *testing.T, typed string) {
		c := ParseCommand(typed)
		if c.Verb != "" && c.Number == "" && c.Unknown != "" || c.Verb == "" && (c.Sub != "" || c.Number != "") {
			t.Fatalf("%q: %+v", typed, c)
		}
		ParseCode(typed)
		Fold(typed)
	})
}
