package views

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// sentences reads every catalogue of one language, flat: a plural's forms
// stand as key/one and key/other.
func sentences(t *testing.T, lang string) map[string]string {
	t.Helper()
	files, err := filepath.Glob("catalog/*." + lang + ".json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues in %s: %v", lang, err)
	}
	all := map[string]string{}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var flat map[string]any
		if err := json.Unmarshal(raw, &flat); err != nil {
			t.Fatalf("%s: %v", f, err)
		}
		for key, v := range flat {
			if _, twice := all[key]; twice {
				t.Errorf("%s: %s stands in two files", f, key)
			}
			switch v := v.(type) {
			case string:
				all[key] = v
			case map[string]any:
				all[key] = v["other"].(string)
				for form := range v {
					if form != "one" && form != "other" {
						t.Errorf("%s: %s has the form %q", f, key, form)
					}
				}
			}
		}
	}
	return all
}

func keysOf(m map[string]string) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// A sentence that one language lacks would be a panic at the moment somebody
// needs it.
func TestBothLanguagesHaveTheSameSentences(t *testing.T) {
	t.Parallel()
	zh, en := sentences(t, "zh"), sentences(t, "en")
	if diff := cmp.Diff(keysOf(zh), keysOf(en)); diff != "" {
		t.Errorf("zh (-) and en (+) differ:\n%s", diff)
	}
	argument := regexp.MustCompile(`{{\.(\w+)}}`)
	for key := range zh {
		args := func(s string) []string {
			set := map[string]string{}
			for _, m := range argument.FindAllStringSubmatch(s, -1) {
				set[m[1]] = ""
			}
			return keysOf(set)
		}
		if diff := cmp.Diff(args(zh[key]), args(en[key])); diff != "" {
			t.Errorf("%s takes other arguments in zh (-) and en (+):\n%s", key, diff)
		}
	}
}

// VOICE: Chinese uses full-width punctuation; nothing is "soon" or
// "successfully"; no exclamation marks.
func TestSentencesSpeakAsMusterDoes(t *testing.T) {
	t.Parallel()
	half := regexp.MustCompile(`\p{Han}[,;:?!]|[,;:?!]\p{Han}`)
	code := regexp.MustCompile("`[^`]*`|/muster [^。]*")
	for key, s := range sentences(t, "zh") {
		plain := code.ReplaceAllString(s, "")
		if strings.HasPrefix(key, "help.how") || strings.HasPrefix(key, "help.more") || strings.Contains(key, "example") || strings.Contains(key, "hint") {
			continue // these show what to type
		}
		if m := half.FindString(plain); m != "" {
			t.Errorf("%s: half-width punctuation %q in %q", key, m, s)
		}
		for _, no := range []string{"您", "成功", "！", "亲"} {
			if strings.Contains(s, no) {
				t.Errorf("%s says %q: %s", key, no, s)
			}
		}
	}
	for key, s := range sentences(t, "en") {
		for _, no := range []string{" soon", "uccessfully", "!", "please note"} {
			if strings.Contains(s, no) {
				t.Errorf("%s says %q: %s", key, no, s)
			}
		}
	}
}

// Every key in the code exists, and every sentence is used: a key put together
// at run time is known by its beginning.
func TestEverySentenceIsUsed(t *testing.T) {
	t.Parallel()
	zh := sentences(t, "zh")
	literal := regexp.MustCompile(`"([a-z_]+\.[a-zA-Z_.]*)"`)
	used, begun := map[string]bool{}, []string{}
	for _, dir := range []string{".", "../handlers", "../services", "../models", "../grammar", "..", "../store"} {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			raw, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllStringSubmatch(string(raw), -1) {
				used[m[1]] = true
				if strings.HasSuffix(m[1], "_") || strings.HasSuffix(m[1], ".") {
					begun = append(begun, m[1])
				}
			}
		}
	}
	for key := range zh {
		if used[key] {
			continue
		}
		found := false
		for _, b := range begun {
			found = found || strings.HasPrefix(key, b)
		}
		if !found {
			t.Errorf("nothing says %s: %s", key, zh[key])
		}
	}
}
