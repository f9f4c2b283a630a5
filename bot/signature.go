package bot

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// signatureWindow is how far a request's time may be from ours, both ways:
// Slack's own number.
const signatureWindow = 5 * time.Minute

var errSignature = errors.New("the signature does not match")

// checkSignature says whether body came from Slack: version v0, HMAC-SHA256 of
// "v0:time:body" under the signing secret, compared in constant time.
func checkSignature(secret string, header http.Header, body []byte, now time.Time) error {
	if secret == "" { // an empty key would accept what anybody can compute
		return errSignature
	}
	stamp := header.Get("X-Slack-Request-Timestamp")
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return errSignature
	}
	// Compared as numbers: the distance to a time far away overflows a Duration.
	if seconds < now.Add(-signatureWindow).Unix() || seconds > now.Add(signatureWindow).Unix() {
		return errSignature
	}
	given, ok := strings.CutPrefix(header.Get("X-Slack-Signature"), "v0=")
	if !ok {
		return errSignature
	}
	claimed, err := hex.DecodeString(given)
	if err != nil {
		return errSignature
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	if !hmac.Equal(claimed, mac.Sum(nil)) {
		return errSignature
	}
	return nil
}
