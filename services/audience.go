package services

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"muster/models"
	"muster/store"
)

// audienceOf reads what `for` names: a Slack token (<#C1>, <!subteam^S1>), all,
// or a unit by name; "" is the channel of the act. unit is the unit whose
// leader it concerns, 0 for none. Members that are not known yet are asked for.
func (s *Services) audienceOf(tx *store.Tx, me Actor, act Act, named string) (a models.Audience, unit models.Unit, err error) {
	named = strings.TrimSpace(named)
	switch {
	case named == "" && (act.Direct || act.Channel == ""):
		return a, unit, models.Refuse(models.CodeInvalid, "error.study_for_missing")
	case named == "":
		a = models.Audience{Kind: models.AudienceChannel, Ref: act.Channel}
	case strings.HasPrefix(named, "<#"):
		a = models.Audience{Kind: models.AudienceChannel, Ref: token(named, "<#")}
	case strings.HasPrefix(named, "<!subteam^"):
		a = models.Audience{Kind: models.AudienceGroup, Ref: token(named, "<!subteam^")}
	case slices.Contains([]string{"all", "everyone", "全部", "全体", "所有人", "<!channel>", "<!everyone>"}, strings.ToLower(named)):
		return models.Audience{Kind: models.AudienceAll}, unit, nil
	default:
		unit, err = tx.UnitByName(me.Tenant.ID, named)
		if errors.Is(err, store.ErrNotFound) {
			return a, unit, models.Refuse(models.CodeNotFound, "error.study_no_unit", "Part", named)
		}
		return models.Audience{Kind: models.AudienceUnit, Ref: strconv.FormatInt(unit.ID, 10)}, unit, err
	}
	return a, unit, s.wantMembers(tx, me.Tenant.ID, a)
}

// token is the id inside a Slack token: C1 of <#C1|name>.
func token(s, prefix string) string {
	s = strings.TrimSuffix(strings.TrimPrefix(s, prefix), ">")
	id, _, _ := strings.Cut(s, "|")
	return id
}

// wantMembers asks for the members of a channel or user group.
func (s *Services) wantMembers(tx *store.Tx, tenantID int64, a models.Audience) error {
	kind := models.LookupMembers
	switch a.Kind {
	case models.AudienceGroup:
		kind = models.LookupUsergroup
	case models.AudienceChannel:
	default:
		return nil
	}
	if _, err := tx.EnsureChannel(tenantID, a.Ref); err != nil {
		return fmt.Errorf("channel of the audience: %w", err)
	}
	return tx.Want(models.Lookup{TenantID: tenantID, Kind: kind, Ref: a.Ref})
}

// unitsUnder is a unit and all units below it, nil for another audience.
func unitsUnder(tx *store.Tx, tenantID int64, a models.Audience) ([]int64, error) {
	if a.Kind != models.AudienceUnit {
		return nil, nil
	}
	top, err := strconv.ParseInt(a.Ref, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("unit of audience %s: %w", a, err)
	}
	units, err := tx.Units(tenantID)
	if err != nil {
		return nil, err
	}
	ids := []int64{top}
	for i := 0; i < len(ids); i++ {
		for _, u := range units {
			if u.ParentID == ids[i] && !slices.Contains(ids, u.ID) {
				ids = append(ids, u.ID)
			}
		}
	}
	return ids, nil
}

// audienceCount is how many people an audience has as far as is known; known
// is false while Slack has not yet said who is in a channel or user group.
func audienceCount(tx *store.Tx, tenantID int64, a models.Audience) (n int, known bool, err error) {
	units, err := unitsUnder(tx, tenantID, a)
	if err != nil {
		return 0, false, err
	}
	if n, err = tx.AudienceCount(tenantID, a, units); err != nil {
		return 0, false, err
	}
	known = true
	if a.Kind == models.AudienceChannel || a.Kind == models.AudienceGroup {
		c, err := tx.EnsureChannel(tenantID, a.Ref)
		if err != nil {
			return 0, false, err
		}
		known = c.MembersAt != 0
	}
	return n, known, nil
}

// AudienceChanged plans anew who is concerned after the members of a channel
// or user group were read, or changed. ref is its Slack id.
func (s *Services) AudienceChanged(tx *store.Tx, tenantID int64, ref string) error {
	channel, group := models.Audience{Kind: models.AudienceChannel, Ref: ref}, models.Audience{Kind: models.AudienceGroup, Ref: ref}
	if err := s.askAudience(tx, tenantID, channel, group); err != nil {
		return err
	}
	studies, err := tx.StudiesFor(tenantID, channel, group)
	if err != nil {
		return err
	}
	return s.replanPeople(tx, studies)
}

// UnitChanged plans anew after people joined or left a unit.
func (s *Services) UnitChanged(tx *store.Tx, tenantID int64) error {
	studies, err := tx.Studies(tenantID, models.StudyActive, 1000)
	if err != nil {
		return err
	}
	return s.replanPeople(tx, slices.DeleteFunc(studies, func(st models.Study) bool {
		return st.AudienceKind != models.AudienceUnit
	}))
}

// planUnits plans to plan anew for all units, soon and once, however many
// people move in one act.
func (s *Services) planUnits(tx *store.Tx, tenantID int64) error {
	return tx.Plan(models.Due{TenantID: tenantID, Key: "units:changed", Kind: dueUnits, RefID: tenantID, DueAt: tx.Now})
}

// dueUnits is that plan's turn.
const dueUnits models.DueKind = "units.changed"

func (s *Services) rosterDues() map[models.DueKind]dueFunc {
	return map[models.DueKind]dueFunc{dueUnits: func(tx *store.Tx, due models.Due) error { return s.UnitChanged(tx, due.TenantID) }}
}

// replanPeople goes through the audience of everything ahead in these studies.
func (s *Services) replanPeople(tx *store.Tx, studies []models.Study) error {
	for _, st := range studies {
		ahead, err := tx.OccurrencesOf(st.ID, tx.Now, 100)
		if err != nil {
			return err
		}
		for _, o := range ahead {
			if err := s.dropLeavers(tx, st, o); err != nil {
				return err
			}
			if err := s.planPeople(tx, st, o, 0); err != nil {
				return err
			}
		}
	}
	return nil
}
