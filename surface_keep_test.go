package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// withStrangers adds a guest, who has never spoken to the bot, and a private
// channel that the bot is not in.
func withStrangers(w *sandbox.World) {
	w.AddUser(sandbox.User{ID: "UGUEST", Name: "gus", RealName: "Gus Guest", Guest: true})
	w.As("UGUEST").Join(sampleCalls)
	w.AddChannel(sandbox.Channel{ID: "CSECRET", Name: "secret", Private: true, Members: []string{sampleAdmin, "U006"}})
}

// "Slack guests read cards, they do not sign up", however they try, and from
// the very first press.
func TestGuestsReadAndDoNotSignUp(t *testing.T) {
	t.Parallel()
	for lang, word := range map[string]string{"zh": "访客", "en": "Guests"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, withPeople(func(w *sandbox.World) {
				withStrangers(w)
				if lang == "en" {
					w.UpdateUser(sandbox.User{ID: "UGUEST", Name: "gus", RealName: "Gus Guest", Guest: true, Locale: "en-GB"})
				}
			}), speaking(lang))
			s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 6")
			card := s.sees(sampleCalls, "0/6")
			s.presses("UGUEST", card, "call_join")
			s.whispers("UGUEST", sampleCalls, word, "<@U001>")
			s.presses("UGUEST", card, "call_details")
			s.whispers("UGUEST", sampleCalls, "Sandbags", "0/6")
			s.As("UGUEST").React(card.Channel, card.TS, "hand")
			s.As("UGUEST").SayIn(card.Channel, card.TS, "+1")
			s.waits("three refusals", func() bool {
				n := 0
				for _, m := range s.As("UGUEST").Ephemerals(sampleCalls) {
					if strings.Contains(m.AllText(), word) {
						n++
					}
				}
				return n == 3
			})
			s.replies("U006", card, "+1", "white_check_mark")
			s.sees(sampleCalls, "1/6")
		})
	}
}

// The first answer to somebody the bot has never seen is in their language.
func TestTheFirstAnswerIsInTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := tell(t, withPeople(func(w *sandbox.World) {
		w.AddUser(sandbox.User{ID: "UNEW", Name: "new", RealName: "Nia New", Locale: "en-GB"})
		w.As("UNEW").Join(sampleCalls)
	}))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 6")
	card := s.sees(sampleCalls, "0/6")
	s.presses("UNEW", card, "call_join")
	s.whispers("UNEW", sampleCalls, "You're signed up")
	s.gets("UNEW", "You're signed up")
}

// "private: shown only to those confirmed, removed again on withdrawal. In a
// public mention it is refused."
func TestPrivateDetailsAreForThoseConfirmed(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ call, seen string }{
		"zh": {"招募 义诊 | 时间: 周六 9:00-11:00 | 需要: 医生 1 | 仅确认者可见: 门禁 4321", "频道里的人已经看到"},
		"en": {"call Clinic | when: Sat 9:00-11:00 | need: doctor 1 | private: 门禁 4321", "has already seen"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.As(sampleAdmin).Say(sampleLobby, "<@"+s.BotUserID()+"> "+w.call)
			s.whispers(sampleAdmin, sampleLobby, w.seen)
			s.says(sampleAdmin, sampleCalls, w.call)
			card := s.sees(sampleCalls, "0/1")
			s.presses("U006", card, "call_join")
			mine := s.gets("U006", "门禁 4321")
			s.presses("U010", card, "call_join")
			s.gets("U010", "#k1")
			s.says("U010", sampleLobby, "call k1")
			s.presses("U006", mine, "call_leave")
			s.gets("U010", "门禁 4321") // it is theirs now
			s.waits("the details to be gone", func() bool {
				return !strings.Contains(texts(s.posts(s.DM("U006"))), "4321")
			})
			for _, channel := range []string{sampleCalls, sampleLobby} {
				if strings.Contains(texts(s.posts(channel)), "4321") {
					t.Errorf("%s reads the private details", channel)
				}
			}
			for _, user := range []string{"U010", "U011"} {
				if strings.Contains(texts(s.As(user).Ephemerals(sampleLobby)), "4321") {
					t.Errorf("%s was told before being confirmed", user)
				}
			}
		})
	}
}

// "Forged or foreign button values change nothing and say so."
func TestForgedButtonsChangeNothing(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 1")
	card := s.sees(sampleCalls, "0/1")
	s.presses("U006", card, "call_join")
	s.sees(sampleCalls, "1/1")
	forger := s.As("U010")
	said := 0
	for _, press := range [][2]string{
		{"call_join", "999"}, {"call_join", "abc"}, {"call_join", "-1"}, {"call_join", "1 OR 1=1"}, {"call_join:lifter", "9223372036854775808"},
		{"call_leave", "1"}, {"call_confirm", "1"}, {"offer_accept", "1"}, {"offer_decline", "1"}, {"undo", "signup:1"}, {"undo", "call:1"}, {"undo", "cancel:1"}, {"undo", "nonsense"},
		{"call_close", "1"}, {"call_cancel", "1"}, {"call_edit", "1"}, {"call_reopen", "1"}, {"call_details", "77"}, {"answer_take", "1"}, {"skill_yes", "1"},
		{"call_choose", "999:3"}, {"draft_urgent", "1"}, {"card_again", "1"}, {"call_checkin", "1"}, {"safe_ok", "1"}, {"reply_to", "77:1:+1"},
	} {
		forger.PressValue(card, press[0], press[1])
		said++
		s.waits("an answer to "+press[0]+" "+press[1], func() bool { return len(forger.Ephemerals(sampleCalls)) == said })
	}
	s.settles()
	s.sees(sampleCalls, "1/1", "_full_")
	if all := s.posts(s.DM("U010")); len(all) > 0 {
		t.Errorf("a forger has a place:\n%s", texts(all))
	}
}

// "A private channel gets one line with /invite @muster and the draft is kept
// behind a button"; a public one is joined.
func TestAChannelTheBotIsNotIn(t *testing.T) {
	t.Parallel()
	s := tell(t, withPeople(func(w *sandbox.World) {
		withStrangers(w)
		w.AddChannel(sandbox.Channel{ID: "COPEN", Name: "open", Members: []string{sampleAdmin, "U006"}})
	}), speaking("en"))
	s.says(sampleAdmin, "COPEN", "call Sandbags | when: Sat 8:00-12:00 | need: lifter 1")
	s.sees("COPEN", "Sandbags")
	asked := s.answered(sampleAdmin, "CSECRET", "call Quiet help | when: Sat 18:00-20:00 | need: 2", "/invite @muster", "<#CSECRET>")
	s.presses(sampleAdmin, asked, "draft_send") // not yet invited: asked again, nothing lost
	first, _ := asked.Button("draft_send")
	s.waits("the question once more", func() bool {
		all := s.As(sampleAdmin).Ephemerals("CSECRET")
		asked = all[len(all)-1]
		b, ok := asked.Button("draft_send")
		return ok && b.Value != first.Value
	})
	s.As(sampleAdmin).Invite("CSECRET", s.BotUserID())
	s.presses(sampleAdmin, asked, "draft_send")
	s.sees("CSECRET", "Quiet help", "0/2")
	// What is called for in private is nobody else's to read.
	s.answered("U006", sampleLobby, "calls", "#k1", "#k2")
	if all := s.says("U010", sampleLobby, "calls").Response.AllText(); strings.Contains(all, "Quiet help") {
		t.Errorf("somebody outside reads of it: %s", all)
	}
	s.answered("U010", sampleLobby, "call k2", "k2", "/muster calls")
}

// "If a card is deleted, a channel archived or the bot removed, nothing closes:
// the organizer is told and offered a new place."
func TestALostCardGetsANewPlace(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ deleted, archived, out, moved []string }{
		"zh": {[]string{"被删了", "没有关闭"}, []string{"归档"}, []string{"/invite @muster"}, []string{"现在在 <#C003>"}},
		"en": {[]string{"was deleted", "goes on"}, []string{"archived"}, []string{"/invite @muster"}, []string{"is in <#C003> now"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			boss := sampleUser(samplePeople()[0], lang)
			boss.Admin = true
			s.UpdateUser(boss)
			s.says(sampleAdmin, "C001", "call Sandbags | when: Sat 8:00-12:00 | need: lifter 2")
			s.says(sampleAdmin, "C002", "call Clinic | when: Sun 8:00-12:00 | need: guide 2")
			s.says(sampleAdmin, "C010", "call Drive | when: Sun 18:00-20:00 | need: driver 2")
			card := s.sees("C001", "0/2")
			s.sees("C002", "0/2")
			s.sees("C010", "0/2")
			s.presses("U006", card, "call_join")
			s.sees("C001", "1/2")
			s.As(sampleAdmin).Delete("C001", card.TS)
			lost := s.gets(sampleAdmin, append(w.deleted, "Sandbags")...)
			s.As(sampleAdmin).Select(lost, "card_place", "C003")
			again := s.sees("C003", "Sandbags", "1/2")
			s.gets(sampleAdmin, w.moved...)
			s.replies("U010", again, "+1", "white_check_mark")
			s.sees("C003", "2/2")
			s.Archive("C002")
			s.gets(sampleAdmin, append(w.archived, "Clinic")...)
			s.As("U006").Kick("C010", s.BotUserID())
			s.gets(sampleAdmin, append(w.out, "Drive")...)
		})
	}
}

// Giving up can be undone from the message that reports it, and a place given
// back is mine again if still free; reminders are as announced; the person has
// one message about a call, edited through its life, until a reminder sounds.
func TestOneMessageThroughItsLife(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 社区爱心义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城社区服务中心 | 需要: 引导员 4 | 携带: 工牌、口罩")
	card := s.sees(sampleCalls, "请带：工牌、口罩")
	s.presses("U006", card, "call_join")
	mine := s.gets("U006", "已报名：社区爱心义诊 · 引导员（#k1）", "周六 11月28日 9:00–11:30，绿城社区服务中心。请带：工牌、口罩。", "会在周五 9:00 和周六 8:00 提醒你。")
	s.presses("U006", mine, "call_leave")
	gone := s.gets("U006", "已退出", "谢谢告诉我们")
	s.presses("U006", gone, "undo")
	s.gets("U006", "已报名：社区爱心义诊")
	if n := len(s.posts(s.DM("U006"))); n != 1 {
		t.Errorf("%d messages, want one", n)
	}
	s.passes(3*24*time.Hour + 23*time.Hour + time.Minute) // Fri 9:01
	reminder := s.gets("U006", "提醒：社区爱心义诊", "会在周六 8:00 提醒你")
	s.presses("U006", reminder, "call_confirm")
	s.gets("U006", "你确认会来")
	s.passes(23 * time.Hour)
	s.gets("U006", "提醒：社区爱心义诊", "我会来")
	s.gets("U006", "最新情况在后面那条消息里")
}
