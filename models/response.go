package models

import (
	"cmp"
	"slices"
	"time"
)

// ResponseState is what came of asking one person.
type ResponseState string

const (
	ResponseYes         ResponseState = "yes"
	ResponseLater       ResponseState = "later" // yes, but later, or on a condition
	ResponseNo          ResponseState = "no"
	ResponseNone        ResponseState = "none"        // it arrived, and nothing came back
	ResponseUndelivered ResponseState = "undelivered" // it never arrived in Slack
)

// ResponseStates in the order of a reach list: who was not reached first.
var ResponseStates = []ResponseState{ResponseUndelivered, ResponseNone, ResponseNo, ResponseLater, ResponseYes}

// Response is one person's answer to a call, by when it had reached them.
type Response struct {
	PersonID   int64
	State      ResponseState
	AskedAt    Instant // when it was in Slack; 0 = never
	AnsweredAt Instant // 0 = not
}

// Minutes is how long the answer took, begun minutes counting as whole ones.
func (r Response) Minutes() int {
	if r.AnsweredAt == 0 {
		return 0
	}
	return int((max(0, r.AnsweredAt.Sub(r.AskedAt)) + time.Minute - 1) / time.Minute)
}

// Posted says when messages arrived in Slack: questions by person, and the
// card; 0 or missing = not.
type Posted struct {
	Questions map[int64]Instant
	Card      Instant
}

// Responses is how people answered a call, a row each: those who were asked,
// from when their question arrived; those who signed up or said no by
// themselves, from when the card did. Sorted by state, then by time, then id.
func (b *Board) Responses(asks []*Ask, answers []*Answer, posted Posted) []Response {
	rows := map[int64]*Response{}
	var order []int64
	put := func(person int64, r Response) {
		old := rows[person]
		switch {
		case old == nil:
			rows[person], order = &r, append(order, person)
		case responseRank(r.State) > responseRank(old.State):
			*old = r
		}
	}
	for _, a := range asks {
		at := posted.Questions[a.PersonID]
		put(a.PersonID, Response{PersonID: a.PersonID, State: responseOf(*a, at), AskedAt: at, AnsweredAt: a.AnsweredAt})
	}
	own := func(person int64, state ResponseState, at Instant) {
		if r := rows[person]; r != nil {
			// Asked, and answered otherwise than by the question's buttons.
			if (r.State == ResponseNone || r.State == ResponseUndelivered) && at >= r.AskedAt {
				r.State, r.AnsweredAt = state, at
			}
			if r.AskedAt == 0 {
				r.AskedAt = posted.Card
			}
			return
		}
		put(person, Response{PersonID: person, State: state, AskedAt: posted.Card, AnsweredAt: at})
	}
	for _, s := range b.Signups {
		switch {
		case s.How == ByOrganizer && s.YesAt == 0 && !s.Holds(): // put on a list by somebody else
		case s.Active() || s.State == SignupNoShow: // a yes that was not kept was an answer
			own(s.PersonID, ResponseYes, s.SignedAt)
		case s.State == SignupWithdrawn && !s.Lapsed:
			own(s.PersonID, ResponseNo, s.GoneAt)
		}
	}
	for _, a := range answers {
		states := map[string]ResponseState{AnswerNo: ResponseNo, AnswerLate: ResponseLater, AnswerConditional: ResponseLater}
		if state := states[a.Kind]; state != "" {
			own(a.PersonID, state, a.At)
		}
	}
	out := make([]Response, 0, len(order))
	for _, id := range order {
		r := *rows[id]
		if r.State == ResponseNone || r.State == ResponseUndelivered {
			r.AnsweredAt = 0
		}
		out = append(out, r)
	}
	slices.SortFunc(out, func(x, y Response) int {
		return cmp.Or(cmp.Compare(responseRank(y.State), responseRank(x.State)), cmp.Compare(x.Minutes(), y.Minutes()), cmp.Compare(x.PersonID, y.PersonID))
	})
	return out
}

func responseRank(s ResponseState) int { return slices.Index(ResponseStates, s) }

func responseOf(a Ask, arrived Instant) ResponseState {
	switch {
	case a.State == AskYes && a.Late:
		return ResponseLater
	case a.State == AskYes:
		return ResponseYes
	case a.State == AskNo:
		return ResponseNo
	case a.State == AskLater || a.Late && a.AnsweredAt != 0:
		return ResponseLater
	case arrived == 0:
		return ResponseUndelivered
	}
	return ResponseNone
}

// Curve is how answers came in: how many there were, by kind, so many minutes
// after each was asked.
type Curve struct {
	Minutes        []int // evenly spread, from 0
	Yes, Later, No []int // as many as Minutes, never falling
}

// curveSteps are the steps of a curve in minutes: the smallest that needs at
// most curvePoints points.
var curveSteps = []int{1, 2, 5, 10, 15, 30, 60, 120, 240, 720, 1440, 10080, 43200}

const (
	curvePoints = 61
	curveMarks  = 10 // numbers that stand along its axis besides 0
)

// CurveOf counts responses up. Without any answer it is empty.
func CurveOf(responses []Response) Curve {
	last := -1
	for _, r := range responses {
		if r.AnsweredAt != 0 {
			last = max(last, r.Minutes())
		}
	}
	var c Curve
	if last < 0 {
		return c
	}
	step, points := curveSpread(last)
	for i := range points {
		at := i * step
		var yes, later, no int
		for _, r := range responses {
			switch {
			case r.AnsweredAt == 0 || r.Minutes() > at:
			case r.State == ResponseYes:
				yes++
			case r.State == ResponseLater:
				later++
			case r.State == ResponseNo:
				no++
			}
		}
		c.Minutes, c.Yes, c.Later, c.No = append(c.Minutes, at), append(c.Yes, yes), append(c.Later, later), append(c.No, no)
	}
	return c
}

// curveSpread finds the step and number of points for a curve that reaches
// last. Its end may be flat, so that the marks divide the axis evenly.
func curveSpread(last int) (step, points int) {
	step = curveSteps[len(curveSteps)-1]
	for _, s := range curveSteps {
		if (last+s-1)/s < curvePoints {
			step = s
			break
		}
	}
	steps := max(1, (last+step-1)/step)
	if steps > curveMarks {
		steps = (steps + curveMarks - 1) / curveMarks * curveMarks
	}
	return step, steps + 1
}

// Half is after how many minutes half of those who answered had done so; 0
// when nobody did.
func Half(responses []Response) int {
	var took []int
	for _, r := range responses {
		if r.AnsweredAt != 0 {
			took = append(took, r.Minutes())
		}
	}
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[(len(took)-1)/2]
}
