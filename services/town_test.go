package services

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// town is an organisation under test: Chen Lin (UCHEN) organizes, everybody
// else is a member. Its clock stands on Monday 23 November 2026, 10:00.
type town struct {
	t      testing.TB
	svc    *Services
	store  *store.Store
	clocks storetest.Clocks
	n      int
	mu     sync.Mutex
}

func newTown(t testing.TB, st *store.Store, clocks storetest.Clocks) *town {
	t.Helper()
	svc := New(st, Options{Random: func(b []byte) { _, _ = rand.Read(b) }, Admins: []string{"UADMIN"},
		Defaults: Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
	to := &town{t: t, svc: svc, store: st, clocks: clocks}
	t.Cleanup(func() { allKeptAsStored(t, svc) })
	to.must(st.InTx(context.Background(), func(tx *store.Tx) error {
		tenant, err := tx.EnsureTenant("T1", svc.tenantDefaults())
		if err != nil {
			return err
		}
		chen, err := tx.EnsurePerson(tenant.ID, "UCHEN")
		if err != nil {
			return err
		}
		return tx.Save(models.By{TenantID: tenant.ID, Action: "role_give"}, &models.Right{TenantID: tenant.ID, PersonID: chen.ID, Role: models.RoleOrganizer})
	}))
	return to
}

func sqliteTown(t *testing.T) *town {
	t.Helper()
	st, clocks := storetest.New(t)
	return newTown(t, st, clocks)
}

func (to *town) must(err error) {
	to.t.Helper()
	if err != nil {
		to.t.Fatal(err)
	}
}

// by is an act of somebody in the call channel, with an identity of its own.
func (to *town) by(user string) Act {
	to.mu.Lock()
	defer to.mu.Unlock()
	to.n++
	return Act{Delivery: fmt.Sprintf("test:%d", to.n), Team: "T1", User: user, Channel: "CCALLS", TS: fmt.Sprintf("1700000000.%06d", to.n)}
}

// saturday is 28 November, 9:00 in Shanghai: five days ahead.
func saturday(hour, minute int) models.Instant {
	return models.At(time.Date(2026, 11, 28, hour, minute, 0, 0, models.Zone("Asia/Shanghai")))
}

func clinicSpec(needs ...models.Need) models.CallSpec {
	return models.CallSpec{Title: "社区爱心义诊", Kind: models.CallCare, When: []models.Span{{Start: saturday(9, 0), End: saturday(11, 30)}},
		Where: "绿城社区", Bring: "工牌、口罩", Private: "门码 1234", Need: needs, Zone: "Asia/Shanghai", Set: map[string]bool{}}
}

func (to *town) open(spec models.CallSpec) models.Sheet {
	to.t.Helper()
	out, err := to.svc.OpenCall(context.Background(), to.by("UCHEN"), spec, OpenHow{})
	to.must(err)
	if out.Ask != "" {
		to.t.Fatalf("asked back: %s", out.Ask)
	}
	return out.Sheet
}

func (to *town) join(user string, roleID int64) Joining {
	to.t.Helper()
	out, err := to.svc.Join(context.Background(), to.by(user), roleID, -1, models.ByButton)
	to.must(err)
	return out
}

func (to *town) sheet(id int64) models.Sheet {
	to.t.Helper()
	s, err := to.svc.CallByID(context.Background(), to.by("UCHEN"), id)
	to.must(err)
	return s
}

// states are the sign-ups of a call by Slack id.
func (to *town) states(id int64) map[string]models.SignupState {
	to.t.Helper()
	out := map[string]models.SignupState{}
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		rows, err := tx.SignupsOf(id)
		if err != nil {
			return err
		}
		for _, r := range rows {
			p, err := tx.Person(r.PersonID)
			if err != nil {
				return err
			}
			out[p.Slack()] = r.State
		}
		return nil
	}))
	return out
}

// due runs what is due until nothing is.
func (to *town) due() {
	to.t.Helper()
	for range 100 {
		n, err := to.svc.RunDue(context.Background())
		to.must(err)
		if n == 0 {
			return
		}
	}
	to.t.Fatal("what is due never ends")
}

func (to *town) message(key string) models.Message {
	to.t.Helper()
	var m models.Message
	to.must(to.store.Read(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		m, err = tx.MessageByKey(t.ID, key)
		if err != nil {
			return fmt.Errorf("%s: %w", key, err)
		}
		return nil
	}))
	return m
}

// send pretends that Slack got everything that is queued and due.
func (to *town) send() (sounded []string) {
	to.t.Helper()
	ctx := context.Background()
	for range 100 {
		rows, err := to.store.ClaimMessages(ctx, "test", 100, time.Minute)
		to.must(err)
		if len(rows) == 0 {
			return sounded
		}
		for _, m := range rows {
			if m.Shown == 0 && m.Op == models.OpPost && m.Kind != models.MessageGreet { // greet_test.go has the first contact
				sounded = append(sounded, m.Key)
			}
			channel := m.Channel
			if channel == "" {
				channel = fmt.Sprintf("D%d", m.PersonID)
			}
			to.must(to.store.Settle(ctx, m.ID, "test", models.Outcome{Kind: models.OutcomeSent, Version: m.Version, Channel: channel, TS: fmt.Sprintf("1800000000.%06d", m.ID)}))
		}
	}
	to.t.Fatal("the outbox never ends")
	return nil
}

func refusal(err error) string {
	var e *models.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}
