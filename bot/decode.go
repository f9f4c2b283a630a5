package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Decoder turns what Slack sends into requests, the same for both transports.
// An empty result without an error means: understood, and nothing for us.
type Decoder struct {
	// BotUser is our user id in a workspace when a payload does not say it.
	BotUser func(team string) string
}

// errUnknown is an envelope of a type we know nothing of.
var errUnknown = errors.New("unknown payload type")

// errIncomplete is a payload without the ids that tell it from a repeat: it
// cannot be acted on safely.
var errIncomplete = errors.New("payload lacks its ids")

// Envelope decodes the payload of a Socket Mode envelope of type kind.
func (d Decoder) Envelope(kind string, payload []byte, retry int) ([]Request, error) {
	n, err := parse(payload)
	if err != nil {
		return nil, err
	}
	return d.envelope(kind, n, retry)
}

func (d Decoder) envelope(kind string, p node, retry int) ([]Request, error) {
	switch kind {
	case "events_api":
		return d.event(p, retry)
	case "slash_commands":
		return d.command(func(name string) string { return p.at(name).text() }, p.at("is_enterprise_install").yes())
	case "interactive":
		return d.interaction(p)
	}
	return nil, fmt.Errorf("envelope %.40q: %w", kind, errUnknown)
}

// CommandForm decodes a slash command that came by HTTP.
func (d Decoder) CommandForm(form url.Values) ([]Request, error) {
	return d.command(form.Get, form.Get("is_enterprise_install") == "true")
}

func (d Decoder) command(get func(string) string, orgWide bool) ([]Request, error) {
	r := Request{Kind: KindCommand, Team: get("team_id"), User: get("user_id"), Channel: get("channel_id"),
		Text: strings.TrimSpace(get("text")), TriggerID: get("trigger_id"), ResponseURL: get("response_url")}
	if orgWide {
		r.Enterprise = get("enterprise_id")
	}
	r.Direct = isDirect(r.Channel)
	r.Delivery = pressed(r)
	return whole(r)
}

// pressed is the identity of a command or press: its trigger, else its response
// URL. The URL lets anybody answer for half an hour, so only its hash is kept.
func pressed(r Request) string {
	if r.TriggerID == "" && r.ResponseURL != "" {
		sum := sha256.Sum256([]byte(r.ResponseURL))
		return delivery("url", hex.EncodeToString(sum[:16]))
	}
	return delivery("trg", r.TriggerID)
}

// isDirect says whether a channel id is a conversation of two.
func isDirect(channel string) bool { return strings.HasPrefix(channel, "D") }

// first is the first of its arguments that is not empty.
func first(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

// delivery joins the parts of an identity; "" when the last id is missing.
func delivery(kind string, parts ...string) string {
	for _, p := range parts {
		if p == "" {
			return ""
		}
	}
	return kind + ":" + strings.Join(parts, ":")
}

// whole returns r when it names who did it, where it belongs and its identity.
func whole(r Request) ([]Request, error) {
	if r.Delivery == "" || r.User == "" || (r.Team == "" && r.Enterprise == "") {
		return nil, fmt.Errorf("%s: %w", r.Kind, errIncomplete)
	}
	return []Request{r}, nil
}

// Event decodes the payload of an Events API delivery.
func (d Decoder) Event(raw []byte, retry int) ([]Request, error) {
	p, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return d.event(p, retry)
}

func (d Decoder) event(p node, retry int) ([]Request, error) {
	ev := p.at("event")
	if ev.object() == nil {
		return nil, fmt.Errorf("event callback without an event: %w", errIncomplete)
	}
	auth := node{}
	if list := p.at("authorizations").list(); len(list) > 0 {
		auth = list[0]
	}
	base := Request{Retry: retry, Team: first(auth.at("team_id").text(), p.at("team_id").text())}
	if auth.at("is_enterprise_install").yes() {
		base.Enterprise = first(auth.at("enterprise_id").text(), p.at("enterprise_id").text())
	}
	if base.Team == "" && base.Enterprise == "" {
		return nil, fmt.Errorf("event of no workspace: %w", errIncomplete)
	}
	e := event{node: ev, base: base, id: delivery("evt", p.at("event_id").text())}
	if auth.at("is_bot").yes() || auth.at("user_id").has() {
		e.bot = auth.at("user_id").text()
	}
	if e.bot == "" && d.BotUser != nil {
		e.bot = d.BotUser(base.Team)
	}
	return e.requests()
}

// Interaction decodes a press, a submission or a shortcut.
func (d Decoder) Interaction(raw []byte) ([]Request, error) {
	p, err := parse(raw)
	if err != nil {
		return nil, err
	}
	return d.interaction(p)
}

func (d Decoder) interaction(p node) ([]Request, error) {
	base := Request{Team: first(p.at("team", "id").text(), p.at("user", "team_id").text()), User: p.at("user", "id").text(),
		TriggerID: p.at("trigger_id").text(), ResponseURL: p.at("response_url").text(), View: readView(p.at("view"))}
	if p.at("is_enterprise_install").yes() {
		base.Enterprise = first(p.at("enterprise", "id").text(), p.at("team", "enterprise_id").text())
	}
	switch kind := p.at("type").text(); kind {
	case "block_actions":
		return presses(p, base)
	case "view_submission":
		return submission(p, base)
	case "shortcut", "message_action":
		return shortcut(p, base)
	case "view_closed":
		return nil, nil
	default:
		return nil, fmt.Errorf("interaction %.40q: %w", kind, errUnknown)
	}
}

func readView(v node) View {
	return View{ID: v.at("id").text(), Hash: v.at("hash").text(), Callback: v.at("callback_id").text(), Private: v.at("private_metadata").text()}
}

func shortcut(p node, r Request) ([]Request, error) {
	r.Kind, r.Name = KindShortcut, p.at("callback_id").text()
	r.Channel = p.at("channel", "id").text()
	r.Direct = isDirect(r.Channel)
	m := p.at("message")
	r.Text, r.TS, r.ItemUser = m.at("text").text(), m.at("ts").text(), m.at("user").text()
	r.ThreadTS = threadOf(m)
	r.Delivery = pressed(r)
	return whole(r)
}

func submission(p node, r Request) ([]Request, error) {
	r.Kind, r.Name = KindSubmission, r.View.Callback
	r.Fields = fields(p.at("view", "state", "values"))
	r.Files = handed(p.at("view", "state", "values"))
	for _, to := range p.at("response_urls").list() {
		r.Channel, r.ResponseURL = to.at("channel_id").text(), to.at("response_url").text()
		r.Direct = isDirect(r.Channel)
		break
	}
	r.Delivery = delivery("view", r.View.ID, r.View.Hash)
	return whole(r)
}

// presses gives one request for each action of a payload; Slack sends one, and
// the format allows more.
func presses(p node, base Request) ([]Request, error) {
	c, m := p.at("container"), p.at("message")
	base.Kind = KindAction
	base.Channel = first(p.at("channel", "id").text(), c.at("channel_id").text())
	base.Direct = isDirect(base.Channel)
	base.TS = first(c.at("message_ts").text(), m.at("ts").text())
	base.ThreadTS = first(threadOf(m), c.at("thread_ts").text())
	if base.ThreadTS == base.TS {
		base.ThreadTS = ""
	}
	base.Ephemeral = c.at("is_ephemeral").yes()
	base.Fields = fields(p.at("view", "state", "values"))
	if !p.at("view").has() {
		base.Fields = fields(p.at("state", "values"))
	}
	base.Delivery = pressed(base)
	var out []Request
	for i, a := range p.at("actions").list() {
		r := base
		r.ActionID, r.BlockID = a.at("action_id").text(), a.at("block_id").text()
		r.Name, _, _ = strings.Cut(r.ActionID, ":")
		r.Selected = values(a)
		if len(r.Selected) > 0 {
			r.Value = r.Selected[0]
		}
		if i > 0 && r.Delivery != "" {
			r.Delivery = fmt.Sprintf("%s:%d", r.Delivery, i)
		}
		one, err := whole(r)
		if err != nil {
			return nil, err
		}
		out = append(out, one...)
	}
	if out == nil {
		return nil, fmt.Errorf("a press without an action: %w", errIncomplete)
	}
	return out, nil
}

// threadOf is the thread a message stands in; "" for one that starts a thread.
func threadOf(m node) string {
	thread := m.at("thread_ts").text()
	if thread == m.at("ts").text() {
		return ""
	}
	return thread
}

// fields reads view.state.values: block_id -> action_id -> state. A block has
// one input, so its action_id is left out.
func fields(state node) map[string][]string {
	blocks := state.object()
	if len(blocks) == 0 {
		return nil
	}
	out := make(map[string][]string, len(blocks))
	for block, inputs := range blocks {
		actions := node{inputs}.object()
		for _, action := range sortedKeys(actions) {
			out[block] = append(out[block], values(node{actions[action]})...)
		}
	}
	return out
}

// values are what was chosen or typed in one element, whatever its type; none
// when it was left empty.
func values(n node) []string {
	var out []string
	add := func(s string) {
		if s != "" {
			out = append(out, s)
		}
	}
	for _, option := range n.at("selected_options").list() {
		add(option.at("value").text())
	}
	for _, many := range []string{"selected_users", "selected_channels", "selected_conversations"} {
		for _, id := range n.at(many).list() {
			add(id.text())
		}
	}
	add(n.at("selected_option", "value").text())
	for _, one := range []string{"selected_user", "selected_channel", "selected_conversation", "selected_date", "selected_time", "selected_date_time"} {
		add(n.at(one).text())
	}
	for _, file := range n.at("files").list() {
		add(file.at("id").text())
	}
	if rich := n.at("rich_text_value"); rich.has() {
		add(strings.TrimRight(richText(rich), "\n"))
	}
	if len(out) == 0 {
		add(n.at("value").text())
	}
	return out
}

// handed are the files given in a modal, in the order of its blocks' ids.
func handed(state node) []Attached {
	var out []Attached
	blocks := state.object()
	for _, block := range sortedKeys(blocks) {
		actions := node{blocks[block]}.object()
		for _, action := range sortedKeys(actions) {
			out = append(out, attached(node{actions[action]})...)
		}
	}
	return out
}

// attached are the files of a message or of a file input. One that Slack keeps
// from us (deleted, or of another workspace) has no name and is left out.
func attached(n node) []Attached {
	var out []Attached
	for _, f := range n.at("files").list() {
		a := Attached{ID: f.at("id").text(), Name: first(f.at("name").text(), f.at("title").text()), Type: f.at("filetype").text(),
			Mime: f.at("mimetype").text(), Link: f.at("permalink").text(), User: f.at("user").text()}
		if a.ID != "" && (a.Name != "" || a.Type != "" || a.Mime != "") {
			out = append(out, a)
		}
	}
	return out
}

// richText is the plain text of a rich_text block.
func richText(n node) string {
	var b strings.Builder
	switch n.at("type").text() {
	case "text":
		return n.at("text").text()
	case "link":
		return first(n.at("text").text(), n.at("url").text())
	case "user":
		return "<@" + n.at("user_id").text() + ">"
	case "channel":
		return "<#" + n.at("channel_id").text() + ">"
	case "usergroup":
		return "<!subteam^" + n.at("usergroup_id").text() + ">"
	case "broadcast":
		return "<!" + n.at("range").text() + ">"
	case "emoji":
		return ":" + n.at("name").text() + ":"
	case "date":
		return n.at("fallback").text()
	}
	for _, part := range n.at("elements").list() {
		b.WriteString(richText(part))
		if kind := part.at("type").text(); strings.HasPrefix(kind, "rich_text_") && kind != "rich_text_list" {
			b.WriteString("\n")
		}
	}
	return b.String()
}

// plainEvent is the event as a map for KindEvent, numbers as json.Number.
func plainEvent(n node) map[string]any {
	if m := n.object(); m != nil {
		return m
	}
	return map[string]any{}
}

// compact drops the white space of a JSON text so that sizes are those on the
// wire.
func compact(v any) (json.RawMessage, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode answer: %w", err)
	}
	return raw, nil
}
