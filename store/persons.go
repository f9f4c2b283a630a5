package store

import (
	"errors"
	"fmt"

	"muster/models"
)

// EnsurePerson finds a person by Slack id or makes them; a new one is looked
// up in Slack soon (name, zone, locale).
func (tx *Tx) EnsurePerson(tenantID int64, slackID string) (models.Person, error) {
	p, err := tx.standing(tenantID, slackID)
	if err == nil || !missing(err) {
		return p, err
	}
	p = models.Person{TenantID: tenantID, SlackID: &slackID, Duty: models.RoleMember, CreatedAt: tx.Now}
	if err := tx.Save(models.By{TenantID: tenantID, Action: "person_add"}, &p); err != nil {
		return p, fmt.Errorf("make person: %w", err)
	}
	tx.nothingOf(p.ID)
	return p, tx.Want(models.Lookup{TenantID: tenantID, Kind: models.LookupPerson, Ref: slackID})
}

// PersonBySlack finds a person by Slack id.
func (tx *Tx) PersonBySlack(tenantID int64, slackID string) (models.Person, error) {
	return fetchOne[models.Person](tx, "person", "SELECT * FROM persons WHERE tenant_id = ? AND slack_id = ?", tenantID, slackID)
}

// PersonByEmail finds who was imported under an address and has no Slack id
// yet; ErrNotFound for "".
func (tx *Tx) PersonByEmail(tenantID int64, email string) (models.Person, error) {
	return found[models.Person]("person by e-mail", tx.db.Where("tenant_id = ? AND email = ? AND email <> ? AND slack_id IS NULL AND gone = ?",
		tenantID, models.FoldEmail(email), "", false).Order("id"))
}

// AwaitedByEmail says whether anybody was imported who has no Slack id yet.
func (tx *Tx) AwaitedByEmail(tenantID int64) (bool, error) {
	var n int64
	err := tx.db.Model(&models.Person{}).Where("tenant_id = ? AND slack_id IS NULL AND email <> ? AND gone = ?", tenantID, "", false).
		Limit(1).Count(&n).Error
	return n > 0, err
}

// NamePerson gives somebody imported by e-mail their Slack id.
func (tx *Tx) NamePerson(id int64, slackID string) error {
	r := tx.db.Model(&models.Person{}).Where("id = ? AND slack_id IS NULL", id).Update("slack_id", slackID)
	if r.Error == nil && r.RowsAffected == 0 {
		return fmt.Errorf("person %d: %w", id, ErrNotFound)
	}
	return r.Error
}

// PersonsIn are all people of a tenant by id, bots and who has left among them.
func (tx *Tx) PersonsIn(tenantID int64) ([]models.Person, error) {
	return many[models.Person](tx.db.Where("tenant_id = ?", tenantID).Order("id"))
}

// UnitsOf is the unit of everybody in one, by person.
func (tx *Tx) UnitsOf(tenantID int64) (map[int64]int64, error) {
	rows, err := many[models.UnitMember](tx.db.Where("unit_id IN (SELECT id FROM units WHERE tenant_id = ?)", tenantID))
	out := make(map[int64]int64, len(rows))
	for _, r := range rows {
		out[r.PersonID] = r.UnitID
	}
	return out, err
}

// UnitCounts are how many members each unit has, those below it left out; under
// 0 the members that are in none.
func (tx *Tx) UnitCounts(tenantID int64) (map[int64]int, error) {
	var rows []struct {
		UnitID int64
		N      int
	}
	err := tx.db.Model(&models.Person{}).Select("COALESCE(m.unit_id, 0) AS unit_id, COUNT(*) AS n").
		Joins("LEFT JOIN unit_members m ON m.person_id = persons.id").
		Where("persons.tenant_id = ? AND persons.bot = ? AND persons.gone = ? AND (persons.member = ? OR m.unit_id IS NOT NULL)", tenantID, false, false, true).
		Group("COALESCE(m.unit_id, 0)").Scan(&rows).Error
	if err != nil {
		return nil, fmt.Errorf("members of units: %w", err)
	}
	out := make(map[int64]int, len(rows))
	for _, r := range rows {
		out[r.UnitID] = r.N
	}
	return out, nil
}

// Person finds a person by our id.
func (tx *Tx) Person(id int64) (models.Person, error) {
	return knownRow(tx, "persons", of("id", id), func() (models.Person, error) {
		return fetchOne[models.Person](tx, "person", "SELECT * FROM persons WHERE id = ?", id)
	})
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
// greeted, do-not-disturb. What the person decided goes through Save.
func (tx *Tx) SavePerson(p *models.Person) error {
	p.Name, p.Email = clean(p.Name), clean(p.Email)
	r := tx.db.Model(p).Select("name", "email", "slack_locale", "slack_zone", "bot", "guest", "gone", "member",
		"known_at", "greeted_at", "greeted_in", "dnd_until", "dnd_at").Updates(p)
	if r.Error == nil && r.RowsAffected == 0 {
		return fmt.Errorf("person %d: %w", p.ID, ErrNotFound)
	}
	return r.Error
}

// Greeted notes that a person was told who Muster is, and is a member.
func (tx *Tx) Greeted(personID int64) error {
	_, err := tx.exec("persons", "UPDATE persons SET greeted_at = ?, member = ? WHERE id = ?", tx.Now, true, personID)
	if err != nil {
		return fmt.Errorf("greeted person %d: %w", personID, err)
	}
	return nil
}

// Rights is everything a person may do by rows and by leading units.
func (tx *Tx) Rights(tenantID, personID int64) (models.Rights, error) {
	r := models.Rights{PersonID: personID}
	var err error
	if tx.known.isNone("rights", of("person", personID)) {
		return r, tx.leads(tenantID, &r)
	}
	if r.Rows, err = fetch[models.Right](tx, "SELECT * FROM rights WHERE tenant_id = ? AND person_id = ? ORDER BY id", tenantID, personID); err != nil {
		return r, fmt.Errorf("rights of person: %w", err)
	}
	return r, tx.leads(tenantID, &r)
}

func (tx *Tx) leads(tenantID int64, r *models.Rights) (err error) {
	if tx.known.isNone("units", of("leader", r.PersonID)) {
		return nil
	}
	if r.Leads, err = tx.numbers("SELECT id FROM units WHERE tenant_id = ? AND leader_id = ? ORDER BY id", tenantID, r.PersonID); err != nil {
		return fmt.Errorf("units a person leads: %w", err)
	}
	return nil
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
	if tx.known.isNone("unit_members", of("person", personID)) {
		return models.Unit{}, fmt.Errorf("unit of person: %w", ErrNotFound)
	}
	return fetchOne[models.Unit](tx, "unit of person",
		"SELECT units.* FROM units JOIN unit_members m ON m.unit_id = units.id WHERE m.person_id = ?", personID)
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
