package services

import "muster/models"

func (s *Services) studyRollDues() map[models.DueKind]dueFunc { return nil }
