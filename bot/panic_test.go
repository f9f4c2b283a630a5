package bot

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// A panic outside of any handler (reading the text, wording a form that did not
// open) costs that request, and the process goes on.
func TestAPanicAnywhereCostsOneRequest(t *testing.T) {
	t.Parallel()
	p := newPorch(t, func(ro *Router) {
		ro.Verb("good", says("good"))
		ro.Verb("form", func(context.Context, Request) (Reply, error) {
			return Reply{Modal: &slack.ModalViewRequest{}}, nil
		})
		ro.o.Classify = func(r Request) string {
			if strings.HasPrefix(r.Text, "boom") {
				panic("index out of range")
			}
			return r.Text
		}
	})
	p.answers.o.ModalButton = func(_ context.Context, r Request) Reply { panic("no words for " + r.Name) }
	p.web.fail = func(c call) error {
		if c.Method == "views.open" {
			return &Fault{Kind: FaultRefused, Method: c.Method, Code: "expired_trigger_id"}
		}
		return nil
	}
	if w := p.command("boom"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "sorry: internal") {
		t.Errorf("a text that cannot be read: %d %s", w.Code, w.Body)
	}
	if w := p.command("form"); w.Code != http.StatusServiceUnavailable {
		t.Errorf("a form without a button: %d", w.Code)
	}
	if w := p.command("good"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "good") {
		t.Errorf("the one after them: %d %s", w.Code, w.Body)
	}
	p.close(t)
}

// Whoever offers the form again must know which one it was.
func TestTheButtonForAFormKnowsItsVerb(t *testing.T) {
	t.Parallel()
	p := newPorch(t, func(ro *Router) {
		ro.Verb("profile", func(context.Context, Request) (Reply, error) { return Reply{Modal: &slack.ModalViewRequest{}}, nil })
	})
	p.answers.o.ModalButton = func(_ context.Context, r Request) Reply { return Reply{Text: "again: " + r.Name} }
	p.web.fail = func(c call) error {
		if c.Method == "views.open" {
			return &Fault{Kind: FaultLost, Method: c.Method, Code: "answer_lost"}
		}
		return nil
	}
	if w := p.command("profile"); !strings.Contains(w.Body.String(), "again: profile") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	p.close(t)
}

// Telling somebody of a dead message panics: the next message is sent.
func TestAPanicInTellingOfADeadMessageEndsThere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(400)
		d.o.OnDead = func(context.Context, models.Message) { panic("nobody is responsible") }
		d.web.fail = func(c call) error {
			if c.Channel == "C1" {
				return &Fault{Kind: FaultRefused, Method: c.Method, Code: "msg_too_long"}
			}
			return nil
		}
		dead, fine := d.outbox.add(models.Message{Channel: "C1"}), d.outbox.add(models.Message{Channel: "C2"})
		d.beats(t, 5*time.Second)
		if a, b := d.outbox.get(dead).State, d.outbox.get(fine).State; a != models.MessageDead || b != models.MessageSent {
			t.Errorf("%s and %s", a, b)
		}
	})
}

// An answer whose address is out of order comes another way; one that only has
// to wait is not given up; what two copies hear of is answered by one.
func TestAnswersThatFindAnotherWay(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t, func(ro *Router) {
			ro.On(KindAction, "look", says("here it is"))
			ro.Verb("help", says("four lines"))
			ro.Verb("wrong", func(context.Context, Request) (Reply, error) { return Reply{}, errors.New("no") })
		})
		claimed := map[string]bool{"msg:T1:C1:9.9:": true}
		p.in.o.First = func(_ context.Context, delivery string) (bool, error) {
			mine := !claimed[delivery]
			claimed[delivery] = true
			return mine, nil
		}
		limited := 0
		p.web.fail = func(c call) error {
			switch {
			case c.Method == "response_url":
				return &Fault{Kind: FaultLost, Method: c.Method, Code: "http_500"}
			case c.Method == "chat.postEphemeral" && limited < 5:
				limited++
				return &Fault{Kind: FaultLimited, Method: c.Method, RetryAfter: 2 * time.Second}
			}
			return nil
		}
		p.interact(press("look"))
		mention := `{"type":"app_mention","channel":"C1","user":"U1","text":"<@UBOT> help","ts":"9.9"}`
		p.event(mention) // the other copy was first
		p.event(strings.Replace(mention, "9.9", "9.8", 1))
		p.close(t)
		var told []string
		for _, c := range p.web.of("chat.postEphemeral") {
			told = append(told, c.Text)
		}
		if got := strings.Join(told, ", "); strings.Count(got, "here it is") != 6 || strings.Count(got, "four lines") != 1 {
			t.Errorf("told %s", got)
		}
	})
}
