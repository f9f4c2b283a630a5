package services

import "muster/models"

func (s *Services) yearDues() map[models.DueKind]dueFunc { return nil }
