package bot

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
)

const secret = "8f742231b10e8888abcd99yyyzzz85a5"

// porch is the HTTP way in with everything behind it faked.
type porch struct {
	router  *Router
	in      *Intake
	answers *Answers
	http    http.Handler
	web     *fakeWeb
	metrics *Metrics
	trouble error // what Errors was asked about last
}

func newPorch(t *testing.T, set func(*Router)) *porch {
	t.Helper()
	p := &porch{web: newFakeWeb(time.Now), metrics: NewMetrics()}
	p.router = NewRouter(RouterOptions{Metrics: p.metrics, Classify: func(r Request) string {
		verb, _, _ := strings.Cut(r.Text, " ")
		return verb
	}, Errors: func(_ context.Context, _ Request, err error) Reply {
		p.trouble = err
		return Reply{Text: "sorry: " + string(models.CodeOf(err))}
	}})
	set(p.router)
	p.answers = NewAnswers(AnswersOptions{Throttle: NewThrottle(time.Now, 400), Metrics: p.metrics,
		For:         func(context.Context, Request) (Workspace, error) { return Workspace{Key: "T1", Web: p.web}, nil },
		ModalButton: func(context.Context, Request) Reply { return Reply{Text: "press to open"} },
		LateNote:    func(context.Context, Request) string { return "It was slow, but it is done." }})
	p.in = NewIntake(IntakeOptions{Decoder: muster, Router: p.router, Answers: p.answers, Machine: time.Now, Metrics: p.metrics})
	p.http = NewHTTPIntake(p.in, secret).Handler()
	return p
}

// close waits for everything under way; a bubble must not end before.
func (p *porch) close(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := p.in.Close(ctx); err != nil {
		t.Error("intake:", err)
	}
	if err := p.answers.Close(ctx); err != nil {
		t.Error("answers:", err)
	}
}

func sign(key, stamp, body string) string {
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(mac.Sum(nil))
}

func (p *porch) send(path, kind, body string, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", sign(secret, stamp, body))
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	p.http.ServeHTTP(w, r)
	return w
}

func (p *porch) event(event string) *httptest.ResponseRecorder {
	return p.send("/slack/events", "application/json", told(event))
}

const asForm = "application/x-www-form-urlencoded"

// triggers are as unlike as Slack's.
var triggers atomic.Int64

func trigger() string { return fmt.Sprintf("5.%d", triggers.Add(1)) }

func (p *porch) command(text string) *httptest.ResponseRecorder {
	return p.send("/slack/commands", asForm, url.Values{"command": {"/muster"}, "team_id": {"T1"}, "user_id": {"U1"}, "channel_id": {"C1"},
		"text": {text}, "trigger_id": {trigger()}, "response_url": {"https://hooks/1"}}.Encode())
}

func (p *porch) interact(payload string) *httptest.ResponseRecorder {
	return p.send("/slack/interactions", asForm, url.Values{"payload": {payload}}.Encode())
}

func press(action string) string {
	return fmt.Sprintf(`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"trigger_id":%q,"response_url":"https://hooks/2",
		"container":{"message_ts":"1.2","is_ephemeral":true},"actions":[{"action_id":%q,"value":"1"}]}`, trigger(), action)
}
