package handlers

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// rollPressed opens the roll.
func (h *Handlers) rollPressed(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.rollModal(ctx, r, views.RollMeta{Call: value(r)}, bot.ModalOpen)
}

// rollPage turns to another shift or page of the open roll.
func (h *Handlers) rollPage(ctx context.Context, r bot.Request) (bot.Reply, error) {
	meta := views.ParseRollPage(views.DecodeRollMeta(r.View.Private).Call, r.Value)
	return h.rollModal(ctx, r, meta, bot.ModalUpdate)
}

func (h *Handlers) rollModal(ctx context.Context, r bot.Request, meta views.RollMeta, how bot.ModalHow) (bot.Reply, error) {
	sheet, err := h.svc.RollSheet(ctx, h.act(r), meta.Call)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	shift := sheet.Shift(meta.Shift)
	if shift == nil {
		shift = services.RollShift(sheet)
	}
	if err := rollOpen(sheet, shift); err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" && r.Kind != bot.KindSubmission {
		return h.reply(p.RollShow(sheet)), nil
	}
	return bot.Reply{Modal: p.RollModal(sheet, shift, meta), How: how}, nil
}

// rollOpen says why there is no roll yet, nil when there is one.
func rollOpen(sheet models.Sheet, shift *models.Shift) error {
	switch opens := shift.StartAt.Add(-models.OnsiteLead); {
	case sheet.Call.State == models.CallCancelled:
		return sheet.TakesSignups()
	case sheet.Now < opens:
		return models.Refuse(models.CodeConflict, "error.roll_early", "Number", sheet.Call.Ref(), "Title", sheet.Call.Title, "Opens", opens)
	}
	return nil
}

// rollByCode is the one press for everybody with an on-site code.
func (h *Handlers) rollByCode(ctx context.Context, r bot.Request) (bot.Reply, error) {
	return h.takeRoll(ctx, r, value(r), services.RollPage{AllCode: true})
}

func (h *Handlers) takeRoll(ctx context.Context, r bot.Request, callID int64, page services.RollPage) (bot.Reply, error) {
	out, err := h.svc.TakeRoll(ctx, h.act(r), callID, page)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.rolled(ctx, r, p, out)
}

func (h *Handlers) rolled(ctx context.Context, r bot.Request, p *views.Printer, out services.Rolled) (bot.Reply, error) {
	var unmatched []models.Person
	for _, id := range out.Unmatched {
		who, err := h.svc.PersonOf(ctx, out.Sheet.Tenant.ID, id)
		if err != nil {
			return bot.Reply{}, err
		}
		unmatched = append(unmatched, who)
	}
	return h.replace(r, p.Rolled(out.Sheet, out.Came, out.Absent, out.Own, unmatched, out.Changed)), nil
}

// submitRoll writes a page of the roll and shows the next one, if any is left.
func (h *Handlers) submitRoll(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if meta, ok := views.ParseStudyRollMeta(r.View.Private); ok {
		return h.submitStudyRoll(ctx, r, meta)
	}
	meta := views.DecodeRollMeta(r.View.Private)
	sheet, err := h.svc.RollSheet(ctx, h.act(r), meta.Call)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	shift := sheet.Shift(meta.Shift)
	if shift == nil {
		return bot.Reply{}, models.Refuse(models.CodeNotFound, "error.role_gone")
	}
	page, faults := rollOf(r, p, sheet, shift)
	page.AllGoods = models.Instant(meta.Goods)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	out, err := h.svc.TakeRoll(ctx, h.act(r), meta.Call, page)
	var refusal *models.Error
	if errors.As(err, &refusal) && refusal.Field != "" {
		return bot.Reply{Errors: map[string]string{refusal.Field: p.Error(err, "")}}, nil
	}
	if err != nil {
		return bot.Reply{}, err
	}
	if more := views.RollOpenLeft(out.Sheet, out.Sheet.Shift(shift.ID)); meta.What != views.RollDecided && more > 0 && len(page.Lines) > 0 {
		return h.rollModal(ctx, r, views.RollMeta{Call: meta.Call, Shift: meta.Shift}, bot.ModalOpen)
	}
	reply, err := h.rolled(ctx, r, p, out)
	reply.Private = true
	return reply, err
}

// rollOf reads a submitted page; faults are sentences by the field they
// concern.
func rollOf(r bot.Request, p *views.Printer, sheet models.Sheet, shift *models.Shift) (services.RollPage, map[string]string) {
	page := services.RollPage{ShiftID: shift.ID, AllCode: one(r, views.FieldRollCode) == views.RollYes}
	faults := map[string]string{}
	fault := func(field, key, part string) {
		faults[field] = p.Error(models.Refuse(models.CodeInvalid, key, "Part", part, "Number", sheet.Call.Ref()), "")
	}
	fields := make([]string, 0, len(r.Fields))
	for field := range r.Fields {
		fields = append(fields, field)
	}
	slices.Sort(fields)
	for _, field := range fields {
		if row, ok := strings.CutPrefix(field, views.FieldRollCame); ok && one(r, field) != "" {
			id := rowID(row)
			line := services.RollLine{SignupID: id, Entry: models.RollEntry{Came: one(r, field) == views.RollYes}}
			times := views.FieldRollTimes + row
			if typed := one(r, times); typed != "" && line.Entry.Came && !untouched(p, sheet, id, typed) {
				from, to, ok := grammar.ParseServedSpan(typed, shift.StartAt.In(p.Zone), shift.EndAt.In(p.Zone))
				if !ok {
					fault(times, "error.roll_read", typed)
				}
				line.Entry.From, line.Entry.To = models.At(from), models.At(to)
			}
			if !settledAs(sheet, line) {
				page.Lines = append(page.Lines, line)
			}
		}
		if row, ok := strings.CutPrefix(field, views.FieldRollWalk); ok && one(r, field) != "" {
			page.WalkIns = append(page.WalkIns, services.WalkInLine{ID: rowID(row), RoleID: rowID(one(r, field)), Take: one(r, field) != views.RollNo})
		}
	}
	for _, slack := range r.Fields[views.FieldRollNew] {
		page.Arrivals = append(page.Arrivals, services.Newcomer{Slack: slack, RoleID: rowID(one(r, views.FieldRollNewRole))})
	}
	if typed := strings.TrimSpace(one(r, views.FieldRollServed)); typed != "" {
		n, ok := served(typed)
		if !ok {
			fault(views.FieldRollServed, "error.served", typed)
		}
		page.Served = &n
	}
	for _, line := range strings.Split(one(r, views.FieldRollGoods), "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		g, ok := grammar.ParseGoods(line)
		if !ok {
			fault(views.FieldRollGoods, "error.goods", line)
			break
		}
		page.Goods = append(page.Goods, models.Goods{Item: g.Item, Number: g.Number, Value: g.Cents})
	}
	return page, faults
}

// untouched says whether the times of a line are those that stood there: they
// are then what the roll proposes, to the second.
func untouched(p *views.Printer, sheet models.Sheet, signupID int64, typed string) bool {
	su := sheet.Signup(signupID)
	if su == nil {
		return false
	}
	from, to := sheet.Times(su)
	return strings.TrimSpace(typed) == p.Clock(from.Time())+"-"+p.Clock(to.Time())
}

// settledAs says whether the roll says so of somebody already: a page shown to
// correct one line repeats the others.
func settledAs(sheet models.Sheet, line services.RollLine) bool {
	su := sheet.Signup(line.SignupID)
	if su == nil || su.RollAt == 0 || su.ContestAt != 0 || line.Entry.From != 0 || su.RollBy == su.PersonID {
		return false
	}
	return su.Came() == line.Entry.Came
}

func served(text string) (int, bool) {
	n, err := strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(grammar.Fold(text), "人"), " people"))
	return n, err == nil && n >= 0 && n <= 1_000_000
}

// rollLine is `call k12 roll …`: alone it opens the modal, else it is the roll
// on one line.
func (h *Handlers) rollLine(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error) {
	said, ok := grammar.ParseRollLine(rest)
	if !ok {
		return h.rollModal(ctx, r, views.RollMeta{Call: sheet.Call.ID}, bot.ModalOpen)
	}
	if said.Part != "" {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.roll_part", "Part", said.Part, "Number", sheet.Call.Ref())
	}
	page := services.RollPage{AllCode: said.All, People: said.Came, Absent: said.Absent}
	for _, n := range said.New {
		page.Arrivals = append(page.Arrivals, services.Newcomer{Slack: n.User, RoleName: n.Role})
	}
	if said.Shift != 0 {
		for _, sh := range sheet.Shifts {
			if sh.Seq == said.Shift {
				page.ShiftID = sh.ID
			}
		}
		if page.ShiftID == 0 {
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.roll_part", "Part", strconv.Itoa(said.Shift), "Number", sheet.Call.Ref())
		}
	}
	return h.takeRoll(ctx, r, sheet.Call.ID, page)
}

// servedLine is `call k12 served 86`.
func (h *Handlers) servedLine(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error) {
	n, ok := served(rest)
	if !ok {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.served", "Part", rest, "Number", sheet.Call.Ref())
	}
	return h.takeRoll(ctx, r, sheet.Call.ID, services.RollPage{Served: &n})
}

// goodsLine is `call k12 goods masks 100 50 yuan`, several with ; or a new
// line; a number of 0 takes an item off.
func (h *Handlers) goodsLine(ctx context.Context, r bot.Request, p *views.Printer, sheet models.Sheet, rest string) (bot.Reply, error) {
	var page services.RollPage
	for _, line := range strings.FieldsFunc(rest, func(c rune) bool { return strings.ContainsRune(";；\n、", c) }) {
		g, ok := grammar.ParseGoods(line)
		if !ok {
			return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.goods", "Part", strings.TrimSpace(line), "Number", sheet.Call.Ref())
		}
		page.Goods = append(page.Goods, models.Goods{Item: g.Item, Number: g.Number, Value: g.Cents})
	}
	if len(page.Goods) == 0 {
		return bot.Reply{}, models.Refuse(models.CodeInvalid, "error.goods", "Part", rest, "Number", sheet.Call.Ref())
	}
	return h.takeRoll(ctx, r, sheet.Call.ID, page)
}

// walkIn takes somebody who came without a place, or does not.
func (h *Handlers) walkIn(take bool) bot.Handler {
	return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		id, role, _ := strings.Cut(r.Value, ":")
		out, err := h.svc.DecideWalkIn(ctx, h.act(r), rowID(id), rowID(role), take)
		if err != nil {
			return bot.Reply{}, err
		}
		p, _, err := h.printer(ctx, r)
		if err != nil {
			return bot.Reply{}, err
		}
		out.Changed = true
		return h.rolled(ctx, r, p, out)
	}
}

func (h *Handlers) undoRoll(ctx context.Context, r bot.Request, id int64) (bot.Reply, error) {
	at := models.Instant(0)
	if parts := strings.Split(r.Value, ":"); len(parts) == 3 { // roll:call:moment
		id, at = rowID(parts[1]), models.Instant(rowID(parts[2]))
	}
	out, err := h.svc.UndoRoll(ctx, h.act(r), id, at)
	if err != nil {
		return bot.Reply{}, err
	}
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	return h.replace(r, p.RollUndone(out.Sheet, len(out.Came))), nil
}
