package services

import "muster/models"

func (s *Services) libraryDues() map[models.DueKind]dueFunc { return nil }
