package services

import "muster/models"

func (s *Services) dutyDues() map[models.DueKind]dueFunc { return nil }
