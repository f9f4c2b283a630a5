package models

import (
	"slices"
	"strings"
)

// trades are names of one and the same skill, in both languages, as a role and
// as what somebody can do: a call says driver, a profile says 驾驶. Only what
// is the same without doubt stands here: a nurse is no doctor.
var trades = [][]string{
	{"司机", "驾驶", "驾驶员", "开车", "会开车", "driver", "driving"},
	{"装卸", "搬运", "装卸工", "搬运工", "力工", "lifter", "lifting", "loader", "loading"},
	{"医生", "医师", "大夫", "doctor", "physician"},
	{"护士", "护理", "nurse", "nursing"},
	{"药师", "药剂师", "pharmacist", "pharmacy"},
	{"急救", "急救员", "急救证", "first aid", "first aider"},
	{"引导", "引导员", "向导", "guide", "guiding", "usher"},
	{"登记", "登记员", "签到员", "registration", "registrar"},
	{"翻译", "口译", "translator", "translation", "interpreter", "interpreting"},
	{"骑手", "骑行", "rider", "riding", "cycling", "cyclist"},
	{"船员", "驾船", "开船", "操舟", "boat", "boating", "boat crew", "boat handling"},
	{"游泳", "水性", "swimmer", "swimming"},
	{"电工", "电气", "electrician", "electrical work"},
	{"水管工", "水电工", "plumber", "plumbing"},
	{"厨师", "做饭", "炊事", "cook", "cooking"},
	{"摄影", "拍照", "摄影师", "photographer", "photography"},
	{"理发", "理发师", "barber", "hairdresser", "haircutting"},
	{"法律咨询", "律师", "lawyer", "legal advice"},
	{"心理咨询", "心理疏导", "counsellor", "counselor", "counselling", "counseling"},
	{"测血压", "量血压", "血压", "blood pressure"},
}

// tradeOf gives the names of a skill their trade, folded.
var tradeOf = func() map[string]int {
	all := map[string]int{}
	for i, names := range trades {
		for _, name := range names {
			all[FoldName(name)] = i
		}
	}
	return all
}()

// SameSkill says whether two names of a skill or role mean the same: case,
// width, an English plural and the names of one trade ignored.
func SameSkill(a, b string) bool {
	a, b = FoldName(a), FoldName(b)
	if a == "" || b == "" {
		return false
	}
	if a == b || a+"s" == b || b+"s" == a {
		return true
	}
	trade, known := tradeOf[strings.TrimSuffix(a, "s")]
	if !known {
		trade, known = tradeOf[a]
	}
	return known && slices.ContainsFunc(trades[trade], func(name string) bool {
		name = FoldName(name)
		return name == b || name+"s" == b
	})
}
