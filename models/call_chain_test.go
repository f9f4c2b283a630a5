package models

import (
	"testing"
	"time"
)

func TestAPlaceOnAListIsHeldUntilTheirOwnYes(t *testing.T) {
	t.Parallel()
	b := clinic(5*24*time.Hour, 2)
	su, err := b.Hold(Wish{PersonID: 7, RoleID: 1, Guests: 1, HasGuests: true})
	if err != nil || su.State != SignupOffered || b.Taken(1) != 0 || b.Free(1) != 0 {
		t.Fatalf("%+v %v: %d taken, %d free", su, err, b.Taken(1), b.Free(1))
	}
	if want := saturday.Add(-24 * time.Hour); su.OfferUntil != want {
		t.Errorf("held until %s, want a day before the start", su.OfferUntil.Time())
	}
	if _, err := b.Hold(Wish{PersonID: 8, RoleID: 1}); key(err) != "error.party_no_room" {
		t.Errorf("a third place: %v", err)
	}
	number(b)
	join(t, b, 9, 1, 0) // somebody else waits behind what is held
	b.Now = su.OfferUntil
	if err := b.Lapse(); err != nil {
		t.Fatal(err)
	}
	settle(t, b)
	if su.State != SignupWithdrawn || b.Of(9, 1).State != SignupOffered {
		t.Errorf("after its time: %s, and who waited %s", su.State, b.Of(9, 1).State)
	}
}

func TestAPlaceOnAListNearTheStartIsHeldAsAnOffer(t *testing.T) {
	t.Parallel()
	b := clinic(20*time.Hour, 2) // Friday 13:00
	su, err := b.Hold(Wish{PersonID: 7, RoleID: 1})
	if err != nil || su.OfferUntil != b.Now.Add(2*time.Hour) {
		t.Errorf("%+v %v", su, err)
	}
	b.Call.State = CallClosed
	if _, err := b.Hold(Wish{PersonID: 8, RoleID: 1}); key(err) != "error.call_closed" {
		t.Errorf("on a closed call: %v", err)
	}
}

func TestAnEditReadsABareNumberAsTheOnlyRoles(t *testing.T) {
	t.Parallel()
	b := clinic(5*24*time.Hour, 2)
	b.Roles[0].Verified = true
	e, err := b.Edit(CallSpec{Need: []Need{{Least: 5, Most: 5}}, Set: map[string]bool{"need": true}})
	if err != nil || len(e.NewRoles) > 0 || b.Roles[0].Most != 5 || !b.Roles[0].Verified {
		t.Errorf("%+v %v: %+v", e, err, b.Roles[0])
	}
	two := clinic(5*24*time.Hour, 2, 3)
	if e, err = two.Edit(CallSpec{Need: []Need{{Least: 5, Most: 5}}, Set: map[string]bool{"need": true}}); err != nil || len(e.NewRoles) != 1 {
		t.Errorf("of two roles a number means neither: %+v %v", e, err)
	}
}

func TestTheEndOfSignUpMovesAlongWithTheStart(t *testing.T) {
	t.Parallel()
	b := clinic(5*24*time.Hour, 2)
	b.Call.ClosesAt = saturday.Add(-2 * time.Hour)
	later := saturday.Add(4 * time.Hour)
	e, err := b.Edit(CallSpec{When: []Span{{later, later.Add(time.Hour)}}, Set: map[string]bool{"when": true}})
	if err != nil || b.Call.ClosesAt != later.Add(-2*time.Hour) || len(e.Keys) != 2 {
		t.Errorf("%v: closes %s, changed %v", err, b.Call.ClosesAt.Time(), e.Keys)
	}
	if _, err = b.Edit(CallSpec{For: "all", Set: map[string]bool{"for": true}}); key(err) != "error.call_for_fixed" {
		t.Errorf("%v", err)
	}
}
