package views

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"muster/models"
)

// reachNow is Monday 23 November 2026, 5:06 in Shanghai.
var reachNow = callTime(23, 5, 6)

func reachPrinter(t testing.TB, lang string) *Printer {
	p := callPrinter(t, lang)
	p.Now = reachNow.Time()
	return p
}

func floodReach(kind string) models.ReachShown {
	s := floodSheet()
	return models.ReachShown{Call: *s.Call, Now: reachNow, Reach: models.Reach{ID: 5, Kind: kind, RefID: 7, ByID: 1, State: models.ReachAsked,
		Urgent: true, People: 9812, Quiet: 9300, FromAt: reachNow, UntilAt: reachNow.Add(24*time.Minute + 30*time.Second),
		WaitTo: callTime(23, 7, 0), UnitID: 3, UnitPeople: 63}}
}

func reachMessages(p *Printer) map[string]Message {
	ask := floodReach(models.ReachAsk)
	cancel := floodReach(models.ReachCancel)
	cancel.UnitID, cancel.Urgent, cancel.DND = 0, false, 12
	going := floodReach(models.ReachTell)
	going.State, going.Text, going.Got, going.Left, going.Resting = models.ReachGoing, "Gate 3 is closed, use gate 5", 40, 40, 8
	stopped := going
	stopped.State, stopped.Left, stopped.Resting, stopped.Held, stopped.Who = models.ReachStopped, 2, 0, 38, []models.Person{callPerson(3, "张三"), callPerson(4, "Li *Si*")}
	done := going
	done.State, done.Got, done.Left, done.Resting = models.ReachDone, 80, 0, 0
	missed := done
	missed.Got, missed.Missed, missed.Who = 78, 2, stopped.Who
	late := floodReach(models.ReachTell)
	late.Urgent, late.Soon, late.WaitTo, late.People, late.Quiet, late.Text = false, true, 0, 6, 6, "Gate 5"
	waits := ask
	waits.State = models.ReachWaiting
	chosen := cancel
	chosen.State, chosen.Left = models.ReachGoing, 80
	sheet := floodSheet()
	sheet.Now, sheet.Reaches = reachNow, []models.ReachShown{going, stopped, done}
	return map[string]Message{
		"reach_ask": p.ReachAsk(ask), "reach_cancel": p.ReachAsk(cancel), "reach_late": p.ReachAsk(late), "reach_going": p.ReachProgress(going),
		"reach_stopped": p.ReachProgress(stopped), "reach_done": p.ReachProgress(done), "reach_missed": p.ReachProgress(missed),
		"reach_waits": p.ReachProgress(waits), "reach_chosen": p.ReachChosen(chosen),
		"reach_panel": {Text: "panel", Blocks: p.reachPanel(sheet)}, "reach_tell": p.TellDM(sheet, sheet.Creator, "Gate 3 is closed.\nUse gate 5: <https://example.org/map_of_dike|map>"),
	}
}

func TestWhatIsSeenBeforeAndWhileManyAreReached(t *testing.T) {
	t.Parallel()
	for _, lang := range []string{"zh", "en"} {
		for name, m := range reachMessages(reachPrinter(t, lang)) {
			golden(t, name+"_"+lang, map[string]any{"text": m.Text, "blocks": m.Blocks})
		}
	}
}

// The contract's own words.
func TestTheQuestionSaysWhatTheContractSays(t *testing.T) {
	t.Parallel()
	for lang, want := range map[string]string{
		"zh": "将通知 9812 人，5:06 起，约 25 分钟发完，其中 9300 人在免打扰时段。",
		"en": "This notifies 9812 people from 5:06, done in about 25 minutes; 9300 are in quiet hours.",
	} {
		m := reachPrinter(t, lang).ReachAsk(floodReach(models.ReachAsk))
		if !strings.HasPrefix(m.Text, want) {
			t.Errorf("%s: %q", lang, m.Text)
		}
		labels := map[string][]string{"zh": {"发出", "只发本支部 63 人", "等到 7:00", "取消"},
			"en": {"Send", "Only my unit, 63", "Wait until 7:00", "Cancel"}}[lang]
		buttons := m.Blocks[len(m.Blocks)-1].(*slack.ActionBlock).Elements.ElementSet
		for i, e := range buttons {
			if got := e.(*slack.ButtonBlockElement).Text.Text; i >= len(labels) || got != labels[i] {
				t.Errorf("%s: button %d says %q", lang, i, got)
			}
		}
	}
}

// What an organizer writes calls nobody but those it is sent to.
func TestAnOrganizersWordsAreHarmless(t *testing.T) {
	t.Parallel()
	p := reachPrinter(t, "en")
	for text, want := range map[string]string{
		"come <!channel>":     "come @\u200bchannel",
		"<!here> now":         "@\u200bhere now",
		"@everyone and @Here": "@\u200beveryone and @\u200bHere",
		"＠channel":            "@\u200bchannel",
		"*bold* _x_ `y` ~z~":  "*\u200bbold*\u200b _\u200bx_\u200b `\u200by`\u200b ~\u200bz~\u200b",
		"map: <https://a.example/x_y?a=1&b=2|map>": "map: <https://a.example/x_y?a=1&amp;b=2>",
		"ask <@U7|ann> in <#C1|calls>":             "ask <@U7> in <#C1>",
		"<!subteam^S1|@drivers>":                   "@drivers",
		"a < b > c & d":                            "a &lt; b &gt; c &amp; d",
		"one\n\ntwo":                               "one\n\ntwo",
		"<javascript:alert(1)|x>":                  "&lt;javascript:alert(1)|x&gt;",
	} {
		if got := p.ownWords(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestNoTextOfAnOrganizerCallsAChannel(t *testing.T) {
	t.Parallel()
	p := reachPrinter(t, "en")
	s := floodSheet()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"<!channel>", "<!here|x>", "@channel", "@here", "<", ">", "!", "channel", "@", "&lt;!channel&gt;",
			"<!subteam^S1>", "\n", " ", "*", "\u202e", "<https://x.example|<!here>>"})).Draw(t, "parts"), "")
		m := p.TellDM(s, s.Creator, text)
		for _, said := range []string{m.Text, p.ownWords(text)} {
			for _, bad := range []string{"<!", "@channel", "@here", "@everyone", "\u202e"} {
				if strings.Contains(strings.ToLower(said), bad) {
					t.Fatalf("%q came out as %q", text, said)
				}
			}
		}
	})
}

func TestTheFormOffersWhoThereIs(t *testing.T) {
	t.Parallel()
	p := reachPrinter(t, "zh")
	m := p.TellModal(clinicSheet(), "", "")
	var values []string
	for _, o := range m.Blocks.BlockSet[0].(*slack.InputBlock).Element.(*slack.SelectBlockElement).Options {
		values = append(values, o.Value)
	}
	if got := strings.Join(values, " "); got != "coming role:101 role:102 waiting unanswered" {
		t.Errorf("offers %q", got)
	}
}

// A drill is marked as one wherever it is spoken of.
func TestADrillIsMarkedInEveryMessageToMany(t *testing.T) {
	t.Parallel()
	p := reachPrinter(t, "zh")
	r := floodReach(models.ReachTell)
	r.Call.Drill = true
	s := floodSheet()
	s.Call.Drill = true
	for _, m := range []Message{p.ReachAsk(r), p.ReachProgress(r), p.TellDM(s, s.Creator, "集合")} {
		if !strings.HasPrefix(m.Text, "【演练】不用出发") {
			t.Errorf("begins %q", m.Text)
		}
	}
}
