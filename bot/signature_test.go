package bot

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
)

func TestSignatures(t *testing.T) {
	t.Parallel()
	now := time.Now()
	at := func(d time.Duration) string { return strconv.FormatInt(now.Add(d).Unix(), 10) }
	const body = "token=x&text=hello"
	for _, tt := range []struct {
		name, stamp, signature string
		good                   bool
	}{
		{"signed now", at(0), sign(secret, at(0), body), true},
		{"almost 5 minutes old", at(-299 * time.Second), sign(secret, at(-299*time.Second), body), true},
		{"a clock ahead by almost 5 minutes", at(299 * time.Second), sign(secret, at(299*time.Second), body), true},
		{"older than 5 minutes", at(-302 * time.Second), sign(secret, at(-302*time.Second), body), false},
		{"from the far future", "99999999999999", sign(secret, "99999999999999", body), false},
		{"further than fits", "9223372036854775807", sign(secret, "9223372036854775807", body), false},
		{"before all time", "-9223372036854775808", sign(secret, "-9223372036854775808", body), false},
		{"no time", "", sign(secret, "", body), false},
		{"a time that is none", "now", sign(secret, "now", body), false},
		{"no signature", at(0), "", false},
		{"without its version", at(0), strings.TrimPrefix(sign(secret, at(0), body), "v0="), false},
		{"of another version", at(0), "v1=" + strings.TrimPrefix(sign(secret, at(0), body), "v0="), false},
		{"cut short", at(0), sign(secret, at(0), body)[:20], false},
		{"not hex", at(0), "v0=zz", false},
		{"by somebody else", at(0), sign("another secret", at(0), body), false},
		{"of another body", at(0), sign(secret, at(0), body+"!"), false},
		{"of another time", at(0), sign(secret, at(time.Second), body), false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{"X-Slack-Request-Timestamp": {tt.stamp}, "X-Slack-Signature": {tt.signature}}
			if err := checkSignature(secret, header, []byte(body), now); (err == nil) != tt.good {
				t.Errorf("got %v", err)
			}
			if checkSignature("", http.Header{"X-Slack-Request-Timestamp": {tt.stamp}, "X-Slack-Signature": {sign("", tt.stamp, body)}}, []byte(body), now) == nil {
				t.Error("an empty secret accepts what anybody can sign")
			}
		})
	}
}
