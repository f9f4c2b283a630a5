package handlers

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/store"
	"muster/views"
)

// rehearsal is a room in which every message is noted by its kind, as it looked
// each time it was sent or edited.
type rehearsal struct {
	*room
	mark string
	said map[models.MessageKind]int
	loud map[models.MessageKind]bool // passed quiet hours
}

// callKinds are all kinds of messages about calls, from the table of what the
// bot can say: a new feature cannot be forgotten here.
func callKinds(t *testing.T) []models.MessageKind {
	t.Helper()
	cat, err := views.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	h := New(nil, cat, slog.New(slog.DiscardHandler))
	var kinds []models.MessageKind
	for _, some := range append(h.dispatchRenders(), h.callRenders()) {
		kinds = slices.AppendSeq(kinds, maps.Keys(some))
	}
	slices.Sort(kinds)
	return kinds
}

func newRehearsal(t *testing.T, lang, mark string) *rehearsal {
	t.Helper()
	d := &rehearsal{room: newRoomIn(t, lang), mark: mark, said: map[models.MessageKind]int{}, loud: map[models.MessageKind]bool{}}
	kinds := callKinds(t)
	render := d.render
	d.render = func(ctx context.Context, m models.Message) (bot.Outgoing, error) {
		out, err := render(ctx, m)
		if err == nil && !out.Skip && out.Wait == 0 && slices.Contains(kinds, m.Kind) {
			d.said[m.Kind]++
			d.loud[m.Kind] = d.loud[m.Kind] || m.Quiet == models.QuietPass
			d.marked(string(m.Kind), out.Text, out.Blocks)
			if out.File != nil && m.Kind != models.MessageCalendar && !strings.HasPrefix(out.File.Title, d.mark) {
				t.Errorf("the file of %s is titled %q", m.Kind, out.File.Title)
			}
			if out.File != nil && m.Kind == models.MessageCalendar && !strings.Contains(strings.ReplaceAll(string(out.File.Bytes), `\,`, ","), d.mark) {
				t.Errorf("the calendar file does not say that it is a drill:\n%s", out.File.Bytes)
			}
		}
		return out, err
	}
	return d
}

// marked fails for words that do not begin with the mark, in the notification
// and in what is shown.
func (d *rehearsal) marked(what, text string, blocks []slack.Block) {
	d.t.Helper()
	if !strings.HasPrefix(text, d.mark) {
		d.t.Errorf("%s is not marked: %q", what, text)
	}
	if len(blocks) == 0 {
		return
	}
	first, err := json.Marshal(blocks[0])
	if err != nil || !strings.Contains(string(first), d.mark) {
		d.t.Errorf("%s shows first %s", what, first)
	}
}

// answers is do for what has to be answered in words about the drill.
func (d *rehearsal) answers(r bot.Request) bot.Reply {
	d.t.Helper()
	reply := d.do(r)
	if reply.Text != "" || len(reply.Blocks) > 0 {
		d.marked(fmt.Sprintf("the answer to %s %s %q", r.Kind, r.ActionID, r.Text), reply.Text, reply.Blocks)
	}
	if reply.Modal != nil && reply.Modal.CallbackID != views.ModalCall { // the form of a new call is about none yet
		raw, err := json.Marshal(reply.Modal.Blocks)
		if err != nil || !strings.Contains(string(raw), d.mark) {
			d.t.Errorf("the form of %s does not say that it is a drill: %s", r.ActionID, raw)
		}
	}
	return reply
}

func (d *rehearsal) pressed(user, action string, value int64) bot.Reply {
	d.t.Helper()
	name, _, _ := strings.Cut(action, ":")
	return d.answers(bot.Request{Kind: bot.KindAction, Name: name, ActionID: action, Value: fmt.Sprint(value), User: user, Channel: "D" + user, Direct: true, TS: "1.1"})
}

func (d *rehearsal) typed(user, text string) bot.Reply {
	d.t.Helper()
	return d.answers(bot.Request{Kind: bot.KindCommand, User: user, Channel: "CLOBBY", Text: text})
}

func (d *rehearsal) sheet() models.Sheet {
	d.t.Helper()
	s, err := d.svc.ShowCall(d.t.Context(), services.Act{Team: "T1", User: "Uchen"}, 1)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func (d *rehearsal) place(user string) int64 {
	d.t.Helper()
	var found int64
	err := d.st.Read(d.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(t.ID, user)
		if err != nil {
			return err
		}
		all, err := tx.SignupsOf(d.sheet().Call.ID)
		for _, su := range all {
			if su.PersonID == p.ID {
				found = su.ID
			}
		}
		return err
	})
	if err != nil || found == 0 {
		d.t.Fatalf("place of %s: %v", user, err)
	}
	return found
}

// A drill through its whole life: whatever anybody is told about it begins by
// saying that it is one, and no kind of message is left out.
func TestEveryMessageOfADrillSaysThatItIsOne(t *testing.T) {
	t.Parallel()
	for lang, mark := range map[string]string{"zh": "【演练】不用出发", "en": "DRILL, do not set out"} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			d := newRehearsal(t, lang, mark)
			d.before()
			d.during()
			d.after()
			for _, kind := range callKinds(t) {
				if d.said[kind] == 0 {
					t.Errorf("nothing of kind %s was said: this test does not cover it", kind)
				}
			}
			// Only what answers one's own act may come at night.
			for _, kind := range []models.MessageKind{models.MessageAsk, models.MessageHandover, models.MessageSafe, models.MessageAlarm, models.MessageTell,
				models.MessageAskOver, models.MessageReport} {
				if d.loud[kind] {
					t.Errorf("%s of a drill passes quiet hours", kind)
				}
			}
		})
	}
}

// message is one of the outbox by its key.
func (d *rehearsal) message(key string) (m models.Message) {
	d.t.Helper()
	err := d.st.Read(d.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		m, err = tx.MessageByKey(t.ID, key)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return m
}

// before is the call, its waves, its answers and its changes.
func (d *rehearsal) before() {
	d.typed("Uchen", "招募 东堤装沙袋 | 类型: 应急 | 时间: 今天 12:00-13:00 | 地点: 东堤 | 需要: 60 | 询问: 1 every 10m | 报平安: 30m | 演练: 是 | 范围: 城东支部")
	d.beat()
	s := d.sheet()
	role := s.Roles[0].ID
	d.press("Uli", views.ActionAskNo) // nobody else is in the branch: the organizer hears that nobody is left
	d.until("2026-11-23 10:15")
	for i := range 55 {
		d.pressed(fmt.Sprintf("U%d", i), views.ActionCallJoin, role)
	}
	d.pressed("Uli", views.ActionCallJoin, role)
	d.beat()
	d.pressed("U1", views.ActionCallCalendar, d.place("U1"))
	d.pressed("U1", views.ActionCallHandover, d.place("U1"))
	d.submits("U1", views.ModalHandover, fmt.Sprint(d.place("U1")), map[string][]string{views.FieldHandover: {"Uzhao"}})
	d.beat()
	d.pressed("Uzhao", views.ActionHandoverYes, 1)
	d.command("Uchen", "角色 <@UBO> 组织者")
	d.typed("UBO", "招募 k1 修改 携带: 手套")
	d.typed("Uchen", "招募 k1 通知 带好手套") // more than fifty: asked about first
	d.pressed("Uchen", views.ActionReachSend, 1)
	d.beat()
	d.typed("Uli", "招募 k1")
	d.pressed("Uli", views.ActionCallDetails, s.Call.ID)
	card := d.message("card:" + fmt.Sprint(s.Call.ID))
	d.do(bot.Request{Kind: bot.KindEvent, Name: "message_deleted", Channel: card.Channel, TS: card.TS})
	d.beat()
}

// during is the shift: check-in, a missed tick, the way home.
func (d *rehearsal) during() {
	d.until("2026-11-23 11:45")
	s := d.sheet()
	for _, user := range []string{"Uli", "U2"} {
		d.pressed(user, views.ActionCallCheckin, d.place(user))
	}
	d.pressed("Uchen", views.ActionCallRoll, s.Call.ID)
	d.until("2026-11-23 12:55") // nobody answers the tick: the organizer hears of it
	d.pressed("U2", views.ActionSafeHome, d.place("U2"))
	d.beat()
}

// after is the roll, what is contested of it, and how people had answered.
func (d *rehearsal) after() {
	d.until("2026-11-23 13:15")
	s := d.sheet()
	d.typed("Uchen", "招募 k1 关闭")
	d.pressed("Uchen", views.ActionSafeAllHome, s.Call.ID)
	d.beat()
	if _, err := d.svc.TakeRoll(d.t.Context(), services.Act{Team: "T1", User: "UBO"}, s.Call.ID, services.RollPage{People: []string{"U3"}}); err != nil {
		d.t.Fatal(err)
	}
	d.beat()
	d.pressed("U3", views.ActionHoursContest, d.place("U3"))
	d.beat()
	d.pressed("Uchen", views.ActionCallCurve, s.Call.ID)
	d.pressed("Uchen", views.ActionCurvePost, s.Call.ID)
	d.typed("Uchen", "招募 k1 复制")
	d.until("2026-11-23 14:30")
}
