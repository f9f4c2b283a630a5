//go:build !race

package main

import "time"

// Without the race detector everybody waits as long as Slack does: 0 is what
// the sandbox and the bot do by themselves.
const (
	racing     = false
	patience   = 20 * time.Second // how long a story waits for what must come
	slackWaits = 0 * time.Second
	botWaits   = 0 * time.Second
)
