package plain

import (
	"fmt"
	"slices"
	"strings"

	"muster/models"
)

// Picture is all of the call that is compared: a line for each person and
// shift, the lines of waiting people in order, what is taken and free.
func (c *Call) Picture() string {
	var out []string
	for _, s := range c.spots {
		out = append(out, fmt.Sprintf("%d/%d %s role %d guests %d until %d race %v unchecked %v passed %v lapsed %v again %d yes %d late %d",
			s.person, s.shift, s.state, s.role, s.guests, s.until, s.race, s.unchecked, s.passed, s.lapsed && s.state == models.SignupWithdrawn,
			s.again, s.yes, s.late))
	}
	slices.Sort(out)
	for _, r := range c.roles {
		line := fmt.Sprintf("role %d of %d to %d: taken %d free %d line", r.id, r.least, r.most, c.taken(r.id, false), c.free(r.id))
		for _, s := range c.inLine(r.id) {
			line += fmt.Sprintf(" %d", s.person)
		}
		out = append(out, line)
	}
	return fmt.Sprintf("%s\n%s", c.state, strings.Join(out, "\n"))
}

// Told is what the last act gave to tell, in order.
func (c *Call) Told() string { return strings.Join(c.told, ", ") }

// PictureOf is the Picture of a call under the rules. person, shift and role
// translate its row ids into those of the plain call.
func PictureOf(b *models.Board, person, shift, role func(id int64) int64) string {
	var out []string
	for _, s := range b.Signups {
		out = append(out, fmt.Sprintf("%d/%d %s role %d guests %d until %d race %v unchecked %v passed %v lapsed %v again %d yes %d late %d",
			person(s.PersonID), shift(s.ShiftID), s.State, role(s.RoleID), s.Guests, s.OfferUntil, s.Race, s.Unchecked, s.PassedOver,
			s.Lapsed && s.State == models.SignupWithdrawn, s.AskAgain, s.YesAt, s.LateMin))
	}
	slices.Sort(out)
	for _, r := range b.Roles {
		line := fmt.Sprintf("role %d of %d to %d: taken %d free %d line", role(r.ID), r.Least, r.Most, b.Taken(r.ID), b.Free(r.ID))
		for _, s := range b.Waiting(r.ID) {
			line += fmt.Sprintf(" %d", person(s.PersonID))
		}
		out = append(out, line)
	}
	return fmt.Sprintf("%s\n%s", b.Call.State, strings.Join(out, "\n"))
}
