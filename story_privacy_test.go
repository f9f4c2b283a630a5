package main

import (
	"testing"
	"time"

	"muster/models"
	"muster/store"
)

// A member leaves and is forgotten: their place goes back, their name is gone,
// and the record is whole.
func TestAMemberLeavesAndIsForgotten(t *testing.T) {
	words := map[string]struct{ ask, held, sure, planned, kept, open string }{
		"zh": {"隐私", "这里存着你的什么", "忘记你以后", "会忘记你", "一切照旧", "招募 社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:30 | 地点: 绿城社区 | 需要: 4 | 询问: 不用"},
		"en": {"privacy", "What is kept about you", "When you are forgotten", "You will be forgotten", "stays as it was", "call Free clinic | kind: care | when: Sat 9:00-11:30 | where: Greentown | need: 4 | ask: no"},
	}
	for lang, w := range words {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, atAnyPace(), speaking(lang))
			s.places(w.open, "k1", "U006")
			s.says("U006", sampleLobby, w.ask)
			shown := s.gets("U006", w.held)
			s.presses("U006", shown, "privacy_forget")
			sure := s.gets("U006", w.sure)
			s.presses("U006", sure, "privacy_forget_yes")
			planned := s.gets("U006", w.planned)
			s.presses("U006", planned, "privacy_keep")
			s.gets("U006", w.kept)
			s.presses("U006", sure, "privacy_forget_yes")
			s.rests()
			s.passes(7*24*time.Hour + time.Minute)
			s.until("U006 is forgotten", func() bool { return len(s.forgotten()) == 1 })
			s.rests()
		})
	}
}

// forgotten is who was forgotten.
func (s *story) forgotten() (out []models.Forgotten) {
	s.t.Helper()
	st, err := store.Open(s.t.Context(), store.Options{DSN: string(s.settings.Database), World: s.clock.Now, Machine: time.Now})
	if err != nil {
		s.t.Fatal(err)
	}
	defer st.Close()
	err = st.Read(s.t.Context(), func(tx *store.Tx) error {
		tenants, err := tx.Tenants()
		for _, t := range tenants {
			rows, err := tx.ForgottenIn(t.ID)
			if err != nil {
				return err
			}
			out = append(out, rows...)
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}
