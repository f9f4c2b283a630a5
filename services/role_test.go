package services

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

func (to *town) role(who, role, unit string) error {
	_, _, err := to.svc.GiveRole(context.Background(), to.by("UADMIN"), who, role, unit)
	return err
}

func (to *town) rightsOf(who string) []models.Right {
	to.t.Helper()
	me, _, err := to.svc.WhoActs(context.Background(), to.by(who))
	to.must(err)
	for i := range me.Rights.Rows {
		me.Rights.Rows[i].ID, me.Rights.Rows[i].PersonID, me.Rights.Rows[i].TenantID = 0, 0, 0
	}
	return me.Rights.Rows
}

func TestRolesAreGivenAndTaken(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		to.must(to.svc.Enrol(ctx, "T1", []UnitRow{{Name: "城东"}, {Name: "西区"}}, nil))
		for range 2 { // given twice is given once
			to.must(to.role("UA", models.RoleOrganizer, ""))
		}
		to.must(to.role("UA", models.RoleViewer, "城东"))
		to.must(to.role("UA", models.RoleOrganizer, "西区"))
		if got := len(to.rightsOf("UA")); got != 3 {
			t.Errorf("%v", to.rightsOf("UA"))
		}
		to.must(to.role("UA", models.RoleMember, "西区"))
		if diff := cmp.Diff([]models.Right{{Role: models.RoleOrganizer}, {Role: models.RoleViewer, UnitID: 1}}, to.rightsOf("UA")); diff != "" {
			t.Error(diff)
		}
		to.must(to.role("UA", models.RoleMember, ""))
		if got := to.rightsOf("UA"); len(got) != 0 {
			t.Errorf("%v", got)
		}
		if _, _, err := to.svc.GiveRole(ctx, to.by("UCHEN"), "UA", models.RoleOrganizer, ""); refusal(err) != "error.not_admin" {
			t.Errorf("an organizer gave a role: %v", err)
		}
		if err := to.role("UA", models.RoleOrganizer, "北区"); refusal(err) != "role.no_unit" {
			t.Errorf("of a unit that is none: %v", err)
		}
		if err := to.role("UA", models.RoleAdmin, "城东"); refusal(err) != "role.admin_everywhere" {
			t.Errorf("admin of a unit: %v", err)
		}
		to.must(st.InTx(ctx, func(tx *store.Tx) error {
			p, err := tx.EnsurePerson(1, "UROBOT")
			if err != nil {
				return err
			}
			p.Bot = true
			return tx.SavePerson(&p)
		}))
		if err := to.role("UROBOT", models.RoleAdmin, ""); refusal(err) != "role.bot" {
			t.Errorf("a bot: %v", err)
		}
	})
}

func TestTheLastAdminCannotStepDown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, code := orphan(t, st, clocks)
	to.must(to.svc.ClaimAdmin(ctx, to.by("UFIRST"), code))
	step := func(who, whose string) error {
		_, _, err := to.svc.GiveRole(ctx, to.by(who), whose, models.RoleMember, "")
		return err
	}
	if err := step("UFIRST", "UFIRST"); refusal(err) != "role.last_admin" {
		t.Errorf("the only one stepped down: %v", err)
	}
	_, _, err := to.svc.GiveRole(ctx, to.by("UFIRST"), "USECOND", models.RoleAdmin, "")
	to.must(err)
	to.must(step("UFIRST", "UFIRST"))
	if err := step("USECOND", "USECOND"); refusal(err) != "role.last_admin" {
		t.Errorf("the other only one stepped down: %v", err)
	}
	// Who has left Slack does not count.
	_, _, err = to.svc.GiveRole(ctx, to.by("USECOND"), "UGONE", models.RoleAdmin, "")
	to.must(err)
	to.must(st.InTx(ctx, func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(1, "UGONE")
		if err != nil {
			return err
		}
		p.Gone = true
		return tx.SavePerson(&p)
	}))
	if err := step("USECOND", "USECOND"); refusal(err) != "role.last_admin" {
		t.Errorf("left it to somebody who is gone: %v", err)
	}
	// Admins named in the settings count, and stay whatever is said here.
	to.svc = New(st, Options{Admins: []string{"USETTINGS"}, Random: to.svc.random, Defaults: to.svc.cfg})
	to.must(step("USECOND", "USECOND"))
	if err := step("USETTINGS", "USETTINGS"); refusal(err) != "role.by_settings" {
		t.Errorf("an admin of the settings stepped down in words only: %v", err)
	}
}

// Who may not is told who may, by name.
func TestRefusalsNameWhoMay(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	st, clocks := storetest.New(t)
	to, code := orphan(t, st, clocks)
	_, err := to.svc.PreviewSummary(ctx, to.by("ULI"), SummaryAsk{Kind: models.PeriodWeek})
	if got := refusalArgs(err)["Who"]; got != "<@UCHEN>" {
		t.Errorf("organizers: %v", err)
	}
	if err := to.svc.RefuseVerb(ctx, to.by("ULI"), true); refusal(err) != "error.no_admin" {
		t.Errorf("no admin yet: %v", err)
	}
	to.must(to.svc.ClaimAdmin(ctx, to.by("UFIRST"), code))
	if got := refusalArgs(to.svc.RefuseVerb(ctx, to.by("ULI"), true))["Who"]; got != "<@UFIRST>" {
		t.Errorf("admins: %v", got)
	}
	_, _, err = to.svc.GiveRole(ctx, to.by("UFIRST"), "UCHEN", models.RoleMember, "")
	to.must(err)
	if err := to.svc.RefuseVerb(ctx, to.by("ULI"), false); refusal(err) != "error.no_organizer" || refusalArgs(err)["Who"] != "<@UFIRST>" {
		t.Errorf("no organizer: ask the admin: %v", err)
	}
	for _, who := range []string{"U1", "U2", "U3", "U4", "U5", "U6", "U7"} {
		_, _, err := to.svc.GiveRole(ctx, to.by("UFIRST"), who, models.RoleOrganizer, "")
		to.must(err)
	}
	if got := refusalArgs(to.svc.RefuseVerb(ctx, to.by("ULI"), false))["Who"]; got != "<@U1> <@U2> <@U3> <@U4> <@U5> …" {
		t.Errorf("seven organizers: %v", got)
	}
}

func refusalArgs(err error) map[string]any {
	if e, ok := err.(*models.Error); ok {
		return e.Args
	}
	return nil
}
