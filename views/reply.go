package views

import (
	"strconv"

	"github.com/slack-go/slack"

	"muster/models"
)

// ActionReplyTo says which call a reply meant; value is call:asked:words, where
// asked is 1 when the bot had asked.
const ActionReplyTo = "reply_to"

// limitReply keeps the words of a reply within a button's 2,000 characters.
const limitReply = 500

// WhichCall asks which of several open calls a reply meant. The words go along
// and are read anew for the one chosen.
func (p *Printer) WhichCall(calls []models.Call, asked bool, said string) Message {
	text := p.T("reply.which")
	flag := "0"
	if asked {
		flag = "1"
	}
	var buttons []slack.BlockElement
	for i, c := range calls {
		if i == 20 { // of Slack's 25 to a block
			break
		}
		value := strconv.FormatInt(c.ID, 10) + ":" + flag + ":" + cutRunes(said, limitReply)
		buttons = append(buttons, Button(ActionReplyTo+":"+c.Ref(), value, "#"+c.Ref()+" "+c.Title, ""))
	}
	return Message{Text: text, Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}
