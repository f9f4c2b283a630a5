package models

import "testing"

func TestWhoIsGreeted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		who  Person
		want bool
	}{
		{"somebody new", Person{}, true},
		{"somebody greeted before", Person{GreetedAt: 1}, false},
		{"a bot", Person{Bot: true}, false},
		{"a guest, who only reads cards", Person{Guest: true}, false},
		{"somebody who has left", Person{Gone: true}, false},
	} {
		if got := c.who.Greetable(); got != c.want {
			t.Errorf("%s: greeted %v", c.name, got)
		}
	}
}

func TestOfferedTimesLieInTheDay(t *testing.T) {
	t.Parallel()
	for _, w := range GreetWindows() {
		if InRest(Instant(w.Start*60_000), Rest{22 * 60, 7 * 60}, Zone("UTC")) || w.End > 22*60 {
			t.Errorf("%v reaches into quiet hours", w)
		}
	}
}
