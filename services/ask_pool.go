package services

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// Who is left to ask, and in which order: everybody the call is for, with what
// the books say of them, read at most once a decision.

// rank puts everybody the call is for in order for one role.
func (a *asking) rank(run *models.Run) (models.Pool, error) {
	role := a.Role(run.RoleID)
	wanted, err := a.wanted(role)
	if err != nil {
		return models.Pool{}, err
	}
	if err := a.loadPool(); err != nil {
		return models.Pool{}, err
	}
	only, err := a.onlyUnits(run)
	if err != nil {
		return models.Pool{}, err
	}
	all := make([]models.Candidate, 0, len(a.books.pool))
	for _, c := range a.books.pool {
		if only != nil && !only[a.books.unitOf[c.Person.ID]] {
			continue
		}
		if c.AskFacts, err = a.factsOf(c.Person.ID, role.ShiftID); err != nil {
			return models.Pool{}, err
		}
		all = append(all, c)
	}
	return wanted.Rank(all), nil
}

func (a *asking) wanted(role *models.Role) (models.Wanted, error) {
	w := models.Wanted{Call: a.Call, Shift: a.Shift(role.ShiftID), Role: role, Now: a.Now}
	for _, r := range a.Roles {
		if r.ID != role.ID && !models.SameSkill(r.Name, role.Name) && a.Shortfall(r) > 0 {
			w.Others = append(w.Others, r.Name)
		}
	}
	if a.Call.UnitID == 0 {
		return w, nil
	}
	var err error
	w.Unit, err = a.tx.Unit(a.Call.UnitID)
	return w, ignoreMissing(err)
}

// poolPage is how many people are read at a time.
const poolPage = 1000

// loadPool reads everybody the call is for, once a decision.
func (a *asking) loadPool() error {
	if a.books.pool != nil {
		return nil
	}
	audience := audienceFrom(a.Call.Audience)
	units, err := unitsUnder(a.tx, a.tenant.ID, audience)
	if err != nil {
		return err
	}
	if err := a.loadUnits(); err != nil {
		return err
	}
	zones := map[string]*time.Location{} // loading one costs more than everything else about a person
	a.books.pool = []models.Candidate{}
	for after := int64(0); ; {
		page, err := a.tx.AudiencePage(a.tenant.ID, audience, units, after, poolPage)
		if err != nil {
			return err
		}
		for _, p := range page {
			if p.Slack() == "" { // imported by e-mail and not in Slack yet: nothing reaches them
				continue
			}
			a.books.pool = append(a.books.pool, models.Candidate{Person: p, Times: a.timesFor(p, zones)})
		}
		if len(page) < poolPage {
			return nil
		}
		after = page[len(page)-1].ID
	}
}

func (a *asking) timesFor(p models.Person, zones map[string]*time.Location) models.Times {
	name := p.ZoneOwn
	if name == "" {
		name = p.SlackZone
	}
	if name == "" {
		name = a.tenant.Zone
	}
	if zones[name] == nil {
		zones[name] = models.Zone(name)
	}
	return models.Times{Rest: models.RestOf(p, a.books.unitRows[a.books.unitOf[p.ID]], a.tenant), Zone: zones[name]}
}

func (a *asking) loadUnits() error {
	if a.books.unitOf != nil {
		return nil
	}
	var err error
	if a.books.unitOf, err = a.tx.UnitsByPerson(a.tenant.ID); err != nil {
		return err
	}
	rows, err := a.tx.Units(a.tenant.ID)
	a.books.unitRows = make(map[int64]models.Unit, len(rows))
	for _, u := range rows {
		a.books.unitRows[u.ID] = u
	}
	return err
}

// candidate is one person with what the books say of them.
func (a *asking) candidate(p models.Person, role *models.Role) (models.Candidate, error) {
	c := models.Candidate{Person: p}
	if err := a.loadUnits(); err != nil {
		return c, err
	}
	c.Times = a.timesFor(p, map[string]*time.Location{})
	var err error
	c.AskFacts, err = a.factsOf(p.ID, role.ShiftID)
	return c, err
}

// onlyUnits are the units a run is kept to, nil for no such bound.
func (a *asking) onlyUnits(run *models.Run) (map[int64]bool, error) {
	if run.OnlyUnit == 0 {
		return nil, nil
	}
	ids, err := unitsUnder(a.tx, a.tenant.ID, models.Audience{Kind: models.AudienceUnit, Ref: fmt.Sprint(run.OnlyUnit)})
	out := make(map[int64]bool, len(ids))
	for _, id := range ids {
		out[id] = true
	}
	return out, err
}

// audienceKnown says whether it is known who is in the channel or user group
// that the call is for.
func (a *asking) audienceKnown() (bool, error) {
	audience := audienceFrom(a.Call.Audience)
	if audience.Kind != models.AudienceChannel && audience.Kind != models.AudienceGroup {
		return true, nil
	}
	room, err := a.tx.ChannelBySlack(a.tenant.ID, audience.Ref)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return room.MembersAt != 0, err
}

// audienceFrom reads an audience as a call keeps it.
func audienceFrom(text string) models.Audience {
	kind, ref, _ := strings.Cut(text, ":")
	return models.Audience{Kind: models.AudienceKind(kind), Ref: ref}
}

// shiftFacts is what the books say of everybody with regard to one shift.
type shiftFacts struct{ busy, ends, ended, minutes map[int64]int64 }

// restBack is how long before a shift, or now, the end of another one matters.
const restBack = 8 * time.Hour

func (a *asking) shiftFacts(shiftID int64) (*shiftFacts, error) {
	if f := a.books.facts[shiftID]; f != nil {
		return f, nil
	}
	f, shift := &shiftFacts{}, a.Shift(shiftID)
	var err error
	if f.busy, err = a.tx.BusyDuring(a.tenant.ID, a.Call.ID, shift.StartAt, shift.EndAt); err != nil {
		return nil, err
	}
	if f.ends, err = a.tx.ShiftEnds(a.tenant.ID, shift.StartAt.Add(-restBack), shift.StartAt); err != nil {
		return nil, err
	}
	if f.ended, err = a.tx.ShiftEnds(a.tenant.ID, a.Now.Add(-restBack), a.Now); err != nil {
		return nil, err
	}
	if f.minutes, err = a.tx.MinutesServed(a.tenant.ID, a.Now.Add(-models.MinutesBack)); err != nil {
		return nil, err
	}
	a.books.facts[shiftID] = f
	return f, nil
}

// callFact is what this call's own books say of somebody.
type callFact struct {
	signed, open, declined bool
	asked                  []int64 // shifts
}

// callFacts are those of everybody who has anything to do with the call.
func (a *asking) callFacts() map[int64]*callFact {
	if a.mine != nil {
		return a.mine
	}
	a.mine = map[int64]*callFact{}
	of := func(id int64) *callFact {
		if a.mine[id] == nil {
			a.mine[id] = &callFact{}
		}
		return a.mine[id]
	}
	for _, su := range a.Signups {
		f := of(su.PersonID)
		f.signed = f.signed || su.Active()
		f.declined = f.declined || su.State == models.SignupWithdrawn
	}
	for _, q := range a.asks {
		f := of(q.PersonID)
		f.open = f.open || q.Waiting()
		f.declined = f.declined || q.State == models.AskNo
		if q.Asked() {
			f.asked = append(f.asked, q.ShiftID)
		}
	}
	for _, x := range a.answers {
		f := of(x.PersonID)
		f.declined = f.declined || x.Kind == models.AnswerNo
		f.open = f.open || x.Kind != models.AnswerNo
	}
	return a.mine
}

func (a *asking) factsOf(personID, shiftID int64) (models.AskFacts, error) {
	f, err := a.shiftFacts(shiftID)
	if err != nil {
		return models.AskFacts{}, err
	}
	_, busy := f.busy[personID]
	facts := models.AskFacts{Overlaps: busy, EndsAt: models.Instant(f.ends[personID]),
		EndedAt: models.Instant(f.ended[personID]), Minutes: int(f.minutes[personID])}
	if own := a.callFacts()[personID]; own != nil {
		facts.Signed, facts.Open, facts.Declined = own.signed, own.open, own.declined
		facts.Asked = slices.Contains(own.asked, shiftID)
	}
	return facts, nil
}
