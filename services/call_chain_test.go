package services

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store/storetest"
)

// A list says which people, not what they can: nobody gets past the check of a
// skill by standing on it. And where it says no shift, it holds nothing until
// the organizer says which.
func TestAListVouchesForNobodyAndGuessesNoShift(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to := newTown(t, st, clocks)
	spec := clinicSpec(models.Need{Role: "医生", Most: 2, Verified: true}, models.Need{Role: "引导员", Most: 2})
	spec.When = []models.Span{{Start: saturday(9, 0), End: saturday(11, 0)}, {Start: saturday(14, 0), End: saturday(16, 0)}}
	sheet := to.open(spec)
	for _, user := range []string{"ULI", "UWANG", "UZHAO"} {
		to.writesProfile(user, map[string]bool{"skills": true}, Profile{Skills: []string{"医生"}})
	}
	to.join("UBO", sheet.RolesOf(sheet.Shifts[0].ID)[1].ID) // in the morning already
	entries := []models.ChainEntry{{Name: "<@ULI>", Role: "医生"}, {Name: "<@UWANG>", Role: "引导员"}, {Name: "<@UZHAO>"}, {Name: "<@UBO>", Role: "引导员"}}
	read := func(shift int64) (why []string) {
		t.Helper()
		out, ok, err := to.svc.PreviewChain(ctx, to.by("UCHEN"), sheet.Call.ID, ChainList{Entries: entries, ShiftID: shift})
		if err != nil || !ok {
			t.Fatalf("not shown to the organizer: %v", err)
		}
		for _, l := range out.Lines {
			why = append(why, l.Why)
		}
		return why
	}
	for name, c := range map[string]struct {
		shift int64
		want  []string
	}{
		"nobody said which": {0, []string{models.ChainShift, models.ChainShift, models.ChainRole, models.ChainShift}},
		"the morning":       {sheet.Shifts[0].ID, []string{models.ChainSkill, "", models.ChainRole, models.ChainIn}},
		"the afternoon":     {sheet.Shifts[1].ID, []string{models.ChainSkill, "", models.ChainRole, ""}},
		"another call's":    {987, []string{models.ChainRole, models.ChainRole, models.ChainRole, models.ChainRole}},
	} {
		if diff := cmp.Diff(c.want, read(c.shift)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// Whose account is deactivated cannot be asked or told anything any more: their
// place goes to who waits.
func TestADeactivatedAccountHoldsNoPlace(t *testing.T) {
	t.Parallel()
	st, clocks := storetest.New(t)
	to, s, _ := handed(t, st, clocks)
	look := models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "ULI"}
	to.must(to.svc.LearnPerson(context.Background(), look, PersonFacts{Slack: "ULI", Name: "李四", Gone: true}))
	want := map[string]models.SignupState{"ULI": "withdrawn", "UWANG": "confirmed"}
	if diff := cmp.Diff(want, to.states(s.Call.ID)); diff != "" {
		t.Errorf("the places (-want +got):\n%s", diff)
	}
	to.whole()
}
