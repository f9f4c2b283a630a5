package views

import (
	"strings"
	"testing"

	"muster/models"
)

// dikeSheet is a relief call at half past ten: Zhang San (2) and Li Si (3) are
// out there as buddies, Wang Wu (4) is home. It is read by who.
func dikeSheet(lang string, who int64) models.Sheet {
	s := clinicSheet()
	title, place, names := "东堤装沙袋", "东堤 3 号门", []string{"陈琳", "张三", "李四", "王五", "王强"}
	if lang == "en" {
		title, place, names = "East dike", "East dike, gate 3", []string{"Chen Lin", "Zhang San", "Li Si", "Wang Wu", "Wang Qiang"}
	}
	for i, name := range names {
		s.People[int64(i+1)] = callPerson(int64(i+1), name)
	}
	c := s.Call
	c.Number, c.Title, c.Kind, c.Place, c.SafetyMin, c.Buddy, c.Urgent = 13, title, models.CallRelief, place, 60, true, true
	s.Shifts[0].StartAt, s.Shifts[0].EndAt = callTime(24, 8, 30), callTime(24, 12, 0)
	s.Now = callTime(24, 10, 42)
	s.Signups = s.Signups[:3]
	for _, su := range s.Signups {
		su.State, su.CheckedIn, su.CheckBy = models.SignupCheckedIn, callTime(24, 8, 30), models.CheckCode
	}
	tick := func(id, person int64) *models.Tick {
		return &models.Tick{ID: id, CallID: 7, SignupID: person - 1, PersonID: person, Seq: 2, DueAt: callTime(24, 10, 30), AskedAt: callTime(24, 10, 30),
			ShownAt: callTime(24, 10, 30), StepAt: callTime(24, 10, 30), SeenAt: callTime(24, 9, 31)}
	}
	san, si, wu := tick(21, 2), tick(22, 3), tick(23, 4)
	si.Answer, si.AnsweredAt, si.DoneAt, si.By, si.SeenAt = models.SafeOK, callTime(24, 10, 31), callTime(24, 10, 31), 3, callTime(24, 10, 31)
	wu.Answer, wu.AnsweredAt, wu.DoneAt, wu.By, wu.SeenAt, wu.HomeAt = models.SafeHome, callTime(24, 10, 35), callTime(24, 10, 35), 4, callTime(24, 10, 35), callTime(24, 10, 35)
	s.Signups[2].State, s.Signups[2].CheckedOut, s.Signups[2].OutBy = models.SignupDone, callTime(24, 10, 35), models.OutSelf
	s.Ticks = []*models.Tick{san, si, wu}
	s.Buddies = []*models.Buddy{{ShiftID: 1, PersonID: 2, Team: 1}, {ShiftID: 1, PersonID: 3, Team: 1}}
	s.Creator, s.Me, s.Manages = s.People[1], s.People[who], who == 1 || who == 5
	return s
}

func TestTheSafetyLoopAsPeopleSeeIt(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		asked := func(who int64, change func(*models.Tick)) (models.Sheet, models.Tick) {
			s := dikeSheet(lang, who)
			change(s.Ticks[0])
			return s, *s.Ticks[0]
		}
		nothing := func(*models.Tick) {}
		missed := func(t *models.Tick) { t.Stage, t.StepAt = models.TickOrganizer, callTime(24, 10, 40) }
		admins := func(t *models.Tick) { t.Stage, t.StepAt = models.TickAdmins, callTime(24, 10, 50) }
		help := func(t *models.Tick) { t.Answer, t.AnsweredAt, t.By = models.SafeHelp, callTime(24, 10, 41), 2 }
		dm := func(name string, change func(*models.Tick), former bool) {
			s, tick := asked(2, change)
			golden(t, "safety_"+name+"_"+lang, p.SafeDM(s, tick, callTime(24, 10, 30), former))
		}
		dm("asked", nothing, false)
		dm("repeated", func(t *models.Tick) { t.Stage, t.StepAt = models.TickRepeated, callTime(24, 10, 35) }, false)
		dm("told", missed, false)
		dm("help", help, false)
		dm("former", nothing, true)
		dm("answered", func(t *models.Tick) {
			t.Answer, t.AnsweredAt, t.DoneAt, t.By = models.SafeOK, callTime(24, 10, 31), callTime(24, 10, 31), 2
		}, false)
		over, tick := asked(2, nothing)
		over.Now, over.Shifts[0].EndAt = callTime(24, 12, 0), callTime(24, 10, 30)
		golden(t, "safety_home_"+lang, p.SafeDM(over, tick, callTime(24, 10, 30), false))

		alarm := func(name string, who int64, as string, change func(*models.Tick), phone string) {
			s, tick := asked(who, change)
			san := s.People[2]
			san.Phone = phone
			s.People[2] = san
			golden(t, "alarm_"+name+"_"+lang, p.Alarm(s, tick, as, true, false))
		}
		alarm("organizer", 1, models.AlarmOrganizer, missed, "138 0013 8000")
		alarm("organizer_no_phone", 1, models.AlarmOrganizer, missed, "")
		alarm("buddy", 3, models.AlarmBuddy, missed, "138 0013 8000")
		alarm("admin", 5, models.AlarmAdmin, admins, "138 0013 8000")
		alarm("help", 1, models.AlarmOrganizer, help, "138 0013 8000")
		alarm("help_buddy", 3, models.AlarmBuddy, help, "")
		alarm("reached", 1, models.AlarmOrganizer, func(t *models.Tick) {
			missed(t)
			t.Answer, t.AnsweredAt, t.DoneAt, t.By = models.SafeOK, callTime(24, 10, 52), callTime(24, 10, 52), 1
		}, "")
		alarm("dealt", 5, models.AlarmAdmin, func(t *models.Tick) {
			help(t)
			t.DoneAt, t.DoneBy = callTime(24, 10, 55), 1
		}, "")
		s, _ := asked(1, missed)
		golden(t, "panel_safety_"+lang, Message{Text: "panel", Blocks: p.safetyPanel(s)})
	}
}

func TestAPhoneNumberIsForWhoHasToCallAndOnlyWhileItIsNeeded(t *testing.T) {
	t.Parallel()
	s := dikeSheet("zh", 3)
	san := s.People[2]
	san.Phone = "138 0013 8000"
	s.People[2] = san
	missed := *s.Ticks[0]
	missed.Stage = models.TickAdmins
	closed := missed
	closed.Answer, closed.AnsweredAt, closed.DoneAt = models.SafeOK, callTime(24, 10, 52), callTime(24, 10, 52)
	p := callPrinter(t, "zh")
	for name, c := range map[string]struct {
		m    Message
		want bool
	}{
		"the admin, while they are missing": {p.Alarm(s, missed, models.AlarmAdmin, true, false), true},
		"the admin, after":                  {p.Alarm(s, closed, models.AlarmAdmin, true, false), false},
		"the buddy":                         {p.Alarm(s, missed, models.AlarmBuddy, true, false), false},
	} {
		if got := strings.Contains(c.m.Text, "13800138000"); got != c.want {
			t.Errorf("%s: the number is there: %v", name, got)
		}
	}
	if m := p.Alarm(s, closed, models.AlarmAdmin, false, false); m.Text != "" {
		t.Errorf("an alarm that never went out goes out when all is well: %s", m.Text)
	}
}

func TestOneSeesWhoOnesBuddyIs(t *testing.T) {
	t.Parallel()
	s := dikeSheet("zh", 2)
	p := callPrinter(t, "zh")
	if got := strings.Join(p.safetyOwnLines(s, *s.Signups[0]), " "); !strings.Contains(got, "<@U3>") {
		t.Errorf("%q", got)
	}
	s.Buddies, s.Now, s.Signups[0].State = nil, callNow-1000*60*60*24, models.SignupConfirmed
	if got := strings.Join(p.safetyOwnLines(s, *s.Signups[0]), " "); !strings.Contains(got, "8:30") {
		t.Errorf("it is not said when buddies are named: %q", got)
	}
}
