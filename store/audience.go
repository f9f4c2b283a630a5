package store

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
)

// AudiencePage gives people of an audience by id after afterID, so that an
// audience of any size is walked without being loaded: never bots, guests or
// who is gone. unitIDs are the units that a unit's audience stands for (itself
// and those below it).
func (tx *Tx) AudiencePage(tenantID int64, a models.Audience, unitIDs []int64, afterID int64, limit int) ([]models.Person, error) {
	if a.Kind == models.AudienceUnit {
		return tx.unitPage(tenantID, unitIDs, afterID, limit)
	}
	rows, err := many[models.Person](tx.audience(tenantID, a, unitIDs).Where("persons.id > ?", afterID).
		Order("persons.id").Limit(limit))
	if err != nil {
		return nil, fmt.Errorf("people of %s: %w", a, err)
	}
	return rows, nil
}

// unitPage is AudiencePage of units: their members are looked up first, or each
// page would gather all of them.
func (tx *Tx) unitPage(tenantID int64, unitIDs []int64, afterID int64, limit int) (out []models.Person, err error) {
	for len(unitIDs) > 0 {
		var ids []int64
		err := tx.db.Model(&models.UnitMember{}).Where("unit_id IN ? AND person_id > ?", unitIDs, afterID).
			Order("person_id").Limit(limit).Pluck("person_id", &ids).Error
		if err != nil {
			return nil, fmt.Errorf("members of units: %w", err)
		}
		if len(ids) == 0 {
			break
		}
		rows, err := many[models.Person](tx.people(tenantID).Where("persons.id IN ?", ids).Order("persons.id"))
		if err != nil {
			return nil, fmt.Errorf("people of units: %w", err)
		}
		out = append(out, rows...)
		if len(ids) < limit || len(out) >= limit {
			break
		}
		afterID = ids[len(ids)-1]
	}
	return out[:min(len(out), limit)], nil
}

// AudienceCount is how many AudiencePage would give in all.
func (tx *Tx) AudienceCount(tenantID int64, a models.Audience, unitIDs []int64) (int, error) {
	var n int64
	err := tx.audience(tenantID, a, unitIDs).Count(&n).Error
	if err != nil {
		return 0, fmt.Errorf("count people of %s: %w", a, err)
	}
	return int(n), nil
}

// people are those of a tenant who may be in an audience at all.
func (tx *Tx) people(tenantID int64) *gorm.DB {
	return tx.db.Model(&models.Person{}).Where("persons.tenant_id = ? AND persons.bot = ? AND persons.gone = ? AND persons.guest = ?",
		tenantID, false, false, false)
}

func (tx *Tx) audience(tenantID int64, a models.Audience, unitIDs []int64) *gorm.DB {
	q := tx.people(tenantID)
	switch a.Kind {
	case models.AudienceUnit:
		return q.Where("persons.id IN (SELECT person_id FROM unit_members WHERE unit_id IN ?)", append([]int64{0}, unitIDs...))
	case models.AudienceChannel, models.AudienceGroup:
		// A user group's members are kept like a channel's, under its own id.
		return q.Where("persons.id IN (SELECT m.person_id FROM channel_members m JOIN channels c ON c.id = m.channel_id WHERE c.tenant_id = ? AND c.slack_id = ?)",
			tenantID, a.Ref)
	case models.AudienceAll:
		return q.Where("persons.member = ?", true)
	}
	return q.Where("1 = 0")
}

// MakeMembers notes that people are members: they are in an audience named in
// `for`.
func (tx *Tx) MakeMembers(ids []int64) error {
	if len(ids) == 0 {
		return nil
	}
	return tx.db.Model(&models.Person{}).Where("id IN ? AND member = ?", ids, false).Update("member", true).Error
}
