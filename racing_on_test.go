//go:build race

package main

import "time"

// racing: the race detector makes everything five to ten times slower, so Slack
// and the bot have more patience with each other.
const (
	racing     = true
	patience   = 60 * time.Second // how long a story waits for what must come
	slackWaits = 9 * time.Second
	botWaits   = 8 * time.Second
)
