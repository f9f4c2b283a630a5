package main

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox"
	"muster/services"
)

// A branch from the month's plan to the year's account: 王强 leads it, and each
// of its members is somebody one meets.
const (
	branchHead = "U003" // leads, and is there every week
	steady     = "U018" // every week: 32 hours by 25 November
	catchingUp = "U019" // missed the first, made it up, came to four more
	behind     = "U020" // came twice
	excusedOne = "U021" // ill: no hours are asked of them
	stranger   = "U022" // never came
)

// rollWeek is the week in which one is put on the roll.
const rollWeek = 5

// yearWords is what people write and read over the year in one language.
type yearWords struct {
	unit                                                      string
	duty, line                                                string
	dutyAdded, opened, month, in                              []string
	reason, part, partTold, partOver                          string
	code, rolled                                              string
	long                                                      string
	exempt, exempted, exemptTold                              string
	note, account                                             []string
	channel                                                   string
	own, ownBehind, held                                      []string
	refused                                                   string
	dutyList                                                  []string
	dutyAsk, monthAsk, yearAsk, me, exemptSelf, exemptRefused string
}

var years = map[string]yearWords{
	"zh": {
		unit: "城北支部", duty: "学习 组织生活 加 党员大会 | 每月 | 范围: 城北支部", line: "学习 党员大会学习 | 时间: 每周三 19:30 | 时长: 2h | 学时: 4 | 范围: 城北支部 | 计入: 党员大会",
		dutyAdded: []string{"党员大会"}, opened: []string{"已安排学习：党员大会学习（#s1）", "每周三 19:30"}, monthAsk: "学习 计划 12月", month: []string{"12月2日", "12月30日", "党员大会学习"},
		reason: "产假", part: "2026 年 1月1日到6月1日 免学（产假），目标从 32 学时减为 18 学时", partTold: "全年目标从 32 学时减为 18 学时", partOver: "取消了你 2026 年的免学登记：目标是 32 学时，你已有 0 学时",
		code: "签到码", rolled: "点名记下：到 1 人", in: []string{"已签到 19:30，4 学时"}, long: "学习了安全条例，以后雨天提前减速、先报备再出发，也提醒同站的伙伴一起做到，",
		exempt: "学习 免学 <@U021> 2026 因病", exempted: "2026 年免学（因病）", exemptTold: "今年不设学时目标",
		exemptSelf: "学习 免学 <@U003> 2026 因病", exemptRefused: "不能给自己登记免学",
		note: []string{"城北支部有 2 位成员 2026 年的学时可能不足", "何勇", "秦海", "登记免学", "不要: 负责人提示"},
		account: []string{"城北支部 6 人：2 人达到进度，3 人可能不足，1 人免学。", "*何勇* 0/32 学时，照这样年底有 0，差 32；已安排的只剩 24，不够 · 这一年还没有参加过",
			"*王强* 32/56 学时，照这样年底有 52，差 4", "*秦海* 8/32 学时，照这样年底有 13.5，差 18.5；从 12月2日 起每次都参加，还够 · 上次参加 周三 10月21日",
			"*朱军* 20/32 学时，照这样年底有 32", "*杨帆* 32/32 学时，已达到", "*许娟* 免学，已学 0 学时"},
		channel: "城北支部 6 人：2 人达到进度，3 人可能不足，1 人免学。", yearAsk: "学习 年度",
		own: []string{"2026 年学习 20/32 学时", "参加 4 次（16 学时）", "补学 1 次（4 学时）"}, me: "我的",
		ownBehind: []string{"学习 8/32 学时", "按现在的进度，到 12月31日 有 13.5 学时，差 18.5。到那时还能再得 24 学时；最晚从 12月2日 起每次都参加，还来得及。"},
		refused:   "<@U003>", dutyAsk: "学习 组织生活", held: []string{"党员大会", "11月4日", "11月25日"}, dutyList: []string{"党员大会", "已安排：周三 12月2日 19:30（#s1）"},
	},
	"en": {
		unit: "North branch", duty: "study duties add Members' meeting | every month | for: North branch", line: "study Members' meeting | when: every Wed 19:30 | length: 2h | hours: 4 | for: North branch | duty: Members' meeting",
		dutyAdded: []string{"Members' meeting"}, opened: []string{"Study set up: Members' meeting (#s1)", "every Wed, 19:30"}, monthAsk: "study plan December", month: []string{"2 Dec", "30 Dec", "Members' meeting"},
		reason: "parental leave", part: "is excused from 1 Jan to 1 Jun 2026 (parental leave). The target is 18 hours instead of 32", partTold: "the year's target is 18 hours instead of 32", partOver: "took back that you are excused from the study target of 2026: it is 32 hours, and you have 0",
		code: "On-site code", rolled: "The roll has: 1 there", in: []string{"Checked in 19:30, 4 hours"}, long: "In the rain I slow down early, report first, and remind the others at my station. ",
		exempt: "study exempt <@U021> 2026 reason: illness", exempted: "excused from the study target of 2026 (illness)", exemptTold: "no hours are asked of you",
		exemptSelf: "study exempt <@U003> 2026 reason: illness", exemptRefused: "Nobody excuses themselves",
		note: []string{"North branch: 2 members may fall short of the study hours of 2026", "何勇", "秦海", "Excuse from the target", "off: leader notes"},
		account: []string{"North branch, 6 people: 2 on pace, 3 may fall short, 1 excused from the target.", "*何勇* 0 of 32 hours, 0 by the year's end at this pace, 32 short; only 24 more are planned, not enough · has not taken part this year",
			"*王强* 32 of 56 hours, 52 by the year's end at this pace, 4 short", "*秦海* 8 of 32 hours, 13.5 by the year's end at this pace, 18.5 short; every session from 2 Dec on would still do · last took part Wed 21 Oct",
			"*朱军* 20 of 32 hours, 32", "*杨帆* 32 of 32 hours, reached", "*许娟* excused from the target, 0 hours done"},
		channel: "North branch, 6 people: 2 on pace, 3 may fall short, 1 excused from the target.", yearAsk: "study year",
		own: []string{"Study in 2026: 20 of 32 hours", "attended 4 (16 h)", "made up 1 (4 h)"}, me: "me",
		ownBehind: []string{"Study: 8 of 32 hours", "At this pace you will have 13.5 hours by 31 Dec, 18.5 short. What is offered until then would give 24 more; taking part in everything from 2 Dec on would still do."},
		refused:   "<@U003>", dutyAsk: "study duties", held: []string{"Members' meeting", "4 Nov", "25 Nov"}, dutyList: []string{"Members' meeting", "Planned: Wed 2 Dec 19:30 (#s1)"},
	},
}

func TestABranchFromTheMonthsPlanToTheYearsAccount(t *testing.T) {
	t.Parallel()
	for lang, w := range years {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace(), startingAt(time.Date(2026, 10, 5, 2, 0, 0, 0, time.UTC)))
			s.enrolBranch(lang, w)
			s.planned(w)
			s.autumn(w)
			s.december(w)
			s.accounted(w)
		})
	}
}

func (s *story) enrolBranch(lang string, w yearWords) {
	s.t.Helper()
	var rows []services.MemberRow
	for _, p := range samplePeople() {
		if slices.Contains([]string{branchHead, steady, catchingUp, behind, excusedOne, stranger}, p.ID) {
			duty := "member"
			if p.ID == branchHead {
				duty = "leader"
			}
			rows = append(rows, services.MemberRow{Slack: p.ID, Name: sampleUser(p, lang).RealName, Unit: w.unit, Duty: duty})
		}
	}
	err := s.app.svc.Enrol(s.t.Context(), s.TeamID(), []services.UnitRow{{Name: w.unit, Type: "branch", Leader: branchHead}}, rows)
	if err != nil {
		s.t.Fatal(err)
	}
	s.settles()
}

// planned: the admin says what the branch owes each month, its leader plans
// every Wednesday and reads the month, and excuses who is ill.
func (s *story) planned(w yearWords) {
	s.t.Helper()
	s.answered(leader, sampleLobby, w.duty, w.dutyAdded...)
	s.answered(branchHead, s.DM(branchHead), w.line, w.opened...)
	s.settles()
	s.answered(branchHead, s.DM(branchHead), w.monthAsk, w.month...)
	s.answered(stranger, s.DM(stranger), w.exempt, w.refused)
	s.answered(branchHead, s.DM(branchHead), w.exemptSelf, w.exemptRefused)
	s.answered(branchHead, s.DM(branchHead), w.exempt, w.exempted)
	s.settles()
	s.gets(excusedOne, w.exemptTold)
}

// goesTo is at for weeks with more edits than Slack takes in a minute.
func (s *story) goesTo(wall string) {
	s.t.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", wall, time.FixedZone("CST", 8*3600))
	if err != nil {
		s.t.Fatal(err)
	}
	s.rests()
	s.passes(t.Sub(s.clock.Now()))
	s.rests()
}

// autumn is eight Wednesdays: those who are there use the code, which is the
// record that it was held; who missed the first one makes it up.
func (s *story) autumn(w yearWords) {
	s.t.Helper()
	there := map[string]func(week int) bool{
		branchHead: func(int) bool { return true }, steady: func(int) bool { return true },
		catchingUp: func(week int) bool { return week == 2 || week == 4 || week == 6 || week == 8 },
		behind:     func(week int) bool { return week == 1 || week == 3 },
	}
	day := time.Date(2026, 10, 7, 0, 0, 0, 0, time.UTC)
	for week := 1; week <= 8; week++ {
		s.goesTo(day.Format(time.DateOnly) + " 19:30")
		code := shownCode.FindString(s.answered(branchHead, s.DM(branchHead), "study s1 code", w.code).AllText())
		for _, who := range []string{branchHead, steady, catchingUp, behind} {
			if there[who](week) && !(who == steady && week == rollWeek) {
				s.writes(who, code, w.in...)
			}
		}
		if week == rollWeek { // a phone was flat: the leader puts them on the roll
			s.goesTo(day.Format(time.DateOnly) + " 21:00")
			s.answered(branchHead, s.DM(branchHead), "study s1 roll <@U018>", w.rolled)
		}
		s.goesTo(day.Format(time.DateOnly) + " 23:00")
		if week == 1 {
			s.goesTo("2026-10-12 21:30") // two days before the make-up closes
			follow := s.posts(s.DM(catchingUp))
			s.presses(catchingUp, follow[len(follow)-1], "study_makeup")
			v := s.view(catchingUp)
			if out := s.As(catchingUp).Submit(v, map[string]any{"reflection": strings.Repeat(w.long, 2)}); !out.Acked || len(out.Errors) > 0 {
				s.t.Fatalf("the make-up is refused: %+v", out)
			}
			s.rests()
		}
		day = day.AddDate(0, 0, 7)
	}
	s.answered(branchHead, s.DM(branchHead), w.dutyAsk, w.held...)
}

// december: in the leader's own time on the first they hear who may fall short.
func (s *story) december(w yearWords) {
	s.t.Helper()
	s.goesTo("2026-12-01 06:59")
	if early := s.about(branchHead, w.note[0]); len(early) != 0 {
		s.t.Errorf("at night: %s", texts(early))
	}
	s.goesTo("2026-12-01 07:00")
	note := s.told(branchHead, w.note[0], 1)
	s.shows(note, w.note...)
	for _, name := range []string{steady, catchingUp} {
		if strings.Contains(note.AllText(), nameOf(name)) {
			s.t.Errorf("the note names %s: %s", name, note.AllText())
		}
	}
	for _, who := range []string{steady, catchingUp, behind, stranger, excusedOne} {
		if told := s.about(who, w.note[0]); len(told) != 0 {
			s.t.Errorf("%s heard of it: %s", who, texts(told))
		}
	}
	s.presses(branchHead, note, "study_year")
	s.whispers(branchHead, s.DM(branchHead), w.account...)
}

// byHand: the form refuses oneself beside the field, excuses another for a part
// of the year, and undo takes it back; the member hears of both.
func (s *story) byHand(w yearWords, account sandbox.Message) {
	s.t.Helper()
	if out := s.As(branchHead).Press(account, "study_exempt"); !out.Acked {
		s.t.Fatalf("the form: %s", out.Refused)
	}
	form := s.view(branchHead)
	values := map[string]any{"who": []string{branchHead}, "year": "2026", "last": "2026-06-01", "reason": w.reason}
	if out := s.As(branchHead).Submit(form, values); !strings.Contains(out.Errors["who"], w.exemptRefused) {
		s.t.Errorf("oneself: %+v", out)
	}
	values["who"], values["last"] = []string{stranger}, "2026-06-01"
	if out := s.As(branchHead).Submit(form, values); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("until June: %+v", out)
	}
	said := s.gets(branchHead, w.part)
	s.rests()
	s.gets(stranger, w.partTold)
	s.presses(branchHead, said, "undo")
	s.rests()
	s.gets(stranger, w.partOver)
}

func nameOf(user string) string {
	for _, p := range samplePeople() {
		if p.ID == user {
			return p.Name
		}
	}
	return user
}

// accounted: the account says the same to the leader, to each member, and in
// the file.
func (s *story) accounted(w yearWords) {
	s.t.Helper()
	account := s.answered(branchHead, s.DM(branchHead), w.yearAsk, w.account...)
	for _, name := range []string{branchHead, steady, catchingUp, behind, stranger, excusedOne} {
		inChannel := s.answered(branchHead, sampleLobby, w.yearAsk+" "+w.unit, w.channel)
		if strings.Contains(inChannel.AllText(), nameOf(name)) {
			s.t.Errorf("a channel sees %s: %s", name, inChannel.AllText())
		}
	}
	s.answered(stranger, s.DM(stranger), w.yearAsk+" "+w.unit, w.refused)
	s.answered(catchingUp, s.DM(catchingUp), w.yearAsk, w.own...)
	s.answered(behind, s.DM(behind), w.me, w.ownBehind...)
	s.answered(branchHead, s.DM(branchHead), w.dutyAsk, w.dutyList...)

	want := map[string]string{branchHead: "56.00 32.00 beyond", steady: "32.00 32.00 reached", catchingUp: "32.00 20.00 on_pace", behind: "32.00 8.00 short",
		stranger: "32.00 0.00 beyond", excusedOne: "0.00 0.00 exempt"}
	got, members, sums := map[string]string{}, map[string]string{}, map[string]float64{}
	for _, row := range s.exported("study_year") {
		if want[row["user_id"]] != "" {
			got[row["user_id"]] = row["target_hours"] + " " + row["hours"] + " " + row["standing"]
			members[row["user_id"]] = row["hours"]
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("study_year (-want +got):\n%s", diff)
	}
	for _, row := range s.exported("members") {
		if hours, known := members[row["user_id"]]; known && hours != row["study_hours_year"] {
			s.t.Errorf("%s has %s hours in members and %s in the account", row["user_id"], row["study_hours_year"], hours)
		}
	}
	for _, row := range s.exported("attendance") {
		var h float64
		if _, err := fmt.Sscan(row["hours"], &h); err != nil {
			s.t.Fatal(err)
		}
		sums[row["user_id"]] += h
	}
	for who, hours := range members {
		if fmt.Sprintf("%.2f", sums[who]) != hours {
			s.t.Errorf("%s: the attendances make %.2f hours, the account %s", who, sums[who], hours)
		}
	}
	s.byHand(w, account)
	if out := s.As(branchHead).Press(account, "study_year_file:xlsx"); !out.Acked {
		s.t.Fatalf("the file: %s", out.Refused)
	}
	s.settles()
	s.fileHolds(branchHead, nameOf(behind), "study_year")
}

// fileHolds waits for a workbook in somebody's messages that has the words.
func (s *story) fileHolds(user string, words ...string) {
	s.t.Helper()
	s.waits("a workbook with "+strings.Join(words, " | "), func() bool {
		for _, m := range s.posts(s.DM(user)) {
			for _, f := range m.Files {
				if text, err := sheetText(f.Content); err == nil && hasAll(text+f.Name, words) {
					return true
				}
			}
		}
		return false
	})
}

// sheetText is all that an XLSX file says.
func sheetText(raw []byte) (string, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return "", err
	}
	var text strings.Builder
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return "", err
		}
		part, err := io.ReadAll(r)
		_ = r.Close() // in memory
		if err != nil {
			return "", err
		}
		text.Write(part)
	}
	return text.String(), nil
}
