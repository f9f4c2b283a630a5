package services

import (
	"errors"
	"fmt"

	"muster/models"
	"muster/store"
)

// desk is one call on the table of one decision: its board, and what has to be
// written, planned and said when the decision is made.
type desk struct {
	*models.Board
	svc      *Services
	tx       *store.Tx
	tenant   models.Tenant
	people   map[int64]models.Person
	units    map[int64]models.Unit
	fault    error    // from a lookup made in the middle of a rule
	dirty    bool     // the call itself changed
	answered bool     // an answer came or was settled
	stale    []string // keys of messages that show an old state
	was      models.Instant
	order    askOrder       // what is wanted of asking directly
	books    *askBooks      // what was read of people for it
	watched  *models.Loop   // the safety loop, once it was looked at
	rollWas  bool           // the roll was taken when the call was taken up
	atRisk   map[int64]bool // roles below their least when the call was taken up
	base     *models.Board  // as it was when the call was taken up, shared: never changed
}

// desk takes a call up, held against every other decision about it.
func (s *Services) desk(tx *store.Tx, t models.Tenant, callID int64) (*desk, error) {
	base, err := s.take(tx, t.ID, callID)
	if err != nil {
		return nil, err
	}
	tx.TakeBoardWrites(callID) // what was written before is in the board
	d := &desk{Board: base.Copy(), base: base, svc: s, tx: tx, tenant: t, people: map[int64]models.Person{}, units: map[int64]models.Unit{},
		atRisk: map[int64]bool{}}
	d.TimesOf, d.rollWas = d.times, d.RollTaken()
	for _, r := range d.Roles {
		d.atRisk[r.ID] = d.AtRisk(r)
	}
	return d, nil
}

func (d *desk) person(id int64) models.Person {
	if p, ok := d.people[id]; ok {
		return p
	}
	p, err := d.tx.Person(id)
	if err != nil {
		d.fault = errors.Join(d.fault, fmt.Errorf("person %d: %w", id, err))
	}
	d.people[id] = p
	return p
}

func (d *desk) unit(personID int64) models.Unit {
	u, ok := d.units[personID]
	if ok {
		return u
	}
	u, err := d.tx.UnitOf(personID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		d.fault = errors.Join(d.fault, fmt.Errorf("unit of person %d: %w", personID, err))
	}
	d.units[personID] = u
	return u
}

func (d *desk) times(id int64) models.Times {
	return models.TimesOf(d.person(id), d.unit(id), d.tenant)
}

// finish settles the board, writes what changed with its entries, plans what
// is due and queues what is to be said.
func (d *desk) finish(by models.By) error {
	changed, err := d.Settle()
	if err != nil {
		return err
	}
	for _, su := range d.Changed() {
		if err := d.tx.Save(d.byFor(by, su), su); err != nil {
			return fmt.Errorf("save sign-up: %w", err)
		}
	}
	if changed || d.dirty {
		if err := d.tx.Save(by, d.Call); err != nil {
			return fmt.Errorf("save call: %w", err)
		}
	}
	for _, su := range d.Changed() {
		if err := d.plan(su); err != nil {
			return err
		}
	}
	for _, n := range d.Notices() {
		if err := d.tell(n); err != nil {
			return err
		}
	}
	d.movedUp()
	for _, follow := range d.follows() {
		if err := follow(by); err != nil {
			return err
		}
	}
	moved := changed || d.dirty || len(d.Changed()) > 0
	if moved {
		d.stale = append(d.stale, cardKey(d.Call.ID))
	}
	if moved || d.answered {
		if err := d.panel(); err != nil {
			return err
		}
	}
	if err := d.touch(); err != nil {
		return err
	}
	return errors.Join(d.fault, d.keep())
}

// lineShown is how many of a line see in their message that they moved up: who
// is further back than this is told when they come nearer, and Slack's edits are
// left for others.
const lineShown = 20

// movedUp edits the messages of those whose place in the line is another one.
func (d *desk) movedUp() {
	for _, r := range d.Roles {
		for i, su := range d.Front(r.ID, lineShown) {
			if was := d.base.Position(d.base.Signup(su.ID)); was == 0 || was == i+1 {
				continue
			}
			d.stale = append(d.stale, signupKey(d.Call.ID, su.PersonID))
		}
	}
}

// touch has what shows an old state edited, in one go.
func (d *desk) touch() error {
	if len(d.stale) == 0 {
		return nil
	}
	keys := d.stale
	d.stale = nil
	return d.tx.Touch(d.tenant.ID, keys...)
}

// byFor names the author of a change: what follows from somebody's act without
// their doing is Muster's own.
func (d *desk) byFor(by models.By, su *models.Signup) models.By {
	actions := map[models.NoticeKind]string{models.NoticePromoted: "signup_promote", models.NoticeOffered: "signup_offer", models.NoticeHeld: "signup_hold",
		models.NoticeTaken: "signup_wait", models.NoticeLapsed: "signup_lapse", models.NoticePassed: "signup_pass_over"}
	for _, n := range d.Notices() {
		if n.Signup == su && actions[n.Kind] != "" && su.PersonID != by.ActorID {
			return models.By{TenantID: by.TenantID, Action: actions[n.Kind]}
		}
	}
	return by
}

// plan sets what is due for one sign-up: its reminders while it has a place,
// the end of its offer while there is one.
func (d *desk) plan(su *models.Signup) error {
	remind, offer := fmt.Sprintf("call:remind:%d:", su.ID), fmt.Sprintf("call:offer:%d:", su.ID)
	fresh := d.base.Signup(su.ID) == nil // so nothing is planned for it
	unplan := d.tx.Unplan
	if d.Call.Live() && su.State == models.SignupConfirmed {
		unplan = d.tx.UnplanAhead // a reminder that waits its turn is still owed
	}
	if !fresh {
		if _, err := unplan(d.tenant.ID, remind); err != nil {
			return err
		}
		if _, err := d.tx.Unplan(d.tenant.ID, offer); err != nil {
			return err
		}
	}
	due := models.Due{TenantID: d.tenant.ID, RefID: su.ID, PersonID: su.PersonID}
	switch {
	case !d.Call.Live():
	case su.State == models.SignupOffered:
		due.Key, due.Kind, due.DueAt = offer, dueOffer, su.OfferUntil
		return d.tx.Plan(due)
	case su.State == models.SignupConfirmed:
		for i, at := range models.RemindersOf(*d.Call, *d.Shift(su.ShiftID), d.times(su.PersonID), d.Now) {
			due.Key, due.Kind, due.DueAt = fmt.Sprintf("%s%d", remind, i), dueRemind, at
			if err := d.tx.Plan(due); err != nil {
				return err
			}
		}
	}
	return nil
}

// planCall sets what is due for the call as a whole.
func (d *desk) planCall() error {
	prefix := fmt.Sprintf("call:%d:", d.Call.ID)
	if !d.Call.Live() {
		_, err := d.tx.Unplan(d.tenant.ID, prefix)
		return err
	}
	if err := d.planOnsite(); err != nil {
		return err
	}
	if _, err := d.tx.UnplanAhead(d.tenant.ID, prefix); err != nil {
		return err
	}
	plan := func(kind models.DueKind, name string, at models.Instant) error {
		if at == 0 || at <= d.Now {
			return nil
		}
		return d.tx.Plan(models.Due{TenantID: d.tenant.ID, Key: prefix + name, Kind: kind, RefID: d.Call.ID, DueAt: at})
	}
	err := errors.Join(plan(dueOpens, "opens", d.Call.OpensAt), plan(dueEnd, "end", d.End()))
	if d.Call.Taking() {
		err = errors.Join(err, plan(dueClose, "close", d.Call.ClosesAt))
	}
	for _, sh := range d.Shifts {
		// Who could not be asked far ahead, outside their windows, can be from
		// six hours before; from three hours before everybody is asked.
		err = errors.Join(err, plan(dueNear, fmt.Sprintf("awake:%d", sh.ID), models.AnyHourAt(sh.StartAt)),
			plan(dueNear, fmt.Sprintf("near:%d", sh.ID), models.RaceAt(sh.StartAt)+1),
			plan(dueRisk, fmt.Sprintf("risk:%d", sh.ID), sh.StartAt.Add(-models.RiskAhead)))
	}
	return err
}

// manages says whether somebody may edit, close and cancel a call: its
// creator while they organize, organizers of its unit or one above it, of
// everything, admins.
func manages(r models.Rights, c models.Call) bool {
	if r.ManagesAll() || c.UnitID != 0 && r.Organizer(c.UnitID) {
		return true
	}
	return r.PersonID != 0 && r.PersonID == c.CreatorID && r.Organizer(0)
}

// mayRoll says whether somebody may take the roll of a call: who manages it,
// and the leader of its unit or of one above it.
func mayRoll(r models.Rights, c models.Call) bool {
	return manages(r, c) || c.UnitID != 0 && r.Leader(c.UnitID)
}
