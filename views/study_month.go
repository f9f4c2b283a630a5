package views

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons of a month's plan; values are months, "2026-12".
const (
	ActionMonthShow = "study_month"      // another month
	ActionMonthPost = "study_month_post" // a channel select; block_id is BlockMonth and the month

	// BlockMonth begins the block_id of the channel select.
	BlockMonth = "study_month:"
)

// MonthLayout is how a month stands in the value of a button.
const MonthLayout = "2006-01"

// SessionLine is one session of a month's plan.
type SessionLine struct {
	Study      models.Study
	Occurrence models.Occurrence
	Unit       models.Unit
	State      string // ahead, no_record, or the occurrence's
	There      int
	Mine       models.Attendance
}

// MonthModel is a month's plan of study.
type MonthModel struct {
	From       time.Time // first moment, in the organisation's zone
	Leads      bool
	Public     bool // in a channel
	By         models.Person
	Sessions   []SessionLine
	Cut        bool
	EmptyWeeks []time.Time // Mondays
}

// monthRoom is how many characters the sessions of a month take at most: Slack
// refuses messages of over 13,000.
const monthRoom = 9000

// StudyMonth is `study plan`: by day what takes place, where and for whom, with
// what is missing named.
func (p *Printer) StudyMonth(m MonthModel) Message {
	in := *p
	in.Zone = m.From.Location()
	head := p.T("series.month_mine", "Month", in.month(m.From))
	if m.Leads {
		head = p.T("series.month", "Month", in.month(m.From))
	}
	blocks := []slack.Block{Section("*" + head + "*")}
	var lines []string
	room := monthRoom
	for _, s := range m.Sessions {
		line := in.sessionLine(s, m)
		if room -= utf8.RuneCountInString(line); room < 0 {
			m.Cut = true
			break
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		lines = []string{p.T("series.month_empty")}
	}
	if m.Cut {
		lines = append(lines, p.T("series.month_cut"))
	}
	for len(lines) > 0 {
		n := min(5, len(lines))
		blocks = append(blocks, Section(strings.Join(lines[:n], "\n")))
		lines = lines[n:]
	}
	if gaps := in.gaps(m); m.Leads && gaps != "" {
		blocks = append(blocks, Section(gaps))
	}
	if m.Public {
		blocks = append(blocks, Context(p.T("series.month_by", "Who", UserTag(m.By.Slack(), m.By.Name))))
	} else {
		blocks = append(blocks, p.monthButtons(m)...)
	}
	text := p.T("series.month_text", "Head", head, "N", len(m.Sessions))
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

func (p *Printer) month(t time.Time) string {
	if p.Lang == "zh" {
		return t.Format("2006年1月")
	}
	return t.Format("January 2006")
}

// sessionLine is one session: when, what, for whom, where, material, state.
func (p *Printer) sessionLine(s SessionLine, m MonthModel) string {
	o, st := s.Occurrence, s.Study
	short := func(text string) string { return Escape(Cut(Plain(text), 40)) } // a line is read at a glance
	parts := []string{"*" + p.DayClock(o.Start.Time()) + "* " + short(o.Title(st)) + " " + studyRef(st)}
	if s.Unit.ID != 0 && m.Leads {
		parts = append(parts, short(s.Unit.Name))
	}
	if o.Off() || s.State == models.OccurrenceSkipped {
		state := p.T("series.state_" + s.State)
		if o.Holiday != "" {
			state = p.T("series.state_holiday", "Name", Escape(o.Holiday))
		}
		return "~" + parts[0] + "~ · " + state
	}
	if place := o.Place(st); place != "" {
		parts = append(parts, short(place))
	}
	if link := o.Link(st); link != "" {
		parts = append(parts, Link(link, p.T("series.material")))
	}
	switch {
	case !m.Leads:
		parts = append(parts, p.myState(s))
	case s.State == models.OccurrenceHeld:
		parts = append(parts, p.T("series.state_held", "N", s.There))
	case s.State != "ahead":
		parts = append(parts, "*"+p.T("series.state_"+s.State)+"*")
	case o.State == models.OccurrenceMoved && o.Start != o.RuleStart:
		parts = append(parts, p.T("series.state_moved", "Old", p.Day(o.RuleStart.Time())))
	}
	if len(st.Slots) > 0 {
		parts = append(parts, p.T("series.month_slots", "N", len(st.Slots)+1))
	}
	return strings.Join(parts, " · ")
}

// myState is where a member stands with a session.
func (p *Printer) myState(s SessionLine) string {
	switch {
	case s.Mine.State == models.AttendanceDue && s.Mine.Intent == models.IntentAttend && s.State == "ahead":
		return p.T("series.mine_coming")
	case s.Mine.State == models.AttendanceDue && s.State != "ahead", s.Mine.State != models.AttendanceDue && s.Mine.State != "":
		return p.T("series.mine_" + s.Mine.State)
	}
	return p.T("series.mine_ahead")
}

// gaps names what is missing: records, places, material, weeks with nothing.
func (p *Printer) gaps(m MonthModel) string {
	var record, place, material, weeks []string
	for _, s := range m.Sessions {
		what := p.Day(s.Occurrence.Start.Time()) + " " + studyRef(s.Study)
		switch {
		case s.State == "no_record":
			record = append(record, what)
		case s.State == "ahead" && s.Study.Meets():
			if s.Occurrence.Place(s.Study) == "" && s.Occurrence.Link(s.Study) == "" {
				place = append(place, what)
			} else if s.Occurrence.Link(s.Study) == "" {
				material = append(material, what)
			}
		}
	}
	for _, monday := range m.EmptyWeeks {
		weeks = append(weeks, p.T("series.week", "From", p.Day(monday), "To", p.Day(monday.AddDate(0, 0, 6))))
	}
	var out []string
	for _, g := range []struct {
		key  string
		list []string
	}{{"record", record}, {"place", place}, {"material", material}, {"weeks", weeks}} {
		const named = 8
		if n := len(g.list); n > 0 {
			list := strings.Join(g.list[:min(n, named)], p.T("form.comma"))
			if n > named {
				list += p.T("series.gap") + p.T("series.more_gaps", "N", n-named)
			}
			out = append(out, p.T("series.gap_"+g.key, "List", list))
		}
	}
	if len(out) == 0 {
		return ""
	}
	return p.T("series.gaps") + "\n" + strings.Join(out, "\n")
}

// monthButtons are the neighbouring months, and for who leads: add one, post it.
func (p *Printer) monthButtons(m MonthModel) []slack.Block {
	before, after := m.From.AddDate(0, -1, 0), m.From.AddDate(0, 1, 0)
	row := []slack.BlockElement{
		Button(ActionMonthShow+":before", before.Format(MonthLayout), p.month(before), ""),
		Button(ActionMonthShow+":after", after.Format(MonthLayout), p.month(after), "")}
	if !m.Leads {
		return []slack.Block{Actions(row...)}
	}
	add := Button(ActionNewStudy, "new", p.T("series.month_add"), "")
	pick := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain(p.T("series.month_post"), 150), ActionMonthPost)
	pick.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	return []slack.Block{Actions(append([]slack.BlockElement{add}, row...)...), slack.NewActionBlock(BlockMonth+m.From.Format(MonthLayout), pick)}
}
