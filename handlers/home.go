package handlers

import (
	"context"
	"slices"
	"sync"

	"muster/bot"
	"muster/grammar"
	"muster/views"
)

func (h *Handlers) registerHome(r *bot.Router) {
	r.On(bot.KindHome, "", h.home)
	r.Verb("me", h.me)
	r.On(bot.KindAction, views.ActionPanel, h.panel)
	r.On(bot.KindAction, views.ActionHomeSummary, written(h.summary, "summary week"))
	r.On(bot.KindAction, views.ActionHomeExport, written(h.export, "export signups --format xlsx"))
	r.On(bot.KindAction, views.ActionHelp, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		r.Text = ""
		reply, err := h.help(ctx, r)
		reply.Private = true
		return reply, err
	})
}

// written does on a press what these words would have done.
func written(do bot.Handler, text string) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		r.Text = text
		return do(ctx, r)
	}
}

// panel shows an organizer the panel of a call again, wherever the message
// that carries it went.
func (h *Handlers) panel(ctx context.Context, r bot.Request) (bot.Reply, error) {
	sheet, err := h.svc.CallByID(ctx, h.act(r), value(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if !sheet.Manages { // refused in words, by name
		_, err := h.svc.ManagedCall(ctx, h.act(r), sheet.Call.ID)
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Panel(sheet, false)), nil
}

// After brings the Home tab up to date behind everything pressed on it, and
// behind the form that a press on it opened. A short answer stands on the tab
// itself: it has no conversation, and a message would only say it twice.
func (h *Handlers) After(ctx context.Context, r bot.Request, reply bot.Reply) bot.Reply {
	onHome := r.Kind == bot.KindAction && r.View.Callback == views.ViewHome
	switch {
	case onHome && reply.Modal != nil:
		h.forms.open(r)
		return reply
	case r.Kind == bot.KindSubmission && reply.Modal == nil && len(reply.Errors) == 0 && h.forms.closed(r):
	case !onHome || reply.Home != nil:
		return reply
	}
	o, err := h.svc.HomeOf(ctx, h.act(r))
	if err != nil {
		h.log.Warn("the Home tab could not be brought up to date", "cause", err)
		return reply
	}
	p := h.printerFor(o.Tenant, o.Person, o.Now)
	said := views.Message{Text: reply.Text, Blocks: reply.Blocks}
	switch {
	case !onHome || said.Text == "" && len(said.Blocks) == 0:
		reply.Home = p.Home(o)
	case views.HomeHolds(said):
		reply = bot.Reply{Home: p.HomeSaying(o, said)}
	default:
		reply.Home = p.HomeSaying(o, p.HomeSent())
	}
	return reply
}

// home draws the Home tab for who opened it.
func (h *Handlers) home(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.HomeOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Home: p.Home(o)}, nil
}

// me answers by direct message: what concerns one person goes to that person.
func (h *Handlers) me(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if cmd := grammar.ParseCommand(r.Text); cmd.Verb == "me" && cmd.Sub == "calendar" {
		return h.meCalendar(ctx, r, cmd.Rest)
	} else if cmd.Sub == "hours" {
		return h.meHours(ctx, r, cmd.Rest)
	}
	if cmd := grammar.ParseCommand(r.Text); cmd.Verb == "me" && cmd.Sub == "record" {
		return h.meRecord(ctx, r, cmd.Rest)
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.OverviewOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.Me(o))
	reply.Private = true
	return reply, nil
}

// short answers the bare command with what this person most likely wants.
func (h *Handlers) short(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.svc.OverviewOf(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if err := h.svc.Meet(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Short(o)), nil
}

// formsKept bounds how many open forms are remembered, so that people who walk
// away from one cost nothing.
const formsKept = 1000

// homeForms are the people whose open form was opened from the Home tab: Slack
// does not say so when it is sent off. What another copy of the program opened
// is not known here; their tab is drawn anew when they open it.
type homeForms struct {
	mu    sync.Mutex
	who   map[string]bool
	order []string
}

func (f *homeForms) open(r bot.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := r.Team + " " + r.User
	if f.who == nil {
		f.who = map[string]bool{}
	}
	if f.who[key] {
		return
	}
	f.who[key] = true
	if f.order = append(f.order, key); len(f.order) > formsKept {
		delete(f.who, f.order[0])
		f.order = f.order[1:]
	}
}

// closed says whether the form that was sent off is one of them, and forgets it.
func (f *homeForms) closed(r bot.Request) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := r.Team + " " + r.User
	if !f.who[key] {
		return false
	}
	delete(f.who, key)
	if i := slices.Index(f.order, key); i >= 0 {
		f.order = slices.Delete(f.order, i, i+1)
	}
	return true
}
