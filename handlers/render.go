package handlers

import (
	"context"
	"errors"
	"fmt"

	"muster/bot"
	"muster/models"
)

// renders is every kind of message with its words; two for one kind are a
// mistake and panic at start.
func (h *Handlers) renders() map[models.MessageKind]renderFunc {
	all := map[models.MessageKind]renderFunc{}
	for _, some := range append(append(append(h.dispatchRenders(), h.learningRenders()...), h.ledgerRenders()...), h.callRenders(), h.studyRenders(), h.remindRenders(),
		h.summaryRenders(), h.exportRenders(), h.noticeRenders(), h.greetRenders()) {
		for kind, render := range some {
			if all[kind] != nil {
				panic("two renderers for message kind " + string(kind))
			}
			all[kind] = render
		}
	}
	return all
}

// Renderer words a message from the state of this moment. Quiet hours are
// asked first; a subject that is gone says nothing any more.
func (h *Handlers) Renderer() func(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	kinds := h.renders()
	return func(ctx context.Context, m models.Message) (bot.Outgoing, error) {
		wait, drop, err := h.svc.Gate(ctx, m)
		switch {
		case err != nil:
			return bot.Outgoing{}, fmt.Errorf("quiet hours of message %d: %w", m.ID, err)
		case drop:
			return bot.Outgoing{Skip: true}, nil
		case wait != 0:
			return bot.Outgoing{Wait: int64(wait)}, nil
		case m.Op == models.OpReact:
			return bot.Outgoing{}, nil
		}
		render := kinds[m.Kind]
		if render == nil {
			return bot.Outgoing{}, fmt.Errorf("no words for message kind %q", m.Kind)
		}
		out, err := render(ctx, m)
		if errors.Is(err, errGone) {
			return bot.Outgoing{Skip: true}, nil
		}
		if err != nil || out.Skip || out.Wait != 0 {
			return out, err
		}
		return h.withGreeting(ctx, m, out)
	}
}

// errGone says that what a message was about is no longer there.
var errGone = errors.New("the subject of the message is gone")
