package main

import (
	"testing"

	"muster/sandbox"
)

// seriesWords is what people write and read while a leader runs a series.
type seriesWords struct {
	form, title, weekly, slot, place string
	opened                           []string
	reminded, full, another          string
	picked, who                      []string
	editOne, ownPlace                string
	moved, back                      []string
	skipLine                         string
	skipped, again                   string
	later                            string
	editAll, editedAll, onlyNext     string
	plan                             string
	posted                           []string
	vague, askClock, askFor          string
	nightRead                        []string
	upstairs, wholeSeries, formOne   string
}

var seriesTold = map[string]seriesWords{
	"zh": {form: "学习", title: "骑手服务案例", weekly: "每周三 19:30", slot: "周六 15:00", place: "一楼",
		opened:   []string{"已安排学习：*骑手服务案例*（#s1）", "每周三 19:30，接下来：周三 11月25日 19:30", "也可以选：周六 11月28日 15:00–16:00", "1 个名额", "成员会收到我的私信"},
		reminded: "周三 11月25日 19:30", full: "名额都满了", another: "周六 11月28日 15:00–16:00，还剩 1 个",
		picked: []string{"好的，15:00 见"}, who: []string{"周三 11月25日 19:30–20:30，1 人来，已满：<@U006>", "周六 11月28日 15:00–16:00，1 人来，已满：<@U010>"},
		editOne: "学习 s1 修改 只改 11月25日 地点：二楼", ownPlace: "地点改了：二楼",
		moved: []string{"时间改了：周三 11月25日 19:30 → 周三 11月25日 20:00", "还能来吗？"}, back: []string{"时间改了：周三 11月25日 20:00 → 周三 11月25日 19:30"},
		skipLine: "学习 s1 跳过 12月9日", skipped: "12月9日 19:30 这一次跳过了", again: "这一次照常", later: "周三 12月16日 19:30–20:30",
		editAll: "学习 s1 修改 标题：服务案例二", editedAll: "以后每一次都改了", onlyNext: "只改了 周三 11月25日 19:30 这一次：改名为“服务案例二”",
		plan: "学习 计划 12月", posted: []string{"学习计划 · 2026年12月", "*周三 12月2日 19:30* 骑手服务案例 #s1", "~*周三 12月16日 19:30* 骑手服务案例 #s1~ · 跳过", "没有安排学习的周：周一 12月14日到周日 12月20日"},
		vague: "学习 夜读 | 时间: 周五", askClock: "“周五”没有写几点", askFor: "这次学习给谁？", nightRead: []string{"已安排学习：*夜读*（#s2）", "周五 11月27日 19:30–20:30"},
		upstairs: "三楼", wholeSeries: "整个系列", formOne: "只改了 周三 12月2日 19:30 这一次：地点 三楼"},
	"en": {form: "study", title: "Courier service cases", weekly: "every Wed 19:30", slot: "Sat 15:00", place: "1st floor",
		opened:   []string{"Study set up: *Courier service cases* (#s1)", "every Wed, 19:30; next: Wed 25 Nov 19:30", "Other times to choose: Sat 28 Nov, 15:00–16:00", "1 place", "Members get it from me in a direct message"},
		reminded: "Wed 25 Nov 19:30", full: "place is taken", another: "Sat 28 Nov, 15:00–16:00, 1 left",
		picked: []string{"See you at 15:00"}, who: []string{"Wed 25 Nov, 19:30–20:30, 1 coming, full: <@U006>", "Sat 28 Nov, 15:00–16:00, 1 coming, full: <@U010>"},
		editOne: "study s1 edit only 25 Nov: where: 2nd floor", ownPlace: "The place changed: 2nd floor",
		moved: []string{"The time changed: Wed 25 Nov 19:30 → Wed 25 Nov 20:00", "Can you still come?"}, back: []string{"The time changed: Wed 25 Nov 20:00 → Wed 25 Nov 19:30"},
		skipLine: "study s1 skip 9 Dec", skipped: "Wed 9 Dec 19:30 is skipped", again: "takes place after all", later: "Wed 16 Dec, 19:30–20:30",
		editAll: "study s1 edit title: Cases, part 2", editedAll: "Changed for all sessions from now on", onlyNext: "only Wed 25 Nov 19:30: now called “Cases, part 2”",
		plan: "study plan 2026-12", posted: []string{"Study plan, December 2026", "*Wed 2 Dec 19:30* Courier service cases #s1", "~*Wed 16 Dec 19:30* Courier service cases #s1~ · skipped", "Weeks without a session: Mon 14 Dec–Sun 20 Dec"},
		vague: "study Night reading | when: Fri", askClock: "“Fri” has no time of day", askFor: "For whom is this study?", nightRead: []string{"Study set up: *Night reading* (#s2)", "Fri 27 Nov, 19:30–20:30"},
		upstairs: "3rd floor", wholeSeries: "whole series", formOne: "only Wed 2 Dec 19:30: where: 3rd floor"},
}

// A leader opens a series by the form, its times fill up, one session is
// edited, moved and skipped by line and by hand, each with its undo, and the
// month's plan goes to a channel.
func TestALeaderRunsASeries(t *testing.T) {
	t.Parallel()
	for lang, w := range seriesTold {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace())
			s.leaderOpens(w)
			s.slotsFill(w)
			s.oneIsEdited(w)
			s.oneIsMoved(w)
			s.oneIsSkipped(w)
			s.monthIsPosted(w)
			s.vagueIsAskedBack(w)
		})
	}
}

// theForm is the form that somebody has open.
func (s *story) theForm(user string) sandbox.View {
	s.t.Helper()
	view, ok := s.As(user).View()
	if !ok {
		s.t.Fatalf("%s has no form open", user)
	}
	return view
}

func (s *story) leaderOpens(w seriesWords) {
	s.t.Helper()
	s.says(leader, sampleLobby, w.form)
	if out := s.As(leader).PressIn(s.theForm(leader), "study_more"); !out.Acked {
		s.t.Fatalf("More: %+v", out)
	}
	s.waits("the rest of the form", func() bool {
		v, ok := s.As(leader).View()
		return ok && len(v.Blocks) > 8
	})
	values := map[string]any{"title": w.title, "when": w.weekly, "room": group, "where": w.place, "slots": w.slot, "capacity": "1"}
	wrong := map[string]any{"title": w.title, "when": "25:00", "capacity": "-1"}
	if out := s.As(leader).Submit(s.theForm(leader), wrong); out.Errors["when"] == "" || out.Errors["capacity"] == "" {
		s.t.Errorf("faults stand at their fields: %+v", out.Errors)
	}
	s.sends(leader, values)
	s.gets(leader, w.opened...)
	s.settles()
}

// slotsFill: one has the only place on Wednesday, the other is offered Saturday.
func (s *story) slotsFill(w seriesWords) {
	s.t.Helper()
	s.at("2026-11-24 19:30")
	s.presses(wei, s.gets(wei, w.reminded), "study_attend")
	s.settles()
	theirs := s.gets(lei, w.reminded)
	if _, may := s.asItStands(theirs).Button("study_attend"); may {
		s.t.Error("the last place is offered twice")
	}
	s.presses(lei, theirs, "study_slot")
	choice := s.whispers(lei, s.DM(lei), w.another)
	s.As(lei).Press(choice, "study_slot_to:1")
	s.settles()
	s.shows(theirs, w.picked...)
	s.answer(leader, sampleLobby, "study s1", w.who...)
}

// asItStands is a message as it now stands.
func (s *story) asItStands(m sandbox.Message) sandbox.Message {
	now, ok := s.Message(m.Channel, m.TS)
	if !ok {
		return m
	}
	return now
}

// oneIsEdited: another place this once, which who comes hears of; a title for
// the series that was meant for one.
func (s *story) oneIsEdited(w seriesWords) {
	s.t.Helper()
	s.answer(leader, sampleLobby, w.editOne)
	s.settles()
	s.gets(wei, w.ownPlace)
	s.gets(lei, w.ownPlace)
	out := s.says(leader, sampleLobby, w.editAll)
	if !hasAll(out.Response.AllText(), []string{w.editedAll}) {
		s.t.Errorf("answered %s", out.Response.AllText())
	}
	s.halt() // the question under the edit survives a restart
	s.begin()
	s.As(leader).Press(*out.Response, "study_only_next")
	s.whispers(leader, sampleLobby, w.onlyNext)
	s.settles()
	// By the form, for the second of December alone.
	shown := s.says(leader, sampleLobby, "study s1")
	s.As(leader).Press(*shown.Response, "study_edit")
	view := s.theForm(leader)
	one := radioOf(s.t, view, "scope", 2)
	if out := s.As(leader).Submit(view, map[string]any{"scope": one, "capacity": "9"}); !hasAll(out.Errors["capacity"], []string{w.wholeSeries}) {
		s.t.Errorf("places for one session: %+v", out)
	}
	s.sends(leader, map[string]any{"scope": one, "capacity": "1", "where": w.upstairs})
	s.gets(leader, w.formOne)
}

// radioOf is the value of the n-th choice of a field.
func radioOf(t testing.TB, v sandbox.View, block string, n int) string {
	t.Helper()
	for _, b := range v.Blocks {
		if b["block_id"] != block {
			continue
		}
		element, _ := b["element"].(map[string]any)
		options, _ := element["options"].([]any)
		if n < len(options) {
			option, _ := options[n].(map[string]any)
			value, _ := option["value"].(string)
			return value
		}
	}
	t.Fatalf("no choice %d in %s", n, block)
	return ""
}

// oneIsMoved by hand; who comes is asked anew, and again when it is taken back.
func (s *story) oneIsMoved(w seriesWords) {
	s.t.Helper()
	shown := s.says(leader, sampleLobby, "study s1")
	s.As(leader).Press(*shown.Response, "study_move_one")
	s.sends(leader, map[string]any{"when": "20:00"})
	s.settles()
	s.gets(wei, w.moved...)
	said := s.gets(leader, "20:00")
	s.presses(leader, said, "undo")
	s.settles()
	s.gets(wei, w.back...)
}

// oneIsSkipped by line, and taken back; another one by hand.
func (s *story) oneIsSkipped(w seriesWords) {
	s.t.Helper()
	out := s.says(leader, sampleLobby, w.skipLine)
	if !hasAll(out.Response.AllText(), []string{w.skipped}) {
		s.t.Errorf("answered %s", out.Response.AllText())
	}
	s.As(leader).Press(*out.Response, "undo")
	s.whispers(leader, sampleLobby, w.again)
	shown := s.says(leader, sampleLobby, "study s1")
	s.As(leader).Select(*shown.Response, "study_later", optionOf(s.t, *shown.Response, "study_later", 2))
	later := s.whispers(leader, sampleLobby, w.later)
	s.As(leader).Press(later, "study_skip")
	s.settles()
}

func (s *story) monthIsPosted(w seriesWords) {
	s.t.Helper()
	out := s.says(leader, sampleLobby, w.plan)
	if !hasAll(out.Response.AllText(), w.posted) {
		s.t.Errorf("answered %s\nwithout %q", out.Response.AllText(), w.posted)
	}
	s.As(leader).Select(*out.Response, "study_month_post", sampleLobby)
	s.sees(sampleLobby, w.posted...)
}

// vagueIsAskedBack: a date without a time, in a direct message: two presses.
func (s *story) vagueIsAskedBack(w seriesWords) {
	s.t.Helper()
	out := s.says(leader, s.DM(leader), w.vague)
	if !hasAll(out.Response.AllText(), []string{w.askClock}) {
		s.t.Fatalf("answered %s", out.Response.AllText())
	}
	for _, b := range out.Response.Buttons() {
		if b.Text == "19:30" {
			s.As(leader).Press(*out.Response, b.ActionID)
		}
	}
	question := s.whispers(leader, s.DM(leader), w.askFor)
	s.halt()
	s.begin()
	s.As(leader).Select(question, "study_draft_room", group)
	s.whispers(leader, s.DM(leader), w.nightRead...)
}
