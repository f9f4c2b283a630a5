package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// screen is what somebody looks at the page with.
type screen struct {
	width, height int64
	touch         bool
	scale         float64 // device pixels in one of the page's; 0 = 1
}

var (
	desk  = screen{width: 1280, height: 860}
	phone = screen{width: 390, height: 844, touch: true}
)

// visitor is somebody at the page. What the browser's console complains of, or a
// dialog that opens, fails the test.
type visitor struct {
	t      *testing.T
	ctx    context.Context
	screen screen

	mu     sync.Mutex
	faults []string
}

// visit opens the demo's page at a scene such as "as=U001&channel=C001&lang=zh".
func visit(t *testing.T, browser context.Context, d *demo, s screen, scene string) *visitor {
	t.Helper()
	// A context of its own shares neither storage nor window with other stories.
	ctx, end := chromedp.NewContext(browser, chromedp.WithNewBrowserContext())
	v := &visitor{t: t, ctx: ctx, screen: s}
	var watching sync.WaitGroup
	messages := chromedp.Console(ctx)
	dialogs := chromedp.Events(ctx, page.JavascriptDialogOpening)
	watching.Go(func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == chromedp.ConsoleError || m.Type == chromedp.ConsoleWarning {
				v.fault(fmt.Sprintf("the console says %s (%s:%d)", m, m.URL, m.Line+1))
			}
		}
	})
	watching.Go(func() {
		for e, err := range dialogs {
			if err != nil {
				return
			}
			v.fault("a dialog opened: " + e.Message)
		}
	})
	t.Cleanup(func() {
		end()
		watching.Wait()
		for _, fault := range v.faults {
			t.Error(fault)
		}
	})
	view := []chromedp.EmulateViewportOption{chromedp.EmulateScale(max(s.scale, 1))}
	if s.touch {
		view = append(view, chromedp.EmulateTouch, chromedp.EmulateMobile)
	}
	v.do("open the page", chromedp.EmulateViewport(s.width, s.height, view...), v.alwaysInFront(), chromedp.Navigate(d.slack.URL()+"#"+scene))
	v.waits("the page to be ready", `document.body?.dataset.ready === "true"`)
	v.loaded()
	// A note that something could not be done stands for seconds only.
	ask[bool](v, "listening for notes", `(new MutationObserver((all) => all.flatMap((m) => [...m.addedNodes]).filter((n) => n.matches?.(".toast.error"))
		.forEach((n) => console.error("note: " + n.innerText))).observe(document.body, { childList: true, subtree: true }), true)`)
	return v
}

func (v *visitor) fault(what string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.faults = append(v.faults, what)
}

// alwaysInFront lets every window believe that it is the one being looked at:
// the page rests while it is hidden.
func (v *visitor) alwaysInFront() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	})
}

// do fails the test when the browser does not take the steps in time.
func (v *visitor) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatalf("%s: %v", what, err)
	}
}

// helpers is what the expressions below may use. find gives the last visible
// element that a selector names and that contains all words.
const helpers = `
const seen = (el) => el.getClientRects().length > 0 && getComputedStyle(el).visibility !== "hidden";
const all = (css, ...words) => [...document.querySelectorAll(css)].filter((el) => seen(el) && words.every((w) => (el.innerText ?? "").includes(w)));
const find = (css, ...words) => all(css, ...words).at(-1);
const look = (cond) => new Promise((done, fail) => {
  const end = performance.now() + %d;
  const once = () => {
    let got, why = "not true";
    try { got = cond(); } catch (e) { why = String(e); }
    if (got) done(got);
    else if (performance.now() > end) fail(new Error(why));
    else setTimeout(once, 40);
  };
  once();
});
`

// ask evaluates an expression in the page, and again until it holds where it
// waits with look(). Expressions of the debugger are not bound by the page's
// Content-Security-Policy, which stays in force for the page itself.
func ask[T any](v *visitor, what, expression string) T {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience+5*time.Second) // the page's own bound speaks first
	defer cancel()
	code := "(async () => {" + fmt.Sprintf(helpers, patience.Milliseconds()) + "return (" + expression + ");})()"
	got, err := chromedp.Run(ctx, chromedp.Evaluate[T](code, chromedp.EvalAwaitPromise))
	if err != nil {
		v.t.Fatalf("%s: %v\nThe page reads:\n%s", what, err, v.reads())
	}
	return got
}

// waits fails the test when the expression does not come true.
func (v *visitor) waits(what, expression string) {
	v.t.Helper()
	ask[bool](v, "waiting for "+what, "look(() => !!("+expression+"))")
}

// reads is what stands on the page, for a failing test.
func (v *visitor) reads() string {
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.hash + "\n" + document.body.innerText`))
	if err != nil {
		return err.Error()
	}
	return text
}

// spot names a visible element: by selector, and by words that stand in it. Of
// several it is the last, which in a conversation is the latest.
type spot struct {
	css   string
	words []string
}

func at(css string, words ...string) spot { return spot{css, words} }

func (s spot) String() string { return fmt.Sprintf("%s %q", s.css, s.words) }

// js is the expression that finds the element.
func (s spot) js() string { return "find(" + s.args() + ")" }

func (s spot) args() string {
	parts := []string{quote(s.css)}
	for _, w := range s.words {
		parts = append(parts, quote(w))
	}
	return strings.Join(parts, ", ")
}

func quote(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always has a JSON form
	}
	return string(quoted)
}

// sees waits until the element is there.
func (v *visitor) sees(s spot) {
	v.t.Helper()
	v.waits(s.String(), s.js())
}

// misses waits until the element is not there any more.
func (v *visitor) misses(s spot) {
	v.t.Helper()
	v.waits("no "+s.String(), "!"+s.js())
}

// place is where an element is on the screen, in pixels.
type place struct{ X, Y, W, H float64 }

// reach waits until the element stands still and nothing covers its middle, as
// somebody would before pressing it.
func (v *visitor) reach(s spot) place {
	v.t.Helper()
	return ask[place](v, "reaching for "+s.String(), `(() => { let last; return look(() => {
		const el = `+s.js()+`;
		if (!el) throw new Error("it is not there");
		if (el.closest("[aria-busy=true], [inert]")) throw new Error("it is busy or out of reach");
		let r = el.getBoundingClientRect();
		if (r.top < 0 || r.bottom > innerHeight || r.left < 0 || r.right > innerWidth) el.scrollIntoView({ block: "center", behavior: "instant" });
		r = el.getBoundingClientRect();
		const spot = { X: r.left + r.width / 2, Y: r.top + r.height / 2, W: r.width, H: r.height };
		const still = last?.el === el && last.X === spot.X && last.Y === spot.Y;
		last = { el, ...spot };
		const top = document.elementFromPoint(spot.X, spot.Y);
		if (!top || (top !== el && !el.contains(top))) throw new Error("covered by " + (top?.outerHTML ?? "nothing").slice(0, 160));
		if (!still) throw new Error("it does not stand still");
		return spot;
	}); })()`)
}

// presses clicks, or taps where there is no mouse.
func (v *visitor) presses(s spot) {
	v.t.Helper()
	p := v.reach(s)
	if v.screen.touch {
		v.do("tap "+s.String(), chromedp.TapXY(p.X, p.Y))
		return
	}
	v.do("click "+s.String(), chromedp.MouseClickXY(p.X, p.Y))
}

// points moves the mouse over an element.
func (v *visitor) points(s spot) {
	v.t.Helper()
	p := v.reach(s)
	v.do("point at "+s.String(), chromedp.MouseEvent(chromedp.MouseMoved, p.X, p.Y))
}

// writes puts text into what has the focus, as a paste or an input method does.
func (v *visitor) writes(text string) {
	v.t.Helper()
	v.do("write", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
}

// keys presses one key after the other. A key brings its letter along, as on a
// real keyboard: chromedp.KeyEvent sends the letter as an event of its own, which
// arrives although the page has taken the key for something else.
func (v *visitor) keys(keys string, options ...chromedp.KeyOption) {
	v.t.Helper()
	v.do("press keys", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		for _, key := range keys {
			events := kb.Encode(key)
			down, up := events[0], events[len(events)-1]
			if len(events) == 3 {
				down.Text, down.UnmodifiedText = events[1].Text, events[1].UnmodifiedText
			}
			for _, event := range []*input.DispatchKeyEventParams{down, up} {
				for _, o := range options {
					o(event)
				}
				if _, err := chromedp.Call(ctx, input.DispatchKeyEvent, *event); err != nil {
					return err
				}
			}
		}
		return nil
	}))
}

// says writes into a message box and sends.
func (v *visitor) says(box, text string) {
	v.t.Helper()
	v.presses(at(box))
	v.writes(text)
	v.holds(box, text)
	v.keys(kb.Enter)
	v.holds(box, "")
}

// holds waits until a message box has exactly this text in it.
func (v *visitor) holds(box, text string) {
	v.t.Helper()
	v.waits(box+" with "+quote(text), `(() => {
		const now = document.querySelector(`+quote(box)+`).value;
		if (now !== `+quote(text)+`) throw new Error("it holds " + JSON.stringify(now));
		return true;
	})()`)
}

// becomes switches to another person by searching for their id.
func (v *visitor) becomes(user string) {
	v.t.Helper()
	v.presses(at("[data-testid=person-switch]"))
	v.sees(at("[data-testid=person-search]"))
	v.writes(user)
	v.presses(at(".option[data-user=" + user + "]"))
	v.acts(user)
}

// acts waits until the page acts as user and shows what they see.
func (v *visitor) acts(user string) {
	v.t.Helper()
	v.waits("acting as "+user, "document.querySelector('[data-testid=person-switch]')?.dataset.user === "+quote(user))
	v.loaded()
}

// loaded waits until the messages on the page are those of who acts and where:
// what stands there before moves when they come.
func (v *visitor) loaded() {
	v.t.Helper()
	v.waits("the messages", `(() => {
		const q = new URLSearchParams(location.hash.slice(1));
		const shown = document.querySelector("[data-testid=messages]").dataset.shown?.trim();
		return q.get("channel") === "home" || shown === q.get("as") + " " + q.get("channel");
	})()`)
}

// goes opens a channel or direct message by its place in the left column.
func (v *visitor) goes(channel string) {
	v.t.Helper()
	v.presses(at("[data-channel=" + channel + "]"))
	v.waits("being in "+channel, "new URLSearchParams(location.hash.slice(1)).get('channel') === "+quote(channel))
	v.loaded()
}

// ts is the identity of the message an element stands in.
func (v *visitor) ts(s spot) string {
	v.t.Helper()
	return ask[string](v, "the message of "+s.String(), "look(() => "+s.js()+"?.closest('[data-ts]').dataset.ts)")
}

// fits fails the test when the page is wider than the screen.
func (v *visitor) fits(where string) {
	v.t.Helper()
	wide := ask[[]string](v, "measuring", `(() => {
		if (document.scrollingElement.scrollWidth <= innerWidth) return [];
		return all("body *").filter((el) => el.getBoundingClientRect().right > innerWidth + 1).map((el) => el.outerHTML.slice(0, 120));
	})()`)
	if len(wide) > 0 {
		v.t.Errorf("%s: the page is wider than the screen because of\n%s", where, strings.Join(wide, "\n"))
	}
}

// rests waits until the letters are there and nothing moves.
func (v *visitor) rests() {
	v.t.Helper()
	v.waits("fonts and animations", "document.fonts.status === 'loaded' && document.getAnimations().every((a) => a.playState !== 'running')")
}

// scene is an address in the page.
func scene(pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return q.Encode()
}
