package main

import (
	"context"
	"path/filepath"
	"testing"
)

// pictureScene is what the README's picture shows: a call that is filling up,
// and the thread below its card.
type pictureScene struct {
	call          string
	buttons       [][2]string // person and button
	replies       [][2]string // person and what they write
	title, viewer string
	filled        []string // what the card says then
}

var pictureScenes = map[string]pictureScene{
	"zh": {
		call:    "招募 东堤装沙袋 | 类型: 应急 | 时间: 明天 14:00-17:00 | 地点: 东堤 3 号门 | 需要: 装卸 6, 司机 2 | 携带: 手套、头灯",
		buttons: [][2]string{{"U006", "call_join:装卸"}, {"U003", "call_join:司机"}, {"U020", "call_join:司机"}, {"U019", "call_join:司机"}},
		replies: [][2]string{{"U010", "+1 装卸"}, {"U017", "算我一个，装卸"}, {"U009", "count me in, 装卸"}, {"U002", "我也来，装卸"}},
		title:   "东堤装沙袋", viewer: "U006", filled: []string{"5/6", "2/2", "候补 1 人"},
	},
	"en": {
		call:    "call Sandbags at the east dike | kind: relief | when: tomorrow 14:00-17:00 | where: East dike, gate 3 | need: lifter 6, driver 2 | bring: gloves, lamp",
		buttons: [][2]string{{"U007", "call_join:lifter"}, {"U008", "call_join:driver"}, {"U003", "call_join:driver"}, {"U020", "call_join:driver"}},
		replies: [][2]string{{"U009", "+1 lifter"}, {"U032", "count me in, lifter"}, {"U010", "我来 lifter"}, {"U006", "I'll come, lifter"}},
		title:   "Sandbags at the east dike", viewer: "U007", filled: []string{"5/6", "2/2", "1 waiting"},
	},
}

// takePictures writes into dir what the README shows, tour-zh.png and
// tour-en.png, and the same scene in the dark and on a phone.
func takePictures(t *testing.T, browser context.Context, dir string) {
	for lang, p := range pictureScenes {
		d := openDemo(t, lang)
		card := d.actOut(t, p)
		for _, shot := range []struct {
			name   string
			screen screen
			scene  []string
		}{
			{"tour-" + lang, screen{1280, 860, false, 1.5}, []string{"theme", "light", "thread", card}},
			{"tour-" + lang + "-dark", screen{1280, 860, false, 1.5}, []string{"theme", "dark"}},
			{"tour-" + lang + "-phone", screen{390, 844, true, 3}, []string{"theme", "light"}},
		} {
			where := append([]string{"as", p.viewer, "channel", sampleCalls, "lang", lang}, shot.scene...)
			v := visit(t, browser, d, shot.screen, scene(where...))
			v.sees(at("#messages [data-testid=card]", append(p.filled, p.title)...))
			v.picture(filepath.Join(dir, shot.name+".png"))
		}
	}
}

// actOut lets the scene's people sign up, and gives back the card's ts.
func (d *demo) actOut(t *testing.T, p pictureScene) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	waits := func(what string, cond func() bool) {
		if err := d.slack.Await(ctx, what, cond); err != nil {
			t.Fatal(err)
		}
	}
	if out := d.slack.As(sampleAdmin).Command(sampleCalls, "/muster", p.call); !out.Acked {
		t.Fatalf("the call was not taken: %s", out.Refused)
	}
	cards, err := d.await(ctx, sampleCalls, 3)
	if err != nil {
		t.Fatal(err)
	}
	card := cards[len(cards)-1]
	for _, press := range p.buttons {
		if out := d.slack.As(press[0]).Press(d.message(t, card.Channel, card.TS), press[1]); !out.Acked {
			t.Fatalf("%s cannot press %s: %s", press[0], press[1], out.Refused)
		}
	}
	for _, reply := range p.replies {
		ts := d.slack.As(reply[0]).SayIn(card.Channel, card.TS, reply[1])
		waits("a mark on "+reply[1], func() bool { return len(d.message(t, card.Channel, ts).Reactions) > 0 })
	}
	d.slack.TourDone("post_call")
	d.slack.TourDone("three_join")
	d.slack.As("U005").React(card.Channel, card.TS, "+1")
	waits("the card to be up to date", func() bool {
		now := d.message(t, card.Channel, card.TS)
		return hasAll(now.AllText(), p.filled)
	})
	return card.TS
}

// picture writes what is on the screen.
func (v *visitor) picture(name string) {
	v.t.Helper()
	keepPicture(v.t, name, v.shot())
}
