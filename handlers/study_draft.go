package handlers

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// typing is a study's command with the answers given so far to what could be
// read in more than one way; draft is the row of the last question, 0 before
// the first.
type typing struct {
	models.StudyDraft
	draft int64
	at    models.Instant // when it was typed, 0 = now
}

// options reads the text at the time it was typed, with what was answered.
func (t typing) options(o grammar.Options) grammar.Options {
	if t.at != 0 {
		o.Now = t.at.In(o.Zone)
	}
	o.Tomorrow, o.Clock = t.Tomorrow, t.Clock
	return o
}

// errWhichOfRule: the time of a rule is changed by one that does not repeat.
var errWhichOfRule = errors.New("one time for a rule")

func (h *Handlers) registerStudyDraft(r *bot.Router) {
	r.On(bot.KindAction, views.ActionStudyDraft, h.studyAnswered)
	r.On(bot.KindAction, views.ActionStudyDraftRoom, h.studyAnswered)
	r.On(bot.KindAction, views.ActionStudyOnlyNext, h.studyOnlyNext)
}

// studyTyped does what a study's command says, or asks back what it can mean.
func (h *Handlers) studyTyped(ctx context.Context, r bot.Request, t typing) (bot.Reply, error) {
	reply, err := h.studySaid(ctx, r, t)
	if err == nil {
		return reply, nil
	}
	p, _, who := h.printer(ctx, r)
	if who != nil {
		return bot.Reply{}, who
	}
	ask, asks := h.question(ctx, r, p, t, err)
	if !asks {
		return bot.Reply{}, reasonError(bothDays(p, err))
	}
	d, err := h.svc.KeepStudy(ctx, h.act(r), t.StudyDraft)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.StudyQuestion(d.ID, ask)), nil
}

// question is what has to be asked back; asks is false for a fault that only
// the writer can mend.
func (h *Handlers) question(ctx context.Context, r bot.Request, p *views.Printer, t typing, err error) (q views.StudyQuestion, asks bool) {
	var reason *grammar.Reason
	var refused *models.Error
	switch {
	case errors.Is(err, errWhichOfRule):
		return views.StudyQuestion{Key: "scope", Options: []views.Option{{Value: "one", Label: p.T("series.ask_scope_one")},
			{Value: "series", Label: p.T("series.ask_scope_series")}}}, t.Scope == ""
	case errors.As(err, &reason) && reason.Key == "when.which_morning" && len(reason.Readings) == 2 && t.Tomorrow == "":
		day := func(i int) string { return p.DayClock(firstStart(reason.Readings[i]).Start) }
		return views.StudyQuestion{Key: "day", Options: []views.Option{{Value: "today", Label: day(0)}, {Value: "next", Label: day(1)}}}, true
	case errors.As(err, &reason) && reason.Key == "when.no_time" && t.Clock == "":
		return views.StudyQuestion{Key: "clock", Part: reason.Part, Options: h.clocks(ctx, r)}, true
	case errors.As(err, &refused) && refused.Key == "error.study_one_time" && t.Several == "":
		if grammar.ParseCommand(t.Text).Number != "" {
			return q, false
		}
		return views.StudyQuestion{Key: "several", Options: []views.Option{{Value: "slots", Label: p.T("series.ask_slots")},
			{Value: "each", Label: p.T("series.ask_each")}}}, true
	case errors.As(err, &refused) && refused.Key == "error.study_for_missing" && t.For == "" && t.ForUnit == 0:
		return h.forQuestion(ctx, r, p)
	}
	return q, false
}

// clocks are the times of day that are offered for a date without one: first
// those at which the reader's studies are held.
func (h *Handlers) clocks(ctx context.Context, r bot.Request) []views.Option {
	var out []views.Option
	seen := map[string]bool{}
	add := func(clock string) {
		if !seen[clock] && len(out) < 6 {
			seen[clock] = true
			out = append(out, views.Option{Value: clock, Label: strings.TrimPrefix(clock, "0")})
		}
	}
	if n := grammar.ParseCommand(r.Text).Number; n != "" {
		if plan, err := h.svc.ShowStudy(ctx, h.act(r), int(rowID(n[1:]))); err == nil {
			_, clock, _ := strings.Cut(plan.Study.Wall, "T")
			if clock != "" {
				add(clock)
			}
		}
	}
	for _, clock := range []string{"09:00", "14:30", "15:00", "19:00", "19:30", "20:00"} {
		add(clock)
	}
	return out
}

// forQuestion asks for whom a study is that was typed in a direct message.
func (h *Handlers) forQuestion(ctx context.Context, r bot.Request, p *views.Printer) (views.StudyQuestion, bool) {
	whom, err := h.svc.StudyFor(ctx, h.act(r))
	if err != nil {
		return views.StudyQuestion{}, false
	}
	q := views.StudyQuestion{Key: "for", Rooms: true}
	for _, u := range whom.Units {
		q.Options = append(q.Options, views.Option{Value: "u" + strconv.FormatInt(u.ID, 10), Label: u.Name})
	}
	for _, c := range whom.Rooms {
		q.Options = append(q.Options, views.Option{Value: "c" + c.SlackID, Label: "#" + c.Name})
	}
	if whom.All {
		q.Options = append(q.Options, views.Option{Value: "all", Label: p.T("study.everybody")})
	}
	return q, true
}

// studyAnswered takes one answer and does what was typed, in one press.
func (h *Handlers) studyAnswered(ctx context.Context, r bot.Request) (bot.Reply, error) {
	row, choice, _ := strings.Cut(r.Value, "@")
	if r.Name == views.ActionStudyDraftRoom { // a select of channels has no value of its own
		row, _ = strings.CutPrefix(r.BlockID, views.BlockStudyDraft)
		choice = "c" + r.Value
	}
	d, err := h.svc.StudyDraftOf(ctx, h.act(r), rowID(row))
	if err != nil {
		return bot.Reply{}, err
	}
	if choice == "drop" {
		if err := h.svc.DropStudyDraft(ctx, h.act(r), d.ID); err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		return bot.Reply{Text: p.T("series.dropped"), Replace: r.Ephemeral}, err
	}
	t := typing{StudyDraft: *d.Study, draft: d.ID, at: d.CreatedAt}
	if !t.answer(choice) {
		return bot.Reply{}, models.Refuse(models.CodeConflict, "error.draft_gone")
	}
	from := r
	from.Text, from.Channel, from.Direct = t.Text, d.Channel, d.Direct
	reply, err := h.studyTyped(ctx, from, t)
	reply.Replace = reply.Modal == nil && r.Ephemeral
	return reply, err
}

// answer settles one question; what no button says is no answer.
func (t *typing) answer(choice string) bool {
	_, clockErr := time.Parse("15:04", choice)
	switch {
	case choice == "today", choice == "next":
		t.Tomorrow = choice
	case choice == "slots", choice == "each":
		t.Several = choice
	case choice == "one", choice == "series":
		t.Scope = choice
	case choice == "all":
		t.For = "all"
	case clockErr == nil:
		t.Clock = choice
	case strings.HasPrefix(choice, "u") && rowID(choice[1:]) > 0:
		t.ForUnit = rowID(choice[1:])
	case strings.HasPrefix(choice, "c") && len(choice) > 1 && !strings.ContainsAny(choice, "<>|"):
		t.For = "<#" + choice[1:] + ">"
	default:
		return false
	}
	return true
}

// severalStudies are the studies that a line with several times means, as it
// was answered: one with alternatives, or one for each time.
func severalStudies(read grammar.Study, t typing) ([]services.NewStudy, error) {
	items := read.When.List()
	if read.When.Kind != grammar.KindList || t.Several == "" {
		in, err := newStudy(read)
		return []services.NewStudy{in}, err
	}
	if t.Several == "slots" {
		read.When, read.Slots = items[0], append(items[1:], read.Slots...)
		in, err := newStudy(read)
		return []services.NewStudy{in}, err
	}
	var all []services.NewStudy
	for _, w := range items {
		one := read
		if one.When = w; !read.Set["length"] {
			one.Length = lengthOf(w)
		}
		in, err := newStudy(one)
		if err != nil {
			return nil, err
		}
		all = append(all, in)
	}
	return all, nil
}

// lengthOf is how long a session takes that only says when.
func lengthOf(w grammar.When) time.Duration {
	if w.End.After(w.Start) {
		return w.End.Sub(w.Start)
	}
	return time.Hour
}

// studyOnlyNext gives an edit of the series to the next occurrence alone.
func (h *Handlers) studyOnlyNext(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	d, err := h.svc.StudyDraftOf(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseStudyEdit(d.Study.Text, grammar.Options{Now: p.Now, Zone: p.Zone, Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	reply, err := h.changed(p, "own")(h.svc.OnlyNext(ctx, h.act(r), d.ID, ownEdit(read, read.Set)))
	reply.Replace = r.Ephemeral
	return reply, err
}
