package services

import "muster/models"

func (s *Services) postedDues() map[models.DueKind]dueFunc { return nil }
