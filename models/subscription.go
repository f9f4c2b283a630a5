package models

// CalendarLink is a member's private address of their calendar. The address
// holds a secret of which only the fingerprint is kept: who has the database
// cannot read anybody's calendar by it.
type CalendarLink struct {
	ID        int64
	TenantID  int64
	PersonID  int64  `gorm:"index"`
	Hash      string `gorm:"uniqueIndex"` // SHA-256 of the token, hex
	CreatedAt Instant
	RevokedAt Instant // 0 = it works

	// SeenAt is the beginning of the last day a calendar asked for it. No fact
	// about the member: it changes without an entry in the record.
	SeenAt Instant
}

func (l *CalendarLink) Thing() (string, int64) { return "calendar_link", l.ID }

func (l *CalendarLink) Facts() map[string]any {
	return map[string]any{"person": l.PersonID, "hash": l.Hash, "created_at": l.CreatedAt, "revoked_at": l.RevokedAt}
}

func (l *CalendarLink) Words() map[string]Word { return nil }

// MessageSubscription is a member's whole calendar as a file, for where there
// is no address; SubjectID person.
const MessageSubscription MessageKind = "calendar_all"
