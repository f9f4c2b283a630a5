package services

import (
	"fmt"
	"strings"
	"time"

	"muster/models"
)

// happens is one thing that somebody does now.
func (m *monthOf) happens() {
	ctx, now := m.t.Context(), models.At(m.clocks.World.Now())
	if m.r.IntN(3) == 0 {
		m.leader(now)
		return
	}
	if m.r.IntN(8) == 0 {
		m.profile(now)
		return
	}
	a, ok := m.one(`SELECT a.id FROM attendances a JOIN occurrences o ON o.id = a.occurrence_id WHERE o.start_at BETWEEN ? AND ?
		ORDER BY (a.id * ?) % 1009 LIMIT 1`, int64(now.Add(-5*24*time.Hour)), int64(now.Add(3*24*time.Hour)), 1+m.r.IntN(1000))
	if !ok {
		return
	}
	person, _ := m.one("SELECT person_id FROM attendances WHERE id = ?", a)
	occurrence, _ := m.one("SELECT occurrence_id FROM attendances WHERE id = ?", a)
	who := m.person(person).Slack()
	pair := [2]int64{occurrence, person}
	press := func(what string, err error, more int) {
		if m.try(fmt.Sprintf("%s %s a%d", who, what, a), err) {
			m.more[pair] += more
		}
	}
	act := m.act(who)
	switch m.r.IntN(12) {
	case 0:
		press("attends", m.svcErr(m.svc.Attend(ctx, act, a)), 0)
	case 1:
		press("will make up", m.svcErr(m.svc.StudyMakeupLater(ctx, act, a)), 0)
	case 2:
		press("asks", m.svcErr(m.svc.AskExcuse(ctx, act, a, "家里有事", m.until(now))), 1)
	case 3, 4:
		press("undoes", m.svcErr(m.svc.UndoStudy(ctx, act, a)), 1)
	case 5:
		_, choices, err := m.svc.SnoozeChoices(ctx, act, a)
		if err == nil && len(choices) > 0 {
			press("snoozes", m.svcErr(m.svc.Snooze(ctx, m.act(who), a, choices[m.r.IntN(len(choices))].At)), 1)
		}
	case 6:
		press("chooses", m.svcErr(m.svc.ChooseSlot(ctx, act, a, m.r.IntN(2))), 2)
	case 7, 8:
		press("checks in", m.svcErr(m.svc.CheckIn(ctx, act, a)), 0)
	case 9:
		press("opens", m.svcErr(m.svc.OpenMaterial(ctx, act, a)), 0)
		press("makes up", m.svcErr(m.svc.StudyMakeup(ctx, m.act(who), a, 0, models.Handed{Words: strings.Repeat("学到了怎么和顾客说话。", 3)})), 0)
	case 10:
		press("is done", m.svcErr(m.svc.StudyDone(ctx, act, a)), 0)
	case 11:
		press("contests", m.svcErr(m.svc.ContestStudyRoll(ctx, act, a)), 2)
	}
}

func (m *monthOf) until(now models.Instant) time.Time {
	if m.r.IntN(2) == 0 {
		return time.Time{}
	}
	return now.Time().AddDate(0, 0, m.r.IntN(20))
}

// leader is what somebody who leads does now.
func (m *monthOf) leader(now models.Instant) {
	ctx := m.t.Context()
	o, ok := m.one(`SELECT id FROM occurrences WHERE start_at BETWEEN ? AND ? ORDER BY (id * ?) % 1009 LIMIT 1`,
		int64(now.Add(-3*24*time.Hour)), int64(now.Add(5*24*time.Hour)), 1+m.r.IntN(1000))
	if !ok {
		return
	}
	start, _ := m.one("SELECT start_at FROM occurrences WHERE id = ?", o)
	number, _ := m.one("SELECT s.number FROM studies s JOIN occurrences o ON o.study_id = s.id WHERE o.id = ?", o)
	attendance, _ := m.one("SELECT id FROM attendances WHERE occurrence_id = ? ORDER BY (id * ?) % 1009 LIMIT 1", o, 1+m.r.IntN(1000))
	who := []string{"Uchen", "Uhe"}[m.r.IntN(2)]
	act := m.act(who)
	lead := func(what string, reach models.ReachShown, err error, more int) {
		if m.try(fmt.Sprintf("%s %s s%d/%d", who, what, number, o), err) {
			m.more[[2]int64{o, 0}] += more
			if reach.ID != 0 {
				m.try("sends", m.svcErr(m.svc.ChooseReach(ctx, m.act(who), reach.ID, ReachSend)))
			}
		}
	}
	at := models.Instant(start).Time()
	switch m.r.IntN(12) {
	case 0:
		c, err := m.svc.SkipStudy(ctx, act, int(number), at)
		lead("skips", c.Reach, err, 3)
	case 1:
		c, err := m.svc.MoveOccurrence(ctx, act, o, at.Add(time.Duration(m.r.IntN(96)-24)*time.Hour/2), time.Time{})
		lead("moves", c.Reach, err, 4)
	case 2:
		c, err := m.svc.UndoOccurrence(ctx, act, o)
		lead("goes back", c.Reach, err, 4)
	case 3, 4, 5:
		c, err := m.svc.HeldOccurrence(ctx, act, o, m.r.IntN(4) > 0)
		lead("held?", c.Reach, err, 1)
	case 6:
		c, err := m.svc.NewStudyCode(ctx, act, o)
		lead("code", models.ReachShown{}, err, 0)
		if err == nil {
			m.try("comes with it", m.svcErr(m.svc.CheckInByCode(ctx, m.act(fmt.Sprintf("Um%d", m.r.IntN(8))), c.Code.Code)))
		}
	case 7:
		_, err := m.svc.TakeStudyRoll(ctx, act, o, StudyRollPage{Lines: []StudyRollLine{
			{AttendanceID: attendance, Mark: models.StudyMark{Said: []string{models.RollCame, models.RollLate, models.RollMissed, models.RollExcused}[m.r.IntN(4)], LateMin: 5}}}})
		lead("roll", models.ReachShown{}, err, 1)
	case 8:
		m.try("decides", m.svcErr(m.svc.DecideExcuse(ctx, act, attendance, m.r.IntN(2) == 0, "人手不够")))
	case 9:
		m.more[[2]int64{o, 0}] += 2 // a return is told, and so is taking it back
		m.try("returns", m.svcErr(m.svc.ReturnMakeup(ctx, act, attendance, "请再写几句")))
	case 10:
		m.push(act)
	case 11:
		m.try("day off", m.svcErr(m.svc.KeepOrgDay(ctx, m.act("Uadmin"), at, m.r.IntN(2) == 0, "厂休")))
		m.everybody(4)
	}
}

func (m *monthOf) push(act Act) {
	now := m.clocks.World.Now()
	c, err := m.svc.AddMaterial(m.t.Context(), act, NewMaterial{Title: "防汛手册", Link: fmt.Sprintf("https://example.org/%d", m.acts)})
	if !m.try("adds", err) {
		return
	}
	start := now.Add(time.Duration(10+m.r.IntN(200)) * time.Hour).Truncate(time.Minute)
	unit := map[string]string{"Uchen": "城东支部", "Uhe": "城西支部"}[act.User]
	m.try("pushes", m.svcErr(m.svc.OpenStudy(m.t.Context(), m.act(act.User), NewStudy{Start: start, Wall: start.In(models.Zone("Asia/Shanghai")).Format("2006-01-02T15:04"),
		Zone: "Asia/Shanghai", Credit: 60, Leads: []int{24 * 60}, Makeup: m.r.IntN(8), Material: c.Material.ID, For: unit})))
}

// everybody allows more about all that is ahead.
func (m *monthOf) everybody(more int) {
	for _, o := range m.look.Ints("SELECT id FROM occurrences") {
		m.more[[2]int64{o[0], 0}] += more
	}
}

func (m *monthOf) profile(now models.Instant) {
	who := fmt.Sprintf("Um%d", m.r.IntN(8))
	in := Profile{Zone: monthZones[m.r.IntN(len(monthZones))], Windows: m.windows()}
	if m.r.IntN(3) == 0 {
		from, to := m.r.IntN(1440), m.r.IntN(1440)
		in.QuietStart, in.QuietEnd = &from, &to
	}
	if m.r.IntN(3) == 0 {
		in.PauseUntil = now.Add(time.Duration(m.r.IntN(100)) * time.Hour)
	}
	if m.r.IntN(3) == 0 {
		in.OptOuts = []string{[]string{models.OffStudy, models.OffEarly, models.OffFollow, models.OffDay}[m.r.IntN(4)]}
	}
	m.try(who+" changes their times", m.svcErr(m.svc.SaveProfile(m.t.Context(), m.act(who), in)))
}
