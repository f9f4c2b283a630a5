package services

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"muster/models"
	"muster/store"
)

// Profile is what a person sets about themselves. Nil and zero mean "follow
// the unit, Slack or the organisation".
type Profile struct {
	Lang, Zone           string
	Windows              []models.Window
	QuietStart, QuietEnd *int
	PauseUntil           models.Instant
	OptOuts              []string
	Leaderboard          bool // agrees to be named with their hours
	Skills, Areas        []string
	Free                 []models.Window
	Phone                string
}

// Bounds of what a profile holds: it is shown to organizers and asked in
// waves, and nobody has more to say of themselves.
const (
	profileWords = 30 // skills, or areas
	profileWord  = 60 // characters of one, or of a phone number
)

// check says what of a profile cannot be.
func (in Profile) check() error {
	switch {
	case in.Lang != "" && in.Lang != "zh" && in.Lang != "en":
		return models.Refuse(models.CodeInvalid, "profile.bad_lang")
	case in.Zone != "" && !realZone(in.Zone):
		return models.Refuse(models.CodeInvalid, "setup.bad_zone", "Part", in.Zone)
	}
	for _, list := range [][]string{in.Skills, in.Areas, {in.Phone}} {
		if err := CheckWords(list); err != nil {
			return err
		}
	}
	return nil
}

// CheckWords says which of somebody's skills or areas, or phone number, cannot
// be kept.
func CheckWords(list []string) error {
	for i, word := range list {
		if i == profileWords || utf8.RuneCountInString(word) > profileWord {
			return models.Refuse(models.CodeInvalid, "profile.too_long", "Part", word, "N", profileWord, "Most", profileWords)
		}
	}
	return nil
}

// SaveProfile stores the actor's own settings and moves the reminders ahead to
// where they now belong.
func (s *Services) SaveProfile(ctx context.Context, act Act, in Profile) (Actor, error) {
	var out Actor
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if err := in.check(); err != nil {
			return err
		}
		p := me.Person
		p.Member = true
		p.Lang, p.ZoneOwn = in.Lang, in.Zone
		p.Windows, p.QuietStart, p.QuietEnd = in.Windows, in.QuietStart, in.QuietEnd
		p.PauseUntil = in.PauseUntil
		p.OptOuts = slices.DeleteFunc(slices.Clone(in.OptOuts), func(k string) bool { return !slices.Contains(models.OptOutKinds(), k) })
		p.Areas, p.Free, p.Phone, p.Leaderboard = in.Areas, in.Free, in.Phone, in.Leaderboard
		p.Skills = mergeSkills(p.Skills, in.Skills)
		var err error
		out, err = s.saveOwn(tx, me, p)
		return err
	})
	return out, err
}

// ChangeProfile stores those of the actor's own settings that set names: lang,
// zone, remind, quiet, pause, off, skills, areas, free, phone, leaderboard.
func (s *Services) ChangeProfile(ctx context.Context, act Act, in Profile, set map[string]bool) (Actor, error) {
	var out Actor
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if err := in.check(); err != nil {
			return err
		}
		p := me.Person
		p.Member = true
		for key, take := range map[string]func(){
			"lang":   func() { p.Lang = in.Lang },
			"zone":   func() { p.ZoneOwn = in.Zone },
			"remind": func() { p.Windows = in.Windows },
			"quiet":  func() { p.QuietStart, p.QuietEnd = in.QuietStart, in.QuietEnd },
			"pause":  func() { p.PauseUntil = in.PauseUntil },
			"off":    func() { p.OptOuts = in.OptOuts },
			"skills": func() { p.Skills = mergeSkills(p.Skills, in.Skills) },
			"areas":  func() { p.Areas = in.Areas },
			"free":   func() { p.Free = in.Free },
			"phone":  func() { p.Phone = in.Phone },

			"leaderboard": func() { p.Leaderboard = in.Leaderboard },
		} {
			if set[key] {
				take()
			}
		}
		var err error
		out, err = s.saveOwn(tx, me, p)
		return err
	})
	return out, err
}

// SetLang switches one person's language, as the first message offers.
func (s *Services) SetLang(ctx context.Context, act Act, lang string) (Actor, error) {
	var out Actor
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if lang != "zh" && lang != "en" {
			return models.Refuse(models.CodeInvalid, "profile.bad_lang")
		}
		p := me.Person
		p.Lang = lang
		var err error
		out, err = s.saveOwn(tx, me, p)
		return err
	})
	return out, err
}

// saveOwn stores what a person decided about themselves: their first contact
// shows it, and their reminders ahead follow it.
func (s *Services) saveOwn(tx *store.Tx, me Actor, p models.Person) (Actor, error) {
	if err := tx.Save(me.By("profile_change"), &p); err != nil {
		return me, err
	}
	me.Person = p
	if err := tx.Touch(p.TenantID, models.GreetKey(p.ID)); err != nil {
		return me, err
	}
	if p.GreetedIn != 0 {
		if err := tx.TouchMessage(p.TenantID, p.GreetedIn); err != nil {
			return me, err
		}
	}
	return me, s.replan(tx, p)
}

// replan moves all reminders of a person to where their times now put them.
func (s *Services) replan(tx *store.Tx, p models.Person) error {
	t, err := tx.Tenant(p.TenantID)
	if err != nil {
		return err
	}
	if err := s.replanCalls(tx, t, p); err != nil {
		return err
	}
	return s.ReplanPerson(tx, p)
}

// mergeSkills keeps a verification that somebody else gave when the person
// still names the skill. A skill named twice counts once.
func mergeSkills(had []models.Skill, names []string) []models.Skill {
	var out []models.Skill
	for _, name := range names {
		same := func(s models.Skill) bool { return strings.EqualFold(s.Name, name) }
		if slices.ContainsFunc(out, same) {
			continue
		}
		skill := models.Skill{Name: name}
		if i := slices.IndexFunc(had, same); i >= 0 {
			skill = had[i]
			skill.Name = name
		}
		out = append(out, skill)
	}
	return out
}
