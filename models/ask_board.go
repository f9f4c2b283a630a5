package models

// AskAnswer is what somebody who was asked has said by the books, however they
// said it: a place in the shift, a place given up, the latest other answer that
// still counts. The state of the question itself when they said nothing.
func (b *Board) AskAnswer(a *Ask, said []*Answer) AskState {
	su := b.Of(a.PersonID, a.ShiftID)
	if su != nil && su.State != SignupWithdrawn {
		return AskYes
	}
	state, at := a.State, a.AskedAt
	if su != nil && (a.State == AskYes || su.GoneAt >= a.AskedAt) {
		state, at = AskNo, su.GoneAt
	}
	for _, x := range said {
		if x.PersonID != a.PersonID || x.Settled || x.At < at {
			continue
		}
		switch x.Kind {
		case AnswerNo:
			state = AskNo
		case AnswerConditional, AnswerLate:
			if a.State == AskClosed && x.At <= a.ClosedAt {
				continue // said before it was closed, and closed with it
			}
			state = AskLater
		}
		at = x.At
	}
	return state
}

// Answer sets what they said; it tells whether that is new.
func (a *Ask) Answer(state AskState, now Instant) bool {
	if state == a.State {
		return false
	}
	a.State, a.AnsweredAt = state, now
	a.Late = a.Late || state == AskLater
	return true
}

// Close ends a question that is still open: closed when the person may have
// seen it, unsent when it never went out.
func (a *Ask) Close(shown bool, now Instant) {
	a.State, a.ClosedAt = AskClosed, now
	if !shown {
		a.State = AskUnsent
	}
}

// Closes says whether a question has no use any more: its place is gone, its
// shift is over, or the call takes nobody now.
func (b *Board) Closes(a *Ask) bool {
	role, shift := b.Role(a.RoleID), b.Shift(a.ShiftID)
	if role == nil || shift == nil || shift.EndAt <= b.Now || !b.Call.Taking() {
		return true
	}
	if b.Call.ClosesAt != 0 && b.Now >= b.Call.ClosesAt {
		return true
	}
	return b.Taken(role.ID) >= role.Most
}

// AsksFrom is from when a call may ask people directly.
func (c Call) AsksFrom() Instant { return max(c.OpensAt, c.HoldUntil) }

// WaveStep is what a run does next.
type WaveStep string

const (
	WaveNone   WaveStep = ""
	WaveFilled WaveStep = "filled" // nobody is missing
	WaveHold   WaveStep = "hold"   // the places missing are held for those who were offered them
	WaveNow    WaveStep = "now"    // the next wave is due
	WaveRefill WaveStep = "refill" // somebody said no: the next best at once
)

// Step says what a run of this call does next. open is how many questions of
// its wave wait for an answer, heard how many people have just answered, noes
// how many of those said no.
func (b *Board) Step(run *Run, open, heard, noes int) WaveStep {
	role := b.Role(run.RoleID)
	switch {
	case role == nil || run.State == RunStopped || run.State == RunPaused:
		return WaveNone
	case b.Taken(role.ID) >= role.Most:
		return WaveFilled
	case b.Now < b.Call.AsksFrom():
		return WaveNone
	case b.Shortfall(role) == 0:
		return WaveHold
	case run.NextAt != 0 && run.NextAt <= b.Now, run.NextAt == 0 && run.State == RunRunning:
		return WaveNow
	case run.State == RunExhausted:
		return WaveNone
	case heard > 0 && open == 0 && !run.Once:
		return WaveNow // everybody has answered: nothing to wait for
	case noes > 0:
		return WaveRefill
	}
	return WaveNone
}

// SplitWave shares n people among roles by how many each lacks, the larger
// remainders first.
func SplitWave(n int, gaps []int) []int {
	out, total := make([]int, len(gaps)), 0
	for _, g := range gaps {
		total += g
	}
	if total == 0 || n <= 0 {
		return out
	}
	left := n
	for i, g := range gaps {
		out[i] = n * g / total
		left -= out[i]
	}
	for ; left > 0; left-- {
		best := -1
		for i, g := range gaps {
			// What is still owed to a role, in parts of the total.
			if g > 0 && (best < 0 || n*g-out[i]*total > n*gaps[best]-out[best]*total) {
				best = i
			}
		}
		out[best]++
	}
	return out
}
