package main

import (
	"context"
	"strings"
	"testing"
	"time"

	"muster/config"
	"muster/sandbox"
)

// "drill: a rehearsal, never in quiet hours; every message and its notification
// begins 【演练】不用出发 / DRILL, do not set out."
func TestADrillSaysSoFirstAndNeverAtNight(t *testing.T) {
	t.Parallel()
	night := time.Date(2026, 11, 23, 15, 30, 0, 0, time.UTC) // 23:30
	for lang, w := range map[string]struct{ call, begins, held string }{
		"zh": {"招募 转移群众 | 类型: 应急 | 演练: 是 | 时间: 周六 8:00-12:00 | 需要: 装卸 1", "【演练】不用出发", "7:00"},
		"en": {"call Evacuation | kind: relief | drill: yes | when: Sat 8:00-12:00 | need: lifter 1", "DRILL, do not set out", "7:00"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang), startingAt(night))
			s.answered(sampleAdmin, sampleCalls, w.call, "#k1", w.held)
			s.settles()
			if all := s.posts(sampleCalls); len(all) > 0 {
				t.Fatalf("a rehearsal at night: %s", texts(all))
			}
			s.passes(8 * time.Hour)
			card := s.sees(sampleCalls, "0/1")
			s.presses("U006", card, "call_join")
			s.presses("U010", card, "call_join")
			s.gets("U010", "#k1")
			s.presses("U006", s.gets("U006", "#k1"), "call_leave")
			s.sees(sampleCalls, "1/1")
			s.settles()
			for _, user := range []string{sampleAdmin, "U006", "U010"} {
				for _, m := range s.posts(s.DM(user)) {
					if !strings.Contains(m.AllText(), "#k1") {
						continue // first contact is about no call
					}
					if !strings.HasPrefix(m.Text, w.begins) || !strings.Contains(m.AllText()[len(m.Text):], w.begins) {
						t.Errorf("%s is not told first that it is a drill: %s", user, m.AllText())
					}
				}
			}
			if m := s.posts(sampleCalls)[0]; !strings.HasPrefix(m.Text, w.begins) {
				t.Errorf("the card begins %q", m.Text)
			}
		})
	}
}

// "opens, close: a time, or 2h before"; guests: most a person may bring.
func TestWhenSignUpOpensAndCloses(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Clinic | when: Tue 14:00-16:00 | need: guide 3 | opens: today 12:00 | close: 2h before | guests: 0")
	card := s.sees(sampleCalls, "not open yet", "Mon 23 Nov 12:00", "Tue 24 Nov 12:00")
	if ids := joinIDs(card); len(ids) > 0 {
		t.Errorf("a call that is not open has %v", ids)
	}
	s.As("U006").SayIn(card.Channel, card.TS, "+1")
	s.whispers("U006", sampleCalls, "#k1", "not open")
	s.passes(2*time.Hour + time.Minute)
	card = s.sees(sampleCalls, "open", "0/3", "Sign up")
	s.replies("U006", card, "+1", "white_check_mark")
	s.As("U010").SayIn(card.Channel, card.TS, "+2")
	s.whispers("U010", sampleCalls, "0 guests")
	s.passes(24 * time.Hour) // Tue 12:01
	s.sees(sampleCalls, "closed", "1/3")
	s.As("U011").SayIn(card.Channel, card.TS, "+1")
	s.whispers("U011", sampleCalls, "closed for sign-up")
	s.replies("U006", card, "out", "wave") // giving up is possible to the end
	s.sees(sampleCalls, "closed", "0/3")
}

// "doctor*: only those whose skill is verified, others wait for the organizer's
// check."
func TestAVerifiedSkillIsCheckedByTheOrganizer(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:00 | 需要: 医生* 2")
	card := s.sees(sampleCalls, "0/2")
	s.presses("U026", card, "call_join")
	s.whispers("U026", sampleCalls, "核实", "<@U001>")
	s.presses("U027", card, "call_join")
	s.gets("U027", "核实")
	panel := s.gets(sampleAdmin, "想报 医生", "核实无误", "不符合")
	pressed := 0
	for _, b := range panel.Buttons() {
		if strings.HasPrefix(b.ActionID, "skill_yes") && pressed == 0 {
			s.presses(sampleAdmin, panel, b.ActionID)
			pressed++
		}
	}
	s.gets("U026", "医生", "#k1", "轮到你了")
	s.sees(sampleCalls, "1/2")
	s.presses("U006", card, "call_details")
	s.replies("U026", card, "来不了", "wave")
	s.sees(sampleCalls, "0/2")
	s.replies("U026", card, "+1", "white_check_mark") // verified once is verified
	s.sees(sampleCalls, "1/2")
}

// The panel makes a sound only when a role is at risk or somebody leaves late;
// what is done to another's call is told to its creator; rights by `role`.
func TestThePanelAndItsSounds(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.answered("U002", sampleLobby, "call X | when: Sat 9:00-10:00 | need: 2", "Only organizers", "<@U001>")
	s.answered(sampleAdmin, sampleLobby, "role <@U002> organizer", "<@U002>")
	s.says("U002", sampleCalls, "call Sandbags | when: Wed 10:00-12:00 | need: lifter 1-2")
	card := s.sees(sampleCalls, "0/2")
	panels := func(want int) {
		t.Helper()
		s.settles()
		n := 0
		for _, m := range s.posts(s.DM("U002")) {
			if strings.Contains(m.Text, "Sandbags") {
				n++
			}
		}
		if n != want {
			t.Errorf("%d messages about the call, want %d:\n%s", n, want, texts(s.posts(s.DM("U002"))))
		}
	}
	s.gets("U002", "lifter 0/2")
	s.presses("U006", card, "call_join")
	s.gets("U002", "lifter 1/2", "刘洋")
	s.replies("U006", card, "out", "wave") // two days ahead: quietly
	s.gets("U002", "Cannot come: 刘洋")
	panels(1)
	s.answered(sampleAdmin, sampleCalls, "call k1 edit where: Gate 5", "Gate 5")
	s.gets("U002", "<@U001>", "edited your call")
	s.passes(24*time.Hour + time.Minute) // Tue 10:01: a day is left and nobody is there
	s.gets("U002", "Too few: lifter needs at least 1, now 0")
	panels(3) // the first is a line now
	s.gets("U002", "see the newer message")
}

// "With none and no admin yet, start-up prints a one-time code: whoever sends
// the bot `setup CODE` becomes the first admin", who then gives rights; the
// last admin cannot step down.
func TestTheFirstAdmin(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ setup, wrong, nobody, done, give, last string }{
		"zh": {"设置 ", "启动码不对", "没有管理员", "你现在是管理员", "角色 <@U003> 组织者", "最后一位管理员"},
		"en": {"setup ", "code is wrong", "no admin", "You are an admin now", "role <@U003> organizer", "last admin"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, withSettings(func(c *config.Settings) { c.Admins, c.Lang = nil, lang }), withPeople(func(world *sandbox.World) {
				for _, p := range samplePeople() {
					world.UpdateUser(sampleUser(p, lang))
				}
			}))
			code, err := s.app.svc.SetupCode(context.Background(), s.app.tenant())
			if err != nil || code == "" {
				t.Fatalf("%q %v", code, err)
			}
			s.answered("U002", sampleLobby, "call X | when: Sat 9:00-10:00 | need: 2", w.nobody)
			s.writes("U002", w.setup+"WRONGCODE", w.wrong)
			s.writes("U002", w.setup+strings.ToLower(code), w.done)
			s.writes("U004", w.setup+code, w.wrong) // once
			s.answered("U002", sampleLobby, w.give, "<@U003>")
			s.answered("U003", sampleLobby, "call X | when: Sat 9:00-10:00 | need: 2", "#k1")
			s.answered("U004", sampleLobby, w.give, "<@U002>") // who may, by name
			s.answered("U002", sampleLobby, "role <@U002> member", w.last)
		})
	}
}
