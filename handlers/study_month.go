package handlers

import (
	"context"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// studyMonth is `study plan [month]`.
func (h *Handlers) studyMonth(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	rest, own := cutOwn(rest)
	at, err := grammar.ParseMonth(rest, grammar.Options{Now: p.Now, Zone: me.Tenant.Location(), Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, err
	}
	return h.showMonth(ctx, r, p, at, own)
}

// cutOwn takes "mine" off: a leader's own month instead of what they lead.
func cutOwn(text string) (string, bool) {
	text = strings.TrimSpace(text)
	for _, word := range []string{"mine", "my", "我的"} {
		if rest, ok := strings.CutPrefix(text, word); ok {
			return strings.TrimSpace(rest), true
		}
		if rest, ok := strings.CutSuffix(text, word); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return text, false
}

func (h *Handlers) showMonth(ctx context.Context, r bot.Request, p *views.Printer, at time.Time, own bool) (bot.Reply, error) {
	month, err := h.svc.StudyMonthOf(ctx, h.act(r), at, own)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.StudyMonth(monthModel(month))), nil
}

func monthModel(m services.StudyMonth) views.MonthModel {
	out := views.MonthModel{From: m.From, Leads: m.Leads, By: m.Person, Cut: m.Cut, EmptyWeeks: m.EmptyWeeks()}
	for _, s := range m.Sessions {
		out.Sessions = append(out.Sessions, views.SessionLine{Study: s.Study, Occurrence: s.Occurrence, Unit: s.Unit,
			State: s.State(m.Now), There: s.There, Mine: s.Mine})
	}
	return out
}

// monthShown shows another month in place of this one.
func (h *Handlers) monthShown(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	at, err := time.ParseInLocation(views.MonthLayout, r.Value, me.Tenant.Location())
	if err != nil {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "study.bad_month", "Part", r.Value, "Example", "2026-12", "Nearest", "")
	}
	return h.showMonth(ctx, r, p, at, false)
}

// monthPosted posts the plan in the channel that was chosen.
func (h *Handlers) monthPosted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	month, _ := strings.CutPrefix(r.BlockID, views.BlockMonth)
	at, err := time.ParseInLocation(views.MonthLayout, month, me.Tenant.Location())
	if err != nil || len(r.Selected) == 0 {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "study.bad_month", "Part", month, "Example", "2026-12", "Nearest", "")
	}
	if _, err := h.svc.StudyUnits(ctx, h.act(r)); err != nil { // who may not, moves nothing
		return bot.Reply{}, err
	}
	h.introduce(ctx, r, r.Selected[0])
	again, err := h.svc.PostStudyMonth(ctx, h.act(r), at, r.Selected[0])
	if err != nil {
		return bot.Reply{}, err
	}
	key := "series.month_posted"
	if again {
		key = "series.month_again"
	}
	return say(p.T(key, "Channel", "<#"+r.Selected[0]+">")), nil
}

// renderStudyMonth words a posted plan as it stands now.
func (h *Handlers) renderStudyMonth(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	month, room, err := h.svc.StudyMonthMessage(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	model := monthModel(month)
	model.Public = true
	return outgoing(h.channelPrinter(month.Tenant, room, month.Tenant.Zone, month.Now).StudyMonth(model)), nil
}
