package services

import (
	"container/list"
	"errors"
	"fmt"
	"sync"

	"muster/models"
	"muster/store"
)

// boards keeps the boards of calls as they were last read or written, so that
// the thousandth press on a call does not read the nine hundred and ninety-nine
// before it. A board is used only while its mark is the one the transaction
// reads from the database: other copies of the program, a rollback and rows
// written past the desk need no telling. What is kept is never changed.
type boards struct {
	mu    sync.Mutex
	used  *list.List // of *kept, the latest used first
	by    map[int64]*list.Element
	roles map[int64]ofCallRole // whose call a role is of, which never changes
	rows  int                  // sign-ups in all that is kept
	most  int                  // of rows
}

// kept are the latest boards of one call, the newest first.
type kept struct {
	callID int64
	marked []marked
}

type marked struct {
	stamp int64
	board *models.Board
}

type ofCallRole struct{ tenantID, callID int64 }

// boardRows bounds the memory of what is kept: a sign-up takes half a kilobyte,
// so this is 25 MB, or fifty calls of a thousand.
const boardRows = 50_000

// boardsBack is how many boards of one call are kept: who renders a message
// reads a little behind who presses. They share all rows but the changed ones.
const boardsBack = 4

func newBoards(most int) *boards {
	return &boards{used: list.New(), by: map[int64]*list.Element{}, roles: map[int64]ofCallRole{}, most: most}
}

// get is the board of a call that bears this mark, nil when it is not kept.
func (c *boards) get(callID, stamp int64) *models.Board {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.by[callID]
	if e == nil {
		return nil
	}
	for _, m := range e.Value.(*kept).marked {
		if m.stamp == stamp {
			c.used.MoveToFront(e)
			return m.board
		}
	}
	return nil
}

// callOf is the call of a (shift, role) of a tenant, 0 when it is not kept.
func (c *boards) callOf(tenantID, roleID int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.roles[roleID]; r.tenantID == tenantID {
		return r.callID
	}
	return 0
}

// put keeps a board, which nobody may change any more.
func (c *boards) put(callID, stamp int64, b *models.Board) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.by[callID]
	if e == nil {
		e = c.used.PushFront(&kept{callID: callID})
		c.by[callID] = e
	}
	c.used.MoveToFront(e)
	k := e.Value.(*kept)
	c.rows -= k.rows()
	k.marked = append([]marked{{stamp, b}}, k.marked[:min(len(k.marked), boardsBack-1)]...)
	c.rows += k.rows()
	for _, r := range b.Roles {
		c.roles[r.ID] = ofCallRole{b.Call.TenantID, callID}
	}
	for c.rows > c.most && c.used.Len() > 1 {
		last := c.used.Back()
		gone := c.used.Remove(last).(*kept)
		delete(c.by, gone.callID)
		for _, m := range gone.marked {
			for _, r := range m.board.Roles {
				delete(c.roles, r.ID)
			}
		}
		c.rows -= gone.rows()
	}
}

// rows counts the newest board only: the others are made of the same rows.
func (k *kept) rows() int {
	if len(k.marked) == 0 {
		return 0
	}
	return len(k.marked[0].board.Signups)
}

// board is a call as the transaction sees it, to be read and not changed.
// ErrNotFound when there is no such call.
func (s *Services) board(tx *store.Tx, tenantID, callID int64) (*models.Board, error) {
	stamp, err := tx.Stamp(callID)
	if err != nil {
		return nil, err
	}
	return s.boardAt(tx, tenantID, callID, stamp)
}

func (s *Services) boardAt(tx *store.Tx, tenantID, callID, stamp int64) (*models.Board, error) {
	b := s.boards.get(callID, stamp)
	if b == nil {
		read, err := readBoard(tx, tenantID, callID)
		if err != nil {
			return nil, err
		}
		b = read.Shared()
		s.boards.put(callID, stamp, b)
	}
	if b.Call.TenantID != tenantID {
		return nil, store.ErrNotFound
	}
	shown, call := *b, *b.Call
	shown.Call, shown.Now = &call, tx.Now
	return &shown, nil
}

// readBoard loads a call with everything on it.
func readBoard(tx *store.Tx, tenantID, callID int64) (*models.Board, error) {
	c, err := tx.Call(tenantID, callID)
	if err != nil {
		return nil, fmt.Errorf("call %d: %w", callID, err)
	}
	return boardOf(tx, c)
}

// boardOf is the board of a call already read, for who goes over many calls
// once: nothing is kept of it.
func boardOf(tx *store.Tx, c models.Call) (*models.Board, error) {
	b := &models.Board{Call: &c, Now: tx.Now}
	var err error
	if b.Shifts, err = tx.ShiftsOf(c.ID); err != nil {
		return nil, fmt.Errorf("shifts of call %d: %w", c.ID, err)
	}
	if b.Roles, err = tx.RolesOf(c.ID); err != nil {
		return nil, fmt.Errorf("roles of call %d: %w", c.ID, err)
	}
	if b.Signups, err = tx.SignupsOf(c.ID); err != nil {
		return nil, fmt.Errorf("sign-ups of call %d: %w", c.ID, err)
	}
	return b, nil
}

// take is a call's board to decide on, held against every other decision.
func (s *Services) take(tx *store.Tx, tenantID, callID int64) (*models.Board, error) {
	stamp, err := tx.LockStamp(callID)
	if err != nil {
		return nil, err
	}
	b, err := s.boardAt(tx, tenantID, callID, stamp)
	if errors.Is(err, store.ErrNotFound) {
		return nil, models.Refuse(models.CodeNotFound, "error.call_gone")
	}
	if err != nil {
		return nil, err
	}
	return b, nil
}

// keep gives the next decision about the call the board as this one wrote it.
// It goes by what was written, not by what the desk holds: a row that was
// changed and not saved is as it was.
func (d *desk) keep() error {
	w := d.tx.TakeBoardWrites(d.Call.ID)
	if w.Other || d.base == nil || w.Call == nil && len(w.Signups) == 0 {
		return nil // nothing changed, or it is read anew
	}
	stamp, err := d.tx.Stamp(d.Call.ID)
	if err != nil {
		return err
	}
	d.base = d.base.With(w.Call, w.Signups)
	d.svc.boards.put(d.Call.ID, stamp, d.base)
	return nil
}
