package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// replies posts a reply under a card and waits until what the thread shows of
// it: the mark the bot put on it.
func (s *story) replies(user string, card sandbox.Message, text, mark string) string {
	s.t.Helper()
	ts := s.As(user).SayIn(card.Channel, card.TS, text)
	s.waits(mark+" on "+text, func() bool {
		m, _ := s.Message(card.Channel, ts)
		return len(m.Reactions[mark]) == 1
	})
	return ts
}

// leftAlone checks that a reply was neither marked nor answered. Somebody
// else's reply after it shows that it has been read.
func (s *story) leftAlone(user string, card sandbox.Message, ts string) {
	s.t.Helper()
	m, _ := s.Message(card.Channel, ts)
	if len(m.Reactions) > 0 {
		s.t.Errorf("%q was marked %v", m.Text, m.Reactions)
	}
	if all := s.As(user).Ephemerals(card.Channel); len(all) > 0 {
		s.t.Errorf("%q was answered: %s", m.Text, texts(all))
	}
}

// Plain replies: I come; my party is n, also when said later; I can't; late; on
// a condition; the marks the bot leaves.
func TestPlainRepliesUnderACard(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call                                        string
		yes, party, small, late, cond, no           string
		inDM, partyDM, noDM, lateSaid, condSaid, ok []string
		panelLate, panelCond, panelNo               []string
	}{
		"zh": {call: "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 装卸 6",
			yes: "收到,参加", party: "报名 3人", small: "+2", late: "晚到20分钟", cond: "9点以后可以", no: "来不了",
			inDM: []string{"已报名", "装卸"}, partyDM: []string{"已报名", "同行 2 人"}, noDM: []string{"已退出"},
			lateSaid: []string{"晚到 20 分钟"}, condSaid: []string{"9点以后可以", "<@U001>"},
			panelLate: []string{"晚到", "20 分钟"}, panelCond: []string{"9点以后可以", "收下"}, panelNo: []string{"来不了", "刘洋"}},
		"en": {call: "call Sandbags | when: Sat 8:00-12:00 | where: East dike | need: lifter 6",
			yes: "Count me in!", party: "+3", small: "+2", late: "late 20", cond: "yes after 9", no: "can't",
			inDM: []string{"signed up", "lifter"}, partyDM: []string{"signed up", "with 2 more"}, noDM: []string{"You gave up"},
			lateSaid: []string{"20 minutes late"}, condSaid: []string{"yes after 9", "<@U001>"},
			panelLate: []string{"Late", "20 min"}, panelCond: []string{"yes after 9", "Take it as a yes"}, panelNo: []string{"Cannot come", "刘洋"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, w.call)
			card := s.sees(sampleCalls, "0/6")
			s.replies("U006", card, w.yes, "white_check_mark")
			s.gets("U006", w.inDM...)
			s.replies("U010", card, w.party, "white_check_mark")
			s.gets("U010", w.partyDM...)
			s.sees(sampleCalls, "4/6")
			s.replies("U010", card, w.small, "white_check_mark") // said later
			s.sees(sampleCalls, "3/6")
			s.As("U006").SayIn(card.Channel, card.TS, w.late)
			s.whispers("U006", sampleCalls, w.lateSaid...)
			s.gets(sampleAdmin, w.panelLate...)
			s.As("U011").SayIn(card.Channel, card.TS, w.cond)
			s.whispers("U011", sampleCalls, w.condSaid...)
			panel := s.gets(sampleAdmin, w.panelCond...)
			for _, b := range panel.Buttons() {
				if strings.HasPrefix(b.ActionID, "answer_take") { // one press files it
					s.presses(sampleAdmin, panel, b.ActionID)
				}
			}
			s.gets("U011", w.inDM...)
			s.replies("U006", card, w.no, "wave")
			s.gets("U006", w.noDM...)
			s.gets(sampleAdmin, w.panelNo...)
			s.sees(sampleCalls, "3/6")
			if n := len(s.posts(s.DM("U006"))); n != 1 {
				t.Errorf("U006 has %d messages about one call, want the one that is edited:\n%s", n, texts(s.posts(s.DM("U006"))))
			}
		})
	}
}

// "A bare no or 取消 in a thread of somebody who is signed up only asks."
func TestABareNoOnlyAsks(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		bare []string
		asks []string
		kept string
	}{
		"zh": {[]string{"取消", "no"}, []string{"退出", "还是保留"}, "给你留着"},
		"en": {[]string{"no", "取消"}, []string{"give up", "or keep it"}, "stays yours"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 6")
			card := s.sees(sampleCalls, "0/6")
			s.replies("U006", card, "+1", "white_check_mark")
			s.As("U006").SayIn(card.Channel, card.TS, w.bare[0])
			asked := s.whispers("U006", sampleCalls, w.asks...)
			s.presses("U006", asked, "call_keep")
			s.whispers("U006", sampleCalls, w.kept)
			s.sees(sampleCalls, "1/6")
			s.As("U006").Say(s.DM("U006"), w.bare[1]) // in a direct message as well
			s.gets("U006", w.asks...)
			s.As("U006").Say(card.Channel, "<@"+s.BotUserID()+"> "+w.bare[0]) // outside of any thread it means nothing
			s.settles()
			s.sees(sampleCalls, "1/6")
		})
	}
}

// "A sign-up that was not meant is worse than one that was missed": questions,
// answers for others and small talk are left alone.
func TestWhatMeansNoneOfTheseIsLeftAlone(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 6")
	card := s.sees(sampleCalls, "0/6")
	heard := map[string]string{}
	people := []string{"U007", "U010", "U011", "U012", "U013", "U014", "U015"}
	for i, text := range []string{"在哪报名?", "可以", "ok", "老王能来吗", "Is anyone in?", "大家辛苦了", "报名的人多吗？"} {
		heard[people[i]] = s.As(people[i]).SayIn(card.Channel, card.TS, text)
	}
	s.replies("U006", card, "+1", "white_check_mark")
	s.settles()
	for user, ts := range heard {
		s.leftAlone(user, card, ts)
	}
	s.sees(sampleCalls, "1/6")
}

// "An edited reply is read again; a deleted one changes nothing." The latest
// act of a person wins, whatever its kind.
func TestEditedAndDeletedRepliesAndTheLatestAct(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 6")
	card := s.sees(sampleCalls, "0/6")
	ts := s.As("U006").SayIn(card.Channel, card.TS, "hm")
	s.As("U006").Edit(card.Channel, ts, "+3")
	s.sees(sampleCalls, "3/6")
	s.As("U006").Edit(card.Channel, ts, "+1")
	s.sees(sampleCalls, "1/6")
	s.As("U006").Delete(card.Channel, ts)
	other := s.replies("U010", card, "I'm in", "white_check_mark")
	s.sees(sampleCalls, "2/6") // U006 is still in
	s.As("U010").Edit(card.Channel, other, "can't make it")
	s.As("U010").Edit(card.Channel, other, "can't")
	s.sees(sampleCalls, "1/6")
	s.waits("the one mark that is true now", func() bool {
		m, _ := s.Message(card.Channel, other)
		return len(m.Reactions["wave"]) == 1 && len(m.Reactions["white_check_mark"]) == 0
	})
	s.presses("U010", card, "call_join") // by another way in again
	s.sees(sampleCalls, "2/6")
	s.replies("U010", card, "out", "wave")
	s.sees(sampleCalls, "1/6")
	s.As("U010").React(card.Channel, card.TS, "hand")
	s.sees(sampleCalls, "2/6")
}

// "If exactly one (shift, role) is open to the person, a yes is for that one.
// If several are, nothing is recorded and the person is asked privately with a
// button for each; a reaction never chooses."
func TestSeveralOpenRolesAreAskedFor(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:00, 周日 9:00-11:00 | 需要: 医生 1, 司机 1")
	card := s.sees(sampleCalls, "义诊")
	s.As("U006").SayIn(card.Channel, card.TS, "报名")
	asked := s.whispers("U006", sampleCalls, "你要报哪一个")
	if n := len(asked.Buttons()); n != 4 {
		t.Errorf("%d buttons for four places", n)
	}
	s.As("U010").React(card.Channel, card.TS, "raised_hand")
	s.whispers("U010", sampleCalls, "你要报哪一个")
	if m := s.posts(sampleCalls)[0]; strings.Contains(m.Text, "1/1") {
		t.Errorf("something was recorded: %s", m.Text)
	}
	s.replies("U011", card, "+1 司机 周六", "white_check_mark")
	s.gets("U011", "司机", "周六")
	s.As("U012").SayIn(card.Channel, card.TS, "+1 司机") // Saturday's is taken, Sunday's is the one open
	s.gets("U012", "已报名", "司机", "周日")
	s.replies("U013", card, "报名 周六", "white_check_mark") // only the doctor is left on Saturday
	s.gets("U013", "已报名", "医生", "周六")
	s.presses("U006", asked, asked.Buttons()[2].ActionID) // Sunday's doctor
	s.gets("U006", "已报名", "医生", "周日")
	s.waits("a full card", func() bool { return strings.Count(s.posts(sampleCalls)[0].Text, "1/1") == 4 })
}

// Reactions: any skin tone signs up; the last of several emoji taken away
// withdraws a sign-up made by reaction, and no other.
func TestReactionsOnTheCard(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 6")
	card := s.sees(sampleCalls, "0/6")
	by := s.As("U006")
	by.React(card.Channel, card.TS, "raised_hand::skin-tone-5")
	s.sees(sampleCalls, "1/6")
	by.React(card.Channel, card.TS, "heavy_plus_sign")
	by.React(card.Channel, card.TS, "raised_hand::skin-tone-2")
	by.Unreact(card.Channel, card.TS, "raised_hand::skin-tone-5")
	by.Unreact(card.Channel, card.TS, "raised_hand::skin-tone-2")
	s.As("U010").React(card.Channel, card.TS, "thumbsup") // no sign-up emoji
	s.As("U011").React(card.Channel, card.TS, "hand")
	s.sees(sampleCalls, "2/6")
	by.Unreact(card.Channel, card.TS, "heavy_plus_sign")
	s.sees(sampleCalls, "1/6")
	s.gets("U006", "You gave up")
	// Signed up by button: the emoji is only an emoji.
	s.presses("U012", card, "call_join")
	s.sees(sampleCalls, "2/6")
	s.As("U012").React(card.Channel, card.TS, "hand")
	s.As("U012").Unreact(card.Channel, card.TS, "hand")
	s.replies("U013", card, "in", "white_check_mark")
	s.sees(sampleCalls, "3/6")
}

// In answer to a direct question bare words count, and what cannot be read is
// kept for the organizer and answered with one short hint.
func TestAnswersToADirectQuestion(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 地点: 东堤 | 需要: 装卸 6")
	card := s.sees(sampleCalls, "0/6")
	s.presses("U006", card, "call_join")
	s.gets("U006", "已报名")
	s.says(sampleAdmin, sampleCalls, "招募 k1 修改 时间: 周六 14:00-18:00")
	s.gets("U006", "时间改了", "8:00 → 14:00", "还能来吗")
	s.gets(sampleAdmin, "改动后还没有回复：刘洋")
	s.writes("U006", "看情况吧", "没看懂“看情况吧”", "<@U001>")
	s.gets(sampleAdmin, "刘洋 没看懂：“看情况吧”")
	s.writes("U006", "可以", "到时见")
	s.gets("U006", "你确认会来")
	s.waits("an answered panel", func() bool {
		for _, m := range s.posts(s.DM(sampleAdmin)) {
			if strings.Contains(m.AllText(), "看情况吧") || strings.Contains(m.AllText(), "改动后还没有回复") {
				return false
			}
		}
		return true
	})
	// A reminder asks too.
	s.passes(4*24*time.Hour + 6*time.Hour) // Fri 16:00; a day ahead was 14:00
	s.gets("U006", "提醒", "我会来")
}

// "With two open questions to one person, the bot asks which is meant."
func TestTwoOpenQuestions(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, "C001", "call Sandbags | when: Sat 8:00-12:00 | need: lifter 6")
	s.says(sampleAdmin, "C002", "call Clinic | when: Sun 8:00-12:00 | need: guide 6")
	s.presses("U006", s.sees("C001", "0/6"), "call_join")
	s.presses("U006", s.sees("C002", "0/6"), "call_join")
	s.gets("U006", "signed up", "Sandbags")
	s.gets("U006", "signed up", "Clinic")
	asked := s.writes("U006", "can't make it", "#k1 Sandbags", "#k2 Clinic")
	s.sees("C001", "1/6")
	for _, b := range asked.Buttons() {
		if strings.Contains(b.Text, "#k2") {
			s.presses("U006", asked, b.ActionID)
		}
	}
	s.sees("C002", "0/6")
	s.sees("C001", "1/6")
}

// "A chain sign-up list (接龙) pasted whole: an organizer gets a preview, names
// matched only where there is no doubt; applied, it holds places and asks each
// person for their own yes."
func TestAPastedChainList(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		head, fine, unknown, twice, apply, done, held, joined, declined string
	}{
		"zh": {"接龙", "刘洋", "找不到叫这个名字的人", "上面已经有了", "留出 3 个名额", "留出了 3 个名额", "要你自己答应才算", "已报名", "已退出"},
		"en": {"sign-up list", "刘洋", "I know nobody of that name", "stands above already", "Hold 3 places", "3 places are held", "without your own yes", "signed up", "You gave up"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, "call Sandbags | when: Sat 8:00-12:00 | need: lifter 6, driver 2")
			card := s.sees(sampleCalls, "0/6")
			s.waits("who is in the channel", func() bool { return len(s.Calls("users.info")) > 14 })
			list := "#接龙\n1. 刘洋 装卸\n2. 孙磊 +1 lifter\n3. 谁谁谁 lifter\n4. 刘洋 lifter\n5. 周涛 lifter\n6. Bo Jensen driver"
			s.As("U006").SayIn(card.Channel, card.TS, list) // nobody's to give: left alone
			s.As(sampleAdmin).SayIn(card.Channel, card.TS, strings.Replace(list, "装卸", "lifter", 1))
			preview := s.whispers(sampleAdmin, sampleCalls, w.head, w.fine, w.unknown, w.twice)
			apply, ok := preview.Button("chain_apply")
			if !ok || !strings.Contains(apply.Text, strings.Replace(w.apply, "3", "4", 1)) {
				t.Fatalf("%+v in %s", apply, preview.AllText())
			}
			s.sees(sampleCalls, "0/6")
			s.presses(sampleAdmin, preview, "chain_apply")
			s.whispers(sampleAdmin, sampleCalls, strings.Replace(w.done, "3", "4", 1))
			yes := s.gets("U006", w.held, "<@U001>")
			no := s.gets("U011", w.held)
			s.gets("U010", w.held)
			s.sees(sampleCalls, "0/6", "0/2")
			s.presses("U006", yes, "offer_accept")
			s.gets("U006", w.joined)
			s.sees(sampleCalls, "1/6")
			s.presses("U011", no, "offer_decline")
			s.gets("U011", w.declined)
			s.replies("U010", card, "+1", "white_check_mark") // a plain yes is an answer too
			s.sees(sampleCalls, "2/6")
			if all := s.As("U006").Ephemerals(sampleCalls); len(all) > 0 {
				t.Errorf("a member's list was answered: %s", texts(all))
			}
		})
	}
}
