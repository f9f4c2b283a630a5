package services

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"muster/models"
	"muster/store"
)

// Chain is a pasted sign-up list as it would be applied.
type Chain struct {
	Sheet models.Sheet
	Lines []models.ChainLine
	Draft models.Draft
	Held  int // places held, after applying
}

// ChainList is a pasted list as it was read, and the shift that the organizer
// said it is for; 0 = not said.
type ChainList struct {
	Entries []models.ChainEntry
	Text    string
	DraftID int64 // kept before; 0 = just pasted
	ShiftID int64
}

// PreviewChain reads a pasted list for somebody who may manage the call, and
// keeps its text for the press that applies it. ok is false for anybody else,
// whose list is left alone.
func (s *Services) PreviewChain(ctx context.Context, act Act, callID int64, list ChainList) (out Chain, ok bool, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d, err := s.desk(tx, me.Tenant, callID)
		if err != nil {
			return err
		}
		if ok = manages(me.Rights, *d.Call) && d.TakesSignups() == nil; !ok {
			return nil
		}
		if out.Lines, err = d.chain(list, false); err != nil {
			return err
		}
		out.Draft = models.Draft{ID: list.DraftID, TenantID: me.Tenant.ID, PersonID: me.Person.ID, Text: list.Text, Channel: act.Channel, Direct: act.Direct, CreatedAt: tx.Now}
		if list.DraftID == 0 {
			if err := tx.SaveDraft(&out.Draft); err != nil {
				return err
			}
		}
		out.Sheet, err = s.chainSheet(tx, me, d, out.Lines)
		return err
	})
	return out, ok, err
}

// ApplyChain holds the places of a list and asks each person, by the organizer's
// press. The list is read anew from the draft's text.
func (s *Services) ApplyChain(ctx context.Context, act Act, callID int64, list ChainList) (Chain, error) {
	var out Chain
	_, err := s.manage(ctx, act, callID, "call_chain", func(d *desk, me Actor, changed *Changed) error {
		draft, err := d.tx.Draft(me.Tenant.ID, me.Person.ID, list.DraftID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.draft_gone")
		}
		if err == nil {
			err = d.tx.DropDraft(draft.ID)
		}
		if err != nil {
			return err
		}
		if err := d.TakesSignups(); err != nil {
			return err
		}
		if out.Lines, err = d.chain(list, true); err != nil {
			return err
		}
		for _, l := range out.Lines {
			if l.Why == "" {
				out.Held++
			}
		}
		changed.Nothing = out.Held == 0
		out.Sheet, err = s.chainSheet(d.tx, me, d, out.Lines)
		return err
	})
	return out, err
}

// chain finds what each line comes to; with hold the places are held, else the
// board is only asked and forgotten.
func (d *desk) chain(list ChainList, hold bool) ([]models.ChainLine, error) {
	members, err := d.tx.Members(d.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	named := map[string][]models.Person{}
	for _, p := range members {
		named[models.FoldName(p.Name)] = append(named[models.FoldName(p.Name)], p)
	}
	welcome, err := guestsWelcome(d.tx, *d.Call)
	if err != nil {
		return nil, err
	}
	seen, left := map[int64]bool{}, map[int64]int{}
	for _, r := range d.Roles {
		left[r.ID] = d.Free(r.ID)
	}
	var lines []models.ChainLine
	for _, e := range list.Entries {
		l := models.ChainLine{ChainEntry: e}
		p, why := d.chainPerson(e.Name, named)
		if l.PersonID, l.Why = p.ID, why; l.Why == "" && p.Guest && !welcome {
			l.Why = models.ChainGuest
		}
		if l.Why == "" {
			l.RoleID, l.Why = d.chainPlace(p, e, list.ShiftID, seen, left)
		}
		if l.Why == "" {
			left[l.RoleID] -= 1 + e.Guests
			if hold {
				w := models.Wish{PersonID: p.ID, RoleID: l.RoleID, Guests: e.Guests, HasGuests: true}
				if _, err := d.Hold(w); err != nil {
					return nil, err
				}
			}
		}
		seen[p.ID] = seen[p.ID] || p.ID != 0
		lines = append(lines, l)
	}
	return lines, d.fault
}

// chainPerson matches a name only where there is no doubt.
func (d *desk) chainPerson(name string, named map[string][]models.Person) (models.Person, string) {
	if id, ok := strings.CutPrefix(name, "<@"); ok {
		id, _, _ = strings.Cut(strings.TrimSuffix(id, ">"), "|")
		p, err := d.tx.PersonBySlack(d.tenant.ID, id)
		if ignoreMissing(err) != nil {
			d.fault = errors.Join(d.fault, err)
		}
		if err != nil || p.Bot || p.Gone {
			return models.Person{}, models.ChainUnknown
		}
		return p, ""
	}
	switch found := named[models.FoldName(strings.TrimPrefix(name, "@"))]; len(found) {
	case 0:
		return models.Person{}, models.ChainUnknown
	case 1:
		return found[0], ""
	}
	return models.Person{}, models.ChainDoubt
}

// chainPlace is the one (shift, role) a line can mean, or why there is none.
func (d *desk) chainPlace(p models.Person, e models.ChainEntry, shiftID int64, seen map[int64]bool, left map[int64]int) (int64, string) {
	if seen[p.ID] {
		return 0, models.ChainTwice
	}
	var fits []*models.Role
	for _, r := range d.Roles {
		if d.Shift(r.ShiftID).StartAt > d.Now && r.Most > 0 && (shiftID == 0 || r.ShiftID == shiftID) && (e.Role == "" || sameRole(r.Name, e.Role)) {
			fits = append(fits, r)
		}
	}
	if len(fits) != 1 {
		return 0, whyNoOne(fits)
	}
	switch mine := d.Of(p.ID, fits[0].ShiftID); {
	case mine != nil && mine.Active():
		return 0, models.ChainIn
	case fits[0].Verified && !d.verified(p, fits[0]): // a list vouches for nobody
		return 0, models.ChainSkill
	case d.busy(p.ID, d.Shift(fits[0].ShiftID)):
		return 0, models.ChainBusy
	case 1+e.Guests > left[fits[0].ID] || e.Guests > d.Call.GuestsMax:
		return 0, models.ChainNoRoom
	}
	return fits[0].ID, ""
}

// whyNoOne says what a line lacks: only the shift, where one role of each of
// several fits.
func whyNoOne(fits []*models.Role) string {
	shifts := map[int64]bool{}
	for _, r := range fits {
		if shifts[r.ShiftID] {
			return models.ChainRole
		}
		shifts[r.ShiftID] = true
	}
	if len(fits) == 0 {
		return models.ChainRole
	}
	return models.ChainShift
}

// chainSheet is the call with the people of a list among those it names.
func (s *Services) chainSheet(tx *store.Tx, me Actor, d *desk, lines []models.ChainLine) (models.Sheet, error) {
	sheet, err := s.sheetOf(tx, me, d.Board, false)
	if err != nil {
		return sheet, err
	}
	for _, l := range lines {
		if l.PersonID != 0 {
			sheet.People[l.PersonID] = d.person(l.PersonID)
		}
	}
	return sheet, d.fault
}
