package models

// MessageNotice tells a person responsible that something of theirs did not
// arrive; SubjectID is the message, Args are NoticeArgs.
const MessageNotice MessageKind = "notice"

// NoticeArgs hold Slack's error code, or a short cause.
type NoticeArgs struct {
	Cause string `json:"cause"`
}
