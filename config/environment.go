package config

import (
	"regexp"
	"slices"
	"strings"
)

// prefix marks the variables that are ours; an unknown one is a fault, because
// a misspelt setting that is silently ignored is found out at the worst time.
const prefix = "MUSTER_"

func (l *loader) readEnvironment() {
	known := map[string]bool{prefix + "CONFIG": true}
	var names []string
	for _, opt := range options() {
		known[opt.env] = true
		names = append(names, opt.env)
		if opt.fileAllowed() {
			known[opt.env+"_FILE"] = true
		}
	}
	for _, entry := range l.src.Environ {
		name, value, _ := strings.Cut(entry, "=")
		l.env[name] = value
		if !strings.HasPrefix(name, prefix) || known[name] || foreign(name, value) {
			continue
		}
		l.fault(name, "environment", shownUnknown(name, value), "unknown variable; "+suggest(name, names))
	}
}

// foreign are variables with our prefix that are not settings: those of the
// test suite, and those that Kubernetes puts into every container of a
// namespace that has a service called "muster".
func foreign(name, value string) bool {
	if strings.HasPrefix(name, prefix+"TEST_") {
		return true
	}
	service := regexp.MustCompile(`^MUSTER_(SERVICE_HOST|SERVICE_PORT(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)$`)
	return service.MatchString(name) ||
		name == prefix+"PORT" && regexp.MustCompile(`^(tcp|udp|sctp)://`).MatchString(value)
}

// nearest is the known name that was probably meant; empty when none is near.
// Beyond three typos it is another word, unless it is the setting's other
// spelling: MUSTER_LANG for lang, MUSTER_SLACK_BOT_TOKEN for SLACK_BOT_TOKEN.
func nearest(name string, known []string) string {
	name = strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	ours := strings.ToLower(prefix)
	best, distance := "", 4
	for _, candidate := range known {
		other := strings.ToLower(candidate)
		d := editDistance(name, other)
		if strings.TrimPrefix(name, ours) == strings.TrimPrefix(other, ours) {
			d = 0
		}
		if d < distance {
			best, distance = candidate, d
		}
	}
	return best
}

// suggest names the nearest known name, or all of them.
func suggest(name string, known []string) string {
	if best := nearest(name, known); best != "" {
		return "did you mean " + best + "?"
	}
	return "accepted: " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
}

// shownUnknown is the value of an unknown name as a message may quote it:
// hidden too when the name is a misspelt secret.
func shownUnknown(name, value string) string {
	var secrets []string
	for _, opt := range options() {
		if opt.secret {
			secrets = append(secrets, opt.key)
		}
	}
	return shown(name, value, nearest(name, secrets) != "")
}

// editDistance is how many letters to change, add or drop to get from a to b.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
