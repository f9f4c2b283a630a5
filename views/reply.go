package views

import (
	"strconv"

	"github.com/slack-go/slack"

	"muster/models"
)

// WhichCall asks which of several open calls a reply meant.
func (p *Printer) WhichCall(calls []models.Call) Message {
	text := p.T("reply.which")
	var buttons []slack.BlockElement
	for _, c := range calls {
		buttons = append(buttons, Button(ActionCallDetails+":"+c.Ref(), strconv.FormatInt(c.ID, 10), "#"+c.Ref()+" "+c.Title, ""))
	}
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}
