package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// mentions writes @muster … in a thread and waits for the private answer.
func (s *story) mentions(user string, card sandbox.Message, text string, words ...string) sandbox.Message {
	s.t.Helper()
	s.As(user).SayIn(card.Channel, card.TS, "<@"+s.BotUserID()+"> "+text)
	return s.whispers(user, card.Channel, words...)
}

// "A mention in a thread: in a call's thread no id is needed."
func TestInACallsThreadNoNumberIsNeeded(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call                                             string
		close, reopen, edit, cancel, reason, show        string
		closed, reopened, edited, asks, cancelled, shown []string
		noRight, keeps                                   string
	}{
		"zh": {"招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 装卸 6",
			"截止", "招募 重开", "修改 地点: 3号门", "取消", "取消 降雨", "招募",
			[]string{"#k1 已截止报名"}, []string{"#k1 重新开放"}, []string{"#k1 改好了", "3号门"}, []string{"这会通知 1 人", "原因"}, []string{"#k1 已取消：降雨", "1 人"}, []string{"装沙袋", "3号门", "1/6"},
			"只有组织者", "还是保留"},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifter 6",
			"close", "call reopen", "edit where: Gate 3", "cancel", "cancel rain", "call",
			[]string{"#k1 is closed"}, []string{"#k1 takes sign-ups again"}, []string{"#k1 changed", "Gate 3"}, []string{"This notifies 1 person", "say why"}, []string{"#k1 is cancelled: rain", "1 person"}, []string{"Sandbags", "Gate 3", "1/6"},
			"Only organizers", "or keep it"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, w.call)
			card := s.sees(sampleCalls, "0/6")
			s.mentions("U006", card, "+1", w.shown[0]) // a reply as well
			s.mentions("U010", card, w.close, w.noRight, "<@U001>")
			s.mentions(sampleAdmin, card, w.close, w.closed...)
			s.mentions(sampleAdmin, card, w.reopen, w.reopened...)
			s.mentions(sampleAdmin, card, w.edit, w.edited...)
			s.mentions(sampleAdmin, card, w.show, w.shown...)
			asks := s.mentions(sampleAdmin, card, w.cancel, w.asks...)
			if _, ok := asks.Button("call_cancel"); !ok {
				t.Errorf("no button to cancel: %v", asks.Buttons())
			}
			s.mentions("U006", card, w.cancel, w.keeps) // their own place: give it up or keep it?
			s.mentions(sampleAdmin, card, w.reason, w.cancelled...)
			s.gets("U006", "#k1")
			s.sees(sampleCalls, "1/6")
		})
	}
}

// A word for a call outside of its thread asks which call is meant; a number
// and a word nobody knows is quoted with a right example.
func TestWordsThatCannotBeUnderstood(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ call, which, sub, time, need, verb, gone []string }{
		"zh": {[]string{"招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 6"}, []string{"截止", "“截止”", "招募 k12 截止"}, []string{"招募 k1 发芽", "“发芽”", "招募 k1 截止"},
			[]string{"招募 义诊 | 时间: 明天 25:00 | 需要: 2", "25:00", "明天 8:00-12:00"}, []string{"招募 义诊 | 时间: 周六 9:00-10:00 | 需要: 很多", "“很多”", "需要"},
			[]string{"啊哈", "啊哈", "帮助"}, []string{"招募 k77", "k77", "招募列表"}},
		"en": {[]string{"call Sandbags | when: Sat 8:00-12:00 | need: lifter 6"}, []string{"close", "“close”", "call k12 close"}, []string{"call k1 frobnicate", "“frobnicate”", "call k1 close"},
			[]string{"call Clinic | when: tomorrow 25:00 | need: 2", "25:00", "tomorrow 8:00-12:00"}, []string{"call Clinic | when: Sat 9:00-10:00 | need: lots", "“lots”", "need: "},
			[]string{"wobble", "wobble", "help"}, []string{"call k77", "k77", "/muster calls"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, w.call[0])
			s.sees(sampleCalls, "0/6")
			for _, bad := range [][]string{w.which, w.sub, w.time, w.need, w.verb, w.gone} {
				s.answered(sampleAdmin, sampleLobby, bad[0], bad[1:]...)
			}
			s.settles()
			if n := len(s.posts(sampleLobby)); n > 0 {
				t.Errorf("%d posts by words that could not be understood", n)
			}
		})
	}
}

// The same words do the same by slash command, by mention and by direct
// message; what a person may not do says who may, by name.
func TestThreeWaysOneGrammar(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 6")
	s.sees(sampleCalls, "0/6")
	for _, said := range []struct{ text, want string }{
		{"招募列表", "#k1"}, {"calls", "#k1"}, {"call k1", "装沙袋"}, {"K1", "装沙袋"}, {"招募 k1 截止", "只有组织者可以"}, {"帮助", "/muster 招募列表"},
		{"上报 路灯坏了", "还没有做好"},
	} {
		s.answered("U006", sampleLobby, said.text, said.want)
		s.writes("U006", said.text, said.want)
		s.As("U006").Say(sampleSummaries, "<@"+s.BotUserID()+"> "+said.text)
		s.whispers("U006", sampleSummaries, said.want)
	}
	s.sees(sampleCalls, "招募中")
	if n := len(s.posts(sampleSummaries)); n > 0 {
		t.Errorf("mentions were answered in the open: %s", texts(s.posts(sampleSummaries)))
	}
}

// "A relief call under 3 h ahead, or given in quiet hours, is asked about: as
// urgent, or wait."
func TestAReliefCallAtNightIsAskedAbout(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 11, 23, 21, 2, 0, 0, time.UTC) // 5:02 on the 24th in Shanghai
	for lang, w := range map[string]struct {
		call, urgentCall, wait, urgent string
		asks                           []string
	}{
		"zh": {"招募 装沙袋 | 类型: 应急 | 时间: 周三 8:00-12:00 | 需要: 装卸 6", "招募 堵管涌 | 类型: 抢险 | 时间: 周三 8:00-12:00 | 需要: 装卸 6", "#k1", "紧急",
			[]string{"现在是 5:02，免打扰时段", "7:00", "按紧急发出", "等到 7:00"}},
		"en": {"call Sandbags | kind: relief | when: Wed 8:00-12:00 | need: lifter 6", "call Leak | kind: relief | when: Wed 8:00-12:00 | need: lifter 6", "#k1", "URGENT",
			[]string{"It's 5:02, quiet hours", "7:00", "Send as urgent", "Wait until 7:00"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang), startingAt(night))
			asked := s.answered(sampleAdmin, sampleCalls, w.call, w.asks...)
			s.presses(sampleAdmin, asked, "draft_wait")
			s.whispers(sampleAdmin, sampleCalls, w.wait, "7:00")
			s.settles()
			if n := len(s.posts(sampleCalls)); n > 0 {
				t.Fatalf("%d cards before seven", n)
			}
			asked = s.answered(sampleAdmin, sampleSummaries, w.urgentCall, w.asks...)
			s.presses(sampleAdmin, asked, "draft_urgent")
			s.sees(sampleSummaries, w.urgent, "#k2")
			s.passes(2 * time.Hour)
			s.sees(sampleCalls, "#k1", "0/6")
		})
	}
}

// "Typed between 0:00 and 5:00, tomorrow is asked back (this morning, or the
// day after?)."
func TestTomorrowInTheSmallHoursIsAskedBack(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"), startingAt(time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC))) // 2:30 on Tuesday the 24th
	asked := s.answered(sampleAdmin, sampleLobby, "招募 不发的 | 时间: 明天 9:00-11:00 | 需要: 医生 2", "明天")
	s.presses(sampleAdmin, asked, "draft_drop")
	s.whispers(sampleAdmin, sampleLobby, "没有发出")
	asked = s.answered(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 明天 9:00-11:00 | 需要: 医生 2", "明天", "11月24日", "11月25日")
	s.presses(sampleAdmin, asked, "draft_today")
	s.sees(sampleCalls, "义诊", "周二 11月24日 9:00–11:00")
	s.writes(sampleAdmin, "招募 夜诊 | 时间: 明天 19:00-21:00 | 需要: 医生 2 | 范围: <#C002>", "11月24日", "11月25日")
	s.presses(sampleAdmin, s.gets(sampleAdmin, "哪一天"), "draft_next")
	s.sees(sampleSummaries, "夜诊", "周三 11月25日 19:00–21:00")
}

// A mention that is told as message and as app_mention acts once, and so does
// one delivered again.
func TestAMentionActsOnce(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.DeliverTwice(true)
	s.As(sampleAdmin).Say(sampleCalls, "<@"+s.BotUserID()+"> call Sandbags | when: Sat 8:00-12:00 | need: lifter 6")
	card := s.sees(sampleCalls, "#k1")
	s.Redeliver(4)
	s.As("U006").SayIn(card.Channel, card.TS, "<@"+s.BotUserID()+"> +2")
	s.sees(sampleCalls, "2/6")
	s.Redeliver(4)
	s.DeliverTwice(false)
	s.replies("U010", card, "+1", "white_check_mark")
	s.sees(sampleCalls, "3/6")
	if n := len(s.posts(sampleCalls)); n != 1 {
		t.Errorf("%d cards of one mention", n)
	}
	if all := s.As("U006").Ephemerals(sampleCalls); len(all) != 1 {
		t.Errorf("one mention was answered %d times:\n%s", len(all), texts(all))
	}
}

// A slip of the pen in a mention is put right without a second call.
func TestAnEditedMentionIsNoNewOrder(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	ts := s.As(sampleAdmin).Say(sampleCalls, "<@"+s.BotUserID()+"> call Sandbgas | when: Sat 8:00-12:00 | need: lifter 6")
	s.sees(sampleCalls, "Sandbgas")
	s.As(sampleAdmin).Edit(sampleCalls, ts, "<@"+s.BotUserID()+"> call Sandbags | when: Sat 8:00-12:00 | need: lifter 6")
	s.answered(sampleAdmin, sampleLobby, "call k1 edit title: Sandbags", "Sandbags")
	s.sees(sampleCalls, "Sandbags")
	if all := s.posts(sampleCalls); len(all) != 1 || !strings.Contains(all[0].Text, "Sandbags") {
		t.Errorf("%s", texts(all))
	}
}
