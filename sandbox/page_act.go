package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// wish is what somebody on the page does.
type wish struct {
	As         string                    `json:"as"`
	Do         string                    `json:"do"`
	Channel    string                    `json:"channel"`
	Thread     string                    `json:"thread"`
	TS         string                    `json:"ts"`
	Text       string                    `json:"text"`
	Command    string                    `json:"command"`
	Emoji      string                    `json:"emoji"`
	ActionID   string                    `json:"action_id"`
	BlockID    string                    `json:"block_id"`
	Value      string                    `json:"value"`
	Option     json.RawMessage           `json:"option"`  // a string or a list
	Options    []string                  `json:"options"` // the same
	State      map[string]any            `json:"state"`   // of the element, where it has no options
	User       string                    `json:"user"`
	ViewID     string                    `json:"view_id"`
	Values     map[string]map[string]any `json:"values"`
	CallbackID string                    `json:"callback_id"`
	Files      []string                  `json:"files"` // uploaded before
}

func (w *World) serveAct(rw http.ResponseWriter, r *http.Request) {
	var a wish
	if err := json.NewDecoder(http.MaxBytesReader(rw, r.Body, maxPageBody)).Decode(&a); err != nil {
		pageError(rw, http.StatusBadRequest, "invalid_json")
		return
	}
	w.mu.Lock()
	known := w.users[a.As] != nil
	before := len(w.complaints)
	w.mu.Unlock()
	if !known {
		pageError(rw, http.StatusNotFound, errNoUser.Error())
		return
	}
	done := w.perform(a)
	if done == nil {
		pageError(rw, http.StatusBadRequest, "unknown_act")
		return
	}
	// What the acting person could not do is an answer here, not a fault of the bot.
	w.mu.Lock()
	for i := len(w.complaints) - 1; i >= before; i-- {
		if strings.HasPrefix(w.complaints[i], a.As+" cannot ") {
			done["ok"], done["error"] = false, w.complaints[i]
			w.complaints = slices.Delete(w.complaints, i, i+1)
		}
	}
	w.mu.Unlock()
	pageJSON(rw, done)
}

// perform does one act; nil is an act that there is not.
func (w *World) perform(a wish) map[string]any {
	p := w.As(a.As)
	switch a.Do {
	case "say":
		if len(a.Files) > 0 {
			w.pageActs()
			return map[string]any{"ok": true, "ts": p.sendFiles(a.Channel, a.Thread, a.Text, a.Files)}
		}
		if command, text, ok := w.commandIn(a.Text); ok {
			return w.pageCommand(p, a.Channel, command, text)
		}
		w.pageActs()
		return map[string]any{"ok": true, "ts": p.SayIn(a.Channel, a.Thread, a.Text)}
	case "command":
		command, text, ok := w.commandIn(a.Text)
		if a.Command != "" || !ok {
			command, text = a.Command, a.Text
		}
		return w.pageCommand(p, a.Channel, command, text)
	case "edit":
		p.Edit(a.Channel, a.TS, a.Text)
	case "delete":
		p.Delete(a.Channel, a.TS)
	case "react":
		p.React(a.Channel, a.TS, a.Emoji)
	case "unreact":
		p.Unreact(a.Channel, a.TS, a.Emoji)
	case "join":
		p.Join(a.Channel)
	case "read":
		w.markRead(a.As, a.Channel)
	case "home":
		return shown(p.OpenHome())
	case "open_dm":
		return w.openDM(a)
	case "dnd": // value "on" switches one's own do-not-disturb on, anything else off
		w.SetDND(a.As, a.Value == "on")
	default:
		return w.performOnApp(p, a)
	}
	return map[string]any{"ok": true}
}

// performOnApp does what the bot has to answer.
func (w *World) performOnApp(p *Person, a wish) map[string]any {
	w.pageActs()
	switch a.Do {
	case "press":
		return shown(w.use(p, a, asItIs))
	case "select":
		return shown(w.use(p, a, choosing(a.chosen())))
	case "submit":
		return shown(p.submit(View{ID: a.ViewID}, func(now *View) (map[string]map[string]any, error) {
			return merged(now, a.Values), nil
		}))
	case "close_view":
		return shown(p.CloseView(View{ID: a.ViewID}))
	case "shortcut":
		return shown(p.Shortcut(a.CallbackID))
	case "message_shortcut":
		return shown(p.MessageShortcut(Message{Channel: a.Channel, TS: a.TS}, a.CallbackID))
	}
	return nil
}

// pageActs notes that from now on what the bot posts was asked for on the page.
func (w *World) pageActs() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.page.acted = true
}

// commandIn splits a line that begins with a slash command of the app.
func (w *World) commandIn(text string) (command, rest string, ok bool) {
	first, rest, _ := strings.Cut(strings.TrimSpace(text), " ")
	if line, more, cut := strings.Cut(first, "\n"); cut {
		first, rest = line, more+" "+rest
	}
	return first, strings.TrimSpace(rest), slices.Contains(w.o.Commands, first)
}

func (w *World) pageCommand(p *Person, channel, command, text string) map[string]any {
	w.pageActs()
	return shown(p.Command(channel, command, text))
}

// shown is an outcome as the page reads it.
func shown(o Outcome) map[string]any {
	done := map[string]any{"ok": o.Refused == "" || len(o.Errors) > 0, "acked": o.Acked, "took_ms": o.Took.Milliseconds()}
	switch {
	case len(o.Errors) > 0:
		done["errors"], done["response_action"] = o.Errors, "errors"
	case o.Refused == refusedTimeout:
		done["error"] = "timeout"
	case o.Refused != "":
		done["error"] = o.Refused
	}
	if o.Action != "" {
		done["response_action"] = o.Action
	}
	return done
}

// chosen are the values of a select: as options, or out of the element's state.
func (a *wish) chosen() []string {
	if len(a.Options) > 0 {
		return a.Options
	}
	var one string
	if json.Unmarshal(a.Option, &one) == nil && one != "" {
		return []string{one}
	}
	var many []string
	if json.Unmarshal(a.Option, &many) == nil && len(many) > 0 {
		return many
	}
	if a.State != nil {
		return picks(a.State[stateKeys[str(a.State["type"])]])
	}
	if a.Value != "" {
		return []string{a.Value}
	}
	return nil
}

// use presses or chooses in a message or view. What else was filled in on the
// same surface goes along as its state.
func (w *World) use(p *Person, a wish, how use) Outcome {
	at := target{block: a.BlockID, action: a.ActionID}
	if a.ViewID == "" {
		w.mu.Lock()
		var m Message
		if c := w.channels[a.Channel]; c != nil {
			found := c.byTS[a.TS]
			if found == nil {
				found = c.ephemeral(a.TS, p.id)
			}
			if found != nil {
				m = found.clone()
			}
		}
		w.mu.Unlock()
		if m.TS == "" {
			return Outcome{Refused: "message_not_found"}
		}
		return p.onMessage(m, still(m.Blocks, at), how)
	}
	w.mu.Lock()
	now := p.ownView(a.ViewID)
	if now != nil {
		state := merged(now, a.Values)
		w.withFiles(p.id, state)
		now = w.restate(p.id, now, state)
	}
	w.mu.Unlock()
	if now == nil {
		return Outcome{Refused: "view_not_found"}
	}
	return p.onView(*now, at, how)
}

// still is what was pressed, in a message that may have been edited while the
// press was on its way: Slack gives the blocks of an edit new ids where the app
// names none, and takes the press all the same.
func still(blocks []map[string]any, at target) target {
	there := false
	eachElement(blocks, func(b, e map[string]any) {
		there = there || str(b["block_id"]) == at.block && str(e["action_id"]) == at.action
	})
	if !there {
		at.block = ""
	}
	return at
}

// merged is the state of a view with values from the page, which come in the
// shape of view.state.values. Only what the view has is taken.
func merged(v *View, values map[string]map[string]any) map[string]map[string]any {
	state := stateWith(v.Blocks, v.State)
	eachElement(v.Blocks, func(block, e map[string]any) {
		b, a := str(block["block_id"]), str(e["action_id"])
		given := object(values[b][a])
		key, stateful := stateKeys[str(e["type"])]
		if given == nil || !stateful {
			return
		}
		if key == "rich_text_value" { // as formatted on the page
			setState(state, b, a, map[string]any{"type": e["type"], key: given[key]})
			return
		}
		if s, err := stateOf(e, picks(given[key])); err == nil {
			setState(state, b, a, s)
		}
	})
	return state
}

func (w *World) markRead(user, channelID string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c := w.channels[channelID]
	if c == nil || len(c.messages) == 0 {
		return
	}
	c.read[user] = c.messages[len(c.messages)-1].TS
	w.notify(pageEvent{Type: "unread", Channel: channelID, only: user})
}

// openDM opens a direct conversation with somebody; with the bot that is an
// event for it, as its Messages tab is part of its home.
func (w *World) openDM(a wish) map[string]any {
	w.mu.Lock()
	defer w.mu.Unlock()
	other := a.User
	for _, name := range []string{a.Value, a.Channel, w.botUser} {
		setDefault(&other, name)
	}
	if w.users[other] == nil || other == a.As {
		return map[string]any{"ok": false, "error": fmt.Sprintf("%v: %s", errNoUser, other)}
	}
	c := w.im(a.As, other)
	if other == w.botUser {
		w.emit(map[string]any{"type": "app_home_opened", "user": a.As, "channel": c.ID, "tab": "messages"})
	}
	w.notify(pageEvent{Type: "channels", only: a.As})
	return map[string]any{"ok": true, "channel": c.ID}
}
