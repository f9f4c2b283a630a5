package sandbox

import "regexp"

// emojiName is the form of a reaction: a name, and a skin tone or not.
var emojiName = regexp.MustCompile(`^[a-z0-9_+'-]+(::skin-tone-[2-6])?$`)

// maxReactions is how many different emoji one message bears.
const maxReactions = 23

// reactable is the message that a reaction call names.
func (w *World) reactable(r *request) (*channel, *Message, error) {
	c, err := w.visible(r.args.str("channel"))
	if err != nil {
		return nil, nil, err
	}
	m := c.byTS[r.args.str("timestamp")]
	switch {
	case !c.has(w.botUser):
		return nil, nil, fail("not_in_channel")
	case m == nil || m.Deleted:
		return nil, nil, fail("message_not_found")
	case c.Archived:
		return nil, nil, fail("is_archived")
	}
	return c, m, nil
}

func (w *World) reactionsAdd(r *request) (answer, error) {
	c, m, err := w.reactable(r)
	if err != nil {
		return nil, err
	}
	name := r.args.str("name")
	switch {
	case !emojiName.MatchString(name):
		return nil, fail("invalid_name")
	case len(m.emoji) >= maxReactions && len(m.Reactions[name]) == 0:
		return nil, fail("too_many_emoji")
	case !m.react(w.botUser, name, true):
		return nil, fail("already_reacted")
	}
	w.reacted(c, m, w.botUser, name, true)
	return nil, nil
}

func (w *World) reactionsRemove(r *request) (answer, error) {
	c, m, err := w.reactable(r)
	if err != nil {
		return nil, err
	}
	name := r.args.str("name")
	if !m.react(w.botUser, name, false) {
		return nil, fail("no_reaction")
	}
	w.reacted(c, m, w.botUser, name, false)
	return nil, nil
}

func (w *World) reactionsGet(r *request) (answer, error) {
	c, m, err := w.reactable(r)
	if err != nil {
		return nil, err
	}
	return answer{"type": "message", "channel": c.ID, "message": w.messageJSON(m, false)}, nil
}
