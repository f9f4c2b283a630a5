package main

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"muster/sandbox"
	"muster/store"
)

// imports runs `muster import` beside the bot, on the same database.
func (s *story) imports(kind, csv string) string {
	s.t.Helper()
	file := filepath.Join(s.t.TempDir(), kind+".csv")
	if err := os.WriteFile(file, []byte(csv), 0o600); err != nil {
		s.t.Fatal(err)
	}
	code, out, errs := runHere([]string{"MUSTER_DATABASE=" + string(s.settings.Database), "MUSTER_ADMINS=" + sampleAdmin,
		"MUSTER_CLOCK_START=" + s.clock.Now().Format(time.RFC3339)}, "import", kind, file)
	if code != exitDone {
		s.t.Fatalf("import %s ended with %d: %s", kind, code, errs)
	}
	return out
}

// An organization brings its ledger in while the bot runs. Who is in it by
// e-mail only is found in Slack, asked directly, and hears who asks; an admin
// vouches for a skill, which opens a role; the leader of the unit plans study
// for it, and for no other.
func TestALedgerBecomesAnOrganisation(t *testing.T) {
	t.Parallel()
	for _, w := range []struct{ lang, call, asked, why, hello, doctor, waits, card, verified, in, study, refused, locale string }{
		{"zh", "招募 东堤装沙袋 | 类型: 应急 | 时间: 周四 14:00-16:00 | 地点: 城东 | 需要: 装卸 1 | 范围: 装卸队 | 询问: 1 每 10 分钟", "还差装卸 1 人", "你的资料里写了会装卸",
			"我是 Muster，帮装卸队提醒学习、招募志愿者，不会替你报名", "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 医生* 2", "核实", "会：装卸、医生", "已核实", "已从候补转为报名",
			"学习 装卸安全 | 时间: 周三 19:30 | 范围: 装卸队", "装卸安全", "zh-CN"},
		{"en", "call Sandbags | kind: relief | when: Thu 14:00-16:00 | where: East | need: 装卸 1 | for: 装卸队 | ask: 1 every 10m", "1 more needed", "your profile says 装卸",
			"I'm Muster. I remind 装卸队 of study", "call Clinic | when: Sat 9:00-11:30 | where: Greentown | need: 医生* 2", "needs a verified skill", "Can: 装卸, 医生", "Verified", "Clinic · 医生 (#k2)",
			"study Safe lifting | when: Wed 19:30 | for: 装卸队", "Safe lifting", "en-GB"},
	} {
		t.Run(w.lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, withPeople(func(slack *sandbox.World) {
				slack.AddUser(sandbox.User{ID: "U950", Name: "qian", RealName: "钱进", Email: "qian@example.org", Locale: w.locale})
			}), speaking(w.lang))
			s.imports("units", "name,parent,leader\n城东联合党委,,"+sampleAdmin+"\n装卸队,城东联合党委,U006\n司机队,城东联合党委,\n")
			s.imports("members", "email,name,unit,skills\nQian@Example.org,钱进,装卸队,装卸\n")
			s.settles()

			s.says(sampleAdmin, sampleCalls, w.call)
			s.gets("U950", w.asked, w.why, w.hello)

			s.says(sampleAdmin, sampleCalls, w.doctor)
			card := s.sees(sampleCalls, "医生", "0/2")
			s.As("U950").Join(sampleLobby)
			s.As("U950").Join(sampleCalls)
			s.says("U950", sampleLobby, "profile skills: 装卸, 医生")
			s.gets("U950", "医生")
			s.presses("U950", card, "call_join")
			s.settles()
			s.gets("U950", w.waits)
			s.says(sampleAdmin, sampleLobby, "profile <@U950>")
			shown := s.whispers(sampleAdmin, sampleLobby, w.card)
			if out := s.As(sampleAdmin).Press(shown, "skill_verify"); !out.Acked {
				t.Fatal(out.Refused)
			}
			if out := s.fills(sampleAdmin, "skill", map[string]any{"other_skill": "医生", "skill_until": "2026-12-31"}); len(out.Errors) > 0 || !out.Acked {
				t.Fatalf("%+v", out)
			}
			s.gets(sampleAdmin, w.verified)
			s.sees(sampleCalls, "1/2", "钱进")
			s.passes(time.Minute)
			s.settles()
			s.gets("U950", w.in)

			// The leader of the unit plans its study; of the other unit they may not.
			s.writes("U006", w.study, w.refused)
			s.writes("U010", w.study, "<@")
		})
	}
}

// A call for a user group asks who is in it now: the group changes, and so does
// whom it asks. Bots and who has left are never asked.
func TestAUserGroupThatChangesIsAskedAsItIs(t *testing.T) {
	t.Parallel()
	s := tell(t, withPeople(func(slack *sandbox.World) {
		slack.AddUser(sandbox.User{ID: "U960", Name: "robot", Bot: true})
		slack.AddUser(sandbox.User{ID: "U961", Name: "left", Deleted: true})
		slack.AddUserGroup("S900", "flood", []string{"U006", "U960", "U961"})
	}))
	s.says(sampleAdmin, sampleCalls, "招募 东堤装沙袋 | 类型: 应急 | 时间: 周四 14:00-16:00 | 地点: 东堤 | 需要: 2 | 范围: <!subteam^S900|@flood> | 询问: 5 每 10 分钟")
	s.gets("U006", "东堤装沙袋", "我去")
	s.settles()
	for _, nobody := range []string{"U010", "U960", "U961"} {
		if got := s.posts(s.DM(nobody)); len(got) > 0 {
			t.Errorf("%s was asked: %s", nobody, texts(got))
		}
	}
	s.SetUserGroup("S900", []string{"U010", "U960", "U961"})
	s.hurries("the group and its people read anew", func() bool {
		read := false
		err := s.app.store.Read(t.Context(), func(tx *store.Tx) error {
			group, err := tx.ChannelBySlack(1, "S900")
			if err != nil {
				return err
			}
			ids, err := tx.ChannelMembers(group.ID)
			if err != nil {
				return err
			}
			people, err := tx.PersonsByIDs(ids)
			read = len(people) == 3
			for _, p := range people {
				read = read && p.KnownAt != 0 && p.Slack() != "U006"
			}
			return err
		})
		return err == nil && read
	})
	s.says(sampleAdmin, sampleCalls, "招募 西堤装沙袋 | 类型: 应急 | 时间: 周五 14:00-16:00 | 地点: 西堤 | 需要: 2 | 范围: <!subteam^S900|@flood> | 询问: 5 每 10 分钟")
	s.gets("U010", "西堤装沙袋", "我去")
	s.settles()
	if got := s.posts(s.DM("U006")); len(got) != 1 {
		t.Errorf("who is out of the group was asked: %s", texts(got))
	}

}

// A Slack guest reads the card and is told who may let them; after that they
// sign up.
func TestAGuestIsLetInByAnAdmin(t *testing.T) {
	t.Parallel()
	s := tell(t, withPeople(func(slack *sandbox.World) {
		slack.AddUser(sandbox.User{ID: "U970", Name: "guest", RealName: "访客", Guest: true})
	}))
	s.As("U002").Invite(sampleCalls, "U970")
	s.says(sampleAdmin, sampleCalls, "招募 义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城 | 需要: 2")
	card := s.sees(sampleCalls, "义诊", "0/2")
	s.presses("U970", card, "call_join")
	s.whispers("U970", sampleCalls, "外部访客只能查看", "<@"+sampleAdmin+">")
	s.says(sampleAdmin, sampleCalls, "setup")
	if out := s.fills(sampleAdmin, "setup", map[string]any{"channel_guests": []string{"yes"}}); len(out.Errors) > 0 || !out.Acked {
		t.Fatalf("%+v", out)
	}
	s.gets(sampleAdmin, "Slack 访客可以报名")
	s.presses("U970", card, "call_join")
	s.sees(sampleCalls, "1/2", "访客")
}
