package config

import (
	"fmt"
	"strings"
)

// Fault is one thing wrong with the settings.
type Fault struct {
	Key     string // as the operator wrote it: MUSTER_LANG, --lang, retention.photos
	Where   string // environment, command line, muster.yaml:3; empty when the thing is missing
	Value   string // safe to print; empty when there is none to show
	Accepts string // what would be right
}

// Error is the fault on one line: key, value, what is accepted.
func (f Fault) Error() string {
	var line strings.Builder
	line.WriteString(f.Key)
	if f.Where != "" {
		fmt.Fprintf(&line, " (%s)", f.Where)
	}
	if f.Value != "" {
		fmt.Fprintf(&line, ": %s", f.Value)
	}
	fmt.Fprintf(&line, ": %s", f.Accepts)
	return line.String()
}

// Faults is everything wrong with the settings; never empty when returned.
type Faults []Fault

// Error has one line a fault.
func (f Faults) Error() string {
	lines := make([]string, 0, len(f))
	for _, fault := range f {
		lines = append(lines, fault.Error())
	}
	return strings.Join(lines, "\n")
}

// orNil keeps an empty list from becoming an error that is not nil.
func (f Faults) orNil() error {
	if len(f) == 0 {
		return nil
	}
	return f
}
