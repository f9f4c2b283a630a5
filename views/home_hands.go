package views

import (
	"github.com/slack-go/slack"

	"muster/models"
)

// Bounds of what Home lists for an organizer: with two blocks a row they leave
// room for everything else under Slack's hundred.
const (
	risksOnHome = 6
	handsOnHome = 10
	studyOnHome = 4 // of these for study, when calls alone would fill them
)

// organizeBlocks are the calls at risk, what waits for the organizer's hand,
// and what an organizer begins.
func (p *Printer) organizeBlocks(o models.Overview) []slack.Block {
	var blocks []slack.Block
	for _, c := range o.Risk[:min(len(o.Risk), risksOnHome)] {
		b := Section(p.T("home.risk", "Call", p.callLine(c, inBlock), "N", c.Below))
		b.Accessory = slack.NewAccessory(p.panelButton(c.Call, "risk"))
		blocks = append(blocks, b)
	}
	blocks = append(blocks, p.handBlocks(o)...)
	var buttons []slack.BlockElement
	if o.CanOrganize {
		for _, preset := range homePresets() {
			buttons = append(buttons, Button(ActionNewCall+":"+preset, "0", p.T("home.preset_"+preset), p.T("home.preset_label", "Kind", p.T("home.preset_"+preset))))
		}
		buttons = append(buttons, Button(ActionNewCall, "0", p.T("home.new_call"), ""), Button(ActionTemplates, "0", p.T("home.templates"), ""))
		blocks = append(blocks, Actions(buttons...))
	}
	return append(blocks, Actions(Button(ActionNewStudy, "0", p.T("home.new_study"), ""),
		Button(ActionYear, YearRef{Year: p.Now.In(p.OrgZone).Year(), What: "0"}.Value(), p.T("year.open"), ""),
		Button(ActionHomeSummary, "0", p.T("home.summary"), ""), Button(ActionHomeExport, "0", p.T("home.export"), "")))
}

// panelButton shows the organizer's panel of a call; where tells it from the
// same call's button in another list.
func (p *Printer) panelButton(c models.Call, where string) *slack.ButtonBlockElement {
	return Button(ActionPanel+":"+where+":"+c.Ref(), rowID(c.ID), p.T("home.panel", "Ref", "#"+c.Ref()), p.T("home.look_label", "Title", c.Title))
}

// handBlocks are what waits for the organizer in their calls: people out there
// first, then answers to file, rolls, places changing hands.
func (p *Printer) handBlocks(o models.Overview) []slack.Block {
	var rows [][]slack.Block
	for _, part := range []func(models.Sheet) [][]slack.Block{p.outRows, p.fileRows, p.rollRows, p.handingRows} {
		for _, s := range o.Managed {
			rows = append(rows, part(s)...)
		}
	}
	study := p.studyHands(o.Hands)
	all := len(rows) + len(study)
	rows = rows[:min(len(rows), handsOnHome-min(len(study), studyOnHome))]
	rows = append(rows, study[:min(len(study), handsOnHome-len(rows))]...)
	var blocks []slack.Block
	for _, row := range rows {
		blocks = append(blocks, row...)
	}
	if left := all - len(rows); left > 0 {
		blocks = append(blocks, Context(p.T("home.more_hands", "N", left)))
	}
	return blocks
}

// callHead is a call in front of what waits in it.
func (p *Printer) callHead(s models.Sheet) string {
	return p.drill(s.Call.Drill) + "*" + Title(s.Call.Title) + "* (#" + s.Call.Ref() + ")"
}

// one is a row with one button beside it.
func one(text string, button *slack.ButtonBlockElement) []slack.Block {
	b := Section(text)
	b.Accessory = slack.NewAccessory(button)
	return []slack.Block{b}
}

// outRows is who is out there, of a call whose people are asked whether they
// are safe.
func (p *Printer) outRows(s models.Sheet) [][]slack.Block {
	l := models.NewLoop(s.Board, s.Ticks)
	out := l.Pending()
	if len(out) == 0 || !s.Manages {
		return nil
	}
	help, missed := 0, 0
	for _, t := range s.Ticks {
		switch {
		case t.Help():
			help++
		case t.Missed():
			missed++
		}
	}
	text := p.callHead(s) + "\n" + p.T("home.hand_out", "N", len(out))
	if help > 0 {
		text += p.gap2() + p.T("home.hand_help", "N", help)
	}
	if missed > 0 {
		text += p.gap2() + p.T("home.hand_missed", "N", missed)
	}
	return [][]slack.Block{one(text, p.panelButton(*s.Call, "out"))}
}

// fileRows are answers on a condition or not understood, and skills to check,
// each with its two answers.
func (p *Printer) fileRows(s models.Sheet) [][]slack.Block {
	if !s.Manages || !s.Call.Live() {
		return nil
	}
	var rows [][]slack.Block
	for _, su := range s.Unchecked() {
		id := rowID(su.ID)
		text := p.callHead(s) + "\n" + p.T("call.panel_check", "Name", personName(s.Person(su.PersonID), 0), "Role", words(s.Role(su.RoleID).Name, limitRole))
		rows = append(rows, []slack.Block{Section(text), Actions(Button(ActionSkillYes+":"+id, id, p.T("call.panel_verify"), ""),
			Button(ActionSkillNo+":"+id, id, p.T("call.panel_refuse"), ""))})
	}
	for _, a := range s.Unfiled() {
		key := "call.panel_conditional"
		if a.Kind == models.AnswerUnclear {
			key = "call.panel_unclear"
		}
		said := words(a.Text, 300)
		if said == "" {
			said = p.T("call.panel_words_gone")
		}
		id := rowID(a.ID)
		text := p.callHead(s) + "\n" + p.T(key, "Name", personName(s.Person(a.PersonID), 0), "Text", said)
		rows = append(rows, []slack.Block{Section(text), Actions(Button(ActionAnswerTake+":"+id, id, p.T("call.panel_take"), ""),
			Button(ActionAnswerDrop+":"+id, id, p.T("call.panel_put_aside"), ""))})
	}
	return rows
}

// rollRows is a roll that is not taken, and who came without a place.
func (p *Printer) rollRows(s models.Sheet) [][]slack.Block {
	left, _ := s.Undecided()
	if s.Call.Drill || s.Call.State == models.CallCancelled {
		left = 0
	}
	if !s.Rolls || left == 0 && len(s.WalkIns) == 0 {
		return nil
	}
	text := p.callHead(s) + "\n"
	if left > 0 {
		text += p.T("home.hand_roll", "N", left)
	}
	if n := len(s.WalkIns); n > 0 {
		if left > 0 {
			text += p.gap2()
		}
		text += p.T("home.hand_walkins", "N", n)
	}
	return [][]slack.Block{one(text, Button(ActionCallRoll+":"+s.Call.Ref(), rowID(s.Call.ID), p.T("onsite.roll_button"), p.T("home.look_label", "Title", s.Call.Title)))}
}

// handingRows is places whose holder asked somebody to take over.
func (p *Printer) handingRows(s models.Sheet) [][]slack.Block {
	n := len(s.Handing())
	if n == 0 || !s.Manages || !s.Call.Live() {
		return nil
	}
	return [][]slack.Block{one(p.callHead(s)+"\n"+p.T("home.hand_handing", "N", n), p.panelButton(*s.Call, "handing"))}
}
