package store

import (
	"errors"
	"fmt"

	"muster/models"
)

// EnsurePerson finds a person by Slack id or makes them; a new one is looked
// up in Slack soon (name, zone, locale).
func (tx *Tx) EnsurePerson(tenantID int64, slackID string) (models.Person, error) {
	p, err := tx.PersonBySlack(tenantID, slackID)
	if err == nil || !missing(err) {
		return p, err
	}
	p = models.Person{TenantID: tenantID, SlackID: &slackID, Duty: models.RoleMember, CreatedAt: tx.Now}
	if err := tx.Save(models.By{TenantID: tenantID, Action: "person_add"}, &p); err != nil {
		return p, fmt.Errorf("make person: %w", err)
	}
	return p, tx.Want(models.Lookup{TenantID: tenantID, Kind: models.LookupPerson, Ref: slackID})
}

// PersonBySlack finds a person by Slack id.
func (tx *Tx) PersonBySlack(tenantID int64, slackID string) (models.Person, error) {
	return found[models.Person]("person", tx.db.Where("tenant_id = ? AND slack_id = ?", tenantID, slackID))
}

// Person finds a person by our id.
func (tx *Tx) Person(id int64) (models.Person, error) {
	return found[models.Person]("person", tx.db.Where("id = ?", id))
}

// PersonsByIDs are the persons with these ids; who does not exist is left out.
func (tx *Tx) PersonsByIDs(ids []int64) (map[int64]models.Person, error) {
	all := make(map[int64]models.Person, len(ids))
	for len(ids) > 0 {
		part := ids[:min(len(ids), 500)] // stays below a database's limit on parameters
		ids = ids[len(part):]
		rows, err := many[models.Person](tx.db.Where("id IN ?", part))
		if err != nil {
			return nil, fmt.Errorf("persons: %w", err)
		}
		for _, p := range rows {
			all[p.ID] = p
		}
	}
	return all, nil
}

// Members are the tenant's members by id: never bots or deactivated accounts.
func (tx *Tx) Members(tenantID int64) ([]models.Person, error) {
	return many[models.Person](tx.db.Where("tenant_id = ? AND member = ? AND bot = ? AND gone = ?",
		tenantID, true, false, false).Order("id"))
}

// SavePerson writes what Slack says of a person and what Muster keeps about
// the contact: name, e-mail, locale, zone, bot, guest, gone, member, known and
// greeted. What the person decided goes through Save.
func (tx *Tx) SavePerson(p *models.Person) error {
	p.Name, p.Email = clean(p.Name), clean(p.Email)
	r := tx.db.Model(p).Select("name", "email", "slack_locale", "slack_zone", "bot", "guest", "gone", "member",
		"known_at", "greeted_at").Updates(p)
	if r.Error == nil && r.RowsAffected == 0 {
		return fmt.Errorf("person %d: %w", p.ID, ErrNotFound)
	}
	return r.Error
}

// Rights is everything a person may do by rows and by leading units.
func (tx *Tx) Rights(tenantID, personID int64) (models.Rights, error) {
	r := models.Rights{PersonID: personID}
	var err error
	if r.Rows, err = many[models.Right](tx.db.Where("tenant_id = ? AND person_id = ?", tenantID, personID).Order("id")); err != nil {
		return r, fmt.Errorf("rights of person: %w", err)
	}
	err = tx.db.Model(&models.Unit{}).Where("tenant_id = ? AND leader_id = ?", tenantID, personID).Order("id").Pluck("id", &r.Leads).Error
	return r, err
}

// RightsIn are all rows of rights of a tenant.
func (tx *Tx) RightsIn(tenantID int64) ([]models.Right, error) {
	return many[models.Right](tx.db.Where("tenant_id = ?", tenantID).Order("id"))
}

// Unit finds a unit by id.
func (tx *Tx) Unit(id int64) (models.Unit, error) {
	return found[models.Unit]("unit", tx.db.Where("id = ?", id))
}

// Units are a tenant's units by id.
func (tx *Tx) Units(tenantID int64) ([]models.Unit, error) {
	return many[models.Unit](tx.db.Where("tenant_id = ?", tenantID).Order("id"))
}

// UnitByName finds a unit by its exact name; of several the oldest.
func (tx *Tx) UnitByName(tenantID int64, name string) (models.Unit, error) {
	return found[models.Unit]("unit", tx.db.Where("tenant_id = ? AND name = ?", tenantID, clean(name)).Order("id"))
}

// UnitMembers are the persons in a unit, not in those below it.
func (tx *Tx) UnitMembers(unitID int64) ([]int64, error) {
	var ids []int64
	err := tx.db.Model(&models.UnitMember{}).Where("unit_id = ?", unitID).Order("person_id").Pluck("person_id", &ids).Error
	return ids, err
}

// UnitOf is the unit a person is in, ErrNotFound when in none.
func (tx *Tx) UnitOf(personID int64) (models.Unit, error) {
	return found[models.Unit]("unit of person", tx.db.
		Joins("JOIN unit_members m ON m.unit_id = units.id").Where("m.person_id = ?", personID))
}

// SetUnitMember puts a person into a unit and out of any other; unitID 0 takes
// them out.
func (tx *Tx) SetUnitMember(unitID, personID int64) error {
	if unitID == 0 {
		return tx.db.Where("person_id = ?", personID).Delete(&models.UnitMember{}).Error
	}
	return tx.db.Exec(`INSERT INTO unit_members (person_id, unit_id) VALUES (?, ?)
		ON CONFLICT (person_id) DO UPDATE SET unit_id = excluded.unit_id`, personID, unitID).Error
}

func missing(err error) bool { return errors.Is(err, ErrNotFound) }
