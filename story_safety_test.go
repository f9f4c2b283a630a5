package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// A flood call of today, 12:00 to 13:00, with a safety question every half
// hour. U002 organizes and U001 is admin; two people are on the dike.
func (s *story) onTheDike(open string) (ann, bo string) {
	s.t.Helper()
	s.says(sampleAdmin, sampleLobby, "role <@U002> organizer")
	s.says("U002", sampleCalls, open)
	card := s.sees(sampleCalls, "#k1")
	ann, bo = "U006", "U010"
	for _, who := range []string{ann, bo} {
		s.presses(who, card, "call_join")
		s.gets(who, "#k1")
	}
	s.goes(120) // 12:00
	for _, who := range []string{ann, bo} {
		s.checksIn(who)
	}
	s.settles()
	return ann, bo
}

// checksIn presses the button that somebody's own message has from an hour
// before the shift.
func (s *story) checksIn(who string) {
	s.t.Helper()
	for _, m := range s.posts(s.DM(who)) {
		for _, b := range m.Buttons() {
			if strings.HasPrefix(b.ActionID, "call_checkin") {
				s.presses(who, m, b.ActionID)
				return
			}
		}
	}
	s.t.Fatalf("%s has no button to check in:\n%s", who, texts(s.posts(s.DM(who))))
}

// goes lets time pass, the machine's too, so that there are edits to be had
// again, and the bot do what is due.
func (s *story) goes(minutes int) {
	s.t.Helper()
	s.skew.Add(int64(time.Duration(minutes) * time.Minute))
	s.passes(time.Duration(minutes) * time.Minute)
	s.settles()
}

func (s *story) unseen(channel string, words ...string) bool {
	for _, m := range s.posts(channel) {
		if hasAll(m.AllText(), words) {
			return false
		}
	}
	return true
}

func TestAMissedSafetyTickUntilEverybodyIsHome(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		open, ask, again, missed, phone, told, closed, saidSafe, help, alarmHelp, dealt, over, home, homeReply, done string
		safeWord, helpWord, homeWord                                                                                 string
	}{
		"zh": {open: "招募 东堤装沙袋 | 时间：今天 12:00-13:00 | 地点：东堤 3 号门 | 需要：装卸 4 | 类型：应急 | 紧急：是 | 报平安：30分钟 | 结伴：是 | 询问：否",
			ask: "东堤装沙袋：现在平安吗？请在 12:40 前点一下。", again: "还没收到你的回答", missed: "12:30 未报平安，最近一次 12:00", phone: "可以联系",
			told: "已经告诉", closed: "报了平安", saidSafe: "记下了", help: "已经告诉", alarmHelp: "需要帮助（", dealt: "处理了", over: "结束了，到家了吗", home: "已到家", homeReply: "到家就好",
			done: "已结束", safeWord: "平安", helpWord: "help", homeWord: "我到家了"},
		"en": {open: "call East dike | when: today 12:00-13:00 | where: gate 3 | need: lifter 4 | kind: relief | urgent: yes | safety: 30m | buddy: yes | ask: no",
			ask: "East dike: are you safe? Please tap by 12:40.", again: "no answer from you yet", missed: "missed the 12:30 check; last seen 12:00", phone: "Whom to phone",
			told: "we told", closed: "said they are safe", saidSafe: "Got it", help: "We told", alarmHelp: "needs help (", dealt: "dealt with", over: "is over. Are you home", home: "home at", homeReply: "Good that you are home",
			done: "done", safeWord: "safe", helpWord: "help", homeWord: "I'm home"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, atAnyPace(), speaking(lang))
			ann, bo := s.onTheDike(w.open)
			s.gets(ann, "<@"+bo+">") // buddies see each other
			s.goes(30)
			s.gets(ann, w.ask)
			asked := s.gets(bo, w.ask)
			s.presses(bo, asked, "safe_ok")
			s.goes(5)
			s.gets(ann, w.again)
			s.halt() // what is due is not in the bot's head
			s.begin()
			if !s.unseen(s.DM("U002"), w.missed) {
				t.Error("the organizer was told before ten minutes had passed")
			}
			s.goes(5)
			alarm := s.gets("U002", w.missed)
			seen := s.gets(bo, "<@"+ann+">", "12:30")
			if !s.unseen(s.DM(sampleAdmin), w.missed) {
				t.Error("the admins were told before twenty minutes had passed")
			}
			s.presses(bo, seen, "safe_unseen")
			s.goes(10)
			s.gets(sampleAdmin, w.missed, w.phone)
			s.gets(ann, w.told)
			s.writes(ann, w.safeWord, w.saidSafe) // by a plain word
			s.settles()
			for who, m := range map[string]sandbox.Message{"U002": alarm, sampleAdmin: s.gets(sampleAdmin, w.closed), bo: seen} {
				now, _ := s.Message(m.Channel, m.TS)
				if !hasAll(now.AllText(), []string{w.closed}) || len(now.Buttons()) > 0 {
					t.Errorf("%s still sees %q", who, now.AllText())
				}
			}
			s.goes(10) // 13:00, the shift is over: everybody is asked whether they are home
			s.gets(bo, w.over)
			s.gets(ann, w.over)
			s.writes(ann, w.helpWord, w.help) // with a question open, help is a call for help
			s.settles()
			help := s.gets("U002", w.alarmHelp)
			s.gets(sampleAdmin, w.alarmHelp)
			s.gets(bo, w.alarmHelp, "<@"+ann+">")
			s.presses("U002", help, "safe_reached")
			s.gets("U002", w.dealt)
			s.writes(bo, w.homeWord, w.homeReply)
			s.settles()
			if !s.unseen(sampleCalls, w.done) {
				t.Error("the call is done with somebody out there")
			}
			s.goes(30)
			s.presses(ann, s.gets(ann, w.over), "safe_home")
			s.gets(ann, w.home)
			s.settles()
			s.sees(sampleCalls, "#k1", w.done)
		})
	}
}

// The organizer's whole job by buttons: one by the list, the rest together.
func TestTheOrganizerPutsEverybodyDownAsHome(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ open, panel, one, all, home, done string }{
		"zh": {"招募 东堤装沙袋 | 时间：今天 12:00-13:00 | 需要：装卸 4 | 类型：应急 | 紧急：是 | 询问：否", "到家 0/2，在外 2 人", "记下了：刘洋已到家", "1 人都已到家", "记你已到家", "已结束"},
		"en": {"call East dike | when: today 12:00-13:00 | need: lifter 4 | kind: relief | urgent: yes | ask: no", "0/2 home, 2 out there", "刘洋 is home", "1 person is home", "put you down as home", "done"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, atAnyPace(), speaking(lang))
			ann, bo := s.onTheDike(w.open)
			s.goes(60) // 13:00
			panel := s.gets("U002", w.panel)
			s.As("U002").Select(panel, "safe_mark", optionOf(t, panel, "safe_mark", 0))
			s.whispers("U002", s.DM("U002"), w.one)
			s.settles()
			s.gets(ann, w.home)
			s.presses("U002", panel, "safe_all_home")
			s.whispers("U002", s.DM("U002"), w.all)
			s.settles()
			s.gets(bo, w.home)
			s.sees(sampleCalls, "#k1", w.done)
		})
	}
}

// optionOf is the value of an option of a select in a message.
func optionOf(t testing.TB, m sandbox.Message, actionID string, n int) string {
	t.Helper()
	for _, b := range m.Blocks {
		elements, _ := b["elements"].([]any)
		for _, e := range elements {
			element, _ := e.(map[string]any)
			if element["action_id"] != actionID {
				continue
			}
			options, _ := element["options"].([]any)
			option, _ := options[n].(map[string]any)
			value, _ := option["value"].(string)
			return value
		}
	}
	t.Fatalf("no select %s in %s", actionID, m.AllText())
	return ""
}
