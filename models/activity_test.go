package models

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func listed() Activity {
	a := Activity{ActivityRecord: ActivityRecord{TenantID: 1, PersonID: 2, Code: "ABCDEFGH2345", Name: "王强", StartAt: 1, EndAt: 9, Ever: 240, Stars: 1},
		Hours:  []ActivityLine{{ID: 4, From: 2, Minutes: 150, Grade: EvidenceSelf, Counts: true, Title: "义诊"}, {ID: 5, From: 3, Minutes: 90, Grade: EvidenceRoll, Counts: true}},
		Learnt: []ActivityLine{{ID: 7, From: 4, Minutes: 45, Grade: AttendanceMadeUp, Counts: true}}, Before: 240}
	a.Freeze()
	return a
}

func TestAnActivityRecordMatchesUntilWhatItListsIsChanged(t *testing.T) {
	t.Parallel()
	a := listed()
	if !a.Matches() || a.Minutes != 240 || a.Study != 45 {
		t.Fatalf("%+v", a)
	}
	a.Hours[0].Title, a.Before = "社区义诊", 300 // put right, and more served since
	if !a.Matches() {
		t.Error("a title or later hours make it false")
	}
	for name, change := range map[string]func(*Activity){
		"shorter":     func(a *Activity) { a.Hours[0].Minutes-- },
		"refused":     func(a *Activity) { a.Hours[1].Counts = false },
		"other grade": func(a *Activity) { a.Hours[1].Grade = EvidenceLate },
		"other time":  func(a *Activity) { a.Learnt[0].From++ },
		"gone":        func(a *Activity) { a.Hours = a.Hours[:1] },
		"printed sum": func(a *Activity) { a.Minutes++ },
		"other name":  func(a *Activity) { a.Name = "王刚" },
		"fewer ever":  func(a *Activity) { a.Before-- },
		"more stars":  func(a *Activity) { a.Stars++ },
		"withdrawn":   func(a *Activity) { a.WithdrawnAt = 5 },
		"no sum":      func(a *Activity) { a.Sum = "" },
	} {
		a := listed()
		if change(&a); a.Matches() {
			t.Errorf("%s: still matches", name)
		}
	}
}

func TestACodeOfAnActivityRecordIsReadAsItIsTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), activityCodeLen, activityCodeLen).Draw(t, "raw")
		code := DrawActivityCode(func(b []byte) { copy(b, raw) })
		if len(code) != activityCodeLen || strings.ContainsAny(code, "0O1I") {
			t.Fatalf("%q", code)
		}
		for _, typed := range []string{code, ShownActivityCode(code), strings.ToLower(ShownActivityCode(code)), " " + code + " "} {
			if got, ok := ParseActivityCode(typed); !ok || got != code {
				t.Errorf("%q: %q %v", typed, got, ok)
			}
		}
	})
	for _, typed := range []string{"", "ABCD-EFGH-JKL", "ABCDEFGHJKL0", "ABCDEFGHJKLI", strings.Repeat("A", 50), "查验码查验码"} {
		if _, ok := ParseActivityCode(typed); ok {
			t.Errorf("%q is read", typed)
		}
	}
}
