package services

import (
	"context"
	"fmt"

	"muster/models"
	"muster/store"
)

// exportPage is how many rows are read at a time: memory for a page, not for
// the table.
const exportPage = 500

// rowsFunc hands the rows of one kind of export to each, in order.
type rowsFunc func(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error

type exportKind struct {
	Columns []string
	Rows    rowsFunc
	Whole   bool // cannot be had of a unit
}

// exports are the kinds with their columns, in the order of SURFACE 10.
func (s *Services) exports() map[string]exportKind {
	return map[string]exportKind{
		"calls":      {Columns: callColumns, Rows: s.callRows},
		"signups":    {Columns: signupColumns, Rows: s.signupRows},
		"study":      {Columns: studyColumns, Rows: s.studyRows},
		"attendance": {Columns: attendanceColumns, Rows: s.attendanceRows},
		"hours":      {Columns: hoursColumns, Rows: s.hoursRows},
		"members":    {Columns: memberColumns, Rows: s.memberRows},
		"study_year": {Columns: yearColumns, Rows: s.yearExport},
		"units":      {Columns: unitColumns, Rows: s.unitRows},
		"audit":      {Columns: auditColumns, Rows: s.auditRows, Whole: true},
	}
}

// exportKindOf finds a kind that can answer a query.
func (s *Services) exportKindOf(q models.ExportQuery) (exportKind, error) {
	kind, ok := s.exports()[q.Kind]
	if !ok {
		return kind, models.Refuse(models.CodeInvalid, "export.no_kind", "Part", q.Kind)
	}
	if kind.Whole && q.UnitID != 0 {
		return kind, models.Refuse(models.CodeInvalid, "export.no_unit", "Part", q.Kind)
	}
	return kind, nil
}

// Export writes one kind of one tenant: head gets the columns first, then each
// the rows. It is itself an entry in the record.
func (s *Services) Export(ctx context.Context, external string, by int64, q models.ExportQuery, head func([]string) error, each func([]any) error) error {
	kind, err := s.exportKindOf(q)
	if err != nil {
		return err
	}
	var tenant models.Tenant
	err = s.store.InTx(ctx, func(tx *store.Tx) error {
		var err error
		if tenant, err = tx.TenantByExternal(external); err != nil {
			return err
		}
		return noteExport(tx, models.By{TenantID: tenant.ID, ActorID: by, Action: "export"}, q)
	})
	if err != nil {
		return fmt.Errorf("export %s: %w", q.Kind, err)
	}
	return s.writeExport(ctx, kind, tenant, q, head, each)
}

// noteExport enters who took what out.
func noteExport(tx *store.Tx, by models.By, q models.ExportQuery) error {
	return tx.Note(by, "export", 0, map[string]any{"kind": q.Kind, "from": q.From, "to": q.To, "unit": q.UnitID}, nil)
}

func (s *Services) writeExport(ctx context.Context, kind exportKind, t models.Tenant, q models.ExportQuery, head func([]string) error, each func([]any) error) error {
	if err := head(kind.Columns); err != nil {
		return err
	}
	return s.store.Read(ctx, func(tx *store.Tx) error {
		var err error
		if q.Units, err = under(tx, t.ID, q.UnitID); err != nil {
			return err
		}
		return kind.Rows(tx, t, q, each)
	})
}

// AskExport queues a file for the one who asks, when they may have it. Who
// organizes or leads one unit gets that unit's rows.
func (s *Services) AskExport(ctx context.Context, act Act, q models.ExportQuery, unitName, format string, excel bool) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if kind, ok := s.exports()[q.Kind]; ok && kind.Whole && !me.Rights.ManagesAll() {
			return s.refuseEverywhere(tx, me)
		}
		unit, err := s.scope(tx, me, unitName, false)
		if err != nil {
			return err
		}
		q.UnitID = unit.ID
		return s.queueExport(tx, me, act, models.ExportArgs{ExportQuery: q, Format: format, Excel: excel})
	})
}

// AskExportOf is AskExport for a unit named by its row (0 = everything), from a
// button.
func (s *Services) AskExportOf(ctx context.Context, act Act, q models.ExportQuery, format string) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		may, err := managesUnit(tx, me, q.UnitID)
		if err != nil {
			return err
		}
		if !may {
			return s.refuseOrganizer(tx, me)
		}
		return s.queueExport(tx, me, act, models.ExportArgs{ExportQuery: q, Format: format})
	})
}

func (s *Services) queueExport(tx *store.Tx, me Actor, act Act, args models.ExportArgs) error {
	q := args.ExportQuery
	if _, err := s.exportKindOf(q); err != nil {
		return err
	}
	if err := noteExport(tx, me.By("export"), q); err != nil {
		return err
	}
	once := act.Delivery
	if once == "" {
		once = q.Kind + ":" + id(int64(tx.Now))
	}
	_, err := tx.Enqueue(models.Message{TenantID: me.Tenant.ID, Key: fmt.Sprintf("export:%d:%s", me.Person.ID, once),
		Kind: models.MessageExport, Op: models.OpFile, PersonID: me.Person.ID, Priority: models.PriorityAnswer,
		Quiet: models.QuietPass}.WithArgs(args))
	return err
}

// ExportAsked writes a file that was asked for in chat, if who asked may still
// have it: it can have waited in a pause.
func (s *Services) ExportAsked(ctx context.Context, m models.Message, q models.ExportQuery, head func([]string) error, each func([]any) error) error {
	kind, err := s.exportKindOf(q)
	if err != nil {
		return err
	}
	var t models.Tenant
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		if t, err = tx.Tenant(m.TenantID); err != nil {
			return err
		}
		me := Actor{Tenant: t}
		if me.Person, err = tx.Person(m.PersonID); err != nil {
			return err
		}
		if me.Rights, err = s.rights(tx, t, me.Person); err != nil {
			return err
		}
		may, err := managesUnit(tx, me, q.UnitID)
		if err == nil && !may {
			err = s.refuseOrganizer(tx, me)
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("export %s: %w", q.Kind, err)
	}
	return s.writeExport(ctx, kind, t, q, head, each)
}

// Recipient is who a direct message goes to.
func (s *Services) Recipient(ctx context.Context, m models.Message) (t models.Tenant, p models.Person, now models.Instant, err error) {
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		now = tx.Now
		if t, err = tx.Tenant(m.TenantID); err != nil {
			return err
		}
		if m.PersonID != 0 {
			p, err = tx.Person(m.PersonID)
		}
		return err
	})
	return t, p, now, err
}
