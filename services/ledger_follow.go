package services

import "muster/models"

// Where the features of hours, summaries and privacy meet, each in the file of
// its name.

// ledgerDues are their rules that act when their time has come.
func (s *Services) ledgerDues() []map[models.DueKind]dueFunc {
	return []map[models.DueKind]dueFunc{s.hoursDues(), s.postedDues(), s.forgetDues()}
}
