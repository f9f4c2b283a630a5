package views

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// dutyBook is a branch with one duty in each state on Monday 23 November 2026.
func dutyBook(now time.Time) (models.DutyBook, []models.UnitDuty) {
	zone := models.Zone("Asia/Shanghai")
	units := []models.Unit{{ID: 2, Name: "外卖骑手支部 <&>", Type: "支部"}}
	duties := []models.UnitDuty{{ID: 1, Name: "党员大会", Cadence: models.CadenceQuarter, Times: 1, Since: "2026-01-01"}, {ID: 2, Name: "支委会 *重要*", Cadence: models.CadenceMonth, Times: 2, Since: "2026-09-01"},
		{ID: 3, Name: "主题党日", Cadence: models.CadenceMonth, Times: 1, Since: "2026-11-01"}, {ID: 4, Name: "民主评议", Cadence: models.CadenceYear, Times: 1, Since: "2025-01-01"},
		{ID: 5, Name: "党课", Cadence: models.CadenceHalf, Times: 1, Since: "2026-07-01"}}
	studies := map[int64]models.Study{}
	for i, d := range []int64{1, 2, 3} {
		studies[d] = models.Study{ID: d, Number: i + 1, UnitID: 2, DutyID: d, State: models.StudyActive, AudienceKind: models.AudienceUnit, Length: 60}
	}
	b := models.DutyBook{Zone: zone, Now: models.At(now), Units: units, Duties: duties, Studies: studies}
	at := func(text string) models.Instant {
		t, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
		if err != nil {
			panic(err)
		}
		return models.At(t)
	}
	session := func(id, study int64, start, state string, said models.Instant) models.Occurrence {
		return models.Occurrence{ID: id, StudyID: study, Start: at(start), End: at(start).Add(time.Hour), State: state, SettledAt: said, SettledBy: 9}
	}
	b.Enter([]models.Occurrence{session(11, 1, "2026-12-20 19:30", models.OccurrencePlanned, 0), session(12, 2, "2026-11-10 19:30", models.OccurrenceHeld, at("2026-11-14 09:00")),
		session(13, 2, "2026-11-19 19:30", models.OccurrencePlanned, 0), session(14, 1, "2026-02-02 19:30", models.OccurrenceHeld, at("2026-02-02 21:00"))},
		[]models.DutyRecord{{ID: 21, DutyID: 3, UnitID: 2, Day: "2026-11-18", Note: "在活动室 <!channel>", ByID: 9, EnteredAt: at("2026-11-23 09:00")}})
	return b, duties
}

func TestDutiesAsALeaderSeesThem(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		p := callPrinter(t, lang)
		b, duties := dutyBook(p.Now)
		u := b.Units[0]
		page := DutyModel{Duties: duties, People: map[int64]models.Person{9: {ID: 9, Name: "张伟 <b>"}}, Units: []DutyUnitModel{{Unit: u, Present: b.Present(u), Missing: b.Missing(u)}}}
		other := page
		other.Others, other.Units, other.Admin = page.Units, nil, true
		told := page
		told.Units = []DutyUnitModel{{Unit: u, Present: b.Present(u)}}
		told.Meant = models.At(p.Now.Add(-26 * time.Hour))
		past := told
		past.Past = true
		var sets []DutySetModel
		for _, d := range duties {
			sets = append(sets, DutySetModel{Duty: d, Owing: 3, First: models.DutyPeriodOf(d.Cadence, d.Since)})
		}
		record := models.DutyRecord{ID: 21, Day: "2026-11-18", Note: "在活动室", EnteredAt: models.At(p.Now)}
		for name, m := range map[string]Message{
			"duty_list": p.Duties(page), "duty_others": p.Duties(other), "duty_none": p.Duties(DutyModel{Admins: []models.Person{{ID: 1, Name: "陈琳"}}}),
			"duty_first": p.Duties(DutyModel{Admin: true}), "duty_told": p.DutyNotice(told), "duty_past": p.DutyNotice(past), "duty_settings": p.DutySettings(sets),
			"duty_added": p.DutySet("added", sets[0]), "duty_preset": p.DutyPresetTaken(sets[:2], []string{"党课"}, 7), "duty_deleted": p.DutyDeleted(models.UnitDuty{ID: 3, Name: "主题党日", Deleted: true}),
			"duty_entered":   p.DutyEntered(record, b.Present(u)[2], models.Person{}, true, false),
			"unit_gaps_duty": p.UnitGaps(b.DutyGaps(b.Units), false),
		} {
			checkMessage(t, m)
			golden(t, name+"_"+lang, m)
		}
		hand := p.studyHands([]models.StudyHand{{Kind: models.HandDuties, Unit: u, N: 2, Missing: 1}})
		if len(hand) != 1 {
			t.Fatalf("on Home: %v", hand)
		}
		golden(t, "duty_hand_"+lang, hand[0])
		for name, modal := range map[string]*slack.ModalViewRequest{
			"modal_duty_add": p.DutyModal(models.UnitDuty{}, b.Units, []string{"支部", "小组"}), "modal_duty": p.DutyModal(duties[1], b.Units, []string{"支部"}),
			"modal_duty_held": p.DutyHeldModal(u, duties[0], models.DutyRecord{}, models.At(p.Now)),
		} {
			if fault := modalFault(modal); fault != "" {
				t.Errorf("%s: %s", name, fault)
			}
			golden(t, name+"_"+lang, modal)
		}
		for _, preset := range p.DutyPresets() {
			if names, cadences, _ := p.DutyPreset(preset); len(names) == 0 || len(names) != len(cadences) {
				t.Errorf("preset %s: %v %v", preset, names, cadences)
			}
		}
		if names, _, _ := p.DutyPreset("forged"); names != nil {
			t.Errorf("a forged preset has %v", names)
		}
	}
}

// However many units and duties there are, and however long their names, Slack
// takes what is said of them.
func TestManyDutiesFitAMessage(t *testing.T) {
	t.Parallel()
	p := callPrinter(t, "zh")
	long := strings.Repeat("长", 60)
	var duties []models.UnitDuty
	for i := range 40 {
		duties = append(duties, models.UnitDuty{ID: int64(i + 1), Name: strings.Repeat("名", 38) + fmt.Sprint(i), Cadence: models.CadenceMonth, Times: 3, Since: "2025-01-01"})
	}
	b := models.DutyBook{Zone: p.OrgZone, Now: models.At(p.Now), Duties: duties}
	page := DutyModel{Duties: duties, Admin: true, More: 3}
	var units []models.Unit
	for i := range 120 {
		units = append(units, models.Unit{ID: int64(i + 1), Name: long, Type: fmt.Sprintf("%s%d", long, i)})
	}
	b.Units = units
	b.Enter(nil, nil)
	for _, u := range units {
		page.Others = append(page.Others, DutyUnitModel{Unit: u, Present: b.Present(u), Missing: b.Missing(u)})
	}
	page.Units = page.Others[:2]
	checkMessage(t, p.Duties(page))
	checkMessage(t, p.DutyNotice(page))
	checkMessage(t, p.UnitGaps(b.DutyGaps(units), true))
	var sets []DutySetModel
	var types []string
	for i, d := range duties {
		sets = append(sets, DutySetModel{Duty: d, Owing: 120, First: models.DutyPeriodOf(d.Cadence, d.Since)})
		types = append(types, units[i].Type)
	}
	checkMessage(t, p.DutySettings(sets))
	checkMessage(t, p.DutyPresetTaken(sets, nil, 1))
	if fault := modalFault(p.DutyModal(duties[0], units, types)); fault != "" {
		t.Error(fault)
	}
}

// Periods are named as one says them, with the year when it is another one.
func TestHowPeriodsAreNamed(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string][]string{
		"zh": {"11月", "第四季度", "下半年", "2026年", "2025年12月", "2025年第一季度", "2025年上半年"},
		"en": {"November", "Q4", "second half-year", "2026", "December 2025", "Q1 2025", "first half-year 2025"},
	} {
		p := callPrinter(t, lang)
		for i, d := range []models.DutyPeriod{{Cadence: "month", Year: 2026, N: 11}, {Cadence: "quarter", Year: 2026, N: 4}, {Cadence: "half", Year: 2026, N: 2}, {Cadence: "year", Year: 2026, N: 1},
			{Cadence: "month", Year: 2025, N: 12}, {Cadence: "quarter", Year: 2025, N: 1}, {Cadence: "half", Year: 2025, N: 1}} {
			if got := p.DutyPeriod(d); got != want[i] {
				t.Errorf("%s %s: %q, want %q", lang, d.Key(), got, want[i])
			}
		}
	}
}
