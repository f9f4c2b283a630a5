package store

import (
	"fmt"

	"gorm.io/gorm"

	"muster/models"
)

// OnsiteCodeFor is the live code of these characters in a tenant; ErrNotFound
// when there is none or its time is over.
func (tx *Tx) OnsiteCodeFor(tenantID int64, code string) (models.OnsiteCode, error) {
	return one[models.OnsiteCode](tx.db.Where("tenant_id = ? AND code = ? AND until_at > ?", tenantID, code, tx.Now))
}

// OnsiteCodeAnywhere is OnsiteCodeFor for a page that knows no tenant.
func (tx *Tx) OnsiteCodeAnywhere(code string) (models.OnsiteCode, error) {
	return one[models.OnsiteCode](tx.db.Where("code = ? AND until_at > ?", code, tx.Now))
}

// SaveOnsiteCode keeps a new code; sets its id.
func (tx *Tx) SaveOnsiteCode(c *models.OnsiteCode) error { return tx.insert(c) }

// CheckinTries counts a person's wrong codes after since, and gives when the
// oldest of them was.
func (tx *Tx) CheckinTries(tenantID, personID int64, since models.Instant) (n int, oldest models.Instant, err error) {
	var row struct {
		N      int
		Oldest models.Instant
	}
	err = tx.db.Model(&models.CheckinTry{}).Select("COUNT(*) AS n, COALESCE(MIN(at), 0) AS oldest").
		Where("tenant_id = ? AND person_id = ? AND at > ?", tenantID, personID, since).Scan(&row).Error
	if err != nil {
		return 0, 0, fmt.Errorf("wrong codes of person %d: %w", personID, err)
	}
	return row.N, row.Oldest, nil
}

// SaveCheckinTry notes a wrong code.
func (tx *Tx) SaveCheckinTry(t *models.CheckinTry) error { return tx.insert(t) }

// DropOnsiteBefore forgets codes and wrong tries that are over.
func (tx *Tx) DropOnsiteBefore(at models.Instant) (int, error) {
	n := 0
	for _, gone := range []func() *gorm.DB{
		func() *gorm.DB { return tx.db.Where("until_at < ?", at).Delete(&models.OnsiteCode{}) },
		func() *gorm.DB { return tx.db.Where("until_at < ?", at).Delete(&models.StudyCode{}) },
		func() *gorm.DB { return tx.db.Where("at < ?", at).Delete(&models.CheckinTry{}) },
	} {
		res := gone()
		if res.Error != nil {
			return n, fmt.Errorf("drop old codes: %w", res.Error)
		}
		n += int(res.RowsAffected)
	}
	return n, nil
}

// WalkInsOf lists who came to a call without a place, by arrival.
func (tx *Tx) WalkInsOf(callID int64) ([]*models.WalkIn, error) {
	return many[*models.WalkIn](tx.db.Where("call_id = ?", callID).Order("id"))
}

// WalkIn is one of a tenant by its row id.
func (tx *Tx) WalkIn(tenantID, id int64) (models.WalkIn, error) {
	return one[models.WalkIn](tx.db.Where("tenant_id = ? AND id = ?", tenantID, id))
}

// GoodsOf lists what was handed out at a call, in the order it was written.
func (tx *Tx) GoodsOf(callID int64) ([]*models.Goods, error) {
	return many[*models.Goods](tx.db.Where("call_id = ?", callID).Order("id"))
}
