package store_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

// tickTogether is tick with a rule for many.
func (o *org) tickTogether(many, one func(tx *store.Tx, keys []string) error) (n int, err error) {
	keysOf := func(all ...models.Due) (keys []string) {
		for _, d := range all {
			keys = append(keys, d.Key)
		}
		return keys
	}
	return o.s.ClaimDue(background(), 500, store.DueRules{
		One: func(tx *store.Tx, d models.Due) error { return one(tx, keysOf(d)) },
		Many: func(kind models.DueKind) func(*store.Tx, []models.Due) error {
			if kind != "remind" {
				return nil
			}
			return func(tx *store.Tx, all []models.Due) error { return many(tx, keysOf(all...)) }
		},
	})
}

func TestWhatFallsDueAtOnceIsDoneTogether(t *testing.T) {
	each(t, func(o *org) {
		now := models.At(o.c.World.Now())
		var want []string
		for i := range 150 {
			want = append(want, fmt.Sprintf("r:%03d", i))
			o.plan(want[i], now)
		}
		o.do(func(tx *store.Tx) error { // another kind in between ends the run
			return tx.Plan(models.Due{TenantID: o.tenant.ID, Key: "alone", Kind: "digest", DueAt: now})
		})
		o.plan("r:last", now)
		o.plan("tomorrow", now.Add(24*time.Hour))
		var runs [][]string
		var alone []string
		n, err := o.tickTogether(func(tx *store.Tx, keys []string) error {
			runs = append(runs, keys)
			var messages []models.Message
			var later []models.Due
			for _, key := range keys {
				messages = append(messages, o.post("msg:"+key, "C1"))
				later = append(later, models.Due{TenantID: o.tenant.ID, Key: key, Kind: "remind", DueAt: now.Add(48 * time.Hour)})
			}
			return errors.Join(tx.EnqueueAll(messages), tx.PlanAll(later), tx.EnqueueAll(messages[:3])) // a key that is taken is left alone
		}, func(_ *store.Tx, keys []string) error {
			alone = append(alone, keys...)
			return nil
		})
		if diff := cmp.Diff([][]string{want}, runs); diff != "" || n != 152 || err != nil {
			o.t.Error(diff, n, err)
		}
		if diff := cmp.Diff([]string{"alone", "r:last"}, alone); diff != "" {
			o.t.Error(diff)
		}
		if m, d := o.count("SELECT COUNT(*) FROM messages"), o.count("SELECT COUNT(*) FROM dues"); m != 150 || d != 151 {
			o.t.Errorf("%d messages, %d planned", m, d)
		}
	})
}

func TestOneThatFailsAmongManyCostsItselfOnly(t *testing.T) {
	each(t, func(o *org) {
		for i, how := range []string{"an error", "a panic"} {
			now := models.At(o.c.World.Now())
			for k := range 20 {
				o.plan("r:"+strconv.Itoa(k), now)
			}
			act := func(tx *store.Tx, keys []string) error {
				for _, key := range keys {
					if _, err := tx.Enqueue(o.post(how+key, "C1")); err != nil {
						return err
					}
					if key == "r:7" && how == "a panic" {
						panic("no such zone")
					} else if key == "r:7" {
						return errors.New("no such zone")
					}
				}
				return nil
			}
			n, err := o.tickTogether(act, act)
			if n != 19 || err == nil || !strings.Contains(err.Error(), "r:7") {
				o.t.Errorf("%s: %d done, %v", how, n, err)
			}
			if m, d := o.count("SELECT COUNT(*) FROM messages"), o.count("SELECT COUNT(*) FROM dues WHERE attempts = 1"); m != 19*(i+1) || d != 1 {
				o.t.Errorf("%s: %d messages, %d put back", how, m, d)
			}
			o.do(func(tx *store.Tx) error {
				_, err := tx.Unplan(o.tenant.ID, "r:")
				return err
			})
		}
	})
}

func TestManySavesAreEachInTheRecord(t *testing.T) {
	each(t, func(o *org) {
		reminders := make([]models.Reminder, 70)
		o.do(func(tx *store.Tx) error {
			for i := range reminders {
				reminders[i] = models.Reminder{TenantID: o.tenant.ID, Number: i + 1, ByID: o.mei.ID, PersonID: o.mei.ID, Text: "带表格", State: models.ReminderActive, NextAt: tx.Now}
				if err := tx.Save(o.by("remind_add"), &reminders[i]); err != nil {
					return err
				}
			}
			return nil
		})
		o.do(func(tx *store.Tx) error {
			var all []store.Saved
			for i := range reminders {
				reminders[i].FiredAt = tx.Now
				all = append(all, store.Saved{By: o.by("remind_fire"), Row: &reminders[i]})
			}
			return tx.SaveAll(all)
		})
		if n := o.count("SELECT COUNT(*) FROM entries WHERE action = 'remind_fire'"); n != 70 {
			o.t.Errorf("%d entries", n)
		}
		if n := o.count("SELECT COUNT(*) FROM entry_words w JOIN entries e ON e.id = w.entry_id AND e.action = 'remind_fire' WHERE w.text = '带表格'"); n != 70 {
			o.t.Errorf("%d of their words", n)
		}
		o.seal()
		if b := o.verify(); b != (store.Break{}) {
			o.t.Errorf("the record: %+v", b)
		}
	})
}
