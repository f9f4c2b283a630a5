package main

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// brings is imports for files that may be bad: the exit code and what was said.
func (s *story) brings(kind, csv string) (int, string) {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), kind+".csv")
	if err := os.WriteFile(file, []byte(csv), 0o600); err != nil {
		s.t.Fatal(err)
	}
	code, out, errs := runHere([]string{"MUSTER_DATABASE=" + string(s.settings.Database), "MUSTER_ADMINS=" + sampleAdmin,
		"MUSTER_CLOCK_START=" + s.clock.Now().Format(time.RFC3339)}, "import", kind, file)
	return code, out + errs
}

// Files that harm, confuse or are half wrong, beside a bot at work: nothing of a
// bad one is applied, every bad row is named, and nobody's cell runs anywhere.
func TestHostileFilesAreRefusedByLineOrHarmless(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.writes("U006", "profile phone: 13800000000 | areas: East", "East")
	s.settles()
	long := strings.Repeat("龙", 1_000_000)
	for name, c := range map[string]struct {
		kind, csv string
		want      []string
	}{
		"a cell of a million characters": {"members", "user_id,name\nU006," + long + "\n", []string{"line 2: name:", "longer than 100 characters"}},
		"a million in a skill":           {"members", "user_id,skills\nU006," + long + "\n", []string{"line 2: skills:"}},
		"a million in an id":             {"members", "user_id\n" + long + "\n", []string{"line 2:", "not a Slack user id"}},
		"half good":                      {"members", "user_id,areas\nU006,West\nnobody,West\nU010,West\nU0 11,West\n", []string{"line 3:", "line 5:", "2 faults"}},
		"one person twice, by id and address": {"members", "user_id,email,areas\nU006,,West\n,LIUYANG@example.org,South\n",
			[]string{"line 3: This is the person of line 2"}},
		"the same id twice":     {"members", "user_id\nU006\nU006\n", []string{"line 3:", "line 2"}},
		"somebody else's":       {"members", "user_id,email\nU010,liuyang@example.org\n", []string{"line 2:", "belongs to somebody else (U006)"}},
		"a ring of three units": {"units", "name,parent\na,b\nb,c\nc,a\n", []string{"line 2:", "line 3:", "line 4:", "above itself"}},
		"a unit above itself":   {"units", "name,parent\na,a\n", []string{"line 2:", "above itself"}},
		"an open quotation":     {"members", "user_id,name\nU006,\"x\n", []string{"line 2:", "quotation mark"}},
		"a workbook":            {"members", "PK\x03\x04rest", []string{"Excel workbook"}},
		"no head at all":        {"members", "", []string{"empty"}},
		"a column of passwords": {"members", "user_id,password\nU006,x\n", []string{"line 1:", "password"}},
	} {
		code, said := s.brings(c.kind, c.csv)
		if code == exitDone || !hasAll(said, c.want) || len(said) > 2000 {
			t.Errorf("%s: ended with %d and %d bytes: %.600s", name, code, len(said), said)
		}
	}
	if rows := s.exported("units"); len(rows) != 0 {
		t.Errorf("of bad files there is %v", rows)
	}
	for _, row := range s.exported("members") {
		if row["areas"] == "West" || row["areas"] == "South" {
			t.Errorf("half of a bad file was applied: %v", row)
		}
	}

	// What a sheet would run is a name like any other, and leaves harmless.
	units := "name,leader\n\"=HYPERLINK(\"\"http://x\"\")\",U006\n+cmd|' /C calc'!A0,\n<!channel>,\n"
	members := "email,name,unit,areas\nnew@example.org,@SUM(1),<!channel>,-2+3\n"
	for range 2 { // the second time changes nothing
		if code, said := s.brings("units", units); code != exitDone {
			t.Fatalf("units: %s", said)
		}
		if code, said := s.brings("members", members); code != exitDone {
			t.Fatalf("members: %s", said)
		}
	}
	if _, said := s.brings("members", members); !strings.Contains(said, "0 new, 0 changed, 1 as they were") {
		t.Errorf("the same file again: %s", said)
	}
	s.settles()
	for kind, columns := range map[string][]string{"units": {"name"}, "members": {"name", "unit", "areas"}} {
		for _, row := range s.exported(kind) {
			for _, column := range columns {
				if cell := row[column]; cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
					t.Errorf("export %s: a sheet would run %q", kind, cell)
				}
			}
		}
	}
	for _, row := range s.exported("members") {
		for column, cell := range row {
			if strings.Contains(cell, "13800000000") {
				t.Errorf("the phone number is in column %s of an export", column)
			}
		}
	}
}

// Two imports at once, people signing up meanwhile: everything lands, once.
func TestImportsBesideABotAtWork(t *testing.T) {
	t.Parallel()
	s := tell(t, speaking("en"))
	s.says(sampleAdmin, sampleCalls, "call Clinic | when: Sat 9:00-11:30 | where: Greentown | need: 5")
	card := s.sees(sampleCalls, "0/5")
	s.imports("units", "name\nEast\nWest\n")
	var all sync.WaitGroup
	for _, unit := range []string{"East", "West"} {
		all.Go(func() {
			if code, said := s.brings("members", "email,unit\nshared@example.org,"+unit+"\n"+strings.ToLower(unit)+"@example.org,"+unit+"\n"); code != exitDone {
				t.Errorf("%s: %s", unit, said)
			}
		})
	}
	for _, user := range []string{"U006", "U010", "U011", "U013", "U014"} {
		all.Go(func() { s.As(user).Press(card, "call_join") })
	}
	all.Wait()
	s.sees(sampleCalls, "5/5")
	mails := map[string]int{}
	for _, row := range s.exported("members") {
		mails[row["name"]+row["unit"]]++
	}
	if mails["East"]+mails["West"] != 3 {
		t.Errorf("three people were imported; there are %v", mails)
	}
}
