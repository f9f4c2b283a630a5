package models

import "encoding/json"

// Template is a call kept under a name, to be posted again: everything of it
// but when it is. It belongs to a unit, or (UnitID 0) to the organisation.
type Template struct {
	ID        int64
	TenantID  int64 `gorm:"uniqueIndex:call_templates_name"`
	UnitID    int64
	Name      string
	NameKey   string    `gorm:"uniqueIndex:call_templates_name"` // FoldName(Name)
	Spec      *CallSpec `gorm:"serializer:json"`                 // without When, Set and Zone; never private details
	CreatorID int64
	CreatedAt Instant
}

func (Template) TableName() string { return "call_templates" }

func (t *Template) Thing() (string, int64) { return "template", t.ID }

func (t *Template) Facts() map[string]any {
	return map[string]any{"unit": t.UnitID, "creator": t.CreatorID, "created_at": t.CreatedAt}
}

func (t *Template) Words() map[string]Word {
	raw, err := json.Marshal(t.Spec)
	if err != nil {
		panic("a template must be plain values: " + err.Error())
	}
	return map[string]Word{"name": {Text: t.Name}, "spec": {Text: string(raw)}}
}

// MaxTemplateName is how long a template's name may be, in runes: what a
// button bears.
const MaxTemplateName = 40

// Pattern is what a call can be posted from again: its spec without the time.
// Limits are kept as a time before the start. Left out are private details,
// which are of their day and were written for those who came, and urgency,
// which is of the moment. audience is what `for` would name, "" for the channel.
func (b *Board) Pattern(audience string) CallSpec {
	c := b.Call
	start := b.Start()
	before := func(at Instant) *Limit {
		if at == 0 || at >= start {
			return nil
		}
		return &Limit{Before: start.Sub(at)}
	}
	guests := c.GuestsMax
	safety := durationOf(c.SafetyMin)
	spec := CallSpec{Title: c.Title, Kind: c.Kind, Where: c.Place, Skill: c.Skills, Bring: c.Bring, Guests: &guests,
		Opens: before(c.OpensAt), Close: before(c.ClosesAt), Drill: c.Drill, Buddy: c.Buddy, Ask: c.Ask, Safety: &safety,
		For: audience, Remind: c.Leads()}
	if c.Urgent && c.Ask == "auto" { // came with being urgent
		spec.Ask = ""
	}
	for _, r := range b.RolesOf(b.Shifts[0].ID) {
		if r.Most > 0 {
			spec.Need = append(spec.Need, Need{Role: r.Name, Least: r.Least, Most: r.Most, Verified: r.Verified})
		}
	}
	return spec
}

// With is the pattern as a new call, changed by what was written now. Keys
// that were not written come from the pattern.
func (spec CallSpec) With(said CallSpec) CallSpec {
	out := said
	out.Set = map[string]bool{"remind": true}
	for key := range said.Set {
		out.Set[key] = true
	}
	keep := func(key string, take func()) {
		if !said.Set[key] {
			take()
		}
	}
	keep("title", func() { out.Title = spec.Title })
	keep("kind", func() { out.Kind = spec.Kind })
	keep("where", func() { out.Where = spec.Where })
	keep("need", func() { out.Need = spec.Need })
	keep("skill", func() { out.Skill = spec.Skill })
	keep("bring", func() { out.Bring = spec.Bring })
	keep("opens", func() { out.Opens = spec.Opens })
	keep("close", func() { out.Close = spec.Close })
	keep("guests", func() { out.Guests = spec.Guests })
	keep("drill", func() { out.Drill = spec.Drill })
	keep("buddy", func() { out.Buddy = spec.Buddy })
	if !said.Set["kind"] || said.Kind == spec.Kind { // another kind has its own: relief is looked after unless somebody said no
		keep("safety", func() { out.Safety = spec.Safety })
	}
	keep("remind", func() { out.Remind = spec.Remind })
	if out.For == "" && !said.Set["for"] {
		out.For = spec.For
	}
	if !said.Set["ask"] && !(said.Set["urgent"] && said.Urgent && spec.Ask == "") {
		out.Ask = spec.Ask
	}
	return out
}
