package grammar

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"muster/models"
)

// Bounds of a file: fifty times the largest organisation this is built for.
const (
	mostRosterBytes = 64 << 20
	mostRosterRows  = 500_000
)

// roster is a file of rows under a head. Faults gather in it, so that one run
// names them all.
type roster struct {
	columns []string
	rows    []rosterRow
	faults  []models.Fault
}

type rosterRow struct {
	line  int
	cells map[string]string // those that say something
}

func (r *roster) fault(line int, key string, args ...any) {
	r.faults = append(r.faults, models.FaultAt(line, key, args...))
}

// readRoster reads a table as Excel and others save it: UTF-8 with or without
// byte order mark, UTF-16 with one, or GBK; cells parted by commas, semicolons
// or tabs, whichever the head has most of.
func readRoster(raw []byte, accepted []string) *roster {
	r := &roster{}
	text, key := decodeRoster(raw)
	if key != "" {
		r.fault(1, key)
		return r
	}
	in := csv.NewReader(strings.NewReader(text))
	in.FieldsPerRecord, in.Comma = -1, parting(text)
	head, err := in.Read()
	if err != nil {
		r.broken(err, accepted)
		return r
	}
	if !r.head(head, accepted) {
		return r
	}
	for len(r.rows) < mostRosterRows {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return r
		}
		if err != nil {
			r.broken(err, accepted)
			return r
		}
		line, _ := in.FieldPos(0)
		r.row(line, record)
	}
	r.fault(mostRosterRows, "import.too_long", "Most", mostRosterRows)
	return r
}

// decodeRoster gives the text of a file, or the key of the reason why not.
func decodeRoster(raw []byte) (text, key string) {
	switch {
	case len(raw) > mostRosterBytes:
		return "", "import.too_big"
	case bytes.HasPrefix(raw, []byte("PK\x03\x04")), bytes.HasPrefix(raw, []byte{0xd0, 0xcf, 0x11, 0xe0}):
		return "", "import.workbook"
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		out, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(raw)
		if err != nil {
			return "", "import.encoding"
		}
		return string(out), ""
	}
	raw = bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(raw, 0) >= 0 {
		return "", "import.encoding"
	}
	if utf8.Valid(raw) {
		return string(raw), ""
	}
	// Excel in China saves GBK; GB 18030 is its superset.
	out, err := simplifiedchinese.GB18030.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(out, utf8.RuneError) {
		return "", "import.encoding"
	}
	return string(out), ""
}

// parting is what parts the cells of the head.
func parting(text string) rune {
	head, _, _ := strings.Cut(text, "\n")
	best, most := ',', strings.Count(head, ",")
	for _, c := range []rune{';', '\t'} {
		if n := strings.Count(head, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// broken notes why the table itself cannot be read.
func (r *roster) broken(err error, accepted []string) {
	var parse *csv.ParseError
	switch {
	case errors.Is(err, io.EOF):
		r.fault(1, "import.empty", "Names", strings.Join(accepted, ", "))
	case errors.As(err, &parse):
		r.fault(parse.StartLine, "import.quotes")
	default:
		r.fault(1, "import.encoding")
	}
}

// head reads the names of the columns and says whether the rows can be read.
func (r *roster) head(cells, accepted []string) bool {
	for _, cell := range cells {
		name := strings.ToLower(strings.TrimSpace(cell))
		switch {
		case name == "": // Excel leaves empty columns at the end
		case !slices.Contains(accepted, name):
			r.fault(1, "import.column", "Part", clip(cell), "Names", strings.Join(accepted, ", "))
		case slices.Contains(r.columns, name):
			r.fault(1, "import.column_twice", "Part", name)
		}
		r.columns = append(r.columns, name)
	}
	return len(r.faults) == 0
}

func (r *roster) row(line int, record []string) {
	row := rosterRow{line: line, cells: map[string]string{}}
	for i, cell := range record {
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		if i >= len(r.columns) || r.columns[i] == "" {
			r.fault(line, "import.cells", "Part", clip(cell), "N", len(r.columns))
			return
		}
		row.cells[r.columns[i]] = cell
	}
	if len(row.cells) > 0 {
		r.rows = append(r.rows, row)
	}
}

// ReadMembers reads a file of members, columns user_id, email, name, unit,
// duty, skills, areas, lang, windows, quiet in any order, of which one of the
// first two is needed. With faults the lines are not to be used.
func ReadMembers(raw []byte) ([]models.MemberLine, []models.Fault) {
	r := readRoster(raw, models.MemberColumns())
	if len(r.faults) == 0 && !slices.Contains(r.columns, "user_id") && !slices.Contains(r.columns, "email") {
		r.fault(1, "import.needs", "Names", "user_id, email")
		return nil, r.faults
	}
	out := make([]models.MemberLine, 0, len(r.rows))
	for _, row := range r.rows {
		out = append(out, r.member(row))
	}
	return out, r.faults
}

func (r *roster) member(row rosterRow) models.MemberLine {
	m := models.MemberLine{Line: row.line, Said: saidCells(row)}
	m.Slack = r.slackID(row, "user_id")
	m.Email = r.email(row.line, row.cells["email"])
	if m.Slack == "" && m.Email == "" && row.cells["user_id"] == "" && row.cells["email"] == "" {
		r.fault(row.line, "import.nobody")
	}
	m.Name = r.short(row, "name")
	m.Unit = r.short(row, "unit")
	m.Duty = r.oneOf(row, "duty", "member", "leader")
	m.Lang = r.oneOf(row, "lang", "zh", "en")
	m.Skills = r.skills(row)
	m.Areas = r.list(row, "areas")
	m.Windows = r.windows(row)
	m.QuietStart, m.QuietEnd = r.quiet(row)
	return m
}

// ReadUnits reads a file of units, columns name, parent, type, leader, windows,
// quiet, joint_of in any order, of which name is needed.
func ReadUnits(raw []byte) ([]models.UnitLine, []models.Fault) {
	r := readRoster(raw, models.UnitColumns())
	if len(r.faults) == 0 && !slices.Contains(r.columns, "name") {
		r.fault(1, "import.needs", "Names", "name")
		return nil, r.faults
	}
	out := make([]models.UnitLine, 0, len(r.rows))
	for _, row := range r.rows {
		u := models.UnitLine{Line: row.line, Said: saidCells(row), Name: r.short(row, "name"), Parent: r.short(row, "parent"),
			Type: r.short(row, "type"), Leader: r.leader(row), JointOf: r.list(row, "joint_of"), Windows: r.windows(row)}
		u.QuietStart, u.QuietEnd = r.quiet(row)
		if u.Name == "" {
			r.fault(row.line, "import.unnamed")
		}
		out = append(out, u)
	}
	return out, r.faults
}

func saidCells(row rosterRow) map[string]bool {
	out := make(map[string]bool, len(row.cells))
	for name := range row.cells {
		out[name] = true
	}
	return out
}

// cell is what a cell says; a dash alone empties it.
func (row rosterRow) cell(name string) string {
	if c := row.cells[name]; c != "-" && c != "—" && c != "－" {
		return c
	}
	return ""
}

// slackID reads a Slack user id, also as a mention.
func (r *roster) slackID(row rosterRow, name string) string {
	text := row.cell(name)
	if m := userToken.FindStringSubmatch(text); m != nil && m[0] == text {
		return m[1]
	}
	if text != "" && !slackUser(text) {
		r.fault(row.line, "import.user_id", "Part", clip(text))
		return ""
	}
	return text
}

// slackUser says whether text has the form of a Slack user id.
func slackUser(text string) bool {
	if len(text) < 2 || text[0] != 'U' && text[0] != 'W' {
		return false
	}
	return strings.Trim(text[1:], "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == ""
}

func (r *roster) email(line int, text string) string {
	text = models.FoldEmail(text)
	name, host, ok := strings.Cut(text, "@")
	if text != "" && (!ok || name == "" || host == "" || strings.ContainsAny(text, " ,;<>") || strings.Contains(host, "@")) {
		r.fault(line, "import.email", "Part", clip(text))
		return ""
	}
	return text
}

// leader is a Slack id or an e-mail address.
func (r *roster) leader(row rosterRow) string {
	if text := row.cell("leader"); strings.Contains(text, "@") && !strings.HasPrefix(text, "<@") {
		return r.email(row.line, text)
	}
	return r.slackID(row, "leader")
}

// rosterName bounds a name of a person or unit; longer ones do not fit a card.
const rosterName = 100

func (r *roster) short(row rosterRow, name string) string {
	text := strings.Join(strings.Fields(row.cell(name)), " ")
	if utf8.RuneCountInString(text) > rosterName {
		r.fault(row.line, "import.long", "Column", name, "Part", clip(text), "N", rosterName)
		return ""
	}
	return text
}

func (r *roster) oneOf(row rosterRow, name string, values ...string) string {
	text := strings.ToLower(row.cell(name))
	if text != "" && !slices.Contains(values, text) {
		r.fault(row.line, "import.value", "Column", name, "Part", clip(text), "Names", strings.Join(values, ", "))
		return ""
	}
	return text
}

// Bounds of a list in a cell, those of a profile.
const (
	mostListed = 30
	longListed = 60
)

func (r *roster) list(row rosterRow, name string) []string {
	out := SplitList(row.cell(name))
	for i, word := range out {
		if i == mostListed || utf8.RuneCountInString(word) > longListed {
			r.fault(row.line, "import.listed", "Column", name, "Part", clip(word), "N", longListed, "Most", mostListed)
			return nil
		}
	}
	return out
}

// SplitList splits a list as people type it, each thing once.
func SplitList(text string) []string {
	var out []string
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(",，、;；\n", r) }) {
		if w = strings.TrimSpace(w); w != "" && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

func (r *roster) skills(row rosterRow) []models.SkillLine {
	var out []models.SkillLine
	for _, word := range r.list(row, "skills") {
		name, until, starred := strings.Cut(strings.ReplaceAll(word, "＊", "*"), "*")
		s := models.SkillLine{Name: strings.TrimSpace(name), Verified: starred, Until: strings.TrimSpace(until)}
		if s.Until != "" {
			if _, err := time.Parse(time.DateOnly, s.Until); err != nil {
				r.fault(row.line, "import.skill", "Part", clip(word))
				continue
			}
		}
		if s.Name == "" {
			r.fault(row.line, "import.skill", "Part", clip(word))
			continue
		}
		out = append(out, s)
	}
	return out
}

func (r *roster) windows(row rosterRow) []models.Window {
	out, err := ParseWindows(row.cell("windows"))
	if err != nil {
		r.fault(row.line, "import.windows", "Part", partOf(err))
	}
	return out
}

// quiet is one span without days.
func (r *roster) quiet(row rosterRow) (start, end *int) {
	text := row.cell("quiet")
	if text == "" {
		return nil, nil
	}
	spans, err := ParseWindows(text)
	if err != nil || len(spans) != 1 || len(spans[0].Days) > 0 {
		r.fault(row.line, "import.quiet", "Part", clip(text))
		return nil, nil
	}
	return &spans[0].Start, &spans[0].End
}

func partOf(err error) string {
	var reason *Reason
	if errors.As(err, &reason) {
		return reason.Part
	}
	return fmt.Sprint(err)
}
