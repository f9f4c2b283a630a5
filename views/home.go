package views

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers drawn here; those of calls and study are beside their views.
const (
	ActionHelp     = "help"
	ActionNewCall  = "new_call"   // opens the call's modal; value is a preset
	ActionNewStudy = "new_study"  // opens the study's modal
	ActionPanel    = "call_panel" // value call; the organizer's panel again
	// Figures without a word typed: this week's summary, the sign-ups as a file.
	ActionHomeSummary = "home_summary"
	ActionHomeExport  = "home_export"

	// ViewHome is the callback_id of the Home tab: a press on it is known by that.
	ViewHome = "home"
)

// homePresets are the calls that Home offers ready-made.
func homePresets() []string { return []string{"flood", "clinic", "duty"} }

// Me is what `me` answers by direct message.
func (p *Printer) Me(o models.Overview) Message {
	blocks := []slack.Block{Section("*" + p.T("home.me") + "*")}
	blocks = append(blocks, within(p.nextBlocks(o, onMe), LimitTotal)...)
	blocks = append(blocks, slack.NewDividerBlock(), Section(p.yearLine(o)), Actions(p.hoursButton(), p.CalendarButton()))
	var text []string
	for _, s := range o.Shifts {
		text = append(text, p.shiftLine(s, inText))
	}
	for _, s := range o.Study {
		text = append(text, p.studyLine(s, inText))
	}
	text = append(text, p.yearLine(o))
	return Message{Text: Cut(p.T("home.me")+" "+strings.Join(text, "\n"), LimitText), Blocks: blocks}
}

// LimitTotal is how much text the sections of one message may hold together,
// in characters: Slack refuses more than some 13,000.
const LimitTotal = 11_000

// within is as many of the blocks as hold at most n characters of sections.
func within(blocks []slack.Block, n int) []slack.Block {
	for i, b := range blocks {
		if s, ok := b.(*slack.SectionBlock); ok {
			if n -= utf8.RuneCountInString(s.Text.Text); n < 0 {
				return blocks[:i]
			}
		}
	}
	return blocks
}

// shortLines is how many lines the bare command answers with, before the one
// that says how to find more.
const shortLines = 4

// Short is the answer to the bare command: at most four lines with what this
// person most likely wants now, then how to find more. What waits for an answer
// comes first and brings its buttons.
func (p *Printer) Short(o models.Overview) Message {
	shifts := o.Shifts
	var waits []waiting
	for _, s := range shifts {
		if s.Signup.State == models.SignupOffered && len(waits) == 0 {
			waits = append(waits, p.offered(s))
		}
	}
	if len(o.Waits) > 0 {
		waits = append(waits, p.waitingOf(o.Waits[0]))
	}
	waits = waits[:min(len(waits), 1)]
	shifts = slices.DeleteFunc(slices.Clone(shifts), func(s models.MyShift) bool { return s.Signup.State == models.SignupOffered && len(waits) > 0 })
	lines := func(how layout) (lines []string) {
		for _, w := range waits {
			lines = append(lines, w.line(how))
		}
		if len(shifts) > 0 {
			lines = append(lines, p.shiftLine(shifts[0], how))
		}
		if len(o.Study) > 0 {
			lines = append(lines, p.studyLine(o.Study[0], how))
		}
		for _, c := range o.Calls[:min(len(o.Calls), shortLines-len(lines))] {
			lines = append(lines, p.callLine(c, how))
		}
		if len(lines) == 0 {
			lines = append(lines, p.T("home.nothing"))
		}
		if !o.CanOrganize { // the example must be one that this reader may use
			return append(lines, p.T("help.more_member"))
		}
		return append(lines, p.T("help.more_line"))
	}
	blocks := sections(lines(inLine))
	for _, w := range waits {
		if len(w.buttons) > 0 {
			blocks = slices.Insert(blocks, 1, slack.Block(Actions(w.buttons...)))
		}
	}
	var actions []slack.BlockElement
	for _, c := range o.Calls[:min(len(o.Calls), 2)] {
		actions = append(actions, p.lookAt(c, "open"))
	}
	if len(actions) > 0 {
		blocks = append(blocks, Actions(actions...))
	}
	return Message{Text: Cut(strings.Join(lines(inText), "\n"), LimitText), Blocks: blocks}
}

// layout is how a thing is written: over two lines of a block, in one, or in
// one of the plain text that notifications show.
type layout int

const (
	inBlock layout = iota
	inLine
	inText
)

// of joins a thing's name, what is said of it and when it is.
func (l layout) of(before, title, after, when string) string {
	if l != inText {
		title = "*" + title + "*"
	}
	if l == inBlock {
		return before + title + after + "\n" + when
	}
	return before + title + after + " · " + when
}

// Home is the Home tab: what waits, what is next, for an organizer what needs a
// hand; open calls, my year, settings.
func (p *Printer) Home(o models.Overview) *slack.HomeTabViewRequest {
	return p.HomeSaying(o, Message{})
}

// HomeSaying is the Home tab with the answer to a press on it on top.
func (p *Printer) HomeSaying(o models.Overview, said Message) *slack.HomeTabViewRequest {
	blocks := p.justSaid(said)
	head := func(key string) {
		if len(blocks) > 0 {
			blocks = append(blocks, slack.NewDividerBlock())
		}
		blocks = append(blocks, slack.NewHeaderBlock(plain(p.T(key), LimitHeader)))
	}
	if o.Tenant.Paused {
		blocks = append(blocks, Section(p.T("home.held")))
		if o.CanAdmin {
			blocks = append(blocks, Actions(Button(ActionResume, "0", p.T("home.resume"), "")))
		}
	}
	head("home.next")
	blocks = append(blocks, p.nextBlocks(o, onHome)...)
	if o.CanOrganize || o.CanLead {
		head("home.organize")
		blocks = append(blocks, p.organizeBlocks(o)...)
	}
	head("home.calls")
	blocks = append(blocks, p.openBlocks(o)...)
	head("home.year")
	blocks = append(blocks, one(p.HoursLine(o.Hours), p.hoursButton())...)
	blocks = append(blocks, one(p.studyYearLine(o), Button(ActionYearOwn, "0", p.T("year.own_open"), ""))...)
	head("home.settings")
	other := map[string]string{"zh": "en", "en": "zh"}[p.Lang]
	settings := []slack.BlockElement{Button(ActionOpenProfile, "0", p.T("home.profile"), ""), p.CalendarButton(),
		Button(ActionSetLang+":"+other, "0", map[string]string{"zh": "English", "en": "中文"}[p.Lang], ""),
		Button(ActionHelp, "0", p.T("home.help"), "")}
	if o.CanAdmin {
		settings = append(settings, Button(ActionOpenSetup, "0", p.T("home.setup"), ""), Button(ActionUnits, "0", p.T("home.units"), ""))
	}
	blocks = append(blocks, Section(p.settingsLine(o)), Actions(settings...))
	return &slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: ViewHome, Blocks: slack.Blocks{BlockSet: blocks}}
}

// HomeHolds says whether an answer can stand on the Home tab itself: it is
// short, and reads without what was pressed on.
func HomeHolds(m Message) bool {
	if len(m.Blocks) > 3 || utf8.RuneCountInString(m.Text) > 600 {
		return false
	}
	n := 0
	for _, b := range m.Blocks {
		if s, ok := b.(*slack.SectionBlock); ok {
			if s.Text == nil {
				return false
			}
			n += utf8.RuneCountInString(s.Text.Text)
		}
	}
	return n <= 900
}

// HomeSent stands on the Home tab when the answer went to the messages.
func (p *Printer) HomeSent() Message {
	text := p.T("home.sent")
	return Message{Text: text, Blocks: []slack.Block{Section(text)}}
}

// justSaid is the answer to what was pressed on the Home tab.
func (p *Printer) justSaid(m Message) []slack.Block {
	if m.Text == "" && len(m.Blocks) == 0 {
		return nil
	}
	if len(m.Blocks) == 0 {
		return []slack.Block{Section(m.Text)}
	}
	marked(m.Blocks, "said")
	return m.Blocks
}

// callsOnHome is how many open calls Home lists; with everything else on it
// they stay under Slack's hundred blocks.
const callsOnHome = 8

// openBlocks are the open calls that the person could join: what fits them is
// said, and where there is but one place to choose it is one press.
func (p *Printer) openBlocks(o models.Overview) []slack.Block {
	if len(o.Calls) == 0 {
		return []slack.Block{Section(p.T("home.no_calls"))}
	}
	var blocks []slack.Block
	for i, c := range o.Calls {
		if i == callsOnHome {
			return append(blocks, Context(p.T("home.more_calls", "N", len(o.Calls)-i)))
		}
		line := p.callLine(c, inBlock)
		if why := p.fits(c.Why); why != "" {
			line += "\n" + why
		}
		b := Section(line)
		b.Accessory = slack.NewAccessory(p.lookAt(c, "open"))
		if c.Open != 0 {
			id := rowID(c.Open)
			b.Accessory = slack.NewAccessory(Button(ActionCallJoin+":home:"+id, id, p.T("home.join"), p.T("home.join_label", "Title", c.Call.Title)))
		}
		blocks = append(blocks, b)
	}
	return blocks
}

// fits says what of the reader's own profile speaks for a call, "" for nothing.
func (p *Printer) fits(why []string) string {
	var parts []string
	for _, w := range why {
		kind, word, _ := strings.Cut(w, ":")
		switch kind {
		case "free":
			word = p.T("home.free_then")
		case "area":
			word = areaName(word)
		}
		if word != "" {
			parts = append(parts, words(word, limitRole))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return p.T("home.fits", "Why", strings.Join(parts, p.T("call.sep")))
}

// lookAt is the button that shows a call to this person; where tells it from
// the same call's button in another list.
func (p *Printer) lookAt(c models.OpenCall, where string) *slack.ButtonBlockElement {
	return Button(ActionCallDetails+":"+where+":"+c.Call.Ref(), strconv.FormatInt(c.Call.ID, 10),
		p.T("home.look", "Ref", "#"+c.Call.Ref()), p.T("home.look_label", "Title", c.Call.Title))
}

func (p *Printer) shiftLine(s models.MyShift, how layout) string {
	state := p.T("home.state_" + string(s.Signup.State))
	if s.Place > 0 && s.Signup.State == models.SignupWaitlisted {
		state = p.T("home.waiting", "N", s.Place)
	}
	if s.Signup.State == models.SignupOffered && s.Signup.OfferUntil != 0 {
		state = p.T("home.offered", "Until", p.DayClock(s.Signup.OfferUntil.Time()))
	}
	role := ""
	if s.Role.Name != "" {
		role = " · " + Title(s.Role.Name)
	}
	return how.of(p.drill(s.Call.Drill), Title(s.Call.Title), role+" (#"+s.Call.Ref()+") · "+state,
		p.Range(s.Shift.StartAt.Time(), s.Shift.EndAt.Time())+p.at(s.Call.Place))
}

func (p *Printer) studyLine(s models.MyStudy, how layout) string {
	start, end := s.Occurrence.Times(s.Study, s.Attendance.Slot)
	when := p.Range(start.Time(), end.Time())
	if until := s.Occurrence.MakeupUntil(s.Study); models.At(p.Now) >= end && until != 0 {
		when = p.T("home.makeup", "When", p.DayClock(until.Time()))
	} else if !s.Study.Meets() {
		when = p.T("home.due", "When", p.DayClock(end.Time()))
	}
	return how.of("", Title(s.Occurrence.Title(s.Study)), " (#"+models.NumberStudy+strconv.Itoa(s.Study.Number)+") · "+p.T("home.study"), when+p.at(s.Occurrence.Place(s.Study)))
}

func (p *Printer) callLine(c models.OpenCall, how layout) string {
	urgent, role, when := "", "", p.DayClock(c.Start.Time())
	if c.Call.Urgent {
		urgent = p.T("home.urgent")
	}
	if c.Role != "" {
		role = " · " + Title(c.Role)
	}
	if how == inBlock {
		when += p.at(c.Call.Place)
	}
	return how.of(p.drill(c.Call.Drill)+urgent, Title(c.Call.Title), role+" (#"+c.Call.Ref()+") · "+p.T("home.short", "N", c.Short), when)
}

// at is a place behind a time, "" for none.
func (p *Printer) at(place string) string {
	if place == "" {
		return ""
	}
	return p.T("home.where", "Where", Title(place))
}

func (p *Printer) drill(on bool) string {
	if on {
		return p.T("home.drill")
	}
	return ""
}

// yearLine is the year in both ledgers, a line each.
func (p *Printer) yearLine(o models.Overview) string {
	return p.HoursLine(o.Hours) + "\n" + p.studyYearLine(o)
}

// studyYearLine is the year's study: n of 32, and how it will end only when that is
// short.
func (p *Printer) studyYearLine(o models.Overview) string {
	if o.Year.Exempt {
		return p.T("home.study_exempt", "Done", p.studyHours(o.StudyMinutes))
	}
	line := p.T("home.study_year", "Done", p.studyHours(o.StudyMinutes), "Target", p.studyHours(o.Target))
	if o.Forecast.Verdict.Short() {
		line += "\n" + p.Forecast(models.YearRow{Person: o.Person, YearAccount: o.Year, Forecast: o.Forecast})
	}
	return line
}

func (p *Printer) settingsLine(o models.Overview) string {
	rest := models.RestOf(o.Person, o.Unit, o.Tenant)
	line := p.T("home.times", "Windows", p.windowsOf(o.Person, o.Unit), "Quiet", Wall(rest.Start)+"–"+Wall(rest.End))
	if o.Person.PauseUntil > models.At(p.Now) {
		line += p.T("home.paused", "Day", p.Day(o.Person.PauseUntil.Time()))
	}
	return line
}
