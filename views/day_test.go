package views

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/models"
)

// fullDay is a message of the day: one ahead, one answered, one missed, one that
// a newer message shows.
func fullDay() DayModel {
	item := func(id int64, title, start string) StudyModel {
		m := wednesday()
		m.Study.Title, m.Study.Link, m.Attendance.ID = title, "", id
		m.Occurrence.Start = instant(start)
		m.Occurrence.End = m.Occurrence.Start + 60*60*1000
		return m
	}
	d := DayModel{Day: instant("2026-11-25 10:00"), LateFrom: instant("2026-11-25 9:00"), Items: []StudyModel{
		item(1, "党课", "2026-11-19 19:30"), item(2, "案例", "2026-11-25 15:00"), item(3, "读书", "2026-11-25 19:30"), item(4, "谈心", "2026-11-26 19:30")}}
	d.Items[2].Attendance.Intent = models.IntentAttend
	d.Items[3].Past = true
	return d
}

// The message of a full day: each item with its own buttons, each button with an
// id of its own row, and the way to fewer of them.
func TestAFullDayAsTheMemberSeesIt(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{
		"zh": {"*周三 11月25日的学习提醒，共 4 项*", "这条提醒晚到了，本来是 周三 11月25日 9:00 的。",
			"周四 11月19日 19:30 *党课*（约 60 分钟）", "这次没有看到你签到。可以补到 周四 11月26日 20:30。", "[ 现在补 ][ 请假 ]",
			"周三 11月25日 15:00 *案例*（约 60 分钟）", "[ 我会来 ][ 来不了，我补学 ][ 请假 ][ 晚点提醒 ]",
			"周三 11月25日 19:30 *读书*（约 60 分钟）", "好的，19:30 见。到时在这条消息里签到。", "[ 来不了，我补学 ][ 请假 ][ 晚点提醒 ]",
			"周四 11月26日 19:30 *谈心*（以后面的新消息为准）", "[ 少提醒一点 ]"},
		"en": {"*Study reminders of Wed 25 Nov, 4 in all*", "This reminder is late; it was meant for Wed 25 Nov 9:00.",
			"Thu 19 Nov 19:30: *党课* (about 60 minutes)", "We have no check-in from you. You can make it up until Thu 26 Nov 20:30.", "[ Do it now ][ Ask to be excused ]",
			"Wed 25 Nov 15:00: *案例* (about 60 minutes)", "[ I'll be there ][ Can't, I'll make it up ][ Ask to be excused ][ Remind me later ]",
			"Wed 25 Nov 19:30: *读书* (about 60 minutes)", "See you at 19:30. Check in here once it starts.", "[ Can't, I'll make it up ][ Ask to be excused ][ Remind me later ]",
			"Thu 26 Nov 19:30: *谈心* (a newer message follows)", "[ Fewer reminders ]"},
	} {
		m := reader(t, lang, "2026-11-25 10:00").StudyDay(fullDay())
		if diff := cmp.Diff(want, lines(m)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
		if got := strings.Split(m.Text, "\n"); len(got) != 5 {
			t.Errorf("%s: the notification names all four: %q", lang, m.Text)
		}
		seen := map[string]bool{}
		for _, b := range m.Blocks {
			row, ok := b.(*slack.ActionBlock)
			if !ok {
				continue
			}
			for _, e := range row.Elements.ElementSet {
				id := e.(*slack.ButtonBlockElement).ActionID
				if seen[id] {
					t.Errorf("%s: %s stands twice", lang, id)
				}
				seen[id] = true
			}
		}
	}
}

// The fullest message of the day keeps under Slack's limits with the first
// contact under it.
func TestTheFullestDayFits(t *testing.T) {
	t.Parallel()
	d := fullDay()
	for len(d.Items) < models.DayItems {
		item := d.Items[1]
		item.Attendance.ID = int64(len(d.Items) + 1)
		item.Study.Title = strings.Repeat("长", 500)
		d.Items = append(d.Items, item)
	}
	m := reader(t, "zh", "2026-11-25 10:00").StudyDay(d)
	if len(m.Blocks) > greetRoom || len([]rune(m.Text)) > LimitText {
		t.Errorf("%d blocks, a text of %d", len(m.Blocks), len([]rune(m.Text)))
	}
	for _, l := range lines(m) {
		if len([]rune(l)) > LimitSection {
			t.Errorf("%d characters in a line", len([]rune(l)))
		}
	}
}

// What is offered names the window that begins then; what was chosen says what
// holds, and takes it back.
func TestPuttingOffAndFewer(t *testing.T) {
	t.Parallel()
	times := []models.Snooze{{At: instant("2026-11-25 10:15")}, {At: instant("2026-11-25 14:30"), In: &models.Window{Start: 14*60 + 30, End: 16*60 + 30}}}
	who := models.Person{PauseUntil: instant("2026-12-02 00:00")}
	for lang, want := range map[string][]string{
		"zh": {"“读书”什么时候再提醒你？", "[ 周三 11月25日 10:15 ][ 周三 11月25日 14:30（时段 14:30–16:30） ]",
			"想怎么少提醒？", "[ 暂停一周 ][ 每次学习只提醒一次 ][ 不再提醒学习 ][ 全部设置 ]", "想怎么少提醒？", "[ 不再提醒 ][ 暂停一周 ][ 不接受别人设的提醒 ][ 全部设置 ]",
			"好的，周三 12月2日以前不提醒你学习，也不转达别人设的提醒。你自己设的照常。", "[ 撤销 ][ 全部设置 ]"},
		"en": {"When shall I remind you of “读书” again?", "[ Wed 25 Nov 10:15 ][ Wed 25 Nov 14:30 (window 14:30–16:30) ]",
			"What would suit you better?", "[ Pause for a week ][ One reminder a session ][ None about study ][ All settings ]", "What would suit you better?", "[ Stop reminding me ][ Pause for a week ][ None set by others ][ All settings ]",
			"OK, nothing about study and no reminders set by others before Wed 2 Dec. Those you set yourself come as ever.", "[ Undo ][ All settings ]"},
	} {
		p := reader(t, lang, "2026-11-25 10:00")
		var got []string
		for _, m := range []Message{p.Snoozes("7", "读书", times), p.Fewer("", []string{"week", "early", "study"}), p.Fewer("m9", []string{"week", "remind"}), p.FewerTaken("week", who)} {
			got = append(got, lines(m)...)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
		for _, kind := range append([]string{"week"}, "early", "follow", "study", "remind") {
			if text := fmt.Sprint(lines(p.FewerTaken(kind, who))); strings.Contains(text, "day.") {
				t.Errorf("%s: no words for %s", lang, kind)
			}
		}
	}
}
