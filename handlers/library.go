package handlers

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

func (h *Handlers) registerLibrary(r *bot.Router) {
	on := func(id string, f bot.Handler) { r.On(bot.KindAction, id, f) }
	on(views.ActionLibrary, h.libraryPage)
	on(views.ActionLibraryItem, h.materialItem)
	on(views.ActionLibraryAdd, h.materialForm)
	on(views.ActionLibraryEdit, h.materialForm)
	on(views.ActionLibraryDelete, h.materialDelete)
	on(views.ActionLibraryPush, h.pushPressed)
	on(views.ActionReaders, h.materialReaders)
	r.On(bot.KindSubmission, views.ModalMaterial, h.materialSubmitted)
	r.On(bot.KindSubmission, views.ModalPush, h.pushSubmitted)
}

func (h *Handlers) libraryRenders() map[models.MessageKind]renderFunc {
	return map[models.MessageKind]renderFunc{models.MessageReceipt: h.renderReceipt}
}

// libraryUndoes take back what a message of the library reports.
func (h *Handlers) libraryUndoes() map[string]undoFunc {
	return map[string]undoFunc{views.UndoMaterial: func(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
		reply, err := h.materialSaid(ctx, r, "library.restored")(h.svc.DeleteMaterial(ctx, h.act(r), id, true))
		reply.Replace = r.Ephemeral
		return reply, err
	}}
}

// library is `study library …`.
func (h *Handlers) library(ctx context.Context, r bot.Request, rest string) (bot.Reply, error) {
	cmd := grammar.ParseLibrary(rest)
	switch {
	case cmd.Sub == "add" && strings.TrimSpace(cmd.Rest) == "":
		r.Value = "0"
		return h.materialForm(ctx, r)
	case cmd.Sub == "add":
		return h.materialAdd(ctx, r, cmd.Rest)
	case cmd.Number == 0:
		return h.libraryList(ctx, r, cmd.Query, 0)
	}
	card, err := h.svc.MaterialByNumber(ctx, h.act(r), cmd.Number)
	if err != nil {
		return bot.Reply{}, err
	}
	r.Value = strconv.FormatInt(card.Material.ID, 10)
	switch {
	case cmd.Sub == "push" && strings.TrimSpace(cmd.Rest) != "":
		return h.push(ctx, r, card.Material.Ref()+" "+cmd.Rest)
	case cmd.Sub == "push":
		return h.pushPressed(ctx, r)
	case cmd.Sub == "delete":
		return h.materialDelete(ctx, r)
	case cmd.Sub == "edit" && strings.TrimSpace(cmd.Rest) == "":
		return h.materialForm(ctx, r)
	case cmd.Sub == "edit":
		return h.materialEdit(ctx, r, card.Material.ID, cmd.Rest)
	case cmd.Rest != "":
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.library_sub", "Part", cmd.Rest, "Ref", card.Material.Ref())
	}
	return h.materialSaid(ctx, r, "")(card, nil)
}

func (h *Handlers) libraryList(ctx context.Context, r bot.Request, query string, page int) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	list, err := h.svc.Materials(ctx, h.act(r), query, page)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.reply(p.Library(views.LibraryModel{Query: list.Query, Items: list.Items, Page: list.Page, Size: services.LibraryPage,
		Total: list.Total, Adds: list.Adds})), nil
}

// libraryPage turns to the page that a button names.
func (h *Handlers) libraryPage(ctx context.Context, r bot.Request) (bot.Reply, error) {
	page, query, _ := strings.Cut(r.Value, ":")
	n, err := strconv.Atoi(page)
	if err != nil || n < 0 || n > 1_000_000 { // forged: the first page
		n = 0
	}
	reply, err := h.libraryList(ctx, r, query, n)
	reply.Replace = r.Ephemeral
	return reply, err
}

func (h *Handlers) materialItem(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.materialSaid(ctx, r, "")(h.svc.MaterialByID(ctx, h.act(r), value(r)))
}

// materialSaid shows an item, with what has just happened to it.
func (h *Handlers) materialSaid(ctx context.Context, r bot.Request, key string) func(services.MaterialCard, error) (bot.Reply, error) {
	return func(c services.MaterialCard, err error) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		if c.Material.DeletedAt != 0 {
			return h.reply(p.MaterialDeleted(c.Material)), nil
		}
		said := ""
		if key != "" {
			said = p.T(key)
		}
		return h.reply(p.MaterialShow(materialModel(c), said)), nil
	}
}

func materialModel(c services.MaterialCard) views.MaterialModel {
	out := views.MaterialModel{Material: c.Material, By: c.AddedBy, Adds: c.Adds, Changes: c.Changes}
	for _, push := range c.Pushes {
		out.Pushes = append(out.Pushes, views.PushModel{Plan: planModel(push.Plan), Occurrence: push.Occurrence, Receipt: push.Receipt,
			Reading: push.Reading, Mine: push.Mine})
	}
	return out
}

func (h *Handlers) materialAdd(ctx context.Context, r bot.Request, text string) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseMaterial(text, grammar.Options{Now: p.Now, Zone: p.OrgZone, Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	return h.materialSaid(ctx, r, "library.added")(h.svc.AddMaterial(ctx, h.act(r), newMaterial(read)))
}

func newMaterial(read grammar.Material) services.NewMaterial {
	return services.NewMaterial{Title: read.Title, Link: read.Link, Tags: read.Tags}
}

func (h *Handlers) materialEdit(ctx context.Context, r bot.Request, id int64, text string) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	read, err := grammar.ParseMaterialEdit(text, grammar.Options{Now: p.Now, Zone: p.OrgZone, Lang: p.Lang})
	if err != nil {
		return bot.Reply{}, reasonError(err)
	}
	return h.materialSaid(ctx, r, "library.changed")(h.svc.EditMaterial(ctx, h.act(r), id, newMaterial(read), read.Set))
}

func (h *Handlers) materialDelete(ctx context.Context, r bot.Request) (bot.Reply, error) {
	reply, err := h.materialSaid(ctx, r, "")(h.svc.DeleteMaterial(ctx, h.act(r), value(r), false))
	reply.Replace = r.Ephemeral
	return reply, err
}

// materialForm opens the form of a new item, or of one to be changed.
func (h *Handlers) materialForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	var item models.Material
	if id := value(r); id != 0 {
		if item, err = h.svc.OwnMaterial(ctx, h.act(r), id); err != nil {
			return bot.Reply{}, err
		}
	} else if _, err := h.svc.StudyUnits(ctx, h.act(r)); err != nil { // who may not is told before typing
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		action := views.ActionLibraryAdd
		if item.ID != 0 {
			action = views.ActionLibraryEdit
		}
		return h.reply(p.FormButton(action, item.ID)), nil
	}
	return bot.Reply{Modal: p.MaterialModal(item)}, nil
}

// materialSubmitted reads the form; faults stand beside their fields.
func (h *Handlers) materialSubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	in := services.NewMaterial{Title: one(r, views.FieldTitle), Link: strings.Trim(one(r, views.FieldLink), "<> "), Tags: grammar.ParseTags(one(r, views.FieldTags))}
	var card services.MaterialCard
	said := "library.added"
	if id := rowID(r.View.Private); id != 0 {
		said = "library.changed"
		card, err = h.svc.EditMaterial(ctx, h.act(r), id, in, map[string]bool{"title": true, "link": true, "tags": true})
	} else {
		card, err = h.svc.AddMaterial(ctx, h.act(r), in)
	}
	var refused *models.Error
	if errors.As(err, &refused) && refused.Field != "" {
		return fieldError(p, refused.Field, err)
	}
	reply, err := h.materialSaid(ctx, r, said)(card, err)
	reply.Private = true
	return reply, err
}

// materialReaders shows who opened pushed material, to who is entitled.
func (h *Handlers) materialReaders(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.readersSaid(ctx, r)(h.svc.MaterialReaders(ctx, h.act(r), value(r)))
}

// whoOfStudy is `study s9 who`: of pushed material who has read it, else who is
// there.
func (h *Handlers) whoOfStudy(ctx context.Context, r bot.Request, p *views.Printer, plan services.StudyPlan, rest string) (bot.Reply, error) {
	if !plan.Study.Pushed() {
		return h.studyWhoLine(ctx, r, p, plan, rest)
	}
	return h.readersSaid(ctx, r)(h.svc.ReadersOfStudy(ctx, h.act(r), plan.Study.ID))
}

func (h *Handlers) readersSaid(ctx context.Context, r bot.Request) func(services.Receipt, error) (bot.Reply, error) {
	return func(c services.Receipt, err error) (bot.Reply, error) {
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		return h.reply(p.Readers(receiptModel(c), c.Readers, c.Parts)), nil
	}
}

func receiptModel(c services.Receipt) views.ReceiptModel {
	return views.ReceiptModel{Plan: planModel(c.Plan), Material: c.Material, Occurrence: c.Occurrence, Reading: c.Reading, Final: c.Final, Past: c.Past}
}

func (h *Handlers) renderReceipt(ctx context.Context, m models.Message) (bot.Outgoing, error) {
	c, ok, err := h.svc.ReceiptMessage(ctx, m)
	if err != nil {
		return bot.Outgoing{}, fmt.Errorf("receipt of pushed material: %w", err)
	}
	off := c.Plan.Study.State == models.StudyCancelled || c.Occurrence.Off()
	if !ok || m.Shown == 0 && off {
		return bot.Outgoing{}, errGone
	}
	return outgoing(h.printerFor(c.Tenant, c.Reader, c.Now).Receipt(receiptModel(c))), nil
}
