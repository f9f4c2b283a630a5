package services

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// branch is a unit with its leader and members on a database of their own, a
// clock held by the test, and a Slack that takes every message.
type branch struct {
	t      *testing.T
	st     *store.Store
	svc    *Services
	clocks storetest.Clocks
	sent   []note
	acts   int
}

// note is one message that made a sound.
type note struct {
	At   models.Instant
	Who  string
	Kind models.MessageKind
	Key  string
	Late bool

	Subject int64
	Args    []byte
}

func newBranch(t *testing.T) *branch {
	t.Helper()
	st, clocks := storetest.New(t)
	return newBranchOn(t, st, clocks)
}

func newBranchOn(t *testing.T, st *store.Store, clocks storetest.Clocks) *branch {
	t.Helper()
	b := &branch{t: t, st: st, clocks: clocks}
	b.restart()
	err := b.svc.Enrol(t.Context(), "T1", []UnitRow{{Name: "城东支部", Type: "branch", Leader: "Uchen"}}, []MemberRow{
		{Slack: "Uchen", Name: "陈琳", Unit: "城东支部", Duty: "leader"},
		{Slack: "Uli", Name: "李师傅", Unit: "城东支部", Duty: "member", Windows: []models.Window{{Start: 600, End: 660}, {Start: 870, End: 990}}},
		{Slack: "Uwang", Name: "王敏", Unit: "城东支部", Duty: "member"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// restart is a new process over the same database.
func (b *branch) restart() {
	b.svc = New(b.st, Options{Random: func(p []byte) {
		for i := range p {
			p[i] = byte(i)
		}
	}, Defaults: Defaults{Lang: "zh", Zone: "Asia/Shanghai"}})
}

func (b *branch) act(user string) Act {
	b.acts++
	return Act{Delivery: fmt.Sprintf("trg:%d", b.acts), Team: "T1", User: user, Direct: true}
}

func wall(zone, text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, models.Zone(zone))
	if err != nil {
		panic(err)
	}
	return t
}

func sh(text string) time.Time { return wall("Asia/Shanghai", text) }

// open opens a study for the branch as its leader.
func (b *branch) open(in NewStudy) StudyPlan {
	b.t.Helper()
	if in.Zone == "" {
		in.Zone = "Asia/Shanghai"
	}
	in.Wall = in.Start.In(models.Zone(in.Zone)).Format("2006-01-02T15:04")
	if in.For == "" {
		in.For = "城东支部"
	}
	plan, err := b.svc.OpenStudy(b.t.Context(), b.act("Uchen"), in)
	if err != nil {
		b.t.Fatalf("open: %v", err)
	}
	return plan
}

// beat does what is due and sends what may be sent, until nothing is left.
func (b *branch) beat() {
	b.t.Helper()
	for range 100 {
		n, err := b.svc.RunDue(b.t.Context())
		if err != nil {
			b.t.Fatalf("due at %s: %v", b.clocks.World.Now(), err)
		}
		if n+b.send() == 0 {
			return
		}
	}
	b.t.Fatal("something is due again and again")
}

// send hands what is queued to a Slack that takes everything.
func (b *branch) send() int {
	b.t.Helper()
	ctx := b.t.Context()
	list, err := b.st.ClaimMessages(ctx, "test", 500, time.Minute)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range list {
		wait, drop, err := b.svc.Gate(ctx, m)
		if err != nil {
			b.t.Fatal(err)
		}
		out := models.Outcome{Kind: models.OutcomeSent, Channel: "D1", TS: fmt.Sprintf("%d.0", m.ID), Version: m.Version}
		switch {
		case drop:
			out = models.Outcome{Kind: models.OutcomeDropped}
		case wait != 0:
			out = models.Outcome{Kind: models.OutcomeWait, WaitUntil: wait}
		case m.Shown == 0 && m.Kind != models.MessageGreet: // greet_test.go has the first contact
			b.heard(m)
		}
		if err := b.st.Settle(ctx, m.ID, "test", out); err != nil {
			b.t.Fatal(err)
		}
	}
	return len(list)
}

func (b *branch) heard(m models.Message) {
	n := note{At: models.At(b.clocks.World.Now()), Kind: m.Kind, Key: m.Key, Late: strings.Contains(string(m.Args), `"late"`), Subject: m.SubjectID, Args: m.Args}
	if m.PersonID != 0 {
		p := b.person(m.PersonID)
		n.Who = p.Slack()
	} else {
		n.Who = m.Channel
	}
	b.sent = append(b.sent, n)
}

func (b *branch) person(id int64) (p models.Person) {
	b.t.Helper()
	if err := b.st.Read(b.t.Context(), func(tx *store.Tx) (err error) { p, err = tx.Person(id); return err }); err != nil {
		b.t.Fatal(err)
	}
	return p
}

// until lets time pass in quarters of an hour, living.
func (b *branch) until(end time.Time) {
	b.t.Helper()
	for b.clocks.World.Now().Before(end) {
		b.beat()
		b.clocks.Advance(min(15*time.Minute, end.Sub(b.clocks.World.Now())))
	}
	b.beat()
}

// sounds lists what made a sound for somebody, `11-24 16:15 study`.
func (b *branch) sounds(who, zone string) []string {
	var out []string
	for _, n := range b.sent {
		if n.Who == who {
			line := n.At.In(models.Zone(zone)).Format("01-02 15:04") + " " + string(n.Kind)
			if n.Late {
				line += " late"
			}
			out = append(out, line)
		}
	}
	return out
}

// attendance is somebody's row of the study's occurrence that started last or
// is next.
func (b *branch) attendance(who string, studyID int64, start time.Time) (a models.Attendance) {
	b.t.Helper()
	err := b.st.Read(b.t.Context(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal("T1")
		if err != nil {
			return err
		}
		p, err := tx.PersonBySlack(t.ID, who)
		if err != nil {
			return err
		}
		o, err := tx.OccurrenceAt(studyID, models.At(start))
		if err != nil {
			return err
		}
		a, err = tx.AttendanceOf(o.ID, p.ID)
		return err
	})
	if err != nil {
		b.t.Fatalf("attendance of %s at %s: %v", who, start, err)
	}
	return a
}

func (b *branch) expect(who string, want ...string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.sounds(who, "Asia/Shanghai")); diff != "" {
		b.t.Errorf("what %s heard (-want +got):\n%s", who, diff)
	}
}
