package models

// OutcomeKind is what became of one claimed message.
type OutcomeKind string

const (
	OutcomeSent    OutcomeKind = "sent"    // Slack has Version; Channel and TS say where
	OutcomeRetry   OutcomeKind = "retry"   // queued again, not before RetryMS
	OutcomeWait    OutcomeKind = "wait"    // queued again, due at WaitUntil (quiet hours)
	OutcomeDropped OutcomeKind = "dropped" // nothing is to be said any more
	OutcomeDead    OutcomeKind = "dead"    // Slack refused for good, or attempts used up
)

// Outcome is what the sender hands back for a message it had claimed.
//
// Channel and TS are kept whenever they are not empty, whatever the kind: a
// conversation that was opened stays known even when the post failed.
type Outcome struct {
	Kind      OutcomeKind
	Channel   string  // Slack channel id
	TS        string  // Slack ts of the message
	Version   int     // sent: the version Slack now shows; below the wanted one, the row goes back to queued
	RetryMS   int64   // retry: machine time, unix ms
	Counted   bool    // retry: costs an attempt (429 and pace do not)
	Doubt     bool    // retry: the answer was lost, so look for UID before posting again; false clears it
	WaitUntil Instant // wait: world time
	Cause     string  // retry, dropped, dead: Slack's error code or a short cause, never message text
}
