package handlers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerSubscription(r *bot.Router) {
	r.On(bot.KindAction, views.ActionCalendarMine, h.calendarPressed(h.myCalendar))
	r.On(bot.KindAction, views.ActionCalendarNew, h.calendarPressed(h.newCalendar))
	r.On(bot.KindAction, views.ActionCalendarOff, h.calendarPressed(h.endCalendar))
}

func (h *Handlers) subscriptionRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageSubscription: h.renderCalendarAll}
}

// meCalendar is `me calendar [new|off]`.
func (h *Handlers) meCalendar(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	switch word := grammar.Fold(rest); word {
	case "":
		return h.myCalendar(ctx, r)
	case "new", "renew", "换", "换新", "新", "更换", "重置", "换一个", "换链接":
		return h.newCalendar(ctx, r)
	case "off", "stop", "revoke", "停用", "关", "关闭", "取消", "停":
		return h.endCalendar(ctx, r)
	}
	return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.subscription_what", "Part", strings.TrimSpace(rest))
}

// calendarPressed answers a press by direct message. On the Home tab the link
// would stand where the next press wipes it away.
func (h *Handlers) calendarPressed(do bot.Handler) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		reply, err := do(ctx, r)
		if err != nil || r.View.Callback != views.ViewHome {
			return reply, err
		}
		o, err := h.svc.HomeOf(ctx, h.act(r))
		if err != nil {
			return bot.Reply{}, err
		}
		p := h.printerFor(o.Tenant, o.Person, o.Now)
		reply.Home = p.HomeSaying(o, p.HomeSent())
		return reply, nil
	}
}

// myCalendar gives the link, or says how it stands; without an address of ours
// the calendar goes as a file.
func (h *Handlers) myCalendar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if h.public == "" {
		return h.calendarFile(ctx, r)
	}
	return h.calendarLink(false)(h.svc.MyCalendar(ctx, h.act(r)))
}

func (h *Handlers) newCalendar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if h.public == "" {
		return h.calendarFile(ctx, r)
	}
	return h.calendarLink(true)(h.svc.RenewCalendar(ctx, h.act(r)))
}

func (h *Handlers) calendarLink(renewed bool) func(services.Subscription, error) (bot.Reply, error) {
	return func(c services.Subscription, err error) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, err
		}
		p := h.printerFor(c.Tenant, c.Person, c.Now)
		m := p.CalendarStands(c.Link)
		if c.Token != "" {
			m = p.CalendarLink(h.public+"/calendar/"+c.Token+".ics", renewed)
		}
		return privately(h.reply(m)), nil
	}
}

func (h *Handlers) endCalendar(ctx context.Context, r bot.Request) (bot.Reply, error) {
	c, err := h.svc.EndCalendar(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	return privately(h.reply(h.printerFor(c.Tenant, c.Person, c.Now).CalendarEnded())), nil
}

func (h *Handlers) calendarFile(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if err := h.svc.SendCalendarFile(ctx, h.act(r)); err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return privately(h.reply(p.CalendarAsFile())), nil
}

// privately sends an answer by direct message wherever it was asked for, as one
// that is still there tomorrow: the link is shown only once.
func privately(reply bot.Reply) bot.Reply {
	reply.Private, reply.Keep = true, true
	return reply
}

// renderCalendarAll writes a member's calendar as it is when it is sent.
func (h *Handlers) renderCalendarAll(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	f, ok, err := h.svc.CalendarOfPerson(ctx, m.TenantID, m.PersonID)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("calendar file: %w", err)
	}
	if !ok {
		return bot.Outgoing{}, errGone
	}
	p := h.printerFor(f.Tenant, f.Person, f.Now)
	name, text := p.CalendarAll()
	return bot.Outgoing{Text: text, File: &bot.File{Name: name, Title: name, Alt: text, Bytes: p.CalendarFeed(feedModel(f))}}, nil
}

// CalendarPage is the calendar behind an address, and a mark that is the same
// while nothing has changed; ok is false when there is none.
func (h *Handlers) CalendarPage(ctx context.Context, token string) (body []byte, mark string, ok bool, err error) {
	f, ok, err := h.svc.CalendarByToken(ctx, token)
	if err != nil || !ok {
		return nil, "", false, err
	}
	body = h.printerFor(f.Tenant, f.Person, f.Now).CalendarFeed(feedModel(f))
	sum := sha256.Sum256(body)
	return body, hex.EncodeToString(sum[:16]), true, nil
}

func feedModel(f services.Feed) views.FeedModel {
	out := views.FeedModel{Tenant: f.Tenant, Person: f.Person}
	for _, s := range f.Shifts {
		out.Shifts = append(out.Shifts, views.ShiftEntry{Sheet: s.Sheet, Signup: s.Signup, Changes: s.Changes, At: s.At, Gone: s.Gone()})
	}
	for _, s := range f.Sessions {
		out.Sessions = append(out.Sessions, views.SessionEntry{Study: s.Study, Occurrence: s.Occurrence, Attendance: s.Attendance,
			Material: s.Material, Changes: s.Changes, At: s.At, Gone: s.Gone(), Once: s.Once()})
	}
	return out
}
