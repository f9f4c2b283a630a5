// Package services decides. Each exported method is one transaction: load,
// apply a rule from models, save with its entry in the record, queue what is
// to be said. It never words anything and never talks to Slack.
package services

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"muster/models"
	"muster/store"
)

// Services carries what every decision needs.
type Services struct {
	store  *store.Store
	random func([]byte) // fills with random bytes: codes, salts
	admins []string     // Slack ids ("U1" or "T1:U1") that are admins from the start
	dues   map[models.DueKind]dueFunc
	many   map[models.DueKind]dueManyFunc // beside the rule for one, which does what these cannot
	cfg    Defaults
	boards *boards
	pace   Pace
	look   func(context.Context, []models.Lookup)
	nudge  func() // something may be due to be sent: look now, not at the next beat
}

// Defaults are the organisation's values until setup changes them.
type Defaults struct {
	Lang, Zone string
}

// Options are what a Services is made with.
type Options struct {
	Random   func([]byte)
	Admins   []string
	Defaults Defaults
	Pace     Pace   // for forecasts
	Nudge    func() // called after a commit; nil = nobody waits for it
	// Look answers lookups (that have no row) while somebody waits, as far as it
	// gets in a moment; nil = nobody is asked.
	Look func(context.Context, []models.Lookup)
}

// New makes the services over a store. Each feature brings its due rules; two
// rules for one kind are a mistake and panic at start.
func New(st *store.Store, o Options) *Services {
	s := &Services{store: st, random: o.Random, admins: o.Admins, cfg: o.Defaults, pace: o.Pace, nudge: o.Nudge, look: o.Look, dues: map[models.DueKind]dueFunc{}, boards: newBoards(boardRows)}
	for _, rules := range append(append(append(s.dispatchDues(), s.learningDues()...), s.ledgerDues()...), s.callDues(), s.studyDues(), s.remindDues(), s.digestDues(), s.setupDues(), s.rosterDues()) {
		for kind, rule := range rules {
			if s.dues[kind] != nil {
				panic("two rules for due kind " + string(kind))
			}
			s.dues[kind] = rule
		}
	}
	s.many = s.remindManyDues()
	st.WhenSent(models.MessageSummary, s.summarySent)
	return s
}

// dueBatch is how many due rows one transaction moves on: enough that the
// commit is a small part of the work. How long a press in between waits is
// bounded by the claim's own time.
const dueBatch = 512

// RunDue does what is due now and says how much it did.
func (s *Services) RunDue(ctx context.Context) (int, error) {
	one := func(tx *store.Tx, d models.Due) error {
		rule := s.dues[d.Kind]
		if rule == nil {
			return fmt.Errorf("no rule for due kind %q", d.Kind)
		}
		return rule(tx, d)
	}
	n, err := s.store.ClaimDue(ctx, dueBatch, store.DueRules{One: one, Many: func(kind models.DueKind) func(*store.Tx, []models.Due) error { return s.many[kind] }})
	if n > 0 && s.nudge != nil {
		s.nudge()
	}
	return n, err
}

type dueFunc func(tx *store.Tx, due models.Due) error

// dueManyFunc acts on rows of one kind and organisation at once.
type dueManyFunc func(tx *store.Tx, all []models.Due) error

// Act is one delivery: who did it, where, and its identity against repeats.
type Act struct {
	Delivery   string // "" when nothing is changed or a repeat is harmless
	Team       string
	Enterprise string
	User       string // Slack id; "" for the system
	Channel    string // Slack channel id where it happened
	ThreadTS   string
	TS         string
	Direct     bool
}

// Tenant is the external id the act belongs to.
func (a Act) Tenant() string {
	if a.Enterprise != "" {
		return a.Enterprise
	}
	return a.Team
}

// Actor is who acts, loaded in the act's own transaction.
type Actor struct {
	Tenant models.Tenant
	Person models.Person
	Rights models.Rights
}

// By is the actor as the author of an entry.
func (a Actor) By(action string) models.By {
	return models.By{TenantID: a.Tenant.ID, ActorID: a.Person.ID, Action: action}
}

// do runs fn in one writing transaction with the act's identity claimed in it.
// A repeat returns models.ErrRepeat and changes nothing. Who uses Muster for
// the first time by it is greeted.
func (s *Services) do(ctx context.Context, act Act, fn func(tx *store.Tx, me Actor) error) error {
	return s.doQuietly(ctx, act, func(tx *store.Tx, me Actor) error {
		if err := fn(tx, me); err != nil {
			return err
		}
		return s.greet(tx, me)
	})
}

// doQuietly is do for what is no first use of Muster: setting it up.
func (s *Services) doQuietly(ctx context.Context, act Act, fn func(tx *store.Tx, me Actor) error) error {
	err := s.attempt(ctx, act, s.look != nil, fn)
	var first askFirst
	if errors.As(err, &first) { // nothing was written: Slack is asked, and the decision made anew
		s.look(ctx, first.lookups)
		err = s.attempt(ctx, act, false, fn)
	}
	if err == nil && s.nudge != nil {
		s.nudge()
	}
	return err
}

// attempt makes one decision in one transaction.
func (s *Services) attempt(ctx context.Context, act Act, first bool, fn func(tx *store.Tx, me Actor) error) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		tx.AskFirst = first
		if act.Delivery != "" {
			fresh, err := tx.Deliver(act.Delivery)
			if err != nil {
				return err
			}
			if !fresh {
				return models.ErrRepeat
			}
		}
		me, err := s.actor(tx, act, true)
		if err != nil {
			return err
		}
		return fn(tx, me)
	})
}

// read runs fn on the readers' side; nothing is changed.
func (s *Services) read(ctx context.Context, act Act, fn func(tx *store.Tx, me Actor) error) error {
	return s.store.Read(ctx, func(tx *store.Tx) error {
		me, err := s.actor(tx, act, false)
		if err != nil {
			return err
		}
		return fn(tx, me)
	})
}

// actor finds (or, when creating, makes) the tenant and person of an act.
func (s *Services) actor(tx *store.Tx, act Act, create bool) (Actor, error) {
	var me Actor
	var err error
	if create {
		me.Tenant, err = tx.EnsureTenant(act.Tenant(), s.tenantDefaults())
	} else {
		me.Tenant, err = tx.TenantByExternal(act.Tenant())
	}
	if err != nil && !(errors.Is(err, store.ErrNotFound) && !create) {
		return me, fmt.Errorf("tenant of the act: %w", err)
	}
	if me.Tenant.ID == 0 { // a reader before the first write: defaults, nobody known
		me.Tenant = s.tenantDefaults()
		me.Tenant.ExternalID = act.Tenant()
		return me, nil
	}
	if act.User == "" {
		return me, nil
	}
	if create {
		me.Person, err = tx.EnsurePerson(me.Tenant.ID, act.User)
	} else {
		me.Person, err = tx.PersonBySlack(me.Tenant.ID, act.User)
	}
	if errors.Is(err, store.ErrNotFound) && !create {
		// Not seen before: nobody in the database, but perhaps an admin by the settings.
		me.Person, err = models.Person{TenantID: me.Tenant.ID, SlackID: &act.User}, nil
	}
	if err != nil {
		return me, fmt.Errorf("person of the act: %w", err)
	}
	me.Rights, err = s.rights(tx, me.Tenant, me.Person)
	return me, err
}

// rights loads a person's rights, with the admins named in the settings.
func (s *Services) rights(tx *store.Tx, t models.Tenant, p models.Person) (models.Rights, error) {
	var r models.Rights
	if p.ID != 0 { // row 0 would lead every unit without a leader
		var err error
		if r, err = tx.Rights(t.ID, p.ID); err != nil {
			return r, fmt.Errorf("rights: %w", err)
		}
		if r.Below, err = below(tx, t.ID, r.Units(true)); err != nil {
			return r, err
		}
	}
	if s.adminBySettings(t, p.Slack()) {
		r.Rows = append(r.Rows, models.Right{TenantID: t.ID, PersonID: p.ID, Role: models.RoleAdmin})
	}
	return r, nil
}

// adminBySettings says whether the settings name somebody an admin.
func (s *Services) adminBySettings(t models.Tenant, slackID string) bool {
	return slackID != "" && (slices.Contains(s.admins, slackID) || slices.Contains(s.admins, t.ExternalID+":"+slackID))
}
