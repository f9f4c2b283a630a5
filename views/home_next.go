package views

import (
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// upTo is how many of each are shown under what is next.
type upTo struct{ waits, shifts, study int }

// With two blocks each, Home keeps under Slack's hundred together with all the
// rest of it, and `me` under the fifty of a message.
var (
	onHome = upTo{6, 6, 4}
	onMe   = upTo{6, 10, 6}
)

// waiting is a question to the reader, in any layout, with its answers.
type waiting struct {
	line    func(layout) string
	buttons []slack.BlockElement
}

// nextBlocks are what waits for the reader's answer, their shifts and their
// study, each with its buttons.
func (p *Printer) nextBlocks(o models.Overview, most upTo) []slack.Block {
	var blocks []slack.Block
	row := func(text string, suffix string, buttons []slack.BlockElement) {
		blocks = append(blocks, Section(text))
		if len(buttons) > 0 {
			actions := Actions(buttons...)
			marked([]slack.Block{actions}, suffix)
			blocks = append(blocks, actions)
		}
	}
	for i, w := range o.Waits[:min(len(o.Waits), most.waits)] {
		shown := p.waitingOf(w)
		row(shown.line(inBlock), "w"+strconv.Itoa(i), shown.buttons)
	}
	for _, s := range offersFirst(o.Shifts)[:min(len(o.Shifts), most.shifts)] {
		row(p.shiftLine(s, inBlock), "s"+rowID(s.Signup.ID), append(p.shiftButtons(s), p.openShift(s)))
	}
	for _, s := range o.Study[:min(len(o.Study), most.study)] {
		_, buttons := p.studyState(StudyModel{Study: s.Study, Occurrence: s.Occurrence, Attendance: s.Attendance})
		row(p.studyLine(s, inBlock), "a"+rowID(s.Attendance.ID), buttons)
	}
	if len(blocks) == 0 {
		blocks = append(blocks, Section(p.T("home.nothing_next")))
	}
	if left := len(o.Shifts) - most.shifts; left > 0 {
		blocks = append(blocks, Context(p.T("home.more_shifts", "N", left)))
	}
	if len(o.Study) > most.study {
		blocks = append(blocks, Context(p.T("home.more_study")))
	}
	return blocks
}

// offersFirst puts the places that wait for an answer before the others.
func offersFirst(shifts []models.MyShift) []models.MyShift {
	out := slices.Clone(shifts)
	slices.SortStableFunc(out, func(a, b models.MyShift) int {
		switch x, y := a.Signup.State == models.SignupOffered, b.Signup.State == models.SignupOffered; {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	})
	return out
}

// shiftButtons are what can be done with a place now, as in its own message.
func (p *Printer) shiftButtons(s models.MyShift) []slack.BlockElement {
	if s.Sheet == nil {
		return nil
	}
	_, _, buttons := p.place(*s.Sheet, s.Signup, models.SignupArgs{})
	return buttons
}

// openShift shows the call of a place.
func (p *Printer) openShift(s models.MyShift) slack.BlockElement {
	return Button(ActionCallDetails, rowID(s.Call.ID), p.T("home.open", "Ref", "#"+s.Call.Ref()), p.T("home.look_label", "Title", s.Call.Title))
}

// offered is a place offered to the reader.
func (p *Printer) offered(s models.MyShift) waiting {
	return waiting{line: func(how layout) string { return p.shiftLine(s, how) }, buttons: p.shiftButtons(s)}
}

// waitingOf words one question: what it is about, what is asked, and when.
func (p *Printer) waitingOf(w models.Waiting) waiting {
	s := *w.Sheet
	switch {
	case w.Tick != nil:
		return p.asksAbout(s, nil, s.Signup(w.Tick.SignupID), p.T("home.wait_safe", "At", p.Clock(w.Tick.Deadline().Time())),
			p.safeButtons(s, *w.Tick, false, s.ShiftOver(w.Tick.SignupID)))
	case w.Handover != nil:
		yes := Button(ActionHandoverYes, rowID(w.Handover.ID), p.T("handover.yes"), "")
		yes.Style = slack.StylePrimary
		return p.asksAbout(s, nil, s.Signup(w.Handover.SignupID), p.T("home.wait_handover", "Who", personName(s.Person(w.Handover.FromID), 0)),
			[]slack.BlockElement{yes, Button(ActionHandoverNo, rowID(w.Handover.ID), p.T("handover.no"), "")})
	case w.Signup != nil:
		_, _, buttons := p.place(s, *w.Signup, models.SignupArgs{})
		key := "home.wait_times"
		if w.Signup.State == models.SignupConfirmed {
			key = "home.wait_past"
		}
		return p.asksAbout(s, nil, w.Signup, p.T(key), buttons)
	}
	out := p.asksAbout(s, w.Ask, nil, p.T("home.wait_ask"), p.askButtons(*w.Ask, true))
	line := out.line
	out.line = func(how layout) string {
		if shift := s.Shift(w.Ask.ShiftID); how == inBlock && shift != nil {
			return line(how) + "\n" + p.askWhy(s, *w.Ask, *shift)
		}
		return line(how)
	}
	return out
}

// asksAbout is a question about one place of a call: of a sign-up, or one that
// somebody is asked to take.
func (p *Printer) asksAbout(s models.Sheet, q *models.Ask, su *models.Signup, what string, buttons []slack.BlockElement) waiting {
	var shiftID, roleID int64
	switch {
	case q != nil:
		shiftID, roleID = q.ShiftID, q.RoleID
	case su != nil:
		shiftID, roleID = su.ShiftID, su.RoleID
	}
	role, when := "", p.when(s)
	if r := s.Role(roleID); r != nil && r.Name != "" {
		role = " · " + Title(r.Name)
	}
	if sh := s.Shift(shiftID); sh != nil {
		when = p.Range(sh.StartAt.Time(), sh.EndAt.Time())
	}
	urgent := ""
	if s.Call.Urgent {
		urgent = p.T("home.urgent")
	}
	return waiting{buttons: buttons, line: func(how layout) string {
		return how.of(p.drill(s.Call.Drill)+urgent, Title(s.Call.Title), role+" (#"+s.Call.Ref()+") · "+what, when+p.at(s.Call.Place))
	}}
}

// marked makes the action ids of a list's rows differ: what stands behind the
// first colon only tells them apart.
func marked(blocks []slack.Block, suffix string) {
	id := func(of *string) {
		name, _, _ := strings.Cut(*of, ":")
		if name != ActionNewCall && name != ActionSetLang { // theirs says which
			*of = name + ":" + suffix
		}
	}
	for _, b := range blocks {
		actions, ok := b.(*slack.ActionBlock)
		if !ok || actions.Elements == nil {
			continue
		}
		seen := map[string]bool{}
		for i, e := range actions.Elements.ElementSet {
			var of *string
			switch e := e.(type) {
			case *slack.ButtonBlockElement:
				of = &e.ActionID
			case *slack.SelectBlockElement:
				of = &e.ActionID
			default:
				continue
			}
			if id(of); seen[*of] {
				*of += "." + strconv.Itoa(i)
			}
			seen[*of] = true
		}
	}
}
