package sandbox_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/slack-go/slack"
)

func text(s string) slack.MsgOption { return slack.MsgOptionText(s, false) }

func section(s string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, s, false, false), nil, nil)
}

func TestABotPostsEditsAndDeletes(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	meta := slack.SlackMetadata{EventType: "muster_message", EventPayload: map[string]any{"id": "m-1"}}

	channel, ts, err := api.PostMessage("C1", text("沙袋 2/6"), slack.MsgOptionBlocks(section("*沙袋*")), slack.MsgOptionMetadata(meta))
	if err != nil || channel != "C1" {
		t.Fatal(channel, err)
	}
	if _, second, err := api.PostMessage("C1", text("next")); err != nil || second <= ts {
		t.Errorf("ts must grow even when the clock stands: %s then %s, %v", ts, second, err)
	}
	if _, _, _, err := api.UpdateMessage("C1", ts, text("沙袋 3/6")); err != nil {
		t.Fatal(err)
	}
	m, _ := w.Message("C1", ts)
	if m.Text != "沙袋 3/6" || m.Edits != 1 || len(m.Blocks) != 1 || m.Metadata == nil || !m.At.Equal(monday) {
		t.Errorf("an edit of the text alone keeps blocks and metadata: %+v", m)
	}
	if _, _, _, err := api.UpdateMessage("C1", ts, text("closed"), slack.MsgOptionBlocks()); err != nil {
		t.Fatal(err)
	}
	if m, _ = w.Message("C1", ts); len(m.Blocks) != 0 {
		t.Errorf("an empty list clears the blocks: %v", m.Blocks)
	}

	found, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1", IncludeAllMetadata: true})
	if err != nil || len(found.Messages) != 2 {
		t.Fatal(found, err)
	}
	if diff := cmp.Diff(meta, found.Messages[1].Metadata); diff != "" {
		t.Error("metadata in history:", diff)
	}
	link, err := api.GetPermalink(&slack.PermalinkParameters{Channel: "C1", Ts: ts})
	if err != nil || !strings.HasPrefix(link, w.URL()+"archives/C1/p") {
		t.Error(link, err)
	}
	if _, _, err := api.DeleteMessage("C1", ts); err != nil {
		t.Fatal(err)
	}
	_, _, _, err = api.UpdateMessage("C1", ts, text("again"))
	wantError(t, "update of a deleted message", err, "message_not_found")
	if got := len(w.Messages("C1")); got != 1 {
		t.Errorf("%d messages left", got)
	}
	healthy(t, w)
}

func TestWhereABotMayNotPost(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	own := w.As("U1").Say("C1", "hello")
	for what, c := range map[string]struct {
		channel, code string
		options       []slack.MsgOption
	}{
		"a public channel without the bot":  {"C2", "not_in_channel", []slack.MsgOption{text("x")}},
		"a private channel without the bot": {"G2", "channel_not_found", []slack.MsgOption{text("x")}},
		"no channel at all":                 {"C404", "channel_not_found", []slack.MsgOption{text("x")}},
		"an archived channel":               {"C9", "is_archived", []slack.MsgOption{text("x")}},
		"somebody who left":                 {"U4", "channel_not_found", []slack.MsgOption{text("x")}},
		"a thread that is not there":        {"C1", "thread_not_found", []slack.MsgOption{text("x"), slack.MsgOptionTS("1.000001")}},
	} {
		_, _, err := api.PostMessage(c.channel, c.options...)
		wantError(t, what, err, c.code)
	}
	_, _, _, err := api.UpdateMessage("C1", own, text("mine now"))
	wantError(t, "somebody else's message", err, "cant_update_message")
	_, _, err = api.DeleteMessage("C1", own)
	wantError(t, "somebody else's message", err, "cant_delete_message")
	_, err = api.PostEphemeral("C2", "U1", text("x"))
	wantError(t, "ephemeral without the bot", err, "not_in_channel")
	_, err = api.PostEphemeral("G1", "U2", text("x"))
	wantError(t, "ephemeral to somebody outside", err, "user_not_in_channel")
	healthy(t, w)

	_, _, err = api.PostMessage("C1", text(strings.Repeat("长", 40001)))
	wantError(t, "a very long text", err, "msg_too_long")
	_, _, err = api.PostMessage("C1", text(""))
	wantError(t, "nothing", err, "no_text")
}

func TestPostingToAPersonOpensTheDirectConversation(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	channel, _, err := api.PostMessage("U2", text("hello Ann"))
	if err != nil || channel != w.DM("U2") {
		t.Fatal(channel, err)
	}
	opened, _, _, err := api.OpenConversation(&slack.OpenConversationParameters{Users: []string{"U2"}, ReturnIM: true})
	if err != nil || opened.ID != channel {
		t.Error(opened, err)
	}
	if in := w.As("U2").Inbox(); len(in) != 1 || in[0].Text != "hello Ann" || !in[0].FromBot() {
		t.Errorf("inbox: %+v", in)
	}
	healthy(t, w)
}

func TestEphemeralMessagesAreForOneReader(t *testing.T) {
	t.Parallel()
	w := town(t)
	ts, err := client(w).PostEphemeral("C1", "U2", text("only you"))
	if err != nil || ts == "" {
		t.Fatal(ts, err)
	}
	if got := w.As("U2").Ephemerals("C1"); len(got) != 1 || got[0].Text != "only you" {
		t.Errorf("U2 sees %+v", got)
	}
	if got := w.As("U1").Ephemerals("C1"); len(got) != 0 {
		t.Errorf("U1 sees %+v", got)
	}
	if got := w.Messages("C1"); len(got) != 0 {
		t.Errorf("the channel sees %+v", got)
	}
	_, _, _, err = client(w).UpdateMessage("C1", ts, text("no"))
	wantError(t, "chat.update of an ephemeral message", err, "message_not_found")
}

func TestPingsFromBotTextAreRecorded(t *testing.T) {
	t.Parallel()
	w := town(t)
	api := client(w)
	rich := slack.NewRichTextBlock("", slack.NewRichTextSection(slack.NewRichTextSectionBroadcastElement("here")))
	for i, o := range [][]slack.MsgOption{
		{slack.MsgOptionText("title &lt;!channel&gt; <@U1>", false)},
		{text("<!everyone> come")},
		{text("fine"), slack.MsgOptionBlocks(section("<!channel|channel> come"), rich)},
		{text("fine"), slack.MsgOptionBlocks(slack.NewHeaderBlock(slack.NewTextBlockObject(slack.PlainTextType, "<!channel>", false, false)))},
	} {
		if _, _, err := api.PostMessage([]string{"U1", "U2", "U3", "C1"}[i], o...); err != nil {
			t.Fatal(err)
		}
	}
	var kinds []string
	for _, p := range w.Pings() {
		kinds = append(kinds, p.Kind)
	}
	if diff := cmp.Diff([]string{"everyone", "channel", "here"}, kinds); diff != "" {
		t.Error(diff)
	}
}

func TestBlocksWithoutFallbackTextAreComplainedOf(t *testing.T) {
	t.Parallel()
	w := town(t)
	if _, _, err := client(w).PostMessage("C1", slack.MsgOptionBlocks(section("x"))); err != nil {
		t.Fatal(err)
	}
	if c := w.Complaints(); len(c) != 1 || !strings.Contains(c[0], "fallback text") {
		t.Error(c)
	}
}

func TestThreadsAndReactions(t *testing.T) {
	t.Parallel()
	w := town(t)
	api, ann, chen := client(w), w.As("U2"), w.As("U1")
	_, card, err := api.PostMessage("C1", text("card"))
	if err != nil {
		t.Fatal(err)
	}
	reply := ann.SayIn("C1", card, "+1")
	chen.SayIn("C1", reply, "thanks") // a reply to a reply lands in the same thread
	if _, _, err := api.PostMessage("C1", text("all"), slack.MsgOptionTS(card), slack.MsgOptionBroadcast()); err != nil {
		t.Fatal(err)
	}
	thread, more, _, err := api.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: "C1", Timestamp: card})
	if err != nil || more || len(thread) != 4 || thread[0].ReplyCount != 3 {
		t.Fatal(thread, more, err)
	}
	found, err := api.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: "C1"})
	if err != nil || len(found.Messages) != 2 {
		t.Errorf("history has the card and the broadcast: %v %v", found, err)
	}

	chen.React("C1", card, "raised_hand::skin-tone-3")
	item := slack.NewRefToMessage("C1", reply)
	if err := api.AddReaction("white_check_mark", item); err != nil {
		t.Fatal(err)
	}
	wantError(t, "the same reaction", api.AddReaction("white_check_mark", item), "already_reacted")
	got, err := api.GetReactions(slack.NewRefToMessage("C1", card), slack.NewGetReactionsParameters())
	if err != nil || len(got.Reactions) != 1 || got.Reactions[0].Users[0] != "U1" {
		t.Error(got, err)
	}
	if err := api.RemoveReaction("white_check_mark", item); err != nil {
		t.Fatal(err)
	}
	wantError(t, "no reaction left", api.RemoveReaction("white_check_mark", item), "no_reaction")
	wantError(t, "no message", api.AddReaction("wave", slack.NewRefToMessage("C1", "1.000001")), "message_not_found")

	chen.Delete("C1", card) // an admin; the replies stay under a tombstone
	if m, _ := w.Message("C1", card); m.Subtype != "tombstone" {
		t.Errorf("%+v", m)
	}
	_, _, _, err = api.UpdateMessage("C1", card, text("x"))
	wantError(t, "update of a tombstone", err, "message_not_found")
	healthy(t, w)
}

func TestPeopleCanOnlyDoWhatTheirClientLets(t *testing.T) {
	t.Parallel()
	w := town(t)
	ts := w.As("U1").Say("C1", "mine")
	w.As("U2").Edit("C1", ts, "yours")
	w.As("U2").Delete("C1", ts)
	w.As("U2").Say("G1", "let me in")
	w.As("U9").Say("C1", "who am I")
	w.As("U1").Say("C9", "too late")
	if c := w.Complaints(); len(c) != 5 {
		t.Errorf("%d complaints: %v", len(c), c)
	}
	if m := w.Messages("C1"); len(m) != 1 || m[0].Text != "mine" {
		t.Errorf("%+v", m)
	}
}

func TestTypedTextIsWrittenAsSlackWritesIt(t *testing.T) {
	t.Parallel()
	w := town(t)
	for typed, want := range map[string]string{
		"@陈琳来吗？":                            "<@U1>来吗？",
		"@ann, @Ann Lee and @annabel":       "<@U2>, <@U2> and @annabel",
		"ask @drivers in #calls":            "ask <!subteam^S1|@drivers> in <#C1|calls>",
		"mail ann@example.org":              "mail ann@example.org",
		"a <b> & c &amp; d":                 "a &lt;b&gt; &amp; c &amp; d",
		"see https://a.example/?x&y，好":      "see <https://a.example/?x&amp;y>，好",
		"<@U2> <!channel> <http://a|b> & ~": "<@U2> <!channel> <http://a|b> &amp; ~",
		"@muster help":                      "<@" + w.BotUserID() + "> help",
		"@channel":                          "<!channel>",
	} {
		ts := w.As("U1").Say("C2", typed)
		if m, _ := w.Message("C2", ts); m.Text != want {
			t.Errorf("%q became %q, want %q", typed, m.Text, want)
		}
	}
}
