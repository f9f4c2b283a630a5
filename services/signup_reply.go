package services

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
)

// Meanings of what somebody said, as the grammar names them.
const (
	saidYes         = "yes"
	saidNo          = "no"
	saidLate        = "late"
	saidConditional = "conditional"
)

// Said is a plain reply to a call, already read.
type Said struct {
	Meaning   string // yes, no, late, conditional, none
	Guests    int    // besides the person
	HasGuests bool
	Role      string         // raw words of a role
	Day       string         // raw words of a day
	DayStart  models.Instant // its first moment
	Minutes   int            // late by
	From      string         // of a condition
	Text      string         // as written
	BareNo    bool           // a plain no, which only asks somebody signed up
	Edited    bool           // the message was read before, in other words
	Asked     bool           // answer to a direct question
	Aside     bool           // words to the organizer that stand beside what was said before
}

// What Muster made of a reply.
const (
	HeardNothing     = ""            // left alone
	HeardJoined      = "joined"      // Joining says how
	HeardChoose      = "choose"      // several are open: Choose
	HeardLeft        = "left"        // Left were given up
	HeardKeep        = "keep"        // give up, or keep?
	HeardNo          = "no"          // cannot come, and was not signed up
	HeardLate        = "late"        // told to the organizer
	HeardConditional = "conditional" // kept for the organizer to file
	HeardUnclear     = "unclear"     // kept for the organizer
	HeardConfirmed   = "confirmed"   // still comes
	HeardHandover    = "handover"    // answered a request to stand in
)

// Heard is what became of a reply.
type Heard struct {
	What    string
	Joining Joining
	Sheet   models.Sheet
	Choose  []*models.Role
	Guests  int // for the choice; -1 = not said
	Left    []*models.Signup
	Mine    []*models.Signup // for keep
	Minutes int
	Text    string
	By      int64 // person who answered, for FileAnswer

	Handover models.Handover // answered by it
}

// Reactions with which Muster marks what it took.
const (
	markIn   = "white_check_mark"
	markWait = "hourglass_flowing_sand"
	markOut  = "wave"
)

// ReplyToCall takes a plain reply to a call: in its thread, or to a direct
// question about it.
func (s *Services) ReplyToCall(ctx context.Context, act Act, callID int64, said Said) (Heard, error) {
	var out Heard
	var su *models.Signup
	if !said.Asked && said.Meaning != saidYes && said.Meaning != saidNo && said.Meaning != saidLate && said.Meaning != saidConditional {
		return out, nil // left alone in a channel
	}
	sheet, err := s.signup(ctx, act, ofCall(callID), "signup_reply", func(d *desk, me Actor) error {
		if err := d.mayVolunteer(me); err != nil {
			return err
		}
		if done, err := d.handoverReply(me, said, &out); done || err != nil {
			return err
		}
		var err error
		switch said.Meaning {
		case saidYes:
			su, err = d.yes(act, me, said, &out)
		case saidNo:
			err = d.no(act, me, said, &out)
		case saidLate, saidConditional:
			kind := said.Meaning
			if said.Asked && len(d.Mine(me.Person.ID)) == 0 { // "20 minutes late" is no yes of its own
				kind = models.AnswerConditional
			}
			err = d.answer(act, me, said, kind, &out)
		default:
			kind := models.AnswerUnclear
			when, later, lookErr := d.saidWhen(me.Person.ID, said.Text)
			if later {
				kind, said.Text = models.AnswerConditional, when
			}
			err = errors.Join(lookErr, d.answer(act, me, said, kind, &out))
		}
		return err
	})
	if err != nil {
		return out, err
	}
	out.Sheet = sheet
	out.Joining = out.Joining.of(sheet, su)
	return out, nil
}

// yes takes the one place it can mean, or asks which.
func (d *desk) yes(act Act, me Actor, said Said, out *Heard) (*models.Signup, error) {
	if err := d.reread(act, &said); err != nil {
		return nil, err
	}
	out.Guests = -1
	if said.HasGuests {
		out.Guests = said.Guests
	}
	mine := d.Mine(me.Person.ID)
	if said.Role == "" && said.Day == "" && len(mine) == 1 {
		return d.yesAgain(act, me, mine[0], said, out)
	}
	choose, err := d.chosenBy(me, said)
	if err != nil {
		return nil, err
	}
	if len(choose) == 0 && (said.Role != "" || said.Day != "") {
		// Words for a role or day that is not in this call: even where only one
		// place is open, nobody said that one.
		if choose = d.choices(me.Person.ID, Said{}); len(choose) > 0 {
			out.What, out.Choose = HeardChoose, choose
			return nil, nil
		}
	}
	if len(choose) == 0 {
		// Nothing to take: the refusal of the first role says why.
		if err := d.TakesSignups(); err != nil {
			return nil, err
		}
		choose = d.Roles
	}
	if len(choose) > 1 {
		out.What, out.Choose = HeardChoose, choose
		return nil, nil
	}
	w := models.Wish{RoleID: choose[0].ID, Guests: said.Guests, HasGuests: said.HasGuests, How: models.ByReply}
	su, outcome, err := d.join(me.Person, w)
	if err != nil {
		return nil, err
	}
	out.What, out.Joining.Outcome = HeardJoined, outcome
	return su, d.markJoined(act, su)
}

// reread takes an edited reply as if it had been written so at first: +3 made
// +1 is a party of one. Only a message that was taken before is meant.
func (d *desk) reread(act Act, said *Said) error {
	if !said.Edited || said.HasGuests {
		return nil
	}
	for _, emoji := range []string{markIn, markWait} {
		_, err := d.tx.MessageByKey(d.tenant.ID, markKey(act, emoji))
		if ignoreMissing(err) != nil {
			return err
		}
		said.HasGuests = said.HasGuests || err == nil
	}
	return nil
}

// yesAgain is a yes of somebody with exactly one place here: an offer taken,
// a move or a reminder confirmed, or another size of party.
func (d *desk) yesAgain(act Act, me Actor, su *models.Signup, said Said, out *Heard) (*models.Signup, error) {
	asked := su.AskAgain != 0 || said.Asked && su.State == models.SignupConfirmed
	if asked && (!said.HasGuests || said.Guests == su.Guests) {
		out.What = HeardConfirmed
		return su, errors.Join(d.ComeAgain(su), d.overtake(me.Person.ID), d.mark(act, markIn))
	}
	w := models.Wish{RoleID: su.RoleID, Guests: said.Guests, HasGuests: said.HasGuests, How: models.ByReply}
	got, outcome, err := d.join(me.Person, w)
	if err != nil {
		return nil, err
	}
	if got.AskAgain != 0 {
		if err := d.ComeAgain(got); err != nil {
			return nil, err
		}
	}
	out.What, out.Joining.Outcome = HeardJoined, outcome
	return got, d.markJoined(act, got)
}

func (d *desk) markJoined(act Act, su *models.Signup) error {
	if su.Waits() {
		return d.mark(act, markWait)
	}
	return d.mark(act, markIn)
}

// chosenBy are the (shift, role)s a yes of somebody can mean: the one they were
// asked for, when they answer that and name no other.
func (d *desk) chosenBy(me Actor, said Said) ([]*models.Role, error) {
	if said.Asked && said.Role == "" && said.Day == "" {
		if role, err := d.askedRole(me.Person.ID); role != nil || err != nil {
			return []*models.Role{role}, err
		}
	}
	return d.choices(me.Person.ID, said), nil
}

// choices are the (shift, role)s a yes can mean: by role and day when said;
// of several, those with a free place.
func (d *desk) choices(personID int64, said Said) []*models.Role {
	var all, free, elsewhere []*models.Role
	for _, sh := range d.Shifts {
		if sh.EndAt <= d.Now || !d.onDay(sh, said) {
			continue
		}
		busy := d.busy(personID, sh)
		if mine := d.Of(personID, sh.ID); mine != nil && mine.Active() && said.Role == "" {
			continue
		}
		for _, r := range d.RolesOf(sh.ID) {
			if r.Most == 0 || said.Role != "" && !sameRole(r.Name, said.Role) {
				continue
			}
			switch {
			case busy:
				elsewhere = append(elsewhere, r)
				continue
			case d.Free(r.ID) > 0:
				free = append(free, r)
			}
			all = append(all, r)
		}
	}
	switch {
	case len(free) > 0:
		return free
	case len(all) == 0 && len(elsewhere) > 0:
		return elsewhere[:1] // refused by the name of the other
	}
	return all
}

// busy says whether the person is somewhere else during a shift.
func (d *desk) busy(personID int64, shift *models.Shift) bool {
	for _, su := range d.Mine(personID) {
		if su.ShiftID != shift.ID && d.Shift(su.ShiftID).Overlaps(*shift) {
			return true
		}
	}
	clash, err := d.clash(personID, shift)
	d.fault = errors.Join(d.fault, err)
	return clash != nil
}

func (d *desk) onDay(sh *models.Shift, said Said) bool {
	if said.Day == "" || said.DayStart == 0 {
		return true
	}
	zone := d.Call.Location()
	a, b := sh.StartAt.In(zone), said.DayStart.In(zone)
	return a.Year() == b.Year() && a.YearDay() == b.YearDay()
}

// sameRole compares the words of a reply with a role's name: "司机" and "司机
// 我", "driver" and "drivers" mean the same.
func sameRole(name, words string) bool {
	a, b := models.FoldName(name), models.FoldName(words)
	if a == "" || b == "" {
		return false
	}
	return a == b || a+"s" == b || a == b+"s"
}

// no gives up what somebody has, or is an answer when they have nothing.
func (d *desk) no(act Act, me Actor, said Said, out *Heard) error {
	var mine []*models.Signup
	asked := said.Asked
	for _, su := range d.Mine(me.Person.ID) {
		if su.Upcoming() && d.onDay(d.Shift(su.ShiftID), said) && (said.Role == "" || sameRole(d.Role(su.RoleID).Name, said.Role)) {
			mine = append(mine, su)
			asked = asked || act.Direct && (su.AskAgain != 0 || su.State == models.SignupOffered)
		}
	}
	if len(mine) == 0 {
		return d.answer(act, me, said, models.AnswerNo, out)
	}
	if said.BareNo && !asked {
		out.What, out.Mine = HeardKeep, mine
		return nil
	}
	for _, su := range mine {
		if err := d.Leave(su); err != nil {
			return err
		}
	}
	out.What, out.Left = HeardLeft, mine
	return errors.Join(d.overtake(me.Person.ID), d.mark(act, markOut))
}

// answer keeps what is no sign-up. An edited reply takes the place of what it
// said before.
func (d *desk) answer(act Act, me Actor, said Said, kind string, out *Heard) error {
	if kind == models.AnswerNo && !d.Call.Live() {
		return nil
	}
	if !said.Aside || said.Edited {
		if err := d.overtake(me.Person.ID); err != nil {
			return err
		}
	}
	d.answered = true
	a := models.Answer{TenantID: d.tenant.ID, CallID: d.Call.ID, PersonID: me.Person.ID, Kind: kind, Text: said.Text,
		Minutes: said.Minutes, From: said.From, Guests: said.Guests, TS: act.TS, At: d.Now}
	if err := d.tx.Save(me.By("answer_"+kind), &a); err != nil {
		return err
	}
	out.What, out.Minutes, out.Text = kind, said.Minutes, said.Text
	switch kind {
	case models.AnswerNo:
		out.What = HeardNo
		return d.mark(act, markOut)
	case models.AnswerLate:
		return d.late(me.Person.ID, said)
	}
	return nil
}

// late notes on the shift that comes next by how much somebody is late.
func (d *desk) late(personID int64, said Said) error {
	for _, su := range d.Mine(personID) {
		shift := d.Shift(su.ShiftID)
		if shift.EndAt <= d.Now || su.State != models.SignupConfirmed {
			continue
		}
		minutes := said.Minutes
		if minutes == 0 {
			minutes = lateBy(said.From, shift.StartAt, d.Now, d.Call.Location())
		}
		d.SetLate(su, minutes)
		return nil
	}
	return nil
}

// lateBy is how many minutes after start "08:20" or "+20m" is, 0 when it is
// not after it.
func lateBy(from string, start, now models.Instant, zone *time.Location) int {
	var hour, minute int
	at := start
	if _, err := fmt.Sscanf(from, "%d:%d", &hour, &minute); err == nil {
		t := start.In(zone)
		at = models.At(time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, zone))
	} else if len(from) > 1 && from[0] == '+' {
		if d, err := time.ParseDuration(from[1:]); err == nil {
			at = now.Add(d)
		}
	}
	return max(0, int(at.Sub(start)/time.Minute))
}
