package bot

import (
	"strings"

	"github.com/slack-go/slack"
)

// noteBlock is a sentence as a block of its own, in plain text: nothing in it
// is parsed.
func noteBlock(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.PlainTextType, strings.TrimSpace(text), false, false), nil, nil)
}
