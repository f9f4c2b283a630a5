package models

import "time"

// A chain sign-up list (接龙) that an organizer pasted: each line names somebody
// who is to be asked, with a place held meanwhile. Nobody is signed up by it.

// ChainEntry is one line of the list as it was written.
type ChainEntry struct {
	Raw    string
	Name   string // or a mention, <@U1>
	Role   string
	Guests int
}

// Why a line of a chain list comes to nothing.
const (
	ChainUnknown = "unknown" // nobody of that name is known
	ChainDoubt   = "doubt"   // several have that name
	ChainTwice   = "twice"   // named before in the list
	ChainRole    = "role"    // it does not say which of several roles
	ChainShift   = "shift"   // it does not say which of several shifts
	ChainIn      = "in"      // signed up already
	ChainNoRoom  = "no_room" // no place left, or too many guests
	ChainBusy    = "busy"    // somewhere else at that time
	ChainSkill   = "skill"   // the role needs a verified skill, which they have not
	ChainGuest   = "guest"   // a guest of the workspace, who may not sign up
)

// ChainLine is what a line comes to: a place to hold, or why not.
type ChainLine struct {
	ChainEntry
	PersonID int64 // 0 = not matched
	RoleID   int64 // 0 = no place
	Why      string
}

// chainHold: a place on a list is held until a day before the start, when others
// can still be found.
const chainHold = 24 * time.Hour

// HoldUntil is until when a place is held for somebody who was put on a list.
func (b *Board) HoldUntil(personID int64, role *Role) Instant {
	start := b.Shift(role.ShiftID).StartAt
	if until := start.Add(-chainHold); until.Sub(b.Now) > longHold {
		return until
	}
	until, ok := OfferUntil(b.Now, start, b.TimesOf(personID))
	if !ok {
		return start
	}
	return until
}

// Hold keeps a place for somebody who was put on a list, until they answer or
// the time is up. It is refused where Join would not give a place.
func (b *Board) Hold(w Wish) (*Signup, error) {
	role := b.Role(w.RoleID)
	if role == nil {
		return nil, Refuse(CodeNotFound, "error.role_gone", "Number", b.Call.Ref())
	}
	if err := b.mayJoin(role, b.Shift(role.ShiftID), w); err != nil {
		return nil, err
	}
	if 1+w.Guests > b.Free(role.ID) {
		return nil, Refuse(CodeConflict, "error.party_no_room", "Number", b.Call.Ref(), "Max", b.Free(role.ID))
	}
	su := b.Of(w.PersonID, role.ShiftID)
	if su == nil {
		su = &Signup{TenantID: b.Call.TenantID, CallID: b.Call.ID, ShiftID: role.ShiftID, PersonID: w.PersonID}
		b.Signups = append(b.Signups, su)
	}
	su.RoleID = 0
	b.recount()
	line := b.endOfLine(role.ID)
	*su = Signup{ID: su.ID, TenantID: su.TenantID, CallID: su.CallID, ShiftID: su.ShiftID, PersonID: su.PersonID,
		State: su.State, RoleID: role.ID, Guests: w.Guests, How: ByOrganizer, Line: line, SignedAt: b.Now}
	for _, to := range []SignupState{SignupWaitlisted, SignupOffered} {
		if err := b.move(su, to); err != nil {
			return nil, err
		}
	}
	su.OfferUntil = b.HoldUntil(w.PersonID, role)
	b.tell(NoticeHeld, su)
	return su, nil
}
