package services

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// chance gives the branch tokens that differ.
func (b *branch) chance() { b.svc.random = func(p []byte) { _, _ = rand.Read(p) } }

func (b *branch) feedOf(token string) (f Feed, ok bool) {
	b.t.Helper()
	f, ok, err := b.svc.CalendarByToken(b.t.Context(), token)
	if err != nil {
		b.t.Fatal(err)
	}
	return f, ok
}

func (b *branch) subscribe(who string) string {
	b.t.Helper()
	c, err := b.svc.RenewCalendar(b.t.Context(), b.act(who))
	if err != nil || c.Token == "" {
		b.t.Fatalf("link of %s: %v", who, err)
	}
	return c.Token
}

// sessions are the study sessions of a calendar, `11-25 19:30 title state`.
func sessionsOf(f Feed) []string {
	var out []string
	for _, s := range f.Sessions {
		start, _ := s.Occurrence.Times(s.Study, s.Attendance.Slot)
		line := start.In(models.Zone(s.Study.Zone)).Format("01-02 15:04")
		if s.Gone() {
			line += " gone"
		}
		if s.Attendance.ID == 0 {
			line += " ahead"
		}
		out = append(out, line)
	}
	return out
}

func TestACalendarLinkIsMadeChangedAndRevoked(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		b.chance()
		ctx := t.Context()
		first, err := b.svc.MyCalendar(ctx, b.act("Uli"))
		if err != nil || len(first.Token) != 43 || first.Link.Hash == "" || strings.Contains(first.Link.Hash, first.Token) {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := b.svc.MyCalendar(ctx, b.act("Uli"))
		if err != nil || again.Token != "" || again.Link.ID != first.Link.ID {
			t.Errorf("asked again: %+v, %v; nobody knows the secret any more", again, err)
		}
		f, ok := b.feedOf(first.Token)
		if !ok || f.Person.Slack() != "Uli" {
			t.Errorf("the link leads to %q, %v", f.Person.Slack(), ok)
		}
		if c, err := b.svc.MyCalendar(ctx, b.act("Uli")); err != nil || c.Link.SeenAt.In(models.Zone("Asia/Shanghai")).Format(time.DateTime) != "2026-11-23 00:00:00" {
			t.Errorf("read on %s, %v; the day and no more", c.Link.SeenAt.Time(), err)
		}
		second := b.subscribe("Uli")
		if _, ok := b.feedOf(first.Token); ok {
			t.Error("the old link lives on")
		}
		if _, ok := b.feedOf(second); !ok {
			t.Error("the new link does not work")
		}
		for _, wrong := range []string{"", "x", first.Token + "A", strings.ToLower(second), second[:42], second + "=", first.Link.Hash,
			base64.RawURLEncoding.EncodeToString(make([]byte, 32)), strings.Repeat("A", 5000), "../" + second} {
			if _, ok := b.feedOf(wrong); ok && wrong != second {
				t.Errorf("%.50q opens a calendar", wrong)
			}
		}
		if _, err := b.svc.EndCalendar(ctx, b.act("Uli")); err != nil {
			t.Fatal(err)
		}
		if _, ok := b.feedOf(second); ok {
			t.Error("revoked, it still works")
		}
		if _, err := b.svc.EndCalendar(ctx, b.act("Uli")); models.CodeOf(err) != models.CodeConflict {
			t.Errorf("revoked twice: %v", err)
		}
		third := b.subscribe("Uli")
		b.must(b.st.InTx(ctx, func(tx *store.Tx) error {
			tenant, err := tx.TenantByExternal("T1")
			if err != nil {
				return err
			}
			p, err := tx.PersonBySlack(tenant.ID, "Uli")
			if err != nil {
				return err
			}
			p.Gone = true
			return tx.SavePerson(&p)
		}))
		if _, ok := b.feedOf(third); ok {
			t.Error("who has left is still read")
		}
		if brk, err := b.st.Verify(ctx, f.Tenant.ID); err != nil || !brk.OK() {
			t.Errorf("the record: %+v %v", brk, err)
		}
	})
}

func (b *branch) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// A weekly session stands in the calendar for 60 days, one entry a week, and
// each keeps its entry when it is laid out, moved, skipped and called off.
func TestStudyInACalendar(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, st *store.Store, clocks storetest.Clocks) {
		b := newBranchOn(t, st, clocks)
		b.chance()
		ctx := t.Context()
		in := lesson("2026-11-25 19:30")
		in.RRule = "FREQ=WEEKLY;BYDAY=WE"
		in.Slots = []models.Slot{{Days: 1, Minute: 600, Length: 60}}
		plan := b.open(in)
		li, wang := b.subscribe("Uli"), b.subscribe("Uwang")
		f, _ := b.feedOf(li)
		got := sessionsOf(f)
		if len(got) != 9 || got[0] != "11-25 19:30" || got[1] != "12-02 19:30 ahead" && got[1] != "12-02 19:30" || got[8] != "01-20 19:30 ahead" {
			t.Errorf("%v", got)
		}
		before := uids(f)
		start := sh("2026-11-25 19:30")
		a := b.attendance("Uli", plan.Study.ID, start)
		if _, err := b.svc.ChooseSlot(ctx, b.act("Uli"), a.ID, 1); err != nil {
			t.Fatal(err)
		}
		b.clocks.Advance(time.Hour)
		if _, err := b.svc.MoveStudy(ctx, b.act("Uchen"), plan.Study.Number, sh("2026-12-02 00:00"), sh("2026-12-03 20:00"), time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, err := b.svc.SkipStudy(ctx, b.act("Uchen"), plan.Study.Number, sh("2026-12-09 00:00")); err != nil {
			t.Fatal(err)
		}
		b.beat()
		f, _ = b.feedOf(li)
		if diff := cmp.Diff([]string{"11-26 10:00", "12-03 20:00", "12-09 19:30 gone", "12-16 19:30 ahead"}, sessionsOf(f)[:4]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		after := uids(f)
		for uid, seq := range before {
			if now, kept := after[uid]; !kept || now < seq {
				t.Errorf("%s: from %d to %d, kept %v", uid, seq, now, kept)
			}
		}
		for _, changed := range f.Sessions[:3] {
			if uid := uidOf(changed); after[uid] <= before[uid] {
				t.Errorf("%s changed and has number %d after %d", uid, after[uid], before[uid])
			}
		}
		if f, _ = b.feedOf(wang); sessionsOf(f)[0] != "11-25 19:30" {
			t.Errorf("another member's choice shows: %v", sessionsOf(f))
		}
		b.clocks.Advance(31 * 24 * time.Hour)
		if f, _ = b.feedOf(li); strings.Contains(strings.Join(sessionsOf(f), " "), "gone") {
			t.Errorf("what was off a month ago is still there: %v", sessionsOf(f))
		}
		if _, _, err := b.svc.CancelStudy(ctx, b.act("Uchen"), plan.Study.ID, false); err != nil {
			t.Fatal(err)
		}
		f, _ = b.feedOf(li)
		for _, s := range f.Sessions {
			if !s.Gone() {
				t.Errorf("taken back, %v is not", sessionsOf(f))
			}
		}
	})
}

// uidOf is what tells one entry from another, as its view has it.
func uidOf(s FeedSession) string { return fmt.Sprint(s.Study.Number, s.Occurrence.RuleStart) }

func uids(f Feed) map[string]int {
	out := map[string]int{}
	for _, s := range f.Sessions {
		out[uidOf(s)] = s.Changes
	}
	return out
}

// Half past seven in the evening is that on each zone's wall, before and after
// its clocks change.
func TestWallTimesInACalendar(t *testing.T) {
	t.Parallel()
	for zone, from := range map[string]string{"Asia/Shanghai": "2027-03-03 19:30", "Europe/Berlin": "2027-03-03 19:30", "America/New_York": "2027-02-24 19:30",
		"Australia/Lord_Howe": "2027-03-17 19:30", "America/St_Johns": "2027-10-13 19:30", "Africa/Casablanca": "2027-02-03 19:30"} {
		t.Run(zone, func(t *testing.T) {
			t.Parallel()
			b := newBranch(t)
			b.chance()
			start := wall(zone, from)
			b.clocks.World.Set(start.Add(-time.Hour))
			in := lesson("2026-11-25 19:30")
			in.Start, in.Zone, in.RRule = start, zone, "FREQ=WEEKLY"
			b.open(in)
			f, ok := b.feedOf(b.subscribe("Uli"))
			if !ok || len(f.Sessions) != 9 {
				t.Fatalf("%v %v", ok, sessionsOf(f))
			}
			offsets := map[string]bool{}
			for _, s := range f.Sessions {
				at := s.Occurrence.Start.In(models.Zone(zone))
				if at.Format("15:04") != "19:30" {
					t.Errorf("%s", at)
				}
				offsets[at.Format("-0700")] = true
			}
			if want := map[bool]int{true: 1, false: 2}[zone == "Asia/Shanghai"]; len(offsets) != want {
				t.Errorf("offsets %v", offsets)
			}
		})
	}
}

// A shift stands in the calendar of who has it: in line it may become nothing,
// given up or cancelled it is off, and nobody else sees it.
func TestShiftsInACalendar(t *testing.T) {
	t.Parallel()
	to := sqliteTown(t)
	ctx := context.Background()
	sheet := to.open(clinicSpec(models.Need{Role: "医生", Most: 1}))
	role := sheet.Roles[0].ID
	ann := to.join("UANN", role).Signup.ID
	to.join("UBO", role)
	tokens := map[string]string{}
	for _, who := range []string{"UANN", "UBO", "UCAI"} {
		c, err := to.svc.RenewCalendar(ctx, to.by(who))
		to.must(err)
		tokens[who] = c.Token
	}
	show := func() map[string]string {
		out := map[string]string{}
		for who, token := range tokens {
			f, ok, err := to.svc.CalendarByToken(ctx, token)
			to.must(err)
			if !ok {
				t.Fatalf("%s has no calendar", who)
			}
			for _, s := range f.Shifts {
				out[who] += fmt.Sprintf("%s %s gone=%v waits=%v ", s.Sheet.Call.Title, s.Signup.State, s.Gone(), s.Signup.Waits())
			}
		}
		return out
	}
	if diff := cmp.Diff(map[string]string{"UANN": "社区爱心义诊 confirmed gone=false waits=false ", "UBO": "社区爱心义诊 waitlisted gone=false waits=true "}, show()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	_, err := to.svc.Leave(ctx, to.by("UANN"), ann)
	to.must(err)
	to.due()
	if diff := cmp.Diff(map[string]string{"UANN": "社区爱心义诊 withdrawn gone=true waits=false ", "UBO": "社区爱心义诊 confirmed gone=false waits=false "}, show()); diff != "" {
		t.Errorf("after giving up (-want +got):\n%s", diff)
	}
	to.clocks.Advance(3 * 24 * time.Hour)
	_, err = to.svc.CancelCall(ctx, to.by("UCHEN"), sheet.Call.ID, "降雨")
	to.must(err)
	if got := show()["UBO"]; !strings.Contains(got, "gone=true") {
		t.Errorf("cancelled: %s", got)
	}
	to.clocks.Advance(28 * 24 * time.Hour) // a month after giving up, 28 days after the cancelling
	if got := show(); got["UANN"] == "" && got["UBO"] == "" {
		t.Errorf("cancelled 28 days ago and gone already: %v", got)
	}
	to.clocks.Advance(3 * 24 * time.Hour)
	if got := show(); len(got) != 0 {
		t.Errorf("a month later: %v", got)
	}
}
