package views

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/models"
)

// What a member reads after the session, state by state, in both languages.
func TestStudyMessageAfterTheSession(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, now string
		change    func(m *StudyModel)
		zh, en    []string
	}{
		{"given back", "2026-11-30 09:00", func(m *StudyModel) {
			m.Attendance.Intent, m.Attendance.ReturnedAt, m.Attendance.ReturnReason = models.IntentMakeup, instant("2026-11-30 08:00"), "请写写<!channel>你自己"
			m.Attendance.OpenUntil = instant("2026-12-03 08:00")
		}, []string{"负责人把这次补学退回来了：请写写&lt;!channel&gt;你自己", "可以补到 周四 12月3日 8:00，补好再交一次。", "[ 再补一次 ][ 请假 ]"},
			[]string{"The leader returned this make-up: 请写写&lt;!channel&gt;你自己", "You have until Thu 3 Dec 8:00 to do it again.", "[ Do it again ][ Ask to be excused ]"}},
		{"given back ahead of the session", "2026-11-25 09:00", func(m *StudyModel) {
			m.Attendance.Intent, m.Attendance.ReturnedAt, m.Attendance.ReturnReason = models.IntentMakeup, instant("2026-11-25 08:00"), "太短"
		}, []string{"负责人把这次补学退回来了：太短", "可以补到 周三 12月2日 20:30，补好再交一次。", "[ 再补一次 ][ 请假 ][ 我还是来 ]"},
			[]string{"The leader returned this make-up: 太短", "You have until Wed 2 Dec 20:30 to do it again.", "[ Do it again ][ Ask to be excused ][ I'll come after all ]"}},
		{"no make-up, but an excuse for a day", "2026-11-26 09:00", func(m *StudyModel) { m.Study.MakeupDays = 0 },
			[]string{"这次没有看到你签到，这次学习不能补。来不了有原因的话，可以请假。", "[ 请假 ]"},
			[]string{"We have no check-in from you, and this session can't be made up. If something kept you away, you can ask to be excused.", "[ Ask to be excused ]"}},
		{"no make-up, a day later", "2026-11-26 20:30", func(m *StudyModel) { m.Study.MakeupDays = 0 },
			[]string{"这次已经结束，不能再补了。记录有出入的话，请告诉负责人。"},
			[]string{"This one is over and can't be made up any more. If the record is wrong, please tell the leader."}},
		{"refused with a reason", "2026-11-26 09:00", func(m *StudyModel) { m.Refused, m.Attendance.Answer = true, "请先补学" },
			[]string{"这次没有准假。", "负责人说：请先补学", "这次没有看到你签到。可以补到 周三 12月2日 20:30。", "[ 现在补 ][ 请假 ]"},
			[]string{"You were not excused from this one.", "The leader says: 请先补学", "We have no check-in from you. You can make it up until Wed 2 Dec 20:30.", "[ Do it now ][ Ask to be excused ]"}},
		{"made up", "2026-11-26 09:00", func(m *StudyModel) { m.Attendance.State, m.Attendance.Credit = models.AttendanceMadeUp, 60 },
			[]string{"已补学，1 学时。今年 18/32 学时。"}, []string{"Made up, 1 hour. 18 of 32 this year."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for lang, want := range map[string][]string{"zh": c.zh, "en": c.en} {
				m := wednesday()
				c.change(&m)
				if diff := cmp.Diff(want, lines(reader(t, lang, c.now).StudyMessage(m))[2:]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", lang, diff)
				}
			}
		})
	}
}

// The material is a button that leads there, unless no button could.
func TestTheMaterialIsAButton(t *testing.T) {
	t.Parallel()
	for link, want := range map[string]string{
		"https://example.com/a.pdf?x=1&y=2":          "https://example.com/a.pdf?x=1&y=2",
		"http://example.com/a b|c<d>":                "http://example.com/a%20b%7Cc%3Cd%3E",
		"javascript:alert(1)":                        "",
		"ftp://example.com/a":                        "",
		"example.com/a":                              "",
		"https://e.com/" + strings.Repeat("a", 3000): "",
	} {
		m := wednesday()
		m.Study.Link = link
		shown := reader(t, "zh", "2026-11-24 16:15").StudyMessage(m)
		s := shown.Blocks[0].(*slack.SectionBlock)
		got := ""
		if s.Accessory != nil {
			got = s.Accessory.ButtonElement.URL
			if s.Accessory.ButtonElement.ActionID != ActionStudyOpen || s.Accessory.ButtonElement.Value != "5" {
				t.Errorf("%+v", s.Accessory.ButtonElement)
			}
		}
		if got != want {
			t.Errorf("%.60q leads to %q, want %q", link, got, want)
		}
	}
}

// The form holds no right answer, whatever the questions say.
func TestTheFormOfAMakeupKeepsTheAnswers(t *testing.T) {
	t.Parallel()
	m := MakeupModel{StudyModel: wednesday(), Draft: 9, Proof: []models.Proof{{File: "F1", Kind: models.ProofPhoto}, {File: "F2", Kind: models.ProofVoice}}}
	m.Study.Quiz = []models.Question{{Text: "红灯时？", Options: []string{"停", "冲"}, Right: 0}, {Text: "雨天？", Options: []string{"快", "慢"}, Right: 1}}
	form := func(right int) *slack.ModalViewRequest {
		m.Study.Quiz[0].Right = right
		return reader(t, "zh", "2026-11-30 20:30").MakeupModal(m)
	}
	if diff := cmp.Diff(form(0), form(1)); diff != "" {
		t.Errorf("two forms that differ in the right answer differ:\n%s", diff)
	}
	v := form(0)
	if v.CallbackID != "makeup" || v.PrivateMetadata != "5@9" {
		t.Errorf("%s %s", v.CallbackID, v.PrivateMetadata)
	}
	words := lines(Message{Blocks: v.Blocks.BlockSet})
	for _, want := range []string{"可以补到 周三 12月2日 20:30。", "先打开材料看一遍，再往下写。点开会记下你打开过。", "已收到：1 张照片、1 段录音。", "小测 2 题，答对 1 题才能交。可以重答，次数不限。"} {
		if !strings.Contains(strings.Join(words, "\n"), want) {
			t.Errorf("%q is not in %q", want, words)
		}
	}
	m.Attendance.Tries, m.Attendance.Score = 1, 2 // passed, then given back
	if n := len(form(0).Blocks.BlockSet); n != len(v.Blocks.BlockSet)-4 {
		t.Errorf("a quiz that was passed is asked again: %d blocks of %d", n, len(v.Blocks.BlockSet))
	}
}

// The leader's list stays within Slack's limits with as many and as long
// make-ups as there may be, and markup of members stays text.
func TestTheListOfMakeupsStaysWithinLimits(t *testing.T) {
	t.Parallel()
	w := wednesday()
	m := MakeupsModel{Study: w.Study, Occurrence: w.Occurrence, All: 63}
	for i := range 12 {
		m.Rows = append(m.Rows, MakeupRow{Who: models.Person{Name: "<!channel>"}, Attendance: models.Attendance{ID: int64(i + 1), State: models.AttendanceMadeUp,
			At: instant("2026-11-30 08:00"), Reason: strings.Repeat("<!here> *x* 学", 400), Tries: 2, Score: 3,
			Proof: []models.Proof{{File: "F1", Kind: models.ProofPhoto, Link: "https://x.slack.com/files/U1/F1/a.jpg"}, {File: "F2", Kind: models.ProofPhoto, Link: "javascript:x"}}}})
	}
	for _, lang := range []string{"zh", "en"} {
		p := reader(t, lang, "2026-11-30 09:00")
		shown := p.Makeups(m)
		if len(shown.Blocks) > 50 {
			t.Errorf("%d blocks", len(shown.Blocks))
		}
		total := 0
		for _, b := range shown.Blocks {
			if s, ok := b.(*slack.SectionBlock); ok {
				total += len([]rune(s.Text.Text))
				if len([]rune(s.Text.Text)) > 3000 {
					t.Errorf("a section of %d characters", len([]rune(s.Text.Text)))
				}
			}
		}
		if total > 11000 {
			t.Errorf("%d characters in all", total)
		}
		all := strings.Join(lines(shown), "\n")
		if strings.Contains(all, "<!here>") || strings.Contains(all, "<!channel>") || strings.Contains(all, "javascript:x|") {
			t.Error("markup acts")
		}
		if more := map[string]string{"zh": "[ 还有 51 份 ]", "en": "[ 51 more ]"}[lang]; !strings.Contains(all, more) {
			t.Errorf("%q is not offered", more)
		}
		p.Now = instant("2026-12-14 08:00").Time()
		if all = strings.Join(lines(p.Makeups(m)), "\n"); strings.Contains(all, p.T("makeup.back")+" ]") {
			t.Error("after two weeks nothing is returned")
		}
	}
}

// Every view of make-ups can be said in both languages.
func TestMakeupViewsInBothLanguages(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := reader(t, lang, "2026-11-30 20:30")
		m := wednesday()
		m.Study.Quiz = []models.Question{{Text: "?", Options: []string{"a", "b"}}}
		voice := []models.Proof{{File: "F1", Kind: models.ProofVoice}}
		for _, shown := range []Message{p.ProofOffer([]StudyModel{m}, voice, 3), p.ProofOffer([]StudyModel{m, m}, voice, 3), p.ProofOpenFirst(m, 3),
			p.Makeups(MakeupsModel{Study: m.Study, Occurrence: m.Occurrence}), p.Makeups(MakeupsModel{Study: m.Study, Occurrence: m.Occurrence, Past: true, All: 1}),
			p.MakeupRead(m, models.Person{Name: "李"}), p.MakeupGivenBack(m, models.Person{Name: "李"}), p.QuizShown(m.Study), p.QuizOffer(m.Study), p.QuizShown(models.Study{}), p.QuizOffer(models.Study{})} {
			if shown.Text == "" || len(shown.Blocks) == 0 {
				t.Errorf("%s: %+v", lang, shown)
			}
		}
		for _, v := range []*slack.ModalViewRequest{p.MakeupModal(MakeupModel{StudyModel: m, Missed: true}), p.MakeupModal(MakeupModel{StudyModel: m, Stale: true}),
			p.MakeupBackModal(m, models.Person{Name: "李"}), p.QuizModal(m.Study), p.ExcuseModal(m), p.ExcuseNoModal(m, models.Person{Name: "李"})} {
			if v.CallbackID == "" || len(v.Blocks.BlockSet) < 2 {
				t.Errorf("%s: %+v", lang, v)
			}
		}
	}
}
