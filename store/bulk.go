package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm/clause"

	"muster/models"
)

// Many rows at once, for imports and for what falls due at the same moment: on
// SQLite the writer's place is held for a third of the time that single rows
// would take, and everybody else waits for it.

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

// Saved is a row that exists, to be written with its entry.
type Saved struct {
	By  models.By
	Row models.Recorded
}

// SaveAll is Save for many rows that exist, none of them of a call.
func (tx *Tx) SaveAll(all []Saved) error {
	rows := make([]bulkEntry, len(all))
	for i, s := range all {
		thing, id := s.Row.Thing()
		if err := tx.update(s.Row); err != nil {
			return fmt.Errorf("save %s %d: %w", thing, id, err)
		}
		rows[i] = bulkEntry{by: s.By, thing: thing, id: id, op: opSave, facts: s.Row.Facts(), words: s.Row.Words()}
	}
	return tx.enterRows(rows)
}

// manySizes are how many rows one statement writes. There are few sizes, so
// that the database keeps every statement prepared; 64 messages have 1,700
// parameters.
var manySizes = []int{64, 16, 4, 1}

// pieces cuts n rows into pieces of the sizes above.
func pieces(n int, do func(from, to int) error) error {
	for from := 0; from < n; {
		size := manySizes[slices.IndexFunc(manySizes, func(size int) bool { return size <= n-from })]
		if err := do(from, from+size); err != nil {
			return err
		}
		from += size
	}
	return nil
}

// createAll writes new rows as create does. Ids are set when nothing follows
// the values: with a conflict it would not be known whose they are.
func createAll[T any](tx *Tx, rows []T, conflict string) error {
	s, err := tx.shapeOf(reflect.TypeFor[T]())
	if err != nil {
		return err
	}
	if s.id == nil {
		return errors.New("rows without an id of their own are not created so")
	}
	tx.known.wrote(s.table, conflict == "")
	return pieces(len(rows), func(from, to int) error {
		args := make([]any, 0, (to-from)*len(s.columns))
		for i := from; i < to; i++ {
			v := reflect.ValueOf(&rows[i]).Elem()
			cleanStrings(v)
			of, err := s.values(v)
			if err != nil {
				return err
			}
			args = append(args, of...)
		}
		text := s.insertMany(to - from)
		if conflict != "" {
			_, err := tx.run(text+" "+conflict, args...)
			return err
		}
		ids, err := tx.numbers(text+" RETURNING id", args...)
		if err != nil {
			return err
		}
		slices.Sort(ids) // they are counted up in the order of the rows, whatever order they are told in
		for i, id := range ids {
			reflect.ValueOf(&rows[from+i]).Elem().FieldByIndex(s.id.StructField.Index).SetInt(id)
		}
		return nil
	})
}

// bulkEntry is one entry of many.
type bulkEntry struct {
	by    models.By
	thing string
	id    int64
	op    string
	facts map[string]any
	words map[string]models.Word
}

// enterAll is enter for many by the same author.
func (tx *Tx) enterAll(by models.By, rows []bulkEntry) error {
	for i := range rows {
		rows[i].by = by
	}
	return tx.enterRows(rows)
}

// enterRows is enter for many.
func (tx *Tx) enterRows(rows []bulkEntry) error {
	entries := make([]models.Entry, len(rows))
	words := make([][]models.EntryWord, len(rows))
	for i, r := range rows {
		kept, hashes := tx.salt(r.by.TenantID, r.words)
		words[i] = kept
		var err error
		if entries[i], err = tx.entryOf(r.by, r.thing, r.id, EntryData{Op: r.op, Facts: r.facts, Words: hashes}); err != nil {
			return err
		}
	}
	if err := createAll(tx, entries, ""); err != nil {
		return fmt.Errorf("%d entries: %w", len(entries), err)
	}
	var all []models.EntryWord
	for i, kept := range words {
		for _, w := range kept {
			w.EntryID = entries[i].ID
			all = append(all, w)
		}
	}
	if err := createAll(tx, all, ""); err != nil {
		return fmt.Errorf("words of %d entries: %w", len(entries), err)
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
