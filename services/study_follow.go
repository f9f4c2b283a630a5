package services

import "muster/models"

// learningDues are the due rules of study's features, each in the file of its
// name.
func (s *Services) learningDues() []map[models.DueKind]dueFunc {
	return []map[models.DueKind]dueFunc{s.dayDues(), s.studyRollDues(), s.makeupDues(), s.yearDues(), s.dutyDues(), s.libraryDues(), s.subscriptionDues()}
}
