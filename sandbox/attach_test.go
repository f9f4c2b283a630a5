package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"

	"muster/sandbox"
)

// A voice message by direct message comes as slack-go's own decoder knows it.
func TestAFileInADirectMessageIsAFileShare(t *testing.T) {
	t.Parallel()
	w := town(t)
	var mu sync.Mutex
	var got *slackevents.MessageEvent
	connect(t, w, func(e socketmode.Event, done ack) {
		if m, ok := inner[*slackevents.MessageEvent](e); ok {
			mu.Lock()
			got = m
			mu.Unlock()
		}
		done(nil)
		w.Nudge()
	})
	chen := w.As("U1")
	voice := chen.Upload("clip.m4a", []byte("sound"))
	ts := chen.Send(w.DM("U1"), "", voice)
	await(t, w, "the message", func() bool {
		mu.Lock()
		defer mu.Unlock()
		return got != nil
	})
	mu.Lock()
	defer mu.Unlock()
	if got.SubType != "file_share" || got.ChannelType != "im" || got.TimeStamp != ts || got.Message == nil || len(got.Message.Files) != 1 {
		t.Fatalf("%+v", got)
	}
	f := got.Message.Files[0]
	if f.ID != voice.ID || f.User != "U1" || f.Filetype != "m4a" || !strings.Contains(f.Permalink, ".slack.com/files/U1/"+voice.ID+"/") {
		t.Errorf("%+v", f)
	}
	healthy(t, w)
}

func proofForm() slack.ModalViewRequest {
	files := slack.NewInputBlock("proof", pt("Proof"), nil, slack.NewFileInputBlockElement("files").WithFileTypes("jpg", "m4a").WithMaxFiles(2))
	files.Optional = true
	open := slack.NewButtonBlockElement("open", "7", pt("Open"))
	open.URL = "https://example.org/a"
	return slack.ModalViewRequest{Type: slack.VTModal, Title: pt("Make-up"), Submit: pt("Send"), CallbackID: "makeup",
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewActionBlock("row", open), files}}}
}

func TestAModalTakesFilesOfThePersonsOwn(t *testing.T) {
	t.Parallel()
	w := town(t)
	d := newDesk(t, w)
	chen := w.As("U1")
	chen.Command("C1", "/muster", "x")
	if _, err := d.api.OpenView(d.lastCommand().TriggerID, proofForm()); err != nil {
		t.Fatal(err, w.Complaints())
	}
	v, _ := chen.View()
	if o := chen.PressIn(v, "open"); !o.Acked || d.lastPress().ActionCallback.BlockActions[0].Value != "7" {
		t.Errorf("a button with an address sends its press as well: %+v", o)
	}
	photo, notes, third, text := chen.Upload("a.JPG", []byte("x")), chen.Upload("b.jpg", []byte("y")), chen.Upload("c.m4a", []byte("z")), chen.Upload("d.txt", []byte("t"))
	if o := chen.Submit(v, map[string]any{"proof": []string{photo.ID, notes.ID, third.ID}}); o.Errors["proof"] != "Too many files." {
		t.Errorf("%+v", o)
	}
	if o := chen.Submit(v, map[string]any{"proof": []string{text.ID}}); o.Errors["proof"] == "" {
		t.Errorf("%+v", o)
	}
	if o := chen.Submit(v, map[string]any{"proof": []string{photo.ID, third.ID}}); !o.Acked || o.Refused != "" {
		t.Errorf("%+v", o)
	}
	raw, err := json.Marshal(d.lastPress().View.State.Values["proof"]["files"])
	if err != nil || !strings.Contains(string(raw), photo.ID) || !strings.Contains(string(raw), third.ID) {
		t.Errorf("%s %v", raw, err)
	}
	healthy(t, w)

	chen.Command("C1", "/muster", "x")
	if _, err := d.api.OpenView(d.lastCommand().TriggerID, proofForm()); err != nil {
		t.Fatal(err)
	}
	v, _ = chen.View()
	chen.Submit(v, map[string]any{"proof": w.As("U2").Upload("theirs.jpg", []byte("x")).ID})
	if len(w.Complaints()) != 1 {
		t.Errorf("somebody else's file: %v", w.Complaints())
	}
}

func TestFileInputsNeedTheScopeAndAModal(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.BotScopes = []string{"commands", "chat:write"} })
	d := newDesk(t, w)
	w.As("U1").Command("C1", "/muster", "x")
	_, err := d.api.OpenView(d.lastCommand().TriggerID, proofForm())
	wantError(t, "a file input without files:read", err, "invalid_arguments")
}

// On the page a file is uploaded first and then named.
func TestThePageSendsFiles(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.Page = true })
	newDesk(t, w)
	q := url.Values{"as": {"U1"}, "name": {"笔记.png"}}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL()+"sandbox/upload?"+q.Encode(), strings.NewReader("picture"))
	r.Header.Set("Content-Type", "application/octet-stream")
	r.Header.Set("Origin", strings.TrimSuffix(w.URL(), "/"))
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var up struct{ ID, Mimetype string }
	if err := json.NewDecoder(response.Body).Decode(&up); err != nil || up.ID == "" || up.Mimetype != "image/png" {
		t.Fatalf("%+v %v", up, err)
	}
	act := acting(t, w)
	ts, _ := act(map[string]any{"do": "say", "channel": w.DM("U1"), "files": []string{up.ID}})["ts"].(string)
	if m, ok := w.Message(w.DM("U1"), ts); !ok || len(m.Files) != 1 || m.Subtype != "file_share" {
		t.Errorf("%+v", m)
	}
	if got := do(t, w, "sandbox/act", map[string]any{"as": "U2", "do": "say", "channel": w.DM("U2"), "files": []string{up.ID}}); got["ok"] != false {
		t.Error("somebody else's file:", got)
	}
	healthy(t, w)
}
