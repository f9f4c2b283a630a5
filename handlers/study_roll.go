package handlers

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerStudyRoll(r *bot.Router) {
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionStudyCode, h.studyCode)
	on(views.ActionStudyWho, h.studyWho)
	on(views.ActionStudyRoll, h.studyRollPressed)
	on(views.ActionStudyRollPage, h.studyRollTurned)
	on(views.ActionStudyRollUnit, h.studyRollTurned)
	on(views.ActionStudyContest, h.pressed(h.svc.ContestStudyRoll))
	on(views.ActionStudyAgree, h.pressed(h.svc.AgreeStudyRoll))
}

func (h *Handlers) studyRollRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{
		models.MessageStudyStruck:  h.renderStudyStruck,
		models.MessageStudyContest: h.renderStudyContest,
	}
}

func (h *Handlers) renderStudyStruck(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, err := h.svc.StudyAsk(ctx, m.TenantID, m.SubjectID, m.PersonID)
	if err != nil {
		return bot.Outgoing{}, err
	}
	return outgoing(h.printerFor(c.Tenant, c.Leader, c.Now).StudyStruck(sessionModel(c))), nil
}

func (h *Handlers) renderStudyContest(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, ok, err := h.svc.StudyContest(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if !ok {
		return bot.Outgoing{}, errGone
	}
	view := studyModel(c.StudyCard)
	view.Roller = c.Roller
	return outgoing(h.printerFor(c.Tenant, c.Reader, c.Now).StudyContested(view, c.Person)), nil
}

// studyCode shows a fresh code of a session to its leader.
func (h *Handlers) studyCode(ctx context.Context, r bot.Request) (bot.Reply, error) {
	c, err := h.svc.NewStudyCode(ctx, h.act(r), rowID(r.Value))
	return h.studyCodeShown(ctx, r, c, err)
}

func (h *Handlers) studyCodeLine(ctx context.Context, r bot.Request, _ *views.Printer, plan services.StudyPlan, _ string) (bot.Reply, error) {
	c, err := h.svc.NewStudyCodeOf(ctx, h.act(r), plan.Study.Number)
	return h.studyCodeShown(ctx, r, c, err)
}

func (h *Handlers) studyCodeShown(ctx context.Context, r bot.Request, c services.StudyCodeShown, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	page := ""
	if h.public != "" {
		page = h.public + "/checkin/" + c.Code.Code
	}
	reply := h.reply(p.StudyCode(sessionModel(c.StudySession), c.Code, page))
	reply.Replace = r.Kind == bot.KindAction && r.Ephemeral
	reply.Private = !r.Ephemeral && r.Kind == bot.KindMention // a code said aloud in a channel is no proof of being there
	return reply, nil
}

// studyWho shows who is in at a session.
func (h *Handlers) studyWho(ctx context.Context, r bot.Request) (bot.Reply, error) {
	w, err := h.svc.StudyWho(ctx, h.act(r), rowID(r.Value))
	return h.studyWhoShown(ctx, r, w, err)
}

func (h *Handlers) studyWhoLine(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, rest string) (bot.Reply, error) {
	on, err := nearDay(rest, grammar.Options{Now: p.Now, Zone: models.Zone(plan.Study.Zone), Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, err
	}
	w, err := h.svc.StudyWhoOf(ctx, h.act(r), plan.Study.Number, on)
	return h.studyWhoShown(ctx, r, w, err)
}

func (h *Handlers) studyWhoShown(ctx context.Context, r bot.Request, w services.StudyWho, err error) (bot.Reply, error) {
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.reply(p.StudyWho(views.WhoModel{SessionModel: sessionModel(w.StudySession), There: w.There, Missing: w.Missing, Asked: w.Asked,
		People: w.People, Open: w.Open, Started: w.Occurrence.RollOpen(w.Study, w.Now) == nil}))
	reply.Private = !r.Ephemeral && r.Kind == bot.KindMention // names of who is missing are for the leader
	return reply, nil
}

// studyRollPressed opens the roll of a session.
func (h *Handlers) studyRollPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.studyRollModal(ctx, r, views.StudyRollMeta{Occurrence: rowID(r.Value)}, bot.ModalOpen, "")
}

// studyRollTurned turns to another page, list or unit of the open roll.
func (h *Handlers) studyRollTurned(ctx context.Context, r bot.Request) (bot.Reply, error) {
	meta, ok := views.ParseStudyRollMeta(r.View.Private)
	if !ok {
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.study_gone")
	}
	if r.Name == views.ActionStudyRollUnit {
		meta.Unit, meta.Offset = rowID(r.Value), 0
	} else {
		what, from, _ := strings.Cut(r.Value, ":")
		meta.What = what
		meta.Offset, _ = strconv.Atoi(from) // what is no number is the first page
	}
	return h.studyRollModal(ctx, r, meta, bot.ModalUpdate, "")
}

func (h *Handlers) studyRollModal(ctx context.Context, r bot.Request, meta views.StudyRollMeta, how bot.ModalHow, said string) (bot.Reply, error) {
	sheet, err := h.svc.StudyRollSheet(ctx, h.act(r), meta.Occurrence, services.RollOf{What: meta.What, Unit: meta.Unit, Offset: meta.Offset}, views.StudyRollPage)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" && r.Kind != bot.KindSubmission {
		return h.reply(p.StudyRolled(sessionModel(sheet.StudySession), nil, nil)), nil
	}
	meta.Offset = sheet.Offset
	return bot.Reply{Modal: p.StudyRollModal(rollModel(sheet), meta, said), How: how}, nil
}

func rollModel(s services.StudyRollSheet) views.StudyRollModel {
	return views.StudyRollModel{SessionModel: sessionModel(s.StudySession), Rows: s.Rows, People: s.People, ByCode: s.ByCode, Units: s.Units,
		Count: s.Count, Open: s.Open, Self: s.Self}
}

// submitStudyRoll writes a page of the roll and shows the next one, if any is
// left.
func (h *Handlers) submitStudyRoll(ctx context.Context, r bot.Request, meta views.StudyRollMeta) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	page, faults := studyRollOf(r, p)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	out, err := h.svc.TakeStudyRoll(ctx, h.act(r), meta.Occurrence, page)
	if err != nil {
		return bot.Reply{}, err
	}
	if meta.What == views.RollDecided {
		meta = views.StudyRollMeta{Occurrence: meta.Occurrence, Unit: meta.Unit}
		return h.studyRolled(p, out, true), nil
	}
	// Who was looked at is off the list; the others keep their place in it.
	written := 0
	for _, n := range out.Said {
		written += n
	}
	meta.Offset += max(0, meta.Rows-written)
	sheet, err := h.svc.StudyRollSheet(ctx, h.act(r), meta.Occurrence, services.RollOf{What: meta.What, Unit: meta.Unit, Offset: meta.Offset}, views.StudyRollPage)
	if err != nil {
		return bot.Reply{}, err
	}
	if meta.Offset >= sheet.Count {
		return h.studyRolled(p, out, true), nil
	}
	meta.Offset = sheet.Offset
	return bot.Reply{Modal: p.StudyRollModal(rollModel(sheet), meta, p.StudyRollSaid(out.Said, skippedLines(out)))}, nil
}

func (h *Handlers) studyRolled(p *views.Printer, out services.StudyRolled, private bool) bot.Reply {
	reply := h.reply(p.StudyRolled(sessionModel(out.StudySession), out.Said, skippedLines(out)))
	reply.Private = private
	return reply
}

func skippedLines(out services.StudyRolled) []views.SkippedLine {
	var lines []views.SkippedLine
	for _, s := range out.Skipped {
		lines = append(lines, views.SkippedLine{Who: s.Who, Why: s.Why})
	}
	return lines
}

// studyRollOf reads a submitted page; faults are sentences by the field they
// concern.
func studyRollOf(r bot.Request, p *views.Printer) (services.StudyRollPage, map[string]string) {
	page := services.StudyRollPage{AllCode: one(r, views.FieldRollCode) == views.RollYes}
	faults := map[string]string{}
	fault := func(field, key string) {
		faults[field] = p.Error(models.Refuse(models.CodeInvalid, key, "Most", models.MostNote), "")
	}
	for _, field := range slices.Sorted(maps.Keys(r.Fields)) {
		row, ok := strings.CutPrefix(field, views.FieldMark)
		if !ok {
			continue
		}
		row, stamp, _ := strings.Cut(row, ":")
		line := services.StudyRollLine{AttendanceID: rowID(row), Stamp: stamp}
		note, wrong := views.FieldMarkNote+row, ""
		switch said := one(r, field); {
		case said == "" && strings.TrimSpace(one(r, note)) == "": // nobody looked at them
		case said == "":
			fault(note, "error.study_roll_choose")
		default:
			if line.Mark, wrong = studyMark(said, one(r, note)); wrong != "" {
				fault(note, wrong)
			}
			page.Lines = append(page.Lines, line)
		}
	}
	for _, slack := range r.Fields[views.FieldAlso] {
		page.Lines = append(page.Lines, services.StudyRollLine{Slack: slack, Mark: models.StudyMark{Said: models.RollCame}})
	}
	return page, faults
}

// studyMark is a mark with what was written beside it: minutes of who came
// late, the reason of who is excused, else words that are kept. fault is the key
// of what is wrong with it.
func studyMark(said, note string) (m models.StudyMark, fault string) {
	m = models.StudyMark{Said: said, Note: strings.TrimSpace(note)}
	switch said {
	case models.RollLate:
		m.LateMin, m.Note, _ = grammar.ParseMinutesLate(m.Note)
		if m.LateMin < 0 || m.LateMin > 24*60 {
			return m, "error.study_roll_minutes"
		}
	case models.RollCame, models.RollExcused, models.RollMissed:
	default:
		return m, "error.study_roll_minutes"
	}
	if len([]rune(m.Note)) > models.MostNote {
		return m, "error.study_roll_note"
	}
	return m, ""
}

// studyRollLine is `study s7 roll …`: alone, or with a day, it opens the modal,
// else it is the roll on one line.
func (h *Handlers) studyRollLine(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, rest string) (bot.Reply, error) {
	said, ok := grammar.ParseStudyRoll(rest)
	ref := plan.Study.Ref()
	on, err := nearDay(said.Day, grammar.Options{Now: p.Now, Zone: models.Zone(plan.Study.Zone), Lang: p.Lang})
	if err != nil || said.Part != "" {
		part := said.Part
		if err != nil {
			part = said.Day
		}
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.study_roll_part", "Part", part, "Ref", ref)
	}
	if !ok {
		return h.openStudyRoll(ctx, r, plan.Study.Number, on)
	}
	page := services.StudyRollPage{AllCode: said.All}
	for _, l := range said.Lines {
		page.Lines = append(page.Lines, services.StudyRollLine{Slack: l.User, Mark: models.StudyMark{Said: l.Said, LateMin: l.Minutes, Note: l.Note}})
	}
	if len(page.Lines) == 0 && !page.AllCode {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.study_roll_part", "Part", rest, "Ref", ref)
	}
	out, err := h.svc.TakeStudyRollOf(ctx, h.act(r), plan.Study.Number, on, page)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.studyRolled(p, out, !r.Ephemeral && r.Kind == bot.KindMention), nil
}

// nearDay reads which day's session is meant: a roll is mostly of one that is
// over, so of a day that can lie behind or ahead it is the nearer one.
func nearDay(text string, o grammar.Options) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	past, unread := grammar.ParsePastDay(text, o)
	ahead, err := grammar.ParseDay(text, o)
	if unread == nil && (err != nil || o.Now.Sub(past) <= ahead.Sub(o.Now)) {
		return past, nil
	}
	return ahead, err
}

func (h *Handlers) openStudyRoll(ctx context.Context, r bot.Request, number int, on time.Time) (bot.Reply, error) {
	sheet, err := h.svc.StudyRollSheetOf(ctx, h.act(r), number, on, views.StudyRollPage)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.studyRollModal(ctx, r, views.StudyRollMeta{Occurrence: sheet.Occurrence.ID}, bot.ModalOpen, "")
}
