package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"muster/services"
	"muster/store"
)

// TestMain lets the scripts run this very program as "muster": a process of
// its own, with its own variables and folder, as an operator would.
func TestMain(m *testing.M) {
	// Stories mostly wait for Slack's pace: eight at a time keep two cores busy
	// where two would sleep, four when the race detector slows them down. The
	// flag -parallel still stands over it.
	atOnce := "8"
	if racing {
		atOnce = "4"
	}
	if err := flag.Set("test.parallel", atOnce); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"muster": main, "workspace": makeWorkspace})
}

// makeWorkspace is a program of the scripts: DATABASE WORKSPACE leaves what a
// first run of the bot would, with one admin, UCHEN.
func makeWorkspace() {
	ctx := context.Background()
	st, err := store.Open(ctx, store.Options{DSN: os.Args[1], World: time.Now, Machine: time.Now})
	if err == nil {
		err = st.Migrate(ctx)
	}
	if err == nil {
		svc := services.New(st, services.Options{Random: randomBytes, Defaults: services.Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
		if _, err = svc.Install(ctx, os.Args[2], "Town", "UBOT"); err == nil {
			var code string
			if code, err = svc.SetupCode(ctx, os.Args[2]); err == nil {
				err = svc.ClaimAdmin(ctx, services.Act{Team: os.Args[2], User: "UCHEN", Direct: true}, code)
			}
		}
	}
	if err = errors.Join(err, st.Close()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true})
}

// runHere runs the program inside the test.
func runHere(env []string, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = Run(context.Background(), args, env, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

func TestHelpOffersOnlyWhatIsBuilt(t *testing.T) {
	t.Parallel()
	code, stdout, stderr := runHere(nil, "--help")
	if code != exitDone || stderr != "" {
		t.Fatalf("help ended with %d, %q", code, stderr)
	}
	for _, verb := range []string{"serve", "demo", "migrate", "export", "import", "understand", "manifest"} {
		if !strings.Contains(stdout, "\n  "+verb+" ") {
			t.Errorf("help does not offer %s:\n%s", verb, stdout)
		}
	}
	for _, later := range []string{"doctor", "backup", "restore"} {
		if strings.Contains(stdout, "\n  "+later+" ") {
			t.Errorf("help offers %s, which is not built", later)
		}
	}
}

func TestNoSecretIsAFlag(t *testing.T) {
	t.Parallel()
	_, help, _ := runHere(nil, "--help")
	for _, word := range []string{"token", "signing", "client-secret"} {
		if strings.Contains(help, "--slack-"+word) {
			t.Errorf("help offers a secret as a flag: %s", word)
		}
	}
	code, _, stderr := runHere(nil, "serve", "--slack-bot-token=xoxb-1")
	if code != exitUsage || strings.Contains(stderr, "xoxb-1") {
		t.Errorf("a token on the command line ended with %d, %q", code, stderr)
	}
}

func TestEveryErrorIsOneLine(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{}, {"nonsense"}, {"--nope"}, {"understand"}, {"understand", "what", "x"}, {"export"}, {"export", "all\nof it"},
		{"export", "calls", "--from", "yesterday"}, {"export", "calls", "--format", "pdf"}, {"manifest", "--http", "http://x"},
		{"demo", "extra"}, {"doctor"}, {"export", "stations"}, {"understand", "when", "x", "--zone", "../x"}, {"understand", "when", "x", "--now", "soon"},
		{"export", "calls", "--from", "2026-02-02", "--to", "2026-02-01"},
	} {
		code, stdout, stderr := runHere(nil, args...)
		if code != exitUsage || stdout != "" || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "muster: ") {
			t.Errorf("%q: code %d, output %q, error %q", args, code, stdout, stderr)
		}
	}
}

func TestDashesAndDigitsAreText(t *testing.T) {
	t.Parallel()
	want := []string{"understand", "reply", minus + "1", "--in", "dm", "-o", minus + "2 x", "--", minus + "3"}
	got := keepMinus([]string{"understand", "reply", "-1", "--in", "dm", "-o", "-2 x", "--", "-3"})
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("got %q", got)
	}
}
