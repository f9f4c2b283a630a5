// Package handlers joins what happened in Slack to a decision and its words:
// payload -> service call -> reply. Register is the table of contents of the
// bot; one file per feature.
package handlers

import (
	"context"
	"log/slog"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

// Handlers holds what every handler needs.
type Handlers struct {
	svc *services.Services
	cat *views.Catalog
	log *slog.Logger

	forms  homeForms
	public string // address at which people reach our pages, "" for none

	introduce func(ctx context.Context, r bot.Request, channels ...string)
}

// New makes the handlers over services and words.
func New(svc *services.Services, cat *views.Catalog, log *slog.Logger) *Handlers {
	return &Handlers{svc: svc, cat: cat, log: log, introduce: func(context.Context, bot.Request, ...string) {}}
}

// IntroduceBy sets what learns from Slack who acts, and what a channel is,
// before it is decided about them.
func (h *Handlers) IntroduceBy(introduce func(ctx context.Context, r bot.Request, channels ...string)) {
	h.introduce = introduce
}

// act is the request as an act of somebody in a tenant.
func (h *Handlers) act(r bot.Request) services.Act { return actOf(r) }

func actOf(r bot.Request) services.Act {
	return services.Act{Delivery: r.Delivery, Team: r.Team, Enterprise: r.Enterprise, User: r.User,
		Channel: r.Channel, ThreadTS: r.ThreadTS, TS: r.TS, Direct: r.Direct}
}

// printer finds words for the one who acted, and who that is.
func (h *Handlers) printer(ctx context.Context, r bot.Request) (*views.Printer, services.Actor, error) {
	me, now, err := h.svc.WhoActs(ctx, h.act(r))
	if err != nil {
		return nil, me, err
	}
	return h.printerFor(me.Tenant, me.Person, now), me, nil
}

// printerOf finds words for who a sheet was made for.
func (h *Handlers) printerOf(s models.Sheet) *views.Printer {
	return h.printerFor(s.Tenant, s.Me, s.Now)
}

// printerFor finds words for a person known already.
func (h *Handlers) printerFor(t models.Tenant, p models.Person, now models.Instant) *views.Printer {
	return h.cat.For(views.Reader{Lang: p.Reads(t), Zone: p.Location(t), OrgZone: t.Location(), Now: now.Time()})
}

// channelPrinter finds words for a channel: its own language and zone when set
// by setup there, else the organisation's; zone may be given by the call.
func (h *Handlers) channelPrinter(t models.Tenant, c models.Channel, zone string, now models.Instant) *views.Printer {
	lang := c.Lang
	if lang == "" {
		lang = t.Lang
	}
	if zone == "" {
		zone = c.Zone
	}
	if zone == "" {
		zone = t.Zone
	}
	return h.cat.For(views.Reader{Lang: lang, Zone: models.Zone(zone), OrgZone: t.Location(), Now: now.Time()})
}

// reply is a view as the answer to the one who acted.
func (h *Handlers) reply(m views.Message) bot.Reply { return bot.Reply{Text: m.Text, Blocks: m.Blocks} }

// say is one sentence as the answer.
func say(text string) bot.Reply { return bot.Reply{Text: text} }

// renderFunc words one kind of message from the state at the time of sending.
type renderFunc func(ctx context.Context, m models.Message) (bot.Outgoing, error)

// outgoing is a view on its way to others.
func outgoing(m views.Message) bot.Outgoing { return bot.Outgoing{Text: m.Text, Blocks: m.Blocks} }
