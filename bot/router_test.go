package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"muster/models"
)

func says(text string) Handler {
	return func(context.Context, Request) (Reply, error) { return Reply{Text: text}, nil }
}

func TestTheRouterKnowsExactIds(t *testing.T) {
	t.Parallel()
	m := NewMetrics()
	ro := NewRouter(RouterOptions{Metrics: m, Classify: func(r Request) string {
		verb, _, _ := strings.Cut(r.Text, " ")
		return strings.NewReplacer("帮助", "help").Replace(verb)
	}})
	ro.Verb("help", says("help"))
	ro.On(KindAction, "call_join", says("joined"))
	ro.OnAny(KindDirect, says("what?"))
	for _, tt := range []struct {
		r    Request
		want string
	}{
		{Request{Kind: KindCommand, Text: "help call"}, "help"},
		{Request{Kind: KindMention, Text: "帮助"}, "help"},
		{Request{Kind: KindDirect, Text: "help"}, "help"},
		{Request{Kind: KindDirect, Text: "good morning"}, "what?"},
		{Request{Kind: KindDirect, Text: "help", EditTS: "2.0"}, "what?"}, // an order is not given twice by correcting it
		{Request{Kind: KindAction, Name: "call_join"}, "joined"},
		{Request{Kind: KindAction, Name: "call_joi"}, ""},
		{Request{Kind: KindMessage, Text: "help"}, ""},
	} {
		got, err := ro.Route(t.Context(), tt.r)
		if err != nil || got.Text != tt.want {
			t.Errorf("%s %q: %q, %v; want %q", tt.r.Kind, tt.r.Text, got.Text, err, tt.want)
		}
	}
	if n := m.Counted("muster_unknown_ids_total", "kind", "action"); n != 1 {
		t.Errorf("unknown ids counted %v", n)
	}
}

func TestTwoHandlersForOneIdStopTheStart(t *testing.T) {
	t.Parallel()
	for _, twice := range []func(*Router){
		func(ro *Router) { ro.On(KindAction, "a", says("")); ro.On(KindAction, "a", says("")) },
		func(ro *Router) { ro.OnAny(KindDirect, says("")); ro.OnAny(KindDirect, says("")) },
		func(ro *Router) { ro.On(KindMention, "call", says("")); ro.Verb("call", says("")) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			twice(NewRouter(RouterOptions{}))
		}()
	}
}

func TestAPanicCostsOneRequestAndGetsANumber(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ro := NewRouter(RouterOptions{Log: slog.New(slog.NewTextHandler(&log, nil)), Errors: func(_ context.Context, _ Request, err error) Reply {
		var e *models.Error
		if !errors.As(err, &e) {
			return Reply{Text: "?"}
		}
		return Reply{Text: fmt.Sprint(e.Key, " ", e.Args["Number"])}
	}})
	ro.On(KindAction, "bad", func(context.Context, Request) (Reply, error) { panic("index out of range") })
	ro.On(KindAction, "broken", func(context.Context, Request) (Reply, error) { return Reply{}, errors.New("disk full") })
	ro.On(KindAction, "no", func(context.Context, Request) (Reply, error) {
		return Reply{}, models.Refuse(models.CodeForbidden, "error.not_organizer")
	})
	ro.On(KindAction, "again", func(context.Context, Request) (Reply, error) {
		return Reply{Text: "no"}, fmt.Errorf("do: %w", models.ErrRepeat)
	})
	ro.On(KindAction, "good", says("good"))

	for name, cause := range map[string]string{"bad": "index out of range", "broken": "disk full"} {
		reply, err := ro.Route(t.Context(), Request{Kind: KindAction, Name: name, Text: "my secret text"})
		_, number, ok := strings.Cut(reply.Text, "error.internal ")
		if !ok || len(number) != 6 || err == nil {
			t.Fatalf("%s: %q, %v", name, reply.Text, err)
		}
		if !strings.Contains(log.String(), "incident="+number) || !strings.Contains(log.String(), cause) {
			t.Errorf("%s: the log does not lead from the number to the cause:\n%s", name, log.String())
		}
	}
	if strings.Contains(log.String(), "secret") {
		t.Error("message text in the log")
	}
	if reply, err := ro.Route(t.Context(), Request{Kind: KindAction, Name: "no"}); models.CodeOf(err) != models.CodeForbidden || !strings.HasPrefix(reply.Text, "error.not_organizer") {
		t.Errorf("a refusal gave %q, %v", reply.Text, err)
	}
	if reply, err := ro.Route(t.Context(), Request{Kind: KindAction, Name: "again"}); err != nil || reply.Text != "" {
		t.Errorf("a repeat gave %q, %v", reply.Text, err)
	}
	if reply, _ := ro.Route(t.Context(), Request{Kind: KindAction, Name: "good"}); reply.Text != "good" {
		t.Errorf("the next request gave %q", reply.Text)
	}
}

func TestUnknownIdsAreLoggedOnceAndBounded(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	ro := NewRouter(RouterOptions{Log: slog.New(slog.NewTextHandler(&log, nil))})
	for range 3 {
		_, _ = ro.Route(t.Context(), Request{Kind: KindAction, Name: "forged"})
	}
	if n := strings.Count(log.String(), "forged"); n != 1 {
		t.Errorf("logged %d times", n)
	}
	for i := range 3 * maxStrays {
		_, _ = ro.Route(t.Context(), Request{Kind: KindAction, Name: fmt.Sprint("x", i)})
	}
	if len(ro.strays) > maxStrays {
		t.Errorf("%d unknown ids kept", len(ro.strays))
	}
}

func TestOneDeliveryIsAnsweredOnceEvenWhereNothingIsStored(t *testing.T) {
	t.Parallel()
	ro := NewRouter(RouterOptions{})
	n := 0
	ro.Verb("help", func(context.Context, Request) (Reply, error) { n++; return Reply{Text: "help"}, nil })
	broken := true
	ro.OnAny(KindMessage, func(context.Context, Request) (Reply, error) {
		if broken {
			return Reply{}, errors.New("no database")
		}
		n++
		return Reply{}, nil
	})
	ro.OnAny(KindSubmission, func(context.Context, Request) (Reply, error) {
		n++
		return Reply{Errors: map[string]string{"when": "past"}}, nil
	})
	route := func(r Request) Reply { reply, _ := ro.Route(t.Context(), r); return reply }
	mention := Request{Kind: KindMention, Name: "help", Delivery: "msg:T:C:1:"}
	if route(mention).Text != "help" || route(mention).Text != "" || n != 1 {
		t.Errorf("a mention told twice was answered %d times", n)
	}
	message := Request{Kind: KindMessage, Delivery: "msg:T:C:2:"}
	route(message)
	broken = false
	if route(message); n != 2 {
		t.Error("what failed was not tried again")
	}
	for range 2 * generation { // and the memory has an end
		n++
		route(Request{Kind: KindMention, Name: "help", Delivery: fmt.Sprint("msg:T:C:", n)})
	}
	if len(ro.recent.now)+len(ro.recent.then) > 2*generation {
		t.Errorf("%d deliveries kept", len(ro.recent.now)+len(ro.recent.then))
	}
	n = 0
	for range 2 {
		route(Request{Kind: KindSubmission, Delivery: "view:V:h"})
	}
	if n != 2 {
		t.Error("a modal that stayed open could not be sent off again")
	}
}

// What follows an answer is added to words for an error as well; when it fails,
// the answer still stands.
func TestWhatFollowsAnAnswer(t *testing.T) {
	t.Parallel()
	ro := NewRouter(RouterOptions{Errors: func(context.Context, Request, error) Reply { return Reply{Text: "no"} },
		After: func(_ context.Context, r Request, reply Reply) Reply {
			if r.Value == "panic" {
				panic("after")
			}
			reply.Text += " and more"
			return reply
		}})
	ro.On(KindAction, "yes", says("yes"))
	ro.On(KindAction, "no", func(context.Context, Request) (Reply, error) {
		return Reply{Text: "lost"}, models.Refuse(models.CodeForbidden, "error.not_yours")
	})
	for _, tt := range []struct{ name, value, want string }{{"yes", "", "yes and more"}, {"no", "", "no and more"}, {"yes", "panic", "yes"}} {
		if got, _ := ro.Route(t.Context(), Request{Kind: KindAction, Name: tt.name, Value: tt.value}); got.Text != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got.Text, tt.want)
		}
	}
}
