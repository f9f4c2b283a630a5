package sandbox

import (
	"slices"
	"strings"
	"time"
)

// maxModals is how many views may lie on each other.
const maxModals = 3

// trigger is a trigger_id: it opens one view, soon after the act that made it.
type trigger struct {
	user    string
	inModal bool // came from a press or submission inside a modal
	expires time.Time
	used    bool
}

func (w *World) newTrigger(user string, inModal bool) string {
	w.sweep()
	id := w.id("trigger.") + "." + secret(6)
	w.triggers[id] = &trigger{user: user, inModal: inModal, expires: w.o.Machine().Add(w.o.TriggerLife)}
	return id
}

// sweepAbove is how many triggers or hooks are kept before the dead ones go.
const sweepAbove = 4096

// sweep forgets triggers and response URLs that ended long ago, so that a long
// demo does not grow; young ones stay to be answered with the right error.
func (w *World) sweep() {
	old := w.o.Machine().Add(-time.Hour)
	if len(w.triggers) > sweepAbove {
		for id, t := range w.triggers {
			if t.expires.Before(old) {
				delete(w.triggers, id)
			}
		}
	}
	if len(w.hooks) > sweepAbove {
		for id, h := range w.hooks {
			if h.expires.Before(old) {
				delete(w.hooks, id)
			}
		}
	}
}

func (w *World) exchange(r *request) (*trigger, error) {
	id := r.args.str("trigger_id")
	setDefault(&id, r.args.str("interactivity_pointer"))
	t := w.triggers[id]
	switch {
	case t == nil:
		return nil, fail("invalid_trigger_id")
	case t.used:
		return nil, fail("exchanged_trigger_id")
	case w.o.Machine().After(t.expires):
		return nil, fail("expired_trigger_id")
	}
	t.used = true
	return t, nil
}

// readView checks a view payload. kind is "modal" or "home".
func (w *World) readView(method string, given any, kind string) (*View, error) {
	raw, ok := given.(map[string]any)
	if !ok {
		return nil, fail("invalid_arguments")
	}
	v, check := checkView(raw, kind)
	if len(check.faults) > 0 {
		w.complain("%s: %s", method, strings.Join(check.faults, "; "))
		return nil, &slackError{code: "invalid_arguments", messages: check.faults}
	}
	if takesFiles(v.Blocks) && !w.scopes["files:read"] {
		w.complain("%s: a file_input needs the scope files:read", method)
		return nil, fail("invalid_arguments")
	}
	if len(mustJSON(raw)) > maxViewBytes {
		w.complain("%s: view over %d bytes", method, maxViewBytes)
		return nil, fail("view_too_large")
	}
	if v.ExternalID != "" {
		if other, _, _ := w.modal("", v.ExternalID); other != nil && method != "views.update" {
			return nil, fail("duplicate_external_id")
		}
	}
	w.nameBlocks(v.Blocks)
	for _, kind := range pingsIn("", v.Blocks) {
		w.pings = append(w.pings, Ping{Kind: kind, Method: method})
	}
	v.State = map[string]map[string]any{}
	return v, nil
}

// modal finds an open view by id or external id, with its owner and place.
func (w *World) modal(id, externalID string) (*View, string, int) {
	for user, stack := range w.modals {
		for i, v := range stack {
			if id != "" && v.ID == id || externalID != "" && v.ExternalID == externalID {
				return v, user, i
			}
		}
	}
	return nil, "", 0
}

func (w *World) newHash() string {
	w.sequence++
	return w.ts() + "." + secret(3)
}

func (w *World) viewsOpen(r *request) (answer, error) {
	t, err := w.exchange(r)
	if err != nil {
		return nil, err
	}
	v, err := w.readView(r.method, r.args["view"], "modal")
	if err != nil {
		t.used = false // a refused view does not cost the trigger
		return nil, err
	}
	v.ID, v.Hash = w.id("V"), w.newHash()
	v.RootID = v.ID
	w.modals[t.user] = []*View{v}
	w.viewsChanged(t.user)
	return answer{"view": w.viewJSON(v)}, nil
}

func (w *World) viewsChanged(user string) {
	w.changed()
	w.notify(pageEvent{Type: "view", only: user})
}

func (w *World) viewsPush(r *request) (answer, error) {
	t, err := w.exchange(r)
	if err != nil {
		return nil, err
	}
	if !t.inModal || len(w.modals[t.user]) == 0 {
		return nil, fail("invalid_trigger_id")
	}
	if len(w.modals[t.user]) >= maxModals {
		return nil, fail("push_limit_reached")
	}
	v, err := w.readView(r.method, r.args["view"], "modal")
	if err != nil {
		t.used = false
		return nil, err
	}
	w.push(t.user, v)
	return answer{"view": w.viewJSON(v)}, nil
}

func (w *World) push(user string, v *View) {
	stack := w.modals[user]
	below := stack[len(stack)-1]
	v.ID, v.Hash, v.RootID, v.PreviousID = w.id("V"), w.newHash(), below.RootID, below.ID
	w.modals[user] = append(slices.Clone(stack), v)
	w.viewsChanged(user)
}

func (w *World) viewsUpdate(r *request) (answer, error) {
	old, user, i := w.modal(r.args.str("view_id"), r.args.str("external_id"))
	if old == nil {
		return nil, fail("not_found")
	}
	if hash := r.args.str("hash"); hash != "" && hash != old.Hash {
		return nil, fail("hash_conflict")
	}
	v, err := w.readView(r.method, r.args["view"], "modal")
	if err != nil {
		return nil, err
	}
	w.replace(user, i, v)
	return answer{"view": w.viewJSON(v)}, nil
}

// replace puts new content into an open view. What was filled in stays where
// block_id and action_id stay.
func (w *World) replace(user string, i int, v *View) {
	old := w.modals[user][i]
	v.ID, v.RootID, v.PreviousID, v.Hash = old.ID, old.RootID, old.PreviousID, w.newHash()
	eachElement(v.Blocks, func(block, e map[string]any) {
		b, a := str(block["block_id"]), str(e["action_id"])
		if kept, ok := old.State[b][a]; ok && object(kept)["type"] == e["type"] {
			setState(v.State, b, a, kept)
		}
	})
	w.modals[user][i] = v
	w.viewsChanged(user)
}

func setState(state map[string]map[string]any, block, action string, value any) {
	if state[block] == nil {
		state[block] = map[string]any{}
	}
	state[block][action] = value
}

func (w *World) viewsPublish(r *request) (answer, error) {
	user := r.args.str("user_id")
	if u := w.users[user]; u == nil || u.Bot {
		return nil, fail("user_not_found")
	}
	old := w.homes[user]
	if hash := r.args.str("hash"); hash != "" && old != nil && hash != old.Hash {
		return nil, fail("hash_conflict")
	}
	v, err := w.readView(r.method, r.args["view"], "home")
	if err != nil {
		return nil, err
	}
	v.ID, v.Hash = w.id("V"), w.newHash()
	if old != nil {
		v.ID = old.ID
	}
	v.RootID = v.ID
	w.homes[user] = v
	w.changed()
	w.notify(pageEvent{Type: "home", only: user})
	return answer{"view": w.viewJSON(v)}, nil
}

// viewJSON is a view as the Web API and interactions show it.
func (w *World) viewJSON(v *View) map[string]any {
	j := map[string]any{
		"id": v.ID, "team_id": w.o.TeamID, "type": v.Type, "blocks": nonNil(v.Blocks), "private_metadata": v.PrivateMetadata,
		"callback_id": v.CallbackID, "hash": v.Hash, "external_id": v.ExternalID, "state": map[string]any{"values": v.State},
		"clear_on_close": v.ClearOnClose, "notify_on_close": v.NotifyOnClose, "root_view_id": v.RootID,
		"previous_view_id": nil, "app_id": w.appID, "app_installed_team_id": w.o.TeamID, "bot_id": w.botID,
		"title": plain(v.Title), "submit": nil, "close": nil,
	}
	if v.PreviousID != "" {
		j["previous_view_id"] = v.PreviousID
	}
	if v.SubmitText != "" {
		j["submit"] = plain(v.SubmitText)
	}
	if v.CloseText != "" {
		j["close"] = plain(v.CloseText)
	}
	return j
}

func plain(text string) map[string]any {
	return map[string]any{"type": "plain_text", "text": text, "emoji": true}
}
