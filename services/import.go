package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// An import plans first and changes then: the plan finds what is wrong with any
// row and what each would change, so a bad file changes nothing and a dry run is
// the plan alone.

// importPlan is what a file would do to a tenant.
type importPlan interface {
	// look fills the plan from what is stored; it writes nothing.
	look(tx *store.Tx, t models.Tenant) error
	result() (models.Imported, []models.Fault)
	apply(tx *store.Tx, t models.Tenant) error
}

// ImportMembers brings the members of a file into a tenant, all of them or
// none. Rows are matched by Slack id, else by e-mail, never by name.
func (s *Services) ImportMembers(ctx context.Context, external string, lines []models.MemberLine, dry bool) (models.Imported, []models.Fault, error) {
	return s.importPlan(ctx, external, dry, func() importPlan { return &memberPlan{svc: s, lines: lines} })
}

// ImportUnits brings the units of a file into a tenant, all of them or none.
// Rows are matched by name.
func (s *Services) ImportUnits(ctx context.Context, external string, lines []models.UnitLine, dry bool) (models.Imported, []models.Fault, error) {
	return s.importPlan(ctx, external, dry, func() importPlan { return &unitPlan{svc: s, lines: lines} })
}

func (s *Services) importPlan(ctx context.Context, external string, dry bool, begin func() importPlan) (done models.Imported, faults []models.Fault, err error) {
	run := func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(external)
		if err != nil {
			return fmt.Errorf("tenant of the import: %w", err)
		}
		p := begin()
		if err := p.look(tx, t); err != nil {
			return err
		}
		done, faults = p.result()
		slices.SortStableFunc(faults, func(a, b models.Fault) int { return cmp.Compare(a.Line, b.Line) })
		if dry || len(faults) > 0 || done.New+done.Changed == 0 {
			return nil
		}
		return p.apply(tx, t)
	}
	if dry {
		return done, faults, s.store.Read(ctx, run)
	}
	err = s.store.InTx(ctx, run)
	return done, faults, err
}

// rosterNow is what an import holds its rows against.
type rosterNow struct {
	people  []models.Person
	bySlack map[string]int64
	byEmail map[string][]int64
	byID    map[int64]models.Person
	units   []models.Unit
	named   map[string][]models.Unit
	unitOf  map[int64]int64
}

func readRoster(tx *store.Tx, t models.Tenant) (*rosterNow, error) {
	now := &rosterNow{bySlack: map[string]int64{}, byEmail: map[string][]int64{}, byID: map[int64]models.Person{}, named: map[string][]models.Unit{}}
	var err error
	if now.people, err = tx.PersonsIn(t.ID); err != nil {
		return nil, fmt.Errorf("people of the tenant: %w", err)
	}
	for _, p := range now.people {
		now.byID[p.ID] = p
		if p.Slack() != "" {
			now.bySlack[p.Slack()] = p.ID
		}
		if p.Email != "" && !p.Gone && !p.Bot {
			key := models.FoldEmail(p.Email) // the first release kept them as Slack wrote them
			now.byEmail[key] = append(now.byEmail[key], p.ID)
		}
	}
	if now.units, err = tx.Units(t.ID); err != nil {
		return nil, fmt.Errorf("units of the tenant: %w", err)
	}
	for _, u := range now.units {
		now.named[u.Name] = append(now.named[u.Name], u)
	}
	now.unitOf, err = tx.UnitsOf(t.ID)
	return now, err
}

// unit finds a unit by name; key is the reason why not.
func (now *rosterNow) unit(name string) (u models.Unit, key string) {
	switch all := now.named[name]; len(all) {
	case 0:
		return u, "import.no_unit"
	case 1:
		return all[0], ""
	}
	return u, "import.unit_twice"
}

// who finds whom an id or address means; ok is false for nobody yet. key is the
// reason why the two cannot be brought together.
func (now *rosterNow) who(slack, email string) (p models.Person, ok bool, key, part string) {
	var mailed []models.Person
	for _, id := range now.byEmail[email] {
		mailed = append(mailed, now.byID[id])
	}
	if slack != "" {
		id, known := now.bySlack[slack]
		for _, m := range mailed {
			if m.Slack() != "" && m.Slack() != slack {
				return p, false, "import.email_other", m.Slack()
			}
			if m.Slack() == "" && !known {
				return m, true, "", ""
			}
		}
		return now.byID[id], known, "", ""
	}
	inSlack := slices.DeleteFunc(slices.Clone(mailed), func(m models.Person) bool { return m.Slack() == "" })
	switch {
	case len(inSlack) > 1:
		return p, false, "import.email_shared", inSlack[0].Slack() + ", " + inSlack[1].Slack()
	case len(inSlack) == 1:
		return inSlack[0], true, "", ""
	case len(mailed) > 0:
		return mailed[0], true, "", ""
	}
	return p, false, "", ""
}

// fields gathers what changes, each as the file would write it.
type fields []models.FieldChange

func (f *fields) add(name, was, now string) {
	if was != now {
		*f = append(*f, models.FieldChange{Name: name, Was: was, Now: now})
	}
}

func writeQuiet(start, end *int) string {
	if start == nil || end == nil {
		return ""
	}
	return models.Window{Start: *start, End: *end}.Text()
}

func writeWindows(all []models.Window) string {
	out := make([]string, len(all))
	for i, w := range all {
		out[i] = w.Text()
		if i > 0 && len(w.Days) == 0 && len(all[i-1].Days) > 0 { // else the days before would hold for it
			out[i] = "daily " + out[i]
		}
	}
	return strings.Join(out, ";")
}

func writeSkills(all []models.Skill, t models.Tenant) string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = s.Name
		if s.VerifiedBy != 0 {
			out[i] += "*" + lastDay(s.Until, t)
		}
	}
	return strings.Join(out, ";")
}

// lastDay is the last day on which a verification counts, "" without end.
func lastDay(until models.Instant, t models.Tenant) string {
	if until == 0 {
		return ""
	}
	return until.Add(-time.Millisecond).In(t.Location()).Format("2006-01-02")
}

// personLabel names somebody in a list of changes.
func personLabel(p models.Person) string {
	id := p.Slack()
	if id == "" {
		id = p.Email
	}
	if p.Name == "" {
		return id
	}
	return p.Name + " (" + id + ")"
}

// lookupOf is what Slack is asked about somebody imported.
func lookupOf(p models.Person) models.Lookup {
	look := models.Lookup{TenantID: p.TenantID, Kind: models.LookupPerson, Ref: p.Slack()}
	if look.Ref == "" {
		look.Kind, look.Ref = models.LookupEmail, p.Email
	}
	return look
}

// movedTimes plans anew what depends on windows, quiet hours and units.
func (s *Services) movedTimes(tx *store.Tx, tenantID int64) error {
	return errors.Join(s.planUnits(tx, tenantID), planTimes(tx, tenantID, 0))
}
