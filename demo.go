package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"muster/bot"
	"muster/config"
	"muster/sandbox"
	"muster/services"
)

// runDemo is the whole bot on a sandbox of its own: the same wiring as serve,
// with a database that goes when the demo ends.
func runDemo(ctx context.Context, settings config.Settings, io streams, flags DemoFlags) error {
	dir, err := os.MkdirTemp("", "muster-demo-")
	if err != nil {
		return fmt.Errorf("make a place for the demo's database: %w", err)
	}
	defer os.RemoveAll(dir)
	settings.Lang = flags.Lang
	d, err := startDemo(ctx, settings, io, flags, filepath.Join(dir, "demo.db"))
	if err != nil {
		return err
	}
	defer d.close()
	fmt.Fprint(io.Out, demoWelcome(flags.Lang, d.slack.URL()))
	<-ctx.Done()
	return nil
}

func demoWelcome(lang, url string) string {
	if lang == "en" {
		return fmt.Sprintf("\n  Muster is running in a sandbox. Open this page:\n\n      %s\n\n  Nothing leaves this computer. Ctrl+C ends it.\n\n", url)
	}
	return fmt.Sprintf("\n  Muster 正在沙盒里运行，打开这个网页：\n\n      %s\n\n  一切都只在这台电脑上。按 Ctrl+C 结束。\n\n", url)
}

// demo is a sandbox with the bot connected to it.
type demo struct {
	slack *sandbox.World
	app   *app
	stop  context.CancelFunc
	done  chan error
}

func (d *demo) close() {
	d.stop()
	<-d.done
	_ = d.slack.Close() // it holds nothing but memory
}

// startDemo starts sandbox and bot, and plays the sample organisation's first
// day through the front door: what is seen was said by people in the sandbox.
func startDemo(ctx context.Context, settings config.Settings, io streams, flags DemoFlags, database string) (*demo, error) {
	start := flags.ClockStart
	if start.IsZero() {
		start = demoMorning(time.Now(), settings.Timezone)
	}
	world, err := bot.NewWorld(time.Now, start, flags.ClockSpeed)
	if err != nil {
		return nil, err
	}
	control := &demoControl{world: world, zone: settings.Timezone, lang: settings.Lang}
	slack, err := startSandbox(flags, control)
	if err != nil {
		return nil, err
	}
	fillSandbox(slack, settings.Lang)
	settings.Slack.APIURL = slack.APIURL()
	settings.Slack.BotToken, settings.Slack.AppToken = config.NewSecret(slack.BotToken()), config.NewSecret(slack.AppToken())
	settings.Listen, settings.MetricsListen = "", ""          // the page has the address
	if address, err := beside(ctx, slack.URL()); err == nil { // else codes and calendars go without pages
		settings.Listen, settings.PublicURL = address, "http://"+address
	}
	settings.Database = config.DatabaseAddress(database)
	settings.Admins = []config.Admin{{User: sampleAdmin}}
	a, err := wire(ctx, settings, wiring{World: world, Machine: time.Now, Log: newLog(settings, io.Err)})
	if err != nil {
		_ = slack.Close()
		return nil, err
	}
	runCtx, stop := context.WithCancel(ctx)
	d := &demo{slack: slack, app: a, stop: stop, done: make(chan error, 1)}
	go func() { d.done <- a.run(runCtx) }()
	if err := d.connected(ctx); err != nil {
		d.close()
		return nil, err
	}
	control.changed = func(lang string) { d.switchLang(runCtx, lang) }
	if err := d.populate(ctx, settings.Lang); err != nil {
		d.close()
		return nil, fmt.Errorf("fill the sample organisation: %w", err)
	}
	slack.Tour([]string{"post_call", "three_join", "day_passes", "summary"})
	return d, nil
}

// beside is a free address on the host of the page, for the bot's own pages:
// a member's calendar, an on-site code.
func beside(ctx context.Context, page string) (string, error) {
	u, err := url.Parse(page)
	if err != nil {
		return "", fmt.Errorf("address of the page: %w", err)
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", net.JoinHostPort(u.Hostname(), "0"))
	if err != nil {
		return "", fmt.Errorf("a free address beside the page: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// demoMorning is half past nine today in the organisation's zone: a demo that
// began in its quiet hours would show a bot that rightly says little.
func demoMorning(now time.Time, zone *time.Location) time.Time {
	y, m, day := now.In(zone).Date()
	return time.Date(y, m, day, 9, 30, 0, 0, zone)
}

func startSandbox(flags DemoFlags, control *demoControl) (*sandbox.World, error) {
	team := map[string]string{"zh": "城东志愿", "en": "East district volunteers"}[control.Lang()]
	return sandbox.Start(sandbox.Options{Control: control, Machine: time.Now, Listen: flags.Listen, TeamName: team,
		BotScopes: botScopes(), Page: true, Shortcuts: []sandbox.Shortcut{
			{CallbackID: "muster_new_call", Name: "发起招募 / New call", Type: "global"},
			{CallbackID: "muster_remind", Name: "提醒我 / Remind me", Type: "message"}}})
}

// fillSandbox makes the people and channels. Everybody is in the open channels,
// a unit's members in its own; the bot is in all of them.
func fillSandbox(w *sandbox.World, lang string) {
	everybody := []string{w.BotUserID()}
	inUnit := map[int][]string{}
	for _, p := range samplePeople() {
		w.AddUser(sampleUser(p, lang))
		everybody = append(everybody, p.ID)
		inUnit[p.Unit] = append(inUnit[p.Unit], p.ID)
	}
	name := func(zh, en string) string {
		if lang == "en" {
			return en
		}
		return zh
	}
	w.AddChannel(sandbox.Channel{ID: sampleCalls, Name: name("志愿招募", "volunteers"), Members: everybody,
		Topic: name("哪里需要人，在这里报名", "Where people are needed; sign up here")})
	w.AddChannel(sandbox.Channel{ID: sampleSummaries, Name: name("汇总", "summaries"), Members: everybody,
		Topic: name("每周做了多少", "What was done each week")})
	w.AddChannel(sandbox.Channel{ID: sampleLobby, Name: name("大厅", "lobby"), Members: everybody})
	for i, u := range sampleUnits() {
		if u.Channel == "" {
			continue
		}
		members := append([]string{w.BotUserID(), sampleAdmin}, inUnit[i]...)
		w.AddChannel(sandbox.Channel{ID: u.Channel, Name: name(u.Handle, u.HandleEn), Members: members})
	}
}

func sampleUser(p samplePerson, lang string) sandbox.User {
	locale, title := "zh-CN", p.Title
	if p.English || lang == "en" {
		locale, title = "en-GB", p.TitleEn
	}
	return sandbox.User{ID: p.ID, Name: p.Handle, RealName: p.Name, Title: title, TZ: "Asia/Shanghai", Locale: locale,
		Email: p.Handle + "@example.org"}
}

// populate brings the ledger in, then lets people act.
func (d *demo) populate(ctx context.Context, lang string) error {
	if err := enrolSample(ctx, d.app.svc, d.app.identity.Team, lang); err != nil {
		return err
	}
	admin := services.Act{Team: d.app.identity.Team, User: sampleAdmin}
	t, err := d.app.svc.Install(ctx, d.app.identity.Team, d.app.identity.TeamName, d.app.identity.BotUser)
	if err != nil {
		return err
	}
	var organizers []string
	for _, u := range sampleUnits() {
		organizers = append(organizers, u.Leader)
	}
	err = d.app.svc.SaveSetup(ctx, admin, services.Setup{Lang: lang, Zone: t.Zone, CallChannel: sampleCalls,
		SummaryChannel: sampleSummaries, QuietStart: t.QuietStart, QuietEnd: t.QuietEnd, MemberTarget: t.MemberTarget,
		LeaderTarget: t.LeaderTarget, Organizers: organizers})
	if err != nil {
		return err
	}
	return d.firstMorning(ctx, lang)
}

func enrolSample(ctx context.Context, svc *services.Services, team, lang string) error {
	var units []services.UnitRow
	name := func(u sampleUnit) string {
		if lang == "en" {
			return u.En
		}
		return u.Name
	}
	all := sampleUnits()
	branch := map[string]string{"zh": "支部", "en": "branch"}[lang]
	for i, u := range all {
		row := services.UnitRow{Name: name(u), Type: branch, Leader: u.Leader, Windows: u.Windows}
		if i > 0 {
			row.Parent = name(all[0])
		}
		units = append(units, row)
	}
	leaders := map[string]bool{}
	for _, u := range all {
		leaders[u.Leader] = true
	}
	var members []services.MemberRow
	for _, p := range samplePeople() {
		duty := "member"
		if leaders[p.ID] {
			duty = "leader"
		}
		words := func(s string) []string {
			all := strings.Split(s, "、")
			for i, word := range all {
				if en := sampleEnglish[word]; lang == "en" {
					all[i] = en
				}
			}
			return all
		}
		members = append(members, services.MemberRow{Slack: p.ID, Name: p.Name, Unit: name(all[p.Unit]), Duty: duty,
			Skills: words(p.Skills), Areas: words(p.Area), Windows: p.Windows, Free: p.Free})
	}
	return svc.Enrol(ctx, team, units, members)
}

// firstMorning is what has happened before the visitor comes: a call that
// fills, and a study plan under way.
func (d *demo) firstMorning(ctx context.Context, lang string) error {
	organizer := d.slack.As(sampleAdmin)
	call := "招募 社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:30 | 地点: 绿城社区服务中心 | 需要: 医生 2, 引导员 4 | 携带: 工牌、口罩"
	duty := "招募 骑手驿站值守 | 类型: 值守 | 时间: 周日 14:00-17:00, 周日 17:00-20:00 | 地点: 3 号暖驿 | 需要: 值守 2"
	study := "学习 支部学习：骑手服务案例 | 时间: 每周三 15:00 | 时长: 60m | 范围: <#C010> | 链接: https://example.org/cases"
	joins := []string{"+1 医生", "报名 引导员", "+1 引导员", "我来 医生"}
	if lang == "en" {
		call = "call Free clinic in Greentown | kind: care | when: Sat 9:00-11:30 | where: Greentown service centre | need: doctor 2, guide 4 | bring: badge, mask"
		duty = "call Keeping the riders' station | kind: duty | when: Sun 14:00-17:00, Sun 17:00-20:00 | where: Warm Station 3 | need: keeper 2"
		study = "study Branch study: cases from the road | when: every Wed 15:00 | length: 60m | for: <#C010> | link: https://example.org/cases"
		joins = []string{"+1 doctor", "count me in guide", "+1 guide", "I'm in doctor"}
	}
	for _, text := range []string{call, duty, study} {
		channel := sampleCalls
		if text == study {
			channel = sampleLobby
		}
		if out := organizer.Command(channel, "/muster", text); !out.Acked {
			return fmt.Errorf("the bot did not take %q: %s", text, out.Refused)
		}
	}
	card, err := d.await(ctx, sampleCalls, 1)
	if err != nil {
		return err
	}
	for i, who := range []string{"U026", "U033", "U016", "U027"} {
		d.slack.As(who).SayIn(sampleCalls, card[0].TS, joins[i])
	}
	_, err = d.await(ctx, sampleCalls, 2)
	return err
}

// connected waits until the bot's sockets are open: a command before that would
// be lost, as on Slack.
func (d *demo) connected(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	return d.slack.Await(ctx, "the bot's connections", func() bool { return d.slack.Sockets() >= 2 })
}

// await waits until n messages of the bot stand in a channel.
func (d *demo) await(ctx context.Context, channel string, n int) ([]sandbox.Message, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	var cards []sandbox.Message
	err := d.slack.Await(ctx, "the first cards", func() bool {
		cards = cards[:0]
		for _, m := range d.slack.Messages(channel) {
			if m.FromBot() {
				cards = append(cards, m)
			}
		}
		return len(cards) >= n
	})
	return cards, err
}

// demoControl lets the page turn the world's clock and the language.
type demoControl struct {
	world   *bot.World
	zone    *time.Location // the organisation's
	changed func(lang string)

	mu   sync.Mutex
	lang string
}

func (c *demoControl) Now() time.Time          { return c.world.Now().In(c.zone) }
func (c *demoControl) Speed() float64          { return c.world.Speed() }
func (c *demoControl) SetSpeed(speed float64)  { c.world.SetSpeed(speed) }
func (c *demoControl) Advance(d time.Duration) { c.world.Advance(d) }

func (c *demoControl) Lang() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lang
}

func (c *demoControl) SetLang(lang string) {
	c.mu.Lock()
	same := c.lang == lang
	c.lang = lang
	c.mu.Unlock()
	if !same && c.changed != nil {
		c.changed(lang)
	}
}

// switchLang lets the sample's people use Slack in another language, as they
// would in its preferences, and the organisation with them.
func (d *demo) switchLang(ctx context.Context, lang string) {
	for _, p := range samplePeople() {
		d.slack.UpdateUser(sampleUser(p, lang))
	}
	if err := d.app.svc.SetTenantLang(ctx, d.app.identity.Team, lang); err != nil {
		d.app.log.Error("the demo's language was not changed", "cause", err)
	}
}
