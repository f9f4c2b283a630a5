package sandbox

import (
	"strings"
	"time"
)

// Steps of the tour that tick themselves off.
const (
	tourCall    = "post_call"  // a card with a join button appears
	tourJoin    = "three_join" // three people sign up
	tourDay     = "day_passes" // the clock is moved on by a day
	tourSummary = "summary"    // a summary is posted
)

// tourPeople is how many people the step "three_join" wants.
const tourPeople = 3

// Tour sets the list of things to try; what happened before does not count.
func (w *World) Tour(keys []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.page.tour = keys
	w.page.done = map[string]bool{}
	w.page.joined = map[string]bool{}
	w.page.acted, w.page.advanced = false, 0
	w.notify(pageEvent{Type: "channels"})
}

// TourDone ticks one thing off.
func (w *World) TourDone(key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tick(key)
}

func (w *World) tick(key string) {
	if !w.page.done[key] {
		w.page.done[key] = true
		w.changed()
		w.notify(pageEvent{Type: "tour", Key: key})
	}
}

// tourPosted sees a new message: a card that somebody on the page asked for, or a "+1".
func (w *World) tourPosted(m *Message) {
	if m.bot {
		for _, b := range buttonsOf(m.Blocks) {
			if w.page.acted && strings.HasPrefix(b.ActionID, "call_join") {
				w.tick(tourCall)
			}
		}
		return
	}
	if m.ThreadTS != "" && strings.HasPrefix(strings.TrimSpace(m.Text), "+") {
		w.tourJoined(m.User)
	}
}

func (w *World) tourPressed(user, actionID string) {
	switch {
	case strings.HasPrefix(actionID, "call_join"):
		w.tourJoined(user)
	case actionID == "summary_post":
		w.tick(tourSummary)
	}
}

func (w *World) tourReacted(user, emoji string) {
	switch name, _, _ := strings.Cut(emoji, "::"); name {
	case "raised_hand", "hand", "heavy_plus_sign":
		w.tourJoined(user)
	}
}

func (w *World) tourJoined(user string) {
	w.page.joined[user] = true
	if len(w.page.joined) >= tourPeople {
		w.tick(tourJoin)
	}
}

func (w *World) tourAdvanced(by time.Duration) {
	w.page.advanced += by
	if w.page.advanced >= 24*time.Hour {
		w.tick(tourDay)
	}
}
