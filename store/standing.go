package store

import (
	"strings"

	"muster/models"
)

// standing is a person with what they might have beside it: who has none of it,
// as most who press have, is not asked about it one by one.
type standing struct {
	models.Person    `gorm:"embedded"`
	HasRights, Leads bool
	Member, Placed   bool
}

// standing finds who acts by Slack id, and notes what there is none of.
func (tx *Tx) standing(tenantID int64, slackID string) (models.Person, error) {
	if tx.known == nil {
		return tx.PersonBySlack(tenantID, slackID)
	}
	var args []any
	for _, state := range activeStates {
		args = append(args, state)
	}
	p, err := fetchOne[standing](tx, "person", `SELECT persons.*,
		EXISTS (SELECT 1 FROM rights WHERE tenant_id = persons.tenant_id AND person_id = persons.id) AS has_rights,
		EXISTS (SELECT 1 FROM units WHERE tenant_id = persons.tenant_id AND leader_id = persons.id) AS leads,
		EXISTS (SELECT 1 FROM unit_members WHERE person_id = persons.id) AS member,
		EXISTS (SELECT 1 FROM signups WHERE person_id = persons.id AND state IN (?`+strings.Repeat(", ?", len(activeStates)-1)+`)) AS placed
		FROM persons WHERE tenant_id = ? AND slack_id = ?`, append(args, tenantID, slackID)...)
	if err != nil {
		return models.Person{}, err
	}
	tx.without(p)
	return p.Person, nil
}

// nothingOf notes that somebody who has just come has nothing yet.
func (tx *Tx) nothingOf(personID int64) { tx.without(standing{Person: models.Person{ID: personID}}) }

func (tx *Tx) without(p standing) {
	for _, has := range []struct {
		any             bool
		table, question string
	}{
		{p.HasRights, "rights", of("person", p.ID)},
		{p.Leads, "units", of("leader", p.ID)},
		{p.Member, "unit_members", of("person", p.ID)},
		{p.Placed, "signups", of("person", p.ID)},
	} {
		if !has.any {
			tx.known.setNone(has.table, has.question)
		}
	}
}
