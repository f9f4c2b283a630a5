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
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// GreetChosen answers the press on one of the times offered.
func (p *Printer) GreetChosen(who models.Person) string {
	return p.T("greet.chosen", "Windows", p.Spans(who.Windows))
}
