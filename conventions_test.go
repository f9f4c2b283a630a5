package main

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A convention that matters is a failing check with its reason beside it.

// uses are the places where a file names pkg.name, called or handed on.
func uses(file sourceFile, pkg string, names ...string) (found []token.Pos) {
	ast.Inspect(file.syntax, func(node ast.Node) bool {
		selector, ok := node.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		of, ok := selector.X.(*ast.Ident)
		if ok && of.Name == pkg && slices.Contains(names, selector.Sel.Name) {
			found = append(found, selector.Pos())
		}
		return true
	})
	return found
}

// Two clocks are injected everywhere: world time can be set and hurried, and a
// test holds both. One call of time.Now below main and some rule runs on a
// clock that no demo can hurry and no test can hold.
func TestOnlyMainReadsTheRealClock(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		if file.test || file.folder == "." {
			continue
		}
		for _, pos := range uses(file, "time", "Now", "Since", "Until") {
			t.Errorf("%s: asks the real clock; take a models.Clock", file.line(pos))
		}
	}
}

// A test that sleeps is slow when all is well and fails when the machine is
// busy; code that sleeps does not hear that its context has ended. In a
// synctest bubble sleeping only moves the fake clock: a file that opens one may,
// and a line elsewhere that is only reached inside one says so.
func TestNobodySleeps(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		if file.test && slices.ContainsFunc(file.syntax.Imports, func(spec *ast.ImportSpec) bool {
			return spec.Path.Value == `"testing/synctest"`
		}) {
			continue
		}
		bubble := map[int]bool{}
		for _, group := range file.syntax.Comments {
			if file.test && strings.Contains(group.Text(), "bubble") {
				bubble[file.set.Position(group.Pos()).Line] = true
			}
		}
		for _, pos := range uses(file, "time", "Sleep") {
			if !bubble[file.set.Position(pos).Line] {
				t.Errorf("%s: sleeps; wait for the event with a bound", file.line(pos))
			}
		}
	}
}

// A skipped test is a promise nobody keeps. Two depend on what a machine has,
// and say its name; CI has both.
func TestOnlyTwoReasonsToSkip(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			selector, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, selector.Sel.Name) {
				return true
			}
			if len(call.Args) > 0 {
				if says, ok := call.Args[0].(*ast.BasicLit); ok &&
					(strings.Contains(says.Value, "MUSTER_TEST_POSTGRES") || strings.Contains(says.Value, "Chromium")) {
					return true
				}
			}
			if strings.Contains(file.line(call.Pos()), "properties_test.go") {
				return true // rapid's Skip draws another case, it leaves none out
			}
			t.Errorf("%s: skips; only for want of MUSTER_TEST_POSTGRES or of Chromium, saying which", file.line(call.Pos()))
			return true
		})
	}
}

// What init does happens in every program and test that imports the package,
// in an order nobody wrote down. main wires by hand.
func TestNothingHappensByImporting(t *testing.T) {
	t.Parallel()
	for _, file := range sources(t) {
		for _, decl := range file.syntax.Decls {
			if function, ok := decl.(*ast.FuncDecl); ok && function.Recv == nil && function.Name.Name == "init" {
				t.Errorf("%s: func init; build the value where main needs it", file.line(function.Pos()))
			}
		}
	}
}

// A package variable that changes is wiring that no signature shows: two bots
// in one process, or two tests side by side, would share it.
func TestPackageVariablesNeverChange(t *testing.T) {
	t.Parallel()
	byFolder := map[string][]sourceFile{}
	for _, file := range sources(t) {
		if !file.test {
			byFolder[file.folder] = append(byFolder[file.folder], file)
		}
	}
	for _, files := range byFolder {
		variables := packageVariables(files)
		for _, file := range files {
			for _, ident := range assigned(file) {
				spec, known := variables[ident.Name]
				if known && (ident.Obj == nil || ident.Obj.Decl == spec) {
					t.Errorf("%s: assigns package variable %s; pass a value from main", file.line(ident.Pos()), ident.Name)
				}
			}
		}
	}
}

func packageVariables(files []sourceFile) map[string]*ast.ValueSpec {
	variables := map[string]*ast.ValueSpec{}
	for _, file := range files {
		for _, decl := range file.syntax.Decls {
			group, ok := decl.(*ast.GenDecl)
			if !ok || group.Tok != token.VAR {
				continue
			}
			for _, spec := range group.Specs {
				value := spec.(*ast.ValueSpec)
				for _, name := range value.Names {
					variables[name.Name] = value
				}
			}
		}
	}
	delete(variables, "_")
	return variables
}

// assigned are the names on the left of assignments, also behind an index, a
// field or a star, and those counted up or down.
func assigned(file sourceFile) (names []*ast.Ident) {
	root := func(expr ast.Expr) {
		for {
			switch e := expr.(type) {
			case *ast.IndexExpr:
				expr = e.X
			case *ast.SelectorExpr:
				expr = e.X
			case *ast.StarExpr:
				expr = e.X
			case *ast.ParenExpr:
				expr = e.X
			case *ast.Ident:
				names = append(names, e)
				return
			default:
				return
			}
		}
	}
	ast.Inspect(file.syntax, func(node ast.Node) bool {
		switch statement := node.(type) {
		case *ast.AssignStmt:
			if statement.Tok != token.DEFINE {
				for _, left := range statement.Lhs {
					root(left)
				}
			}
		case *ast.IncDecStmt:
			root(statement.X)
		}
		return true
	})
	return names
}

// What is left for later is written where it is planned, not where it is
// forgotten.
func TestNothingIsLeftForLater(t *testing.T) {
	t.Parallel()
	later := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X|HA` + `CK)\b`)
	for _, file := range sources(t) {
		for _, group := range file.syntax.Comments {
			if word := later.FindString(group.Text()); word != "" {
				t.Errorf("%s: %s in a comment", file.line(group.Pos()), word)
			}
		}
	}
}

// Muster addresses people, never a whole channel at once: a title with such a
// mention stays text, and no wording of ours contains one. (Services read such
// a mention where somebody types it; they word nothing.)
func TestNoWordingCallsAWholeChannel(t *testing.T) {
	t.Parallel()
	all := regexp.MustCompile(`<!(channel|here|everyone)`)
	for _, file := range sources(t) {
		if file.test || !slices.Contains([]string{"views", "handlers", "bot", "models"}, file.folder) {
			continue
		}
		ast.Inspect(file.syntax, func(node ast.Node) bool {
			if text, ok := node.(*ast.BasicLit); ok && text.Kind == token.STRING && all.MatchString(text.Value) {
				t.Errorf("%s: mentions a whole channel", file.line(text.Pos()))
			}
			return true
		})
	}
	catalogues, err := filepath.Glob("views/catalog/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range catalogues {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if all.Match(text) {
			t.Errorf("%s: mentions a whole channel", name)
		}
	}
}
