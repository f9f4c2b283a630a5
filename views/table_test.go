package views

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"muster/models"
)

// table writes one file.
func table(t testing.TB, format string, excel bool, columns []string, rows ...[]any) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewTable(&b, format, excel, columns)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if err := w.Row(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func someCells() []any {
	return []any{"义诊, \"绿城\"\n二楼", 3, int64(12), 2.5, 1.0 / 3, true, false, []string{"医生", "司机"},
		models.Moment{At: callTime(28, 9, 0), Zone: "Europe/Riga"}, models.Moment{}, "", nil}
}

var cellColumns = []string{"title", "n", "m", "hours", "third", "yes", "no", "skills", "start", "never", "empty", "nil"}

func TestCSVAsOtherProgramsReadIt(t *testing.T) {
	t.Parallel()
	raw := table(t, FormatCSV, false, cellColumns, someCells())
	rows, err := csv.NewReader(bytes.NewReader(raw)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{cellColumns, {"义诊, \"绿城\"\n二楼", "3", "12", "2.50", "0.33", "yes", "no", "医生;司机", "2026-11-28T03:00:00+02:00", "", "", ""}}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if excel := table(t, FormatCSV, true, cellColumns); !bytes.HasPrefix(excel, []byte("\xef\xbb\xbftitle,")) {
		t.Errorf("%q has no byte order mark", excel[:10])
	}
	if bytes.HasPrefix(raw, []byte("\xef")) {
		t.Error("a byte order mark that nobody asked for")
	}
	if empty := table(t, "", false, cellColumns); strings.TrimSpace(string(empty)) != strings.Join(cellColumns, ",") {
		t.Errorf("%q", empty)
	}
	if _, err := NewTable(io.Discard, "pdf", false, nil); err == nil {
		t.Error("pdf was taken")
	}
}

func TestJSONAsOtherProgramsReadIt(t *testing.T) {
	t.Parallel()
	raw := table(t, FormatJSON, false, cellColumns, someCells(), someCells())
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	want := `{"title":"义诊, \"绿城\"\n二楼","n":3,"m":12,"hours":2.50,"third":0.33,"yes":"yes","no":"no","skills":"医生;司机","start":"2026-11-28T03:00:00+02:00","never":"","empty":"","nil":null}`
	if diff := cmp.Diff([]string{want, want}, lines); diff != "" {
		t.Error(diff)
	}
	var any map[string]any
	if err := json.Unmarshal([]byte(lines[0]), &any); err != nil {
		t.Error(err)
	}
}

func TestXLSXAsPeopleOpenIt(t *testing.T) {
	t.Parallel()
	raw := table(t, FormatXLSX, false, cellColumns, someCells(), []any{"=1+1", 1, int64(1), 1.0, 1.0, true, true, []string{"=2"}, models.Moment{}, models.Moment{}, "\x00\x0b<&>", "@cmd"})
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"义诊, \"绿城\"\n二楼", "3", "12", "2.50", "0.33", "yes", "no", "医生;司机", "2026-11-28T03:00:00+02:00"}
	if diff := cmp.Diff([][]string{cellColumns, want}, rows[:2]); diff != "" {
		t.Error(diff)
	}
	if kind, err := f.GetCellType("Sheet1", "D2"); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
		t.Errorf("hours are no number: %v %v", kind, err)
	}
	for _, cell := range []string{"A3", "H3", "L3"} { // texts stay texts, as they are
		formula, err := f.GetCellFormula("Sheet1", cell)
		if kind, _ := f.GetCellType("Sheet1", cell); err != nil || formula != "" || kind != excelize.CellTypeInlineString && kind != excelize.CellTypeSharedString {
			t.Errorf("%s is a formula %q or no text: %v %v", cell, formula, kind, err)
		}
	}
	sums, err := f.GetRows("summary")
	if diff := cmp.Diff([]string{"rows", "2"}, sums[0]); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
	for column, sum := range map[string]string{cellColumns[3]: "3.50", cellColumns[4]: "1.33"} {
		if !slices.ContainsFunc(sums, func(row []string) bool { return slices.Equal(row, []string{column, sum}) }) {
			t.Errorf("%s is not summed to %s: %v", column, sum, sums)
		}
	}
	if rows[2][0] != "=1+1" {
		t.Errorf("%q", rows[2][0])
	}
}

// A cell that a spreadsheet would run begins with an apostrophe, also behind
// what one does not see.
func TestNoCellIsRun(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"=HYPERLINK(\"http://x\")": "'=HYPERLINK(\"http://x\")",
		"+49 170":                  "'+49 170",
		"-5":                       "'-5",
		"@SUM(A1)":                 "'@SUM(A1)",
		"\tx":                      "'\tx",
		"\rx":                      "'\rx",
		"  =1+1":                   "'  =1+1",
		"\n=1+1":                   "'\n=1+1",
		"\u3000=1+1":               "'\u3000=1+1",
		"\u200b=1+1":               "'\u200b=1+1",
		"\ufeff=1+1":               "'\ufeff=1+1",
		"\x00=1+1":                 "'\x00=1+1",
		"＝1+1":                     "'＝1+1",
		"＋1":                       "'＋1",
		"a=b":                      "a=b",
		"社区-义诊":                    "社区-义诊",
		"":                         "",
		"   ":                      "   ",
		"'=1":                      "'=1",
	} {
		if got := harmless(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	raw := table(t, FormatCSV, false, []string{"a", "b"}, []any{"=1", []string{"ok", "=cmd|' /C calc'!A0", "-x"}})
	if got := strings.Split(string(raw), "\n")[1]; got != "'=1,ok;'=cmd|' /C calc'!A0;'-x" {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		got := harmless(text)
		if strings.TrimPrefix(got, "'") != text && got != text {
			t.Fatalf("%q became %q", text, got)
		}
		if got != "" && strings.ContainsRune("=+-@\t\r", rune(got[0])) {
			t.Fatalf("%q is run", got)
		}
	})
}

// A hundred thousand rows of an export need no more memory than a page of it:
// the sheet is written as it goes.
func TestAHundredThousandRowsStaySmall(t *testing.T) {
	// Not parallel: it measures the whole process.
	const rows, most = 100_000, 150 << 20
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	var out counter
	w, err := NewTable(&out, FormatXLSX, false, bigColumns())
	if err != nil {
		t.Fatal(err)
	}
	peak := uint64(0)
	look := func() {
		runtime.ReadMemStats(&now)
		peak = max(peak, now.HeapAlloc-min(now.HeapAlloc, before.HeapAlloc))
	}
	for i := range rows {
		if err := w.Row(bigRow(i)); err != nil {
			t.Fatal(err)
		}
		if i%5000 == 0 {
			look()
		}
	}
	look()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	look()
	t.Logf("%d rows, %.1f MB of file, at most %.0f MB of heap", rows, float64(out)/1e6, float64(peak)/1e6)
	if peak > most {
		t.Errorf("%d MB of heap", peak>>20)
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

func bigColumns() []string {
	return []string{"call_id", "call_title", "shift_start", "shift_end", "role", "user_id", "user_name", "state", "guests", "position", "signed_up_at", "checked_in_at", "checked_out_at", "hours"}
}

func bigRow(i int) []any {
	at := models.Moment{At: callNow + models.Instant(i)*60_000, Zone: "Asia/Shanghai"}
	return []any{fmt.Sprintf("k%d", i/20), "社区爱心义诊 第" + fmt.Sprint(i/20) + "场", at, at, "引导员", fmt.Sprintf("U%07d", i), "志愿者" + fmt.Sprint(i), "confirmed", i % 3, "", at, at, at, float64(i%9) / 3}
}

func BenchmarkXLSXRows(b *testing.B) {
	var out counter
	w, err := NewTable(&out, FormatXLSX, false, bigColumns())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if i == 1_000_000 { // a sheet holds no more
			break
		}
		if err := w.Row(bigRow(i)); err != nil {
			b.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}

// The workbook is one that other programs open: a zip with one sheet.
func TestXLSXIsAZipOfXML(t *testing.T) {
	t.Parallel()
	raw := table(t, FormatXLSX, false, []string{"a"}, []any{"x"})
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		if strings.HasPrefix(f.Name, "xl/worksheets/") {
			names = append(names, f.Name)
		}
	}
	if diff := cmp.Diff([]string{"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"}, names); diff != "" {
		t.Error(diff)
	}
}
