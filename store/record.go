package store

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"muster/models"
)

// What an entry did to its row. A note changed none: its facts are its own.
const (
	opSave   = "save"
	opRemove = "remove"
	opNote   = "note"
)

// Save writes row, new when its id is 0 (which it then sets), and appends its
// entry: who, what, when, and all facts of the row. ErrNotFound when a row
// with an id does not exist.
func (tx *Tx) Save(by models.By, row models.Recorded) error {
	thing, id := row.Thing()
	var err error
	if id == 0 {
		err = tx.insert(row)
	} else {
		err = tx.update(row)
	}
	if err != nil {
		return fmt.Errorf("save %s %d: %w", thing, id, err)
	}
	tx.noteWrite(row)
	return tx.append(by, row, opSave)
}

// Remove deletes row and appends an entry with its last facts. Its words are
// not kept.
func (tx *Tx) Remove(by models.By, row models.Recorded) error {
	thing, id := row.Thing()
	r := tx.db.Where("id = ?", id).Delete(row)
	if r.Error == nil && r.RowsAffected == 0 {
		r.Error = ErrNotFound
	}
	if r.Error != nil {
		return fmt.Errorf("remove %s %d: %w", thing, id, r.Error)
	}
	tx.noteWrite(row)
	tx.undone() // a row that is gone is nothing a board can be given
	return tx.enter(by, thing, id, opRemove, row.Facts(), nil)
}

// Note appends an entry that goes with no change of a recorded row.
func (tx *Tx) Note(by models.By, thing string, id int64, facts map[string]any, words map[string]models.Word) error {
	return tx.enter(by, thing, id, opNote, facts, words)
}

// append enters what row now is.
func (tx *Tx) append(by models.By, row models.Recorded, op string) error {
	thing, id := row.Thing()
	return tx.enter(by, thing, id, op, row.Facts(), row.Words())
}

// enter writes one entry with the hashes of its words, and the words apart.
func (tx *Tx) enter(by models.By, thing string, id int64, op string, facts map[string]any, words map[string]models.Word) error {
	kept, hashes := tx.salt(by.TenantID, words)
	e, err := tx.entryOf(by, thing, id, EntryData{Op: op, Facts: facts, Words: hashes})
	if err != nil {
		return err
	}
	if err := tx.insert(&e); err != nil {
		return fmt.Errorf("entry %s: %w", by.Action, err)
	}
	for i := range kept {
		kept[i].EntryID = e.ID
	}
	if len(kept) > 0 {
		if err := tx.db.Create(&kept).Error; err != nil {
			return fmt.Errorf("words of entry %s: %w", by.Action, err)
		}
	}
	return nil
}

// entryOf is an entry not written yet.
func (tx *Tx) entryOf(by models.By, thing string, id int64, data EntryData) (models.Entry, error) {
	if by.TenantID == 0 || by.Action == "" {
		return models.Entry{}, errors.New("an entry needs its tenant and action")
	}
	e := models.Entry{TenantID: by.TenantID, At: by.At, EnteredAt: tx.Now, ActorID: by.ActorID,
		Action: by.Action, Thing: thing, ThingID: id}
	if e.At == 0 {
		e.At = tx.Now
	}
	e.Late = models.Late(e.At, e.EnteredAt)
	var err error
	if e.Data, err = encodeData(data); err != nil {
		return e, fmt.Errorf("entry %s: %w", by.Action, err)
	}
	return e, nil
}

// salt gives each word that says anything 16 random bytes of its own, so that
// equal words have different hashes and none can be guessed once its salt is
// gone.
func (tx *Tx) salt(tenantID int64, words map[string]models.Word) ([]models.EntryWord, map[string]string) {
	var kept []models.EntryWord
	hashes := map[string]string{}
	for _, name := range sortedKeys(words) {
		w := words[name]
		if w.Text == "" {
			continue
		}
		salt := make([]byte, 16)
		tx.store.random(salt)
		text := clean(w.Text)
		hashes[name] = wordHash(salt, text)
		kept = append(kept, models.EntryWord{TenantID: tenantID, Name: name, PersonID: w.Person,
			Salt: hex.EncodeToString(salt), Text: text})
	}
	return kept, hashes
}

// wordHash is hex SHA-256(salt ‖ text).
func wordHash(salt []byte, text string) string {
	h := sha256.New()
	h.Write(salt)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}
