package views

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"muster/models"
)

// waitingOverview is somebody with an offer, a question, a request to stand in,
// a safety question, and a shift that is over.
func waitingOverview() models.Overview {
	o := busyOverview()
	offered := clinicSheet()
	offered.Me = offered.People[5]
	su := offered.Signups[3]
	su.State, su.OfferUntil = models.SignupOffered, callTime(27, 14, 30)
	o.Shifts = append([]models.MyShift{{Signup: *su, Call: *offered.Call, Shift: *offered.Shifts[0], Role: *offered.Roles[0], Sheet: &offered}}, o.Shifts...)
	flood := floodSheet()
	flood.Me = flood.People[5]
	past := clinicSheet()
	past.Me = past.People[4]
	past.Now = callTime(28, 13, 0)
	o.Waits = []models.Waiting{
		{Sheet: &flood, Tick: &models.Tick{ID: 3, SignupID: 3, PersonID: 4, DueAt: callTime(24, 9, 0), AskedAt: callTime(24, 9, 0), ShownAt: callTime(24, 9, 0)}},
		{Sheet: &flood, Ask: &models.Ask{ID: 4, ShiftID: 1, RoleID: 101, PersonID: 5, State: models.AskOpen, Why: []string{"skill:lifting", "area:East district", "free"}}},
		{Sheet: &offered, Handover: &models.Handover{ID: 5, SignupID: 1, FromID: 2, ToID: 5, State: models.HandoverAsked}},
		{Sheet: &past, Signup: past.Signups[2]},
	}
	o.Calls[0].Open, o.Calls[0].Why = 101, []string{"skill:装卸", "free"}
	return o
}

// handsOverview is an organizer with something of everything to do.
func handsOverview() models.Overview {
	o := organizing(busyOverview())
	out := floodSheet()
	out.Call.SafetyMin, out.Manages, out.Rolls, out.Now = 60, true, true, callTime(24, 10, 30)
	for i, su := range out.Signups[:3] {
		su.State, su.CheckedIn, su.CheckBy = models.SignupCheckedIn, callTime(24, 8, i), models.CheckCode
	}
	out.Ticks = []*models.Tick{{ID: 1, SignupID: 1, PersonID: 2, DueAt: callTime(24, 9, 0), AskedAt: callTime(24, 9, 0), Stage: models.TickOrganizer},
		{ID: 2, SignupID: 2, PersonID: 3, DueAt: callTime(24, 9, 0), AskedAt: callTime(24, 9, 0), Answer: models.SafeHelp, AnsweredAt: callTime(24, 9, 2)}}
	files := clinicSheet()
	files.Manages, files.Rolls = true, true
	files.Answers = []*models.Answer{{ID: 1, PersonID: 5, Kind: models.AnswerConditional, Text: "9点以后可以"}, {ID: 2, PersonID: 3, Kind: models.AnswerUnclear, Text: "看情况吧"}}
	files.Signups[3].Unchecked = true
	files.Handovers = []*models.Handover{{ID: 5, SignupID: 1, FromID: 2, ToID: 5, State: models.HandoverAsked}}
	roll := clinicSheet()
	roll.Call.Number, roll.Manages, roll.Rolls, roll.Now = 11, true, true, callTime(28, 12, 0)
	roll.WalkIns = []*models.WalkIn{{ID: 9, PersonID: 5, ShiftID: 1}}
	o.Managed = []models.Sheet{out, files, roll}
	o.Tenant.Paused = true
	return o
}

func TestHomeOfWhatWaitsForAnAnswer(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]models.Overview{"home_waits": waitingOverview(), "home_hands": handsOverview()} {
		for _, lang := range []string{"zh", "en"} {
			v := callPrinter(t, lang).Home(o)
			if fault := blocksFault(v.Blocks.BlockSet, 100); fault != "" {
				t.Errorf("%s, %s: %s", name, lang, fault)
			}
			golden(t, name+"_"+lang, v.Blocks)
		}
	}
	short := callPrinter(t, "en").Short(waitingOverview())
	checkMessage(t, short)
	golden(t, "short_waits_en", short.Blocks)
	if strings.Count(short.Text, "\n") != 4 {
		t.Errorf("not four lines and one: %q", short.Text)
	}
}

// A hundred of everything is still one tab that Slack takes.
func TestHomeNeverOutgrowsSlack(t *testing.T) {
	t.Parallel()
	o := handsOverview()
	w := waitingOverview()
	o.Waits, o.Shifts, o.Study, o.Calls = w.Waits, w.Shifts, w.Study, w.Calls
	for range 4 {
		o.Waits, o.Shifts, o.Study = append(o.Waits, o.Waits...), append(o.Shifts, o.Shifts...), append(o.Study, o.Study...)
		o.Calls, o.Managed, o.Risk = append(o.Calls, o.Calls...), append(o.Managed, o.Managed...), append(o.Risk, o.Risk...)
	}
	for i := range o.Shifts {
		o.Shifts[i].Signup.ID = int64(100 + i)
	}
	for i := range o.Study {
		o.Study[i].Attendance.ID = int64(100 + i)
	}
	for i := range 30 {
		o.Hands = append(o.Hands, models.StudyHand{Kind: models.HandExcuse, Study: o.Study[0].Study, Occurrence: o.Study[0].Occurrence,
			Attendance: models.Attendance{ID: int64(1000 + i), Reason: strings.Repeat("家里有事", 100)}, Person: callPerson(2, "王敏")})
	}
	o.Forecast = models.Forecast{Verdict: models.VerdictShort, By: callNow}
	said := Message{Text: "好的。", Blocks: []slack.Block{Section("好的。"), Actions(Button(ActionUndo, "signup:1", "撤回", ""))}}
	for _, lang := range []string{"zh", "en"} {
		v := callPrinter(t, lang).HomeSaying(o, said)
		if n := len(v.Blocks.BlockSet); n > 100 {
			t.Errorf("%d blocks", n)
		}
		checkMessage(t, callPrinter(t, lang).Me(o))
		raw, err := json.Marshal(v.Blocks.BlockSet[len(v.Blocks.BlockSet)-1])
		if err != nil || !strings.Contains(string(raw), ActionOpenProfile) {
			t.Errorf("the settings do not stand at its end: %s %v", raw, err)
		}
	}
}

// What is answered to a press on Home stands there when it is short.
func TestWhatStandsOnHomeItself(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "zh")
	if !HomeHolds(Message{Text: "好的。"}) || !HomeHolds(p.Declined(clinicSheet())) {
		t.Error("a sentence has no room")
	}
	if HomeHolds(p.CallDetails(clinicSheet())) || HomeHolds(Message{Text: strings.Repeat("长", 700)}) {
		t.Error("a whole call would stand on it")
	}
	if v := p.HomeSaying(models.Overview{}, Message{Text: "好的。"}); !strings.Contains(v.Blocks.BlockSet[0].(*slack.SectionBlock).Text.Text, "好的。") {
		t.Error("the answer is not on top")
	}
	if m := p.HomeSent(); m.Text == "" {
		t.Error("nothing says where it went")
	}
}

// A session renamed this once, material to be read by a day, and more than there
// is room for: Home says so of each.
func TestHomeOfStudyThatIsNotLikeTheOthers(t *testing.T) {
	t.Parallel()
	name, place := "雨天骑行", "二楼"
	meeting := models.Study{Number: 7, Title: "支部学习", Place: "一楼", Length: 60, MakeupDays: 7}
	on := models.Occurrence{Start: callTime(25, 19, 30), End: callTime(25, 20, 30), Own: &models.OccurrenceOwn{Title: &name, Place: &place}}
	o := models.Overview{Study: []models.MyStudy{{Attendance: models.Attendance{ID: 31, State: models.AttendanceDue}, Study: meeting, Occurrence: on},
		{Attendance: models.Attendance{ID: 32, State: models.AttendanceDue}, Study: models.Study{Number: 8, Title: "驿站公约"},
			Occurrence: models.Occurrence{Start: callTime(27, 18, 0), End: callTime(27, 18, 0)}}}}
	for lang, want := range map[string][]string{"zh": {"*雨天骑行*", "二楼", "11月27日 18:00 前完成", "后面还有学习"}, "en": {"*雨天骑行*", "二楼", "due Fri 27 Nov 18:00", "There is more study ahead"}} {
		p := callPrinter(t, lang)
		said := func(o models.Overview) string {
			raw, err := json.Marshal(p.Home(o).Blocks.BlockSet)
			if err != nil {
				t.Fatal(err)
			}
			return string(raw)
		}
		if got := said(o); strings.Contains(got, want[3]) || strings.Contains(got, "一楼") {
			t.Errorf("of two: %s", got)
		}
		many := o
		for i := range 4 {
			one := o.Study[1]
			one.Attendance.ID = int64(40 + i)
			many.Study = append(slices.Clone(many.Study), one)
		}
		for _, w := range want {
			if got := said(many); !strings.Contains(got, w) {
				t.Errorf("%s is not in %s", w, got)
			}
		}
	}
}
