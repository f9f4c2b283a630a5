package models

import (
	"fmt"
	"slices"
	"time"
)

// MessageNotice tells a person responsible that something of theirs did not
// arrive; SubjectID is the first message, Args are NoticeArgs.
const MessageNotice MessageKind = "notice"

// NoticeArgs are the messages a notice is about: one notice a thing and day,
// however many did not arrive.
type NoticeArgs struct {
	Cause    string  `json:"cause"` // Slack's error code of the first, or a short cause
	Messages []int64 `json:"messages"`
	More     int     `json:"more,omitempty"` // beyond those kept
}

const (
	// NoticeMost is how many messages a notice names by their recipient.
	NoticeMost = 5
	// noticeKept is how many it tells apart: one row stays a few kilobytes.
	noticeKept = 500
)

// Add counts another message; it says whether that changed anything.
func (a *NoticeArgs) Add(messageID int64) bool {
	switch {
	case slices.Contains(a.Messages, messageID):
		return false
	case len(a.Messages) < noticeKept:
		a.Messages = append(a.Messages, messageID)
	default:
		a.More++
	}
	return true
}

// NoticeKey is the outbox key of what one person is told in a day about one
// thing of theirs.
func NoticeKey(personID int64, thing string, id int64, at Instant, zone *time.Location) string {
	return fmt.Sprintf("notice:%d:%s:%d:%s", personID, thing, id, at.In(zone).Format(time.DateOnly))
}
