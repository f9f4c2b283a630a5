package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Study is what a one-line study session says; Set as in Call.
type Study struct {
	Title string
	When  When
	// Until is the last moment of the last day of a rule.
	Until    *time.Time
	Holidays string // keep, skip, before, after
	Where    string
	For      string
	// Length is 1h if nothing else follows from length or a range.
	Length time.Duration
	// Hours is the credit; nil means the length.
	Hours    *float64
	Slots    []When
	Link     string
	Remind   []time.Duration
	Makeup   *time.Duration // 0: cannot be made up; nil: not said
	Capacity int            // 0: not said
	// Duty is the unit's duty that it counts for, by name; "" none.
	Duty string
	Set  map[string]bool
}

var studyKeys = newFieldKeys(map[string]string{
	"title": "标题", "when": "时间", "until": "截止", "holidays": "节假日", "where": "地点", "capacity": "人数", "for": "范围",
	"length": "时长", "hours": "学时", "slots": "场次", "link": "链接", "remind": "提前", "makeup": "补学",
	"duty": "计入",
})

// ParseStudy reads "TITLE | key: value | …". The error is a *Reason; the study
// then holds what was read so far.
func ParseStudy(text string, o Options) (Study, error) {
	s := Study{Set: map[string]bool{}}
	head, fields := cutFields(text, studyKeys)
	if head == "" && len(fields) > 1 && fields[0].key == fields[len(fields)-1].key {
		head, fields = fields[0].typed+": "+fields[0].value, fields[1:]
	}
	if head != "" {
		s.Title, s.Set["title"] = asTyped(head), true
	}
	if reason := s.read(fields, o, ""); reason != nil {
		return s, reason
	}
	if s.When.Kind == "" && len(s.Slots) > 0 {
		s.When = s.Slots[0]
	}
	switch {
	case s.Title == "":
		return s, newReason("study.no_title", "", o)
	case s.When.Kind == "":
		return s, newReason("study.no_when", "", o)
	case s.Until != nil && s.When.List()[0].Kind != KindRule:
		return s, newReason("study.until_without", clip(typedKey(fields, "until")), o)
	case s.Until != nil && s.Until.Before(s.When.List()[0].Start):
		return s, newReason("when.rule_over", clip(typedKey(fields, "until")), o)
	}
	s.setLength()
	if s.Holidays == "" {
		s.Holidays = "keep"
	}
	return s, nil
}

// noMeeting reads a length of nothing: material to read by then, no meeting.
func noMeeting(v string) bool {
	switch Fold(v) {
	case "0", "0m", "0min", "0h", "0分钟", "no", "none", "无", "不开会", "没有会":
		return true
	}
	return false
}

// setLength takes the length from a range, else an hour.
func (s *Study) setLength() {
	first := s.When.List()[0]
	switch {
	case s.Length > 0 || s.Set["length"]:
	case !first.End.IsZero():
		s.Length = first.End.Sub(first.Start)
	default:
		s.Length = time.Hour
	}
}

func typedKey(fields []field, key string) string {
	for _, f := range fields {
		if f.key == key {
			return f.value
		}
	}
	return ""
}

// ParseStudyEdit reads "key: value | …" for a change; nothing is defaulted.
func ParseStudyEdit(text string, o Options) (Study, error) {
	s := Study{Set: map[string]bool{}}
	head, fields := cutFields(text, studyKeys)
	if reason := editHead(head, fields, studyKeys, "study", o); reason != nil {
		return s, reason
	}
	if reason := s.read(fields, o, " where link duty "); reason != nil {
		return s, reason
	}
	return s, nil
}

func (s *Study) read(fields []field, o Options, mayBeEmpty string) *Reason {
	if reason := checkFields(fields, studyKeys, "study.unknown_key", o, mayBeEmpty); reason != nil {
		return reason
	}
	for _, f := range fields {
		if f.key == "title" && s.Set["title"] {
			return newReason("call.twice", clip(f.typed), o)
		}
		if reason := s.readTime(f, o); reason != nil {
			return reason
		}
		if reason := s.readRest(f, o); reason != nil {
			return reason
		}
		s.Set[f.key] = true
	}
	return nil
}

// readTime reads when, until and slots.
func (s *Study) readTime(f field, o Options) *Reason {
	var w When
	var reason *Reason
	switch f.key {
	case "when":
		w, reason = parseWhen(f.value, o)
		s.When = w
		if reason != nil {
			s.When = When{}
		}
	case "slots":
		w, reason = parseWhen(orWord.ReplaceAllString(f.value, ", "), o)
		if reason == nil {
			s.Slots = w.List()
		}
	case "until":
		day, bad := parseDay(f.value, o)
		if bad != nil {
			switch bad.Key {
			case "when.unreadable":
				bad = newReason("study.bad_until", clip(f.value), o)
			case "when.past":
				bad = newReason("study.past_until", clip(f.value), o)
			}
			return bad
		}
		end := day.AddDate(0, 0, 1).Add(-time.Second)
		s.Until = &end
	}
	if reason != nil {
		reason.Readings = w.Items
	}
	return reason
}

var orWord = regexp.MustCompile(`(?i)\s+or\s+|\s*(?:或者|或|/\s)\s*`)

// readRest reads the other keys.
func (s *Study) readRest(f field, o Options) *Reason {
	bad := func(key string) *Reason { return newReason(key, clip(f.value), o) }
	ok := true
	switch f.key {
	case "title":
		s.Title = asTyped(f.value)
	case "where":
		s.Where = asTyped(f.value)
	case "for":
		s.For = parseFor(f.value)
	case "link":
		s.Link = bareLink(f.value)
	case "capacity":
		if s.Capacity, ok = parseCount(f.value, 1, 100_000); !ok {
			return bad("study.bad_capacity")
		}
	case "length":
		if noMeeting(f.value) {
			s.Length = 0
			break
		}
		if s.Length, ok = ParseDuration(f.value); !ok || s.Length < time.Minute || s.Length > 24*time.Hour {
			return bad("study.bad_length")
		}
	case "remind":
		if s.Remind, ok = parseLeads(f.value); !ok {
			return bad("call.bad_duration").of(f.key, o)
		}
	case "hours":
		if s.Hours, ok = parseCredit(f.value); !ok {
			return bad("study.bad_hours")
		}
	case "holidays":
		if s.Holidays, ok = parseHolidays(f.value); !ok {
			return bad("study.bad_holidays")
		}
	case "duty":
		s.Duty = parseDutyName(f.value)
	case "makeup":
		if s.Makeup, ok = parseMakeup(f.value); !ok {
			return bad("study.bad_makeup")
		}
	}
	return nil
}

// parseCredit reads study hours: 1.5, 1.5学时, 90m.
func parseCredit(v string) (*float64, bool) {
	folded := strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(foldValue(v), "学时"), "个"))
	h, err := strconv.ParseFloat(folded, 64)
	if err != nil {
		d, ok := ParseDuration(folded)
		if !ok {
			return nil, false
		}
		h = d.Hours()
	}
	const most = 100
	return &h, h >= 0 && h <= most // NaN is neither
}

func parseHolidays(v string) (string, bool) {
	switch Fold(v) {
	case "keep", "照常", "保留", "不变":
		return "keep", true
	case "skip", "跳过", "取消", "不开":
		return "skip", true
	case "before", "提前":
		return "before", true
	case "after", "顺延", "推后", "推迟", "延后":
		return "after", true
	}
	return "", false
}

// parseMakeup reads how long a session can be made up; a bare number is days.
func parseMakeup(v string) (*time.Duration, bool) {
	var d time.Duration
	folded := Fold(v)
	switch folded {
	case "0", "no", "none", "不", "不补", "不可补学", "否", "无":
		return &d, true
	}
	if n, err := strconv.Atoi(folded); err == nil {
		folded = strconv.Itoa(n) + "d"
	}
	d, ok := ParseDuration(strings.TrimSuffix(folded, "内"))
	const most = 366 * 24 * time.Hour
	return &d, ok && d > 0 && d <= most
}
