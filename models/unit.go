package models

import "slices"

// The tree of units. A parent that is not there counts as the top, and a ring
// (which an import refuses) ends where it began.

// UnitsBelow are the ids of all units below a unit, at any depth, nearest
// first; itself left out.
func UnitsBelow(units []Unit, id int64) []int64 {
	children := map[int64][]int64{}
	for _, u := range units {
		children[u.ParentID] = append(children[u.ParentID], u.ID)
	}
	var out []int64
	for todo := []int64{id}; len(todo) > 0; {
		next := todo[0]
		todo = todo[1:]
		for _, child := range children[next] {
			if child != id && !slices.Contains(out, child) {
				out, todo = append(out, child), append(todo, child)
			}
		}
	}
	return out
}

// UnitsAbove are the ids of the units above a unit, nearest first.
func UnitsAbove(units []Unit, id int64) []int64 {
	parent := map[int64]int64{}
	for _, u := range units {
		parent[u.ID] = u.ParentID
	}
	var out []int64
	for up := parent[id]; up != 0 && up != id && !slices.Contains(out, up); up = parent[up] {
		out = append(out, up)
	}
	return out
}

// UnitRow is a unit in the ledger, Depth below the top.
type UnitRow struct {
	Unit
	Depth   int
	Leader  Person // zero = none
	Members int    // in this very unit
	All     int    // with the units below
}

// UnitTree puts units in the order of a tree: each before those below it, those
// of one parent by id.
func UnitTree(units []Unit) []UnitRow {
	known := map[int64]bool{}
	for _, u := range units {
		known[u.ID] = true
	}
	children := map[int64][]Unit{}
	for _, u := range units {
		parent := u.ParentID
		if !known[parent] {
			parent = 0
		}
		children[parent] = append(children[parent], u)
	}
	out := make([]UnitRow, 0, len(units))
	seen := map[int64]bool{}
	var walk func(u Unit, depth int)
	walk = func(u Unit, depth int) {
		if seen[u.ID] {
			return
		}
		seen[u.ID] = true
		out = append(out, UnitRow{Unit: u, Depth: depth})
		for _, child := range children[u.ID] {
			walk(child, depth+1)
		}
	}
	for _, u := range children[0] {
		walk(u, 0)
	}
	for _, u := range units { // those in a ring hang from nothing
		walk(u, 0)
	}
	return out
}

// JointMost is how many units a joint unit may be of before the ledger points
// it out: beyond five nobody answers for it. No page of the contract names a
// number, so it is a default of ours.
const JointMost = 5

// Gap is something amiss in the ledger of units.
type Gap struct {
	Kind GapKind
	Unit Unit
	N    int // joint: of how many units; duty: how many periods
	// Duties are the periods without a record, of a duty gap.
	Duties []DutyState
}

// GapKind says what is amiss.
type GapKind string

const (
	GapLeader GapKind = "leader" // nobody leads it, or who did has left
	GapJoint  GapKind = "joint"  // of more units than JointMost
	GapEmpty  GapKind = "empty"  // nobody in it, nor in a unit below it
	GapDuty   GapKind = "duty"   // a period of a duty is over without a record
)

// UnitGaps are what is amiss in a ledger, in its order.
func UnitGaps(rows []UnitRow) []Gap {
	var out []Gap
	for _, r := range rows {
		if r.Leader.ID == 0 || r.Leader.Gone {
			out = append(out, Gap{Kind: GapLeader, Unit: r.Unit})
		}
		if len(r.JointOf) > JointMost {
			out = append(out, Gap{Kind: GapJoint, Unit: r.Unit, N: len(r.JointOf)})
		}
		if r.All == 0 {
			out = append(out, Gap{Kind: GapEmpty, Unit: r.Unit})
		}
	}
	return out
}
