package models

// Moment is an instant together with the zone in which it is to be written.
type Moment struct {
	At   Instant
	Zone string
}

// Exports of SURFACE 10 that this version writes.
var ExportKinds = []string{"calls", "signups", "study", "attendance", "audit"}

// ExportQuery is what an export is asked for. Zero From and To mean without
// bound; what counts is when the thing itself was or will be, not its entry.
type ExportQuery struct {
	Kind     string
	From, To Instant // [From, To)
	UnitID   int64   // 0 = all
}

// MessageExport is a file for the one who asked; Args are ExportArgs.
const MessageExport MessageKind = "export"

// ExportArgs say which file.
type ExportArgs struct {
	ExportQuery
	Format string
	Excel  bool
}
