package grammar

import "testing"

func TestAWishToHandOnesPlaceToSomebodyIsRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"让 <@U2> 顶我": "U2", "让<@U2>顶我": "U2", "请 <@U2|lisi> 替我": "U2", "找<@U2>替班。": "U2", "叫 <@U2> 来顶班吧": "U2",
		"<@U2> 顶我": "U2", "<@U2> 替我的班": "U2",
		"swap <@U2>": "U2", "Swap with <@U2>": "U2", "handover <@U2>.": "U2", "hand over to <@U2|bo>": "U2", "&lt;@U2&gt; 顶我": "U2",
	} {
		if got, ok := ParseHandover(text); !ok || got != want {
			t.Errorf("%q is read as %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"找人顶班", "swap", "Handover"} {
		if got, ok := ParseHandover(text); !ok || got != "" {
			t.Errorf("%q names nobody and is a wish; got %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "找 <@U2>", "让 <@U2> 报名", "谁能顶我?", "我能不能让 <@U2> 顶我？不行吧", "swap <@U2> and <@U3>", "<@U2> hello", "+1", "我顶"} {
		if got, ok := ParseHandover(text); ok {
			t.Errorf("%q is no such wish; got %q", text, got)
		}
	}
}

func TestOnePersonNamedIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{"<@U2>": "U2", " <@U2|bo> please": "U2", "": "", "bo": "", "<@U2> <@U3>": ""} {
		if got := ParseMention(text); got != want {
			t.Errorf("ParseMention(%q) = %q, want %q", text, got, want)
		}
	}
}
