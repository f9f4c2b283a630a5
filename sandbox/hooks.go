package sandbox

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// A response URL may be used five times within half an hour.
const (
	maxHookUses = 5
	hookLife    = 30 * time.Minute
)

// hook is a response_url: an answer to one act of one person.
type hook struct {
	channel, user string
	message       string // ts of the message acted on; empty for commands
	ephemeral     bool   // that message is
	thread        string
	uses          int
	expires       time.Time
}

// newHook makes a response URL.
func (w *World) newHook(h hook) (*hook, string) {
	h.expires = w.o.Machine().Add(hookLife)
	key := secret(12)
	w.hooks[key] = &h
	return &h, w.URL() + "response/" + key
}

// said is the body of a response: to a response URL, or with an acknowledgement.
type said struct {
	ResponseType    string           `json:"response_type"`
	ReplaceOriginal bool             `json:"replace_original"`
	DeleteOriginal  bool             `json:"delete_original"`
	Text            string           `json:"text"`
	Blocks          []map[string]any `json:"blocks"`
	ThreadTS        string           `json:"thread_ts"`
	Metadata        *Metadata        `json:"metadata"`
	Attachments     []any            `json:"attachments"`
}

func (w *World) serveHook(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.faults.down || w.closed {
		panic(http.ErrAbortHandler)
	}
	h := w.hooks[r.PathValue("token")]
	made := Call{Method: "response_url", At: w.o.Machine(), World: w.o.Clock()}
	status, problem := http.StatusOK, ""
	if code, hit := w.faults.takeFailure("response_url"); hit { // asked for: nobody's mistake
		if status, err = strconv.Atoi(code); err != nil {
			status = http.StatusNotFound
		}
		made.Error = code
		w.calls = append(w.calls, made)
		w.changed()
		rw.WriteHeader(status)
		return
	}
	switch {
	case h == nil:
		status, problem = http.StatusNotFound, "no_such_url"
	case w.o.Machine().After(h.expires):
		status, problem = http.StatusNotFound, "expired_url"
	case h.uses >= maxHookUses:
		status, problem = http.StatusNotFound, "used_url"
	case err != nil:
		status, problem = http.StatusBadRequest, "invalid_payload"
	default:
		h.uses++
		made.Channel, made.User = h.channel, h.user
		problem = w.apply(h, body, &made)
		if problem != "" {
			status = http.StatusBadRequest
		}
	}
	made.Error = problem
	made.Lost = w.faults.takeLoss("response_url")
	w.calls = append(w.calls, made)
	w.changed()
	if made.Lost {
		panic(http.ErrAbortHandler)
	}
	if problem != "" {
		w.complain("response_url: %s", problem)
		rw.Header().Set("Content-Type", "application/json")
		rw.WriteHeader(status)
		_, _ = rw.Write(mustJSON(map[string]any{"ok": false, "error": problem}))
		return
	}
	_, _ = io.WriteString(rw, "ok")
}

// apply does what a response to a response URL says; it returns Slack's error.
func (w *World) apply(h *hook, body []byte, made *Call) string {
	var s said
	if err := json.Unmarshal(body, &s); err != nil {
		return "invalid_payload"
	}
	made.Args = map[string]any{"text": s.Text, "response_type": s.ResponseType,
		"replace_original": s.ReplaceOriginal, "delete_original": s.DeleteOriginal}
	_, problem := w.say(h, s)
	return problem
}

// respond shows the message that came with an acknowledgement, or nothing.
func (w *World) respond(h *hook, body []byte) *Message {
	var s said
	if err := json.Unmarshal(body, &s); err != nil {
		w.complain("command response: not a message: %v", err)
		return nil
	}
	if s.Text == "" && len(s.Blocks) == 0 {
		return nil
	}
	m, problem := w.say(h, s)
	if problem != "" {
		w.complain("command response: %s", problem)
		return nil
	}
	shown := m.clone()
	return &shown
}

// say carries out a response.
func (w *World) say(h *hook, s said) (*Message, string) {
	c := w.channels[h.channel]
	original := c.byTS[h.message]
	if h.ephemeral {
		original = c.ephemeral(h.message, h.user)
	}
	if s.DeleteOriginal {
		if original != nil && !original.Deleted {
			w.hide(c, original)
		}
		return nil, ""
	}
	switch {
	case len(s.Attachments) > 0:
		return nil, "attachments_not_simulated"
	case s.Text == "" && len(s.Blocks) == 0:
		return nil, "no_text"
	case w.checkContent("response_url", surfaceMessage, s.Text, s.Blocks) != nil:
		return nil, "invalid_blocks"
	case s.Text == "":
		w.complain("response_url: blocks without fallback text")
	}
	if s.ReplaceOriginal && original != nil && !original.Deleted {
		return original, w.rewrite(c, original, s)
	}
	m := &Message{User: w.botUser, Text: s.Text, Blocks: s.Blocks, ThreadTS: s.ThreadTS, Metadata: s.Metadata}
	if m.ThreadTS != "" && c.byTS[m.ThreadTS] == nil {
		return nil, "thread_not_found"
	}
	if s.ResponseType != "in_channel" {
		m.Ephemeral, m.For = true, h.user
	}
	w.put(c, m)
	w.recordPings("response_url", m)
	if !m.Ephemeral {
		w.emitMessage(c, m)
	}
	return m, ""
}

// rewrite puts a response in the place of the message that was acted on.
func (w *World) rewrite(c *channel, m *Message, s said) string {
	if !m.bot {
		return "cant_update_message"
	}
	before := m.clone()
	w.nameBlocks(s.Blocks)
	m.Text, m.Blocks = s.Text, s.Blocks
	w.recordPings("response_url", m)
	if m.Ephemeral {
		m.Edits++
		m.Changed = w.o.Machine()
		w.changed()
		w.notify(pageEvent{Type: "ephemeral", Channel: c.ID, TS: m.TS, Thread: m.ThreadTS, only: m.For})
		return ""
	}
	w.edited(c, m, &before)
	return ""
}

func (w *World) hide(c *channel, m *Message) {
	if !m.Ephemeral {
		w.remove(c, m)
		return
	}
	m.Deleted = true
	w.changed()
	w.notify(pageEvent{Type: "ephemeral", Channel: c.ID, TS: m.TS, Thread: m.ThreadTS, only: m.For})
}
