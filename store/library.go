package store

import (
	"fmt"
	"strings"

	"gorm.io/gorm"

	"muster/models"
)

// Material is one item of the library by its row id, deleted or not.
func (tx *Tx) Material(tenantID, id int64) (models.Material, error) {
	return one[models.Material](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// MaterialByNumber finds b3, deleted or not.
func (tx *Tx) MaterialByNumber(tenantID int64, number int) (models.Material, error) {
	return one[models.Material](tx.db.Where("tenant_id = ? AND number = ?", tenantID, number))
}

// MaterialLinked finds the item with a link that is there.
func (tx *Tx) MaterialLinked(tenantID int64, linkKey string) (models.Material, error) {
	return one[models.Material](tx.db.Where("tenant_id = ? AND link_key = ? AND deleted_at = 0", tenantID, linkKey).Order("id"))
}

// Materials pages through the items that hold all of these folded words, newest
// first; total counts them all.
func (tx *Tx) Materials(tenantID int64, words []string, skip, limit int) (page []models.Material, total int, err error) {
	var n int64
	if err := tx.materials(tenantID, words).Model(&models.Material{}).Count(&n).Error; err != nil {
		return nil, 0, fmt.Errorf("count materials: %w", err)
	}
	page, err = many[models.Material](tx.materials(tenantID, words).Order("number DESC").Offset(skip).Limit(limit))
	return page, int(n), err
}

// likeText makes what somebody looks for a text and no pattern.
var likeText = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func (tx *Tx) materials(tenantID int64, words []string) *gorm.DB {
	q := tx.db.Where("tenant_id = ? AND deleted_at = 0", tenantID)
	for _, w := range words {
		q = q.Where("search LIKE ? ESCAPE '!'", "%"+likeText.Replace(w)+"%")
	}
	return q
}

// StudiesOfMaterial lists the studies about an item that were not taken back,
// newest first.
func (tx *Tx) StudiesOfMaterial(tenantID, materialID int64, limit int) ([]models.Study, error) {
	return many[models.Study](tx.db.Where("tenant_id = ? AND material_id = ? AND state <> ?", tenantID, materialID, models.StudyCancelled).
		Order("id DESC").Limit(limit))
}

// MaterialReading counts how far the people of an occurrence have come.
func (tx *Tx) MaterialReading(occurrenceID int64) (r models.Reading, err error) {
	var rows []struct {
		State  string
		Opened bool
		N      int
	}
	err = tx.db.Model(&models.Attendance{}).Select("state, opened_at > 0 AS opened, count(*) AS n").
		Where("occurrence_id = ?", occurrenceID).Group("state, opened_at > 0").Scan(&rows).Error
	if err != nil {
		return r, fmt.Errorf("who has opened the material: %w", err)
	}
	for _, row := range rows {
		done := row.State == models.AttendanceAttended || row.State == models.AttendanceMadeUp
		switch {
		case row.State == models.AttendanceExcused:
			r.Excused += row.N
			continue
		case done:
			r.Done += row.N
		case !row.Opened:
			r.Neither += row.N
		}
		r.People += row.N
		if row.Opened {
			r.Opened += row.N
		}
	}
	return r, nil
}

// FirstOccurrence is the first occurrence of a study by the rule.
func (tx *Tx) FirstOccurrence(studyID int64) (models.Occurrence, error) {
	return one[models.Occurrence](tx.db.Where("study_id = ?", studyID).Order("rule_start"))
}
