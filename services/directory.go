package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"muster/models"
	"muster/store"
)

// What Slack knows of people and channels comes here: asked for by a lookup,
// stored in one transaction with the end of the lookup.

// PersonFacts is what Slack says of a person.
type PersonFacts struct {
	Slack, Name, Email, Locale, Zone string
	Bot, Guest, Gone                 bool
}

// ChannelFacts is what Slack says of a channel, with its members. Missing means
// that Slack knows no such channel for us.
type ChannelFacts struct {
	Slack, Name              string
	Private, Archived, BotIn bool
	Missing                  bool
	Members                  []string // Slack ids, bots among them
}

// LearnPerson stores what Slack said; a zone that changed moves what lies ahead.
func (s *Services) LearnPerson(ctx context.Context, look models.Lookup, in PersonFacts) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(look.TenantID, look.Ref)
		if errors.Is(err, store.ErrNotFound) {
			if p, err = s.stranger(tx, look, in); p.ID == 0 {
				return err
			}
		}
		if err != nil {
			return err
		}
		moved := p.SlackZone != in.Zone && p.ZoneOwn == ""
		known := in.Name != "" && in.Name != p.Name || in.Locale != p.SlackLocale
		stranger := in.Guest && !p.Guest || in.Gone && !p.Gone
		if in.Name != "" {
			p.Name = in.Name
		}
		p.Email, p.SlackLocale, p.SlackZone = models.FoldEmail(in.Email), in.Locale, in.Zone
		p.Bot, p.Guest, p.Gone, p.KnownAt = in.Bot, in.Guest, in.Gone, tx.Now
		if err := tx.SavePerson(&p); err != nil {
			return err
		}
		if p, err = s.adopt(tx, p); err != nil {
			return err
		}
		if known {
			if err := showAgain(tx, p); err != nil {
				return err
			}
		}
		if stranger {
			if err := s.turnAway(tx, p); err != nil {
				return err
			}
		}
		if moved {
			if err := s.replan(tx, p); err != nil {
				return err
			}
		}
		return looked(tx, look)
	})
}

// stranger finds or makes the row of somebody Slack was asked about who has
// none: by their first act, or because they were imported under their e-mail.
// Nobody is made out of a question that outlived them.
func (s *Services) stranger(tx *store.Tx, look models.Lookup, in PersonFacts) (models.Person, error) {
	imported, err := tx.PersonByEmail(look.TenantID, in.Email)
	switch {
	case err == nil && !in.Bot && !in.Gone:
		if err := s.name(tx, imported, look.Ref); err != nil {
			return models.Person{}, err
		}
		return tx.Person(imported.ID)
	case ignoreMissing(err) != nil:
		return models.Person{}, err
	case look.ID != 0: // forgotten meanwhile
		return models.Person{}, tx.LookupDone(look.ID)
	}
	return tx.EnsurePerson(look.TenantID, look.Ref)
}

// peopleStep is how many members of a channel one transaction makes known: a
// press in between does not wait for a channel of ten thousand.
const peopleStep = 200

// LearnChannel stores a channel and its members, and plans anew for those it
// concerns. Its members become members of the organisation when a call or
// study is for them and the bot is there.
func (s *Services) LearnChannel(ctx context.Context, look models.Lookup, in ChannelFacts) error {
	if look.Kind == models.LookupMembers && !in.Missing {
		if err := s.onlyWhereIn(ctx, look, &in); err != nil {
			return err
		}
	}
	var ids []int64
	for rest := in.Members; len(rest) > 0 && !in.Missing; {
		step := rest[:min(len(rest), peopleStep)]
		rest = rest[len(step):]
		err := s.store.InTx(ctx, func(tx *store.Tx) error {
			some, err := s.knowMembers(tx, look, in, step)
			ids = append(ids, some...)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		c, err := tx.EnsureChannel(look.TenantID, look.Ref)
		if err != nil {
			return err
		}
		if in.Missing { // what was known of it stays; it counts as read
			c.BotIn, c.MembersAt = false, tx.Now
			// Slack shows no private channel to who is not in it.
			c.Private = c.Private || look.Kind == models.LookupMembers
		} else {
			// Slack shows private channels to those in them only.
			c.Name, c.Private, c.Archived, c.BotIn = in.Name, in.Private, in.Archived, in.BotIn || in.Private
		}
		if err := tx.SaveChannel(&c); err != nil {
			return err
		}
		if !in.Missing {
			if err := tx.SetChannelMembers(c.ID, ids); err != nil {
				return err
			}
		}
		if err := s.AudienceChanged(tx, look.TenantID, look.Ref); err != nil {
			return err
		}
		return looked(tx, look)
	})
}

// onlyWhereIn takes the bot's own name among the members as proof that it is
// in, and forgets the members of a channel that it is not in.
func (s *Services) onlyWhereIn(ctx context.Context, look models.Lookup, in *ChannelFacts) error {
	return s.store.Read(ctx, func(tx *store.Tx) error {
		t, err := tx.Tenant(look.TenantID)
		if err != nil {
			return err
		}
		in.BotIn = in.BotIn || slices.Contains(in.Members, t.BotUserID)
		if !in.BotIn {
			in.Members = nil
		}
		return nil
	})
}

// knowMembers gives rows to some members of a channel, the bot itself left out.
func (s *Services) knowMembers(tx *store.Tx, look models.Lookup, in ChannelFacts, slackIDs []string) ([]int64, error) {
	t, err := tx.Tenant(look.TenantID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, slackID := range slackIDs {
		if slackID == t.BotUserID || slackID == "" {
			continue
		}
		p, err := tx.EnsurePerson(look.TenantID, slackID)
		if err != nil {
			return nil, fmt.Errorf("member of channel: %w", err)
		}
		ids = append(ids, p.ID)
	}
	named, err := tx.NamedInFor(look.TenantID, look.Ref)
	if err != nil || !named || !in.BotIn && look.Kind == models.LookupMembers {
		return ids, err
	}
	return ids, tx.MakeMembers(ids)
}

// looked ends a lookup, also one that had no row.
func looked(tx *store.Tx, look models.Lookup) error {
	if look.ID == 0 {
		return tx.Unwant(look)
	}
	return tx.LookupDone(look.ID)
}

// LookAgain asks for a person or channel to be read anew, because Slack said
// that something about them changed. Those Muster does not know are left alone.
func (s *Services) LookAgain(ctx context.Context, act Act, kind, ref string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(act.Tenant())
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if kind == models.LookupPerson {
			_, err = tx.PersonBySlack(t.ID, ref)
		} else {
			_, err = tx.ChannelBySlack(t.ID, ref)
		}
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.Want(models.Lookup{TenantID: t.ID, Kind: kind, Ref: ref})
	})
}

// Install notes who the bot is in a workspace, at start-up.
func (s *Services) Install(ctx context.Context, external, name, botUser string) (models.Tenant, error) {
	var t models.Tenant
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		var err error
		if t, err = tx.EnsureTenant(external, s.tenantDefaults()); err != nil {
			return err
		}
		if t.Name == name && t.BotUserID == botUser {
			return nil
		}
		t.Name, t.BotUserID = name, botUser
		return tx.Save(models.By{TenantID: t.ID, Action: "tenant_install"}, &t)
	})
	return t, err
}

// ClaimLookups hands out what is to be read from Slack.
func (s *Services) ClaimLookups(ctx context.Context, limit int, lease time.Duration) ([]models.Lookup, error) {
	return s.store.ClaimLookups(ctx, limit, lease)
}

// RetryLookup gives a lookup back, not before retryMS of machine time.
func (s *Services) RetryLookup(ctx context.Context, l models.Lookup, retryMS int64, counted bool) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error { return tx.LookupRetry(l.ID, retryMS, counted) })
}

// DropLookup ends a lookup without an answer. A channel Slack knows nothing of
// counts as read, so that nobody waits for its members.
func (s *Services) DropLookup(ctx context.Context, l models.Lookup, _ string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		if l.Kind == models.LookupMembers || l.Kind == models.LookupUsergroup {
			c, err := tx.ChannelBySlack(l.TenantID, l.Ref)
			if ignoreMissing(err) != nil {
				return err
			}
			if err == nil && c.MembersAt == 0 {
				c.MembersAt = tx.Now
				if err := tx.SaveChannel(&c); err != nil {
					return err
				}
			}
		}
		return tx.LookupDone(l.ID)
	})
}

// RecipientSlack is the Slack id behind a message, "" when there is none any
// more: forgotten, deactivated, or a bot.
func (s *Services) RecipientSlack(ctx context.Context, m models.Message) (string, error) {
	slackID := ""
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		p, err := tx.Person(m.PersonID)
		if err == nil && !p.Gone && !p.Bot {
			slackID = p.Slack()
		}
		return ignoreMissing(err)
	})
	return slackID, err
}

// Removed holds everything outgoing of a workspace that took the app away:
// whatever was sent would be refused. An admin lets it go on with `resume`
// after the app is installed again.
func (s *Services) Removed(ctx context.Context, act Act) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(act.Tenant())
		if err != nil || t.Paused {
			return ignoreMissing(err)
		}
		t.Paused = true
		return tx.Save(models.By{TenantID: t.ID, Action: "tenant_removed"}, &t)
	})
}
