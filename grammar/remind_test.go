package grammar

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRemindForms(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string][3]string{
		"me to bring the form, tomorrow 9:00":                  {"me", "bring the form", "2026-11-24 09:00"},
		"me tomorrow at 9:00 to bring the form":                {"me", "bring the form", "2026-11-24 09:00"},
		"me tomorrow 9:00 bring the form":                      {"me", "bring the form", "2026-11-24 09:00"},
		"me in 20 minutes to call Ann":                         {"me", "call Ann", "2026-11-23 10:20"},
		"me to call Ann in 20 minutes":                         {"me", "call Ann", "2026-11-23 10:20"},
		"me every Fri 17:00 to hand in the report":             {"me", "hand in the report", "2026-11-27 17:00 FREQ=WEEKLY;BYDAY=FR"},
		"me to submit the weekly report every Friday at 17:00": {"me", "submit the weekly report", "2026-11-27 17:00 FREQ=WEEKLY;BYDAY=FR"},
		"me to bring the form | when: tomorrow 9:00":           {"me", "bring the form", "2026-11-24 09:00"},
		"me: buy milk at 18:00":                                {"me", "buy milk", "2026-11-23 18:00"},
		"我 明天9点 带表格":                                           {"me", "带表格", "2026-11-24 09:00"},
		"我明天上午9点带表格":                                           {"me", "带表格", "2026-11-24 09:00"},
		"我 两小时后 关门":                                            {"me", "关门", "2026-11-23 12:00"},
		"我下周五下午3点开会":                                           {"me", "开会", "2026-12-04 15:00"},
		"我带表格，明天9点":                                            {"me", "带表格", "2026-11-24 09:00"},
		"每周五 17:00 提醒我 交周报":                                    {"me", "交周报", "2026-11-27 17:00 FREQ=WEEKLY;BYDAY=FR"},
		"明天9点提醒我带表格":                                           {"me", "带表格", "2026-11-24 09:00"},
		"<@U2|ann> to bring the form, tomorrow 9:00":           {"<@U2|ann>", "bring the form", "2026-11-24 09:00"},
		"@王强 明天 9:00 开会":                                       {"@王强", "开会", "2026-11-24 09:00"},
		"<#C1|flood> 每天 8:00 报平安":                              {"<#C1|flood>", "报平安", "2026-11-24 08:00 FREQ=DAILY"},
		"#flood every day 8:00 report in":                      {"#flood", "report in", "2026-11-24 08:00 FREQ=DAILY"},
		"下午3点 喝水":                                              {"me", "喝水", "2026-11-23 15:00"},
	} {
		r, err := ParseRemind(typed, shanghai(t))
		if err != nil {
			t.Errorf("%q: %v", typed, err)
			continue
		}
		when := r.When.Start.Format("2006-01-02 15:04")
		if r.When.Rule != "" {
			when += " " + r.When.Rule
		}
		if diff := cmp.Diff(want, [3]string{r.Who, r.Text, when}); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
	}
	for _, long := range []string{"to " + strings.Repeat("长", 5000) + "，明天 9:00", "tomorrow 9:00 to " + strings.Repeat("read on ", 1000)} {
		if r, err := ParseRemind("me "+long, shanghai(t)); err != nil || r.When.Start.Day() != 24 || len(r.Text) < 5000 {
			t.Errorf("a long text: %d bytes of it, %v, %v", len(r.Text), r.When, err)
		}
	}
	for typed, key := range map[string]string{
		"": "remind.no_when", "me": "remind.no_when", "me to bring the form": "remind.no_when", "me to bring the form tomorrow": "when.no_time",
		"me tomorrow 9:00": "remind.no_text", "me to bring the form, yesterday 9:00": "when.past", "我 明天 25:00 开会": "when.bad_clock",
	} {
		if _, err := ParseRemind(typed, shanghai(t)); reasonOf(err) == nil || reasonOf(err).Key != key {
			t.Errorf("%q: %v; want %s", typed, err, key)
		}
	}
}

func TestDigestForms(t *testing.T) {
	t.Parallel()
	weekly := Digest{Cadence: "weekly", Weekday: time.Monday, Hour: 9}
	with := func(d Digest, channel, review string) Digest {
		d.Channel, d.Review = channel, review
		return d
	}
	for typed, want := range map[string]Digest{
		"weekly Mon 09:00 #channel":                    with(weekly, "#channel", ""),
		"weekly Mon 09:00 <#C1|ops> review <@U2>":      with(weekly, "<#C1|ops>", "<@U2>"),
		"每周 周一 9:00 #频道 审阅 <@U2|王强>":                   with(weekly, "#频道", "<@U2|王强>"),
		"每周一 9:00":                                     weekly,
		"every Monday at 9am to #ops reviewed by @ann": with(weekly, "#ops", "@ann"),
		"daily 18:00":                {Cadence: "daily", Hour: 18},
		"每天 18:30 #频道":               {Cadence: "daily", Hour: 18, Minute: 30, Channel: "#频道"},
		"monthly 1 09:00":            {Cadence: "monthly", Day: 1, Hour: 9},
		"monthly on the 5th 9:00 #x": {Cadence: "monthly", Day: 5, Hour: 9, Channel: "#x"},
		"每月1日 9:00":                  {Cadence: "monthly", Day: 1, Hour: 9},
		"每月最后一天 17:00":               {Cadence: "monthly", Day: -1, Hour: 17},
	} {
		got, err := ParseDigest(typed, shanghai(t))
		if err != nil {
			t.Errorf("%q: %v", typed, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", typed, diff)
		}
	}
	for typed, key := range map[string]string{
		"": "digest.unreadable", "weekly 9:00": "digest.no_day", "weekly Mon": "digest.no_time", "every 2 weeks on Mon 9:00": "digest.unreadable",
		"sometimes": "digest.unreadable", "Mon 9:00": "digest.unreadable", "每周一、周四 9:00": "digest.unreadable", "weekly Mon 25:00": "digest.unreadable",
	} {
		if _, err := ParseDigest(typed, shanghai(t)); reasonOf(err) == nil || reasonOf(err).Key != key {
			t.Errorf("%q: %v; want %s", typed, err, key)
		}
	}
}

// A word that can begin a time and the text after it belongs to the text.
func TestTheTextAfterATimeKeepsItsFirstWord(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Now: time.Date(2026, 11, 23, 10, 0, 0, 0, zone), Zone: zone, Lang: "zh"}
	for typed, want := range map[string]string{
		"我 明天 9:00 打扫": "打扫", "我 明天 6:00 起床": "起床", "我 周六 10:00 自行车年检": "自行车年检",
		"我 明天9点 由张伟带队": "由张伟带队", "我 每天 7:30 起床": "起床", "我 从明天起每天 7:30 喝水": "喝水",
		"me tomorrow 9:00 since nobody else will": "since nobody else will",
	} {
		r, err := ParseRemind(typed, o)
		if err != nil || r.Text != want {
			t.Errorf("%q: %q, %v; want %q", typed, r.Text, err, want)
		}
	}
}
