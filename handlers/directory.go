package handlers

import (
	"context"

	"muster/bot"
	"muster/models"
	"muster/services"
)

// registerDirectory keeps what Muster knows of people and channels fresh: an
// event only asks for a new look, so that a lost or repeated one does no harm.
func (h *Handlers) registerDirectory(r *bot.Router) {
	look := func(kind string, ref func(bot.Request) string) bot.Handler {
		return func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			if id := ref(r); id != "" {
				return bot.Reply{}, h.svc.LookAgain(ctx, h.act(r), kind, id)
			}
			return bot.Reply{}, nil
		}
	}
	user := func(r bot.Request) string { return eventID(r, "user") }
	channel := func(r bot.Request) string { return eventID(r, "channel") }
	r.On(bot.KindEvent, "user_change", look(models.LookupPerson, user))
	r.On(bot.KindEvent, "team_join", func(ctx context.Context, r bot.Request) (bot.Reply, error) {
		return bot.Reply{}, h.svc.SomebodyJoined(ctx, h.act(r), user(r))
	})
	r.On(bot.KindEvent, "subteam_members_changed", look(models.LookupUsergroup, func(r bot.Request) string { return eventID(r, "subteam_id") }))
	r.On(bot.KindEvent, "subteam_updated", look(models.LookupUsergroup, func(r bot.Request) string { return eventID(r, "subteam") }))
	for _, name := range []string{"member_joined_channel", "channel_rename", "group_rename", "channel_unarchive", "group_unarchive"} {
		r.On(bot.KindEvent, name, look(models.LookupMembers, channel))
	}
	// A channel that is lost is looked at again as well, and its cards get a new place.
	for name, archived := range map[string]bool{"member_left_channel": false, "channel_left": false, "group_left": false,
		"channel_archive": true, "group_archive": true, "channel_deleted": true, "group_deleted": true} {
		again := look(models.LookupMembers, channel)
		r.On(bot.KindEvent, name, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			if err := h.roomGone(ctx, r, channel(r), archived); err != nil {
				return bot.Reply{}, err
			}
			return again(ctx, r)
		})
	}
	for _, name := range []string{"app_uninstalled", "tokens_revoked"} {
		r.On(bot.KindEvent, name, func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			if !ours(r) {
				return bot.Reply{}, nil
			}
			return bot.Reply{}, h.svc.Removed(ctx, h.act(r))
		})
	}
}

// ours says whether the bot's own token went: tokens_revoked also tells of
// people's, which are nothing to us.
func ours(r bot.Request) bool {
	tokens, told := r.Event["tokens"].(map[string]any)
	if !told {
		return true
	}
	bots, _ := tokens["bot"].([]any)
	return len(bots) > 0
}

// eventID reads an id that Slack sends as a string or as an object with an id.
func eventID(r bot.Request, field string) string {
	switch v := r.Event[field].(type) {
	case string:
		return v
	case map[string]any:
		id, _ := v["id"].(string)
		return id
	}
	return ""
}

// Directory is where the bot's questions to Slack wait and where the answers
// go: it turns what Slack said into what services store.
type Directory struct{ *services.Services }

// Unknown is what has to be read of who acts, and of channels, beforehand.
func (d Directory) Unknown(ctx context.Context, r bot.Request, channels []string) ([]models.Lookup, error) {
	act := actOf(r)
	act.Delivery = ""
	return d.Services.Unknown(ctx, act, channels)
}

// SavePersonInfo hands on what users.info said.
func (d Directory) SavePersonInfo(ctx context.Context, look models.Lookup, in bot.PersonInfo) error {
	return d.LearnPerson(ctx, look, services.PersonFacts{Slack: in.User, Name: in.Name, Email: in.Email,
		Locale: in.Locale, Zone: in.Zone, Bot: in.Bot, Guest: in.Guest, Gone: in.Gone})
}

// SaveMembers hands on who is in a channel.
func (d Directory) SaveMembers(ctx context.Context, look models.Lookup, users []string, c bot.ChannelInfo) error {
	return d.LearnChannel(ctx, look, services.ChannelFacts{Slack: c.Channel, Name: c.Name, Private: c.Private,
		Archived: c.Archived, BotIn: c.BotIn, Missing: c.Missing, Members: users})
}

// SaveEmail hands on who has an address.
func (d Directory) SaveEmail(ctx context.Context, look models.Lookup, in bot.PersonInfo) error {
	return d.LearnEmail(ctx, look, in.User)
}

// SaveDND hands on who has do-not-disturb on, and until when.
func (d Directory) SaveDND(ctx context.Context, look models.Lookup, all []bot.DNDInfo) error {
	facts := make([]services.DNDFacts, 0, len(all))
	for _, in := range all {
		fact := services.DNDFacts{Slack: in.User}
		if !in.End.IsZero() {
			fact.From, fact.Until = models.At(in.Start), models.At(in.End)
		}
		facts = append(facts, fact)
	}
	return d.LearnDND(ctx, look, facts)
}

// SaveUsergroup hands on who is in a user group.
func (d Directory) SaveUsergroup(ctx context.Context, look models.Lookup, g bot.UsergroupInfo) error {
	return d.LearnChannel(ctx, look, services.ChannelFacts{Slack: g.Usergroup, Name: g.Handle, Missing: g.Missing, Members: g.Users})
}
