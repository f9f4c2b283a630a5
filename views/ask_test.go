package views

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
)

// askedSheet is the flood with a question to Fay (5), who is not in it yet.
func askedSheet(state models.AskState, why ...string) (models.Sheet, models.Ask) {
	s := floodSheet()
	s.Signups = s.Signups[:3]
	s.Call.Audience, s.Unit = "unit:3", models.Unit{ID: 3, Name: "East branch"}
	s.Me = s.People[5]
	q := &models.Ask{ID: 9, CallID: 7, ShiftID: 1, RoleID: 101, PersonID: 5, Wave: 1, State: state, Why: why, AskedAt: callNow}
	s.Asks = []*models.Ask{q}
	return s, *q
}

// zhFlood is the same in Chinese words.
func zhFlood(s models.Sheet) models.Sheet {
	s.Call.Title, s.Call.Place, s.Roles[0].Name, s.Roles[1].Name = "东堤装沙袋", "东堤 3 号门", "装卸", "司机"
	s.Unit.Name = "城东支部"
	s.Creator.Name = "陈琳"
	return s
}

func TestTheQuestionAsPeopleSeeIt(t *testing.T) {
	t.Parallel()
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	asked, q := askedSheet(models.AskOpen, "skill:lifting", "area:East district", "free")
	zhAsked, zhQ := askedSheet(models.AskOpen, "skill:装卸", "area:城东片区", "free")
	zhAsked = zhFlood(zhAsked)
	plainSheet, plainQ := askedSheet(models.AskSilent)
	drill, drillQ := askedSheet(models.AskOpen, "skill:lifting")
	drill.Call.Drill = true
	late, lateQ := askedSheet(models.AskLater)
	no, noQ := askedSheet(models.AskNo)
	filled, filledQ := askedSheet(models.AskClosed)
	filled.Call.State, filledQ.ClosedAt = models.CallFilled, callNow
	cancelled, cancelledQ := askedSheet(models.AskClosed)
	cancelled.Call.State, cancelled.Call.Reason = models.CallCancelled, "rain"
	standby, _ := askedSheet(models.AskYes)
	standby.Signups = append(standby.Signups, &models.Signup{ID: 4, CallID: 7, ShiftID: 1, PersonID: 5, RoleID: 101, State: models.SignupWaitlisted, Line: 9})
	inChinese := func(state models.AskState, change func(*models.Sheet, *models.Ask)) Message {
		s, q := askedSheet(state)
		if change != nil {
			change(&s, &q)
		}
		return zh.AskDM(zhFlood(s), q, false)
	}
	for name, m := range map[string]Message{
		"ask_zh":           zh.AskDM(zhAsked, zhQ, false),
		"ask_en":           en.AskDM(asked, q, false),
		"ask_everybody_zh": inChinese(models.AskSilent, nil),
		"ask_everybody_en": en.AskDM(plainSheet, plainQ, false),
		"ask_drill_en":     en.AskDM(drill, drillQ, false),
		"ask_later_en":     en.AskDM(late, lateQ, false),
		"ask_no_en":        en.AskDM(no, noQ, false),
		"ask_filled_zh": inChinese(models.AskClosed, func(s *models.Sheet, q *models.Ask) {
			s.Call.State, q.ClosedAt = models.CallFilled, callNow
		}),
		"ask_filled_en":    en.AskDM(filled, filledQ, false),
		"ask_cancelled_en": en.AskDM(cancelled, cancelledQ, false),
		"ask_standby_en":   en.SignupDM(standby, models.SignupArgs{Why: models.WhyStandby}, false),
		"ask_yes_waits_zh": inChinese(models.AskYes, func(s *models.Sheet, _ *models.Ask) {
			s.Signups = append(s.Signups, &models.Signup{ID: 4, CallID: 7, ShiftID: 1, PersonID: 5, RoleID: 101, State: models.SignupWaitlisted, Line: 9})
		}),
	} {
		golden(t, name, m)
	}
}

// organizerSheet is a run that has asked everybody it could.
func organizerSheet(run models.RunState) models.Sheet {
	s, _ := askedSheet(models.AskSilent)
	s.Me, s.Manages = s.People[1], true
	s.Asks = nil
	for i, state := range []models.AskState{models.AskYes, models.AskNo, models.AskLater, models.AskSilent, models.AskOpen, models.AskUnsent} {
		s.Asks = append(s.Asks, &models.Ask{ID: int64(i + 1), CallID: 7, ShiftID: 1, RoleID: 101, PersonID: int64(i + 1), State: state})
	}
	fay := s.People[5]
	fay.Phone, fay.DNDUntil = "138 0000 0000", callNow+1
	s.People[5] = fay
	s.Runs = []*models.Run{{ID: 1, CallID: 7, RoleID: 101, State: run, EveryMin: 5, Wave: 2, Pool: 8, NextAt: callNow.Add(5 * time.Minute),
		Left: map[string]int{models.LeftSkill: 9, models.LeftOverlap: 2, models.LeftRest: 1, models.LeftOptedOut: 3, models.LeftAsked: 5}}}
	return s
}

func TestWhatTheOrganizerSeesOfAsking(t *testing.T) {
	t.Parallel()
	zh, en := callPrinter(t, "zh"), callPrinter(t, "en")
	over := func() models.Sheet {
		s := organizerSheet(models.RunExhausted)
		s.Call.Skills = []string{"lifting"}
		return s
	}
	posted := func() models.Sheet {
		s := organizerSheet(models.RunRunning)
		s.Call.Ask = models.AskAuto
		return s
	}
	night := organizerSheet(models.RunRunning)
	night.Call.Ask, night.Asks, night.Runs[0].Wave, night.Runs[0].NextAt = "5 every 10m", nil, 0, callTime(24, 7, 0)
	for name, m := range map[string]Message{
		"ask_panel_zh":       zh.Panel(zhFlood(organizerSheet(models.RunRunning)), false),
		"ask_panel_en":       en.Panel(organizerSheet(models.RunRunning), false),
		"ask_over_zh":        zh.AskOver(zhFlood(over()), false),
		"ask_over_en":        en.AskOver(over(), false),
		"ask_posted_zh":      zh.CallPosted(zhFlood(posted()), callNow.Add(3*time.Minute)),
		"ask_posted_en":      en.CallPosted(posted(), callNow),
		"ask_posted_late_zh": zh.CallPosted(zhFlood(night), callNow),
		"ask_more_en":        en.AskedMore(posted(), Asking{Asked: map[int64]int{101: 3}}),
		"ask_more_none_zh":   zh.AskedMore(zhFlood(over()), Asking{Left: over().Runs[0].Left}),
		"ask_more_night_en":  en.AskedMore(over(), Asking{Wakes: callTime(24, 7, 0)}),
	} {
		golden(t, name, m)
	}
}

// Fewest hours is never a reason given, whatever stands in the row.
func TestWhyNeverSpeaksOfHours(t *testing.T) {
	t.Parallel()
	for lang, word := range map[string]string{"zh": "小时", "en": "hour"} {
		for _, why := range [][]string{nil, {"skill:lifting"}, {"free"}, {"minutes:60", "fewest"}} {
			s, q := askedSheet(models.AskOpen, why...)
			if text := callPrinter(t, lang).askWhy(s, q, *s.Shifts[0]); strings.Contains(text, word) || text == "" {
				t.Errorf("%s %v: %q", lang, why, text)
			}
		}
	}
}

func TestAnAskForAnAudienceSaysSo(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "en")
	var got []string
	for _, audience := range []string{"unit:3", "channel:C7", "usergroup:S1", "all"} {
		s, q := askedSheet(models.AskOpen)
		s.Call.Audience = audience
		got = append(got, p.askWhy(s, q, *s.Shifts[0]))
	}
	want := []string{"Why you: you are in East branch, and everyone there is asked in turn. It's fine to say no.",
		"Why you: you are in <#C7>, and everyone there is asked in turn. It's fine to say no.",
		"Why you: you are in the user group this call is for, and everyone in it is asked in turn. It's fine to say no.",
		"Why you: every member is asked in turn. It's fine to say no."}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
