package services

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"time"

	"muster/models"
)

// served writes hours of a sign-up, in whatever state; some past midnight.
func (b *books) served(su models.Signup, from models.Instant, rng *rand.Rand, save func(models.Recorded)) {
	pick := func(of ...string) string { return of[rng.IntN(len(of))] }
	zone := b.tenant.Location()
	for range rng.IntN(3) {
		day := models.PeriodOf(models.PeriodDay, from, zone)
		h := models.Hour{TenantID: su.TenantID, PersonID: su.PersonID, SignupID: su.ID, CallID: su.CallID, Day: day.Start, FromAt: from,
			ToAt: min(from.Add(2*time.Hour), day.End), Grade: pick(models.EvidenceSelf, models.EvidenceRoll, models.EvidenceLate),
			State: pick("pending", "counted", "counted", "contested", "refused"), EnteredAt: from.Add(time.Duration(rng.IntN(200)) * time.Hour)}
		h.Minutes = int(h.ToAt.Sub(h.FromAt).Minutes())
		if h.State == models.HoursPending {
			h.Needs = pick(models.NeedsYes, models.NeedsSecond, models.NeedsAdmin)
		}
		if rng.IntN(2) == 0 {
			h.AskedAt = h.EnteredAt.Add(24 * time.Hour)
		}
		save(&h)
		b.hours = append(b.hours, h)
		from = day.End
	}
}

// countHours is the volunteer ledger and what was given, by hand.
func (b *books) countHours(p models.Period, sum *models.Summary, over func(models.Instant) bool, in func(int64) bool, now models.Instant) {
	people, minutes := map[int64]map[int64]bool{}, map[int64]int{}
	for _, h := range b.hours {
		unit := b.unitOf[h.PersonID]
		if !in(unit) {
			continue
		}
		if asked := max(h.AskedAt, 0); h.State == models.HoursPending && h.Needs != models.NeedsYes && h.Day < p.End {
			if asked == 0 {
				asked = h.EnteredAt
			}
			if now.Sub(asked) >= 7*24*time.Hour {
				sum.Hours.Unapproved += h.Minutes
			}
		}
		if h.FromAt < p.Start || h.FromAt >= p.End {
			continue
		}
		switch h.State {
		case models.HoursPending, models.HoursContested:
			sum.Hours.Waiting += h.Minutes
		case models.HoursCounted:
			sum.Hours.Counted += h.Minutes
			*map[string]*int{models.EvidenceSelf: &sum.Hours.Onsite, models.EvidenceRoll: &sum.Hours.Rolled, models.EvidenceLate: &sum.Hours.Late}[h.Grade] += h.Minutes
			if people[unit] == nil {
				people[unit] = map[int64]bool{}
			}
			people[unit][h.PersonID] = true
			minutes[unit] += h.Minutes
		}
	}
	for unit, n := range minutes {
		line := models.UnitFigure{UnitID: unit, People: len(people[unit]), Minutes: n}
		for _, u := range b.units {
			if u.ID == unit {
				line.Unit = u.Name
			}
		}
		sum.Units = append(sum.Units, line)
	}
	slices.SortFunc(sum.Units, func(x, y models.UnitFigure) int {
		return cmp.Or(cmp.Compare(y.Minutes, x.Minutes), cmp.Compare(x.UnitID, y.UnitID))
	})
	items := map[string]models.GoodsLine{}
	for _, c := range b.calls {
		var last models.Instant
		for _, sh := range b.shifts {
			if sh.CallID == c.ID {
				last = max(last, sh.EndAt)
			}
		}
		if c.Drill || c.State == models.CallCancelled || !over(last) || !in(c.UnitID) {
			continue
		}
		sum.Served += c.Served
		for _, g := range b.goods {
			if g.CallID == c.ID {
				items[g.Item] = models.GoodsLine{Item: g.Item, Number: items[g.Item].Number + g.Number, Value: items[g.Item].Value + g.Value}
			}
		}
	}
	for _, g := range items {
		sum.Goods = append(sum.Goods, g)
	}
	slices.SortFunc(sum.Goods, func(x, y models.GoodsLine) int {
		return cmp.Or(cmp.Compare(y.Number, x.Number), cmp.Compare(x.Item, y.Item))
	})
}
