package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/config"
	"muster/sandbox"
)

// reachWords is one story about many people, in one language.
type reachWords struct {
	lang                                    string
	open, join, tell, said                  string
	ask, going, total, stopped, left, done  string
	cancel, notYet, cancelled, cancelledDM  string
	nightTell, nightSaid, nightAsk, waiting string
}

func reachStories() []reachWords {
	return []reachWords{
		{lang: "zh", open: "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 装卸 60, 司机 2", join: "装卸",
			tell: "招募 k1 通知 3 号门封了，走 5 号门", said: "3 号门封了，走 5 号门",
			ask: "将通知 55 人，10:00 起", going: "正在通知 55 人", total: "/55", stopped: "已停止", left: "人没有收到", done: "发完了，55 人收到",
			cancel: "招募 k1 取消 降雨", notYet: "#k1 还没有取消", cancelled: "已取消 #k1", cancelledDM: "降雨",
			nightTell: "招募 k1 通知 司机：请带手电", nightSaid: "请带手电", nightAsk: "其中 2 人在免打扰时段", waiting: "周二 11月24日 7:00 通知 2 人"},
		{lang: "en", open: "call Sandbags | when: Saturday 8:00-12:00 | where: East dike | need: lifter 60, driver 2", join: "lifter",
			tell: "call k1 tell Gate 3 is closed, use gate 5", said: "Gate 3 is closed, use gate 5",
			ask: "This notifies 55 people from 10:00", going: "Notifying 55 people", total: "of 55", stopped: "Stopped", left: "did not get it", done: "Done, 55 people got it",
			cancel: "call k1 cancel rain", notYet: "#k1 is not cancelled yet", cancelled: "#k1 is cancelled", cancelledDM: "rain",
			nightTell: "call k1 tell driver: please bring a lamp", nightSaid: "please bring a lamp", nightAsk: "2 are in quiet hours", waiting: "2 people will be notified Tue 24 Nov 7:00"},
	}
}

// stoppedAt is what the progress says once n have it and nothing is on its way.
func (w reachWords) stoppedAt(n int) string {
	if w.lang == "en" {
		return fmt.Sprintf("Stopped; %d people got it. %d people did not get it", n, 55-n)
	}
	return fmt.Sprintf("已停止，%d 人收到了。%d 人没有收到", n, 55-n)
}

// crowded begins a story in which n people of the crowd have a place.
func (w reachWords) crowded(t *testing.T, n int) (*story, []string) {
	t.Helper()
	s := tell(t, inLanguage(w.lang), withPeople(func(sb *sandbox.World) {
		for i := range n {
			user := fmt.Sprintf("U8%02d", i)
			sb.AddUser(sandbox.User{ID: user, Name: "crowd" + user, RealName: fmt.Sprintf("骑手%02d", i), TZ: "Asia/Shanghai", Locale: "en-US"})
			sb.As(user).Join(sampleCalls)
		}
		for _, p := range samplePeople() {
			u := sampleUser(p, w.lang)
			u.Locale = map[string]string{"zh": "zh-CN", "en": "en-GB"}[w.lang]
			sb.UpdateUser(u)
		}
	}), withSettings(func(c *config.Settings) { c.PostsPerMinute = 6000 }))
	s.says(sampleAdmin, sampleCalls, w.open)
	card := s.sees(sampleCalls, "#k1")
	var users []string
	for i := range n {
		user := fmt.Sprintf("U8%02d", i)
		s.presses(user, card, "call_join:"+w.join) // a reply would be marked, and marks are slow
		users = append(users, user)
	}
	for _, user := range users {
		s.gets(user, "#k1")
	}
	return s, users
}

// paced starts the bot anew under another pace.
func (s *story) paced(perMinute int) {
	s.t.Helper()
	s.halt()
	s.settings.PostsPerMinute = perMinute
	s.begin()
}

// have are those of users whose conversation holds words, and how often.
func (s *story) have(users []string, words string) (people, messages int) {
	for _, user := range users {
		n := 0
		for _, m := range s.posts(s.DM(user)) {
			if strings.Contains(m.AllText(), words) {
				n++
			}
		}
		if messages += n; n > 0 {
			people++
		}
	}
	return people, messages
}

// A message to fifty-five is asked about, stopped half way, and sent to the
// rest after all: everybody has it once.
func TestAMessageToManyIsAskedAboutStoppedAndFinished(t *testing.T) {
	t.Parallel()
	for _, w := range reachStories() {
		t.Run(w.lang, func(t *testing.T) {
			t.Parallel()
			s, users := w.crowded(t, 55)
			s.paced(120)
			asked := s.answered(sampleAdmin, sampleCalls, w.tell, w.ask, w.said)
			if n, _ := s.have(users, w.said); n != 0 {
				t.Errorf("%d have it before it was chosen", n)
			}
			s.presses(sampleAdmin, asked, "reach_send")
			s.whispers(sampleAdmin, sampleCalls, w.going)
			progress := s.gets(sampleAdmin, "#k1", w.total)
			s.waits("ten of them", func() bool { n, _ := s.have(users, w.said); return n >= 10 })
			s.presses(sampleAdmin, progress, "reach_stop:1")
			stopped := s.gets(sampleAdmin, w.stopped, w.left)
			s.waits("the last one on its way", func() bool {
				got, _ := s.have(users, w.said)
				return strings.Contains(texts(s.posts(s.DM(sampleAdmin))), w.stoppedAt(got))
			})
			if got, _ := s.have(users, w.said); got >= len(users) || got < 10 {
				t.Errorf("%d have it, although it was stopped half way", got)
			}
			s.paced(6000)
			s.presses(sampleAdmin, stopped, "reach_free:1")
			s.gets(sampleAdmin, w.done)
			if people, messages := s.have(users, w.said); people != len(users) || messages != len(users) {
				t.Errorf("%d people have %d messages", people, messages)
			}
		})
	}
}

// A call of many is cancelled only when somebody chose, and then everybody
// hears of it.
func TestCancellingACallOfManyIsAskedAbout(t *testing.T) {
	t.Parallel()
	for _, w := range reachStories() {
		t.Run(w.lang, func(t *testing.T) {
			t.Parallel()
			s, users := w.crowded(t, 52)
			asked := s.answered(sampleAdmin, sampleCalls, w.cancel, w.notYet)
			if card := s.sees(sampleCalls, "52/60"); strings.Contains(card.AllText(), w.cancelledDM) {
				t.Fatalf("the card is cancelled already: %s", card.AllText())
			}
			s.presses(sampleAdmin, asked, "reach_send")
			s.whispers(sampleAdmin, sampleCalls, w.cancelled)
			for _, user := range users {
				s.gets(user, w.cancelledDM)
			}
			s.sees(sampleCalls, w.cancelledDM)
		})
	}
}

// At night two drivers sleep. The organizer waits until quiet hours end, and
// they are told then, once, by name and call; an answer under it reaches the
// organizer.
func TestAMessageAtNightWaitsUntilQuietHoursEnd(t *testing.T) {
	t.Parallel()
	for _, w := range reachStories() {
		t.Run(w.lang, func(t *testing.T) {
			t.Parallel()
			s, _ := w.crowded(t, 0)
			card := s.sees(sampleCalls, "#k1")
			role := map[string]string{"zh": "+1 司机", "en": "+1 driver"}[w.lang]
			drivers := []string{"U006", "U010"}
			for _, user := range drivers {
				s.As(user).SayIn(sampleCalls, card.TS, role)
				s.gets(user, "#k1")
			}
			s.settles()
			s.passes(13*time.Hour + 30*time.Minute) // Mon 23:30
			s.settles()
			asked := s.answered(sampleAdmin, sampleCalls, w.nightTell, w.nightAsk)
			s.presses(sampleAdmin, asked, "reach_wait")
			s.gets(sampleAdmin, w.waiting)
			s.passes(7 * time.Hour) // 6:30
			s.settles()
			if n, _ := s.have(drivers, w.nightSaid); n != 0 {
				t.Errorf("%d were told at night", n)
			}
			s.passes(31 * time.Minute)
			for _, user := range drivers {
				m := s.gets(user, w.nightSaid, "#k1", "<@"+sampleAdmin+">")
				if user == "U006" {
					s.As(user).SayIn(s.DM(user), m.TS, "手电放在哪儿拿？")
					s.gets(sampleAdmin, "手电放在哪儿拿？")
				}
			}
			if _, messages := s.have(drivers, w.nightSaid); messages != 2 {
				t.Errorf("%d messages", messages)
			}
		})
	}
}

// By button: the panel's form asks whom and what. What is written calls nobody
// but those it goes to, and keeps its lines and its link.
func TestAMessageByButtonIsHarmless(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 2 | 演练: 是")
	card := s.sees(sampleCalls, "0/2")
	s.presses("U006", card, "call_join")
	s.gets("U006", "已报名")
	panel := s.gets(sampleAdmin, "#k1", "引导员")
	s.presses(sampleAdmin, panel, "call_tell")
	text := "<!channel> *集合*\n@here 走 <https://example.org/a_b|这边>"
	s.fills(sampleAdmin, "call_tell", map[string]any{"to": "coming", "text": text})
	m := s.gets("U006", "【演练】不用出发", "@\u200bchannel", "@\u200bhere", "https://example.org/a_b")
	if strings.Contains(m.AllText(), "<!") {
		t.Errorf("it says %s", m.AllText())
	}
	s.gets(sampleAdmin, "正在发给 1 人")
	s.gets(sampleAdmin, "消息：发完了，1 人收到")
	// Who may not is told who may.
	s.answered("U006", sampleCalls, "招募 k1 通知 大家好", "只有组织者")
	// And without words the form opens, or the command says how.
	s.As(sampleAdmin).DM("招募 k1 通知")
	s.gets(sampleAdmin, "通知 司机 请到 3 号门")
}
