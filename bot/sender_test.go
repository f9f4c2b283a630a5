package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"muster/models"
)

// mostIn is the largest number of calls in any window of the given length.
func mostIn(calls []call, window time.Duration) int {
	most := 0
	for i := range calls {
		n := 0
		for _, c := range calls[i:] {
			if c.At.Sub(calls[i].At) < window {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

func TestFiveHundredMembersAreRemindedUnderTheCeilingEachOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(300)
		d.web.took = 100 * time.Millisecond
		start := time.Now()
		for i := range 500 {
			d.outbox.add(models.Message{Key: fmt.Sprint(i), PersonID: int64(i + 1), Priority: models.PriorityReminder})
		}
		for d.outbox.count(models.MessageSent) < 500 && time.Since(start) < 10*time.Minute {
			d.beats(t, time.Second)
		}
		posts := d.web.of("chat.postMessage")
		seen := map[string]bool{}
		for _, p := range posts {
			if seen[p.UID] {
				t.Errorf("%s was sent twice", p.UID)
			}
			seen[p.UID] = true
		}
		if len(seen) != 500 {
			t.Fatalf("%d of 500 were reminded", len(seen))
		}
		if n := mostIn(posts, time.Minute); n > 300 {
			t.Errorf("%d posts in one minute, the ceiling is 300", n)
		}
		// 500 at 285 a minute plus a burst of 15 is 102 s; the rest is looking
		// four times a second.
		if took := time.Since(start); took > 2*time.Minute {
			t.Errorf("it took %s", took)
		}
		if n := mostIn(d.web.of("conversations.open"), time.Minute); n > 45 {
			t.Errorf("%d conversations opened in a minute, tier 3 is about 50", n)
		}
	})
}

func TestTooManyRequestsInOneChannelDelaysThatChannelOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		start := time.Now()
		limited := false
		d.web.fail = func(c call) error {
			if c.Method == "chat.postMessage" && c.Channel == "C1" && !limited {
				limited = true
				return &Fault{Kind: FaultLimited, Method: c.Method, Code: "ratelimited", RetryAfter: 30 * time.Second}
			}
			return nil
		}
		var ids []int64
		for i := range 6 {
			ids = append(ids, d.outbox.add(models.Message{Channel: "C1", DueAt: models.Instant(i)}))
			d.outbox.add(models.Message{Channel: "C2", DueAt: models.Instant(i)})
		}
		d.beats(t, 10*time.Second)
		if n := len(d.web.posted["C2"]); n != 6 {
			t.Errorf("the other channel has %d of 6 after 10 s", n)
		}
		if n := len(d.web.posted["C1"]); n > 3 {
			t.Errorf("the limited channel was posted to %d times in its pause", n)
		}
		before := len(d.web.posted["C1"])
		d.beats(t, 40*time.Second)
		var after []call
		for _, c := range d.web.of("chat.postMessage") {
			if c.Channel == "C1" && c.At.Sub(start) > time.Second {
				after = append(after, c)
			}
		}
		if len(d.web.posted["C1"]) != 6 || before+len(after) != 6 {
			t.Fatalf("the limited channel got %d of 6", len(d.web.posted["C1"]))
		}
		if first := after[0].At.Sub(start); first < 30*time.Second {
			t.Errorf("the channel was posted to after %s, Slack had said 30 s", first)
		}
		for _, id := range ids {
			if m := d.outbox.get(id); m.Attempts != 0 || m.State != models.MessageSent {
				t.Errorf("message %d: %s after %d attempts; a 429 costs none", id, m.State, m.Attempts)
			}
		}
	})
}

func TestUrgentOvertakesWhatWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(60)
		for i := range 300 {
			d.outbox.add(models.Message{PersonID: int64(i + 1), Priority: models.PriorityDigest})
		}
		d.beats(t, 5*time.Second)
		id := d.outbox.add(models.Message{PersonID: 999, Priority: models.PriorityUrgent})
		start := time.Now()
		for d.outbox.get(id).State != models.MessageSent && time.Since(start) < time.Minute {
			d.beats(t, 250*time.Millisecond)
		}
		if took := time.Since(start); took > 3*time.Second {
			t.Errorf("an urgent message waited %s behind digests", took)
		}
	})
}

func TestLostAnswerIsSettledByMetadataAndNothingIsSentTwice(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		lost := false
		d.web.fail = func(c call) error {
			if c.Method == "chat.postMessage" && !lost {
				lost = true
				return &Fault{Kind: FaultLost, Method: c.Method, Code: "answer_lost"}
			}
			return nil
		}
		id := d.outbox.add(models.Message{Channel: "C1"})
		d.beats(t, time.Minute)
		m := d.outbox.get(id)
		if n := len(d.web.of("chat.postMessage")); n != 1 {
			t.Errorf("posted %d times", n)
		}
		if m.State != models.MessageSent || m.TS == "" || m.Doubt {
			t.Errorf("the message is %s ts %q doubt %v", m.State, m.TS, m.Doubt)
		}
	})
}

func TestAProcessThatDiedAfterPostingDoesNotPostAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		id := d.outbox.add(models.Message{PersonID: 7})
		d.outbox.broken = true
		if err := d.RunOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		d.outbox.broken = false
		d.beats(t, 2*time.Minute)
		if n := len(d.web.of("chat.postMessage")); n != 1 {
			t.Errorf("posted %d times", n)
		}
		if m := d.outbox.get(id); m.State != models.MessageSent || m.Channel != "D7" {
			t.Errorf("the message is %s in %q", m.State, m.Channel)
		}
	})
}

func TestDoubtWithoutATracePostsOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		d.outbox.add(models.Message{Channel: "C1", Doubt: true})
		d.beats(t, 5*time.Second)
		if n := len(d.web.of("chat.postMessage")); n != 1 {
			t.Errorf("posted %d times", n)
		}
		if n := len(d.web.of("conversations.history")); n != 1 {
			t.Errorf("looked %d times", n)
		}
	})
}

func TestTryingEndsAndTheResponsibleIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		d.web.fail = func(c call) error {
			if c.Method == "chat.postMessage" {
				return &Fault{Kind: FaultRefused, Method: c.Method, Code: "internal_error"}
			}
			return nil
		}
		id := d.outbox.add(models.Message{Channel: "C1"})
		start := time.Now()
		d.beats(t, 20*time.Minute)
		m := d.outbox.get(id)
		posts := d.web.of("chat.postMessage")
		if m.State != models.MessageDead || len(posts) != mostAttempts {
			t.Fatalf("the message is %s after %d tries", m.State, len(posts))
		}
		if len(d.dead) != 1 || d.dead[0].LastError != "internal_error" {
			t.Errorf("the responsible was told %v", d.dead)
		}
		if span := posts[len(posts)-1].At.Sub(start); span < 9*time.Minute || span > 11*time.Minute {
			t.Errorf("the tries span %s", span)
		}
	})
}

func TestAnUnreachableSlackCostsNoAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		down := true
		d.web.fail = func(c call) error {
			if down {
				return &Fault{Kind: FaultUnreached, Method: c.Method, Code: "unreached"}
			}
			return nil
		}
		id := d.outbox.add(models.Message{PersonID: 3})
		d.beats(t, 2*time.Hour)
		down = false
		d.beats(t, time.Minute)
		if m := d.outbox.get(id); m.State != models.MessageSent {
			t.Errorf("after the outage the message is %s (%s)", m.State, m.LastError)
		}
	})
}

func TestPlacesThatAreGone(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		row    models.Message
		fails  map[string]string
		lost   string
		state  models.MessageState
		joined int
	}{
		{"a public channel is joined before posting", models.Message{Channel: "C1"}, map[string]string{"chat.postMessage": "not_in_channel"}, "", models.MessageSent, 1},
		{"a private one cannot be", models.Message{Channel: "G1"}, map[string]string{"chat.postMessage": "not_in_channel", "conversations.join": "method_not_supported_for_channel_type"}, "not_in_channel", models.MessageDead, 1},
		{"an archived one", models.Message{Channel: "C1"}, map[string]string{"chat.postMessage": "is_archived"}, "is_archived", models.MessageDead, 0},
		{"a card that was deleted", models.Message{Channel: "C1", TS: "1.2", Shown: 1, Version: 2}, map[string]string{"chat.update": "message_not_found"}, "message_not_found", models.MessageDead, 0},
		{"a card that may not be changed", models.Message{Channel: "C1", TS: "1.2", Shown: 1, Version: 2}, map[string]string{"chat.update": "cant_update_message"}, "cant_update_message", models.MessageDead, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(400)
				d.web.fail = func(c call) error {
					code := tt.fails[c.Method]
					if code == "" || (code == "not_in_channel" && c.Method == "chat.postMessage" && len(d.web.of("conversations.join")) > 0) {
						return nil
					}
					return &Fault{Kind: FaultRefused, Method: c.Method, Code: code}
				}
				id := d.outbox.add(tt.row)
				d.beats(t, time.Second)
				if m := d.outbox.get(id); m.State != tt.state {
					t.Errorf("the message is %s (%s)", m.State, m.LastError)
				}
				if got := strings.Join(d.lost, ","); got != tt.lost {
					t.Errorf("lost %q, want %q", got, tt.lost)
				}
				if n := len(d.web.of("conversations.join")); n != tt.joined {
					t.Errorf("joined %d times", n)
				}
			})
		})
	}
}

func TestWhatIsSaidIsDecidedWhenItIsSent(t *testing.T) {
	t.Parallel()
	past := models.Message{Channel: "C1", ExpiresAt: 1}
	for _, tt := range []struct {
		name  string
		row   models.Message
		words Outgoing
		err   error
		state models.MessageState
		posts int
	}{
		{"nothing to say any more", models.Message{Channel: "C1"}, Outgoing{Skip: true}, nil, models.MessageDropped, 0},
		{"too late to be of use", past, Outgoing{Text: "x"}, nil, models.MessageDropped, 0},
		{"held for the night", models.Message{Channel: "C1"}, Outgoing{Wait: 1 << 50}, nil, models.MessageQueued, 0},
		{"held longer than it is of use", models.Message{Channel: "C1", ExpiresAt: 1 << 49}, Outgoing{Wait: 1 << 50}, nil, models.MessageDropped, 0},
		{"an edit with nothing new leaves what is there", models.Message{Channel: "C1", TS: "1", Shown: 1, Version: 2}, Outgoing{Skip: true}, nil, models.MessageSent, 0},
		{"a view that fails is tried again", models.Message{Channel: "C1"}, Outgoing{}, errors.New("no such call"), models.MessageQueued, 0},
		{"words", models.Message{Channel: "C1", ThreadTS: "5.5"}, Outgoing{Text: "hello"}, nil, models.MessageSent, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(400)
				d.render = func(models.Message) (Outgoing, error) { return tt.words, tt.err }
				id := d.outbox.add(tt.row)
				d.beats(t, time.Second)
				if m := d.outbox.get(id); m.State != tt.state {
					t.Errorf("the message is %s (%s)", m.State, m.LastError)
				}
				if n := len(d.web.of("chat.postMessage")); n != tt.posts {
					t.Errorf("%d posts", n)
				}
			})
		})
	}
}

func TestAViewThatPanicsCostsThatMessageOnly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		bad := d.outbox.add(models.Message{Channel: "C1"})
		good := d.outbox.add(models.Message{Channel: "C2"})
		d.render = func(m models.Message) (Outgoing, error) {
			if m.ID == bad {
				panic("nil map")
			}
			return Outgoing{Text: "fine"}, nil
		}
		d.beats(t, time.Second)
		if m := d.outbox.get(good); m.State != models.MessageSent {
			t.Errorf("the other message is %s", m.State)
		}
		d.beats(t, 20*time.Minute)
		if m := d.outbox.get(bad); m.State != models.MessageDead || len(d.dead) != 1 {
			t.Errorf("the bad one is %s, told %d times", m.State, len(d.dead))
		}
	})
}

func TestReactionsAndFiles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		d.web.fail = func(c call) error {
			if c.Method == "reactions.add" {
				return &Fault{Kind: FaultRefused, Method: c.Method, Code: "already_reacted"}
			}
			return nil
		}
		d.render = func(models.Message) (Outgoing, error) {
			return Outgoing{Text: "here", File: &File{Name: "hours.csv", Bytes: []byte("a,b")}}, nil
		}
		mark := d.outbox.add(models.Message{Op: models.OpReact, Args: []byte(`{"channel":"C1","ts":"1.1","emoji":"wave"}`)})
		file := d.outbox.add(models.Message{Op: models.OpFile, PersonID: 4})
		d.beats(t, time.Second)
		if m := d.outbox.get(mark); m.State != models.MessageSent {
			t.Errorf("a mark that is there already: %s", m.State)
		}
		if m := d.outbox.get(file); m.State != models.MessageSent || m.Channel != "D4" {
			t.Errorf("the file: %s to %q", m.State, m.Channel)
		}
		if got := d.web.of("reactions.add"); len(got) != 1 || got[0].Text != "wave" || got[0].TS != "1.1" {
			t.Errorf("reacted %v", got)
		}
	})
}

func TestSomebodyForgottenIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		d.o.Recipient = func(context.Context, models.Message) (string, error) { return "", nil }
		id := d.outbox.add(models.Message{PersonID: 4})
		d.beats(t, time.Second)
		if m := d.outbox.get(id); m.State != models.MessageDropped {
			t.Errorf("the message is %s", m.State)
		}
	})
}

// Slack answers nothing for an hour: whatever was due in it is sent afterwards,
// once, and nobody is told of messages that will not arrive.
func TestAnHourWithoutSlackUsesUpNoAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		down := true
		d.web.fail = func(c call) error {
			if down {
				return &Fault{Kind: FaultLost, Method: c.Method, Code: "http_503"}
			}
			return nil
		}
		post := d.outbox.add(models.Message{Channel: "C1", UID: "u1"})
		direct := d.outbox.add(models.Message{PersonID: 3, UID: "u2"})
		d.beats(t, time.Hour)
		down = false
		d.beats(t, time.Minute)
		for _, id := range []int64{post, direct} {
			if m := d.outbox.get(id); m.State != models.MessageSent || m.Attempts != 0 {
				t.Errorf("after the outage message %d is %s after %d attempts (%s)", id, m.State, m.Attempts, m.LastError)
			}
		}
		if len(d.dead) != 0 {
			t.Errorf("given up: %v", d.dead)
		}
		if n := len(d.web.posted["C1"]); n != 1 {
			t.Errorf("it stands there %d times", n)
		}
	})
}
