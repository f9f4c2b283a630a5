package services

import (
	"muster/models"
)

// panel edits the organizer's message; it sounds when a role has just fallen
// below its least with less than a day to go, or somebody leaves that late.
func (d *desk) panel() error {
	sound := false
	for _, n := range d.Notices() {
		near := d.Shift(n.Signup.ShiftID).StartAt.Sub(d.Now) < models.RiskAhead
		gone := n.Kind == models.NoticeWithdrawn || n.Kind == models.NoticeHanded
		if gone && near && n.Signup.WasState == models.SignupConfirmed &&
			n.Signup.PersonID != d.Call.CreatorID {
			sound = true
		}
	}
	for _, r := range d.Roles {
		near := d.Shift(r.ShiftID).StartAt.Sub(d.Now) < models.RiskAhead
		if near && d.AtRisk(r) && !d.atRisk[r.ID] && r.ID != 0 {
			sound = true
		}
	}
	if !sound { // edited together with the card
		d.stale = append(d.stale, panelKey(d.Call.ID))
		return nil
	}
	return d.showPanel(true)
}

func (d *desk) showPanel(sound bool) error {
	if !sound {
		return d.tx.Touch(d.tenant.ID, panelKey(d.Call.ID))
	}
	return d.replace(d.panelMessage(models.QuietWait), true)
}

func (d *desk) panelMessage(quiet models.Quiet) models.Message {
	return models.Message{TenantID: d.tenant.ID, Key: panelKey(d.Call.ID), Kind: models.MessagePanel, SubjectID: d.Call.ID,
		PersonID: d.Call.CreatorID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: quiet,
		ExpiresAt: d.End()}
}
