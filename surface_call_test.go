package main

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox"
)

// These stories hold what people rely on about calls, a sentence of the
// contract each, through the whole bot.

// speaking makes everybody, and the organisation, read one language.
func speaking(lang string) storyOption {
	return func(set *storySetup) {
		inLanguage(lang)(set)
		people := set.people
		set.people = func(w *sandbox.World) {
			if people != nil {
				people(w)
			}
			for _, p := range samplePeople() {
				u := sampleUser(p, lang)
				if lang == "zh" {
					u.Locale = "zh-CN"
				}
				w.UpdateUser(u)
			}
		}
	}
}

// answered is the answer to a slash command, with the words it must have.
func (s *story) answered(user, channel, text string, words ...string) sandbox.Message {
	s.t.Helper()
	out := s.says(user, channel, text)
	if out.Response == nil {
		return s.whispers(user, channel, words...)
	}
	if !hasAll(out.Response.AllText(), words) {
		s.t.Fatalf("/muster %s was answered with %q, want %q", text, out.Response.AllText(), words)
	}
	return *out.Response
}

// writes sends a direct message and waits for an answer with the words.
func (s *story) writes(user, text string, words ...string) sandbox.Message {
	s.t.Helper()
	before := len(s.posts(s.DM(user)))
	s.As(user).DM(text)
	return s.next(user, before, text, words)
}

// next waits for a message to user that came after the first n.
func (s *story) next(user string, n int, what string, words []string) (found sandbox.Message) {
	s.t.Helper()
	s.waits(fmt.Sprintf("an answer to %q with %q", what, words), func() bool {
		all := s.posts(s.DM(user))
		for _, m := range all[min(n, len(all)):] {
			if hasAll(m.AllText(), words) {
				found = m
				return true
			}
		}
		return false
	})
	return found
}

// joinIDs are the action ids of the buttons with which one signs up.
func joinIDs(m sandbox.Message) []string {
	var ids []string
	for _, b := range m.Buttons() {
		if strings.HasPrefix(b.ActionID, "call_join") {
			ids = append(ids, b.ActionID)
		}
	}
	return ids
}

// "One (shift, role): plain call_join; several roles: call_join:ROLE, from the
// second shift on call_join:ROLE:2"; values are row ids.
func TestJoinButtonsHaveTheNamesProgramsRelyOn(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, "C001", "call One | when: Sat 9:00-11:00 | need: guide 4")
	s.says(sampleAdmin, "C002", "call Two | when: Sat 9:00-11:00 | need: doctor 2, guide 4")
	s.says(sampleAdmin, "C003", "call Three | when: Sat 9:00-11:00, Sun 9:00-11:00 | need: doctor 2, guide 4")
	for channel, want := range map[string][]string{
		"C001": {"call_join"},
		"C002": {"call_join:doctor", "call_join:guide"},
		"C003": {"call_join:doctor", "call_join:guide", "call_join:doctor:2", "call_join:guide:2"},
	} {
		card := s.sees(channel, "#k")
		if diff := cmp.Diff(want, joinIDs(card)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", channel, diff)
		}
		seen := map[string]bool{}
		for _, b := range card.Buttons() {
			if n, err := strconv.ParseInt(b.Value, 10, 64); err != nil || n <= 0 || strings.HasPrefix(b.ActionID, "call_join") && seen[b.Value] {
				t.Errorf("the value of %s is %q, no row id of its own", b.ActionID, b.Value)
			}
			seen[b.Value] = seen[b.Value] || strings.HasPrefix(b.ActionID, "call_join")
		}
	}
	// Only the value is looked at, whatever the id says.
	card := s.sees("C002", "Two")
	guide, _ := card.Button("call_join:guide")
	s.As("U006").PressValue(card, "call_join:doctor", guide.Value)
	s.sees("C002", "guide 1/4", "doctor 0/2")
}

// "More than ten (shift, role) pairs: one join button opens a modal."
func TestMoreThanTenPairsAreChosenInAModal(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Station duty | when: Sat 8:00-9:00, Sat 9:00-10:00, Sat 10:00-11:00, Sat 11:00-12:00 | need: keeper 1, guide 1, driver 1")
	card := s.sees(sampleCalls, "Station duty")
	if diff := cmp.Diff([]string{"call_join"}, joinIDs(card)); diff != "" {
		t.Fatalf("-want +got:\n%s", diff)
	}
	if n := strings.Count(card.Text, "0/1"); n != 12 {
		t.Errorf("the plain text counts %d of 12 pairs: %s", n, card.Text)
	}
	s.presses("U006", card, "call_join")
	s.waits("the modal", func() bool { _, ok := s.As("U006").View(); return ok })
	view, _ := s.As("U006").View()
	if !strings.Contains(view.AllText(), "Station duty") {
		t.Errorf("the modal says %q", view.AllText())
	}
	options := optionsOf(view, "role")
	if len(options) != 12 {
		t.Fatalf("there are %d to choose from: %v", len(options), options)
	}
	if out := s.As("U006").Submit(view, map[string]any{"role": options[4], "guests": "0"}); !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%+v", out)
	}
	s.gets("U006", "signed up", "Station duty")
	s.waits("one place taken", func() bool { return strings.Count(s.posts(sampleCalls)[0].Text, "1/1") == 1 })
}

// optionsOf are the values a select of a modal offers.
func optionsOf(v sandbox.View, block string) []string {
	var values []string
	for _, b := range v.Blocks {
		if b["block_id"] != block {
			continue
		}
		element, _ := b["element"].(map[string]any)
		options, _ := element["options"].([]any)
		for _, o := range options {
			option, _ := o.(map[string]any)
			value, _ := option["value"].(string)
			values = append(values, value)
		}
	}
	return values
}

// "Posted where the command was given; given elsewhere, in the channel of for,
// else the organisation's call channel, else the bot asks where."
func TestWhereTheCardGoes(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.answered(sampleAdmin, "C002", "call Here | when: Sat 9:00-11:00 | where: Hall | need: 2 | for: <#C010>", "#k1", "Here", "Sat 28 Nov, 9:00–11:00", "Hall", "<#C002>")
	s.sees("C002", "Here")
	s.writes(sampleAdmin, "call Nobody | when: Sat 9:00-11:00 | need: 2", "for: #channel")
	s.writes(sampleAdmin, "call There | when: Sat 12:00-13:00 | need: 2 | for: <#C010>", "#k2", "<#C010>")
	s.sees("C010", "There")
	asked := s.writes(sampleAdmin, "call Where | when: Sat 14:00-15:00 | need: 2 | for: all", "Which channel")
	s.As(sampleAdmin).Select(asked, "draft_where", "C003")
	s.sees("C003", "Where")
	s.whispers(sampleAdmin, s.DM(sampleAdmin), "#k3", "<#C003>")
	s.As(sampleAdmin).Say("C011", "<@"+s.BotUserID()+"> call Drivers wanted | when: Sat 16:00-17:00 | need: driver 1")
	s.whispers(sampleAdmin, "C011", "#k4", "<#C011>")
	s.sees("C011", "Drivers wanted")
}

// "call alone: a modal (what, when, where, who needed; the rest behind More;
// presets)"; also by the global shortcut. Faults stand beside their fields.
func TestACallByModal(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("zh"))
	out := s.As(sampleAdmin).Shortcut("muster_new_call")
	view, ok := s.As(sampleAdmin).View()
	if !out.Acked || !ok || view.CallbackID != "call" {
		t.Fatalf("%+v %+v", out, view)
	}
	s.As(sampleAdmin).CloseView(view)
	s.says(sampleAdmin, sampleCalls, "招募")
	view, _ = s.As(sampleAdmin).View()
	out = s.As(sampleAdmin).Submit(view, map[string]any{"title": "义诊", "when": "周六 25:00", "need": "医生 2, 引导员 4"})
	if !strings.Contains(out.Errors["when"], "25:00") {
		t.Fatalf("a bad time is answered with %+v", out)
	}
	out = s.As(sampleAdmin).Submit(view, map[string]any{"title": "义诊", "when": "周六 9:00-11:30", "where": "绿城", "need": "医生 2, 引导员 4"})
	if !out.Acked || len(out.Errors) > 0 {
		t.Fatalf("%+v", out)
	}
	s.sees(sampleCalls, "义诊", "绿城", "医生", "0/2", "引导员", "0/4")
	s.gets(sampleAdmin, "已发布 #k1", "周六 11月28日 9:00–11:30")
	s.As("U006").Shortcut("muster_new_call")
	s.gets("U006", "只有组织者可以", "<@U001>")
}

// States: open, filled, closed, cancelled, done; reopen undoes close; counts
// stand in the plain text whatever the state.
func TestTheStatesOfACard(t *testing.T) {
	t.Parallel()
	for lang, w := range map[string]struct{ call, open, filled, closed, cancelled, done []string }{
		"zh": {[]string{"招募 装沙袋 | 类型: 应急 | 时间: 周六 8:00-12:00 | 需要: 装卸 1", "招募 k1 截止", "招募 k1 重开", "招募 k1 取消 降雨"},
			[]string{"应急", "招募中", "0/1"}, []string{"已招满", "1/1", "刘洋"}, []string{"已截止", "1/1"}, []string{"已取消：降雨", "1/1"}, []string{"已结束", "1/1"}},
		"en": {[]string{"call Sandbags | kind: relief | when: Sat 8:00-12:00 | need: lifter 1", "call k1 close", "call K1 reopen", "call k1 cancel rain"},
			[]string{"Relief", "open", "0/1"}, []string{"filled", "1/1", "刘洋"}, []string{"closed", "1/1"}, []string{"cancelled: rain", "1/1"}, []string{"done", "1/1"}},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, speaking(lang))
			s.says(sampleAdmin, sampleCalls, w.call[0])
			card := s.sees(sampleCalls, w.open...)
			s.presses("U006", card, "call_join")
			s.sees(sampleCalls, w.filled...)
			s.says(sampleAdmin, sampleLobby, w.call[1])
			if b := joinIDs(s.sees(sampleCalls, w.closed...)); len(b) > 0 {
				t.Errorf("a closed card has %v", b)
			}
			s.says(sampleAdmin, sampleLobby, w.call[2])
			s.sees(sampleCalls, w.filled...)
			said := s.answered(sampleAdmin, sampleLobby, w.call[3], "1", "#k1")
			m := s.sees(sampleCalls, w.cancelled...)
			if len(m.Buttons()) > 0 || !strings.Contains(m.Text, "1/1") {
				t.Errorf("a cancelled card: %q %v", m.Text, m.Buttons())
			}
			s.presses(sampleAdmin, said, "undo")
			s.sees(sampleCalls, w.filled...)
			s.passes(6 * 24 * time.Hour)
			m = s.sees(sampleCalls, w.done...)
			if len(joinIDs(m)) > 0 || !strings.Contains(m.Text, "1/1") {
				t.Errorf("a card that is done: %q", m.Text)
			}
			if n := len(s.posts(sampleCalls)); n != 1 {
				t.Errorf("%d cards, want the one that lives", n)
			}
		})
	}
}

// "15 a role, a count beyond": names on the card are a list people can read.
func TestTheCardNamesFifteenAndCountsTheRest(t *testing.T) {
	t.Parallel()
	s := tell(t, withPeople(fifty))
	s.says(sampleAdmin, sampleCalls, "招募 装沙袋 | 时间: 周六 8:00-12:00 | 需要: 装卸 30")
	card := s.sees(sampleCalls, "装沙袋")
	for i := range 18 {
		s.presses(fmt.Sprintf("U9%02d", i), card, "call_join")
	}
	m := s.sees(sampleCalls, "18/30", "骑手00", "18 人")
	if n := strings.Count(m.AllText(), "、"); n != 14 { // somebody not known yet stands as a mention
		t.Errorf("%d names, want 15: %s", n+1, m.AllText())
	}
}
