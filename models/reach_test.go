package models

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhenManyAreReachedSomebodyIsAsked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		r      Reach
		asks   bool
		narrow bool
		first  Priority
	}{
		{"a message to a handful by day", Reach{Kind: ReachTell, People: 5}, false, true, PriorityReminder},
		{"a message to fifty", Reach{Kind: ReachTell, People: 50}, false, true, PriorityReminder},
		{"a message to fifty-one", Reach{Kind: ReachTell, People: 51}, true, true, PriorityReminder},
		{"a message to two, one of them asleep", Reach{Kind: ReachTell, People: 2, Quiet: 1}, true, true, PriorityReminder},
		{"an urgent first wave at night", Reach{Kind: ReachAsk, People: 8, Quiet: 8, Urgent: true}, true, true, PriorityUrgent},
		{"do-not-disturb is shown and asks nothing", Reach{Kind: ReachTell, People: 3, DND: 3}, false, true, PriorityReminder},
		{"a cancelling at night saves somebody the way", Reach{Kind: ReachCancel, People: 6, Quiet: 6}, false, false, PriorityAnswer},
		{"a cancelling that concerns many", Reach{Kind: ReachCancel, People: 60}, true, false, PriorityAnswer},
		{"a move that concerns many", Reach{Kind: ReachEdit, People: 60, Quiet: 60}, true, false, PriorityAnswer},
		{"a session skipped for many", Reach{Kind: ReachStudy, People: 200}, true, false, PriorityReminder},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.r.NeedsAsking(); got != c.asks {
				t.Errorf("asks: %v, want %v", got, c.asks)
			}
			if got := c.r.Narrows(); got != c.narrow {
				t.Errorf("only my unit: %v, want %v", got, c.narrow)
			}
			if got := c.r.Priority(); got != c.first {
				t.Errorf("priority %d, want %d", got, c.first)
			}
		})
	}
}

func TestTheQuestionStaysOpenForADay(t *testing.T) {
	t.Parallel()
	asked := At(time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC))
	r := Reach{State: ReachAsked, CreatedAt: asked}
	if !r.Open(asked.Add(24*time.Hour-1)) || r.Open(asked.Add(24*time.Hour)) {
		t.Error("the question is open for another time than a day")
	}
	if r.State = ReachGoing; r.Open(asked) {
		t.Error("what was chosen is still open")
	}
}

// The words of the contract: 9812 people, 9300 of them in quiet hours, about 25
// minutes at 400 a minute.
func TestAForecastIsAtSlacksPace(t *testing.T) {
	t.Parallel()
	now := At(time.Date(2026, 11, 22, 21, 6, 0, 0, time.UTC))
	from, until := Paced(now, 0, 9812, 400, 1)
	if from != now || until.Sub(now).Round(time.Minute) != 25*time.Minute {
		t.Errorf("from %v for %v", from.Sub(now), until.Sub(from))
	}
	if from, until = Paced(now, 800, 400, 400, 1); from.Sub(now) != 2*time.Minute || until.Sub(now) != 3*time.Minute {
		t.Errorf("behind 800 others: from %v until %v", from.Sub(now), until.Sub(now))
	}
	if _, until = Paced(now, 0, 400, 400, 60); until.Sub(now) != time.Hour {
		t.Errorf("in a world that runs sixty times as fast it is %v", until.Sub(now))
	}
	if from, until = Paced(now, 5, 5, 0, 0); from != now || until != now {
		t.Error("without a pace there is no forecast")
	}
}

func TestAForecastNeverEndsBeforeItBegins(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := Instant(rapid.Int64Range(1, 1<<42).Draw(t, "now"))
		from, until := Paced(now, rapid.IntRange(0, 100000).Draw(t, "ahead"), rapid.IntRange(0, 20000).Draw(t, "n"),
			rapid.IntRange(0, 1000).Draw(t, "pace"), rapid.Float64Range(0, 3600).Draw(t, "speed"))
		if from < now || until < from {
			t.Fatalf("now %d, from %d, until %d", now, from, until)
		}
	})
}

func TestWhoWouldBeDisturbed(t *testing.T) {
	t.Parallel()
	night := At(time.Date(2026, 11, 22, 21, 6, 0, 0, time.UTC)) // 5:06 in Shanghai, 21:06 in London
	minute := func(m int) *int { return &m }
	tenant := Tenant{Zone: "Asia/Shanghai", QuietStart: 22 * 60, QuietEnd: 7 * 60}
	crowd := Crowd{Tenant: tenant, Units: map[int64]Unit{4: {QuietStart: minute(0), QuietEnd: minute(0)}}, People: []Person{
		{ID: 1},
		{ID: 2, SlackZone: "Europe/London"},
		{ID: 3, QuietStart: minute(23 * 60), QuietEnd: minute(5 * 60)}, // up at five
		{ID: 4}, // a unit that knows no quiet hours
		{ID: 5, DNDUntil: night.Add(time.Hour)},
		{ID: 6, DNDUntil: night - 1},
	}}
	quiet, dnd := crowd.Disturbed(night)
	if quiet != 3 || dnd != 1 {
		t.Errorf("%d in quiet hours, %d with do-not-disturb; want 3 and 1", quiet, dnd)
	}
}

// Counting a crowd gives what asking each person alone gives.
func TestACrowdIsCountedAsItsPeopleAre(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		zones := []string{"", "Asia/Shanghai", "Europe/London", "America/New_York", "Asia/Kathmandu"}
		crowd := Crowd{Tenant: Tenant{Zone: "Asia/Shanghai", QuietStart: 22 * 60, QuietEnd: 7 * 60}, Units: map[int64]Unit{}}
		at := Instant(1795392000000 + rapid.Int64Range(0, 365*24*3600*1000).Draw(t, "at"))
		want := 0
		for i := range rapid.IntRange(0, 20).Draw(t, "people") {
			p := Person{ID: int64(i + 1), ZoneOwn: rapid.SampledFrom(zones).Draw(t, "own"), SlackZone: rapid.SampledFrom(zones).Draw(t, "slack")}
			if rapid.Bool().Draw(t, "has hours") {
				from, to := rapid.IntRange(0, 1439).Draw(t, "from"), rapid.IntRange(0, 1439).Draw(t, "to")
				p.QuietStart, p.QuietEnd = &from, &to
			}
			crowd.People = append(crowd.People, p)
			if InRest(at, TimesOf(p, Unit{}, crowd.Tenant).Rest, p.Location(crowd.Tenant)) {
				want++
			}
		}
		if quiet, _ := crowd.Disturbed(at); quiet != want {
			t.Fatalf("%d, one by one %d", quiet, want)
		}
	})
}

func TestWhatTheStopButtonLeavesAlone(t *testing.T) {
	t.Parallel()
	for kind, swept := range map[MessageKind]bool{MessageTell: true, MessageSignup: true, MessageStudy: true,
		MessagePanel: false, MessageNote: false, MessageReach: false, MessageNotice: false} {
		if got := (Message{Kind: kind, PersonID: 7}).Swept(); got != swept {
			t.Errorf("%s: %v", kind, got)
		}
	}
	if (Message{Kind: MessageCard, Channel: "C1"}).Swept() {
		t.Error("a card belongs to a channel, not to a person")
	}
}
