package models

import (
	"fmt"
	"strconv"
	"time"
)

// Cadences of digests and kinds of periods.
const (
	PeriodDay   = "day"
	PeriodWeek  = "week" // Monday to Sunday
	PeriodMonth = "month"
	PeriodYear  = "year"
)

// Digest posts a summary by schedule. Wall time and zone are the rule; NextAt
// is only where it stands now.
type Digest struct {
	ID         int64
	TenantID   int64  `gorm:"uniqueIndex:digests_number"`
	Number     int    `gorm:"uniqueIndex:digests_number"` // shown as d1
	Cadence    string // day, week, month
	Weekday    int    // week: 0 = Sunday
	Day        int    // month: 1..31, a day the month lacks means its last
	Minute     int    // after local midnight
	Zone       string // the organisation's when it was made
	Channel    string // Slack channel id
	ReviewerID int64  // shown to them 30 minutes before, 0 = nobody
	Deleted    bool
	CreatorID  int64
	CreatedAt  Instant
}

// Ref is the short number shown everywhere: d1.
func (d Digest) Ref() string { return NumberDigest + strconv.Itoa(d.Number) }

func (d *Digest) Thing() (string, int64) { return "digest", d.ID }

func (d *Digest) Facts() map[string]any {
	return map[string]any{"number": d.Number, "cadence": d.Cadence, "weekday": d.Weekday, "day": d.Day, "minute": d.Minute,
		"zone": d.Zone, "channel": d.Channel, "reviewer": d.ReviewerID, "deleted": d.Deleted, "creator": d.CreatorID,
		"created_at": d.CreatedAt}
}

func (d *Digest) Words() map[string]Word { return nil }

// Next is the first time after `after` at which the digest is to be posted.
func (d Digest) Next(after Instant) Instant {
	zone := Zone(d.Zone)
	day := midnight(after, zone)
	// A time in a gap moves into the next date where the gap ends at midnight,
	// so the search begins a day early; 62 days hold every weekday and two ends
	// of a month.
	for i := -1; i <= 62; i++ {
		date := day.AddDate(0, 0, i)
		if !d.on(date) {
			continue
		}
		at, _ := LocalInstant(date.Add(time.Duration(d.Minute)*time.Minute), zone)
		if At(at) > after {
			return At(at)
		}
	}
	panic(fmt.Sprintf("digest %d has no day: weekday %d, day %d", d.ID, d.Weekday, d.Day))
}

// on says whether the digest is posted on a date (counted in UTC midnights).
func (d Digest) on(date time.Time) bool {
	switch d.Cadence {
	case PeriodWeek:
		return int(date.Weekday()) == d.Weekday
	case PeriodMonth:
		last := date.AddDate(0, 0, 1-date.Day()).AddDate(0, 1, -1).Day()
		if d.Day < 1 { // -1: the last day of the month
			return date.Day() == last
		}
		return date.Day() == min(d.Day, last)
	}
	return true
}

// Covers is the period that a digest posted at `at` tells about: the one under
// way when the digest comes in its second half, else the one before. Monday
// 9:00 tells of last week and so does Wednesday; Friday 17:00 and Sunday 18:00
// of the week that ends; 9:00 of yesterday, 18:00 of today. It is decided by
// the timetable and not by the instant, so that no period is told twice or
// left out when months differ in length.
func (d Digest) Covers(at Instant) Period {
	zone := Zone(d.Zone)
	p := PeriodOf(d.Cadence, at, zone)
	if d.early() {
		return p.Before(zone)
	}
	return p
}

// early says whether the digest comes in the first half of its period.
func (d Digest) early() bool {
	const day = 24 * 60
	switch d.Cadence {
	case PeriodWeek:
		return (d.Weekday+6)%7*day+d.Minute <= 7*day/2
	case PeriodMonth:
		return d.Day >= 1 && d.Day <= 15
	}
	return d.Minute <= day/2
}

// Period is a span of whole local days.
type Period struct {
	Kind  string
	Start Instant // first local midnight
	End   Instant // local midnight after the last day
}

// PeriodOf is the day, week (Monday to Sunday), month or year that holds at.
func PeriodOf(kind string, at Instant, zone *time.Location) Period {
	day := midnight(at, zone)
	var from, to time.Time
	switch kind {
	case PeriodWeek:
		from = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		to = from.AddDate(0, 0, 7)
	case PeriodMonth:
		from = day.AddDate(0, 0, 1-day.Day())
		to = from.AddDate(0, 1, 0)
	case PeriodYear:
		from = time.Date(day.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
		to = from.AddDate(1, 0, 0)
	default:
		from, to = day, day.AddDate(0, 0, 1)
	}
	return Period{Kind: kind, Start: localMidnight(from, zone), End: localMidnight(to, zone)}
}

// Before is the period of the same kind that ends where this one begins.
func (p Period) Before(zone *time.Location) Period {
	return PeriodOf(p.Kind, p.Start.Add(-time.Hour), zone)
}

func localMidnight(date time.Time, zone *time.Location) Instant {
	at, _ := LocalInstant(date, zone)
	return At(at)
}

// States of a posting.
const (
	PostingShown  = "shown"  // a preview to one person; nothing is planned
	PostingQueued = "queued" // will be posted at DueAt
	PostingHeld   = "held"   // the reviewer said so
)

// Posting is one summary on its way to a channel, by press or by schedule. The
// unique (digest, start) keeps a scheduled one from being posted twice.
type Posting struct {
	ID        int64
	TenantID  int64   `gorm:"index"`
	DigestID  *int64  `gorm:"uniqueIndex:postings_once"` // nil when asked for by hand
	Start     Instant `gorm:"uniqueIndex:postings_once"`
	End       Instant
	Kind      string // day, week, month, year
	UnitID    int64
	Channel   string // where it goes; "" while nobody said
	State     string
	DueAt     Instant // when it was to be posted
	By        int64   // who asked or reviewed
	HeadSeq   int64   // the record's head it was posted with; 0 = not posted, or before heads were kept
	HeadHash  string  // hex
	Figures   string  // what it said, a Summary as JSON; "" = not posted
	Corrected string  // what was last said of it, figures by name as JSON; "" = nothing since it was posted
	CreatedAt Instant
}

// Period is the span it tells about.
func (p Posting) Period() Period { return Period{Kind: p.Kind, Start: p.Start, End: p.End} }

// Late says whether a scheduled posting that goes out at sent is worth a word
// about its delay.
func (p Posting) Late(sent Instant) bool {
	return p.DigestID != nil && p.DueAt != 0 && sent.Sub(p.DueAt) > LateDigest
}

func (p *Posting) Thing() (string, int64) { return "posting", p.ID }

func (p *Posting) Facts() map[string]any {
	var digest int64
	if p.DigestID != nil {
		digest = *p.DigestID
	}
	return map[string]any{"digest": digest, "start": p.Start, "end": p.End, "kind": p.Kind, "unit": p.UnitID,
		"channel": p.Channel, "state": p.State, "due_at": p.DueAt, "by": p.By,
		"head_seq": p.HeadSeq, "head_hash": p.HeadHash, "figures": p.Figures, "corrected": p.Corrected}
}

func (p *Posting) Words() map[string]Word { return nil }

const (
	DueDigest       DueKind = "digest"        // RefID digest: post it, plan the next
	DueDigestReview DueKind = "digest.review" // RefID digest: show it to the reviewer

	MessageSummary MessageKind = "summary"        // SubjectID posting, to a channel
	MessageReview  MessageKind = "summary_review" // SubjectID posting, to the reviewer
)

// ReviewLead is how long before posting the reviewer sees it (SURFACE 8).
const ReviewLead = 30 * time.Minute

// LateDigest is from when on a digest says that it is late: an hour covers a
// restart and Slack's pace, more is worth a word.
const LateDigest = time.Hour
