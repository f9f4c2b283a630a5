package bot

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"muster/models"
)

// Throttle keeps Slack's paces, all in machine time. A pace is a bucket of
// tokens; a call takes one from each of its paces, or from none.
type Throttle struct {
	machine models.Clock
	perMin  int // posts a minute and workspace

	mu      sync.Mutex
	paces   map[string]*pace
	strikes map[string]strike // by workspace: the last 429 on a post
}

// Pace names a bucket with its numbers.
type Pace struct {
	key   string
	limit rate.Limit
	burst int
	floor float64 // tokens to leave for those who go first
}

type pace struct {
	bucket *rate.Limiter
	limit  rate.Limit       // unhurt
	factor float64          // 1 = unhurt; a 429 takes a quarter off
	hurtAt time.Time        // when the factor was last set
	closed time.Time        // nothing before this: Retry-After
	lines  [ranks]time.Time // by rank: when the last one waiting was told to come again
	usedAt time.Time
}

// ranks are the priorities of messages: while somebody of a higher rank (a lower
// number) waits for a pace, the others leave it alone.
const ranks = 4

type strike struct {
	channel string
	until   time.Time
}

const (
	// slower and recovery: after a 429 a pace loses a quarter, down to a
	// quarter, and gets a twentieth of its full speed back each minute. Without
	// an end a storm of 429s would leave a post in five minutes; how long to
	// keep still Slack says anyway.
	slower   = 0.75
	slowest  = 0.25
	recovery = 0.05
	// farthest is how far ahead somebody waiting is sent away at most: the
	// state may change meanwhile, and one look costs little.
	farthest = 30 * time.Second
	// keepPaces bounds the memory: paces idle for ten minutes are full again,
	// so forgetting them changes nothing.
	keepPaces = 4096
	idlePace  = 10 * time.Minute
)

// NewThrottle keeps to postsPerMinute in each workspace.
func NewThrottle(machine models.Clock, postsPerMinute int) *Throttle {
	if postsPerMinute <= 0 {
		postsPerMinute = 400
	}
	return &Throttle{machine: machine, perMin: postsPerMinute, paces: map[string]*pace{}, strikes: map[string]strike{}}
}

func perMinute(n float64) rate.Limit { return rate.Limit(n / 60) }

// budget is a pace of at most n in any minute: what may come at once is taken
// off the steady flow.
func budget(key string, n, burst int) Pace {
	burst = max(1, min(burst, n-1))
	return Pace{key: key, limit: perMinute(float64(max(1, n-burst))), burst: burst}
}

// Posts is the ceiling of a workspace.
func (t *Throttle) Posts(ws string) Pace { return budget("posts "+ws, t.perMin, t.perMin/20) }

// Channel is Slack's one post a second, with its short burst.
func (t *Throttle) Channel(id string) Pace { return Pace{key: "channel " + id, limit: 1, burst: 3} }

// Edits is the budget of 45 a minute: chat.update is allowed about 50. Fifteen
// may come at once, so that what a few people do in a minute shows at once; the
// steady flow is 30. Under pressure the lower classes leave tokens to the cards.
func (t *Throttle) Edits(ws string, class int) Pace {
	p := budget("edits "+ws, 45, 15)
	p.floor = editFloors[min(max(class, 0), len(editFloors)-1)]
	return p
}

// editFloors are the tokens each class of edits leaves to those before it. What
// only tidies up (the last) waits until a third of the burst is there.
var editFloors = [...]float64{0, 1, 2, 5}

// Living is one edit a second of one message.
func (t *Throttle) Living(ws, channel, ts string) Pace {
	return Pace{key: "living " + ws + " " + channel + " " + ts, limit: 1, burst: 1}
}

// tiers are calls a minute a little below what Slack allows a method.
var tiers = map[string]int{
	"conversations.open": 45, "conversations.join": 45, "conversations.history": 45, "conversations.replies": 45,
	"conversations.info": 45, "conversations.members": 90, "reactions.add": 45, "users.info": 90, "users.lookupByEmail": 45,
	"files.completeUploadExternal": 90, "usergroups.users.list": 18, "views.publish": 90,
}

// Method is the tier of one method, tier 2 when it is not known.
func (t *Throttle) Method(ws, name string) Pace {
	n := tiers[name]
	if n == 0 {
		n = 18
	}
	burst := n / 9
	if name == "dnd.teamInfo" { // somebody waits for six of them at once, once in a while
		burst = n / 3
	}
	return budget(name+" "+ws, n, burst)
}

// Try takes one token from every pace, or none. When it did not, again is when
// to come back: a newcomer (not known) queues up behind those of its rank who
// were sent away before, and everybody behind the higher ranks.
func (t *Throttle) Try(known bool, rank int, paces ...Pace) (again time.Time, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.machine()
	rank = min(max(rank, 0), ranks-1)
	var late *pace
	for _, want := range paces {
		p := t.pace(want, now)
		if at := p.readyAt(now, rank, want.floor); at.After(now) && at.After(again) {
			again, late = at, p
		}
	}
	if late == nil {
		for _, want := range paces {
			// A reservation, because Allow refuses when rounding leaves the
			// bucket a millionth short.
			t.paces[want.key].bucket.ReserveN(now, 1)
		}
		return now, true
	}
	if !known {
		next := late.lines[rank].Add(time.Duration(float64(time.Second) / float64(late.bucket.Limit())))
		if next.After(again) {
			again = next
		}
		late.lines[rank] = again
	}
	if end := now.Add(farthest); again.After(end) && !late.closed.After(end) {
		again = end
	}
	return again, false
}

// Wait blocks until a token of every pace is taken, or ctx ends.
func (t *Throttle) Wait(ctx context.Context, rank int, paces ...Pace) error {
	known := false
	for {
		again, ok := t.Try(known, rank, paces...)
		if ok {
			return nil
		}
		known = true
		if err := pause(ctx, again.Sub(t.machine())); err != nil {
			return err
		}
	}
}

// pause waits d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(max(d, time.Millisecond))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Limited closes one pace for as long as Slack said and slows it.
func (t *Throttle) Limited(want Pace, after time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.limited(want, after, t.machine())
}

func (t *Throttle) limited(want Pace, after time.Duration, now time.Time) {
	p := t.pace(want, now)
	if until := now.Add(after); until.After(p.closed) {
		p.closed = until
	}
	for rank, at := range p.lines {
		if at.After(now) && p.closed.After(at) {
			p.lines[rank] = p.closed
		}
	}
	// Several answers to calls that were under way together are one sign.
	if now.Sub(p.hurtAt) >= time.Second || p.factor == 1 {
		p.factor, p.hurtAt = max(p.factor*slower, slowest), now
		p.bucket.SetLimitAt(now, p.limit*rate.Limit(p.factor))
	}
}

// LimitedPost is a 429 on a post: the channel keeps still. Slack does not say
// whether it meant the channel or the workspace; when a second channel is
// refused before the first may speak again, it meant the workspace.
func (t *Throttle) LimitedPost(ws, channel string, after time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.machine()
	t.limited(t.Channel(channel), after, now)
	last, had := t.strikes[ws]
	if had && last.channel != channel && now.Before(last.until) {
		t.limited(t.Posts(ws), after, now)
	}
	t.strikes[ws] = strike{channel: channel, until: now.Add(after)}
}

// pace finds or makes the bucket; mu is held.
func (t *Throttle) pace(want Pace, now time.Time) *pace {
	p := t.paces[want.key]
	if p == nil {
		if len(t.paces) >= keepPaces {
			t.forgetIdle(now)
		}
		p = &pace{bucket: rate.NewLimiter(want.limit, want.burst), limit: want.limit, factor: 1}
		t.paces[want.key] = p
	}
	p.usedAt = now
	p.recover(now)
	return p
}

// recover gives back a twentieth for every whole minute since the last 429.
func (p *pace) recover(now time.Time) {
	if p.factor == 1 {
		return
	}
	minutes := math.Floor(now.Sub(p.hurtAt).Minutes())
	if minutes < 1 {
		return
	}
	p.factor = min(1, p.factor+recovery*minutes)
	p.hurtAt = p.hurtAt.Add(time.Duration(minutes) * time.Minute)
	p.bucket.SetLimitAt(now, p.limit*rate.Limit(p.factor))
}

// readyAt is when there will be a token above the floor that nobody of a higher
// rank waits for.
func (p *pace) readyAt(now time.Time, rank int, floor float64) time.Time {
	at := now
	// A hair below one: the bucket counts in floating point, and coming back
	// a microsecond early must not cost another round.
	if missing := 1 + floor - p.bucket.TokensAt(now); missing > 1e-6 {
		at = now.Add(time.Duration(missing / float64(p.bucket.Limit()) * float64(time.Second)))
	}
	if p.closed.After(at) {
		at = p.closed
	}
	for _, line := range p.lines[:rank] {
		if line.After(at) {
			at = line
		}
	}
	return at
}

func (t *Throttle) forgetIdle(now time.Time) {
	for key, p := range t.paces {
		if p.factor == 1 && now.Sub(p.usedAt) > idlePace && now.After(p.closed) {
			delete(t.paces, key)
		}
	}
}
