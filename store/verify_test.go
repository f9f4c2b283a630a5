package store_test

import (
	"strings"
	"testing"

	"muster/models"
	"muster/store"
)

// unlock lets a thief past the triggers, as the owner of the database could.
func (o *org) unlock() {
	o.t.Helper()
	if o.s.Dialect() == "postgres" {
		o.exec("ALTER TABLE entries DISABLE TRIGGER ALL")
		o.exec("ALTER TABLE seals DISABLE TRIGGER ALL")
		return
	}
	for _, name := range []string{"entries_UPDATE", "entries_DELETE", "seals_UPDATE", "seals_DELETE"} {
		o.exec("DROP TRIGGER " + name)
	}
	o.exec("PRAGMA foreign_keys = off")
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	t.Parallel()
	for name, theft := range map[string]struct {
		sql  []string
		want string
	}{
		"a value":          {[]string{"UPDATE entries SET actor_id = 9 WHERE action = 'unit_add'"}, "a value of the entry"},
		"the time":         {[]string{"UPDATE entries SET at = at - 1 WHERE action = 'unit_add'"}, "a value of the entry"},
		"the data":         {[]string{"UPDATE entries SET data = '{}' WHERE action = 'unit_add'"}, "a value of the entry"},
		"a hash":           {[]string{"UPDATE seals SET hash = 'aa' WHERE seq = 2"}, "its seal was changed"},
		"an entry gone":    {[]string{"DELETE FROM entry_words", "DELETE FROM entries WHERE action = 'unit_add'"}, "its entry is missing"},
		"a seal gone":      {[]string{"DELETE FROM seals WHERE seq = 2"}, "its seal is missing"},
		"the tail gone":    {[]string{"DELETE FROM seals WHERE seq = (SELECT MAX(seq) FROM seals)"}, "the tail is missing"},
		"the head":         {[]string{"UPDATE heads SET seq = seq - 1"}, "behind the head"},
		"the head's hash":  {[]string{"UPDATE heads SET hash = 'x'"}, "another hash"},
		"swapped":          {[]string{"UPDATE seals SET entry_id = -1 WHERE seq = 2", "UPDATE seals SET entry_id = (SELECT MAX(entry_id) FROM seals) + 1000 WHERE seq = 3"}, "entry is missing"},
		"a text":           {[]string{"UPDATE entry_words SET text = '别的' WHERE name = 'name'"}, "is not the one that was entered"},
		"a salt":           {[]string{"UPDATE entry_words SET salt = '00' WHERE name = 'name'"}, "is not the one that was entered"},
		"a row's field":    {[]string{"UPDATE units SET leader_id = 9"}, "leader is not what the record leads to"},
		"a row's text":     {[]string{"UPDATE units SET name = '别的'"}, "the text name is not what the record leads to"},
		"a row taken away": {[]string{"DELETE FROM units"}, "is gone from the data"},
		"a row slipped in": {[]string{"INSERT INTO units (tenant_id, name) VALUES (1, '假')"}, "not in the record"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(o *org) {
				o.unit("送水队")
				o.do(func(tx *store.Tx) error {
					return tx.Note(o.by("unit_visit"), "unit", 1, map[string]any{"people": 3}, nil)
				})
				o.seal()
				if b := o.verify(); !b.OK() {
					o.t.Fatalf("whole at first: %s", b)
				}
				o.unlock()
				for _, sql := range theft.sql {
					o.exec(sql)
				}
				if b := o.verify(); !strings.Contains(b.What, theft.want) {
					o.t.Errorf("found %q, want %q", b, theft.want)
				}
			})
		})
	}
}

func TestAnEntryPushedInBeforeTheHeadIsFound(t *testing.T) {
	each(t, func(o *org) {
		o.unit("送水队")
		o.seal()
		o.unlock()
		o.exec("INSERT INTO entries (id, tenant_id, action, thing, thing_id, data) VALUES (-5, 1, 'x', 'x', 1, '{}')")
		if b := o.verify(); !strings.Contains(b.What, "without a seal") {
			o.t.Errorf("found %q", b)
		}
	})
}

func TestForgettingAPersonLeavesTheRecordWhole(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			return tx.Note(o.by("reply"), "call", 1, nil, map[string]models.Word{"text": {Text: "我来", Person: o.mei.ID}})
		})
		o.seal()
		o.exec("DELETE FROM entry_words WHERE person_id = ?", o.mei.ID)
		if b := o.verify(); !b.OK() {
			o.t.Error(b)
		}
	})
}
