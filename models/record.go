package models

// Word is a free or personal text inside a recorded row. The record holds only
// its salted hash; the salt and text stand apart so that forgetting a person
// can delete them and leave the chain whole.
type Word struct {
	Text   string
	Person int64 // whose words these are, 0 = the organisation's
}

// Recorded is a row whose every change becomes an entry in the record.
// Facts hold ids, numbers, instants and states only; texts go through Words.
type Recorded interface {
	Thing() (name string, id int64)
	Facts() map[string]any
	Words() map[string]Word
}

// By says who did what to cause a change, and when the act was in the world.
type By struct {
	TenantID int64
	ActorID  int64   // person; 0 = Muster itself
	Action   string  // "call_open", "signup_join" …: noun_verb, stable, exported by audit
	At       Instant // when it happened; 0 = now. More than a day before entry is shown as late
}

// Entry is one line of the append-only record, never updated or deleted (the
// database refuses). Its place in the chain is a Seal.
type Entry struct {
	ID        int64
	TenantID  int64   `gorm:"index"`
	At        Instant // when it happened in the world
	EnteredAt Instant // when it was entered
	Late      bool    // entered more than a day after it happened
	ActorID   int64
	Action    string
	Thing     string
	ThingID   int64
	Data      string // canonical JSON: facts, and {"words":{name: hex SHA-256(salt ‖ text)}}
}

// EntryWord keeps the salt and text behind one hash of an entry.
type EntryWord struct {
	ID       int64
	TenantID int64 `gorm:"index"`
	EntryID  int64 `gorm:"index"`
	Name     string
	PersonID int64  `gorm:"index"`
	Salt     string // 16 random bytes, hex
	Text     string
}

// Seal fixes an entry's place: hash = SHA-256 over the previous hash and the
// entry's canonical form (see SealHash in the store's sealer).
type Seal struct {
	TenantID int64 `gorm:"primaryKey;autoIncrement:false"`
	Seq      int64 `gorm:"primaryKey;autoIncrement:false"` // 1, 2, 3 … without gaps
	EntryID  int64 `gorm:"uniqueIndex"`
	PrevHash string
	Hash     string
}
