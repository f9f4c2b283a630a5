package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"muster/models"
)

// Decisions that wait for the writer's place together are written together:
// each in a savepoint of its own, all in one commit. What a disk takes for a
// commit is then paid once for all who wait, and nobody waits for anybody who
// came later.

const (
	// groupMost is how many decisions one commit carries: the first of them waits
	// for the last.
	groupMost = 64
	// groupSpan ends a group that takes long, so that what is decided is not held
	// back by somebody else's long act. A decision takes about a millisecond.
	groupSpan = 30 * time.Millisecond
	// groupPatience bounds a group's statements: longer than SQLite waits for
	// another process (25 s).
	groupPatience = 60 * time.Second
)

// decision is one InTx that waits for the writer's place. It is made on its
// caller's own goroutine, where its panic belongs.
type decision struct {
	ctx  context.Context
	turn chan *Tx      // the caller's turn to decide
	told chan bool     // the caller has decided, well or not
	done chan struct{} // closed when what became of the commit is known
	err  error         // of the commit, or why it was never the caller's turn
}

// together runs fn in one commit with whoever else waits, or by itself.
func (s *Store) together(ctx context.Context, fn func(*Tx) error) error {
	d := &decision{ctx: ctx, turn: make(chan *Tx), told: make(chan bool, 1), done: make(chan struct{})}
	s.queue(d)
	ended := ctx.Done()
	for {
		select {
		case tx := <-d.turn:
			if err := d.decide(tx, fn); err != nil {
				return err
			}
			ended = nil // only the commit is left
		case <-d.done:
			return d.err
		case <-ended:
			if s.unqueue(d) {
				return fmt.Errorf("wait for the writer's place: %w", ctx.Err())
			}
			ended = nil // its turn has come: what becomes of it is what counts
		case s.gate <- struct{}{}:
			if s.only(d) {
				defer func() { <-s.gate }()
				return s.transact(ctx, s.writer, nil, true, fn)
			}
			go s.lead() // gives the place back
		}
	}
}

// decide makes the decision. Whatever happens in it, the group goes on.
func (d *decision) decide(tx *Tx, fn func(*Tx) error) error {
	well := false
	defer func() { d.told <- well }()
	err := fn(tx)
	well = err == nil
	return err
}

func (s *Store) queue(d *decision) {
	s.waits.Lock()
	defer s.waits.Unlock()
	s.waiting = append(s.waiting, d)
}

// unqueue takes a decision back; false when its turn has come.
func (s *Store) unqueue(d *decision) bool {
	s.waits.Lock()
	defer s.waits.Unlock()
	i := slices.Index(s.waiting, d)
	if i >= 0 {
		s.waiting = slices.Delete(s.waiting, i, i+1)
	}
	return i >= 0
}

// only takes d if nobody else waits.
func (s *Store) only(d *decision) bool {
	s.waits.Lock()
	defer s.waits.Unlock()
	if len(s.waiting) != 1 || s.waiting[0] != d {
		return false
	}
	s.waiting = s.waiting[:0]
	return true
}

// next takes the decision that has waited longest; nil when none waits.
func (s *Store) next() *decision {
	s.waits.Lock()
	defer s.waits.Unlock()
	if len(s.waiting) == 0 {
		return nil
	}
	d := s.waiting[0]
	s.waiting = slices.Delete(s.waiting, 0, 1)
	return d
}

// lead has those who wait decide, one after the other, and commits. It holds
// the writer's place and gives it back.
func (s *Store) lead() {
	defer func() { <-s.gate }()
	first := s.next()
	if first == nil {
		return // whoever waited gave up, or was served meanwhile
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(first.ctx), groupPatience)
	defer cancel()
	group := []*decision{first}
	err := s.transact(ctx, s.writer, nil, true, func(tx *Tx) error {
		began := s.machine()
		for i := 0; i < len(group); i++ {
			if err := tx.decideOne(group[i]); err != nil {
				return fmt.Errorf("group of %d decisions: %w", len(group), err)
			}
			if len(group) < groupMost && s.machine().Sub(began) < groupSpan {
				if d := s.next(); d != nil {
					group = append(group, d)
				}
			}
		}
		return nil
	})
	for _, d := range group {
		if err != nil {
			d.err = err
		}
		close(d.done)
	}
}

// decideOne gives one decision its turn. Its own failure undoes what it wrote;
// an error is the whole group's: the database gave the transaction up.
func (tx *Tx) decideOne(d *decision) error {
	if err := d.ctx.Err(); err != nil {
		d.err = fmt.Errorf("wait for the writer's place: %w", err)
		return nil
	}
	own := *tx
	own.boards = map[int64]*BoardWrites{}
	own.Now = max(models.At(tx.store.world()), tx.Now)
	tx.Now = own.Now // time does not go back within a group
	if _, err := tx.run("SAVEPOINT decision"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	d.turn <- &own
	if !<-d.told {
		if _, err := tx.run("ROLLBACK TO SAVEPOINT decision"); err != nil {
			return fmt.Errorf("undo a decision: %w", err)
		}
		tx.known.nothing()
	}
	if _, err := tx.run("RELEASE SAVEPOINT decision"); err != nil {
		return fmt.Errorf("release savepoint: %w", err)
	}
	return nil
}
