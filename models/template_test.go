package models

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestACopyIsTheCallWithoutItsDayItsSecretsAndItsUrgency(t *testing.T) {
	t.Parallel()
	b := clinic(100*time.Hour, 2, 4)
	b.Call.Kind, b.Call.Place, b.Call.Bring, b.Call.Private = CallCare, "绿城社区", "口罩", "门码 1234"
	b.Call.Urgent, b.Call.Ask, b.Call.Remind, b.Call.SafetyMin = true, "auto", []int{60}, 30
	b.Call.ClosesAt = saturday.Add(-2 * time.Hour)
	b.Roles[1].Least, b.Roles[1].Verified = 2, true
	spec := b.Pattern("第一支部")
	guests, safety := 3, 30*time.Minute
	want := CallSpec{Title: "社区爱心义诊", Kind: CallCare, Where: "绿城社区", Bring: "口罩", Guests: &guests, Safety: &safety, For: "第一支部",
		Need:  []Need{{Role: "a", Least: 2, Most: 2}, {Role: "b", Least: 2, Most: 4, Verified: true}},
		Close: &Limit{Before: 2 * time.Hour}, Remind: []time.Duration{time.Hour}}
	if diff := cmp.Diff(want, spec); diff != "" {
		t.Errorf("pattern (-want +got):\n%s", diff)
	}
	next := []Span{{Start: saturday.Add(7 * 24 * time.Hour)}}
	got := spec.With(CallSpec{When: next, Need: []Need{{Role: "a", Least: 1, Most: 1}}, Zone: "Asia/Shanghai", Set: map[string]bool{"when": true, "need": true}})
	c, shifts, roles, err := NewCall(got, b.Now)
	if err != nil {
		t.Fatal(err)
	}
	if c.Private != "" || c.Urgent || c.ClosesAt != next[0].Start.Add(-2*time.Hour) || c.SafetyMin != 30 || c.Place != "绿城社区" || len(shifts) != 1 || len(roles) != 1 {
		t.Errorf("the copy: %+v with %d shifts and %d roles", c, len(shifts), len(roles))
	}
	// What is written now wins over the pattern, emptied keys too.
	other := spec.With(CallSpec{When: next, Urgent: true, Ask: "auto", Set: map[string]bool{"when": true, "urgent": true, "where": true, "bring": true}})
	if other.Where != "" || other.Bring != "" || other.Ask != "auto" || !other.Urgent || other.Title != "社区爱心义诊" {
		t.Errorf("changed: %+v", other)
	}
	// A clinic without a safety loop, copied as relief, has relief's.
	none := time.Duration(0)
	spec.Safety = &none
	relief, _, _, err := NewCall(spec.With(CallSpec{When: next, Kind: CallRelief, Zone: "Asia/Shanghai", Set: map[string]bool{"when": true, "kind": true}}), b.Now)
	if err != nil || relief.SafetyMin != 60 {
		t.Errorf("copied as relief: safety every %d minutes, %v", relief.SafetyMin, err)
	}
}
