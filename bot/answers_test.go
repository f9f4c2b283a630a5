package bot

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/slack-go/slack"
)

func TestModalsAndTheirTriggers(t *testing.T) {
	t.Parallel()
	modal := &slack.ModalViewRequest{Type: slack.VTModal, CallbackID: "call"}
	open := func(context.Context, Request) (Reply, error) { return Reply{Modal: modal}, nil }
	p := newPorch(t, func(ro *Router) {
		ro.Verb("call", open)
		ro.On(KindAction, "call_edit", open)
		ro.On(KindAction, "stale", open)
	})
	if w := p.command("call"); w.Code != 200 || w.Body.Len() != 0 || len(p.web.of("views.open")) != 1 {
		t.Errorf("a modal by command: %d %s", w.Code, w.Body)
	}
	p.web.fail = func(c call) error {
		if c.Method == "views.open" {
			return &Fault{Kind: FaultRefused, Method: c.Method, Code: "expired_trigger_id"}
		}
		return nil
	}
	if w := p.command("call"); !strings.Contains(w.Body.String(), "press to open") {
		t.Errorf("after the trigger's life: %s", w.Body)
	}
	p.interact(press("stale"))
	p.event(`{"type":"app_mention","channel":"C1","user":"U1","text":"<@UBOT> call","ts":"1.1","thread_ts":"1.0"}`)
	p.event(`{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"call","ts":"1.2"}`)
	p.close(t)
	for method, channel := range map[string]string{"response_url": "https://hooks/2", "chat.postEphemeral": "C1", "chat.postMessage": "D1"} {
		if got := p.web.of(method); len(got) != 1 || got[0].Text != "press to open" || got[0].Channel != channel {
			t.Errorf("%s: %v", method, got)
		}
	}
	if got := p.web.of("chat.postEphemeral"); len(got) == 1 && got[0].Thread != "1.0" {
		t.Errorf("the offer is not in the thread: %v", got)
	}
}

func TestTheWayToThePerson(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		r     Request
		reply Reply
		fail  map[string]string
		want  string // "method channel text"
	}{
		{"a press", Request{Kind: KindAction, Channel: "C1", ResponseURL: "r"}, Reply{Text: "in"}, nil, "response_url r in"},
		{"a press on an ephemeral message replaces it", Request{Kind: KindAction, Channel: "C1", ResponseURL: "r", Ephemeral: true}, Reply{Text: "in", Replace: true}, nil, "response_url r in replaced"},
		{"a card is never replaced", Request{Kind: KindAction, Channel: "C1", ResponseURL: "r"}, Reply{Text: "in", Replace: true}, nil, "response_url r in"},
		{"a mention", Request{Kind: KindMention, Channel: "C1"}, Reply{Text: "ok"}, nil, "chat.postEphemeral C1 ok"},
		{"a mention where the bot is not", Request{Kind: KindMention, Channel: "C1"}, Reply{Text: "ok"}, map[string]string{"chat.postEphemeral": "not_in_channel"}, "chat.postMessage D1 ok"},
		{"what is private, asked in a channel", Request{Kind: KindMention, Channel: "C1"}, Reply{Text: "ok", Private: true}, nil, "chat.postMessage D1 ok"},
		{"a direct message", Request{Kind: KindDirect, Channel: "D7", Direct: true}, Reply{Text: "ok", Private: true}, nil, "chat.postMessage D7 ok"},
		{"what is to stay, pressed for in a direct message", Request{Kind: KindAction, Channel: "D7", Direct: true, ResponseURL: "r"}, Reply{Text: "ok", Private: true, Keep: true}, nil, "chat.postMessage D7 ok"},
		{"what is to stay, typed in a direct message", Request{Kind: KindCommand, Channel: "D7", Direct: true, ResponseURL: "r"}, Reply{Text: "ok", Private: true, Keep: true}, nil, "chat.postMessage D7 ok"},
		{"a modal sent off", Request{Kind: KindSubmission}, Reply{Text: "saved"}, nil, "chat.postMessage D1 saved"},
		{"a response URL that is used up", Request{Kind: KindAction, Channel: "C1", ResponseURL: "r"}, Reply{Text: "in"}, map[string]string{"response_url": "used_url"}, "chat.postEphemeral C1 in"},
		{"a command too long for its acknowledgement", Request{Kind: KindCommand, Channel: "C1", ResponseURL: "r"}, Reply{Text: strings.Repeat("x", 25000)}, nil, "response_url r " + strings.Repeat("x", 25000)},
		{"Home", Request{Kind: KindHome, Channel: "D1", Direct: true}, Reply{Home: &slack.HomeTabViewRequest{}}, nil, "views.publish  "},
		{"nothing to say", Request{Kind: KindMessage, Channel: "C1"}, Reply{}, nil, ""},
		{"an event nobody did", Request{Kind: KindEvent, Channel: "C1"}, Reply{}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPorch(t, func(*Router) {})
				p.web.fail = func(c call) error {
					if code := tt.fail[c.Method]; code != "" {
						return &Fault{Kind: FaultRefused, Method: c.Method, Code: code}
					}
					return nil
				}
				tt.r.Team, tt.r.User = "T1", "U1"
				ack, rest := p.answers.front(t.Context(), tt.r, tt.reply)
				if ack != nil {
					t.Errorf("acknowledged with %s", ack)
				}
				p.answers.back(t.Context(), tt.r, rest, false)
				p.close(t)
				got := ""
				for _, c := range p.web.calls {
					if c.Method != "conversations.open" && tt.fail[c.Method] == "" {
						got += c.Method + " " + c.Channel + " " + c.Text
					}
					if c.Replace {
						got += " replaced"
					}
				}
				if got != tt.want {
					t.Errorf("got %.200q, want %.200q", got, tt.want)
				}
			})
		})
	}
}

func TestAnAnswerIsTriedAgainButNotForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPorch(t, func(*Router) {})
		p.web.fail = func(c call) error { return &Fault{Kind: FaultUnreached, Method: c.Method, Code: "unreached"} }
		start := time.Now()
		p.answers.back(t.Context(), Request{Kind: KindAction, Team: "T1", User: "U1", ResponseURL: "r"}, Reply{Text: "in"}, false)
		p.close(t)
		if n := len(p.web.of("response_url")); n != answerTries || time.Since(start) > 10*time.Second {
			t.Errorf("tried %d times in %s", n, time.Since(start))
		}
	})
}
