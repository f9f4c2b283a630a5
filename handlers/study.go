package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerStudy(r *bot.Router) {
	r.Verb("study", h.study)
	r.On(bot.KindAction, views.ActionNewStudy, h.studyForm)
	r.On(bot.KindSubmission, "study", h.studySubmitted)
	r.On(bot.KindAction, views.ActionStudyMore, h.moreStudy)
	h.registerStudyDraft(r)
	h.registerSeries(r)
	h.registerAttendance(r)
	h.registerUndo(r)
}

func (h *Handlers) studyRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{
		models.MessageStudy:       h.renderStudy,
		models.MessageStudyFollow: h.renderStudyFollow,
		models.MessageStudyAsk:    h.renderStudyAsk,
		models.MessageStudyExcuse: h.renderStudyExcuse,
	}
}

// study is the verb: alone a form, list, s7 and what can be done with it, else
// a new one.
func (h *Handlers) study(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if reply, done, err := h.proofSaid(ctx, r); done || err != nil { // 学习笔记, under a photo
		return reply, err
	}
	return h.studyTyped(ctx, r, typing{StudyDraft: models.StudyDraft{Text: r.Text}})
}

func (h *Handlers) studySaid(ctx context.Context, r bot.Request, t typing) (bot.Reply, error) {
	cmd := grammar.ParseCommand(t.Text)
	switch {
	case cmd.Number != "" && cmd.Unknown != "":
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.study_what", "Part", cmd.Unknown, "Ref", cmd.Number)
	case cmd.Number != "":
		return h.studyNumber(ctx, r, cmd, t)
	case h.studyWords()[cmd.Sub] != nil:
		return h.studyWords()[cmd.Sub](ctx, r, cmd.Rest)
	case cmd.Sub != "":
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.study_bad_number")
	case strings.TrimSpace(cmd.Rest) == "":
		return h.studyForm(ctx, r)
	}
	return h.studyLine(ctx, r, cmd.Rest, t)
}

// studyLine opens a study from the one-line form.
func (h *Handlers) studyLine(ctx context.Context, r bot.Request, text string, t typing) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.reading(ctx, r, p)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseStudy(text, t.options(o))
	var reason *grammar.Reason
	if errors.As(err, &reason) && reason.Key == "study.no_when" && grammar.ParseCommand(text).Sub != "" { // study skip
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.study_bad_number")
	}
	if err != nil {
		return bot.Reply{}, err
	}
	all, err := severalStudies(read, t)
	if err != nil {
		return bot.Reply{}, err
	}
	for i := range all {
		all[i].Draft = t.draft
		if t.For != "" || t.ForUnit != 0 {
			all[i].For, all[i].ForUnit = t.For, t.ForUnit
		}
	}
	return h.openStudy(ctx, r, p, all...)
}

func (h *Handlers) openStudy(ctx context.Context, r bot.Request, p *views.Printer, all ...services.NewStudy) (bot.Reply, error) {
	if _, err := h.svc.StudyUnits(ctx, h.act(r)); err != nil { // who may not, moves nothing
		return bot.Reply{}, err
	}
	if room := studyRoom(r, all[0]); room != "" {
		h.introduce(ctx, r, room)
	}
	plans, err := h.svc.OpenStudies(ctx, h.act(r), all)
	if err != nil {
		return bot.Reply{}, err
	}
	shown := make([]views.PlanModel, len(plans))
	for i, plan := range plans {
		shown[i] = planModel(plan)
	}
	return h.reply(p.StudiesOpened(shown)), nil
}

// bothDays makes the two days that "tomorrow" can be after midnight the example
// of what to write.
func bothDays(p *views.Printer, err error) error {
	var reason *grammar.Reason
	if errors.As(err, &reason) && reason.Key == "when.which_morning" && len(reason.Readings) == 2 {
		var days []string
		for _, w := range reason.Readings {
			days = append(days, p.DayMonth(firstStart(w).Start))
		}
		reason.Args["Example"] = p.T("study.either", "A", days[0], "B", days[1])
	}
	return err
}

// studyRoom is the channel whose members a new study is for, "" for none.
func studyRoom(r bot.Request, in services.NewStudy) string {
	if in.For == "" && in.ForUnit == 0 && !r.Direct {
		return r.Channel
	}
	named, _ := strings.CutSuffix(in.For, ">")
	named, is := strings.CutPrefix(named, "<#")
	if !is {
		return ""
	}
	room, _, _ := strings.Cut(named, "|")
	return room
}

// reading is how a text typed here is read: in the channel's zone where setup
// gave it one, else in the organisation's, like a call.
func (h *Handlers) reading(ctx context.Context, r bot.Request, p *views.Printer) (grammar.Options, error) {
	o := grammar.Options{Now: p.Now, Zone: p.OrgZone, Lang: p.Lang}
	if r.Direct || r.Channel == "" {
		return o, nil
	}
	zone, err := h.svc.ZoneHere(ctx, h.act(r))
	if err == nil && zone != "" {
		o.Zone = models.Zone(zone)
	}
	return o, err
}

// newStudy is a study as it was read.
func newStudy(read grammar.Study) (services.NewStudy, error) {
	in := services.NewStudy{Title: read.Title, Holiday: read.Holidays, Length: minutes(read.Length), Credit: -1, Place: read.Where,
		Link: read.Link, Makeup: -1, Cap: read.Capacity, For: read.For, Duty: read.Duty}
	if read.When.Kind == grammar.KindList {
		return in, models.Refuse(models.CodeInvalid, "error.study_one_time")
	}
	in.RRule, in.Wall, in.Zone, in.Start = read.When.Rule, read.When.Wall, read.When.Zone, read.When.Start
	if read.Until != nil {
		in.Until = *read.Until
	}
	switch {
	case read.Hours != nil:
		in.Credit = int(*read.Hours*60 + 0.5)
	case read.Length == 0:
		in.Credit = 60 // as the form has it: no meeting has no length to count
	}
	if read.Makeup != nil {
		in.Makeup = int(*read.Makeup / (24 * time.Hour))
		if *read.Makeup > 0 && in.Makeup == 0 {
			in.Makeup = 1 // make-up closes at the end of a day at the earliest
		}
	}
	if read.Set["remind"] {
		in.Leads = []int{}
		for _, d := range read.Remind {
			in.Leads = append(in.Leads, minutes(d))
		}
	}
	if read.When.Kind == "" { // an edit that leaves the time alone
		return in, nil
	}
	in.Slots = slots(read)
	return in, nil
}

func minutes(d time.Duration) int { return int(d / time.Minute) }

// slots puts the alternative times in relation to the day of the main one, so
// that a rule has them at every occurrence.
func slots(read grammar.Study) []models.Slot {
	var out []models.Slot
	main := read.When.Start
	day := time.Date(main.Year(), main.Month(), main.Day(), 0, 0, 0, 0, time.UTC)
	for _, when := range read.Slots {
		for _, w := range when.List() {
			t := w.Start.In(main.Location())
			days := int(time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC).Sub(day) / (24 * time.Hour))
			if (w.Rule != "" || read.When.Rule != "") && days < 0 {
				days += 7 // beside a rule a weekday is the one after each of its days
			}
			if days == 0 && t.Hour() == main.Hour() && t.Minute() == main.Minute() {
				continue // the main time itself, named among them
			}
			length := minutes(read.Length)
			if w.End.After(w.Start) {
				length = minutes(w.End.Sub(w.Start))
			}
			out = append(out, models.Slot{Days: days, Minute: t.Hour()*60 + t.Minute(), Length: length})
		}
	}
	return out
}

func (h *Handlers) studyList(ctx context.Context, r bot.Request, from int) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	list, err := h.svc.ListStudies(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	shown := make([]views.PlanModel, len(list))
	for i, s := range list {
		shown[i] = planModel(s)
	}
	return h.replace(r, p.StudyList(shown, from)), nil
}

func planModel(s services.StudyPlan) views.PlanModel {
	m := views.PlanModel{Study: s.Study, Unit: s.Unit, Duty: s.Duty, Material: s.Material, By: s.Creator, Next: s.Next, Places: s.Places, People: s.People, Known: s.Known, Counts: s.Counts,
		Kept: s.Kept, Mine: s.Mine, Attends: s.Attends, Manages: s.Manages,
		Coming: s.Coming, OnlyNext: s.OnlyNext}
	for _, t := range s.Times {
		m.Times = append(m.Times, slotModel(t))
	}
	if s.Study.AudienceKind == models.AudienceGroup {
		m.Group = s.Room.Name
	}
	m.NotIn = s.Study.AudienceKind == models.AudienceChannel && s.Known && !s.Room.BotIn
	for _, o := range s.Upcoming {
		if s.Attends && o.ID == s.Mined.OccurrenceID {
			m.Own = views.StudyModel{Study: s.Study, Occurrence: o, Attendance: s.Mined}
		}
	}
	m.On = s.Last
	for _, o := range s.Upcoming {
		if _, open := o.OpenSlot(s.Study, 0, s.Now); open && !o.Off() {
			m.On = o
		}
	}
	return m
}

func studyModel(c services.StudyCard) views.StudyModel {
	return views.StudyModel{Study: c.Study, Occurrence: c.Occurrence, Attendance: c.Attendance, Material: c.Material, Minutes: c.Minutes, Target: c.Target,
		Roller: c.Roller, Leave: c.Leave, Leads: c.Leads, Full: c.Full}
}

// renderStudy words a member's message; one that lost its key to a newer one
// is a line.
func (h *Handlers) renderStudy(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, ok, err := h.svc.StudyMessage(ctx, m.TenantID, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !ok {
		return bot.Outgoing{}, errGone
	}
	var args services.StudyArgs
	if len(m.Args) > 0 {
		if err := json.Unmarshal(m.Args, &args); err != nil {
			return bot.Outgoing{}, fmt.Errorf("arguments of message %d: %w", m.ID, err)
		}
	}
	if m.Shown == 0 && args.From == 0 && !args.Roll && (c.Occurrence.Off() || c.Study.State == models.StudyCancelled || c.Attendance.Settled()) {
		return bot.Outgoing{}, errGone // nothing to remind of any more
	}
	if answered := c.Attendance.Intent == models.IntentMakeup || c.Attendance.Intent == models.IntentExcuse; m.Shown == 0 && answered &&
		c.Attendance.ReturnedAt == 0 && args == (services.StudyArgs{LateFrom: args.LateFrom}) {
		return bot.Outgoing{}, errGone // they said that they do not come while it waited
	}
	view := studyModel(c)
	view.From, view.Refused, view.Where = args.From, args.Refused, args.Where
	if c.Attendance.State == models.AttendanceDue && c.Now < c.Occurrence.End {
		view.LateFrom = args.LateFrom
	}
	view.Past = m.Key != models.StudyKey(c.Occurrence.ID, c.Person.ID)
	return outgoing(h.printerFor(c.Tenant, c.Person, c.Now).StudyMessage(view)), nil
}

func (h *Handlers) renderStudyFollow(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, ok, err := h.svc.StudyMessage(ctx, m.TenantID, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !ok || m.Shown == 0 && c.Attendance.Settled() && c.Attendance.State != models.AttendanceAbsent {
		return bot.Outgoing{}, errGone
	}
	view := studyModel(c)
	view.Past = m.CreatedAt < c.Attendance.ReturnedAt // the message of the return has the buttons
	return outgoing(h.printerFor(c.Tenant, c.Person, c.Now).StudyFollow(view)), nil
}

func (h *Handlers) renderStudyAsk(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, err := h.svc.StudyAsk(ctx, m.TenantID, m.SubjectID, m.PersonID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if m.Shown == 0 && (!c.Occurrence.Ahead() && !c.Occurrence.WantsRoll() || c.Occurrence.Start > c.Now) {
		return bot.Outgoing{}, errGone // said already, or moved meanwhile
	}
	view := sessionModel(c)
	view.Past = m.Key != services.StudyAskKey(c.Occurrence.ID)
	return outgoing(h.printerFor(c.Tenant, c.Leader, c.Now).StudyAsk(view)), nil
}

func sessionModel(c services.StudySession) views.SessionModel {
	return views.SessionModel{Study: c.Study, Occurrence: c.Occurrence, Counts: c.Counts, Tally: c.Tally, Roller: c.Roller}
}

func (h *Handlers) renderStudyExcuse(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, ok, err := h.svc.StudyMessage(ctx, m.TenantID, m.SubjectID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !ok || m.Shown == 0 && c.Attendance.Intent != models.IntentExcuse {
		return bot.Outgoing{}, errGone
	}
	t, leader, now, err := h.svc.Recipient(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	return outgoing(h.printerFor(t, leader, now).ExcuseAsk(studyModel(c), c.Person)), nil
}
