package main

import (
	"bytes"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox"
	"muster/services"
)

// A small organisation: 陈琳 runs it, 张伟 leads six couriers, 李敏 leads six at
// the clinic and is an admin as well.
const (
	monthCouriers = "U002"
	monthClinic   = "U004"
	cameOften     = "U006"
	leaves        = "U010" // leaves in December and is forgotten
	longHauler    = "U011" // nine hours at the dike
	disputes      = "U012" // says that the roll is wrong
	missedOne     = "U013" // missed the first session and did not make it up
)

// clinicStaff are the six at the clinic; the last of them misses its session.
var clinicStaff = []string{monthClinic, "U026", "U027", "U028", "U029", "U030"}

// A month of calls and study, its summary on the first of December, what
// changes of it afterwards, and a member who leaves and is forgotten while the
// summary still verifies.
func TestAMonthInASmallOrganisation(t *testing.T) {
	t.Parallel()
	for lang, w := range months {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, atAnyPace(), speaking(lang), startingAt(time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC)))
			s.monthBegins(lang, w)
			s.monthsFirstHalf(w)
			s.monthsSecondHalf(w)
			digest := s.summaryComes(w)
			s.pictured(digest, w.alt...)
			head := s.monthIsOpened(w, digest)
			s.monthIsCorrected(w, digest)
			s.leavesAndIsForgotten(w, digest, head)
			s.allExpected(sampleSummaries)
		})
	}
}

// monthBegins: who is who, the summary on the first of the month, a session
// every Wednesday of November, and five calls.
func (s *story) monthBegins(lang string, w monthWords) {
	s.t.Helper()
	units := map[string]string{sampleAdmin: w.top}
	for _, id := range []string{monthCouriers, cameOften, leaves, longHauler, disputes, missedOne} {
		units[id] = w.couriers
	}
	for _, id := range clinicStaff {
		units[id] = w.clinic
	}
	var rows []services.MemberRow
	for _, p := range samplePeople() {
		if unit := units[p.ID]; unit != "" {
			rows = append(rows, services.MemberRow{Slack: p.ID, Name: sampleUser(p, lang).RealName, Unit: unit})
		}
	}
	err := s.app.svc.Enrol(s.t.Context(), s.TeamID(), []services.UnitRow{{Name: w.top, Leader: sampleAdmin},
		{Name: w.couriers, Type: "branch", Parent: w.top, Leader: monthCouriers}, {Name: w.clinic, Type: "branch", Parent: w.top, Leader: monthClinic}}, rows)
	if err != nil {
		s.t.Fatal(err)
	}
	s.settles()
	s.says(sampleAdmin, sampleLobby, w.admin)
	s.answered(sampleAdmin, sampleLobby, w.digest, w.digestSaid)
	s.answered(monthCouriers, s.DM(monthCouriers), w.study, "#s1")
	s.answered(monthClinic, s.DM(monthClinic), w.hygiene, "#s2")
	s.rests()
	for i, line := range w.calls {
		s.answered(sampleAdmin, sampleCalls, line, "#k"+string(rune('1'+i)))
	}
	s.rests()
	s.joins("k1", cameOften, leaves)
	s.joins("k2", longHauler)
	s.joins("k3", cameOften)
	s.joins("k4", leaves, disputes)
	s.joins("k5", cameOften)
}

// joins takes places in a call.
func (s *story) joins(ref string, who ...string) {
	s.t.Helper()
	card := s.sees(sampleCalls, "#"+ref)
	for _, user := range who {
		s.presses(user, card, s.button(card, "call_join"))
	}
	s.rests()
}

// wednesday is one session of the couriers.
func (s *story) wednesday(day string, w monthWords, there ...string) {
	s.t.Helper()
	s.goesTo(day + " 19:30")
	s.sessionBegins(monthCouriers, "s1", w, there...)
	s.goesTo(day + " 21:00")
}

// sessionBegins: those who are there use the code.
func (s *story) sessionBegins(leader, ref string, w monthWords, there ...string) {
	s.t.Helper()
	code := shownCode.FindString(s.answered(leader, s.DM(leader), "study "+ref+" code", w.code).AllText())
	for _, who := range there {
		s.writes(who, code, w.in)
	}
}

// rolled takes the roll of a call; what it asks of somebody is answered.
func (s *story) rolled(line, ref, who, answer string, w monthWords) {
	s.t.Helper()
	s.answered(sampleAdmin, sampleCalls, line, "#"+ref)
	s.rests()
	mine := s.gets(who, append([]string{"#" + ref}, w.ask...)...)
	s.presses(who, mine, s.button(mine, answer))
	s.rests()
}

// reads waits until a message says exactly this, buttons apart.
func (s *story) reads(m sandbox.Message, want string) {
	s.t.Helper()
	got := ""
	s.until("the words of a message", func() bool {
		now, _ := s.Message(m.Channel, m.TS)
		got = now.Text
		return got == want || s.idle()
	})
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("a message (-want +got):\n%s", diff)
	}
}

func (s *story) idle() bool {
	idle, err := s.app.svc.Idle(s.t.Context())
	return err == nil && idle
}

// monthsFirstHalf: the clinic with codes, a session made up, and nine hours at
// the dike that a second person has to agree to.
func (s *story) monthsFirstHalf(w monthWords) {
	s.t.Helper()
	s.wednesday("2026-11-04", w, monthCouriers, cameOften, leaves, longHauler, disputes)
	s.goesTo("2026-11-07 09:00")
	code := shownCode.FindString(s.answered(sampleAdmin, sampleCalls, "call k1 code", w.code).AllText())
	for _, who := range []string{cameOften, leaves} {
		s.writes(who, code, w.at)
	}
	s.goesTo("2026-11-07 12:00")
	s.answered(sampleAdmin, sampleCalls, w.rolls[0], "#k1")
	s.answered(sampleAdmin, sampleCalls, w.served, "#k1")
	s.wednesday("2026-11-11", w, monthCouriers, cameOften, leaves, longHauler, missedOne)
	s.goesTo("2026-11-14 12:00")
	follow := s.posts(s.DM(disputes))
	s.presses(disputes, follow[len(follow)-1], "study_makeup")
	v := s.view(disputes)
	if out := s.As(disputes).Submit(v, map[string]any{"reflection": w.reflection}); !out.Acked || len(out.Errors) > 0 {
		s.t.Fatalf("the make-up is refused: %+v", out)
	}
	s.goesTo("2026-11-14 18:00")
	s.rolled(w.rolls[1], "k2", longHauler, "hours_confirm", w)
	asked := s.gets(monthClinic, "#k2")
	s.reads(asked, w.overEight)
	s.presses(monthClinic, asked, "hours_approve")
	s.rests()
	s.reads(asked, w.overEightDone)
	s.gets(longHauler, w.told...)
	s.answered(sampleAdmin, sampleCalls, w.cancel)
}

// monthsSecondHalf: one is excused, one contests, one roll is taken late, and
// the last session has no record.
func (s *story) monthsSecondHalf(w monthWords) {
	s.t.Helper()
	s.goesTo("2026-11-17 12:30")
	s.sessionBegins(monthClinic, "s2", w, clinicStaff[:5]...)
	s.wednesday("2026-11-18", w, monthCouriers, cameOften, leaves, disputes, missedOne)
	s.answered(monthCouriers, s.DM(monthCouriers), w.excused, "#s1")
	s.goesTo("2026-11-21 21:30")
	s.rolled(w.rolls[2], "k4", leaves, "hours_confirm", w)
	mine := s.gets(disputes, append([]string{"#k4"}, w.ask...)...)
	s.presses(disputes, mine, s.button(mine, "hours_contest"))
	s.rests()
	for _, who := range []string{sampleAdmin, monthClinic} {
		s.reads(s.gets(who, "<@"+disputes+">", "#k4"), w.contest)
	}
	s.goesTo("2026-11-24 10:00")
	s.rolled(w.rolls[3], "k5", cameOften, "hours_confirm", w)
	s.whispers(cameOften, s.DM(cameOften), w.lateWaits...)
	asked := s.gets(monthClinic, "#k5")
	s.reads(asked, w.lateAsked)
	s.presses(monthClinic, asked, "hours_approve")
	s.rests()
	s.gets(cameOften, w.toldLate...)
}

// summaryComes: on the first at nine, once, every line of it.
func (s *story) summaryComes(w monthWords) sandbox.Message {
	s.t.Helper()
	s.goesTo("2026-12-01 08:59")
	if early := s.posts(sampleSummaries); len(early) != 0 {
		s.t.Errorf("before nine: %s", texts(early))
	}
	s.goesTo("2026-12-01 09:00")
	digest := s.sees(sampleSummaries, strings.SplitN(w.summary, "\n", 2)[0])
	s.reads(digest, w.summary)
	s.halt() // nothing is posted again
	s.begin()
	s.goesTo("2026-12-01 09:30")
	said := 0
	for _, m := range s.posts(sampleSummaries) {
		if m.ThreadTS == "" {
			said++
		}
	}
	if said != 1 {
		s.t.Errorf("posted %d times:\n%s", said, texts(s.posts(sampleSummaries)))
	}
	return digest
}

// pictured waits for the picture in a summary's thread, and fails when there
// are two; its words say what it shows.
func (s *story) pictured(digest sandbox.Message, alt ...string) {
	s.t.Helper()
	var found []sandbox.Message
	s.until("the picture", func() bool {
		found = nil
		for _, m := range s.posts(digest.Channel) {
			if m.ThreadTS == digest.TS && len(m.Files) > 0 {
				found = append(found, m)
			}
		}
		return len(found) > 0
	})
	if len(found) != 1 || len(found[0].Files) != 1 || !bytes.HasPrefix(found[0].Files[0].Content, []byte("\x89PNG")) {
		s.t.Fatalf("%d pictures: %s", len(found), texts(found))
	}
	if got := found[0].Files[0].AltText; !hasAll(got, alt) {
		s.t.Errorf("what the picture shows, in words: %q, want %q", got, alt)
	}
	s.mu.Lock()
	s.seen[found[0].Channel+found[0].TS] = true
	s.mu.Unlock()
}

// monthIsOpened opens the numbers by button and by command, and gives the head
// that the summary shows, as `verify` takes it.
func (s *story) monthIsOpened(w monthWords, digest sandbox.Message) (head string) {
	s.t.Helper()
	s.presses(sampleAdmin, digest, "summary_rows")
	which := s.whispers(sampleAdmin, sampleSummaries, w.which)
	if out := s.As(sampleAdmin).Select(which, "summary_figure", "hours"); !out.Acked {
		s.t.Fatal(out.Refused)
	}
	s.whispers(sampleAdmin, sampleSummaries, w.rowsOf, "<@"+leaves+">")
	for _, who := range []string{cameOften, monthCouriers} { // leads a part of it only
		s.presses(who, digest, "summary_rows")
		s.whispers(who, sampleSummaries, w.refused, "<@"+sampleAdmin+">")
	}
	s.presses(sampleAdmin, digest, "summary_table")
	s.whispers(sampleAdmin, sampleSummaries, w.table)
	s.fileHolds(sampleAdmin, nameOf(longHauler))
	s.opens(sampleAdmin, w.opened)
	s.opens(monthCouriers, w.named)
	shown := regexp.MustCompile(w.record).FindStringSubmatch(digest.AllText())
	if shown == nil {
		s.t.Fatalf("no head of the record: %s", digest.AllText())
	}
	head = shown[1] + ":" + shown[2]
	s.verifies(head, 2)
	return head
}

// opens asks for the rows behind numbers by command.
func (s *story) opens(user string, lines map[string]string) {
	s.t.Helper()
	for line, want := range lines {
		if got := s.answered(user, s.DM(user), line).Text; got != want {
			s.t.Errorf("%s (-want +got):\n%s", line, cmp.Diff(want, got))
		}
	}
}

// verifies runs `muster verify --head` on the story's database; heads is how
// many agree, those that are stored among them.
func (s *story) verifies(head string, agree int) {
	s.t.Helper()
	for given, whole := range map[string]bool{head: true, strings.SplitN(head, ":", 2)[0] + ":0000…00": false} {
		heads, err := postedHeads([]string{given})
		if err != nil {
			s.t.Fatal(err)
		}
		var out bytes.Buffer
		err = runVerify(s.t.Context(), s.settings, streams{Out: &out, Err: &out}, verifyCommand{}, heads)
		switch {
		case whole && (err != nil || !strings.Contains(out.String(), "the record is whole") || !strings.Contains(out.String(), string(rune('0'+agree))+" posted heads agree")):
			s.t.Errorf("verify --head %s: %v\n%s", given, err, out.String())
		case !whole && !errors.Is(err, errBroken):
			s.t.Errorf("a head nobody posted: %v\n%s", err, out.String())
		}
	}
}

// monthIsCorrected: the contest is decided and the last roll is taken; each is
// said the next day, in the thread, and the summary keeps its numbers.
func (s *story) monthIsCorrected(w monthWords, digest sandbox.Message) {
	s.t.Helper()
	s.goesTo("2026-12-01 15:00")
	contest := s.gets(monthClinic, "<@"+disputes+">", "#k4")
	s.presses(monthClinic, contest, "hours_decide:yes")
	s.rests()
	again := s.gets(disputes, w.toldYes...)
	s.presses(disputes, again, s.button(again, "hours_confirm"))
	s.rests()
	for _, who := range []string{sampleAdmin, monthClinic} {
		m := s.gets(who, "<@"+disputes+">", "#k4")
		s.reads(m, w.contestOver)
		s.buttons(m)
	}
	s.goesTo("2026-12-02 08:59")
	for _, m := range s.posts(sampleSummaries) {
		if m.Text == w.corrected {
			s.t.Error("corrected before its time of day")
		}
	}
	s.goesTo("2026-12-02 09:00")
	hours := s.sees(sampleSummaries, w.corrected)
	s.goesTo("2026-12-03 10:00")
	s.answered(monthCouriers, s.DM(monthCouriers), w.lateRoll, "#s1")
	s.goesTo("2026-12-04 09:00")
	study := s.sees(sampleSummaries, w.correctedStudy)
	for _, m := range []sandbox.Message{hours, study} {
		if m.ThreadTS != digest.TS || m.Text != w.corrected && m.Text != w.correctedStudy {
			s.t.Errorf("not in the thread, or says more: %q", m.Text)
		}
	}
	s.reads(digest, w.summary)
}

// leavesAndIsForgotten: what was counted stays counted, the name goes from
// Slack as well, and the head that was posted still verifies.
func (s *story) leavesAndIsForgotten(w monthWords, digest sandbox.Message, head string) {
	s.t.Helper()
	s.goesTo("2026-12-05 09:00")
	before := s.answered(sampleAdmin, s.DM(sampleAdmin), w.preview).Text
	counted := s.hoursOf("volunteer")
	s.says(leaves, sampleLobby, w.forget)
	s.presses(leaves, s.gets(leaves, w.sure), "privacy_forget_yes")
	s.gets(leaves, w.planned)
	s.goesTo("2026-12-12 09:05")
	s.until("somebody is forgotten", func() bool { return len(s.forgotten()) == 1 })
	s.rests()
	for _, channel := range []string{sampleCalls, s.DM(sampleAdmin)} {
		for _, m := range s.posts(channel) {
			if m.ThreadTS == "" && len(m.Files) == 0 && strings.Contains(m.AllText(), nameOf(leaves)) {
				s.t.Errorf("their name still stands in %s: %s", channel, m.AllText())
			}
		}
	}
	s.goesTo("2026-12-20 09:05")
	if after := s.answered(sampleAdmin, s.DM(sampleAdmin), w.preview).Text; after != before {
		s.t.Errorf("the figures (-before +after):\n%s", cmp.Diff(before, after))
	}
	if diff := cmp.Diff(counted, s.hoursOf("volunteer")); diff != "" || counted != 20 {
		s.t.Errorf("the export has %v hours (-before +after):\n%s", counted, diff)
	}
	s.opens(sampleAdmin, w.forgotten)
	s.reads(digest, w.summary)
	s.verifies(head, 2)
}

// hoursOf sums the hours that count in one ledger of the export.
func (s *story) hoursOf(ledger string) (hours float64) {
	s.t.Helper()
	for _, row := range s.exported("hours") {
		if row["ledger"] == ledger && row["state"] == "counted" {
			h, err := strconv.ParseFloat(row["hours"], 64)
			if err != nil {
				s.t.Fatal(err)
			}
			hours += h
		}
	}
	return hours
}
