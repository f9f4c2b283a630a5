package bot_test

import (
	"fmt"
	"testing"
	"time"

	"muster/models"
	"muster/sandbox"
)

func TestLostAnswersAreSettledByMetadata(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	h.slack.LoseAnswers("chat.postMessage", 2)
	inChannel := h.outbox.Add(models.Message{Channel: "C1"})
	direct := h.outbox.Add(models.Message{PersonID: 3})
	h.send("both sent", func() bool { return h.outbox.Count(models.MessageSent) == 2 })
	for _, id := range []int64{inChannel, direct} {
		m := h.outbox.Get(id)
		if list := h.slack.Messages(m.Channel); len(list) != 1 || list[0].TS != m.TS || list[0].Metadata == nil || list[0].Metadata.EventPayload["id"] != m.UID {
			t.Errorf("message %d: the channel has %+v, the row ts %s", id, list, m.TS)
		}
	}
	if n := len(h.slack.Calls("chat.postMessage")); n != 2 {
		t.Errorf("posted %d times", n)
	}
	h.slack.LoseAnswers("files.completeUploadExternal", 1)
	file := h.outbox.Add(models.Message{Op: models.OpFile, PersonID: 3})
	h.send("the file", func() bool { return h.outbox.Get(file).State == models.MessageSent })
	if n := len(h.slack.Calls("files.completeUploadExternal")); n != 1 {
		t.Errorf("the file was handed over %d times", n)
	}
	h.quietly()
}

func TestA429OnOneChannelDelaysThatChannelOnly(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	h.slack.RateLimit("chat.postMessage", "C1", 3*time.Second, 1)
	start := time.Now()
	first := h.outbox.Add(models.Message{Channel: "C1"})
	second := h.outbox.Add(models.Message{Channel: "C2"})
	h.send("the other channel", func() bool { return h.outbox.Get(second).State == models.MessageSent })
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("the other channel waited %s", took)
	}
	h.send("the limited channel", func() bool { return h.outbox.Get(first).State == models.MessageSent })
	if took := time.Since(start); took < 3*time.Second {
		t.Errorf("the limited channel was posted to after %s", took)
	}
	if m := h.outbox.Get(first); m.Attempts != 0 {
		t.Errorf("a 429 cost %d attempts", m.Attempts)
	}
}

func TestALivingMessageFollowsTheStateAndItsButtonsGo(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	id := h.outbox.Add(models.Message{Channel: "C1"})
	h.send("the post", func() bool { return h.outbox.Get(id).State == models.MessageSent })
	for range 5 {
		h.outbox.Touch(id)
	}
	h.send("the edit", func() bool { return h.outbox.Get(id).State == models.MessageSent })
	m := h.outbox.Get(id)
	shown, _ := h.slack.Message(m.Channel, m.TS)
	if shown.Text != fmt.Sprintf("message %d v6", id) || shown.Edits != 1 || shown.Metadata == nil {
		t.Errorf("it shows %q after %d edits", shown.Text, shown.Edits)
	}
	h.quietly()
}

func TestPlacesInSlackThatAreGone(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Options{})
	h.slack.AddChannel(sandbox.Channel{ID: "C8", Name: "public", Members: []string{"U01"}})
	h.slack.AddChannel(sandbox.Channel{ID: "C9", Name: "secret", Private: true, Members: []string{"U01"}})
	joined := h.outbox.Add(models.Message{Channel: "C8"})
	secret := h.outbox.Add(models.Message{Channel: "C9"})
	card := h.outbox.Add(models.Message{Channel: "C1"})
	h.send("the posts", func() bool {
		return h.outbox.Get(joined).State == models.MessageSent && h.outbox.Get(secret).State == models.MessageDead && h.outbox.Get(card).State == models.MessageSent
	})
	h.slack.Archive("C1")
	h.outbox.Touch(card)
	h.send("the archived card", func() bool { return h.outbox.Get(card).State == models.MessageDead })
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.lost) != 2 || h.lost[1] != "is_archived" {
		t.Errorf("told of %v", h.lost)
	}
}
