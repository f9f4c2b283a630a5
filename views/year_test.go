package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"

	"muster/models"
)

func yearRowOf(id int64, name string, done, target int, f models.Forecast, last models.Instant) models.YearRow {
	span := models.YearSpan(2026, models.Zone("Asia/Shanghai"))
	return models.YearRow{Person: callPerson(id, name), Forecast: f,
		YearAccount: models.YearAccount{PersonID: id, Year: 2026, From: span.Start, To: span.End, Full: 32 * 60, Target: target * 60, Done: done * 60, LastAt: last}}
}

func branchYear() YearModel {
	short := models.Forecast{Verdict: models.VerdictShort, Projected: 29 * 60, Missing: 180, More: 360, By: callTime(25, 19, 30)}
	beyond := models.Forecast{Verdict: models.VerdictBeyond, Projected: 690, Missing: 1230, More: 300}
	exempt := yearRowOf(7, "周七", 2, 0, models.Forecast{Verdict: models.VerdictExempt}, 0)
	exempt.Exempt = true
	m := YearModel{Unit: models.Unit{ID: 3, Name: "城东支部"}, Year: 2026, This: true, Pages: 1, Manages: true, Rows: []models.YearRow{
		yearRowOf(2, "王敏", 10, 32, beyond, callTime(18, 19, 30)), yearRowOf(3, "李四", 26, 32, short, callTime(4, 19, 30)),
		yearRowOf(4, "新人", 1, 32, models.Forecast{Verdict: models.VerdictEarly}, 0),
		yearRowOf(5, "张三", 30, 32, models.Forecast{Verdict: models.VerdictOnPace, Projected: 36 * 60}, callTime(18, 19, 30)),
		yearRowOf(6, "赵六", 33, 32, models.Forecast{Verdict: models.VerdictReached}, callTime(18, 19, 30)), exempt}}
	m.Totals = models.TotalYear(m.Rows)
	return m
}

// bodies are the texts of a message's sections, line by line, buttons as [ … ].
func bodies(m Message) string {
	var out []string
	for _, b := range m.Blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			out = append(out, b.Text.Text)
		case *slack.ActionBlock:
			line := ""
			for _, e := range b.Elements.ElementSet {
				line += "[ " + e.(*slack.ButtonBlockElement).Text.Text + " ]"
			}
			out = append(out, line)
		case *slack.ContextBlock:
			out = append(out, b.ContextElements.Elements[0].(*slack.TextBlockObject).Text)
		}
	}
	return strings.Join(out, "\n")
}

func TestTheYearsAccountCanBeReadAloud(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"zh": `*城东支部 6 人：2 人达到进度，2 人可能不足，1 人还不能预测，1 人免学。*
*王敏* 10/32 学时，照这样年底有 11.5，差 20.5；已安排的只剩 5，不够 · 上次参加 周三 11月18日
*李四* 26/32 学时，照这样年底有 29，差 3；从 11月25日 起每次都参加，还够 · 上次参加 周三 11月4日
*新人* 1/32 学时，记录还少，不能预测 · 这一年还没有参加过
*张三* 30/32 学时，照这样年底有 36，够 · 上次参加 周三 11月18日
*赵六* 33/32 学时，已达到 · 上次参加 周三 11月18日
*周七* 免学，已学 2 学时
[ Excel 表格 ][ CSV ][ 登记免学 ]
预测按今年以来的进度算；学习日不到 3 天、时间不满 4 周的，不预测。`,
		"en": `*城东支部, 6 people: 2 on pace, 2 may fall short, 1 with too little to go by yet, 1 excused from the target.*
*王敏* 10 of 32 hours, 11.5 by the year's end at this pace, 20.5 short; only 5 more are planned, not enough · last took part Wed 18 Nov
*李四* 26 of 32 hours, 29 by the year's end at this pace, 3 short; every session from 25 Nov on would still do · last took part Wed 4 Nov
*新人* 1 of 32 hours, too little to go by yet · has not taken part this year
*张三* 30 of 32 hours, 36 by the year's end at this pace, enough · last took part Wed 18 Nov
*赵六* 33 of 32 hours, reached · last took part Wed 18 Nov
*周七* excused from the target, 2 hours done
[ Excel file ][ CSV ][ Excuse from the target ]
The forecast goes by the pace of this year. With fewer than 3 days of study, or less than 4 weeks, there is none.`,
	} {
		m := callPrinter(t, lang).Year(branchYear())
		checkMessage(t, m)
		if diff := cmp.Diff(want, bodies(m)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
	}
}

func TestAChannelSeesNoNames(t *testing.T) {
	t.Parallel()
	m := branchYear()
	m.Channel = true
	for _, lang := range []string{"zh", "en"} {
		shown := callPrinter(t, lang).Year(m)
		checkMessage(t, shown)
		for _, r := range m.Rows {
			if strings.Contains(bodies(shown)+shown.Text, r.Person.Name) {
				t.Errorf("%s names %s: %s", lang, r.Person.Name, bodies(shown))
			}
		}
	}
	m.Rows = m.Rows[:4]
	m.Totals = models.TotalYear(m.Rows)
	for lang, want := range map[string]string{"zh": "城东支部不到 5 人，频道里不显示学时。\n[ 逐人看（发到私聊） ]",
		"en": "城东支部 has fewer than 5 people, so its study hours are not shown in a channel.\n[ By name (in a direct message) ]"} {
		if got := bodies(callPrinter(t, lang).Year(m)); got != want {
			t.Errorf("%s: %s", lang, got)
		}
	}
}

func TestPagesOfALargeUnitKeepToSlacksLimits(t *testing.T) {
	t.Parallel()
	m := branchYear()
	m.Page, m.Pages, m.Rows = 1, 500, nil
	for i := range 20 {
		r := branchYear().Rows[1]
		r.Person.Name = strings.Repeat("很长的名字", 40) + fmt.Sprint(i)
		m.Rows = append(m.Rows, r)
	}
	for _, lang := range []string{"zh", "en"} {
		shown := callPrinter(t, lang).Year(m)
		checkMessage(t, shown)
		if body := bodies(shown); !strings.Contains(body, "500") || strings.Contains(body, "…\n") && !strings.Contains(body, "19") {
			t.Errorf("%s: %s", lang, body)
		}
	}
}

func TestOnesOwnAccount(t *testing.T) {
	t.Parallel()
	r := branchYear().Rows[1]
	r.Attended, r.MadeUp, r.Absent = models.YearCount{Sessions: 24, Minutes: 24 * 60}, models.YearCount{Sessions: 2, Minutes: 120}, models.YearCount{Sessions: 20, Minutes: 1200}
	r.Chances = []models.Chance{{At: callTime(25, 20, 30), Minutes: 60, Open: true}, {At: callTime(25, 19, 30), Minutes: 60}}
	part := branchYear().Rows[3]
	part.Target, part.Free = 18*60, []models.DaySpan{{First: "2026-01-01", Last: "2026-06-01"}}
	for lang, want := range map[string][]string{
		"zh": {"*2026 年学习 26/32 学时*\n参加 24 次（24 学时），补学 2 次（2 学时），缺席 20 次（20 学时），还能补 1 次（1 学时），还要开 1 次（1 学时）。\n" +
			"按现在的进度，到 12月31日 有 29 学时，差 3。到那时还能再得 6 学时；最晚从 11月25日 起每次都参加，还来得及。",
			"*2026 年学习 30/18 学时*\n1月1日到6月1日免学，目标从 32 学时减为 18 学时。\n按现在的进度，到 12月31日 有 36 学时，够了。",
			"*2026 年免学，已学 2 学时*\n不设学时目标；学了照样记。"},
		"en": {"*Study in 2026: 26 of 32 hours*\nattended 24 (24 h), made up 2 (2 h), absent 20 (20 h), can be made up 1 (1 h), still to come 1 (1 h).\n" +
			"At this pace you will have 29 hours by 31 Dec, 3 short. What is offered until then would give 6 more; taking part in everything from 25 Nov on would still do.",
			"*Study in 2026: 30 of 18 hours*\nExcused 1 Jan to 1 Jun, so the target is 18 hours instead of 32.\nAt this pace you will have 36 hours by 31 Dec, which is enough.",
			"*Study in 2026: excused from the target, 2 hours done*\nNo hours are asked of you; what you do is credited all the same."},
	} {
		for i, row := range []models.YearRow{r, part, branchYear().Rows[5]} {
			m := callPrinter(t, lang).OwnYear(row)
			checkMessage(t, m)
			if diff := cmp.Diff(want[i], bodies(m)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", lang, diff)
			}
		}
	}
}

func TestAKindWordToTheLeader(t *testing.T) {
	t.Parallel()
	unit := models.Unit{ID: 3, Name: "城东支部"}
	away := []AwayModel{{Person: callPerson(2, "王敏"), Absence: models.Absence{Since: callNow.Add(-160 * 24 * time.Hour), Never: true, Held: 22}, Open: models.Chance{At: callTime(25, 20, 30)}},
		{Person: callPerson(3, "李四"), Absence: models.Absence{Since: callNow.Add(-96 * 24 * time.Hour), Held: 1}, Next: models.Chance{At: callTime(25, 19, 30)}}}
	for lang, want := range map[string]string{
		"zh": `*城东支部有 2 位成员很久没来学习了*
*王敏* 从 6月16日 起（160 天）开了 22 次，还没有参加过；11月25日前还能补学
*李四* 上次参加是 8月19日（96 天前），之后开了 1 次；下一次 周三 11月25日 19:30
打个电话问候一下，也许是时间不合适：可以换个场次、补学，或者登记免学。满六个月没有参加又没有说明原因，才会成为按规定处理的事，现在都还来得及。
[ 看年度学时 ][ 登记免学 ]
只发给你一个人。不想再收：/muster 资料 不要: 负责人提示`,
		"en": `*城东支部: 2 members have not been at study for long*
*王敏* has not taken part yet; 22 sessions since 16 Jun (160 days); can make up until 25 Nov
*李四* last took part on 19 Aug (96 days ago); 1 session since; next session Wed 25 Nov 19:30
A call may help. Perhaps the time does not suit: another slot, a make-up or being excused from the target are possible. Only after six months without taking part and without a reason does it become a matter of rules; there is time now.
[ The year's account ][ Excuse from the target ]
Only you get this. To stop it: /muster profile off: leader notes`,
	} {
		m := callPrinter(t, lang).YearAbsence(unit, 2026, away)
		checkMessage(t, m)
		if diff := cmp.Diff(want, bodies(m)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", lang, diff)
		}
		checkMessage(t, callPrinter(t, lang).YearShort(unit, 2026, branchYear().Rows))
		checkMessage(t, callPrinter(t, lang).YearNoteOver(unit))
	}
}

func TestAMemberIsToldThatTheyAreExcused(t *testing.T) {
	t.Parallel()
	e := models.Exemption{ID: 9, Year: 2026, FirstDay: "2026-01-01", LastDay: "2026-06-01", Reason: "因病 <!channel>", State: models.ExemptionActive}
	m := ExemptModel{Person: callPerson(2, "王敏"), By: callPerson(1, "陈琳"), Exemption: e, Account: models.YearAccount{Full: 32 * 60, Target: 18 * 60, Done: 600}}
	whole := m
	whole.Exemption.LastDay = "2026-12-31"
	ended := m
	ended.Exemption.State = models.ExemptionEnded
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		for _, one := range []ExemptModel{m, whole, ended} {
			checkMessage(t, p.ExemptTold(one))
			checkMessage(t, p.Exempted([]ExemptModel{one, one}))
			if text := bodies(p.ExemptTold(one)) + bodies(p.Exempted([]ExemptModel{one})); strings.Contains(text, "<!channel>") {
				t.Errorf("%s calls everybody: %s", lang, text)
			}
		}
		if undo := bodies(p.Exempted([]ExemptModel{ended})); strings.Contains(undo, "[") {
			t.Errorf("%s offers to undo what was taken back: %s", lang, undo)
		}
		modal := p.ExemptModal(2026, nil)
		if modal.CallbackID != ModalExempt || len(modal.Blocks.BlockSet) != 6 {
			t.Errorf("%s: %+v", lang, modal)
		}
	}
}

func TestHomeOfALeaderHasWhatWaitsInStudy(t *testing.T) {
	t.Parallel()
	study := models.Study{ID: 7, Number: 7, Title: "支部学习：骑手服务案例", Length: 60}
	on := models.Occurrence{ID: 70, Start: callTime(18, 19, 30), End: callTime(18, 20, 30)}
	o := busyOverview()
	o.CanLead = true
	o.Hands = []models.StudyHand{{Kind: models.HandExcuse, Study: study, Occurrence: on, Attendance: models.Attendance{ID: 31, Reason: "家里有事"}, Person: callPerson(2, "王敏")},
		{Kind: models.HandRecord, Study: study, Occurrence: on}, {Kind: models.HandMakeups, Study: study, Occurrence: on, N: 3}}
	o.Year, o.Forecast = branchYear().Rows[1].YearAccount, branchYear().Rows[1].Forecast
	for _, lang := range []string{"zh", "en"} {
		v := callPrinter(t, lang).Home(o)
		if fault := blocksFault(v.Blocks.BlockSet, 100); fault != "" {
			t.Errorf("%s: %s", lang, fault)
		}
		golden(t, "home_study_hands_"+lang, v.Blocks)
	}
}
