package models

import (
	"cmp"
	"slices"
)

// Why hours were refused.
const (
	RefusedOverlap = "overlap" // the same time counts elsewhere
	RefusedDecided = "decided" // somebody else decided against them
	RefusedGone    = "gone"    // nothing of the sign-up shows them any more
)

// SettleHours brings a person's rows in line with what one of their sign-ups
// now leads to. rows are all their hours of the days that the claims, or the
// sign-up's earlier rows, touch. What comes back is new or changed, in order of
// time; rows are never taken away, only refused.
func SettleHours(signup int64, claims []Hour, rows []Hour) []*Hour {
	was := map[int64]Hour{}
	var all []*Hour
	claimed := map[Instant]Hour{}
	for _, c := range claims {
		claimed[c.Day] = c
	}
	for _, r := range rows {
		was[r.ID] = r
		now := r
		if r.SignupID == signup {
			c, still := claimed[r.Day]
			delete(claimed, r.Day)
			if !still {
				now.State, now.Needs, now.Why, now.Minutes = HoursRefused, "", RefusedGone, 0
			} else {
				now = c.after(r)
			}
		}
		all = append(all, &now)
	}
	for _, c := range claimed {
		all = append(all, &c)
	}
	slices.SortFunc(all, func(a, b *Hour) int {
		return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.FromAt, b.FromAt), cmp.Compare(a.EnteredAt, b.EnteredAt), cmp.Compare(a.SignupID, b.SignupID))
	})
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].Day == all[from].Day {
			to++
		}
		settleDay(all[from:to])
		from = to
	}
	var changed []*Hour
	for _, h := range all {
		if h.ID == 0 || *h != was[h.ID] {
			changed = append(changed, h)
		}
	}
	return changed
}

// after is a claim as it follows on the row that stood before: what others said
// about it stays, as long as it is about the same claim.
func (h Hour) after(r Hour) Hour {
	h.ID, h.AskedAt, h.DecidedBy, h.DecidedAt, h.Verdict = r.ID, r.AskedAt, r.DecidedBy, r.DecidedAt, r.Verdict
	if h.ContestAt > r.DecidedAt || h.EnteredAt != r.EnteredAt { // contested anew, or entered anew
		h.DecidedBy, h.DecidedAt, h.Verdict = 0, 0, ""
	}
	grew := h.Minutes > r.Minutes || h.FromAt < r.FromAt || h.ToAt > r.ToAt || h.Grade != r.Grade && h.Grade == EvidenceLate
	if r.ApprovedMin != 0 && !grew && r.ApprovedBy != h.EnteredBy {
		h.ApprovedMin, h.ApprovedBy, h.ConfirmedBy, h.ConfirmedAt = r.ApprovedMin, r.ApprovedBy, r.ConfirmedBy, r.ConfirmedAt
	}
	return h
}

// Verdicts of somebody who decided.
const (
	VerdictCounts  = "counts"
	VerdictRefused = "refused"
)

// settleDay decides what of one person's day counts. Of two at the same time
// the one entered first stands; then, in order of time, the row that crosses a
// limit waits, and so do those after it.
func settleDay(day []*Hour) {
	for _, h := range day {
		h.base()
	}
	refuseOverlaps(day)
	total := 0
	for _, h := range day {
		if h.State != HoursCounted {
			continue
		}
		total += h.Minutes
		if h.Needs = h.limit(total); h.Needs != "" {
			h.State = HoursPending
		}
	}
}

// base is the state before the rest of the day is looked at. That the person's
// own yes is missing stays with a row whatever becomes of it: only a new claim
// says that they gave it.
func (h *Hour) base() {
	if h.Why == RefusedGone {
		return
	}
	if h.Needs != NeedsYes {
		h.Needs = ""
	}
	h.Why = ""
	switch {
	case h.Verdict == VerdictRefused:
		h.State, h.Why = HoursRefused, RefusedDecided
	case h.ContestAt != 0 && h.Verdict == "":
		h.State = HoursContested
	case h.Needs == NeedsYes:
		h.State = HoursPending
	default:
		h.State = HoursCounted
		if h.Verdict == VerdictCounts {
			h.ConfirmedBy, h.ConfirmedAt = h.DecidedBy, h.DecidedAt
		}
	}
}

// refuseOverlaps refuses what stands at the same time as something that was
// entered before it. What is refused or contested takes nobody's time.
func refuseOverlaps(day []*Hour) {
	byEntry := slices.Clone(day)
	slices.SortFunc(byEntry, func(a, b *Hour) int {
		return cmp.Or(cmp.Compare(a.EnteredAt, b.EnteredAt), cmp.Compare(a.SignupID, b.SignupID))
	})
	var stand []*Hour
	for _, h := range byEntry {
		if h.State == HoursRefused || h.State == HoursContested {
			continue
		}
		if slices.ContainsFunc(stand, func(o *Hour) bool { return o.FromAt < h.ToAt && h.FromAt < o.ToAt }) {
			h.State, h.Why = HoursRefused, RefusedOverlap
			continue
		}
		stand = append(stand, h)
	}
}

// limit is whose word a row needs when the day comes to total with it.
func (h *Hour) limit(total int) string {
	switch {
	case h.ApprovedMin >= total:
		return ""
	case total > minutesSecond:
		return NeedsAdmin
	case total > minutesAlone, h.Grade == EvidenceLate && h.ApprovedMin == 0:
		return NeedsSecond
	}
	return ""
}

// Total is what a day comes to with this row, in minutes: rows before it that
// are not refused, and itself.
func (h Hour) Total(day []Hour) int {
	n := h.Minutes
	for _, o := range day {
		if o.ID != h.ID && o.State != HoursRefused && o.State != HoursContested && o.Needs != NeedsYes && o.FromAt < h.FromAt {
			n += o.Minutes
		}
	}
	return n
}
