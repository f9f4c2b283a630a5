package main

import (
	"context"
	"encoding/csv"
	"io"
	"net/http"
	"strings"
	"testing"

	"muster/config"
	"muster/sandbox"
)

// A person reads their own setting, else Slack's locale unless that is en-US,
// which nobody chose, else the organisation's; a channel what setup gave it.
func TestWhoReadsWhichLanguage(t *testing.T) {
	t.Parallel()
	s := reading(t, "zh", withPeople(func(w *sandbox.World) {
		for id, locale := range map[string]string{wei: "en-US", lei: "en-GB", "U011": "zh-TW"} {
			w.UpdateUser(sandbox.User{ID: id, Name: strings.ToLower(id), RealName: id, TZ: "Asia/Shanghai", Locale: locale})
		}
		w.AddChannel(sandbox.Channel{ID: group, Name: "reading", Members: []string{w.BotUserID(), leader, wei, lei, "U011"}})
	}))
	s.plans("study Cases | when: Wed 19:30 | for: <#C900> | remind: 1h")
	s.at("2026-11-25 18:30")
	s.shows(s.told(wei, "Cases", 1), "我会来")           // en-US: the organisation's
	s.shows(s.told(lei, "Cases", 1), "I'll be there") // chose English in Slack
	s.shows(s.told("U011", "Cases", 1), "我会来")
	s.prefers(wei, map[string]any{"lang": "en"})
	s.gets(wei, "Saved.")
	s.presses(wei, s.told(wei, "Cases", 1), "study_attend")
	s.shows(s.told(wei, "Cases", 1), "See you at 19:30")

	s.says(leader, group, "setup")
	s.fills(leader, "setup", map[string]any{"channel_lang": "en"})
	s.says(leader, group, "summary week")
	preview := s.whispers(leader, group, "汇总") // the admin's own language
	s.presses(leader, preview, "summary_post")
	s.sees(group, "Summary · 23–29 Nov") // the channel's
}

// Answers that concern one person go to that person; a command's is ephemeral.
func TestWhereItAnswers(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	for _, line := range []string{"me", "export study"} {
		s.answer(leader, sampleLobby, line, "direct message")
	}
	s.gets(leader, "Study: 0 of 32 hours")
	s.gets(leader, "study 2026-11-23")
	for _, line := range []string{"help", "study list", "remind list", "calls", "summary", "digest list", ""} {
		s.answer(leader, sampleLobby, line)
	}
	s.As(leader).Say(sampleLobby, "<@"+s.BotUserID()+"> study list")
	s.whispers(leader, sampleLobby, "There is no study now")
	s.As(leader).Say(sampleLobby, "<@"+s.BotUserID()+"> 帮助 学习")
	s.whispers(leader, sampleLobby, "Plan study")
	if n := len(s.posts(sampleLobby)); n != 0 {
		t.Errorf("%d answers stand in the channel for everybody: %s", n, texts(s.posts(sampleLobby)))
	}
	s.As(leader).DM("study")
	form := s.gets(leader, "Fill in the study form") // no trigger: a button
	s.press(leader, form, "Open")
	if out := s.fills(leader, "study", map[string]any{"title": "Cases", "when": "someday", "for": "all"}); !strings.Contains(out.Errors["when"], "“someday”") {
		t.Errorf("a time that cannot be read: %v", out.Errors)
	}
	s.As(leader).PressIn(s.theForm(leader), "study_more")
	s.waits("the rest of the form", func() bool {
		v, ok := s.As(leader).View()
		return ok && len(v.Blocks) > 8
	})
	s.fills(leader, "study", map[string]any{"title": "Cases", "when": "every Wed 19:30", "for": "all", "length": "90m", "makeup": "3d", "until": "31 Dec", "remind": "2h"})
	s.gets(leader, "Study set up: Cases (#s1)", "every Wed, 19:30", "about 90 minutes", "within 3 days", "until Thu 31 Dec", "2 hours before")
}

// Holding everything back: answers are still taken, nothing goes out, and what
// is of no use any more when it goes on is not sent.
func TestPauseHoldsWhatGoesOut(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Noon | when: Tue 12:00 | for: <#C900> | remind: 1h")
	s.plans("study Evening | when: Wed 19:30 | for: <#C900> | remind: 1d")
	s.answer(wei, sampleLobby, "pause", "Only admins can do this. Yours: <@U001>")
	s.answer(leader, sampleLobby, "暂停", "Paused.")
	s.passes(33*60*60*1e9 + 31*60*1e9) // Tue 19:31: both would have come
	s.answer(wei, sampleLobby, "study list", "Evening")
	if n := len(s.posts(s.DM(wei))); n != 0 {
		t.Errorf("%d messages went out while held", n)
	}
	s.answer(leader, sampleLobby, "resume", "Going on.")
	s.settles()
	s.told(wei, "Evening", 1)
	s.told(wei, "Noon", 0)
}

// Exports have the columns of the contract in their order; hours two decimals,
// times RFC 3339 in the thing's zone, cells that a spreadsheet would run are
// made harmless; in chat the same file.
func TestExportsHaveTheirColumns(t *testing.T) {
	t.Parallel()
	s := reading(t, "zh")
	s.plans("study =1+2 | when: Wed 19:30 | for: <#C900> | hours: 1.5")
	for kind, columns := range map[string]string{
		"calls":      "call_id,title,kind,state,urgent,drill,where,shift_start,shift_end,role,least,most,taken,waitlisted,created_by,created_at,filled_at",
		"signups":    "call_id,call_title,shift_start,shift_end,role,user_id,user_name,state,guests,position,signed_up_at,checked_in_at,checked_out_at,hours",
		"study":      "study_id,title,rule,zone,start,length_minutes,hours,audience,makeup_days,state,created_by",
		"attendance": "study_id,title,occurrence_start,user_id,user_name,unit,state,slot,at,late_entry,hours",
		"audit":      "seq,at,entered_at,actor,action,thing,thing_id,summary,prev_hash,hash",
	} {
		s.says(leader, sampleLobby, "export "+kind)
		m := s.gets(leader, kind+" 2026-11-23")
		var file []byte
		for _, f := range m.Files {
			file = f.Content
		}
		rows, err := csv.NewReader(strings.NewReader(string(file))).ReadAll()
		if err != nil || len(rows) == 0 {
			t.Fatalf("export %s: %v, %q", kind, err, file)
		}
		if got := strings.Join(rows[0], ","); !strings.HasPrefix(got, columns) {
			t.Errorf("export %s has the columns %s", kind, got)
		}
	}
	row := s.exported("study")[0]
	if row["title"] != "'=1+2" || row["hours"] != "1.50" || row["start"] != "2026-11-25T19:30:00+08:00" {
		t.Errorf("export study: %v", row)
	}
}

// The process answers for itself.
func TestHealthAndMetrics(t *testing.T) {
	t.Parallel()
	s := reading(t, "en", withSettings(func(c *config.Settings) { c.Listen, c.Lang = "127.0.0.1:0", "en" }))
	s.waits("the address", func() bool { return len(s.addresses()) > 0 })
	base := "http://" + s.addresses()[0]
	get := func(path string) (int, string) {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		return res.StatusCode, string(body)
	}
	for path, word := range map[string]string{"/healthz": "ok", "/metrics": "muster_"} {
		if code, body := get(path); code != http.StatusOK || !strings.Contains(body, word) {
			t.Errorf("%s: %d %s", path, code, body)
		}
	}
	s.Down(true) // Slack's Web API does not answer: still ready, and says so
	if code, body := get("/readyz"); code != http.StatusOK || !strings.Contains(body, "degraded") {
		t.Errorf("/readyz while Slack is away: %d %s", code, body)
	}
	s.Down(false)
}
