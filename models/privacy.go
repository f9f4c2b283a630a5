package models

import "time"

// MessagePrivacy hands a person the copy of everything kept about them.
const MessagePrivacy MessageKind = "privacy"

// DueForget forgets a person who asked for it and did not take it back; RefID
// person.
const DueForget DueKind = "forget"

// ForgetAfter is how long somebody may take back that they want to be forgotten.
const ForgetAfter = 7 * 24 * time.Hour

// Forgotten says who was forgotten, by our id alone, so that a copy of the
// database made before can be told to forget them again.
type Forgotten struct {
	ID       int64
	TenantID int64 `gorm:"index"`
	PersonID int64 `gorm:"uniqueIndex"`
	At       Instant
}

// TableName is not a plural.
func (Forgotten) TableName() string { return "forgotten" }

// HeldKind is how many rows of one kind are kept about a person. The kinds are
// those of HeldKinds.
type HeldKind struct {
	Kind string
	N    int
}

// Held is what is kept about a person.
type Held struct {
	Person   Person
	Unit     string
	Kinds    []HeldKind // those with any row
	ForgetAt Instant    // when they will be forgotten; 0 = not asked for
}

// HeldCopy is the whole of it: rows by kind, columns as stored, times in
// milliseconds since 1970 (UTC).
type HeldCopy struct {
	Kind string           `json:"kind"`
	Rows []map[string]any `json:"rows"`
}
