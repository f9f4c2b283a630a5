package services

import (
	"context"
	"slices"

	"muster/models"
	"muster/store"
)

// rowsPage is how many rows behind a number are shown at once.
const rowsPage = 20

// FigureRowsShown is one page of the rows behind a number of a summary.
type FigureRowsShown struct {
	Tenant  models.Tenant
	Posting models.Posting
	Name    string // "" = which number is not said yet
	Rows    []models.FigureRow
	Total   int
	Page    int // from 0
	Pages   int
	Names   bool // the reader may see who
	Calls   map[int64]models.Call
	Studies map[int64]models.Study
	People  map[int64]models.Person
}

// SummaryRows opens one number of a summary, of the summary's own period and
// unit, for who may read its figures; who is named, only to its organizers and
// leaders.
func (s *Services) SummaryRows(ctx context.Context, act Act, postingID int64, name string, page int) (FigureRowsShown, error) {
	out := FigureRowsShown{Name: name, Page: max(page, 0)}
	err := s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		var err error
		out.Tenant = me.Tenant
		if out.Posting, err = s.postingRead(tx, me, postingID); err != nil {
			return err
		}
		if name == "" {
			return nil
		}
		if !slices.Contains(models.FiguresWithRows(), name) {
			return models.Refuse(models.CodeNotFound, "posted.no_figure", "Part", name)
		}
		if out.Names, err = managesUnit(tx, me, out.Posting.UnitID); err != nil {
			return err
		}
		units, err := under(tx, me.Tenant.ID, out.Posting.UnitID)
		if err != nil {
			return err
		}
		out.Rows, out.Total, err = tx.FigureRows(name, me.Tenant.ID, out.Posting.Period(), units, rowsPage, out.Page*rowsPage)
		if err != nil {
			return err
		}
		out.Pages = max((out.Total+rowsPage-1)/rowsPage, 1)
		return out.nameRows(tx)
	})
	return out, err
}

// postingRead is a posting whose figures the actor may read; foreign ids are
// nobody's. Having reviewed it once is not enough: rows say more than figures.
func (s *Services) postingRead(tx *store.Tx, me Actor, id int64) (models.Posting, error) {
	p, err := tx.Posting(id)
	if ignoreMissing(err) != nil {
		return p, err
	}
	if err != nil || p.TenantID != me.Tenant.ID {
		return p, models.Refuse(models.CodeForbidden, "error.not_yours")
	}
	may, err := readsUnit(tx, me, p.UnitID)
	if err == nil && !may {
		err = s.refuseOrganizer(tx, me)
	}
	return p, err
}

// nameRows finds what the rows are about, and who they are of if the reader
// may know.
func (f *FigureRowsShown) nameRows(tx *store.Tx) error {
	f.Calls = map[int64]models.Call{}
	var people, studies []int64
	for i := range f.Rows {
		r := &f.Rows[i]
		if !f.Names {
			r.PersonID = 0
		}
		if r.PersonID != 0 {
			people = append(people, r.PersonID)
		}
		if r.StudyID != 0 {
			studies = append(studies, r.StudyID)
		}
		if _, known := f.Calls[r.CallID]; r.CallID == 0 || known {
			continue
		}
		c, err := tx.Call(f.Tenant.ID, r.CallID)
		if ignoreMissing(err) != nil {
			return err
		}
		f.Calls[r.CallID] = c
	}
	slices.Sort(studies)
	var err error
	if f.Studies, err = tx.StudiesByIDs(slices.Compact(studies)); err != nil {
		return err
	}
	f.People, err = tx.PersonsByIDs(people)
	return err
}

// SummaryTable queues the rows of a summary as spreadsheets for who may have
// them.
func (s *Services) SummaryTable(ctx context.Context, act Act, postingID int64) error {
	return s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		p, err := s.postingRead(tx, me, postingID)
		if err != nil {
			return err
		}
		may, err := managesUnit(tx, me, p.UnitID)
		if err != nil {
			return err
		}
		if !may { // rows name people
			return s.refuseOrganizer(tx, me)
		}
		for _, kind := range []string{"signups", "hours", "attendance"} {
			each := act
			each.Delivery = kind + ":" + act.Delivery
			q := models.ExportQuery{Kind: kind, From: p.Start, To: p.End, UnitID: p.UnitID}
			if err := s.queueExport(tx, me, each, models.ExportArgs{ExportQuery: q, Format: "xlsx"}); err != nil {
				return err
			}
		}
		return nil
	})
}
