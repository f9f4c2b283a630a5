package views

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"muster/models"
)

// Table writes rows of an export one by one, so that a hundred thousand need
// no more memory than one. Cells are string, int, int64, float64 (hours, two
// decimals), bool (yes/no), []string (joined by ;) and models.Moment.
type Table interface {
	Row(cells []any) error
	Close() error
}

// Formats of an export.
const (
	FormatCSV  = "csv"
	FormatXLSX = "xlsx"
	FormatJSON = "json" // one object a line
)

// NewTable begins a table with a header. excel puts the byte order mark before
// a CSV by which Excel knows that it is UTF-8.
func NewTable(w io.Writer, format string, excel bool, columns []string) (Table, error) {
	switch format {
	case FormatXLSX:
		return newSheet(w, columns)
	case FormatJSON:
		buf := bufio.NewWriter(w)
		return &jsonTable{w: buf, columns: columns}, nil
	case FormatCSV, "":
	default:
		return nil, fmt.Errorf("format %q: csv, xlsx or json", format)
	}
	if excel {
		if _, err := io.WriteString(w, "\ufeff"); err != nil {
			return nil, err
		}
	}
	t := &csvTable{w: csv.NewWriter(w)}
	return t, t.w.Write(columns)
}

type csvTable struct{ w *csv.Writer }

func (t *csvTable) Row(cells []any) error {
	row := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case string:
			row[i] = harmless(c)
		case []string:
			safe := make([]string, len(c)) // each by itself: where ; separates columns, each is a cell
			for j, item := range c {
				safe[j] = harmless(item)
			}
			row[i] = cellText(safe)
		default:
			row[i] = cellText(c)
		}
	}
	return t.w.Write(row)
}

func (t *csvTable) Close() error {
	t.w.Flush()
	return t.w.Error()
}

// harmless puts an apostrophe before what a spreadsheet would run as a formula.
// Some skip what cannot be seen before they look, some take the full-width
// signs of a Chinese keyboard too.
func harmless(s string) string {
	seen := strings.TrimLeftFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
	})
	first, _ := utf8.DecodeRuneInString(seen) // RuneError of nothing is no sign
	if strings.ContainsRune("=+-@＝＋－＠", first) || s != "" && strings.ContainsRune("\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func cellText(c any) string {
	switch v := c.(type) {
	case nil:
		return ""
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', 2, 64)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []string:
		return strings.Join(v, ";")
	case models.Moment:
		if v.At == 0 {
			return ""
		}
		return v.At.In(models.Zone(v.Zone)).Format(time.RFC3339)
	}
	return fmt.Sprint(c)
}

type jsonTable struct {
	w       *bufio.Writer
	columns []string
}

// Row writes an object with the columns in their order.
func (t *jsonTable) Row(cells []any) error {
	var b strings.Builder
	b.WriteByte('{')
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(',')
		}
		var v any = c
		switch c := c.(type) {
		case models.Moment, bool:
			v = cellText(c)
		case float64:
			v = json.Number(cellText(c))
		case []string:
			v = strings.Join(c, ";")
		}
		name, _ := json.Marshal(t.columns[i]) // a string always encodes
		value, err := json.Marshal(v)
		if err != nil {
			return fmt.Errorf("column %s: %w", t.columns[i], err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteString("}\n")
	_, err := t.w.WriteString(b.String())
	return err
}

func (t *jsonTable) Close() error { return t.w.Flush() }

// sheet streams one worksheet: excelize keeps a part of it in a temporary file.
type sheet struct {
	w      io.Writer
	file   *excelize.File
	stream *excelize.StreamWriter
	hours  int // style of two decimals
	row    int
	names  []string
	sums   map[int]float64 // of the columns that hold hours
}

func newSheet(w io.Writer, columns []string) (*sheet, error) {
	f := excelize.NewFile()
	stream, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return nil, fmt.Errorf("begin sheet: %w", err)
	}
	// 18 characters show a name or the day and hour of an RFC 3339 time.
	if err := stream.SetColWidth(1, len(columns), 18); err != nil {
		return nil, fmt.Errorf("column widths: %w", err)
	}
	if err := stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, fmt.Errorf("freeze header: %w", err)
	}
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, fmt.Errorf("header style: %w", err)
	}
	head := make([]any, len(columns))
	for i, c := range columns {
		head[i] = excelize.Cell{StyleID: bold, Value: c}
	}
	decimals, err := f.NewStyle(&excelize.Style{NumFmt: 2}) // 0.00
	if err != nil {
		return nil, fmt.Errorf("hours style: %w", err)
	}
	s := &sheet{w: w, file: f, stream: stream, hours: decimals, row: 1, names: columns, sums: map[int]float64{}}
	return s, stream.SetRow("A1", head)
}

// Row keeps numbers as numbers; texts are written as texts, so that nothing is
// run as a formula.
func (s *sheet) Row(cells []any) error {
	s.row++
	at, err := excelize.CoordinatesToCellName(1, s.row)
	if err != nil {
		return err
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case int, int64:
			values[i] = c
		case float64:
			shown := math.Round(c*100) / 100
			s.sums[i] += shown
			values[i] = excelize.Cell{StyleID: s.hours, Value: shown}
		default:
			values[i] = cellText(c)
		}
	}
	return s.stream.SetRow(at, values)
}

func (s *sheet) Close() error {
	if err := s.stream.Flush(); err != nil {
		return fmt.Errorf("end sheet: %w", err)
	}
	if err := s.summarize(); err != nil {
		return fmt.Errorf("summary sheet: %w", err)
	}
	if err := s.file.Write(s.w); err != nil {
		return fmt.Errorf("write workbook: %w", err)
	}
	return s.file.Close()
}

// summarize adds a second sheet: how many rows there are, and the sum of each
// column of hours as it is shown.
func (s *sheet) summarize() error {
	const name = "summary"
	if _, err := s.file.NewSheet(name); err != nil {
		return err
	}
	rows := [][]any{{"rows", s.row - 1}}
	for i, column := range s.names {
		if sum, ok := s.sums[i]; ok {
			rows = append(rows, []any{column, math.Round(sum*100) / 100})
		}
	}
	for i, row := range rows {
		if err := s.file.SetSheetRow(name, fmt.Sprintf("A%d", i+1), &row); err != nil {
			return err
		}
		if i > 0 {
			if err := s.file.SetCellStyle(name, fmt.Sprintf("B%d", i+1), fmt.Sprintf("B%d", i+1), s.hours); err != nil {
				return err
			}
		}
	}
	return s.file.SetColWidth(name, "A", "B", 18)
}
