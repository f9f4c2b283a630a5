package store

import (
	"fmt"

	"gorm.io/gorm/clause"

	"muster/models"
)

// What an organisation starts with until setup changes it.
const (
	firstQuietStart   = 22 * 60 // minutes after midnight
	firstQuietEnd     = 7 * 60
	firstMemberTarget = 32 * 60 // study minutes a year
	firstLeaderTarget = 56 * 60
)

// Deliver claims a delivery's identity; fresh is false when it was claimed
// before, also by a transaction of another process.
func (tx *Tx) Deliver(key string) (fresh bool, err error) {
	n, err := tx.exec("deliveries", "INSERT INTO deliveries (key, seen_at) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", clean(key), tx.MachineMS)
	if err != nil {
		return false, fmt.Errorf("claim delivery: %w", err)
	}
	return n == 1, nil
}

// EnsureTenant finds the installation with this Slack id or makes it, with
// defaults for what is not given in d.
func (tx *Tx) EnsureTenant(external string, d models.Tenant) (models.Tenant, error) {
	t, err := tx.TenantByExternal(external)
	if err == nil || !missing(err) {
		return t, err
	}
	t = d
	t.ID, t.ExternalID, t.CreatedAt = 0, external, tx.Now
	if t.QuietStart == 0 && t.QuietEnd == 0 {
		t.QuietStart, t.QuietEnd = firstQuietStart, firstQuietEnd
	}
	if t.MemberTarget == 0 {
		t.MemberTarget = firstMemberTarget
	}
	if t.LeaderTarget == 0 {
		t.LeaderTarget = firstLeaderTarget
	}
	// Its own entry needs the tenant's id, so the row comes first.
	if err := tx.insert(&t); err != nil {
		return t, fmt.Errorf("make tenant: %w", err)
	}
	return t, tx.append(models.By{TenantID: t.ID, Action: "tenant_add"}, &t, opSave)
}

// TenantByExternal finds an installation by its enterprise or team id.
func (tx *Tx) TenantByExternal(external string) (models.Tenant, error) {
	return knownRow(tx, "tenants", "external "+external, func() (models.Tenant, error) {
		return fetchOne[models.Tenant](tx, "tenant", "SELECT * FROM tenants WHERE external_id = ?", external)
	})
}

// Tenant finds an installation by our id.
func (tx *Tx) Tenant(id int64) (models.Tenant, error) {
	return knownRow(tx, "tenants", of("id", id), func() (models.Tenant, error) {
		return fetchOne[models.Tenant](tx, "tenant", "SELECT * FROM tenants WHERE id = ?", id)
	})
}

// Tenants are all installations by id.
func (tx *Tx) Tenants() ([]models.Tenant, error) { return many[models.Tenant](tx.db.Order("id")) }

// NextNumber takes the next short number of a kind ("k", "s" …) in a tenant,
// from 1; a number is never given twice.
func (tx *Tx) NextNumber(tenantID int64, kind string) (int, error) {
	var n int
	err := tx.db.Raw(`INSERT INTO counters (tenant_id, kind, next) VALUES (?, ?, 2)
		ON CONFLICT (tenant_id, kind) DO UPDATE SET next = counters.next + 1 RETURNING next - 1`, tenantID, kind).Scan(&n).Error
	if err != nil {
		return 0, fmt.Errorf("next number %s: %w", kind, err)
	}
	return n, nil
}

// EnsureChannel finds a Slack channel or makes its row.
func (tx *Tx) EnsureChannel(tenantID int64, slackID string) (models.Channel, error) {
	c, err := tx.ChannelBySlack(tenantID, slackID)
	if err == nil || !missing(err) {
		return c, err
	}
	c = models.Channel{TenantID: tenantID, SlackID: slackID}
	return c, tx.insert(&c)
}

// ChannelBySlack finds a channel by its Slack id.
func (tx *Tx) ChannelBySlack(tenantID int64, slackID string) (models.Channel, error) {
	return fetchOne[models.Channel](tx, "channel", "SELECT * FROM channels WHERE tenant_id = ? AND slack_id = ?", tenantID, slackID)
}

// Channels are all channels of a tenant that Muster has seen.
func (tx *Tx) Channels(tenantID int64) ([]models.Channel, error) {
	return many[models.Channel](tx.db.Where("tenant_id = ?", tenantID).Order("id"))
}

// SaveChannel writes what is known of a channel. Channels are Slack's, so
// their rows are not in the record.
func (tx *Tx) SaveChannel(c *models.Channel) error {
	if c.ID == 0 {
		return tx.insert(c)
	}
	return tx.update(c)
}

// SetChannelMembers replaces who is in a channel and notes when it was read.
func (tx *Tx) SetChannelMembers(channelID int64, personIDs []int64) error {
	if err := tx.db.Where("channel_id = ?", channelID).Delete(&models.ChannelMember{}).Error; err != nil {
		return fmt.Errorf("clear channel members: %w", err)
	}
	rows := make([]models.ChannelMember, 0, len(personIDs))
	for _, id := range personIDs {
		rows = append(rows, models.ChannelMember{ChannelID: channelID, PersonID: id})
	}
	if len(rows) > 0 {
		// 500 rows stay far below the least number of parameters a database takes.
		if err := tx.db.Clauses(clause.OnConflict{DoNothing: true}).CreateInBatches(rows, 500).Error; err != nil {
			return fmt.Errorf("write channel members: %w", err)
		}
	}
	return tx.db.Exec("UPDATE channels SET members_at = ? WHERE id = ?", tx.Now, channelID).Error
}

// ChannelMembers are the persons in a channel when it was last read.
func (tx *Tx) ChannelMembers(channelID int64) ([]int64, error) {
	var ids []int64
	err := tx.db.Model(&models.ChannelMember{}).Where("channel_id = ?", channelID).Order("person_id").Pluck("person_id", &ids).Error
	return ids, err
}
