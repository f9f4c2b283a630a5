package main

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
	"time"

	"muster/sandbox"
)

// asked are the members who have a direct message with the words, but for
// those already known.
func (s *story) askedWith(words string, but map[string]bool) (users []string) {
	for _, p := range samplePeople() {
		if but[p.ID] || p.ID == sampleAdmin {
			continue
		}
		for _, m := range s.posts(s.DM(p.ID)) {
			if strings.Contains(m.AllText(), words) {
				users = append(users, p.ID)
				break
			}
		}
	}
	return users
}

// picture waits for a file of the bot in a channel (or thread) and gives it.
func (s *story) picture(name string, find func() []sandbox.Message) (found sandbox.Message) {
	s.t.Helper()
	s.waits("the file "+name, func() bool {
		for _, m := range find() {
			if len(m.Files) > 0 && m.Files[0].Name == name {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// A rehearsal, from the call to its response curve: a yes, a no, a silence, and
// every word of it marked.
func TestADrillEndsWithItsResponseCurve(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct {
		call, question, close, mark, alt string
		report                           []string
		text                             string
	}{
		"zh": {"招募 东堤装沙袋 | 类型: 应急 | 时间: 周二 8:00-12:00 | 地点: 东堤 | 需要: 装卸 2 | 询问: 3 every 10m | 演练: 是", "为什么问你", "招募 k1 关闭",
			"【演练】不用出发", "折线图", []string{"东堤装沙袋（#k1）的应答", "能去 2", "去不了 1", "没有回复", "（2 分钟）"}, "东堤装沙袋（#k1）的应答曲线"},
		"en": {"call Sandbags | kind: relief | when: Tue 8:00-12:00 | where: East dike | need: lifter 2 | ask: 3 every 10m | drill: yes", "It's fine to say no", "call k1 close",
			"DRILL, do not set out", "line chart", []string{"Answers to Sandbags (#k1)", "2 coming", "1 cannot", "without an answer", "(2 minutes)"}, "Response curve of Sandbags (#k1)"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, w.call)
			card := s.sees(sampleCalls, w.mark, "0/2")
			var first []string
			s.until("three questions", func() bool { first = s.askedWith(w.question, nil); return len(first) == 3 })
			s.settles() // that they are in Slack is noted
			s.passes(2 * time.Minute)
			s.presses(first[0], s.gets(first[0], w.question), "ask_yes")
			s.sees(sampleCalls, "1/2")
			s.presses(first[1], s.gets(first[1], w.question), "ask_no") // the next is asked at once
			known := map[string]bool{first[0]: true, first[1]: true, first[2]: true}
			var next []string
			s.until("one more question", func() bool { next = s.askedWith(w.question, known); return len(next) == 1 })
			s.settles()
			s.passes(time.Minute)
			s.presses(next[0], s.gets(next[0], w.question), "ask_yes")
			s.sees(sampleCalls, "2/2")
			s.answered(sampleAdmin, sampleLobby, w.close, "#k1")
			report := s.gets(sampleAdmin, append([]string{w.mark}, w.report...)...)
			curve := s.picture("muster-k1-curve.png", func() []sandbox.Message { return s.posts(s.DM(sampleAdmin)) })
			if !strings.HasPrefix(curve.Text, w.mark) || !strings.Contains(curve.Text, w.text) || !strings.Contains(curve.Files[0].AltText, w.alt) {
				t.Errorf("the picture comes with %q, alt %q", curve.Text, curve.Files[0].AltText)
			}
			if img, err := png.Decode(bytes.NewReader(curve.Files[0].Content)); err != nil || img.Bounds().Dx() < 600 {
				t.Errorf("the picture cannot be read: %v", err)
			}
			s.presses(sampleAdmin, report, "curve_post")
			s.picture("muster-k1-curve.png", func() []sandbox.Message { return s.Thread(sampleCalls, card.TS) })
			s.presses(sampleAdmin, report, "curve_post") // once
			s.settles()
			s.everythingIsMarked(w.mark)
		})
	}
}

// everythingIsMarked fails for whatever the bot said, in a channel, to one
// person or in passing, that does not begin with the mark. First contact and
// refusals are about no call.
func (s *story) everythingIsMarked(mark string) {
	s.t.Helper()
	n := 0
	for _, c := range s.Calls("") {
		text, _ := c.Args["text"].(string)
		if comment, there := c.Args["initial_comment"].(string); there {
			text = comment
		}
		switch c.Method {
		case "chat.postMessage", "chat.update", "chat.postEphemeral", "files.completeUploadExternal", "response_url":
		default:
			continue
		}
		if n++; text == "" || strings.HasPrefix(text, mark) || strings.Contains(text, "Muster") || strings.Contains(text, "已经发到频道") || strings.Contains(text, "in the channel already") {
			continue
		}
		s.t.Errorf("%s in %s is not marked: %q", c.Method, c.Channel, text)
	}
	if n < 10 {
		s.t.Errorf("only %d words were said in all", n)
	}
}

// "Copying a past call; templates", without a form and by one.
func TestACallIsPostedAgainFromACopyAndATemplate(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	s.says(sampleAdmin, sampleCalls, "招募 社区爱心义诊 | 时间: 周六 9:00-11:30, 周日 9:00-11:30 | 地点: 绿城 | 需要: 医生 2, 引导员 3-4 | 携带: 口罩 | 仅确认者可见: 门码 1234 | 报名截止: 2h before")
	s.sees(sampleCalls, "#k1", "医生", "0/2")
	s.answered(sampleAdmin, sampleLobby, "招募 k1 复制 时间: 12月5日 9:00-11:30 | 需要: 医生 3", "已发布 #k2", "12月5日", "医生 3 人")
	copied := s.sees(sampleLobby, "#k2", "0/3", "请带：口罩", "报名截止", "7:00")
	if strings.Contains(copied.AllText(), "引导员") {
		t.Errorf("the copy has roles that were not asked for: %s", copied.AllText())
	}
	s.answered(sampleAdmin, sampleLobby, "招募 k1 模板 周末义诊", "已存为模板“周末义诊”")
	s.answered(sampleAdmin, sampleCalls, "招募 模板 周末义诊 | 时间: 12月12日 9:00-11:30", "已发布 #k3", "12月12日")
	s.sees(sampleCalls, "#k3", "0/2", "0/4")
	list := s.answered(sampleAdmin, sampleLobby, "招募 模板", "周末义诊", "医生 2、引导员 3-4")
	s.presses(sampleAdmin, list, "template_use:1")
	view, ok := s.As(sampleAdmin).View()
	if !ok {
		t.Fatal("no form opened")
	}
	out := s.As(sampleAdmin).Submit(view, map[string]any{"when.t1": "12月19日 9:00-11:30"})
	if !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%+v", out)
	}
	s.sees(sampleLobby, "#k4", "12月19日", "0/4")
	s.presses(sampleAdmin, list, "template_delete:1")
	s.answered(sampleAdmin, sampleCalls, "招募 模板 周末义诊 | 时间: 12月12日 9:00-11:30", "没有叫“周末义诊”的模板")
	s.answered("U006", sampleCalls, "招募 模板", "只有组织者可以")
	for _, m := range append(s.posts(sampleLobby), s.posts(sampleCalls)...) {
		if strings.Contains(m.AllText(), "1234") {
			t.Errorf("the door code went along: %s", m.AllText())
		}
	}
	// The details of a call offer both, and its own message the calendar.
	s.presses("U006", s.sees(sampleCalls, "#k1"), "call_join:医生")
	mine := s.gets("U006", "已报名：社区爱心义诊 · 医生")
	s.presses("U006", mine, "call_calendar")
	file := s.picture("muster-k1.ics", func() []sandbox.Message { return s.posts(s.DM("U006")) })
	ics := string(file.Files[0].Content)
	for _, want := range []string{"BEGIN:VEVENT\r\n", "DTSTART:20261128T010000Z\r\n", "DTEND:20261128T033000Z\r\n", "SUMMARY:社区爱心义诊 · 医生\r\n", "LOCATION:绿城\r\n", "SEQUENCE:0\r\n"} {
		if !strings.Contains(ics, want) {
			t.Errorf("the calendar file lacks %q:\n%s", want, ics)
		}
	}
	s.answered(sampleAdmin, sampleCalls, "招募 k1 修改 地点: 绿城二楼", "改好了")
	s.answered("U006", sampleLobby, "招募 k1 日历", "日历文件发到私信里")
	s.until("a newer file", func() bool {
		for _, m := range s.posts(s.DM("U006")) {
			if len(m.Files) > 0 && strings.Contains(string(m.Files[0].Content), "SEQUENCE:2\r\n") && strings.Contains(string(m.Files[0].Content), "绿城二楼") {
				return true
			}
		}
		return false
	})
}
