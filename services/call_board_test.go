package services

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// allKeptAsStored looks at every board that is kept when a test ends: whoever
// changed one that others read, or changed a row and did not save it, is found.
func allKeptAsStored(t testing.TB, svc *Services) {
	t.Helper()
	svc.boards.mu.Lock()
	var calls []int64
	for id := range svc.boards.by {
		calls = append(calls, id)
	}
	svc.boards.mu.Unlock()
	for _, id := range calls {
		keptAsStored(t, svc, id)
	}
}

// keptAsStored fails unless the next decision about a call would begin with
// what is stored.
func keptAsStored(t testing.TB, svc *Services, callID int64) {
	t.Helper()
	err := svc.store.Read(context.Background(), func(tx *store.Tx) error {
		calls, err := tx.CallsByIDs([]int64{callID})
		if err != nil {
			return err
		}
		c := calls[callID]
		kept, err := svc.board(tx, c.TenantID, callID)
		if err != nil {
			return err
		}
		read, err := readBoard(tx, c.TenantID, callID)
		if err != nil {
			return err
		}
		same := cmp.Options{cmpopts.IgnoreUnexported(models.Board{}), cmpopts.EquateEmpty()}
		if diff := cmp.Diff(read, kept, same); diff != "" {
			return fmt.Errorf("call %d (-stored +kept):\n%s", callID, diff)
		}
		for _, r := range read.Roles {
			if read.Taken(r.ID) != kept.Taken(r.ID) || read.Held(r.ID) != kept.Held(r.ID) || read.Waits(r.ID) != kept.Waits(r.ID) {
				return fmt.Errorf("role %d: counted %d %d %d, kept as %d %d %d", r.ID, read.Taken(r.ID), read.Held(r.ID), read.Waits(r.ID),
					kept.Taken(r.ID), kept.Held(r.ID), kept.Waits(r.ID))
			}
		}
		for _, su := range read.Signups {
			if kept.Signup(su.ID) == nil || kept.Of(su.PersonID, su.ShiftID).ID != su.ID || read.Position(su) != kept.Position(kept.Signup(su.ID)) {
				return fmt.Errorf("sign-up %d is not found where it is", su.ID)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Two copies of the program on one database take turns at random; neither ever
// decides on what is no longer so.
func TestTwoCopiesNeverDecideOnAnOldBoard(t *testing.T) {
	t.Parallel()
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		clocks := storetest.NewClocks()
		one := newTown(t, storetest.Open(t, dsn, clocks), clocks)
		other := New(storetest.Open(t, dsn, clocks), Options{Random: func(b []byte) { clear(b) }, Admins: []string{"UADMIN"},
			Defaults: Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
		call := one.open(clinicSpec(models.Need{Role: "医生", Most: 3}, models.Need{Role: "引导员", Most: 2}))
		copies, roll := []*Services{one.svc, other}, rand.New(rand.NewPCG(7, 7))
		for range 150 {
			svc := copies[roll.IntN(2)]
			who := fmt.Sprintf("U%d", roll.IntN(12))
			act := one.by(who)
			var err error
			switch what := roll.IntN(10); {
			case what < 6:
				_, err = svc.Join(t.Context(), act, call.Roles[roll.IntN(2)].ID, roll.IntN(3)-1, models.ByButton)
			case what < 8:
				_, err = svc.Leave(t.Context(), act, placeOf(t, svc, call.Call.ID, who))
			case what < 9:
				act = one.by("UCHEN")
				_, err = svc.EditCall(t.Context(), act, call.Call.ID, models.CallSpec{Need: []models.Need{{Role: "引导员", Most: 1 + roll.IntN(5)}},
					Set: map[string]bool{"need": true}}, false)
			default:
				clocks.Advance(time.Duration(roll.IntN(120)) * time.Minute)
				_, err = svc.RunDue(t.Context())
			}
			if code := models.CodeOf(err); code == models.CodeInternal {
				t.Fatal(err)
			}
			for _, svc := range copies {
				keptAsStored(t, svc, call.Call.ID)
			}
		}
	})
}

// placeOf is somebody's sign-up in a call, 0 when they have none.
func placeOf(t *testing.T, svc *Services, callID int64, who string) (id int64) {
	t.Helper()
	err := svc.store.Read(t.Context(), func(tx *store.Tx) error {
		rows, err := tx.SignupsOf(callID)
		for _, su := range rows {
			if p, err := tx.Person(su.PersonID); err == nil && p.Slack() == who {
				id = su.ID
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestWhatWasTakenBackIsNotRemembered(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, c storetest.Clocks) {
		to := newTown(t, st, c)
		call := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
		to.join("U1", call.Roles[0].ID)
		fault := errors.New("the disk went away")
		decide := func(tx *store.Tx) error {
			tenant, err := tx.TenantByExternal("T1")
			if err != nil {
				return err
			}
			d, err := to.svc.desk(tx, tenant, call.Call.ID)
			if err != nil {
				return err
			}
			by := models.By{TenantID: tenant.ID, Action: "signup_leave"}
			if err := errors.Join(d.Leave(d.Signups[0]), d.finish(by)); err != nil {
				return err
			}
			// The next decision of the same transaction sees the place free …
			if d, err = to.svc.desk(tx, tenant, call.Call.ID); err == nil && d.Taken(call.Roles[0].ID) != 0 {
				t.Error("a decision does not see what was decided before it in its transaction")
			}
			return errors.Join(err, fault)
		}
		if err := st.InTx(t.Context(), decide); !errors.Is(err, fault) {
			t.Fatal(err)
		}
		keptAsStored(t, to.svc, call.Call.ID) // … and nobody does after it failed
		err := st.InTx(t.Context(), func(tx *store.Tx) error {
			if err := tx.Savepoint(decide); !errors.Is(err, fault) {
				return err
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		keptAsStored(t, to.svc, call.Call.ID)
		if got := to.join("U2", call.Roles[0].ID); got.Outcome != models.JoinedWaits {
			t.Errorf("the place that was never given up went to somebody else: %s", got.Outcome)
		}
		keptAsStored(t, to.svc, call.Call.ID)
	})
}

// A row written by somebody who knows nothing of boards counts at once.
func TestRowsWrittenPastTheDeskAreSeen(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, c storetest.Clocks) {
		to := newTown(t, st, c)
		call := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
		su := to.join("U1", call.Roles[0].ID).Signup
		to.must(st.InTx(t.Context(), func(tx *store.Tx) error {
			su.Guests = 2
			return tx.Save(models.By{TenantID: su.TenantID, Action: "import"}, &su)
		}))
		keptAsStored(t, to.svc, call.Call.ID)
		if got := to.sheet(call.Call.ID).Taken(call.Roles[0].ID); got != 3 {
			t.Errorf("%d taken, 3 are", got)
		}
	})
}

// A second yes of somebody who is in is answered and changes nothing: no edit of
// the card, the panel or their own message.
func TestASecondYesEditsNothing(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	call := to.open(clinicSpec(models.Need{Role: "医生", Most: 2}))
	id := to.join("U1", call.Roles[0].ID).Signup.PersonID
	before := map[string]int{}
	keys := []string{cardKey(call.Call.ID), panelKey(call.Call.ID), signupKey(call.Call.ID, id)}
	for _, key := range keys {
		before[key] = to.message(key).Version
	}
	if got := to.join("U1", call.Roles[0].ID); got.Outcome != models.JoinedBefore {
		t.Errorf("the second yes: %s", got.Outcome)
	}
	for _, key := range keys {
		if got := to.message(key).Version; got != before[key] {
			t.Errorf("%s is edited for nothing", key)
		}
	}
}

func TestWhatIsKeptIsBounded(t *testing.T) {
	t.Parallel()
	c := newBoards(25)
	of := func(call int64, people int) *models.Board {
		b := &models.Board{Call: &models.Call{ID: call, TenantID: 1}, Roles: []*models.Role{{ID: call * 10}}}
		for i := range people {
			b.Signups = append(b.Signups, &models.Signup{ID: int64(i + 1), PersonID: int64(i + 1)})
		}
		return b.Shared()
	}
	for call := int64(1); call <= 3; call++ {
		c.put(call, 1, of(call, 10))
	}
	if c.get(1, 1) != nil || c.callOf(1, 10) != 0 || c.get(2, 1) == nil || c.callOf(1, 20) != 2 || c.rows != 20 {
		t.Errorf("of three calls with ten people each two are to be kept, the latest used; %d rows are", c.rows)
	}
	c.put(4, 1, of(4, 10)) // 2 was looked at after 3
	if c.get(3, 1) != nil || c.get(2, 1) == nil {
		t.Error("what was used last went first")
	}
	for stamp := int64(2); stamp <= 9; stamp++ {
		c.put(2, stamp, of(2, 11))
	}
	if c.get(2, 9) == nil || c.get(2, 9-boardsBack+1) == nil || c.get(2, 9-boardsBack) != nil || c.rows != 21 {
		t.Errorf("of one call the latest %d are kept; %d rows", boardsBack, c.rows)
	}
	c.put(5, 1, of(5, 100))
	if c.get(5, 1) == nil || c.rows != 100 {
		t.Error("one call with more people than all may have is kept alone")
	}
}
