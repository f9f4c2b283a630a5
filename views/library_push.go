package views

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// pushedShort is when a reminder a day before would come too near to the first
// message to say anything new.
const pushedShort = 36 * time.Hour

// Pushed answers who pushed material: to whom, by when, and who gets it when.
func (p *Printer) Pushed(m PlanModel, item models.Material) Message {
	say := func(title string) string {
		return p.T("library.push_done", "Title", title, "Item", item.Ref(), "Ref", studyRef(m.Study))
	}
	by := p.T("library.push_by", "When", p.DayClock(m.Study.Start.Time()))
	if m.Study.Credit > 0 {
		by += p.T("study.sep") + p.T("study.counts_for", "Hours", p.Hours(m.Study.Credit))
	}
	when := p.T("library.push_when")
	if m.Study.Start.Sub(models.At(p.Now)) < pushedShort {
		when = p.T("library.push_once")
	}
	body := joinLines(by, p.whoLine(m), when, p.mineLine(m), p.T("library.push_receipt"))
	return Message{Text: Cut(say(EscapeText(Cut(item.Title, LimitTitle)))+" "+by, LimitText),
		Blocks: []slack.Block{Section(say("*"+Title(item.Title)+"*") + "\n" + body), Actions(p.undo(UndoStudyOpen, m.Study.ID, p.T("study.undo_open")))}}
}

// ReceiptModel is how far pushed material has come.
type ReceiptModel struct {
	Plan       PlanModel
	Material   models.Material
	Occurrence models.Occurrence
	Reading    models.Reading
	Final      bool // the due date is past
	Past       bool // a newer message tells it
}

// Receipt is the living message of pushed material.
func (p *Printer) Receipt(m ReceiptModel) Message {
	st := m.Plan.Study
	say := func(title string) string {
		return p.T("library.receipt", "Title", title, "Ref", studyRef(st), "Who", p.audience(m.Plan), "When", p.DayClock(m.Occurrence.Start.Time()))
	}
	title := "*" + Title(st.Title) + "*"
	if m.Past {
		text := p.T("study.past", "What", say(title))
		return Message{Text: Cut(p.T("study.past", "What", say(plainTitle(st))), LimitText), Blocks: []slack.Block{Context(text)}}
	}
	counts := p.readingLine(m.Reading)
	switch {
	case st.State == models.StudyCancelled || m.Occurrence.Off():
		counts = p.T("library.receipt_off")
	case m.Final:
		counts = p.T("library.receipt_final") + counts
	}
	blocks := []slack.Block{Section(say(title) + "\n" + counts)}
	if m.Reading.People+m.Reading.Excused > 0 {
		blocks = append(blocks, Actions(p.readersButton(m.Occurrence.ID, st)))
	}
	return Message{Text: Cut(say(plainTitle(st))+" "+counts, LimitText), Blocks: blocks}
}

// readersNamed is how many names a list has; the rest is counted.
const readersNamed = 60

// Readers is who opened pushed material, who is done without that, and who has
// done neither; for who is entitled.
func (p *Printer) Readers(m ReceiptModel, people []models.Person, parts map[int64]models.Attendance) Message {
	var opened, done, left, excused []string
	for _, who := range people {
		a := parts[who.ID]
		finished := a.State == models.AttendanceAttended || a.State == models.AttendanceMadeUp
		name := words(who.Name, limitName)
		switch {
		case a.State == models.AttendanceExcused:
			excused = append(excused, name)
		case a.OpenedAt != 0 && finished:
			opened = append(opened, p.T("library.reader_both", "Who", name, "When", p.DayClock(a.OpenedAt.Time())))
		case a.OpenedAt != 0:
			opened = append(opened, p.T("library.reader", "Who", name, "When", p.DayClock(a.OpenedAt.Time())))
		case finished:
			done = append(done, name)
		default:
			left = append(left, name)
		}
	}
	head := "*" + Title(m.Plan.Study.Title) + "* · " + studyRef(m.Plan.Study) + "\n" + p.readingLine(m.Reading)
	blocks := []slack.Block{Section(head)}
	for _, part := range []struct {
		key   string
		names []string
	}{{"opened", opened}, {"done", done}, {"left", left}, {"excused", excused}} {
		if len(part.names) > 0 {
			blocks = append(blocks, Section(p.T("library.readers_"+part.key, "N", len(part.names), "Names", p.someNames(part.names))))
		}
	}
	if n := m.Reading.People + m.Reading.Excused - len(people); n > 0 {
		blocks = append(blocks, Context(p.T("library.readers_first", "N", len(people))))
	}
	blocks = append(blocks, Context(p.T("library.readers_note")))
	return Message{Text: Cut(plainTitle(m.Plan.Study)+" "+p.readingLine(m.Reading), LimitText), Blocks: blocks}
}

func (p *Printer) someNames(names []string) string {
	more := ""
	if n := len(names) - readersNamed; n > 0 {
		names, more = names[:readersNamed], p.T("library.more", "N", n)
	}
	return Cut(strings.Join(names, p.T("form.comma")), 2500) + more
}

// materialLabel is what a link to material is called: the library's title where
// it is that item's, else "open".
func (p *Printer) materialLabel(link string, m models.Material) string {
	if m.ID != 0 && m.Link == link {
		return Cut(Plain(m.Title), LimitTitle)
	}
	return p.T("study.open_link")
}

// OpenlySaid is what a member reads under pushed material: that opening it is
// noted, and what is.
func (p *Printer) OpenlySaid(a models.Attendance) string {
	if a.OpenedAt != 0 {
		return p.T("library.noted", "When", p.DayClock(a.OpenedAt.Time()))
	}
	return p.T("library.will_note")
}
