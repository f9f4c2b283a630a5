package services

import "muster/models"

func (s *Services) makeupDues() map[models.DueKind]dueFunc { return nil }
