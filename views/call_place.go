package views

import (
	"github.com/slack-go/slack"

	"muster/models"
)

// Where to post a card that lost its place; the select's block_id is BlockCard
// and the call, because a select has no value of its own.
const (
	ActionCardPlace = "card_place"
	ActionCardAgain = "card_again" // value call
	BlockCard       = "card:"
)

// CardLost tells the organizer that a card is gone from where it was, and
// offers a new place; moved is a card that has one by now, or needs none.
func (p *Printer) CardLost(s models.Sheet, lost models.CardLostArgs, moved bool) Message {
	args := []any{"Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Channel", "<#" + lost.Channel + ">", "Cause", EscapeText(Cut(lost.Cause, 40))}
	key := "call.lost_other"
	switch lost.Cause {
	case "message_not_found", "cant_update_message":
		key = "call.lost_deleted"
	case "is_archived":
		key = "call.lost_archived"
	case "not_in_channel", "channel_not_found":
		key = "call.lost_out"
	}
	if moved {
		return p.CardMoved(s)
	}
	pick := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, plain(p.T("call.ask_where_pick"), 150), ActionCardPlace)
	pick.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	elements := []slack.BlockElement{pick}
	if key != "call.lost_archived" {
		elements = append(elements, Button(ActionCardAgain, rowID(s.Call.ID), p.T("call.lost_again"), ""))
	}
	text := p.T(key, args...)
	return p.drilled(s, Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text),
		slack.NewActionBlock(BlockCard+rowID(s.Call.ID), elements...)}})
}

// CardMoved says where the card is now.
func (p *Printer) CardMoved(s models.Sheet) Message {
	return p.said(s, p.T("call.moved_card", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Channel", "<#"+s.Call.Channel+">"))
}
