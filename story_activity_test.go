package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"muster/config"
	"muster/models"
	"muster/store"
)

// activityWords are what an activity record's story says in one language.
type activityWords struct{ call, ask, sent, wrongYear, said, good, changed, none string }

func activitySpeaks() map[string]activityWords {
	return map[string]activityWords{
		"zh": {call: "招募 社区爱心义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城社区 | 需要: 医生 1", ask: "我的 记录 2026",
			sent: "你的活动记录，2026-01-01 至 2026-11-23", wrongYear: "我的 记录 去年", said: "看不懂年份",
			good: "本活动记录与组织的登记一致", changed: "两者不再一致", none: "没有这个查验码"},
		"en": {call: "call Free clinic | when: Sat 9:00-11:30 | where: Greentown | need: doctor 1", ask: "me record 2026",
			sent: "Your activity record, 2026-01-01 to 2026-11-23", wrongYear: "me record last", said: "I can't read the year",
			good: "This activity record matches", changed: "it no longer matches", none: "No activity record has this code"},
	}
}

var activityFileName = regexp.MustCompile(`^muster-activity-2026\.pdf$`)

// pageAt reads a page of Muster's own over the network.
func (s *story) pageAt(path string) (int, string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.addresses()[len(s.addresses())-1]+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return got.StatusCode, string(raw)
}

// hoursCount puts two hours of this morning into a member's ledger.
func (s *story) hoursCount(user string) (h models.Hour) {
	s.t.Helper()
	err := s.app.store.InTx(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(s.app.tenant())
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(t.ID, user)
		if err != nil {
			return err
		}
		c, err := tx.CallByNumber(t.ID, 1)
		if err != nil {
			return err
		}
		day := models.PeriodOf(models.PeriodDay, tx.Now, t.Location()).Start
		h = models.Hour{TenantID: t.ID, PersonID: p.ID, SignupID: 900, CallID: c.ID, Day: day, FromAt: day + 7*3_600_000, ToAt: day + 9*3_600_000,
			Minutes: 120, Grade: models.EvidenceSelf, State: models.HoursCounted}
		return tx.Save(models.By{TenantID: t.ID, Action: "hours_settle"}, &h)
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// A member's own record on paper: asked for, sent as a file, checked by
// anybody who has it, and found out once its hours are changed.
func TestAMembersActivityRecord(t *testing.T) {
	t.Parallel()
	for lang, w := range activitySpeaks() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace(), withSettings(func(c *config.Settings) { c.PublicURL, c.Listen = "https://muster.example.org", "127.0.0.1:0" }))
			s.until("an address", func() bool { return len(s.addresses()) > 0 })
			s.says(leader, sampleCalls, w.call)
			card := s.sees(sampleCalls, "#k1")
			s.presses(wei, card, s.button(card, "call_join"))
			s.settles()
			h := s.hoursCount(wei)
			s.answer(wei, sampleLobby, w.wrongYear, w.said)
			s.says(wei, sampleLobby, w.ask)
			code := s.activityCode(w)
			if status, page := s.pageAt("/record/" + code); status != http.StatusOK || !strings.Contains(page, w.good) {
				t.Errorf("%d %s", status, page)
			}
			if err := s.app.store.InTx(t.Context(), func(tx *store.Tx) error {
				h.State = models.HoursRefused
				return tx.Save(models.By{TenantID: h.TenantID, Action: "hours_decide"}, &h)
			}); err != nil {
				t.Fatal(err)
			}
			if status, page := s.pageAt("/record/" + strings.ToLower(models.ShownActivityCode(code))); status != http.StatusOK || !strings.Contains(page, w.changed) {
				t.Errorf("%d %s", status, page)
			}
			if status, page := s.pageAt("/record/ABCDEFGHJKLM"); status != http.StatusNotFound || !strings.Contains(page, w.none) {
				t.Errorf("%d %s", status, page)
			}
			if strings.Contains(s.logs.String(), code) {
				t.Error("the log holds the code of an activity record")
			}
		})
	}
}

// activityCode waits for the file and gives the code that it was made with.
func (s *story) activityCode(w activityWords) (code string) {
	s.t.Helper()
	s.waits("the file", func() bool {
		for _, m := range s.posts(s.DM(wei)) {
			for _, f := range m.Files {
				if activityFileName.MatchString(f.Name) && bytes.HasPrefix(f.Content, []byte("%PDF-")) && strings.Contains(m.Text, w.sent) {
					return true
				}
			}
		}
		return false
	})
	err := s.app.store.Read(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(s.app.tenant())
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(t.ID, wei)
		if err != nil {
			return err
		}
		all, err := tx.ActivityRecordsOf(t.ID, p.ID)
		if err == nil && len(all) == 1 && all[0].Minutes == 120 {
			code = all[0].Code
		}
		return err
	})
	if err != nil || code == "" {
		s.t.Fatalf("no activity record of two hours: %v", err)
	}
	return code
}
