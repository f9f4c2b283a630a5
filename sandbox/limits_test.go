package sandbox_test

import (
	"errors"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/sandbox"
)

func retryAfter(err error) time.Duration {
	var limited *slack.RateLimitedError
	if errors.As(err, &limited) {
		return limited.RetryAfter
	}
	return 0
}

func post(api *slack.Client, channel string) error {
	_, _, err := api.PostMessage(channel, text("x"))
	return err
}

func TestPostsAreLimitedByChannelAndByWorkspace(t *testing.T) {
	t.Parallel()
	machine := &handClock{now: monday}
	w := town(t, func(o *sandbox.Options) {
		o.Machine = machine.Now
		o.Limits = &sandbox.Limits{WorkspacePerMinute: 6} // six at once, then one in ten seconds
	})
	api := client(w)
	for range 3 { // the burst
		if err := post(api, "C1"); err != nil {
			t.Fatal(err)
		}
	}
	if got := retryAfter(post(api, "C1")); got != time.Second {
		t.Errorf("the fourth post in a second: retry after %v", got)
	}
	if err := post(api, "U1"); err != nil {
		t.Errorf("another channel is free: %v", err)
	}
	machine.add(time.Second)
	if err := post(api, "C1"); err != nil {
		t.Errorf("a second later: %v", err)
	}
	if err := post(api, "U2"); err != nil {
		t.Fatal(err)
	}
	if got := retryAfter(post(api, "U3")); got < 9*time.Second || got > 10*time.Second {
		t.Errorf("the workspace's ceiling: retry after %v", got)
	}
	calls := w.Calls("chat.postMessage")
	if len(calls) != 8 || calls[3].Error != "ratelimited" || calls[3].Channel != "C1" || !calls[3].At.Equal(monday) {
		t.Errorf("the log: %+v", calls)
	}
	healthy(t, w)
}

func TestEditsHaveTheirTier(t *testing.T) {
	t.Parallel()
	machine := &handClock{now: monday}
	w := town(t, func(o *sandbox.Options) { o.Machine = machine.Now })
	api := client(w)
	_, ts, err := api.PostMessage("C1", text("x"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		if _, _, _, err := api.UpdateMessage("C1", ts, text("y")); err != nil {
			t.Fatalf("edit %d: %v", i, err)
		}
	}
	_, _, _, err = api.UpdateMessage("C1", ts, text("y"))
	if got := retryAfter(err); got != 2*time.Second { // 60 s / 50, in whole seconds
		t.Errorf("edit 51: retry after %v, %v", got, err)
	}
}

func TestLimitsCanBeSetAndLifted(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) {
		o.Limits = &sandbox.Limits{PostsPerSecond: 1, PostBurst: 50, PerMinute: map[string]int{"users.info": 1, "auth.test": -1}}
	})
	api := client(w)
	for range 20 {
		if err := post(api, "C1"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := api.GetUserInfo("U1"); err != nil {
		t.Fatal(err)
	}
	if _, err := api.GetUserInfo("U1"); retryAfter(err) == 0 {
		t.Error("a second users.info within the minute passed")
	}
}

func TestFaultsOnDemand(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} })
	api := client(w)

	w.RateLimit("chat.postMessage", "C1", 30*time.Second, 2)
	if err := post(api, "U1"); err != nil {
		t.Errorf("another channel: %v", err)
	}
	for range 2 {
		if got := retryAfter(post(api, "C1")); got != 30*time.Second {
			t.Errorf("retry after %v", got)
		}
	}
	if err := post(api, "C1"); err != nil {
		t.Error(err)
	}

	w.FailNext("chat.postMessage", "internal_error", 1)
	wantError(t, "asked for", post(api, "C1"), "internal_error")
	w.FailNext("chat.postMessage", "503", 1)
	var status slack.StatusCodeError
	if err := post(api, "C1"); !errors.As(err, &status) || status.Code != 503 {
		t.Errorf("503: %v", err)
	}

	before := len(w.Messages("C1"))
	w.LoseAnswers("chat.postMessage", 1)
	if err := post(api, "C1"); err == nil {
		t.Error("the answer was to be lost")
	}
	if got := len(w.Messages("C1")); got != before+1 {
		t.Errorf("the work was to be done: %d messages after %d", got, before)
	}

	w.Down(true)
	if err := post(api, "C1"); err == nil {
		t.Error("Slack was to be down")
	}
	w.Down(false)
	if err := post(api, "C1"); err != nil {
		t.Error(err)
	}
	healthy(t, w)
}
