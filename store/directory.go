package store

import (
	"fmt"

	"muster/models"
)

// ChannelsNamed are the channels of a tenant with this name, archived ones
// left out.
func (tx *Tx) ChannelsNamed(tenantID int64, name string) ([]models.Channel, error) {
	return many[models.Channel](tx.db.Where("tenant_id = ? AND name = ? AND archived = ?", tenantID, clean(name), false).Order("id"))
}

// PersonsNamed are the people of a tenant with this name, but for bots, who has
// left, and who was imported and is not in Slack yet.
func (tx *Tx) PersonsNamed(tenantID int64, name string) ([]models.Person, error) {
	return many[models.Person](tx.db.Where("tenant_id = ? AND name = ? AND bot = ? AND gone = ? AND slack_id IS NOT NULL", tenantID, clean(name), false, false).Order("id"))
}

// NamedInFor says whether a channel or user group is whom a call or study of
// the tenant is for.
func (tx *Tx) NamedInFor(tenantID int64, slackID string) (bool, error) {
	var n int64
	channel := models.Audience{Kind: models.AudienceChannel, Ref: slackID}
	group := models.Audience{Kind: models.AudienceGroup, Ref: slackID}
	err := tx.db.Raw(`SELECT
	  (SELECT COUNT(*) FROM studies WHERE tenant_id = ? AND audience_kind IN ? AND audience_ref = ?) +
	  (SELECT COUNT(*) FROM calls WHERE tenant_id = ? AND audience IN ?)`,
		tenantID, []models.AudienceKind{channel.Kind, group.Kind}, slackID, tenantID, []string{channel.String(), group.String()}).Scan(&n).Error
	if err != nil {
		return false, fmt.Errorf("who %s is named for: %w", slackID, err)
	}
	return n > 0, nil
}

// InAudience says whether a person is one of an audience. unitIDs are as in
// AudiencePage.
func (tx *Tx) InAudience(tenantID, personID int64, a models.Audience, unitIDs []int64) (bool, error) {
	var n int64
	if err := tx.audience(tenantID, a, unitIDs).Where("persons.id = ?", personID).Count(&n).Error; err != nil {
		return false, fmt.Errorf("who is one of %s: %w", a, err)
	}
	return n > 0, nil
}
