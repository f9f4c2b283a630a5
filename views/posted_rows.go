package views

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of what opens a summary's numbers.
const (
	ActionSummaryRows    = "summary_rows"    // value posting: which number?
	ActionSummaryFigure  = "summary_figure"  // the number is chosen, the posting stands in the block's id
	ActionSummaryPage    = "summary_page"    // :NAME:PAGE, value posting
	ActionSummaryTable   = "summary_table"   // value posting
	ActionSummaryPicture = "summary_picture" // value posting
	BlockPosting         = "rows:"
)

// FigureRowsModel is one page of the rows behind a number.
type FigureRowsModel struct {
	PostingID int64
	Name      string
	Period    models.Period
	Rows      []models.FigureRow
	Total     int
	Page      int
	Pages     int
	Names     bool
	Calls     map[int64]models.Call
	Studies   map[int64]models.Study
	People    map[int64]models.Person
}

// openButtons open a summary's numbers, one by one or as spreadsheets, and what
// is made of them. A reviewer need not be entitled to the rows; a channel has
// the picture in the thread.
func (p *Printer) openButtons(m SummaryModel) (buttons []slack.BlockElement) {
	id := strconv.FormatInt(m.PostingID, 10)
	if !m.Review {
		buttons = append(buttons, Button(ActionSummaryRows, id, p.T("posted.rows"), ""), Button(ActionSummaryTable, id, p.T("posted.table"), ""))
	}
	if m.Preview && p.HasPicture(m) {
		buttons = append(buttons, Button(ActionSummaryPicture, id, p.T("picture.button"), ""))
	}
	if m.IsYear() {
		buttons = append(buttons, Button(ActionSummaryPaper, id, p.T("yearpaper.button"), ""))
	}
	return buttons
}

// FigureChoice asks which number is to be opened.
func (p *Printer) FigureChoice(postingID int64) Message {
	text := p.T("posted.which")
	return Message{Text: text, Blocks: []slack.Block{Section(text), p.chooseFigure(postingID)}}
}

func (p *Printer) chooseFigure(postingID int64) slack.Block {
	var options []Option
	for _, name := range models.FiguresWithRows() {
		options = append(options, Option{Value: name, Label: p.T("posted." + name)})
	}
	pick := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(p.T("posted.choose"), 150), ActionSummaryFigure, objects(options)...)
	return slack.NewActionBlock(BlockPosting+strconv.FormatInt(postingID, 10), pick)
}

// FigureRows lists one page of the rows behind a number.
func (p *Printer) FigureRows(m FigureRowsModel) Message {
	head := p.T("posted.rows_head", "Figure", p.T("posted."+m.Name), "Period", p.periodName(m.Period, p.OrgZone), "N", m.Total)
	lines := []string{"*" + head + "*"}
	if m.Total == 0 {
		lines = append(lines, p.T("posted.rows_none"))
	}
	for _, r := range m.Rows {
		lines = append(lines, p.figureRow(m, r))
	}
	if !m.Names && len(m.Rows) > 0 {
		lines = append(lines, p.T("posted.rows_nameless"))
	}
	blocks := sections(lines)
	if m.Pages > 1 {
		blocks = append(blocks, Context(p.T("posted.page", "Page", m.Page+1, "Pages", m.Pages)))
		var turn []slack.BlockElement
		id := strconv.FormatInt(m.PostingID, 10)
		page := func(n int, key string) {
			turn = append(turn, Button(fmt.Sprintf("%s:%s:%d", ActionSummaryPage, m.Name, n), id, p.T(key), ""))
		}
		if m.Page > 0 {
			page(m.Page-1, "posted.page_back")
		}
		if m.Page+1 < m.Pages {
			page(m.Page+1, "posted.page_on")
		}
		if len(turn) > 0 {
			blocks = append(blocks, Actions(turn...))
		}
	}
	return Message{Text: Cut(strings.Join(lines, "\n"), LimitText), Blocks: append(blocks, p.chooseFigure(m.PostingID))}
}

// figureRow is one row: when, what, who, how much.
func (p *Printer) figureRow(m FigureRowsModel, r models.FigureRow) string {
	parts := []string{p.DayClock(r.At.In(p.OrgZone))}
	if c, ok := m.Calls[r.CallID]; ok {
		parts = append(parts, "#"+c.Ref()+" "+Title(c.Title))
	}
	if s, ok := m.Studies[r.StudyID]; ok {
		parts = append(parts, "#"+s.Ref()+" "+Title(s.Title))
	}
	if who, ok := m.People[r.PersonID]; ok {
		tag := UserTag(who.Slack(), who.Name)
		if tag == "" {
			tag = p.T("posted.row_forgotten")
		}
		parts = append(parts, tag)
	}
	switch m.Name {
	case models.FigureHours, models.FigureWaiting:
		parts = append(parts, p.T("posted.row_hours", "Hours", Number(float64(r.Number)/60)))
	case models.FigureShort, models.FigureServed:
		parts = append(parts, p.T("posted.row_people", "N", r.Number))
	}
	return strings.Join(parts, " · ")
}
