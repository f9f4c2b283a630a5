package bot

import (
	"fmt"
	"strings"
)

// event is one event on its way to a request.
type event struct {
	node
	base Request
	id   string // "evt:…", the identity of everything that is not a message
	bot  string // our own user id, "" when unknown
}

func (e event) requests() ([]Request, error) {
	switch kind := e.at("type").text(); kind {
	case "message":
		return e.message()
	case "app_mention":
		// An edit is told by message_changed, with what stood there before.
		if e.at("edited").has() {
			return nil, nil
		}
		return e.said(e.node, KindMention)
	case "reaction_added":
		return e.reaction(KindReactionAdded)
	case "reaction_removed":
		return e.reaction(KindReactionGone)
	case "app_home_opened":
		if e.at("tab").text() == "home" {
			r := e.base
			r.Kind, r.User, r.Channel, r.Delivery = KindHome, e.at("user").text(), e.at("channel").text(), e.id
			r.Direct = isDirect(r.Channel)
			return whole(r)
		}
		return e.other(kind)
	case "":
		return nil, fmt.Errorf("event without a type: %w", errIncomplete)
	default:
		return e.other(kind)
	}
}

// message sorts a message event by its subtype. What a bot wrote, and all that
// is not somebody speaking, is left out.
func (e event) message() ([]Request, error) {
	switch e.at("subtype").text() {
	case "", "thread_broadcast", "file_share":
		return e.said(e.node, KindMessage)
	case "message_changed":
		return e.edited()
	case "message_deleted":
		return e.deleted(e.at("deleted_ts").text())
	}
	return nil, nil
}

// said is a message that somebody wrote. One mention reaches us twice, as
// message and as app_mention: both become the same KindMention with the same
// identity, so whichever comes second is a repeat.
func (e event) said(m node, kind Kind) ([]Request, error) {
	r := e.base
	r.Kind, r.User, r.Channel = kind, m.at("user").text(), first(m.at("channel").text(), e.at("channel").text())
	if e.machine(m) {
		return nil, nil
	}
	r.Text, r.TS, r.ThreadTS = m.at("text").text(), m.at("ts").text(), threadOf(m)
	r.Direct = isDirect(r.Channel) || e.at("channel_type").text() == "im"
	mentioned := false
	r.Text, mentioned = withoutMention(r.Text, e.bot)
	switch {
	case r.Direct:
		r.Kind = KindDirect
	case mentioned:
		r.Kind = KindMention
	}
	r.Files = attached(m)
	if len(m.at("files").list()) > 0 {
		r.Event = plainEvent(m)
	}
	return e.asMessage(r, "")
}

// asMessage gives r the identity of a message: workspace, channel, ts and the
// ts of its edit, whichever event told of it.
func (e event) asMessage(r Request, edit string) ([]Request, error) {
	r.Delivery = ""
	if id := delivery("msg", first(r.Team, r.Enterprise), r.Channel, r.TS); id != "" {
		r.Delivery = id + ":" + edit
	}
	return whole(r)
}

// edited reads a message again after its author changed it. Slack also tells of
// link previews and reply counts this way: those leave the text as it was.
func (e event) edited() ([]Request, error) {
	now, before := e.at("message"), e.at("previous_message")
	switch now.at("subtype").text() {
	case "", "thread_broadcast", "file_share":
	case "tombstone": // the start of a thread was deleted and the thread remains
		return e.deleted(now.at("ts").text())
	default:
		return nil, nil
	}
	edit := now.at("edited", "ts").text()
	if edit == "" || e.machine(now) || (before.has() && before.at("text").text() == now.at("text").text()) {
		return nil, nil
	}
	list, err := e.said(now, KindMessage)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	r := list[0]
	// A mention is an order the first time only: correcting a typing mistake in
	// "@muster call …" must not open a second call.
	_, had := withoutMention(before.at("text").text(), e.bot)
	if r.Kind == KindMention && before.has() && !had {
		return e.asMessage(r, edit)
	}
	if r.Kind == KindMention {
		r.Kind = KindMessage
	}
	r.EditTS = edit
	return e.asMessage(r, edit)
}

// deleted tells of a message that is gone: TS says which, ItemUser whose it was.
func (e event) deleted(ts string) ([]Request, error) {
	r := e.base
	r.Kind, r.Name, r.Channel, r.TS, r.Delivery = KindEvent, "message_deleted", e.at("channel").text(), ts, e.id
	r.ItemUser, r.ThreadTS = e.at("previous_message", "user").text(), threadOf(e.at("previous_message"))
	r.Event = plainEvent(e.node)
	return e.told(r)
}

// machine says whether a message was written by a program: by us, by another
// bot or by Slack itself.
func (e event) machine(m node) bool {
	user := m.at("user").text()
	return m.at("bot_id").text() != "" || m.at("bot_profile").has() || user == "" || user == "USLACKBOT" || (e.bot != "" && user == e.bot)
}

func (e event) reaction(kind Kind) ([]Request, error) {
	item := e.at("item")
	if item.at("type").text() != "message" || e.at("user").text() == e.bot {
		return nil, nil
	}
	r := e.base
	r.Kind, r.User, r.Delivery = kind, e.at("user").text(), e.id
	// Skin tones are a person's own choice and mean nothing: hand::skin-tone-3.
	r.Value = e.at("reaction").text()
	r.Name, _, _ = strings.Cut(r.Value, "::")
	r.Channel, r.TS, r.ItemUser = item.at("channel").text(), item.at("ts").text(), e.at("item_user").text()
	r.Direct = isDirect(r.Channel)
	return whole(r)
}

// other is any event no kind of its own was made for.
func (e event) other(kind string) ([]Request, error) {
	r := e.base
	r.Kind, r.Name, r.Delivery = KindEvent, kind, e.id
	r.User = first(e.at("user").text(), e.at("user", "id").text())
	r.Channel = first(e.at("channel").text(), e.at("channel", "id").text())
	r.Direct = isDirect(r.Channel)
	r.Event = plainEvent(e.node)
	return e.told(r)
}

// told lets an event pass that nobody did: a channel archived, the app removed.
func (e event) told(r Request) ([]Request, error) {
	if r.Delivery == "" {
		return nil, fmt.Errorf("%s %s: %w", r.Kind, r.Name, errIncomplete)
	}
	return []Request{r}, nil
}

// withoutMention removes our own mention from text and says whether it was
// there. Somebody who writes "@muster, call …" or "@muster：招募" means the same.
func withoutMention(text, bot string) (string, bool) {
	if bot == "" {
		return strings.TrimSpace(text), false
	}
	found, from := false, 0
	for {
		at := strings.Index(text[from:], "<@"+bot)
		if at < 0 {
			return strings.TrimSpace(text), found
		}
		start := from + at
		rest := text[start+len("<@"+bot):]
		end := strings.IndexByte(rest, '>')
		if end < 0 || (end > 0 && rest[0] != '|') { // <@U12> is not <@U1>
			from = start + 1
			continue
		}
		before, after := strings.TrimSpace(text[:start]), strings.TrimSpace(rest[end+1:])
		if before == "" {
			after = strings.TrimSpace(strings.TrimLeft(after, ",:，：、"))
		} else {
			before += " "
		}
		found, from, text = true, len(before), before+after
	}
}
