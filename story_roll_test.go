package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox"
)

// rollWords are what a session from its code to its roll says in one language.
type rollWords struct {
	line, second                                                       string
	code, in, late, self, walkIn, again, refused, who, held, wrote     string
	saidLate, saidExcused, contest, told, agreed, missing, notHeld, no string
	lateOn, excusedOn, reason, title, asked                            string
}

var rolls = map[string]rollWords{
	"zh": {line: "学习 骑手服务案例 | 时间: 周三 19:30 | 范围: <#C900> | 补学: 3d", second: "学习 安全条例 | 时间: 周四 19:30 | 范围: <#C900> | 补学: 2d",
		code: "的签到码：", in: "已签到 19:20，1 学时", late: "迟到 12 分钟", self: "记为自己报到", walkIn: "从别处来的", again: "你已经签到了", refused: "<@U001>",
		who: "现场签到 3 人，自己报到 1 人，其中迟到 3 人，其中从别处来的 1 人", held: "有人用签到码签到，记为已开展", wrote: "点名记下：到 1 人，迟到 1 人，请假 1 人",
		saidLate: "陈琳 点名记你迟到 20 分钟", saidExcused: "陈琳 点名记你请假", contest: "不对", told: "点名有误", agreed: "其实没错",
		missing: "这次没有看到你签到", notHeld: "记为没有开展", no: "不用补", lateOn: "20", excusedOn: "家里有事", reason: "备注：家里有事", title: "骑手服务案例", asked: "安全条例：周四 11月26日 19:30 的学习开展了吗"},
	"en": {line: "study Courier cases | when: Wed 19:30 | for: <#C900> | makeup: 3d", second: "study Safety rules | when: Thu 19:30 | for: <#C900> | makeup: 2d",
		code: "On-site code", in: "Checked in 19:20, 1 hour", late: "12 minutes late", self: "Recorded as self-reported", walkIn: "from elsewhere", again: "You had checked in already", refused: "<@U001>",
		who: "3 by code on site, 1 self-reported, 3 of them late, 1 of them from elsewhere", held: "somebody used its check-in code", wrote: "The roll has: 1 there, 1 late, 1 excused",
		saidLate: "put you on the roll as 20 minutes late", saidExcused: "put you on the roll as excused", contest: "Not right", told: "is wrong", agreed: "It is right",
		missing: "We have no check-in from you", notHeld: "recorded as not held", no: "nothing to make up", lateOn: "20 min", excusedOn: "family", reason: "Note: family", title: "Courier cases", asked: "Safety rules: did the Thu 26 Nov 19:30 session take place?"},
}

// The group of the story: wei and lei check in by code, one of them late, button
// by button, and those the leader looks at; walker is in no group.
const (
	presser = "U011"
	tardy   = "U012"
	onLeave = "U013"
	nowhere = "U015"
	walker  = "U021"
)

// A session from its code to its roll, its make-up and its record; then one that
// did not take place.
func TestASessionFromItsCodeToItsRoll(t *testing.T) {
	t.Parallel()
	for lang, w := range rolls {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace(), withPeople(func(w *sandbox.World) {
				for _, p := range samplePeople() {
					if lang == "en" {
						w.UpdateUser(sampleUser(p, "en"))
					}
				}
				w.AddChannel(sandbox.Channel{ID: group, Name: "reading", Members: []string{w.BotUserID(), wei, lei, presser, tardy, onLeave, nowhere}})
			}))
			s.plans(w.line)
			s.says(leader, sampleLobby, w.second)
			s.checkIns(w)
			s.leaderLooks(w)
			s.membersSee(w)
			s.notTakenPlace(w)
		})
	}
}

// code asks for the code of s1 and reads it.
func (s *story) studyCode(word string) string {
	s.t.Helper()
	shown := s.answer(leader, sampleLobby, "study s1 code", word)
	code := shownCode.FindString(shown)
	if code == "" {
		s.t.Fatalf("no code in %q", shown)
	}
	return code
}

func (s *story) checkIns(w rollWords) {
	s.t.Helper()
	s.at("2026-11-25 19:20")
	s.answer(wei, sampleLobby, "study s1 code", w.refused)
	code := s.studyCode(w.code)
	s.writes(wei, strings.ToLower(code), w.in)
	s.answered(wei, sampleLobby, "checkin "+code, w.again)
	s.at("2026-11-25 19:42")
	code = s.studyCode(w.code)
	s.writes(lei, code, w.late)
	s.writes(walker, code, w.walkIn)
	mine := s.about(presser, w.title)
	s.presses(presser, mine[len(mine)-1], "study_checkin")
	s.shows(mine[len(mine)-1], w.self)
	s.answer(leader, sampleLobby, "study s1 who", w.who)
}

// leaderLooks takes the roll: the one who pressed the button is confirmed, one
// came late, one is excused, one is left alone.
func (s *story) leaderLooks(w rollWords) {
	s.t.Helper()
	s.at("2026-11-25 21:30")
	asked := s.gets(leader, w.held)
	s.answer(wei, sampleLobby, "study s1 roll <@U012>", w.refused)
	s.presses(leader, asked, "study_roll")
	view := s.openRoll(leader, func(v sandbox.View) bool { return len(s.marksOn(v)) == 4 })
	values := map[string]any{}
	for block, who := range s.marksOn(view) {
		note := "note:" + strings.Split(block, ":")[1]
		switch {
		case strings.HasPrefix(who, "周涛"), strings.HasPrefix(who, "Zhou Tao"):
			values[block] = "came"
		case strings.HasPrefix(who, "吴霞"), strings.HasPrefix(who, "Wu Xia"):
			values[block], values[note] = "late", w.lateOn
		case strings.HasPrefix(who, "郑凯"), strings.HasPrefix(who, "Zheng Kai"):
			values[block], values[note] = "excused", w.excusedOn
		}
	}
	if len(values) != 5 {
		s.t.Fatalf("not on the roll: %v", s.marksOn(view))
	}
	if out := s.As(leader).Submit(view, values); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("the roll is not taken: %+v", out)
	}
	s.rests()
	s.gets(leader, w.wrote)
}

// marksOn are the fields of the roll in which somebody is decided on, with
// their label.
func (s *story) marksOn(v sandbox.View) map[string]string {
	out := map[string]string{}
	for _, b := range v.Blocks {
		id, _ := b["block_id"].(string)
		label, _ := b["label"].(map[string]any)
		if text, _ := label["text"].(string); strings.HasPrefix(id, "mark:") {
			out[id] = text
		}
	}
	return out
}

// membersSee: each sees what the roll has of them; one says that it is wrong and
// takes it back.
func (s *story) membersSee(w rollWords) {
	s.t.Helper()
	late := s.gets(tardy, w.saidLate)
	s.gets(onLeave, w.saidExcused, w.reason)
	s.gets(nowhere, w.missing)
	s.presses(tardy, late, "study_contest")
	s.rests()
	s.gets(leader, w.told)
	for _, row := range s.exported("attendance") {
		if row["user_id"] == tardy && row["study_id"] == "s1" && row["hours"] != "0.00" {
			s.t.Errorf("what is contested counts: %v", row)
		}
	}
	s.presses(tardy, late, "study_agree")
	s.rests()
}

// notTakenPlace: the next day's session is said not to have taken place, and
// when both make-ups have closed one person is absent from one.
func (s *story) notTakenPlace(w rollWords) {
	s.t.Helper()
	s.at("2026-11-26 21:30")
	asked := s.gets(leader, w.asked)
	s.presses(leader, asked, "study_not_held")
	s.gets(leader, w.notHeld)
	s.gets(nowhere, w.no)
	s.at("2026-11-30 12:00")
	got := map[string]string{}
	for _, row := range s.exported("attendance") {
		got[row["study_id"]+" "+row["user_id"]] = row["state"] + " " + row["hours"] + " " + row["late_entry"]
	}
	want := map[string]string{"s1 " + wei: "attended 1.00 no", "s1 " + lei: "attended 1.00 no", "s1 " + presser: "attended 1.00 no", "s1 " + tardy: "attended 1.00 no",
		"s1 " + onLeave: "excused 0.00 no", "s1 " + nowhere: "absent 0.00 no", "s1 " + walker: "attended 1.00 no"}
	for _, who := range []string{wei, lei, presser, tardy, onLeave, nowhere} {
		want["s2 "+who] = "due 0.00 no"
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("export attendance (-want +got):\n%s", diff)
	}
}
