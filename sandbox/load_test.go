package sandbox_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox"
)

// crowd adds people UP0, UP1, … and a channel C5 with all of them and the bot.
func crowd(w *sandbox.World, people int) {
	members := []string{w.BotUserID()}
	for i := range people {
		id := fmt.Sprintf("UP%d", i)
		w.AddUser(sandbox.User{ID: id, RealName: fmt.Sprint("Person ", i)})
		members = append(members, id)
	}
	w.AddChannel(sandbox.Channel{ID: "C5", Name: "crowd", Members: members})
}

func TestAThousandPeoplePressWhileSocketsAreRefreshed(t *testing.T) {
	t.Parallel()
	const people = 1000
	w := town(t, func(o *sandbox.Options) {
		o.Limits = &sandbox.Limits{Off: true}
	})
	crowd(w, people)
	var mu sync.Mutex
	pressed := map[string]int{}
	handle := func(e socketmode.Event, done ack) {
		if press, ok := e.Data.(slack.InteractionCallback); ok {
			mu.Lock()
			pressed[press.User.ID]++
			mu.Unlock()
		}
		done(nil)
	}
	a, b := connect(t, w, handle), connect(t, w, handle)
	if _, _, err := client(w).PostMessage("C5", text("card"), card(button("call_join", "1"))); err != nil {
		t.Fatal(err)
	}
	m := w.Messages("C5")[0]
	start := time.Now()
	var all sync.WaitGroup
	var unacked atomic.Int32
	for i := range people {
		all.Go(func() {
			p := w.As(fmt.Sprintf("UP%d", i))
			if o := p.Press(m, "call_join"); !o.Acked {
				unacked.Add(1) // slack-go loses an acknowledgement that it writes while it reconnects
			}
			p.React("C5", m.TS, "raised_hand")
		})
	}
	for i := range 10 {
		w.Refresh()
		await(t, w, "the reconnect", func() bool { return w.Sockets() == 2 && a.count("connected")+b.count("connected") == 3+i })
	}
	all.Wait()
	t.Logf("%d presses in %v, %d reconnects, %d without answer", people, time.Since(start), a.count("connected")+b.count("connected")-2, unacked.Load())
	mu.Lock()
	defer mu.Unlock()
	if len(pressed) != people {
		t.Errorf("%d people's presses came", len(pressed))
	}
	for id, n := range pressed {
		if n != 1 {
			t.Errorf("%s came %d times", id, n)
		}
	}
	if got, _ := w.Message("C5", m.TS); len(got.Reactions["raised_hand"]) != people {
		t.Errorf("%d reactions", len(got.Reactions["raised_hand"]))
	}
	healthy(t, w)
}
