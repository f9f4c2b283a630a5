package handlers

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"muster/bot"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

// studyForm opens the form, or offers it by a button where there is no trigger.
func (h *Handlers) studyForm(ctx context.Context, r bot.Request) (bot.Reply, error) {
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	units, err := h.svc.StudyUnits(ctx, h.act(r))
	if err != nil {
		return bot.Reply{}, err
	}
	if r.TriggerID == "" {
		return h.reply(p.OpenButton(p.T("study.form_open"), views.ActionNewStudy)), nil
	}
	channel := r.Channel
	if r.Direct || r.Kind == bot.KindAction && r.TS == "" { // Home has no channel
		channel = ""
	}
	return bot.Reply{Modal: p.StudyModal(channel, units)}, nil
}

// studySubmitted reads the form with the same grammar as the one line.
func (h *Handlers) studySubmitted(ctx context.Context, r bot.Request) (bot.Reply, error) {
	r.Channel = r.View.Private
	r.Direct = r.Channel == ""
	p, _, err := h.printer(ctx, r)
	if err != nil {
		return bot.Reply{}, err
	}
	o, err := h.reading(ctx, r, p)
	if err != nil {
		return bot.Reply{}, err
	}
	in, faults := readStudyForm(p, r, o)
	if len(faults) > 0 {
		return bot.Reply{Errors: faults}, nil
	}
	reply, err := h.openStudy(ctx, r, p, in)
	var refused *models.Error
	if errors.As(err, &refused) && refused.Code == models.CodeInvalid {
		return bot.Reply{Errors: map[string]string{formField(refused): p.Error(err, "")}}, nil
	}
	reply.Private = true
	return reply, err
}

// formField is the field of the form that a refusal is about.
func formField(e *models.Error) string {
	if e.Field != "" {
		return e.Field
	}
	for key, field := range map[string]string{"error.study_link": views.FieldLink, "error.study_no_title": views.FieldTitle,
		"error.study_for_missing": views.FieldWho, "error.study_range": views.FieldLength} {
		if e.Key == key {
			return field
		}
	}
	return views.FieldWhen
}

// readStudyForm reads the fields; faults are by block_id.
func readStudyForm(p *views.Printer, r bot.Request, o grammar.Options) (services.NewStudy, map[string]string) {
	f := studyFields{p: p, r: r, faults: map[string]string{}}
	read := grammar.Study{Title: one(r, views.FieldTitle), Where: one(r, views.FieldPlace), Link: strings.Trim(one(r, views.FieldLink), "<> "),
		Length: time.Hour, Set: map[string]bool{}}
	var err error
	read.When, err = grammar.ParseWhen(one(r, views.FieldWhen), o)
	f.note(views.FieldWhen, err)
	if read.When.End.After(read.When.Start) {
		read.Length = read.When.End.Sub(read.When.Start)
	}
	if d, ok := f.duration(views.FieldLength); ok {
		read.Length = d
	}
	if d, ok := f.duration(views.FieldMakeup); ok {
		read.Makeup = &d
	}
	if slices.Contains(r.Fields[views.FieldKind], views.MeetingNone) {
		hour := 1.0
		read.Length, read.Hours = 0, &hour
	}
	read.Remind, read.Set["remind"] = f.leads()
	if text := strings.TrimSpace(one(r, views.FieldUntil)); text != "" {
		day, err := grammar.ParseDay(text, o)
		f.note(views.FieldUntil, err)
		last := day.AddDate(0, 0, 1).Add(-time.Millisecond)
		read.Until = &last
	}
	in, err := newStudy(read)
	f.note(views.FieldWhen, err)
	who := one(r, views.FieldWho)
	if unit, ok := strings.CutPrefix(who, "unit:"); ok {
		in.ForUnit = rowID(unit)
	} else if who != "channel" {
		in.For = who
	}
	return in, f.faults
}

// studyFields reads fields of the form and notes what is at fault.
type studyFields struct {
	p      *views.Printer
	r      bot.Request
	faults map[string]string
}

func (f studyFields) note(field string, err error) {
	var reason *grammar.Reason
	switch {
	case f.faults[field] != "": // the first fault of a field is the one to mend
	case errors.As(err, &reason):
		f.faults[field] = reason.Line(f.p.Lang)
	case err != nil:
		f.faults[field] = f.p.Error(err, "")
	}
}

// duration reads a length of time; ok is false for an empty field.
func (f studyFields) duration(field string) (d time.Duration, ok bool) {
	text := strings.TrimSpace(one(f.r, field))
	if text == "" {
		return 0, false
	}
	if d, ok = grammar.ParseDuration(text); !ok && text != "0" {
		f.faults[field] = f.p.T("error.study_range")
	}
	return d, true
}

// leads reads the lead times; said is false for an empty field.
func (f studyFields) leads() (leads []time.Duration, said bool) {
	parts := words(one(f.r, views.FieldRemind))
	for _, part := range parts {
		d, ok := grammar.ParseDuration(part)
		if !ok {
			f.faults[views.FieldRemind] = f.p.T("error.study_range")
		}
		leads = append(leads, d)
	}
	return leads, len(parts) > 0
}
