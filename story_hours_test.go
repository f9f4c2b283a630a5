package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// hoursWords are what is said about hours in one language.
type hoursWords struct {
	open, long, longest, admin, roll, rollLong, rollLongest, ask, contested, mine, bare, notYou, decided, decidedYes, late, approve, toldYes, second, overTwelve, refused,
	waits, year, settled, waitsSecond, counted, thrownOut, agree, counts string
}

func hoursSpeaks() map[string]hoursWords {
	return map[string]hoursWords{
		"zh": {open: "招募 社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:30 | 地点: 绿城社区 | 需要: 4 | 询问: 不用", admin: "角色 <@U004> 管理员",
			long: "招募 装沙袋 | 时间: 周六 8:00-17:00 | 地点: 东堤 | 需要: 4 | 询问: 不用", longest: "招募 值守 | 时间: 周日 6:00-19:00 | 地点: 东堤 | 需要: 4 | 询问: 不用",
			roll: "招募 k1 点名 <@U002|zhangwei> <@U006|liuyang>", rollLong: "招募 k1 点名 <@U002|zhangwei>", rollLongest: "招募 k2 点名 <@U002|zhangwei>",
			ask: "对吗", contested: "点名有误", mine: "我的 工时", bare: "有异议，还没有决定", notYou: "不由你决定", decided: "不计入，<@U004> 决定", decidedYes: "已计入，<@U004> 同意",
			late: "过后补录的", approve: "2.5 小时", toldYes: "你的工时", second: "一天超过 8 小时", overTwelve: "一天超过 12 小时", refused: "不计入，<@U004> 决定",
			waits: "待确认，不计入", year: "志愿服务 9 小时", settled: "已经有结果", waitsSecond: "等第二个人同意", counted: "已计入 8:00–17:00，9 小时", thrownOut: "2.5 小时。不计入。", agree: "你确认后计入", counts: "已计入"},
		"en": {open: "call Free clinic | kind: care | when: Sat 9:00-11:30 | where: Greentown | need: 4 | ask: no", admin: "role <@U004> admin",
			long: "call Sandbags | when: Sat 8:00-17:00 | where: East dike | need: 4 | ask: no", longest: "call Watch | when: Sun 6:00-19:00 | where: East dike | need: 4 | ask: no",
			roll: "call k1 roll <@U002|zhangwei> <@U006|liuyang>", rollLong: "call k1 roll <@U002|zhangwei>", rollLongest: "call k2 roll <@U002|zhangwei>",
			ask: "Is that right", contested: "is wrong", mine: "me hours", bare: "Contested and not decided yet", notYou: "aren't yours to decide", decided: "Not counted; <@U004> decided", decidedYes: "Counted; <@U004> agreed",
			late: "entered late counts once", approve: "2.5 hours", toldYes: "Your hours", second: "Over 8 hours in a day", overTwelve: "Over 12 hours in a day", refused: "Not counted; <@U004> decided",
			waits: "await confirmation", year: "Volunteer hours: 9", settled: "settled already", waitsSecond: "Waiting for a second person", counted: "8:00–17:00 counted, 9 hours", thrownOut: "2.5 hours. Not counted.", agree: "once you agree", counts: "Counted"},
	}
}

// inBoth tells a story of hours in both languages, with Li Min (U004) as a
// second admin.
func inBoth(t *testing.T, tale func(t *testing.T, s *story, w hoursWords)) {
	for lang, w := range hoursSpeaks() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, atAnyPace(), speaking(lang))
			s.says(sampleAdmin, sampleLobby, w.admin)
			s.rests()
			tale(t, s, w)
		})
	}
}

// places opens calls and gives people places in them.
func (s *story) places(line, ref string, who ...string) {
	s.t.Helper()
	s.says(sampleAdmin, sampleCalls, line)
	card := s.sees(sampleCalls, "#"+ref)
	for _, user := range who {
		s.presses(user, card, "call_join")
	}
	s.rests()
}

// signupHours are the hours of the export, by person and call.
func (s *story) signupHours() map[string]string {
	got := map[string]string{}
	for _, row := range s.exported("signups") {
		got[row["user_id"]+" "+row["call_title"]] = row["hours"]
	}
	return got
}

// Zhang Wei (U002) and Liu Yang (U006) are put on the roll without a check-in.
// Both say it is wrong. Chen Lin, who took the roll, cannot decide; Li Min
// does, one way and the other, and each of them is told.
func TestContestedHoursAreDecidedBySomebodyElse(t *testing.T) {
	t.Parallel()
	inBoth(t, func(t *testing.T, s *story, w hoursWords) {
		s.places(w.open, "k1", "U002", "U006")
		s.clockAt("12:00")
		s.answered(sampleAdmin, sampleCalls, w.roll, "#k1")
		s.rests()
		for _, user := range []string{"U002", "U006"} {
			mine := s.gets(user, w.ask)
			s.presses(user, mine, s.button(mine, "hours_contest"))
		}
		s.rests()
		s.writes("U002", w.mine, w.bare, w.waits)
		taker := s.gets(sampleAdmin, "<@U002>", w.contested)
		for _, b := range taker.Buttons() {
			if strings.HasPrefix(b.ActionID, "hours_decide") {
				t.Errorf("who took the roll may decide:\n%s", taker.AllText())
			}
		}
		first, second := s.gets("U004", "<@U002>", w.contested), s.gets("U004", "<@U006>", w.contested)
		s.presses("U004", first, "hours_decide:no")
		s.presses("U004", second, "hours_decide:yes")
		s.rests()
		s.gets("U002", w.toldYes, w.decided)
		s.gets("U002", "#k1", w.thrownOut)
		again := s.gets("U006", w.toldYes, w.agree, "<@U004>") // who never agreed is asked once more
		s.shows(first, w.decided)
		s.presses("U006", again, s.button(again, "hours_confirm"))
		s.rests()
		s.shows(again, w.counts)
		s.shows(second, w.counts)
		s.shows(taker, w.decided)
		for _, m := range []string{first.TS, second.TS} {
			now, _ := s.Message(first.Channel, m)
			if _, has := now.Button("hours_decide:yes"); has {
				t.Errorf("there is still a button:\n%s", now.AllText())
			}
		}
		want := map[string]string{"U002": "0.00", "U006": "2.50"}
		for key, hours := range s.signupHours() {
			user, _, _ := strings.Cut(key, " ")
			if hours != want[user] && !(want[user] == "0.00" && hours == "") {
				t.Errorf("%s: %s hours, want %s", key, hours, want[user])
			}
		}
	})
}

// The roll is taken two days later. The person's own yes is not enough for what
// was entered late: somebody else has to agree, and not who entered it.
func TestAnEntryMadeLateNeedsTheirYesAndAnothers(t *testing.T) {
	t.Parallel()
	inBoth(t, func(t *testing.T, s *story, w hoursWords) {
		s.places(w.open, "k1", "U002", "U006")
		s.clockAt("12:00")
		s.passes(2 * 24 * time.Hour)
		s.rests()
		s.answered(sampleAdmin, sampleCalls, w.roll, "#k1")
		s.rests()
		if asked := s.about("U004", w.late); len(asked) != 0 {
			t.Errorf("before their own yes somebody was asked:\n%s", texts(asked))
		}
		mine := s.gets("U006", w.ask)
		s.presses("U006", mine, s.button(mine, "hours_confirm"))
		s.rests()
		asked := s.gets("U004", "<@U006>", w.late, w.approve, "<@U001>")
		if other := s.about(sampleAdmin, w.late); len(other) != 0 {
			t.Errorf("who entered it was asked:\n%s", texts(other))
		}
		s.writes("U006", w.mine, w.waits)
		s.presses("U004", asked, "hours_approve")
		s.rests()
		s.gets("U006", w.toldYes, w.decidedYes)
		s.shows(asked, w.decidedYes)
		want := map[string]string{"U006": "2.50", "U002": ""}
		got := map[string]string{}
		for key, hours := range s.signupHours() {
			user, _, _ := strings.Cut(key, " ")
			got[user] = strings.TrimSuffix(hours, "0.00")
			if hours == "2.50" {
				got[user] = hours
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("hours (-want +got):\n%s", diff)
		}
	})
}

// Nine hours on Saturday and thirteen on Sunday: neither counts on the roll's
// word alone. Li Min agrees to the first, and refuses the second.
func TestLongDaysWaitForAnothersWord(t *testing.T) {
	t.Parallel()
	inBoth(t, func(t *testing.T, s *story, w hoursWords) {
		s.places(w.long, "k1", "U002")
		s.places(w.longest, "k2", "U002")
		s.clockAt("18:00")
		s.answered(sampleAdmin, sampleCalls, w.rollLong, "#k1")
		s.rests()
		mine := s.gets("U002", "#k1", w.ask)
		s.presses("U002", mine, s.button(mine, "hours_confirm"))
		s.rests()
		s.shows(mine, w.waitsSecond)
		asked := s.gets("U004", "#k1", w.second)
		s.presses("U004", asked, "hours_approve")
		s.rests()
		s.gets("U002", w.toldYes, "#k1", w.decidedYes)
		s.shows(mine, w.counted)
		s.passes(26 * time.Hour)
		s.rests()
		s.answered(sampleAdmin, sampleCalls, w.rollLongest, "#k2")
		s.rests()
		mine = s.gets("U002", "#k2", w.ask)
		s.presses("U002", mine, s.button(mine, "hours_confirm"))
		s.rests()
		asked = s.gets("U004", "#k2", w.overTwelve)
		s.presses("U004", asked, "hours_refuse")
		s.rests()
		s.gets("U002", w.toldYes, "#k2", w.refused)
		s.shows(asked, w.refused)
		s.writes("U002", w.mine, w.year, w.refused)
	})
}
