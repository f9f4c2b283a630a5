package store

import (
	"fmt"

	"muster/models"
)

// Stamp is the mark of a call's board: as long as it is the same, the call, its
// shifts, roles and sign-ups are. A transaction sees the marks of what it wrote
// itself. 0 means that nothing was written since the mark was invented.
func (tx *Tx) Stamp(callID int64) (int64, error) {
	return knownRow(tx, "call_boards", of("stamp", callID), func() (int64, error) {
		return tx.stamp(`SELECT stamp FROM call_boards WHERE call_id = ?`, callID)
	})
}

// LockStamp is Stamp, held against every other decision about the call until
// the end of the transaction.
func (tx *Tx) LockStamp(callID int64) (int64, error) {
	if tx.store.kind.postgres() {
		return knownRow(tx, "call_boards", of("held stamp", callID), func() (int64, error) {
			return tx.stamp(`SELECT stamp FROM call_boards WHERE call_id = ? FOR UPDATE`, callID)
		})
	}
	return tx.Stamp(callID)
}

func (tx *Tx) stamp(sql string, callID int64) (int64, error) {
	stamps, err := tx.numbers(sql, callID)
	if err != nil {
		return 0, fmt.Errorf("mark of call %d: %w", callID, err)
	}
	if len(stamps) == 0 {
		return 0, nil
	}
	return stamps[0], nil
}

// BoardWrites are what a transaction wrote of one call since it was last asked:
// the rows as they are stored now.
type BoardWrites struct {
	Call    *models.Call // nil = not written
	Signups []models.Signup
	Other   bool // shifts or roles as well, or something was undone
}

// TakeBoardWrites gives what was written of a call since it was last taken.
func (tx *Tx) TakeBoardWrites(callID int64) BoardWrites {
	w := tx.boards[callID]
	delete(tx.boards, callID)
	if w == nil {
		return BoardWrites{}
	}
	return *w
}

// noteWrite remembers a row of a board that was saved.
func (tx *Tx) noteWrite(row models.Recorded) {
	switch row := row.(type) {
	case *models.Call:
		written := *row
		tx.writesOf(row.ID).Call = &written
	case *models.Signup:
		w := tx.writesOf(row.CallID)
		w.Signups = append(w.Signups, *row)
	case *models.Shift:
		tx.writesOf(row.CallID).Other = true
	case *models.Role:
		tx.writesOf(row.CallID).Other = true
	}
}

func (tx *Tx) writesOf(callID int64) *BoardWrites {
	w := tx.boards[callID]
	if w == nil {
		w = &BoardWrites{}
		tx.boards[callID] = w
	}
	return w
}

// undone says that some of what was noted may not have happened.
func (tx *Tx) undone() {
	for _, w := range tx.boards {
		w.Other = true
	}
	tx.known.nothing()
}
