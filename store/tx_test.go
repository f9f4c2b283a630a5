package store_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func TestAPanicInADecisionLeavesNothing(t *testing.T) {
	each(t, func(o *org) {
		func() {
			defer func() {
				if recover() == nil {
					o.t.Error("the panic was swallowed")
				}
			}()
			_ = o.s.InTx(background(), func(tx *store.Tx) error {
				if _, err := tx.Deliver("evt:1"); err != nil {
					return err
				}
				panic("nil map")
			})
		}()
		o.do(func(tx *store.Tx) error { // and the writer's place is free
			fresh, err := tx.Deliver("evt:1")
			if !fresh {
				o.t.Error("the panic's delivery stayed")
			}
			return err
		})
	})
}

func TestSavepointsNest(t *testing.T) {
	each(t, func(o *org) {
		stop := errors.New("no place left")
		o.do(func(tx *store.Tx) error {
			deliver := func(tx *store.Tx, key string) {
				if _, err := tx.Deliver(key); err != nil {
					o.t.Error(err)
				}
			}
			deliver(tx, "outside")
			err := tx.Savepoint(func(tx *store.Tx) error {
				deliver(tx, "kept")
				err := tx.Savepoint(func(tx *store.Tx) error {
					deliver(tx, "undone")
					return stop
				})
				if !errors.Is(err, stop) {
					o.t.Error(err)
				}
				// A statement the database refuses does not spoil the rest.
				if err := tx.Savepoint(func(tx *store.Tx) error { return tx.Exec("SELECT nothing FROM nowhere") }); err == nil {
					o.t.Error("nonsense was taken")
				}
				return nil
			})
			deliver(tx, "after")
			return err
		})
		got, err := o.s.Texts("SELECT key FROM deliveries ORDER BY id")
		if diff := cmp.Diff([]string{"outside", "kept", "after"}, got); diff != "" || err != nil {
			o.t.Error(diff, err)
		}
	})
}

func TestAReaderCannotWrite(t *testing.T) {
	each(t, func(o *org) {
		err := o.s.Read(background(), func(tx *store.Tx) error {
			_, err := tx.Deliver("evt:1")
			return err
		})
		if err == nil {
			o.t.Error("a reader wrote")
		}
	})
}

func TestAReaderSeesOnePicture(t *testing.T) {
	each(t, func(o *org) {
		o.read(func(tx *store.Tx) error {
			before, err := tx.Units(o.tenant.ID)
			if err != nil {
				return err
			}
			o.unit("中途成立")
			after, err := tx.Units(o.tenant.ID)
			if len(after) != len(before) {
				o.t.Error("the picture changed while it was looked at")
			}
			return err
		})
	})
}

func TestTimeNeverGoesBelowWhatIsStored(t *testing.T) {
	each(t, func(o *org) {
		o.c.World.Advance(48 * time.Hour)
		o.unit("送水队")
		stored := models.At(o.c.World.Now())
		o.c.World.Set(storetest.Start)
		now := func(s *store.Store) (at models.Instant) {
			if err := s.InTx(background(), func(tx *store.Tx) error { at = tx.Now; return nil }); err != nil {
				o.t.Fatal(err)
			}
			return at
		}
		if got := now(o.s); got != stored {
			o.t.Errorf("here it is %v", got.Time())
		}
		other := reopen(o)
		if got := now(other); got != stored {
			o.t.Errorf("in another copy it is %v", got.Time())
		}
		if got, err := other.HighWater(background()); got != stored || err != nil {
			o.t.Errorf("high water %v %v", got.Time(), err)
		}
	})
}

func TestWhoWaitsForTheWriterCanGiveUp(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(*store.Tx) error {
			ctx, cancel := context.WithCancel(background())
			cancel()
			err := o.s.InTx(ctx, func(*store.Tx) error { return nil })
			if !errors.Is(err, context.Canceled) {
				o.t.Errorf("got %v", err)
			}
			return nil
		})
	})
}

func TestHostileWordsStayWords(t *testing.T) {
	each(t, func(o *org) {
		for _, word := range []string{
			"'; DROP TABLE units; --", "a\x00b", "broken \xff\xfe utf8", "👩‍👩‍👧‍👦 \u202esdrawkcab", "<!channel> & ~", "%_\\",
			strings.Repeat("长", 10000), "?", "$1", "@name",
		} {
			u := o.unit(word)
			o.read(func(tx *store.Tx) error {
				got, err := tx.UnitByName(o.tenant.ID, word)
				if got.ID != u.ID || got.Name != u.Name {
					o.t.Errorf("%.20q came back as %.20q", word, got.Name)
				}
				return err
			})
			o.do(func(tx *store.Tx) error {
				if _, err := tx.Deliver("msg:" + word); err != nil {
					return err
				}
				return tx.Note(o.by("said"), "unit", u.ID, nil, map[string]models.Word{"text": {Text: word}})
			})
		}
		o.seal()
		if b := o.verify(); !b.OK() {
			o.t.Error(b)
		}
	})
}

func TestADatabaseThatCannotBeOpenedSaysWhich(t *testing.T) {
	t.Parallel()
	c := storetest.NewClocks()
	dir := t.TempDir()
	if err := os.WriteFile(dir+"/letter.txt", []byte(strings.Repeat("this is no database ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for dsn, want := range map[string]string{
		"":                                  "no database named",
		":memory:":                          "name a file",
		dir + "/no/such/place.db":           "place.db",
		dir + "/letter.txt":                 "letter.txt",
		"postgres://u:geheim@127.0.0.1:1/x": "127.0.0.1:1/x",
	} {
		s, err := store.Open(t.Context(), store.Options{DSN: dsn, World: c.World.Now, Machine: c.Machine.Now})
		if err == nil {
			_ = s.Close()
			t.Errorf("%q was opened", dsn)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "geheim") {
			t.Errorf("%q: %v", dsn, err)
		}
	}
	if _, err := store.Open(t.Context(), store.Options{DSN: dir + "/a.db"}); err == nil {
		t.Error("opened without clocks")
	}
}

func TestPathsWithAnythingInThemNameOneFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir() + "/我的 数据 100%?#&"
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	storetest.Open(t, dir+"/muster.db", storetest.NewClocks())
	info, err := os.Stat(dir + "/muster.db")
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v %v", info, err)
	}
}

func TestWhatWasCommittedSurvivesAPowerCut(t *testing.T) {
	t.Parallel()
	s, _ := storetest.New(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "25000"} {
		if got, err := s.Texts("PRAGMA " + pragma); err != nil || len(got) != 1 || got[0] != want {
			t.Errorf("%s is %v, want %s: %v", pragma, got, want, err)
		}
	}
}

func TestAFullDiskFailsTheActAndNothingElse(t *testing.T) {
	t.Parallel()
	s, _ := storetest.New(t)
	// The database may not grow: SQLite then says what it says on a full disk.
	if err := s.Exec("PRAGMA max_page_count = 1"); err != nil {
		t.Fatal(err)
	}
	err := s.InTx(t.Context(), func(tx *store.Tx) error {
		_, err := tx.Deliver(strings.Repeat("x", 1<<20))
		return err
	})
	if err == nil || !strings.Contains(err.Error(), "full") {
		t.Errorf("got %v", err)
	}
	if err := s.Exec("PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	if err := s.InTx(t.Context(), func(tx *store.Tx) error { _, err := tx.Deliver("x"); return err }); err != nil {
		t.Errorf("with space again: %v", err)
	}
}
