package grammar

import (
	"strings"
	"time"
)

// Export is what `export KIND [--from D] [--to D] [--unit U] [--format F]` asks for.
type Export struct {
	Kind     string
	From, To time.Time // To is the midnight after the last day
	Unit     string    // name as typed, spaces and all
	Format   string    // csv, xlsx, json
	Excel    bool
}

var exportWords = map[string]string{
	"招募": "calls", "报名": "signups", "学习": "study", "考勤": "attendance", "年度": "study_year", "年度学时": "study_year", "study_year": "study_year", "year": "study_year", "出勤": "attendance", "记录": "audit", "成员": "members", "组织": "units", "支部": "units",
	"calls": "calls", "call": "calls", "hours": "hours", "时长": "hours", "工时": "hours", "signups": "signups", "sign-ups": "signups", "study": "study", "attendance": "attendance", "audit": "audit",
	"members": "members", "member": "members", "units": "units", "unit": "units"}

// ParseExport reads an export as typed in chat; days are of zone. An option's
// value runs to the next `--`. The error is a *Reason.
func ParseExport(text string, zone *time.Location) (Export, error) {
	out := Export{Format: "csv"}
	words := strings.Fields(text)
	if len(words) == 0 {
		return out, exportReason("")
	}
	if out.Kind = exportWords[Fold(words[0])]; out.Kind == "" {
		return out, exportReason(words[0])
	}
	for i := 1; i < len(words); {
		option, ok := exportOption(words[i])
		if !ok {
			return out, exportReason(words[i])
		}
		name, value, given := strings.Cut(option, "=")
		name = strings.ToLower(name)
		quoted := words[i]
		i++
		for ; i < len(words) && (!given || name == "unit"); i++ {
			if _, next := exportOption(words[i]); next {
				break
			}
			value = strings.TrimSpace(value + " " + words[i])
		}
		if !out.option(name, unquote(value), zone) {
			return out, exportReason(strings.TrimSpace(quoted + " " + value))
		}
	}
	if !out.From.IsZero() && !out.To.IsZero() && !out.From.Before(out.To) {
		return out, exportReason("--to " + out.To.AddDate(0, 0, -1).Format(time.DateOnly))
	}
	return out, nil
}

// exportOption is a word without the two hyphens before it; phones turn them
// into a dash.
func exportOption(word string) (string, bool) {
	for _, mark := range []string{"--", "—", "–"} {
		if rest, ok := strings.CutPrefix(word, mark); ok && rest != "" {
			return strings.TrimLeft(rest, "-—–"), true
		}
	}
	return "", false
}

// unquote takes the quotes off that a command line would have taken.
func unquote(s string) string {
	for _, pair := range []string{`""`, `''`, "“”", "‘’", "「」"} {
		marks := []rune(pair)
		if rs := []rune(s); len(rs) >= 2 && rs[0] == marks[0] && rs[len(rs)-1] == marks[1] {
			return string(rs[1 : len(rs)-1])
		}
	}
	return s
}

func (e *Export) option(name, value string, zone *time.Location) bool {
	switch name {
	case "from", "to":
		day, err := time.ParseInLocation(time.DateOnly, value, zone)
		if err != nil {
			return false
		}
		if name == "from" {
			e.From = day
		} else {
			e.To = day.AddDate(0, 0, 1)
		}
	case "unit":
		e.Unit = value
		return value != ""
	case "format":
		e.Format = strings.ToLower(value)
		return e.Format == "csv" || e.Format == "xlsx" || e.Format == "json"
	case "excel":
		e.Excel = true
		return value == ""
	default:
		return false
	}
	return true
}

func exportReason(part string) *Reason {
	example, key := "/muster export signups --from 2026-11-01 --to 2026-11-30", "export.how"
	if part == "" {
		key = "export.which"
	}
	part = clip(part)
	return &Reason{Key: key, Part: part, Example: example, Args: map[string]any{"Part": part, "Example": example}}
}
