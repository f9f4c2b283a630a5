package services

import (
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

func cardKey(callID int64) string  { return fmt.Sprintf("card:%d", callID) }
func panelKey(callID int64) string { return fmt.Sprintf("panel:%d", callID) }

func signupKey(callID, personID int64) string { return fmt.Sprintf("signup:%d:%d", callID, personID) }

// putInto is the margin after quiet hours within which a shift may be spoken
// about during them.
const putInto = 2 * time.Hour

// tell queues what one notice has to say. Own acts and small changes edit the
// message there is; what one might miss, or act on old words about, is a new
// message that takes over the buttons.
func (d *desk) tell(n models.Notice) error {
	su := n.Signup
	shift := d.Shift(su.ShiftID)
	switch n.Kind {
	case models.NoticeConfirmed, models.NoticeWaitlisted:
		return d.write(su.PersonID, models.SignupArgs{}, models.QuietPass, shift.EndAt, false)
	case models.NoticePromoted:
		return d.write(su.PersonID, models.SignupArgs{Why: models.WhyPromoted}, d.quiet(su.PersonID, shift), shift.EndAt, true)
	case models.NoticeOffered:
		return d.write(su.PersonID, models.SignupArgs{Why: models.WhyOffer}, d.quiet(su.PersonID, shift), su.OfferUntil, true)
	case models.NoticeHeld:
		return d.write(su.PersonID, models.SignupArgs{Why: models.WhyHeld}, d.quiet(su.PersonID, shift), su.OfferUntil, true)
	case models.NoticeHanded:
		return d.write(su.PersonID, models.SignupArgs{Why: models.WhyHanded}, d.quiet(su.PersonID, shift), shift.EndAt, true)
	case models.NoticeTookOver:
		return d.write(su.PersonID, models.SignupArgs{}, models.QuietPass, shift.EndAt, false)
	case models.NoticeMoved:
		return d.write(su.PersonID, models.SignupArgs{Why: models.WhyMoved, Was: d.was}, d.quiet(su.PersonID, shift), shift.EndAt, true)
	default:
		return d.tx.Touch(d.tenant.ID, signupKey(d.Call.ID, su.PersonID))
	}
}

// quiet says whether what is told about a shift may disturb quiet hours: when
// the shift begins before they end plus two hours, or the call is urgent and
// the person has not opted out of urgent ones. A drill never does.
func (d *desk) quiet(personID int64, shift *models.Shift) models.Quiet {
	if d.Call.Drill {
		return models.QuietWait
	}
	times := d.times(personID)
	p := d.person(personID)
	if d.Call.Urgent && !p.OptedOut("urgent") {
		return models.QuietPass
	}
	if shift.StartAt < models.EndOfRest(d.Now, times.Rest, times.Zone).Add(putInto) {
		return models.QuietPass
	}
	return models.QuietWait
}

// write says something to a person about their places in this call. With
// sound it is a new message, unless the one before has not gone out yet.
func (d *desk) write(personID int64, args models.SignupArgs, quiet models.Quiet, expires models.Instant, sound bool) error {
	prio := models.PriorityAnswer
	if args.Why == models.WhyReminder {
		prio = models.PriorityReminder
	}
	if d.Call.Urgent {
		prio = models.PriorityUrgent
	}
	m := models.Message{TenantID: d.tenant.ID, Key: signupKey(d.Call.ID, personID), Kind: models.MessageSignup,
		SubjectID: d.Call.ID, PersonID: personID, Priority: prio, EditClass: models.EditRest, Quiet: quiet,
		ExpiresAt: expires}.WithArgs(args)
	return d.replace(m, sound)
}

// replace queues m under its key. A message already there is edited when no
// sound is wanted; else it steps back to a former key, is edited down to a
// line, and m takes its place.
func (d *desk) replace(m models.Message, sound bool) error {
	if !sound { // mostly there is none yet
		if fresh, err := d.tx.Enqueue(m); err != nil || fresh {
			return err
		}
	}
	old, err := d.tx.MessageByKey(m.TenantID, m.Key)
	switch {
	case errors.Is(err, store.ErrNotFound):
	case err != nil:
		return fmt.Errorf("message %s: %w", m.Key, err)
	default:
		gone := old.State == models.MessageDropped || old.State == models.MessageDead
		unsent := old.State == models.MessageQueued && old.Shown == 0
		// Not yet out and free to go: it will say how things stand when it goes.
		stays := !sound || unsent && (old.Quiet == models.QuietPass || m.Quiet == models.QuietWait)
		if stays && !gone {
			return d.tx.Touch(m.TenantID, m.Key)
		}
		former := fmt.Sprintf("%s:was:%d", m.Key, old.ID)
		if err := d.tx.StepBack(m.TenantID, m.Key, former); err != nil {
			return err
		}
		if !gone {
			if err := d.tx.Touch(m.TenantID, former); err != nil {
				return err
			}
		}
	}
	_, err = d.tx.Enqueue(m)
	return err
}

// card queues the call's card.
func (d *desk) card() error {
	prio := models.PriorityAnswer
	if d.Call.Urgent {
		prio = models.PriorityUrgent
	}
	_, err := d.tx.Enqueue(models.Message{TenantID: d.tenant.ID, Key: cardKey(d.Call.ID), Kind: models.MessageCard,
		SubjectID: d.Call.ID, Channel: d.Call.Channel, Priority: prio, EditClass: models.EditCard,
		Quiet: models.QuietPass, DueAt: d.Call.HoldUntil})
	return err
}

// note tells the creator what somebody else did to their call.
func (d *desk) note(me Actor, what string) error {
	if me.Person.ID == 0 || me.Person.ID == d.Call.CreatorID {
		return nil
	}
	_, err := d.tx.Enqueue(models.Message{TenantID: d.tenant.ID,
		Key:  fmt.Sprintf("callnote:%d:%s:%d", d.Call.ID, what, d.Now),
		Kind: models.MessageNote, SubjectID: d.Call.ID, PersonID: d.Call.CreatorID, Priority: models.PriorityAnswer,
		EditClass: models.EditRest, Quiet: models.QuietWait}.WithArgs(models.NoteArgs{What: what, By: me.Person.ID}))
	return err
}

// everybody says something to each person who means to come (who holds or
// waits for a place not yet over), once a person.
func (d *desk) everybody(why string) error {
	told := map[int64]bool{}
	for _, su := range d.Signups {
		shift := d.Shift(su.ShiftID)
		if !su.Upcoming() || told[su.PersonID] || shift.EndAt <= d.Now {
			continue
		}
		told[su.PersonID] = true
		if err := d.write(su.PersonID, models.SignupArgs{Why: why}, d.quiet(su.PersonID, shift), shift.EndAt, true); err != nil {
			return err
		}
	}
	return nil
}

// mark puts an emoji on somebody's reply: what was taken, for all to see. A mark
// that the reply had in other words comes off.
func (d *desk) mark(act Act, emoji string) error {
	if act.TS == "" || act.Channel == "" {
		return nil
	}
	put := func(key, emoji, gone string) error {
		_, err := d.tx.Enqueue(models.Message{TenantID: d.tenant.ID, Key: key,
			Kind: "react", Op: models.OpReact, SubjectID: d.Call.ID, Channel: act.Channel, Priority: models.PriorityDigest,
			Quiet: models.QuietPass}.WithArgs(map[string]string{"channel": act.Channel, "ts": act.TS, "emoji": emoji, "gone": gone}))
		return err
	}
	for _, other := range []string{markIn, markWait, markOut} {
		if other == emoji {
			continue
		}
		old, err := d.tx.MessageByKey(d.tenant.ID, markKey(act, other))
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return fmt.Errorf("former mark: %w", err)
		}
		former := fmt.Sprintf("un%s:%d", old.Key, old.ID)
		if err := errors.Join(d.tx.Rekey(d.tenant.ID, old.Key, former+":was"), put(former, other, "yes")); err != nil {
			return err
		}
	}
	return put(markKey(act, emoji), emoji, "")
}

func markKey(act Act, emoji string) string {
	return fmt.Sprintf("react:%s:%s:%s", act.Channel, act.TS, emoji)
}

// showAgain edits what shows somebody whose name or language has just become
// known: the cards and panels they are on, and their own messages.
func showAgain(tx *store.Tx, p models.Person) error {
	rows, err := tx.ActiveSignups(p.TenantID, p.ID, tx.Now)
	if err != nil {
		return fmt.Errorf("places of a person: %w", err)
	}
	for _, su := range rows {
		for _, key := range []string{cardKey(su.CallID), panelKey(su.CallID), signupKey(su.CallID, p.ID)} {
			if err := tx.Touch(p.TenantID, key); err != nil {
				return err
			}
		}
	}
	open, err := tx.HandoversTo(p.TenantID, p.ID)
	if err != nil {
		return fmt.Errorf("requests to a person: %w", err)
	}
	for _, h := range open {
		for _, key := range []string{handoverKey(h.CallID, h.ID), panelKey(h.CallID)} {
			if err := tx.Touch(p.TenantID, key); err != nil {
				return err
			}
		}
	}
	return showStudyAgain(tx, p)
}
