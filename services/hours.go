package services

import "muster/models"

// hoursFollows keeps the ledger of a call's people as their sign-ups lead to.
func (d *desk) hoursFollows(by models.By) error { return nil }

func (s *Services) hoursDues() map[models.DueKind]dueFunc { return nil }
