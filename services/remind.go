package services

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

// NewReminder is what somebody wants to be said, to whom, when.
type NewReminder struct {
	Who   string // "me", <@U1>, <#C1>
	Text  string
	RRule string // "" = once
	Wall  string
	Zone  string
	Start time.Time
	Until time.Time
	Draft int64 // the kept words that this answers, 0 = none: they are forgotten
}

// RemindPlan is a reminder as one reader sees it.
type RemindPlan struct {
	Reminder models.Reminder
	By       models.Person // who set it
	Person   models.Person // whom it reminds; zero for a channel
	Next     []time.Time   // next three times
	Times    models.Times  // of the person
	Now      models.Instant
}

// remindersMost is how many reminders one person may have set at a time: more
// than anybody keeps in mind, and few enough that a mistake floods nobody.
const remindersMost = 100

// AddReminder sets a reminder for oneself, for a channel (organizers), or for
// somebody else, who is asked first unless they agreed before.
func (s *Services) AddReminder(ctx context.Context, act Act, in NewReminder) (out RemindPlan, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		r := models.Reminder{TenantID: me.Tenant.ID, ByID: me.Person.ID, Text: strings.TrimSpace(in.Text), State: models.ReminderActive,
			RRule: in.RRule, Wall: in.Wall, Zone: in.Zone, Until: models.At(in.Until), NextAt: models.At(in.Start), CreatedAt: tx.Now}
		if r.Text == "" {
			return models.Refuse(models.CodeInvalid, "error.remind_no_text")
		}
		if err := ahead(&r, tx.Now); err != nil {
			return err
		}
		if err := answered(tx, me, in.Draft); err != nil {
			return err
		}
		if err := s.remindWhom(tx, me, act, in.Who, &r); err != nil {
			return err
		}
		mine, err := tx.RemindersOf(me.Tenant.ID, me.Person.ID, remindersMost+1)
		if err != nil {
			return err
		}
		if len(mine) >= remindersMost {
			return models.Refuse(models.CodeConflict, "error.remind_many", "N", remindersMost)
		}
		if r.Number, err = tx.NextNumber(me.Tenant.ID, models.NumberReminder); err != nil {
			return fmt.Errorf("number of the reminder: %w", err)
		}
		if err := tx.Save(me.By("remind_add"), &r); err != nil {
			return err
		}
		if r.State == models.ReminderAsked {
			_, err = tx.Enqueue(models.Message{TenantID: r.TenantID, Key: "remind_ask:" + id(r.ID), Kind: models.MessageRemindAsk,
				SubjectID: r.ID, PersonID: r.PersonID, Priority: models.PriorityAnswer, EditClass: models.EditRest, Quiet: models.QuietWait})
		} else {
			err = planRemind(tx, r)
		}
		if err != nil {
			return err
		}
		out, err = s.remindPlan(tx, r)
		return err
	})
	return out, err
}

// ahead refuses what is past; of a rule the next time counts, also when it is
// set at the very minute of one.
func ahead(r *models.Reminder, now models.Instant) error {
	if rule, ok := r.Rule(); ok && r.NextAt <= now {
		next, err := rule.Next(now.Time(), 1)
		if err != nil {
			return fmt.Errorf("next time of a reminder: %w", err)
		}
		for _, t := range next {
			r.NextAt = models.At(t)
		}
	}
	if r.NextAt <= now {
		return models.Refuse(models.CodeInvalid, "error.remind_past")
	}
	return nil
}

// answered forgets kept words that are answered now: a second press on the
// answer finds nothing.
func answered(tx *store.Tx, me Actor, draft int64) error {
	if draft == 0 {
		return nil
	}
	_, err := tx.Draft(me.Tenant.ID, me.Person.ID, draft)
	if errors.Is(err, store.ErrNotFound) {
		return models.Refuse(models.CodeNotFound, "error.draft_gone")
	}
	if err != nil {
		return err
	}
	return tx.DropDraft(draft)
}

// KeepRemindText keeps what somebody typed while a time in it is asked back about.
func (s *Services) KeepRemindText(ctx context.Context, act Act, text string) (d models.Draft, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d = models.Draft{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Text: text, Channel: act.Channel, Direct: act.Direct, CreatedAt: tx.Now}
		return tx.SaveDraft(&d)
	})
	return d, err
}

// remindWhom settles who is reminded, and whether they have to be asked.
func (s *Services) remindWhom(tx *store.Tx, me Actor, act Act, who string, r *models.Reminder) error {
	who = strings.TrimSpace(who)
	switch {
	case who == "" || who == "me":
		r.PersonID = me.Person.ID
		return nil
	case strings.HasPrefix(who, "<#"):
		r.Channel = token(who, "<#")
		may, err := mayRemindChannel(tx, me, r.Channel, act.Channel)
		if err != nil {
			return err
		}
		if !may {
			return s.refuseOrganizer(tx, me)
		}
		_, err = tx.EnsureChannel(me.Tenant.ID, r.Channel)
		return err
	case !strings.HasPrefix(who, "<@"):
		return models.Refuse(models.CodeInvalid, "error.remind_who", "Part", who)
	}
	p, err := tx.EnsurePerson(me.Tenant.ID, token(who, "<@"))
	if err != nil {
		return err
	}
	if p.Bot || p.Gone {
		return models.Refuse(models.CodeInvalid, "error.remind_who", "Part", who)
	}
	r.PersonID = p.ID
	if p.ID == me.Person.ID {
		return nil
	}
	if p.Refuses(models.MessageRemind) {
		return models.Refuse(models.CodeForbidden, "error.remind_off", "Who", personTag(p))
	}
	r.State = models.ReminderAsked
	last, err := tx.RemindConsent(me.Person.ID, p.ID)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	switch {
	case err == nil && last.State == models.ReminderRefused && tx.Now.Sub(last.CreatedAt) < 30*24*time.Hour:
		// A no stands for a month, so that nobody is worn down by asking.
		return models.Refuse(models.CodeForbidden, "error.remind_refused", "Who", personTag(p))
	case err == nil && last.State != models.ReminderRefused:
		r.State, r.AgreedAt = models.ReminderActive, last.AgreedAt
	}
	return nil
}

// mayRemindChannel says whether somebody may have a channel reminded: organizers
// anywhere, others where the channel allows it and they are in it, which acting
// there shows too.
func mayRemindChannel(tx *store.Tx, me Actor, slackID, here string) (bool, error) {
	if me.Rights.Organizer(0) {
		return true, nil
	}
	c, err := tx.ChannelBySlack(me.Tenant.ID, slackID)
	if err != nil || !c.MembersRemind || me.Person.Guest || me.Person.Gone {
		return false, ignoreMissing(err)
	}
	if here == slackID {
		return true, nil
	}
	return tx.InAudience(me.Tenant.ID, me.Person.ID, models.Audience{Kind: models.AudienceChannel, Ref: slackID}, nil)
}

func personTag(p models.Person) string {
	if p.Slack() == "" {
		return p.Name
	}
	return "<@" + p.Slack() + ">"
}

// planRemind plans the next time, or the snooze when that comes first.
func planRemind(tx *store.Tx, r models.Reminder) error {
	key := "remind:" + id(r.ID) + ":"
	if _, err := tx.Unplan(r.TenantID, key); err != nil {
		return err
	}
	if r.State != models.ReminderActive {
		return nil
	}
	if r.SnoozedTo != 0 {
		err := tx.Plan(models.Due{TenantID: r.TenantID, Key: key + "snooze:", Kind: models.DueRemind, RefID: r.ID, PersonID: r.PersonID,
			DueAt: r.SnoozedTo, Args: encode(RemindArgs{Snooze: true, At: r.FiredAt})})
		if err != nil {
			return err
		}
	}
	if r.NextAt == 0 {
		return nil
	}
	return tx.Plan(nextRemind(r))
}

// nextRemind is the due row of a reminder's next time.
func nextRemind(r models.Reminder) models.Due {
	return models.Due{TenantID: r.TenantID, Key: "remind:" + id(r.ID) + ":next:", Kind: models.DueRemind, RefID: r.ID, PersonID: r.PersonID, DueAt: r.NextAt}
}

func (s *Services) remindPlan(tx *store.Tx, r models.Reminder) (RemindPlan, error) {
	out := RemindPlan{Reminder: r, Now: tx.Now}
	var err error
	if out.By, err = tx.Person(r.ByID); err != nil {
		return out, err
	}
	if r.PersonID != 0 {
		if out.Person, err = tx.Person(r.PersonID); err != nil {
			return out, err
		}
		t, err := tx.Tenant(r.TenantID)
		if err != nil {
			return out, err
		}
		if out.Times, err = s.timesOf(tx, t, out.Person); err != nil {
			return out, err
		}
	}
	if rule, ok := r.Rule(); ok && r.NextAt != 0 {
		out.Next, err = rule.Next(r.NextAt.Add(-time.Millisecond).Time(), 3)
	} else if r.NextAt != 0 {
		out.Next = []time.Time{r.NextAt.In(models.Zone(r.Zone))}
	}
	if r.PersonID != 0 && !r.Own() { // what others ask for waits for the end of the quiet hours
		for i, at := range out.Next {
			out.Next[i] = models.EndOfRest(models.At(at), out.Times.Rest, out.Times.Zone).In(at.Location())
		}
	}
	return out, err
}

// ListReminders lists what the actor set or is reminded of.
func (s *Services) ListReminders(ctx context.Context, act Act) (out []RemindPlan, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		if me.Person.ID == 0 {
			return nil
		}
		rows, err := tx.RemindersOf(me.Tenant.ID, me.Person.ID, remindersMost)
		if err != nil {
			return err
		}
		for _, r := range rows {
			p, err := s.remindPlan(tx, r)
			if err != nil {
				return err
			}
			out = append(out, p)
		}
		return nil
	})
	return out, err
}

// RemindMessage is what a reminder's message is rendered from; ok is false when
// there is nothing to say any more.
func (s *Services) RemindMessage(ctx context.Context, tenantID, reminderID int64) (out RemindPlan, ok bool, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		r, err := tx.Reminder(tenantID, reminderID)
		if err != nil {
			return err
		}
		out, err = s.remindPlan(tx, r)
		return err
	})
	if errors.Is(err, store.ErrNotFound) {
		return out, false, nil
	}
	return out, err == nil, err
}

// RemindChannel is the channel a reminder goes to, as far as it is known.
func (s *Services) RemindChannel(ctx context.Context, tenantID int64, slackID string) (t models.Tenant, c models.Channel, now models.Instant, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		now = tx.Now
		if t, err = tx.Tenant(tenantID); err != nil {
			return err
		}
		c, err = tx.ChannelBySlack(tenantID, slackID)
		if errors.Is(err, store.ErrNotFound) {
			c, err = models.Channel{TenantID: tenantID, SlackID: slackID}, nil
		}
		return err
	})
	return t, c, now, err
}
