package sandbox

import (
	"math"
	"time"
)

// Slack's numbers: posts 1 a second and channel with short bursts, "several
// hundred" a minute in the workspace, and four tiers of calls a minute.
const (
	postsPerSecond     = 1.0
	postBurst          = 3
	workspacePerMinute = 600
	// workspaceBurst lets a workspace's posts start together for some seconds.
	workspaceBurst = 60
	// openBurst is how many sockets may be opened before Tier 1 bites.
	openBurst = 10
)

// perMinute are the calls a minute of the tiers; tier 0 is "special, generous".
func perMinute(tier int) int {
	return [...]int{600, 1, 20, 50, 100}[tier]
}

// limiter counts in machine time.
type limiter struct {
	limits  Limits
	buckets map[string]*bucket
}

// bucket is full at the start and refills steadily.
type bucket struct {
	tokens float64
	at     time.Time
}

// claim is one token wanted from one bucket.
type claim struct {
	key         string
	rate, burst float64 // tokens a second, and the most at once
}

// take uses one token of every claim, or none and says for how long to wait.
func (l *limiter) take(now time.Time, claims []claim) time.Duration {
	if l.limits.Off {
		return 0
	}
	var wait time.Duration
	for _, c := range claims {
		b := l.buckets[c.key]
		if b == nil {
			b = &bucket{tokens: c.burst, at: now}
			l.buckets[c.key] = b
		}
		b.tokens = math.Min(c.burst, b.tokens+now.Sub(b.at).Seconds()*c.rate)
		b.at = now
		if b.tokens < 1 {
			wait = max(wait, time.Duration((1-b.tokens)/c.rate*float64(time.Second)))
		}
	}
	if wait > 0 {
		return wait
	}
	for _, c := range claims {
		l.buckets[c.key].tokens--
	}
	return 0
}

// claims are what one call costs. The channel matters for posts only.
func (l *limiter) claims(e endpoint, channelID string) []claim {
	var all []claim
	if own := l.limits.PerMinute[e.method]; own < 0 {
		return nil
	} else if own > 0 {
		all = append(all, claim{e.method, float64(own) / 60, float64(own)})
	} else if e.method != "chat.postMessage" {
		n := perMinute(e.tier)
		all = append(all, claim{e.method, float64(n) / 60, float64(max(n, openBurst))})
	}
	if e.method != "chat.postMessage" {
		return all
	}
	rate, burst, ceiling := l.limits.PostsPerSecond, l.limits.PostBurst, l.limits.WorkspacePerMinute
	setDefault(&rate, postsPerSecond)
	setDefault(&burst, postBurst)
	setDefault(&ceiling, workspacePerMinute)
	return append(all,
		claim{"post:" + channelID, rate, float64(burst)},
		claim{"posts", float64(ceiling) / 60, math.Min(float64(ceiling), workspaceBurst)})
}
