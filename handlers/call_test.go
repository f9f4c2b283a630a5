package handlers

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/store"
	"muster/views"
)

// office is the bot without Slack: requests go in, replies come out. Chen Lin
// (UCHEN) is admin; it is Monday 23 November 2026, 10:00 in Shanghai.
type office struct {
	t      *testing.T
	router *bot.Router
	h      *Handlers
	store  *store.Store
	now    time.Time
	n      int
}

func newOffice(t *testing.T) *office {
	t.Helper()
	d := &office{t: t, now: time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	st, err := store.Open(context.Background(), store.Options{DSN: filepath.Join(t.TempDir(), "muster.db"), World: clock, Machine: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = st.Close() })
	if err := st.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := st.InTx(context.Background(), func(tx *store.Tx) error {
		_, err := tx.EnsureTenant("T1", models.Tenant{Lang: "zh", Zone: "Asia/Shanghai", QuietStart: 22 * 60, QuietEnd: 7 * 60})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	cat, err := views.NewCatalog()
	if err != nil {
		t.Fatal(err)
	}
	svc := services.New(st, services.Options{Random: func(b []byte) { _, _ = rand.Read(b) }, Admins: []string{"UCHEN"},
		Defaults: services.Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
	d.store, d.h = st, New(svc, cat, slog.New(slog.DiscardHandler))
	d.router = bot.NewRouter(bot.RouterOptions{Classify: Classify, Errors: d.h.Errors})
	d.h.Register(d.router)
	return d
}

// send routes a request and gives the answer, errors as the words they became.
func (d *office) send(r bot.Request) bot.Reply {
	d.t.Helper()
	d.n++
	r.Delivery, r.Team = fmt.Sprint("desk:", d.n), "T1"
	if r.Channel == "" {
		r.Channel = "C1"
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	reply, err := d.router.Route(ctx, r)
	if models.CodeOf(err) == models.CodeInternal {
		d.t.Fatalf("%s %q: %v", r.Kind, r.Text, err)
	}
	return reply
}

func (d *office) types(user, text string) bot.Reply {
	d.t.Helper()
	return d.send(bot.Request{Kind: bot.KindCommand, User: user, Text: text, TriggerID: "trigger"})
}

func (d *office) presses(user, action, value string) bot.Reply {
	d.t.Helper()
	name, _, _ := strings.Cut(action, ":")
	return d.send(bot.Request{Kind: bot.KindAction, User: user, Name: name, ActionID: action, Value: value, TriggerID: "trigger"})
}

// card is the card of a call as its channel sees it now.
func (d *office) card(id int64) bot.Outgoing {
	d.t.Helper()
	out, err := d.h.renderCard(context.Background(), models.Message{TenantID: 1, SubjectID: id})
	if err != nil {
		d.t.Fatal(err)
	}
	return out
}

func holds(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in %q", part, text)
		}
	}
}

func blocksText(t *testing.T, blocks []slack.Block) string {
	t.Helper()
	raw, err := json.Marshal(blocks)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

const clinicLine = "招募 社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:30 | 地点: 绿城社区 | 需要: 医生 2, 引导员 4"

func TestACallOnOneLineIsPostedAndEchoed(t *testing.T) {
	t.Parallel()
	d := newOffice(t)
	holds(t, d.types("UCHEN", clinicLine).Text, "#k1", "社区爱心义诊", "周六 11月28日 9:00–11:30", "医生 2 人", "引导员 4 人", "<#C1>")
	holds(t, d.card(1).Text, "社区爱心义诊 周六 11月28日 9:00 医生 0/2 引导员 0/4")
	holds(t, d.types("UWANG", clinicLine).Text, "只有组织者可以", "<@UCHEN>")
	holds(t, d.types("UCHEN", "call Sandbags | when: tomorrow 25:00 | need: lifter 6").Text, "25:00")
	holds(t, d.types("UCHEN", "call Sandbags | when: tomorrow 08:00-12:00 | need: lifter 6 | ask: 5 every 10m").Text, "#k2", "每 10 分钟问 5 人")
}

func TestWhatACallCanBeTold(t *testing.T) {
	t.Parallel()
	d := newOffice(t)
	d.types("UCHEN", clinicLine)
	d.presses("U1", "call_join:引导员", "2")
	holds(t, d.card(1).Text, "引导员 1/4")
	holds(t, blocksText(t, d.types("U1", "call k1").Blocks), "你已报名", "call_leave")
	holds(t, d.types("UCHEN", "call K1 edit need: 引导员 6 | where: 二楼").Text, "地点 二楼", "引导员 6 人", "重新确认")
	holds(t, d.card(1).Text, "医生 0/2", "引导员 1/6")
	holds(t, d.types("UCHEN", "call k1 close").Text, "已截止")
	holds(t, d.presses("U2", "call_join:医生", "1").Text, "已截止报名")
	holds(t, d.types("UCHEN", "招募 k1 reopen").Text, "重新开放")
	if reply := d.types("UCHEN", "call k1 cancel"); reply.Modal == nil || reply.Modal.CallbackID != views.ModalCallCancel {
		t.Errorf("cancel without a reason: %+v", reply)
	}
	holds(t, d.types("UCHEN", "call k1 cancel 降雨").Text, "降雨", "1 人")
	holds(t, blocksText(t, d.card(1).Blocks), "已取消：降雨")
	holds(t, d.presses("UCHEN", "undo", "cancel:1").Text, "重新开放")
	holds(t, d.presses("UCHEN", "undo", "cancel:1").Text, "本来就在招募")
	if reply := d.types("UCHEN", "call k1 copy"); reply.Modal == nil || reply.Modal.CallbackID != views.ModalCall {
		t.Errorf("copy: %+v", reply)
	}
	holds(t, d.types("UCHEN", "call k9").Text, "k9")
	holds(t, d.types("U1", "call k1 close").Text, "只有组织者")
	holds(t, d.types("U1", "招募列表").Text, "#k1")
}

func TestSigningUpByEveryWay(t *testing.T) {
	t.Parallel()
	d := newOffice(t)
	d.types("UCHEN", "call Clinic | when: Sat 9:00-11:30 | need: guide 4")
	holds(t, d.presses("U1", "call_join", "1").Text, "已报名")
	// Slack shows the card at 1800.1.
	rows, err := d.store.ClaimMessages(context.Background(), "test", 1, time.Minute)
	if err != nil || len(rows) != 1 {
		t.Fatal(err, len(rows))
	}
	if err := d.store.Settle(context.Background(), rows[0].ID, "test", models.Outcome{Kind: models.OutcomeSent, Version: 1, Channel: "C1", TS: "1800.1"}); err != nil {
		t.Fatal(err)
	}
	react := bot.Request{Kind: bot.KindReactionAdded, Name: "hand", User: "U2", TS: "1800.1"}
	holds(t, d.send(react).Text, "已报名")
	holds(t, d.send(bot.Request{Kind: bot.KindMessage, User: "U3", Text: "+2", TS: "1800.2", ThreadTS: "1800.1"}).Text, "已报名", "含同行 1 人")
	holds(t, d.card(1).Text, "guide 4/4")
	holds(t, d.send(bot.Request{Kind: bot.KindMessage, User: "U4", Text: "报名", TS: "1800.3", ThreadTS: "1800.1"}).Text, "候补第 1 位")
	if got := d.send(bot.Request{Kind: bot.KindMessage, User: "U4", Text: "在哪报名?", TS: "1800.4", ThreadTS: "1800.1"}); got.Text != "" {
		t.Errorf("a question was answered: %q", got.Text)
	}
	react.Kind = bot.KindReactionGone
	holds(t, d.send(react).Text, "已退出")
	holds(t, d.card(1).Text, "guide 4/4")
	holds(t, d.send(bot.Request{Kind: bot.KindMessage, User: "U1", Text: "取消", TS: "1800.5", ThreadTS: "1800.1"}).Text, "还是保留")
}

func TestTheModalPostsACallAndShowsFaultsAtTheirFields(t *testing.T) {
	t.Parallel()
	d := newOffice(t)
	modal := d.types("UCHEN", "招募").Modal
	if modal == nil || modal.CallbackID != "call" {
		t.Fatalf("%+v", modal)
	}
	submit := func(fields map[string][]string) bot.Reply {
		return d.send(bot.Request{Kind: bot.KindSubmission, Name: "call", User: "UCHEN", Fields: fields,
			View: bot.View{ID: "V1", Callback: "call", Private: modal.PrivateMetadata}})
	}
	faulty := submit(map[string][]string{"title": {"义诊"}, "when": {"周六 25:00"}, "need": {"医生 2"}})
	if faulty.Errors["when"] == "" {
		t.Errorf("%+v", faulty)
	}
	holds(t, submit(map[string][]string{"title": {"义诊 | 时间: 明天"}, "when": {"周六 9:00-11:30"}, "need": {"医生 2"}}).Text, "#k1", "义诊 | 时间: 明天", "周六 11月28日")
	edit := d.presses("UCHEN", "call_edit", "1").Modal
	if edit == nil {
		t.Fatal("no modal to edit with")
	}
	fields := map[string][]string{}
	for _, b := range edit.Blocks.BlockSet {
		if in, ok := b.(*slack.InputBlock); ok {
			if e, ok := in.Element.(*slack.PlainTextInputBlockElement); ok {
				fields[in.BlockID] = []string{e.InitialValue}
			}
		}
	}
	fields["need"] = []string{"医生 3"}
	fields["kind"] = []string{"care"}
	got := d.send(bot.Request{Kind: bot.KindSubmission, Name: "call", User: "UCHEN", Fields: fields, View: bot.View{ID: "V2", Callback: "call", Private: edit.PrivateMetadata}})
	holds(t, got.Text, "需要 医生 3 人")
	if strings.Contains(got.Text, "时间") && strings.Contains(got.Text, "改好了：时间") {
		t.Errorf("what was not touched changed: %s", got.Text)
	}
}

func TestTomorrowInTheSmallHoursIsAskedBack(t *testing.T) {
	t.Parallel()
	d := newOffice(t)
	d.now = time.Date(2026, 11, 23, 18, 2, 0, 0, time.UTC) // Tuesday 2:02
	asked := d.types("UCHEN", "招募 义诊 | 时间: 明天 9:00-11:00 | 需要: 2")
	holds(t, blocksText(t, asked.Blocks), "周二 11月24日 9:00", "周三 11月25日 9:00", "draft_today")
	holds(t, d.presses("UCHEN", "draft_next", "1").Text, "#k1", "周三 11月25日 9:00–11:00")
	holds(t, d.presses("UCHEN", "draft_next", "1").Text, "草稿已经不在")
}
