package models

import "slices"

// Moment is an instant together with the zone in which it is to be written.
type Moment struct {
	At   Instant
	Zone string
}

// ExportQuery is what an export is asked for. Zero From and To mean without
// bound; what counts is when the thing itself was or will be, not its entry.
type ExportQuery struct {
	Kind     string
	From, To Instant // [From, To)
	UnitID   int64   // 0 = all
	Units    []int64 `json:"-"` // the unit and those below it, found when it is written; none = all
}

// Of says whether something of this unit is asked for.
func (q ExportQuery) Of(unitID int64) bool {
	return len(q.Units) == 0 || slices.Contains(q.Units, unitID)
}

// MessageExport is a file for the one who asked; Args are ExportArgs.
const MessageExport MessageKind = "export"

// ExportArgs say which file.
type ExportArgs struct {
	ExportQuery
	Format string
	Excel  bool
}
