package views

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/models"
)

func lessonEntry() SessionEntry {
	start := callTime(25, 19, 30)
	return SessionEntry{Study: models.Study{ID: 7, Number: 7, Title: "骑手服务案例", Length: 60, State: models.StudyActive, RRule: "FREQ=WEEKLY", Zone: "Asia/Shanghai",
		Place: "二楼", Link: "https://example.org/cases"}, Changes: 2, At: callNow,
		Occurrence: models.Occurrence{ID: 3, RuleStart: start, Start: start, End: start.Add(time.Hour), State: models.OccurrencePlanned}}
}

func clinicEntry(person int64) ShiftEntry {
	s := clinicSheet()
	s.Tenant.ExternalID = "T1"
	return ShiftEntry{Sheet: s, Signup: *s.Signups[person-2], Changes: 1, At: callNow}
}

// lines are a calendar's lines, unfolded.
func icsLines(raw []byte) string {
	return strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n ", ""), "\r\n", "\n")
}

func TestAMembersCalendar(t *testing.T) {
	t.Parallel()
	f := FeedModel{Tenant: models.Tenant{ExternalID: "T1"}, Shifts: []ShiftEntry{clinicEntry(2), clinicEntry(5)}, Sessions: []SessionEntry{lessonEntry()}}
	zh := icsLines(callPrinter(t, "zh").CalendarFeed(f))
	for _, want := range []string{
		"UID:T1-k12-1@muster\nSEQUENCE:1\nDTSTAMP:20261123T020000Z\nLAST-MODIFIED:20261123T020000Z\nDTSTART:20261128T010000Z\nDTEND:20261128T033000Z\nSUMMARY:社区爱心义诊 · 医生\nLOCATION:绿城社区服务中心\nDESCRIPTION:仅确认者可见：门码 1234\\n请带：工牌、口罩\\n发起：陈琳\\n#k12\nSTATUS:CONFIRMED\n",
		"SUMMARY:候补：社区爱心义诊 · 医生\nLOCATION:绿城社区服务中心\nDESCRIPTION:请带：工牌、口罩\\n发起：陈琳\\n#k12\nSTATUS:TENTATIVE\nTRANSP:TRANSPARENT\n",
		"UID:T1-s7-20261125T113000Z@muster\nSEQUENCE:2\n", "SUMMARY:学习：骑手服务案例\nLOCATION:二楼\nDESCRIPTION:材料：https://example.org/cases\\n#s7\nURL:https://example.org/cases\nSTATUS:CONFIRMED\n",
		"X-WR-TIMEZONE:Asia/Shanghai\n", "X-WR-CALNAME:Muster 日程\n", "X-PUBLISHED-TTL:PT60M\n",
	} {
		if !strings.Contains(zh, want) {
			t.Errorf("no\n%s\nin\n%s", want, zh)
		}
	}
	if again := icsLines(callPrinter(t, "zh").CalendarFeed(f)); again != zh {
		t.Error("the same state gives other bytes")
	}
	en := icsLines(callPrinter(t, "en").CalendarFeed(f))
	for _, want := range []string{"SUMMARY:Study: 骑手服务案例\n", "SUMMARY:Waiting list: 社区爱心义诊 · 医生\n", "X-WR-CALNAME:Muster\n"} {
		if !strings.Contains(en, want) {
			t.Errorf("no %q in\n%s", want, en)
		}
	}
}

// What changed keeps its entry: moved, off, excused, a slot, made up instead.
func TestWhatBecomesOfAnEntry(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "en")
	for name, c := range map[string]struct {
		change func(*SessionEntry)
		want   []string
	}{
		"moved": {func(s *SessionEntry) {
			s.Occurrence.Start, s.Occurrence.End, s.Occurrence.State = callTime(26, 9, 0), callTime(26, 10, 0), models.OccurrenceMoved
		}, []string{"UID:T1-s7-20261125T113000Z@muster", "DTSTART:20261126T010000Z", "STATUS:CONFIRMED"}},
		"by a holiday": {func(s *SessionEntry) {
			s.Occurrence.Start, s.Occurrence.End, s.Occurrence.Holiday = callTime(26, 9, 0), callTime(26, 10, 0), "国庆节"
		}, []string{"UID:T1-s7-20261125T113000Z@muster", "Moved because of 国庆节."}},
		"off": {func(s *SessionEntry) { s.Gone = true }, []string{"STATUS:CANCELLED", "SUMMARY:Cancelled: Study: 骑手服务案例", "TRANSP:TRANSPARENT", "DTSTART:20261125T113000Z"}},
		"made up instead": {func(s *SessionEntry) {
			s.Attendance = models.Attendance{ID: 1, State: models.AttendanceDue, Intent: models.IntentMakeup}
		}, []string{"STATUS:TENTATIVE", "You said that you can't come"}},
		"a slot": {func(s *SessionEntry) {
			s.Study.Slots, s.Attendance.Slot = []models.Slot{{Days: 1, Minute: 600, Length: 30}}, 1
		}, []string{"UID:T1-s7-20261125T113000Z@muster", "DTSTART:20261126T020000Z", "DTEND:20261126T023000Z"}},
		"once":     {func(s *SessionEntry) { s.Once, s.Study.RRule = true, "" }, []string{"UID:T1-s7@muster"}},
		"material": {func(s *SessionEntry) { s.Study.Length = 0; s.Occurrence.End = s.Occurrence.Start }, []string{"SUMMARY:Due: 骑手服务案例", "TRANSP:TRANSPARENT", "STATUS:CONFIRMED"}},
	} {
		s := lessonEntry()
		c.change(&s)
		got := icsLines(p.CalendarFeed(FeedModel{Tenant: models.Tenant{ExternalID: "T1"}, Sessions: []SessionEntry{s}}))
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", name, want, got)
			}
		}
		if name == "material" && strings.Contains(got, "DTEND") {
			t.Errorf("a due date ends: %s", got)
		}
	}
	gone := clinicEntry(2)
	gone.Gone = true
	if got := icsLines(p.CalendarFeed(FeedModel{Shifts: []ShiftEntry{gone}})); strings.Contains(got, "1234") || !strings.Contains(got, "STATUS:CANCELLED") {
		t.Errorf("who gave up their place reads the door's code: %s", got)
	}
	drill := clinicEntry(2)
	drill.Sheet.Call.Drill = true
	if got := icsLines(p.CalendarFeed(FeedModel{Shifts: []ShiftEntry{drill}})); !strings.Contains(got, "SUMMARY:DRILL") {
		t.Errorf("a drill is not marked: %s", got)
	}
}

func TestHostileWordsInAMembersCalendar(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "zh")
	rapid.Check(t, func(t *rapid.T) {
		shift, lesson := clinicEntry(2), lessonEntry()
		shift.Sheet = hostileSheet(t)
		shift.Signup.ShiftID, shift.Signup.RoleID = shift.Sheet.Shifts[0].ID, shift.Sheet.Roles[0].ID
		lesson.Study.Title, lesson.Study.Place, lesson.Study.Link = hostile(t, "title"), hostile(t, "place"), "https://example.org/"+hostile(t, "link")
		raw := p.CalendarFeed(FeedModel{Shifts: []ShiftEntry{shift}, Sessions: []SessionEntry{lesson}})
		if n := strings.Count(icsLines(raw), "\nBEGIN:VEVENT\n"); n != 2 || len(raw) > 40_000 {
			t.Fatalf("%d entries, %d bytes", n, len(raw))
		}
		for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n\x00") {
				t.Fatalf("line %q", line)
			}
		}
	})
}

// The link stands as code, which Slack does not open, and never in the words of
// a notification.
func TestTheLinkIsShownOnce(t *testing.T) {
	t.Parallel()
	const address = "https://muster.example/calendar/Ab_c-9.ics"
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		m := p.CalendarLink(address, false)
		checkMessage(t, m)
		raw, err := json.Marshal(m.Blocks)
		if err != nil || !strings.Contains(string(raw), "`"+address+"`") || strings.Contains(m.Text, "calendar/") || strings.Count(string(raw), `"deny"`) != 2 {
			t.Errorf("%s: %s %s", lang, m.Text, raw)
		}
		for _, m := range []Message{p.CalendarStands(models.CalendarLink{CreatedAt: callNow}), p.CalendarStands(models.CalendarLink{CreatedAt: callNow, SeenAt: callNow}),
			p.CalendarEnded(), p.CalendarAsFile()} {
			checkMessage(t, m)
		}
	}
}
