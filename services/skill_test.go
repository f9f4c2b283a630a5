package services

import (
	"context"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// give makes somebody something, as an admin does.
func (to *town) give(user, role, unit string) {
	to.t.Helper()
	_, _, err := to.svc.GiveRole(context.Background(), to.by("UADMIN"), user, role, unit)
	to.must(err)
}

func (to *town) writesProfile(user string, set map[string]bool, in Profile) {
	to.t.Helper()
	_, err := to.svc.ChangeProfile(context.Background(), to.by(user), in, set)
	to.must(err)
}

// An organizer vouches for a skill until a day: who waited for that check moves
// up; when the day is over the skill counts no longer.
func TestAVerifiedSkillOpensTheRoleUntilItsDay(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		ctx := context.Background()
		to := newTown(t, st, clocks)
		to.writesProfile("ULI", map[string]bool{"skills": true}, Profile{Skills: []string{"医生"}})
		sheet := to.open(clinicSpec(models.Need{Role: "医生", Most: 2, Verified: true}))
		out, err := to.svc.Join(ctx, to.by("ULI"), sheet.Roles[0].ID, 0, models.ByButton)
		to.must(err)
		if out.Outcome != models.JoinedCheck {
			t.Fatalf("a self-declared doctor: %s", out.Outcome)
		}
		li := to.personOf("ULI")
		card, err := to.svc.CardOf(ctx, to.by("UCHEN"), "ULI")
		to.must(err)
		if !card.CanVerify || len(card.Person.Skills) != 1 || card.Person.Skills[0].VerifiedBy != 0 {
			t.Errorf("%+v", card)
		}
		// A licence that runs out the day before is none for Saturday.
		_, err = to.svc.VerifySkill(ctx, to.by("UCHEN"), Vouching{PersonID: li.ID, Skill: "医生", Until: saturday(0, 0)})
		to.must(err)
		if early, err := to.svc.CallByID(ctx, to.by("ULI"), sheet.Call.ID); err != nil || early.Of(li.ID, sheet.Shifts[0].ID).State != models.SignupWaitlisted {
			t.Errorf("verified until the day before: %+v, %v", early.Of(li.ID, sheet.Shifts[0].ID), err)
		}
		until := models.At(clocks.World.Now()).Add(30 * 24 * time.Hour)
		if card, err = to.svc.VerifySkill(ctx, to.by("UCHEN"), Vouching{PersonID: li.ID, Skill: "医生", Until: until}); err != nil {
			t.Fatal(err)
		}
		if card.Vouchers[card.Person.Skills[0].VerifiedBy].Slack() != "UCHEN" {
			t.Errorf("who vouches: %+v", card)
		}
		now, err := to.svc.CallByID(ctx, to.by("ULI"), sheet.Call.ID)
		to.must(err)
		if su := now.Of(li.ID, sheet.Shifts[0].ID); su.State != models.SignupConfirmed || su.Unchecked {
			t.Errorf("who waited for the check: %s", su.State)
		}
		to.writesProfile("ULI", map[string]bool{"skills": true}, Profile{Skills: []string{"驾驶", "医生"}})
		if p := to.personOf("ULI"); p.Skills[1].VerifiedBy == 0 {
			t.Error("naming the skill again lost what somebody vouched for")
		}
		clocks.World.Advance(31 * 24 * time.Hour)
		if to.personOf("ULI").Vouched("医生", models.At(clocks.World.Now())) {
			t.Error("a verification that ran out counts")
		}
		if _, err := to.svc.WithdrawSkill(ctx, to.by("UCHEN"), li.ID, "医生"); err != nil {
			t.Error(err)
		}
		to.sound()
	})
}

func TestWhoMayVouchForWhom(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.writesProfile("ULI", map[string]bool{"skills": true, "phone": true}, Profile{Skills: []string{"医生"}, Phone: "138"})
	li, chen := to.personOf("ULI"), to.personOf("UCHEN")
	for who, want := range map[string]string{"ULI": "error.not_organizer", "UWANG": "error.not_organizer"} {
		if _, err := to.svc.VerifySkill(ctx, to.by(who), Vouching{PersonID: li.ID, Skill: "医生"}); refusal(err) != want {
			t.Errorf("%s vouches for Li: %v", who, err)
		}
		if _, err := to.svc.CardOf(ctx, to.by(who), "UCHEN"); refusal(err) != want {
			t.Errorf("%s sees the card: %v", who, err)
		}
	}
	if _, err := to.svc.VerifySkill(ctx, to.by("UCHEN"), Vouching{PersonID: chen.ID, Skill: "医生"}); refusal(err) != "error.check_own" {
		t.Errorf("of oneself: %v", err)
	}
	if _, err := to.svc.VerifySkill(ctx, to.by("UCHEN"), Vouching{PersonID: li.ID, Skill: " "}); refusal(err) != "skill.bad_name" {
		t.Errorf("no skill: %v", err)
	}
	if _, err := to.svc.VerifySkill(ctx, to.by("UCHEN"), Vouching{PersonID: li.ID, Skill: "医生", Until: 1}); refusal(err) != "profile.past_day" {
		t.Errorf("until a day past: %v", err)
	}
	if _, err := to.svc.CardOf(ctx, to.by("UCHEN"), "UNOBODY"); refusal(err) != "skill.unknown" {
		t.Errorf("nobody's card: %v", err)
	}

	// The number is for those who need it: a place in a call one manages.
	card, err := to.svc.CardOf(ctx, to.by("UCHEN"), "ULI")
	to.must(err)
	if card.Phone != "" {
		t.Error("the number is shown without need")
	}
	sheet := to.open(clinicSpec(models.Need{Most: 2}))
	_, err = to.svc.Join(ctx, to.by("ULI"), sheet.Roles[0].ID, 0, models.ByButton)
	to.must(err)
	if card, err = to.svc.CardOf(ctx, to.by("UCHEN"), "ULI"); err != nil || card.Phone != "138" {
		t.Errorf("the organizer of their call: %q %v", card.Phone, err)
	}
	to.importUnits(false, unitLine(2, func(u *models.UnitLine) { u.Name = "别的支部" }))
	to.give("UHE", models.RoleOrganizer, "别的支部")
	if card, err = to.svc.CardOf(ctx, to.by("UHE"), "ULI"); err != nil || card.Phone != "" || len(card.Person.Skills) != 1 {
		t.Errorf("an organizer with no part in it: %q %v", card.Phone, err)
	}
}

// Rights of a unit reach the units below it, and nobody else's.
func TestRightsOfAUnitReachDown(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.importUnits(false, unitLine(2, func(u *models.UnitLine) { u.Name = "党委" }),
		unitLine(3, func(u *models.UnitLine) { u.Name, u.Parent, u.Leader = "骑手支部", "党委", "ULEAD" }),
		unitLine(4, func(u *models.UnitLine) { u.Name, u.Parent = "一组", "骑手支部" }),
		unitLine(5, func(u *models.UnitLine) { u.Name, u.Parent = "司机支部", "党委" }))
	to.give("UBRANCH", models.RoleOrganizer, "骑手支部")
	to.give("UTOP", models.RoleOrganizer, "党委")
	to.give("UGROUP", models.RoleOrganizer, "一组")
	to.give("UOTHER", models.RoleOrganizer, "司机支部")
	spec := clinicSpec(models.Need{Most: 2})
	spec.For = "一组"
	opened, err := to.svc.OpenCall(ctx, to.by("UGROUP"), spec, OpenHow{})
	to.must(err)
	call := opened.Sheet.Call
	for who, want := range map[string]bool{"UGROUP": true, "UBRANCH": true, "UTOP": true, "UADMIN": true, "UCHEN": true, "UOTHER": false, "ULEAD": false, "UNEW": false} {
		sh, err := to.svc.CallByID(ctx, to.by(who), call.ID)
		to.must(err)
		if sh.Manages != want {
			t.Errorf("%s manages the call: %v", who, sh.Manages)
		}
	}
	me, _, err := to.svc.WhoActs(ctx, to.by("ULEAD"))
	to.must(err)
	if !mayRoll(me.Rights, *call) || !me.Rights.Leader(call.UnitID) {
		t.Error("the leader of the branch may not take the roll of its group")
	}
	if _, err := to.svc.CloseCall(ctx, to.by("UOTHER"), call.ID); refusal(err) != "error.not_organizer" {
		t.Errorf("another branch closes it: %v", err)
	}
	_, err = to.svc.CloseCall(ctx, to.by("UTOP"), call.ID)
	to.must(err)
	if told := to.told("callnote:"); len(told) != 1 || told[0] != "UGROUP" {
		t.Errorf("who is told of what was done to their call: %v", told)
	}
}

// Guests sign up only where an admin lets them.
func TestGuestsSignUpWhereAnAdminLetsThem(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.must(to.svc.LearnPerson(ctx, models.Lookup{TenantID: 1, Kind: models.LookupPerson, Ref: "UGUEST"}, PersonFacts{Slack: "UGUEST", Name: "Eve", Guest: true}))
	sheet := to.open(clinicSpec(models.Need{Most: 2}))
	if _, err := to.svc.Join(ctx, to.by("UGUEST"), sheet.Roles[0].ID, 0, models.ByButton); refusal(err) != "error.guest_ask" || refusalArgs(err)["Who"] != "<@UADMIN>" {
		t.Errorf("a guest: %v", err)
	}
	me, _, _, err := to.svc.SetupNow(ctx, to.by("UADMIN"))
	to.must(err)
	room := Setup{Lang: "zh", Zone: me.Tenant.Zone, QuietStart: me.Tenant.QuietStart, QuietEnd: me.Tenant.QuietEnd, Channel: sheet.Call.Channel, ChannelGuests: true}
	to.must(to.svc.SaveSetup(ctx, to.by("UADMIN"), room))
	if out, err := to.svc.Join(ctx, to.by("UGUEST"), sheet.Roles[0].ID, 0, models.ByButton); err != nil || out.Outcome != models.Joined {
		t.Errorf("a guest who may: %v %v", out.Outcome, err)
	}
	_, channel, _, err := to.svc.SetupNow(ctx, Act{Team: "T1", User: "UADMIN", Channel: sheet.Call.Channel})
	to.must(err)
	if !channel.Guests {
		t.Error("the form does not show what stands")
	}
	to.sound()
}

// Whoever is first reached by a message of Muster's hears under it who writes,
// once and by day.
func TestTheFirstMessageSaysWhoWrites(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	to := sqliteTown(t)
	to.importMembers(false, member(2, func(m *models.MemberLine) { m.Slack = "ULI" }))
	li := to.personOf("ULI")
	first := models.Message{ID: 71, TenantID: 1, Kind: "remind", Op: models.OpPost, PersonID: li.ID}
	contact := func(m models.Message) bool {
		_, ok, err := to.svc.FirstContact(ctx, m)
		to.must(err)
		return ok
	}
	night := to.clocks.World.Now()
	to.clocks.World.Set(night.Add(13 * time.Hour)) // 23:00
	if contact(first) {
		t.Error("greeted at night")
	}
	to.clocks.World.Set(night.Add(24 * time.Hour))
	if contact(models.Message{ID: 70, TenantID: 1, Kind: "card", Op: models.OpPost, Channel: "C1"}) {
		t.Error("a channel is greeted")
	}
	if !contact(first) {
		t.Error("not greeted by day")
	}
	first.Shown = 1
	if !contact(first) {
		t.Error("an edit loses it")
	}
	if second := first; true {
		second.ID, second.Shown = 72, 0
		if contact(second) {
			t.Error("greeted twice")
		}
	}
	to.writesProfile("ULI", map[string]bool{"areas": true}, Profile{Areas: []string{"城东"}})
	to.must(to.store.Read(ctx, func(tx *store.Tx) error {
		if _, err := tx.MessageByKey(1, models.GreetKey(li.ID)); err == nil {
			t.Error("greeted again for the first own act")
		}
		return nil
	}))
}
