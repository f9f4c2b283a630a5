package views

import (
	"strings"

	"github.com/slack-go/slack"
)

// Can is what a reader of help may do: organize anything, lead a unit, read
// figures, set up the organisation.
type Can struct{ Organize, Lead, View, Admin bool }

// helpEntry is one thing a person may want, with the verb that does it. Keys
// in the catalogue: help.want_VERB (the wish), help.how_VERB (an example),
// help.more_VERB (the rest of what the verb takes).
type helpEntry struct {
	Verb  string
	May   func(Can) bool
	Admin bool // who may not asks an admin, not an organizer
}

func anybody(Can) bool     { return true }
func organizer(c Can) bool { return c.Organize || c.Admin }
func leader(c Can) bool    { return c.Lead || organizer(c) }
func viewer(c Can) bool    { return c.View || leader(c) }
func admin(c Can) bool     { return c.Admin }

// helpVerbs is in the order of what people want most often, and holds only
// what is built.
func helpVerbs() []helpEntry {
	return []helpEntry{
		{"calls", anybody, false}, {"checkin", anybody, false}, {"handover", anybody, false}, {"me", anybody, false}, {"library", anybody, false}, {"profile", anybody, false}, {"remind", anybody, false}, {"privacy", anybody, false},
		{"call", organizer, false}, {"study", leader, false}, {"summary", viewer, false}, {"digest", organizer, false}, {"export", leader, false},
		{"setup", admin, true}, {"unit", admin, true}, {"role", admin, true}, {"pause", admin, true},
	}
}

// Help shows what this person can do here, by what one wants to do.
func (p *Printer) Help(can Can) Message {
	head := p.T("help.head")
	blocks := []slack.Block{Section("*" + head + "*")}
	var plainText []string
	for _, e := range helpVerbs() {
		if !e.May(can) {
			continue
		}
		line := p.T("help.want_"+e.Verb) + "\n`" + p.T("help.how_"+e.Verb) + "`"
		plainText = append(plainText, p.T("help.want_"+e.Verb)+" "+p.T("help.how_"+e.Verb))
		blocks = append(blocks, Section(line))
	}
	blocks = append(blocks, Context(p.T("help.replies")), Context(p.T("help.foot")))
	return Message{Text: Cut(head+" "+strings.Join(plainText, " · "), LimitText), Blocks: blocks}
}

// HelpFor is what help says of one verb.
type HelpFor struct {
	Message Message
	Built   bool // there is such a verb in this version
	May     bool // and this person may use it
	Admin   bool // who may are admins
}

// HelpVerb explains one verb with examples.
func (p *Printer) HelpVerb(verb string, can Can) HelpFor {
	switch verb {
	case "resume":
		verb = "pause"
	case "help":
		return HelpFor{Message: p.Help(can), Built: true, May: true}
	}
	for _, e := range helpVerbs() {
		if e.Verb != verb {
			continue
		}
		if groups := helpGroups()[verb]; groups != nil {
			return HelpFor{Built: true, May: e.May(can), Message: p.helpInGroups(verb, groups)}
		}
		text := "*" + p.T("help.want_"+verb) + "*\n`" + p.T("help.how_"+verb) + "`\n" + p.T("help.more_"+verb)
		return HelpFor{Built: true, May: e.May(can), Admin: e.Admin,
			Message: Message{Text: p.T("help.want_"+verb) + " " + p.T("help.how_"+verb), Blocks: []slack.Block{Section(text)}}}
	}
	return HelpFor{}
}

// helpGroups are the verbs with the most behind them, each in short groups in
// the order of a call's and a session's life.
func helpGroups() map[string][]string {
	return map[string][]string{
		"call":  {"post", "fill", "before", "during", "after", "drill"},
		"study": {"plan", "change", "during", "makeup", "year", "library"},
	}
}

func (p *Printer) helpInGroups(verb string, groups []string) Message {
	want, how := p.T("help.want_"+verb), p.T("help.how_"+verb)
	blocks := []slack.Block{Section("*" + want + "*\n`" + how + "`")}
	for _, group := range groups {
		blocks = append(blocks, Section(p.T("help."+verb+"_"+group)))
	}
	return Message{Text: want + " " + how, Blocks: append(blocks, Context(p.T("help."+verb+"_foot")))}
}
