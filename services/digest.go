package services

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"muster/models"
	"muster/store"
)

// DigestAsk is a digest as somebody asks for it. Channel is a Slack token
// (<#C1|name>), #name, or "" for where it is asked; Reviewer is a token
// (<@U1>), @name, or "" for nobody.
type DigestAsk struct {
	Cadence           string // day, week, month
	Weekday           int    // week: 0 = Sunday
	Day               int    // month: 1..31, -1 = the last
	Minute            int    // after local midnight
	Channel, Reviewer string
}

// DigestShown is a digest with when it comes next and who reviews it.
type DigestShown struct {
	Digest   models.Digest
	Next     models.Instant
	Reviewer models.Person // zero = nobody
}

// OpenDigest makes a digest and plans its first posting.
func (s *Services) OpenDigest(ctx context.Context, act Act, ask DigestAsk) (DigestShown, error) {
	var out DigestShown
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.ManagesAll() { // it tells of the whole organisation
			return s.refuseEverywhere(tx, me)
		}
		d := models.Digest{TenantID: me.Tenant.ID, Cadence: ask.Cadence, Weekday: ask.Weekday, Day: ask.Day, Minute: ask.Minute,
			Zone: me.Tenant.Zone, CreatorID: me.Person.ID, CreatedAt: tx.Now}
		var err error
		if d.Channel, err = channelNamed(tx, me.Tenant, act, ask.Channel); err != nil {
			return err
		}
		if out.Reviewer, err = personNamed(tx, me.Tenant, ask.Reviewer); err != nil {
			return err
		}
		d.ReviewerID = out.Reviewer.ID
		if d.Number, err = tx.NextNumber(me.Tenant.ID, models.NumberDigest); err != nil {
			return err
		}
		if err := tx.Save(me.By("digest_open"), &d); err != nil {
			return err
		}
		out.Digest, out.Next = d, d.Next(tx.Now)
		return planDigest(tx, d, tx.Now)
	})
	return out, err
}

var (
	channelToken = regexp.MustCompile(`^<#([CG][A-Z0-9]+)(?:\|[^<>]*)?>$`)
	personToken  = regexp.MustCompile(`^<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>$`)
)

// channelNamed is the Slack id of a channel as somebody names it. A name typed
// by hand counts when exactly one known channel has it; with none at all it is
// the channel of the act, in a direct message the one for summaries.
func channelNamed(tx *store.Tx, t models.Tenant, act Act, named string) (string, error) {
	named = strings.TrimSpace(named)
	if m := channelToken.FindStringSubmatch(named); m != nil {
		return m[1], nil
	}
	switch {
	case named != "":
		known, err := tx.ChannelsNamed(t.ID, strings.TrimPrefix(named, "#"))
		if err != nil {
			return "", err
		}
		if len(known) != 1 {
			return "", models.Refuse(models.CodeNotFound, "digest.no_such_channel", "Part", named)
		}
		return known[0].SlackID, nil
	case !act.Direct && act.Channel != "":
		return act.Channel, nil
	case t.SummaryChannel != "":
		return t.SummaryChannel, nil
	}
	return "", models.Refuse(models.CodeInvalid, "digest.no_channel")
}

// personNamed is a person as somebody names them, zero for "".
func personNamed(tx *store.Tx, t models.Tenant, named string) (models.Person, error) {
	named = strings.TrimSpace(named)
	if named == "" {
		return models.Person{}, nil
	}
	if m := personToken.FindStringSubmatch(named); m != nil {
		p, err := tx.EnsurePerson(t.ID, m[1])
		if err == nil && p.Bot {
			return p, models.Refuse(models.CodeInvalid, "digest.no_such_person", "Part", named)
		}
		return p, err
	}
	known, err := tx.PersonsNamed(t.ID, strings.TrimPrefix(named, "@"))
	if err != nil {
		return models.Person{}, err
	}
	if len(known) != 1 {
		return models.Person{}, models.Refuse(models.CodeNotFound, "digest.no_such_person", "Part", named)
	}
	return known[0], nil
}

func digestKey(id int64) string { return fmt.Sprintf("digest:%d:", id) }

// planDigest plans the first posting after `after`, and the showing before it.
func planDigest(tx *store.Tx, d models.Digest, after models.Instant) error {
	next := d.Next(after)
	if err := planReview(tx, d, next); err != nil {
		return err
	}
	return tx.Plan(models.Due{TenantID: d.TenantID, Key: digestKey(d.ID) + "post", Kind: models.DueDigest, RefID: d.ID, DueAt: next})
}

// planReview plans to show a digest to its reviewer half an hour before it is
// posted; where that lies in their quiet hours, earlier.
func planReview(tx *store.Tx, d models.Digest, next models.Instant) error {
	key := digestKey(d.ID) + "review"
	if d.ReviewerID == 0 {
		return nil
	}
	times, err := restTimes(tx, d.TenantID, d.ReviewerID)
	if err != nil {
		return fmt.Errorf("reviewer of digest %d: %w", d.ID, err)
	}
	at, ok := models.PlanLead(next, models.ReviewLead, times.Rest, nil, times.Zone, tx.Now)
	if !ok { // it is too late to show it before
		_, err := tx.Unplan(d.TenantID, key)
		return err
	}
	return tx.Plan(models.Due{TenantID: d.TenantID, Key: key, Kind: models.DueDigestReview, RefID: d.ID, DueAt: at})
}

// restTimes are a person's quiet hours and zone, whatever windows they chose.
func restTimes(tx *store.Tx, tenantID, personID int64) (models.Times, error) {
	p, err := tx.Person(personID)
	if err != nil {
		return models.Times{}, err
	}
	t, err := tx.Tenant(tenantID)
	if err != nil {
		return models.Times{}, err
	}
	u, err := tx.UnitOf(personID)
	if ignoreMissing(err) != nil {
		return models.Times{}, err
	}
	return models.TimesOf(p, u, t), nil
}

// Digests lists the tenant's digests.
func (s *Services) Digests(ctx context.Context, act Act) (list []DigestShown, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Organizer(0) {
			return s.refuseOrganizer(tx, me)
		}
		digests, err := tx.Digests(me.Tenant.ID)
		for _, d := range digests {
			shown := DigestShown{Digest: d, Next: d.Next(tx.Now)}
			if d.ReviewerID != 0 {
				if shown.Reviewer, err = tx.Person(d.ReviewerID); ignoreMissing(err) != nil {
					return err
				}
			}
			list = append(list, shown)
		}
		return err
	})
	return list, err
}

// DeleteDigest ends a digest; nothing of it is posted any more.
func (s *Services) DeleteDigest(ctx context.Context, act Act, number int) (models.Digest, error) {
	var d models.Digest
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.ManagesAll() {
			return s.refuseEverywhere(tx, me)
		}
		var err error
		d, err = tx.DigestByNumber(me.Tenant.ID, number)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "digest.not_found", "What", models.Digest{Number: number}.Ref())
		}
		if err != nil {
			return err
		}
		d.Deleted = true
		if err := tx.Save(me.By("digest_delete"), &d); err != nil {
			return err
		}
		if err := s.holdAhead(tx, me, d); err != nil {
			return err
		}
		_, err = tx.Unplan(d.TenantID, digestKey(d.ID))
		return err
	})
	return d, err
}

// holdAhead holds what a digest had already shown to its reviewer, or queued.
func (s *Services) holdAhead(tx *store.Tx, me Actor, d models.Digest) error {
	ahead, err := tx.PostingsAhead(d.ID)
	if err != nil {
		return err
	}
	for _, p := range ahead {
		m, err := tx.MessageByKey(p.TenantID, postingKey(p.ID))
		if ignoreMissing(err) != nil {
			return err
		}
		if err == nil && (m.Shown > 0 || m.State == models.MessageSending) {
			continue // out already, or on its way
		}
		if err := holdPosting(tx, me, &p); err != nil {
			return err
		}
	}
	return nil
}

func (s *Services) digestDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DueDigest: s.digestDue, models.DueDigestReview: s.digestReviewDue}
}

// liveDigest is the digest a due row is about; ok is false when it was deleted.
func liveDigest(tx *store.Tx, due models.Due) (d models.Digest, ok bool, err error) {
	d, err = tx.Digest(due.RefID)
	if errors.Is(err, store.ErrNotFound) {
		return d, false, nil
	}
	return d, err == nil && !d.Deleted, err
}

// digestDue posts what is due and plans the next from now on: of several
// missed while down only the latest is posted, marked late.
func (s *Services) digestDue(tx *store.Tx, due models.Due) error {
	d, ok, err := liveDigest(tx, due)
	if err != nil || !ok {
		return err
	}
	at := due.DueAt
	for next := d.Next(at); next <= tx.Now; next = d.Next(at) {
		at = next
	}
	p, err := digestPosting(tx, d, at)
	if err != nil {
		return err
	}
	if p.State == models.PostingQueued {
		if p.Figures == "" { // else its reviewer posted it already
			if err := s.keepFigures(tx, &p); err != nil {
				return err
			}
			if err := tx.Save(models.By{TenantID: d.TenantID, Action: "summary_post"}, &p); err != nil {
				return err
			}
		}
		if err := queuePosting(tx, p, at); err != nil {
			return err
		}
		if err := tx.Touch(p.TenantID, reviewKey(p.ID)); err != nil { // its buttons are of no use any more
			return err
		}
	}
	return planDigest(tx, d, tx.Now)
}

// digestReviewDue shows the coming summary to its reviewer.
func (s *Services) digestReviewDue(tx *store.Tx, due models.Due) error {
	d, ok, err := liveDigest(tx, due)
	if err != nil || !ok {
		return err
	}
	post, err := tx.DueByKey(d.TenantID, digestKey(d.ID)+"post")
	if errors.Is(err, store.ErrNotFound) || err == nil && post.DueAt <= tx.Now {
		return nil // down meanwhile: the posting itself is due
	}
	if err != nil {
		return err
	}
	p, err := digestPosting(tx, d, post.DueAt)
	if err != nil {
		return err
	}
	_, err = tx.Enqueue(models.Message{TenantID: d.TenantID, Key: reviewKey(p.ID), Kind: models.MessageReview,
		SubjectID: p.ID, PersonID: d.ReviewerID, Priority: models.PriorityReminder, EditClass: models.EditRest,
		Quiet: models.QuietWait, ExpiresAt: post.DueAt})
	return err
}

// digestPosting is the digest's posting for what is posted at `at`, made when
// it is not there yet.
func digestPosting(tx *store.Tx, d models.Digest, at models.Instant) (models.Posting, error) {
	period := d.Covers(at)
	p, err := tx.PostingOf(d.ID, period.Start)
	if err == nil || !errors.Is(err, store.ErrNotFound) {
		return p, err
	}
	p = models.Posting{TenantID: d.TenantID, DigestID: &d.ID, Start: period.Start, End: period.End, Kind: period.Kind,
		Channel: d.Channel, State: models.PostingQueued, DueAt: at, By: d.ReviewerID, CreatedAt: tx.Now}
	return p, tx.Save(models.By{TenantID: d.TenantID, Action: "summary_plan"}, &p)
}
