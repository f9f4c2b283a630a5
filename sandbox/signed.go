package sandbox

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Sign is the X-Slack-Signature of a body sent at a Unix timestamp.
func (w *World) Sign(timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(w.signingSecret))
	_, _ = fmt.Fprintf(mac, "v0:%s:%s", timestamp, body) // a hash never fails
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

// VerifyURL performs the handshake by which Slack accepts a request URL.
func (w *World) VerifyURL() error {
	w.mu.Lock()
	base := w.httpBase
	w.mu.Unlock()
	challenge := secret(8)
	body := mustJSON(map[string]any{"type": "url_verification", "token": "deprecated", "challenge": challenge})
	response, err := w.client.Do(w.signedRequest(base+"/slack/events", "application/json", body))
	if err != nil {
		return fmt.Errorf("sandbox: verify request URL: %w", err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, 4096))
	if err != nil {
		return fmt.Errorf("sandbox: verify request URL: %w", err)
	}
	if response.StatusCode != http.StatusOK || !strings.Contains(string(answer), challenge) {
		return fmt.Errorf("sandbox: verify request URL: status %d without the challenge", response.StatusCode)
	}
	return nil
}

func (w *World) signedRequest(url, contentType string, body []byte) *http.Request {
	r, err := http.NewRequestWithContext(w.ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil { // the base is no URL: the request below fails and is reported
		r, _ = http.NewRequestWithContext(w.ctx, http.MethodPost, "http://127.0.0.1:1/", nil)
	}
	stamp := strconv.FormatInt(w.o.Machine().Unix(), 10)
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("User-Agent", AppUserAgent)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", w.Sign(stamp, body))
	return r
}

// post delivers a parcel by signed HTTP and judges the response.
func (w *World) post(base string, p parcel) reply {
	path, contentType, body := "/slack/events", "application/json", p.body
	if p.kind != kindEvent {
		contentType, body = "application/x-www-form-urlencoded", p.form
		path = "/slack/interactions"
	}
	if p.kind == kindCommand {
		path = "/slack/commands"
	}
	r := w.signedRequest(base+path, contentType, body)
	if p.attempt > 0 {
		r.Header.Set("X-Slack-Retry-Num", strconv.Itoa(p.attempt))
		r.Header.Set("X-Slack-Retry-Reason", p.reason)
	}
	response, err := w.client.Do(r)
	if err != nil {
		if isTimeout(err) {
			return reply{failure: failTimeout}
		}
		return reply{failure: failConnection}
	}
	defer response.Body.Close()
	noRetry := response.Header.Get("X-Slack-No-Retry") == "1"
	answer, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	switch {
	case err != nil:
		return reply{failure: failTimeout, noRetry: noRetry}
	case response.StatusCode/100 != 2:
		return reply{failure: failStatus, noRetry: noRetry}
	}
	return reply{acked: true, body: responseBody(answer)}
}

func isTimeout(err error) bool {
	t, ok := err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

// responseBody makes a plain text response the message that Slack makes of it.
func responseBody(answer []byte) json.RawMessage {
	answer = bytes.TrimSpace(answer)
	if len(answer) == 0 || json.Valid(answer) && answer[0] == '{' {
		return answer
	}
	return mustJSON(map[string]any{"text": string(answer)})
}
