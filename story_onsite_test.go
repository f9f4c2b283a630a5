package main

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/config"
	"muster/sandbox"
)

// onSiteWords are what the free clinic says in one language.
type onSiteWords struct {
	open, code, checkedIn, byButton, walkIn, panelWalk, taken, proposed, unseen, missed, toRoll, rolled, done, goods,
	thanks, counted, yes, wrongCode string
	lines [3]string // served, goods, the roll of one by name
}

func onSiteSpeaks() map[string]onSiteWords {
	return map[string]onSiteWords{
		"zh": {open: "招募 社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:30, 周六 14:00-16:00 | 地点: 绿城社区 | 需要: 医生 1, 引导员 3 | 携伴: 2",
			code: "签到码：", checkedIn: "已签到 8:30", byButton: "记为非现场", walkIn: "你没有报", panelWalk: "没有报名", taken: "点名：到 1 人",
			proposed: "8:30–11:30，对吗？", unseen: "没有看到你的签到。你到了吗？", missed: "好的，谢谢告诉我们", toRoll: "请点名：还有", rolled: "点名：到",
			done: "5 人，共 11.5 小时，服务 86 人", goods: "口罩 100 50元", thanks: "谢谢你来社区爱心义诊", counted: "已计入 9:00–11:30，2.5 小时",
			yes: "已计入 14:00–16:00", wrongCode: "还可以试 4 次",
			lines: [3]string{"招募 k1 服务 86", "招募 k1 物资 口罩 100 50元", "招募 k1 点名 2 <@U021|xujuan> -<@U022|heyong>"}},
		"en": {open: "call Free clinic | kind: care | when: Sat 9:00-11:30, Sat 14:00-16:00 | where: Greentown | need: doctor 1, guide 3 | guests: 2",
			code: "On-site code", checkedIn: "Checked in 8:30", byButton: "marked as not on site", walkIn: "You have no place", panelWalk: "has no place", taken: "1 came",
			proposed: "8:30–11:30, is that right?", unseen: "We have no check-in from you. Were you there?", missed: "Got it, thanks for letting us know", toRoll: "Please take the roll:", rolled: "came",
			done: "5 people, 11.5 hours, 86 served", goods: "masks 100 50 yuan", thanks: "Thank you for coming to Free clinic", counted: "9:00–11:30 counted, 2.5 hours",
			yes: "14:00–16:00 counted", wrongCode: "4 tries left",
			lines: [3]string{"call k1 served 86", "call k1 goods masks 100 50 yuan", "call k1 roll 2 <@U021|xujuan> -<@U022|heyong>"}},
	}
}

var shownCode = regexp.MustCompile(`[2-9A-HJ-NP-Z]{6}`)

// code presses for an on-site code and reads it.
func (s *story) onSiteCode(word string) string {
	s.t.Helper()
	panel := s.gets(sampleAdmin, "#k1")
	s.presses(sampleAdmin, panel, "call_code")
	shown := s.whispers(sampleAdmin, panel.Channel, word)
	code := shownCode.FindString(shown.Text)
	if code == "" {
		s.t.Fatalf("no code in %q", shown.AllText())
	}
	return code
}

// rests is settles for a day with more edits than Slack takes in a minute: the
// bot's machine time runs on meanwhile.
func (s *story) rests() {
	s.t.Helper()
	s.hurries("an idle bot", func() bool {
		for _, job := range []string{jobLookup, jobDue, jobSend} {
			s.app.loops.Nudge(job)
		}
		idle, err := s.app.svc.Idle(context.Background())
		return err == nil && idle
	})
}

// clockAt goes on to a time of that Saturday.
func (s *story) clockAt(wall string) {
	s.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-11-28 "+wall, time.FixedZone("CST", 8*3600))
	if err != nil {
		s.t.Fatal(err)
	}
	s.rests()
	s.passes(t.Sub(s.clock.Now()))
	s.rests()
}

// button is the id of the first button of a message that begins with action.
func (s *story) button(m sandbox.Message, action string) string {
	s.t.Helper()
	id := ""
	s.waits("the button "+action, func() bool {
		now, _ := s.Message(m.Channel, m.TS)
		for _, b := range now.Buttons() {
			if strings.HasPrefix(b.ActionID, action) {
				id = b.ActionID
				return true
			}
		}
		return false
	})
	return id
}

// A free clinic with two shifts and a guest: in by code and by button, one who
// walks in, one who could not come, the roll on two ways, thanks, and the card
// says what it came to.
func TestAFreeClinicFromTheDoorToTheThanks(t *testing.T) {
	t.Parallel()
	for lang, w := range onSiteSpeaks() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, atAnyPace(), speaking(lang))
			s.clinicMorning(w)
			s.clinicAfternoon(w)
			s.clinicRolled(w)
		})
	}
}

// clinicMorning: Zhang Wei (U002) doctor, Liu Yang (U006) with a guest, Sun Lei
// (U010) guides; U013 walks in, Liu Yang forgets to check in and was not there.
func (s *story) clinicMorning(w onSiteWords) {
	s.t.Helper()
	s.says(sampleAdmin, sampleCalls, w.open)
	card := s.sees(sampleCalls, "#k1")
	guide := map[bool]string{true: "call_join:引导员", false: "call_join:guide"}[strings.Contains(w.open, "引导员")]
	doctor := map[bool]string{true: "call_join:医生", false: "call_join:doctor"}[strings.Contains(w.open, "医生")]
	s.presses("U002", card, doctor)
	s.presses("U010", card, guide)
	s.presses("U006", card, guide)
	for _, who := range []string{"U021", "U022"} {
		s.presses(who, card, guide+":2")
	}
	s.rests()
	s.As("U006").SayIn(sampleCalls, card.TS, map[bool]string{true: "报名 2人", false: "+2"}[strings.Contains(w.open, "引导员")])
	s.clockAt("08:30")
	code := s.onSiteCode(w.code)
	s.writes("U002", strings.ToLower(code), w.checkedIn) // in a direct message the bare code does
	s.answered("U010", sampleCalls, "checkin "+code, w.checkedIn)
	s.answered("U011", sampleCalls, "checkin 222222", w.wrongCode)
	s.writes("U013", code, w.walkIn)
	s.rests()
	panel := s.gets(sampleAdmin, w.panelWalk)
	s.presses(sampleAdmin, panel, s.button(panel, "walkin_take"))
	s.whispers(sampleAdmin, panel.Channel, w.taken)
	s.gets("U013", w.checkedIn)
	s.clockAt("11:30")
	s.rests()
	mine := s.gets("U002", w.proposed)
	s.presses("U002", mine, s.button(mine, "call_checkout"))
	asked := s.gets("U006", w.unseen)
	s.presses("U006", asked, s.button(asked, "call_missed"))
	s.shows(asked, w.missed)
}

// clinicAfternoon: Xu Juan (U021) presses without the code, He Yong (U022)
// does not come.
func (s *story) clinicAfternoon(w onSiteWords) {
	s.t.Helper()
	s.clockAt("13:30")
	s.rests()
	s.checksIn("U021")
	s.gets("U021", w.byButton)
	s.clockAt("16:00")
	s.rests()
	asked := s.gets("U022", w.unseen)
	s.clockAt("17:00")
	s.rests()
	s.presses("U022", asked, s.button(asked, "call_was"))
}

// clinicRolled: the roll by one press for those with a code, by one line for
// the others, by the modal for the rest.
func (s *story) clinicRolled(w onSiteWords) {
	s.t.Helper()
	panel := s.gets(sampleAdmin, w.toRoll)
	s.presses(sampleAdmin, panel, "call_roll_code")
	s.whispers(sampleAdmin, panel.Channel, w.rolled)
	s.answered(sampleAdmin, sampleCalls, w.lines[0], "#k1")
	s.answered(sampleAdmin, sampleCalls, w.lines[1], w.goods)
	s.answered(sampleAdmin, sampleCalls, w.lines[2], "#k1")
	s.rests()
	s.gets("U002", w.thanks, w.counted)
	s.gets("U013", w.thanks)

	// He Yong was there after all; the organizer corrects it in the modal.
	s.presses(sampleAdmin, panel, "call_roll")
	view := s.openRoll(sampleAdmin, func(v sandbox.View) bool { return pageOf(v, ":decided:", "14:00") != "" })
	if out := s.As(sampleAdmin).SelectIn(view, "roll_page", pageOf(view, ":decided:", "14:00")); !out.Acked {
		s.t.Fatalf("the page of the roll does not turn: %s", out.Refused)
	}
	view = s.openRoll(sampleAdmin, func(v sandbox.View) bool { return absentOn(v) != "" })
	if out := s.As(sampleAdmin).Submit(view, map[string]any{absentOn(view): "yes"}); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("the roll is not taken: %+v", out)
	}
	s.rests()
	s.gets("U022", w.yes)
	s.sees(sampleCalls, w.done)
	s.gets("U002", w.done)
	for _, who := range []string{"U002", "U006", "U010", "U013", "U021", "U022"} {
		if sounds := s.about(who, "#k1"); len(sounds) > 4 {
			s.t.Errorf("%s heard of it %d times:\n%s", who, len(sounds), texts(sounds))
		}
	}
	s.clinicExported()
}

// clinicExported holds the export against what happened.
func (s *story) clinicExported() {
	s.t.Helper()
	got := map[string]string{}
	for _, row := range s.exported("signups") {
		got[row["user_id"]] = row["state"] + " " + row["hours"]
	}
	want := map[string]string{"U002": "done 2.50", "U010": "done 2.50", "U013": "done 2.50", "U021": "done 2.00", "U022": "done 2.00", "U006": "no_show "}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("export signups (-want +got):\n%s", diff)
	}
}

// openRoll is the roll somebody has open, once it is as it should be.
func (s *story) openRoll(user string, ready func(sandbox.View) bool) sandbox.View {
	s.t.Helper()
	var view sandbox.View
	s.waits("the roll", func() bool {
		v, ok := s.As(user).View()
		view = v
		return ok && v.CallbackID == "roll" && ready(v)
	})
	return view
}

// elementsOf walks the elements of a view with the ids of their blocks.
func elementsOf(v sandbox.View, each func(block string, element map[string]any)) {
	for _, b := range v.Blocks {
		id, _ := b["block_id"].(string)
		if e, ok := b["element"].(map[string]any); ok {
			each(id, e)
		}
		all, _ := b["elements"].([]any)
		for _, one := range all {
			if e, ok := one.(map[string]any); ok {
				each(id, e)
			}
		}
	}
}

// pageOf is the choice of a page by its value and its label.
func pageOf(v sandbox.View, value, label string) (found string) {
	elementsOf(v, func(_ string, e map[string]any) {
		options, _ := e["options"].([]any)
		for _, o := range options {
			option, _ := o.(map[string]any)
			text, _ := option["text"].(map[string]any)
			if e["action_id"] == "roll_page" && strings.Contains(option["value"].(string), value) && strings.Contains(text["text"].(string), label) {
				found = option["value"].(string)
			}
		}
	})
	return found
}

// absentOn is the block of the first person whom the page has as not come.
func absentOn(v sandbox.View) (found string) {
	elementsOf(v, func(block string, e map[string]any) {
		initial, _ := e["initial_option"].(map[string]any)
		if strings.HasPrefix(block, "came:") && initial["value"] == "no" && found == "" {
			found = block
		}
	})
	return found
}

// Where the server has an address, the code is also a page: the code, a QR code
// of the page's own address, a way into Slack, and nobody's name.
func TestTheOnSiteCodeAsAPage(t *testing.T) {
	t.Parallel()
	s := tell(t, withSettings(func(c *config.Settings) { c.PublicURL = "https://muster.example.org" }))
	s.says(sampleAdmin, sampleCalls, "招募 社区爱心义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 4")
	s.clockAt("08:30")
	code := s.onSiteCode("https://muster.example.org/checkin/")
	pages := newCodePages(s.app.codePage, time.Now)
	get := func(code string) *httptest.ResponseRecorder {
		mux := http.NewServeMux()
		mux.Handle("GET /checkin/{code}", pages)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/checkin/"+code, nil))
		return w
	}
	shown := get(strings.ToLower(code))
	for _, want := range []string{code, "<svg", "slack://user?", `http-equiv="refresh"`} {
		if !strings.Contains(shown.Body.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, shown.Body)
		}
	}
	if shown.Code != http.StatusOK || strings.Contains(shown.Body.String(), "陈琳") || strings.Contains(shown.Body.String(), "义诊") || shown.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v\n%s", shown.Code, shown.Header(), shown.Body)
	}
	s.passes(5 * time.Minute)
	if over := get(code); over.Code != http.StatusNotFound || strings.Contains(over.Body.String(), code) || strings.Contains(over.Body.String(), "<svg") {
		t.Errorf("after five minutes: %d\n%s", over.Code, over.Body)
	}
	for range missesAMinute {
		get("<script>")
	}
	if guessed := get(code); guessed.Code != http.StatusTooManyRequests {
		t.Errorf("somebody who guesses gets %d", guessed.Code)
	}
}

// Twenty-five people came and none checked in: the roll goes by pages of
// twenty, each saved as it is left, and says what it still lacks.
func TestARollOfManyGoesByPages(t *testing.T) {
	t.Parallel()
	s := tell(t, atAnyPace(), withPeople(fifty))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 9:00-11:30 | 地点: 东堤 | 需要: 25")
	card := s.sees(sampleCalls, "0/25")
	for i := range 25 {
		s.As(fmt.Sprintf("U9%02d", i)).SayIn(sampleCalls, card.TS, "报名")
	}
	s.hurries("a full call", func() bool { return strings.Contains(texts(s.posts(sampleCalls)), "25/25") })
	s.clockAt("12:30")
	s.presses(sampleAdmin, s.gets(sampleAdmin, "请点名：还有 25 人"), "call_roll")
	var seen []string
	for _, want := range []int{20, 5} {
		view := s.openRoll(sampleAdmin, func(v sandbox.View) bool { return len(cameOn(v)) == want })
		values := map[string]any{}
		for i, block := range cameOn(view) {
			values[block] = map[bool]string{true: "yes", false: "no"}[i != 0]
		}
		if out := s.As(sampleAdmin).Submit(view, values); !out.Acked || len(out.Errors) > 0 {
			t.Fatalf("a page of %d is not taken: %+v", want, out)
		}
		seen = append(seen, cameOn(view)...)
	}
	slices.Sort(seen)
	if n := len(slices.Compact(seen)); n != 25 {
		t.Errorf("%d people were on the pages", n)
	}
	s.hurries("the card", func() bool { return strings.Contains(texts(s.posts(sampleCalls)), "23 人到场") }) // no hours before their yes
}

// cameOn are the blocks of a page of the roll in which somebody is decided on.
func cameOn(v sandbox.View) (blocks []string) {
	elementsOf(v, func(block string, _ map[string]any) {
		if strings.HasPrefix(block, "came:") {
			blocks = append(blocks, block)
		}
	})
	return blocks
}
