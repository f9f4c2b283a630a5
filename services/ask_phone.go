package services

import (
	"context"
	"slices"

	"muster/models"
	"muster/store"
)

// AskPhones are those who were asked for a role that nobody is left to ask for,
// have not answered, and left a phone number for calls in need. Only who may
// manage the call reads them, while people are missing, and that is recorded.
func (s *Services) AskPhones(ctx context.Context, act Act, callID int64) (models.Sheet, []models.Person, error) {
	var out models.Sheet
	var people []models.Person
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d, err := s.desk(tx, me.Tenant, callID)
		if err != nil {
			return err
		}
		if !manages(me.Rights, *d.Call) {
			return s.refuseManager(tx, me, *d.Call)
		}
		if out, err = s.sheetOf(tx, me, d.Board, true); err != nil {
			return err
		}
		var ids []int64
		for _, run := range out.Runs {
			role := d.Role(run.RoleID)
			if run.State != models.RunExhausted || role == nil || d.Shortfall(role) == 0 || !d.Call.Taking() {
				continue
			}
			for _, q := range out.Asks {
				if q.RoleID == role.ID && q.Unanswered() && !slices.Contains(ids, q.PersonID) {
					ids = append(ids, q.PersonID)
				}
			}
		}
		all, err := tx.PersonsByIDs(ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if p := all[id]; p.Phone != "" && !p.Gone {
				people = append(people, p)
				if err := tx.Note(me.By("ask_phone"), "call", d.Call.ID, map[string]any{"person": p.ID}, nil); err != nil {
					return err
				}
			}
		}
		if len(people) == 0 {
			return models.Refuse(models.CodeConflict, "error.ask_phones", "Number", d.Call.Ref())
		}
		return nil
	})
	return out, people, err
}
