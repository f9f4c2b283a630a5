package models

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestWhatACallSaysAboutAsking(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		call Call
		want AskPlan
		asks bool
	}{
		{Call{}, AskPlan{}, false},
		{Call{Ask: "auto"}, AskPlan{Every: 10 * time.Minute}, true},
		{Call{Ask: "auto", Urgent: true}, AskPlan{Every: 5 * time.Minute}, true},
		{Call{Ask: "5 every 10m"}, AskPlan{Size: 5, Every: 10 * time.Minute}, true},
		{Call{Ask: "0 every 10m"}, AskPlan{}, false},
		{Call{Ask: "5 every 0m"}, AskPlan{}, false},
		{Call{Ask: "everybody"}, AskPlan{}, false},
	} {
		plan, asks := c.call.AskPlan()
		if asks != c.asks || asks && plan != c.want {
			t.Errorf("%q: %+v %v", c.call.Ask, plan, asks)
		}
		if asks && plan.String() != c.call.Ask {
			t.Errorf("%q is written back as %q", c.call.Ask, plan.String())
		}
	}
}

func TestHowManyOneWaveAsks(t *testing.T) {
	t.Parallel()
	auto := AskPlan{}
	for _, c := range []struct {
		say       string
		plan      AskPlan
		shortfall int
		past      AskRecord
		want      int
	}{
		{"nobody is missing", auto, 0, AskRecord{}, 0},
		{"nobody is missing, N given", AskPlan{Size: 5}, 0, AskRecord{}, 0},
		{"N given", AskPlan{Size: 5}, 2, AskRecord{Asked: 100, Yes: 100}, 5},
		{"nothing measured: one in three", auto, 2, AskRecord{}, 6},
		{"most say yes", auto, 2, AskRecord{Asked: 94, Yes: 78}, 3},
		{"hardly anybody says yes: five for a place at most", auto, 2, AskRecord{Asked: 100}, 10},
		{"one bad call does not say much", auto, 1, AskRecord{Asked: 2}, 4},
		{"no more than are asked without a question", auto, 30, AskRecord{}, 50},
		{"but as many as are missing", auto, 80, AskRecord{}, 80},
	} {
		if got := WaveSize(c.plan, c.shortfall, c.past); got != c.want {
			t.Errorf("%s: %d, want %d", c.say, got, c.want)
		}
	}
}

func TestAWaveIsSharedByWhatIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n          int
		gaps, want []int
	}{
		{5, []int{4, 1}, []int{4, 1}}, {5, []int{1, 1}, []int{3, 2}}, {1, []int{4, 2}, []int{1, 0}}, {6, []int{0, 3}, []int{0, 6}},
		{0, []int{2}, []int{0}}, {3, []int{0}, []int{0}}, {2, []int{1, 1, 1}, []int{1, 1, 0}},
	} {
		if diff := cmp.Diff(c.want, SplitWave(c.n, c.gaps)); diff != "" {
			t.Errorf("%d over %v: %s", c.n, c.gaps, diff)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		gaps := rapid.SliceOfN(rapid.IntRange(0, 30), 1, 8).Draw(t, "gaps")
		n := rapid.IntRange(0, 100).Draw(t, "n")
		total, missing := 0, 0
		for i, got := range SplitWave(n, gaps) {
			total += got
			missing += gaps[i]
			if gaps[i] == 0 && got > 0 {
				t.Error("somebody is asked for a role that misses nobody")
			}
		}
		if missing > 0 && total != n {
			t.Errorf("%d of %d are shared out", total, n)
		}
	})
}

// waveGame plays waves by the rules: questions and answers in any order, the
// clock going on.
type waveGame struct {
	*Board
	t     *rapid.T
	role  *Role
	run   *Run
	asks  []*Ask
	asked map[int64]int
}

func newWaveGame(t *rapid.T) *waveGame {
	w := wantedAtDike()
	w.Role.Most = rapid.IntRange(1, 4).Draw(t, "most")
	w.Role.Least = w.Role.Most
	b := &Board{Call: w.Call, Shifts: []*Shift{w.Shift}, Roles: []*Role{w.Role}, Now: askNow,
		TimesOf: func(int64) Times { return someone(0).Times }}
	return &waveGame{Board: b, t: t, role: w.Role, run: &Run{RoleID: w.Role.ID, State: RunRunning, EveryMin: 10, NextAt: askNow},
		asked: map[int64]int{}}
}

// wave asks the next of twenty people.
func (g *waveGame) wave() {
	w := wantedAtDike()
	w.Call, w.Role, w.Now = g.Call, g.role, g.Now
	var all []Candidate
	for id := range int64(20) {
		c := someone(id + 10)
		for _, q := range g.asks {
			c.Asked = c.Asked || q.PersonID == c.Person.ID
		}
		c.Signed = g.Of(c.Person.ID, 1) != nil
		all = append(all, c)
	}
	pool := w.Rank(all)
	g.run.Wave++
	g.run.NextAt = g.Now.Add(10 * time.Minute)
	for _, r := range pool.Ranked[:min(len(pool.Ranked), WaveSize(AskPlan{}, g.Shortfall(g.role), AskRecord{}))] {
		g.asked[r.PersonID]++
		g.asks = append(g.asks, &Ask{ID: int64(len(g.asks) + 1), ShiftID: 1, RoleID: 1, PersonID: r.PersonID, State: AskOpen, AskedAt: g.Now})
	}
}

func (g *waveGame) hear() {
	for _, q := range g.asks {
		q.Answer(g.AskAnswer(q, nil), g.Now)
		if q.Waiting() && g.Closes(q) {
			q.Close(true, g.Now)
		}
	}
}

// act is one thing that somebody does, or time.
func (g *waveGame) act() {
	open := slices.IndexFunc(g.asks, func(q *Ask) bool { return q.Unanswered() })
	var err error
	switch what := rapid.IntRange(0, 3).Draw(g.t, "what"); {
	case what == 0:
		g.Now = g.Now.Add(time.Duration(rapid.IntRange(1, 30).Draw(g.t, "minutes")) * time.Minute)
	case what == 1 && open >= 0:
		_, _, err = g.Join(Wish{PersonID: g.asks[open].PersonID, RoleID: 1})
	case what == 2 && open >= 0:
		g.asks[open].Answer(AskNo, g.Now)
	case what == 3 && len(g.Signups) > 0 && g.Signups[0].Upcoming():
		err = g.Leave(g.Signups[0])
	}
	if err != nil {
		g.t.Fatal(err)
	}
	if _, err := g.Settle(); err != nil {
		g.t.Fatal(err)
	}
}

// Nobody is asked twice, waves stop when filled, and when the call is over every
// question is closed or answered.
func TestWavesStopWhenFilledAndEveryQuestionEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := newWaveGame(t)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			g.act()
			g.hear()
			switch g.Step(g.run, len(g.asks), 0, 0) {
			case WaveFilled:
				for _, q := range g.asks {
					if q.Waiting() {
						t.Fatalf("filled, and question %d is open", q.ID)
					}
				}
			case WaveNow:
				if g.Taken(1) >= g.role.Most {
					t.Fatal("a wave goes out although nobody is missing")
				}
				g.wave()
			}
		}
		g.Call.State = CallDone
		g.hear()
		for _, q := range g.asks {
			if q.Waiting() {
				t.Fatalf("the call is over and question %d is %s", q.ID, q.State)
			}
		}
		for id, n := range g.asked {
			if n > 1 {
				t.Fatalf("person %d was asked %d times", id, n)
			}
		}
	})
}

func TestWhatARunDoesNext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		say               string
		run               Run
		taken             int
		open, heard, noes int
		change            func(*Board)
		want              WaveStep
	}{
		{say: "the first wave", run: Run{State: RunRunning, NextAt: askNow}, want: WaveNow},
		{say: "before its time", run: Run{State: RunRunning, Wave: 1, NextAt: askNow + 1}, open: 2, want: WaveNone},
		{say: "a no", run: Run{State: RunRunning, Wave: 1, NextAt: askNow + 1}, open: 2, heard: 1, noes: 1, want: WaveRefill},
		{say: "the last of the wave answered", run: Run{State: RunRunning, Wave: 1, NextAt: askNow + 1}, heard: 1, want: WaveNow},
		{say: "all places taken", run: Run{State: RunRunning, Wave: 1, NextAt: askNow}, taken: 2, want: WaveFilled},
		{say: "paused", run: Run{State: RunPaused, NextAt: askNow}, want: WaveNone},
		{say: "stopped", run: Run{State: RunStopped, NextAt: askNow}, want: WaveNone},
		{say: "not open yet", run: Run{State: RunRunning, NextAt: askNow}, change: func(b *Board) { b.Call.OpensAt = askNow + 1 }, want: WaveNone},
		{say: "held for those who wait", run: Run{State: RunRunning, NextAt: askNow}, change: func(b *Board) {
			for id := range int64(2) {
				b.Signups = append(b.Signups, &Signup{ID: 50 + id, PersonID: 50 + id, ShiftID: 1, RoleID: 1, State: SignupOffered})
			}
		}, want: WaveHold},
		{say: "what was held is free", run: Run{State: RunRunning, Wave: 1}, want: WaveNow},
		{say: "nobody left, one said no", run: Run{State: RunExhausted, Wave: 2}, heard: 1, noes: 1, want: WaveNone},
		{say: "somebody has rested", run: Run{State: RunExhausted, Wave: 2, NextAt: askNow}, want: WaveNow},
	} {
		w := wantedAtDike()
		b := &Board{Call: w.Call, Shifts: []*Shift{w.Shift}, Roles: []*Role{w.Role}, Now: askNow}
		for id := range int64(c.taken) {
			b.Signups = append(b.Signups, &Signup{ID: id + 1, PersonID: id + 10, ShiftID: 1, RoleID: 1, State: SignupConfirmed})
		}
		if c.change != nil {
			c.change(b)
		}
		c.run.RoleID = 1
		if got := b.Step(&c.run, c.open, c.heard, c.noes); got != c.want {
			t.Errorf("%s: %q, want %q", c.say, got, c.want)
		}
	}
}

func TestTheLatestActIsTheAnswer(t *testing.T) {
	t.Parallel()
	w := wantedAtDike()
	q := Ask{PersonID: 10, ShiftID: 1, RoleID: 1, State: AskOpen, AskedAt: askNow}
	signup := func(state SignupState, gone Instant) *Signup {
		return &Signup{ID: 1, PersonID: 10, ShiftID: 1, RoleID: 1, State: state, GoneAt: gone}
	}
	for _, c := range []struct {
		say    string
		signup *Signup
		said   []*Answer
		want   AskState
	}{
		{"nothing", nil, nil, AskOpen},
		{"a place", signup(SignupConfirmed, 0), nil, AskYes},
		{"a turn in the line", signup(SignupWaitlisted, 0), nil, AskYes},
		{"given up again", signup(SignupWithdrawn, askNow+1), nil, AskNo},
		{"no", nil, []*Answer{{PersonID: 10, Kind: AnswerNo, At: askNow}}, AskNo},
		{"somebody else's no", nil, []*Answer{{PersonID: 11, Kind: AnswerNo, At: askNow}}, AskOpen},
		{"a no from before", nil, []*Answer{{PersonID: 10, Kind: AnswerNo, At: askNow - 1}}, AskOpen},
		{"a no taken back", nil, []*Answer{{PersonID: 10, Kind: AnswerNo, At: askNow, Settled: true}}, AskOpen},
		{"later", nil, []*Answer{{PersonID: 10, Kind: AnswerConditional, At: askNow}}, AskLater},
		{"no, then later", nil, []*Answer{{PersonID: 10, Kind: AnswerNo, At: askNow}, {PersonID: 10, Kind: AnswerConditional, At: askNow + 1}}, AskLater},
		{"words nobody can read", nil, []*Answer{{PersonID: 10, Kind: AnswerUnclear, At: askNow}}, AskOpen},
	} {
		b := &Board{Call: w.Call, Shifts: []*Shift{w.Shift}, Roles: []*Role{w.Role}, Now: askNow}
		if c.signup != nil {
			b.Signups = []*Signup{c.signup}
		}
		if got := b.AskAnswer(&q, c.said); got != c.want {
			t.Errorf("%s: %s, want %s", c.say, got, c.want)
		}
	}
}

func TestAConditionEndsWithItsQuestion(t *testing.T) {
	t.Parallel()
	w := wantedAtDike()
	b := &Board{Call: w.Call, Shifts: []*Shift{w.Shift}, Roles: []*Role{w.Role}, Now: askNow + 9}
	q := Ask{PersonID: 10, ShiftID: 1, RoleID: 1, State: AskClosed, AskedAt: askNow, ClosedAt: askNow + 5}
	for at, want := range map[Instant]AskState{askNow + 1: AskClosed, askNow + 5: AskClosed, askNow + 6: AskLater} {
		if got := b.AskAnswer(&q, []*Answer{{PersonID: 10, Kind: AnswerConditional, At: at}}); got != want {
			t.Errorf("said %d, closed %d: %s, want %s", at, q.ClosedAt, got, want)
		}
	}
	if got := b.AskAnswer(&q, []*Answer{{PersonID: 10, Kind: AnswerNo, At: askNow + 5}}); got != AskNo {
		t.Errorf("a no counts whenever it comes: %s", got)
	}
}

func TestAStandbyIsOfferedAndNotTaken(t *testing.T) {
	t.Parallel()
	w := wantedAtDike()
	w.Shift.StartAt, w.Shift.EndAt = shanghai(28, 8), shanghai(28, 12)
	w.Role.Most = 1
	b := &Board{Call: w.Call, Shifts: []*Shift{w.Shift}, Roles: []*Role{w.Role}, Now: askNow,
		TimesOf: func(int64) Times { return someone(0).Times }}
	has, _, err := b.Join(Wish{PersonID: 10, RoleID: 1})
	waits, _, err2 := b.Join(Wish{PersonID: 11, RoleID: 1, How: ByStandby})
	if err != nil || err2 != nil || waits.State != SignupWaitlisted {
		t.Fatal(err, err2, waits)
	}
	if err := b.Leave(has); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Settle(); err != nil {
		t.Fatal(err)
	}
	if waits.State != SignupOffered || waits.OfferUntil == 0 {
		t.Errorf("a yes on a condition became a place: %s", waits.State)
	}
}
