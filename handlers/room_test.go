package handlers

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/store"
	"muster/store/storetest"
	"muster/views"
)

// room is the whole bot without Slack, with everything it says by whom it is
// said to: a person's Slack id, or a channel's.
type room struct {
	t      *testing.T
	st     *store.Store
	svc    *services.Services
	router *bot.Router
	render func(context.Context, models.Message) (bot.Outgoing, error)
	clocks storetest.Clocks
	acts   int
	shown  map[int64]bot.Outgoing // by message
	order  map[string][]int64     // messages by recipient, oldest first
}

// newRoom has Chen Lin (Uchen) as admin by the settings, and Li (Uli) beside
// her in a branch. It is Monday 23 November 2026, 10:00.
func newRoom(t *testing.T) *room { return newRoomIn(t, "zh") }

// newRoomIn is a room whose organisation reads lang.
func newRoomIn(t *testing.T, lang string) *room {
	t.Helper()
	st, clocks := storetest.New(t)
	svc := services.New(st, services.Options{Random: func([]byte) {}, Admins: []string{"Uchen"}, Defaults: services.Defaults{Lang: lang, Zone: "Asia/Shanghai"}})
	cat, err := views.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	h := New(svc, cat, slog.New(slog.DiscardHandler))
	d := &room{t: t, st: st, svc: svc, clocks: clocks, render: h.Renderer(), shown: map[int64]bot.Outgoing{}, order: map[string][]int64{}}
	d.router = bot.NewRouter(bot.RouterOptions{Classify: Classify, Errors: h.Errors, After: h.After})
	h.Register(d.router)
	err = svc.Enrol(t.Context(), "T1", []services.UnitRow{{Name: "城东支部", Leader: "Uchen"}}, []services.MemberRow{
		{Slack: "Uchen", Name: "陈琳", Unit: "城东支部"}, {Slack: "Uli", Name: "李师傅", Unit: "城东支部"}})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *room) do(r bot.Request) bot.Reply {
	d.t.Helper()
	d.acts++
	r.Team, r.Delivery = "T1", fmt.Sprintf("trg:%d", d.acts)
	if r.TriggerID == "" {
		r.TriggerID = "trigger"
	}
	reply, err := d.router.Route(d.t.Context(), r)
	if models.CodeOf(err) == models.CodeInternal {
		d.t.Fatalf("%s %s %q: %v", r.Kind, r.Name, r.Text, err)
	}
	return reply
}

// say is a direct message to the bot, command /muster in a channel.
func (d *room) say(user, text string) bot.Reply {
	d.t.Helper()
	return d.do(bot.Request{Kind: bot.KindDirect, User: user, Channel: "D" + user, Direct: true, Text: text, TS: fmt.Sprint(d.acts)})
}

func (d *room) command(user, text string) bot.Reply {
	d.t.Helper()
	return d.do(bot.Request{Kind: bot.KindCommand, User: user, Channel: "CLOBBY", Text: text})
}

// submits sends a modal with fields.
func (d *room) submits(user, callback, private string, fields map[string][]string) bot.Reply {
	d.t.Helper()
	return d.do(bot.Request{Kind: bot.KindSubmission, Name: callback, User: user, Fields: fields, View: bot.View{ID: "V1", Callback: callback, Private: private}})
}

// newest is what was last said to a person or in a channel.
func (d *room) newest(to string) bot.Outgoing {
	if len(d.order[to]) == 0 {
		return bot.Outgoing{}
	}
	return d.shown[d.order[to][len(d.order[to])-1]]
}

// buttonsOf are the action ids of the newest message, with their values.
func (d *room) buttonsOf(to string) map[string]string {
	out := map[string]string{}
	for _, b := range buttons(d.newest(to).Blocks) {
		out[b.ActionID] = b.Value
	}
	return out
}

// press presses a button of the newest message.
func (d *room) press(user, action string) bot.Reply {
	d.t.Helper()
	value, there := d.buttonsOf(user)[action]
	if !there {
		d.t.Fatalf("%s has no button %s: %q", user, action, d.newest(user).Text)
	}
	name, _, _ := strings.Cut(action, ":")
	return d.do(bot.Request{Kind: bot.KindAction, Name: name, ActionID: action, Value: value, User: user, Channel: "D" + user, Direct: true, TS: "1.1"})
}

// until lets time pass in quarters of an hour; everything due is done and shown.
func (d *room) until(wall string) {
	d.t.Helper()
	end, err := time.ParseInLocation("2006-01-02 15:04", wall, models.Zone("Asia/Shanghai"))
	if err != nil {
		d.t.Fatal(err)
	}
	for {
		d.beat()
		now := d.clocks.World.Now()
		if !now.Before(end) {
			return
		}
		d.clocks.Advance(min(15*time.Minute, end.Sub(now)))
	}
}

func (d *room) beat() {
	d.t.Helper()
	ctx := d.t.Context()
	for range 50 {
		n, err := d.svc.RunDue(ctx)
		if err != nil {
			d.t.Fatal(err)
		}
		list, err := d.st.ClaimMessages(ctx, "test", 100, time.Minute)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, m := range list {
			d.show(m)
		}
		if n+len(list) == 0 {
			return
		}
	}
	d.t.Fatal("no end of what is due")
}

func (d *room) show(m models.Message) {
	d.t.Helper()
	out, err := d.render(d.t.Context(), m)
	if err != nil {
		d.t.Fatalf("render %s: %v", m.Key, err)
	}
	settled := models.Outcome{Kind: models.OutcomeSent, Channel: "D1", TS: fmt.Sprintf("%d.0", m.ID), Version: m.Version}
	switch {
	case out.Skip:
		settled = models.Outcome{Kind: models.OutcomeDropped}
	case out.Wait != 0:
		settled = models.Outcome{Kind: models.OutcomeWait, WaitUntil: models.Instant(out.Wait)}
	default:
		to := m.Channel
		if m.PersonID != 0 {
			_, p, _, err := d.svc.Recipient(d.t.Context(), m)
			if err != nil {
				d.t.Fatal(err)
			}
			to = p.Slack()
		}
		if _, known := d.shown[m.ID]; !known {
			d.order[to] = append(d.order[to], m.ID)
		}
		d.shown[m.ID] = out
	}
	if err := d.st.Settle(d.t.Context(), m.ID, "test", settled); err != nil {
		d.t.Fatal(err)
	}
}
