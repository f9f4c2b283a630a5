package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// A voice message or a photo is sent from the page as from Slack: chosen, shown
// before it goes, taken away again, sent.
func filesInThePage(t *testing.T, browser context.Context) {
	d := openDemo(t, "zh")
	v := visit(t, browser, d, desk, scene("as", "U012", "channel", d.dm("U012"), "lang", "zh"))
	var files []string
	for _, name := range []string{"笔记.png", "clip.m4a"} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, []byte("what a phone made"), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, path)
	}
	v.loaded()
	v.do("choose two files", chromedp.SetUploadFiles(`[data-testid=composer-file]`, files))
	first, second := at(".composer .file-list .chip", "笔记.png"), at(".composer .file-list .chip", "clip.m4a")
	v.sees(first)
	v.sees(second)
	v.presses(at(".composer .file-list .icon-button[aria-label='去掉 笔记.png']"))
	v.misses(first)
	v.fits("a file before it is sent")
	v.presses(at("[data-testid=composer-send]"))
	v.sees(at("#messages [data-testid=message] .file", "clip.m4a"))
	v.sees(at("#messages [data-testid=message]", "收到了，不过你现在没有要补的学习。"))
	v.misses(second)
}
