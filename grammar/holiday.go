package grammar

import (
	"regexp"
	"strings"
	"time"
)

// What an OrgDays asks for.
const (
	OrgDaysList   = "list"
	OrgDaysAdd    = "add"
	OrgDaysDelete = "delete"
)

// OrgDays is `study holidays …`: the list of a year, or an organisation's own
// day off or working day.
type OrgDays struct {
	Do   string
	Year int       // list: 0 = the present one
	Date time.Time // add, delete: the first moment of that day
	Work bool      // add: a working day, not a day off
	Name string    // add: why, as typed
}

var (
	orgDayVerb = regexp.MustCompile(`^(?:(add|set|new)\s+|(delete|del|remove)\s+|(添加|增加|新增|设置|加)\s*|(删除|删|去掉|取消)\s*)`)
	orgDayYear = regexp.MustCompile(`^(\d{4})\s*年?$`)
	// The word for off or work: of its own in English, behind the date in Chinese.
	orgDayKind = regexp.MustCompile(`(?:^|\s)(?:(off|day off|free|holiday)|(work|works|working|working day|workday))(?:\s|:|$)|(?:(放假|休息|休假|休)|(上班|工作日|工作|班))(?:\s|:|,|$)`)
)

// ParseOrgDays reads what follows `study holidays`. The error is a *Reason.
func ParseOrgDays(text string, o Options) (OrgDays, error) {
	src := newSource(strings.TrimSpace(text))
	folded := string(src.folded)
	switch folded {
	case "", "list", "列表":
		return OrgDays{Do: OrgDaysList}, nil
	}
	if m := orgDayYear.FindStringSubmatch(folded); m != nil {
		return OrgDays{Do: OrgDaysList, Year: toInt(m[1])}, nil
	}
	for word, n := range map[string]int{"next year": 1, "明年": 1, "this year": 0, "今年": 0, "去年": -1, "last year": -1} {
		if folded == word {
			return OrgDays{Do: OrgDaysList, Year: o.Now.In(zoneOf(o)).Year() + n}, nil
		}
	}
	verb := orgDayVerb.FindStringSubmatchIndex(folded)
	if verb == nil {
		return OrgDays{}, newReason("holidays.unreadable", clip(text), o)
	}
	rest := src.from(folded, verb[1])
	if verb[4] >= 0 || verb[8] >= 0 {
		date, err := ParseDay(rest, o)
		return OrgDays{Do: OrgDaysDelete, Date: date}, err
	}
	return parseOrgDay(rest, o)
}

// parseOrgDay reads `26 Dec off Founding day`.
func parseOrgDay(text string, o Options) (OrgDays, error) {
	src := newSource(text)
	folded := string(src.folded)
	kind := orgDayKind.FindStringSubmatchIndex(folded)
	if kind == nil {
		return OrgDays{}, newReason("holidays.no_kind", clip(text), o)
	}
	out := OrgDays{Do: OrgDaysAdd, Work: kind[4] >= 0 || kind[8] >= 0}
	word := max(kind[2], kind[4], kind[6], kind[8]) // only one of them is there
	end := max(kind[3], kind[5], kind[7], kind[9])
	out.Name = strings.TrimLeft(src.from(folded, end), " :,，：-")
	var err error
	out.Date, err = ParseDay(src.part(0, runesIn(folded, word)), o)
	return out, err
}

// from is what was typed from a byte of the folded text on.
func (s source) from(folded string, at int) string {
	return s.part(runesIn(folded, at), len(s.typed))
}

func runesIn(folded string, bytes int) int { return len([]rune(folded[:bytes])) }

func zoneOf(o Options) *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}
