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

// toVouch marks a skill for which an admin will stand once the plan is applied.
const toVouch = -1

// memberPlan is what a file of members would do.
type memberPlan struct {
	svc    *Services
	lines  []models.MemberLine
	now    *rosterNow
	tenant models.Tenant
	admins []models.Person
	seen   map[string]int // whom a line meant, to the line
	faults []models.Fault
	done   models.Imported
	steps  []memberStep
}

// memberStep is one person as they will be.
type memberStep struct {
	p     models.Person
	unit  int64
	moves bool          // into another unit, or out of one
	times bool          // reminders have to be planned anew
	slack string        // the id of somebody imported by e-mail before
	into  models.Person // an imported row that turned out to be theirs
}

func (m *memberPlan) result() (models.Imported, []models.Fault) { return m.done, m.faults }

func (m *memberPlan) fault(line int, key string, args ...any) {
	m.faults = append(m.faults, models.FaultAt(line, key, args...))
}

func (m *memberPlan) look(tx *store.Tx, t models.Tenant) error {
	var err error
	if m.now, err = readRoster(tx, t); err != nil {
		return err
	}
	if m.admins, err = m.svc.holders(tx, t, models.RoleAdmin); err != nil {
		return err
	}
	m.tenant, m.seen = t, map[string]int{}
	for _, line := range m.lines {
		m.line(line)
	}
	return nil
}

// line plans one row.
func (m *memberPlan) line(in models.MemberLine) {
	was, known, key, part := m.now.who(in.Slack, in.Email)
	if key != "" {
		m.fault(in.Line, key, "Part", in.Email, "Other", part)
		return
	}
	if !m.once(in, was) {
		return
	}
	if known && (was.Bot || was.Gone) {
		m.fault(in.Line, map[bool]string{true: "import.bot", false: "import.gone"}[was.Bot], "Part", personLabel(was))
		return
	}
	step := memberStep{p: was, unit: m.now.unitOf[was.ID]}
	p := &step.p
	if !known {
		p.TenantID, p.Duty, p.Email = m.tenant.ID, models.RoleMember, in.Email
		if in.Slack != "" {
			p.SlackID = &in.Slack
		}
	}
	if known && in.Slack != "" && was.Slack() == "" {
		step.slack = in.Slack
	}
	for _, id := range m.now.byEmail[in.Email] {
		if other := m.now.byID[id]; known && other.Slack() == "" && other.ID != was.ID {
			step.into = other
		}
	}
	if !m.fill(in, &step) {
		return
	}
	m.note(in, was, step, known)
}

// once says whether nobody before meant the same person.
func (m *memberPlan) once(in models.MemberLine, was models.Person) bool {
	var keys []string
	if was.ID != 0 {
		keys = append(keys, "id:"+id(was.ID))
	}
	if in.Slack != "" {
		keys = append(keys, "slack:"+in.Slack)
	}
	if in.Email != "" {
		keys = append(keys, "email:"+in.Email)
	}
	for _, key := range keys {
		if before := m.seen[key]; before != 0 {
			m.fault(in.Line, "import.person_twice", "Line", before)
			return false
		}
	}
	for _, key := range keys {
		m.seen[key] = in.Line
	}
	return true
}

// fill puts what a row says into the person; false when it cannot be.
func (m *memberPlan) fill(in models.MemberLine, step *memberStep) bool {
	p := &step.p
	p.Member = true
	if in.Said["name"] && p.KnownAt == 0 && in.Name != "" { // what Slack calls them stands over the file
		p.Name = in.Name
	}
	if in.Email != "" && (p.Email == "" || p.KnownAt == 0) {
		p.Email = in.Email
	}
	if in.Said["unit"] {
		unit := models.Unit{}
		if in.Unit != "" {
			var key string
			if unit, key = m.now.unit(in.Unit); key != "" {
				m.fault(in.Line, key, "Part", in.Unit)
				return false
			}
		}
		step.moves, step.unit = unit.ID != step.unit, unit.ID
	}
	if in.Said["duty"] {
		p.Duty = in.Duty
		if p.Duty == "" {
			p.Duty = models.RoleMember
		}
	}
	if in.Said["lang"] {
		p.Lang = in.Lang
	}
	if in.Said["areas"] {
		p.Areas = in.Areas
	}
	if in.Said["windows"] {
		step.times = step.times || writeWindows(p.Windows) != writeWindows(in.Windows)
		p.Windows = in.Windows
	}
	if in.Said["quiet"] {
		step.times = step.times || writeQuiet(p.QuietStart, p.QuietEnd) != writeQuiet(in.QuietStart, in.QuietEnd)
		p.QuietStart, p.QuietEnd = in.QuietStart, in.QuietEnd
	}
	return !in.Said["skills"] || m.skills(in, p)
}

// skills takes over the list of a row. What somebody vouched for stays so; a
// star has an admin vouch, who is never the person.
func (m *memberPlan) skills(in models.MemberLine, p *models.Person) bool {
	var names []string
	for _, s := range in.Skills {
		names = append(names, s.Name)
	}
	p.Skills = mergeSkills(p.Skills, names)
	for _, line := range in.Skills {
		if !line.Verified {
			continue
		}
		i := slices.IndexFunc(p.Skills, func(s models.Skill) bool { return strings.EqualFold(s.Name, line.Name) })
		until := models.Instant(0)
		if day, err := time.ParseInLocation(time.DateOnly, line.Until, m.tenant.Location()); line.Until != "" && err == nil {
			until = models.At(day.AddDate(0, 0, 1))
		}
		if p.Skills[i].VerifiedBy != 0 && p.Skills[i].Until == until {
			continue
		}
		if _, ok := m.voucher(*p); !ok {
			m.fault(in.Line, "import.nobody_vouches", "Part", line.Name)
			return false
		}
		p.Skills[i].VerifiedBy, p.Skills[i].Until = toVouch, until
	}
	return true
}

// voucher is the admin who vouches for somebody's skills.
func (m *memberPlan) voucher(p models.Person) (models.Person, bool) {
	for _, a := range m.admins {
		if p.ID == 0 && a.Slack() != p.Slack() || p.ID != 0 && a.ID != p.ID {
			return a, true
		}
	}
	return models.Person{}, false
}

// note counts what a row changes.
func (m *memberPlan) note(in models.MemberLine, was models.Person, step memberStep, known bool) {
	p, f := step.p, fields{}
	unitName := func(id int64) string {
		for _, u := range m.now.units {
			if u.ID == id {
				return u.Name
			}
		}
		return ""
	}
	f.add("user_id", was.Slack(), p.Slack()+step.slack)
	f.add("email", was.Email, p.Email)
	f.add("name", was.Name, p.Name)
	if step.moves {
		f.add("unit", unitName(m.now.unitOf[was.ID]), unitName(step.unit))
	}
	f.add("duty", was.Duty, p.Duty)
	f.add("skills", writeSkills(was.Skills, m.tenant), writeSkills(p.Skills, m.tenant))
	f.add("areas", strings.Join(was.Areas, ";"), strings.Join(p.Areas, ";"))
	f.add("lang", was.Lang, p.Lang)
	f.add("windows", writeWindows(was.Windows), writeWindows(p.Windows))
	f.add("quiet", writeQuiet(was.QuietStart, was.QuietEnd), writeQuiet(p.QuietStart, p.QuietEnd))
	switch {
	case !known:
		m.done.New++
	case len(f) == 0 && was.Member && step.into.ID == 0:
		m.done.Same++
		return
	default:
		m.done.Changed++
	}
	who := p
	if step.slack != "" {
		who.SlackID = &step.slack
	}
	m.done.Changes = append(m.done.Changes, models.ImportChange{Line: in.Line, Who: personLabel(who), New: !known, Fields: f})
	m.steps = append(m.steps, step)
}

func (m *memberPlan) apply(tx *store.Tx, t models.Tenant) error {
	by := models.By{TenantID: t.ID, Action: "member_import"}
	var fresh []*models.Person
	for i := range m.steps {
		p := &m.steps[i].p
		if err := m.vouchFor(tx, t, p); err != nil {
			return fmt.Errorf("member %s: %w", personLabel(*p), err)
		}
		if p.ID == 0 {
			p.CreatedAt = tx.Now
			fresh = append(fresh, p)
		}
	}
	known := slices.DeleteFunc(slices.Clone(m.steps), func(step memberStep) bool { return step.p.ID == 0 })
	if err := tx.AddPersons(by, fresh); err != nil {
		return err
	}
	for i := range known {
		if err := m.applyKnown(tx, by, &known[i]); err != nil {
			return fmt.Errorf("member %s: %w", personLabel(known[i].p), err)
		}
	}
	return errors.Join(m.ask(tx, fresh), m.move(tx, by))
}

// ask has Slack asked about who is new.
func (m *memberPlan) ask(tx *store.Tx, fresh []*models.Person) error {
	all := make([]models.Lookup, 0, len(fresh))
	for _, p := range fresh {
		all = append(all, lookupOf(*p))
	}
	return tx.WantAll(all)
}

// move puts everybody where the file has them, and plans anew what depends on it.
func (m *memberPlan) move(tx *store.Tx, by models.By) error {
	unitOf, times := map[int64]int64{}, false
	for _, step := range m.steps {
		if step.moves {
			unitOf[step.p.ID] = step.unit
		}
		times = times || step.times || step.moves
	}
	by.Action = "unit_member"
	if err := tx.PutIntoUnits(by, unitOf); err != nil || !times {
		return err
	}
	return m.svc.movedTimes(tx, by.TenantID)
}

// vouchFor has an admin stand for the skills that a row stars.
func (m *memberPlan) vouchFor(tx *store.Tx, t models.Tenant, p *models.Person) error {
	for i := range p.Skills {
		if p.Skills[i].VerifiedBy != toVouch {
			continue
		}
		admin, _ := m.voucher(*p)
		if admin.ID == 0 { // named in the settings, has not used Muster yet
			var err error
			if admin, err = tx.EnsurePerson(t.ID, admin.Slack()); err != nil {
				return err
			}
		}
		p.Skills[i].VerifiedBy = admin.ID
	}
	return nil
}

// applyKnown changes somebody who is there already.
func (m *memberPlan) applyKnown(tx *store.Tx, by models.By, step *memberStep) error {
	p := &step.p
	if err := tx.Save(by, p); err != nil {
		return err
	}
	if step.into.ID != 0 {
		if err := m.svc.merge(tx, *p, step.into); err != nil {
			return err
		}
	}
	if step.slack != "" {
		return errors.Join(tx.Unwant(models.Lookup{TenantID: by.TenantID, Kind: models.LookupEmail, Ref: p.Email}), m.svc.name(tx, *p, step.slack))
	}
	return nil
}

// setUnit puts somebody into a unit, 0 = into none, with an entry of it.
func setUnit(tx *store.Tx, by models.By, personID, unitID int64) error {
	if err := tx.SetUnitMember(unitID, personID); err != nil {
		return err
	}
	by.Action = "unit_member"
	return tx.Note(by, "person", personID, map[string]any{"unit": unitID}, nil)
}
