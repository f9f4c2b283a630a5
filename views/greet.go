package views

import (
	"strconv"

	"github.com/slack-go/slack"

	"muster/models"
)

// ActionGreetWindow takes one of the times offered at first contact; its number
// follows the colon.
const ActionGreetWindow = "greet_window"

// Greet is the first contact: who Muster is, that it never signs anybody up by
// itself, and when reminders suit. With times set already it says so.
func (p *Printer) Greet(t models.Tenant, unit models.Unit, who models.Person) Message {
	text, buttons := p.greeting(t, unit, who)
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// GreetUnder is the first contact in small print under a message, where there is
// room for it. An edit that left no button of its own is a line that says what
// was; it keeps none of these either.
func (p *Printer) GreetUnder(blocks []slack.Block, edit bool, t models.Tenant, unit models.Unit, who models.Person) []slack.Block {
	taken := actionsOf(blocks)
	if len(blocks) == 0 || len(blocks) > greetRoom || edit && len(taken) == 0 {
		return blocks
	}
	text, buttons := p.greeting(t, unit, who)
	var free []slack.BlockElement
	for _, e := range buttons { // an action id stands once in a message
		if button, ok := e.(*slack.ButtonBlockElement); ok && !taken[button.ActionID] {
			free = append(free, e)
		}
	}
	out := append(append([]slack.Block{}, blocks...), slack.NewDividerBlock(), Context(text))
	if len(free) > 0 {
		out = append(out, Actions(free...))
	}
	return out
}

// actionsOf are the ids of the buttons in rows of a message.
func actionsOf(blocks []slack.Block) map[string]bool {
	out := map[string]bool{}
	for _, b := range blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok || row.Elements == nil {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if button, ok := e.(*slack.ButtonBlockElement); ok {
				out[button.ActionID] = true
			}
		}
	}
	return out
}

// greetRoom is how many blocks a message may have for three more to fit Slack's
// 50.
const greetRoom = 47

// greeting is who Muster is and when reminders suit, with the buttons for it.
func (p *Printer) greeting(t models.Tenant, unit models.Unit, who models.Person) (string, []slack.BlockElement) {
	whom := unit.Name
	if whom == "" {
		whom = t.Name
	}
	text := p.T("greet.hello_all")
	if whom != "" {
		text = p.T("greet.hello", "Unit", Title(whom))
	}
	var buttons []slack.BlockElement
	if len(models.WindowsOf(who, unit)) > 0 {
		text += p.T("greet.now", "Windows", p.windowsOf(who, unit))
	} else {
		text += p.T("greet.ask")
	}
	if len(who.Windows) == 0 {
		for i, w := range models.GreetWindows() {
			span := Wall(w.Start) + "–" + Wall(w.End)
			buttons = append(buttons, Button(ActionGreetWindow+":"+strconv.Itoa(i), strconv.FormatInt(who.ID, 10), span, p.T("greet.label", "Span", span)))
		}
	}
	other, name := "en", "English"
	if p.Lang == "en" {
		other, name = "zh", "中文"
	}
	buttons = append(buttons, Button(ActionOpenProfile, "0", p.T("greet.choose"), ""),
		Button(ActionSetLang+":"+other, "0", name, ""))
	return text, buttons
}

// GreetChosen answers the press on one of the times offered.
func (p *Printer) GreetChosen(who models.Person) string {
	return p.T("greet.chosen", "Windows", p.SpanWords(who.Windows))
}
