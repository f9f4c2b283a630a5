package main

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox"
	"muster/services"
)

// organizing is how an organizer does each part of the job, from the first
// word to a template for next time.
type organizing struct {
	post, file, ask, tell, edit func(s *story)
	code                        func(s *story) string
	roll, again, keep, use      func(s *story)
	close, reopen, cancel, back func(s *story)
}

// organized plays the whole job; what volunteers do is the same whoever plays.
func (s *story) organized(o organizing) {
	s.t.Helper()
	s.knows("U013", services.Profile{Skills: []string{"装卸"}})
	o.post(s)
	card := s.sees(sampleCalls, "#k1", "装卸", "0/4")
	for i, who := range []string{"U006", "U010"} {
		s.presses(who, card, "call_join")
		s.sees(sampleCalls, "#k1", []string{"1/4", "2/4"}[i])
		s.rests()
	}
	s.As("U011").SayIn(sampleCalls, card.TS, "9点以后可以")
	s.gets(sampleAdmin, "#k1", "有条件：“9点以后可以”")
	o.file(s)
	s.sees(sampleCalls, "#k1", "3/4")
	o.ask(s) // who can lift comes first
	asked := s.gets("U013", "义诊搬运", "还差装卸 1 人")
	s.presses("U013", asked, "ask_yes")
	s.sees(sampleCalls, "#k1", "4/4", "已招满")
	s.rests()
	o.tell(s)
	for _, who := range []string{"U006", "U010", "U011", "U013"} {
		s.gets(who, "集合在北门")
	}
	o.edit(s)
	s.sees(sampleCalls, "#k1", "请带：手套")
	s.clockAt("08:30")
	code := o.code(s)
	s.writes("U006", code, "已签到 8:30")
	s.writes("U011", code, "已签到 8:30")
	s.checksIn("U010")
	s.clockAt("12:00")
	s.presses("U006", s.gets("U006", "8:30–11:30，对吗？"), "call_checkout")
	s.rests()
	o.roll(s)
	s.rests()
	s.sees(sampleCalls, "#k1", "服务 86 人")
	o.again(s)
	s.sees(sampleCalls, "#k2", "12月5日", "0/4", "请带：手套")
	s.rests()
	for _, step := range []struct {
		do   func(*story)
		then string
	}{{o.close, "已截止"}, {o.reopen, "招募中"}, {o.cancel, "已取消：下雨"}, {o.back, "招募中"}} {
		step.do(s)
		s.sees(sampleCalls, "#k2", step.then)
		s.rests()
	}
	o.keep(s)
	o.use(s)
	s.sees(sampleCalls, "#k3", "12月12日", "0/4")
	s.rests()
}

// panelOf is the organizer's message of a call.
func (s *story) panelOf(ref string) sandbox.Message {
	s.t.Helper()
	return s.gets(sampleAdmin, "（#"+ref+"）·")
}

// onPanel presses a button of a call's panel and waits for the answer.
func (s *story) onPanel(ref, action string, words ...string) sandbox.Message {
	s.t.Helper()
	panel := s.panelOf(ref)
	s.presses(sampleAdmin, panel, s.button(panel, action))
	return s.whispers(sampleAdmin, panel.Channel, words...)
}

// fromPanel fills the form that a button of a call's panel opens, and waits for
// the answer.
func (s *story) fromPanel(ref, action string, values map[string]any, words ...string) {
	s.t.Helper()
	panel := s.panelOf(ref)
	if out := s.chooses(sampleAdmin, panel, s.button(panel, action), values); len(out.Errors) > 0 {
		s.t.Fatalf("%s: %v", action, out.Errors)
	}
	s.gets(sampleAdmin, words...)
}

// onHome opens Home and presses the first button that begins with action.
func (s *story) onHome(user, action string) {
	s.t.Helper()
	if out := s.As(user).OpenHome(); !out.Acked {
		s.t.Fatal(out.Refused)
	}
	id := ""
	s.waits("the button "+action+" on Home", func() bool {
		for _, b := range s.As(user).Home().Buttons() {
			if strings.HasPrefix(b.ActionID, action) {
				id = b.ActionID
				return true
			}
		}
		return false
	})
	if out := s.As(user).PressIn(s.As(user).Home(), id); !out.Acked {
		s.t.Fatalf("%s could not press %s on Home: %s", user, id, out.Refused)
	}
}

// sends fills the form that is open.
func (s *story) sends(user string, values map[string]any) {
	s.t.Helper()
	view, ok := s.As(user).View()
	if !ok {
		s.t.Fatal("no form is open")
	}
	if out := s.As(user).Submit(view, values); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("the form is not taken: %s %v", out.Refused, out.Errors)
	}
}

// byHand does everything with buttons and forms.
func byHand() organizing {
	press := func(ref, action string, words ...string) func(*story) {
		return func(s *story) { s.t.Helper(); s.onPanel(ref, action, words...) }
	}
	form := func(ref, action string, values map[string]any, words ...string) func(*story) {
		return func(s *story) { s.t.Helper(); s.fromPanel(ref, action, values, words...) }
	}
	return organizing{
		post: func(s *story) {
			s.onHome(sampleAdmin, "new_call:clinic")
			view, _ := s.As(sampleAdmin).View()
			if out := s.As(sampleAdmin).PressIn(view, "call_more"); !out.Acked {
				s.t.Fatal(out.Refused)
			}
			s.sends(sampleAdmin, map[string]any{"title.clinic": "义诊搬运", "when.clinic": "周六 9:00-11:30", "where.clinic": "绿城社区",
				"need.clinic": "装卸 2-4", "for.clinic": "<#C010>", "channel.clinic": sampleCalls})
			s.gets(sampleAdmin, "已发布 #k1")
			s.homeSays(sampleAdmin, "义诊搬运") // without opening it again
		},
		file: func(s *story) {
			s.onHome(sampleAdmin, "answer_take")
			s.homeSays(sampleAdmin, "已收下：")
		},
		ask:  press("k1", "call_ask", "已经私信去问"),
		tell: form("k1", "call_tell", map[string]any{"text": "集合在北门"}, "集合在北门"),
		edit: form("k1", "call_edit", map[string]any{"bring": "手套"}, "#k1 改好了：携带"),
		code: func(s *story) string { return shownCode.FindString(s.onPanel("k1", "call_code", "签到码：").Text) },
		roll: func(s *story) {
			s.onPanel("k1", "call_roll_code", "点名：到")
			s.onHome(sampleAdmin, "call_roll")
			view := s.openRoll(sampleAdmin, func(v sandbox.View) bool { return len(cameOn(v)) == 2 })
			values := map[string]any{"served": "86", "goods": "口罩 100 50元"}
			for _, block := range cameOn(view) {
				values[block] = map[bool]string{true: "yes", false: "no"}[strings.Contains(labelOf(view, block), "孙磊")]
			}
			s.sends(sampleAdmin, values)
		},
		again: func(s *story) {
			s.presses(sampleAdmin, s.panelOf("k1"), "call_copy")
			s.sends(sampleAdmin, map[string]any{"when.c1": "12月5日 9:00-11:30", "channel.c1": sampleCalls})
		},
		close:  press("k2", "call_close", "已截止报名"),
		reopen: press("k2", "call_reopen", "重新开放报名"),
		cancel: form("k2", "call_cancel", map[string]any{"reason": "下雨"}, "已取消：下雨"),
		back: func(s *story) {
			told := s.gets(sampleAdmin, "#k2 已取消：下雨")
			s.presses(sampleAdmin, told, s.button(told, "undo"))
		},
		keep: form("k1", "call_template", map[string]any{"name": "义诊"}, "已存为模板“义诊”"),
		use: func(s *story) {
			s.onHome(sampleAdmin, "call_templates")
			list := s.gets(sampleAdmin, "义诊", "装卸 2-4")
			s.presses(sampleAdmin, list, s.button(list, "template_use"))
			s.sends(sampleAdmin, map[string]any{"when.t1": "12月12日 9:00-11:30", "channel.t1": sampleCalls})
		},
	}
}

// labelOf is the label of an input of a form.
func labelOf(v sandbox.View, block string) string {
	for _, b := range v.Blocks {
		if b["block_id"] == block {
			label, _ := b["label"].(map[string]any)
			text, _ := label["text"].(string)
			return text
		}
	}
	return ""
}

// byLine does everything with one line each; only answers are filed by a press,
// which opens nothing.
func byLine() organizing {
	line := func(text string, words ...string) func(*story) {
		return func(s *story) { s.t.Helper(); s.answered(sampleAdmin, sampleCalls, text, words...) }
	}
	return organizing{
		post: line("招募 义诊搬运 | 类型: 关爱 | 时间: 周六 9:00-11:30 | 地点: 绿城社区 | 需要: 装卸 2-4 | 范围: <#C010>", "已发布 #k1"),
		file: func(s *story) { s.onPanel("k1", "answer_take", "已收下：") },
		ask:  line("招募 k1 询问", "已经私信去问"),
		tell: line("招募 k1 通知 集合在北门", "集合在北门"),
		edit: line("招募 k1 修改 携带: 手套", "#k1 改好了：携带"),
		code: func(s *story) string {
			return shownCode.FindString(s.answered(sampleAdmin, sampleLobby, "招募 k1 签到码", "签到码：").Text)
		},
		roll: func(s *story) {
			line("招募 k1 点名 全部 <@U010> -<@U013>", "点名：到")(s)
			line("招募 k1 服务 86", "#k1")(s)
			line("招募 k1 物资 口罩 100 50元", "口罩 100 50元")(s)
		},
		again:  line("招募 k1 复制 时间: 12月5日 9:00-11:30", "已发布 #k2"),
		close:  line("招募 k2 关闭", "已截止报名"),
		reopen: line("招募 k2 重开", "重新开放报名"),
		cancel: line("招募 k2 取消 下雨", "已取消：下雨"),
		back:   line("招募 k2 重开", "#k2"),
		keep:   line("招募 k1 模板 义诊", "已存为模板“义诊”"),
		use:    line("招募 模板 义诊 | 时间: 12月12日 9:00-11:30", "已发布 #k3"),
	}
}

// "The organizer's whole job is possible without ever typing a command (buttons
// and modals) and without ever opening a modal (one line)"; and it comes to the
// same.
func TestTheOrganizersWholeJobByHandAndByLine(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	ends := map[string]map[string][]map[string]string{}
	t.Run("ways", func(t *testing.T) {
		for name, way := range map[string]organizing{"by hand": byHand(), "by line": byLine()} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := tell(t, atAnyPace(), speaking("zh"))
				s.settles()
				s.organized(way)
				for _, d := range s.Deliveries() {
					if d.Kind == "slash_commands" && name == "by hand" {
						t.Errorf("a command was typed: %s", d.Type)
					}
				}
				if n := len(s.Calls("views.open")); n > 0 && name == "by line" {
					t.Errorf("%d forms were opened", n)
				}
				mu.Lock()
				defer mu.Unlock()
				ends[name] = map[string][]map[string]string{"calls": s.exported("calls"), "signups": s.exported("signups")}
			})
		}
	})
	if diff := cmp.Diff(ends["by line"], ends["by hand"]); diff != "" {
		t.Errorf("the two ways end differently (-line +hand):\n%s", diff)
	}
	if n := len(ends["by line"]["signups"]); n != 4 {
		t.Errorf("%d sign-ups", n)
	}
}
