package sandbox

import (
	"slices"
	"time"
)

func (w *World) usersInfo(r *request) (answer, error) {
	u := w.users[r.args.str("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	return answer{"user": w.userJSON(u, r.args.bool("include_locale"))}, nil
}

func (w *World) usersList(r *request) (answer, error) {
	part, meta, err := page(r.args, w.userOrder, 1000, 1000)
	members := []map[string]any{}
	for _, id := range part {
		members = append(members, w.userJSON(w.users[id], r.args.bool("include_locale")))
	}
	return answer{"members": members, "cache_ts": w.o.Clock().Unix(), "response_metadata": meta}, err
}

func (w *World) usersLookupByEmail(r *request) (answer, error) {
	email := r.args.str("email")
	for _, id := range w.userOrder {
		if u := w.users[id]; email != "" && u.Email == email && !u.Deleted {
			return answer{"user": w.userJSON(u, false)}, nil
		}
	}
	return nil, fail("users_not_found")
}

func (w *World) usergroupsList(r *request) (answer, error) {
	groups := []map[string]any{}
	for _, g := range w.groups {
		j := map[string]any{"id": g.id, "team_id": w.o.TeamID, "is_usergroup": true, "name": g.handle,
			"handle": g.handle, "user_count": len(g.users), "date_delete": 0}
		if r.args.bool("include_users") {
			j["users"] = slices.Clone(g.users)
		}
		groups = append(groups, j)
	}
	return answer{"usergroups": groups}, nil
}

func (w *World) usergroupsUsersList(r *request) (answer, error) {
	for _, g := range w.groups {
		if g.id == r.args.str("usergroup") {
			return answer{"users": nonNil(slices.Clone(g.users))}, nil
		}
	}
	return nil, fail("no_such_subteam")
}

// dndJSON shows somebody in do-not-disturb as inside a window of an hour either way.
func (w *World) dndJSON(u *User) map[string]any {
	now := w.o.Clock()
	j := map[string]any{"dnd_enabled": u.DND, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
	if u.DND {
		j["next_dnd_start_ts"] = now.Add(-time.Hour).Unix()
		j["next_dnd_end_ts"] = now.Add(time.Hour).Unix()
	}
	return j
}

func (w *World) dndInfo(r *request) (answer, error) {
	u := w.users[r.args.str("user")]
	if u == nil {
		return nil, fail("user_not_found")
	}
	done := answer(w.dndJSON(u))
	done["snooze_enabled"] = false
	return done, nil
}

// maxDNDUsers is how many users one dnd.teamInfo may name.
const maxDNDUsers = 50

func (w *World) dndTeamInfo(r *request) (answer, error) {
	asked := r.args.names("users")
	if len(asked) == 0 || len(asked) > maxDNDUsers {
		return nil, fail("too_many_users")
	}
	users := map[string]any{}
	for _, id := range asked {
		if u := w.users[id]; u != nil {
			users[id] = w.dndJSON(u)
		}
	}
	return answer{"users": users}, nil
}
