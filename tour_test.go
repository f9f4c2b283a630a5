package main

import (
	"testing"
	"time"

	"muster/sandbox"
)

// tourWords is what the tour's people write and read in one language.
type tourWords struct {
	organizer                       string // reads this language
	button, reaction, reply         string // three who sign up
	late                            string // comes when it is full
	call, study, summary            string
	card, one, full, filled         []string
	joinedDM, waitDM                []string
	replyText                       string
	reminder, done, preview, posted []string
	echo                            []string
}

var tours = map[string]tourWords{
	"zh": {
		organizer: "U001", button: "U002", reaction: "U006", reply: "U010", late: "U011",
		call: "招募 社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:30 | 地点: 绿城社区 | 需要: 引导员 3",
		echo: []string{"#k1", "周六 11月28日 9:00–11:30"},
		card: []string{"社区爱心义诊", "#k1", "关爱", "招募中", "周六 11月28日 9:00–11:30", "绿城社区", "0/3"},
		one:  []string{"1/3", "张伟", "还差 2 人"},
		full: []string{"3/3", "已招满"}, filled: []string{"3/3", "候补 1 人"},
		joinedDM: []string{"已报名", "社区爱心义诊", "引导员", "#k1"}, waitDM: []string{"候补第 1 位"},
		replyText: "算我一个",
		study:     "学习 读一读：驿站公约 | 时间: 明天 15:00 | 时长: 0m | 范围: <#C010> | 提前: 1h",
		reminder:  []string{"读一读：驿站公约"}, done: []string{"已完成"},
		summary: "汇总 week", preview: []string{"汇总 · 11月23日–29日", "发起 1 场，招满 1 场"}, posted: []string{"汇总 · 11月23日–29日", "招满 1 场"},
	},
	"en": {
		organizer: "U001", button: "U007", reaction: "U008", reply: "U009", late: "U040",
		call: "call Sandbags at the east dike | kind: relief | when: Sat 08:00-12:00 | where: East dike, gate 3 | need: lifter 3",
		echo: []string{"#k1", "Sat 28 Nov, 8:00–12:00"},
		card: []string{"Sandbags at the east dike", "#k1", "Relief", "open", "Sat 28 Nov, 8:00–12:00", "East dike, gate 3", "0/3"},
		one:  []string{"1/3", "Ann Miller", "2 more needed"},
		full: []string{"3/3", "filled"}, filled: []string{"3/3", "1 waiting"},
		joinedDM: []string{"signed up", "Sandbags at the east dike", "lifter", "#k1"}, waitDM: []string{"first on the waiting list"},
		replyText: "count me in",
		study:     "study Read: the station's rules | when: tomorrow 15:00 | length: 0m | for: <#C010> | remind: 1h",
		reminder:  []string{"Read: the station's rules"}, done: []string{"Done"},
		summary: "summary week", preview: []string{"Summary · 23–29 Nov", "1 opened, 1 filled"}, posted: []string{"Summary · 23–29 Nov", "1 filled"},
	},
}

// The tour is the first paragraph of the README, acted out: a call is posted,
// filled by button, reaction and reply, somebody waits; a reminder is done; the
// summary is posted.
func TestTour(t *testing.T) {
	t.Parallel()
	for lang, w := range tours {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, withPeople(func(world *sandbox.World) {
				if lang == "en" { // everybody uses Slack in English
					for _, p := range samplePeople() {
						world.UpdateUser(sampleUser(p, "en"))
					}
				}
			}), inLanguage(lang))
			tour(s, w)
		})
	}
}

func tour(s *story, w tourWords) {
	s.t.Helper()
	out := s.says(w.organizer, sampleCalls, w.call)
	if out.Response == nil || !hasAll(out.Response.AllText(), w.echo) {
		s.t.Fatalf("the answer does not echo what was understood (%q): %+v", w.echo, out.Response)
	}
	card := s.sees(sampleCalls, w.card...)

	s.presses(w.button, card, "call_join")
	s.gets(w.button, w.joinedDM...)
	s.sees(sampleCalls, w.one...)

	s.As(w.reaction).React(card.Channel, card.TS, "raised_hand")
	s.gets(w.reaction, w.joinedDM...)

	ts := s.As(w.reply).SayIn(card.Channel, card.TS, w.replyText)
	s.gets(w.reply, w.joinedDM...)
	s.sees(sampleCalls, w.full...)
	s.waits("the mark on the reply", func() bool {
		m, _ := s.Message(card.Channel, ts)
		return len(m.Reactions["white_check_mark"]) == 1
	})

	s.presses(w.late, card, "call_join")
	s.gets(w.late, w.waitDM...)
	s.sees(sampleCalls, w.filled...)
	if n := len(s.posts(sampleCalls)); n != 1 {
		s.t.Errorf("there are %d cards, want the one that lives", n)
	}

	s.says(w.organizer, sampleLobby, w.study)
	s.waits("who is in the channel", func() bool { return len(s.Calls("conversations.members")) > 0 })
	s.settles()
	s.passes(28*time.Hour + 31*time.Minute) // Tuesday 14:31, inside the couriers' window
	reminder := s.gets("U006", w.reminder...)
	s.presses("U006", reminder, "study_done")
	s.gets("U006", w.done...)

	s.says(w.organizer, sampleCalls, w.summary)
	preview := s.whispers(w.organizer, sampleCalls, w.preview...)
	s.presses(w.organizer, preview, "summary_post")
	s.sees(sampleCalls, w.posted...)
	s.allExpected(sampleCalls)
}
