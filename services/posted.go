package services

import (
	"muster/models"
	"muster/store"
)

func (s *Services) postedDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DuePosted: s.postedDue}
}

// keepFigures gives a posting that is about to be queued what it will say, so
// that its message, sent late or edited, shows no other numbers.
func (s *Services) keepFigures(tx *store.Tx, p *models.Posting) error {
	t, err := tx.Tenant(p.TenantID)
	if err != nil {
		return err
	}
	shown, err := s.summaryOf(tx, t, *p)
	if err != nil {
		return err
	}
	if err := p.Keep(models.PostedFigures{Now: shown.Now, Before: shown.Before}); err != nil {
		return err
	}
	return planLook(tx, t, *p)
}

// saidOrStands is what a posting said, or what it would say now.
func (s *Services) saidOrStands(tx *store.Tx, t models.Tenant, p models.Posting) (SummaryShown, error) {
	said, ok, err := p.Said()
	if err != nil || !ok {
		if err != nil {
			return SummaryShown{}, err
		}
		return s.summaryOf(tx, t, p)
	}
	return SummaryShown{Tenant: t, Posting: p, Now: said.Now, Before: said.Before, At: tx.Now}, nil
}
