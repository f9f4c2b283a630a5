package services

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// Who is listed in a channel becomes a member only when something is for it
// and the bot is there.
func TestOnlyAChannelNamedInForMakesMembers(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		spec := clinicSpec(models.Need{Most: 1})
		spec.For = "<#CFOR>"
		to.open(spec)
		spec.For = "<#COUT>"
		to.open(spec)
		for ref, in := range map[string]bool{"CFOR": true, "COUT": false, "CLOBBY": true} {
			to.must(to.svc.LearnChannel(ctx, models.Lookup{TenantID: 1, Kind: models.LookupMembers, Ref: ref},
				ChannelFacts{Slack: ref, Name: "name-of-" + ref, BotIn: in, Members: []string{"U" + ref, "UBOTH"}}))
		}
		for who, want := range map[string]bool{"UCFOR": true, "UBOTH": true, "UCOUT": false, "UCLOBBY": false} {
			if got := to.personOf(who).Member; got != want {
				t.Errorf("%s is a member: %v", who, got)
			}
		}
		// A channel Slack knows nothing of any more keeps its name; the bot is not there.
		to.must(to.svc.LearnChannel(ctx, models.Lookup{TenantID: 1, Kind: models.LookupMembers, Ref: "CFOR"}, ChannelFacts{Slack: "CFOR", Missing: true}))
		to.must(st.Read(ctx, func(tx *store.Tx) error {
			c, err := tx.ChannelBySlack(1, "CFOR")
			if err != nil || c.BotIn || c.Name != "name-of-CFOR" || c.MembersAt == 0 {
				t.Errorf("%+v %v", c, err)
			}
			ids, err := tx.ChannelMembers(c.ID)
			if len(ids) != 2 {
				t.Errorf("members %v", ids)
			}
			return err
		}))
	})
}

// A channel of a thousand is learned in steps, the bot itself left out.
func TestABigChannelIsLearned(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	_, err := to.svc.Install(ctx, "T1", "Town", "UMUSTER")
	to.must(err)
	members := []string{"UMUSTER"}
	for i := range 1000 {
		members = append(members, fmt.Sprintf("U%04d", i))
	}
	to.must(to.svc.LearnChannel(ctx, models.Lookup{TenantID: 1, Kind: models.LookupMembers, Ref: "CBIG"}, ChannelFacts{Name: "big", BotIn: true, Members: members}))
	to.must(to.store.Read(ctx, func(tx *store.Tx) error {
		c, err := tx.ChannelBySlack(1, "CBIG")
		if err != nil {
			return err
		}
		ids, err := tx.ChannelMembers(c.ID)
		if len(ids) != 1000 {
			t.Errorf("%d members", len(ids))
		}
		return err
	}))
}

// What Slack says of a person comes after the first reminders were planned; a
// zone that is another moves them.
func TestAZoneLearnedLateMovesReminders(t *testing.T) {
	t.Parallel()
	b := newBranch(t)
	in := lesson("2026-11-25 19:30")
	in.Leads = []int{11 * 60} // 8:30 in Shanghai, half past one at night in Riga
	b.open(in)
	err := b.svc.LearnPerson(t.Context(), models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "Uwang"}, PersonFacts{Name: "王敏", Zone: "Europe/Riga", Locale: "zh-CN"})
	if err != nil {
		t.Fatal(err)
	}
	b.until(sh("2026-11-25 19:30"))
	b.expect("Uchen", "11-25 08:30 study")
	b.expect("Uwang", "11-25 03:45 study") // 21:45 in Riga, before the night
}

func TestALookupWithoutAnAnswerEnds(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.must(to.store.InTx(ctx, func(tx *store.Tx) error { _, err := tx.EnsureChannel(1, "CGONE"); return err }))
	to.must(to.svc.DropLookup(ctx, models.Lookup{TenantID: 1, Kind: models.LookupMembers, Ref: "CGONE"}, "channel_not_found"))
	to.must(to.svc.DropLookup(ctx, models.Lookup{TenantID: 1, Kind: models.LookupMembers, Ref: "CNEVER"}, "channel_not_found"))
	to.must(to.store.Read(ctx, func(tx *store.Tx) error {
		c, err := tx.ChannelBySlack(1, "CGONE")
		if err == nil && c.MembersAt == 0 {
			t.Error("somebody would wait for its members for ever")
		}
		return err
	}))
}

// An event only asks for another look at what Muster knows.
func TestLookAgain(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	_, err := to.svc.ClaimLookups(ctx, 100, 0)
	to.must(err)
	for _, a := range []struct{ team, kind, ref string }{{"T1", models.LookupPerson, "USTRANGER"}, {"T1", models.LookupMembers, "CSTRANGE"}, {"T9", models.LookupPerson, "UCHEN"}} {
		to.must(to.svc.LookAgain(ctx, Act{Team: a.team}, a.kind, a.ref))
	}
	to.must(to.svc.LookAgain(ctx, Act{Team: "T1"}, models.LookupPerson, "UCHEN"))
	to.clocks.Machine.Advance(60 * 60 * 1e9)
	rows, err := to.svc.ClaimLookups(ctx, 100, 0)
	to.must(err)
	if len(rows) != 1 || rows[0].Ref != "UCHEN" {
		t.Errorf("%+v", rows)
	}
}

func TestALedgerThatNamesWhatIsNotThere(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	for name, c := range map[string]struct {
		units   []UnitRow
		members []MemberRow
	}{
		"a parent": {[]UnitRow{{Name: "一支部", Parent: "城东"}}, nil},
		"a unit":   {nil, []MemberRow{{Slack: "U1", Unit: "城东"}}},
	} {
		if err := to.svc.Enrol(ctx, "T1", c.units, c.members); err == nil {
			t.Errorf("%s that is nowhere was taken", name)
		}
	}
	to.must(to.svc.Enrol(ctx, "T1", []UnitRow{{Name: "城东"}}, nil))
	to.must(to.svc.Enrol(ctx, "T1", []UnitRow{{Name: "一支部", Parent: "城东"}}, []MemberRow{{Slack: "U1", Unit: "城东", Name: "王敏"}}))
	to.must(to.store.Read(ctx, func(tx *store.Tx) error {
		u, err := tx.UnitOf(to.personOf("U1").ID)
		if u.Name != "城东" {
			t.Errorf("%+v", u)
		}
		return err
	}))
}

// Who wrote of themselves what they can keeps what the ledger's admins vouched
// for; and an admin is never their own voucher, by whatever way.
func TestWhatAnImportVouchedForComesAlong(t *testing.T) {
	t.Parallel()
	const me, admin = 5, 9
	imported := []models.Skill{{Name: "医生", VerifiedBy: admin, Until: 77}, {Name: "骑行", VerifiedBy: admin}, {Name: "登记"}, {Name: "组织", VerifiedBy: me}}
	for name, c := range map[string]struct{ own, want []models.Skill }{
		"nothing of their own": {nil, []models.Skill{{Name: "医生", VerifiedBy: admin, Until: 77}, {Name: "骑行", VerifiedBy: admin}, {Name: "登记"}, {Name: "组织"}}},
		"a list of their own":  {[]models.Skill{{Name: "骑行"}, {Name: "组织"}}, []models.Skill{{Name: "骑行", VerifiedBy: admin}, {Name: "组织"}, {Name: "医生", VerifiedBy: admin, Until: 77}}},
		"vouched for already":  {[]models.Skill{{Name: "骑行", VerifiedBy: 3, Until: 8}}, []models.Skill{{Name: "骑行", VerifiedBy: 3, Until: 8}, {Name: "医生", VerifiedBy: admin, Until: 77}}},
	} {
		if diff := cmp.Diff(c.want, mergeVouched(me, c.own, imported)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
