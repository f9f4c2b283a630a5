package models

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Reasons for which somebody is not asked. Each is counted and told to the
// organizer; the earlier one counts when there are several.
const (
	LeftCreator    = "creator"
	LeftSigned     = "signed"     // is in this call already
	LeftAsked      = "asked"      // was asked for this shift
	LeftOpen       = "open"       // has an open question in this call
	LeftDeclined   = "declined"   // said no to this call
	LeftOverlap    = "overlap"    // has a place somewhere else at the time
	LeftSkill      = "skill"      // lacks a skill the call requires
	LeftUnverified = "unverified" // nobody vouched for the skill of this role
	LeftOptedOut   = "opted_out"
	LeftPaused     = "paused"
	LeftRest       = "rest" // a shift of theirs ends under eight hours before
	LeftQuiet      = "quiet"
)

// restBetween is the rest between two shifts of one person, and after a shift
// before they are asked for the next.
const restBetween = 8 * time.Hour

// MinutesBack is how far back the minutes served are counted for the ranking.
const MinutesBack = 30 * 24 * time.Hour

// AskFacts is what the books say of one person with regard to one shift.
type AskFacts struct {
	Signed   bool
	Asked    bool
	Open     bool
	Declined bool
	Overlaps bool
	EndsAt   Instant // when the latest shift of theirs before this one ends; 0 = none near
	EndedAt  Instant // when the latest shift of theirs that is over ended; 0 = none near
	Minutes  int     // served in the last 30 days
}

// Candidate is somebody who might be asked.
type Candidate struct {
	Person Person
	Times  Times // their quiet hours, on their wall
	AskFacts
}

// Wanted is whom a (shift, role) of a call looks for.
type Wanted struct {
	Call   *Call
	Shift  *Shift
	Role   *Role
	Unit   Unit     // whose call it is
	Others []string // other roles of the call that miss people: who can do those is kept for them
	Now    Instant
}

// Ranked is somebody who may be asked, and why them, from what they wrote.
type Ranked struct {
	PersonID int64
	Why      []string
}

// Pool is who may be asked, best first, and who may not, counted by reason.
type Pool struct {
	Ranked []Ranked
	Left   map[string]int
	// Wakes is when the first of those left out for their quiet hours can be
	// asked, and Rests of those left out for a rest or a pause; 0 = nobody.
	Wakes, Rests Instant
}

// Leave says why somebody is not asked now, "" when they may be, and (for what
// passes by itself) until when.
func (w Wanted) Leave(c Candidate) (reason string, until Instant) {
	p := c.Person
	switch {
	case p.Bot || p.Gone || p.Guest:
		return LeftOptedOut, 0 // no audience has them; never asked whatever it says
	case p.ID == w.Call.CreatorID:
		return LeftCreator, 0
	case c.Signed:
		return LeftSigned, 0
	case c.Asked:
		return LeftAsked, 0
	case c.Open:
		return LeftOpen, 0
	case c.Declined:
		return LeftDeclined, 0
	case c.Overlaps:
		return LeftOverlap, 0
	case !hasAllSkills(p, w.Call.Skills):
		return LeftSkill, 0
	case w.Role.Verified && !p.Vouched(w.Role.Name, max(w.Now, w.Shift.StartAt)):
		return LeftUnverified, 0
	case p.OptedOut("call") || w.Call.Urgent && p.OptedOut("urgent"):
		return LeftOptedOut, 0
	case p.PauseUntil > w.Now:
		return LeftPaused, p.PauseUntil
	case c.EndsAt != 0 && c.EndsAt.Add(restBetween) > w.Shift.StartAt:
		return LeftRest, 0 // for this shift no rest helps
	case c.EndedAt != 0 && c.EndedAt.Add(restBetween) > w.Now:
		return LeftRest, c.EndedAt.Add(restBetween)
	case (!w.Call.Urgent || w.Call.Drill) && InRest(w.Now, c.Times.Rest, c.Times.Zone):
		return LeftQuiet, EndOfRest(w.Now, c.Times.Rest, c.Times.Zone)
	}
	return "", 0
}

// Rank puts those who may be asked in order: the skill of the role, the area,
// free at that time, fewest minutes in the last thirty days; then by a hash of
// call and person, so that the same people are not always first.
func (w Wanted) Rank(all []Candidate) Pool {
	type place struct {
		Ranked
		skill, area, free, minutes int
		tie                        uint64
	}
	pool := Pool{Left: map[string]int{}}
	var places []place
	earlier := func(at *Instant, by Instant) {
		if by != 0 && by < w.Shift.EndAt && (*at == 0 || by < *at) {
			*at = by
		}
	}
	for _, c := range all {
		if reason, until := w.Leave(c); reason != "" {
			pool.Left[reason]++
			if reason == LeftQuiet {
				earlier(&pool.Wakes, until)
			} else {
				earlier(&pool.Rests, until)
			}
			continue
		}
		free := w.free(c)
		places = append(places, place{Ranked{c.Person.ID, w.why(c.Person, free)}, w.skill(c.Person), w.area(c.Person), free,
			c.Minutes, tie(w.Call.ID, c.Person.ID)})
	}
	slices.SortFunc(places, func(a, b place) int {
		return cmp.Or(cmp.Compare(b.skill, a.skill), cmp.Compare(b.area, a.area), cmp.Compare(b.free, a.free),
			cmp.Compare(a.minutes, b.minutes), cmp.Compare(a.tie, b.tie), cmp.Compare(a.PersonID, b.PersonID))
	})
	for _, p := range places {
		pool.Ranked = append(pool.Ranked, p.Ranked)
	}
	return pool
}

// tie is a fixed order of people that is another one in every call.
func tie(callID, personID int64) uint64 {
	h := fnv.New64a()
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(callID))
	binary.BigEndian.PutUint64(raw[8:], uint64(personID))
	_, _ = h.Write(raw[:]) // writing to a hash never fails
	return h.Sum64()
}

// skill is 2 for somebody with the skill the role is named for, 0 for somebody
// who is wanted in another role, 1 for anybody else.
func (w Wanted) skill(p Person) int {
	if ownSkill(p, w.Role.Name) != "" {
		return 2
	}
	for _, other := range w.Others {
		if ownSkill(p, other) != "" {
			return 0
		}
	}
	return 1
}

func (w Wanted) area(p Person) int {
	if w.ownArea(p) != "" {
		return 1
	}
	return 0
}

// free is 2 when the hours they gave cover the shift, 1 when they gave none, 0
// when they gave others.
func (w Wanted) free(c Candidate) int {
	switch {
	case len(c.Person.Free) == 0:
		return 1
	case Covers(c.Person.Free, c.Times.Zone, w.Shift.StartAt, w.Shift.EndAt):
		return 2
	}
	return 0
}

// why says what of somebody's own profile makes them fit: skills in their own
// words, area, free then. Never hours served.
func (w Wanted) why(p Person, free int) []string {
	var why []string
	names := append(slices.Clone(w.Call.Skills), w.Role.Name)
	for _, name := range names {
		if own := ownSkill(p, name); own != "" && !slices.Contains(why, "skill:"+own) {
			why = append(why, "skill:"+own)
		}
	}
	if own := w.ownArea(p); own != "" {
		why = append(why, "area:"+own)
	}
	if free == 2 {
		why = append(why, "free")
	}
	return why
}

// ownSkill is the person's skill of this name, as they wrote it; "" when they
// have none. One whose verification ran out is still what they say of themselves.
func ownSkill(p Person, name string) string {
	for _, s := range p.Skills {
		if SameSkill(s.Name, name) {
			return s.Name
		}
	}
	return ""
}

// Vouched says whether somebody else verified a person's skill.
func (p Person) Vouched(name string, now Instant) bool {
	for _, s := range p.Skills {
		if SameSkill(s.Name, name) && s.VerifiedBy != 0 && (s.Until == 0 || s.Until > now) {
			return true
		}
	}
	return false
}

func hasAllSkills(p Person, names []string) bool {
	for _, name := range names {
		if ownSkill(p, name) == "" {
			return false
		}
	}
	return true
}

// ownArea is the first area of a person that the call's place or the unit's
// name mentions, as they wrote it.
func (w Wanted) ownArea(p Person) string {
	for _, area := range p.Areas {
		core := areaCore(area)
		if core != "" && (mentions(w.Call.Place, core) || mentions(w.Unit.Name, core)) {
			return area
		}
	}
	return ""
}

// areaEnds are words that say only that something is an area.
var areaEnds = []string{"片区", "街道", "社区", "地区", "小区", "新区", "区", "镇", "乡", "县", "市", "村",
	"district", "area", "quarter", "neighbourhood", "neighborhood", "county", "town", "city"}

// NamesArea says whether words say themselves that they name an area: 城东片区,
// East district; not 城东.
func NamesArea(words string) bool {
	s := strings.ToLower(strings.TrimSpace(words))
	for _, end := range areaEnds {
		if strings.HasSuffix(s, end) {
			return true
		}
	}
	return false
}

// areaCore is what tells an area from others: 城东 of 城东片区, east of East
// district. "" when too little is left to be told apart.
func areaCore(area string) string {
	s := strings.ToLower(strings.TrimSpace(area))
	for _, end := range areaEnds {
		if cut, ok := strings.CutSuffix(s, end); ok && utf8.RuneCountInString(strings.TrimSpace(cut)) >= 2 {
			s = strings.TrimSpace(cut)
			break
		}
	}
	if utf8.RuneCountInString(s) < 2 {
		return ""
	}
	return s
}

// mentions says whether text names a place; words of Latin letters only whole,
// so that "east" is not in "Beaston".
func mentions(text, core string) bool {
	text = strings.ToLower(text)
	for from := 0; ; {
		i := strings.Index(text[from:], core)
		if i < 0 {
			return false
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		after, _ := utf8.DecodeRuneInString(text[i+len(core):])
		first, _ := utf8.DecodeRuneInString(core)
		last, _ := utf8.DecodeLastRuneInString(core)
		if !(latin(first) && latin(before)) && !(latin(last) && latin(after)) {
			return true
		}
		from = i + len(core)
	}
}

func latin(r rune) bool { return r < unicode.MaxLatin1 && unicode.IsLetter(r) || unicode.IsDigit(r) }

// Covers says whether windows, on the wall of zone, hold every moment from
// start to end. No windows cover nothing.
func Covers(windows []Window, zone *time.Location, start, end Instant) bool {
	if len(windows) == 0 || start >= end {
		return false
	}
	times := Times{Windows: windows, Zone: zone} // a rest from 0 to 0 is none
	for _, at := range times.breaks(start, end) {
		if !times.Suit(at) {
			return false
		}
	}
	return true
}
