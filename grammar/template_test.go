package grammar

import "testing"

func TestATemplateIsUsedByItsNameAndWhatChanges(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"template Clinic | when: Sat 9:00-11:30": {"Clinic", "when: Sat 9:00-11:30"},
		"模板 周末义诊 | 时间: 下周六 9:00-11:30；需要: 医生 3":  {"周末义诊", "时间: 下周六 9:00-11:30；需要: 医生 3"},
		"template Dike duty":                      {"Dike duty", ""},
		"Template A &amp; B\nwhen: tomorrow 9:00": {"A & B", "when: tomorrow 9:00"},
	} {
		name, changes, ok := ParseTemplateUse(text)
		if !ok || name != want[0] || changes != want[1] {
			t.Errorf("%q is read as %q with %q, %v", text, name, changes, ok)
		}
	}
	for _, text := range []string{"", "template", "templates", "Sandbags | when: Sat 9:00", "template | when: Sat 9:00", "模板工 2 | 时间: 明天 9:00"} {
		if name, _, ok := ParseTemplateUse(text); ok {
			t.Errorf("%q uses no template; read as %q", text, name)
		}
	}
	for text, want := range map[string]Command{
		"call templates":        {Verb: "call", Sub: "templates"},
		"招募 模板":                 {Verb: "call", Sub: "templates"},
		"call k12 template A b": {Verb: "call", Sub: "template", Number: "k12", Rest: "A b"},
		"call k12 swap <@U2>":   {Verb: "call", Sub: "handover", Number: "k12", Rest: "<@U2>"},
		"招募 k12 复制 时间: 周六 9:00": {Verb: "call", Sub: "copy", Number: "k12", Rest: "时间: 周六 9:00"},
	} {
		if got := ParseCommand(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}
