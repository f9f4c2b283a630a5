package store_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
)

func TestATenantBeginsWithWhatAnOrganisationExpects(t *testing.T) {
	each(t, func(o *org) {
		want := models.Tenant{ID: o.tenant.ID, ExternalID: "T1", Name: "绿城社区", Lang: "zh", Zone: "Asia/Shanghai",
			QuietStart: 22 * 60, QuietEnd: 7 * 60, MemberTarget: 32 * 60, LeaderTarget: 56 * 60, CreatedAt: models.At(o.c.World.Now())}
		o.read(func(tx *store.Tx) error {
			got, err := tx.TenantByExternal("T1")
			if diff := cmp.Diff(want, got); diff != "" {
				o.t.Error(diff)
			}
			if _, err := tx.TenantByExternal("T9"); !errors.Is(err, store.ErrNotFound) {
				o.t.Error(err)
			}
			return err
		})
	})
}

func TestAPersonKeepsEverythingTheySet(t *testing.T) {
	each(t, func(o *org) {
		p := o.mei
		quiet := 21 * 60
		p.Lang, p.ZoneOwn, p.QuietStart, p.Duty = "en", "Europe/Berlin", &quiet, "leader"
		p.Windows = []models.Window{{Days: nil, Start: 480, End: 540}}
		p.OptOuts, p.Areas = []string{"study"}, []string{"东堤"}
		p.Skills = []models.Skill{{Name: "医生", VerifiedBy: 3}}
		o.do(func(tx *store.Tx) error { return tx.Save(o.by("profile_edit"), &p) })
		p.Name, p.SlackZone, p.KnownAt, p.Member = "李梅", "Asia/Shanghai", 5, true
		seen := p
		seen.Lang = "zh" // not what Slack decides
		o.do(func(tx *store.Tx) error { return tx.SavePerson(&seen) })
		o.read(func(tx *store.Tx) error {
			got, err := tx.Person(p.ID)
			if diff := cmp.Diff(p, got); diff != "" {
				o.t.Error(diff)
			}
			all, err2 := tx.PersonsByIDs([]int64{p.ID, 99})
			if diff := cmp.Diff(map[int64]models.Person{p.ID: p}, all); diff != "" {
				o.t.Error(diff)
			}
			return errors.Join(err, err2)
		})
		o.seal()
		if b := o.verify(); !b.OK() {
			o.t.Error(b)
		}
	})
}

func TestMembersAreNeverBotsOrGone(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			for slack, change := range map[string]func(*models.Person){
				"U2": func(p *models.Person) { p.Member = true },
				"U3": func(p *models.Person) { p.Member, p.Bot = true, true },
				"U4": func(p *models.Person) { p.Member, p.Gone = true, true },
				"U5": func(*models.Person) {},
			} {
				p, err := tx.EnsurePerson(o.tenant.ID, slack)
				if err != nil {
					return err
				}
				change(&p)
				if err := tx.SavePerson(&p); err != nil {
					return err
				}
			}
			got, err := tx.Members(o.tenant.ID)
			if len(got) != 1 || got[0].Slack() != "U2" {
				o.t.Errorf("%+v", got)
			}
			return err
		})
	})
}

func TestUnitsLeadersAndRights(t *testing.T) {
	each(t, func(o *org) {
		a, b := o.unit("送水队"), o.unit("医疗队")
		a.LeaderID = o.mei.ID
		o.do(func(tx *store.Tx) error {
			if err := tx.Save(o.by("unit_edit"), &a); err != nil {
				return err
			}
			if err := tx.Save(o.by("role_set"), &models.Right{TenantID: o.tenant.ID, PersonID: o.mei.ID, Role: models.RoleViewer, UnitID: b.ID}); err != nil {
				return err
			}
			if err := tx.SetUnitMember(a.ID, o.mei.ID); err != nil {
				return err
			}
			return tx.SetUnitMember(b.ID, o.mei.ID)
		})
		o.read(func(tx *store.Tx) error {
			r, err := tx.Rights(o.tenant.ID, o.mei.ID)
			if !r.Leader(a.ID) || r.Leader(b.ID) || !r.Viewer(b.ID) || r.Admin() {
				o.t.Errorf("%+v", r)
			}
			u, err2 := tx.UnitOf(o.mei.ID)
			if u.Name != "医疗队" {
				o.t.Errorf("%+v", u)
			}
			in, err3 := tx.UnitMembers(a.ID)
			if len(in) != 0 {
				o.t.Errorf("still in the first: %v", in)
			}
			return errors.Join(err, err2, err3)
		})
		o.do(func(tx *store.Tx) error { return tx.SetUnitMember(0, o.mei.ID) })
		o.read(func(tx *store.Tx) error {
			if _, err := tx.UnitOf(o.mei.ID); !errors.Is(err, store.ErrNotFound) {
				o.t.Error(err)
			}
			return nil
		})
	})
}

func TestChannelsAndWhoIsInThem(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			c, err := tx.EnsureChannel(o.tenant.ID, "C1")
			if err != nil {
				return err
			}
			c.Name, c.Lang, c.Private = "东堤", "zh", true
			if err := tx.SaveChannel(&c); err != nil {
				return err
			}
			if err := tx.SetChannelMembers(c.ID, []int64{o.mei.ID, o.mei.ID}); err != nil {
				return err
			}
			ids, err := tx.ChannelMembers(c.ID)
			if diff := cmp.Diff([]int64{o.mei.ID}, ids); diff != "" {
				o.t.Error(diff)
			}
			c.MembersAt = tx.Now
			again, err2 := tx.EnsureChannel(o.tenant.ID, "C1")
			if diff := cmp.Diff(c, again); diff != "" {
				o.t.Error(diff)
			}
			return errors.Join(err, err2, tx.SetChannelMembers(c.ID, nil))
		})
	})
}

func TestNumbersCountUpByKindAndTenant(t *testing.T) {
	each(t, func(o *org) {
		o.do(func(tx *store.Tx) error {
			other, err := tx.EnsureTenant("T2", models.Tenant{})
			if err != nil {
				return err
			}
			var got []int
			for _, of := range []struct {
				tenant int64
				kind   string
			}{{o.tenant.ID, "k"}, {o.tenant.ID, "k"}, {o.tenant.ID, "s"}, {other.ID, "k"}, {o.tenant.ID, "k"}} {
				n, err := tx.NextNumber(of.tenant, of.kind)
				if err != nil {
					return err
				}
				got = append(got, n)
			}
			if diff := cmp.Diff([]int{1, 2, 1, 1, 3}, got); diff != "" {
				o.t.Error(diff)
			}
			return nil
		})
	})
}
