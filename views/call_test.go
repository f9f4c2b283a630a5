package views

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"muster/models"
)

func callPrinter(t testing.TB, lang string) *Printer {
	t.Helper()
	cat, err := NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	zone := models.Zone("Asia/Shanghai")
	return cat.For(Reader{Lang: lang, Zone: zone, OrgZone: zone, Now: callNow.Time()})
}

// callNow is Monday 23 November 2026, 10:00 in Shanghai.
var callNow = models.At(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))

func callTime(day, hour, minute int) models.Instant {
	return models.At(time.Date(2026, 11, day, hour, minute, 0, 0, models.Zone("Asia/Shanghai")))
}

func callPerson(id int64, name string) models.Person {
	slackID := fmt.Sprintf("U%d", id)
	return models.Person{ID: id, SlackID: &slackID, Name: name}
}

// clinicSheet is the free clinic of the field notes: two doctors of two, one
// waiting; one guide of four.
func clinicSheet() models.Sheet {
	b := &models.Board{Call: &models.Call{ID: 7, Number: 12, Title: "社区爱心义诊", Kind: models.CallCare, State: models.CallOpen,
		Place: "绿城社区服务中心", Bring: "工牌、口罩", Private: "门码 1234", GuestsMax: 3, Zone: "Asia/Shanghai", CreatorID: 1,
		Remind: models.DefaultReminders, Channel: "C1"},
		Shifts: []*models.Shift{{ID: 1, CallID: 7, Seq: 1, StartAt: callTime(28, 9, 0), EndAt: callTime(28, 11, 30)}},
		Roles: []*models.Role{{ID: 101, ShiftID: 1, Seq: 1, Name: "医生", Least: 2, Most: 2},
			{ID: 102, ShiftID: 1, Seq: 2, Name: "引导员", Least: 4, Most: 4}},
		Now: callNow}
	people := map[int64]models.Person{}
	for i, name := range []string{"陈琳", "张三", "李四", "王五", "赵六"} {
		people[int64(i+1)] = callPerson(int64(i+1), name)
	}
	add := func(person, role int64, state models.SignupState, guests int) {
		b.Signups = append(b.Signups, &models.Signup{ID: int64(len(b.Signups) + 1), CallID: 7, ShiftID: 1, PersonID: person, RoleID: role,
			State: state, Guests: guests, Line: int64(len(b.Signups) + 1)})
	}
	add(2, 101, models.SignupConfirmed, 0)
	add(3, 101, models.SignupConfirmed, 0)
	add(4, 102, models.SignupConfirmed, 0)
	add(5, 101, models.SignupWaitlisted, 0)
	s := models.Sheet{Board: b, People: people, Creator: people[1], Tenant: models.Tenant{Zone: "Asia/Shanghai", Lang: "zh"}}
	b.TimesOf = func(int64) models.Times {
		return models.Times{Rest: models.Rest{Start: 22 * 60, End: 7 * 60}, Zone: models.Zone("Asia/Shanghai")}
	}
	return s
}

func floodSheet() models.Sheet {
	s := clinicSheet()
	c := s.Call
	c.Number, c.Title, c.Kind, c.Urgent, c.Place, c.Bring = 13, "Sandbags at the east dike", models.CallRelief, true, "East dike, gate 3", "gloves, lamp"
	s.Shifts[0].StartAt, s.Shifts[0].EndAt = callTime(24, 8, 0), callTime(24, 12, 0)
	s.Roles[0].Name, s.Roles[0].Most, s.Roles[1].Name, s.Roles[1].Most = "lifter", 6, "driver", 2
	for i, name := range []string{"Chen Lin", "Ann", "Bo", "Eve", "Fay"} {
		s.People[int64(i+1)] = callPerson(int64(i+1), name)
	}
	s.Signups[2].Guests, s.Signups[3].RoleID = 1, 102
	s.Creator = s.People[1]
	return s
}

// golden compares with views/testdata/NAME.golden.json; with
// MUSTER_UPDATE_GOLDEN set it writes it.
func golden(t *testing.T, name string, v any) {
	t.Helper()
	raw, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".golden.json")
	if os.Getenv("MUSTER_UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(path, append(raw, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.TrimSpace(string(want)), string(raw)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestCallMessagesAsPeopleSeeThem(t *testing.T) {
	t.Parallel()
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	mine := clinicSheet()
	mine.Me = mine.People[4]
	waits := clinicSheet()
	waits.Me = waits.People[5]
	offered := clinicSheet()
	offered.Me = offered.People[5]
	offered.Signups[3].State, offered.Signups[3].OfferUntil = models.SignupOffered, callTime(27, 14, 30)
	cancelled := clinicSheet()
	cancelled.Call.State, cancelled.Call.Reason = models.CallCancelled, "降雨"
	drill := floodSheet()
	drill.Call.Drill, drill.Me = true, drill.People[4]
	manager := clinicSheet()
	manager.Me, manager.Manages = manager.People[1], true
	manager.Answers = []*models.Answer{{ID: 1, PersonID: 5, Kind: models.AnswerConditional, Text: "9点以后可以"}, {ID: 2, PersonID: 3, Kind: models.AnswerNo}}
	for name, m := range map[string]Message{
		"card_clinic_zh":    zh.CallCard(clinicSheet()),
		"card_clinic_en":    en.CallCard(clinicSheet()),
		"card_flood_zh":     zh.CallCard(floodSheet()),
		"card_flood_en":     en.CallCard(floodSheet()),
		"card_cancelled_zh": zh.CallCard(cancelled),
		"card_drill_en":     en.CallCard(drill),
		"signup_zh":         zh.SignupDM(mine, models.SignupArgs{}, false),
		"signup_en":         en.SignupDM(mine, models.SignupArgs{Why: models.WhyReminder}, false),
		"signup_wait_zh":    zh.SignupDM(waits, models.SignupArgs{}, false),
		"signup_offer_zh":   zh.SignupDM(offered, models.SignupArgs{Why: models.WhyOffer}, false),
		"signup_offer_en":   en.SignupDM(offered, models.SignupArgs{Why: models.WhyOffer}, false),
		"signup_drill_en":   en.SignupDM(drill, models.SignupArgs{}, false),
		"details_zh":        zh.CallDetails(mine),
		"panel_zh":          zh.Panel(manager, false),
		"panel_en":          en.Panel(manager, false),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			checkMessage(t, m)
			golden(t, name, map[string]any{"text": m.Text, "blocks": m.Blocks})
		})
	}
}

func TestTheCardsPlainTextCountsPlaces(t *testing.T) {
	t.Parallel()
	got := callPrinter(t, "zh").CallCard(clinicSheet()).Text
	if want := "社区爱心义诊 周六 11月28日 9:00 医生 2/2 引导员 1/4"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPrivateDetailsAreForThoseConfirmed(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "zh")
	for person, want := range map[int64]bool{4: true, 5: false, 1: false} {
		s := clinicSheet()
		s.Me = s.People[person]
		for name, m := range map[string]Message{"details": p.CallDetails(s), "card": p.CallCard(s), "message": p.SignupDM(s, models.SignupArgs{}, false)} {
			raw, _ := json.Marshal(m.Blocks)
			if has := strings.Contains(string(raw), "1234"); has != (want && name != "card") {
				t.Errorf("%s of person %d shows the code: %v", name, person, has)
			}
		}
	}
}

func TestJoinButtonsAreNamedByRoleAndShift(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "en")
	ids := func(s models.Sheet) (out []string) {
		for _, b := range p.joinButtons(s) {
			button := b.(*slack.ButtonBlockElement)
			out = append(out, button.ActionID+"="+button.Value)
		}
		return out
	}
	s := clinicSheet()
	if diff := cmp.Diff([]string{"call_join:引导员=102", "call_join:医生=101"}, ids(s)); diff != "" {
		t.Error(diff)
	}
	s.Roles = s.Roles[1:]
	if diff := cmp.Diff([]string{"call_join=102"}, ids(s)); diff != "" {
		t.Error("one role:", diff)
	}
	s.Shifts = append(s.Shifts, &models.Shift{ID: 2, Seq: 2, StartAt: callTime(29, 9, 0), EndAt: callTime(29, 11, 0)})
	s.Roles = append(s.Roles, &models.Role{ID: 103, ShiftID: 2, Seq: 1, Name: "引导员", Most: 1})
	if diff := cmp.Diff([]string{"call_join:引导员=102", "call_join:引导员:2=103"}, ids(s)); diff != "" {
		t.Error("two shifts:", diff)
	}
	for i := range 10 {
		s.Roles = append(s.Roles, &models.Role{ID: int64(200 + i), ShiftID: 2, Seq: 2 + i, Name: fmt.Sprint("r", i), Most: 1})
	}
	if diff := cmp.Diff([]string{"call_join=102"}, ids(s)); diff != "" {
		t.Error("more than ten:", diff)
	}
}

// hostile is text as somebody might try it.
func hostile(t *rapid.T, label string) string {
	piece := rapid.SampledFrom([]string{"<!channel>", "<@U1>", "<http://a|b>", "&amp;", "& ~", "*bold*", "```", "_x_", "\u202e", "عربى", "👨‍👩‍👧‍👦", "字", "a", "\n", "\x00", "·", "{{.N}}"})
	return strings.Repeat(piece.Draw(t, label), rapid.SampledFrom([]int{0, 1, 3, 100, 10000}).Draw(t, label+" times")) + piece.Draw(t, label+" end")
}

// TestHostileAndHugeTextNeverBreaksALimit draws every message and modal of a
// call with texts of ten thousand characters, many shifts and many people.
func TestHostileAndHugeTextNeverBreaksALimit(t *testing.T) {
	t.Parallel()
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	rapid.Check(t, func(t *rapid.T) {
		s := hostileSheet(t)
		p := zh
		if rapid.Bool().Draw(t, "English") {
			p = en
		}
		left := ownSignups(s)
		messages := map[string]Message{"card": p.CallCard(s), "details": p.CallDetails(s), "panel": p.Panel(s, false), "former": p.Panel(s, true),
			"message": p.SignupDM(s, models.SignupArgs{Why: rapid.SampledFrom([]string{"", models.WhyReminder, models.WhyBack, models.WhyMoved}).Draw(t, "why")}, false),
			"list":    p.CallList([]models.Sheet{s}, 2), "posted": p.CallPosted(s, s.Now), "cancelled": p.CallCancelled(s, 3, false),
			"edited": p.CallEdited(s, []string{"title", "when", "where", "need"}, 3, false), "which": p.WhichPlace(s, s.Roles, 2, 0, ""),
			"left": p.LeftPlaces(s, left), "unclear": p.Answered(s, models.AnswerUnclear, hostile(t, "answer"), 0)}
		for name, m := range messages {
			if m.Text == "" && name == "message" {
				continue
			}
			if fault := messageFault(m); fault != "" {
				t.Fatalf("%s: %s", name, fault)
			}
		}
		for name, m := range map[string]*slack.ModalViewRequest{"new": p.CallModal(CallMeta{Call: 7}, "k12", p.FormOf(s)), "join": p.JoinModal(s), "cancel": p.CancelModal(s, 5)} {
			if fault := modalFault(m); fault != "" {
				t.Fatalf("%s: %s", name, fault)
			}
		}
	})
}

func hostileSheet(t *rapid.T) models.Sheet {
	s := clinicSheet()
	c := s.Call
	c.Title, c.Place, c.Bring, c.Private, c.Reason = hostile(t, "title"), hostile(t, "where"), hostile(t, "bring"), hostile(t, "private"), hostile(t, "reason")
	c.Drill, c.Urgent = rapid.Bool().Draw(t, "drill"), rapid.Bool().Draw(t, "urgent")
	c.State = rapid.SampledFrom([]models.CallState{models.CallOpen, models.CallFilled, models.CallClosed, models.CallCancelled, models.CallDone}).Draw(t, "state")
	s.Shifts, s.Roles, s.Signups = nil, nil, nil
	shifts, roles := rapid.IntRange(1, 12).Draw(t, "shifts"), rapid.IntRange(1, 15).Draw(t, "roles")
	for i := range shifts {
		s.Shifts = append(s.Shifts, &models.Shift{ID: int64(i + 1), Seq: i + 1, StartAt: callTime(28, 9, 0).Add(time.Duration(i) * 24 * time.Hour), EndAt: callTime(28, 11, 0).Add(time.Duration(i) * 24 * time.Hour)})
		for j := range roles {
			name := hostile(t, "role")
			if i == 0 && j == 0 {
				name = ""
			}
			s.Roles = append(s.Roles, &models.Role{ID: int64(100*i + j + 1), ShiftID: int64(i + 1), Seq: j + 1, Name: name, Least: 1, Most: 40})
		}
	}
	name := hostile(t, "name")
	for person := range rapid.IntRange(0, 60).Draw(t, "people") {
		id := int64(person + 2)
		s.People[id] = callPerson(id, name)
		state := rapid.SampledFrom([]models.SignupState{models.SignupConfirmed, models.SignupWaitlisted, models.SignupOffered, models.SignupWithdrawn}).Draw(t, "state of a person")
		s.Signups = append(s.Signups, &models.Signup{ID: id, PersonID: id, ShiftID: 1, RoleID: 1, State: state, Line: id, Guests: 1, AskAgain: models.Instant(person % 2)})
		s.Answers = append(s.Answers, &models.Answer{ID: id, PersonID: id, Kind: models.AnswerUnclear, Text: hostile(t, "words")})
	}
	s.Me, s.Manages = s.People[2], true
	return s
}

func checkMessage(t *testing.T, m Message) {
	t.Helper()
	if fault := messageFault(m); fault != "" {
		t.Error(fault)
	}
}

// messageFault is the first of Slack's limits that a message breaks, "" for
// none.
func messageFault(m Message) string {
	if strings.TrimSpace(m.Text) == "" || utf8.RuneCountInString(m.Text) > 4000 {
		return fmt.Sprintf("fallback text of %d characters", utf8.RuneCountInString(m.Text))
	}
	if strings.Contains(m.Text, "<!") {
		return "the fallback text mentions a channel"
	}
	return blocksFault(m.Blocks, 50)
}

func modalFault(m *slack.ModalViewRequest) string {
	if n := utf8.RuneCountInString(m.Title.Text); n == 0 || n > 24 {
		return fmt.Sprintf("title of %d characters", n)
	}
	if len(m.PrivateMetadata) > 3000 {
		return "private_metadata is too long"
	}
	return blocksFault(m.Blocks.BlockSet, 100)
}

func blocksFault(blocks []slack.Block, most int) string {
	if len(blocks) == 0 || len(blocks) > most {
		return fmt.Sprintf("%d blocks", len(blocks))
	}
	raw, err := json.Marshal(blocks)
	if err != nil {
		return err.Error()
	}
	var tree []any
	if err := json.Unmarshal(raw, &tree); err != nil {
		return err.Error()
	}
	c := checker{ids: map[string]bool{}}
	for _, b := range tree {
		c.node(b, "")
	}
	if c.total > 13000 {
		c.faultf("%d characters of text in all", c.total)
	}
	return c.fault
}

// checker walks blocks as Slack would check them.
type checker struct {
	ids   map[string]bool
	total int
	fault string
}

func (c *checker) faultf(format string, args ...any) {
	if c.fault == "" {
		c.fault = fmt.Sprintf(format, args...)
	}
}

func (c *checker) node(v any, within string) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	kind, _ := m["type"].(string)
	limits := map[string]int{"section": 3000, "header": 150, "button": 75, "option": 75, "context": 3000}
	if text, ok := m["text"].(string); ok && (kind == "mrkdwn" || kind == "plain_text") {
		n := utf8.RuneCountInString(text)
		if limit := limits[within]; limit > 0 && n > limit || n == 0 && within != "" {
			c.faultf("%s with a text of %d characters", within, n)
		}
		if within == "section" || within == "header" || within == "context" {
			c.total += n
		}
		if kind == "mrkdwn" && (strings.Contains(text, "<!") || strings.Contains(text, "<http")) {
			c.faultf("user text acts in %q", text[:min(len(text), 80)])
		}
		return
	}
	if id, ok := m["action_id"].(string); ok {
		if c.ids[id] && kind == "button" {
			c.faultf("two elements have the action_id %q", id)
		}
		c.ids[id] = true
		if utf8.RuneCountInString(id) > 255 {
			c.faultf("action_id of %d characters", utf8.RuneCountInString(id))
		}
	}
	if value, ok := m["value"].(string); ok && kind == "button" && len(value) > 2000 {
		c.faultf("value too long")
	}
	if label, ok := m["accessibility_label"].(string); ok && utf8.RuneCountInString(label) > 75 {
		c.faultf("accessibility_label too long")
	}
	if elements, ok := m["elements"].([]any); ok {
		if kind == "actions" && (len(elements) > 25 || len(elements) == 0) || kind == "context" && len(elements) > 10 {
			c.faultf("%s with %d elements", kind, len(elements))
		}
		for _, e := range elements {
			c.node(e, kind)
		}
	}
	if options, ok := m["options"].([]any); ok && (len(options) == 0 || len(options) > 100) {
		c.faultf("%d options", len(options))
	}
	if kind == "" {
		kind = within
	}
	for _, key := range []string{"text", "accessory", "element"} {
		c.node(m[key], kind)
	}
}
