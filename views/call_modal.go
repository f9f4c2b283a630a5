package views

import (
	"encoding/json"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// Modals of calls and their buttons.
const (
	ModalCall        = "call"
	ModalCallJoin    = "call_join"
	ModalCallCancel  = "call_cancel"
	ActionCallPreset = "call_preset" // call_preset:flood …; fills the modal in
	ActionCallMore   = "call_more"   // shows the rest of the fields
)

// Fields of the modal, as block_ids; after a "." comes the preset that filled
// them in, because Slack keeps what a field of the same id had.
const (
	FieldCallTitle   = "title"
	FieldCallKind    = "kind"
	FieldCallWhen    = "when"
	FieldCallWhere   = "where"
	FieldCallNeed    = "need"
	FieldCallBring   = "bring"
	FieldCallPrivate = "private"
	FieldCallSkill   = "skill"
	FieldCallOpens   = "opens"
	FieldCallClose   = "close"
	FieldCallGuests  = "guests"
	FieldCallRemind  = "remind"
	FieldCallFor     = "for"
	FieldCallChannel = "channel"
	FieldCallAsk     = "ask"
	FieldCallSafety  = "safety"
	FieldCallFlags   = "flags"
	FieldCallRole    = "role"
	FieldCallReason  = "reason"
)

// CallMeta is what a call's modal carries in private_metadata.
type CallMeta struct {
	Channel string `json:"channel,omitempty"` // where it was opened
	Call    int64  `json:"call,omitempty"`    // edited, joined or cancelled
	More    bool   `json:"more,omitempty"`
	Preset  string `json:"preset,omitempty"`
}

// Encode writes the metadata; Slack takes 3,000 characters.
func (m CallMeta) Encode() string {
	raw, err := json.Marshal(m)
	if err != nil {
		panic("modal metadata must be plain values: " + err.Error())
	}
	return string(raw)
}

// DecodeCallMeta reads it back; what is not ours is empty.
func DecodeCallMeta(raw string) CallMeta {
	var m CallMeta
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return CallMeta{}
	}
	return m
}

// CallForm is what stands in the modal's fields.
type CallForm struct {
	Title, Kind, When, Where, Need, Bring, Private, Skill, Opens, Close, Guests, Remind, Ask, Safety, For, Channel string
	Urgent, Drill, Buddy                                                                                           bool
}

// Presets of a new call.
var callPresets = []string{"flood", "clinic", "duty"}

// PresetForm is what a preset fills in; an unknown one nothing.
func (p *Printer) PresetForm(preset string) CallForm {
	kinds := map[string]string{"flood": models.CallRelief, "clinic": models.CallCare, "duty": models.CallDuty}
	if kinds[preset] == "" {
		return CallForm{Kind: models.CallCare}
	}
	key := "call.preset_" + preset
	return CallForm{Kind: kinds[preset], Title: p.T(key + "_title"), Need: p.T(key + "_need"), Bring: p.T(key + "_bring")}
}

// templatesInModal is how many templates stand beside the presets: what is
// still a row of buttons and not a page of them.
const templatesInModal = 8

// CallModal is the modal of a new call, with buttons that fill it in (presets
// and templates), or (meta.Call) of one to be changed.
func (p *Printer) CallModal(meta CallMeta, ref string, f CallForm, templates ...models.Template) *slack.ModalViewRequest {
	id := func(field string) string {
		if meta.Preset == "" {
			return field
		}
		return field + "." + meta.Preset
	}
	var blocks []slack.Block
	if meta.Call == 0 {
		var presets []slack.BlockElement
		for _, name := range callPresets {
			presets = append(presets, Button(ActionCallPreset+":"+name, name, p.T("call.preset_"+name), ""))
		}
		for i, t := range templates {
			if i == templatesInModal {
				presets = append(presets, Button(ActionTemplates, "0", p.T("template.more"), ""))
				break
			}
			name := TemplatePreset + rowID(t.ID)
			presets = append(presets, Button(ActionCallPreset+":"+name, name, t.Name, p.T("template.use_label", "Name", Cut(Plain(t.Name), 40))))
		}
		blocks = append(blocks, Actions(presets...))
	}
	blocks = append(blocks,
		Input(id(FieldCallTitle), p.label("call.key_title"), "", f.Title, false, false),
		Input(id(FieldCallWhen), p.label("call.key_when"), p.T("call.hint_when"), f.When, false, false),
		Input(id(FieldCallWhere), p.label("call.key_where"), "", f.Where, false, true),
		Input(id(FieldCallNeed), p.label("call.key_need"), p.T("call.hint_need"), f.Need, false, false))
	if meta.More || meta.Call != 0 {
		blocks = append(blocks, p.moreFields(id, meta, f)...)
	} else {
		blocks = append(blocks, Actions(Button(ActionCallMore, "more", p.T("call.modal_more"), "")))
	}
	title, submit := p.T("call.modal_new"), p.T("call.modal_post")
	if meta.Call != 0 {
		title, submit = p.T("call.modal_edit", "Ref", ref), p.T("call.modal_save")
	}
	return Modal(ModalCall, title, submit, p.T("call.modal_back"), meta.Encode(), blocks...)
}

// label heads a field with the key that a line would have for it.
func (p *Printer) label(key string) string {
	first, n := utf8.DecodeRuneInString(p.T(key))
	return string(unicode.ToUpper(first)) + p.T(key)[n:]
}

func (p *Printer) moreFields(id func(string) string, meta CallMeta, f CallForm) []slack.Block {
	kinds := []Option{}
	for _, k := range []string{models.CallCare, models.CallRelief, models.CallDuty} {
		kinds = append(kinds, Option{Value: k, Label: p.T("call.kind_" + k)})
	}
	blocks := []slack.Block{
		Select(id(FieldCallKind), p.label("call.key_kind"), kinds, f.Kind, true),
		Input(id(FieldCallBring), p.label("call.key_bring"), "", f.Bring, false, true),
		Input(id(FieldCallPrivate), p.label("call.key_private"), "", f.Private, true, true),
		Input(id(FieldCallClose), p.label("call.key_close"), p.T("call.hint_close"), f.Close, false, true),
		Input(id(FieldCallOpens), p.label("call.key_opens"), "", f.Opens, false, true),
		Input(id(FieldCallGuests), p.label("call.key_guests"), "", f.Guests, false, true),
		Input(id(FieldCallRemind), p.label("call.key_remind"), "1d, 1h", f.Remind, false, true),
		Input(id(FieldCallSkill), p.label("call.key_skill"), "", f.Skill, false, true),
		Input(id(FieldCallAsk), p.label("call.key_ask"), p.T("template.hint_ask"), f.Ask, false, true),
		Input(id(FieldCallSafety), p.label("call.key_safety"), p.T("template.hint_safety"), f.Safety, false, true),
	}
	var flags, on []string
	add := func(name string, set bool) {
		flags = append(flags, name)
		if set {
			on = append(on, name)
		}
	}
	add("urgent", f.Urgent)
	add("buddy", f.Buddy)
	if meta.Call == 0 {
		add("drill", f.Drill)
		blocks = append(blocks, Input(id(FieldCallFor), p.label("call.key_for"), "", f.For, false, true),
			ChannelSelect(id(FieldCallChannel), p.label("call.key_channel"), f.Channel))
	}
	var options []Option
	for _, name := range flags {
		options = append(options, Option{Value: name, Label: p.T("call.flag_" + name)})
	}
	return append(blocks, Checks(id(FieldCallFlags), p.T("call.modal_flags"), options, on))
}

// FormOf writes a call into the fields of its modal, as it would be typed.
func (p *Printer) FormOf(s models.Sheet) CallForm {
	c := s.Call
	f := CallForm{Title: c.Title, Kind: c.Kind, Where: c.Place, Bring: c.Bring, Private: c.Private,
		Skill: strings.Join(c.Skills, ", "), Guests: strconv.Itoa(c.GuestsMax), Ask: c.Ask, Safety: safetyText(c.SafetyMin),
		Urgent: c.Urgent, Buddy: c.Buddy}
	zone := c.Location()
	for i, sh := range s.Shifts {
		if i > 0 {
			f.When += ", "
		}
		start, end := sh.StartAt.In(zone), sh.EndAt.In(zone)
		f.When += start.Format("2006-01-02 15:04")
		if start.YearDay() == end.YearDay() && start.Year() == end.Year() || end.Sub(start).Hours() < 24 {
			f.When += end.Format("-15:04")
		} else {
			f.When += end.Format(" - 2006-01-02 15:04")
		}
	}
	for i, r := range s.RolesOf(s.Shifts[0].ID) {
		if i > 0 {
			f.Need += ", "
		}
		f.Need += needText(*r)
	}
	if c.ClosesAt != 0 {
		f.Close = c.ClosesAt.In(zone).Format("2006-01-02 15:04")
	}
	if c.OpensAt != 0 {
		f.Opens = c.OpensAt.In(zone).Format("2006-01-02 15:04")
	}
	var leads []string
	for _, m := range c.Remind {
		leads = append(leads, leadText(m))
	}
	f.Remind = strings.Join(leads, ", ")
	return f
}

// safetyText is `1h`, or `no`; what the grammar reads in either language.
func safetyText(minutes int) string {
	if minutes == 0 {
		return "no"
	}
	return leadText(minutes)
}

func needText(r models.Role) string {
	name := r.Name
	if r.Verified {
		name += "*"
	}
	n := strconv.Itoa(r.Most)
	if r.Least < r.Most {
		n = strconv.Itoa(r.Least) + "-" + n
	}
	return strings.TrimSpace(name + " " + n)
}

func leadText(minutes int) string {
	switch {
	case minutes%(24*60) == 0:
		return strconv.Itoa(minutes/(24*60)) + "d"
	case minutes%60 == 0:
		return strconv.Itoa(minutes/60) + "h"
	}
	return strconv.Itoa(minutes) + "m"
}

// formHead begins a form about a call: with the mark when it is a drill.
func (p *Printer) formHead(s models.Sheet) []slack.Block {
	if !s.Call.Drill {
		return nil
	}
	return []slack.Block{Section("*" + p.T("call.drill") + "*")}
}

// JoinModal chooses a (shift, role) of a call with too many for buttons.
func (p *Printer) JoinModal(s models.Sheet) *slack.ModalViewRequest {
	var options []Option
	for i, id := range openRoles(s) {
		if i == 100 { // Slack's limit for a select
			break
		}
		r := s.Role(id)
		options = append(options, Option{Value: rowID(id), Label: p.joinLabel(s, r) + " " + counts(s, r)})
	}
	blocks := append(p.formHead(s), Section("*"+words(s.Call.Title, LimitTitle)+"*"))
	submit := ""
	if len(options) == 0 {
		blocks = append(blocks, Section(p.T("call.said_choose_none")))
	} else {
		submit = p.T("call.join")
		blocks = append(blocks, Select(FieldCallRole, p.T("call.modal_role"), options, "", false))
		if s.Call.GuestsMax > 0 {
			var guests []Option
			for n := 0; n <= min(s.Call.GuestsMax, 20); n++ {
				guests = append(guests, Option{Value: strconv.Itoa(n), Label: strconv.Itoa(n)})
			}
			blocks = append(blocks, Select(FieldCallGuests, p.T("call.key_guests_n"), guests, "0", true))
		}
	}
	return Modal(ModalCallJoin, p.T("call.modal_join"), submit, p.T("call.modal_back"), CallMeta{Call: s.Call.ID}.Encode(), blocks...)
}

// CancelModal asks why, and shows how many it concerns.
func (p *Printer) CancelModal(s models.Sheet, concerned int) *slack.ModalViewRequest {
	line := p.T("call.modal_concerned_none")
	if concerned > 0 {
		line = p.T("call.modal_concerned", "N", concerned)
	}
	return Modal(ModalCallCancel, p.T("call.modal_cancel", "Ref", "#"+s.Call.Ref()), p.T("call.cancel"), p.T("call.modal_back"),
		CallMeta{Call: s.Call.ID}.Encode(),
		append(p.formHead(s), Section("*"+words(s.Call.Title, LimitTitle)+"*\n"+line),
			Input(FieldCallReason, p.T("call.modal_reason"), p.T("call.modal_reason_hint"), "", false, false))...)
}
