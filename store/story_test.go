package store_test

import (
	"context"
	"fmt"
	"testing"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// org is a small organisation to tell stories about.
type org struct {
	t      *testing.T
	dsn    string
	s      *store.Store
	c      storetest.Clocks
	tenant models.Tenant
	mei    models.Person
}

func newOrg(t *testing.T, dsn string, c storetest.Clocks) *org {
	t.Helper()
	o := &org{t: t, dsn: dsn, s: storetest.Open(t, dsn, c), c: c}
	o.do(func(tx *store.Tx) error {
		var err error
		if o.tenant, err = tx.EnsureTenant("T1", models.Tenant{Name: "绿城社区", Lang: "zh", Zone: "Asia/Shanghai"}); err != nil {
			return err
		}
		o.mei, err = tx.EnsurePerson(o.tenant.ID, "U1")
		return err
	})
	return o
}

// each tells one story on both databases.
func each(t *testing.T, story func(o *org)) {
	t.Helper()
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) { story(newOrg(t, dsn, storetest.NewClocks())) })
}

func (o *org) do(fn func(tx *store.Tx) error) {
	o.t.Helper()
	if err := o.s.InTx(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *org) read(fn func(tx *store.Tx) error) {
	o.t.Helper()
	if err := o.s.Read(o.t.Context(), fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *org) count(sql string, args ...any) int {
	o.t.Helper()
	n, err := o.s.Count(sql, args...)
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *org) by(action string) models.By {
	return models.By{TenantID: o.tenant.ID, ActorID: o.mei.ID, Action: action}
}

// unit saves a unit of this name.
func (o *org) unit(name string) models.Unit {
	o.t.Helper()
	u := models.Unit{TenantID: o.tenant.ID, Name: name, Type: "team"}
	o.do(func(tx *store.Tx) error { return tx.Save(o.by("unit_add"), &u) })
	return u
}

// post is a message to a channel.
func (o *org) post(key, channel string) models.Message {
	return models.Message{TenantID: o.tenant.ID, Key: key, Kind: "card", Channel: channel, Priority: models.PriorityAnswer}
}

func (o *org) enqueue(all ...models.Message) {
	o.t.Helper()
	o.do(func(tx *store.Tx) error {
		for _, m := range all {
			if queued, err := tx.Enqueue(m); err != nil || !queued {
				return fmt.Errorf("queue %s: %v %w", m.Key, queued, err)
			}
		}
		return nil
	})
}

func (o *org) message(key string) models.Message {
	o.t.Helper()
	var m models.Message
	o.read(func(tx *store.Tx) error {
		var err error
		m, err = tx.MessageByKey(o.tenant.ID, key)
		return err
	})
	return m
}

func (o *org) seal() int {
	o.t.Helper()
	n, err := o.s.Seal(o.t.Context(), o.tenant.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *org) verify() store.Break {
	o.t.Helper()
	b, err := o.s.Verify(o.t.Context(), o.tenant.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *org) exec(sql string, args ...any) {
	o.t.Helper()
	if err := o.s.Exec(sql, args...); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}

func background() context.Context { return context.Background() }
