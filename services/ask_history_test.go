package services

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"muster/models"
)

// Histories of an evening and a night of asking, at random: answers by button
// and by words, places given up, needs raised and lowered, pauses, closing and
// reopening, the clock going on with and without Slack. Whatever happens, nobody
// is asked twice, nobody in the night, nobody once there are enough; and when
// the call is over every question is.
func TestWhateverHappensAskingKeepsItsRules(t *testing.T) {
	t.Parallel()
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := &askHistory{town: sqliteTown(t), rand: rand.New(rand.NewPCG(seed, 7)), sounded: map[string]int{}}
			wavePeople(h.town, 16, 5)
			h.clocks.World.Set(time.Date(2026, 11, 23, 19, 0, 0, 0, models.Zone("Asia/Shanghai")))
			spec := waveSpec(2, []string{"auto", "2 every 10m", "1 every 30m"}[seed%3])
			spec.Urgent = seed%4 == 3
			h.id = h.open(spec).Call.ID
			for range 45 {
				h.step()
				h.holds(t)
			}
			for range 30 {
				h.later(time.Hour)
				h.sends()
			}
			for who, state := range h.asks(h.id) {
				if state == models.AskOpen || state == models.AskSilent || state == models.AskLater {
					t.Errorf("the call is %s and %s has a question %s", h.sheet(h.id).Call.State, who, state)
				}
			}
			for key, n := range h.sounded {
				if n > 1 {
					t.Errorf("%s sounded %d times", key, n)
				}
			}
			h.verify()
		})
	}
}

type askHistory struct {
	*town
	id      int64
	rand    *rand.Rand
	sounded map[string]int // questions that made a sound, by key
	log     []string
}

// sends lets what is queued out, and counts the questions among it.
func (h *askHistory) sends() {
	h.t.Helper()
	for _, key := range h.send() {
		if len(key) > 4 && key[:4] == "ask:" {
			h.sounded[key]++
		}
	}
}

// step does one thing that people, organizers or time may do. A refusal is an
// answer like any other; our own faults are not.
func (h *askHistory) step() {
	h.t.Helper()
	ctx := context.Background()
	rows := h.askRows(h.id)
	var err error
	what := h.rand.IntN(13)
	h.log = append(h.log, fmt.Sprint(what))
	switch {
	case what == 0:
		h.later(time.Duration(1+h.rand.IntN(40)) * time.Minute)
	case what == 1:
		h.later(time.Duration(1+h.rand.IntN(4)) * time.Hour)
	case what <= 3:
		h.sends()
	case what <= 7 && len(rows) > 0:
		err = h.answer(rows[h.rand.IntN(len(rows))])
	case what == 8:
		sheet := h.sheet(h.id)
		if len(sheet.Signups) > 0 {
			su := sheet.Signups[h.rand.IntN(len(sheet.Signups))]
			_, err = h.svc.Leave(ctx, h.by(sheet.Person(su.PersonID).Slack()), su.ID)
		}
	case what == 9:
		n := 1 + h.rand.IntN(4)
		_, err = h.svc.EditCall(ctx, h.by("UCHEN"), h.id, models.CallSpec{Need: []models.Need{{Role: "装卸", Least: n, Most: n}},
			Set: map[string]bool{"need": true}}, false)
	case what == 10:
		_, err = h.svc.PauseAsk(ctx, h.by("UCHEN"), h.id, h.rand.IntN(2) == 0)
	case what == 11:
		if h.rand.IntN(2) == 0 {
			_, err = h.svc.CloseCall(ctx, h.by("UCHEN"), h.id)
		} else {
			_, err = h.svc.ReopenCall(ctx, h.by("UCHEN"), h.id)
		}
	case what == 12:
		_, err = h.svc.AskMore(ctx, h.by("UCHEN"), h.id, h.rand.IntN(4), "")
	}
	if code := models.CodeOf(err); code == models.CodeInternal {
		h.t.Fatalf("after %v: %v", h.log, err)
	}
}

func (h *askHistory) answer(q askRow) error {
	ctx := context.Background()
	switch h.rand.IntN(5) {
	case 0, 1:
		_, err := h.svc.AskYes(ctx, h.by(q.slack), q.ID)
		return err
	case 2:
		_, err := h.svc.AskNo(ctx, h.by(q.slack), q.ID)
		return err
	case 3:
		_, err := h.svc.AskLater(ctx, h.by(q.slack), q.ID, "later")
		return err
	}
	act := h.by(q.slack)
	act.Direct = true
	_, err := h.svc.ReplyToCall(ctx, act, h.id, Said{Meaning: []string{saidYes, saidNo, "none"}[h.rand.IntN(3)], Text: "…", Asked: true})
	return err
}

// holds is what is true after every step.
func (h *askHistory) holds(t *testing.T) {
	t.Helper()
	sheet := h.sheet(h.id)
	role := sheet.Roles[0]
	if n := sheet.Taken(role.ID); n > 4 {
		t.Fatalf("after %v: %d have a place", h.log, n)
	}
	rest, zone := models.Rest{Start: 22 * 60, End: 7 * 60}, models.Zone("Asia/Shanghai")
	seen := map[string]bool{}
	for _, q := range h.askRows(h.id) {
		if seen[q.slack] {
			t.Fatalf("after %v: %s has two questions", h.log, q.slack)
		}
		seen[q.slack] = true
		if q.State == models.AskUnsent {
			continue
		}
		if models.InRest(q.AskedAt, rest, zone) && !sheet.Call.Urgent {
			t.Fatalf("after %v: %s was asked at %v", h.log, q.slack, q.AskedAt.In(zone))
		}
		enough := sheet.Taken(role.ID) >= role.Most || !sheet.Call.Taking()
		if enough && (q.State == models.AskOpen || q.State == models.AskSilent) {
			t.Fatalf("after %v: %d of %d have a place (%s), and the question to %s is %s", h.log, sheet.Taken(role.ID), role.Most,
				sheet.Call.State, q.slack, q.State)
		}
		su := sheet.Of(q.PersonID, q.ShiftID)
		if active := su != nil && su.Active(); active != (q.State == models.AskYes) {
			t.Fatalf("after %v: %s is active %v and the question %s", h.log, q.slack, active, q.State)
		}
	}
}
