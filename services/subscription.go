package services

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"time"

	"muster/models"
	"muster/store"
)

func (s *Services) subscriptionDues() map[models.DueKind]dueFunc { return nil }

// calendarTokenBytes is how much chance is in the address of a calendar: not
// to be guessed by anybody, ever.
const calendarTokenBytes = 32

// Subscription is how a member's private calendar stands.
type Subscription struct {
	Tenant models.Tenant
	Person models.Person
	Link   models.CalendarLink // zero = none that works
	Token  string              // only in the answer to having made it
	Now    models.Instant
}

// MyCalendar is the actor's link: made when there is none that works. Of one
// that was made before nobody knows the secret any more.
func (s *Services) MyCalendar(ctx context.Context, act Act) (out Subscription, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		out = Subscription{Tenant: me.Tenant, Person: me.Person, Now: tx.Now}
		out.Link, err = tx.LiveCalendarLink(me.Tenant.ID, me.Person.ID)
		if errors.Is(err, store.ErrNotFound) {
			out.Link, out.Token, err = s.newCalendarLink(tx, me)
		}
		return err
	})
	return out, err
}

// RenewCalendar gives the actor another link; the one before dies at once.
func (s *Services) RenewCalendar(ctx context.Context, act Act) (out Subscription, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if _, err := revokeCalendar(tx, me); err != nil {
			return err
		}
		out = Subscription{Tenant: me.Tenant, Person: me.Person, Now: tx.Now}
		out.Link, out.Token, err = s.newCalendarLink(tx, me)
		return err
	})
	return out, err
}

// EndCalendar revokes the actor's link.
func (s *Services) EndCalendar(ctx context.Context, act Act) (out Subscription, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		out = Subscription{Tenant: me.Tenant, Person: me.Person, Now: tx.Now}
		had, err := revokeCalendar(tx, me)
		if err == nil && !had {
			return models.Refuse(models.CodeConflict, "error.subscription_none")
		}
		return err
	})
	return out, err
}

func (s *Services) newCalendarLink(tx *store.Tx, me Actor) (models.CalendarLink, string, error) {
	raw := make([]byte, calendarTokenBytes)
	s.random(raw)
	token := base64.RawURLEncoding.EncodeToString(raw)
	l := models.CalendarLink{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Hash: tokenHash(token), CreatedAt: tx.Now}
	return l, token, tx.Save(me.By("calendar_link_new"), &l)
}

// revokeCalendar ends every link of a person that works; had says whether
// there was one.
func revokeCalendar(tx *store.Tx, me Actor) (had bool, err error) {
	for {
		l, err := tx.LiveCalendarLink(me.Tenant.ID, me.Person.ID)
		if errors.Is(err, store.ErrNotFound) {
			return had, nil
		}
		if err != nil {
			return had, err
		}
		l.RevokedAt, had = tx.Now, true
		if err := tx.Save(me.By("calendar_link_revoke"), &l); err != nil {
			return had, err
		}
	}
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// realToken says whether a text could be a token at all.
func realToken(token string) bool {
	raw, err := base64.RawURLEncoding.DecodeString(token)
	return err == nil && len(raw) == calendarTokenBytes
}

// SendCalendarFile hands the actor their whole calendar as a file: where there
// is no address at which it could be read.
func (s *Services) SendCalendarFile(ctx context.Context, act Act) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		_, err := tx.Enqueue(models.Message{TenantID: me.Tenant.ID, Key: fmt.Sprintf("ics:all:%d:%s", me.Person.ID, onceOf(act, tx.Now)),
			Kind: models.MessageSubscription, Op: models.OpFile, SubjectID: me.Person.ID, PersonID: me.Person.ID,
			Priority: models.PriorityAnswer, Quiet: models.QuietPass})
		return err
	})
}

// CalendarByToken is the calendar behind an address; ok is false when the
// address is wrong or revoked, or its owner has left.
func (s *Services) CalendarByToken(ctx context.Context, token string) (f Feed, ok bool, err error) {
	if !realToken(token) {
		return f, false, nil
	}
	hash := tokenHash(token)
	var link models.CalendarLink
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		link, err = tx.CalendarLinkBy(hash)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil || link.RevokedAt != 0 || subtle.ConstantTimeCompare([]byte(link.Hash), []byte(hash)) != 1 {
			return err
		}
		f, ok, err = s.feed(tx, link.TenantID, link.PersonID)
		return err
	})
	if err != nil || !ok {
		return f, false, err
	}
	zone := f.Person.Location(f.Tenant)
	y, m, d := f.Now.In(zone).Date()
	if day := models.At(time.Date(y, m, d, 0, 0, 0, 0, zone)); link.SeenAt < day {
		err = s.store.InTx(ctx, func(tx *store.Tx) error { return tx.SeenCalendarLink(link.ID, day) })
	}
	return f, err == nil, err
}

// CalendarOfPerson is a member's own calendar, for the file.
func (s *Services) CalendarOfPerson(ctx context.Context, tenantID, personID int64) (f Feed, ok bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		f, ok, err = s.feed(tx, tenantID, personID)
		return err
	})
	return f, ok, err
}

// HasCalendar says whether the actor has a link that works.
func (s *Services) HasCalendar(ctx context.Context, act Act) (has bool, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		_, err := tx.LiveCalendarLink(me.Tenant.ID, me.Person.ID)
		has = err == nil
		return ignoreMissing(err)
	})
	return has, err
}

// unitsAbove are the audiences that somebody in a unit is one of by it.
func unitsAbove(tx *store.Tx, tenantID, personID int64) ([]models.Audience, error) {
	unit, err := tx.UnitOf(personID)
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := tx.Units(tenantID)
	if err != nil {
		return nil, err
	}
	parents := make(map[int64]int64, len(all))
	for _, u := range all {
		parents[u.ID] = u.ParentID
	}
	var out []models.Audience
	seen := map[int64]bool{}
	for at := unit.ID; at != 0 && !seen[at]; at = parents[at] {
		seen[at] = true
		out = append(out, models.Audience{Kind: models.AudienceUnit, Ref: strconv.FormatInt(at, 10)})
	}
	return out, nil
}
