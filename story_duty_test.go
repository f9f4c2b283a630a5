package main

import (
	"strings"
	"testing"

	"muster/sandbox"
)

// dutyWords are what the duties of a unit look like in one language.
type dutyWords struct {
	preset, list, enterLine, held, unitGaps, delete   string // what people write and press
	none, offered, taken, scoped                      []string
	due, planned, late, corrected, undone             []string
	entered, told, toldPlanned, toldLate, done, shown []string
	missing, gap, refused, again                      []string
	meeting, committee, when, day                     string
}

var dutyStories = map[string]dutyWords{
	"zh": {preset: "duty_preset:party", list: "学习 组织生活", enterLine: "学习 组织生活 补录 主题党日 11月18日 在活动室", held: "学习 s1 已开展", unitGaps: "组织 空白",
		delete: "学习 组织生活 删除 党小组会",
		none:   []string{"还没有设组织生活的要求。请管理员来设：<@U001>"}, offered: []string{"设好之前谁也不会收到提醒", "党员大会 每季度、支委会 每月", "之后都可以改"},
		taken: []string{"已设 7 项", "党员大会", "每季度一次 · 类型：支部，5 个", "民主评议", "之后都可以改"}, scoped: []string{"不再要求：党小组会", "以前的记录都还在"},
		due:     []string{"外卖骑手支部 · 组织生活", "党员大会", "每季度一次 · 第四季度，到 周四 12月31日", "还没有安排", "主题党日"},
		planned: []string{"已安排学习：", "党员大会", "周日 12月20日 19:30", "计入：党员大会（每季度一次）"},
		late:    []string{"已补录：外卖骑手支部 · 主题党日，周三 11月18日（补录于 周一 11月23日 10:00），在活动室", "11月：1/1"},
		undone:  []string{"已撤销这条登记：外卖骑手支部 · 主题党日，周三 11月18日", "11月：0/1"}, corrected: []string{"已更正：外卖骑手支部 · 主题党日，周四 11月19日（先前登记于 周一 11月23日 10:00）"},
		entered: []string{"已安排：周日 12月20日 19:30（#s1）", "已开展 1/1：周四 11月19日（补录于 周一 11月23日 10:00，张伟），在活动室"},
		told:    []string{"外卖骑手支部：还有 1 项组织生活没有安排", "支委会", "还没有安排"}, toldPlanned: []string{"外卖骑手支部：这几项组织生活都安排好了"}, toldLate: []string{"外卖骑手支部：还有 5 项组织生活没有安排", "支委会", "党课", "组织生活会", "民主评议"},
		done: []string{"记为已开展"}, shown: []string{"已开展 1/1：周日 12月20日 19:30（#s1）"},
		missing: []string{"没有记录：支委会（12月）、主题党日（12月）、党课（第四季度", "民主评议（2026年）", "在别处开展过的，可以补录"},
		gap:     []string{"外卖骑手支部：没有记录：支委会（2026年12月）"}, refused: []string{"<@U002>"}, again: []string{"周四 11月19日 的“主题党日”已经有记录了"},
		meeting: "党员大会", committee: "支委会", when: "12月20日 19:30", day: "主题党日"},
	"en": {preset: "duty_preset:team", list: "study duties", enterLine: "study duties held Study day 18 Nov in the hall", held: "study s1 held", unitGaps: "unit gaps",
		delete: "study duties add Visit | every year | for: Drivers' branch",
		none:   []string{"No duties are set yet. An admin can set them: <@U001>"}, offered: []string{"until then nobody is reminded of any", "Members' meeting quarterly, Committee meeting monthly", "can be changed at any time"},
		taken: []string{"3 duties set", "Members' meeting", "once a quarter · all units (5)", "Study day", "can be changed at any time"}, scoped: []string{"Set: ", "Visit", "once a year · Drivers' branch", "from 2026 on"},
		due:     []string{"Couriers' branch · duties", "Members' meeting", "once a quarter · Q4, until Thu 31 Dec", "No plan yet", "Study day"},
		planned: []string{"Members' meeting", "Sun 20 Dec, 19:30", "Counts for: Members' meeting (once a quarter)"},
		late:    []string{"Entered: Couriers' branch · Study day, Wed 18 Nov (entered later, Mon 23 Nov 10:00), in the hall", "November: 1 of 1"},
		undone:  []string{"This entry was taken back: Couriers' branch · Study day, Wed 18 Nov", "November: 0 of 1"}, corrected: []string{"Corrected: Couriers' branch · Study day, Thu 19 Nov (first entered Mon 23 Nov 10:00)"},
		entered: []string{"Planned: Sun 20 Dec 19:30 (#s1)", "Held 1 of 1: Thu 19 Nov (entered later, Mon 23 Nov 10:00, 张伟), in the hall"},
		told:    []string{"Couriers' branch: 1 duty has no plan yet", "Committee meeting", "No plan yet"}, toldPlanned: []string{"Couriers' branch: all of these are planned"}, toldLate: []string{"Couriers' branch: 2 duties have no plan yet", "Committee meeting", "Study day"},
		done: []string{"recorded as held"}, shown: []string{"Held 1 of 1: Sun 20 Dec 19:30 (#s1)"},
		missing: []string{"Without a record: Committee meeting (December 2026), Study day (December 2026)", "What was held elsewhere can be entered"},
		gap:     []string{"Couriers' branch: without a record: Committee meeting (December 2026)"}, refused: []string{"<@U002>"}, again: []string{"Study day on Thu 19 Nov has a record already"},
		meeting: "Members' meeting", committee: "Committee meeting", when: "20 Dec 19:30", day: "Study day"},
}

const courierLeader, courier = "U002", "U006"

// buttonOf finds a button by how its identity begins and, among several, by
// what it is read out as.
func (s *story) buttonOf(m sandbox.Message, prefix, label string) string {
	s.t.Helper()
	now, ok := s.Message(m.Channel, m.TS)
	if !ok {
		now = m
	}
	for _, b := range now.Buttons() {
		if strings.HasPrefix(b.ActionID, prefix) && strings.Contains(b.Label+b.Text, label) {
			return b.ActionID
		}
	}
	s.t.Fatalf("no button %s %q under %q: %v", prefix, label, now.AllText(), now.Buttons())
	return ""
}

// "A unit's duties have a cadence: what is due, held, and without a record is
// shown to its leader in time."
func TestAUnitsDutiesThroughAQuarter(t *testing.T) {
	t.Parallel()
	for lang, w := range dutyStories {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang), atAnyPace())
			if err := enrolSample(t.Context(), s.app.svc, s.TeamID(), lang); err != nil {
				t.Fatal(err)
			}
			s.setsDuties(w)
			s.plansAndEnters(w)
			s.isToldInTime(w)
			s.isPointedOut(w)
		})
	}
}

func (s *story) setsDuties(w dutyWords) {
	s.t.Helper()
	s.writes(courierLeader, w.list, w.none...)
	offered := s.writes(sampleAdmin, w.list, w.offered...)
	s.presses(sampleAdmin, offered, w.preset)
	s.whispers(sampleAdmin, s.DM(sampleAdmin), w.taken...)
	s.writes(sampleAdmin, w.delete, w.scoped...)
	s.writes(courier, w.list, w.refused...)
}

func (s *story) plansAndEnters(w dutyWords) {
	s.t.Helper()
	list := s.writes(courierLeader, w.list, w.due...)
	n := len(s.posts(s.DM(courierLeader)))
	s.presses(courierLeader, list, s.buttonOf(list, "duty_plan:", w.meeting))
	view, ok := s.As(courierLeader).View()
	if !ok {
		s.t.Fatal("no form to plan it")
	}
	if out := s.As(courierLeader).Submit(view, map[string]any{"when": w.when}); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("the form with what it was filled with: %+v", out)
	}
	s.next(courierLeader, n, "the plan", w.planned)

	entered := s.writes(courierLeader, w.enterLine, w.late...)
	s.presses(courierLeader, entered, "undo")
	s.whispers(courierLeader, s.DM(courierLeader), w.undone...)
	entered = s.writes(courierLeader, w.enterLine, w.late...)
	n = len(s.posts(s.DM(courierLeader)))
	s.chooses(courierLeader, entered, s.buttonOf(entered, "duty_correct:", ""), map[string]any{"duty_day": "2026-11-19"})
	s.next(courierLeader, n, "the correction", w.corrected)
	s.writes(courier, w.enterLine, w.refused...)
	s.writes(courierLeader, strings.Replace(strings.Replace(w.enterLine, "18", "19", 1), "11月18日", "11月19日", 1), w.again...)
	s.writes(courierLeader, w.list, w.entered...)
}

// isToldInTime: a week before the month ends, in the leader's window, once; the
// message follows what is done; two weeks before the quarter ends the next.
func (s *story) isToldInTime(w dutyWords) {
	s.t.Helper()
	s.at("2026-11-24 09:45")
	s.told(courierLeader, w.told[0], 0)
	s.at("2026-11-24 10:01")
	notice := s.told(courierLeader, w.told[0], 1)
	s.shows(notice, w.told...)
	n := len(s.posts(s.DM(courierLeader)))
	s.chooses(courierLeader, notice, s.buttonOf(notice, "duty_plan:", w.committee), map[string]any{"when": "2026-11-27 19:30"})
	s.next(courierLeader, n, "the committee's plan", []string{w.committee, "#s2"})
	s.shows(notice, w.toldPlanned...)
	s.at("2026-11-26 12:00")
	s.told(courierLeader, w.told[0], 0)
	s.at("2026-11-27 21:00")
	s.writes(courierLeader, strings.Replace(w.held, "s1", "s2", 1), w.done...)
	s.at("2026-12-20 21:00")
	s.writes(courierLeader, w.held, w.done...)
	s.writes(courierLeader, w.list, w.shown...)
	s.at("2026-12-25 14:35")
	s.shows(s.told(courierLeader, w.toldLate[0], 1), w.toldLate...)
}

// isPointedOut: the quarter is over, the gap shows to the leader and above.
func (s *story) isPointedOut(w dutyWords) {
	s.t.Helper()
	s.at("2027-01-02 12:00")
	s.writes(courierLeader, w.list, w.missing[0][:12])
	s.writes(sampleAdmin, w.unitGaps, w.gap...)
	s.writes(courierLeader, w.unitGaps, w.gap...)
	s.writes(courier, w.unitGaps, "<@U001>")
}
