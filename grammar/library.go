package grammar

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Library is what somebody wants of the material library: the list, filtered
// by Query; or to add one; or item Number (b3), shown or changed.
type Library struct {
	Sub    string // "", add, edit, delete, push
	Number int    // 3 of b3; 0 = none
	Query  string // words and #tags
	Rest   string
}

var (
	materialNumber = regexp.MustCompile(`^b([1-9]\d{0,8})$`)
	librarySubs    = map[string]string{
		"add": "add", "new": "add", "加": "add", "添加": "add", "新增": "add", "增加": "add",
		"edit": "edit", "修改": "edit", "编辑": "edit", "更改": "edit", "改": "edit",
		"delete": "delete", "remove": "delete", "删除": "delete", "删": "delete",
		"push": "push", "推送": "push",
	}
)

// ParseLibrary reads what follows `study library`.
func ParseLibrary(text string) Library {
	raw := strings.TrimSpace(decode(text))
	word, rest := cutWord(raw)
	if sub := librarySubs[Fold(word)]; sub == "add" {
		return Library{Sub: sub, Rest: rest}
	}
	n, ok := MaterialNumber(word)
	if !ok {
		return Library{Query: raw}
	}
	out := Library{Number: n, Rest: rest}
	word, rest = cutWord(rest)
	if sub := librarySubs[Fold(word)]; sub != "" && sub != "add" {
		out.Sub, out.Rest = sub, rest
	}
	return out
}

// MaterialNumber reads b3.
func MaterialNumber(word string) (int, bool) {
	m := materialNumber.FindStringSubmatch(Fold(word))
	if m == nil {
		return 0, false
	}
	n, err := strconv.Atoi(m[1])
	return n, err == nil
}

// Material is what a line says of an item; Set as in Call.
type Material struct {
	Title string
	Link  string
	Tags  []string
	Set   map[string]bool
}

var materialKeys = newFieldKeys(map[string]string{"title": "标题", "link": "链接", "tags": "标签"})

// ParseMaterial reads "TITLE | link: … | tags: …". The error is a *Reason. What
// is missing is not said here.
func ParseMaterial(text string, o Options) (Material, error) {
	m := Material{Set: map[string]bool{}}
	head, fields := cutFields(text, materialKeys)
	if head != "" {
		m.Title, m.Set["title"] = asTyped(head), true
	}
	if reason := m.read(fields, o, " tags "); reason != nil {
		return m, reason
	}
	return m, nil
}

// ParseMaterialEdit reads "key: value | …" for a change.
func ParseMaterialEdit(text string, o Options) (Material, error) {
	m := Material{Set: map[string]bool{}}
	head, fields := cutFields(text, materialKeys)
	if reason := editHead(head, fields, materialKeys, "library", o); reason != nil {
		return m, reason
	}
	if reason := m.read(fields, o, " tags "); reason != nil {
		return m, reason
	}
	return m, nil
}

func (m *Material) read(fields []field, o Options, mayBeEmpty string) *Reason {
	if reason := checkFields(fields, materialKeys, "library.unknown_key", o, mayBeEmpty); reason != nil {
		return reason
	}
	for _, f := range fields {
		switch f.key {
		case "title":
			if m.Set["title"] {
				return newReason("call.twice", clip(f.typed), o).of(f.key, o)
			}
			m.Title = asTyped(f.value)
		case "link":
			m.Link = bareLink(f.value)
		case "tags":
			m.Tags = ParseTags(f.value)
		}
		m.Set[f.key] = true
	}
	return nil
}

// ParseTags reads "案例, 安全" or "#案例 #安全".
func ParseTags(text string) []string {
	var out []string
	for _, tag := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；#＃\n", r) }) {
		if tag = strings.TrimSpace(tag); tag != "" {
			out = append(out, tag)
		}
	}
	return out
}

// Push is one item on its way to people: which, for whom, by when.
type Push struct {
	Number int // 3 of b3
	For    string
	By     time.Time
	Hours  *float64 // study hours; nil = not said
}

var pushKeys = newFieldKeys(map[string]string{"for": "范围", "by": "截止", "hours": "学时"})

// dueClock is the time of day of a due date that names none.
const dueClock = 18

// ParsePush reads "b3 | for: … | by: Fri 18:00 | hours: 1". The error is a
// *Reason.
func ParsePush(text string, o Options) (Push, error) {
	var p Push
	head, fields := cutFields(text, pushKeys)
	if reason := checkFields(fields, pushKeys, "push.unknown_key", o, ""); reason != nil {
		return p, reason
	}
	var ok bool
	if p.Number, ok = MaterialNumber(strings.TrimPrefix(head, "#")); !ok {
		return p, newReason("push.which", clip(head), o)
	}
	for _, f := range fields {
		switch f.key {
		case "for":
			p.For = parseFor(f.value)
		case "hours":
			if p.Hours, ok = parseCredit(f.value); !ok {
				return p, newReason("study.bad_hours", clip(f.value), o)
			}
		case "by":
			by, err := ParseBy(f.value, o)
			if err != nil {
				return p, err
			}
			p.By = by
		}
	}
	if !slices.ContainsFunc(fields, func(f field) bool { return f.key == "by" }) {
		return p, newReason("push.no_by", "", o)
	}
	return p, nil
}

// ParseHours reads study hours. The error is a *Reason.
func ParseHours(text string, o Options) (*float64, error) {
	h, ok := parseCredit(text)
	if !ok {
		return nil, newReason("study.bad_hours", clip(text), o)
	}
	return h, nil
}

// ParseBy reads a due date: one time, or a day, which ends at 18:00. The error
// is a *Reason.
func ParseBy(text string, o Options) (time.Time, error) {
	w, reason := parseWhen(text, o)
	switch {
	case reason == nil && w.Kind == KindInstant:
		return w.Start, nil
	case reason == nil:
		return time.Time{}, newReason("when.one_time", clip(text), o)
	}
	day, bad := parseDay(text, o)
	if bad != nil {
		reason.Readings = w.Items
		return time.Time{}, reason
	}
	y, m, d := day.Date()
	at := time.Date(y, m, d, dueClock, 0, 0, 0, day.Location())
	if !at.After(o.Now) {
		return time.Time{}, newReason("when.past", clip(text), o)
	}
	return at, nil
}
