package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"muster/models"
)

// Directory is where questions to Slack wait and where the answers go. Each
// Save stores what was learnt and ends the lookup, in one transaction.
type Directory interface {
	ClaimLookups(ctx context.Context, limit int, lease time.Duration) ([]models.Lookup, error)
	SavePersonInfo(ctx context.Context, l models.Lookup, info PersonInfo) error
	SaveMembers(ctx context.Context, l models.Lookup, users []string, info ChannelInfo) error
	SaveUsergroup(ctx context.Context, l models.Lookup, info UsergroupInfo) error
	SaveEmail(ctx context.Context, l models.Lookup, info PersonInfo) error
	SaveDND(ctx context.Context, l models.Lookup, all []DNDInfo) error
	// RetryLookup gives l back, not before retryMS of machine time; counted
	// costs an attempt.
	RetryLookup(ctx context.Context, l models.Lookup, retryMS int64, counted bool) error
	// DropLookup ends l without an answer: Slack knows no such thing, or would
	// not say in the end.
	DropLookup(ctx context.Context, l models.Lookup, cause string) error
}

// LookupOptions are what the lookups need; all but Log and Metrics required.
type LookupOptions struct {
	Directory Directory
	For       func(ctx context.Context, tenantID int64) (Workspace, error)
	Throttle  *Throttle
	Machine   models.Clock
	Log       *slog.Logger
	Metrics   *Metrics
}

// Lookups reads people, channels and user groups from Slack, outside any
// transaction.
type Lookups struct {
	o     LookupOptions
	pulse *pulse
}

const (
	lookupBatch = 20
	// lookupLease covers a channel of 10,000 members at 200 a page.
	lookupLease = 2 * time.Minute
	lookupTime  = 90 * time.Second
	// lookupPause is the unit of the pauses after failures.
	lookupPause = 15 * time.Second
	// memberPages bounds one channel: 100 pages of 200.
	memberPages = 100
)

// NewLookups makes the job; RunOnce does it.
func NewLookups(o LookupOptions) *Lookups {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Lookups{o: o, pulse: newPulse(o.Machine)}
}

// RunOnce answers what waits, as far as the paces allow.
func (l *Lookups) RunOnce(ctx context.Context) error {
	for range rounds {
		rows, err := l.o.Directory.ClaimLookups(ctx, lookupBatch, lookupLease)
		if err != nil {
			return fmt.Errorf("claim lookups: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		var failed error
		for _, row := range rows {
			failed = errors.Join(failed, l.one(ctx, row, false))
		}
		if failed != nil || ctx.Err() != nil {
			return failed
		}
	}
	return nil
}

// Now answers lookups that have no row while somebody waits, as far as it gets
// in a moment; what is left is left to the background.
func (l *Lookups) Now(ctx context.Context, rows []models.Lookup) {
	ctx, cancel := context.WithTimeout(ctx, introduceTime)
	defer cancel()
	var all sync.WaitGroup
	for _, row := range rows {
		all.Go(func() {
			if err := l.one(ctx, row, false); err != nil {
				l.o.Log.Warn("a question to Slack had no answer in time", "kind", row.Kind, "tenant", row.TenantID, "cause", err)
			}
		})
	}
	all.Wait()
}

// methods are the calls behind each kind of lookup, for the paces.
var methods = map[string]string{
	models.LookupPerson: "users.info", models.LookupMembers: "conversations.members", models.LookupUsergroup: "usergroups.users.list",
	models.LookupEmail: "users.lookupByEmail", models.LookupDND: "dnd.teamInfo",
}

// one answers one lookup. join lets the bot into an open channel on the way:
// only for somebody who has just named it, never again by itself after it was
// taken out.
func (l *Lookups) one(ctx context.Context, row models.Lookup, join bool) error {
	ws, err := l.o.For(ctx, row.TenantID)
	if err != nil {
		return errors.Join(fmt.Errorf("workspace of a lookup: %w", err), l.retry(ctx, row, lookupPause, true))
	}
	again, ok := l.o.Throttle.Try(false, 0, l.o.Throttle.Method(ws.Key, methods[row.Kind]))
	if !ok {
		return l.retry(ctx, row, again.Sub(l.o.Machine()), false)
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	var asked error
	var save func() error
	switch row.Kind {
	case models.LookupPerson:
		var info PersonInfo
		info, asked = ws.Web.Person(ctx, row.Ref)
		save = func() error { return l.o.Directory.SavePersonInfo(ctx, row, info) }
	case models.LookupMembers:
		var info ChannelInfo
		var users []string
		users, info, asked = l.members(ctx, ws, row.Ref, join)
		save = func() error { return l.o.Directory.SaveMembers(ctx, row, users, info) }
	case models.LookupUsergroup:
		var info UsergroupInfo
		info, asked = ws.Web.Usergroup(ctx, row.Ref)
		save = func() error { return l.o.Directory.SaveUsergroup(ctx, row, info) }
	case models.LookupEmail:
		var info PersonInfo
		info, asked = ws.Web.PersonByEmail(ctx, row.Ref)
		save = func() error { return l.o.Directory.SaveEmail(ctx, row, info) }
	case models.LookupDND:
		var all []DNDInfo
		all, asked = ws.Web.DND(ctx, strings.Split(row.Ref, ","))
		save = func() error { return l.o.Directory.SaveDND(ctx, row, all) }
	default:
		return l.o.Directory.DropLookup(ctx, row, "unknown kind")
	}
	if asked != nil {
		return l.unanswered(ctx, ws, row, faultOf(asked))
	}
	l.o.Metrics.Count("muster_lookups_total", "kind", row.Kind, "outcome", "done")
	if err := save(); err != nil {
		return errors.Join(fmt.Errorf("save what Slack said about a %s: %w", row.Kind, err), l.retry(ctx, row, lookupPause, true))
	}
	return nil
}

// members reads a channel and everybody in it. Where Slack lets nobody be read,
// the bot is not in there, and that is an answer.
func (l *Lookups) members(ctx context.Context, ws Workspace, channel string, join bool) ([]string, ChannelInfo, error) {
	info, err := ws.Web.Channel(ctx, channel)
	if open := !info.Missing && !info.Private && !info.Archived && !info.Direct; err == nil && join && open && !info.BotIn {
		info.BotIn = ws.Web.Join(ctx, channel) == nil // else it is told that the bot is not in
	}
	if err != nil || info.Missing {
		return nil, info, err
	}
	all, err := l.everybody(ctx, ws, channel)
	if fault := faultOf(err); err != nil && !info.BotIn && fault.Kind == FaultRefused && !passing[fault.Code] {
		return nil, info, nil
	}
	return all, info, err
}

// everybody reads the members of a channel, page by page.
func (l *Lookups) everybody(ctx context.Context, ws Workspace, channel string) ([]string, error) {
	var all []string
	cursor := ""
	for page := range memberPages {
		if page > 0 {
			if err := l.o.Throttle.Wait(ctx, 0, l.o.Throttle.Method(ws.Key, "conversations.members")); err != nil {
				return nil, err
			}
		}
		users, next, err := ws.Web.Members(ctx, channel, cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, users...)
		if next == "" {
			return all, nil
		}
		cursor = next
	}
	return all, nil
}

// unanswered gives a lookup back or ends it, by what Slack said.
func (l *Lookups) unanswered(ctx context.Context, ws Workspace, row models.Lookup, fault *Fault) error {
	l.o.Metrics.Count("muster_lookups_total", "kind", row.Kind, "outcome", string(fault.Kind))
	n := row.Attempts + 1
	switch {
	case fault.Kind == FaultLimited:
		l.o.Throttle.Limited(l.o.Throttle.Method(ws.Key, fault.Method), fault.RetryAfter)
		return l.retry(ctx, row, fault.RetryAfter, false)
	case fault.Kind == FaultUnreached, fault.Kind == FaultLost && l.pulse.away(ctx, ws), badToken[fault.Code] && fault.Code != "missing_scope":
		return l.retry(ctx, row, lookupPause, false)
	case fault.Kind == FaultRefused && !passing[fault.Code], n >= mostAttempts:
		l.o.Log.Warn("Slack does not answer a question", "kind", row.Kind, "tenant", row.TenantID, "code", fault.Code)
		if row.ID == 0 {
			return nil
		}
		return l.o.Directory.DropLookup(context.WithoutCancel(ctx), row, fault.Code)
	}
	return l.retry(ctx, row, time.Duration(n*n)*lookupPause, true)
}

func (l *Lookups) retry(ctx context.Context, row models.Lookup, after time.Duration, counted bool) error {
	if row.ID == 0 { // nothing waits in the books: who asked goes on without
		return nil
	}
	ctx = context.WithoutCancel(ctx) // a row given back late would wait for its lease
	if err := l.o.Directory.RetryLookup(ctx, row, l.o.Machine().Add(after).UnixMilli(), counted); err != nil {
		return fmt.Errorf("give back a lookup: %w", err)
	}
	return nil
}
