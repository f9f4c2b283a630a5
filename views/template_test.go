package views

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"muster/models"
)

func fieldsOf(m *slack.ModalViewRequest) (ids []string) {
	for _, b := range m.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			ids = append(ids, in.BlockID)
		}
	}
	return ids
}

// Every key of a call stands in its form, once everything is shown.
func TestTheFormOfACallHasEveryKey(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "zh")
	want := []string{"title", "when", "where", "need", "kind", "bring", "private", "close", "opens", "guests", "remind", "skill", "ask", "safety", "for", "channel", "flags"}
	if diff := cmp.Diff(want, fieldsOf(p.CallModal(CallMeta{More: true}, "", CallForm{}))); diff != "" {
		t.Errorf("a new call (-want +got):\n%s", diff)
	}
	want = []string{"title", "when", "where", "need", "kind", "bring", "private", "close", "opens", "guests", "remind", "skill", "ask", "safety", "flags"}
	if diff := cmp.Diff(want, fieldsOf(p.CallModal(CallMeta{Call: 7}, "k12", CallForm{}))); diff != "" {
		t.Errorf("one that is changed (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"title.t4", "when.t4", "where.t4", "need.t4"}, fieldsOf(p.CallModal(CallMeta{Preset: "t4"}, "", CallForm{}))); diff != "" {
		t.Errorf("filled by a template (-want +got):\n%s", diff)
	}
}

func TestTemplatesStandBesideThePresets(t *testing.T) {
	t.Parallel()
	var all []models.Template
	for i := range 12 {
		all = append(all, models.Template{ID: int64(i + 1), Name: strings.Repeat("周末义诊", 10), Spec: &models.CallSpec{Title: "义诊", Kind: models.CallCare}})
	}
	m := callPrinter(t, "zh").CallModal(CallMeta{}, "", CallForm{}, all...)
	row := m.Blocks.BlockSet[0].(*slack.ActionBlock).Elements.ElementSet
	if n := len(row); n != 3+templatesInModal+1 {
		t.Errorf("%d buttons", n)
	}
	if b := row[3].(*slack.ButtonBlockElement); b.ActionID != "call_preset:t1" {
		t.Errorf("the first template's button is %s", b.ActionID)
	}
	if fault := modalFault(m); fault != "" {
		t.Error(fault)
	}
	checkMessage(t, callPrinter(t, "zh").TemplateList(all))
}

func TestTemplatesAsTheOrganizerSeesThem(t *testing.T) {
	t.Parallel()
	guests, safety := 2, time.Hour
	spec := models.CallSpec{Title: "东堤装沙袋", Kind: models.CallRelief, Where: "东堤 3 号门", Need: []models.Need{{Role: "装卸", Least: 4, Most: 6}, {Role: "司机", Least: 2, Most: 2, Verified: true}},
		Guests: &guests, Safety: &safety, Ask: "5 every 10m", Close: &models.Limit{Before: 90 * time.Minute}, Remind: []time.Duration{24 * time.Hour, time.Hour}, Drill: true}
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		m := p.TemplateList([]models.Template{{ID: 4, Name: "防汛演练", Spec: &spec}})
		checkMessage(t, m)
		golden(t, "templates_"+lang, map[string]any{"text": m.Text, "blocks": m.Blocks})
	}
	want := CallForm{Title: "东堤装沙袋", Kind: "relief", Where: "东堤 3 号门", Need: "装卸 4-6, 司机* 2", Guests: "2", Safety: "1h", Ask: "5 every 10m",
		Close: "90m before", Remind: "1d, 1h", Drill: true}
	if diff := cmp.Diff(want, callPrinter(t, "zh").PatternForm(spec)); diff != "" {
		t.Errorf("the form (-want +got):\n%s", diff)
	}
}

func TestHostileWordsInTemplatesAndHandoversBreakNoLimit(t *testing.T) {
	t.Parallel()
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	rapid.Check(t, func(t *rapid.T) {
		s := hostileSheet(t)
		p := zh
		if rapid.Bool().Draw(t, "English") {
			p = en
		}
		s.Handovers = []*models.Handover{{ID: 1, SignupID: 2, FromID: 2, ToID: 3, State: models.HandoverAsked}}
		tpl := models.Template{ID: 1, Name: hostile(t, "name of a template"), Spec: &models.CallSpec{Title: s.Call.Title, Kind: "care", Where: s.Call.Place, Need: []models.Need{{Role: hostile(t, "role"), Most: 1}}}}
		messages := map[string]Message{"list": p.TemplateList([]models.Template{tpl}), "saved": p.TemplateSaved(tpl, false), "copy": p.CopyAsk(s), "panel": p.Panel(s, false)}
		if su := s.Signup(2); su != nil {
			messages["question"] = p.HandoverQuestion(s, *s.Handovers[0])
			messages["which"] = p.HandoverWhich([]models.Sheet{s}, []models.Signup{*su}, "U3")
			messages["pick"] = p.HandoverPick(s, *su)
			if fault := modalFault(p.HandoverModal(s, *su)); fault != "" {
				t.Fatal(fault)
			}
		}
		for name, m := range messages {
			if fault := messageFault(m); fault != "" {
				t.Fatalf("%s: %s", name, fault)
			}
		}
		if fault := modalFault(p.TemplateModal(s)); fault != "" {
			t.Fatal(fault)
		}
	})
}
