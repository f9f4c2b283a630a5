package sandbox

import (
	"encoding/json"
	"net/url"
	"slices"
	"time"
)

// Slack's words to a person whose act reached no app, or got no answer in time.
const (
	refusedDispatch = "dispatch_failed"
	refusedTimeout  = "operation_timeout"
)

// act prepares something under the lock, delivers it, and waits for the answer.
// A prepare that returns nil has complained; the act is then not sent.
func (p *Person) act(kind string, prepare func() map[string]any) (Outcome, json.RawMessage) {
	w := p.w
	w.mu.Lock()
	var payload map[string]any
	if w.users[p.id] == nil {
		w.complain("%s cannot act: no such user", p.id)
	} else {
		payload = prepare()
	}
	if payload == nil {
		why := "not possible"
		if last := tail(w.complaints, 1); len(last) == 1 {
			why = last[0]
		}
		w.mu.Unlock()
		return Outcome{Refused: why}, nil
	}
	parcel := parcel{kind: kind, name: str(payload["type"]), body: mustJSON(payload)}
	if kind == kindCommand {
		parcel.name = str(payload["command"])
		form := url.Values{}
		for key, value := range payload {
			form.Set(key, str(value))
		}
		parcel.form = []byte(form.Encode())
	} else {
		parcel.form = []byte(url.Values{"payload": {string(parcel.body)}}.Encode())
	}
	w.mu.Unlock()
	answer, took := w.ask(parcel)
	outcome := Outcome{Acked: answer.acked, Took: took}
	switch answer.failure {
	case "":
	case failTimeout:
		outcome.Refused = refusedTimeout
	default:
		outcome.Refused = refusedDispatch
	}
	return outcome, answer.body
}

// common is what every interaction says of its surroundings.
func (p *Person) common(kind string, inModal bool) map[string]any {
	w := p.w
	u := w.users[p.id]
	return map[string]any{
		"type": kind, "token": "deprecated", "api_app_id": w.appID, "action_ts": w.ts(),
		"team":       map[string]any{"id": w.o.TeamID, "domain": w.domain()},
		"user":       map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": w.o.TeamID},
		"enterprise": nil, "is_enterprise_install": false,
		"trigger_id": w.newTrigger(p.id, inModal),
	}
}

// Command runs a slash command and waits for the acknowledgement. The
// response that comes with it is shown as Slack does; answers by response_url
// arrive in [Person.Ephemerals] and [World.Messages].
func (p *Person) Command(channel, command, text string) Outcome {
	w := p.w
	var h *hook
	outcome, body := p.act(kindCommand, func() map[string]any {
		c := p.inside(channel, "command")
		if c == nil {
			return nil
		}
		if !slices.Contains(w.o.Commands, command) {
			w.complain("%s is not a command of the app", command)
			return nil
		}
		if !w.scopes["commands"] {
			w.complain("the app has no commands: it lacks the scope")
			return nil
		}
		var address string
		h, address = w.newHook(hook{channel: c.ID, user: p.id})
		u := w.users[p.id]
		return map[string]any{
			"token": "deprecated", "team_id": w.o.TeamID, "team_domain": w.domain(), "channel_id": c.ID,
			"channel_name": commandChannel(c), "user_id": u.ID, "user_name": u.Name, "command": command,
			"text": w.encode(text, true), "api_app_id": w.appID, "is_enterprise_install": "false",
			"response_url": address, "trigger_id": w.newTrigger(p.id, false),
		}
	})
	if outcome.Acked && len(body) > 0 {
		w.mu.Lock()
		outcome.Response = w.respond(h, body)
		w.mu.Unlock()
	}
	return outcome
}

func commandChannel(c *channel) string {
	switch c.kind() {
	case "im":
		return "directmessage"
	case "group":
		return "privategroup"
	}
	return c.Name
}

// Shortcut uses a global shortcut.
func (p *Person) Shortcut(callbackID string) Outcome {
	outcome, _ := p.act(kindAction, func() map[string]any {
		payload := p.common("shortcut", false)
		payload["callback_id"] = callbackID
		return payload
	})
	return outcome
}

// MessageShortcut uses a shortcut on a message.
func (p *Person) MessageShortcut(m Message, callbackID string) Outcome {
	outcome, _ := p.act(kindAction, func() map[string]any {
		c, now := p.message(m.Channel, m.TS, "use a shortcut")
		if now == nil {
			return nil
		}
		payload := p.common("message_action", false)
		_, address := p.w.newHook(hook{channel: c.ID, user: p.id, message: now.TS})
		payload["callback_id"], payload["message_ts"], payload["response_url"] = callbackID, now.TS, address
		payload["channel"] = map[string]any{"id": c.ID, "name": commandChannel(c)}
		payload["message"] = p.w.messageJSON(now, true)
		return payload
	})
	return outcome
}

// OpenHome opens the bot's Home tab and waits, as long as an acknowledgement
// may take, until the bot has heard of it; the view may come later, see [Person.Home].
func (p *Person) OpenHome() Outcome {
	w := p.w
	w.mu.Lock()
	ev := map[string]any{"type": "app_home_opened", "user": p.id, "channel": w.im(p.id, w.botUser).ID, "tab": "home"}
	if v := w.homes[p.id]; v != nil {
		ev["view"] = w.viewJSON(v)
	}
	start := w.o.Machine()
	e := w.emit(ev)
	w.mu.Unlock()
	if e == nil {
		return Outcome{Refused: refusedDispatch}
	}
	limit := time.NewTimer(w.o.AckWithin)
	defer limit.Stop()
	select {
	case <-e.heard:
		return Outcome{Acked: true, Took: w.o.Machine().Sub(start)}
	case <-limit.C:
	case <-w.ctx.Done():
	}
	return Outcome{Refused: refusedTimeout, Took: w.o.Machine().Sub(start)}
}

// Press presses a button as it stands in m, which may be older than the message
// is now.
func (p *Person) Press(m Message, actionID string) Outcome {
	return p.onMessage(m, target{action: actionID}, asItIs)
}

// PressValue presses with a value of one's own making, on a button of the
// message or one that never was, as only a forger can.
func (p *Person) PressValue(m Message, actionID, value string) Outcome {
	if _, there := m.Button(actionID); !there {
		m.Blocks = append(slices.Clone(m.Blocks), map[string]any{"type": "actions", "block_id": "forged",
			"elements": []any{map[string]any{"type": "button", "action_id": actionID, "text": plain("?")}}})
	}
	return p.onMessage(m, target{action: actionID}, func(e map[string]any) (map[string]any, error) {
		forged := map[string]any{}
		for k, v := range e {
			forged[k] = v
		}
		forged["value"] = value
		return forged, nil
	})
}

// Select chooses options, people, channels, dates or times in an element of a
// message: by option value, id, 2006-01-02 or 15:04.
func (p *Person) Select(m Message, actionID string, option ...string) Outcome {
	return p.onMessage(m, target{action: actionID}, choosing(option))
}

// PressIn presses a button of a modal or of the Home tab.
func (p *Person) PressIn(v View, actionID string) Outcome {
	return p.onView(v, target{action: actionID}, asItIs)
}

// SelectIn chooses in an element of a modal or of the Home tab.
func (p *Person) SelectIn(v View, actionID string, option ...string) Outcome {
	return p.onView(v, target{action: actionID}, choosing(option))
}

// target names an element; block only matters where two blocks hold the same action_id.
type target struct{ block, action string }

// use makes of an element what the person did with it.
type use func(e map[string]any) (map[string]any, error)

func asItIs(e map[string]any) (map[string]any, error) { return e, nil }

func choosing(option []string) use {
	return func(e map[string]any) (map[string]any, error) { return choose(e, option) }
}

// choose is an element with a choice made.
func choose(e map[string]any, option []string) (map[string]any, error) {
	if e["type"] == "overflow" && len(option) == 1 {
		chosen, err := stateValue(e, "selected_option", option[0])
		return map[string]any{"type": "overflow", "action_id": e["action_id"], "selected_option": chosen}, err
	}
	state, err := stateOf(e, option)
	if err == nil {
		state["action_id"] = e["action_id"]
	}
	return state, err
}

// action is an entry of a block_actions payload.
func (w *World) action(block, e map[string]any) map[string]any {
	a := map[string]any{"block_id": block["block_id"], "action_ts": w.ts()}
	for _, key := range []string{"type", "action_id", "value", "text", "style", "selected_option", "selected_options",
		"selected_user", "selected_users", "selected_conversation", "selected_conversations", "selected_channel",
		"selected_channels", "selected_date", "selected_time", "selected_date_time", "rich_text_value"} {
		if v, ok := e[key]; ok {
			a[key] = v
		}
	}
	return a
}

// pick finds an element by action_id and applies a choice; it complains where
// that cannot be done.
func (p *Person) pick(blocks []map[string]any, at target, apply use) (block, chosen map[string]any) {
	var found map[string]any
	eachElement(blocks, func(b, e map[string]any) {
		if found == nil && str(e["action_id"]) == at.action && (at.block == "" || str(b["block_id"]) == at.block) {
			block, found = b, e
		}
	})
	if found == nil {
		p.w.complain("%s cannot use %q: it is not there", p.id, at.action)
		return nil, nil
	}
	chosen, err := apply(found)
	if err != nil {
		p.w.complain("%s cannot use %q: %v", p.id, at.action, err)
		return nil, nil
	}
	return block, chosen
}

func (p *Person) onMessage(m Message, at target, apply use) Outcome {
	w := p.w
	outcome, _ := p.act(kindAction, func() map[string]any {
		c := p.inside(m.Channel, "press "+at.action)
		if c == nil {
			return nil
		}
		now := c.byTS[m.TS]
		if m.Ephemeral {
			now = c.ephemeral(m.TS, p.id)
		}
		if now == nil || now.Deleted {
			w.complain("%s cannot press %q: message %s is gone", p.id, at.action, m.TS)
			return nil
		}
		block, chosen := p.pick(m.Blocks, at, apply)
		if chosen == nil {
			return nil
		}
		w.tourPressed(p.id, at.action)
		payload := p.common("block_actions", false)
		container := map[string]any{"type": "message", "message_ts": now.TS, "channel_id": c.ID, "is_ephemeral": now.Ephemeral}
		if now.ThreadTS != "" {
			container["thread_ts"] = now.ThreadTS
		}
		_, address := w.newHook(hook{channel: c.ID, user: p.id, message: now.TS, ephemeral: now.Ephemeral, thread: now.ThreadTS})
		payload["container"], payload["response_url"] = container, address
		payload["channel"] = map[string]any{"id": c.ID, "name": commandChannel(c)}
		if !now.Ephemeral {
			payload["message"] = w.messageJSON(now, true)
		}
		state := stateWith(m.Blocks, nil)
		if _, stateful := stateKeys[str(chosen["type"])]; stateful {
			setState(state, str(block["block_id"]), at.action, withoutID(chosen))
		}
		payload["state"] = map[string]any{"values": state}
		payload["actions"] = []any{w.action(block, chosen)}
		return payload
	})
	return outcome
}

func withoutID(e map[string]any) map[string]any {
	c := map[string]any{}
	for k, v := range e {
		if k != "action_id" {
			c[k] = v
		}
	}
	return c
}

func (c *channel) ephemeral(ts, user string) *Message {
	for _, m := range slices.Backward(c.ephemerals) {
		if m.TS == ts && m.For == user {
			return m
		}
	}
	return nil
}

func (p *Person) onView(v View, at target, apply use) Outcome {
	w := p.w
	outcome, _ := p.act(kindAction, func() map[string]any {
		now := p.ownView(v.ID)
		if now == nil {
			w.complain("%s cannot press %q: view %s is not open", p.id, at.action, v.ID)
			return nil
		}
		block, chosen := p.pick(v.Blocks, at, apply)
		if chosen == nil {
			return nil
		}
		w.tourPressed(p.id, at.action)
		if _, stateful := stateKeys[str(chosen["type"])]; stateful {
			state := stateWith(now.Blocks, now.State)
			setState(state, str(block["block_id"]), at.action, withoutID(chosen))
			now = w.restate(p.id, now, state)
		}
		payload := p.common("block_actions", now.Type == surfaceModal)
		payload["container"] = map[string]any{"type": "view", "view_id": now.ID}
		payload["view"] = w.viewJSON(now)
		payload["actions"] = []any{w.action(block, chosen)}
		return payload
	})
	return outcome
}

// ownView is an open modal or the Home tab of the person, by id.
func (p *Person) ownView(id string) *View {
	if h := p.w.homes[p.id]; h != nil && h.ID == id {
		return h
	}
	for _, v := range p.w.modals[p.id] {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// restate replaces a view by a copy with other state; views are never changed
// in place, because copies of them are out.
func (w *World) restate(user string, v *View, state map[string]map[string]any) *View {
	next := *v
	next.State = state
	for i, open := range w.modals[user] {
		if open == v {
			w.modals[user][i] = &next
		}
	}
	if w.homes[user] == v {
		w.homes[user] = &next
	}
	return &next
}
