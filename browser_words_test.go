package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// pageWords reads one of the page's catalogues: a line an entry.
func pageWords(t *testing.T, lang string) map[string]string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("sandbox", "page", "js", "words."+lang+".js"))
	if err != nil {
		t.Fatal(err)
	}
	entry := regexp.MustCompile(`^  "([^"]+)": "((?:[^"\\]|\\.)*)",$`)
	words := map[string]string{}
	for i, line := range strings.Split(strings.TrimSpace(string(source)), "\n") {
		if line == "export default {" || line == "};" {
			continue
		}
		found := entry.FindStringSubmatch(line)
		if found == nil {
			t.Fatalf("words.%s.js:%d is no entry: %s", lang, i+1, line)
		}
		if _, twice := words[found[1]]; twice {
			t.Errorf("words.%s.js:%d: %s stands there twice", lang, i+1, found[1])
		}
		words[found[1]] = found[2]
	}
	return words
}

// The page's two languages say the same things, with the same blanks to fill.
func TestPageWordsAreThereInBothLanguages(t *testing.T) {
	t.Parallel()
	zh, en := pageWords(t, "zh"), pageWords(t, "en")
	blanks := regexp.MustCompile(`\{\w+\}`)
	shape := func(words map[string]string) map[string][]string {
		of := map[string][]string{}
		for key, text := range words {
			of[key] = blanks.FindAllString(text, -1)
			slices.Sort(of[key])
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s is empty", key)
			}
		}
		return of
	}
	if diff := cmp.Diff(shape(zh), shape(en)); diff != "" {
		t.Errorf("Chinese (-) and English (+) differ:\n%s", diff)
	}
	han := regexp.MustCompile(`\p{Han}`)
	for key, text := range en {
		if han.MatchString(text) {
			t.Errorf("%s speaks Chinese in the English catalogue: %s", key, text)
		}
	}
}

// Every word that the page's scripts ask for is in the catalogues, and none of
// the catalogues' is there for nobody.
func TestPageAsksOnlyForWordsThereAre(t *testing.T) {
	t.Parallel()
	words := pageWords(t, "en")
	scripts, err := filepath.Glob(filepath.Join("sandbox", "page", "js", "*.js"))
	if err != nil {
		t.Fatal(err)
	}
	asked := regexp.MustCompile(`\bt\("([a-z][\w.]*)"`)
	var source strings.Builder
	for _, name := range scripts {
		if strings.HasPrefix(filepath.Base(name), "words.") && filepath.Base(name) != "words.js" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		source.Write(text)
		for _, found := range asked.FindAllStringSubmatch(string(text), -1) {
			if _, known := words[found[1]]; !known {
				t.Errorf("%s asks for %q, which no catalogue has", name, found[1])
			}
		}
	}
	made := regexp.MustCompile(`^(clock\.(rate|hour|day)|error|tour)\.`) // keys put together from a value
	for key := range words {
		if !made.MatchString(key) && !strings.Contains(source.String(), `"`+key+`"`) {
			t.Errorf("%s is never asked for", key)
		}
	}
}
