package views

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// NoticeModel is what did not arrive.
type NoticeModel struct {
	Kind  models.MessageKind // of the first message
	To    []string           // mentions of people and channels, the first few
	More  int                // messages beyond those
	Ref   string             // "#k12" or ""
	Cause string             // Slack's error code of the first
}

// Notice says what did not arrive, why, and what can be done about it.
func (p *Printer) Notice(m NoticeModel) Message {
	about := ""
	if m.Ref != "" {
		about = p.T("notice.about", "Ref", m.Ref)
	}
	to := strings.Join(m.To, p.T("notice.comma"))
	if m.More > 0 {
		to += p.T("notice.more", "N", m.More)
	}
	key, n := "notice.lost", len(m.To)+m.More
	switch m.Cause {
	case "not_in_channel", "channel_not_found":
		key = "notice.not_in"
	case "is_archived":
		key = "notice.archived"
	case "message_not_found", "cant_update_message":
		key = "notice.deleted"
	default:
		if n > 1 {
			key = "notice.lost_many"
		}
	}
	if m.Kind == models.MessageSummary { // nothing of it is kept behind a card
		switch key {
		case "notice.not_in":
			key = "notice.not_in_post"
		case "notice.archived":
			key = "notice.archived_post"
		}
	}
	text := p.T(key, "To", to, "About", about, "Cause", EscapeText(Cut(m.Cause, LimitTitle)), "N", n)
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text)}}
}
