package services

import "muster/models"

func (s *Services) subscriptionDues() map[models.DueKind]dueFunc { return nil }
