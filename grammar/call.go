package grammar

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// Need is how many are wanted in a role. Role is "" for a bare number.
type Need struct {
	Role        string
	Least, Most int
	// Verified: only those whose skill is verified (doctor*).
	Verified bool
}

// Limit is an absolute time, or (At zero) a time before the start.
type Limit struct {
	At     time.Time
	Before time.Duration
}

// Ask is how members are asked directly: Auto, or Size people every Every, or
// Off ("no").
type Ask struct {
	Auto  bool
	Off   bool
	Size  int
	Every time.Duration
}

// Call is what a one-line volunteer call says. Fields that were not given are
// zero, except Kind ("care") and Ask (auto when urgent); Set holds the English
// names of the keys that were given, "title" included.
type Call struct {
	Title   string
	Kind    string // relief, care, duty
	When    []When
	Where   string
	Need    []Need
	Skill   []string
	Bring   string
	Private string
	Opens   *Limit
	Close   *Limit
	Guests  *int
	Urgent  bool
	Drill   bool
	Buddy   bool
	Ask     *Ask
	// Safety is the time between two safety checks, 0 for none, nil if not said.
	Safety *time.Duration
	For    string // raw words; "all" for 全体
	Remind []time.Duration
	Set    map[string]bool
}

var callKeys = newFieldKeys(map[string]string{
	"title": "标题", "kind": "类型", "when": "时间", "where": "地点", "need": "需要", "skill": "技能", "bring": "携带",
	"private": "仅确认者可见", "opens": "开始报名", "close": "报名截止", "guests": "携伴", "urgent": "紧急", "ask": "询问",
	"safety": "报平安", "buddy": "结伴", "drill": "演练", "for": "范围", "remind": "提前",
})

// commandHead is the command itself, where a whole line was pasted.
var commandHead = regexp.MustCompile(`^\s*/muster\s+(?i:call|招募)\s+`)

// clearable are the keys that an edit empties with an empty value.
const clearable = " where skill bring private "

// ParseCall reads "TITLE | key: value | …". The error is a *Reason; the call
// then holds what was read so far, so that a modal can be filled in.
func ParseCall(text string, o Options) (Call, error) {
	c := Call{Kind: "care", Set: map[string]bool{}}
	head, fields := cutFields(commandHead.ReplaceAllString(text, ""), callKeys)
	if head == "" && len(fields) > 1 && fields[0].key == fields[len(fields)-1].key {
		head, fields = fields[0].typed+": "+fields[0].value, fields[1:]
	}
	if head != "" {
		c.Title, c.Set["title"] = head, true
	}
	if reason := c.read(fields, o, ""); reason != nil {
		return c, reason
	}
	if c.Urgent && c.Ask == nil {
		c.Ask = &Ask{Auto: true}
	}
	switch {
	case c.Title == "":
		return c, newReason("call.no_title", "", o)
	case len(c.When) == 0:
		return c, newReason("call.no_when", "", o)
	}
	return c, nil
}

// ParseEdit reads "key: value | …" without a title in front; title: is a key.
// An empty value clears a free-text key (Set true, value empty).
func ParseEdit(text string, o Options) (Call, error) {
	c := Call{Set: map[string]bool{}}
	head, fields := cutFields(text, callKeys)
	if reason := editHead(head, fields, callKeys, "call", o); reason != nil {
		return c, reason
	}
	if reason := c.read(fields, o, clearable); reason != nil {
		return c, reason
	}
	if c.Urgent && c.Ask == nil {
		c.Ask = &Ask{Auto: true}
	}
	return c, nil
}

// editHead refuses words in front of the first key of an edit.
func editHead(head string, fields []field, keys fieldKeys, thing string, o Options) *Reason {
	switch {
	case head == "" && len(fields) == 0:
		return newReason(thing+".nothing_to_change", "", o)
	case head == "":
		return nil
	}
	if word, _, ok := strings.Cut(strings.ReplaceAll(head, "：", ":"), ":"); ok {
		return newReason(thing+".unknown_key", clip(word), o).nearest(nearestKey(word, keys))
	}
	return newReason("call.not_key", clip(head), o)
}

// read puts the fields into the call.
func (c *Call) read(fields []field, o Options, mayBeEmpty string) *Reason {
	if reason := checkFields(fields, callKeys, "call.unknown_key", o, mayBeEmpty); reason != nil {
		return reason
	}
	for _, f := range fields {
		if f.key == "title" && c.Set["title"] {
			return newReason("call.twice", clip(f.typed), o)
		}
		if reason := c.readTime(f, o); reason != nil {
			return reason
		}
		if reason := c.readRest(f, o); reason != nil {
			return reason
		}
		c.Set[f.key] = true
	}
	return nil
}

// readTime reads the keys whose value is a time or a length of time.
func (c *Call) readTime(f field, o Options) *Reason {
	bad := func(key string) *Reason { return newReason(key, clip(f.value), o).of(f.key, o) }
	var reason *Reason
	ok := true
	switch f.key {
	case "when":
		w, reason := parseWhen(f.value, o)
		if reason != nil {
			reason.Readings = w.Items
			return reason
		}
		c.When = w.List()
		if slices.ContainsFunc(c.When, func(w When) bool { return w.Kind == KindRule }) {
			c.When = nil
			return newReason("when.not_rule", clip(f.value), o)
		}
	case "opens":
		c.Opens, reason = parseLimit(f.value, o)
	case "close":
		c.Close, reason = parseLimit(f.value, o)
	case "safety":
		if c.Safety, ok = parseSafety(f.value); !ok {
			return bad("call.bad_duration")
		}
	case "remind":
		if c.Remind, ok = parseLeads(f.value); !ok {
			return bad("call.bad_duration")
		}
	case "ask":
		if c.Ask, ok = parseAsk(f.value); !ok {
			return bad("call.bad_ask")
		}
	}
	return reason
}

// readRest reads the other keys.
func (c *Call) readRest(f field, o Options) *Reason {
	bad := func(key string) *Reason { return newReason(key, clip(f.value), o).of(f.key, o) }
	ok := true
	var reason *Reason
	switch f.key {
	case "title":
		c.Title = f.value
	case "kind":
		if c.Kind, ok = parseKind(f.value); !ok {
			return bad("call.bad_kind")
		}
	case "where":
		c.Where = f.value
	case "need":
		c.Need, reason = parseNeed(f.value, o)
	case "skill":
		c.Skill = listParts(f.value)
	case "bring":
		c.Bring = f.value
	case "private":
		c.Private = f.value
	case "guests":
		n, ok := parseCount(f.value, 0, 99)
		if yes, said := parseYes(f.value); said && !yes {
			n, ok = 0, true
		}
		if !ok {
			return bad("call.bad_number")
		}
		c.Guests = &n
	case "urgent":
		c.Urgent, ok = parseYes(f.value)
	case "drill":
		c.Drill, ok = parseYes(f.value)
	case "buddy":
		c.Buddy, ok = parseYes(f.value)
	case "for":
		c.For = parseFor(f.value)
	}
	if !ok {
		return bad("call.bad_yes")
	}
	return reason
}
