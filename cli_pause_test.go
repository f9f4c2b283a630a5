package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/services"
	"muster/store"
)

// held is a database with the workspaces given.
func held(t *testing.T, workspaces ...string) (env []string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "muster.db")
	st, err := store.Open(t.Context(), store.Options{DSN: file, World: time.Now, Machine: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = st.Migrate(context.Background())
	svc := services.New(st, services.Options{Random: randomBytes, Defaults: services.Defaults{Lang: "en", Zone: "Asia/Shanghai"}})
	for _, w := range workspaces {
		_, install := svc.Install(t.Context(), w, "Town", "UBOT")
		err = errors.Join(err, install)
	}
	if err = errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
	return []string{"MUSTER_DATABASE=" + file}
}

func TestPauseAndResumeFromTheCommandLine(t *testing.T) {
	t.Parallel()
	env := held(t, "T1")
	for _, c := range []struct {
		verb string
		want string
	}{
		{"resume", "T1 was not paused; messages go out as usual"},
		{"pause", "T1 is paused: nothing goes out, answers are still taken; 0 messages wait. To go on: muster resume"},
		{"pause", "T1 was paused already; 0 messages wait. To go on: muster resume"},
		{"resume", "T1 goes on; nothing waits"},
	} {
		code, out, errs := runHere(env, c.verb)
		if code != exitDone || strings.TrimSpace(out) != c.want || errs != "" {
			t.Errorf("%s: %d, %q, %q", c.verb, code, out, errs)
		}
	}
}

func TestPauseNeedsToKnowWhichWorkspace(t *testing.T) {
	t.Parallel()
	env := held(t, "T1", "T2")
	if code, _, errs := runHere(env, "pause"); code != exitFailed || !strings.Contains(errs, "T1, T2") {
		t.Errorf("of two: %d, %q", code, errs)
	}
	if code, _, errs := runHere(env, "pause", "--workspace", "T9"); code != exitFailed || !strings.Contains(errs, "T9") {
		t.Errorf("of another: %d, %q", code, errs)
	}
	if code, out, errs := runHere(env, "pause", "--workspace", "T2"); code != exitDone || !strings.HasPrefix(out, "T2 is paused") {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
	if code, out, _ := runHere(env, "resume", "--workspace", "T1"); code != exitDone || !strings.HasPrefix(out, "T1 was not paused") {
		t.Errorf("the other one was paused too: %d, %q", code, out)
	}
}

// The bot runs while the operator pauses it from outside: nothing leaves any
// more, answers are taken, and a restart changes nothing about it.
func TestAPauseFromOutsideHoldsARunningBot(t *testing.T) {
	t.Parallel()
	s := tell(t)
	env := []string{"MUSTER_DATABASE=" + string(s.settings.Database), "MUSTER_CLOCK_START=" + monday.Format(time.RFC3339), "MUSTER_CLOCK_SPEED=1", "SLACK_API_URL=" + s.APIURL()}
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 引导员 2")
	card := s.sees(sampleCalls, "0/2")
	if code, out, errs := runHere(env, "pause"); code != exitDone {
		t.Fatal(out, errs)
	}
	s.presses("U006", card, "call_join")
	s.whispers("U006", sampleCalls, "已报名")
	s.halt()
	s.begin()
	s.presses("U010", card, "call_join")
	s.whispers("U010", sampleCalls, "已报名")
	if n := len(s.posts(s.DM("U006"))) + len(s.posts(s.DM("U010"))); n != 0 {
		t.Errorf("%d messages went out while paused", n)
	}
	if m, _ := s.Message(sampleCalls, card.TS); strings.Contains(m.AllText(), "1/2") {
		t.Error("the card was edited while paused")
	}
	code, out, errs := runHere(env, "resume")
	if code != exitDone || !strings.Contains(out, "wait, done by about 2026-11-23 10:0") {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
	s.gets("U006", "已报名")
	s.gets("U010", "已报名")
	s.sees(sampleCalls, "2/2")
}
