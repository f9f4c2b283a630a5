package store

import (
	"context"
	"fmt"
	"sort"
	"strconv"
	"time"

	"gorm.io/gorm"

	"muster/models"
)

const (
	// perChannel is how many rows of one channel one claim may hand out: a
	// channel takes one post a second, so more would only wait in a worker's
	// hands and keep others' rows from being claimed.
	perChannel = 3
	// claimPage and claimPages bound what one claim looks at per tenant.
	claimPage, claimPages = 500, 8
	// heldBack is after how many failures a post lets later posts of its
	// conversation pass: order matters, but one poisoned row must not silence
	// a channel until its attempts are used up.
	heldBack = 3
)

// farAhead is further than any lease or retry lies in the future. What lies
// beyond it was written before the machine's clock was set back, and would wait
// for as long as the clock was wrong.
const farAhead = time.Hour

// rests says whether a machine time (a lease's end, a retry) is still ahead.
func rests(ms, machineMS int64) bool {
	return ms > machineMS && ms <= machineMS+farAhead.Milliseconds()
}

// ClaimMessages hands out up to limit messages for lease: due, not waiting for
// a retry, of tenants that are not paused, by priority, due time and id. Of
// one conversation (channel or person, and thread) at most one post is out at
// a time, and never one before an older post of the same priority. Claims
// whose lease ran out are taken back first: a post that Slack may have got
// comes with Doubt set.
func (s *Store) ClaimMessages(ctx context.Context, holder string, limit int, lease time.Duration) ([]models.Message, error) {
	var out []models.Message
	err := s.write(ctx, false, func(tx *Tx) error {
		// Claims take turns, or two could hand out one conversation twice.
		if s.kind.postgres() {
			if err := tx.db.Exec("SELECT pg_advisory_xact_lock(?)", s.lockKey+lockClaim).Error; err != nil {
				return err
			}
		}
		if err := tx.takeBack(); err != nil {
			return err
		}
		picked, err := tx.pick(limit)
		if err != nil || len(picked) == 0 {
			return err
		}
		out, err = tx.hand(picked, holder, lease)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("claim messages: %w", err)
	}
	return out, nil
}

// takeBack frees what workers died with. It costs an attempt, so that a
// message that kills its worker comes to an end.
func (tx *Tx) takeBack() error {
	q := tx.db.Model(&models.Message{}).Select("id").Where("state = ? AND (lease_ms < ? OR lease_ms > ?)", models.MessageSending, tx.MachineMS, tx.machineIn(farAhead))
	if tx.store.kind.postgres() {
		q = q.Clauses(skipLocked)
	}
	var ids []int64
	if err := q.Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return err
	}
	return tx.db.Model(&models.Message{}).Where("id IN ?", ids).Updates(map[string]any{
		"state": models.MessageQueued, "holder": "", "lease_ms": 0, "attempts": gorm.Expr("attempts + 1"),
		// A file to one person may come twice rather than never; in a channel it may not.
		"doubt": gorm.Expr("CASE WHEN (op = ? OR op = ? AND person_id = 0) AND shown = 0 THEN ? ELSE doubt END", models.OpPost, models.OpFile, true),
	}).Error
}

// waiting is what a claim needs to know of a row to choose.
type waiting struct {
	ID, TenantID, PersonID int64
	Channel, ThreadTS      string
	Op                     string
	Priority               models.Priority
	DueAt                  models.Instant
	Shown, Attempts        int
	RetryMS                int64
}

// channel is where the row is heard: the person, or the channel.
func (w waiting) channel() string {
	if w.PersonID != 0 {
		return strconv.FormatInt(w.PersonID, 10)
	}
	return w.Channel
}

// lane is the conversation whose posts keep their order, "" for what has
// none: edits and reactions change something that is there already.
func (w waiting) lane() string {
	if w.Shown > 0 || w.Op == models.OpReact {
		return ""
	}
	return w.channel() + "/" + w.ThreadTS
}

// before orders what waits.
func (w waiting) before(x waiting) bool {
	if w.Priority != x.Priority {
		return w.Priority < x.Priority
	}
	if w.DueAt != x.DueAt {
		return w.DueAt < x.DueAt
	}
	return w.ID < x.ID
}

// pick chooses up to limit rows. Tenants share the batch evenly; what one does
// not need goes to the others in order.
func (tx *Tx) pick(limit int) ([]waiting, error) {
	var tenants []int64
	err := tx.db.Raw(`SELECT t.id FROM tenants t WHERE t.paused = ? AND EXISTS
		(SELECT 1 FROM messages m WHERE m.tenant_id = t.id AND m.state = ? AND m.due_at <= ? AND (m.retry_ms <= ? OR m.retry_ms > ?))`,
		false, models.MessageQueued, tx.Now, tx.MachineMS, tx.machineIn(farAhead)).Scan(&tenants).Error
	if err != nil || len(tenants) == 0 {
		return nil, err
	}
	share := max(1, limit/len(tenants))
	var first, rest []waiting
	for _, id := range tenants {
		rows, err := tx.pickOf(id, limit)
		if err != nil {
			return nil, err
		}
		first = append(first, rows[:min(share, len(rows))]...)
		rest = append(rest, rows[min(share, len(rows)):]...)
	}
	sort.Slice(first, func(i, j int) bool { return first[i].before(first[j]) })
	sort.Slice(rest, func(i, j int) bool { return rest[i].before(rest[j]) })
	all := append(first, rest...)
	all = all[:min(limit, len(all))]
	sort.Slice(all, func(i, j int) bool { return all[i].before(all[j]) })
	return all, nil
}

// crowd is who has their share of one tenant's claim already.
type crowd struct {
	lanes    map[string]bool // conversations that may get no further post, "2:lane" at priority 2 only
	channels map[string]int  // rows out per channel
	blocked  map[string]bool // lanes that hid rows of the page just read
}

// admits says whether the claim may hand w out, and counts it when it may.
func (c *crowd) admits(w waiting, machineMS int64) bool {
	lane := w.lane()
	if lane != "" {
		atPriority := strconv.Itoa(int(w.Priority)) + ":" + lane
		switch {
		case c.lanes[lane]:
			c.blocked[lane] = true
			return false
		case c.lanes[atPriority]:
			return false
		case rests(w.RetryMS, machineMS): // it goes first also while it waits
			c.lanes[atPriority] = c.lanes[atPriority] || w.Attempts < heldBack
			return false
		}
	}
	if rests(w.RetryMS, machineMS) || c.channels[w.channel()] >= perChannel {
		return false
	}
	if lane != "" {
		c.lanes[lane] = true
	}
	c.channels[w.channel()]++
	return true
}

// pickOf chooses among one tenant's rows, page by page, leaving out channels
// that have their share so that a busy one does not hide the others.
func (tx *Tx) pickOf(tenantID int64, limit int) ([]waiting, error) {
	c, err := tx.inHand(tenantID)
	if err != nil {
		return nil, err
	}
	var out []waiting
	var last *waiting
	for range claimPages {
		page, err := tx.waitingPage(tenantID, last, c)
		if err != nil {
			return nil, err
		}
		for _, w := range page {
			if !c.admits(w, tx.MachineMS) {
				continue
			}
			if out = append(out, w); len(out) == limit {
				return out, nil
			}
		}
		if len(page) < claimPage {
			return out, nil
		}
		last = &page[len(page)-1]
	}
	return out, nil
}

// inHand counts what is being sent right now.
func (tx *Tx) inHand(tenantID int64) (*crowd, error) {
	rows, err := tx.waitingRows(tx.db.Where("tenant_id = ? AND state = ?", tenantID, models.MessageSending))
	c := &crowd{lanes: map[string]bool{}, channels: map[string]int{}, blocked: map[string]bool{}}
	for _, w := range rows {
		if lane := w.lane(); lane != "" {
			c.lanes[lane] = true
		}
		c.channels[w.channel()]++
	}
	return c, err
}

func (tx *Tx) waitingRows(q *gorm.DB) ([]waiting, error) {
	var rows []waiting
	err := q.Model(&models.Message{}).Select("id, tenant_id, person_id, channel, thread_ts, op, priority, due_at, shown, attempts, retry_ms").
		Scan(&rows).Error
	return rows, err
}

// The conversation in SQL, as waiting.channel and waiting.lane have it.
const (
	sqlChannel = "CASE WHEN person_id <> 0 THEN CAST(person_id AS TEXT) ELSE channel END"
	sqlLane    = "(" + sqlChannel + ") || '/' || thread_ts"
	sqlOrdered = "shown = 0 AND op <> ?"
)

// waitingPage reads on after last, without what can only be passed over: rows
// that wait for a retry and hold nobody back, channels and conversations that
// have their share.
func (tx *Tx) waitingPage(tenantID int64, last *waiting, c *crowd) ([]waiting, error) {
	q := tx.db.Where("tenant_id = ? AND state = ? AND due_at <= ?", tenantID, models.MessageQueued, tx.Now).
		Where("(retry_ms <= ? OR retry_ms > ? OR ("+sqlOrdered+" AND attempts < ?))", tx.MachineMS, tx.machineIn(farAhead), models.OpReact, heldBack)
	if last != nil {
		q = q.Where("(priority, due_at, id) > (?, ?, ?)", last.Priority, last.DueAt, last.ID)
	}
	if full := some(c.channels, func(n int) bool { return n >= perChannel }); len(full) > 0 {
		q = q.Where(sqlChannel+" NOT IN ?", full)
	}
	if blocked := some(c.blocked, func(b bool) bool { return b }); len(blocked) > 0 {
		q = q.Where("NOT ("+sqlOrdered+" AND "+sqlLane+" IN ?)", models.OpReact, blocked)
	}
	return tx.waitingRows(q.Order("priority, due_at, id").Limit(claimPage))
}

// some are the keys whose values hold, 500 at most: that stays below a
// database's limit on parameters, and the rest is only looked at in vain.
func some[V any](m map[string]V, holds func(V) bool) []string {
	var out []string
	for k, v := range m {
		if holds(v) && len(out) < 500 {
			out = append(out, k)
		}
	}
	return out
}

// hand marks the picked rows as holder's and returns them whole, in order.
func (tx *Tx) hand(picked []waiting, holder string, lease time.Duration) ([]models.Message, error) {
	ids := make([]int64, len(picked))
	place := map[int64]int{}
	for i, w := range picked {
		ids[i] = w.ID
		place[w.ID] = i
	}
	q := tx.db.Where("id IN ? AND state = ?", ids, models.MessageQueued)
	if tx.store.kind.postgres() {
		q = q.Clauses(skipLocked)
	}
	rows, err := many[models.Message](q)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	ids = ids[:0]
	for i := range rows {
		ids = append(ids, rows[i].ID)
		rows[i].State, rows[i].Holder, rows[i].LeaseMS = models.MessageSending, holder, tx.machineIn(lease)
	}
	err = tx.db.Model(&models.Message{}).Where("id IN ?", ids).Updates(map[string]any{
		"state": models.MessageSending, "holder": holder, "lease_ms": tx.machineIn(lease)}).Error
	sort.Slice(rows, func(i, j int) bool { return place[rows[i].ID] < place[rows[j].ID] })
	return rows, err
}
