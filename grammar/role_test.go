package grammar

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRolesAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		want Role
	}{
		{"<@U1> organizer", Role{User: "U1", Role: "organizer"}},
		{"<@U1|wangqiang> 组织者", Role{User: "U1", Role: "organizer"}},
		{"<@W0AB2> Admin", Role{User: "W0AB2", Role: "admin"}},
		{"organizer <@U1>", Role{User: "U1", Role: "organizer"}},
		{"<@U1>　管理员", Role{User: "U1", Role: "admin"}},
		{"<@U1> viewer East  Branch", Role{User: "U1", Role: "viewer", Unit: "East Branch"}},
		{"<@U1> 查看者 外卖骑手支部", Role{User: "U1", Role: "viewer", Unit: "外卖骑手支部"}},
		{"<@U1> member", Role{User: "U1", Role: "member"}},
		{"<@U1> organizer R&D", Role{User: "U1", Role: "organizer", Unit: "R&D"}},
	} {
		got, err := ParseRole(c.text)
		if err != nil {
			t.Errorf("%q: %v", c.text, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%q: %s", c.text, diff)
		}
	}
	for _, bad := range []string{"", "organizer", "@Wang Qiang organizer", "<@U1>", "<@U1> boss", "<@U1> <@U2> organizer", "<#C1> organizer", "<@lower> admin"} {
		if got, err := ParseRole(bad); err == nil {
			t.Errorf("%q was read as %v", bad, got)
		} else if reason, ok := err.(*Reason); !ok || reason.Key != "role.how" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func FuzzParseRole(f *testing.F) {
	for _, s := range []string{"<@U1> organizer", "<@U1|x> 成员 East", "<@U1", "a<@U1>b", "\xff<@U1> admin"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParseRole(text)
		if err == nil && (got.User == "" || got.Role == "") {
			t.Fatalf("%q gave %+v", text, got)
		}
	})
}
