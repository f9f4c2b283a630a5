package views

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/models"
)

func wednesdayLed() SessionModel {
	m := wednesday()
	return SessionModel{Study: m.Study, Occurrence: m.Occurrence, Tally: models.StudyTally{Expected: 12, Onsite: 6, Self: 2, Late: 1, WalkIns: 1, Missing: 4, Unseen: 4, Asked: 1}}
}

// The leader's question through its life, in both languages.
func TestTheLeadersQuestion(t *testing.T) {
	t.Parallel()
	zhTally, enTally := "现场签到 6 人，自己报到 2 人，其中迟到 1 人，其中从别处来的 1 人，待准假 1 人，没有签到 4 人",
		"6 by code on site, 2 self-reported, 1 of them late, 1 of them from elsewhere, 1 waiting to be excused, 4 not checked in"
	for _, c := range []struct {
		name   string
		change func(*SessionModel)
		zh, en []string
	}{
		{"asked", func(*SessionModel) {},
			[]string{"支部学习：骑手服务案例：周三 11月25日 19:30 的学习开展了吗？", "签到 8 人，应到 12 人", zhTally, "[ 已开展，点名 ][ 改期 ][ 没有开展 ]"},
			[]string{"支部学习：骑手服务案例: did the Wed 25 Nov 19:30 session take place?", "Checked in 8 of 12", enTally, "[ Yes, take the roll ][ Moved ][ No ]"}},
		{"held by a code", func(m *SessionModel) { m.Occurrence.State = models.OccurrenceHeld },
			[]string{"周三 11月25日 19:30 的学习“支部学习：骑手服务案例”有人用签到码签到，记为已开展。其余的人请点一下名。", "签到 8 人，应到 12 人", zhTally, "[ 点名 ]"},
			[]string{"“支部学习：骑手服务案例” on Wed 25 Nov 19:30 is recorded as held: somebody used its check-in code. Please take the roll of the others.", "Checked in 8 of 12", enTally, "[ Roll ]"}},
		{"the roll taken late", func(m *SessionModel) {
			m.Occurrence.State, m.Occurrence.SettledBy, m.Occurrence.RollBy, m.Occurrence.RollAt = models.OccurrenceHeld, 9, 9, instant("2026-11-28 10:00")
			m.Roller = models.Person{Name: "陈琳"}
		},
			[]string{"周三 11月25日 19:30 的学习“支部学习：骑手服务案例”记为已开展。", "签到 8 人，应到 12 人", zhTally, "补录：陈琳，周六 11月28日 10:00", "[ 点名 ]"},
			[]string{"“支部学习：骑手服务案例” on Wed 25 Nov 19:30 is recorded as held.", "Checked in 8 of 12", enTally, "Entered late: 陈琳, Sat 28 Nov 10:00", "[ Roll ]"}},
		{"asked once more", func(m *SessionModel) { m.Past = true },
			[]string{"周三 11月25日 19:30 支部学习：骑手服务案例（以后面的新消息为准）"}, []string{"Wed 25 Nov 19:30: 支部学习：骑手服务案例 (a newer message follows)"}},
	} {
		m := wednesdayLed()
		c.change(&m)
		if diff := cmp.Diff(c.zh, lines(reader(t, "zh", "2026-11-25 21:30").StudyAsk(m))); diff != "" {
			t.Errorf("%s, Chinese (-want +got):\n%s", c.name, diff)
		}
		if diff := cmp.Diff(c.en, lines(reader(t, "en", "2026-11-25 21:30").StudyAsk(m))); diff != "" {
			t.Errorf("%s, English (-want +got):\n%s", c.name, diff)
		}
	}
}

// What a member sees of the roll, and can say about it.
func TestTheRollInAMembersMessage(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*models.Attendance)
		zh, en string
		button string
	}{
		{"late by the roll", func(a *models.Attendance) {
			a.State, a.How, a.LateMin, a.At, a.EnteredAt = models.AttendanceAttended, models.HowRoll, 20, instant("2026-11-25 19:50"), a.RollAt
		}, "陈琳 点名记你迟到 20 分钟。", "陈琳 put you on the roll as 20 minutes late.", "[ 不对 ]"},
		{"not there", func(*models.Attendance) {}, "陈琳 点名记你没有到。", "陈琳 put you on the roll as not there.", "[ 现在补 ][ 请假 ][ 不对 ]"},
		{"excused, with a note that tries to be markup", func(a *models.Attendance) {
			a.State, a.Note = models.AttendanceExcused, "<!channel> *ill*"
		}, "陈琳 点名记你请假。备注：&lt;!channel&gt;", "陈琳 put you on the roll as excused. Note: &lt;!channel&gt;", "[ 不对 ]"},
		{"contested", func(a *models.Attendance) { a.ContestAt = a.RollAt }, "你说这条点名有误", "You say this is wrong", "[ 现在补 ][ 请假 ][ 其实没错 ]"},
		{"entered late", func(a *models.Attendance) { a.RollAt = instant("2026-11-28 10:00") }, "周六 11月28日 10:00 补录。", "Entered late, Sat 28 Nov 10:00.", "[ 现在补 ][ 请假 ][ 不对 ]"},
	} {
		m := wednesday()
		m.Roller, m.Attendance.RollBy, m.Attendance.RollAt = models.Person{Name: "陈琳"}, 9, instant("2026-11-25 21:35")
		c.change(&m.Attendance)
		zh := lines(reader(t, "zh", "2026-11-28 12:00").StudyMessage(m))
		if !strings.Contains(strings.Join(zh, "\n"), c.zh) || zh[len(zh)-1] != c.button {
			t.Errorf("%s: %q", c.name, zh)
		}
		if en := strings.Join(lines(reader(t, "en", "2026-11-28 12:00").StudyMessage(m)), "\n"); !strings.Contains(en, c.en) {
			t.Errorf("%s: %q", c.name, en)
		}
	}
}

// However many there are and whatever they are called, the modal keeps to
// Slack's limits, and its metadata is read back.
func TestTheRollKeepsToSlacksLimits(t *testing.T) {
	t.Parallel()
	m := StudyRollModel{SessionModel: wednesdayLed(), People: map[int64]models.Person{}, Count: 5000, Open: 5000}
	m.Study.Title = strings.Repeat("长", 300)
	for i := range int64(StudyRollPage) {
		m.Rows = append(m.Rows, models.Attendance{ID: 1 << 40, PersonID: i, State: models.AttendanceDue, Intent: models.IntentExcuse, Reason: strings.Repeat("因", 500)})
		m.People[i] = models.Person{Name: strings.Repeat("名", 200)}
		m.ByCode = append(m.ByCode, models.Attendance{PersonID: i, State: models.AttendanceAttended, At: instant("2026-11-25 19:20")})
	}
	for i := range 90 {
		m.Units = append(m.Units, models.Unit{ID: int64(i + 1), Name: strings.Repeat("支", 100)})
	}
	meta := StudyRollMeta{Occurrence: 3, What: RollOpen, Unit: 7, Offset: 40}
	for _, lang := range []string{"zh", "en"} {
		v := reader(t, lang, "2026-11-25 21:30").StudyRollModal(m, meta, strings.Repeat("说", 5000))
		if n := len(v.Blocks.BlockSet); n > 100 {
			t.Errorf("%d blocks", n)
		}
		seen := map[string]bool{}
		for _, b := range v.Blocks.BlockSet {
			if id := b.ID(); id != "" && (seen[id] || len(id) > 255) && !strings.HasPrefix(id, FieldMark) && !strings.HasPrefix(id, FieldMarkNote) {
				t.Errorf("block id %q", id)
			} else {
				seen[id] = true
			}
			if s, ok := b.(*slack.SectionBlock); ok && len([]rune(s.Text.Text)) > 3000 {
				t.Errorf("a section of %d characters", len([]rune(s.Text.Text)))
			}
			if a, ok := b.(*slack.ActionBlock); ok {
				for _, e := range a.Elements.ElementSet {
					if s, ok := e.(*slack.SelectBlockElement); ok && (len(s.Options) > 100 || len(s.Options) == 0) {
						t.Errorf("%d options", len(s.Options))
					}
				}
			}
		}
		back, ok := ParseStudyRollMeta(v.PrivateMetadata)
		want := meta
		want.Rows = StudyRollPage
		if diff := cmp.Diff(want, back); !ok || diff != "" {
			t.Errorf("metadata (-want +got):\n%s", diff)
		}
	}
	for _, raw := range []string{"", `{"call":1}`, "studies:1", "7"} {
		if _, ok := ParseStudyRollMeta(raw); ok {
			t.Errorf("%q is taken for a session's", raw)
		}
	}
	for _, raw := range []string{"study:", "study:x:y:z", "study:9", fmt.Sprint("study:9:open:", 1<<40, ":-5:", 3)} {
		if got, ok := ParseStudyRollMeta(raw); !ok || got.Occurrence != 0 && got.Occurrence != 9 {
			t.Errorf("%q: %+v %v", raw, got, ok)
		}
	}
}
