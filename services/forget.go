package services

import "muster/models"

func (s *Services) forgetDues() map[models.DueKind]dueFunc { return nil }
