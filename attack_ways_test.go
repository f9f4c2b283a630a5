package main

import (
	"strings"
	"testing"
	"time"

	"muster/sandbox"
	"muster/store"
)

// Whatever is typed, wherever it is typed, gets an answer that can be used: in a
// private channel the bot was never asked into, in a conversation of two others,
// in a thread, in a direct message.
func TestEveryWordGetsAUsableAnswerEverywhere(t *testing.T) {
	t.Parallel()
	s := tell(t, withSandbox(func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} }), withPeople(func(w *sandbox.World) {
		w.AddChannel(sandbox.Channel{ID: "G0PRIVATE", Name: "private", Private: true, Members: []string{sampleAdmin, "U006"}})
		w.AddChannel(sandbox.Channel{ID: "D0OTHERS", Private: true, Members: []string{sampleAdmin, "U006"}})
	}))
	words := []string{"", "help", "帮助", "xyz", "帮组", "remind", "提醒", "study", "call k99", "call", "calls", "summary 2026-13", "digest", "digest list",
		"role", "export", "export nonsense", "study s99 skip", "remind m99 delete", "pause now please", "checkin", "privacy", "report", "station",
		"hours", "me", "profile", "setup", "；；；", "|||", ":", "/muster /muster help", "help help help", "招募列表 ", "\u3000帮助\u3000"}
	answered := func(user, channel string) int {
		return len(s.As(user).Ephemerals(channel)) + len(s.As(user).Inbox()) + len(s.As(user).Views())
	}
	for _, channel := range []string{sampleLobby, "G0PRIVATE", "D0OTHERS", s.DM("U006")} {
		for _, text := range words {
			before := answered("U006", channel)
			out := s.As("U006").Command(channel, "/muster", text)
			if !out.Acked && out.Refused != "operation_timeout" {
				t.Fatalf("%q in %s: %s", text, channel, out.Refused)
			}
			s.waits("an answer to "+text+" in "+channel, func() bool { return answered("U006", channel) > before })
			for _, v := range s.As("U006").Views() {
				s.As("U006").CloseView(v)
			}
		}
	}
	root := s.As("U006").Say(sampleLobby, "大家好")
	for _, text := range words {
		if strings.TrimSpace(text) == "" {
			continue // a bare mention is asserted below
		}
		before := answered("U006", sampleLobby)
		s.As("U006").SayIn(sampleLobby, root, "<@"+s.BotUserID()+"> "+text)
		s.waits("an answer to the mention "+text, func() bool { return answered("U006", sampleLobby) > before })
	}
	before := answered("U006", sampleLobby)
	s.As("U006").Say(sampleLobby, "<@"+s.BotUserID()+">")
	s.waits("an answer to a bare mention", func() bool { return answered("U006", sampleLobby) > before })
	if log := s.logs.String(); strings.Contains(log, "level=ERROR") {
		t.Errorf("a word was our fault:\n%s", log)
	}
	if n := len(s.posts(sampleLobby)); n != 0 {
		t.Errorf("%d answers for all to see", n)
	}
}

// Somebody moves to another zone: the next time is nine o'clock there.
func TestWhoMovesZoneIsRemindedThere(t *testing.T) {
	t.Parallel()
	s := tell(t)
	s.says("U007", sampleLobby, "remind me to water the plants, every day 11:00")
	s.settles()
	s.passes(time.Hour + time.Minute) // Monday 11:01 in Shanghai
	s.gets("U007", "water the plants")
	ann := sampleUser(samplePeople()[6], "en")
	ann.TZ = "Europe/Riga"
	s.UpdateUser(ann)
	s.until("the new zone is stored", func() bool {
		zone := ""
		err := s.app.store.Read(t.Context(), func(tx *store.Tx) error {
			tenant, err := tx.TenantByExternal(s.TeamID())
			if err != nil {
				return err
			}
			p, err := tx.PersonBySlack(tenant.ID, "U007")
			zone = p.SlackZone
			return err
		})
		return err == nil && zone == "Europe/Riga"
	})
	s.settles()
	s.passes(24 * time.Hour) // Tuesday 11:01 in Shanghai, 5:01 in Riga: night
	s.settles()
	if n := strings.Count(texts(s.posts(s.DM("U007"))), "*water the plants*"); n != 1 {
		t.Fatalf("reminded in the night:\n%s", texts(s.posts(s.DM("U007"))))
	}
	s.passes(6 * time.Hour) // 11:01 in Riga
	s.waits("the reminder at eleven there", func() bool { return strings.Contains(texts(s.posts(s.DM("U007"))), "a newer message follows") })
}
