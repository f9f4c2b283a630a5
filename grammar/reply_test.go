package grammar

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// replyText writes a reply the way the tables do.
func replyText(r Reply) string {
	out := r.Meaning
	if r.BareNo {
		out += " bare"
	}
	if r.HasGuests {
		out += fmt.Sprintf(" guests %d", r.Guests)
	}
	if r.Role != "" {
		out += " role " + r.Role
	}
	if r.Day != "" {
		out += " day " + r.Day + " " + r.DayStart.Format("2006-01-02")
	}
	if r.Minutes != 0 {
		out += fmt.Sprintf(" minutes %d", r.Minutes)
	}
	if r.From != "" {
		out += " from " + r.From
	}
	for _, l := range r.Lines {
		out += fmt.Sprintf(" | %s +%d %s %s", l.Name, l.Guests, l.Role, l.Note)
	}
	return out
}

// What people answer in a thread and to a question. A sign-up that nobody
// meant is worse than one that was missed.
func TestReplyTable(t *testing.T) {
	t.Parallel()
	lines := append(readTable(t, "reply.txt"), readTable(t, "reply_examined.txt")...)
	for _, c := range lines {
		if got := replyText(ParseReply(c.typed, c.opts)); got != c.want {
			t.Errorf("%s:%d: %q in %s\n got %s\nwant %s", c.file, c.line, c.typed, c.opts.Place, got, c.want)
		}
	}
	if len(lines) < 150 {
		t.Errorf("only %d replies", len(lines))
	}
}

func TestReplyKnowsTheRolesOfTheCall(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	for _, typed := range []string{"+1 煮饭的阿姨", "报名 煮饭的阿姨", "煮饭的阿姨 +1", "我来当煮饭的阿姨"} {
		if r := ParseReply(typed, o); r.Meaning != MeansNone {
			t.Errorf("%q without the roles: %+v", typed, r)
		}
	}
	o.Roles = []string{"煮饭的阿姨", "Soup Lady"}
	for typed, role := range map[string]string{
		"+1 煮饭的阿姨": "煮饭的阿姨", "报名 煮饭的阿姨": "煮饭的阿姨", "煮饭的阿姨 +1": "煮饭的阿姨", "+1 soup lady": "soup lady", "count me in as Soup Lady": "Soup Lady",
	} {
		if r := ParseReply(typed, o); r.Meaning != MeansYes || r.Role != role {
			t.Errorf("%q: %+v", typed, r)
		}
	}
}

func TestReplyPastedList(t *testing.T) {
	t.Parallel()
	text := "#接龙\n社区爱心义诊 周六 9:00\n1. 张三\n2. 李四 +1 司机\n3、王五（引导员）\n4) Ann Lee driver\n⑤ 赵六 3人 8点到\n6. \n7. 钱七-医生-带口罩"
	got := ParseReply(text, shanghai(t))
	want := Reply{Meaning: MeansList, Lines: []ListLine{
		{Name: "张三", Raw: "1. 张三"},
		{Name: "李四", Guests: 1, Role: "司机", Raw: "2. 李四 +1 司机"},
		{Name: "王五", Role: "引导员", Raw: "3、王五（引导员）"},
		{Name: "Ann Lee", Role: "driver", Raw: "4) Ann Lee driver"},
		{Name: "赵六", Guests: 2, Note: "8点到", Raw: "⑤ 赵六 3人 8点到"},
		{Name: "钱七", Role: "医生", Note: "带口罩", Raw: "7. 钱七-医生-带口罩"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReplyJSON(t *testing.T) {
	t.Parallel()
	o := shanghai(t)
	for typed, want := range map[string]string{
		"+1":           `{"meaning":"yes"}`,
		"+3 driver":    `{"meaning":"yes","guests":2,"role":"driver"}`,
		"late 20":      `{"meaning":"late","minutes":20}`,
		"eta 08:20":    `{"meaning":"late","from":"08:20"}`,
		"两小时后可以":       `{"meaning":"conditional","from":"+2h"}`,
		"在哪报名?":        `{"meaning":"none"}`,
		"1. 张三\n2. 李四": `{"meaning":"list"}`,
	} {
		b, err := ParseReply(typed, o).JSON()
		if err != nil || string(b) != want {
			t.Errorf("%q: got %s, %v; want %s", typed, b, err, want)
		}
	}
}
