package services

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// SetupCode is the one-time code with which the first admin of a tenant claims
// the role; "" when there is an admin already, in the database or in the
// settings. The same code is given until it is used.
func (s *Services) SetupCode(ctx context.Context, external string) (string, error) {
	var code string
	err := s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.EnsureTenant(external, s.tenantDefaults())
		if err != nil {
			return err
		}
		has, err := s.hasAdmin(tx, t)
		if err != nil || has {
			return err
		}
		if t.SetupCode == "" {
			t.SetupCode = s.code(8)
			if err := tx.Save(models.By{TenantID: t.ID, Action: "setup_code"}, &t); err != nil {
				return err
			}
		}
		code = t.SetupCode
		return nil
	})
	return code, err
}

// A code has 32^8 readings; five tries an hour a person leave a guesser some
// ten million years on average.
const (
	claimTries = 5
	claimSpan  = time.Hour
)

// ClaimAdmin makes the actor the first admin when code is the one printed at
// start-up. Wrong codes and late comers are refused alike, and after five in an
// hour a right one too. Tries are counted in the record, so a restart does not
// forget them.
func (s *Services) ClaimAdmin(ctx context.Context, act Act, code string) error {
	var refused error
	err := s.doQuietly(ctx, act, func(tx *store.Tx, me Actor) error {
		has, err := s.hasAdmin(tx, me.Tenant)
		if err != nil {
			return err
		}
		t := me.Tenant
		if has || t.SetupCode == "" {
			return models.Refuse(models.CodeForbidden, "setup.wrong_code")
		}
		wrong, err := tx.EntriesAbout(t.ID, "person", me.Person.ID, "setup_wrong_code", tx.Now.Add(-claimSpan))
		if err != nil {
			return err
		}
		if wrong >= claimTries {
			return models.Refuse(models.CodeForbidden, "setup.too_often")
		}
		if !sameCode(code, t.SetupCode) {
			refused = models.Refuse(models.CodeForbidden, "setup.wrong_code") // after the commit: the try counts
			return tx.Note(me.By("setup_wrong_code"), "person", me.Person.ID, nil, nil)
		}
		t.SetupCode = ""
		if err := tx.Save(me.By("setup_claim"), &t); err != nil {
			return err
		}
		return tx.Save(me.By("role_give"), &models.Right{TenantID: t.ID, PersonID: me.Person.ID, Role: models.RoleAdmin})
	})
	if err != nil {
		return err
	}
	return refused
}

// sameCode compares in a time that says nothing about where they differ.
func sameCode(typed, code string) bool {
	typed = strings.ToUpper(strings.Trim(typed, " \t`'\"“”"))
	return subtle.ConstantTimeCompare([]byte(typed), []byte(code)) == 1
}

// Setup is what an admin sets for the organisation, and for the channel the
// modal was opened in.
type Setup struct {
	Lang, Zone                  string
	CallChannel, SummaryChannel string
	QuietStart, QuietEnd        int      // minutes after midnight
	MemberTarget, LeaderTarget  int      // minutes a year
	AbsenceDays                 []int    // after how many days away a leader is told; empty = never, nil = as it is
	StarHours                   []int    // hours at which each star is reached; empty = as shipped, nil = as it is
	Organizers                  []string // Slack ids to be made organizers; nobody loses a role here
	Channel                     string   // Slack id, "" when opened in a direct message
	ChannelLang, ChannelZone    string
	ChannelGuests               bool // Slack guests may sign up for what is called for there
	ChannelRemind               bool // members may set reminders for it
}

// check says what of a setup cannot be.
func (in Setup) check() error {
	for _, zone := range []string{in.Zone, in.ChannelZone} {
		if zone != "" && !realZone(zone) {
			return models.Refuse(models.CodeInvalid, "setup.bad_zone", "Part", zone)
		}
	}
	if in.Zone == "" {
		return models.Refuse(models.CodeInvalid, "setup.bad_zone", "Part", "")
	}
	switch {
	case in.Lang != "zh" && in.Lang != "en", in.ChannelLang != "" && in.ChannelLang != "zh" && in.ChannelLang != "en":
		return models.Refuse(models.CodeInvalid, "profile.bad_lang")
	case in.QuietStart < 0 || in.QuietStart >= 24*60 || in.QuietEnd < 0 || in.QuietEnd > 24*60:
		return models.Refuse(models.CodeInvalid, "setup.bad_quiet")
	case in.MemberTarget < 0 || in.LeaderTarget < 0:
		return models.Refuse(models.CodeInvalid, "form.bad_number")
	case !models.AbsenceDaysFit(in.AbsenceDays):
		return models.Refuse(models.CodeInvalid, "setup.bad_absence")
	case !models.GoodLadder(in.StarHours):
		return models.Refuse(models.CodeInvalid, "setup.bad_stars")
	}
	return nil
}

// realZone says whether an IANA zone of this name can be loaded.
func realZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && name != "Local" // the machine's own is nobody's
}

// SaveSetup stores the organisation's settings, and brings what follows them
// along: cards, digests, reminders ahead.
func (s *Services) SaveSetup(ctx context.Context, act Act, in Setup) error {
	return s.doQuietly(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Admin() {
			return s.refuseAdmin(tx, me)
		}
		if err := in.check(); err != nil {
			return err
		}
		was, t := me.Tenant, me.Tenant
		t.Lang, t.Zone = in.Lang, in.Zone
		t.CallChannel, t.SummaryChannel = in.CallChannel, in.SummaryChannel
		t.QuietStart, t.QuietEnd = in.QuietStart, in.QuietEnd
		t.MemberTarget, t.LeaderTarget = in.MemberTarget, in.LeaderTarget
		if in.AbsenceDays != nil {
			t.AbsenceDays = in.AbsenceDays
		}
		if in.StarHours != nil {
			t.StarHours = in.StarHours
		}
		if err := tx.Save(me.By("setup_change"), &t); err != nil {
			return err
		}
		for _, slackID := range in.Organizers {
			p, err := tx.EnsurePerson(t.ID, slackID)
			if err != nil {
				return fmt.Errorf("organizer: %w", err)
			}
			if p.Bot {
				return models.Refuse(models.CodeInvalid, "role.bot")
			}
			if err := giveRole(tx, me, p, models.RoleOrganizer, 0); err != nil {
				return err
			}
		}
		changed, err := saveRoom(tx, me, in)
		if err != nil {
			return err
		}
		return s.followSetup(tx, me, was, t, changed)
	})
}

// saveRoom stores a channel's own language and zone, and whether guests may sign up; changed says whether
// either is another now.
func saveRoom(tx *store.Tx, me Actor, in Setup) (changed bool, err error) {
	if in.Channel == "" {
		return false, nil
	}
	c, err := tx.EnsureChannel(me.Tenant.ID, in.Channel)
	if err != nil {
		return false, fmt.Errorf("channel of setup: %w", err)
	}
	changed = c.Lang != in.ChannelLang || c.Zone != in.ChannelZone
	was := c
	c.Lang, c.Zone, c.Guests, c.MembersRemind = in.ChannelLang, in.ChannelZone, in.ChannelGuests, in.ChannelRemind
	if was.Guests != c.Guests { // who lets strangers in is in the record
		if err := tx.Note(me.By("channel_guests"), "channel", c.ID, map[string]any{"guests": c.Guests}, nil); err != nil {
			return false, err
		}
	}
	if was.MembersRemind != c.MembersRemind { // and who lets members write there through the bot
		if err := tx.Note(me.By("channel_remind"), "channel", c.ID, map[string]any{"members_remind": c.MembersRemind}, nil); err != nil {
			return false, err
		}
	}
	return changed, tx.SaveChannel(&c)
}

// followSetup brings along what was laid out by the settings as they were.
func (s *Services) followSetup(tx *store.Tx, me Actor, was, t models.Tenant, room bool) error {
	if was.Lang != t.Lang || was.Zone != t.Zone || room {
		if err := tx.TouchPrefix(t.ID, "card:"); err != nil {
			return err
		}
	}
	if was.Zone != t.Zone {
		if err := moveDigests(tx, me, t); err != nil {
			return err
		}
	}
	if was.Zone == t.Zone && was.QuietStart == t.QuietStart && was.QuietEnd == t.QuietEnd {
		return nil
	}
	return planTimes(tx, t.ID, 0)
}

// moveDigests puts the digests on the organisation's new clock. A period that
// was told by the old one, or most of it, is not told again.
func moveDigests(tx *store.Tx, me Actor, t models.Tenant) error {
	digests, err := tx.Digests(t.ID)
	if err != nil {
		return err
	}
	for _, d := range digests {
		d.Zone = t.Zone
		if err := tx.Save(me.By("digest_zone"), &d); err != nil {
			return err
		}
		after := tx.Now
		last, err := tx.LastPosting(d.ID)
		if ignoreMissing(err) != nil {
			return err
		}
		if next := d.Next(after); err == nil && d.Covers(next).Start.Add(24*time.Hour) < last.End { // zones differ by a day at most
			after = next
		}
		if err := planDigest(tx, d, after); err != nil {
			return err
		}
	}
	return nil
}

// timesBatch is how many members one transaction plans anew: at about a
// millisecond each, a press in between waits no longer than a blink.
const timesBatch = 100

// planTimes plans to plan the reminders of all members anew, from after the
// member with this id on.
func planTimes(tx *store.Tx, tenantID, after int64) error {
	return tx.Plan(models.Due{TenantID: tenantID, Key: "setup:times", Kind: models.DueSetupTimes, RefID: tenantID, DueAt: tx.Now,
		Args: encode(cursor{After: after})})
}

func (s *Services) setupDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{models.DueSetupTimes: s.timesDue}
}

// timesDue moves the reminders of the next members to where the organisation's
// zone and quiet hours now put them.
func (s *Services) timesDue(tx *store.Tx, due models.Due) error {
	at, err := readCursor(due)
	if err != nil {
		return err
	}
	people, err := tx.AudiencePage(due.TenantID, models.Audience{Kind: models.AudienceAll}, nil, at.After, timesBatch)
	if err != nil || len(people) == 0 {
		return err
	}
	if err := s.replanMany(tx, due.TenantID, people); err != nil {
		return err
	}
	return planTimes(tx, due.TenantID, people[len(people)-1].ID)
}

// replanMany is replan for a portion of people: what is asked about each is asked
// about all of them at once, and who has nothing ahead costs nothing.
func (s *Services) replanMany(tx *store.Tx, tenantID int64, people []models.Person) error {
	t, err := tx.Tenant(tenantID)
	if err != nil {
		return err
	}
	ids := make([]int64, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	units, err := tx.UnitsOfPeople(tenantID, ids)
	if err != nil {
		return err
	}
	places, sessions, err := tx.Occupied(ids)
	if err != nil {
		return err
	}
	reminders, err := tx.RemindersForPeople(ids)
	if err != nil {
		return err
	}
	for _, p := range people {
		times := models.TimesOf(p, units[p.ID], t)
		err := s.replanReminders(tx, times, reminders[p.ID])
		if err == nil && places[p.ID] {
			err = s.replanCalls(tx, t, p)
		}
		if err == nil && sessions[p.ID] {
			err = s.replanStudies(tx, p, times)
		}
		if err != nil {
			return fmt.Errorf("reminders of person %d: %w", p.ID, err)
		}
	}
	return nil
}

// SetupNow is what stands now, for the modal.
func (s *Services) SetupNow(ctx context.Context, act Act) (me Actor, channel models.Channel, organizers []string, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, a Actor) error {
		me = a
		if !a.Rights.Admin() {
			return s.refuseAdmin(tx, a)
		}
		c, err := tx.ChannelBySlack(a.Tenant.ID, act.Channel)
		if err != nil && !errors.Is(err, store.ErrNotFound) {
			return err
		}
		channel = c
		people, err := s.holders(tx, a.Tenant, models.RoleOrganizer)
		for _, p := range people {
			if p.Slack() != "" {
				organizers = append(organizers, p.Slack())
			}
		}
		return err
	})
	return me, channel, organizers, err
}

// tenantDefaults are an organisation's values before anybody set any: the
// settings' language and zone; quiet hours 22:00-07:00 and 32 and 56 study
// hours a year as SURFACE 2 and 6 give them.
func (s *Services) tenantDefaults() models.Tenant {
	return models.Tenant{Lang: s.cfg.Lang, Zone: s.cfg.Zone, QuietStart: 22 * 60, QuietEnd: 7 * 60,
		MemberTarget: 32 * 60, LeaderTarget: 56 * 60}
}

// codeLetters leaves out 0O1I, which people mistake for one another.
const codeLetters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

// code is n random letters; 32 letters divide a byte evenly, so none is favoured.
func (s *Services) code(n int) string {
	raw := make([]byte, n)
	s.random(raw)
	for i, b := range raw {
		raw[i] = codeLetters[int(b)%len(codeLetters)]
	}
	return string(raw)
}

// SetTenantLang changes the organisation's language, as the demo's page does,
// and has every card drawn anew in it.
func (s *Services) SetTenantLang(ctx context.Context, external, lang string) error {
	return s.store.InTx(ctx, func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(external)
		if err != nil || t.Lang == lang {
			return err
		}
		t.Lang = lang
		if err := tx.Save(models.By{TenantID: t.ID, Action: "setup_change"}, &t); err != nil {
			return err
		}
		return tx.TouchPrefix(t.ID, "card:")
	})
}
