package views

import (
	"encoding/json"
	"strings"
	"testing"

	"muster/models"
)

// handoverSheet is the clinic, where Wang Wu has asked Zhao Liu to stand in.
func handoverSheet(state models.HandoverState) (models.Sheet, models.Handover) {
	s := clinicSheet()
	h := &models.Handover{ID: 5, CallID: 7, SignupID: 3, FromID: 4, ToID: 5, State: state, AskedAt: callNow}
	if !h.Open() {
		h.ClosedAt = callNow
	}
	s.Signups = s.Signups[:3] // Zhao Liu waits for nothing else here
	if state == models.HandoverYes {
		s.Signups[2].State, s.Signups[2].WasState, s.Signups[2].GoneAt = models.SignupWithdrawn, models.SignupConfirmed, callNow
		s.Signups = append(s.Signups, &models.Signup{ID: 9, CallID: 7, ShiftID: 1, PersonID: 5, RoleID: 102, State: models.SignupConfirmed, How: models.ByHandover})
	}
	s.Handovers = []*models.Handover{h}
	return s, *h
}

func TestHandingAPlaceOverAsPeopleSeeIt(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		for _, state := range []models.HandoverState{models.HandoverAsked, models.HandoverYes, models.HandoverNo, models.HandoverLapsed, models.HandoverWithdrawn, models.HandoverVoid} {
			s, h := handoverSheet(state)
			s.Me = s.People[4]
			args := models.SignupArgs{Why: map[models.HandoverState]string{models.HandoverNo: models.WhyHandoverNo, models.HandoverLapsed: models.WhyHandoverLapsed, models.HandoverYes: models.WhyHanded}[state]}
			messages := map[string]Message{"giver": p.SignupDM(s, args, false)}
			s.Me = s.People[5]
			messages["question"] = p.HandoverQuestion(s, h)
			s.Me, s.Manages = s.People[1], true
			checkMessage(t, p.Panel(s, false))
			seen := map[string]any{"panel": p.handoverPanel(s)}
			for name, m := range messages {
				checkMessage(t, m)
				seen[name] = map[string]any{"text": m.Text, "blocks": m.Blocks}
			}
			golden(t, "handover_"+string(state)+"_"+lang, seen)
		}
	}
}

func TestWhoKeepsAnotherShiftHearsWhichOneWasTaken(t *testing.T) {
	t.Parallel()
	s, _ := handoverSheet(models.HandoverYes)
	s.Shifts = append(s.Shifts, &models.Shift{ID: 2, CallID: 7, Seq: 2, StartAt: callTime(29, 9, 0), EndAt: callTime(29, 11, 0)})
	s.Roles = append(s.Roles, &models.Role{ID: 103, ShiftID: 2, Seq: 1, Name: "引导员", Least: 1, Most: 1})
	s.Signups = append(s.Signups, &models.Signup{ID: 10, CallID: 7, ShiftID: 2, PersonID: 4, RoleID: 103, State: models.SignupConfirmed})
	s.Me = s.People[4]
	m := callPrinter(t, "zh").SignupDM(s, models.SignupArgs{Why: models.WhyHanded}, false)
	checkMessage(t, m)
	if !strings.HasPrefix(m.Text, "<@U5> 顶了你的班：社区爱心义诊 · 引导员 · 周六 11月28日 9:00") || !strings.Contains(m.Text, "已报名：社区爱心义诊 · 引导员 · 周日 11月29日 9:00") {
		t.Errorf("told %q", m.Text)
	}
}

func TestAllMessagesOfAHandoverInADrillSaySo(t *testing.T) {
	t.Parallel()
	for lang, mark := range map[string]string{"zh": "【演练】不用出发", "en": "DRILL, do not set out"} {
		p := callPrinter(t, lang)
		for _, state := range []models.HandoverState{models.HandoverAsked, models.HandoverYes, models.HandoverNo, models.HandoverLapsed, models.HandoverWithdrawn} {
			s, h := handoverSheet(state)
			s.Call.Drill = true
			s.Me = s.People[4]
			for name, m := range map[string]Message{"giver": p.SignupDM(s, models.SignupArgs{}, false), "question": p.HandoverQuestion(s, h),
				"asked": p.HandoverAsked(s, h), "back": p.HandoverTakenBack(s, h), "pick": p.HandoverPick(s, *s.Signups[2]), "copy": p.CopyAsk(s),
				"keep": p.TemplateAsk(s), "coming": p.CalendarComing(s), "report": p.Report(s, nil, true)} {
				if !strings.HasPrefix(m.Text, mark) {
					t.Errorf("%s %s %s begins %q", lang, state, name, m.Text)
				}
				raw, err := json.Marshal(m.Blocks[0])
				if err != nil || !strings.Contains(string(raw), mark) {
					t.Errorf("%s %s %s shows first %s", lang, state, name, raw)
				}
				checkMessage(t, m)
			}
		}
	}
}
