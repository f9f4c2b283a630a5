//go:build race

package main

import "time"

// racing: the race detector makes everything five to ten times slower, so Slack
// and the bot have more patience with each other.
const (
	racing     = true
	slackWaits = 9 * time.Second
	botWaits   = 8 * time.Second
)
