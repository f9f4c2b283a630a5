package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Of the list of days and its form.
const (
	ActionHolidayAdd    = "holiday_add"    // opens the form; value = the year shown
	ActionHolidayDelete = "holiday_delete" // value = own day
	ActionHolidayYear   = "holiday_year"   // value = year
	ModalHoliday        = "holiday"

	FieldHolidayDate = "date"
	FieldHolidayKind = "kind"
	FieldHolidayName = "name"
	HolidayKindOff   = "off"
	HolidayKindWork  = "work"

	UndoHolidaySet  = "org_day_set:"    // own day: takes it away
	UndoHolidayDrop = "org_day_delete:" // own day: has it again
)

// holidayNames are the public holidays as catalogue keys; an own day is shown as
// its organisation named it.
var holidayNames = map[string]string{"元旦": "new_year", "春节": "spring", "清明节": "qingming", "劳动节": "labour", "端午节": "dragon_boat",
	"中秋节": "mid_autumn", "国庆节": "national"}

// Holiday is the name of a day off in the reader's language.
func (p *Printer) Holiday(name string) string {
	if key := holidayNames[name]; key != "" {
		return p.T("holiday.name_" + key)
	}
	if name == models.OwnDayOff || name == "" {
		return p.T("holiday.own_day")
	}
	return Title(name)
}

// shortDay is `10月2日` or `2 Oct`, with the year when it is not this one.
func (p *Printer) shortDay(t time.Time) string {
	t = t.In(p.Zone)
	if !p.Now.IsZero() && t.Year() != p.Now.In(p.Zone).Year() {
		if p.Lang == "zh" {
			return t.Format("2006年1月2日")
		}
		return t.Format("2 Jan 2006")
	}
	return p.monthDay(t)
}

// placesLine are the next dates of a study, each with why it is not the rule's:
// `周四 10月8日 19:30（10月2日因国庆节改到这天）、10月7日国庆节放假不开`.
func (p *Printer) placesLine(places []models.Placed) string {
	var out []string
	for i := 0; i < len(places); i++ {
		at := places[i]
		name := p.Holiday(at.Holiday)
		switch {
		case at.Off:
			last := i
			for last+1 < len(places) && places[last+1].Off && places[last+1].Holiday == at.Holiday {
				last++
			}
			days := p.shortDay(at.RuleStart)
			if last > i {
				days = p.T("holiday.from_to", "From", days, "To", p.shortDay(places[last].RuleStart))
			}
			key := "holiday.off"
			if !at.Taken.IsZero() {
				key = "holiday.off_taken"
			}
			out = append(out, p.T(key, "Day", days, "Name", name))
			i = last
		case at.Moved() && at.Holiday != "":
			out = append(out, p.T("holiday.moved", "When", p.DayClock(at.Start), "From", p.shortDay(at.RuleStart), "Name", name))
		default:
			out = append(out, p.DayClock(at.Start))
		}
	}
	return strings.Join(out, p.T("form.comma"))
}

// nextDates are the next dates of a study, on the wall it lives on.
func (p *Printer) nextDates(m PlanModel) string {
	if len(m.Places) > 0 {
		return p.placesLine(m.Places)
	}
	var dates []string
	for _, t := range m.Next {
		dates = append(dates, p.DayClock(t))
	}
	return strings.Join(dates, p.T("form.comma"))
}

// nextPlace is the next date of a study with why it is not the rule's, and what
// a day off skips before it.
func (p *Printer) nextPlace(m PlanModel) string {
	var off []models.Placed
	for _, at := range m.Places {
		if at.Off {
			off = append(off, at)
			continue
		}
		when := p.placesLine([]models.Placed{at})
		if len(off) > 0 {
			when = p.T("holiday.next_after", "When", when, "Off", p.placesLine(off))
		}
		return when
	}
	return p.DayClock(m.Next[0])
}

// movedNote is why a session that happens once is not on the day it was set up
// for.
func (p *Printer) movedNote(places []models.Placed) string {
	if len(places) == 0 || !places[0].Moved() || places[0].Holiday == "" {
		return ""
	}
	return p.T("holiday.moved", "When", "", "From", p.shortDay(places[0].RuleStart), "Name", p.Holiday(places[0].Holiday))
}

// studyRule is a study's rule in words; working days are the official ones
// where holidays matter.
func (p *Printer) studyRule(st models.Study) string {
	first, err := time.Parse(models.WallLayout, st.Wall)
	if err != nil || !st.Heeds() || st.RRule != "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR" {
		return p.Rule(st.RRule, st.Wall)
	}
	return p.T("rule.at", "Days", p.T("holiday.workdays"), "Clock", first.Format("15:04")[trim(first):])
}

// holidayLine is how a study treats holidays, and what is not known about the
// days that come.
func (p *Printer) holidayLine(st models.Study, places []models.Placed) string {
	if !st.Heeds() {
		return ""
	}
	key := "holiday.policy_" + st.Holiday
	if strings.Contains(st.RRule, "BYDAY=MO,TU,WE,TH,FR") {
		key = "holiday.policy_workdays"
	}
	lines := []string{p.T(key)}
	said := map[int]bool{}
	for _, at := range places {
		year := at.RuleStart.Year()
		if at.Known != models.KnownFull && !said[year] {
			said[year] = true
			lines = append(lines, p.unknownYear(year, at.Known))
		}
	}
	return joinLines(lines...)
}

func (p *Printer) unknownYear(year int, known models.Known) string {
	key := "holiday.year_none"
	if known == models.KnownStatutory {
		key = "holiday.year_law"
	}
	return p.T(key, "Year", strconv.Itoa(year))
}

// movedByHoliday says why an occurrence does not lie where its rule puts it, ""
// when that is not a holiday's doing.
func (p *Printer) movedByHoliday(o models.Occurrence) string {
	switch {
	case o.Holiday == "" || o.ByHand:
		return ""
	case o.State == models.OccurrenceSkipped && o.SettledBy == 0:
		return p.T("holiday.member_off", "Name", p.Holiday(o.Holiday))
	case o.Start != o.RuleStart && o.State != models.OccurrenceSkipped:
		return p.T("holiday.member_moved", "From", p.Day(o.RuleStart.Time()), "Name", p.Holiday(o.Holiday), "To", p.Day(o.Start.Time()))
	}
	return ""
}

// HolidayMoved tells a leader that a session moved, was skipped or lies by its
// rule again because days off or working days changed.
func (p *Printer) HolidayMoved(m SessionModel, from models.Instant) Message {
	line := p.movedSession(m.Study, m.Occurrence, from)
	return Message{Text: Cut(line, LimitText), Blocks: []slack.Block{Section(line), Context(p.T("holiday.leader_hint", "Ref", models.NumberStudy+strconv.Itoa(m.Study.Number)))}}
}

// movedSession is `支部学习（#s7）10月7日因国庆节改到 周五 10月9日 19:30`.
func (p *Printer) movedSession(st models.Study, o models.Occurrence, from models.Instant) string {
	in := *p
	in.Zone = models.Zone(st.Zone)
	title, ref, name := Title(o.Title(st)), studyRef(st), p.Holiday(o.Holiday)
	switch {
	case o.Off():
		return p.T("holiday.session_off", "Title", title, "Ref", ref, "When", in.DayClock(o.Start.Time()), "Name", name)
	case o.Start == o.RuleStart:
		return p.T("holiday.session_back", "Title", title, "Ref", ref, "When", in.DayClock(o.Start.Time()))
	case from != 0 && from != o.RuleStart && from != o.Start:
		return p.T("holiday.session_again", "Title", title, "Ref", ref, "Old", in.DayClock(from.Time()), "When", in.DayClock(o.Start.Time()), "Name", name)
	}
	return p.T("holiday.session_moved", "Title", title, "Ref", ref, "Old", in.DayClock(o.RuleStart.Time()), "When", in.DayClock(o.Start.Time()), "Name", name)
}

// HolidayModal asks for an own day; year is the one whose list it came from.
func (p *Printer) HolidayModal(year int) *slack.ModalViewRequest {
	date := DateInput(FieldHolidayDate, p.T("holiday.form_date"), "")
	date.Optional = false
	return Modal(ModalHoliday, p.T("holiday.form_title"), p.T("holiday.form_submit"), p.T("form.close"), strconv.Itoa(year),
		date,
		Select(FieldHolidayKind, p.T("holiday.form_kind"), []Option{{HolidayKindOff, p.T("holiday.form_off")}, {HolidayKindWork, p.T("holiday.form_work")}}, HolidayKindOff, false),
		Input(FieldHolidayName, p.T("holiday.form_name"), p.T("holiday.form_name_hint"), "", false, true))
}
