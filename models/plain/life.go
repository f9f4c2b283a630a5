package plain

import (
	"fmt"
	"slices"
	"time"

	"muster/models"
)

// Crowd is how many people live in a history: enough for lines, few enough to
// meet again. They are 1 to Crowd.
const Crowd = 8

// Life is one history: how a call begins, and what happens to it.
type Life struct {
	Ahead         int // minutes before the first shift
	Shifts, Roles int // roles a shift
	Least, Most   int
	Verified      bool // the first role of each shift wants a verified skill
	Apart         bool // shifts do not overlap
	Acts          []Act
}

// Act is one thing that happens. To whom and when is settled when it does.
type Act struct {
	What            string
	Person          int64
	Role, Shift     int // of all roles, of all shifts
	Guests, Minutes int
	Yes             bool
	// Apt: it is done to somebody to whom it can be done, or at a time at which
	// something changes, when there is one.
	Apt bool
}

// Start is the first shift's start: 2026-11-28 09:00 in Shanghai.
var Start = models.At(time.Date(2026, 11, 28, 1, 0, 0, 0, time.UTC))

// Random makes a history. intn gives a number from 0 to n-1; what are the kinds
// of acts that may happen, as often as they stand there.
func Random(intn func(n int) int, what []string) Life {
	l := Life{Ahead: []int{90, 300, 700, 1300, 1700, 4000}[intn(6)] + intn(200), Shifts: 1 + intn(2), Roles: 1 + intn(2),
		Most: 1 + intn(4), Verified: intn(4) == 0, Apart: intn(2) == 0}
	l.Least = 1 + intn(l.Most)
	for range 5 + intn(40) {
		a := Act{What: what[intn(len(what))], Person: int64(1 + intn(Crowd)), Role: intn(l.Roles * l.Shifts), Shift: intn(l.Shifts),
			Guests: max(0, intn(7)-3), Yes: intn(3) > 0, Apt: intn(3) > 0}
		a.Minutes = []int{intn(20), intn(60), intn(240), intn(900)}[intn(4)]
		if a.What == "move" && intn(2) == 0 {
			a.Minutes = -a.Minutes
		}
		l.Acts = append(l.Acts, a)
	}
	return l
}

// Times are when the people may be asked: some have windows, one sleeps long.
func Times() map[int64]models.Times {
	zone := models.Zone("Asia/Shanghai")
	out := map[int64]models.Times{}
	for p := int64(1); p <= Crowd; p++ {
		t := models.Times{Rest: models.Rest{Start: 22 * 60, End: 7 * 60}, Zone: zone}
		switch p % 4 {
		case 1:
			t.Windows = []models.Window{{Start: 19 * 60, End: 20 * 60}}
		case 2:
			t.Windows = []models.Window{{Start: 9 * 60, End: 11 * 60}, {Start: 14*60 + 30, End: 16 * 60}}
		case 3:
			t.Rest = models.Rest{Start: 20 * 60, End: 9*60 + 30}
		}
		out[p] = t
	}
	return out
}

// Verified says whose skill was verified before anything happened.
func Verified(person int64) bool { return person%2 == 0 }

// Begin is the plain call at its beginning. Shifts are 1, 2 …; roles are 1, 2 …
// through all shifts, called a and b in each.
func (l Life) Begin() *Call {
	c := &Call{now: Start.Add(-time.Duration(l.Ahead) * time.Minute), state: models.CallOpen, guests: 3, people: Times(), skill: map[string]bool{}}
	for i := range l.Shifts {
		id := int64(i + 1)
		c.shifts = append(c.shifts, shift{id, l.Span(i).Start, l.Span(i).End})
		for j := range l.Roles {
			name := RoleName(j)
			c.roles = append(c.roles, &role{id: int64(len(c.roles) + 1), shift: id, name: name, least: l.Least, most: l.Most, verified: l.Verified && j == 0})
			for p := int64(1); p <= Crowd; p++ {
				c.skill[fmt.Sprint(p, " ", name)] = Verified(p)
			}
		}
	}
	return c
}

// Span is when the n-th shift is, from 0.
func (l Life) Span(n int) models.Span {
	start := Start.Add(time.Duration(n) * time.Hour)
	if l.Apart {
		start = Start.Add(time.Duration(n) * 3 * time.Hour)
	}
	return models.Span{Start: start, End: start.Add(150 * time.Minute)}
}

// RoleName is the name of the n-th role of every shift, from 0.
func RoleName(n int) string { return string(rune('a' + n)) }

// Step is an act as it is done: to whom, when, with what.
type Step struct {
	What                string
	Person, Shift, Role int64
	Guests              int
	Said                bool  // the number of guests was said
	Yes                 bool  // check
	Verified            bool  // join, hand: the skill of who takes the place is verified
	To                  int64 // hand: who takes it over
	Minutes             int   // late
	Now                 models.Instant
	Name                string // need: of the role
	Least, Most         int
	When                []models.Span // move
}

// Rules are the rules under test, in whatever they are wrapped.
type Rules interface {
	// Do does a step and gives the key of the refusal, "" when there is none;
	// an error is a fault of ours.
	Do(s Step) (refused string, err error)
	// Picture and Told are as those of Call; known is false where what is told
	// cannot be seen.
	Picture() (string, error)
	Told() (told string, known bool)
}

// Play lives a life plainly and under the rules, and gives the first
// difference, "" when there is none.
func (l Life) Play(u Rules) string {
	c := l.Begin()
	for i, a := range l.Acts {
		s, ok := c.resolve(a)
		if !ok {
			continue
		}
		before := c.clone()
		plainly := c.do(s)
		if plainly != "" { // refused: nothing has happened
			c = before.clone()
		}
		refused, err := u.Do(s)
		if err != nil {
			return fmt.Sprintf("act %d %+v: %v", i, s, err)
		}
		picture, err := u.Picture()
		if err != nil {
			return fmt.Sprintf("act %d %+v: %v", i, s, err)
		}
		told, known := u.Told()
		if plainly == refused && c.Picture() == picture && (!known || told == c.Told()) {
			continue
		}
		return fmt.Sprintf("act %d %+v\nbefore: %s\nplainly %q: %s\ntold: %s\nunder the rules %q: %s\ntold: %s", i, s, before.Picture(),
			plainly, c.Picture(), c.Told(), refused, picture, told)
	}
	return ""
}

// Shortest leaves out of a life what a difference does not need.
func (l Life) Shortest(differs func(Life) bool) Life {
	for again := true; again; {
		again = false
		for i := range l.Acts {
			less := l
			less.Acts = slices.Delete(slices.Clone(l.Acts), i, i+1)
			if differs(less) {
				l, again = less, true
				break
			}
		}
	}
	return l
}

func (c *Call) clone() *Call {
	d := *c
	d.told = nil
	d.shifts, d.spots, d.roles, d.skill = slices.Clone(c.shifts), nil, nil, map[string]bool{}
	for k, v := range c.skill {
		d.skill[k] = v
	}
	same := map[*spot]*spot{}
	for _, s := range c.spots {
		copied := *s
		same[s] = &copied
		d.spots = append(d.spots, &copied)
	}
	for _, r := range c.roles {
		copied := *r
		copied.line = nil
		for _, s := range r.line {
			copied.line = append(copied.line, same[s])
		}
		d.roles = append(d.roles, &copied)
	}
	return &d
}
