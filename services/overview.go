package services

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"muster/models"
	"muster/store"
)

// listMost bounds every list of an overview: more does not fit a screen of a
// phone, and each list has a verb that shows the rest.
const listMost = 10

// OverviewOf gathers what concerns the one who acts.
func (s *Services) OverviewOf(ctx context.Context, act Act) (models.Overview, error) {
	return s.overview(ctx, act, func(*store.Tx, Actor, *models.Overview) error { return nil })
}

// HomeOf is OverviewOf with what waits for the person as an organizer.
func (s *Services) HomeOf(ctx context.Context, act Act) (models.Overview, error) {
	return s.overview(ctx, act, s.managed)
}

func (s *Services) overview(ctx context.Context, act Act, more func(*store.Tx, Actor, *models.Overview) error) (models.Overview, error) {
	var o models.Overview
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		o = models.Overview{Tenant: me.Tenant, Person: me.Person, Now: tx.Now, Target: models.StudyTarget(me.Tenant, me.Person.Duty),
			CanOrganize: me.Rights.Organizer(0), CanLead: me.Rights.Leader(0), CanAdmin: me.Rights.Admin()}
		if me.Tenant.ID == 0 {
			return nil
		}
		sheets := s.ownSheets(tx, me)
		joined, busy, err := s.myShifts(tx, me, &o, sheets)
		if err != nil {
			return err
		}
		if err := s.myWaits(tx, me, &o, sheets); err != nil {
			return err
		}
		for _, w := range o.Waits {
			if w.Ask != nil { // asked already: not offered once more below
				joined[w.Ask.CallID] = true
			}
		}
		if err := s.myStudy(tx, me, &o); err != nil {
			return err
		}
		if err := s.myHours(tx, me, &o); err != nil {
			return err
		}
		if err := s.openCalls(tx, me, &o, joined, busy); err != nil {
			return err
		}
		return more(tx, me, &o)
	})
	return o, err
}

// ownSheets gives calls as the actor sees their own part of them: nobody else
// on the board is named. Each is gathered once.
func (s *Services) ownSheets(tx *store.Tx, me Actor) func(callID int64) (*models.Sheet, error) {
	known := map[int64]*models.Sheet{}
	return func(callID int64) (*models.Sheet, error) {
		if known[callID] == nil {
			b, err := s.board(tx, me.Tenant.ID, callID)
			if err != nil {
				return nil, err
			}
			sh, err := s.sheetShowing(tx, me, b, false, false)
			if err != nil {
				return nil, err
			}
			known[callID] = &sh
		}
		return known[callID], nil
	}
}

// myShifts are the person's places, the calls they belong to, and when they
// take place.
func (s *Services) myShifts(tx *store.Tx, me Actor, o *models.Overview, sheets func(int64) (*models.Sheet, error)) (joined map[int64]bool, busy []models.Shift, err error) {
	joined = map[int64]bool{}
	if me.Person.ID == 0 {
		return joined, nil, nil
	}
	if o.Unit, err = tx.UnitOf(me.Person.ID); ignoreMissing(err) != nil {
		return nil, nil, err
	}
	signups, err := tx.ActiveSignups(me.Tenant.ID, me.Person.ID, tx.Now) // by start
	if err != nil {
		return nil, nil, err
	}
	for _, g := range signups {
		joined[g.CallID] = true
		b, err := s.board(tx, me.Tenant.ID, g.CallID)
		if err != nil {
			return nil, nil, err
		}
		busy = append(busy, *b.Shift(g.ShiftID))
		if len(o.Shifts) == listMost {
			continue
		}
		sh, err := sheets(g.CallID)
		if err != nil {
			return nil, nil, err
		}
		mine := sh.Signup(g.ID)
		o.Shifts = append(o.Shifts, models.MyShift{Signup: *mine, Call: *sh.Call, Shift: *sh.Shift(g.ShiftID), Role: *sh.Role(g.RoleID),
			Place: sh.Position(mine), Sheet: sh})
	}
	return joined, busy, nil
}

func (s *Services) myStudy(tx *store.Tx, me Actor, o *models.Overview) error {
	if me.Person.ID == 0 {
		return nil
	}
	list, err := tx.AttendancesAhead(me.Person.ID, tx.Now) // by start
	if err != nil {
		return err
	}
	for _, a := range list {
		if a.State != models.AttendanceDue || len(o.Study) == listMost {
			continue
		}
		st, on, err := studyOf(tx, a)
		if err != nil {
			return err
		}
		o.Study = append(o.Study, models.MyStudy{Attendance: a, Occurrence: on, Study: st})
	}
	if o.Year, err = s.YearOf(tx, me.Tenant, me.Person, tx.Now); err != nil {
		return err
	}
	o.StudyMinutes, o.Target, o.Forecast = o.Year.Done, o.Year.Target, o.Year.Forecast(tx.Now)
	return nil
}

// openCalls finds the calls that the person could join, and for who organizes
// them those at risk.
func (s *Services) openCalls(tx *store.Tx, me Actor, o *models.Overview, joined map[int64]bool, busy []models.Shift) error {
	calls, err := tx.CallsIn(me.Tenant.ID, models.CallOpen, models.CallFilled)
	if err != nil {
		return err
	}
	who := models.Candidate{Person: me.Person, Times: models.TimesOf(me.Person, o.Unit, me.Tenant)}
	for _, c := range calls {
		if c.HoldUntil > tx.Now {
			continue
		}
		b, err := s.board(tx, c.TenantID, c.ID)
		if err != nil {
			return err
		}
		if b.End() <= tx.Now {
			continue
		}
		open := openCall(b)
		if open.Below > 0 && open.Start.Sub(tx.Now) <= models.RiskAhead && manages(me.Rights, c) {
			o.Risk = append(o.Risk, open)
		}
		if c.State != models.CallOpen || joined[c.ID] || open.Short == 0 || c.OpensAt > tx.Now {
			continue
		}
		meant, err := isFor(tx, me, c)
		if err != nil {
			return err
		}
		var unit models.Unit
		if c.UnitID != 0 {
			if unit, err = tx.Unit(c.UnitID); ignoreMissing(err) != nil {
				return err
			}
		}
		fit, free := models.FitOf(b, unit, who, busy)
		if meant && free {
			fit.Call, fit.End, fit.Short, fit.Below = open.Call, open.End, open.Short, open.Below
			o.Calls = append(o.Calls, fit)
		}
	}
	for _, list := range []*[]models.OpenCall{&o.Calls, &o.Risk} {
		slices.SortStableFunc(*list, func(a, b models.OpenCall) int {
			return cmp.Or(cmp.Compare(b.Fit, a.Fit), cmp.Compare(a.Start, b.Start))
		})
		*list = (*list)[:min(len(*list), listMost)]
	}
	return nil
}

// isFor says whether the person is one of those a call is for. Where Slack has
// not yet said who is in its channel, it counts as theirs.
func isFor(tx *store.Tx, me Actor, c models.Call) (bool, error) {
	kind, ref, _ := strings.Cut(c.Audience, ":")
	a := models.Audience{Kind: models.AudienceKind(kind), Ref: ref}
	switch a.Kind {
	case models.AudienceChannel, models.AudienceGroup:
		room, err := tx.ChannelBySlack(c.TenantID, a.Ref)
		if errors.Is(err, store.ErrNotFound) || err == nil && room.MembersAt == 0 {
			return true, nil
		}
		if err != nil {
			return false, err
		}
	case models.AudienceUnit:
	default:
		return true, nil
	}
	units, err := unitsUnder(tx, c.TenantID, a)
	if err != nil {
		return false, err
	}
	return tx.InAudience(c.TenantID, me.Person.ID, a, units)
}

// openCall says what a call still needs in the shifts that are not over.
func openCall(b *models.Board) models.OpenCall {
	open := models.OpenCall{Call: *b.Call, End: b.End()}
	for _, sh := range b.Shifts {
		if sh.EndAt <= b.Now {
			continue
		}
		if open.Start == 0 || sh.StartAt < open.Start {
			open.Start = sh.StartAt
		}
		for _, r := range b.RolesOf(sh.ID) {
			open.Short += max(b.Free(r.ID), 0)
			open.Below += max(r.Least-b.Taken(r.ID), 0)
		}
	}
	return open
}
