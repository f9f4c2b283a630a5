package views

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of summaries and digests.
const (
	ActionSummaryPost    = "summary_post"
	ActionSummaryChannel = "summary_channel" // choose where to post, then post
	ActionSummaryHold    = "summary_hold"
)

// SummaryModel is what a summary shows. Preview adds the buttons.
type SummaryModel struct {
	PostingID int64
	Org       string // the organisation's name, for files
	Now       models.Summary
	Before    models.Summary
	Late      bool
	LateFor   time.Time // when it was, or is, to be posted
	Public    bool      // for a channel: no figures that name somebody
	Preview   bool
	Channel   string // where it will go, "" = not said yet
	State     string // posting's state, for the reviewer
	Review    bool
	Posted    bool // its message is queued or out
	Leaders   []LeaderShown
}

// Summary is the summary in the order of VOICE: calls, volunteers, study, and
// how far the record stands behind it.
func (p *Printer) Summary(m SummaryModel) Message {
	head := p.T("summary.head", "Period", p.periodName(m.Now.Period, p.OrgZone)) // weeks and months are the organisation's
	if m.Now.Unit.ID != 0 {
		head += " · " + Title(m.Now.Unit.Name)
	}
	var lines []string
	if m.Late {
		lines = append(lines, p.T("summary.late", "When", p.DayClock(m.LateFor)))
	}
	lines = append(lines, p.callsLine(m))
	lines = append(lines, p.volunteerLines(m)...)
	lines = append(lines, p.studyLines(m)...)
	if len(m.Now.Duties) > 0 {
		lines = append(lines, p.dutyGaps(m.Now.Duties))
	}
	body := strings.Join(lines, "\n")
	blocks := []slack.Block{Section("*" + head + "*\n" + body)}
	if long := p.longLines(m); len(long) > 0 {
		blocks = append(blocks, sections(long)...)
		body += "\n" + strings.Join(long, "\n")
	}
	if m.Now.SealedTo > 0 {
		blocks = append(blocks, Context(p.T("summary.record", "Seq", m.Now.SealedTo, "Check", shortHash(m.Now.Check))))
	}
	if buttons := p.openButtons(m); len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	if m.Preview {
		blocks = append(blocks, p.summaryButtons(m)...)
	}
	return Message{Text: Cut(head+"\n"+body, LimitText), Blocks: blocks}
}

func (p *Printer) summaryButtons(m SummaryModel) []slack.Block {
	id := strconv.FormatInt(m.PostingID, 10)
	channel := "<#" + m.Channel + ">"
	post := Button(ActionSummaryPost, id, p.T("summary.post"), "")
	switch {
	case m.Posted:
		return []slack.Block{Section(p.T("summary.review_posted", "Channel", channel))}
	case m.State == models.PostingHeld:
		return []slack.Block{Section(p.T("summary.held", "Channel", channel)), Actions(post)}
	case m.Review:
		return []slack.Block{Section(p.T("summary.review", "Channel", channel, "When", p.DayClock(m.LateFor))),
			Actions(Button(ActionSummaryPost, id, p.T("summary.post_now"), ""), Button(ActionSummaryHold, id, p.T("summary.hold"), ""))}
	case m.Channel == "":
		return []slack.Block{Section(p.T("summary.where")), slack.NewActionBlock("posting:"+id, p.chooseChannel("summary.choose"))}
	}
	return []slack.Block{Section(p.T("summary.only_you", "Channel", channel)),
		slack.NewActionBlock("posting:"+id, post, p.chooseChannel("summary.other_channel"))}
}

func (p *Printer) chooseChannel(key string) *slack.SelectBlockElement {
	e := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain(p.T(key), 150), ActionSummaryChannel)
	e.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	return e
}

func (p *Printer) callsLine(m SummaryModel) string {
	s := m.Now
	if s.CallsOpened == 0 && s.PlacesShort == 0 {
		return p.T("summary.no_calls")
	}
	line := p.T("summary.calls", "N", s.CallsOpened, "Filled", s.CallsFilled)
	if s.CallsFilled > 0 {
		compared := ""
		if m.Before.CallsFilled > 0 {
			compared = p.compareSpan(s.FillTime, m.Before.FillTime, s.Period)
		}
		line += p.T("summary.fill_time", "Span", p.Span(roundSpan(s.FillTime)), "Compared", compared)
	}
	if s.CallsCancelled > 0 {
		line += p.T("summary.cancelled", "N", s.CallsCancelled)
	}
	if s.PlacesShort > 0 {
		line += p.T("summary.short", "N", s.PlacesShort, "Calls", s.CallsShort)
	}
	return line
}

// indent sets the lines of units under the word before them.
const indent = "         "

// unitsShown is how many units a summary names: a channel reads twenty lines,
// the rest is in the export.
const unitsShown = 20

func (p *Printer) studyLines(m SummaryModel) []string {
	total := m.Now.Total
	switch {
	case total.Sessions == 0:
		return []string{p.T("summary.no_study")}
	case total.Recorded == 0:
		return []string{p.T("summary.study_unrecorded", "N", total.Sessions)}
	case m.Public && total.Small():
		return []string{p.T("summary.study_small", "N", total.Sessions)}
	}
	line := p.T("summary.study", "N", total.Due, "Attended", total.Attended, "MadeUp", total.MadeUp,
		"Excused", total.Excused, "Absent", total.Absent)
	if total.Open() > 0 {
		line += p.T("summary.open", "N", total.Open())
	}
	return append([]string{line}, p.unitLines(m)...)
}

// unitLines are the rates of the units whose sessions all have a record in one
// line; then, for a channel, those too small to show one; then those with gaps.
func (p *Printer) unitLines(m SummaryModel) []string {
	units := m.Now.Study
	shown := units[:min(len(units), unitsShown)]
	hidden := m.hiddenStudy(shown)
	var rates, small, beside, gaps []string
	for _, l := range shown {
		name := Title(l.Unit)
		if l.UnitID == 0 {
			name = p.T("summary.no_unit")
		}
		percent, ok := l.Rate()
		switch {
		case l.Recorded < l.Sessions:
			gaps = append(gaps, p.gapLine(name, l, hidden[l.UnitID] || m.Public && l.Small()))
		case m.Public && l.Small():
			small = append(small, name)
		case hidden[l.UnitID]:
			beside = append(beside, name)
		case ok:
			rates = append(rates, p.T("summary.unit_rate", "Unit", name, "Percent", percent))
		default:
			rates = append(rates, p.T("summary.unit_excused", "Unit", name))
		}
	}
	var lines []string
	if len(rates) > 0 {
		lines = append(lines, strings.Join(rates, " · "))
	}
	if len(small) > 0 {
		lines = append(lines, p.T("summary.unit_small", "Units", strings.Join(small, p.T("summary.unit_comma"))))
	}
	if len(beside) > 0 {
		lines = append(lines, p.T("summary.unit_beside", "Units", strings.Join(beside, p.T("summary.unit_comma"))))
	}
	lines = append(lines, gaps...)
	if more := len(units) - unitsShown; more > 0 {
		lines = append(lines, p.T("summary.more_units", "N", more))
	}
	for i := range lines {
		lines[i] = indent + lines[i]
	}
	return lines
}

// gapLine is a unit with sessions that have no record: they give no rate. A
// small one shows no figures either.
func (p *Printer) gapLine(name string, l models.StudyLine, small bool) string {
	if l.Recorded == 0 {
		return p.T("summary.unit_none", "Unit", name, "N", l.Sessions)
	}
	var days []string
	const daysShown = 3
	for i, at := range l.Missing {
		if i == daysShown {
			break
		}
		days = append(days, p.dayName(at.In(p.OrgZone)))
	}
	text := strings.Join(days, p.T("summary.days_comma"))
	if more := len(l.Missing) - len(days); more > 0 {
		text += p.T("summary.days_more", "N", more)
	}
	if small {
		return p.T("summary.unit_gaps_small", "Unit", name, "N", l.Sessions, "Recorded", l.Recorded, "Days", text)
	}
	return p.T("summary.unit_gaps", "Unit", name, "N", l.Sessions, "Recorded", l.Recorded, "Due", l.Due, "Came", l.Came(), "Days", text)
}

// dayName is a day without its weekday: `11月18日`, `18 Nov`.
func (p *Printer) dayName(t time.Time) string {
	if p.Lang == "zh" {
		return fmt.Sprintf("%d月%d日", t.Month(), t.Day())
	}
	return t.Format("2 Jan")
}

// compare says how a count stands against the period before, in words.
func (p *Printer) compare(diff int, period models.Period) string {
	before := p.beforeName(period)
	switch {
	case diff > 0:
		return p.T("summary.more", "N", diff, "Before", before)
	case diff < 0:
		return p.T("summary.fewer", "N", -diff, "Before", before)
	}
	return p.T("summary.same", "Before", before)
}

func (p *Printer) compareSpan(now, before time.Duration, period models.Period) string {
	diff := roundSpan(now) - roundSpan(before)
	switch {
	case diff > 0:
		return p.T("summary.slower", "Span", p.Span(diff), "Before", p.beforeName(period))
	case diff < 0:
		return p.T("summary.faster", "Span", p.Span(-diff), "Before", p.beforeName(period))
	}
	return ""
}

// beforeName is what the period before is called: of the period under way and
// of the one that has just ended, "last week"; of an earlier one that would be
// read from today, so it is "the week before".
func (p *Printer) beforeName(period models.Period) string {
	word := "summary.before_"
	if now := models.At(p.Now); now >= period.End && now.Sub(period.End) >= period.End.Sub(period.Start) {
		word = "summary.earlier_"
	}
	return p.T(word + period.Kind)
}

// roundSpan rounds as people speak: to the minute, from three hours on to the
// half hour; never to nothing.
func roundSpan(d time.Duration) time.Duration {
	if d >= 3*time.Hour {
		return d.Round(30 * time.Minute)
	}
	return max(d.Round(time.Minute), time.Minute)
}

// periodName is `11月16日–22日`, `2026年11月`, `2026年`; `16–22 Nov`, `November
// 2026`, `2026`. A week of another year than the reader's says so.
func (p *Printer) periodName(period models.Period, zone *time.Location) string {
	from, last := period.Start.In(zone), period.End.Add(-time.Hour).In(zone)
	zh := p.Lang == "zh"
	switch period.Kind {
	case models.PeriodYear:
		if zh {
			return from.Format("2006年")
		}
		return from.Format("2006")
	case models.PeriodMonth:
		if zh {
			return from.Format("2006年1月")
		}
		return from.Format("January 2006")
	case models.PeriodDay:
		return p.dayIn(from, zone)
	}
	year, until := "", p.dayName(last)
	if now := p.Now.In(zone).Year(); last.Year() != now {
		if year = fmt.Sprintf(" %d", last.Year()); zh {
			year = fmt.Sprintf("%d年", from.Year())
		}
	}
	if from.Month() == last.Month() && zh {
		until = fmt.Sprintf("%d日", last.Day())
	}
	if zh {
		return year + p.dayName(from) + "–" + until
	}
	if from.Month() == last.Month() {
		return fmt.Sprintf("%d–%s%s", from.Day(), until, year)
	}
	return p.dayName(from) + "–" + until + year
}

// shortHash is 7f3a…c2: enough to compare by eye.
func shortHash(h string) string {
	if len(h) < 8 {
		return h
	}
	return h[:4] + "…" + h[len(h)-2:]
}

// DigestModel is a digest to be shown.
type DigestModel struct {
	Digest   models.Digest
	Next     time.Time
	Reviewer string // mention, "" = nobody
}

// DigestOpened echoes what a new digest will do.
func (p *Printer) DigestOpened(m DigestModel) string {
	d := m.Digest
	text := p.T("digest.opened", "Ref", "#"+d.Ref(), "Rule", p.digestRule(d), "Channel", "<#"+d.Channel+">", "When", p.DayClock(m.Next))
	if m.Reviewer != "" {
		text += p.T("digest.reviewed", "Who", m.Reviewer)
	}
	return text
}

// digestsShown is how many digests a list names: what one block holds.
const digestsShown = 30

// DigestList lists digests with how to delete one.
func (p *Printer) DigestList(list []DigestModel) Message {
	if len(list) == 0 {
		text := p.T("digest.none")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	var lines []string
	for _, m := range list[:min(len(list), digestsShown)] {
		line := p.T("digest.line", "Ref", "#"+m.Digest.Ref(), "Rule", p.digestRule(m.Digest), "Channel", "<#"+m.Digest.Channel+">") +
			p.T("digest.next", "When", p.DayClock(m.Next))
		if m.Reviewer != "" {
			line += p.T("digest.line_review", "Who", m.Reviewer)
		}
		lines = append(lines, line)
	}
	if more := len(list) - digestsShown; more > 0 {
		lines = append(lines, p.T("digest.more", "N", more))
	}
	lines = append(lines, p.T("digest.how_delete", "Ref", list[0].Digest.Ref()))
	return Message{Text: Cut(strings.Join(lines, "\n"), LimitText), Blocks: sections(lines)}
}

// sections puts lines into as few blocks as hold them whole; Slack takes fifty
// blocks a message.
func sections(lines []string) []slack.Block {
	var blocks []slack.Block
	text := ""
	for i, line := range lines {
		line = Cut(line, LimitSection)
		if text != "" && utf8.RuneCountInString(text)+1+utf8.RuneCountInString(line) > LimitSection {
			blocks = append(blocks, Section(text))
			text = ""
		}
		if text != "" {
			text += "\n"
		}
		text += line
		if i == len(lines)-1 {
			blocks = append(blocks, Section(text))
		}
	}
	return blocks[:min(len(blocks), 50)]
}

func (p *Printer) digestRule(d models.Digest) string {
	at := Wall(d.Minute)
	switch {
	case d.Cadence == models.PeriodWeek:
		return p.T("digest.weekly", "Day", p.Weekday(time.Weekday(d.Weekday)), "At", at)
	case d.Cadence == models.PeriodMonth && d.Day < 1:
		return p.T("digest.month_end", "At", at)
	case d.Cadence == models.PeriodMonth:
		return p.T("digest.monthly", "Day", d.Day, "At", at)
	}
	return p.T("digest.daily", "At", at)
}
