package grammar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Digest is an automatic summary's timetable. Weekday matters for weekly, Day
// (1-31, -1 the last) for monthly. Channel is a raw <#C…> token or #name, ""
// for the channel of the command; Review a raw <@U…> token or @name, or "".
type Digest struct {
	Cadence      string // daily, weekly, monthly
	Weekday      time.Weekday
	Day          int
	Hour, Minute int
	Channel      string
	Review       string
}

var (
	digestReview  = regexp.MustCompile(`(?i)(?:\breview(?:ed)?(?:\s+by)?|\breviewer|审阅人?|审核|由)\s*[:：]?\s*(<@[^>\n]+>|@[^\s,，]+)\s*(?:审阅|审核)?|(<@[^>\n]+>|@[^\s,，]+)\s*(?:审阅|审核|reviews?\b)`)
	digestChannel = regexp.MustCompile(`(?i)(?:\b(?:to|in)\s+|发到|到)?\s*(<#[^>\n]+>|#[^\s,，]+)`)
)

// ParseDigest reads what follows the verb digest/定期汇总. The error is a *Reason.
func ParseDigest(text string, o Options) (Digest, error) {
	d := Digest{}
	rest := strings.TrimSpace(decode(text))
	if m := digestReview.FindStringSubmatch(rest); m != nil {
		d.Review = m[1] + m[2]
		rest = strings.Replace(rest, m[0], " ", 1)
	}
	if m := digestChannel.FindStringSubmatch(rest); m != nil {
		d.Channel = m[1]
		rest = strings.Replace(rest, m[0], " ", 1)
	}
	rest = strings.TrimSpace(rest)
	w, reason := parseWhen(rest, o)
	switch {
	case rest == "":
		return d, newReason("digest.unreadable", clip(text), o)
	case reason != nil && reason.Key == "when.no_day":
		return d, newReason("digest.no_day", reason.Part, o)
	case reason != nil && reason.Key == "when.no_time":
		return d, newReason("digest.no_time", reason.Part, o)
	case reason != nil && (reason.Key == "when.unreadable" || reason.Key == "when.bad_clock"):
		return d, newReason("digest.unreadable", reason.Part, o)
	case reason != nil:
		return d, reason
	case w.Kind != KindRule || !d.timetable(w):
		return d, newReason("digest.unreadable", clip(rest), o)
	}
	return d, nil
}

// timetable takes the days out of a rule; false where a digest has no such
// cadence.
func (d *Digest) timetable(w When) bool {
	d.Hour, d.Minute = w.Start.Hour(), w.Start.Minute()
	parts := map[string]string{}
	for part := range strings.SplitSeq(w.Rule, ";") {
		k, v, _ := strings.Cut(part, "=")
		parts[k] = v
	}
	days := 0
	for i, name := range weekdayTokens {
		if parts["BYDAY"] == name {
			d.Weekday = time.Weekday(i)
			days++
		}
	}
	for _, extra := range []string{"INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYSETPOS"} {
		if parts[extra] != "" {
			return false
		}
	}
	switch parts["FREQ"] {
	case "DAILY":
		d.Cadence = "daily"
		return true
	case "WEEKLY":
		d.Cadence = "weekly"
		return days == 1
	case "MONTHLY":
		d.Cadence = "monthly"
		n, err := strconv.Atoi(parts["BYMONTHDAY"])
		d.Day = n
		return err == nil && (n == -1 || n >= 1)
	}
	return false
}
