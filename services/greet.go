package services

import (
	"context"
	"time"

	"muster/models"
	"muster/store"
)

// greetAfter is how long after the first act the first contact goes out: by
// then Slack has said who the person is (language, zone, guest or not), and
// the answer to what they did stands before it.
const greetAfter = 2 * time.Minute

// greet queues the first contact of who has just used Muster for the first
// time. It waits for the day.
func (s *Services) greet(tx *store.Tx, me Actor) error {
	if me.Person.ID == 0 || !me.Person.Greetable() {
		return nil
	}
	p := me.Person // of which the act may have changed the rest
	if err := tx.Greeted(p.ID); err != nil {
		return err
	}
	_, err := tx.Enqueue(models.Message{TenantID: p.TenantID, Key: models.GreetKey(p.ID), Kind: models.MessageGreet, SubjectID: p.ID,
		PersonID: p.ID, Priority: models.PriorityReminder, EditClass: models.EditRest, Quiet: models.QuietWait, DueAt: tx.Now.Add(greetAfter)})
	return err
}

// Meet greets who only looks and changes nothing: Home, help, their own list.
// Without a first contact to make it writes nothing.
func (s *Services) Meet(ctx context.Context, act Act) error {
	me, _, err := s.WhoActs(ctx, act)
	if err != nil || act.User == "" || !me.Person.Greetable() {
		return err
	}
	act.Delivery = "" // the act itself is claimed, or not, by who answers it
	return s.do(ctx, act, func(*store.Tx, Actor) error { return nil })
}

// ChooseWindow takes the n-th of the times offered at first contact as when
// the actor may be reminded, and moves the reminders ahead there.
func (s *Services) ChooseWindow(ctx context.Context, act Act, n int) (Actor, error) {
	var out Actor
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		offered := models.GreetWindows()
		if n < 0 || n >= len(offered) {
			return models.Refuse(models.CodeInvalid, "error.not_yours")
		}
		p := me.Person
		p.Windows = []models.Window{offered[n]}
		var err error
		out, err = s.saveOwn(tx, me, p)
		return err
	})
	return out, err
}

// FirstContact says whether the first contact stands under a message on its way
// to somebody: the first one Muster ever sends them, when it goes out by day.
// Whoever is written to before they did anything themselves so hears who writes
// without a second sound. ok is false for everybody who was greeted, and for
// other messages.
func (s *Services) FirstContact(ctx context.Context, m models.Message) (g Greeting, ok bool, err error) {
	if m.PersonID == 0 || m.Op != models.OpPost || m.Kind == models.MessageGreet {
		return g, false, nil
	}
	fresh := false
	look := func(tx *store.Tx) error {
		if g, err = greeting(tx, m); err != nil {
			return ignoreMissing(err)
		}
		ok = g.Person.GreetedIn == m.ID
		night := models.InRest(tx.Now, models.RestOf(g.Person, g.Unit, g.Tenant), g.Person.Location(g.Tenant))
		fresh = g.Person.Greetable() && m.Shown == 0 && !night
		return nil
	}
	if err := s.store.Read(ctx, look); err != nil || !fresh {
		return g, ok, err
	}
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		if err := look(tx); err != nil || !fresh {
			return err
		}
		p := g.Person
		p.GreetedAt, p.GreetedIn = tx.Now, m.ID
		ok = true
		return tx.SavePerson(&p)
	})
	return g, ok, err
}

// Greeting is what the first contact says.
type Greeting struct {
	Tenant models.Tenant
	Person models.Person
	Unit   models.Unit // zero = none
	Now    models.Instant
}

// GreetingOf loads a first contact for rendering.
func (s *Services) GreetingOf(ctx context.Context, m models.Message) (Greeting, error) {
	var out Greeting
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		out, err = greeting(tx, m)
		return err
	})
	return out, err
}

func greeting(tx *store.Tx, m models.Message) (Greeting, error) {
	out := Greeting{Now: tx.Now}
	var err error
	if out.Tenant, err = tx.Tenant(m.TenantID); err != nil {
		return out, err
	}
	if out.Person, err = tx.Person(m.PersonID); err != nil {
		return out, err
	}
	out.Unit, err = tx.UnitOf(m.PersonID)
	return out, ignoreMissing(err)
}
