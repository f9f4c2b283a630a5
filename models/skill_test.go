package models

import (
	"testing"

	"pgregory.net/rapid"
)

func TestOneSkillHasSeveralNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"司机", "驾驶", true}, {"drivers", "驾驶", true}, {"Driver", "driving", true}, {"lifter", "装卸", true}, {"Lifters", "lifting", true},
		{"first aid", "急救", true}, {"ｄｒｉｖｅｒ", "司机", true}, {"焊工", "焊工", true}, {"welder", "Welders", true},
		{"护士", "医生", false}, {"nurse", "doctor", false}, {"引导", "翻译", false}, {"", "", false}, {"s", "", false}, {"司机", "", false},
	} {
		if got := SameSkill(c.a, c.b); got != c.same {
			t.Errorf("%q and %q: %v", c.a, c.b, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) { // whichever is the role and whichever the profile
		names := rapid.SampledFrom(trades).Draw(t, "trade")
		a, b := rapid.SampledFrom(names).Draw(t, "a"), rapid.SampledFrom(append(names, "焊工", "s")).Draw(t, "b")
		if SameSkill(a, b) != SameSkill(b, a) || !SameSkill(a, a) {
			t.Fatalf("%q and %q differ by order", a, b)
		}
	})
}

func TestNoNameBelongsToTwoTrades(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for i, names := range trades {
		for _, name := range names {
			if j, twice := seen[FoldName(name)]; twice {
				t.Errorf("%q is in %v and %v", name, trades[j], names)
			}
			seen[FoldName(name)] = i
		}
	}
}
