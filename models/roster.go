package models

// Lines of imported files, as they were read. A cell that is empty leaves what
// is there; a cell of one dash empties it.

// MemberLine is one row of a file of members. Said names the columns whose
// cells said something, by their names in the file.
type MemberLine struct {
	Line   int // in the file, from 1; the head is a line too
	Slack  string
	Email  string // folded
	Name   string
	Unit   string // name
	Duty   string // member or leader
	Lang   string // zh or en
	Skills []SkillLine
	Areas  []string

	Windows              []Window
	QuietStart, QuietEnd *int
	Said                 map[string]bool
}

// SkillLine is a skill as a file writes it: `医生`, `医生*` (an admin vouches for
// it) or `医生*2026-12-31` (until the end of that day).
type SkillLine struct {
	Name     string
	Verified bool
	Until    string // 2026-12-31, "" = without end
}

// UnitLine is one row of a file of units.
type UnitLine struct {
	Line                       int
	Name, Parent, Type, Leader string // Leader is a Slack id or an e-mail address
	Windows                    []Window
	QuietStart, QuietEnd       *int
	JointOf                    []string // names of units
	Said                       map[string]bool
}

// Columns of the files that can be imported.
var (
	memberColumns = []string{"user_id", "email", "name", "unit", "duty", "skills", "areas", "lang", "windows", "quiet"}
	unitColumns   = []string{"name", "parent", "type", "leader", "windows", "quiet", "joint_of"}
)

// MemberColumns are the columns a file of members may have, in any order.
func MemberColumns() []string { return append([]string(nil), memberColumns...) }

// UnitColumns are the columns a file of units may have, in any order.
func UnitColumns() []string { return append([]string(nil), unitColumns...) }

// Fault is what is wrong with one line of a file.
type Fault struct {
	Line int
	Err  *Error
}

// FaultAt is a fault with its reason, a key of the catalogue.
func FaultAt(line int, key string, args ...any) Fault {
	return Fault{Line: line, Err: Refuse(CodeInvalid, key, args...)}
}

// Imported is what an import did, or with a dry run would do.
type Imported struct {
	New, Changed, Same int
	Changes            []ImportChange // in the order of the file
}

// ImportChange is what one line changes.
type ImportChange struct {
	Line   int
	Who    string // a name with an id or address, or a unit's name
	New    bool
	Fields []FieldChange
}

// FieldChange is one value before and after, as the file would write it.
type FieldChange struct{ Name, Was, Now string }
