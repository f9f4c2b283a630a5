package services

import (
	"context"
	"fmt"

	"muster/models"
	"muster/store"
)

// yearPage is how many members one page of a unit's account shows: what is
// still read on a phone.
const yearPage = 20

// YearAsk is whose account of which year somebody wants to see.
type YearAsk struct {
	Unit   string // name, "" = the one they answer for
	UnitID int64  // instead of a name: from a button
	Year   int    // 0 = the one under way
	Page   int    // from 0
	Own    bool   // one's own, whatever one leads
}

// YearShown is a unit's account of a year, or one's own.
type YearShown struct {
	Tenant models.Tenant
	Me     models.Person
	Now    models.Instant
	Year   int
	Own    *models.YearRow // one's own account; the rest is empty then

	Unit    models.Unit // zero = the whole organisation
	Totals  models.YearTotals
	Rows    []models.YearRow // of this page, who needs help first
	Page    int
	Pages   int
	Manages bool // may have the file and excuse from the target
}

// Year is the account of a unit for who leads, organizes or may read it, and
// one's own for everybody else.
func (s *Services) Year(ctx context.Context, act Act, ask YearAsk) (out YearShown, err error) {
	err = s.read(ctx, act, func(tx *store.Tx, me Actor) error {
		out = YearShown{Tenant: me.Tenant, Me: me.Person, Now: tx.Now}
		this, _ := models.YearOfInstant(tx.Now, me.Tenant.Location())
		if out.Year = ask.Year; out.Year == 0 {
			out.Year = this
		}
		if out.Year > this || out.Year < yearFirst {
			return models.Refuse(models.CodeInvalid, "error.year_none", "Part", out.Year, "Year", this)
		}
		if ask.Own || ask.Unit == "" && ask.UnitID == 0 && !me.Rights.ReadsAll() && len(me.Rights.Units(true)) == 0 {
			return s.ownYear(tx, me, &out)
		}
		unit, err := s.yearScope(tx, me, ask)
		if err != nil {
			return err
		}
		return s.unitYear(tx, me, unit, ask.Page, &out)
	})
	return out, err
}

// yearFirst is before anybody could have used Muster: a year below it is a typo.
const yearFirst = 2000

func (s *Services) ownYear(tx *store.Tx, me Actor, out *YearShown) error {
	y, err := s.yearOfPerson(tx, me.Tenant, me.Person, out.Year)
	if err != nil {
		return err
	}
	out.Own = &models.YearRow{Person: me.Person, YearAccount: y, Forecast: y.Forecast(tx.Now)}
	return nil
}

// yearScope is the unit whose account is asked for, by name or by a button.
func (s *Services) yearScope(tx *store.Tx, me Actor, ask YearAsk) (models.Unit, error) {
	if ask.UnitID == 0 {
		return s.scope(tx, me, ask.Unit, true)
	}
	unit, err := tx.Unit(ask.UnitID)
	if err != nil || unit.TenantID != me.Tenant.ID {
		return unit, models.Refuse(models.CodeNotFound, "error.year_unit_gone")
	}
	may, err := readsUnit(tx, me, unit.ID)
	if err == nil && !may {
		err = s.refuseUnit(tx, me, unit)
	}
	return unit, err
}

func (s *Services) unitYear(tx *store.Tx, me Actor, unit models.Unit, page int, out *YearShown) error {
	rows, err := s.yearRows(tx, me.Tenant, out.Year, unit.ID)
	if err != nil {
		return err
	}
	models.SortYear(rows)
	out.Unit, out.Totals = unit, models.TotalYear(rows)
	out.Pages = max((len(rows)+yearPage-1)/yearPage, 1)
	out.Page = min(max(page, 0), out.Pages-1)
	out.Rows = rows[out.Page*yearPage : min((out.Page+1)*yearPage, len(rows))]
	out.Manages, err = managesUnit(tx, me, unit.ID)
	return err
}

// yearRows are the accounts of the members of a unit and of those below it (0 =
// of everybody), by id.
func (s *Services) yearRows(tx *store.Tx, t models.Tenant, year int, unitID int64) ([]models.YearRow, error) {
	units, err := under(tx, t.ID, unitID)
	if err != nil {
		return nil, err
	}
	return s.yearRowsOf(tx, t, year, units)
}

// yearRowsOf are the accounts of the members of these very units, none = of
// everybody.
func (s *Services) yearRowsOf(tx *store.Tx, t models.Tenant, year int, units []int64) ([]models.YearRow, error) {
	who := store.YearWho{Units: units}
	members, err := tx.YearMembers(t.ID, who)
	if err != nil {
		return nil, err
	}
	b, err := s.yearBook(tx, t, year, who, members...)
	if err != nil {
		return nil, err
	}
	all, err := tx.Units(t.ID)
	if err != nil {
		return nil, fmt.Errorf("units of the year's account: %w", err)
	}
	known := make(map[int64]models.Unit, len(all))
	for _, u := range all {
		known[u.ID] = u
	}
	rows := make([]models.YearRow, 0, len(members))
	for _, m := range members {
		y := b.account(m.Person, m.UnitID)
		rows = append(rows, models.YearRow{Person: m.Person, Unit: known[m.UnitID], YearAccount: y, Forecast: y.Forecast(tx.Now)})
	}
	return rows, nil
}

// yearColumns are those of the export of a year's account.
var yearColumns = []string{"year", "user_id", "user_name", "unit", "duty", "target_hours", "hours", "attended", "made_up", "excused", "absent",
	"unrecorded", "still_to_do", "still_hours", "standing", "forecast_hours", "missing_hours", "last_chance", "last_part", "excused_days"}

// yearExport is a row a member, of the year in which the query's span begins.
func (s *Services) yearExport(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	at := q.From
	if at == 0 {
		at = tx.Now
	}
	year, _ := models.YearOfInstant(at, t.Location())
	rows, err := s.yearRows(tx, t, year, q.UnitID)
	if err != nil {
		return err
	}
	for _, r := range rows {
		f, still := r.Forecast, r.Open().Sessions+r.Planned().Sessions
		var forecast any = hours(f.Projected)
		if f.Verdict == models.VerdictEarly || f.Verdict == models.VerdictExempt {
			forecast = ""
		}
		days := 0
		for _, span := range r.Free {
			days += span.Len()
		}
		err := each([]any{r.Year, r.Person.Slack(), r.Person.Name, r.Unit.Name, r.Person.Duty, hours(r.Target), hours(r.Done), r.Attended.Sessions,
			r.MadeUp.Sessions, r.Excused.Sessions, r.Absent.Sessions, r.Unknown.Sessions, still, hours(f.More), string(f.Verdict), forecast,
			hours(f.Missing), models.Moment{At: f.By, Zone: t.Zone}, models.Moment{At: r.LastAt, Zone: t.Zone}, days})
		if err != nil {
			return err
		}
	}
	return nil
}
