package services

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// AwayRow is a member of whom a leader is told that they were long away, with
// what could help.
type AwayRow struct {
	Person  models.Person
	Absence models.Absence
	Stage   int
	Open    models.Chance // the next make-up to close; zero = none
	Next    models.Chance // the next session for them; zero = none
}

// YearNote is what a note to a leader is rendered from.
type YearNote struct {
	Tenant models.Tenant
	Unit   models.Unit
	Leader models.Person
	Now    models.Instant
	Away   []AwayRow        // absence: who still is
	Short  []models.YearRow // who may still fall short
}

// YearNote is that note as things stand; ok is false when there is nothing to
// say any more.
func (s *Services) YearNote(ctx context.Context, m models.Message) (n YearNote, ok bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		n.Now = tx.Now
		if n.Tenant, err = tx.Tenant(m.TenantID); err != nil {
			return err
		}
		if n.Leader, err = tx.Person(m.PersonID); err != nil {
			return err
		}
		tree, err := unitTree(tx, m.TenantID)
		if err != nil {
			return err
		}
		if n.Unit, ok = tree.byID[m.SubjectID]; !ok {
			return nil
		}
		if m.Kind == models.MessageYearShort {
			n.Short, err = s.shortOf(tx, n.Tenant, n.Unit, n.Leader.ID)
			return err
		}
		var args models.AbsenceArgs
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return fmt.Errorf("arguments of message %d: %w", m.ID, err)
		}
		n.Away, err = s.awayRows(tx, n.Tenant, tree.near(n.Unit), args.People)
		return err
	})
	return n, ok && len(n.Away)+len(n.Short) > 0, err
}

// awayRows are those of the people that still are away, the longest first.
func (s *Services) awayRows(tx *store.Tx, t models.Tenant, who store.YearWho, people []int64) ([]AwayRow, error) {
	away, err := s.away(tx, t, who)
	if err != nil {
		return nil, err
	}
	away = slices.DeleteFunc(away, func(a models.Absence) bool { return !slices.Contains(people, a.PersonID) })
	if len(away) == 0 {
		return nil, nil
	}
	year, _ := models.YearOfInstant(tx.Now, t.Location())
	accounts, err := s.yearRowsOf(tx, t, year, who.Units)
	if err != nil {
		return nil, err
	}
	var rows []AwayRow
	for _, a := range away {
		i := slices.IndexFunc(accounts, func(r models.YearRow) bool { return r.Person.ID == a.PersonID })
		if i < 0 {
			continue
		}
		row := AwayRow{Person: accounts[i].Person, Absence: a, Stage: a.Stage(t.AbsenceStages(), tx.Now)}
		for _, c := range slices.Backward(accounts[i].Chances) { // the first of each kind stays
			if c.Open {
				row.Open = c
			} else {
				row.Next = c
			}
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b AwayRow) int { return cmp.Compare(a.Absence.Since, b.Absence.Since) })
	return rows, nil
}
