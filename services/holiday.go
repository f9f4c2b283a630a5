package services

import "muster/models"

func (s *Services) holidayDues() map[models.DueKind]dueFunc { return nil }
