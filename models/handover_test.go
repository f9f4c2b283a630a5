package models

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func taker(id int64) Taker { return Taker{Person: Person{ID: id, Name: "李四"}} }

func TestAPlaceGoesToTheNamedPersonPastTheWaitingLine(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 2)
	giver, _ := join(t, b, 1, 1, 0)
	join(t, b, 2, 1, 0)
	first, _ := join(t, b, 3, 1, 0)
	second, _ := join(t, b, 4, 1, 0)
	got, err := b.HandOver(giver, taker(9))
	if err != nil {
		t.Fatal(err)
	}
	number(b)
	settle(t, b)
	if giver.State != SignupWithdrawn || got.State != SignupConfirmed || got.RoleID != 1 || got.How != ByHandover {
		t.Errorf("giver %s, taker %s in role %d by %s", giver.State, got.State, got.RoleID, got.How)
	}
	if b.Taken(1) != 2 || b.Position(first) != 1 || b.Position(second) != 2 {
		t.Errorf("taken %d, the line stands at %d and %d", b.Taken(1), b.Position(first), b.Position(second))
	}
	// Who gave it away and wants it back stands first in line, as after leaving.
	if err := b.Undo(giver, nil); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if giver.State != SignupWaitlisted || b.Position(giver) != 1 || b.Position(first) != 2 {
		t.Errorf("after undo: %s at %d, the next at %d", giver.State, b.Position(giver), b.Position(first))
	}
}

func TestGuestsDoNotTravelAndTheirPlacesGoToWhoeverWaits(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 3)
	giver, _ := join(t, b, 1, 1, 1)
	join(t, b, 2, 1, 0)
	waits, _ := join(t, b, 3, 1, 0)
	got, err := b.HandOver(giver, taker(9))
	if err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if got.Guests != 0 || waits.State != SignupConfirmed || b.Taken(1) != 3 {
		t.Errorf("taker with %d guests, who waited is %s, taken %d", got.Guests, waits.State, b.Taken(1))
	}
}

func TestSomebodyInLineTakesThePlaceAndLeavesTheLine(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 1, 1)
	giver, _ := join(t, b, 1, 1, 0)
	join(t, b, 2, 2, 0)
	waits, _ := join(t, b, 3, 2, 0) // for the other role
	behind, _ := join(t, b, 4, 2, 0)
	if _, err := b.HandOver(giver, taker(3)); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if waits.State != SignupConfirmed || waits.RoleID != 1 || b.Position(behind) != 1 {
		t.Errorf("%s in role %d; who stood behind is at %d", waits.State, waits.RoleID, b.Position(behind))
	}
}

func TestWhoCannotTakeAPlaceOver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change func(b *Board, s *Signup, to *Taker)
		want   string
	}{
		"oneself":             {func(b *Board, s *Signup, to *Taker) { to.Person.ID = s.PersonID }, "error.handover_self"},
		"a guest":             {func(_ *Board, _ *Signup, to *Taker) { to.Person.Guest = true }, "error.handover_who"},
		"a bot":               {func(_ *Board, _ *Signup, to *Taker) { to.Person.Bot = true }, "error.handover_who"},
		"a closed account":    {func(_ *Board, _ *Signup, to *Taker) { to.Person.Gone = true }, "error.handover_who"},
		"somebody in already": {func(_ *Board, _ *Signup, to *Taker) { to.Person.ID = 2 }, "error.handover_has"},
		"without the skill":   {func(b *Board, s *Signup, _ *Taker) { b.Role(s.RoleID).Verified = true }, "error.handover_skill"},
		"somebody elsewhere":  {func(_ *Board, _ *Signup, to *Taker) { to.Clash = &Clash{Number: 13, Title: "防汛"} }, "error.handover_busy"},
		"a shift begun":       {func(b *Board, _ *Signup, _ *Taker) { b.Now = saturday }, "error.handover_begun"},
		"a call cancelled":    {func(b *Board, _ *Signup, _ *Taker) { b.Call.State = CallCancelled }, "error.call_cancelled"},
		"a place not there":   {func(_ *Board, s *Signup, _ *Taker) { s.State = SignupWaitlisted }, "error.handover_no_place"},
		"somebody on site":    {func(_ *Board, s *Signup, _ *Taker) { s.State = SignupCheckedIn }, "error.checked_in"},
		"a guest let in":      {func(_ *Board, _ *Signup, to *Taker) { to.Person.Guest, to.Welcome = true, true }, ""},
		"with the skill":      {func(b *Board, s *Signup, to *Taker) { b.Role(s.RoleID).Verified, to.Verified = true, true }, ""},
		"sign-up closed":      {func(b *Board, _ *Signup, _ *Taker) { b.Call.State = CallClosed }, ""},
	} {
		b := clinic(100*time.Hour, 2)
		giver, _ := join(t, b, 1, 1, 0)
		join(t, b, 2, 1, 0)
		to := taker(9)
		c.change(b, giver, &to)
		before := *giver
		if _, err := b.HandOver(giver, to); key(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		} else if c.want != "" {
			if diff := cmp.Diff(before, *giver); diff != "" {
				t.Errorf("%s: refused, and yet:\n%s", name, diff)
			}
		}
	}
}

// However places are handed around, nobody comes in over the most, nobody
// stands twice in a shift, and who waits keeps their order.
func TestHandingOverNeverBreaksTheRulesOfPlaces(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := clinic(100*time.Hour, rapid.IntRange(1, 4).Draw(t, "most"), rapid.IntRange(1, 3).Draw(t, "other"))
		for range rapid.IntRange(1, 40).Draw(t, "acts") {
			person := rapid.Int64Range(1, 9).Draw(t, "person")
			mine := b.Mine(person)
			before := map[int64][]int64{1: order(b, 1), 2: order(b, 2)}
			switch {
			case len(mine) == 0:
				_, _, _ = b.Join(Wish{PersonID: person, RoleID: rapid.Int64Range(1, 2).Draw(t, "role"), Guests: rapid.IntRange(0, 2).Draw(t, "guests")})
			case rapid.Bool().Draw(t, "hands over"):
				to := rapid.Int64Range(1, 9).Draw(t, "to")
				if _, err := b.HandOver(mine[0], taker(to)); err == nil {
					for role, line := range before {
						if diff := cmp.Diff(without(line, to), order(b, role)); diff != "" {
							t.Fatalf("the line of role %d (-before +after):\n%s", role, diff)
						}
					}
				}
			default:
				_ = b.Leave(mine[0])
			}
			number(b)
			if _, err := b.Settle(); err != nil {
				t.Fatal(err)
			}
			for _, r := range b.Roles {
				if b.Taken(r.ID) > r.Most {
					t.Fatalf("role %d has %d of %d", r.ID, b.Taken(r.ID), r.Most)
				}
			}
			seen := map[int64]bool{}
			for _, s := range b.Signups {
				if seen[s.PersonID] {
					t.Fatalf("person %d stands twice", s.PersonID)
				}
				seen[s.PersonID] = true
			}
		}
	})
}

func order(b *Board, role int64) []int64 {
	out := []int64{}
	for _, s := range b.Waiting(role) {
		out = append(out, s.PersonID)
	}
	return out
}

func without(list []int64, who int64) []int64 {
	out := []int64{}
	for _, id := range list {
		if id != who {
			out = append(out, id)
		}
	}
	return out
}
