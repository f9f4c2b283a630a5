package models

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWhoCanBeAskedToStepBack(t *testing.T) {
	t.Parallel()
	const start = 1_000_000
	board := func(most int, edit func(*Board)) *Board {
		b := &Board{Call: &Call{ID: 1, State: CallFilled}, Now: start - 10_000,
			Shifts: []*Shift{{ID: 1, Seq: 1, StartAt: start, EndAt: start + 10_000}},
			Roles:  []*Role{{ID: 1, ShiftID: 1, Name: "lifter", Most: most}, {ID: 2, ShiftID: 1, Name: "driver", Most: 1}},
			Signups: []*Signup{{ID: 1, PersonID: 1, ShiftID: 1, RoleID: 1, State: SignupConfirmed, Guests: 1},
				{ID: 2, PersonID: 2, ShiftID: 1, RoleID: 1, State: SignupConfirmed}, {ID: 3, PersonID: 3, ShiftID: 1, RoleID: 1, State: SignupWaitlisted},
				{ID: 4, PersonID: 4, ShiftID: 1, RoleID: 1, State: SignupCheckedIn}, {ID: 5, PersonID: 5, ShiftID: 1, RoleID: 2, State: SignupConfirmed}}}
		if edit != nil {
			edit(b)
		}
		return b
	}
	for name, c := range map[string]struct {
		b    *Board
		over int
		want []int64
	}{
		"enough room":    {board(4, nil), 0, nil},
		"two too many":   {board(2, nil), 2, []int64{1, 2}},
		"under way":      {board(2, func(b *Board) { b.Now = start }), 2, nil},
		"cancelled":      {board(2, func(b *Board) { b.Call.State = CallCancelled }), 2, nil},
		"asked already":  {board(2, func(b *Board) { b.Signups[0].AskAgain = 5 }), 2, []int64{2}},
		"nobody wanted":  {board(0, nil), 4, []int64{1, 2}},
		"the other role": {board(2, func(b *Board) { b.Roles[0], b.Roles[1] = b.Roles[1], b.Roles[0] }), 0, nil},
	} {
		r := c.b.Roles[0]
		var got []int64
		for _, s := range c.b.MayStepBack(r) {
			got = append(got, s.PersonID)
		}
		if diff := cmp.Diff(c.want, got); diff != "" || c.b.Over(r) != c.over {
			t.Errorf("%s: over %d, want %d; asked (-want +got):\n%s", name, c.b.Over(r), c.over, diff)
		}
	}
}
