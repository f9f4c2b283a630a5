package main

import (
	"strings"
	"testing"

	"muster/sandbox"
)

// makeupWords is what people write and read when a session is made up.
type makeupWords struct {
	line, title                                    string
	form, good, bad, quizBad, quizShown            string
	follow, openFirst, opened, short, missed, done []string
	long                                           string
	offer, needsOpening, kept, listed, both        []string
	backWhy                                        string
	back, backSaid, again, last, notYours, may     []string
}

var makeups = map[string]makeupWords{
	"zh": {
		line: "学习 雨天骑行 | 时间: 周三 19:30 | 范围: <#C900> | 提前: 1h | 链接: https://example.org/rain?a=1&b=2", title: "雨天骑行",
		form: "学习 s1 小测", good: "红灯时？\na) 停\nb) 冲", bad: "要正好一个", quizBad: "红灯时？\n*a) 停\nb) 冲",
		quizShown: "雨天骑行（#s1）的补学小测，3 题，答对 2 题通过：",
		follow:    []string{"周三 11月25日的学习还可以补到 周三 12月2日 20:30", "材料：点开会记下你打开过。", "打开材料", "现在补", "请假"},
		openFirst: []string{"还没有打开材料"}, opened: []string{"材料打开过了：周一 11月30日 20:30。"},
		short: []string{"至少 30 个字，现在 3 个"}, missed: []string{"3 题答对了 1 题，要答对 2 题", "次数不限"},
		done: []string{"已补学，1 学时。今年 1/32 学时。"}, long: "雨天路滑，提前减速，先报备再出发，",
		offer:        []string{"收到1 段录音。用来补 周三 11月25日的“雨天骑行”吗？", "用它补学"},
		needsOpening: []string{"还差一步：先打开“雨天骑行”的材料看一遍"}, kept: []string{"已收到：1 段录音。"},
		listed:  []string{"补学 1 份：雨天骑行（周三 11月25日）", "<@U006>* 周一 11月30日 20:30，小测 2/3（答了 2 次）", "不用逐个批", "退回"},
		both:    []string{"补学 2 份：雨天骑行（周三 11月25日）", "/files/U010/", "|录音 1>"},
		backWhy: "请写写你自己送餐时准备怎么做",
		back:    []string{"负责人把这次补学退回来了：请写写你自己送餐时准备怎么做", "再补一次"}, backSaid: []string{"已退回，<@U006> 会收到原因"},
		again: []string{"已退回：请写写你自己送餐时准备怎么做（可以重补到"}, last: []string{"退回后重交"},
		notYours: []string{"这是别人的按钮"}, may: []string{"只有组织者"},
	},
	"en": {
		line: "study Riding in the rain | when: Wed 19:30 | for: <#C900> | remind: 1h | link: https://example.org/rain?a=1&b=2", title: "Riding in the rain",
		form: "study s1 quiz", good: "At a red light?\na) Stop\nb) Go", bad: "takes exactly one", quizBad: "At a red light?\n*a) Stop\nb) Go",
		quizShown: "The make-up quiz of Riding in the rain (#s1), 3 questions, 2 right answers pass:",
		follow:    []string{"You can still make up Wed 25 Nov until Wed 2 Dec 20:30", "Material: we note when you open it.", "Open the material", "Do it now", "Ask to be excused"},
		openFirst: []string{"You have not opened the material yet"}, opened: []string{"You opened the material on Mon 30 Nov 20:30."},
		short: []string{"at least 30 characters, this is 3"}, missed: []string{"1 of 3 right; it takes 2", "as often as you like"},
		done: []string{"Made up, 1 hour. 1 of 32 this year."}, long: "In the rain I slow down early and report first. ",
		offer:        []string{"I have 1 recording from you. Is it to make up “Riding in the rain” of Wed 25 Nov?", "Make it up with this"},
		needsOpening: []string{"One step more: open the material of “Riding in the rain” first"}, kept: []string{"Received: 1 recording."},
		listed:  []string{"1 make-up of Riding in the rain (Wed 25 Nov)", "<@U006>* Mon 30 Nov 20:30, quiz 2 of 3 (2 tries)", "nothing to approve", "Return"},
		both:    []string{"2 make-ups of Riding in the rain (Wed 25 Nov)", "/files/U010/", "|recording 1>"},
		backWhy: "please write what you will do yourself",
		back:    []string{"The leader returned this make-up: please write what you will do yourself", "Do it again"}, backSaid: []string{"Returned. <@U006> gets the reason"},
		again: []string{"returned", "please write what you will do yourself (can be done again until"}, last: []string{"done again"},
		notYours: []string{"belongs to somebody else"}, may: []string{"Only organizers"},
	},
}

// view waits until a person has a window open that says this.
func (s *story) view(user string, words ...string) (found sandbox.View) {
	s.t.Helper()
	s.waits("a window with "+strings.Join(words, " | "), func() bool {
		v, ok := s.As(user).View()
		found = v
		return ok && hasAll(v.AllText(), words)
	})
	return found
}

// answers are values for the questions that a window asks, by their order.
func answers(v sandbox.View, chosen ...string) map[string]any {
	out := map[string]any{}
	for _, b := range v.Blocks {
		if id, _ := b["block_id"].(string); strings.HasPrefix(id, "quiz_") && len(out) < len(chosen) {
			out[id] = chosen[len(out)]
		}
	}
	return out
}

func with(values map[string]any, key string, value any) map[string]any {
	values[key] = value
	return values
}

// A missed session from the follow-up to the make-up that the leader accepts:
// one member writes, and is sent back once; another speaks.
func TestAMissedSessionIsMadeUp(t *testing.T) {
	t.Parallel()
	for lang, w := range makeups {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			s.plans(w.line)
			s.quizWritten(w)
			s.at("2026-11-25 18:30")
			s.at("2026-11-25 21:30")
			s.presses(leader, s.told(leader, w.title, 2), "study_held") // after the quiz as it was understood
			s.at("2026-11-30 20:30")
			follow := s.sees(s.DM(wei), w.follow...)
			if b, _ := follow.Button("study_open"); b.URL != "https://example.org/rain?a=1&b=2" {
				t.Errorf("the material's button leads to %q", b.URL)
			}
			s.writtenMakeup(w, follow)
			list := s.spokenMakeup(w)
			s.sentBack(w, follow, list)
			s.forgedMakeups(w, list)
			for _, row := range s.exported("attendance") {
				if row["state"] != "made_up" || row["hours"] != "1.00" {
					t.Errorf("the record: %v", row)
				}
			}
		})
	}
}

// quizWritten has the leader write three questions, one of them wrong at first.
func (s *story) quizWritten(w makeupWords) {
	s.t.Helper()
	s.says(leader, sampleLobby, w.form)
	v := s.view(leader)
	out := s.As(leader).Submit(v, map[string]any{"question_1": w.good, "question_2": w.quizBad})
	if !strings.Contains(out.Errors["question_1"], w.bad) || out.Errors["question_2"] != "" {
		s.t.Errorf("a question without a right answer: %v", out.Errors)
	}
	s.sends(leader, map[string]any{"question_1": w.quizBad, "question_2": w.quizBad, "question_4": w.quizBad})
	s.gets(leader, w.quizShown, "✅ a)")
	s.says(wei, sampleLobby, w.form)
	if v, open := s.As(wei).View(); open {
		s.t.Errorf("a member sees the answers: %s", v.AllText())
	}
}

// writtenMakeup is the long way: not opened, too short, wrong, right.
func (s *story) writtenMakeup(w makeupWords, follow sandbox.Message) {
	s.t.Helper()
	s.presses(wei, follow, "study_makeup")
	v := s.view(wei)
	if strings.Contains(v.AllText(), "✅") || strings.Contains(v.PrivateMetadata, "right") {
		s.t.Errorf("the form tells the answers: %s", v.AllText())
	}
	fails := func(values map[string]any, words []string) {
		s.t.Helper()
		if out := s.As(wei).Submit(v, values); !hasAll(out.Errors["reflection"], words) {
			s.t.Errorf("%v: %v %s", values, out.Errors, out.Refused)
		}
	}
	text := strings.Repeat(w.long, 3)
	fails(with(answers(v, "1", "1", "1"), "reflection", text), w.openFirst)
	if out := s.As(wei).PressIn(v, "study_open"); !out.Acked {
		s.t.Fatal(out.Refused)
	}
	v = s.view(wei, w.opened...)
	fails(with(answers(v, "1", "1", "1"), "reflection", "abc"+strings.Repeat(" ", 60)), w.short)
	if out := s.As(wei).Submit(v, with(answers(v, "1", "2", "2"), "reflection", text)); out.Action != "update" {
		s.t.Fatalf("two answers wrong: %+v", out)
	}
	v = s.view(wei, w.missed...)
	if got := s.exported("attendance"); got[0]["state"] != "due" {
		s.t.Errorf("the quiz was missed: %v", got[0])
	}
	if out := s.As(wei).Submit(v, with(answers(v, "1", "1", "2"), "reflection", text)); !out.Acked || len(out.Errors) > 0 || out.Action != "" {
		s.t.Fatalf("one answer wrong passes: %+v", out)
	}
	s.shows(follow, w.done...)
	s.at("2026-11-30 20:40")
	s.shows(s.told(leader, w.title, 3), w.listed...)
}

// spokenMakeup is a voice message to the bot, kept through a restart.
func (s *story) spokenMakeup(w makeupWords) (list sandbox.Message) {
	s.t.Helper()
	voice := s.As(lei).Upload("clip.m4a", []byte("sound"))
	s.As(lei).Send(s.DM(lei), "", voice)
	offer := s.gets(lei, w.offer...)
	s.halt()
	s.begin()
	s.presses(lei, offer, "study_proof_for:1")
	first := s.whispers(lei, s.DM(lei), w.needsOpening...)
	if out := s.As(lei).Press(first, "study_open"); !out.Acked {
		s.t.Fatal(out.Refused)
	}
	if out := s.As(lei).Press(first, "study_proof_for"); !out.Acked {
		s.t.Fatal(out.Refused)
	}
	v := s.view(lei, w.kept...)
	if out := s.As(lei).Submit(v, answers(v, "1", "1", "1")); !out.Acked || len(out.Errors) > 0 || out.Action != "" {
		s.t.Fatalf("a recording is a reflection: %+v", out)
	}
	s.settles()
	list = s.told(leader, w.title, 3) // edited, without a second sound
	s.shows(list, w.both...)
	return list
}

// sentBack is the leader's return of the written one, and the second try.
func (s *story) sentBack(w makeupWords, follow, list sandbox.Message) {
	s.t.Helper()
	now, _ := s.Message(list.Channel, list.TS)
	s.As(leader).PressValue(now, "study_makeup_back", s.backValue(now, wei))
	if out := s.fills(leader, "study_makeup_back", map[string]any{"reason": w.backWhy}); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("%+v", out)
	}
	s.gets(leader, w.backSaid...)
	s.shows(list, w.again...)
	back := s.gets(wei, w.back...)
	if back.TS == follow.TS {
		s.t.Error("who thinks it done has to get a new message")
	}
	s.buttons(follow) // the new one has them
	for _, row := range s.exported("attendance") {
		if row["user_id"] == wei && (row["state"] != "due" || row["hours"] != "0.00") {
			s.t.Errorf("given back: %v", row)
		}
	}
	s.presses(wei, back, "study_makeup")
	v := s.view(wei, w.backWhy, strings.TrimSpace(w.long)[:12]) // what was written stands there
	if len(answers(v, "1")) != 0 {
		s.t.Error("a quiz that was passed is asked again")
	}
	if out := s.As(wei).Submit(v, map[string]any{"reflection": strings.Repeat(w.long, 4)}); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("%+v", out)
	}
	s.shows(back, w.done...)
	s.settles()
	s.shows(list, w.last...)
}

// backValue is the value of the button that returns somebody's make-up.
func (s *story) backValue(list sandbox.Message, user string) string {
	s.t.Helper()
	mine := false
	for _, block := range list.Blocks {
		text, _ := block["text"].(map[string]any)
		if words, _ := text["text"].(string); block["type"] == "section" {
			mine = strings.Contains(words, "<@"+user+">")
		}
		elements, _ := block["elements"].([]any)
		for _, e := range elements {
			if b, _ := e.(map[string]any); mine && b["action_id"] == "study_makeup_back" {
				value, _ := b["value"].(string)
				return value
			}
		}
	}
	s.t.Fatalf("nothing to return of %s:\n%s", user, list.AllText())
	return ""
}

// forgedMakeups are presses by who may not, and of what is not.
func (s *story) forgedMakeups(w makeupWords, list sandbox.Message) {
	s.t.Helper()
	now, _ := s.Message(list.Channel, list.TS)
	theirs := s.backValue(now, wei)
	s.As(lei).PressValue(s.latest(lei, w.title), "study_makeup_back", theirs)
	s.whispers(lei, s.DM(lei), w.may...)
	s.As(lei).PressValue(s.latest(lei, w.title), "study_open", theirs)
	s.whispers(lei, s.DM(lei), w.notYours...)
	for _, action := range []string{"study_open", "study_proof_for", "study_makeup_back", "study_makeup_read", "study_makeups_more", "study_quiz", "study_quiz_drop", "undo"} {
		for _, value := range []string{"", "0", "-1", "99999", "x@y", "study:1", "makeup_back:99999"} {
			if out := s.As(lei).PressValue(s.latest(lei, w.title), action, value); !out.Acked {
				s.t.Errorf("%s with %q is not acknowledged: %s", action, value, out.Refused)
			}
		}
	}
}

// latest is the last message about something that somebody has.
func (s *story) latest(user, what string) sandbox.Message {
	s.t.Helper()
	all := s.about(user, what)
	if len(all) == 0 {
		s.t.Fatalf("%s has nothing about %s", user, what)
	}
	return all[len(all)-1]
}

// Away for three weeks: one question, one answer, and back with a press.
func TestAnExcuseUntilADay(t *testing.T) {
	t.Parallel()
	type said struct{ line, title, asked, ask, given, back, due string }
	for lang, w := range map[string]said{
		"zh": {"学习 读书 | 时间: 每周三 19:30 | 范围: <#C900> | 提前: 1h", "读书", "已请假到 周三 12月16日，等负责人答复。", "一直请到 周三 12月16日", "已准假，到 周三 12月16日 为止都不用参加。", "我提前回来了", "我会来"},
		"en": {"study Reading | when: every Wed 19:30 | for: <#C900> | remind: 1h", "Reading", "You asked to be excused until Wed 16 Dec; the leader will answer.", "Until Wed 16 Dec", "You are excused until Wed 16 Dec", "I'm back earlier", "I'll be there"},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			s.plans(w.line)
			s.at("2026-11-25 18:30")
			first := s.told(wei, w.title, 1)
			s.presses(wei, first, "study_excuse")
			if out := s.fills(wei, "study_excuse", map[string]any{"reason": "住院", "until": "2026-11-01"}); out.Errors["until"] == "" {
				t.Errorf("a day that is past: %+v", out)
			}
			s.sends(wei, map[string]any{"reason": "住院", "until": "2026-12-16"})
			s.shows(first, w.asked)
			ask := s.gets(leader, w.ask, "住院")
			s.As(lei).PressValue(s.told(lei, w.title, 1), "study_excuse_yes", ask.Buttons()[0].Value)
			s.shows(first, w.asked) // members excuse nobody
			s.presses(leader, ask, "study_excuse_yes")
			s.shows(first, w.given, w.back)
			s.at("2026-12-02 18:30")
			s.at("2026-12-09 18:30")
			s.told(wei, w.title, 1)
			s.told(lei, w.title, 3)
			s.presses(wei, first, "study_leave_end")
			s.at("2026-12-16 18:30")
			s.shows(s.told(wei, w.title, 2), w.due)
			var states []string
			for _, row := range s.exported("attendance") {
				if row["user_id"] == wei {
					states = append(states, row["state"])
				}
			}
			if strings.Join(states, " ") != "excused excused due due due" && strings.Join(states, " ") != "excused excused due due" {
				t.Errorf("the record: %v", states)
			}
		})
	}
}
