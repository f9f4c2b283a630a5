package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/config"
)

// "Every answer echoes what was understood", in one line that quotes the part
// at fault and shows a right example where it could not be.
func TestAStudyLineSaysWhatWasUnderstood(t *testing.T) {
	t.Parallel()
	for lang, lines := range map[string][][]string{
		"en": {
			{"workdays 7:30 | holidays: skip | until: 31 Dec | makeup: 0", "every working day, 7:30", "until Thu 31 Dec", "Official working days", "can't be made up", "1 hour before"},
			{"every Wed 19:30 | slots: Thu 10:00, Fri 14:00 | capacity: 20", "Other times to choose: Thu 26 Nov, 10:00–11:00; Fri 27 Nov, 14:00–15:00", "20 places", "1 day and 1 hour before"},
			{"every month on the 5th 19:30 | length: 90m | hours: 2 | makeup: 2w", "every month on the 5th", "about 90 minutes; counts 2 hours; can be made up within 14 days"},
			{"every Wed 19:30 | holidays: maybe", "I can't read “maybe”", "Try: holidays: skip"}, {"every Wed 19:30 | until: yesterday", "“yesterday” is already past", "Try: until: 31 Dec"},
			{"every Wed 19:30 | capacity: many", "“many”", "Try: capacity: 20"}, {"every Wed 19:30 | makeup: soon", "“soon”", "Try: makeup: 7d"},
			{"every Wed 19:30 | length: long", "“long”", "Try: length: 90m"}, {"every Wed 19:30 | hours: -1", "“-1”", "Try: hours: 1.5"},
			{"every Wed 19:30 | link: javascript:alert(1)", "is not a link"}, {"every Wed 25:00", "“25:00”"}, {"Wed 19:30 | foo: bar", "I don't know “foo”"},
		},
		"zh": {
			{"工作日 7:30 | 节假日: 跳过 | 截止: 12月31日 | 补学: 0", "每个工作日 7:30", "不能补学", "1 小时"},
			{"每周三 19:30 | 场次: 周四 10:00, 周五 14:00 | 人数: 20", "周四 11月26日", "20"},
			{"每月第一个周一 19:30 | 时长: 90分钟 | 学时: 2", "每月第一个周一", "约 90 分钟", "2 学时"},
			{"每年农历八月十五 19:30", "农历八月十五"},
			{"每周三 19:30 | 节假日: 随便", "“随便”", "可以这样写"}, {"每周三 19:30 | 补学: 改天", "“改天”", "可以这样写"}, {"每周三 19:30 | 人数: 很多", "“很多”", "可以这样写"},
		},
	} {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang)
			opened := 0
			for _, l := range lines {
				got := s.answer(leader, sampleLobby, "study A | for: <#C900> | when: "+l[0], l[1:]...)
				if strings.Contains(got, "(#s") || strings.Contains(got, "（#s") {
					opened++
				} else if strings.Contains(got, "\n") {
					t.Errorf("a refusal of more than a line: %s", got)
				}
			}
			if n := len(s.exported("study")); n != opened {
				t.Errorf("%d studies, %d said to be: something was half done", n, opened)
			}
		})
	}
}

// The header rows that other programs read, in this order.
func TestStudyExportsHaveTheirColumns(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	for kind, want := range map[string]string{
		"study":      "study_id,title,rule,zone,start,length_minutes,hours,audience,makeup_days,state,created_by",
		"attendance": "study_id,title,occurrence_start,user_id,user_name,unit,state,slot,at,late_entry,hours",
		"members":    "user_id,name,unit,role,duty,skills,areas,lang,zone,windows,quiet,hours_year,study_hours_year,stars",
	} {
		var out, errs bytes.Buffer
		if err := runExport(context.Background(), s.settings, streams{Out: &out, Err: &errs}, ExportFlags{Kind: kind, Format: "csv"}); err != nil {
			t.Fatal(err)
		}
		head, err := csv.NewReader(&out).Read()
		if err != nil || !slices.Equal(head, strings.Split(want, ",")) {
			t.Errorf("export %s begins with %v (%v)", kind, head, err)
		}
	}
}

// An organisation without units, in another zone and in English: what members
// read, what counts, and what stays between them and the bot.
func TestStudyInAnOrganisationWithoutUnits(t *testing.T) {
	t.Parallel()
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	s := reading(t, "en", withSettings(func(c *config.Settings) { c.Timezone = newYork }))
	s.answer(leader, sampleLobby, "study Cases | when: Wed 19:30 | for: <#C900> | remind: 1h | makeup: 3d", "Wed 25 Nov, 19:30–20:30")
	s.settles()
	row := s.exported("study")[0]
	if row["zone"] != "America/New_York" || row["start"] != "2026-11-25T19:30:00-05:00" || row["audience"] != "<#"+group+">" || row["rule"] != "" || row["makeup_days"] != "3" {
		t.Errorf("%v", row)
	}
	s.at("2026-11-26 08:30") // 19:30 in New York
	s.says(wei, sampleLobby, "study s1")
	in := s.whispersCheckIn(wei)
	if !strings.Contains(in, "1 of 32 this year") {
		t.Errorf("checked in: %s", in)
	}
	s.settles()
	for _, m := range s.exported("members") {
		if m["user_id"] == wei && (m["study_hours_year"] != "1.00" || m["hours_year"] != "0.00" || m["stars"] != "0") {
			t.Errorf("the two ledgers: %v", m)
		}
	}
	// Asked in a channel, what concerns one person comes by direct message.
	for line, words := range map[string][]string{"me": {"Study: 1 of 32 hours"}, "study year": {"1 of 32 hours"}} {
		s.answer(wei, sampleLobby, line, "Sent to you by direct message.")
		s.sees(s.DM(wei), words...)
	}
	for _, channel := range []string{group, sampleLobby} {
		if posts := s.posts(channel); len(posts) > 0 {
			t.Errorf("a channel reads of it: %s", texts(posts))
		}
	}
	if got := s.answer(lei, sampleLobby, "study s1"); strings.Contains(got, wei) || strings.Contains(got, "Checked in") {
		t.Errorf("one member reads of another: %s", got)
	}
	if got := s.answer(leader, sampleLobby, "study year"); strings.Contains(got, wei) || strings.Contains(got, "1 hour") {
		t.Errorf("a channel would read of few: %s", got)
	}
}

// whispersCheckIn presses check in on the answer to `study s1` and gives what
// was said to it.
func (s *story) whispersCheckIn(user string) string {
	s.t.Helper()
	all := s.As(user).Ephemerals(sampleLobby)
	if len(all) == 0 {
		s.t.Fatal("no answer to press on")
	}
	last := all[len(all)-1]
	b, ok := last.Button("study_checkin")
	if !ok {
		s.t.Fatalf("no check-in on %s", last.AllText())
	}
	s.As(user).PressValue(last, "study_checkin", b.Value)
	said := s.whispers(user, sampleLobby, "Checked in")
	return said.AllText()
}

// Each press of study by its published name, on a row that is somebody else's
// and on one that is nobody's, gets one line and changes nothing.
func TestPublishedStudyButtonsRefuseOthers(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.plans("study Cases | when: Wed 19:30 | for: <#C900> | remind: 1h")
	s.at("2026-11-25 19:20")
	s.told(wei, "Cases", 1)
	before := s.exported("attendance")
	s.says("U011", sampleLobby, "study list")
	forger, said := s.As("U011"), 1
	m := forger.Ephemerals(sampleLobby)[0]
	for _, action := range []string{"study_attend", "study_checkin", "study_done", "study_snooze", "study_makeup", "study_excuse", "study_held", "study_not_held",
		"study_moved", "study_code", "study_who", "study_roll", "study_open", "study_edit", "study_skip", "study_excuse_yes", "study_makeup_read"} {
		for _, value := range []string{"1", "2", "999", "x", ""} {
			if out := forger.PressValue(m, action, value); !out.Acked {
				t.Errorf("%s %s was not acknowledged: %s", action, value, out.Refused)
			}
			said++
			s.waits("an answer to "+action+" "+value, func() bool { return len(forger.Ephemerals(sampleLobby)) == said })
		}
	}
	for _, e := range forger.Ephemerals(sampleLobby)[1:] {
		if strings.Contains(e.AllText(), "\n") || strings.Contains(e.AllText(), wei) {
			t.Errorf("more than a line, or of somebody: %s", e.AllText())
		}
	}
	if _, open := forger.View(); open {
		t.Error("a form was opened")
	}
	s.settles()
	if after := s.exported("attendance"); len(after) != len(before) || after[0]["state"] != "due" || after[1]["state"] != "due" {
		t.Errorf("%v", after)
	}
}

// Nobody approves their own: a leader's excuse goes to somebody else.
func TestALeaderDoesNotApproveTheirOwn(t *testing.T) {
	t.Parallel()
	s := reading(t, "en")
	s.answer(leader, sampleLobby, "study exempt <@"+leader+"> 2026 reason: on leave", "Nobody excuses themselves", "an admin")
	for _, row := range s.exported("study_year") {
		if row["user_id"] == leader && row["excused"] == "yes" {
			t.Errorf("excused by themselves: %v", row)
		}
	}
}
