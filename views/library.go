package views

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of the material library. Values are row ids of items, except
// where they say otherwise; several in one message carry ":" and the id.
const (
	ActionLibrary       = "library"      // a page of the list; value "page:what was looked for"
	ActionLibraryItem   = "library_item" // shows one
	ActionLibraryAdd    = "library_add"  // the form of a new one
	ActionLibraryEdit   = "library_edit"
	ActionLibraryDelete = "library_delete"
	ActionLibraryPush   = "library_push"    // the form that sends one to a unit; value 0: any
	ActionReaders       = "library_readers" // who opened it; value occurrence

	ModalMaterial = "library"
	ModalPush     = "library_push"

	FieldTags     = "tags"
	FieldMaterial = "material"
	FieldBy       = "by"

	UndoMaterial = "library:" // brings a deleted item back
)

// LibraryModel is a page of the library.
type LibraryModel struct {
	Query string
	Items []models.Material
	Page  int // from 0
	Size  int // items of a page
	Total int
	Adds  bool
}

// Library is the list of materials, newest first.
func (p *Printer) Library(m LibraryModel) Message {
	head := p.T("library.head", "N", m.Total)
	if m.Query != "" {
		head = p.T("library.found", "Query", Escape(Cut(m.Query, 60)), "N", m.Total)
	}
	if len(m.Items) == 0 {
		return p.libraryEmpty(m)
	}
	blocks := []slack.Block{Section("*" + head + "*")}
	text := []string{head}
	for _, item := range m.Items {
		b := Section(p.materialLine(item))
		b.Accessory = slack.NewAccessory(Button(ActionLibraryItem+":"+rowID(item.ID), rowID(item.ID), p.T("library.show"),
			p.T("library.show_label", "Title", Cut(Plain(item.Title), 50))))
		blocks = append(blocks, b)
		text = append(text, item.Ref()+" "+EscapeText(Cut(item.Title, LimitTitle)))
	}
	if buttons := p.libraryButtons(m); len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	if m.Page == 0 && m.Query == "" {
		blocks = append(blocks, Context(p.T("library.how")))
	}
	return Message{Text: Cut(strings.Join(text, "\n"), LimitText), Blocks: blocks}
}

func (p *Printer) libraryEmpty(m LibraryModel) Message {
	text := p.T("library.empty")
	switch {
	case m.Query != "":
		text = p.T("library.nothing", "Query", Escape(Cut(m.Query, 60)))
	case m.Adds:
		text = p.T("library.empty_adds")
	}
	blocks := []slack.Block{Section(text)}
	if buttons := p.libraryButtons(m); len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

func (p *Printer) libraryButtons(m LibraryModel) []slack.BlockElement {
	var out []slack.BlockElement
	to := func(page int, key string) {
		out = append(out, Button(ActionLibrary+":"+key, strconv.Itoa(page)+":"+m.Query, p.T("library."+key), ""))
	}
	if m.Page > 0 {
		to(m.Page-1, "newer")
	}
	if m.Size > 0 && (m.Page+1)*m.Size < m.Total {
		to(m.Page+1, "older")
	}
	if m.Query != "" {
		out = append(out, Button(ActionLibrary+":all", "0:", p.T("library.all"), ""))
	}
	if m.Adds {
		out = append(out, Button(ActionLibraryAdd, "0", p.T("library.add"), ""))
	}
	return out
}

// materialLine is `<link|title> · b3` over its tags.
func (p *Printer) materialLine(m models.Material) string {
	return joinLines(Link(m.Link, Cut(Plain(m.Title), LimitTitle))+" · "+m.Ref(), tagLine(m))
}

func tagLine(m models.Material) string {
	var tags []string
	for _, t := range m.Tags {
		tags = append(tags, "#"+Escape(Cut(Plain(t), models.MaxTag)))
	}
	return strings.Join(tags, " ")
}

// MaterialModel is one item as one reader sees it.
type MaterialModel struct {
	Material models.Material
	By       models.Person
	Adds     bool
	Changes  bool
	Pushes   []PushModel
}

// PushModel is one study about an item.
type PushModel struct {
	Plan       PlanModel
	Occurrence models.Occurrence
	Receipt    bool // the reader may see Reading
	Reading    models.Reading
	Mine       models.Attendance
}

// MaterialShow is `study library b3`. said, when not "", is what just happened.
func (p *Printer) MaterialShow(m MaterialModel, said string) Message {
	by := p.T("library.by", "Who", UserTag(m.By.Slack(), m.By.Name), "Day", p.Day(m.Material.AddedAt.Time()))
	blocks := []slack.Block{Section(joinLines(said, p.materialLine(m.Material), by))}
	for _, push := range m.Pushes {
		line := Section(p.pushLine(push))
		if push.Receipt {
			line.Accessory = slack.NewAccessory(p.readersButton(push.Occurrence.ID, push.Plan.Study))
		}
		blocks = append(blocks, line)
	}
	ref := rowID(m.Material.ID)
	var buttons []slack.BlockElement
	if m.Adds {
		buttons = append(buttons, Button(ActionLibraryPush+":"+ref, ref, p.T("library.push"), p.T("library.push_label", "Title", Cut(Plain(m.Material.Title), 50))))
	}
	if m.Changes {
		buttons = append(buttons, Button(ActionLibraryEdit+":"+ref, ref, p.T("library.edit"), ""), Button(ActionLibraryDelete+":"+ref, ref, p.T("library.delete"), ""))
	}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	text := m.Material.Ref() + " " + EscapeText(Cut(m.Material.Title, LimitTitle))
	if said != "" {
		text = said + " " + text
	}
	return Message{Text: Cut(text, LimitText), Blocks: fit(blocks, 49)}
}

// pushLine is where an item went: a push with its due date, or a session.
func (p *Printer) pushLine(m PushModel) string {
	st, o := m.Plan.Study, m.Occurrence
	when := st.Start
	if o.ID != 0 {
		when = o.Start
	}
	key := "library.session"
	if !st.Meets() {
		key = "library.pushed"
	}
	line := p.T(key, "Ref", studyRef(st), "Who", p.audience(m.Plan), "When", p.DayClock(when.Time()))
	if st.RRule != "" {
		line = p.T("library.series", "Ref", studyRef(st), "Who", p.audience(m.Plan), "Rule", p.Rule(st.RRule, st.Wall))
	}
	own := ""
	if m.Mine.ID != 0 && st.Pushed() {
		own = p.OwnReading(m.Mine)
	}
	counts := ""
	if m.Receipt {
		counts = p.readingLine(m.Reading)
	}
	return joinLines(line, counts, own)
}

// OwnReading is what is recorded of the reader themselves.
func (p *Printer) OwnReading(a models.Attendance) string {
	opened := p.T("library.own_unopened")
	if a.OpenedAt != 0 {
		opened = p.T("library.own_opened", "When", p.DayClock(a.OpenedAt.Time()))
	}
	done := p.T("library.own_undone")
	switch {
	case a.State == models.AttendanceExcused:
		done = p.T("library.own_excused")
	case a.State == models.AttendanceAttended || a.State == models.AttendanceMadeUp:
		done = p.T("library.own_done", "When", p.DayClock(a.At.Time()))
	}
	return p.T("library.own", "Opened", opened, "Done", done)
}

func (p *Printer) readingLine(r models.Reading) string {
	line := p.T("library.reading", "Opened", r.Opened, "Done", r.Done, "All", r.People, "Left", r.Neither)
	if r.Excused > 0 {
		line += p.T("library.reading_excused", "N", r.Excused)
	}
	return line
}

func (p *Printer) readersButton(occurrence int64, st models.Study) *slack.ButtonBlockElement {
	return Button(ActionReaders+":"+rowID(occurrence), rowID(occurrence), p.T("library.readers"), p.T("library.readers_label", "Title", Cut(Plain(st.Title), 50)))
}

// MaterialDeleted says that an item is out of the library.
func (p *Printer) MaterialDeleted(m models.Material) Message {
	say := func(title string) string { return p.T("library.deleted", "Title", title, "Ref", m.Ref()) }
	return Message{Text: Cut(say(EscapeText(Cut(m.Title, LimitTitle))), LimitText), Blocks: []slack.Block{Section(say("*" + Title(m.Title) + "*")),
		Actions(p.undo(UndoMaterial, m.ID, ""))}}
}

// MaterialModal is the form of an item; of a new one it is empty.
func (p *Printer) MaterialModal(m models.Material) *slack.ModalViewRequest {
	title, private := p.T("library.add"), ""
	if m.ID != 0 {
		title, private = p.T("library.edit_title", "Ref", m.Ref()), rowID(m.ID)
	}
	return Modal(ModalMaterial, title, p.T("library.save"), p.T("form.close"), private,
		Input(FieldTitle, p.T("library.form_title"), "", m.Title, false, false),
		Input(FieldLink, p.T("library.form_link"), p.T("library.form_link_hint"), m.Link, false, false),
		Input(FieldTags, p.T("library.form_tags"), p.T("library.form_tags_hint"), strings.Join(m.Tags, p.T("form.comma")), false, true))
}

// FormButton offers a form of the library by a button where there is no live
// trigger; id is the item, 0 for none.
func (p *Printer) FormButton(action string, id int64) Message {
	text := p.T("library.open_" + action)
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(Button(action+":"+rowID(id), rowID(id), p.T("error.open_again"), text))}}
}

// PushModal sends an item to people by a time. chosen is the item, 0 for any;
// channel is where it was asked for, "" for none.
func (p *Printer) PushModal(channel string, items []models.Material, units []models.Unit, chosen int64) *slack.ModalViewRequest {
	var which []Option
	for _, m := range items {
		which = append(which, Option{rowID(m.ID), m.Ref() + " " + m.Title})
	}
	var who []Option
	for i, u := range units {
		if i == 90 { // Slack takes 100 options
			break
		}
		who = append(who, Option{"unit:" + rowID(u.ID), u.Name})
	}
	if channel != "" {
		who = append(who, Option{"channel", p.T("study.form_here")})
	}
	who = append(who, Option{"all", p.T("study.everybody")})
	return Modal(ModalPush, p.T("library.push_title"), p.T("library.push_submit"), p.T("form.close"), channel,
		Select(FieldMaterial, p.T("library.form_which"), which, rowID(chosen), false),
		Select(FieldWho, p.T("library.form_who"), who, who[0].Value, false),
		Input(FieldBy, p.T("library.form_by"), p.T("library.form_by_hint"), "", false, false),
		Input(FieldHours, p.T("library.form_hours"), p.T("library.form_hours_hint"), "", false, true),
		Context(p.T("library.form_openly")))
}
