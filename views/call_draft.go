package views

import (
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Buttons under a question about a call not yet posted; value is the draft.
const (
	ActionDraftUrgent   = "draft_urgent"
	ActionDraftWait     = "draft_wait"
	ActionDraftOrdinary = "draft_ordinary"
	ActionDraftSend     = "draft_send"
	ActionDraftDrop     = "draft_drop"
	ActionDraftWhere    = "draft_where" // a channel select; block_id is "draft:" and the draft
	ActionDraftToday    = "draft_today" // "tomorrow" is this morning
	ActionDraftNext     = "draft_next"  // or the day after
)

// BlockDraft begins the block_id of the channel select.
const BlockDraft = "draft:"

// AskUrgent asks about a relief call that is near, or given in quiet hours.
func (p *Printer) AskUrgent(draft int64, start, until models.Instant, quiet bool) Message {
	id := rowID(draft)
	urgent := Button(ActionDraftUrgent, id, p.T("call.ask_urgent"), "")
	if quiet {
		at := p.Clock(until.Time())
		return p.said(models.Sheet{}, p.T("call.ask_quiet", "Now", p.Clock(p.Now), "Until", at), urgent,
			Button(ActionDraftWait, id, p.T("call.ask_wait", "Until", at), ""), p.dropDraft(id))
	}
	return p.said(models.Sheet{}, p.T("call.ask_near", "When", p.DayClock(start.Time())), urgent,
		Button(ActionDraftOrdinary, id, p.T("call.ask_ordinary"), ""), p.dropDraft(id))
}

func (p *Printer) dropDraft(id string) slack.BlockElement {
	return Button(ActionDraftDrop, id, p.T("call.ask_drop"), "")
}

// AskWhere asks for the card's channel.
func (p *Printer) AskWhere(draft int64) Message {
	pick := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain(p.T("call.ask_where_pick"), 150), ActionDraftWhere)
	pick.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	text := p.T("call.ask_where")
	return Message{Text: text, Blocks: []slack.Block{Section(text),
		slack.NewActionBlock(BlockDraft+rowID(draft), pick, p.dropDraft(rowID(draft)))}}
}

// AskInvite asks to bring the bot into a private channel.
func (p *Printer) AskInvite(draft int64, channel string) Message {
	id := rowID(draft)
	return p.said(models.Sheet{}, p.T("call.ask_invite", "Channel", "<#"+channel+">"),
		Button(ActionDraftSend, id, p.T("call.ask_send"), ""), p.dropDraft(id))
}

// AskDay asks which day "tomorrow" is, in the small hours.
func (p *Printer) AskDay(draft int64, today, next time.Time) Message {
	id := rowID(draft)
	return p.said(models.Sheet{}, p.T("call.ask_day", "Now", p.Clock(p.Now)),
		Button(ActionDraftToday, id, p.DayClock(today), ""), Button(ActionDraftNext, id, p.DayClock(next), ""), p.dropDraft(id))
}

// DraftDropped answers "don't send".
func (p *Printer) DraftDropped() Message { return p.said(models.Sheet{}, p.T("call.dropped")) }
