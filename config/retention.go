package config

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// longestKept bounds a retention: ten years is longer than anything that is
// not the record should stay, and far from overflowing a time.Duration.
const longestKept = 3650 * day

const acceptsRetention = "a number of days, weeks or years such as 90d, 12w or 1y, from 1d to 3650d"

// retentionKeys are the keys of the retention: block, in the order shown.
func retentionKeys(r *Retention) []struct {
	key  string
	kept *time.Duration
} {
	return []struct {
		key  string
		kept *time.Duration
	}{
		{"deliveries", &r.Deliveries},
		{"messages", &r.Messages},
		{"replies", &r.Replies},
		{"photos", &r.Photos},
		{"private_details", &r.PrivateDetails},
	}
}

// String is the block on one line, in days.
func (r Retention) String() string {
	var parts []string
	for _, k := range retentionKeys(&r) {
		parts = append(parts, fmt.Sprintf("%s:%dd", k.key, *k.kept/day))
	}
	return strings.Join(parts, ",")
}

func (l *loader) applyRetention(file yamlFile) {
	node := file.values["retention"]
	if node == nil || node.Tag == "!!null" {
		return
	}
	kept := map[string]*time.Duration{}
	var names []string
	for _, k := range retentionKeys(&l.settings.Retention) {
		kept[k.key] = k.kept
		names = append(names, k.key)
	}
	if node.Kind != yaml.MappingNode {
		l.fault("retention", file.line(node), shown("", scalarText(node), false), "accepted: a block with "+strings.Join(names, ", "))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], resolve(node.Content[i+1])
		name, text := "retention."+printable(key), scalarText(value)
		target := kept[key.Value]
		switch {
		case target == nil:
			l.fault(name, file.line(key), shown(key.Value, text, false), "unknown key; "+suggest(key.Value, names))
		case seen[key.Value]:
			l.fault(name, file.line(key), "", "given twice; keep one of the two")
		default:
			d, ok := parseRetention(text)
			if !ok {
				l.fault(name, file.line(value), shown("", text, false), "accepted: "+acceptsRetention)
				continue
			}
			*target = d
		}
		seen[key.Value] = true
	}
}

// parseRetention reads "90d", "12w", "1y" (365 days); a bare number is days.
func parseRetention(text string) (time.Duration, bool) {
	match := regexp.MustCompile(`^(\d{1,5})\s*(d|w|y|days?|weeks?|years?)?$`).FindStringSubmatch(strings.TrimSpace(text))
	if match == nil {
		return 0, false
	}
	n, err := strconv.Atoi(match[1])
	if err != nil {
		return 0, false
	}
	unit := day
	switch {
	case strings.HasPrefix(match[2], "w"):
		unit = 7 * day
	case strings.HasPrefix(match[2], "y"):
		unit = 365 * day
	}
	kept := time.Duration(n) * unit
	return kept, kept >= day && kept <= longestKept
}
