package services

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"muster/models"
	"muster/store"
)

// NewMaterial is what somebody says of a library item.
type NewMaterial struct {
	Title string
	Link  string
	Tags  []string
}

// MaterialCard is one item as one reader sees it.
type MaterialCard struct {
	Tenant   models.Tenant
	Material models.Material
	AddedBy  models.Person
	Adds     bool // the reader may add items and push this one
	Changes  bool // the reader may change and delete it
	Pushes   []MaterialPush
	Now      models.Instant
}

// MaterialPush is one study about an item: pushed to people, or a session.
type MaterialPush struct {
	Plan       StudyPlan // Study, Unit, Room
	Occurrence models.Occurrence
	Receipt    bool // the reader is entitled to Reading
	Reading    models.Reading
	Mine       models.Attendance // the reader's own, zero when not concerned
}

// Library is one page of the list.
type Library struct {
	Query string // as it was typed
	Items []models.Material
	Page  int // from 0
	Total int // all that were found
	Adds  bool
}

// LibraryPage is how many items a page has: two blocks each and the buttons
// below stay far from Slack's fifty, and a phone shows it in two screens.
const LibraryPage = 8

// materialPushes is how many studies an item shows.
const materialPushes = 10

// Materials is a page of the library: everybody may read it.
func (s *Services) Materials(ctx context.Context, act Act, query string, page int) (out Library, err error) {
	out = Library{Query: models.CutRunes(strings.TrimSpace(query), 200), Page: max(0, page)}
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		out.Adds = me.Rights.Leader(0)
		words := models.MaterialQuery(out.Query)
		out.Items, out.Total, err = tx.Materials(me.Tenant.ID, words, out.Page*LibraryPage, LibraryPage)
		if err == nil && len(out.Items) == 0 && out.Total > 0 { // it became shorter since
			out.Page = (out.Total - 1) / LibraryPage
			out.Items, out.Total, err = tx.Materials(me.Tenant.ID, words, out.Page*LibraryPage, LibraryPage)
		}
		return err
	})
	return out, err
}

// AddMaterial puts an item into the library; organizers and leaders do. An
// address that is there already is pointed out instead.
func (s *Services) AddMaterial(ctx context.Context, act Act, in NewMaterial) (out MaterialCard, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		if !me.Rights.Leader(0) {
			return s.refuseOrganizer(tx, me)
		}
		m, bad := models.NewMaterial(in.Title, in.Link, in.Tags)
		if bad != nil {
			return bad
		}
		if err := linkFree(tx, me.Tenant.ID, m); err != nil {
			return err
		}
		m.TenantID, m.AddedBy, m.AddedAt = me.Tenant.ID, me.Person.ID, tx.Now
		if m.Number, err = tx.NextNumber(me.Tenant.ID, models.NumberMaterial); err != nil {
			return err
		}
		if err := tx.Save(me.By("material_add"), &m); err != nil {
			return err
		}
		out, err = s.materialCard(tx, me, m)
		return err
	})
	return out, err
}

// linkFree refuses an address that another item has.
func linkFree(tx *store.Tx, tenantID int64, m models.Material) error {
	other, err := tx.MaterialLinked(tenantID, m.LinkKey)
	if errors.Is(err, store.ErrNotFound) || err == nil && other.ID == m.ID {
		return nil
	}
	if err != nil {
		return err
	}
	e := models.Refuse(models.CodeConflict, "error.library_twice", "Ref", other.Ref(), "Title", other.Title)
	e.Field = "link"
	return e
}

// EditMaterial changes those of title, link and tags that set names. A new
// link reaches what was pushed with the old one and is not over.
func (s *Services) EditMaterial(ctx context.Context, act Act, materialID int64, in NewMaterial, set map[string]bool) (out MaterialCard, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		was, err := s.changedMaterial(tx, me, materialID)
		if err != nil {
			return err
		}
		for key, keep := range map[string]func(){"title": func() { in.Title = was.Title }, "link": func() { in.Link = was.Link },
			"tags": func() { in.Tags = was.Tags }} {
			if !set[key] {
				keep()
			}
		}
		m, bad := models.NewMaterial(in.Title, in.Link, in.Tags)
		if bad != nil {
			return bad
		}
		m.ID, m.TenantID, m.Number, m.AddedBy, m.AddedAt = was.ID, was.TenantID, was.Number, was.AddedBy, was.AddedAt
		if err := linkFree(tx, me.Tenant.ID, m); err != nil {
			return err
		}
		if err := tx.Save(me.By("material_edit"), &m); err != nil {
			return err
		}
		if err := s.materialFollows(tx, me, was, m); err != nil {
			return err
		}
		out, err = s.materialCard(tx, me, m)
		return err
	})
	return out, err
}

// materialFollows gives studies under way the new link, and edits what shows
// title or link.
func (s *Services) materialFollows(tx *store.Tx, me Actor, was, m models.Material) error {
	if was.Link == m.Link && was.Title == m.Title {
		return nil
	}
	studies, err := tx.StudiesOfMaterial(m.TenantID, m.ID, 1000)
	if err != nil {
		return err
	}
	for _, st := range studies {
		if st.State != models.StudyActive {
			continue
		}
		if st.Link == was.Link && was.Link != m.Link {
			st.Link = m.Link
			if err := tx.Save(me.By("study_edit"), &st); err != nil {
				return err
			}
		}
		ahead, err := tx.OccurrencesOf(st.ID, 0, 1000)
		if err != nil {
			return err
		}
		for _, o := range ahead {
			if until := o.MakeupUntil(st); !o.Ahead() && until <= tx.Now {
				continue
			}
			if err := tx.TouchPrefix(st.TenantID, models.StudyKeys(o.ID)); err != nil {
				return err
			}
			if err := touchReceipts(tx, st, o.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// DeleteMaterial takes an item out of the library, or (back) puts it in again;
// what was pushed goes on.
func (s *Services) DeleteMaterial(ctx context.Context, act Act, materialID int64, back bool) (out MaterialCard, err error) {
	err = s.do(ctx, act, func(tx *store.Tx, me Actor) error {
		m, err := s.ownMaterial(tx, me, materialID)
		if err != nil {
			return err
		}
		if back == (m.DeletedAt == 0) {
			return models.Refuse(models.CodeConflict, "error.nothing_to_undo")
		}
		action := "material_delete"
		if m.DeletedAt = tx.Now; back {
			action, m.DeletedAt = "material_restore", 0
			if err := linkFree(tx, me.Tenant.ID, m); err != nil {
				return err
			}
		}
		if err := tx.Save(me.By(action), &m); err != nil {
			return err
		}
		out, err = s.materialCard(tx, me, m)
		return err
	})
	return out, err
}

// changesMaterial says whether somebody may change an item: who added it while
// they lead or organize, and organizers of everything.
func changesMaterial(me Actor, m models.Material) bool {
	return organizesAll(me.Rights) || m.AddedBy == me.Person.ID && me.Rights.Leader(0)
}

// ownMaterial is an item for who may change it, deleted or not.
func (s *Services) ownMaterial(tx *store.Tx, me Actor, materialID int64) (models.Material, error) {
	m, err := tx.Material(me.Tenant.ID, materialID)
	if errors.Is(err, store.ErrNotFound) {
		return m, models.Refuse(models.CodeNotFound, "error.library_gone")
	}
	if err == nil && !changesMaterial(me, m) {
		if !me.Rights.Leader(0) {
			return m, s.refuseOrganizer(tx, me)
		}
		by, err := tx.Person(m.AddedBy)
		if err != nil {
			return m, err
		}
		return m, models.Refuse(models.CodeForbidden, "error.library_not_yours", "Who", tags([]models.Person{by}), "Ref", m.Ref())
	}
	return m, err
}

// changedMaterial is an item that is there, for who may change it.
func (s *Services) changedMaterial(tx *store.Tx, me Actor, materialID int64) (models.Material, error) {
	m, err := s.ownMaterial(tx, me, materialID)
	if err == nil && m.DeletedAt != 0 {
		return m, models.Refuse(models.CodeConflict, "error.library_deleted", "Ref", m.Ref())
	}
	return m, err
}

// materialByNumber is b3, unless it was deleted.
func materialByNumber(tx *store.Tx, tenantID int64, number int) (models.Material, error) {
	m, err := tx.MaterialByNumber(tenantID, number)
	if errors.Is(err, store.ErrNotFound) {
		return m, models.Refuse(models.CodeNotFound, "error.library_not_found", "Ref", models.NumberMaterial+strconv.Itoa(number))
	}
	if err == nil && m.DeletedAt != 0 {
		return m, models.Refuse(models.CodeConflict, "error.library_deleted", "Ref", m.Ref())
	}
	return m, err
}

// MaterialByNumber shows b3; MaterialByID by its row.
func (s *Services) MaterialByNumber(ctx context.Context, act Act, number int) (out MaterialCard, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		m, err := materialByNumber(tx, me.Tenant.ID, number)
		if err != nil {
			return err
		}
		out, err = s.materialCard(tx, me, m)
		return err
	})
	return out, err
}

// MaterialByID shows an item by its row.
func (s *Services) MaterialByID(ctx context.Context, act Act, materialID int64) (out MaterialCard, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		m, err := tx.Material(me.Tenant.ID, materialID)
		if errors.Is(err, store.ErrNotFound) {
			return models.Refuse(models.CodeNotFound, "error.library_gone")
		}
		if err != nil {
			return err
		}
		out, err = s.materialCard(tx, me, m)
		return err
	})
	return out, err
}

// materialCard is an item with what was pushed of it, as far as the reader may
// see: what concerns them, and receipts of what they answer for.
func (s *Services) materialCard(tx *store.Tx, me Actor, m models.Material) (MaterialCard, error) {
	out := MaterialCard{Tenant: me.Tenant, Material: m, Adds: me.Rights.Leader(0), Changes: changesMaterial(me, m), Now: tx.Now}
	var err error
	if out.AddedBy, err = tx.Person(m.AddedBy); err != nil {
		return out, err
	}
	studies, err := tx.StudiesOfMaterial(me.Tenant.ID, m.ID, 100)
	if err != nil {
		return out, err
	}
	for _, st := range studies {
		p, seen, err := s.materialPush(tx, me, st)
		if err != nil {
			return out, err
		}
		if seen {
			out.Pushes = append(out.Pushes, p)
		}
		if len(out.Pushes) == materialPushes {
			break
		}
	}
	return out, nil
}

// materialPush is one study about an item; seen is false when it is none of
// the reader's business.
func (s *Services) materialPush(tx *store.Tx, me Actor, st models.Study) (p MaterialPush, seen bool, err error) {
	p = MaterialPush{Plan: StudyPlan{Tenant: me.Tenant, Study: st, Now: tx.Now, Known: true}, Receipt: st.Pushed() && seesReceipt(me, st)}
	if st.UnitID != 0 {
		if p.Plan.Unit, err = tx.Unit(st.UnitID); ignoreMissing(err) != nil {
			return p, false, err
		}
	}
	if a := st.Audience(); a.Kind == models.AudienceGroup {
		if p.Plan.Room, err = tx.ChannelBySlack(st.TenantID, a.Ref); ignoreMissing(err) != nil {
			return p, false, err
		}
	}
	p.Occurrence, err = tx.FirstOccurrence(st.ID)
	if errors.Is(err, store.ErrNotFound) {
		return p, p.Receipt || leads(me, st), nil
	}
	if err != nil {
		return p, false, err
	}
	p.Mine, err = tx.AttendanceOf(p.Occurrence.ID, me.Person.ID)
	if ignoreMissing(err) != nil {
		return p, false, err
	}
	if p.Receipt {
		p.Reading, err = tx.MaterialReading(p.Occurrence.ID)
		return p, true, err
	}
	return p, p.Mine.ID != 0 || leads(me, st), nil
}
