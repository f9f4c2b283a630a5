package main

import (
	"strings"
	"testing"

	"muster/models"
	"muster/sandbox"
	"muster/services"
)

// libraryWords are what the library's story says in one language.
type libraryWords struct {
	unit, add, twice, bad, member, list, nothing, find, push, room  string
	added, again, refused, only, found, none                        []string
	pushed, invite, noted, done, receipt, opened, final, who, wrong []string
	session, sessionSays, item, own, deleted, back                  []string
}

func librarySpeaks() map[string]libraryWords {
	return map[string]libraryWords{
		"zh": {unit: "城东骑手", add: "学习 材料 加 骑手服务案例 | 链接: https://example.org/cases?a=1&b=2 | 标签: 案例, 安全",
			twice: "学习 材料 加 另一份 | 链接: http://www.example.org/cases/?a=1&b=2", bad: "学习 材料 加 骗子 | 链接: javascript:alert(1)",
			member: "学习 材料 加 我的 | 链接: https://example.org/mine", list: "学习 材料", find: "学习 材料 #安全", nothing: "学习 材料 防汛",
			push: "学习 推送 b1 | 范围: 城东骑手 | 截止: 周五 | 学时: 0.5", room: "学习 支部学习 | 时间: 周六 9:00 | 范围: <#C900> | 链接: b1",
			added: []string{"已加进材料库。", "骑手服务案例", "b1", "#案例 #安全"}, again: []string{"这个链接已经在材料库里：b1 骑手服务案例"},
			refused: []string{"不是链接", "https://example.com/a.pdf"}, only: []string{"只有组织者"}, found: []string{"骑手服务案例", "b1"}, none: []string{"材料库里没有“防汛”"},
			pushed: []string{"已推送：骑手服务案例（b1 → #s1）", "周五 11月27日 18:00 前看完", "计 0.5 学时", "提醒 城东骑手，3 人", "最早就是现在", "在私信里告诉你和负责人"},
			invite: []string{"周五 11月27日 18:00 前完成 骑手服务案例", "点“打开材料”会记下时间，推送的人和负责人看得到。", "打开材料", "完成"},
			noted:  []string{"你 周一 11月23日 10:00 打开过，已记下"}, done: []string{"已完成"},
			receipt: []string{"材料 骑手服务案例（#s1） · 城东骑手 · 周五 11月27日 18:00 截止", "打开 0/3 人，完成 0/3 人，3 人还没看"}, opened: []string{"打开 1/3 人，完成 1/3 人，2 人还没看"},
			final: []string{"已到截止时间：打开 1/3 人，完成 1/3 人，2 人还没看"}, who: []string{"打开 1 人", "刘洋", "已完成", "还没看 2 人"},
			wrong: []string{"只有推送的人和负责人可以看谁打开了"}, session: []string{"|骑手服务案例>"}, sessionSays: []string{"支部学习", "材料：骑手服务案例。点开会记下你打开过。"},
			item: []string{"骑手服务案例", "b1", "#s1 · 城东骑手 · 周五 11月27日 18:00 截止", "打开 1/3 人"}, own: []string{"你：周一 11月23日 10:00 打开"},
			deleted: []string{"已从材料库删除：骑手服务案例（b1）"}, back: []string{"已放回材料库。"}},
		"en": {unit: "East couriers", add: "study library add Courier cases | link: https://example.org/cases?a=1&b=2 | tags: cases, safety",
			twice: "study library add Another | link: http://www.example.org/cases/?a=1&b=2", bad: "study library add Trick | link: javascript:alert(1)",
			member: "study library add Mine | link: https://example.org/mine", list: "study library", find: "study library #safety", nothing: "study library flood",
			push: "study push b1 | for: East couriers | by: Fri | hours: 0.5", room: "study Branch evening | when: Sat 9:00 | for: <#C900> | link: b1",
			added: []string{"Added to the library.", "Courier cases", "b1", "#cases #safety"}, again: []string{"This link is in the library already: b1 Courier cases"},
			refused: []string{"is not a link", "https://example.com/a.pdf"}, only: []string{"Only organizers"}, found: []string{"Courier cases", "b1"}, none: []string{"Nothing in the library for “flood”"},
			pushed: []string{"Pushed: Courier cases (b1 → #s1)", "To be read by Fri 27 Nov 18:00", "counts 0.5 hours", "Reminds East couriers, 3 people", "now at the earliest", "comes to you and the leader"},
			invite: []string{"Due Fri 27 Nov 18:00: Courier cases", "We note when you open it; who sent it and the leader see it.", "Open the material", "Done"},
			noted:  []string{"You opened it Mon 23 Nov 10:00"}, done: []string{"Done Mon 23 Nov"},
			receipt: []string{"Material Courier cases (#s1) · East couriers · due Fri 27 Nov 18:00", "Opened 0 of 3, done 0 of 3, neither 3"}, opened: []string{"Opened 1 of 3, done 1 of 3, neither 2"},
			final: []string{"It is due now: Opened 1 of 3, done 1 of 3, neither 2"}, who: []string{"Opened by 1", "刘洋", "done", "Neither, 2"},
			wrong: []string{"Only who pushed it and the leader can see who opened it"}, session: []string{"|Courier cases>"}, sessionSays: []string{"Branch evening", "Material: Courier cases. Opening it here is noted."},
			item: []string{"Courier cases", "b1", "#s1 · East couriers · due Fri 27 Nov 18:00", "Opened 1 of 3"}, own: []string{"You: opened Mon 23 Nov 10:00"},
			deleted: []string{"Deleted from the library: Courier cases (b1)"}, back: []string{"Back in the library."}},
	}
}

// Material from the line that adds it to the receipt at its due date: who leads
// the unit, a member who reads it, one who does not, and somebody curious.
func TestMaterialFromTheLibraryToTheReceipt(t *testing.T) {
	t.Parallel()
	for lang, w := range librarySpeaks() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace())
			err := s.app.svc.Enrol(t.Context(), s.TeamID(), []services.UnitRow{{Name: w.unit, Type: "branch", Leader: "U002"}}, []services.MemberRow{
				{Slack: "U002", Name: "张伟", Unit: w.unit, Duty: models.DutyLeader}, {Slack: wei, Name: "刘洋", Unit: w.unit, Duty: models.DutyMember},
				{Slack: lei, Name: "孙磊", Unit: w.unit, Duty: models.DutyMember}})
			if err != nil {
				t.Fatal(err)
			}
			s.libraryFilled(w)
			s.materialPushed(w)
			s.materialReceipted(w)
			s.materialInASession(w)
		})
	}
}

// libraryFilled: an item is added, found, and refused where it cannot be.
func (s *story) libraryFilled(w libraryWords) {
	s.t.Helper()
	s.answer(wei, sampleLobby, w.member, w.only...)
	s.answer(leader, sampleLobby, w.bad, w.refused...)
	s.answer(leader, sampleLobby, w.add, w.added...)
	s.answer(leader, sampleLobby, w.twice, w.again...)
	s.answer(wei, sampleLobby, w.list, w.found...)
	s.answer(lei, sampleLobby, w.find, w.found...)
	s.answer(wei, sampleLobby, w.nothing, w.none...)
}

// materialPushed: each member gets it at once, opens it by themselves and is
// done; who pushed it and the leader see the numbers in one message each.
func (s *story) materialPushed(w libraryWords) {
	s.t.Helper()
	s.answer(leader, sampleLobby, w.push, w.pushed...)
	s.settles()
	mine := s.gets(wei, w.invite...)
	pusher, unit := s.gets(leader, w.receipt...), s.gets("U002", w.receipt...)
	for _, curious := range []string{wei, lei} {
		if got := s.about(curious, w.receipt[1]); len(got) != 0 {
			s.t.Errorf("%s reads the receipt: %s", curious, texts(got))
		}
	}
	s.presses(wei, mine, s.button(mine, "study_open"))
	s.shows(mine, w.noted...)
	s.presses(wei, mine, "study_done")
	s.shows(mine, w.done...)
	s.shows(pusher, w.opened...)
	s.shows(unit, w.opened...)
	if other, _ := s.Message(pusher.Channel, pusher.TS); other.Channel != pusher.Channel || len(s.about(leader, "#s1")) != 1 {
		s.t.Errorf("the receipt was sent anew: %s", texts(s.about(leader, "#s1")))
	}
	// Another's row under one's own button opens nothing.
	theirs := s.gets(lei, w.invite...)
	if b, ok := theirs.Button(s.button(theirs, "study_open")); !ok {
		s.t.Errorf("no button in %s", theirs.AllText())
	} else {
		s.As(wei).PressValue(mine, s.button(mine, "study_open"), b.Value)
	}
	s.settles()
	s.shows(pusher, w.opened...)
	s.presses(leader, pusher, s.button(pusher, "library_readers"))
	s.whispers(leader, pusher.Channel, w.who...)
	s.answer(leader, sampleLobby, map[bool]string{true: "学习 s1 名单", false: "study s1 who"}[w.unit == "城东骑手"], w.who...)
	s.answer(lei, sampleLobby, "study s1 who", w.wrong...)
	s.answer(leader, sampleLobby, "study library b1", w.item...)
	s.answer(wei, sampleLobby, "study library b1", w.own...)
}

// materialReceipted: after a restart, at the due date, the numbers come once
// more with a sound; the message before is a line.
func (s *story) materialReceipted(w libraryWords) {
	s.t.Helper()
	first := s.about(leader, "#s1")[0]
	s.halt()
	s.begin()
	s.at("2026-11-26 18:00")
	if got := s.about(wei, w.invite[0]); len(got) != 1 {
		s.t.Errorf("who is done is reminded: %s", texts(got))
	}
	if got := s.about(lei, w.invite[0]); len(got) != 2 {
		s.t.Errorf("who is not done has %d messages: %s", len(got), texts(got))
	}
	s.at("2026-11-27 18:00")
	s.gets(leader, w.final...)
	s.gets("U002", w.final...)
	s.buttons(first)
}

// materialInASession: a session names the item by its number; deleted, it is
// out of the library and comes back.
func (s *story) materialInASession(w libraryWords) {
	s.t.Helper()
	s.answer(leader, sampleLobby, w.room, w.session...)
	s.at("2026-11-28 08:30")
	s.gets(wei, w.sessionSays...)
	shown := s.says(leader, sampleLobby, "study library b1").Response
	s.presses(leader, *shown, s.buttonNamed(*shown, "library_delete"))
	gone := s.whispers(leader, sampleLobby, w.deleted...)
	if got := s.answer(wei, sampleLobby, w.list); strings.Contains(got, w.found[0]) {
		s.t.Errorf("deleted, it stands in the list: %s", got)
	}
	s.presses(leader, gone, "undo")
	s.whispers(leader, sampleLobby, w.back...)
	s.answer(wei, sampleLobby, w.list, w.found...)
}

// buttonNamed is the id of the first button of an answer that begins with action.
func (s *story) buttonNamed(m sandbox.Message, action string) string {
	s.t.Helper()
	for _, b := range m.Buttons() {
		if strings.HasPrefix(b.ActionID, action) {
			return b.ActionID
		}
	}
	s.t.Fatalf("no button %s in %s", action, m.AllText())
	return ""
}

// Without a line typed: the form adds an item, and sends it to a unit.
func TestTheLibraryByHand(t *testing.T) {
	t.Parallel()
	s := reading(t, "zh", atAnyPace())
	s.says(leader, sampleLobby, "学习 材料 加")
	form, ok := s.As(leader).View()
	if !ok || form.CallbackID != "library" {
		t.Fatalf("no form: %+v", form)
	}
	if out := s.As(leader).Submit(form, map[string]any{"title": "骑手服务案例", "link": "example.org", "tags": "案例"}); !strings.Contains(out.Errors["link"], "不是链接") {
		t.Errorf("a link that is none: %v", out.Errors)
	}
	if out := s.As(leader).Submit(form, map[string]any{"title": "骑手服务案例", "link": "https://example.org/a", "tags": "案例，安全"}); !out.Acked {
		t.Fatalf("not taken: %s", out.Refused)
	}
	item := s.gets(leader, "已加进材料库。", "#案例 #安全")
	s.presses(leader, item, s.button(item, "library_push"))
	push, ok := s.As(leader).View()
	if !ok || push.CallbackID != "library_push" {
		t.Fatalf("no form: %+v", push)
	}
	if out := s.As(leader).Submit(push, map[string]any{"for": "all", "by": "昨天"}); !strings.Contains(out.Errors["by"], "已经过去") {
		t.Errorf("a day that is past: %v", out.Errors)
	}
	if out := s.As(leader).Submit(push, map[string]any{"for": "all", "by": "周五 20:00"}); !out.Acked {
		t.Fatalf("not taken: %s", out.Refused)
	}
	s.gets(leader, "已推送：骑手服务案例（b1 → #s1）", "周五 11月27日 20:00 前看完", "全体成员")
}
