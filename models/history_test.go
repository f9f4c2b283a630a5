package models_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/models/plain"
)

// histories is how many random lives of a call are played: the number the
// contract asks for, some ten seconds on one core.
const histories = 10_000

// whatHappens are the acts of a history, as often as they stand here.
var whatHappens = []string{"join", "join", "join", "join", "join", "leave", "leave", "accept", "decline", "undo", "time", "time", "lag",
	"party", "hold", "hand", "need", "come", "late", "check", "move", "close", "reopen", "cancel", "restart"}

// pure is a call under the rules as the services keep it: decisions are made on
// a copy, thrown away when they fail, and what was written is given to the next.
type pure struct {
	board *models.Board
	times map[int64]models.Times
	ids   int64
	told  []string
}

func newPure(l plain.Life) *pure {
	b := &models.Board{Call: &models.Call{ID: 1, TenantID: 1, Number: 12, State: models.CallOpen, GuestsMax: 3},
		Now: plain.Start.Add(-time.Duration(l.Ahead) * time.Minute)}
	for i := range l.Shifts {
		id := int64(i + 1)
		b.Shifts = append(b.Shifts, &models.Shift{ID: id, CallID: 1, Seq: i + 1, StartAt: l.Span(i).Start, EndAt: l.Span(i).End})
		for j := range l.Roles {
			b.Roles = append(b.Roles, &models.Role{ID: int64(len(b.Roles) + 1), CallID: 1, ShiftID: id, Seq: j + 1, Name: plain.RoleName(j),
				Least: l.Least, Most: l.Most, Verified: l.Verified && j == 0})
		}
	}
	return &pure{board: b.Shared(), times: plain.Times()}
}

func (u *pure) Picture() (string, error) {
	same := func(id int64) int64 { return id }
	return plain.PictureOf(u.board, same, same, same), nil
}

func (u *pure) Told() (string, bool) { return strings.Join(u.told, ", "), true }

func (u *pure) Do(s plain.Step) (string, error) {
	u.told = nil
	switch s.What {
	case "restart":
		return "", u.restart()
	case "lag":
		late := *u.board
		late.Now = s.Now
		u.board = &late
		return "", nil
	}
	b := u.board.Copy()
	b.Now, b.TimesOf = s.Now, func(id int64) models.Times { return u.times[id] }
	if err := u.act(b, s); err != nil {
		var refusal *models.Error
		if errors.As(err, &refusal) && refusal.Code != models.CodeInternal {
			return refusal.Key, nil
		}
		return "", err
	}
	if _, err := b.Settle(); err != nil {
		return "", err
	}
	u.keep(b)
	return "", nil
}

// keep stores what a decision changed.
func (u *pure) keep(b *models.Board) {
	var rows []models.Signup
	for _, s := range b.Changed() {
		if s.ID == 0 {
			u.ids++
			s.ID = u.ids
		}
		rows = append(rows, *s)
	}
	for _, n := range b.Notices() {
		u.told = append(u.told, fmt.Sprintf("%s %d/%d", n.Kind, n.Signup.PersonID, n.Signup.ShiftID))
	}
	next := u.board.With(b.Call, rows)
	next.Now, next.Shifts, next.Roles = b.Now, b.Shifts, b.Roles
	u.board = next
}

func (u *pure) act(b *models.Board, s plain.Step) error {
	mine := b.Of(s.Person, s.Shift)
	edit := func(spec models.CallSpec) error { _, err := b.Edit(spec); return err }
	switch s.What {
	case "join":
		_, _, err := b.Join(models.Wish{PersonID: s.Person, RoleID: s.Role, Guests: s.Guests, HasGuests: s.Said, Verified: s.Verified, How: models.ByButton})
		return err
	case "leave":
		return b.Leave(mine)
	case "undo":
		return b.Undo(mine, nil)
	case "accept":
		return b.Accept(mine)
	case "decline":
		return b.Decline(mine)
	case "party":
		return b.SetParty(mine, s.Guests)
	case "come":
		return b.ComeAgain(mine)
	case "check":
		return b.Check(mine, s.Yes)
	case "hold":
		_, err := b.Hold(models.Wish{PersonID: s.Person, RoleID: s.Role, Guests: s.Guests, HasGuests: true})
		return err
	case "hand":
		slack := fmt.Sprintf("U%d", s.To)
		_, err := b.HandOver(mine, models.Taker{Person: models.Person{ID: s.To, SlackID: &slack}, Verified: s.Verified})
		return err
	case "late":
		b.SetLate(mine, s.Minutes)
		return nil
	case "need":
		return edit(models.CallSpec{Need: []models.Need{{Role: s.Name, Least: s.Least, Most: s.Most, Verified: s.Verified}}, Set: map[string]bool{"need": true}})
	case "move":
		return edit(models.CallSpec{When: s.When, Set: map[string]bool{"when": true}})
	}
	return u.organize(b, s)
}

// organize does what the services do to the call itself.
func (u *pure) organize(b *models.Board, s plain.Step) error {
	switch s.What {
	case "time":
		switch {
		case !b.Call.Live():
			return nil
		case b.Now >= b.End():
			b.Call.State = models.CallDone
			return b.Recall()
		}
		return b.Lapse()
	case "close":
		b.Call.State = models.CallClosed
	case "reopen":
		if b.Now >= b.End() {
			return models.Refuse(models.CodeConflict, "error.call_done")
		}
		b.Call.State = models.CallOpen
	case "cancel":
		b.Call.State = models.CallCancelled
		return b.Recall()
	default:
		return fmt.Errorf("no such act: %s", s.What)
	}
	return nil
}

// restart loses all that is not stored.
func (u *pure) restart() error {
	type stored struct {
		Call    *models.Call
		Shifts  []*models.Shift
		Roles   []*models.Role
		Signups []*models.Signup
	}
	raw, err := json.Marshal(stored{u.board.Call, u.board.Shifts, u.board.Roles, u.board.Signups})
	if err != nil {
		return err
	}
	var s stored
	if err := json.Unmarshal(raw, &s); err != nil {
		return err
	}
	b := models.Board{Call: s.Call, Shifts: s.Shifts, Roles: s.Roles, Signups: s.Signups, Now: u.board.Now}
	u.board = b.Shared()
	return nil
}

// Joins, leaves, edits, jumps of the clock and restarts, ten thousand times, and
// no difference to the plain call.
func TestRandomHistoriesAgreeWithThePlainCall(t *testing.T) {
	t.Parallel()
	differs := func(l plain.Life) bool { return l.Play(newPure(l)) != "" }
	for seed := range uint64(histories) {
		l := plain.Random(rand.New(rand.NewPCG(seed, 20261123)).IntN, whatHappens)
		if differs(l) {
			l = l.Shortest(differs)
			t.Fatalf("history %d: %+v\n%s", seed, l, l.Play(newPure(l)))
		}
	}
}
