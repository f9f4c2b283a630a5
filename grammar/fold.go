package grammar

import "strings"

// Fold folds case, width, runs of space and trailing punctuation away, for
// matching roles, channels and names.
func Fold(s string) string {
	rs := newSource(s).folded
	folded := strings.Join(strings.Fields(string(rs)), " ")
	return strings.TrimRight(folded, " .,!?;:~、…·-")
}
