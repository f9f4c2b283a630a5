package grammar

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Duties is what somebody wants of units' duties.
type Duties struct {
	Do      string // "" list, add, edit, delete, held, preset
	Name    string // the duty; of a list the unit
	Rename  string // edit: its new name
	Cadence string // month, quarter, half, year; "" = not said
	Times   int    // in each period; 0 = not said
	For     string // a unit, a type of units, "all"; "" = not said
	Since   time.Time
	Day     time.Time // held: the day
	Note    string
	Set     map[string]bool
}

var dutySubs = map[string]string{
	"add": "add", "new": "add", "加": "add", "添加": "add", "新增": "add", "增加": "add",
	"edit": "edit", "change": "edit", "修改": "edit", "编辑": "edit", "更改": "edit", "改": "edit",
	"delete": "delete", "remove": "delete", "删除": "delete", "删": "delete",
	"held": "held", "record": "held", "补录": "held", "已开展": "held", "开展": "held", "登记": "held",
	"preset": "preset", "presets": "preset", "预设": "preset", "常用": "preset",
	"list": "", "列表": "",
}

var dutyKeys = newFieldKeys(map[string]string{
	"name": "名称", "every": "周期", "times": "次数", "for": "范围", "since": "起始", "day": "日期", "note": "备注",
})

// ParseDuties reads what follows `study duties`. names are the duties there
// are: a name may have spaces in it. The error is a *Reason.
func ParseDuties(text string, names []string, o Options) (Duties, error) {
	raw := strings.TrimSpace(decode(text))
	word, rest := cutWord(raw)
	do, known := dutySubs[Fold(word)]
	if !known {
		for _, glued := range []string{"补录", "已开展", "删除", "修改", "添加", "新增"} { // 补录党员大会 11月18日
			if after, ok := strings.CutPrefix(raw, glued); ok && after != "" && !known {
				do, rest, known = dutySubs[glued], strings.TrimSpace(after), true
			}
		}
	}
	if !known {
		return Duties{Name: raw, Set: map[string]bool{}}, nil
	}
	d := Duties{Do: do, Set: map[string]bool{}}
	if reason := d.read(rest, names, o); reason != nil {
		return d, reason
	}
	if reason := d.check(o); reason != nil {
		return d, reason
	}
	return d, nil
}

func (d *Duties) check(o Options) *Reason {
	switch {
	case d.Do == "" || d.Do == "preset" || d.Do == "add" && d.Name == "" && len(d.Set) == 0: // add alone: the form
		return nil
	case d.Name == "":
		return newReason("duty.no_name."+d.Do, "", o)
	case d.Do == "add" && d.Cadence == "":
		return newReason("duty.no_cadence", "", o)
	case d.Do == "held" && d.Day.IsZero():
		return newReason("duty.no_day", "", o)
	case d.Do == "edit" && len(d.Set) == 0:
		return newReason("duty.nothing_to_change", "", o)
	}
	return nil
}

// read takes the head and the parts behind it.
func (d *Duties) read(text string, names []string, o Options) *Reason {
	parts := cutParts(text)
	if len(parts) == 0 {
		return nil
	}
	if k, _ := keyAt([]rune(parts[0]), 0, dutyKeys, true); k < 0 {
		if reason := d.head(parts[0], names, o); reason != nil {
			return reason
		}
		parts = parts[1:]
	}
	for _, part := range parts {
		if reason := d.part(part, o); reason != nil {
			return reason
		}
	}
	return nil
}

// head is the duty's name, and what stands behind it without a separator: the
// day it was held and a note, or how often it is owed.
func (d *Duties) head(text string, names []string, o Options) *Reason {
	name, rest := cutName(text, names)
	if d.Do == "held" {
		if name == "" {
			name, rest = cutWord(text)
		}
		d.Name = name
		return d.heldOn(rest, o)
	}
	if name == "" {
		name, rest = text, ""
		for i, r := range text {
			if !unicode.IsSpace(r) {
				continue
			}
			if cadence, times, ok := parseCadence(text[i:]); ok && d.Do != "delete" {
				d.cadence(cadence, times)
				name = text[:i]
				break
			}
		}
	}
	d.Name = asTyped(strings.TrimSpace(name))
	if rest = strings.TrimSpace(rest); rest == "" {
		return nil
	}
	return d.part(rest, o)
}

// cutName takes the longest known name off the head of a text.
func cutName(text string, names []string) (name, rest string) {
	folded := foldValue(text)
	best := ""
	for _, n := range names {
		f := foldValue(n)
		if f == "" || !strings.HasPrefix(folded, f) || len(f) < len(foldValue(best)) {
			continue
		}
		if behind := []rune(folded[len(f):]); len(behind) > 0 && isLatin(behind[0]) && isLatin([]rune(f)[len([]rune(f))-1]) {
			continue // "study day" is not "study daytime"
		}
		best = n
	}
	if best == "" {
		return "", text
	}
	rs := []rune(strings.TrimSpace(text))
	for i := range len(rs) + 1 { // folding may change how long a text is
		if foldValue(string(rs[:i])) == foldValue(best) {
			return best, strings.TrimSpace(string(rs[i:]))
		}
	}
	return best, ""
}

// heldOn reads a day and a note behind it: the longest stretch of words that is
// a day.
func (d *Duties) heldOn(text string, o Options) *Reason {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	for _, cut := range dayEnds(text) {
		day, reason := parsePastDay(text[:cut], o)
		if reason == nil {
			d.Day, d.Set["day"] = day, true
			if note := strings.TrimLeftFunc(text[cut:], isHeadSign); note != "" {
				d.Note, d.Set["note"] = asTyped(note), true
			}
			return nil
		}
		if reason.Key != "when.unreadable" { // a day, and one that cannot be
			return reason
		}
	}
	return newReason("duty.bad_day", clip(text), o)
}

// dayEnds are the places at which the first words of a text end, the longest
// stretch first: after a space, a sign, or the sign for a day.
func dayEnds(text string) []int {
	const most = 6 // "Wed 18 Nov 2026" are four words
	var ends []int
	for i, r := range text {
		if i > 0 && (unicode.IsSpace(r) || strings.ContainsRune(",，。:：", r)) {
			ends = append(ends, i)
		}
		if strings.ContainsRune("日号天", r) {
			ends = append(ends, i+len(string(r)))
		}
	}
	ends = append(ends, len(text))
	ends = slices.Compact(ends)
	ends = ends[:min(len(ends), most)]
	slices.Reverse(ends)
	return ends
}

func (d *Duties) cadence(cadence string, times int) {
	d.Cadence, d.Set["every"] = cadence, true
	if times > 0 {
		d.Times, d.Set["times"] = times, true
	}
}

// part is "key: value", or how often, or of what was held the note.
func (d *Duties) part(text string, o Options) *Reason {
	rs := []rune(text)
	k, colon := keyAt(rs, 0, dutyKeys, false)
	if k < 0 {
		cadence, times, ok := parseCadence(text)
		switch {
		case ok && (d.Do == "add" || d.Do == "edit"):
			d.cadence(cadence, times)
		case d.Do == "held" && d.Day.IsZero():
			return d.heldOn(text, o)
		case d.Do == "held" && d.Note == "":
			d.Note, d.Set["note"] = asTyped(text), true
		case d.Do == "add" || d.Do == "edit":
			return newReason("duty.bad_cadence", clip(text), o)
		default:
			return newReason("duty.unknown_key", clip(text), o)
		}
		return nil
	}
	typed := strings.TrimSpace(string(rs[k:colon]))
	key, value := dutyKeys[foldValue(typed)], strings.TrimSpace(string(rs[colon+1:]))
	switch {
	case key == "":
		return newReason("duty.unknown_key", clip(typed), o).nearest(nearestKey(typed, dutyKeys))
	case d.Set[key] && key != "times":
		return newReason("call.twice", clip(typed), o).of(key, o)
	case value == "" && key != "note":
		return newReason("call.empty_value", clip(typed), o).of(key, o)
	}
	return d.field(key, value, o)
}

func (d *Duties) field(key, value string, o Options) *Reason {
	d.Set[key] = true
	switch key {
	case "name":
		d.Rename = asTyped(value)
		if d.Name == "" {
			d.Name = d.Rename
		}
	case "every":
		cadence, times, ok := parseCadence(value)
		if !ok {
			return newReason("duty.bad_cadence", clip(value), o)
		}
		d.cadence(cadence, times)
	case "times":
		n, ok := timesOf(foldValue(value))
		if !ok {
			return newReason("duty.bad_times", clip(value), o)
		}
		d.Times = n
	case "for":
		d.For = parseFor(asTyped(value))
	case "note":
		d.Note = asTyped(value)
	case "day":
		day, reason := parsePastDay(value, o)
		if reason != nil {
			return reason
		}
		d.Day = day
	case "since":
		day, reason := parseAnyDay(value, o)
		if reason != nil {
			return reason
		}
		d.Since = day
	}
	return nil
}

// cutParts cuts at every separator outside Slack's tokens and quotations.
func cutParts(text string) []string {
	rs := []rune(text)
	skip := opaque{rs: rs, open: map[rune]int{}}
	var parts []string
	from := 0
	for i := 0; i <= len(rs); i++ {
		if i < len(rs) {
			if n := skip.at(i); n > 0 {
				i += n - 1
				continue
			}
			if !strings.ContainsRune("|｜;；\n", rs[i]) {
				continue
			}
		}
		if part := trimPart(string(rs[from:i])); part != "" {
			parts = append(parts, part)
		}
		from = i + 1
	}
	return parts
}

// parseDutyName keeps the name, and reads the words for none.
func parseDutyName(v string) string {
	switch Fold(v) {
	case "no", "none", "无", "不计", "不计入", "没有", "否":
		return ""
	}
	return asTyped(v)
}
