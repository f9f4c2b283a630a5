package main

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"muster/sandbox"
	"muster/services"
)

// homeSays waits until somebody's Home tab says all the words.
func (s *story) homeSays(user string, words ...string) sandbox.View {
	s.t.Helper()
	var home sandbox.View
	var text string
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := s.Await(ctx, "the Home tab", func() bool {
		home = s.As(user).Home()
		raw, err := json.Marshal(home.Blocks)
		text = string(raw)
		return err == nil && hasAll(text, words)
	})
	if err != nil {
		s.t.Fatalf("the Home tab of %s does not say %q in time; there stands:\n%s", user, words, home.AllText())
	}
	return home
}

// Somebody opens Home for the first time, is greeted, says when reminders suit,
// changes the language and their profile; the admin sets the organisation up.
// All of it by Slack's own buttons and forms, which the sandbox checks.
func TestHomeProfileAndSetupInSlack(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says(sampleAdmin, sampleCalls, "招募 社区爱心义诊 | 时间: 明天 9:00-11:30 | 地点: 绿城社区 | 需要: 医生 1-2 | 范围: all")
	s.sees(sampleCalls, "社区爱心义诊")
	if out := s.As("U006").OpenHome(); !out.Acked {
		t.Fatal(out.Refused)
	}
	s.homeSays("U006", "社区爱心义诊", "还差 2 人", "学习 0/32 学时", "免打扰：22:00–7:00")
	if out := s.As(sampleAdmin).OpenHome(); !out.Acked {
		t.Fatal(out.Refused)
	}
	home := s.homeSays(sampleAdmin, "离最少人数还差 1 人", "防汛", "组织设置")

	s.settles()
	s.passes(5 * time.Minute)
	greeting := s.gets("U006", "你好，我是 Muster", "什么时候方便提醒你？")
	s.presses("U006", greeting, "greet_window:1")
	s.gets("U006", "现在会在 14:30–16:30 提醒你")
	if out := s.As("U006").PressIn(s.As("U006").Home(), "set_lang:en"); !out.Acked {
		t.Fatal(out.Refused)
	}
	s.homeSays("U006", "Open calls", "Reminders: 14:30–16:30")
	s.gets("U006", "Hello, I'm Muster", "I remind you in these hours: 14:30–16:30")

	s.says("U006", sampleLobby, "profile")
	form, ok := s.As("U006").View()
	if !ok {
		t.Fatal("no profile form")
	}
	if out := s.As("U006").Submit(form, map[string]any{"windows": "evenings", "quiet": "23:00-6:00"}); out.Errors["windows"] == "" {
		t.Errorf("windows that are none: %+v", out)
	}
	form, ok = s.As("U006").View() // it stands there with what was typed
	if !ok {
		t.Fatal("the form went away")
	}
	if out := s.As("U006").Submit(form, map[string]any{"windows": "weekdays 9pm-10pm", "quiet": "23:00-6:00", "skills": "lifting, driving"}); len(out.Errors) > 0 {
		t.Errorf("%v", out.Errors)
	}
	s.homeSays("U006", "21:00–22:00", "quiet hours: 23:00–6:00")
	s.gets("U006", "Saved. Reminders: Mon–Fri 21:00–22:00")

	if out := s.As(sampleAdmin).PressIn(home, "open_setup"); !out.Acked {
		t.Fatal(out.Refused)
	}
	form, ok = s.As(sampleAdmin).View()
	if !ok {
		t.Fatal("no setup form")
	}
	if out := s.As(sampleAdmin).Submit(form, map[string]any{"summary_channel": sampleSummaries, "member_target": "40", "organizers": []string{"U002", "U003"}}); len(out.Errors) > 0 {
		t.Errorf("%v", out.Errors)
	}
	s.gets(sampleAdmin, "已保存。")
	s.says("U002", sampleLobby, "导出 报名 --format xlsx")
	s.waits("the file", func() bool { return len(s.Calls("files.completeUploadExternal")) > 0 })
	s.says("U002", sampleLobby, "定期汇总 每天 18:00 审阅 <@U003>")
	s.whispers("U002", sampleLobby, "发到 <#"+sampleLobby+">")
}

// What waits for an answer is answered on Home itself, and Home says so: a place
// is taken, given up and offered, a question declined, a shift taken over, the
// organizer's panel fetched.
func TestWhatWaitsIsAnsweredOnHome(t *testing.T) {
	t.Parallel()
	s := tell(t, atAnyPace(), speaking("zh"))
	s.knows("U013", services.Profile{Skills: []string{"装卸"}})
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 9:00-11:30 | 地点: 东堤 | 需要: 装卸 1 | 携伴: 0 | 范围: all")
	card := s.sees(sampleCalls, "#k1", "0/1")
	s.onHome("U006", "call_join:home")
	s.homeSays("U006", "已报名", "call_leave:")
	s.presses("U010", card, "call_join")
	s.clockAtDay("11-27 14:00") // nineteen hours before, when a free place is offered
	s.onHome("U006", "call_leave")
	s.homeSays("U006", "已退出：装沙袋", "undo:said")
	s.gets("U010", "空出 1 个名额")
	s.answered("U010", sampleLobby, "", "装沙袋", "保留到", "我去")
	s.onHome("U010", "offer_accept")
	s.homeSays("U010", "已报名", "call_handover:")

	s.chooses("U010", s.gets("U010", "已报名"), "call_handover", map[string]any{"who": "U014"})
	s.gets("U014", "想请你顶班")
	s.onHome("U014", "handover_yes")
	s.homeSays("U014", "装沙袋", "call_leave:")
	s.sees(sampleCalls, "#k1", "1/1", "冯雪")

	s.says(sampleAdmin, sampleCalls, "招募 搬物资 | 时间: 周日 9:00-11:30 | 地点: 西站 | 需要: 装卸 2 | 范围: all | 询问: 1 every 10m")
	s.gets("U013", "为什么问你")
	s.onHome("U013", "ask_no")
	s.homeSays("U013", "好的，谢谢告诉我们")
	s.clockAtDay("11-28 10:00")
	s.onHome(sampleAdmin, "call_panel:risk")
	s.gets(sampleAdmin, "搬物资（#k2）·")
	s.homeSays(sampleAdmin, "已发到你和 Muster 的私聊")
}

// clockAtDay goes on to a time of that November.
func (s *story) clockAtDay(wall string) {
	s.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+wall, time.FixedZone("CST", 8*3600))
	if err != nil {
		s.t.Fatal(err)
	}
	s.rests()
	s.passes(t.Sub(s.clock.Now()))
	s.rests()
}
