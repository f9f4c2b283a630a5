package grammar

import (
	"maps"
	"strings"
	"time"

	"muster/models"
)

// Profile is what `profile key: value | …` says of somebody. Set holds the
// English names of the keys given; one given empty is in Set too and clears.
type Profile struct {
	Skills, Areas []string
	Free, Windows []models.Window
	Quiet         *models.Window
	Lang          string // zh, en, "" = as in Slack
	Zone          string // IANA name, "" = as in Slack
	Phone         string
	Pause         time.Time // no reminders before this day
	Off           []string  // of models.OptOutKinds
	Leaderboard   bool      // agrees to be named on leaderboards
	Set           map[string]bool
}

var profileKeys = newFieldKeys(map[string]string{
	"skills": "技能", "areas": "片区", "free": "空闲", "remind": "提醒", "quiet": "免打扰", "lang": "语言",
	"zone": "时区", "phone": "电话", "pause": "暂停", "off": "不要", "leaderboard": "榜单",
})

// profileWords are those keys and what people type for them besides.
var profileWords = alsoTyped(profileKeys, map[string]string{
	"skill": "skills", "area": "areas", "会": "skills", "我会": "skills", "区域": "areas", "有空": "free", "有空时间": "free",
	"提醒时间": "remind", "reminders": "remind", "language": "lang", "timezone": "zone", "手机": "phone", "暂停到": "pause", "时长榜": "leaderboard", "leaderboards": "leaderboard",
})

func alsoTyped(keys fieldKeys, more map[string]string) fieldKeys {
	all := maps.Clone(keys)
	maps.Copy(all, more)
	return all
}

const (
	profileEn = "profile skills: lifting, driving | areas: East | free: Sat 8:00-18:00"
	profileZh = "资料 技能: 装卸、驾驶 | 片区: 城东 | 空闲: 周六 8:00-18:00"
)

// ParseProfile reads "key: value | …", keys in either language: skills, areas,
// free, remind, quiet, lang, zone, phone, pause, off, leaderboard. The error is a *Reason.
func ParseProfile(text string, o Options) (Profile, error) {
	p := Profile{Set: map[string]bool{}}
	head, fields := cutFields(text, profileWords)
	if typed, _, ok := strings.Cut(strings.ReplaceAll(head, "：", ":"), ":"); ok { // the first key is none of ours
		typed = strings.TrimSpace(typed)
		return p, profileReason("profile.unknown", clip(typed), o).nearest(nearestKey(typed, profileKeys))
	}
	if head != "" || len(fields) == 0 {
		return p, profileReason("profile.how", clip(head), o)
	}
	for _, f := range fields {
		switch {
		case f.key == "":
			return p, profileReason("profile.unknown", clip(f.typed), o).nearest(nearestKey(f.typed, profileKeys))
		case p.Set[f.key]:
			return p, profileReason("profile.twice", clip(f.typed), o)
		}
		p.Set[f.key] = true
		if err := p.read(f, o); err != nil {
			return p, err
		}
	}
	return p, nil
}

func profileReason(key, part string, o Options) *Reason {
	example := profileZh
	if o.Lang == "en" {
		example = profileEn
	}
	return &Reason{Key: key, Part: part, Example: example, Args: map[string]any{"Part": part, "Example": example, "Nearest": ""}}
}

// read takes one field over.
func (p *Profile) read(f field, o Options) error {
	if f.alone || emptied(f.value) {
		return nil // zero is "nothing", whatever the key
	}
	var err error
	switch f.key {
	case "skills":
		p.Skills = SplitList(f.value)
	case "areas":
		p.Areas = SplitList(f.value)
	case "phone":
		p.Phone = f.value
	case "free":
		p.Free, err = ParseWindows(f.value)
	case "remind":
		p.Windows, err = ParseWindows(f.value)
	case "quiet":
		spans, bad := ParseWindows(f.value)
		if bad != nil || len(spans) != 1 || len(spans[0].Days) > 0 {
			return profileReason("setup.bad_quiet", clip(f.value), o)
		}
		p.Quiet = &spans[0]
	case "lang":
		if p.Lang = langWords[foldValue(f.value)]; p.Lang == "" {
			return profileReason("profile.bad_lang", clip(f.value), o)
		}
	case "zone":
		p.Zone = strings.TrimSpace(f.value)
	case "pause":
		p.Pause, err = ParseDay(f.value, o)
	case "off":
		return p.readOff(f.value, o)
	case "leaderboard":
		agrees, known := agreeWords[foldValue(f.value)]
		if !known {
			return profileReason("profile.bad_leaderboard", clip(f.value), o)
		}
		p.Leaderboard = agrees
	}
	return err
}

func (p *Profile) readOff(text string, o Options) error {
	for _, word := range listParts(text) {
		kind := offWords[foldValue(word)]
		if kind == "" {
			return profileReason("profile.bad_off", clip(word), o)
		}
		if kind == "leaderboard" { // nobody is on one unless they agreed
			p.Set[kind] = true
			continue
		}
		p.Off = append(p.Off, kind)
	}
	return nil
}

// emptied: a value that says that there is none.
func emptied(value string) bool {
	switch foldValue(value) {
	case "", "-", "none", "no", "无", "没有", "清空":
		return true
	}
	return false
}

var langWords = map[string]string{"zh": "zh", "中文": "zh", "汉语": "zh", "chinese": "zh", "en": "en", "english": "en", "英文": "en", "英语": "en"}

// agreeWords say whether somebody agrees to be named.
var agreeWords = map[string]bool{"yes": true, "on": true, "agree": true, "是": true, "上": true, "上榜": true, "同意": true, "好": true, "可以": true,
	"no": false, "off": false, "否": false, "不": false, "不上": false, "不上榜": false, "不同意": false, "退出": false}

// offWords are what somebody may switch off.
var offWords = map[string]string{"study": "study", "学习": "study",
	"early": "early", "多次": "early", "只提醒一次": "early", "follow": "follow", "follow-up": "follow", "follow-ups": "follow", "makeup": "follow", "补学": "follow",
	"day": "day", "合并": "day", "合成一条": "day", "remind": "remind", "reminders": "remind", "others": "remind", "代设": "remind", "别人的提醒": "remind", "call": "call", "calls": "call", "招募": "call", "询问": "call",
	"urgent": "urgent", "紧急": "urgent", "紧急招募": "urgent", "leaderboard": "leaderboard", "leaderboards": "leaderboard", "榜单": "leaderboard", "榜": "leaderboard",
	"leader": "leader", "leader notes": "leader", "notes": "leader", "负责人提示": "leader", "支部提示": "leader", "提示": "leader"}

// ParsePerson reads a mention alone: the Slack id of whom it names, "" when
// there is something else or nobody.
func ParsePerson(text string) string {
	text = strings.TrimSpace(text)
	if m := userToken.FindStringSubmatch(text); m != nil && m[0] == text {
		return m[1]
	}
	return ""
}
