package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Copying calls, and calls kept under a name.
const (
	ActionCallCopy       = "call_copy"       // value call; the form of a new call, filled in
	ActionCallTemplate   = "call_template"   // value call; keeps it under a name
	ActionTemplates      = "call_templates"  // the list
	ActionTemplateUse    = "template_use"    // value template; the form, filled in
	ActionTemplateDelete = "template_delete" // value template
	ModalTemplate        = "call_template"
	FieldTemplateName    = "name"
	// TemplatePreset and CopyPreset begin the preset of a form that was filled
	// in from a template or a call; its row id follows.
	TemplatePreset = "t"
	CopyPreset     = "c"
)

// PatternForm writes what a new call begins with into the fields of its modal.
func (p *Printer) PatternForm(spec models.CallSpec) CallForm {
	f := CallForm{Title: spec.Title, Kind: spec.Kind, Where: spec.Where, Bring: spec.Bring, Skill: strings.Join(spec.Skill, ", "),
		Opens: beforeText(spec.Opens), Close: beforeText(spec.Close), Ask: spec.Ask, For: spec.For, Drill: spec.Drill, Buddy: spec.Buddy}
	var needs, leads []string
	for _, n := range spec.Need {
		needs = append(needs, needText(models.Role{Name: n.Role, Least: n.Least, Most: n.Most, Verified: n.Verified}))
	}
	for _, d := range spec.Remind {
		leads = append(leads, leadText(int(d/time.Minute)))
	}
	f.Need, f.Remind = strings.Join(needs, ", "), strings.Join(leads, ", ")
	if spec.Guests != nil {
		f.Guests = strconv.Itoa(*spec.Guests)
	}
	if spec.Safety != nil {
		f.Safety = safetyText(int(*spec.Safety / time.Minute))
	}
	return f
}

// beforeText is `2h before`, as the grammar reads it.
func beforeText(l *models.Limit) string {
	if l == nil || l.At != 0 {
		return ""
	}
	return leadText(int(l.Before/time.Minute)) + " before"
}

// againButtons are those of who manages a call to have it again.
func (p *Printer) againButtons(s models.Sheet) []slack.BlockElement {
	id := rowID(s.Call.ID)
	return []slack.BlockElement{Button(ActionCallCopy, id, p.T("template.copy"), ""), Button(ActionCallTemplate, id, p.T("template.keep"), "")}
}

// CopyAsk offers the filled form where none can be opened, and says how to do
// without it.
func (p *Printer) CopyAsk(s models.Sheet) Message {
	return p.said(s, p.T("template.copy_how", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Number", s.Call.Ref()),
		Button(ActionCallCopy, rowID(s.Call.ID), p.T("template.copy"), ""))
}

// TemplateModal asks for the name under which a call is kept.
func (p *Printer) TemplateModal(s models.Sheet) *slack.ModalViewRequest {
	return Modal(ModalTemplate, p.T("template.modal_title"), p.T("call.modal_save"), p.T("call.modal_back"), CallMeta{Call: s.Call.ID}.Encode(),
		append(p.formHead(s), Section(p.T("template.modal_how", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s))),
			Input(FieldTemplateName, p.T("template.modal_name"), "", Cut(Plain(s.Call.Title), models.MaxTemplateName), false, false))...)
}

// TemplateAsk says how to keep a call where no form can be opened.
func (p *Printer) TemplateAsk(s models.Sheet) Message {
	return p.said(s, p.T("template.keep_how", "Number", s.Call.Ref()), Button(ActionCallTemplate, rowID(s.Call.ID), p.T("template.keep"), ""))
}

// TemplateSaved says under which name, and how to use it.
func (p *Printer) TemplateSaved(t models.Template, replaced bool) Message {
	key := "template.saved"
	if replaced {
		key = "template.replaced"
	}
	return p.said(models.Sheet{}, p.T(key, "Name", words(t.Name, models.MaxTemplateName)),
		Button(ActionTemplateUse+":"+rowID(t.ID), rowID(t.ID), p.T("template.use"), ""), Button(ActionTemplates, "0", p.T("template.list"), ""))
}

// TemplateDeleted says which one is gone.
func (p *Printer) TemplateDeleted(t models.Template) Message {
	return p.said(models.Sheet{}, p.T("template.deleted", "Name", words(t.Name, models.MaxTemplateName)))
}

// TemplateAskUse offers a template's form where none can be opened.
func (p *Printer) TemplateAskUse(id int64, name string) Message {
	return p.said(models.Sheet{}, p.T("template.use_how", "Name", words(name, models.MaxTemplateName)),
		Button(ActionTemplateUse+":"+rowID(id), rowID(id), p.T("template.use"), ""))
}

// templatesListed is how many a message lists: two blocks each, and a head.
const templatesListed = 20

// TemplateList is the calls kept under a name, with buttons to use and delete.
func (p *Printer) TemplateList(all []models.Template) Message {
	if len(all) == 0 {
		return p.said(models.Sheet{}, p.T("template.list_none"))
	}
	head := p.T("template.list_head")
	blocks := []slack.Block{Section("*" + head + "*")}
	text := []string{head}
	for i, t := range all {
		if i == templatesListed {
			blocks = append(blocks, Context(p.T("call.list_more", "Count", len(all)-i)))
			break
		}
		id := rowID(t.ID)
		line := "*" + words(t.Name, models.MaxTemplateName) + "*\n" + p.patternLine(*t.Spec)
		text = append(text, words(t.Name, models.MaxTemplateName))
		gone := Button(ActionTemplateDelete+":"+id, id, p.T("template.delete"), p.T("template.delete_label", "Name", Cut(Plain(t.Name), 40)))
		gone.Confirm = slack.NewConfirmationBlockObject(plain(p.T("template.delete"), 100),
			plain(p.T("template.delete_sure", "Name", t.Name), 300), plain(p.T("template.delete"), 30), plain(p.T("call.modal_back"), 30))
		blocks = append(blocks, Section(line), Actions(Button(ActionTemplateUse+":"+id, id, p.T("template.use"), p.T("template.use_label", "Name", Cut(Plain(t.Name), 40))), gone))
	}
	blocks = append(blocks, Context(p.T("template.list_how")))
	return Message{Text: Cut(strings.Join(text, "\n"), LimitText), Blocks: fit(blocks, 49)}
}

// patternLine is what a template holds, on one line.
func (p *Printer) patternLine(spec models.CallSpec) string {
	parts := []string{words(spec.Title, 60), p.T("call.kind_" + spec.Kind)}
	if spec.Drill {
		parts = append([]string{p.T("call.drill")}, parts...)
	}
	if spec.Where != "" {
		parts = append(parts, words(spec.Where, 60))
	}
	var needs []string
	for _, n := range spec.Need {
		needs = append(needs, words(needText(models.Role{Name: n.Role, Least: n.Least, Most: n.Most, Verified: n.Verified}), limitRole))
	}
	return strings.Join(append(parts, Cut(strings.Join(needs, p.T("call.sep")), 300)), " · ")
}
