package bot

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"muster/models"
)

func TestAHundredPressesOnOneCardAreFewEditsAndTheLastWordStands(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		id := d.outbox.add(models.Message{Channel: "C1"})
		d.beats(t, 2*time.Second)
		for range 100 {
			d.outbox.touch(id)
			d.beats(t, 50*time.Millisecond)
		}
		d.beats(t, time.Minute)
		edits := d.web.of("chat.update")
		if n := mostIn(edits, time.Second); n > 1 {
			t.Errorf("%d edits of one message in a second", n)
		}
		if n := mostIn(edits, time.Minute); n > 45 {
			t.Errorf("%d edits in a minute", n)
		}
		if last := edits[len(edits)-1].Text; last != fmt.Sprintf("message %d v101", id) {
			t.Errorf("the card ends as %q", last)
		}
		if n := len(d.web.of("chat.postMessage")); n != 1 {
			t.Errorf("the card was posted %d times", n)
		}
	})
}

func TestCardsAreEditedBeforeTheRestAndTheBudgetHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		var cards, rest []int64
		for i := range 40 {
			rest = append(rest, d.outbox.add(models.Message{Channel: "D1", TS: fmt.Sprint("r", i), Shown: 1, Version: 2, EditClass: models.EditRest}))
			cards = append(cards, d.outbox.add(models.Message{Channel: "C1", TS: fmt.Sprint("c", i), Shown: 1, Version: 2, EditClass: models.EditCard}))
		}
		d.beats(t, 61*time.Second)
		done := func(ids []int64) (n int) {
			for _, id := range ids {
				if d.outbox.get(id).State == models.MessageSent {
					n++
				}
			}
			return n
		}
		if c, r := done(cards), done(rest); c < 38 || r > 5 {
			t.Errorf("after a minute %d cards and %d others were edited", c, r)
		}
		d.beats(t, 2*time.Minute)
		if c, r := done(cards), done(rest); c != 40 || r != 40 {
			t.Errorf("in the end %d cards and %d others", c, r)
		}
		if n := mostIn(d.web.of("chat.update"), time.Minute); n > 45 {
			t.Errorf("%d edits in one minute", n)
		}
	})
}
