package services

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// What Slack says that lets us match those imported by e-mail, and know whom
// not to expect: who has an address, who has do-not-disturb on.

// MostDND is how many people one question about do-not-disturb may name (Slack).
const MostDND = 50

// dndFor is how long what Slack said of do-not-disturb counts as known: long
// enough that a second look at a panel asks nothing, short against an evening.
const dndFor = 10 * time.Minute

// wantDND asks Slack who of these people has do-not-disturb on, unless it was
// asked within ten minutes. The answers come later, into Person.DNDUntil.
func wantDND(tx *store.Tx, tenantID int64, people []models.Person) error {
	return tx.WantAll(dndLookups(tx, tenantID, people))
}

// dndLookups are the questions about those of whom it is not known.
func dndLookups(tx *store.Tx, tenantID int64, people []models.Person) []models.Lookup {
	var ids []string
	for _, p := range people {
		if p.Slack() != "" && !p.Bot && !p.Gone && (p.DNDAt == 0 || tx.Now.Sub(p.DNDAt) >= dndFor) {
			ids = append(ids, p.Slack())
		}
	}
	slices.Sort(ids)
	var out []models.Lookup
	for part := range slices.Chunk(slices.Compact(ids), MostDND) {
		out = append(out, models.Lookup{TenantID: tenantID, Kind: models.LookupDND, Ref: strings.Join(part, ",")})
	}
	return out
}

// askFirst stops a decision for which Slack has to be asked: its transaction
// writes nothing, and it is made anew.
type askFirst struct{ lookups []models.Lookup }

func (askFirst) Error() string { return "Slack is asked first" }

// dndNow is how many people Slack is asked about while somebody waits: six
// questions, which its tier takes at once. The rest are asked meanwhile, and
// known the next time.
const dndNow = 6 * MostDND

// knowDND makes known who of these people has do-not-disturb on, before the one
// who acts is told how many have.
func (s *Services) knowDND(tx *store.Tx, tenantID int64, ids []int64) error {
	if !tx.AskFirst {
		return s.askDND(tx, tenantID, ids)
	}
	people, err := personsOf(tx, ids)
	if err != nil {
		return err
	}
	if lookups := dndLookups(tx, tenantID, people); len(lookups) > 0 {
		return askFirst{lookups: lookups[:min(len(lookups), dndNow/MostDND)]}
	}
	return nil
}

// askDND has Slack asked in the background who of these has do-not-disturb on.
func (s *Services) askDND(tx *store.Tx, tenantID int64, ids []int64) error {
	people, err := personsOf(tx, ids)
	if err != nil {
		return err
	}
	return wantDND(tx, tenantID, people)
}

func personsOf(tx *store.Tx, ids []int64) ([]models.Person, error) {
	byID, err := tx.PersonsByIDs(ids)
	people := make([]models.Person, 0, len(byID))
	for _, id := range ids {
		if p, ok := byID[id]; ok {
			people = append(people, p)
		}
	}
	return people, err
}

// DNDFacts is somebody's do-not-disturb: from when until when, zero = off.
type DNDFacts struct {
	Slack       string
	From, Until models.Instant
}

// LearnDND stores who has do-not-disturb on. One that begins later is none yet.
func (s *Services) LearnDND(ctx context.Context, look models.Lookup, all []DNDFacts) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		for _, in := range all {
			p, err := tx.PersonBySlack(look.TenantID, in.Slack)
			if errors.Is(err, store.ErrNotFound) {
				continue
			}
			if err != nil {
				return err
			}
			p.DNDUntil, p.DNDAt = 0, tx.Now
			if in.From <= tx.Now && tx.Now < in.Until {
				p.DNDUntil = in.Until
			}
			if err := tx.SavePerson(&p); err != nil {
				return err
			}
		}
		return looked(tx, look)
	})
}

// LearnEmail stores who in Slack has the address of somebody imported: the
// imported row becomes theirs, or goes into the one they have.
func (s *Services) LearnEmail(ctx context.Context, look models.Lookup, slackID string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		imported, err := tx.PersonByEmail(look.TenantID, look.Ref)
		if errors.Is(err, store.ErrNotFound) { // matched another way meanwhile
			return looked(tx, look)
		}
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(look.TenantID, slackID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			err = s.name(tx, imported, slackID)
		case err == nil:
			err = s.merge(tx, p, imported)
		}
		if err != nil {
			return err
		}
		return looked(tx, look)
	})
}

// SomebodyJoined looks at who has just come into the workspace, when somebody
// is waited for whose Slack account was not there at the import.
func (s *Services) SomebodyJoined(ctx context.Context, act Act, slackID string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(act.Tenant())
		if err != nil || slackID == "" {
			return ignoreMissing(err)
		}
		waited, err := tx.AwaitedByEmail(t.ID)
		if err != nil || !waited {
			return err
		}
		return tx.Want(models.Lookup{TenantID: t.ID, Kind: models.LookupPerson, Ref: slackID})
	})
}

// name gives an imported row its Slack id; from now on it can be written to.
func (s *Services) name(tx *store.Tx, p models.Person, slackID string) error {
	by := models.By{TenantID: p.TenantID, Action: "person_match"}
	if err := errors.Join(tx.NamePerson(p.ID, slackID), tx.Note(by, "person", p.ID, map[string]any{"matched_by": "email"}, nil)); err != nil {
		return fmt.Errorf("match person %d: %w", p.ID, err)
	}
	if err := tx.Want(models.Lookup{TenantID: p.TenantID, Kind: models.LookupPerson, Ref: slackID}); err != nil {
		return err
	}
	p, err := tx.Person(p.ID)
	if err != nil {
		return err
	}
	return s.replan(tx, p)
}

// adopt lets somebody whose e-mail has just become known have what was imported
// under it.
func (s *Services) adopt(tx *store.Tx, p models.Person) (models.Person, error) {
	if p.Email == "" || p.Bot {
		return p, nil
	}
	imported, err := tx.PersonByEmail(p.TenantID, p.Email)
	if err != nil || imported.ID == p.ID {
		return p, ignoreMissing(err)
	}
	if err := s.merge(tx, p, imported); err != nil {
		return p, err
	}
	return tx.Person(p.ID)
}

// merge puts what was imported under an e-mail into the row of the person who
// has it: unit, leading, rights, and of the settings those the person has not
// made. The imported row stays behind as somebody who has left: entries name it.
func (s *Services) merge(tx *store.Tx, p, imported models.Person) error {
	by := models.By{TenantID: p.TenantID, Action: "person_match"}
	p.Member = true
	p.Duty = imported.Duty
	if p.Lang == "" {
		p.Lang = imported.Lang
	}
	if len(p.Windows) == 0 {
		p.Windows = imported.Windows
	}
	if p.QuietStart == nil {
		p.QuietStart, p.QuietEnd = imported.QuietStart, imported.QuietEnd
	}
	p.Skills = mergeVouched(p.ID, p.Skills, imported.Skills)
	if len(p.Areas) == 0 {
		p.Areas = imported.Areas
	}
	if err := tx.Save(by, &p); err != nil {
		return fmt.Errorf("match person %d: %w", p.ID, err)
	}
	if err := s.mergeUnit(tx, by, p, imported); err != nil {
		return err
	}
	imported.Gone, imported.Email, imported.Member = true, "", false
	return errors.Join(tx.SavePerson(&imported), s.replan(tx, p), s.planUnits(tx, p.TenantID))
}

// mergeVouched is somebody's own list of skills, or else the imported one, with
// what was vouched for in the import; but nobody vouches for themselves, not
// even an admin who was imported by an address nobody knew to be theirs.
func mergeVouched(personID int64, own, imported []models.Skill) []models.Skill {
	out := slices.Clone(own)
	for _, skill := range imported {
		if skill.VerifiedBy == personID {
			skill.VerifiedBy, skill.Until = 0, 0
		}
		i := skillAt(out, skill.Name)
		switch {
		case i < 0 && (len(own) == 0 || skill.VerifiedBy != 0):
			out = append(out, skill)
		case i >= 0 && out[i].VerifiedBy == 0:
			out[i].VerifiedBy, out[i].Until = skill.VerifiedBy, skill.Until
		}
	}
	return out
}

// mergeUnit moves unit, leading and rights from the imported row.
func (s *Services) mergeUnit(tx *store.Tx, by models.By, p, imported models.Person) error {
	u, err := tx.UnitOf(imported.ID)
	if ignoreMissing(err) != nil {
		return err
	}
	if err == nil {
		if err := errors.Join(tx.SetUnitMember(0, imported.ID), tx.SetUnitMember(u.ID, p.ID)); err != nil {
			return err
		}
	}
	has, err := tx.Rights(p.TenantID, imported.ID)
	if err != nil {
		return err
	}
	for _, unitID := range has.Leads {
		led, err := tx.Unit(unitID)
		if err != nil {
			return err
		}
		led.LeaderID = p.ID
		if err := tx.Save(by, &led); err != nil {
			return err
		}
	}
	return nil
}
