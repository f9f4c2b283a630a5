package services

import "muster/models"

func (s *Services) dayDues() map[models.DueKind]dueFunc { return nil }
