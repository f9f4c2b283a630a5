package main

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Whatever a title or a reply looks like, it stays what somebody wrote: on the
// card, in the thread, in a direct message, in a modal and on Home.
func hostileText(t *testing.T, browser context.Context) {
	const title = `<script>alert(1)</script> <!channel> <@U1> & ~`
	const reply = `<img src=x onerror=alert(2)> <http://a|b> javascript:alert(3)`
	long := strings.Repeat("w", 140)
	d := openDemo(t, "en")
	v := visit(t, browser, d, desk, scene("as", sampleAdmin, "channel", sampleCalls, "lang", "en"))
	v.says("#composer", "/muster call "+title+" | when: tomorrow 14:00-16:00 | where: "+long+" | need: helper 2")
	card := at("#messages .msg:not(.ephemeral) [data-testid=card]", title, long)
	v.sees(card)
	v.fits("a long word")
	ts := v.ts(card)

	v.points(at(`#messages [data-ts="` + ts + `"]`))
	v.presses(at(`#messages [data-ts="` + ts + `"] [data-testid=reply]`))
	v.says("#thread-composer", reply)
	v.sees(at("[data-testid=thread] [data-testid=message]", "<img src=x onerror=alert(2)> <http://a|b>"))
	v.presses(at("[data-testid=thread-close]"))

	v.presses(v.joinButton(ts))
	v.goes(d.dm(sampleAdmin))
	v.sees(at("#messages [data-testid=message]", title))
	v.presses(at("[data-testid=home-tab]"))
	v.sees(at("[data-testid=home]", title))
	v.goes(sampleCalls)
	v.says("#composer", "/muster call k3")
	v.sees(at("#messages .msg.ephemeral", title))
	if made := ask[int](v, "what became an element", `document.querySelectorAll("#app script, #app iframe, img[src='x'], a[href^='javascript:'], .mention.all").length`); made > 0 {
		t.Errorf("%d elements came out of what people wrote", made)
	}
}

// On a phone the outer columns are drawers, and a thumb finds what it must.
func onAPhone(t *testing.T, browser context.Context, lang string) {
	d := openDemo(t, lang)
	v := visit(t, browser, d, phone, scene("as", "U012", "channel", sampleCalls, "lang", lang))
	side, tools := at("#side"), at("#tools")
	v.sees(at("#messages [data-testid=card]"))
	v.misses(side)
	v.misses(tools)
	v.fits("the conversation")

	v.presses(at("[data-testid=open-side]"))
	v.sees(side)
	v.fits("people and channels")
	v.keys(kb.Escape)
	v.misses(side)
	v.presses(at("[data-testid=open-tools]"))
	v.sees(tools)
	v.fits("the clock")
	v.presses(at("#tools .drawer-close"))
	v.misses(tools)
	v.presses(at("[data-testid=open-side]"))
	v.goes(d.dm("U012"))
	v.misses(side)
	v.presses(at("[data-testid=open-side]"))
	v.goes(sampleCalls)

	join := at("#messages .msg:not(.ephemeral) [data-testid=block-button][data-action-id^='call_join:']")
	if p := v.reach(join); p.H < touchSize {
		t.Errorf("the button to sign up is %.0f pixels high, want %d", p.H, touchSize)
	}
	v.presses(join)
	name := map[string]string{"zh": "吴霞", "en": "吴霞"}[lang]
	v.sees(at("#messages [data-testid=card]", name))
	v.presses(at("#messages .msg:not(.ephemeral) [data-testid=block-button][data-action-id=call_details]"))
	v.sees(at("#messages, dialog[open]"))
	v.fits("the details")
	small := ask[[]string](v, "measuring buttons", `all("#main button, #main a, #composer").filter((el) => el.closest(".block-actions, .head, .composer"))
		.map((el) => [el, el.getBoundingClientRect()]).filter(([, r]) => r.height > 0 && r.height < 34).map(([el]) => el.outerHTML.slice(0, 120))`)
	if len(small) > 0 {
		t.Errorf("too small for a thumb: %s", strings.Join(small, "\n"))
	}
}

// touchSize is the least height in pixels of what one signs up with: Apple asks
// for 44, Material for 48 with the space around.
const touchSize = 44

// Everything that matters is reached with Tab, done with Enter and left with Esc.
func keyboardOnly(t *testing.T, browser context.Context) {
	d := openDemo(t, "en")
	v := visit(t, browser, d, desk, scene("as", sampleAdmin, "channel", sampleCalls, "lang", "en"))
	v.do("let go of the focus", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`(document.activeElement.blur(), true)`))
		return err
	}))
	v.tabsTo("the message box", "document.activeElement.id === 'composer'")
	v.keys("/muster call Tea for riders | when: tomorrow 14:00-16:00 | where: Station 3 | need: helper 2")
	v.keys(kb.Enter)
	card := v.ts(at("#messages .msg:not(.ephemeral) [data-testid=card]", "Tea for riders", "0/2"))
	join := "document.activeElement.dataset.actionId?.startsWith('call_join') && !!document.activeElement.closest('[data-ts=\"" + card + "\"]')"
	v.tabsTo("the card's button", join, chromedp.KeyModifiers(chromedp.ModifierShift))
	v.waits("a mark on what has the focus", "getComputedStyle(document.activeElement).outlineStyle !== 'none'")
	v.keys(kb.Enter)
	v.sees(at("#messages [data-testid=card]", "Tea for riders", "1/2", "陈琳"))
	v.waits("the focus to stay", join)

	v.tabsTo("the message box", "document.activeElement.id === 'composer'")
	v.keys("/muster call")
	v.keys(kb.Enter)
	v.sees(at("[data-testid=modal][data-callback-id=call]"))
	v.waits("the focus in the modal", "!!document.activeElement.closest('[data-testid=modal]')")
	v.keys("Flood rehearsal")
	v.tabsTo("the button that sends", "document.activeElement.dataset.testid === 'modal-submit'")
	v.keys(kb.Enter)
	v.sees(at("[data-testid=modal] .input-error"))
	v.waits("the focus at what is to be corrected", "document.activeElement.getAttribute('aria-invalid') === 'true'")
	v.keys(kb.Escape)
	v.misses(at("[data-testid=modal]"))
	v.waits("the focus back in the message box", "document.activeElement.id === 'composer'")
}

// Between the mouse going down and up others sign up, and the card is drawn anew:
// the press still counts, once.
func othersAreFaster(t *testing.T, browser context.Context) {
	d := openDemo(t, "en")
	v := visit(t, browser, d, desk, scene("as", "U007", "channel", sampleCalls, "lang", "en"))
	join := at("#messages [data-testid=block-button][data-action-id='call_join:keeper']")
	p := v.reach(join)
	left := func(m *input.DispatchMouseEventParams) { m.Button, m.ClickCount = input.MouseButtonLeft, 1 }
	v.do("mouse down", chromedp.MouseEvent(chromedp.MousePressed, p.X, p.Y, left))
	card := d.message(t, sampleCalls, v.ts(join))
	if out := d.slack.As("U040").Press(card, "call_join:keeper"); !out.Acked {
		t.Fatalf("the other one could not sign up: %s", out.Refused)
	}
	v.sees(at("#messages [data-testid=card]", "1/2", "Maria Silva"))
	v.do("mouse up", chromedp.MouseEvent(chromedp.MouseReleased, p.X, p.Y, left))
	v.sees(at("#messages [data-testid=card]", "2/2", "Ann Miller"))
}

// tabsTo presses Tab until the expression holds; a ring of a hundred stops is one
// that nobody walks.
func (v *visitor) tabsTo(what, holds string, options ...chromedp.KeyOption) {
	v.t.Helper()
	for range 100 {
		if ask[bool](v, "looking at the focus", "!!("+holds+")") {
			return
		}
		v.keys(kb.Tab, options...)
	}
	v.t.Fatalf("Tab does not lead to %s\n%s", what, v.reads())
}

// Both appearances can be read, and the words change with the language at once.
func lightAndDark(t *testing.T, browser context.Context) {
	d := openDemo(t, "zh")
	v := visit(t, browser, d, desk, scene("as", sampleAdmin, "channel", sampleCalls, "lang", "zh", "theme", "light"))
	v.sees(at("#messages [data-testid=card]"))
	v.sees(at("[data-testid=tour-item]", "发布一次招募"))
	v.canBeRead("light")
	v.presses(at("[data-testid=theme]"))
	v.waits("the dark page", "document.documentElement.dataset.theme === 'dark'")
	v.canBeRead("dark")

	v.presses(at("[data-testid=lang-en]"))
	v.sees(at("[data-testid=tour-item]", "Post a call"))
	v.waits("English throughout", `document.documentElement.lang === "en" && !/\p{Script=Han}/u.test(find("#tools").innerText.replace("中文", "").replace("陈琳", ""))`)
	v.canBeRead("dark, English")
	v.presses(at("[data-testid=home-tab]"))
	v.sees(at("[data-testid=home] .block"))
	v.canBeRead("Home")
	v.presses(at("[data-testid=lang-zh]"))
	v.sees(at("[data-testid=tour-item]", "发布一次招募"))
	v.fits("Home")
}

// canBeRead compares every text with what lies behind it: a contrast of at least
// 4.5, or 3 for large letters (WCAG 2.2, 1.4.3).
func (v *visitor) canBeRead(where string) {
	v.t.Helper()
	v.rests()
	faint := ask[[]string](v, "comparing colours", `(() => {
		const rgba = (text) => { const c = document.createElement("canvas").getContext("2d", { willReadFrequently: true }); c.fillStyle = text; c.fillRect(0, 0, 1, 1); return [...c.getImageData(0, 0, 1, 1).data]; };
		const light = (c) => { const [r, g, b] = c.map((x) => x / 255).map((x) => (x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
		const behind = (el) => { for (; el; el = el.parentElement) { const c = rgba(getComputedStyle(el).backgroundColor); if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
		const texts = all("body *").filter((el) => !el.closest(".quick, .emoji, .daybar, .hidden, .skips, .placeholder") && [...el.childNodes].some((n) => n.nodeType === 3 && n.data.trim()));
		return texts.flatMap((el) => {
			const s = getComputedStyle(el), [a, b] = [light(rgba(s.color)), light(behind(el))].sort((x, y) => y - x);
			const size = parseFloat(s.fontSize), large = size >= 24 || (size >= 18.66 && s.fontWeight >= 700);
			const contrast = (a + 0.05) / (b + 0.05);
			return s.opacity === "1" && contrast < (large ? 3 : 4.5) ? [contrast.toFixed(2) + " " + el.outerHTML.slice(0, 140)] : [];
		});
	})()`)
	if len(faint) > 0 {
		v.t.Errorf("%s: hard to read:\n%s", where, strings.Join(faint, "\n"))
	}
}
