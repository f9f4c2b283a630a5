package views

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/models"
)

// Words that every message about a call is made of.

// isolate keeps right-to-left text from turning around what follows it.
func isolate(s string) string {
	for _, r := range s {
		if unicode.In(r, unicode.Arabic, unicode.Hebrew, unicode.Syriac, unicode.Thaana, unicode.Nko) {
			return "\u2068" + s + "\u2069"
		}
	}
	return s
}

// words is user text for mrkdwn: harmless, cut, its direction kept to itself.
func words(s string, limit int) string { return isolate(Escape(Cut(Plain(s), limit))) }

// bare is user text for plain_text and the fallback.
func bare(s string, limit int) string { return isolate(Cut(Plain(s), limit)) }

// roleName is the role's name, people when it has none.
func (p *Printer) roleName(r models.Role) string {
	if strings.TrimSpace(r.Name) == "" {
		return p.T("call.people")
	}
	return r.Name
}

func (p *Printer) callState(s models.Sheet) string {
	if s.Call.State == models.CallOpen && s.Now < s.Call.OpensAt {
		return p.T("call.state_soon")
	}
	return p.T("call.state_" + string(s.Call.State))
}

func (p *Printer) span(sh models.Shift) string {
	return p.Range(sh.StartAt.Time(), sh.EndAt.Time())
}

// when is the time of a call on one line: its one shift, or the first and how
// many there are.
func (p *Printer) when(s models.Sheet) string {
	if len(s.Shifts) == 1 {
		return p.span(*s.Shifts[0])
	}
	out := make([]string, 0, len(s.Shifts))
	for i, sh := range s.Shifts {
		if i == 5 {
			out = append(out, "…")
			break
		}
		out = append(out, p.span(*sh))
	}
	if p.Lang == "zh" {
		return strings.Join(out, "；")
	}
	return strings.Join(out, "; ")
}

// what names a place: title, role, and the day when there are several.
func (p *Printer) what(s models.Sheet, su models.Signup) string {
	out := words(s.Call.Title, LimitTitle)
	if r := s.Role(su.RoleID); r != nil && r.Name != "" {
		out += " · " + words(r.Name, limitRole)
	}
	if len(s.Shifts) > 1 {
		out += " · " + p.DayClock(s.Shift(su.ShiftID).StartAt.Time())
	}
	if su.Guests > 0 {
		out += p.T("call.party", "Count", su.Guests)
	}
	return out
}

func (p *Printer) ref(s models.Sheet) string { return "#" + s.Call.Ref() }

// inLine is a place in a line, to stand in "you are {{.Place}} on the list" or
// 候补第 {{.Place}} 位.
func (p *Printer) inLine(n int) string {
	first := []string{"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"}
	switch {
	case p.Lang == "zh":
		return strconv.Itoa(n)
	case 1 <= n && n <= len(first):
		return first[n-1]
	}
	return "number " + strconv.Itoa(n)
}

// who is the organizer, by mention and unit.
func (p *Printer) who(s models.Sheet) string {
	out := UserTag(s.Creator.Slack(), s.Creator.Name)
	if s.Unit.Name != "" {
		out += p.T("call.unit", "Unit", words(s.Unit.Name, limitName))
	}
	return out
}

// personName is how a list writes somebody; a mention where the name is not
// known yet.
func personName(person models.Person, guests int) string {
	out := words(person.Name, limitName)
	if out == "" {
		out = UserTag(person.Slack(), "?")
	}
	if guests > 0 {
		out += "+" + strconv.Itoa(guests)
	}
	return out
}

// names writes those in a role, at most count and about budget characters; the
// rest is a number.
func (p *Printer) names(s models.Sheet, signups []*models.Signup, count, budget int) string {
	var out []string
	total, used := 0, 0
	for _, su := range signups {
		total += su.Party()
	}
	for i, su := range signups {
		name := personName(s.Person(su.PersonID), su.Guests)
		used += utf8.RuneCountInString(name) + 1
		if i >= count || used > budget {
			return p.T("call.names_more", "Names", strings.Join(out, p.T("call.sep")), "Count", total)
		}
		out = append(out, name)
	}
	return strings.Join(out, p.T("call.sep"))
}

// holders are those with a place in a role, by arrival.
func holders(s models.Sheet, roleID int64) []*models.Signup {
	var out []*models.Signup
	for _, su := range s.Signups {
		if su.RoleID == roleID && su.Holds() {
			out = append(out, su)
		}
	}
	return out
}

// waitingCount counts people in a line, guests included.
func waitingCount(s models.Sheet, roleID int64) int {
	n := 0
	for _, su := range s.Waiting(roleID) {
		n += su.Party()
	}
	return n
}

// gap says how a role stands: full, or how many are missing, and who waits.
func (p *Printer) gap(s models.Sheet, r *models.Role) string {
	taken, waiting := s.Taken(r.ID), waitingCount(s, r.ID)
	switch {
	case taken >= r.Most && waiting > 0:
		return p.T("call.full_waiting", "Waiting", waiting)
	case taken >= r.Most:
		return p.T("call.full")
	case waiting > 0:
		return p.T("call.missing_waiting", "Count", r.Most-taken, "Waiting", waiting)
	}
	return p.T("call.missing", "Count", r.Most-taken)
}

// roleLine is one (shift, role): `*医生*  2/2  张三、李四  已满，候补 1 人`.
func (p *Printer) roleLine(s models.Sheet, r *models.Role, count, budget int) string {
	line := "*" + words(p.roleName(*r), limitRole) + "*"
	if r.Verified {
		line += p.T("call.verified")
	}
	line += "   " + counts(s, r)
	if list := p.names(s, holders(s, r.ID), count, budget); list != "" {
		line += "   " + list
	}
	if s.Call.Live() {
		line += "   _" + p.gap(s, r) + "_"
	}
	return line
}

func counts(s models.Sheet, r *models.Role) string {
	return strconv.Itoa(s.Taken(r.ID)) + "/" + strconv.Itoa(r.Most)
}

// roleLines are all (shift, role)s, with the time above each shift when there
// are several, as few sections as Slack's limit allows. budget is shared by
// the lists of names.
func (p *Printer) roleLines(s models.Sheet, count, budget int) []slack.Block {
	share := budget / max(1, len(s.Roles))
	var lines []string
	for _, sh := range s.Shifts {
		if len(s.Shifts) > 1 {
			head := "*" + p.span(*sh) + "*"
			if sh.EndAt <= s.Now && s.Call.Live() {
				head += "   _" + p.T("call.over") + "_"
			}
			lines = append(lines, head)
		}
		for _, r := range s.RolesOf(sh.ID) {
			lines = append(lines, p.roleLine(s, r, count, share))
		}
	}
	return chunks(lines, budget+3000, func(left int) string { return p.T("call.more_pairs", "Count", left) })
}

// chunks puts lines into sections below Slack's limit, and at most total
// characters; what is left out is counted by more.
func chunks(lines []string, total int, more func(left int) string) []slack.Block {
	var blocks []slack.Block
	var section []string
	size, all := 0, 0
	flush := func() {
		if len(section) > 0 {
			blocks = append(blocks, Section(strings.Join(section, "\n")))
			section, size = nil, 0
		}
	}
	for i, line := range lines {
		n := utf8.RuneCountInString(line) + 1
		if all += n; all > total {
			flush()
			return append(blocks, Context(more(len(lines)-i)))
		}
		if size += n; size > LimitSection-100 {
			flush()
			size = n
		}
		section = append(section, line)
	}
	flush()
	return blocks
}
