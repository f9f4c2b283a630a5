package services

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"muster/models"
	"muster/store"
)

// Whom an organizer's message is for.
const (
	ToComing     = "coming"     // who has a place
	ToWaiting    = "waiting"    // who waits for one, those with an offer included
	ToUnanswered = "unanswered" // who was asked and has not answered
	ToRole       = "role"       // who has a place in any role of this name
	ToShift      = "shift"      // who has a place in this shift
)

// TellTo is whom an organizer's message is for.
type TellTo struct {
	Kind  string `json:"kind"`
	Role  string `json:"role,omitempty"`
	Shift int64  `json:"shift,omitempty"`
}

// Told is a message to many on its way, or the question that comes before it.
type Told struct {
	Reach models.ReachShown
	Ask   bool // nothing was sent: it waits for a choice
	To    TellTo
	Sheet models.Sheet
}

// TellMost is how long an organizer's message may be, in characters: it is
// read on a phone, and fits a block of Slack's with room for what each
// character may become when it is made harmless.
const TellMost = 1000

// TellCall sends words to those of a call who are named, a direct message each.
func (s *Services) TellCall(ctx context.Context, act Act, callID int64, to TellTo, text string) (Told, error) {
	out := Told{To: to}
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		d, err := s.desk(tx, me.Tenant, callID)
		if err != nil {
			return err
		}
		if !manages(me.Rights, *d.Call) {
			return s.refuseManager(tx, me, *d.Call)
		}
		text = strings.TrimSpace(text)
		switch {
		case text == "":
			return models.Refuse(models.CodeInvalid, "error.tell_nothing", "Number", d.Call.Ref())
		case utf8.RuneCountInString(text) > TellMost:
			return models.Refuse(models.CodeInvalid, "error.tell_long", "Max", TellMost, "N", utf8.RuneCountInString(text))
		}
		people, err := d.named(to)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return models.Refuse(models.CodeConflict, "error.tell_nobody", "Number", d.Call.Ref())
		}
		ok, r, err := s.reach(tx, me, reachPlan{Kind: models.ReachTell, RefID: d.Call.ID, People: people,
			Urgent: d.Call.Urgent && !d.Call.Drill, Soon: d.soon(), Awake: d.onSite(), Text: text, Args: to})
		if err != nil {
			return err
		}
		if out.Ask = !ok; ok {
			if err := errors.Join(d.tellAll(r, people), d.tx.Touch(d.tenant.ID, panelKey(d.Call.ID))); err != nil {
				return err
			}
		}
		if out.Sheet, err = s.sheetOf(tx, me, d.Board, false); err != nil {
			return err
		}
		out.Reach, err = s.reachShown(tx, me.Tenant, r)
		return err
	})
	return out, err
}

// tellReached sends an organizer's message once it was chosen: to those of them
// who still belong to whom it is for.
func (s *Services) tellReached(tx *store.Tx, me Actor, r models.Reach, people []int64) error {
	var to TellTo
	if err := json.Unmarshal(r.Args, &to); err != nil {
		return fmt.Errorf("arguments of reach %d: %w", r.ID, err)
	}
	d, err := s.desk(tx, me.Tenant, r.RefID)
	if err != nil {
		return err
	}
	if !manages(me.Rights, *d.Call) {
		return s.refuseManager(tx, me, *d.Call)
	}
	now, err := d.named(to)
	if err != nil {
		return err
	}
	still := slices.DeleteFunc(slices.Clone(people), func(id int64) bool { return !slices.Contains(now, id) })
	if len(still) == 0 {
		return models.Refuse(models.CodeConflict, "error.tell_nobody", "Number", d.Call.Ref())
	}
	return d.tellAll(r, still)
}

// tellAll queues an organizer's message to each of some people.
func (d *desk) tellAll(r models.Reach, people []int64) error {
	ahead := d.End()
	if ahead <= d.Now { // afterwards, about what was left behind: a day is enough
		ahead = d.Now.Add(models.ReachKept)
	}
	awake := d.onSite()
	for _, id := range people {
		quiet := models.QuietWait
		if r.Urgent && !d.person(id).OptedOut("urgent") || slices.Contains(awake, id) {
			quiet = models.QuietPass
		}
		_, err := d.tx.Enqueue(models.Message{TenantID: d.tenant.ID, Key: tellKey(d.Call.ID, r.ID, id), Kind: models.MessageTell,
			SubjectID: r.ID, PersonID: id, Priority: r.Priority(), EditClass: models.EditLast, Quiet: quiet, ExpiresAt: ahead})
		if err != nil {
			return err
		}
	}
	return d.fault
}

// onSite are those checked in and not yet out: they are at work, whatever the
// hour.
func (d *desk) onSite() []int64 {
	var out []int64
	for _, su := range d.Signups {
		if sh := d.Shift(su.ShiftID); sh != nil && su.OnSite(d.Now, *sh) {
			out = append(out, su.PersonID)
		}
	}
	return out
}

// tellKey begins with the call, so that a reply under it is one to the call.
func tellKey(callID, reachID, personID int64) string {
	return fmt.Sprintf("tell:%d:%d:%d", callID, reachID, personID)
}

// named are the people whom a message is for, each once.
func (d *desk) named(to TellTo) ([]int64, error) {
	var out []int64
	if to.Kind == ToUnanswered {
		asked, err := d.tx.AskedUnanswered(d.Call.ID)
		if err != nil {
			return nil, fmt.Errorf("who has not answered: %w", err)
		}
		out = asked
	}
	for _, su := range d.Signups {
		if d.isNamed(su, to) {
			out = append(out, su.PersonID)
		}
	}
	return slices.Compact(slices.Sorted(slices.Values(out))), nil
}

func (d *desk) isNamed(su *models.Signup, to TellTo) bool {
	role := d.Role(su.RoleID)
	switch to.Kind {
	case ToWaiting:
		return su.Waits()
	case ToUnanswered: // of a new time or place, or an offer
		return su.Upcoming() && su.AskAgain != 0 || su.State == models.SignupOffered
	case ToRole:
		return su.Holds() && role != nil && models.FoldName(role.Name) == models.FoldName(to.Role)
	case ToShift:
		return su.Holds() && su.ShiftID == to.Shift
	}
	return su.Holds()
}

// TellShown is one person's copy of an organizer's message.
type TellShown struct {
	Sheet models.Sheet
	By    models.Person
	Text  string
}

// Telling loads what a message to one of many says; no text when its words are
// kept no longer.
func (s *Services) Telling(ctx context.Context, m models.Message) (TellShown, error) {
	var r models.Reach
	var out TellShown
	err := s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		if r, err = tx.ReachByID(m.TenantID, m.SubjectID); err != nil {
			return err
		}
		out.Text = r.Text
		out.By, err = tx.Person(r.ByID)
		return err
	})
	if err == nil && out.Text != "" {
		out.Sheet, err = s.CallSheet(ctx, m.TenantID, r.RefID, m.PersonID)
	}
	return out, err
}
