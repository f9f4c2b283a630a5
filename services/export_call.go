package services

import (
	"fmt"

	"muster/models"
	"muster/store"
)

// Columns of the exports of calls and sign-ups, in their order.
var (
	callColumns = []string{"call_id", "title", "kind", "state", "urgent", "drill", "where", "shift_start", "shift_end", "role",
		"least", "most", "taken", "waitlisted", "created_by", "created_at", "filled_at"}
	signupColumns = []string{"call_id", "call_title", "shift_start", "shift_end", "role", "user_id", "user_name", "state", "guests",
		"position", "signed_up_at", "checked_in_at", "checked_out_at", "hours"}
)

// eachBoard hands over the calls of a tenant that an export asks for, with the
// people who made them, page by page. What counts for the dates is when a
// shift begins.
func eachBoard(tx *store.Tx, t models.Tenant, q models.ExportQuery, fn func(*models.Board) error) error {
	for after := int64(0); ; {
		calls, err := tx.CallsAfter(t.ID, after, exportPage)
		if err != nil {
			return fmt.Errorf("calls: %w", err)
		}
		if len(calls) == 0 {
			return nil
		}
		for _, c := range calls {
			after = c.ID
			if !q.Of(c.UnitID) {
				continue
			}
			b, err := boardOf(tx, c)
			if err != nil {
				return err
			}
			if err := fn(b); err != nil {
				return err
			}
		}
	}
}

func asked(sh *models.Shift, q models.ExportQuery) bool {
	return (q.From == 0 || sh.StartAt >= q.From) && (q.To == 0 || sh.StartAt < q.To)
}

// callRows are the calls, a row a shift and role.
func (s *Services) callRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	makers := map[int64]string{}
	return eachBoard(tx, t, q, func(b *models.Board) error {
		c := b.Call
		if _, known := makers[c.CreatorID]; !known {
			p, err := tx.Person(c.CreatorID)
			if err != nil {
				return fmt.Errorf("creator of %s: %w", c.Ref(), err)
			}
			makers[c.CreatorID] = p.Slack()
		}
		at := func(i models.Instant) models.Moment { return models.Moment{At: i, Zone: c.Zone} }
		for _, sh := range b.Shifts {
			if !asked(sh, q) {
				continue
			}
			for _, r := range b.RolesOf(sh.ID) {
				waiting := 0
				for _, su := range b.Waiting(r.ID) {
					waiting += su.Party()
				}
				err := each([]any{c.Ref(), c.Title, c.Kind, string(c.State), c.Urgent, c.Drill, c.Place, at(sh.StartAt), at(sh.EndAt),
					r.Name, r.Least, r.Most, b.Taken(r.ID), waiting, makers[c.CreatorID], at(c.CreatedAt), at(c.FilledAt)})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// signupRows are the sign-ups, a row a person and shift; hours only as far as
// the ledger counts them.
func (s *Services) signupRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	return eachBoard(tx, t, q, func(b *models.Board) error {
		ids := make([]int64, 0, len(b.Signups))
		for _, su := range b.Signups {
			ids = append(ids, su.PersonID)
		}
		people, err := tx.PersonsByIDs(ids)
		if err != nil {
			return fmt.Errorf("people of %s: %w", b.Call.Ref(), err)
		}
		counted, err := tx.MinutesOfCall(b.Call.ID)
		if err != nil {
			return err
		}
		for _, sh := range b.Shifts {
			if !asked(sh, q) {
				continue
			}
			for _, su := range b.Signups {
				if su.ShiftID != sh.ID {
					continue
				}
				if err := each(signupRow(b, sh, su, people[su.PersonID], counted[su.ID])); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func signupRow(b *models.Board, sh *models.Shift, su *models.Signup, p models.Person, minutes int) []any {
	at := func(i models.Instant) models.Moment { return models.Moment{At: i, Zone: b.Call.Zone} }
	role := ""
	if r := b.Role(su.RoleID); r != nil {
		role = r.Name
	}
	var position, hours any = "", ""
	if n := b.Position(su); n > 0 {
		position = n
	}
	if minutes > 0 {
		hours = float64(minutes) / 60
	}
	return []any{b.Call.Ref(), b.Call.Title, at(sh.StartAt), at(sh.EndAt), role, p.Slack(), p.Name, string(su.State), su.Guests,
		position, at(su.SignedAt), at(su.CheckedIn), at(su.CheckedOut), hours}
}
