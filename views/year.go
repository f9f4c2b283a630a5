package views

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of the year's account.
const (
	ActionYear      = "study_year"       // a page of a unit's account; value unit:year:page
	ActionYearNames = "study_year_names" // the same by direct message, from a channel
	ActionYearFile  = "study_year_file"  // value unit:year:xlsx
	ActionYearOwn   = "study_year_own"   // one's own account
	ActionExempt    = "study_exempt"     // opens the form; value unit:year:0
	ModalExempt     = "study_exempt"     // its callback_id
	UndoExempt      = "exempt:"          // undo of what one act excused people from

	FieldExemptWho    = "who"
	FieldExemptYear   = "year"
	FieldExemptFirst  = "first"
	FieldExemptLast   = "last"
	FieldExemptReason = "reason"
)

// YearModel is a unit's account of a year, a page of it.
type YearModel struct {
	Unit    models.Unit // zero = the whole organisation
	Year    int
	This    bool // the year is under way
	Totals  models.YearTotals
	Rows    []models.YearRow
	Page    int
	Pages   int
	Manages bool
	Channel bool // asked in a channel: no names
}

// YearRef is what a button of a unit's account carries.
type YearRef struct {
	UnitID int64
	Year   int
	What   string // a page, or a format
}

// Value is the button's value.
func (r YearRef) Value() string { return rowID(r.UnitID) + ":" + strconv.Itoa(r.Year) + ":" + r.What }

// ParseYearRef reads it; what cannot be read is zero.
func ParseYearRef(value string) YearRef {
	parts := strings.SplitN(value, ":", 3)
	var r YearRef
	if len(parts) == 3 {
		r.UnitID, _ = strconv.ParseInt(parts[0], 10, 64)
		r.Year, _ = strconv.Atoi(parts[1])
		r.What = parts[2]
	}
	return r
}

// Year is a unit's account: first the sentence that can be read aloud, then who
// needs help first. In a channel only the sentence, and not even that of few.
func (p *Printer) Year(m YearModel) Message {
	sentence := p.yearSentence(m)
	ref := YearRef{UnitID: m.Unit.ID, Year: m.Year, What: "0"}
	if m.Channel {
		if m.Totals.Small() {
			sentence = p.T("year.small", "Unit", p.yearUnit(m.Unit), "Least", models.RateFloor)
		}
		return Message{Text: Cut(sentence, LimitText), Blocks: []slack.Block{Section(sentence),
			Actions(Button(ActionYearNames, ref.Value(), p.T("year.names"), ""))}}
	}
	blocks := []slack.Block{Section("*" + sentence + "*")}
	var lines []string
	for i, r := range m.Rows {
		if lines = append(lines, p.yearRow(r)); len(lines) == 7 || i == len(m.Rows)-1 { // seven stay under a section's limit
			blocks = append(blocks, Section(strings.Join(lines, "\n")))
			lines = nil
		}
	}
	if m.Pages > 1 {
		blocks = append(blocks, Context(p.T("year.page", "Page", m.Page+1, "Pages", m.Pages)))
	}
	if buttons := p.yearButtons(m); len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	if m.This {
		blocks = append(blocks, Context(p.T("year.how", "Days", models.ForecastDays, "Weeks", int(models.ForecastSpan/(7*24*time.Hour)))))
	}
	return Message{Text: Cut(sentence, LimitText), Blocks: blocks}
}

func (p *Printer) yearButtons(m YearModel) []slack.BlockElement {
	var out []slack.BlockElement
	button := func(action, what, key string) {
		out = append(out, Button(action, YearRef{UnitID: m.Unit.ID, Year: m.Year, What: what}.Value(), p.T(key), ""))
	}
	if m.Page > 0 {
		button(ActionYear+":back", strconv.Itoa(m.Page-1), "year.back")
	}
	if m.Page < m.Pages-1 {
		button(ActionYear+":next", strconv.Itoa(m.Page+1), "year.next")
	}
	if m.Manages {
		button(ActionYearFile+":xlsx", FormatXLSX, "year.xlsx")
		button(ActionYearFile+":csv", FormatCSV, "year.csv")
		button(ActionExempt, "0", "year.exempt")
	}
	return out
}

func (p *Printer) yearUnit(u models.Unit) string {
	if u.ID == 0 {
		return p.T("year.everybody")
	}
	return Title(u.Name)
}

// yearSentence is `城东支部 42 人：31 人达到进度，8 人可能不足，3 人免学。`
func (p *Printer) yearSentence(m YearModel) string {
	t := m.Totals
	var parts []string
	part := func(key string, n int) {
		if n > 0 {
			parts = append(parts, p.T(key, "N", n))
		}
	}
	on, short := "year.part_done", "year.part_missed"
	if m.This {
		on, short = "year.part_on_pace", "year.part_short"
	}
	part(on, t.OnPace)
	part(short, t.Short)
	part("year.part_early", t.Early)
	part("year.part_exempt", t.Exempt)
	if len(parts) == 0 {
		return p.T("year.nobody", "Unit", p.yearUnit(m.Unit))
	}
	key := "year.sentence_past"
	if m.This {
		key = "year.sentence"
	}
	return p.T(key, "Unit", p.yearUnit(m.Unit), "Year", m.Year, "N", t.People, "Parts", strings.Join(parts, p.T("year.comma")))
}

// yearRow is one member: what is done, how it will end, when they were last
// there.
func (p *Printer) yearRow(r models.YearRow) string {
	line := p.T("year.row", "Name", "*"+personName(r.Person, 0)+"*", "Done", p.studyHours(r.Done), "Target", p.studyHours(r.Target))
	if r.Exempt {
		line = p.T("year.row_exempt", "Name", "*"+personName(r.Person, 0)+"*", "Done", p.studyHours(r.Done))
	}
	line += p.yearVerdict(r)
	switch {
	case r.LastAt != 0:
		line += p.T("year.row_last", "Day", p.dayIn(r.LastAt.Time(), p.OrgZone))
	case !r.Exempt:
		line += p.T("year.row_never")
	}
	return line
}

// yearVerdict is the forecast in a row, "" where there is nothing to say.
func (p *Printer) yearVerdict(r models.YearRow) string {
	f := r.Forecast
	switch f.Verdict {
	case models.VerdictReached:
		return p.T("year.row_reached")
	case models.VerdictOnPace:
		return p.T("year.row_on_pace", "Hours", p.studyHours(f.Projected))
	case models.VerdictEarly:
		return p.T("year.row_early")
	case models.VerdictShort:
		return p.T("year.row_short", "Hours", p.studyHours(f.Projected), "Missing", p.studyHours(f.Missing), "By", p.yearDay(f.By))
	case models.VerdictBeyond:
		return p.T("year.row_beyond", "Hours", p.studyHours(f.Projected), "Missing", p.studyHours(f.Missing), "More", p.studyHours(f.More))
	case models.VerdictMissed:
		return p.T("year.row_missed", "Missing", p.studyHours(f.Missing))
	}
	return ""
}

// studyHours writes minutes as hours: 18, 1.5.
func (p *Printer) studyHours(minutes int) string { return Number(float64(minutes) / 60) }

// yearDay is `12月9日` or `9 Dec`, by the organisation's wall.
func (p *Printer) yearDay(at models.Instant) string {
	return p.plainDay(at.In(p.OrgZone))
}

func (p *Printer) plainDay(t time.Time) string {
	if p.Lang == "zh" {
		return strconv.Itoa(int(t.Month())) + "月" + strconv.Itoa(t.Day()) + "日"
	}
	return t.Format("2 Jan")
}

// isoDay is a day kept as 2026-06-01.
func (p *Printer) isoDay(text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return p.plainDay(t)
}

// OwnYear is one's own account of a year.
func (p *Printer) OwnYear(r models.YearRow) Message {
	head := p.ownHead(r)
	lines := []string{"*" + head + "*"}
	var counts []string
	count := func(key string, n models.YearCount) {
		if n.Sessions > 0 {
			counts = append(counts, p.T(key, "N", n.Sessions, "Hours", p.studyHours(n.Minutes)))
		}
	}
	count("year.count_attended", r.Attended)
	count("year.count_made_up", r.MadeUp)
	count("year.count_excused", r.Excused)
	count("year.count_absent", r.Absent)
	count("year.count_unknown", r.Unknown)
	count("year.count_open", r.Open())
	count("year.count_planned", r.Planned())
	if len(counts) > 0 {
		lines = append(lines, strings.Join(counts, p.T("year.comma"))+p.T("year.stop"))
	}
	if free := p.freeLine(r.YearAccount); free != "" {
		lines = append(lines, free)
	}
	if f := p.Forecast(r); f != "" {
		lines = append(lines, f)
	}
	return Message{Text: Cut(head, LimitText), Blocks: []slack.Block{Section(strings.Join(lines, "\n"))}}
}

func (p *Printer) ownHead(r models.YearRow) string {
	if r.Exempt {
		return p.T("year.own_exempt", "Year", r.Year, "Done", p.studyHours(r.Done))
	}
	return p.T("year.own", "Year", r.Year, "Done", p.studyHours(r.Done), "Target", p.studyHours(r.Target))
}

// freeLine says for which days somebody is excused, "" for none or all.
func (p *Printer) freeLine(y models.YearAccount) string {
	if len(y.Free) == 0 || y.Exempt {
		return ""
	}
	var spans []string
	for _, s := range y.Free {
		spans = append(spans, p.T("year.span", "First", p.isoDay(s.First), "Last", p.isoDay(s.Last)))
	}
	return p.T("year.free", "Spans", strings.Join(spans, p.T("year.comma")), "Full", p.studyHours(y.Full), "Target", p.studyHours(y.Target))
}

// Excused says that somebody is excused from the study target this year, or for
// which days; "" when they are not.
func (p *Printer) Excused(y models.YearAccount) string {
	if y.Exempt {
		return p.T("year.excused", "Year", y.Year)
	}
	return p.freeLine(y)
}

// WithExcused puts that at the end of somebody's own profile.
func (p *Printer) WithExcused(m *slack.ModalViewRequest, y models.YearAccount) *slack.ModalViewRequest {
	if line := p.Excused(y); line != "" {
		m.Blocks.BlockSet = append(m.Blocks.BlockSet, Context(line))
	}
	return m
}

// Forecast is how the year will end for the reader, in whole sentences.
func (p *Printer) Forecast(r models.YearRow) string {
	f := r.Forecast
	end := p.plainDay(r.To.Add(-time.Hour).In(p.OrgZone))
	args := []any{"Hours", p.studyHours(f.Projected), "Missing", p.studyHours(f.Missing), "More", p.studyHours(f.More), "End", end}
	switch f.Verdict {
	case models.VerdictShort:
		return p.T("year.say_short", append(args, "By", p.yearDay(f.By))...)
	case models.VerdictEarly:
		return p.T("year.say_early", "Days", models.ForecastDays, "Weeks", int(models.ForecastSpan/(7*24*time.Hour)))
	case models.VerdictExempt:
		return p.T("year.say_exempt")
	case models.VerdictBeyond, models.VerdictOnPace, models.VerdictReached, models.VerdictMissed:
		return p.T("year.say_"+string(f.Verdict), args...)
	}
	return ""
}

// ExemptModal is the form that excuses people from the target.
func (p *Printer) ExemptModal(year int, chosen []string) *slack.ModalViewRequest {
	var years []Option
	for _, y := range []int{year, year + 1, year - 1} {
		years = append(years, Option{strconv.Itoa(y), p.T("year.number", "Year", y)})
	}
	who := PeopleSelect(FieldExemptWho, p.T("year.form_who"), p.T("year.form_who_hint"), chosen)
	who.Optional = false
	return Modal(ModalExempt, p.T("year.form_title"), p.T("year.form_save"), p.T("form.close"), "",
		Section(p.T("year.form_text")), who,
		Select(FieldExemptYear, p.T("year.form_year"), years, strconv.Itoa(year), false),
		DateInput(FieldExemptFirst, p.T("year.form_first"), ""),
		DateInput(FieldExemptLast, p.T("year.form_last"), ""),
		Input(FieldExemptReason, p.T("year.form_reason"), p.T("year.form_reason_hint"), "", false, false))
}

// ExemptModel is what became of excusing somebody.
type ExemptModel struct {
	Person, By models.Person
	Exemption  models.Exemption
	Account    models.YearAccount
}

// Exempted answers who excused people, or took it back.
func (p *Printer) Exempted(list []ExemptModel) Message {
	var lines []string
	for _, m := range list {
		key := "year.exempted"
		switch {
		case m.Exemption.State == models.ExemptionEnded:
			key = "year.exempted_end"
		case !m.Exemption.Whole():
			key = "year.exempted_part"
		}
		lines = append(lines, p.T(key, p.exemptArgs(m, "Who", personName(m.Person, 0))...))
	}
	text := strings.Join(lines, "\n")
	blocks := []slack.Block{Section(text)}
	if i := slices.IndexFunc(list, func(m ExemptModel) bool { return m.Exemption.State == models.ExemptionActive }); i >= 0 {
		blocks = append(blocks, Actions(p.undo(UndoExempt, list[i].Exemption.ID, "")))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

func (p *Printer) exemptArgs(m ExemptModel, more ...any) []any {
	return append(more, "Year", m.Exemption.Year, "Reason", Escape(Cut(m.Exemption.Reason, 200)), "First", p.isoDay(m.Exemption.FirstDay),
		"Last", p.isoDay(m.Exemption.LastDay), "Full", p.studyHours(m.Account.Full), "Target", p.studyHours(m.Account.Target),
		"Done", p.studyHours(m.Account.Done), "By", UserTag(m.By.Slack(), m.By.Name))
}

// ExemptTold tells the member.
func (p *Printer) ExemptTold(m ExemptModel) Message {
	key := "year.told"
	switch {
	case m.Exemption.State == models.ExemptionEnded:
		key = "year.told_end"
	case !m.Exemption.Whole():
		key = "year.told_part"
	}
	text := p.T(key, p.exemptArgs(m)...)
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text)}}
}
