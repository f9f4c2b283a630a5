package handlers

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/views"
)

// fieldsOf is a modal as it would be sent without a change.
func fieldsOf(m *slack.ModalViewRequest) map[string][]string {
	out := map[string][]string{}
	for _, b := range m.Blocks.BlockSet {
		in, ok := b.(*slack.InputBlock)
		if !ok {
			continue
		}
		var v []string
		switch e := in.Element.(type) {
		case *slack.PlainTextInputBlockElement:
			v = append(v, e.InitialValue)
		case *slack.SelectBlockElement:
			if e.InitialOption != nil {
				v = append(v, e.InitialOption.Value)
			}
		case *slack.RadioButtonsBlockElement:
			if e.InitialOption != nil {
				v = append(v, e.InitialOption.Value)
			}
		case *slack.CheckboxGroupsBlockElement:
			for _, o := range e.InitialOptions {
				v = append(v, o.Value)
			}
		}
		out[in.BlockID] = v
	}
	return out
}

// The form: three fields, the rest behind More; the same to change it, filled
// in; only one session, or all from now on.
func TestTheFormOfAStudy(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	form := d.say("Uchen", "学习").Modal
	if n := len(fieldsOf(form)); n != 3 {
		t.Errorf("%d fields in front, want 3", n)
	}
	more := d.do(bot.Request{Kind: bot.KindAction, Name: views.ActionStudyMore, ActionID: views.ActionStudyMore, User: "Uchen",
		Fields: map[string][]string{views.FieldTitle: {"案例"}}, View: bot.View{ID: "V1", Callback: "study", Private: form.PrivateMetadata}})
	fields := fieldsOf(more.Modal)
	if more.How != bot.ModalUpdate || fields[views.FieldTitle][0] != "案例" || len(fields) < 14 {
		t.Errorf("More shows %d fields: %v", len(fields), fields)
	}
	fields[views.FieldWhen], fields[views.FieldPlace], fields[views.FieldLength] = []string{"每周三 19:30"}, []string{"一楼"}, []string{"90m"}
	fields[views.FieldSlots], fields[views.FieldCapacity], fields[views.FieldUntil] = []string{"周六 15:00"}, []string{"20"}, []string{"12月31日"}
	bad := map[string]string{views.FieldWhen: "25:00", views.FieldSlots: "下辈子", views.FieldCapacity: "很多", views.FieldLength: "一会儿", views.FieldUntil: "明年再说",
		views.FieldMakeup: "看情况", views.FieldHours: "多", views.FieldRemind: "早点", views.FieldLink: "看书"}
	for field, value := range bad {
		wrong := map[string][]string{}
		for k, v := range fields {
			wrong[k] = v
		}
		wrong[field] = []string{value}
		if r := d.sendsForm("Uchen", "study", more.Modal.PrivateMetadata, wrong); r.Errors[field] == "" {
			t.Errorf("%s takes %q: %+v %q", field, value, r.Errors, r.Text)
		}
	}
	reply := d.sendsForm("Uchen", "study", more.Modal.PrivateMetadata, fields)
	has(t, reply, "每周三 19:30，接下来：周三 11月25日 19:30、周三 12月2日 19:30、周三 12月9日 19:30，到周四 12月31日为止")
	has(t, reply, "约 90 分钟")
	has(t, reply, "20 个名额")
	has(t, reply, "也可以选：周六 11月28日 15:00–16:30")

	edit := d.pressButton("Uchen", d.buttonCalled(reply, "修改")).Modal
	if edit == nil {
		t.Fatal("no form to change it")
	}
	fields = fieldsOf(edit)
	for field, want := range map[string]string{views.FieldTitle: "案例", views.FieldWhen: "每周三 19:30", views.FieldPlace: "一楼", views.FieldCapacity: "20",
		views.FieldLength: "90m", views.FieldUntil: "2026-12-31", views.FieldSlots: "周六 15:00-16:30", views.FieldScope: views.ScopeAll, views.FieldMakeup: "7d"} {
		if got := strings.Join(fields[field], ","); got != want {
			t.Errorf("%s is filled in with %q, want %q", field, got, want)
		}
	}
	send := func(change map[string]string) bot.Reply {
		sent := map[string][]string{}
		for k, v := range fields {
			sent[k] = v
		}
		for k, v := range change {
			sent[k] = []string{v}
		}
		return d.sendsForm("Uchen", "study", edit.PrivateMetadata, sent)
	}
	if r := send(nil); !strings.Contains(r.Errors[views.FieldTitle], "没有改动") {
		t.Errorf("nothing changed: %+v", r)
	}
	one := strconv.FormatInt(shanghaiMilli("2026-12-02 19:30"), 10)
	if r := send(map[string]string{views.FieldScope: one, views.FieldCapacity: "5"}); r.Errors[views.FieldCapacity] == "" {
		t.Errorf("one session gets places of its own: %+v", r)
	}
	has(t, send(map[string]string{views.FieldScope: one, views.FieldPlace: "二楼", views.FieldWhen: "20:00"}), "只改了 周三 12月2日 19:30 这一次：地点 二楼；改到 周三 12月2日 20:00")
	has(t, send(map[string]string{views.FieldPlace: "三楼", views.FieldWhen: "每周四 19:30"}), "每周四 19:30")
	has(t, d.say("Uchen", "study s1"), "地点：三楼")
	if r := d.sendsForm("Uli", "study", edit.PrivateMetadata, fields); !strings.Contains(textOf(r), "<@Uchen>") {
		t.Errorf("a member changes it by form: %q", textOf(r))
	}
	if r := d.say("Uchen", "study s1 edit only 3 Dec"); r.Modal == nil || strings.Join(fieldsOf(r.Modal)[views.FieldScope], "") == views.ScopeAll {
		t.Error("no form for one session")
	}
}

func shanghaiMilli(text string) int64 {
	at, err := time.ParseInLocation("2006-01-02 15:04", text, models.Zone("Asia/Shanghai"))
	if err != nil {
		panic(err)
	}
	return at.UnixMilli()
}
