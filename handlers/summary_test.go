package handlers

import (
	"bytes"
	"encoding/csv"
	"strings"
	"testing"

	"muster/bot"
	"muster/models"
	"muster/services"
	"muster/views"
)

func TestASummaryIsShownAndPosted(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	r := d.command("Uchen", "汇总 上周")
	if !strings.HasPrefix(r.Text, "汇总 · 11月16日–22日\n") {
		t.Fatalf("%q", r.Text)
	}
	press := func(user, name, block, value string) bot.Reply {
		return d.do(bot.Request{Kind: bot.KindAction, Name: name, ActionID: name, BlockID: block, Value: value, User: user, Channel: "CLOBBY", Ephemeral: true})
	}
	if r := press("Uli", views.ActionSummaryPost, "", "1"); !strings.Contains(r.Text, "只有组织者") {
		t.Errorf("a member posts it: %q", r.Text)
	}
	for _, forged := range []string{"", "x", "999", "-1"} {
		if r := press("Uchen", views.ActionSummaryPost, "", forged); !strings.Contains(r.Text, "这是别人的按钮") {
			t.Errorf("row %q: %q", forged, r.Text)
		}
	}
	if r := press("Uchen", views.ActionSummaryChannel, "posting:1", "COTHER"); r.Text != "好的，正在发到 <#COTHER>。" || !r.Replace {
		t.Errorf("%+v", r)
	}
	if r := press("Uchen", views.ActionSummaryPost, "", "1"); r.Text != "这份汇总已经发到 <#COTHER> 了。" {
		t.Errorf("pressed again: %q", r.Text)
	}
	d.until("2026-11-23 10:15")
	if posts := d.order["COTHER"]; len(posts) != 1 || !strings.HasPrefix(d.newest("COTHER").Text, "汇总 · 11月16日–22日") {
		t.Errorf("%v %q", posts, d.newest("COTHER").Text)
	}
}

func TestADigestInWords(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	for _, c := range []struct{ text, want string }{
		{"定期汇总 每周一 9:00 <#CSUM|汇总> 审阅 <@ULI>", "好的，#d1：每周一 9:00 把汇总发到 <#CSUM>。下一次：周一 11月30日 9:00。发出前 30 分钟先给 <@ULI> 看。"},
		{"digest monthly 5 9:00", "好的，#d2：每月 5 日 9:00 把汇总发到 <#CLOBBY>。下一次：周六 12月5日 9:00。"},
		{"digest every day 18:00 <#CSUM>", "好的，#d3：每天 18:00 把汇总发到 <#CSUM>。下一次：周一 11月23日 18:00。"},
		{"digest", "#d2   每月 5 日 9:00 → <#CLOBBY>，下一次 周六 12月5日 9:00\n"},
		{"digest d3 delete", "#d3 已删除，以后不再自动发。"},
		{"定期汇总 列表", "#d1   每周一 9:00 → <#CSUM>，下一次 周一 11月30日 9:00（<@ULI> 先看）\n#d2"},
	} {
		if r := d.command("Uchen", c.text); !strings.Contains(r.Text, c.want) {
			t.Errorf("%s\n%q\nwant %q", c.text, r.Text, c.want)
		}
	}
	if r := d.command("Uli", "digest weekly Mon 9:00 <#CSUM>"); !strings.Contains(r.Text, "只有组织者") {
		t.Errorf("a member: %q", r.Text)
	}
	d.until("2026-11-30 08:45")
	if got := d.newest("ULI").Text; !strings.HasPrefix(got, "汇总 · 11月23日–29日") && !strings.HasPrefix(got, "汇总 · 11月16日–22日") {
		t.Errorf("the reviewer sees %q", got)
	}
	d.press("ULI", views.ActionSummaryHold)
	d.until("2026-11-30 09:15")
	if d.newest("CSUM").Text != "" {
		t.Errorf("it was held, and posted: %q", d.newest("CSUM").Text)
	}
	d.press("ULI", views.ActionSummaryPost)
	d.until("2026-11-30 10:00")
	if len(d.order["CSUM"]) != 1 || !strings.HasPrefix(d.newest("CSUM").Text, "汇总 · 11月23日–29日") {
		t.Errorf("%q", d.newest("CSUM").Text)
	}
	for _, id := range d.order["ULI"] {
		for _, b := range buttons(d.shown[id].Blocks) {
			if strings.HasPrefix(b.ActionID, "summary_") {
				t.Errorf("the reviewer still has %s", b.ActionID)
			}
		}
	}
}

func TestALateDigestSaysSo(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	d.command("Uchen", "digest every day 18:00 <#CSUM>")
	d.clocks.World.Advance(36 * 3600 * 1e9) // down from Monday 10:00 to Tuesday 22:00
	d.until("2026-11-24 22:00")
	if got := d.newest("CSUM").Text; !strings.Contains(got, "（本应在 周二 11月24日 18:00 发出，因故迟了）") || len(d.order["CSUM"]) != 1 {
		t.Errorf("%q", got)
	}
}

func TestAnExportComesAsAFile(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	r := d.command("Uchen", "导出 记录 --excel")
	if !r.Private || r.Text != "好的，文件会发到你的私信里。" {
		t.Errorf("%+v", r)
	}
	if err := d.svc.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.until("2026-11-23 10:00")
	out := d.newest("Uchen")
	if out.File == nil || out.File.Name != "muster-audit-2026-11-23.csv" || out.File.Title == "" || out.File.Alt == "" {
		t.Fatalf("%+v", out)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(out.File.Bytes, []byte("\xef\xbb\xbf")))).ReadAll()
	if err != nil || len(rows) < 5 || rows[0][0] != "seq" || !bytes.HasPrefix(out.File.Bytes, []byte("\xef\xbb\xbf")) {
		t.Errorf("%v %v", rows, err)
	}
	if r := d.command("Uli", "export calls"); r.Text == "" || strings.Contains(r.Text, "好的") {
		t.Errorf("a member: %q", r.Text)
	}
	d.command("Uchen", "export signups --format json")
	d.until("2026-11-23 10:15")
	if name := d.newest("Uchen").File.Name; name != "muster-signups-2026-11-23.jsonl" {
		t.Errorf("%q", name)
	}
}

func TestTheFirstContactInWords(t *testing.T) {
	t.Parallel()
	d := newRoom(t)
	d.say("Uli", "me")
	know := func(who, locale string) {
		if err := d.svc.LearnPerson(t.Context(), models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: who}, services.PersonFacts{Name: who, Locale: locale, Zone: "Asia/Shanghai"}); err != nil {
			t.Fatal(err)
		}
	}
	d.until("2026-11-23 10:15")
	if got := d.newest("Uli").Text; got != "" {
		t.Errorf("before Slack said who it is: %q", got)
	}
	know("Uli", "en-GB")
	d.until("2026-11-23 10:30")
	if got := d.newest("Uli").Text; got != "Hello, I'm Muster. I remind 城东支部 of study sessions and find volunteers; I never sign you up without your yes. When may I remind you?" {
		t.Fatalf("%q", got)
	}
	if r := d.press("Uli", "set_lang:zh"); r.Text != "好的，以后用中文。" {
		t.Errorf("%q", r.Text)
	}
	d.until("2026-11-23 10:31")
	if got := d.newest("Uli").Text; !strings.HasPrefix(got, "你好，我是 Muster，帮城东支部提醒学习、招募志愿者，不会替你报名。什么时候方便提醒你？") {
		t.Errorf("%q", got)
	}
	if r := d.press("Uli", "greet_window:1"); r.Text != "好的，会在 14:30–16:30 提醒你。要改的话：/muster 资料" {
		t.Errorf("%q", r.Text)
	}
	d.until("2026-11-23 10:32")
	if got := d.newest("Uli").Text; !strings.HasSuffix(got, "现在会在 14:30–16:30 提醒你。") || len(d.order["Uli"]) != 1 {
		t.Errorf("%q, %d messages", got, len(d.order["Uli"]))
	}
	if r := d.press("Uli", "open_profile"); r.Modal == nil {
		t.Error("no form")
	}
	// Slack never answers: after an hour it goes out in the organisation's language.
	d.say("Ulate", "me")
	d.until("2026-11-23 11:45")
	if got := d.newest("Ulate").Text; !strings.HasPrefix(got, "你好，我是 Muster") {
		t.Errorf("%q", got)
	}
}
