package services

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"muster/models"
	"muster/store"
)

// studyHistories is how many random days of a branch are played through
// the services on a real database.
const studyHistories = 60

// A branch of three with one study, at random: answers, snoozes, new windows,
// zones and quiet hours, pauses, switches, occurrences moved and skipped,
// restarts, and a clock that goes on by up to two hours at a time. Whatever
// happens, a member is told of each lead time of each occurrence at most once,
// never in their quiet hours, not in a pause, nor once it is done; and who does
// nothing is told of each exactly once.
func TestWhateverHappensStudyKeepsItsRules(t *testing.T) {
	t.Parallel()
	for seed := range uint64(studyHistories) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := &studyHistory{branch: newBranch(t), rand: rand.New(rand.NewPCG(seed, 20261123)), calm: seed%8 == 0,
				snoozed: map[int64]int{}, told: map[int64]int{}}
			in := lesson("2026-11-25 19:30")
			in.RRule = pick(h.rand, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=WE,TH,SA", "FREQ=WEEKLY;BYDAY=TU,FR")
			in.Start = sh("2026-11-2" + pick(h.rand, "4 07:30", "4 15:00", "4 19:30", "5 00:30", "5 12:00"))
			in.Leads = pick(h.rand, []int{60}, []int{1440, 60}, []int{120, 30}, []int{600, 20}, []int{2880, 45, 30})
			in.Makeup = h.rand.IntN(5)
			h.leads = in.Leads
			if h.number = h.open(in).Study.Number; h.calm {
				h.until(sh("2026-11-28 12:00"))
				h.exactlyOnce(in)
				return
			}
			for range 50 {
				h.step()
				h.holds()
			}
		})
	}
}

func pick[T any](r *rand.Rand, from ...T) T { return from[r.IntN(len(from))] }

type studyHistory struct {
	*branch
	rand    *rand.Rand
	number  int
	leads   []int
	calm    bool // nobody does anything
	seen    int  // notes looked at
	log     []string
	snoozed map[int64]int // by attendance: how often it was put off
	told    map[int64]int // reminders heard
}

// step does one thing that members, the leader or time may do. A refusal is an
// answer like any other; our own faults are not.
func (h *studyHistory) step() {
	h.t.Helper()
	ctx := h.t.Context()
	who := pick(h.rand, "Uchen", "Uli", "Uwang")
	what := h.rand.IntN(24)
	h.log = append(h.log, fmt.Sprint(what, who))
	var err error
	switch {
	case what < 8:
		h.clocks.Advance(time.Duration(1+h.rand.IntN(120)) * time.Minute)
	case what < 10:
		h.clocks.Advance(time.Duration(1+h.rand.IntN(15)) * time.Minute)
	case what < 14:
		err = h.respond(who)
	case what < 17:
		err = h.settings(who)
	case what == 17:
		at := h.clocks.World.Now().Add(time.Duration(1+h.rand.IntN(60*60)) * time.Minute).Truncate(time.Minute)
		_, err = h.svc.MoveStudy(ctx, h.act("Uchen"), h.number, time.Time{}, at, time.Time{})
	case what == 18:
		_, err = h.svc.SkipStudy(ctx, h.act("Uchen"), h.number, time.Time{})
	case what == 19:
		_, err = h.svc.HeldStudy(ctx, h.act("Uchen"), h.number, h.rand.IntN(2) == 0)
	case what == 20:
		h.restart()
	default:
		h.beat()
	}
	if code := models.CodeOf(err); code == models.CodeInternal {
		h.t.Fatalf("after %v: %v", h.log, err)
	}
	if what < 10 {
		h.beat()
	}
}

// respond is what a member does about one of their sessions.
func (h *studyHistory) respond(who string) error {
	ctx := h.t.Context()
	var open []models.Attendance
	h.reads(func(tx *store.Tx) error {
		p, err := tx.PersonBySlack(1, who)
		if err == nil {
			open, err = tx.AttendancesOpen(p.ID, tx.Now, 0, 50)
		}
		return err
	})
	if len(open) == 0 {
		return nil
	}
	a := open[h.rand.IntN(min(2, len(open)))].ID
	var err error
	switch h.rand.IntN(8) {
	case 0, 1:
		_, err = h.svc.Attend(ctx, h.act(who), a)
	case 2:
		_, err = h.svc.StudyMakeupLater(ctx, h.act(who), a)
	case 3:
		_, err = h.svc.CheckIn(ctx, h.act(who), a)
	case 4:
		_, err = h.svc.UndoStudy(ctx, h.act(who), a)
	default:
		_, times, cause := h.svc.SnoozeChoices(ctx, h.act(who), a)
		if cause != nil || len(times) == 0 {
			return cause
		}
		if _, err = h.svc.Snooze(ctx, h.act(who), a, times[h.rand.IntN(len(times))].At); err == nil {
			h.snoozed[a]++
		}
	}
	return err
}

// settings is what a member changes about themselves.
func (h *studyHistory) settings(who string) error {
	var in Profile
	set := pick(h.rand, "remind", "remind", "quiet", "zone", "pause", "off")
	start, end := h.rand.IntN(24*60), h.rand.IntN(24*60)
	switch set {
	case "remind":
		for range h.rand.IntN(3) {
			from := 30 * h.rand.IntN(48)
			in.Windows = append(in.Windows, models.Window{Start: from, End: (from + 30*(1+h.rand.IntN(6))) % 1440})
		}
	case "quiet":
		in.QuietStart, in.QuietEnd = &start, &end
	case "zone":
		in.Zone = pick(h.rand, "Asia/Shanghai", "Asia/Kathmandu", "Europe/Berlin", "Australia/Lord_Howe", "")
	case "pause":
		in.PauseUntil = models.At(h.clocks.World.Now().Add(time.Duration(h.rand.IntN(30)) * time.Hour))
	case "off":
		in.OptOuts = pick(h.rand, nil, []string{models.OffStudy}, []string{models.OffEarly}, []string{models.OffFollow}, []string{models.OffDay})
	}
	_, err := h.svc.ChangeProfile(h.t.Context(), h.act(who), in, map[string]bool{set: true})
	return err
}

func (h *studyHistory) reads(fn func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.st.Read(h.t.Context(), fn); err != nil {
		h.t.Fatalf("after %v: %v", h.log, err)
	}
}

// holds looks at what has made a sound since the last time, at the moment at
// which it did.
func (h *studyHistory) holds() {
	h.t.Helper()
	for _, n := range h.sent[h.seen:] {
		var args struct {
			StudyArgs
			Items []int64 `json:"items"`
		}
		if len(n.Args) > 0 {
			if err := json.Unmarshal(n.Args, &args); err != nil {
				h.t.Fatal(err)
			}
		}
		switch {
		case n.Kind == models.MessageStudy && (args.From != 0 || args.Where):
		case n.Kind == models.MessageStudy && (args.Refused || args.Roll):
		case n.Kind == models.MessageStudy, n.Kind == models.MessageStudyFollow:
			h.reminded(n, n.Subject)
		case n.Kind == models.MessageStudyDay:
			for _, a := range args.Items {
				h.reminded(n, a)
			}
		}
	}
	h.seen = len(h.sent)
}

// reminded is one reminder of an attendance that somebody just heard.
func (h *studyHistory) reminded(n note, attendance int64) {
	h.t.Helper()
	h.reads(func(tx *store.Tx) error {
		a, err := tx.Attendance(1, attendance)
		if err != nil {
			return err
		}
		st, o, err := studyOf(tx, a)
		if err != nil {
			return err
		}
		p, err := tx.Person(a.PersonID)
		if err != nil {
			return err
		}
		t, err := tx.Tenant(1)
		if err != nil {
			return err
		}
		times, err := h.svc.timesOf(tx, t, p)
		if err != nil {
			return err
		}
		_, end := o.Times(st, a.Slot)
		follow := n.Kind == models.MessageStudyFollow || n.At >= end
		switch {
		case models.InRest(n.At, times.Rest, times.Zone):
			h.t.Fatalf("after %v: %s is told at %v, in the quiet hours", h.log, n.Who, n.At.In(times.Zone))
		case n.At < p.PauseUntil || p.Refuses(n.Kind):
			h.t.Fatalf("after %v: %s is told at %v, and wants none", h.log, n.Who, n.At.In(times.Zone))
		case follow && (a.State == models.AttendanceAttended || a.State == models.AttendanceMadeUp || n.At >= a.MakeupUntil(o, st)):
			h.t.Fatalf("after %v: %s is followed up at %v and is %s", h.log, n.Who, n.At.In(times.Zone), a.State)
		case !follow && !wantsReminders(st, o, a, p):
			h.t.Fatalf("after %v: %s is told at %v of what is done: %s %s, session %s", h.log, n.Who, n.At.In(times.Zone), a.State, a.Intent, o.State)
		}
		if follow {
			return nil
		}
		h.told[attendance]++
		if most := len(h.leads)*(1+h.moves(o)) + h.snoozed[attendance]; h.told[attendance] > most {
			h.t.Fatalf("after %v: %s is told for the %d. time, of %v and %d snoozes", h.log, n.Who, h.told[attendance], h.leads, h.snoozed[attendance])
		}
		if slices.Sort(a.Reminded); len(slices.Compact(slices.Clone(a.Reminded))) != len(a.Reminded) {
			h.t.Fatalf("after %v: used twice: %v", h.log, a.Reminded)
		}
		return nil
	})
}

// moves is how often an occurrence was moved so far: each asks anew.
func (h *studyHistory) moves(o models.Occurrence) (n int) {
	h.reads(func(tx *store.Tx) (err error) {
		n, err = tx.Entries(1, "occurrence", o.ID, "study_move")
		return err
	})
	return n
}

// exactlyOnce: nobody did anything, so of each occurrence that has begun each
// member heard of each lead time that could be kept, once. Two of one session
// may have come in one message of a full day.
func (h *studyHistory) exactlyOnce(in NewStudy) {
	h.t.Helper()
	h.holds()
	rule := models.Rule{RRULE: in.RRule, Wall: in.Start.Format(models.WallLayout), Zone: "Asia/Shanghai"}
	starts, err := rule.Next(in.Start.Add(-time.Minute), 10)
	if err != nil {
		h.t.Fatal(err)
	}
	opened := models.At(sh("2026-11-23 10:00"))
	for who, windows := range map[string][]models.Window{"Uli": {{Start: 600, End: 660}, {Start: 870, End: 990}}, "Uwang": nil} {
		times := models.Times{Rest: models.Rest{Start: 22 * 60, End: 7 * 60}, Windows: windows, Zone: models.Zone("Asia/Shanghai")}
		for _, start := range starts {
			if start.After(h.clocks.World.Now()) {
				break
			}
			a, want := h.attendance(who, 1, start), []int(nil)
			planned := times.Plan(models.At(start), models.Study{Leads: in.Leads}.LeadTimes(), opened)
			for _, r := range planned {
				want = append(want, minutesOf(r.Leads)...)
			}
			slices.Sort(want)
			slices.Sort(a.Reminded)
			if told := h.told[a.ID]; !slices.Equal(a.Reminded, want) || told > len(planned) || (told == 0) != (len(want) == 0) {
				h.t.Errorf("%s was told %d times of %v, for %v, want %v: %v", who, told, start, a.Reminded, want, h.sounds(who, "Asia/Shanghai"))
			}
		}
	}
}
