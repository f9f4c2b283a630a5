package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/models"
)

// Plan says that something will be due; a key that exists is moved to the new
// time and kind.
func (tx *Tx) Plan(d models.Due) error {
	if d.TenantID == 0 || d.Key == "" || d.Kind == "" || d.DueAt == 0 {
		return fmt.Errorf("a due row needs tenant, key, kind and time (key %q)", d.Key)
	}
	var args any // NULL, not an empty text, when there are none
	if len(d.Args) > 0 {
		args = string(d.Args)
	}
	_, err := tx.exec("dues", `INSERT INTO dues (tenant_id, key, kind, ref_id, person_id, due_at, retry_ms, attempts, args)
		VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)
		ON CONFLICT (tenant_id, key) DO UPDATE SET kind = excluded.kind, ref_id = excluded.ref_id,
			person_id = excluded.person_id, due_at = excluded.due_at, retry_ms = 0, attempts = 0, args = excluded.args`,
		d.TenantID, d.Key, d.Kind, d.RefID, d.PersonID, d.DueAt, args)
	if err != nil {
		return fmt.Errorf("plan %s: %w", d.Kind, err)
	}
	return nil
}

// Unplan deletes what was planned under this key prefix; n counts it. End the
// prefix with the separator: "call:1" is also the beginning of "call:12".
func (tx *Tx) Unplan(tenantID int64, keyPrefix string) (n int, err error) {
	r := tx.db.Where("tenant_id = ? AND key >= ? AND key < ?", tenantID, keyPrefix, after(keyPrefix)).Delete(&models.Due{})
	return int(r.RowsAffected), r.Error
}

// UnplanAhead is Unplan for what is not due yet: what is overdue was promised
// and only waits its turn, whatever is planned anew.
func (tx *Tx) UnplanAhead(tenantID int64, keyPrefix string) (n int, err error) {
	r := tx.db.Where("tenant_id = ? AND key >= ? AND key < ? AND due_at > ?", tenantID, keyPrefix, after(keyPrefix), tx.Now).Delete(&models.Due{})
	return int(r.RowsAffected), r.Error
}

// DueByKey finds what is planned under a key.
func (tx *Tx) DueByKey(tenantID int64, key string) (models.Due, error) {
	return found[models.Due]("due", tx.db.Where("tenant_id = ? AND key = ?", tenantID, key))
}

// DuesOf are what is planned about one row, soonest first.
func (tx *Tx) DuesOf(tenantID, refID int64, kind models.DueKind) ([]models.Due, error) {
	return many[models.Due](tx.db.Where("tenant_id = ? AND ref_id = ? AND kind = ?", tenantID, refID, kind).Order("due_at, id"))
}

// DueCount is how many due rows there are, and how many of them are due.
func (tx *Tx) DueCount() (planned, due int, err error) {
	var n [2]int64
	if err = tx.db.Model(&models.Due{}).Count(&n[0]).Error; err == nil {
		err = tx.db.Model(&models.Due{}).Where("due_at <= ?", tx.Now).Count(&n[1]).Error
	}
	return int(n[0]), int(n[1]), err
}

// PlanAll is Plan for many, each under a key of its own: with single rows most
// of the time of planning a study for a hundred thousand would go here.
func (tx *Tx) PlanAll(dues []models.Due) error {
	for i, d := range dues {
		if d.TenantID == 0 || d.Key == "" || d.Kind == "" || d.DueAt == 0 {
			return fmt.Errorf("a due row needs tenant, key, kind and time (key %q)", d.Key)
		}
		dues[i].ID, dues[i].RetryMS, dues[i].Attempts = 0, 0, 0
	}
	if err := createAll(tx, dues, `ON CONFLICT (tenant_id, key) DO UPDATE SET kind = excluded.kind, ref_id = excluded.ref_id,
		person_id = excluded.person_id, due_at = excluded.due_at, retry_ms = 0, attempts = 0, args = excluded.args`); err != nil {
		return fmt.Errorf("plan %d due rows: %w", len(dues), err)
	}
	return nil
}

// claimSpan is for how long one claim goes on taking rows: who presses a button
// meanwhile waits for its end. What it did not come to stays due.
const claimSpan = 150 * time.Millisecond

// DueRules say what to do when something is due.
type DueRules struct {
	// One acts on one due row, and may Plan it anew.
	One func(tx *Tx, d models.Due) error
	// Many acts on rows of one kind and organisation that are due one after the
	// other; none of them may be about what another is about. nil for a kind that
	// is done one by one.
	Many func(kind models.DueKind) func(tx *Tx, all []models.Due) error
}

// ClaimDue does up to limit due rows in one transaction, oldest first, each in
// a savepoint: the row is deleted, then the rule acts on it. When it fails or
// panics, its row alone is put back with one attempt more and a pause. n counts
// those done; err joins the failures of the others, or is why nothing was
// committed (n is 0 then).
func (s *Store) ClaimDue(ctx context.Context, limit int, rules DueRules) (n int, err error) {
	var failures []error
	err = s.write(ctx, true, func(tx *Tx) error {
		n, failures = 0, nil
		q := tx.db.Where("due_at <= ? AND (retry_ms <= ? OR retry_ms > ?)", tx.Now, tx.MachineMS, tx.machineIn(farAhead)).Order("due_at, id").Limit(limit)
		if s.kind.postgres() {
			q = q.Clauses(skipLocked)
		}
		rows, err := many[models.Due](q)
		if err != nil {
			return fmt.Errorf("due rows: %w", err)
		}
		n, failures, err = tx.actOn(rows, rules)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, errors.Join(failures...)
}

// actOn does due rows until they are done or it has taken long.
func (tx *Tx) actOn(rows []models.Due, rules DueRules) (n int, failures []error, err error) {
	begun := tx.store.machine()
	together := 0 // rows from here that were tried together and are done one by one
	for len(rows) > 0 && tx.store.machine().Sub(begun) <= claimSpan {
		if run := alike(rows, rules); together == 0 && len(run) > 1 {
			done, err := tx.actAll(run, rules.Many(run[0].Kind))
			if err == nil {
				n, rows = n+done, rows[len(run):]
				continue
			}
			together = len(run) // whichever of them it was
		}
		d := rows[0]
		rows, together = rows[1:], max(together-1, 0)
		acted, err := tx.act(d, rules.One)
		if err != nil {
			failures = append(failures, fmt.Errorf("due %s %s: %w", d.Kind, d.Key, err))
			if err := tx.putBack(d); err != nil {
				return n, failures, fmt.Errorf("put back due %s: %w", d.Kind, err)
			}
		} else if acted {
			n++
		}
	}
	return n, failures, nil
}

// alike are the first rows as far as they are of one kind and organisation, when
// such rows can be done together.
func alike(rows []models.Due, rules DueRules) []models.Due {
	if rules.Many == nil || rules.Many(rows[0].Kind) == nil {
		return nil
	}
	end := slices.IndexFunc(rows, func(d models.Due) bool { return d.Kind != rows[0].Kind || d.TenantID != rows[0].TenantID })
	if end < 0 {
		end = len(rows)
	}
	return rows[:end]
}

// actAll does due rows together. done leaves out those that one before them in
// the same batch unplanned or moved.
func (tx *Tx) actAll(run []models.Due, fn func(tx *Tx, all []models.Due) error) (done int, err error) {
	defer func() {
		if p := recover(); p != nil { // they are tried again one by one
			done, err = 0, fmt.Errorf("panic: %v", p)
		}
	}()
	err = tx.Savepoint(func(tx *Tx) error {
		var now []models.Due
		err := pieces(len(run), func(from, to int) error {
			args := make([]any, 0, to-from+1)
			for _, d := range run[from:to] {
				args = append(args, d.ID)
			}
			tx.known.wrote("dues", false)
			part, err := fetch[models.Due](tx, "DELETE FROM dues WHERE id IN (?"+strings.Repeat(", ?", to-from-1)+") AND due_at <= ? RETURNING *",
				append(args, tx.Now)...)
			now = append(now, part...)
			return err
		})
		if err != nil {
			return fmt.Errorf("take %d due rows: %w", len(run), err)
		}
		if len(now) == 0 {
			return nil
		}
		if slices.ContainsFunc(now, func(d models.Due) bool { return d.Kind != run[0].Kind }) {
			return errors.New("a due row became something else")
		}
		slices.SortFunc(now, func(a, b models.Due) int { return cmp.Or(cmp.Compare(a.DueAt, b.DueAt), cmp.Compare(a.ID, b.ID)) })
		done = len(now)
		return fn(tx, now)
	})
	return done, err
}

// act does one due row. acted is false when one before it in the same batch
// unplanned or moved it.
func (tx *Tx) act(d models.Due, fn func(tx *Tx, d models.Due) error) (acted bool, err error) {
	defer func() {
		if p := recover(); p != nil { // costs this row, not its neighbours
			acted, err = false, fmt.Errorf("panic: %v", p)
		}
	}()
	err = tx.Savepoint(func(tx *Tx) error {
		r := tx.db.Exec("DELETE FROM dues WHERE id = ? AND due_at = ?", d.ID, d.DueAt)
		if r.Error != nil || r.RowsAffected == 0 {
			return r.Error
		}
		acted = true
		return fn(tx, d)
	})
	return acted && err == nil, err
}

// putBack lets a failed row wait: 2 s, 4 s … at most 17 minutes, so that a
// fault that passes costs little and one that stays does not fill every tick.
func (tx *Tx) putBack(d models.Due) error {
	pause := time.Second << min(d.Attempts+1, 10)
	return tx.db.Exec("UPDATE dues SET attempts = attempts + 1, retry_ms = ? WHERE id = ?", tx.machineIn(pause), d.ID).Error
}
