package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// Stories of a Slack that says no, says nothing, or says it too late.

// hurry moves the bot's machine time on, so that pauses after faults end.
func (s *story) hurry(d time.Duration) { s.skew.Add(int64(d)) }

// hurries lets machine time run fast until cond holds. It stays slow enough for
// a claim of a minute to last for what it was made for.
func (s *story) hurries(what string, cond func() bool) {
	s.t.Helper()
	s.until(what, func() bool {
		s.hurry(200 * time.Millisecond)
		return cond()
	})
}

// toldAll says whether all have a direct message with the words.
func (s *story) toldAll(words string, users ...string) bool {
	for _, user := range users {
		if !strings.Contains(texts(s.posts(s.DM(user))), words) {
			return false
		}
	}
	return true
}

// Slack says 429 to everything there is, one after the other, in the middle of
// twenty sign-ups. Everybody is told once and the card is right.
func TestAStormOf429(t *testing.T) {
	t.Parallel()
	s := tell(t, withPeople(fifty))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
	card := s.sees(sampleCalls, "装沙袋", "0/20")
	for _, method := range []string{"chat.postMessage", "chat.update", "conversations.open", "reactions.add", "users.info", "conversations.members", "views.publish"} {
		s.RateLimit(method, "", time.Second, 3)
	}
	s.RateLimit("chat.postMessage", s.DM("U900"), 2*time.Second, 2)
	for i := range 20 {
		s.As(fmt.Sprintf("U9%02d", i)).SayIn(sampleCalls, card.TS, "报名")
	}
	for i := range 20 {
		s.gets(fmt.Sprintf("U9%02d", i), "已报名")
	}
	s.hurries("the last card", func() bool { return strings.Contains(texts(s.posts(sampleCalls)), "20/20") })
	s.sees(sampleCalls, "20/20", "已招满")
	for i := range 20 {
		user := fmt.Sprintf("U9%02d", i)
		if n := len(s.posts(s.DM(user))); n != 1 {
			t.Errorf("%s has %d messages:\n%s", user, n, texts(s.posts(s.DM(user))))
		}
	}
	if n := len(s.posts(sampleCalls)); n != 1 {
		t.Errorf("%d cards", n)
	}
}

// One channel that must keep still holds up nobody else.
func TestOneChannelKeepsStillTheOthersGoOn(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
	card := s.sees(sampleCalls, "装沙袋", "0/20")
	s.RateLimit("chat.postMessage", s.DM("U006"), time.Hour, 1)
	s.As("U006").SayIn(sampleCalls, card.TS, "报名")
	s.waits("the refusal", func() bool {
		for _, c := range s.Calls("chat.postMessage") {
			if c.Error == "ratelimited" {
				return true
			}
		}
		return false
	})
	for _, user := range []string{"U010", "U011", "U012"} {
		s.As(user).SayIn(sampleCalls, card.TS, "报名")
		s.gets(user, "已报名")
	}
	s.sees(sampleCalls, "4/20")
	if n := len(s.posts(s.DM("U006"))); n != 0 {
		t.Error("the channel that was to keep still for an hour was written to")
	}
	s.hurry(time.Hour + time.Minute)
	s.gets("U006", "已报名")
}

// Slack is away for a quarter of an hour of the bot's time while people wait to
// be told. Whatever was due is said when it is back, once.
func TestSlackIsAwayForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
	card := s.sees(sampleCalls, "装沙袋", "0/20")
	s.says(sampleAdmin, sampleLobby, "remind me to bring the keys, today 10:30")
	users := []string{"U006", "U010", "U011", "U012"}
	s.settles()
	before := len(s.Calls(""))
	s.FailNext("", "503", 1_000_000) // it takes in what people do and refuses everything we say
	for _, user := range users {
		s.As(user).SayIn(sampleCalls, card.TS, "报名")
	}
	s.passes(time.Hour) // a reminder falls due meanwhile
	until := s.skew.Load() + int64(15*time.Minute)
	s.hurries("a quarter of an hour", func() bool {
		s.hurry(time.Second)
		return s.skew.Load() > until
	})
	s.Recover()
	s.hurries("everybody is told", func() bool { return s.toldAll("已报名", users...) })
	s.hurries("the reminder and the card", func() bool {
		return s.toldAll("bring the keys", sampleAdmin) && strings.Contains(texts(s.posts(sampleCalls)), "4/20")
	})
	if tried := len(s.Calls("")) - before; tried < 20 {
		t.Errorf("only %d tries: the story did not hurt", tried)
	}
	for _, user := range append(users, sampleAdmin) {
		if twice := copies(s.posts(s.DM(user))); twice != "" {
			t.Errorf("%s was told twice: %s", user, twice)
		}
	}
	if strings.Contains(s.logs.String(), "a message will not be sent") {
		t.Error("something was given up")
	}
}

// Slack does what it is asked and the answer is lost, for each method in turn.
func TestLostAnswersDoubleNothing(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"chat.postMessage", "chat.update", "conversations.open", "reactions.add", "users.info", "response_url"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := tell(t)
			s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
			card := s.sees(sampleCalls, "装沙袋", "0/20")
			s.settles()
			s.LoseAnswers(method, 2)
			ts := s.As("U006").SayIn(sampleCalls, card.TS, "报名")
			s.presses("U010", card, "call_join")
			s.hurries("what was lost is looked into", func() bool {
				idle, err := s.app.svc.Idle(t.Context())
				return err == nil && idle && s.toldAll("已报名", "U006", "U010") && strings.Contains(texts(s.posts(sampleCalls)), "2/20")
			})
			s.gets("U006", "已报名")
			s.gets("U010", "已报名")
			s.sees(sampleCalls, "2/20")
			m, _ := s.Message(sampleCalls, ts)
			if n := len(m.Reactions["white_check_mark"]); n != 1 {
				t.Errorf("the reply is marked %d times", n)
			}
			for _, channel := range []string{s.DM("U006"), s.DM("U010"), sampleCalls} {
				if n := len(s.posts(channel)); n != 1 {
					t.Errorf("%d messages in %s:\n%s", n, channel, texts(s.posts(channel)))
				}
			}
		})
	}
}

// The form that was opened without Slack's saying so is offered again by a
// button; an answer whose address is out of order comes another way.
func TestFormsAndAnswersFindAnotherWay(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.LoseAnswers("views.open", 1)
	out := s.says(sampleAdmin, sampleCalls, "招募")
	if out.Response == nil || len(out.Response.Buttons()) == 0 {
		t.Fatalf("no button to open the form again: %+v", out)
	}
	s.presses(sampleAdmin, *out.Response, out.Response.Buttons()[0].ActionID)
	if len(s.As(sampleAdmin).Views()) == 0 {
		t.Error("the button opens no form")
	}

	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
	card := s.sees(sampleCalls, "装沙袋", "0/20")
	for _, fault := range []struct {
		code  string
		times int
	}{{"500", 3}, {"404", 1}} {
		user := map[string]string{"500": "U006", "404": "U010"}[fault.code]
		s.FailNext("response_url", fault.code, fault.times)
		s.presses(user, card, "call_details")
		s.whispers(user, sampleCalls, "装沙袋")
	}
}

// A press on what stands on screen since before the message was edited, on a
// message that is gone, and with values of somebody's own making.
func TestForgedPressesChangeNothing(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
	card := s.sees(sampleCalls, "装沙袋", "0/20")
	s.settles()
	values := []string{"", "0", "-1", "999999", "1e9", "1;DROP TABLE calls", "９", strings.Repeat("9", 1999), "1:2:3", "<!channel>", "\x00"}
	actions := []string{"call_join", "call_leave", "call_close", "call_cancel", "call_edit", "call_confirm", "call_reopen", "offer_accept",
		"offer_decline", "study_attend", "study_checkin", "study_done", "study_snooze", "study_makeup", "study_excuse", "summary_post", "undo",
		"ask_yes", "nobody_knows", "call_join:x:y:z", "greet_window:99"}
	for _, action := range actions {
		for _, value := range values[:len(values)-len(values)*boolInt(racing)/2] {
			if out := s.As("U006").PressValue(card, action, value); !out.Acked {
				t.Errorf("%s with %.20q was not acknowledged: %s", action, value, out.Refused)
			}
		}
	}
	s.settles()
	s.sees(sampleCalls, "装沙袋", "0/20")
	if n := len(s.posts(sampleCalls)); n != 1 {
		t.Errorf("%d messages in the channel", n)
	}
	for _, line := range strings.Split(s.logs.String(), "\n") {
		if strings.Contains(line, "level=ERROR") {
			t.Errorf("a forged value is a fault of ours: %.300s", line)
		}
	}
	for _, m := range s.As("U006").Ephemerals(sampleCalls) {
		if strings.Contains(m.AllText(), "编号") {
			t.Errorf("%s", m.AllText())
		}
	}
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// The card is deleted, the channel archived, the bot thrown out: nothing closes,
// and the organizer is told.
func TestThePlaceOfACardIsGone(t *testing.T) {
	t.Parallel()
	for words, gone := range map[string]func(s *story, card sandbox.Message){
		"被删了": func(s *story, card sandbox.Message) {
			owner := sampleUser(samplePeople()[0], "zh")
			owner.Admin = true
			s.UpdateUser(owner)
			s.As(sampleAdmin).Delete(card.Channel, card.TS)
		},
		"归档了": func(s *story, card sandbox.Message) { s.Archive(card.Channel) },
		"我不在": func(s *story, card sandbox.Message) {
			s.As(sampleAdmin).Kick(card.Channel, s.BotUserID())
		},
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			s := tell(t)
			s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 20")
			card := s.sees(sampleCalls, "装沙袋", "0/20")
			s.presses("U006", card, "call_join")
			s.gets("U006", "已报名")
			s.sees(sampleCalls, "1/20")
			s.settles()
			gone(s, card)
			if out := s.says(sampleAdmin, s.DM(sampleAdmin), "call k1 edit where: 西堤"); out.Response == nil {
				t.Fatal("no answer to the edit")
			}
			s.gets(sampleAdmin, words)
			out := s.says("U010", s.DM("U010"), "calls")
			if out.Response == nil || !strings.Contains(out.Response.AllText(), "装沙袋") {
				t.Errorf("the call is not open any more: %+v", out.Response)
			}
		})
	}
}
