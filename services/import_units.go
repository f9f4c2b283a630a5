package services

import (
	"fmt"
	"strings"

	"muster/models"
	"muster/store"
)

// unitPlan is what a file of units would do.
type unitPlan struct {
	svc    *Services
	lines  []models.UnitLine
	now    *rosterNow
	tenant models.Tenant
	inFile map[string]int // name to line
	faults []models.Fault
	done   models.Imported
	steps  []unitStep
}

// unitStep is one unit as it will be. Names stand for ids where the unit or
// person is not there before the file is applied.
type unitStep struct {
	u        models.Unit
	parent   string
	newLead  bool
	leadBy   models.Person // the leader, ID 0 = to be made
	times    bool
	reparent bool
}

func (m *unitPlan) result() (models.Imported, []models.Fault) { return m.done, m.faults }

func (m *unitPlan) fault(line int, key string, args ...any) {
	m.faults = append(m.faults, models.FaultAt(line, key, args...))
}

func (m *unitPlan) look(tx *store.Tx, t models.Tenant) error {
	var err error
	if m.now, err = readRoster(tx, t); err != nil {
		return err
	}
	m.tenant, m.inFile = t, map[string]int{}
	for _, line := range m.lines {
		if before := m.inFile[line.Name]; before != 0 {
			m.fault(line.Line, "import.unit_line_twice", "Part", line.Name, "Line", before)
			continue
		}
		m.inFile[line.Name] = line.Line
	}
	for _, line := range m.lines {
		if m.inFile[line.Name] == line.Line {
			m.line(line)
		}
	}
	m.rings()
	return nil
}

// line plans one row.
func (m *unitPlan) line(in models.UnitLine) {
	was, key := m.now.unit(in.Name)
	if key == "import.unit_twice" {
		m.fault(in.Line, key, "Part", in.Name)
		return
	}
	step := unitStep{u: was, parent: m.nameOf(was.ParentID)}
	step.u.TenantID, step.u.Name = m.tenant.ID, in.Name
	before := step.parent
	if in.Said["parent"] {
		step.parent = in.Parent
		if in.Parent != "" && !m.there(in.Line, in.Parent) {
			return
		}
	}
	step.reparent = step.parent != before
	if in.Said["type"] {
		step.u.Type = in.Type
	}
	if in.Said["joint_of"] {
		step.u.JointOf = in.JointOf
		for _, name := range in.JointOf {
			if !m.there(in.Line, name) {
				return
			}
		}
	}
	if in.Said["windows"] {
		step.times = writeWindows(was.Windows) != writeWindows(in.Windows)
		step.u.Windows = in.Windows
	}
	if in.Said["quiet"] {
		step.times = step.times || writeQuiet(was.QuietStart, was.QuietEnd) != writeQuiet(in.QuietStart, in.QuietEnd)
		step.u.QuietStart, step.u.QuietEnd = in.QuietStart, in.QuietEnd
	}
	if in.Said["leader"] && !m.leader(in, &step) {
		return
	}
	m.note(in, was, before, step)
}

// there says whether a unit is known or in the file.
func (m *unitPlan) there(line int, name string) bool {
	if m.inFile[name] != 0 {
		return true
	}
	if _, key := m.now.unit(name); key != "" {
		m.fault(line, key, "Part", name)
		return false
	}
	return true
}

func (m *unitPlan) nameOf(unitID int64) string {
	for _, u := range m.now.units {
		if u.ID == unitID {
			return u.Name
		}
	}
	return ""
}

// leader finds who leads; somebody not known yet is made when the file is
// applied.
func (m *unitPlan) leader(in models.UnitLine, step *unitStep) bool {
	if in.Leader == "" {
		step.newLead, step.u.LeaderID = step.u.LeaderID != 0, 0
		return true
	}
	slack, email := in.Leader, ""
	if strings.Contains(in.Leader, "@") {
		slack, email = "", in.Leader
	}
	p, known, key, part := m.now.who(slack, email)
	switch {
	case key != "":
		m.fault(in.Line, key, "Part", in.Leader, "Other", part)
		return false
	case known && p.Bot:
		m.fault(in.Line, "import.bot", "Part", personLabel(p))
		return false
	case known && p.Gone:
		m.fault(in.Line, "import.gone", "Part", personLabel(p))
		return false
	case !known:
		p = models.Person{TenantID: m.tenant.ID, Email: email, Duty: "leader", Member: true}
		if slack != "" {
			p.SlackID = &slack
		}
	}
	step.newLead, step.leadBy = p.ID == 0 || p.ID != step.u.LeaderID, p
	return true
}

func (m *unitPlan) note(in models.UnitLine, was models.Unit, parent string, step unitStep) {
	f := fields{}
	f.add("parent", parent, step.parent)
	f.add("type", was.Type, step.u.Type)
	if step.newLead {
		lead := ""
		if step.leadBy.TenantID != 0 {
			lead = personLabel(step.leadBy)
		}
		before := ""
		if was.LeaderID != 0 {
			before = personLabel(m.now.byID[was.LeaderID])
		}
		f.add("leader", before, lead)
	}
	f.add("windows", writeWindows(was.Windows), writeWindows(step.u.Windows))
	f.add("quiet", writeQuiet(was.QuietStart, was.QuietEnd), writeQuiet(step.u.QuietStart, step.u.QuietEnd))
	f.add("joint_of", strings.Join(was.JointOf, ";"), strings.Join(step.u.JointOf, ";"))
	switch {
	case was.ID == 0:
		m.done.New++
	case len(f) == 0:
		m.done.Same++
		return
	default:
		m.done.Changed++
	}
	m.done.Changes = append(m.done.Changes, models.ImportChange{Line: in.Line, Who: in.Name, New: was.ID == 0, Fields: f})
	m.steps = append(m.steps, step)
}

// rings refuses units that would stand above themselves.
func (m *unitPlan) rings() {
	above := map[string]string{}
	for _, u := range m.now.units {
		above[u.Name] = m.nameOf(u.ParentID)
	}
	for _, step := range m.steps {
		above[step.u.Name] = step.parent
	}
	for _, step := range m.steps {
		up, seen := step.parent, map[string]bool{}
		for up != "" && up != step.u.Name && !seen[up] {
			seen[up] = true
			up = above[up]
		}
		if up == step.u.Name {
			m.fault(m.inFile[up], "import.ring", "Part", up)
		}
	}
}

func (m *unitPlan) apply(tx *store.Tx, t models.Tenant) error {
	ids := map[string]int64{}
	for _, u := range m.now.units {
		ids[u.Name] = u.ID
	}
	todo, times := m.steps, false
	for len(todo) > 0 { // without rings, each pass places at least one
		var later []unitStep
		for _, step := range todo {
			parent, there := ids[step.parent]
			if step.parent != "" && !there {
				later = append(later, step)
				continue
			}
			step.u.ParentID = parent
			if err := m.applyOne(tx, &step); err != nil {
				return fmt.Errorf("unit %q: %w", step.u.Name, err)
			}
			ids[step.u.Name] = step.u.ID
			times = times || step.times || step.reparent
		}
		if len(later) == len(todo) {
			return fmt.Errorf("the units of the file stand in a ring: %q", later[0].u.Name)
		}
		todo = later
	}
	if !times {
		return nil
	}
	return m.svc.movedTimes(tx, t.ID)
}

func (m *unitPlan) applyOne(tx *store.Tx, step *unitStep) error {
	by := models.By{TenantID: m.tenant.ID, Action: "unit_import"}
	if step.leadBy.TenantID != 0 {
		p, err := m.ensure(tx, by, step.leadBy)
		if err != nil {
			return err
		}
		if err := tx.MakeMembers([]int64{p.ID}); err != nil {
			return err
		}
		step.u.LeaderID = p.ID
	}
	return tx.Save(by, &step.u)
}

// ensure makes the leader of a unit when nobody is known by that id or address;
// one person may lead several units of the file.
func (m *unitPlan) ensure(tx *store.Tx, by models.By, p models.Person) (models.Person, error) {
	if p.ID != 0 {
		return p, nil
	}
	if p.Slack() != "" {
		return tx.EnsurePerson(p.TenantID, p.Slack())
	}
	had, err := tx.PersonByEmail(p.TenantID, p.Email)
	if err == nil || ignoreMissing(err) != nil {
		return had, err
	}
	p.CreatedAt = tx.Now
	if err := tx.Save(by, &p); err != nil {
		return p, err
	}
	return p, tx.Want(lookupOf(p))
}
