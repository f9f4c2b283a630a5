package handlers

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerMakeup(r *bot.Router) {
	r.On(bot.KindAction, views.ActionStudyOpen, h.studyOpen)
	r.On(bot.KindAction, views.ActionStudyMakeup, h.makeup)
	r.On(bot.KindAction, views.ActionProofFor, h.proofFor)
	r.On(bot.KindAction, views.ActionMakeupRead, h.makeupRead)
	r.On(bot.KindAction, views.ActionMakeupBack, h.makeupBack)
	r.On(bot.KindAction, views.ActionMakeupsMore, h.makeupsMore)
	r.On(bot.KindSubmission, views.ModalMakeup, h.makeupSubmitted)
	r.On(bot.KindSubmission, views.ModalMakeupBack, h.makeupBackSubmitted)
	h.registerQuiz(r)
}

func (h *Handlers) makeupRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageMakeups: h.renderMakeups}
}

// studyOpen notes that the material was opened: Slack opens the address and
// tells of the press. In the form of a make-up the form then says so.
func (h *Handlers) studyOpen(ctx context.Context, r bot.Request) (bot.Reply, error) {
	c, err := h.svc.OpenMaterial(ctx, h.act(r), rowID(r.Value))
	if err != nil || r.View.Callback != views.ModalMakeup {
		return bot.Reply{}, err
	}
	_, draft := pair(r.View.Private)
	c, kept, err := h.svc.MakeupForm(ctx, h.act(r), c.Attendance.ID, max(draft, 0))
	if err != nil {
		return bot.Reply{}, nil // closed meanwhile: said when the form is sent
	}
	m := views.MakeupModel{StudyModel: studyModel(c), Draft: max(draft, 0), Proof: kept.Proof, Words: one(r, views.FieldReflection)}
	return bot.Reply{Modal: h.printerFor(c.Tenant, c.Person, c.Now).MakeupModal(m), How: bot.ModalUpdate}, nil
}

// makeup is first "can't, I'll make it up", and then the making up itself.
func (h *Handlers) makeup(ctx context.Context, r bot.Request) (bot.Reply, error) {
	c, err := h.svc.StudyCardOf(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	_, end := c.Occurrence.Times(c.Study, c.Attendance.Slot)
	if c.Attendance.State == models.AttendanceDue && c.Attendance.Intent != models.IntentMakeup && c.Now < end {
		return h.pressed(h.svc.StudyMakeupLater)(ctx, r)
	}
	return h.makeupForm(ctx, r, c.Attendance.ID, 0)
}

// makeupForm opens the form of a make-up; draft are files sent before.
func (h *Handlers) makeupForm(ctx context.Context, r bot.Request, attendanceID, draft int64) (bot.Reply, error) {
	c, kept, err := h.svc.MakeupForm(ctx, h.act(r), attendanceID, draft)
	if err != nil {
		return bot.Reply{}, err
	}
	m := views.MakeupModel{StudyModel: studyModel(c), Draft: draft, Proof: kept.Proof, Words: kept.Words}
	return bot.Reply{Modal: h.printerFor(c.Tenant, c.Person, c.Now).MakeupModal(m)}, nil
}

func (h *Handlers) makeupSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	id, draft := pair(r.View.Private)
	draft = max(draft, 0)
	c, kept, err := h.svc.MakeupForm(ctx, h.act(r), rowID(id), draft)
	if err != nil {
		return fieldError(p, views.FieldReflection, err)
	}
	m := views.MakeupModel{StudyModel: studyModel(c), Draft: draft, Words: one(r, views.FieldReflection), Proof: kept.Proof}
	in := models.Handed{Words: strings.TrimSpace(m.Words)}
	var other string
	if in.Proof, other = proofOf(r); other != "" {
		return bot.Reply{Errors: map[string]string{views.FieldProof: p.T("error.makeup_proof_kind", "Name", other)}}, nil
	}
	var shown bool
	if in.Answers, shown = answersIn(r, c.Study.Quiz); !shown && !c.Attendance.QuizPassed(c.Study) {
		m.Stale = true
		return bot.Reply{Modal: p.MakeupModal(m)}, nil
	}
	a, err := h.svc.StudyMakeup(ctx, h.act(r), rowID(id), draft, in)
	if err != nil {
		return fieldError(p, faultField(err, views.FieldReflection), err)
	}
	if a.Missed {
		m.StudyModel, m.Missed = studyModel(a.StudyCard), true
		m.Proof = a.Attendance.Proof
		return bot.Reply{Modal: p.MakeupModal(m)}, nil
	}
	reply := h.studyAnswer(a)
	reply.Private = true
	return reply, nil
}

// faultField is the field that a refusal is about.
func faultField(err error, otherwise string) string {
	var refused *models.Error
	if errors.As(err, &refused) && refused.Field != "" {
		return refused.Field
	}
	return otherwise
}

// answersIn reads the answers to a quiz; shown is false when the form had other
// questions than there are now.
func answersIn(r bot.Request, quiz []models.Question) (answers []int, shown bool) {
	shown = true
	for n := range quiz {
		values, there := r.Fields[views.FieldAnswer(quiz, n)]
		shown = shown && there
		answers = append(answers, -1)
		if len(values) == 1 {
			if i, err := strconv.Atoi(values[0]); err == nil {
				answers[n] = i - 1
			}
		}
	}
	return answers, shown
}

// proofOf are the voice messages and photos that came with a request, the
// person's own only; other names a file that is neither.
func proofOf(r bot.Request) (proof []models.Proof, other string) {
	for _, f := range r.Files {
		kind := models.ProofOf(f.Type, f.Mime)
		switch {
		case f.User != "" && f.User != r.User:
			continue
		case kind == "":
			other = views.Cut(views.Plain(f.Name), 60)
		default:
			proof = append(proof, models.Proof{File: f.ID, Kind: kind, Type: f.Type, Link: f.Link})
		}
	}
	return proof, other
}

// proofSaid takes a voice message or photos that somebody sends by direct
// message: one press says which make-up they are for. done is false when they
// mean something else.
func (h *Handlers) proofSaid(ctx context.Context, r bot.Request) (reply bot.Reply, done bool, err error) {
	if len(r.Files) == 0 || !r.Direct || r.EditTS != "" || grammar.SpeaksOfDanger(r.Text) {
		return bot.Reply{}, false, nil
	}
	cards, err := h.svc.WaitingMakeups(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, false, err
	}
	words := strings.TrimSpace(r.Text)
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, false, err
	}
	proof, other := proofOf(r)
	switch {
	case len(cards) == 0 && words == "":
		return say(p.T("makeup.proof_none")), true, nil
	case len(cards) == 0:
		return bot.Reply{}, false, nil
	case other != "":
		return say(p.T("makeup.proof_kind", "Name", views.Escape(other))), true, nil
	case len(proof) == 0:
		return bot.Reply{}, false, nil
	case len(proof) > models.ProofMost:
		return say(p.T("error.makeup_proof_many", "N", models.ProofMost)), true, nil
	}
	draft, err := h.svc.KeepProof(ctx, h.act(r), proof, words)
	if err != nil {
		return bot.Reply{}, true, err
	}
	return h.reply(p.ProofOffer(studyModels(cards), proof, draft.ID)), true, nil
}

func studyModels(cards []services.StudyCard) []views.StudyModel {
	out := make([]views.StudyModel, len(cards))
	for i, c := range cards {
		out[i] = studyModel(c)
	}
	return out
}

// proofFor takes what was sent before for one make-up; where there is a quiz
// the form asks it first.
func (h *Handlers) proofFor(ctx context.Context, r bot.Request) (bot.Reply, error) {
	value, draft := pair(r.Value)
	c, kept, err := h.svc.MakeupForm(ctx, h.act(r), rowID(value), max(draft, 0))
	if err != nil {
		return bot.Reply{}, err
	}
	p := h.printerFor(c.Tenant, c.Person, c.Now)
	switch {
	case len(kept.Proof) == 0:
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.makeup_proof_gone")
	case c.Attendance.NeedsOpening(c.Occurrence, c.Study):
		return h.reply(p.ProofOpenFirst(studyModel(c), draft)), nil
	case !c.Attendance.QuizPassed(c.Study):
		return h.makeupForm(ctx, r, c.Attendance.ID, draft)
	}
	a, err := h.svc.StudyMakeup(ctx, h.act(r), c.Attendance.ID, draft, models.Handed{})
	if err != nil {
		return bot.Reply{}, err
	}
	reply := h.studyAnswer(a)
	reply.Replace = r.Ephemeral
	return reply, nil
}

// Who reads the make-ups.

func (h *Handlers) renderMakeups(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	got, err := h.svc.Makeups(ctx, m)
	if err != nil {
		return bot.Outgoing{}, err
	}
	if m.Shown == 0 && got.All == 0 {
		return bot.Outgoing{}, errGone // taken back meanwhile
	}
	return outgoing(h.printerFor(got.Tenant, got.Leader, got.Now).Makeups(makeupsModel(got))), nil
}

func makeupsModel(got services.Makeups) views.MakeupsModel {
	m := views.MakeupsModel{Study: got.Study, Occurrence: got.Occurrence, Offset: got.Offset, All: got.All, Past: got.Past}
	for _, c := range got.Rows {
		m.Rows = append(m.Rows, views.MakeupRow{Who: c.Person, Attendance: c.Attendance})
	}
	return m
}

func (h *Handlers) makeupsMore(ctx context.Context, r bot.Request) (bot.Reply, error) {
	value, offset := pair(r.Value)
	got, err := h.svc.MoreMakeups(ctx, h.act(r), rowID(value), int(offset))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(h.printerFor(got.Tenant, got.Leader, got.Now).Makeups(makeupsModel(got))), nil
}

func (h *Handlers) makeupRead(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.MakeupOf(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.MakeupRead(studyModel(c), c.Person)), nil
}

func (h *Handlers) makeupBack(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, me, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.MakeupOf(ctx, h.act(r), rowID(r.Value))
	if err != nil {
		return bot.Reply{}, err
	}
	probe := c.Attendance // what the form would only refuse is refused before it is filled in
	if refused := probe.Return(me.Person.ID, "?", c.Now); refused != nil {
		return bot.Reply{}, refused
	}
	return bot.Reply{Modal: p.MakeupBackModal(studyModel(c), c.Person)}, nil
}

func (h *Handlers) makeupBackSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, err := h.svc.ReturnMakeup(ctx, h.act(r), rowID(r.View.Private), one(r, views.FieldReason))
	if err != nil {
		return fieldError(p, views.FieldReason, err)
	}
	reply := h.reply(p.MakeupGivenBack(studyModel(c), c.Person))
	reply.Private = true
	return reply, nil
}

// makeupUndoes take back what a message about make-ups reports.
func (h *Handlers) makeupUndoes() map[string]undoFunc {
	return map[string]undoFunc{
		views.UndoMakeupBack: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
			p, _, err := h.printer(ctx, r)
			if err != nil {
				return bot.Reply{}, err
			}
			if _, err := h.svc.UnreturnMakeup(ctx, h.act(r), id); err != nil {
				return bot.Reply{}, err
			}
			return say(p.T("makeup.back_undone")), nil
		},
	}
}
