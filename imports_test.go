package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A folder exists here because it has an import rule of its own; this is the
// rule, with its reason. "Ours" is what code may import of ours, "tests" what
// its tests may import besides.
func packageRules() map[string]packageRule {
	return map[string]packageRule{
		".": {ours: []string{"*"},
			why: "main is where packages meet, so that they need not meet anywhere else"},
		"config": {
			why: "settings are read before there is anything else, and everything else gets them as values"},
		"models": {tests: []string{"models/plain"},
			why: "nouns and rules know nobody: every other package may speak in them"},
		"models/plain": {ours: []string{"models"},
			why: "the contract told a second time, slowly: it borrows the words of the rules and none of their code, and tests look for a difference"},
		"grammar": {ours: []string{"models"},
			why: "how a text is read depends on the text and the time, not on what is stored"},
		"store": {ours: []string{"models"}, tests: []string{"store/storetest"},
			why: "rows in, rows out: a query that decides would be a rule that no test of rules sees"},
		"store/storetest": {ours: []string{"models", "store"},
			why: "one suite holds both databases to the same answers"},
		"services": {ours: []string{"models", "store"}, tests: []string{"models/plain", "store/storetest"},
			why: "a decision is one transaction; who asked and how it is worded are not its business"},
		"views": {ours: []string{"models"},
			why: "words and cards are made from values alone, or two readers would need two databases"},
		"bot": {ours: []string{"models"}, tests: []string{"sandbox"},
			why: "the machine knows no feature: it reaches storage and words through interfaces it declares"},
		"handlers": {ours: []string{"bot", "grammar", "models", "services", "views"}, tests: []string{"store", "store/storetest"},
			why: "one file a feature that only translates: Slack's request into a decision, its outcome into words"},
		"sandbox": {
			why: "an independent reading of Slack's protocol: sharing our code would share our mistakes"},
	}
}

type packageRule struct {
	ours, tests []string
	why         string
}

// Each library of the world, where it may be imported, and why only there. A
// path covers what is below it; the longest one that fits counts.
func libraryRules() map[string]libraryRule {
	everywhere := []string{"*"}
	return map[string]libraryRule{
		"gorm.io":                             {in: []string{"store"}, why: "the database can be exchanged as long as one package knows it"},
		"github.com/go-gormigrate/gormigrate": {in: []string{"store"}, why: "as gorm"},
		"github.com/mattn/go-sqlite3":         {in: []string{"store"}, why: "as gorm"},
		"modernc.org/sqlite":                  {in: []string{"store"}, why: "as gorm; the driver of builds without a C compiler"},
		"github.com/jackc/pgx":                {in: []string{"store", "store/storetest"}, why: "as gorm"},
		"database/sql":                        {in: []string{"store", "store/storetest"}, why: "as gorm"},
		"github.com/slack-go/slack":           {in: []string{"bot", "views"}, tests: []string{".", "sandbox", "handlers"}, why: "it breaks its API every few weeks: views build its blocks, bot calls it, nobody else notices; the tests of the sandbox set it as a second reading of the protocol against ours, those of handlers press its buttons"},
		"github.com/alecthomas/kong":          {in: []string{".", "config"}, why: "there is one command line"},
		"gopkg.in/yaml.v3":                    {in: []string{".", "config"}, why: "YAML is the settings file and the manifest, nothing that is exchanged at work"},
		"github.com/nicksnyder/go-i18n":       {in: []string{"views"}, why: "only views hold words"},
		"golang.org/x/text":                   {in: []string{"grammar", "views"}, why: "width and case of what people type; the language tags of go-i18n"},
		"github.com/go-analyze/charts":        {in: []string{"views"}, why: "a picture is one more way to show numbers"},
		"github.com/golang/freetype":          {in: []string{"views"}, why: "as the charts: it reads the font that they draw with"},
		"github.com/xuri/excelize":            {in: []string{"views"}, why: "a spreadsheet is one more way to show rows"},
		"github.com/signintech/gopdf":         {in: []string{"views"}, why: "paper is one more way to show numbers and rows"},
		"github.com/boombuler/barcode":        {in: []string{"views"}, why: "a QR code is one more way to show an address"},
		"github.com/teambition/rrule-go":      {in: []string{"models"}, why: "recurrence is a rule about nouns, computed without input or output"},
		"github.com/6tail/lunar-go":           {in: []string{"models"}, why: "as rrule-go"},
		"github.com/go-co-op/gocron":          {in: []string{"bot"}, why: "it beats; what is due is rows, so nothing else needs to know it"},
		"golang.org/x/time/rate":              {in: []string{"bot"}, why: "only the sender and the ways in have a pace to keep"},
		"golang.org/x/sync":                   {in: []string{".", "bot"}, why: "what runs side by side is started by main and the machine"},
		"github.com/prometheus/client_golang": {in: []string{"bot"}, why: "the machine counts behind a small interface; sixty packages stay out of the rest"},
		"github.com/gorilla/websocket":        {in: []string{"bot", "sandbox"}, why: "the sandbox serves sockets; the bot opens its own (bot/websocket.go says why)"},
		"github.com/chromedp":                 {tests: []string{"."}, why: "a browser is driven by the test of the page only"},
		"github.com/google/go-cmp":            {tests: everywhere, why: "comparisons in tests"},
		"pgregory.net/rapid":                  {tests: everywhere, why: "properties in tests"},
		"go.uber.org/goleak":                  {tests: everywhere, why: "tests that leave nothing running"},
		"github.com/rogpeppe/go-internal":     {tests: []string{"."}, why: "scripts against the command line"},
		"net/http":                            {in: []string{".", "bot", "sandbox"}, tests: []string{"handlers"}, why: "only the edges speak to the world"},
		"net":                                 {in: []string{".", "bot", "config", "sandbox"}, why: "as net/http; config only checks addresses"},
		"net/url":                             {in: everywhere, why: "splitting an address is pure"},
		"net/netip":                           {in: everywhere, why: "as net/url"},
		"os":                                  {in: []string{".", "store", "store/storetest"}, tests: everywhere, why: "files, variables and processes are main's; the database is a file"},
		"os/exec":                             {tests: []string{".", "store"}, why: "the bot starts no programs"},
		"log/slog":                            {in: []string{".", "bot", "config", "handlers", "sandbox", "store"}, tests: everywhere, why: "rules, words and decisions return errors; logging is for those who run something"},
		"log":                                 {why: "log/slog is the log"},
		"testing":                             {in: []string{"store/storetest"}, tests: everywhere, why: "test code is not shipped"},
		"unsafe":                              {why: "nothing here is worth it"},
		"math/rand":                           {tests: everywhere, why: "what must be hard to guess uses crypto/rand, what must be equal uses a rule"},
		"embed":                               {in: []string{"models", "views", "sandbox", "store"}, why: "calendars, catalogues, the page, migrations"},
		"github.com/stretchr/testify":         {why: "go-cmp shows the difference, the standard library the rest"},
		"github.com/jonboulle/clockwork":      {in: []string{"bot"}, why: "the clock type that gocron asks for; ours is a function"},
	}
}

type libraryRule struct {
	in, tests []string
	why       string
}

// sourceFile is one Go file of ours.
type sourceFile struct {
	path   string // slash-separated, from the root
	folder string // "." for the root
	test   bool
	syntax *ast.File
	set    *token.FileSet
}

func (f sourceFile) line(pos token.Pos) string {
	return f.path + ":" + strconv.Itoa(f.set.Position(pos).Line)
}

// sources parses every Go file of the tree.
func sources(t *testing.T) []sourceFile {
	t.Helper()
	var files []sourceFile
	err := filepath.WalkDir(".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() && name != "." && (base == "testdata" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_")) {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(base, ".go") {
			return nil
		}
		set := token.NewFileSet()
		syntax, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		slashed := filepath.ToSlash(name)
		files = append(files, sourceFile{path: slashed, folder: path.Dir(slashed),
			test: strings.HasSuffix(base, "_test.go"), syntax: syntax, set: set})
		return nil
	})
	if err != nil {
		t.Fatalf("read the source: %v", err)
	}
	return files
}

func allows(list []string, name string) bool {
	return slices.Contains(list, "*") || slices.Contains(list, name)
}

func TestPackagesImportOnlyAlongTheArrows(t *testing.T) {
	t.Parallel()
	rules := packageRules()
	for _, file := range sources(t) {
		rule, named := rules[file.folder]
		if !named {
			t.Errorf("%s: folder %q has no import rule; give it one with its reason, or put the code where one fits", file.path, file.folder)
			continue
		}
		for _, spec := range file.syntax.Imports {
			imported, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "muster/")
			if !ours || imported == file.folder || allows(rule.ours, imported) || file.test && allows(rule.tests, imported) {
				continue
			}
			t.Errorf("%s: %s may not import muster/%s: %s", file.line(spec.Pos()), file.folder, imported, rule.why)
		}
	}
}

func TestLibrariesStayWhereTheyBelong(t *testing.T) {
	t.Parallel()
	rules := libraryRules()
	for _, file := range sources(t) {
		for _, spec := range file.syntax.Imports {
			imported := strings.Trim(spec.Path.Value, `"`)
			if imported == "muster" || strings.HasPrefix(imported, "muster/") {
				continue
			}
			rule, named := ruleFor(rules, imported)
			if !named {
				if strings.Contains(strings.SplitN(imported, "/", 2)[0], ".") {
					t.Errorf("%s: %s has no rule yet; say where it belongs and why", file.line(spec.Pos()), imported)
				}
				continue
			}
			if allows(rule.in, file.folder) || file.test && allows(rule.tests, file.folder) {
				continue
			}
			t.Errorf("%s: %s may not import %s: %s", file.line(spec.Pos()), file.folder, imported, rule.why)
		}
	}
}

// ruleFor is the rule with the longest path that covers imported. Of the
// standard library a path covers only itself: "os" says nothing of os/signal.
func ruleFor(rules map[string]libraryRule, imported string) (libraryRule, bool) {
	for prefix := imported; prefix != "."; prefix = path.Dir(prefix) {
		if rule, ok := rules[prefix]; ok {
			return rule, true
		}
		if !strings.Contains(strings.SplitN(prefix, "/", 2)[0], ".") {
			return libraryRule{}, false
		}
	}
	return libraryRule{}, false
}

func TestEveryRuleSaysWhy(t *testing.T) {
	t.Parallel()
	for folder, rule := range packageRules() {
		if rule.why == "" {
			t.Errorf("the rule of %s has no reason", folder)
		}
	}
	for library, rule := range libraryRules() {
		if rule.why == "" {
			t.Errorf("the rule of %s has no reason", library)
		}
	}
}
