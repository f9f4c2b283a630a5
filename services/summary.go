package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"muster/models"
	"muster/store"
)

// SummaryShown is a summary with what it is compared to.
type SummaryShown struct {
	Tenant  models.Tenant
	Posting models.Posting
	Now     models.Summary
	Before  models.Summary
	Channel models.Channel // where it goes, as far as it is known
	At      models.Instant
	Posted  bool                    // its message is queued or out
	Leaders map[int64]models.Person // those of Now.Leaders who may be named
}

// SummaryAsk is which period and unit somebody wants to see.
type SummaryAsk struct {
	Kind string
	At   models.Instant // a moment within the period; 0 = now
	Back int            // periods before it
	Unit string         // name, "" = all
}

// PreviewSummary makes a summary for the one who asks, with a row to post it by.
func (s *Services) PreviewSummary(ctx context.Context, act Act, ask SummaryAsk) (SummaryShown, error) {
	var out SummaryShown
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		unit, err := s.scope(tx, me, ask.Unit, true)
		if err != nil {
			return err
		}
		zone := me.Tenant.Location()
		at := ask.At
		if at == 0 {
			at = tx.Now
		}
		period := models.PeriodOf(ask.Kind, at, zone)
		for range ask.Back {
			period = period.Before(zone)
		}
		p := models.Posting{TenantID: me.Tenant.ID, Start: period.Start, End: period.End, Kind: period.Kind, UnitID: unit.ID,
			State: models.PostingShown, By: me.Person.ID, CreatedAt: tx.Now, Channel: me.Tenant.SummaryChannel}
		if p.Channel == "" && !act.Direct {
			p.Channel = act.Channel
		}
		if err := tx.Save(me.By("summary_show"), &p); err != nil {
			return err
		}
		if out, err = s.summaryOf(tx, me.Tenant, p); err != nil {
			return err
		}
		return nameLeaders(tx, &out)
	})
	return out, err
}

// SummaryByPosting is the summary for rendering: as it was posted, else as it
// stands now.
func (s *Services) SummaryByPosting(ctx context.Context, postingID int64) (SummaryShown, error) {
	var out SummaryShown
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		p, err := tx.Posting(postingID)
		if err != nil {
			return err
		}
		t, err := tx.Tenant(p.TenantID)
		if err != nil {
			return err
		}
		if out, err = s.saidOrStands(tx, t, p); err != nil {
			return err
		}
		if err := nameLeaders(tx, &out); err != nil {
			return err
		}
		m, err := tx.MessageByKey(p.TenantID, postingKey(p.ID))
		if ignoreMissing(err) != nil {
			return err
		}
		out.Posted = err == nil && m.State != models.MessageDropped && m.State != models.MessageDead
		out.Channel, err = tx.ChannelBySlack(p.TenantID, p.Channel)
		return ignoreMissing(err)
	})
	return out, err
}

func (s *Services) summaryOf(tx *store.Tx, t models.Tenant, p models.Posting) (SummaryShown, error) {
	out := SummaryShown{Tenant: t, Posting: p, At: tx.Now}
	var unit models.Unit
	var err error
	if p.UnitID != 0 {
		if unit, err = tx.Unit(p.UnitID); err != nil {
			return out, err
		}
	}
	if out.Now, err = summarize(tx, t.ID, p.Period(), unit); err != nil {
		return out, err
	}
	units, err := under(tx, t.ID, unit.ID)
	if err != nil {
		return out, err
	}
	if err := s.giveDuties(tx, t, units, &out.Now); err != nil {
		return out, err
	}
	if err := giveLeaders(tx, t.ID, units, &out.Now); err != nil {
		return out, err
	}
	if p.Kind == models.PeriodYear {
		if err := giveMonths(tx, t, units, &out.Now); err != nil {
			return out, err
		}
	}
	out.Before, err = summarize(tx, t.ID, p.Period().Before(t.Location()), unit)
	return out, err
}

// summarize counts the rows of one period: of the whole organisation, or of a
// unit and those below it.
func summarize(tx *store.Tx, tenantID int64, period models.Period, unit models.Unit) (models.Summary, error) {
	sum := models.Summary{Period: period, Unit: unit}
	units, err := under(tx, tenantID, unit.ID)
	if err != nil {
		return sum, err
	}
	if sum.CallsOpened, sum.CallsFilled, sum.CallsCancelled, sum.FillTime, err = tx.CallFigures(tenantID, period, units); err != nil {
		return sum, err
	}
	if sum.PlacesShort, sum.CallsShort, err = tx.ShortFigures(tenantID, period, units); err != nil {
		return sum, err
	}
	if sum.Volunteers, sum.Places, err = tx.VolunteerFigures(tenantID, period, units); err != nil {
		return sum, err
	}
	if err := giveHours(tx, tenantID, units, &sum); err != nil {
		return sum, err
	}
	if sum.Study, sum.Total, err = tx.StudyFigures(tenantID, period, units); err != nil {
		return sum, err
	}
	if err := nameUnits(tx, sum.Study); err != nil {
		return sum, err
	}
	head, err := tx.Head(tenantID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return sum, fmt.Errorf("head of the record: %w", err)
	}
	sum.SealedTo, sum.Check = head.Seq, head.Hash
	return sum, nil
}

// under is a unit and the units below it; nil for everything.
func under(tx *store.Tx, tenantID, unitID int64) ([]int64, error) {
	if unitID == 0 {
		return nil, nil
	}
	return unitsUnder(tx, tenantID, models.Audience{Kind: models.AudienceUnit, Ref: strconv.FormatInt(unitID, 10)})
}

// nameUnits gives each line its unit's name and sorts them by it; people
// without a unit come last.
func nameUnits(tx *store.Tx, lines []models.StudyLine) error {
	for i := range lines {
		if lines[i].UnitID == 0 {
			continue
		}
		u, err := tx.Unit(lines[i].UnitID)
		if ignoreMissing(err) != nil {
			return err
		}
		lines[i].Unit = u.Name
	}
	slices.SortFunc(lines, func(a, b models.StudyLine) int {
		if (a.UnitID == 0) != (b.UnitID == 0) {
			return int(min(b.UnitID, 1) - min(a.UnitID, 1))
		}
		return strings.Compare(a.Unit, b.Unit)
	})
	return nil
}
