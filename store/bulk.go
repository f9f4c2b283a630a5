package store

import (
	"fmt"
	"slices"

	"gorm.io/gorm/clause"

	"muster/models"
)

// Many rows at once, for imports: on SQLite the writer's place is held for a
// third of the time that single rows would take, and everybody else waits for it.

// bulkRows is how many rows one statement writes: a person has 34 columns, and
// SQLite takes 32,766 parameters.
const bulkRows = 500

// AddPersons makes new people with their entries, and sets their ids.
func (tx *Tx) AddPersons(by models.By, people []*models.Person) error {
	if len(people) == 0 {
		return nil
	}
	for _, p := range people {
		if err := tx.clean(p); err != nil {
			return err
		}
	}
	if err := tx.db.CreateInBatches(people, bulkRows).Error; err != nil {
		return fmt.Errorf("make %d people: %w", len(people), err)
	}
	rows := make([]bulkEntry, len(people))
	for i, p := range people {
		thing, id := p.Thing()
		rows[i] = bulkEntry{thing: thing, id: id, op: opSave, facts: p.Facts(), words: p.Words()}
	}
	return tx.enterAll(by, rows)
}

// AddAttendances makes new attendances with their entries, and sets their ids.
func (tx *Tx) AddAttendances(by models.By, all []*models.Attendance) error {
	if len(all) == 0 {
		return nil
	}
	for _, a := range all {
		if err := tx.clean(a); err != nil {
			return err
		}
	}
	if err := tx.db.CreateInBatches(all, bulkRows).Error; err != nil {
		return fmt.Errorf("make %d attendances: %w", len(all), err)
	}
	rows := make([]bulkEntry, len(all))
	for i, a := range all {
		thing, id := a.Thing()
		rows[i] = bulkEntry{thing: thing, id: id, op: opSave, facts: a.Facts(), words: a.Words()}
	}
	return tx.enterAll(by, rows)
}

// PutIntoUnits puts people into units, 0 = into none, with an entry each.
func (tx *Tx) PutIntoUnits(by models.By, unitOf map[int64]int64) error {
	var in []models.UnitMember
	var out []int64
	var rows []bulkEntry
	for _, person := range sortedIDs(unitOf) {
		unit := unitOf[person]
		if unit == 0 {
			out = append(out, person)
		} else {
			in = append(in, models.UnitMember{PersonID: person, UnitID: unit})
		}
		rows = append(rows, bulkEntry{thing: "person", id: person, op: opNote, facts: map[string]any{"unit": unit}})
	}
	for part := range slices.Chunk(out, bulkRows) {
		if err := tx.db.Where("person_id IN ?", part).Delete(&models.UnitMember{}).Error; err != nil {
			return fmt.Errorf("out of units: %w", err)
		}
	}
	if len(in) > 0 {
		err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "person_id"}}, DoUpdates: clause.AssignmentColumns([]string{"unit_id"})}).
			CreateInBatches(in, bulkRows).Error
		if err != nil {
			return fmt.Errorf("into units: %w", err)
		}
	}
	return tx.enterAll(by, rows)
}

// WantAll is Want for many.
func (tx *Tx) WantAll(all []models.Lookup) error {
	if len(all) == 0 {
		return nil
	}
	err := tx.db.Clauses(clause.OnConflict{Columns: []clause.Column{{Name: "tenant_id"}, {Name: "kind"}, {Name: "ref"}}, DoNothing: true}).
		CreateInBatches(all, bulkRows).Error
	if err != nil {
		return fmt.Errorf("want %d lookups: %w", len(all), err)
	}
	return nil
}

// bulkEntry is one entry of many by the same author.
type bulkEntry struct {
	thing string
	id    int64
	op    string
	facts map[string]any
	words map[string]models.Word
}

// enterAll is enter for many.
func (tx *Tx) enterAll(by models.By, rows []bulkEntry) error {
	if len(rows) == 0 {
		return nil
	}
	entries := make([]models.Entry, len(rows))
	words := make([][]models.EntryWord, len(rows))
	for i, r := range rows {
		kept, hashes := tx.salt(by.TenantID, r.words)
		words[i] = kept
		var err error
		if entries[i], err = tx.entryOf(by, r.thing, r.id, EntryData{Op: r.op, Facts: r.facts, Words: hashes}); err != nil {
			return err
		}
	}
	if err := tx.db.CreateInBatches(entries, bulkRows).Error; err != nil {
		return fmt.Errorf("%d entries %s: %w", len(entries), by.Action, err)
	}
	var all []models.EntryWord
	for i, kept := range words {
		for _, w := range kept {
			w.EntryID = entries[i].ID
			all = append(all, w)
		}
	}
	if len(all) == 0 {
		return nil
	}
	if err := tx.db.CreateInBatches(all, bulkRows).Error; err != nil {
		return fmt.Errorf("words of %d entries %s: %w", len(entries), by.Action, err)
	}
	return nil
}

func sortedIDs[V any](m map[int64]V) []int64 {
	ids := make([]int64, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}
