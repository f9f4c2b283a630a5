package services

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"muster/models"
	"muster/models/plain"
	"muster/store"
	"muster/store/storetest"
)

// histories is how many random lives of a call are played through the services
// on a real database: some eight seconds on one core. The rules by themselves
// are played ten thousand times in package models.
const histories = 120

// whatHappens are the acts of a history, as often as they stand here.
var whatHappens = []string{"join", "join", "join", "join", "join", "leave", "leave", "accept", "decline", "undo", "time", "time", "lag",
	"need", "come", "check", "move", "close", "reopen", "cancel", "restart"}

// whole is a call under the rules as they are used: through the services, on a
// database that is closed and opened again.
type whole struct {
	t      testing.TB
	dsn    string
	clocks storetest.Clocks
	store  *store.Store
	svc    *Services
	call   models.Sheet
	people map[int64]int64 // row id of a person -> number
	acts   int
}

func newWhole(t testing.TB, dsn string, l plain.Life) *whole {
	w := &whole{t: t, dsn: dsn, clocks: storetest.NewClocks(), people: map[int64]int64{}}
	w.clocks.World.Set(plain.Start.Add(-time.Duration(l.Ahead) * time.Minute).Time())
	w.open()
	must(t, w.store.Migrate(context.Background()))
	must(t, w.fill(l))
	spec := models.CallSpec{Title: "社区爱心义诊", Kind: models.CallCare, Where: "绿城社区", Zone: "Asia/Shanghai", Set: map[string]bool{}}
	for i := range l.Shifts {
		spec.When = append(spec.When, l.Span(i))
	}
	for j := range l.Roles {
		spec.Need = append(spec.Need, models.Need{Role: plain.RoleName(j), Least: l.Least, Most: l.Most, Verified: l.Verified && j == 0})
	}
	opened, err := w.svc.OpenCall(context.Background(), w.act("UCHEN"), spec, OpenHow{})
	must(t, err)
	if opened.Ask != "" {
		t.Fatalf("asked back: %s", opened.Ask)
	}
	w.call = opened.Sheet
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *whole) open() {
	st, err := store.Open(context.Background(), store.Options{DSN: w.dsn, World: w.clocks.World.Now, Machine: w.clocks.Machine.Now, Readers: 2})
	must(w.t, err)
	w.store = st
	w.svc = New(st, Options{Random: func(b []byte) { clear(b) }, Defaults: Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
}

// fill makes the organizer and the people, with their times and skills.
func (w *whole) fill(l plain.Life) error {
	return w.store.InTx(context.Background(), func(tx *store.Tx) error {
		t, err := tx.EnsureTenant("T1", w.svc.tenantDefaults())
		if err != nil {
			return err
		}
		by := models.By{TenantID: t.ID, Action: "person_set"}
		chen, err := tx.EnsurePerson(t.ID, "UCHEN")
		if err != nil {
			return err
		}
		if err := tx.Save(by, &models.Right{TenantID: t.ID, PersonID: chen.ID, Role: models.RoleOrganizer}); err != nil {
			return err
		}
		for n, times := range plain.Times() {
			p, err := tx.EnsurePerson(t.ID, user(n))
			if err != nil {
				return err
			}
			w.people[p.ID] = n
			p.Windows, p.QuietStart, p.QuietEnd = times.Windows, &times.Rest.Start, &times.Rest.End
			for j := range l.Roles {
				if plain.Verified(n) {
					p.Skills = append(p.Skills, models.Skill{Name: plain.RoleName(j), VerifiedBy: chen.ID})
				}
			}
			if err := tx.Save(by, &p); err != nil {
				return err
			}
		}
		return nil
	})
}

func user(n int64) string { return fmt.Sprintf("U%d", n) }

func (w *whole) act(user string) Act {
	w.acts++
	return Act{Delivery: fmt.Sprintf("history:%d", w.acts), Team: "T1", User: user, Channel: "CCALLS", TS: fmt.Sprintf("1700000000.%06d", w.acts)}
}

// board is the call as it is stored.
func (w *whole) board() (b *models.Board, err error) {
	err = w.store.Read(context.Background(), func(tx *store.Tx) error {
		b, err = readBoard(tx, w.call.Call.TenantID, w.call.Call.ID)
		return err
	})
	return b, err
}

func (w *whole) Picture() (string, error) {
	b, err := w.board()
	if err != nil {
		return "", err
	}
	first := w.call.Roles[0].ID // roles and shifts were made one after the other
	return plain.PictureOf(b, func(id int64) int64 { return w.people[id] },
		func(id int64) int64 { return id - w.call.Shifts[0].ID + 1 }, func(id int64) int64 { return id - first + 1 }), nil
}

func (w *whole) Told() (string, bool) { return "", false }

func (w *whole) Do(s plain.Step) (string, error) {
	err := w.do(s)
	var refusal *models.Error
	if errors.As(err, &refusal) && refusal.Code != models.CodeInternal {
		return refusal.Key, nil
	}
	return "", err
}

func (w *whole) do(s plain.Step) error {
	ctx := context.Background()
	switch s.What {
	case "restart":
		if err := w.store.Close(); err != nil {
			return err
		}
		w.open()
		return nil
	case "lag":
		w.clocks.World.Set(s.Now.Time())
		return nil
	case "time":
		w.clocks.World.Set(s.Now.Time())
		for range 100 {
			if n, err := w.svc.RunDue(ctx); err != nil || n == 0 {
				return err
			}
		}
		return errors.New("what is due never ends")
	case "join":
		guests := s.Guests
		if !s.Said {
			guests = -1
		}
		_, err := w.svc.Join(ctx, w.act(user(s.Person)), s.Role-1+w.call.Roles[0].ID, guests, models.ByButton)
		return err
	case "close", "reopen", "cancel", "need", "move":
		return w.organize(ctx, s)
	}
	return w.doTo(ctx, s)
}

// doTo is what somebody does about their own place, and the check of a skill.
func (w *whole) doTo(ctx context.Context, s plain.Step) error {
	b, err := w.board()
	if err != nil {
		return err
	}
	var mine int64
	for _, su := range b.Signups {
		if w.people[su.PersonID] == s.Person && su.ShiftID == s.Shift-1+w.call.Shifts[0].ID {
			mine = su.ID
		}
	}
	who := w.act(user(s.Person))
	switch s.What {
	case "leave":
		_, err = w.svc.Leave(ctx, who, mine)
	case "undo":
		_, err = w.svc.UndoLeave(ctx, who, mine)
	case "accept":
		_, err = w.svc.Accept(ctx, who, mine)
	case "decline":
		_, err = w.svc.Decline(ctx, who, mine)
	case "come":
		_, err = w.svc.ConfirmSignup(ctx, who, mine)
	case "check":
		_, err = w.svc.CheckSkill(ctx, w.act("UCHEN"), mine, s.Yes)
	default:
		return fmt.Errorf("no such act: %s", s.What)
	}
	return err
}

// organize is what the organizer does. Where they are asked before many are
// reached, or somebody asleep, they choose to send.
func (w *whole) organize(ctx context.Context, s plain.Step) error {
	chen, id := w.act("UCHEN"), w.call.Call.ID
	var out Changed
	var err error
	switch s.What {
	case "close":
		out, err = w.svc.CloseCall(ctx, chen, id)
	case "reopen":
		out, err = w.svc.ReopenCall(ctx, chen, id)
	case "cancel":
		out, err = w.svc.CancelCall(ctx, chen, id, "下雨")
	case "need":
		out, err = w.svc.EditCall(ctx, chen, id, models.CallSpec{Need: []models.Need{{Role: s.Name, Least: s.Least, Most: s.Most, Verified: s.Verified}},
			Set: map[string]bool{"need": true}}, false)
	case "move":
		out, err = w.svc.EditCall(ctx, chen, id, models.CallSpec{When: s.When, Set: map[string]bool{"when": true}}, false)
	}
	if err == nil && out.Reach.ID != 0 {
		_, err = w.svc.ChooseReach(ctx, w.act("UCHEN"), out.Reach.ID, ReachSend)
	}
	return err
}

// Through the services, with restarts, nothing is otherwise than the sentences
// of the contract say.
func TestRandomHistoriesThroughTheServices(t *testing.T) {
	t.Parallel()
	dir, played := t.TempDir(), 0
	playHistories(t, histories, func(testing.TB) string {
		played++
		return filepath.Join(dir, fmt.Sprintf("%d.db", played))
	})
}

// The same on PostgreSQL, where making a database takes longer.
func TestRandomHistoriesOnPostgres(t *testing.T) {
	t.Parallel()
	playHistories(t, histories/10, func(t testing.TB) string { return storetest.Postgres(t) })
}

// playHistories plays n lives, each on an empty database.
func playHistories(t *testing.T, n int, database func(testing.TB) string) {
	t.Helper()
	play := func(l plain.Life) string {
		w := newWhole(t, database(t), l)
		defer func() { _ = w.store.Close() }()
		return l.Play(w)
	}
	for seed := range uint64(n) {
		l := plain.Random(rand.New(rand.NewPCG(seed, 20261124)).IntN, whatHappens)
		if play(l) != "" {
			l = l.Shortest(func(l plain.Life) bool { return play(l) != "" })
			t.Fatalf("history %d: %+v\n%s", seed, l, play(l))
		}
	}
}
