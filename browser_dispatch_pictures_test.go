package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"muster/sandbox"
)

// dispatchScene is what the README's pictures of a dispatch show.
type dispatchScene struct {
	line, lifting, condition, drill, closes string
	card, panel                             []string // what they say when the scene is set
}

var dispatchScenes = map[string]dispatchScene{
	"zh": {
		line:    "招募 东堤装沙袋 | 类型: 应急 | 时间: 今天 14:30-16:30 | 地点: 城东 东堤 3 号门 | 需要: 装卸 4, 驾驶 2 | 携带: 手套、头灯 | 紧急: 是 | 询问: 4 每 10 分钟",
		lifting: "装卸", condition: "15点以后可以", card: []string{"2/4"}, panel: []string{"2/4", "15点以后可以", "1 人来不了"},
		drill: "招募 夜间集合 | 类型: 应急 | 时间: 明天 19:00-20:00 | 地点: 3 号暖驿 | 需要: 装卸 8, 驾驶 6 | 询问: 8 每 5 分钟 | 演练: 是", closes: "招募 k4 关闭",
	},
	"en": {
		line:    "call Sandbags at the east dike | kind: relief | when: today 14:30-16:30 | where: East dike, gate 3 | need: lifting 4, driving 2 | bring: gloves, lamp | urgent: yes | ask: 4 every 10m",
		lifting: "lifting", condition: "yes after 15:00", card: []string{"2/4"}, panel: []string{"2/4", "yes after 15:00", "1 no"},
		drill: "call Night muster | kind: relief | when: tomorrow 19:00-20:00 | where: Warm Station 3 | need: lifting 8, driving 6 | ask: 8 every 5m | drill: yes", closes: "call k4 close",
	},
}

// takeDispatchPictures writes into dir: dispatch-LANG.png, three phones with the
// card, a question and the organizer's message; home-LANG.png, the organizer's
// Home; and drill-curve.png, what a drill ends with.
func takeDispatchPictures(t *testing.T, browser context.Context, dir string) {
	for lang, p := range dispatchScenes {
		d := openDemo(t, lang)
		asks := d.dispatched(t, p)
		look := func(s screen, as, channel string, words ...string) (*visitor, []byte) {
			v := visit(t, browser, d, s, scene("as", as, "channel", channel, "lang", lang, "theme", "light"))
			v.sees(at("#messages [data-testid=message], [data-testid=home]", words...))
			return v, v.shot()
		}
		hand := screen{430, 860, true, 1.5}
		var phones [][]byte
		for _, one := range []struct {
			as, channel string
			words       []string
		}{{asks, sampleCalls, p.card}, {asks, d.dm(asks), nil}, {sampleAdmin, d.dm(sampleAdmin), p.panel}} {
			_, shot := look(hand, one.as, one.channel, one.words...)
			phones = append(phones, shot)
		}
		keepPicture(t, filepath.Join(dir, "dispatch-"+lang+".png"), inARow(t, phones))
		v, shot := look(screen{1280, 860, false, 1.5}, sampleAdmin, "home", p.condition)
		keepPicture(t, filepath.Join(dir, "home-"+lang+".png"), shot)
		curve := d.drilled(t, v, p)
		if lang == "en" {
			keepPicture(t, filepath.Join(dir, "drill-curve.png"), curve)
		}
	}
}

// dispatched posts the call and lets those asked answer in every way there is;
// it gives back one who has not.
func (d *demo) dispatched(t *testing.T, p dispatchScene) string {
	t.Helper()
	if out := d.slack.As(sampleAdmin).Command(sampleCalls, "/muster", p.line); !out.Acked {
		t.Fatalf("the call was not taken: %s", out.Refused)
	}
	people := d.asked(t, nil, 8)
	lifters := slices.DeleteFunc(slices.Clone(people), func(u string) bool { return !strings.Contains(d.question(u).Text, p.lifting) })
	if len(lifters) < 4 {
		t.Fatalf("of %v only %v are asked to lift", people, lifters)
	}
	d.press(t, lifters[0], "ask_yes")
	d.press(t, lifters[1], "ask_no")
	d.slack.As(lifters[2]).Say(d.dm(lifters[2]), p.condition)
	late := d.asked(t, people, 1)[0] // asked after the no
	d.press(t, late, "ask_yes")
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	err := d.slack.Await(ctx, "the organizer's message", func() bool {
		return slices.ContainsFunc(d.slack.Messages(d.dm(sampleAdmin)), func(m sandbox.Message) bool { return hasAll(m.AllText(), p.panel) })
	})
	if err != nil {
		t.Fatal(err)
	}
	return lifters[3]
}

// question is the latest question to somebody that is open.
func (d *demo) question(user string) (found sandbox.Message) {
	for _, m := range d.slack.Messages(d.dm(user)) {
		if _, open := m.Button("ask_yes"); open {
			found = m
		}
	}
	return found
}

func (d *demo) press(t *testing.T, user, action string) {
	t.Helper()
	if out := d.slack.As(user).Press(d.question(user), action); !out.Acked {
		t.Fatalf("%s cannot press %s: %s", user, action, out.Refused)
	}
}

// drilled plays a drill in which people answer sooner and later, and gives the
// picture it ends with.
func (d *demo) drilled(t *testing.T, v *visitor, p dispatchScene) []byte {
	t.Helper()
	before, said := map[string]string{}, map[string]bool{}
	for _, person := range samplePeople() {
		before[person.ID] = d.question(person.ID).TS
	}
	if out := d.slack.As(sampleAdmin).Command(sampleCalls, "/muster", p.drill); !out.Acked {
		t.Fatalf("the drill was not taken: %s", out.Refused)
	}
	d.asked(t, nil, 10)
	for i := range 14 {
		ask[bool](v, "two minutes", `fetch("/sandbox/clock", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ advance: "2m" }) }).then((r) => r.ok)`)
		answered := 0
		for _, person := range samplePeople() {
			q := d.question(person.ID)
			if _, fresh := q.Button("ask_later"); fresh && q.TS != before[person.ID] && !said[person.ID] && answered < 1+i%3 {
				answered++
				said[person.ID] = true
				d.press(t, person.ID, []string{"ask_yes", "ask_yes", "ask_no", "ask_yes", "ask_later"}[(i+answered)%5])
			}
		}
	}
	if out := d.slack.As(sampleAdmin).Command(sampleCalls, "/muster", p.closes); !out.Acked {
		t.Fatalf("the drill was not closed: %s", out.Refused)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 2*patience)
	defer cancel()
	var curve []byte
	err := d.slack.Await(ctx, "the curve", func() bool {
		for _, m := range d.slack.Messages(d.dm(sampleAdmin)) {
			for _, f := range m.Files {
				curve = f.Content
			}
		}
		return curve != nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return curve
}

// shot waits until nothing moves any more and gives what is on the screen.
func (v *visitor) shot() []byte {
	v.t.Helper()
	v.rests()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		v.t.Fatalf("a picture: %v", err)
	}
	return shot
}

// inARow puts pictures of one height beside each other.
func inARow(t *testing.T, shots [][]byte) []byte {
	t.Helper()
	const gap = 24
	var all []image.Image
	size := image.Pt(gap, 0)
	for _, shot := range shots {
		one, err := png.Decode(bytes.NewReader(shot))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
		size = image.Pt(size.X+one.Bounds().Dx()+gap, max(size.Y, one.Bounds().Dy()+2*gap))
	}
	row := image.NewRGBA(image.Rectangle{Max: size})
	draw.Draw(row, row.Bounds(), image.NewUniform(color.RGBA{0xd5, 0xdd, 0xd8, 0xff}), image.Point{}, draw.Src)
	x := gap
	for _, one := range all {
		draw.Draw(row, one.Bounds().Add(image.Pt(x, gap)), one, image.Point{}, draw.Src)
		x += one.Bounds().Dx() + gap
	}
	var out bytes.Buffer
	if err := png.Encode(&out, row); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// keepPicture writes a picture that a README can carry.
func keepPicture(t *testing.T, name string, content []byte) {
	t.Helper()
	if len(content) > 400<<10 {
		t.Errorf("%s has %d kB, want at most 400", name, len(content)>>10)
	}
	if err := os.WriteFile(name, content, 0o644); err != nil {
		t.Fatal(err)
	}
}
