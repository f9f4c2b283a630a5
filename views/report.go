package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// How people answered a call: in words, as a curve, as a list.
const (
	ActionCallCurve = "call_curve" // value call; hands the picture to who presses
	ActionCurvePost = "curve_post" // value call; puts it under the card
)

// responsesShown is how many people of each state a report names.
const responsesShown = 40

// ReportWhole says whether a report names everybody.
func ReportWhole(responses []models.Response) bool {
	for _, n := range countResponses(responses) {
		if n > responsesShown {
			return false
		}
	}
	return true
}

func countResponses(responses []models.Response) map[models.ResponseState]int {
	counts := map[models.ResponseState]int{}
	for _, r := range responses {
		counts[r.State]++
	}
	return counts
}

// Report is how people answered a call: the numbers, then who, by what they
// said, with the minutes it took them. post offers the picture for the channel.
func (p *Printer) Report(s models.Sheet, responses []models.Response, post bool) Message {
	head := p.reportHead(s, responses)
	blocks := []slack.Block{Section("*" + p.T("report.title", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s)) + "*\n" + head)}
	var lines []string
	for i := len(models.ResponseStates) - 1; i >= 0; i-- {
		if line := p.responseLine(s, responses, models.ResponseStates[i]); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		blocks = append(blocks, chunks(lines, 8000, func(int) string { return "…" })...)
	}
	if len(s.Asks) == 0 && len(responses) > 0 {
		blocks = append(blocks, Context(p.T("report.no_asks")))
	}
	if post && len(models.CurveOf(responses).Minutes) > 0 {
		id := rowID(s.Call.ID)
		blocks = append(blocks, Actions(Button(ActionCurvePost, id, p.T("report.post"), ""), Button(ActionCallCurve, id, p.T("report.again"), "")))
	}
	text := p.T("report.title", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s)) + p.T("report.colon") + head
	return p.drilled(s, Message{Text: Cut(text, LimitText), Blocks: fit(blocks, 49)})
}

// reportHead is `12 人：能去 6，…。一半的人 4 分钟内回复。`
func (p *Printer) reportHead(s models.Sheet, responses []models.Response) string {
	if len(responses) == 0 {
		return p.T("report.nobody")
	}
	counts := countResponses(responses)
	var parts []string
	for i := len(models.ResponseStates) - 1; i >= 0; i-- {
		state := models.ResponseStates[i]
		if counts[state] > 0 {
			parts = append(parts, p.T("report.count_"+string(state), "Count", counts[state]))
		}
	}
	out := p.T("report.head", "N", len(responses), "Parts", strings.Join(parts, p.T("report.comma")))
	if half := models.Half(responses); half > 0 {
		out += p.gap2() + p.T("report.half", "Span", p.Span(time.Duration(half)*time.Minute))
	}
	return out
}

func (p *Printer) responseLine(s models.Sheet, responses []models.Response, state models.ResponseState) string {
	var names []string
	left := 0
	for _, r := range responses {
		switch {
		case r.State != state:
		case len(names) == responsesShown:
			left++
		case r.AnsweredAt == 0:
			names = append(names, personName(s.Person(r.PersonID), 0))
		default:
			names = append(names, p.T("report.took", "Name", personName(s.Person(r.PersonID), 0), "Span", p.Span(time.Duration(r.Minutes())*time.Minute)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	list := strings.Join(names, p.T("call.sep"))
	if left > 0 {
		list = p.T("call.names_more", "Names", list, "Count", len(names)+left)
	}
	return "*" + p.T("report.state_"+string(state)) + "*" + p.T("report.colon") + list
}

// Picture is a drawn file with the words for those who do not see it.
type Picture struct {
	Name, Title, Alt string
	Text             string // the comment it is posted with, which is also its notification
	PNG              []byte
}

// ResponseCurve draws how answers came in; PNG is nil when there are none.
func (p *Printer) ResponseCurve(s models.Sheet, responses []models.Response) (Picture, error) {
	curve := models.CurveOf(responses)
	mark := ""
	if s.Call.Drill {
		mark = p.T("call.drill") + p.T("report.colon")
	}
	title := mark + p.T("report.curve_title", "Title", bare(s.Call.Title, 60), "Ref", p.ref(s))
	out := Picture{Name: "muster-" + s.Call.Ref() + "-curve.png", Title: title,
		Text: mark + p.T("report.curve_text", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s)) + p.gap2() + p.reportHead(s, responses)}
	out.Alt = Cut(title+p.T("report.colon")+p.reportHead(s, responses)+p.gap2()+p.T("report.alt"), 1000)
	if len(curve.Minutes) == 0 {
		return out, nil
	}
	c := Chart{Title: title, X: p.T("report.axis")}
	for _, m := range curve.Minutes {
		c.Labels = append(c.Labels, strconv.Itoa(m))
	}
	for _, line := range []struct {
		state  models.ResponseState
		values []int
	}{{models.ResponseYes, curve.Yes}, {models.ResponseNo, curve.No}, {models.ResponseLater, curve.Later}} {
		values := make([]float64, len(line.values))
		for i, v := range line.values {
			values[i] = float64(v)
		}
		last := line.values[len(line.values)-1]
		c.Lines = append(c.Lines, ChartLine{Name: p.T("report.state_"+string(line.state)) + " " + strconv.Itoa(last), Values: values})
	}
	var err error
	out.PNG, err = c.PNG()
	return out, err
}

// ReachListColumns and ReachListRow are the file of everybody: words of
// programs, as in exports.
var ReachListColumns = []string{"call_id", "user_id", "user_name", "state", "asked_at", "answered_at", "minutes"}

// ReachListRow is one person's.
func ReachListRow(s models.Sheet, r models.Response) []any {
	person := s.Person(r.PersonID)
	at := func(i models.Instant) models.Moment { return models.Moment{At: i, Zone: s.Call.Zone} }
	var minutes any = ""
	if r.AnsweredAt != 0 {
		minutes = r.Minutes()
	}
	return []any{s.Call.Ref(), person.Slack(), person.Name, string(r.State), at(r.AskedAt), at(r.AnsweredAt), minutes}
}

// ReachListTitle names the file of everybody.
func (p *Printer) ReachListTitle(s models.Sheet) string {
	title := p.T("report.list_title", "Title", bare(s.Call.Title, 60), "Ref", p.ref(s))
	if s.Call.Drill {
		return p.T("call.drill") + p.T("report.colon") + title
	}
	return title
}

// CurvePosted answers who had it put under the card.
func (p *Printer) CurvePosted(s models.Sheet) Message {
	return p.said(s, p.T("report.posted", "Ref", p.ref(s), "Channel", "<#"+s.Call.Channel+">"))
}

// reportOrganizer is the button of who manages a call that asked people.
func (p *Printer) reportOrganizer(s models.Sheet) []slack.BlockElement {
	if len(s.Asks) == 0 && !s.Call.Drill {
		return nil
	}
	return []slack.BlockElement{Button(ActionCallCurve, rowID(s.Call.ID), p.T("report.button"), "")}
}
