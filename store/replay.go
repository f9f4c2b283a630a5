package store

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"gorm.io/gorm"

	"muster/models"
)

// recordedTables are the rows that must be what the record leads to. Every
// type that is saved with an entry stands here; a test holds the list against
// package models.
func recordedTables() []recordedTable {
	return []recordedTable{
		recorded[models.Tenant](), recorded[models.Person](), recorded[models.Unit](), recorded[models.Right](),
		recorded[models.Call](), recorded[models.Shift](), recorded[models.Role](), recorded[models.Signup](),
		recorded[models.Answer](), recorded[models.Study](), recorded[models.Occurrence](), recorded[models.Attendance](),
		recorded[models.Reminder](), recorded[models.Digest](), recorded[models.Posting](),
		recorded[models.Handover](), recorded[models.Template](),
		recorded[models.Tick](), recorded[models.Buddy](), recorded[models.Goods](), recorded[models.WalkIn](),
		recorded[models.Material](), recorded[models.CalendarLink](),
		recorded[models.Reach](), recorded[models.Ask](), recorded[models.Leave](), recorded[models.Run](),
		recorded[models.OrgDay](), recorded[models.Exemption](), recorded[models.UnitDuty](), recorded[models.DutyRecord](), recorded[models.Hour](), recorded[models.ActivityRecord](),
	}
}

// recordedTable is one kind of row in the record.
type recordedTable struct {
	thing string
	row   any // a zero row, for its table's name
	page  func(tx *Tx, tenantID, after int64) ([]models.Recorded, error)
}

// recorded describes the rows of type T, whose pointer is a Recorded.
func recorded[T any, P interface {
	*T
	models.Recorded
}]() recordedTable {
	thing, _ := P(new(T)).Thing()
	return recordedTable{thing: thing, row: new(T), page: func(tx *Tx, tenantID, after int64) ([]models.Recorded, error) {
		owner := "tenant_id"
		if thing == "tenant" {
			owner = "id"
		}
		rows, err := many[T](tx.db.Where(owner+" = ? AND id > ?", tenantID, after).Order("id").Limit(verifyPage))
		out := make([]models.Recorded, len(rows))
		for i := range rows {
			out[i] = P(&rows[i])
		}
		return out, err
	}}
}

// verifyRows holds every live row against its last entry.
func (tx *Tx) verifyRows(tenantID int64) (Break, error) {
	for _, table := range recordedTables() {
		var last int64
		for {
			rows, err := table.page(tx, tenantID, last)
			if unreadable(err) { // Muster wrote every row so that it can be read
				return Break{0, 0, fmt.Sprintf("a %s after %d cannot be read: %v", table.thing, last, err)}, nil
			}
			if err != nil {
				return Break{}, fmt.Errorf("rows of %s: %w", table.thing, err)
			}
			if len(rows) == 0 {
				break
			}
			b, err := tx.verifyPage(tenantID, table.thing, rows)
			if err != nil || !b.OK() {
				return b, err
			}
			_, last = rows[len(rows)-1].Thing()
		}
		if b, err := tx.verifyGone(tenantID, table); err != nil || !b.OK() {
			return b, err
		}
	}
	return Break{}, nil
}

// unreadable says whether a row's JSON is not what Muster writes.
func unreadable(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind)
}

func (tx *Tx) verifyPage(tenantID int64, thing string, rows []models.Recorded) (Break, error) {
	ids := make([]int64, len(rows))
	for i, r := range rows {
		_, ids[i] = r.Thing()
	}
	last, err := tx.lastEntries(tenantID, thing, ids)
	if err != nil {
		return Break{}, err
	}
	var entryIDs []int64
	for _, e := range last {
		entryIDs = append(entryIDs, e.ID)
	}
	words, err := tx.wordsOf(entryIDs)
	if err != nil {
		return Break{}, err
	}
	for i, row := range rows {
		e, known := last[ids[i]]
		if !known {
			return Break{0, 0, fmt.Sprintf("%s %d stands in the data and not in the record", thing, ids[i])}, nil
		}
		what, err := differs(row, e, words[e.ID])
		if err != nil {
			return Break{}, fmt.Errorf("%s %d: %w", thing, ids[i], err)
		}
		if what != "" {
			return tx.breakAt(e, fmt.Sprintf("%s %d: %s", thing, ids[i], what))
		}
	}
	return Break{}, nil
}

// breakAt finds the entry's place in the chain.
func (tx *Tx) breakAt(e models.Entry, what string) (Break, error) {
	seal, err := one[models.Seal](tx.db.Where("entry_id = ?", e.ID))
	if err != nil && !missing(err) {
		return Break{}, err
	}
	return Break{seal.Seq, e.ID, what}, nil
}

// lastEntries are the last entries that wrote or removed these rows, by row
// id; notes are passed over.
func (tx *Tx) lastEntries(tenantID int64, thing string, ids []int64) (map[int64]models.Entry, error) {
	all := map[int64]models.Entry{}
	entries, err := many[models.Entry](tx.db.Where("id IN (?)", tx.db.Model(&models.Entry{}).Select("MAX(id)").
		Where("tenant_id = ? AND thing = ? AND thing_id IN ?", tenantID, thing, ids).Group("thing_id")))
	if err != nil {
		return nil, fmt.Errorf("last entries: %w", err)
	}
	for _, e := range entries {
		for {
			d, err := ParseData(e.Data)
			if err != nil {
				return nil, err
			}
			if d.Op != opNote {
				all[e.ThingID] = e
				break
			}
			e, err = one[models.Entry](tx.entriesBefore(e))
			if missing(err) {
				break
			}
			if err != nil {
				return nil, fmt.Errorf("entry before a note: %w", err)
			}
		}
	}
	return all, nil
}

func (tx *Tx) entriesBefore(e models.Entry) *gorm.DB {
	return tx.db.Where("tenant_id = ? AND thing = ? AND thing_id = ? AND id < ?", e.TenantID, e.Thing, e.ThingID, e.ID).Order("id DESC")
}

// differs says how a row is not what its last entry left, "" when it is.
func differs(row models.Recorded, e models.Entry, words []models.EntryWord) (string, error) {
	d, err := ParseData(e.Data)
	if err != nil {
		return "", err
	}
	if d.Op == opRemove {
		return "was removed and stands in the data", nil
	}
	live, err := canonical(row.Facts())
	if err != nil {
		return "", err
	}
	var now map[string]any
	dec := json.NewDecoder(bytes.NewReader([]byte(live)))
	dec.UseNumber()
	if err := dec.Decode(&now); err != nil {
		return "", fmt.Errorf("facts: %w", err)
	}
	then := says(d.Facts)
	now = says(now)
	for _, key := range sortedKeys(now) {
		if _, said := d.Facts[key]; !said && slices.Contains(laterFacts()[e.Thing], key) {
			continue
		}
		if !reflect.DeepEqual(now[key], then[key]) {
			return key + " is not what the record leads to", nil
		}
	}
	for _, key := range sortedKeys(then) {
		if _, kept := now[key]; !kept {
			return key + " is not what the record leads to", nil
		}
	}
	texts := row.Words()
	for _, w := range words {
		salt, err := hex.DecodeString(w.Salt)
		if err != nil || wordHash(salt, texts[w.Name].Text) != d.Words[w.Name] {
			return "the text " + w.Name + " is not what the record leads to", nil
		}
	}
	for _, name := range sortedKeys(texts) {
		if _, said := d.Words[name]; !said && clean(texts[name].Text) != "" {
			return "the text " + name + " is not what the record leads to", nil
		}
	}
	return "", nil
}

// laterFacts are facts of columns that older entries do not have and rows of
// their time do: they are held from the row's next entry on.
func laterFacts() map[string][]string {
	return map[string][]string{"attendance": {"entered_at"}, "study": {"created_at"}}
}

// says leaves out facts that say nothing (null, 0, "", false, empty lists): a
// fact that a later version adds says nothing in the entries before it.
func says(facts map[string]any) map[string]any {
	out := map[string]any{}
	for key, v := range facts {
		switch v := v.(type) {
		case nil:
			continue
		case string:
			if v == "" {
				continue
			}
		case bool:
			if !v {
				continue
			}
		case json.Number:
			if v == "0" {
				continue
			}
		case []any:
			if len(v) == 0 {
				continue
			}
		case map[string]any:
			if len(v) == 0 {
				continue
			}
		}
		out[key] = v
	}
	return out
}

// verifyGone finds rows that the record has and the data has not.
func (tx *Tx) verifyGone(tenantID int64, table recordedTable) (Break, error) {
	stmt := &gorm.Statement{DB: tx.db}
	if err := stmt.Parse(table.row); err != nil {
		return Break{}, fmt.Errorf("table of %s: %w", table.thing, err)
	}
	var after int64
	for {
		var ids []int64
		err := tx.db.Raw(`SELECT DISTINCT thing_id FROM entries WHERE tenant_id = ? AND thing = ? AND thing_id > ?
			AND NOT EXISTS (SELECT 1 FROM `+stmt.Schema.Table+` AS live WHERE live.id = entries.thing_id)
			ORDER BY thing_id LIMIT ?`, tenantID, table.thing, after, verifyPage).Scan(&ids).Error
		if err != nil || len(ids) == 0 {
			return Break{}, err
		}
		last, err := tx.lastEntries(tenantID, table.thing, ids)
		if err != nil {
			return Break{}, err
		}
		for _, id := range ids {
			e, known := last[id]
			if !known {
				continue // only notes: never a row
			}
			d, err := ParseData(e.Data)
			if err != nil {
				return Break{}, err
			}
			if d.Op != opRemove {
				return tx.breakAt(e, fmt.Sprintf("%s %d is gone from the data without an entry", table.thing, id))
			}
		}
		after = ids[len(ids)-1]
	}
}
