package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/sandbox"
	"muster/services"
)

// questionsTo are the questions somebody has that wait for a first answer.
func (s *story) questionsTo(user string) []sandbox.Message {
	var out []sandbox.Message
	for _, m := range s.posts(s.DM(user)) {
		if _, waits := m.Button("ask_later"); waits {
			out = append(out, m)
		}
	}
	return out
}

// questioned are those who have a question that can be answered, sorted.
func (s *story) questioned(words ...string) []string {
	var out []string
	for _, p := range samplePeople() {
		for _, m := range s.posts(s.DM(p.ID)) {
			_, yes := m.Button("ask_yes")
			if yes && hasAll(m.AllText(), words) && !slices.Contains(out, p.ID) {
				out = append(out, p.ID)
			}
		}
	}
	return out
}

// lifters gives the skill to some, so that a call can ask just them.
func (s *story) lifters(users ...string) {
	s.t.Helper()
	for _, u := range users {
		s.knows(u, services.Profile{Skills: []string{"lifting"}})
	}
}

// "Waves, per role: order by required skill, area, free at that time, … each
// person sees why (from what they wrote in their profile; never their hours)."
func TestTheOrderOfAWave(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call, skill, area     string
		why                   [3]string
		everybody, ofChannel  string
		next, withoutQuestion string
	}{
		"zh": {"招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 城东 东堤 | 需要: 装卸 1 | 询问: 每 10 分钟 1 人", "装卸", "城东",
			[3]string{"你的资料里写了会装卸。", "你的资料里写了城东片区。", "你的资料里写了周六上午有空。"}, "依次问到那里的每个人", "<#C001>", "问下一批", "还差装卸 1 人"},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifting 1 | ask: 1 every 10m", "lifting", "East",
			[3]string{"your profile says lifting.", "your profile says East district.", "your profile says free Saturday mornings."}, "everyone there is asked in turn", "<#C001>", "next wave", "1 more needed: lifting"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			saturdays := []models.Window{{Days: []time.Weekday{time.Saturday}, Start: 7 * 60, End: 13 * 60}}
			sundays := []models.Window{{Days: []time.Weekday{time.Sunday}, Start: 7 * 60, End: 13 * 60}}
			s.knows("U011", services.Profile{Free: sundays, Skills: []string{w.skill}}) // the skill comes before everything
			s.knows("U017", services.Profile{Areas: []string{w.area}})
			s.knows("U010", services.Profile{Free: saturdays})
			s.says(sampleAdmin, sampleCalls, w.call)
			for i, user := range []string{"U011", "U017", "U010"} {
				m := s.gets(user, w.why[i], w.withoutQuestion, "#k1")
				if strings.Contains(m.AllText(), "小时") || strings.Contains(m.AllText(), "hours") {
					t.Errorf("hours are a reason: %s", m.AllText())
				}
				s.settles()
				if got := len(s.questioned("#k1")); got != i+1 {
					t.Errorf("%d were asked by then, want %d", got, i+1)
				}
				s.gets(sampleAdmin, w.next)
				s.passes(10 * time.Minute)
				s.settles()
			}
			for _, user := range s.questioned(w.everybody) {
				s.gets(user, w.ofChannel) // nothing of theirs fits: it says so
			}
			if got := len(s.questioned("#k1")); got != 4 {
				t.Errorf("%d were asked, want four", got)
			}
		})
	}
}

// "Never who declined, has an overlapping place, ended a shift under 8 h ago,
// opted out"; nor the organizer.
func TestWhoIsNeverAskedInAWave(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.knows("U011", services.Profile{OptOuts: []string{"call"}})
	s.says(sampleAdmin, sampleCalls, "call Errand | when: today 10:30-11:30 | need: 5")
	s.presses("U013", s.sees(sampleCalls, "#k1"), "call_join")
	s.says(sampleAdmin, sampleCalls, "call Clinic | when: Sat 11:00-13:00 | need: 5")
	s.presses("U006", s.sees(sampleCalls, "#k2"), "call_join")
	s.passes(3 * time.Hour) // 13:00
	s.settles()
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 2")
	card := s.sees(sampleCalls, "#k3")
	s.replies("U010", card, "can't make it", "wave")
	s.answered(sampleAdmin, sampleCalls, "call k3 ask 50", "lifter")
	s.settles()
	asked := s.questioned("#k3")
	if len(asked) < 20 {
		t.Fatalf("only %d were asked", len(asked))
	}
	for user, why := range map[string]string{sampleAdmin: "called it", "U006": "is elsewhere", "U010": "declined", "U011": "opted out", "U013": "ended a shift 90 minutes ago"} {
		if slices.Contains(asked, user) {
			t.Errorf("%s was asked, who %s", user, why)
		}
	}
}

// "When filled, what is not sent is not sent, every open question is closed in
// place"; "late yeses to a filled call wait in line too (standby)".
func TestFilledInTheMiddleOfAWave(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ call, ask, enough, standby string }{
		"zh": {"招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 1 | 技能: lifting", "call k1 ask 3", "人手已经够了，谢谢你。", "人手已经够了，谢谢你，请先不要出发。你是候补第 1 位"},
		"en": {"call Sandbags | when: Sat 8:00-12:00 | need: lifter 1 | skill: lifting", "call k1 ask 3", "We have enough people now, thank you.", "You're first on standby"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.lifters("U006", "U010", "U013", "U017")
			s.says(sampleAdmin, sampleCalls, w.call)
			card := s.sees(sampleCalls, "0/1")
			s.settles()
			s.RateLimit("chat.postMessage", s.DM("U006"), 40*time.Second, 1) // whoever comes first, Slack slows all posts down
			s.RateLimit("chat.postMessage", s.DM("U010"), 40*time.Second, 1)
			s.RateLimit("chat.postMessage", s.DM("U013"), 40*time.Second, 1)
			s.RateLimit("chat.postMessage", s.DM("U017"), 40*time.Second, 1)
			s.answered(sampleAdmin, sampleCalls, w.ask)
			s.presses("U020", card, "call_join")
			s.hurries("the place", func() bool { return hasAll(texts(s.posts(sampleCalls)), []string{"1/1"}) })
			s.Recover()
			s.hurry(time.Minute) // past what Slack asked to wait
			s.rests()
			if all := s.questioned(); len(all) > 0 {
				t.Fatalf("after the last place was taken, %v were asked", all)
			}

			// A place comes free: who was never asked can be asked after all.
			s.As("U020").SayIn(card.Channel, card.TS, "can't make it")
			s.sees(sampleCalls, "0/1")
			s.answered(sampleAdmin, sampleCalls, w.ask)
			s.rests()
			asked := s.questioned()
			if len(asked) != 3 {
				t.Fatalf("%v were asked, want three", asked)
			}
			yes, late := asked[0], asked[1]
			question := s.questionsTo(late)[0]
			s.presses(yes, s.questionsTo(yes)[0], "ask_yes")
			s.rests()
			for _, user := range asked[1:] {
				m := s.gets(user, w.enough)
				if len(m.Buttons()) > 0 {
					t.Errorf("a closed question has buttons: %+v", m.Buttons())
				}
				if n := len(s.about(user, "#k1")); n != 1 {
					t.Errorf("%s has %d messages: closed is in place", user, n)
				}
			}
			// Slack shows old buttons a while; and words always work.
			s.As(late).Press(question, "ask_yes")
			s.gets(late, w.standby)
			s.sees(sampleCalls, "1/1")
		})
	}
}

// "Who might act on old words (said yes late or on a condition …) gets a new
// message", whether they said it by the button or in words.
func TestWhoMightSetOutIsToldAnew(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.lifters("U006", "U010", "U013")
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 1 | skill: lifting | ask: 3 every 30m")
	s.presses("U006", s.gets("U006", "Why you"), "ask_later")
	s.whispers("U006", s.DM("U006"), "When could you be there")
	s.writes("U010", "yes after 9", "")
	s.gets(sampleAdmin, "yes after 9")
	was := map[string]int{"U006": len(s.posts(s.DM("U006"))), "U010": len(s.posts(s.DM("U010")))}
	s.presses("U013", s.gets("U013", "Why you"), "ask_yes")
	s.sees(sampleCalls, "1/1")
	s.settles()
	places := []string{}
	for user, n := range was {
		all := s.posts(s.DM(user))
		if len(all) != n+1 {
			t.Fatalf("%s got %d new messages, want one:\n%s", user, len(all)-n, texts(all))
		}
		m := all[n]
		if !hasAll(m.AllText(), []string{"We have enough people now, thank you. Please don't set out.", "on standby"}) {
			t.Error(m.AllText())
		}
		for _, place := range []string{"first", "second"} {
			if strings.Contains(m.AllText(), "You're "+place) {
				places = append(places, place)
			}
		}
		if open := s.questionsTo(user); len(open) > 0 {
			t.Errorf("%s still has an open question", user)
		}
	}
	slices.Sort(places)
	if diff := cmp.Diff([]string{"first", "second"}, places); diff != "" {
		t.Error(diff)
	}
}
