package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"muster/config"
	"muster/sandbox"
)

// The demo's page in a real browser: what the README promises a newcomer, done
// with a mouse, a thumb and a keyboard. One Chromium serves all stories, each in
// a window and with a demo of its own. They come before the other tests of this
// package and not among them: two cores are enough for a browser or for fifty
// bots, and a story that waits for its turn is slow for no reason.
func TestPageInABrowser(t *testing.T) {
	browser := startBrowser(t)
	stories := []struct {
		name string
		tell func(*testing.T, context.Context)
	}{
		{"the tour in Chinese", func(t *testing.T, b context.Context) { tourInThePage(t, b, "zh") }},
		{"the tour in English", func(t *testing.T, b context.Context) { tourInThePage(t, b, "en") }},
		{"a flood in Chinese", func(t *testing.T, b context.Context) { floodInThePage(t, b, "zh") }},
		{"a flood in English", func(t *testing.T, b context.Context) { floodInThePage(t, b, "en") }},
		{"a lesson in Chinese", func(t *testing.T, b context.Context) { lessonInThePage(t, b, "zh") }},
		{"a lesson in English", func(t *testing.T, b context.Context) { lessonInThePage(t, b, "en") }},
		{"what people write stays text", hostileText},
		{"a phone in Chinese", func(t *testing.T, b context.Context) { onAPhone(t, b, "zh") }},
		{"a phone in English", func(t *testing.T, b context.Context) { onAPhone(t, b, "en") }},
		{"keyboard only", keyboardOnly},
		{"others sign up while the mouse is down", othersAreFaster},
		{"a recording is sent", filesInThePage},
		{"light and dark, Chinese and English", lightAndDark},
	}
	// The group ends when its stories have, so that the browser outlives them.
	t.Run("stories", func(t *testing.T) {
		for _, story := range stories {
			t.Run(story.name, func(t *testing.T) {
				t.Parallel()
				story.tell(t, browser)
			})
		}
	})
	if dir := os.Getenv("MUSTER_TEST_PICTURES"); dir != "" {
		t.Run("pictures", func(t *testing.T) { takePictures(t, browser, dir) })
		t.Run("pictures of a dispatch", func(t *testing.T) { takeDispatchPictures(t, browser, dir) })
		t.Run("pictures of study", func(t *testing.T) { takeStudyPictures(t, browser, dir) })
	}
}

// browserNames are what Chromium and its kin are called on the systems we know.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
	"headless-shell", "headless_shell", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
	"/Applications/Chromium.app/Contents/MacOS/Chromium"}

func findBrowser() string {
	for _, name := range browserNames {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

// startBrowser starts Chromium, or skips or fails as MUSTER_TEST_BROWSER says:
// required, off, or unset for "if there is one".
func startBrowser(t *testing.T) context.Context {
	t.Helper()
	path, wish := findBrowser(), os.Getenv("MUSTER_TEST_BROWSER")
	switch {
	case wish == "off":
		t.Skip("the page was not opened in Chromium, because MUSTER_TEST_BROWSER=off")
	case wish != "" && wish != "required":
		t.Fatalf("MUSTER_TEST_BROWSER=%s: want required, off, or nothing", wish)
	case path == "" && wish == "required":
		t.Fatalf("MUSTER_TEST_BROWSER=required, and no Chromium is in PATH; tried %q", browserNames)
	case path == "":
		t.Skip("the page was not opened: there is no Chromium in PATH")
	}
	// Without its own sandbox: root and most containers may not have it, and the
	// only page it opens is ours.
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-quic", true),
		chromedp.Flag("lang", "en-US"), chromedp.Flag("hide-scrollbars", true))
	allocator, release := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(release)
	browser, end := chromedp.NewContext(allocator)
	t.Cleanup(end)
	// The first window starts the process and belongs to nobody's story. The
	// process is bound to the context of this call, so the bound is a timer.
	started := make(chan error, 1)
	go func() { started <- chromedp.Do(browser) }()
	select {
	case err := <-started:
		if err != nil {
			t.Fatalf("Chromium (%s) does not start: %v", path, err)
		}
	case <-time.After(time.Minute):
		t.Fatalf("Chromium (%s) did not start within a minute", path)
	}
	return browser
}

// openDemo starts the demo as `go run . demo --lang LANG` does, on a Monday
// morning.
func openDemo(t *testing.T, lang string) *demo {
	t.Helper()
	return openDemoAt(t, lang, monday.Add(-30*time.Minute))
}

// openDemoAt starts it at any other time.
func openDemoAt(t *testing.T, lang string, start time.Time) *demo {
	t.Helper()
	log := &safeLog{}
	settings := config.Defaults()
	settings.Lang = lang
	flags := DemoFlags{Listen: "127.0.0.1:0", ClockStart: start, ClockSpeed: 1, Lang: lang}
	d, err := startDemo(context.Background(), settings, streams{Err: log}, flags, filepath.Join(t.TempDir(), "demo.db"))
	if err != nil {
		t.Fatalf("the demo does not start: %v\n%s", err, log)
	}
	t.Cleanup(func() {
		d.close()
		for _, complaint := range d.slack.Complaints() {
			t.Errorf("Slack would object: %s", complaint)
		}
		for _, ping := range d.slack.Pings() {
			t.Errorf("a whole %s was pinged in %s", ping.Kind, ping.Channel)
		}
		for line := range strings.Lines(log.String()) { // what its end cuts off is no error
			if strings.Contains(line, "level=ERROR") && !strings.Contains(line, "context canceled") {
				t.Errorf("the bot's log has an error: %s", line)
			}
		}
	})
	return d
}

// dm is the direct message of user with the bot.
func (d *demo) dm(user string) string { return d.slack.DM(user) }

// message reads a message of the sandbox again.
func (d *demo) message(t *testing.T, channel, ts string) sandbox.Message {
	t.Helper()
	m, ok := d.slack.Message(channel, ts)
	if !ok {
		t.Fatalf("there is no message %s in %s", ts, channel)
	}
	return m
}
