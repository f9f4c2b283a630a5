package models

// HandoverState is what a request to take over a place is at.
//
//	asked → yes        the place moved
//	asked → no         they cannot; the place stays
//	asked → lapsed     no answer by the start
//	asked → withdrawn  the giver took the request back
//	asked → void       the place went otherwise, or the call was cancelled
type HandoverState string

const (
	HandoverAsked     HandoverState = "asked"
	HandoverYes       HandoverState = "yes"
	HandoverNo        HandoverState = "no"
	HandoverLapsed    HandoverState = "lapsed"
	HandoverWithdrawn HandoverState = "withdrawn"
	HandoverVoid      HandoverState = "void"
)

// Handover is somebody asking a named person to take over their place. Until
// that person's own yes the place stays where it is. A place has at most one
// request open.
type Handover struct {
	ID         int64
	TenantID   int64 `gorm:"index"`
	CallID     int64 `gorm:"index"`
	SignupID   int64 // the giver's place
	FromID     int64 // person who gives it
	ToID       int64 `gorm:"index"` // person asked
	State      HandoverState
	AskedAt    Instant
	AnsweredAt Instant // yes or no
	ClosedAt   Instant // no longer open, for whatever reason
}

func (Handover) TableName() string { return "call_handovers" }

func (h *Handover) Thing() (string, int64) { return "handover", h.ID }

func (h *Handover) Facts() map[string]any {
	return map[string]any{"call": h.CallID, "signup": h.SignupID, "from": h.FromID, "to": h.ToID, "state": h.State,
		"asked_at": h.AskedAt, "answered_at": h.AnsweredAt, "closed_at": h.ClosedAt}
}

func (h *Handover) Words() map[string]Word { return nil }

// Open says whether the question still waits for its answer.
func (h *Handover) Open() bool { return h.State == HandoverAsked }

// Close ends a question.
func (h *Handover) Close(to HandoverState, now Instant) {
	h.State, h.ClosedAt = to, now
	if to == HandoverYes || to == HandoverNo {
		h.AnsweredAt = now
	}
}

// Taker is what the rule has to know of who is to take a place over.
type Taker struct {
	Person   Person
	Welcome  bool   // a guest who may sign up all the same: an admin allows it there
	Verified bool   // their skill for the role was verified by somebody else
	Clash    *Clash // a place in another call at the same time
}

// MayHandOver says why a place cannot be given to somebody by name, nil when
// it can: it is held, the call goes on, and the shift has not begun.
func (b *Board) MayHandOver(s *Signup) error {
	switch {
	case b.Call.State == CallCancelled || b.Call.State == CallDone:
		return b.TakesSignups()
	case s.State == SignupCheckedIn || s.State == SignupDone:
		return Refuse(CodeConflict, "error.checked_in", "Number", b.Call.Ref())
	case s.State != SignupConfirmed:
		return Refuse(CodeConflict, "error.handover_no_place", "Number", b.Call.Ref(), "Title", b.Call.Title)
	case b.Now >= b.Shift(s.ShiftID).StartAt:
		return Refuse(CodeConflict, "error.handover_begun", "Number", b.Call.Ref(), "Title", b.Call.Title)
	}
	return nil
}

// MayTakeOver says why somebody cannot take a place over, nil when they can.
func (b *Board) MayTakeOver(s *Signup, to Taker) error {
	who := tag(to.Person)
	switch {
	case to.Person.ID == s.PersonID:
		return Refuse(CodeInvalid, "error.handover_self", "Number", b.Call.Ref())
	case to.Person.Bot || to.Person.Gone || to.Person.Guest && !to.Welcome:
		return Refuse(CodeForbidden, "error.handover_who", "Who", who)
	}
	shift, role := b.Shift(s.ShiftID), b.Role(s.RoleID)
	if has := b.Of(to.Person.ID, shift.ID); has != nil && has.Active() && !has.Waits() {
		return Refuse(CodeConflict, "error.handover_has", "Who", who, "Number", b.Call.Ref())
	}
	if role.Verified && !to.Verified {
		return Refuse(CodeForbidden, "error.handover_skill", "Who", who, "Role", role.Name)
	}
	if to.Clash != nil {
		return Refuse(CodeConflict, "error.handover_busy", "Who", who, "Number", to.Clash.number(), "Title", to.Clash.Title)
	}
	for _, other := range b.Mine(to.Person.ID) {
		if other.ShiftID != shift.ID && b.Shift(other.ShiftID).Overlaps(*shift) {
			return Refuse(CodeConflict, "error.handover_busy", "Who", who, "Number", b.Call.Ref(), "Title", b.Call.Title)
		}
	}
	return nil
}

// tag names a person as Slack's own token, so that the sentence shows the name.
func tag(p Person) string {
	if id := p.Slack(); id != "" {
		return "<@" + id + ">"
	}
	return p.Name
}

// HandOver moves a place to somebody else, who has said yes: the giver's is
// withdrawn, the other's confirmed in the same role, in one go, so that nobody
// waiting comes in between. Guests of the giver do not come along; the places
// they leave go to those who wait.
func (b *Board) HandOver(s *Signup, to Taker) (*Signup, error) {
	if err := b.MayHandOver(s); err != nil {
		return nil, err
	}
	if err := b.MayTakeOver(s, to); err != nil {
		return nil, err
	}
	got := b.Of(to.Person.ID, s.ShiftID)
	if got == nil {
		got = &Signup{TenantID: b.Call.TenantID, CallID: b.Call.ID, ShiftID: s.ShiftID, PersonID: to.Person.ID}
		b.Signups = append(b.Signups, got)
	}
	if err := b.move(s, SignupWithdrawn); err != nil {
		return nil, err
	}
	*got = Signup{ID: got.ID, TenantID: got.TenantID, CallID: got.CallID, ShiftID: got.ShiftID, PersonID: got.PersonID,
		State: got.State, RoleID: s.RoleID, How: ByHandover, Line: s.Line, SignedAt: b.Now, YesAt: b.Now}
	if err := b.move(got, SignupConfirmed); err != nil {
		return nil, err
	}
	b.tell(NoticeHanded, s)
	b.tell(NoticeTookOver, got)
	return got, nil
}
