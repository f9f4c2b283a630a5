package views

import (
	"strconv"

	"github.com/slack-go/slack"
)

// Questions about a study that can be read in more than one way. The value of
// a button is the draft's row and the answer, "12@today".
const (
	ActionStudyDraft     = "study_draft"
	ActionStudyDraftRoom = "study_draft_room" // a channel select; block_id is BlockStudyDraft and the draft
	ActionStudyOnlyNext  = "study_only_next"  // value: draft of an edit

	// BlockStudyDraft begins the block_id of the channel select.
	BlockStudyDraft = "study_draft:"
)

// StudyQuestion is what is asked back.
type StudyQuestion struct {
	Key     string // day, clock, several, for, scope
	Part    string // what was typed, where the question quotes it
	Options []Option
	Rooms   bool // a channel can be chosen too
}

// optionsAsButtons is up to how many answers stand as buttons; more are a list
// to choose from.
const optionsAsButtons = 8

// StudyQuestion asks one thing; one press completes what was typed.
func (p *Printer) StudyQuestion(draft int64, q StudyQuestion) Message {
	text := p.T("series.ask_"+q.Key, "Now", p.Clock(p.Now), "Part", Escape(q.Part))
	answer := func(choice string) string { return rowID(draft) + "@" + choice }
	var row []slack.BlockElement
	if len(q.Options) <= optionsAsButtons {
		for i, o := range q.Options {
			row = append(row, Button(ActionStudyDraft+":"+strconv.Itoa(i+1), answer(o.Value), o.Label, ""))
		}
	} else {
		var options []Option
		for i, o := range q.Options {
			if i == 100 { // Slack's limit for a select
				break
			}
			options = append(options, Option{answer(o.Value), o.Label})
		}
		row = append(row, slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain(p.T("series.pick"), 150), ActionStudyDraft+":pick", objects(options)...))
	}
	drop := Button(ActionStudyDraft+":drop", answer("drop"), p.T("series.drop"), "")
	if !q.Rooms {
		return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(append(row, drop)...)}}
	}
	pick := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain(p.T("series.pick_room"), 150), ActionStudyDraftRoom)
	pick.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	blocks := []slack.Block{Section(text)}
	if len(row) > 0 {
		blocks = append(blocks, Actions(row...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: append(blocks, slack.NewActionBlock(BlockStudyDraft+rowID(draft), pick, drop))}
}
