package views

import (
	"strconv"
	"strings"
	"time"

	"muster/models"
)

// Cadence is how often a duty is owed: `每季度一次`, `twice a month`.
func (p *Printer) Cadence(cadence string, times int) string {
	if times <= 1 {
		return p.T("duty.once_" + cadence)
	}
	return p.T("duty.often_"+cadence, "N", times)
}

// DutyPeriod names a period: `第四季度`, `November`, with the year when it is not
// this one.
func (p *Printer) DutyPeriod(d models.DutyPeriod) string {
	zh := p.Lang == "zh"
	name, of := "", max(d.N, 1)-1
	switch d.Cadence {
	case models.CadenceMonth:
		name = time.Month(d.N).String()
		if zh {
			name = strconv.Itoa(d.N) + "月"
		}
	case models.CadenceQuarter:
		name = "Q" + strconv.Itoa(d.N)
		if zh {
			name = [...]string{"第一季度", "第二季度", "第三季度", "第四季度"}[of%4]
		}
	case models.CadenceHalf:
		name = p.T([...]string{"duty.first_half", "duty.second_half"}[of%2])
	default:
		return p.T("duty.whole_year", "Year", d.Year)
	}
	switch {
	case d.Year == p.Now.In(p.OrgZone).Year():
		return name
	case zh:
		return strconv.Itoa(d.Year) + "年" + name
	}
	return name + " " + strconv.Itoa(d.Year)
}

// dutyDay is a stored date as it is written: `周三 11月18日`.
func (p *Printer) dutyDay(day string) string {
	in := *p
	in.Zone = p.OrgZone
	return in.Day(models.DayStart(day, p.OrgZone).Time())
}

// dutyLine says which duty a study counts for.
func (p *Printer) dutyLine(m PlanModel) string {
	if m.Duty.ID == 0 || m.Duty.Deleted {
		return ""
	}
	return p.T("duty.counts", "Name", Title(m.Duty.Name), "Cadence", p.Cadence(m.Duty.Cadence, m.Duty.Times))
}

// dutyScope says for whom a duty holds.
func (p *Printer) dutyScope(d models.UnitDuty, unit models.Unit) string {
	switch {
	case d.UnitID != 0:
		return Title(unit.Name)
	case d.UnitType != "":
		return p.T("duty.of_type", "Type", Title(d.UnitType))
	}
	return p.T("duty.of_all")
}

// dutyHeld is one record: when it was held, and of an entry by hand also when
// and by whom it was entered.
func (p *Printer) dutyHeld(h models.DutyHeld, people map[int64]models.Person) string {
	day := p.dutyDay(h.Day)
	if !h.ByHand() {
		line := p.T("duty.session", "When", p.DayClock(h.Occurrence.Start.Time()), "Ref", studyRef(h.Study))
		if h.Late {
			line += p.T("duty.said_late", "At", p.DayClock(h.EnteredAt.Time()))
		}
		return line
	}
	key := "duty.by_hand"
	if h.Late {
		key = "duty.by_hand_late"
	}
	line := day + p.T(key, "At", p.DayClock(h.EnteredAt.Time()), "Who", Escape(people[h.ByID].Name))
	if h.Record.Note != "" {
		line += p.T("duty.note", "Note", Escape(Cut(h.Record.Note, 200)))
	}
	return line
}

// dutyLines are what is done, planned and open of one duty in one period.
func (p *Printer) dutyLines(s models.DutyState, people map[int64]models.Person) string {
	head := p.T("duty.row", "Name", "*"+Title(s.Duty.Name)+"*", "Cadence", p.Cadence(s.Duty.Cadence, s.Duty.Times),
		"Period", p.DutyPeriod(s.Period), "Last", p.dutyDay(s.Period.Last()))
	lines := []string{head}
	var held, planned []string
	for _, h := range s.Held {
		held = append(held, p.dutyHeld(h, people))
	}
	for _, h := range s.Planned {
		planned = append(planned, p.dutyHeld(h, people))
	}
	sep := p.T("study.sep")
	if len(held) > 0 {
		lines = append(lines, p.T("duty.held", "Done", len(held), "Of", s.Duty.Times, "When", strings.Join(shorten(held, 4), sep)))
	}
	if len(planned) > 0 && !s.Done() {
		lines = append(lines, p.T("duty.planned", "When", strings.Join(shorten(planned, 4), sep)))
	}
	for _, h := range shortenHeld(s.Unsaid, 3) {
		if !s.Done() {
			lines = append(lines, p.T("duty.unsaid", "When", p.dutyHeld(h, people)))
		}
	}
	switch {
	case s.Missing():
		lines = append(lines, p.T("duty.no_record", "N", s.Need()))
	case s.Open() && len(held)+len(planned) == 0:
		lines = append(lines, p.T("duty.no_plan"))
	case s.Open():
		lines = append(lines, p.T("duty.more_open", "N", s.Need()-len(s.Planned)))
	}
	return strings.Join(lines, "\n")
}

// shorten keeps the first n, and says that there are more by an ellipsis.
func shorten(all []string, n int) []string {
	if len(all) <= n {
		return all
	}
	return append(all[:n:n], "…")
}

func shortenHeld(all []models.DutyHeld, n int) []models.DutyHeld { return all[:min(n, len(all))] }

// missingWords are periods without a record, by duty: `党员大会（第三季度）、支委会（9月、10月）`.
func (p *Printer) missingWords(all []models.DutyState) string {
	var out []string
	for i := 0; i < len(all); {
		j := i
		var periods []string
		for ; j < len(all) && all[j].Duty.ID == all[i].Duty.ID; j++ {
			periods = append(periods, p.DutyPeriod(all[j].Period))
		}
		if n := len(periods); n > 6 { // the latest are the ones that can still be found out
			periods = append([]string{"…"}, periods[n-6:]...)
		}
		out = append(out, p.T("duty.missing_of", "Name", Title(all[i].Duty.Name), "Periods", strings.Join(periods, p.T("form.comma"))))
		i = j
	}
	return strings.Join(out, p.T("form.comma"))
}
