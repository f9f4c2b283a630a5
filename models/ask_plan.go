package models

import (
	"math"
	"regexp"
	"strconv"
	"time"
)

// AskAuto is the value of `ask` that leaves the size of waves to the measured
// yes-rate.
const AskAuto = "auto"

// How long a wave waits for its answers when nothing was said. Ten minutes is
// enough for somebody who looks at their phone now and then; in an emergency a
// place that nobody takes for ten minutes is worse than asking a few too many.
// Silence is not held against anybody: they can still answer.
const (
	askEvery       = 10 * time.Minute
	askEveryUrgent = 5 * time.Minute
)

// Limits of a wave that was written as `N every T`.
const (
	maxWave    = 1000
	maxAskWait = 7 * 24 * time.Hour
)

// AskPlan is how people are asked: Size a wave, Every so long. Size 0 is found
// from the measured yes-rate.
type AskPlan struct {
	Size  int
	Every time.Duration
}

var askPattern = regexp.MustCompile(`^(\d{1,4}) every (\d{1,5})m$`)

// AskPlan reads what the call says about asking; ok is false when nobody is to
// be asked directly.
func (c Call) AskPlan() (plan AskPlan, ok bool) {
	plan.Every = askEvery
	if c.Urgent {
		plan.Every = askEveryUrgent
	}
	if c.Ask == AskAuto {
		return plan, true
	}
	m := askPattern.FindStringSubmatch(c.Ask)
	if m == nil {
		return AskPlan{}, false
	}
	size, errSize := strconv.Atoi(m[1])
	minutes, errEvery := strconv.Atoi(m[2])
	if errSize != nil || errEvery != nil || size < 1 || minutes < 1 {
		return AskPlan{}, false
	}
	return AskPlan{Size: min(size, maxWave), Every: min(time.Duration(minutes)*time.Minute, maxAskWait)}, true
}

// String is the plan as a call keeps it.
func (p AskPlan) String() string {
	if p.Size == 0 {
		return AskAuto
	}
	return strconv.Itoa(p.Size) + " every " + strconv.Itoa(int(p.Every/time.Minute)) + "m"
}

// AskRecord is how questions of the past were answered.
type AskRecord struct {
	Asked int // that were shown and had their time
	Yes   int
}

// The yes-rate before anything was measured: one in three, with the weight of
// six questions. After some thirty questions the organisation's own rate rules.
const (
	priorYes   = 2.0
	priorAsked = 6.0
)

// leastRate keeps a few weeks of bad luck from asking the whole organisation
// at once: at most five are asked for a place.
const leastRate = 0.2

// Rate is the share of yeses to expect, from leastRate to 1.
func (r AskRecord) Rate() float64 {
	rate := (float64(r.Yes) + priorYes) / (float64(r.Asked) + priorAsked)
	return math.Max(leastRate, math.Min(1, rate))
}

// mostWave is the most people of one automatic wave, but for the places that
// miss: as many as may be reached without a question to the organizer.
const mostWave = ReachAskOver

// WaveSize is how many people one wave asks for so many missing places: as
// many as planned, else as many as are likely to say yes often enough; never
// fewer than places missing when it is automatic, nobody when none is.
func WaveSize(plan AskPlan, shortfall int, past AskRecord) int {
	switch {
	case shortfall <= 0:
		return 0
	case plan.Size > 0:
		return plan.Size
	}
	want := int(math.Ceil(float64(shortfall)/past.Rate() - 1e-9))
	return max(shortfall, min(want, mostWave))
}

// Shortfall is how many people a role still lacks: places neither taken nor
// held for somebody who was offered one. Guests count. A shift that is over
// lacks nobody.
func (b *Board) Shortfall(r *Role) int {
	shift := b.Shift(r.ShiftID)
	if shift == nil || shift.EndAt <= b.Now {
		return 0
	}
	return b.Free(r.ID)
}

// LineFirst says whether places that are free are being offered to those who
// wait for them: the line comes before anybody else is asked.
func (b *Board) LineFirst(r *Role) bool {
	for _, s := range b.Waiting(r.ID) {
		if s.State == SignupOffered && s.Race {
			return true
		}
	}
	return false
}
