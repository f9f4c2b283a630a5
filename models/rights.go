package models

import "slices"

// Role names of SURFACE 3.
const (
	RoleMember    = "member"
	RoleOrganizer = "organizer"
	RoleAdmin     = "admin"
	RoleViewer    = "viewer"
)

// Right is one row of what a person may do. UnitID 0 means everywhere.
type Right struct {
	ID       int64
	TenantID int64  `gorm:"uniqueIndex:rights_one"`
	PersonID int64  `gorm:"uniqueIndex:rights_one"`
	Role     string `gorm:"uniqueIndex:rights_one"`
	UnitID   int64  `gorm:"uniqueIndex:rights_one"`
}

func (r *Right) Thing() (string, int64) { return "right", r.ID }

func (r *Right) Facts() map[string]any {
	return map[string]any{"person": r.PersonID, "role": r.Role, "unit": r.UnitID}
}

func (r *Right) Words() map[string]Word { return nil }

// Rights is everything one person may do, loaded afresh at every press. What
// holds for a unit holds for the units below it.
type Rights struct {
	PersonID int64
	Rows     []Right
	Leads    []int64           // units led; a leader has an organizer's rights over the unit's study, roll, hours, summary
	Below    map[int64][]int64 // the units below those in Rows and Leads, at any depth
}

// covers says whether a right over the unit given reaches another unit.
func (r Rights) covers(given, unit int64) bool {
	return given != 0 && (given == unit || slices.Contains(r.Below[given], unit))
}

// Admin says whether the person is an admin.
func (r Rights) Admin() bool { return r.has(RoleAdmin, 0) }

// Organizer says whether the person may organize for unit (0 = anything at all
// counts: an organizer of any unit may post a call).
func (r Rights) Organizer(unit int64) bool {
	if r.Admin() || r.has(RoleOrganizer, 0) {
		return true
	}
	for _, row := range r.Rows {
		if row.Role == RoleOrganizer && (unit == 0 || r.covers(row.UnitID, unit)) {
			return true
		}
	}
	return false
}

// Leads says whether the person leads unit, or organizes it.
func (r Rights) Leader(unit int64) bool {
	for _, u := range r.Leads {
		if unit == 0 || r.covers(u, unit) {
			return true
		}
	}
	return r.Organizer(unit)
}

// Viewer says whether the person may read summaries of unit.
func (r Rights) Viewer(unit int64) bool {
	return r.Leader(unit) || r.has(RoleViewer, unit) || r.has(RoleViewer, 0)
}

func (r Rights) has(role string, unit int64) bool {
	for _, row := range r.Rows {
		if row.Role == role && row.UnitID == unit {
			return true
		}
	}
	return false
}
