package views

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/models"
)

func casesItem() models.Material {
	return models.Material{ID: 31, Number: 3, Title: "骑手服务案例", Link: "https://example.org/cases", Tags: []string{"案例", "安全"}, AddedBy: 1, AddedAt: callNow}
}

func pushedPlan() PlanModel {
	return PlanModel{Study: models.Study{ID: 9, Number: 9, Title: "骑手服务案例", State: models.StudyActive, MaterialID: 31, Link: "https://example.org/cases", Credit: 60,
		Start: callTime(27, 18, 0), Zone: "Asia/Shanghai", AudienceKind: models.AudienceUnit, AudienceRef: "1", UnitID: 1},
		Unit: models.Unit{ID: 1, Name: "城东支部"}, Material: casesItem(), People: 63, Known: true}
}

func pushedReceipt() ReceiptModel {
	return ReceiptModel{Plan: pushedPlan(), Material: casesItem(), Occurrence: models.Occurrence{ID: 4, Start: callTime(27, 18, 0), State: models.OccurrencePlanned},
		Reading: models.Reading{People: 12, Opened: 5, Done: 3, Neither: 6, Excused: 1}}
}

func TestTheLibraryAsItReads(t *testing.T) {
	t.Parallel()
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	list := LibraryModel{Items: []models.Material{casesItem()}, Total: 20, Size: 8, Page: 1, Adds: true}
	golden(t, "library_zh", zh.Library(list).Blocks)
	golden(t, "library_en", en.Library(list).Blocks)
	item := MaterialModel{Material: casesItem(), By: callPerson(1, "陈琳"), Adds: true, Changes: true, Pushes: []PushModel{{Plan: pushedPlan(),
		Occurrence: pushedReceipt().Occurrence, Receipt: true, Reading: pushedReceipt().Reading, Mine: models.Attendance{ID: 5, OpenedAt: callNow, State: models.AttendanceDue}}}}
	golden(t, "library_item_zh", zh.MaterialShow(item, zh.T("library.added")).Blocks)
	golden(t, "library_item_en", en.MaterialShow(item, "").Blocks)
	golden(t, "library_pushed_zh", zh.Pushed(pushedPlan(), casesItem()).Blocks)
	golden(t, "library_pushed_en", en.Pushed(pushedPlan(), casesItem()).Blocks)
	for _, want := range []struct{ got, want string }{
		{zh.Receipt(pushedReceipt()).Text, "材料 骑手服务案例（#s9） · 城东支部 · 周五 11月27日 18:00 截止 打开 5/12 人，完成 3/12 人，6 人还没看；另有 1 人请假"},
		{en.Receipt(pushedReceipt()).Text, "Material 骑手服务案例 (#s9) · 城东支部 · due Fri 27 Nov 18:00 Opened 5 of 12, done 3 of 12, neither 6; 1 excused"},
		{zh.OpenlySaid(models.Attendance{}), "点“打开材料”会记下时间，推送的人和负责人看得到。"},
		{en.OpenlySaid(models.Attendance{OpenedAt: callNow}), "You opened it Mon 23 Nov 10:00; that is noted, and who sent it and the leader see it."},
	} {
		if want.got != want.want {
			t.Errorf("got  %s\nwant %s", want.got, want.want)
		}
	}
}

// The list of readers names everybody once, under what they did.
func TestWhoReadIt(t *testing.T) {
	t.Parallel()
	people := []models.Person{callPerson(2, "张三"), callPerson(3, "李四"), callPerson(4, "王五"), callPerson(5, "赵六"), callPerson(6, "钱七")}
	parts := map[int64]models.Attendance{2: {OpenedAt: callNow, State: models.AttendanceAttended}, 3: {OpenedAt: callNow, State: models.AttendanceDue},
		4: {State: models.AttendanceAttended}, 5: {State: models.AttendanceDue}, 6: {State: models.AttendanceExcused}}
	m := callPrinter(t, "zh").Readers(pushedReceipt(), people, parts)
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"打开 2 人*：张三 周一 11月23日 10:00，已完成、李四", "但按了完成 1 人*：王五", "还没看 1 人*：赵六", "请假 1 人*：钱七"} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no %s in %s", want, raw)
		}
	}
}

func TestHostileMaterialBreaksNothing(t *testing.T) {
	t.Parallel()
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.SampledFrom([]*Printer{zh, en}).Draw(t, "language")
		item := casesItem()
		item.Title = hostile(t, "title")
		item.Link = "https://example.org/" + strings.ReplaceAll(hostile(t, "link"), "\n", "")
		for range rapid.IntRange(0, models.MaxTags).Draw(t, "tags") {
			item.Tags = append(item.Tags, hostile(t, "tag"))
		}
		plan := pushedPlan()
		plan.Study.Title, plan.Unit.Name, plan.Material = item.Title, hostile(t, "unit"), item
		r := pushedReceipt()
		r.Plan, r.Final, r.Past = plan, rapid.Bool().Draw(t, "final"), rapid.Bool().Draw(t, "past")
		var items []models.Material
		for range rapid.IntRange(0, 8).Draw(t, "items") {
			items = append(items, item)
		}
		var people []models.Person
		parts := map[int64]models.Attendance{}
		for i := range rapid.IntRange(0, 200).Draw(t, "people") {
			people = append(people, callPerson(int64(i+1), hostile(t, "name")))
			parts[int64(i+1)] = models.Attendance{OpenedAt: models.Instant(rapid.Int64Range(0, 1).Draw(t, "opened")), State: models.AttendanceDue}
		}
		push := PushModel{Plan: plan, Occurrence: r.Occurrence, Receipt: true, Reading: r.Reading}
		query := models.CutRunes(hostile(t, "query"), 200)
		for i, m := range []Message{p.Library(LibraryModel{Query: query, Items: items, Total: 99, Size: 8, Page: 1, Adds: true}),
			p.MaterialShow(MaterialModel{Material: item, By: callPerson(7, hostile(t, "by")), Adds: true, Changes: true, Pushes: []PushModel{push, push, push}}, ""),
			p.MaterialDeleted(item), p.Pushed(plan, item), p.Receipt(r), p.Readers(r, people, parts), p.FormButton(ActionLibraryPush, 31)} {
			for _, text := range mrkdwnOf(t, m) {
				if strings.Contains(text, "<!") || strings.Contains(text, "<@U1>") || strings.Contains(text, "<http://") {
					t.Fatalf("message %d: user text acts in %.100q", i, text)
				}
			}
			// The library's own links are meant to act.
			if fault := messageFault(m); fault != "" && !strings.Contains(fault, "<https://example.org/") {
				t.Fatalf("message %d: %s", i, fault)
			}
		}
		for i, m := range []error{fault(modalFault(p.MaterialModal(item))), fault(modalFault(p.PushModal("C1", append(items, item), []models.Unit{{ID: 1, Name: plan.Unit.Name}}, 31)))} {
			if m != nil {
				t.Fatalf("modal %d: %v", i, m)
			}
		}
	})
}

// mrkdwnOf are the texts of a message in which marks act.
func mrkdwnOf(t *rapid.T, m Message) (texts []string) {
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			if text, is := v["text"].(string); is && v["type"] == "mrkdwn" {
				texts = append(texts, text)
			}
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(tree)
	return append(texts, m.Text)
}

func fault(s string) error {
	if s == "" {
		return nil
	}
	return fmt.Errorf("%s", s)
}

// A member's message of pushed material says openly that opening is noted, and
// has the button for it and the one for being done.
func TestAMembersMessageOfPushedMaterial(t *testing.T) {
	t.Parallel()
	plan := pushedPlan()
	m := StudyModel{Study: plan.Study, Material: casesItem(), Attendance: models.Attendance{ID: 5, State: models.AttendanceDue},
		Occurrence: models.Occurrence{ID: 4, Start: plan.Study.Start, End: plan.Study.Start, State: models.OccurrencePlanned}}
	for lang, said := range map[string]string{"zh": "推送的人和负责人看得到", "en": "who sent it and the leader see it"} {
		raw, err := json.Marshal(callPrinter(t, lang).StudyMessage(m).Blocks)
		if err != nil || !strings.Contains(string(raw), said) || !strings.Contains(string(raw), `"action_id":"study_open"`) ||
			!strings.Contains(string(raw), `"url":"https://example.org/cases"`) || !strings.Contains(string(raw), `"action_id":"study_done"`) {
			t.Errorf("%s: %s %v", lang, raw, err)
		}
	}
	m.Study.Length, m.Occurrence.End = 60, plan.Study.Start.Add(time.Hour)
	raw, err := json.Marshal(callPrinter(t, "zh").StudyMessage(m).Blocks)
	if err != nil || !strings.Contains(string(raw), "材料：骑手服务案例") {
		t.Errorf("a session of the library does not say its title: %s %v", raw, err)
	}
}
