package views

import (
	"strings"

	"muster/models"
)

// LeaderShown is one person of a leaderboard who may be named.
type LeaderShown struct {
	Rank    int
	Name    string
	Minutes int
}

// LeadersOf are a summary's leaders as they may be named: people by id, of
// whom who may not is missing. Fewer than it takes are nobody.
func LeadersOf(s models.Summary, people map[int64]models.Person) []LeaderShown {
	var out []LeaderShown
	for _, l := range s.Leaders {
		if p, ok := people[l.PersonID]; ok && p.Name != "" {
			out = append(out, LeaderShown{Rank: l.Rank, Name: p.Name, Minutes: l.Minutes})
		}
	}
	if len(out) < models.LeadersLeast {
		return nil
	}
	return out
}

// leadersLine names them without calling them: a list rings nobody's phone.
func (p *Printer) leadersLine(m SummaryModel) string {
	var names []string
	for _, l := range m.Leaders {
		names = append(names, p.T("leaders.one", "Rank", l.Rank, "Name", words(l.Name, limitName), "Hours", hoursOf(l.Minutes)))
	}
	if m.Now.LeadersTied > 0 {
		names = append(names, p.T("leaders.more", "N", m.Now.LeadersTied))
	}
	return p.T("leaders.line", "Names", strings.Join(names, " · "))
}
