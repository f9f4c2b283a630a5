package views

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers drawn here; those of calls and study are beside their views.
const (
	ActionHelp     = "help"
	ActionNewCall  = "new_call"  // opens the call's modal; value is a preset
	ActionNewStudy = "new_study" // opens the study's modal
)

// homePresets are the calls that Home offers ready-made.
func homePresets() []string { return []string{"flood", "clinic", "duty"} }

// Me is what `me` answers by direct message.
func (p *Printer) Me(o models.Overview) Message {
	blocks := []slack.Block{Section("*" + p.T("home.me") + "*")}
	blocks = append(blocks, within(p.nextBlocks(o), LimitTotal)...)
	blocks = append(blocks, slack.NewDividerBlock(), Section(p.yearLine(o)))
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
// person most likely wants now, then how to find more.
func (p *Printer) Short(o models.Overview) Message {
	lines := func(how layout) (lines []string) {
		if len(o.Shifts) > 0 {
			lines = append(lines, p.shiftLine(o.Shifts[0], how))
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

// Home is the Home tab: today and next, open calls, my year, settings; for an
// organizer what needs a hand, and presets.
func (p *Printer) Home(o models.Overview) *slack.HomeTabViewRequest {
	var blocks []slack.Block
	head := func(key string) {
		if len(blocks) > 0 {
			blocks = append(blocks, slack.NewDividerBlock())
		}
		blocks = append(blocks, slack.NewHeaderBlock(plain(p.T(key), LimitHeader)))
	}
	head("home.next")
	blocks = append(blocks, p.nextBlocks(o)...)
	head("home.calls")
	if len(o.Calls) == 0 {
		blocks = append(blocks, Section(p.T("home.no_calls")))
	}
	for _, c := range o.Calls {
		b := Section(p.callLine(c, inBlock))
		b.Accessory = slack.NewAccessory(p.lookAt(c, "open"))
		blocks = append(blocks, b)
	}
	head("home.year")
	blocks = append(blocks, Section(p.yearLine(o)))
	if o.CanOrganize || o.CanLead {
		head("home.organize")
		blocks = append(blocks, p.organizeBlocks(o)...)
	}
	head("home.settings")
	other := map[string]string{"zh": "en", "en": "zh"}[p.Lang]
	settings := []slack.BlockElement{Button(ActionOpenProfile, "0", p.T("home.profile"), ""),
		Button(ActionSetLang+":"+other, "0", map[string]string{"zh": "English", "en": "中文"}[p.Lang], ""),
		Button(ActionHelp, "0", p.T("home.help"), "")}
	if o.CanAdmin {
		settings = append(settings, Button(ActionOpenSetup, "0", p.T("home.setup"), ""))
	}
	blocks = append(blocks, Section(p.settingsLine(o)), Actions(settings...))
	blocks = blocks[:min(len(blocks), 100)] // Slack's limit for a Home tab
	return &slack.HomeTabViewRequest{Type: slack.VTHomeTab, Blocks: slack.Blocks{BlockSet: blocks}}
}

// organizeBlocks are the calls at risk, and what an organizer begins.
func (p *Printer) organizeBlocks(o models.Overview) []slack.Block {
	var blocks []slack.Block
	for _, c := range o.Risk {
		b := Section(p.T("home.risk", "Call", p.callLine(c, inBlock), "N", c.Below))
		b.Accessory = slack.NewAccessory(p.lookAt(c, "risk"))
		blocks = append(blocks, b)
	}
	var buttons []slack.BlockElement
	if o.CanOrganize {
		for _, preset := range homePresets() {
			buttons = append(buttons, Button(ActionNewCall+":"+preset, "0", p.T("home.preset_"+preset), p.T("home.preset_label", "Kind", p.T("home.preset_"+preset))))
		}
		buttons = append(buttons, Button(ActionNewCall, "0", p.T("home.new_call"), ""))
	}
	return append(blocks, Actions(append(buttons, Button(ActionNewStudy, "0", p.T("home.new_study"), ""))...))
}

// lookAt is the button that shows a call to this person; where tells it from
// the same call's button in another list.
func (p *Printer) lookAt(c models.OpenCall, where string) *slack.ButtonBlockElement {
	return Button(ActionCallDetails+":"+where+":"+c.Call.Ref(), strconv.FormatInt(c.Call.ID, 10),
		p.T("home.look", "Ref", "#"+c.Call.Ref()), p.T("home.look_label", "Title", c.Call.Title))
}

func (p *Printer) nextBlocks(o models.Overview) []slack.Block {
	var blocks []slack.Block
	for _, s := range o.Shifts {
		b := Section(p.shiftLine(s, inBlock))
		b.Accessory = slack.NewAccessory(Button(ActionCallDetails+":mine:"+strconv.FormatInt(s.Shift.ID, 10), strconv.FormatInt(s.Call.ID, 10),
			p.T("home.open", "Ref", "#"+s.Call.Ref()), p.T("home.look_label", "Title", s.Call.Title)))
		blocks = append(blocks, b)
	}
	for _, s := range o.Study {
		blocks = append(blocks, Section(p.studyLine(s, inBlock)))
	}
	if len(blocks) == 0 {
		blocks = append(blocks, Section(p.T("home.nothing_next")))
	}
	return blocks
}

func (p *Printer) shiftLine(s models.MyShift, how layout) string {
	state := p.T("home.state_" + string(s.Signup.State))
	if s.Place > 0 && s.Signup.State == models.SignupWaitlisted {
		state = p.T("home.waiting", "N", s.Place)
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
	}
	return how.of("", Title(s.Study.Title), " (#"+models.NumberStudy+strconv.Itoa(s.Study.Number)+") · "+p.T("home.study"), when+p.at(s.Study.Place))
}

func (p *Printer) callLine(c models.OpenCall, how layout) string {
	urgent := ""
	if c.Call.Urgent {
		urgent = p.T("home.urgent")
	}
	return how.of(p.drill(c.Call.Drill)+urgent, Title(c.Call.Title), " (#"+c.Call.Ref()+") · "+p.T("home.short", "N", c.Short), p.DayClock(c.Start.Time()))
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

func (p *Printer) yearLine(o models.Overview) string {
	return p.T("home.study_year", "Done", Number(float64(o.StudyMinutes)/60), "Target", Number(float64(o.Target)/60))
}

func (p *Printer) settingsLine(o models.Overview) string {
	rest := models.RestOf(o.Person, o.Unit, o.Tenant)
	line := p.T("home.times", "Windows", p.windowsOf(o.Person, o.Unit), "Quiet", Wall(rest.Start)+"–"+Wall(rest.End))
	if o.Person.PauseUntil > models.At(p.Now) {
		line += p.T("home.paused", "Day", p.Day(o.Person.PauseUntil.Time()))
	}
	return line
}
