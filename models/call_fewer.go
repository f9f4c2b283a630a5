package models

// WhyFewer: fewer are needed than have places, and the organizer asks who would
// step back. Nobody has to.
const WhyFewer = "fewer"

// Over is by how many people a role has more than its most: the need was
// lowered after they had signed up.
func (b *Board) Over(r *Role) int { return max(0, b.Taken(r.ID)-r.Most) }

// MayStepBack are those of a role who can be asked whether they would: with a
// place, before their shift begins, and no message that waits for another answer.
func (b *Board) MayStepBack(r *Role) []*Signup {
	if !b.Call.Live() || b.Over(r) == 0 || b.Shift(r.ShiftID).StartAt <= b.Now {
		return nil
	}
	var out []*Signup
	for _, s := range b.Signups {
		if s.RoleID == r.ID && s.State == SignupConfirmed && s.AskAgain == 0 {
			out = append(out, s)
		}
	}
	return out
}
