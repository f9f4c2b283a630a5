package config

import (
	"errors"
	"strings"
	"testing"
	"unicode"
)

// Whatever stands in a settings file: it is read or refused, in clean lines.
func FuzzSettingsFile(f *testing.F) {
	for _, seed := range []string{"", "lang: zh", "retention: {photos: 1y}", "admins: [U1, 'T1:U2']", "a: &a [*a]", "? [x]\n: y", "lang: \"\\x00\"", "<<: *x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		settings, err := world{files: map[string]string{"muster.yaml": text}}.load()
		var faults Faults
		switch {
		case err == nil && settings.Timezone == nil:
			t.Error("settings without a zone")
		case err != nil && !errors.As(err, &faults):
			t.Errorf("not a list of faults: %v", err)
		}
		for _, fault := range faults {
			if line := fault.Error(); line == "" || strings.ContainsFunc(line, unicode.IsControl) {
				t.Errorf("not one clean line: %q", line)
			}
		}
	})
}
