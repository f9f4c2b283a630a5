package store

import (
	"context"
	"encoding/hex"
	"fmt"

	"muster/models"
)

// Break is the first place at which the record is not what it was; the zero
// Break says that it is whole. Seq is the place in the chain (0 = not in it
// yet), What a short sentence in English for the operator.
type Break struct {
	Seq     int64
	EntryID int64
	What    string
}

// OK says that nothing was found.
func (b Break) OK() bool { return b.What == "" }

func (b Break) String() string {
	if b.OK() {
		return "the record is whole"
	}
	return fmt.Sprintf("the record breaks at seq %d (entry %d): %s", b.Seq, b.EntryID, b.What)
}

// verifyPage is how many entries are in memory at once.
const verifyPage = 500

// Verify recomputes a tenant's whole record on one picture of the data: every
// hash and place, the tail against the head, each text that still has its salt
// against its hash, and every live row against its last entry.
func (s *Store) Verify(ctx context.Context, tenantID int64) (Break, error) {
	var b Break
	err := s.Read(ctx, func(tx *Tx) error {
		var err error
		b, err = tx.verify(tenantID)
		return err
	})
	if err != nil {
		return Break{}, fmt.Errorf("verify tenant %d: %w", tenantID, err)
	}
	return b, nil
}

func (tx *Tx) verify(tenantID int64) (Break, error) {
	for _, check := range []func(int64) (Break, error){tx.verifyChain, tx.verifyUnsealed, tx.verifyRows} {
		if b, err := check(tenantID); err != nil || !b.OK() {
			return b, err
		}
	}
	return Break{}, nil
}

// verifyChain walks the seals from the first to the head.
func (tx *Tx) verifyChain(tenantID int64) (Break, error) {
	end, err := tx.head(tenantID)
	if err != nil {
		return Break{}, err
	}
	at := head{TenantID: tenantID, Hash: Genesis(tenantID)}
	for {
		seals, err := many[models.Seal](tx.db.Where("tenant_id = ? AND seq > ?", tenantID, at.Seq).Order("seq").Limit(verifyPage))
		if err != nil {
			return Break{}, err
		}
		if len(seals) == 0 {
			break
		}
		b, err := tx.verifySeals(seals, &at)
		if err != nil || !b.OK() {
			return b, err
		}
	}
	switch {
	case at.Seq < end.Seq:
		return Break{at.Seq + 1, 0, fmt.Sprintf("the tail is missing: the head is at seq %d", end.Seq)}, nil
	case at.Seq > end.Seq:
		return Break{end.Seq + 1, 0, fmt.Sprintf("seals stand behind the head, which is at seq %d", end.Seq)}, nil
	case at.Hash != end.Hash:
		return Break{at.Seq, at.EntryID, "the head has another hash than the last seal"}, nil
	}
	return Break{}, nil
}

// verifySeals checks one page and moves at to its end.
func (tx *Tx) verifySeals(seals []models.Seal, at *head) (Break, error) {
	ids := make([]int64, len(seals))
	for i, s := range seals {
		ids[i] = s.EntryID
	}
	entries, err := many[models.Entry](tx.db.Where("id IN ?", ids))
	if err != nil {
		return Break{}, err
	}
	byID := make(map[int64]models.Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	words, err := tx.wordsOf(ids)
	if err != nil {
		return Break{}, err
	}
	for _, s := range seals {
		e, exists := byID[s.EntryID]
		var want string
		if exists {
			if want, err = SealHash(at.Hash, s.Seq, e); err != nil {
				return Break{}, err
			}
		}
		switch {
		case s.Seq != at.Seq+1:
			return Break{at.Seq + 1, 0, "its seal is missing"}, nil
		case !exists:
			return Break{s.Seq, s.EntryID, "its entry is missing"}, nil
		case s.PrevHash != at.Hash:
			return Break{s.Seq, s.EntryID, "it does not follow the seal before it"}, nil
		case s.Hash != want:
			return Break{s.Seq, s.EntryID, "a value of the entry or its seal was changed"}, nil
		}
		if b := verifyWords(s.Seq, e, words[e.ID]); !b.OK() {
			return b, nil
		}
		at.Seq, at.Hash, at.EntryID = s.Seq, s.Hash, s.EntryID
	}
	return Break{}, nil
}

func (tx *Tx) wordsOf(entries []int64) (map[int64][]models.EntryWord, error) {
	rows, err := many[models.EntryWord](tx.db.Where("entry_id IN ?", entries).Order("id"))
	all := map[int64][]models.EntryWord{}
	for _, w := range rows {
		all[w.EntryID] = append(all[w.EntryID], w)
	}
	return all, err
}

// verifyWords holds texts against their hashes. A text without a row was
// forgotten, which is no break.
func verifyWords(seq int64, e models.Entry, words []models.EntryWord) Break {
	if len(words) == 0 {
		return Break{}
	}
	d, err := ParseData(e.Data)
	if err != nil {
		return Break{seq, e.ID, "its data cannot be read"}
	}
	for _, w := range words {
		salt, err := hex.DecodeString(w.Salt)
		if err != nil || wordHash(salt, w.Text) != d.Words[w.Name] {
			return Break{seq, e.ID, fmt.Sprintf("the text %q is not the one that was entered", w.Name)}
		}
	}
	return Break{}
}

// verifyUnsealed looks at what has no seal: below the head nothing may, above
// it the texts must fit all the same.
func (tx *Tx) verifyUnsealed(tenantID int64) (Break, error) {
	end, err := tx.head(tenantID)
	if err != nil {
		return Break{}, err
	}
	below, err := many[models.Entry](tx.db.Where(`tenant_id = ? AND id <= ?
		AND NOT EXISTS (SELECT 1 FROM seals WHERE seals.entry_id = entries.id)`, tenantID, end.EntryID).Order("id").Limit(1))
	if err != nil {
		return Break{}, err
	}
	if len(below) > 0 {
		return Break{0, below[0].ID, "it stands before the head without a seal"}, nil
	}
	last := end.EntryID
	for {
		entries, err := many[models.Entry](tx.db.Where("tenant_id = ? AND id > ?", tenantID, last).Order("id").Limit(verifyPage))
		if err != nil || len(entries) == 0 {
			return Break{}, err
		}
		ids := make([]int64, len(entries))
		for i, e := range entries {
			ids[i] = e.ID
		}
		words, err := tx.wordsOf(ids)
		if err != nil {
			return Break{}, err
		}
		for _, e := range entries {
			if b := verifyWords(0, e, words[e.ID]); !b.OK() {
				return b, nil
			}
		}
		last = ids[len(ids)-1]
	}
}

// PostedHeads are the heads that summaries carried when they were posted,
// oldest first; only seq and hash are read.
func (tx *Tx) PostedHeads(tenantID int64) ([]models.Posting, error) {
	return many[models.Posting](tx.db.Select("id", "head_seq", "head_hash").Where("tenant_id = ? AND head_seq > 0", tenantID).Order("head_seq, id"))
}
