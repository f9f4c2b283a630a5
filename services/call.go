package services

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"muster/models"
	"muster/store"
)

// What OpenCall may ask back before it posts.
const (
	AskUrgent = "urgent" // a relief call near or at night: as urgent, or wait
	AskWhere  = "where"  // no channel follows from where it was given
	AskInvite = "invite" // the channel is private and the bot is not in it
)

// How a draft was answered.
const (
	ChoiceUrgent   = "urgent"   // send as urgent
	ChoiceWait     = "wait"     // not before quiet hours end
	ChoiceOrdinary = "ordinary" // now, as an ordinary call
	ChoiceSend     = "send"     // the draft as it stands
	ChoiceDrop     = "drop"
)

// OpenHow is how a call was given.
type OpenHow struct {
	Public  bool   // in a public mention: the channel reads every word
	Channel string // chosen for the card; "" = follows from the act
	Choice  string // the answer to what was asked back
}

// Opened is a call posted, or a draft and what is asked about it.
type Opened struct {
	Sheet   models.Sheet
	Ask     string
	Draft   models.Draft
	Start   models.Instant    // of the draft
	Quiet   bool              // it is quiet hours now
	Reach   models.ReachShown // what is asked before the first wave goes to many
	AskedBy models.Instant    // when the first wave is through at Slack's pace
	Until   models.Instant    // their end
}

// OpenCall posts a call, or keeps it as a draft and asks back. Errors are
// refusals: who may not, what cannot be meant.
func (s *Services) OpenCall(ctx context.Context, act Act, spec models.CallSpec, how OpenHow) (Opened, error) {
	var out Opened
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		var err error
		out, err = s.openCall(tx, me, act, spec, how)
		return err
	})
	return out, err
}

func (s *Services) openCall(tx *store.Tx, me Actor, act Act, spec models.CallSpec, how OpenHow) (Opened, error) {
	if !me.Rights.Organizer(0) {
		return Opened{}, s.refuseOrganizer(tx, me)
	}
	if how.Public && spec.Private != "" {
		return Opened{}, models.Refuse(models.CodeInvalid, "error.private_public")
	}
	if how.Choice == ChoiceUrgent {
		spec.Urgent = true
		spec.Set = withKey(spec.Set, "urgent")
	}
	c, shifts, roles, err := models.NewCall(spec, tx.Now)
	if err != nil {
		return Opened{}, err
	}
	if err := s.place(tx, me, act, spec, how, &c); err != nil {
		return Opened{}, err
	}
	if out, ask, err := s.askBack(tx, me, act, spec, how, &c, shifts); ask || err != nil {
		return out, err
	}
	d, err := s.saveCall(tx, me, c, shifts, roles)
	if err != nil {
		return Opened{}, err
	}
	if err := s.usesMuster(tx, me); err != nil {
		return Opened{}, err
	}
	// Who answered "as urgent" in the night has chosen to wake people.
	reach, err := d.openAsking(me, how.Choice == ChoiceUrgent)
	if err != nil {
		return Opened{}, err
	}
	sheet, err := s.sheetOf(tx, me, d.Board, true)
	if err != nil {
		return Opened{}, err
	}
	until, err := s.forecastAsk(tx, me.Tenant, c, len(sheet.Asks))
	return Opened{Sheet: sheet, Reach: reach, AskedBy: until}, err
}

func withKey(set map[string]bool, key string) map[string]bool {
	out := map[string]bool{key: true}
	for k, v := range set {
		out[k] = v
	}
	return out
}

// place finds whom the call concerns, whose it is and where its card goes.
func (s *Services) place(tx *store.Tx, me Actor, act Act, spec models.CallSpec, how OpenHow, c *models.Call) error {
	where := act
	if how.Channel != "" {
		where.Channel, where.Direct = how.Channel, false
	}
	if spec.For == "" && where.Channel == "" && !where.Direct {
		// Opened outside any conversation (Home, a shortcut): for the channel
		// where calls go; without one the question "which channel?" settles it.
		where.Channel = me.Tenant.CallChannel
		if where.Channel == "" {
			c.Zone = cmp.Or(c.Zone, me.Tenant.Zone)
			return nil
		}
	}
	audience, unit, err := s.audienceOf(tx, me, where, spec.For)
	var refusal *models.Error
	if errors.As(err, &refusal) && refusal.Key == "error.study_for_missing" {
		return models.Refuse(models.CodeInvalid, "error.call_for_missing")
	}
	if err != nil {
		return err
	}
	c.Audience, c.UnitID = audience.String(), unit.ID
	if c.UnitID != 0 && !me.Rights.Organizer(c.UnitID) {
		return s.refuseUnitCall(tx, me, unit)
	}
	if c.UnitID == 0 && !me.Rights.Admin() {
		c.UnitID = organizes(me.Rights)
	}
	if audience.Kind == models.AudienceAll && c.Urgent && !me.Rights.Admin() {
		return s.refuseAdmin(tx, me)
	}
	switch {
	case how.Channel != "":
		c.Channel = how.Channel
	case act.Channel != "" && !act.Direct:
		c.Channel = act.Channel
	case audience.Kind == models.AudienceChannel:
		c.Channel = audience.Ref
	default:
		c.Channel = me.Tenant.CallChannel
	}
	c.Zone = cmp.Or(c.Zone, me.Tenant.Zone)
	return nil
}

// organizes is the unit somebody organizes when it is not everything.
func organizes(r models.Rights) int64 {
	var unit int64
	for _, row := range r.Rows {
		if row.Role != models.RoleOrganizer {
			continue
		}
		if row.UnitID == 0 {
			return 0
		}
		if unit == 0 {
			unit = row.UnitID
		}
	}
	return unit
}

// reliefNear is how near a relief call may start before it is asked about.
const reliefNear = 3 * time.Hour

// askBack keeps a draft where something has to be asked first.
func (s *Services) askBack(tx *store.Tx, me Actor, act Act, spec models.CallSpec, how OpenHow, c *models.Call, shifts []models.Shift) (Opened, bool, error) {
	out := Opened{Start: shifts[0].StartAt, Until: tx.Now}
	rest := models.Rest{Start: me.Tenant.QuietStart, End: me.Tenant.QuietEnd}
	out.Quiet = models.InRest(tx.Now, rest, me.Tenant.Location())
	out.Until = models.EndOfRest(tx.Now, rest, me.Tenant.Location())
	near := out.Start.Sub(tx.Now) < reliefNear
	if (how.Choice == ChoiceWait || c.Drill) && out.Quiet { // a rehearsal never disturbs
		c.HoldUntil = out.Until
	}
	switch {
	case c.Kind == models.CallRelief && !c.Urgent && !c.Drill && !spec.Set["urgent"] && (near || out.Quiet) && !answersUrgent(how.Choice):
		out.Ask = AskUrgent
	case c.Channel == "":
		out.Ask = AskWhere
	default:
		room, err := tx.EnsureChannel(me.Tenant.ID, c.Channel)
		if err != nil {
			return out, false, fmt.Errorf("channel of the call: %w", err)
		}
		if !room.Private || room.BotIn {
			return out, false, nil
		}
		out.Ask = AskInvite
	}
	if how.Choice != "" && how.Choice != ChoiceSend { // the first question is settled whatever the next one is
		spec.Set = withKey(spec.Set, "urgent")
	}
	out.Draft = models.Draft{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Spec: &spec, Channel: act.Channel, Direct: act.Direct, CreatedAt: tx.Now}
	if how.Channel != "" {
		out.Draft.Channel, out.Draft.Direct = how.Channel, false
	}
	return out, true, tx.SaveDraft(&out.Draft)
}

func answersUrgent(choice string) bool {
	return choice == ChoiceUrgent || choice == ChoiceWait || choice == ChoiceOrdinary
}

// saveCall stores a new call with its shifts and roles, posts its card and the
// organizer's panel, and plans what will be due.
func (s *Services) saveCall(tx *store.Tx, me Actor, c models.Call, shifts []models.Shift, roles []models.Role) (*desk, error) {
	by := me.By("call_open")
	var err error
	if c.Number, err = tx.NextNumber(me.Tenant.ID, models.NumberCall); err != nil {
		return nil, err
	}
	c.TenantID, c.CreatorID = me.Tenant.ID, me.Person.ID
	if err := tx.Save(by, &c); err != nil {
		return nil, err
	}
	ids := map[int64]int64{}
	for i := range shifts {
		shifts[i].TenantID, shifts[i].CallID = c.TenantID, c.ID
		if err := tx.Save(by, &shifts[i]); err != nil {
			return nil, err
		}
		ids[int64(shifts[i].Seq)] = shifts[i].ID
	}
	for i := range roles {
		roles[i].TenantID, roles[i].CallID, roles[i].ShiftID = c.TenantID, c.ID, ids[roles[i].ShiftID]
		if err := tx.Save(by, &roles[i]); err != nil {
			return nil, err
		}
	}
	d, err := s.desk(tx, me.Tenant, c.ID)
	if err != nil {
		return nil, err
	}
	if err := d.card(); err != nil {
		return nil, err
	}
	if err := d.replace(d.panelMessage(models.QuietPass), false); err != nil {
		return nil, err
	}
	return d, d.planCall()
}

// usesMuster makes somebody who acted a member.
func (s *Services) usesMuster(tx *store.Tx, me Actor) error {
	if me.Person.ID == 0 || me.Person.Member || me.Person.Greetable() { // being greeted makes a member
		return nil
	}
	return tx.MakeMembers([]int64{me.Person.ID})
}

// PostDraft answers what was asked about a draft and posts it. channel is the
// card's when that was the question. ChoiceDrop only forgets it.
func (s *Services) PostDraft(ctx context.Context, act Act, draftID int64, choice, channel string) (Opened, error) {
	var out Opened
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		draft, err := tx.Draft(me.Tenant.ID, me.Person.ID, draftID)
		if errors.Is(err, store.ErrNotFound) || err == nil && draft.Spec == nil && choice != ChoiceDrop {
			return models.Refuse(models.CodeNotFound, "error.draft_gone")
		}
		if err != nil {
			return err
		}
		if err := tx.DropDraft(draft.ID); err != nil || choice == ChoiceDrop {
			return err
		}
		from := act
		from.Channel, from.Direct = draft.Channel, draft.Direct
		how := OpenHow{Choice: choice, Channel: channel}
		if channel == "" && !draft.Direct {
			how.Channel = draft.Channel
		}
		out, err = s.openCall(tx, me, from, *draft.Spec, how)
		return err
	})
	return out, err
}

// KeepText keeps what somebody typed while a time in it is asked back about.
func (s *Services) KeepText(ctx context.Context, act Act, text string) (models.Draft, error) {
	var d models.Draft
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Organizer(0) {
			return s.refuseOrganizer(tx, me)
		}
		d = models.Draft{TenantID: me.Tenant.ID, PersonID: me.Person.ID, Text: text, Channel: act.Channel, Direct: act.Direct, CreatedAt: tx.Now}
		return tx.SaveDraft(&d)
	})
	return d, err
}

// DraftText reads back what KeepText kept; it is the person's own or not there.
func (s *Services) DraftText(ctx context.Context, act Act, draftID int64) (models.Draft, error) {
	var d models.Draft
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		var err error
		d, err = tx.Draft(me.Tenant.ID, me.Person.ID, draftID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.draft_gone")
		}
		return err
	})
	return d, err
}

// OpenDraftText posts a kept text, read anew as spec, and forgets the draft.
func (s *Services) OpenDraftText(ctx context.Context, act Act, draftID int64, spec models.CallSpec, how OpenHow) (Opened, error) {
	var out Opened
	err := s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		draft, err := tx.Draft(me.Tenant.ID, me.Person.ID, draftID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.draft_gone")
		}
		if err != nil {
			return err
		}
		if err := tx.DropDraft(draft.ID); err != nil {
			return err
		}
		from := act
		from.Channel, from.Direct = draft.Channel, draft.Direct
		out, err = s.openCall(tx, me, from, spec, how)
		return err
	})
	return out, err
}
