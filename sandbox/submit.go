package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// stateWith is the state of every stateful element: what was filled in so far,
// else what it starts with. The maps are new.
func stateWith(blocks []map[string]any, current map[string]map[string]any) map[string]map[string]any {
	state := map[string]map[string]any{}
	eachElement(blocks, func(block, e map[string]any) {
		if _, stateful := stateKeys[str(e["type"])]; !stateful {
			return
		}
		b, a := str(block["block_id"]), str(e["action_id"])
		if kept, ok := current[b][a]; ok {
			setState(state, b, a, kept)
			return
		}
		if initial, err := stateOf(e, initialPicks(e)); err == nil {
			setState(state, b, a, initial)
		}
	})
	return state
}

// fill puts values, by block_id or action_id, into a state. A value is a
// string, an int, a []string, or nil to clear.
func fill(blocks []map[string]any, state map[string]map[string]any, values map[string]any) error {
	used := map[string]bool{}
	var failed error
	eachElement(blocks, func(block, e map[string]any) {
		b, a := str(block["block_id"]), str(e["action_id"])
		key := a
		if _, ok := values[key]; !ok {
			key = b
		}
		value, given := values[key]
		if _, stateful := stateKeys[str(e["type"])]; !given || !stateful {
			return
		}
		used[key] = true
		chosen, err := texts(value)
		if err == nil {
			var s map[string]any
			if s, err = stateOf(e, chosen); err == nil {
				setState(state, b, a, s)
			}
		}
		if err != nil && failed == nil {
			failed = fmt.Errorf("%q: %w", key, err)
		}
	})
	for _, key := range slices.Sorted(maps.Keys(values)) {
		if !used[key] && failed == nil {
			failed = fmt.Errorf("no input named %q", key)
		}
	}
	return failed
}

func texts(value any) ([]string, error) {
	switch v := value.(type) {
	case nil:
		return nil, nil
	case string:
		return []string{v}, nil
	case []string:
		return v, nil
	case int:
		return []string{strconv.Itoa(v)}, nil
	case int64:
		return []string{strconv.FormatInt(v, 10)}, nil
	}
	return nil, fmt.Errorf("a %T is no value of an input", value)
}

// Submit fills in a modal and submits it. values are by block_id or action_id:
// a string, an int, or a []string; selects take option values or ids, pickers
// 2006-01-02, 15:04 or a Unix time. What Slack's own client refuses (an empty
// required field, a text too long) comes back in Errors without reaching the bot.
func (p *Person) Submit(v View, values map[string]any) Outcome {
	return p.submit(v, func(now *View) (map[string]map[string]any, error) {
		state := stateWith(now.Blocks, now.State)
		return state, fill(now.Blocks, state, values)
	})
}

func (p *Person) submit(v View, state func(now *View) (map[string]map[string]any, error)) Outcome {
	w := p.w
	var refused map[string]string
	outcome, body := p.act(kindAction, func() map[string]any {
		now := p.ownView(v.ID)
		if now == nil || now.Type != surfaceModal {
			w.complain("%s cannot submit %q: it is not open", p.id, v.CallbackID)
			return nil
		}
		filled, err := state(now)
		if err != nil {
			w.complain("%s cannot submit %q: %v", p.id, v.CallbackID, err)
			return nil
		}
		w.withFiles(p.id, filled)
		now = w.restate(p.id, now, filled)
		if refused = clientRefusals(now); len(refused) > 0 {
			return nil
		}
		payload := p.common("view_submission", true)
		payload["view"] = w.viewJSON(now)
		payload["response_urls"] = w.responseURLs(p.id, now)
		return payload
	})
	if len(refused) > 0 {
		return Outcome{Errors: refused, Refused: "the client refused to submit"}
	}
	if !outcome.Acked {
		return outcome
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.submitted(p.id, v.ID, body, &outcome)
	return outcome
}

// clientRefusals are the inputs that Slack's client would not submit, by block_id.
func clientRefusals(v *View) map[string]string {
	refused := map[string]string{}
	for _, block := range v.Blocks {
		e := object(block["element"])
		if block["type"] != "input" || e == nil {
			continue
		}
		id := str(block["block_id"])
		if why := refusal(block, e, object(v.State[id][str(e["action_id"])])); why != "" {
			refused[id] = why
		}
	}
	return refused
}

// responseURLs are made for inputs that ask for one with their conversation.
func (w *World) responseURLs(user string, v *View) []any {
	urls := []any{}
	eachElement(v.Blocks, func(block, e map[string]any) {
		if e["response_url_enabled"] != true {
			return
		}
		b, a := str(block["block_id"]), str(e["action_id"])
		chosen := picks(object(v.State[b][a])[stateKeys[str(e["type"])]])
		if len(chosen) == 1 && w.channels[chosen[0]] != nil {
			_, address := w.newHook(hook{channel: chosen[0], user: user})
			urls = append(urls, map[string]any{"response_url": address, "channel_id": chosen[0], "block_id": b, "action_id": a})
		}
	})
	return urls
}

// submitted carries out the bot's answer to a submission.
func (w *World) submitted(user, viewID string, body []byte, outcome *Outcome) {
	var answer struct {
		Action string            `json:"response_action"`
		Errors map[string]string `json:"errors"`
		View   map[string]any    `json:"view"`
	}
	if len(body) > 0 && json.Unmarshal(body, &answer) != nil {
		w.complain("view_submission: the answer is not understood: %.200s", body)
		return
	}
	outcome.Action = answer.Action
	v, _, i := w.modal(viewID, "")
	if v == nil {
		return // closed meanwhile
	}
	switch answer.Action {
	case "":
		w.modals[user] = slices.Clone(w.modals[user][:i])
	case "clear":
		delete(w.modals, user)
	case "errors":
		outcome.Errors = answer.Errors
		w.checkErrors(v, answer.Errors)
	case "update", "push":
		next, err := w.readView("response_action "+answer.Action, answer.View, surfaceModal)
		switch {
		case err != nil:
			outcome.Refused = err.Error()
		case answer.Action == "update":
			w.replace(user, i, next)
		case len(w.modals[user]) >= maxModals:
			w.complain("response_action push: more than %d views", maxModals)
		default:
			w.push(user, next)
		}
	default:
		w.complain("view_submission: unknown response_action %q", answer.Action)
	}
	w.viewsChanged(user)
}

// checkErrors complains of errors that Slack could not show at a field.
func (w *World) checkErrors(v *View, faults map[string]string) {
	if len(faults) == 0 {
		w.complain("response_action errors without errors")
	}
	for id, text := range faults {
		isInput := slices.ContainsFunc(v.Blocks, func(b map[string]any) bool {
			return b["type"] == "input" && b["block_id"] == id
		})
		if !isInput {
			w.complain("response_action errors: %q is no input block of the view", id)
		}
		if text == "" {
			w.complain("response_action errors: no words for %q", id)
		}
	}
}

// CloseView closes a modal without submitting. Where the view asks for it, the
// bot is told by view_closed.
func (p *Person) CloseView(v View) Outcome {
	w := p.w
	tell := false
	outcome, _ := p.act(kindAction, func() map[string]any {
		stack := w.modals[p.id]
		i := slices.IndexFunc(stack, func(o *View) bool { return o.ID == v.ID })
		if i < 0 {
			w.complain("%s cannot close %q: it is not open", p.id, v.CallbackID)
			return nil
		}
		now := stack[i]
		w.modals[p.id] = slices.Clone(stack[:i])
		if now.ClearOnClose {
			w.modals[p.id] = nil
		}
		w.viewsChanged(p.id)
		if tell = now.NotifyOnClose; !tell {
			return nil
		}
		payload := p.common("view_closed", true)
		payload["view"], payload["is_cleared"] = w.viewJSON(now), false
		return payload
	})
	if !tell {
		outcome.Refused = "" // closed; nobody is to be told
	}
	return outcome
}
