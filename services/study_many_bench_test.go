package services

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// crowd is an organisation of many members, each with windows of their own, and
// if asked for a reminder to themselves by a rule of its own.
type crowd struct {
	b      *testing.B
	st     *store.Store
	svc    *Services
	clocks storetest.Clocks
	n      int
}

// crowdSize is how many members there are: 20,000, or what MUSTER_BENCH_MEMBERS
// says.
func crowdSize(b *testing.B) int {
	b.Helper()
	text := os.Getenv("MUSTER_BENCH_MEMBERS")
	if text == "" {
		return 20_000
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		b.Fatalf("MUSTER_BENCH_MEMBERS=%s: how many members?", text)
	}
	return n
}

// newCrowd makes the members. The machine's clock goes on, as it does at work:
// by it a claim ends when it has taken long.
func newCrowd(b *testing.B, rules bool) *crowd {
	b.Helper()
	c := &crowd{b: b, clocks: storetest.NewClocks(), n: crowdSize(b)}
	st, err := store.Open(b.Context(), store.Options{DSN: filepath.Join(b.TempDir(), "crowd.db"), World: c.clocks.World.Now, Machine: time.Now})
	c.must(err)
	b.Cleanup(func() { _ = st.Close() })
	c.must(st.Migrate(b.Context()))
	c.st, c.svc = st, New(st, Options{Random: func(p []byte) { clear(p) }, Defaults: Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
	c.must(c.svc.Enrol(b.Context(), "T1", []UnitRow{{Name: "总队", Type: "branch", Leader: "Uchen"}}, []MemberRow{{Slack: "Uchen", Name: "陈琳", Unit: "总队", Duty: "leader"}}))
	for from := 0; from < c.n; from += 2000 {
		c.must(st.InTx(b.Context(), func(tx *store.Tx) error { return c.members(tx, from, min(from+2000, c.n), rules) }))
	}
	return c
}

func (c *crowd) must(err error) {
	c.b.Helper()
	if err != nil {
		c.b.Fatal(err)
	}
}

func (c *crowd) members(tx *store.Tx, from, to int, rules bool) error {
	people := make([]*models.Person, 0, to-from)
	for i := from; i < to; i++ {
		slack := fmt.Sprintf("UX%06d", i)
		people = append(people, &models.Person{TenantID: 1, SlackID: &slack, Name: "骑手 " + strconv.Itoa(i), Member: true, Duty: models.RoleMember, CreatedAt: tx.Now,
			Windows: []models.Window{{Start: 7*60 + i%180, End: 11*60 + i%60}, {Days: []time.Weekday{time.Weekday(i % 7), time.Wednesday}, Start: 14 * 60, End: 16*60 + i%120}}})
	}
	if err := tx.AddPersons(models.By{TenantID: 1, Action: "person_add"}, people); err != nil {
		return err
	}
	units := map[int64]int64{}
	for i, p := range people {
		if units[p.ID] = 1; !rules {
			continue
		}
		r := ruleOf(from+i, p.ID, tx.Now)
		if err := tx.Save(models.By{TenantID: 1, ActorID: p.ID, Action: "remind_add"}, &r); err != nil {
			return err
		}
		if err := planRemind(tx, r); err != nil {
			return err
		}
	}
	return tx.PutIntoUnits(models.By{TenantID: 1, Action: "unit_member"}, units)
}

// ruleOf is the i-th member's own rule, never due in the first day.
func ruleOf(i int, person int64, now models.Instant) models.Reminder {
	rules := []string{"FREQ=DAILY", "FREQ=WEEKLY;BYDAY=WE", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,FR", "FREQ=MONTHLY;BYMONTHDAY=25",
		"FREQ=MONTHLY;BYDAY=-1FR", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=15"}
	r := models.Reminder{TenantID: 1, Number: i + 1, ByID: person, PersonID: person, Text: "带表格", State: models.ReminderActive, RRule: rules[i%len(rules)],
		Wall: fmt.Sprintf("2026-11-25T%02d:%02d", 6+i%16, i%60), Zone: "Asia/Shanghai", CreatedAt: now}
	rule, _ := r.Rule()
	next, err := rule.Next(now.Add(24*time.Hour).Time(), 1)
	if err != nil || len(next) == 0 {
		panic(fmt.Sprint("a rule of the bench: ", r.RRule, err))
	}
	r.NextAt = models.At(next[0])
	return r
}

// watched runs a walk to its end while somebody presses now and then, and
// reports how long they waited and the most memory that was in use.
func (c *crowd) watched(what string, step func() bool) {
	c.b.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapAlloc, uint64(0)
	ctx, stop := context.WithCancel(c.b.Context())
	var wait sync.WaitGroup
	var presses atomic.Int64
	var waits []time.Duration
	wait.Go(func() {
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			begun := time.Now()
			if err := c.st.InTx(context.Background(), func(tx *store.Tx) error {
				_, err := tx.Deliver(fmt.Sprintf("%s:%d", what, presses.Add(1)))
				return err
			}); err != nil {
				c.b.Error(err)
				return
			}
			waits = append(waits, time.Since(begun))
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	})
	begun := time.Now()
	for step() {
	}
	took := time.Since(begun)
	stop()
	wait.Wait()
	slices.Sort(waits)
	c.b.ReportMetric(took.Seconds()*10_000/float64(c.n), "s/10000")
	c.b.ReportMetric(float64(c.n)/took.Seconds(), "members/s")
	c.b.ReportMetric(float64(max(peak, before)-before)/1e6, "MB-heap")
	if len(waits) > 0 {
		c.b.ReportMetric(float64(waits[len(waits)/2].Microseconds())/1000, "ms-press-p50")
		c.b.ReportMetric(float64(waits[len(waits)-1].Microseconds())/1000, "ms-press-max")
	}
}

// run does what is due until nothing is.
func (c *crowd) run() bool {
	n, err := c.svc.RunDue(c.b.Context())
	c.must(err)
	return n > 0
}

// loaded is what the members weigh when all of them are in memory, in MB.
func (c *crowd) loaded() float64 {
	var before, after runtime.MemStats
	var all []models.Person
	var reminders []models.Reminder
	runtime.GC()
	runtime.ReadMemStats(&before)
	c.must(c.st.Read(c.b.Context(), func(tx *store.Tx) (err error) {
		if all, err = tx.Members(1); err != nil {
			return err
		}
		for part := range slices.Chunk(all, 500) {
			ids := make([]int64, len(part))
			for i, p := range part {
				ids[i] = p.ID
			}
			of, err := tx.RemindersForPeople(ids)
			if err != nil {
				return err
			}
			for _, r := range of {
				reminders = append(reminders, r...)
			}
		}
		return nil
	}))
	runtime.GC()
	runtime.ReadMemStats(&after)
	mb := float64(after.HeapAlloc-before.HeapAlloc) / 1e6
	runtime.KeepAlive(all)
	runtime.KeepAlive(reminders)
	return mb
}

// ceiling is how many bare rows of what is planned a transaction a portion
// writes in a second, nothing computed.
func (c *crowd) ceiling(perMember int) {
	begun := time.Now()
	for from := 0; from < c.n; from += peopleBatch {
		c.must(c.st.InTx(c.b.Context(), func(tx *store.Tx) error {
			var rows []models.Due
			for i := from; i < min(from+peopleBatch, c.n); i++ {
				for j := range perMember {
					rows = append(rows, models.Due{TenantID: 1, Key: fmt.Sprintf("bare:%d:%d", i, j), Kind: "bare", DueAt: tx.Now.Add(1000 * time.Hour)})
				}
			}
			return tx.PlanAll(rows)
		}))
	}
	c.b.ReportMetric(float64(c.n)/time.Since(begun).Seconds(), "bare-members/s")
}

// Everybody has a rule and windows of their own, and the organisation moves to
// another zone: the next reminder of all is found anew, a portion at a time.
func BenchmarkHundredThousandRules(b *testing.B) {
	c := newCrowd(b, true)
	b.ReportMetric(c.loaded(), "MB-all-loaded")
	c.ceiling(1)
	zones := []string{"Europe/Berlin", "Asia/Shanghai"}
	for i := range b.N {
		c.must(c.st.InTx(b.Context(), func(tx *store.Tx) error {
			t, err := tx.Tenant(1)
			if err != nil {
				return err
			}
			t.Zone = zones[i%2]
			if err := tx.Save(models.By{TenantID: 1, Action: "setup_change"}, &t); err != nil {
				return err
			}
			return planTimes(tx, 1, 0)
		}))
		c.watched(fmt.Sprint("rules", i), c.run)
	}
	moved := 0
	c.must(c.st.Read(b.Context(), func(tx *store.Tx) error {
		people, err := tx.AudiencePage(1, models.Audience{Kind: models.AudienceAll}, nil, int64(c.n)-50, 100)
		for _, p := range people {
			rows, cause := tx.RemindersFor(p.ID)
			if err = cause; err != nil {
				return err
			}
			for _, r := range rows {
				if r.Zone == zones[(b.N-1)%2] {
					moved++
				}
			}
		}
		return err
	}))
	if moved == 0 {
		b.Error("the last members' reminders did not move")
	}
}

// One study for all of them: everybody's reminders are planned in their own
// windows, a portion at a time.
func BenchmarkHundredThousandPlanned(b *testing.B) {
	c := newCrowd(b, false)
	c.ceiling(2)
	act := 0
	for range b.N {
		act++
		in := NewStudy{Title: "骑手服务案例", Start: sh("2026-11-25 19:30"), Wall: "2026-11-25T19:30", Zone: "Asia/Shanghai", Length: 60, Credit: -1, Makeup: -1, For: "总队"}
		_, err := c.svc.OpenStudy(b.Context(), Act{Delivery: fmt.Sprint("open", act), Team: "T1", User: "Uchen", Direct: true}, in)
		c.must(err)
		c.watched(fmt.Sprint("plan", act), c.run)
	}
	var planned int
	c.must(c.st.Read(b.Context(), func(tx *store.Tx) (err error) { planned, _, err = tx.DueCount(); return err }))
	if planned < 2*c.n {
		b.Errorf("%d due rows for %d members", planned, c.n)
	}
}

// A tick that finds nothing due among everybody's next reminders.
func BenchmarkHundredThousandIdleTick(b *testing.B) {
	c := newCrowd(b, true)
	b.ResetTimer()
	for b.Loop() {
		if c.run() {
			b.Fatal("something was due")
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N), "µs/tick")
}
