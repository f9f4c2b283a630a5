package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"muster/sandbox"
	"muster/store"
)

// clinicWords are what the free clinic with a pasted list says in one language.
type clinicWords struct {
	lang, open, doctor, guide, party, list        string
	which, afternoon, unknown, twice, apply, held string
	gone, asked                                   string
	full, leftLate, offer, lapsed, resting, taken string
	code, checkedIn, proposed, counted, achieved  string
}

func clinicSpeaks() []clinicWords {
	return []clinicWords{{
		lang: "zh", open: "招募 社区爱心义诊 | 类型: 关爱 | 时间: 周六 9:00-11:30, 周六 14:00-16:00 | 地点: 绿城社区 | 需要: 医生 1, 引导员 4 | 携伴: 2",
		doctor: "医生", guide: "引导员", party: "+3",
		list:  "#接龙 周六义诊\n1. 许娟 引导员\n2. 何勇 +1 引导员\n3. 谁谁谁 引导员\n4. 许娟 引导员\n5. 严明 医生",
		which: "这份接龙是哪一场的？", afternoon: "14:00–16:00", unknown: "3. 谁谁谁 引导员 → 找不到叫这个名字的人", twice: "4. 许娟 引导员 → 上面已经有了",
		apply: "留出 3 个名额", held: "留出了 3 个名额", gone: "草稿", asked: "要你自己答应才算",
		full: "已满，候补 3 人", leftLate: "引导员 3/4", offer: "为你保留到周五 21:40", lapsed: "保留时间过了", resting: "为你保留到周六 7:10", taken: "已报名",
		code: "签到码：", checkedIn: "已签到 8:30", proposed: "8:30–11:30，对吗？", counted: "2.5 小时", achieved: "5 人，共 11.5 小时，服务 86 人",
	}, {
		lang: "en", open: "call Free clinic | kind: care | when: Sat 9:00-11:30, Sat 14:00-16:00 | where: Greentown | need: doctor 1, guide 4 | guests: 2",
		doctor: "doctor", guide: "guide", party: "+3",
		list:  "Sign-up list, Saturday\n1. 许娟 guide\n2. 何勇 +1 guide\n3. Nobody Known guide\n4. 许娟 guide\n5. 严明 doctor",
		which: "Which shift is this list for?", afternoon: "14:00–16:00", unknown: "3. Nobody Known guide → I know nobody of that name", twice: "4. 许娟 guide → stands above already",
		apply: "Hold 3 places", held: "3 places are held", gone: "draft", asked: "without your own yes",
		full: "full, 3 waiting", leftLate: "guide 3/4", offer: "until Fri 21:40", lapsed: "The time was up", resting: "until Sat 7:10", taken: "signed up",
		code: "On-site code", checkedIn: "Checked in 8:30", proposed: "8:30–11:30, is that right?", counted: "2.5 hours", achieved: "5 people, 11.5 hours, 86 served",
	}}
}

// A free clinic with two shifts: one comes with two guests, the afternoon comes
// from a pasted list, somebody leaves the evening before, and the place goes on
// from hand to hand, by a clock that rests at night.
func TestAFreeClinicFromAListToTheLastHand(t *testing.T) {
	t.Parallel()
	for _, w := range clinicSpeaks() {
		t.Run(w.lang, func(t *testing.T) {
			t.Parallel()
			s := tell(t, atAnyPace(), speaking(w.lang))
			card := s.clinicFilled(w)
			s.clinicListed(w, card)
			s.clinicPassedOn(w)
			s.cardIsExport(card)
			s.clinicDone(w)
		})
	}
}

// clinicFilled: Cao Ying (U026) doctor, Liu Yang (U006) with two guests and Sun
// Lei (U010) guides in the morning; three wait.
func (s *story) clinicFilled(w clinicWords) sandbox.Message {
	s.t.Helper()
	s.says(sampleAdmin, sampleCalls, w.open)
	card := s.sees(sampleCalls, "#k1")
	s.hurries("everybody in the channel known by name", func() bool {
		s.app.loops.Nudge(jobLookup)
		return s.named() >= len(samplePeople())
	})
	s.presses("U026", card, "call_join:"+w.doctor)
	s.presses("U006", card, "call_join:"+w.guide)
	s.gets("U006", w.taken)
	s.replies("U006", card, w.party, "white_check_mark") // said later: the party is three
	s.presses("U010", card, "call_join:"+w.guide)
	s.sees(sampleCalls, w.guide+" 4/4")
	for _, waits := range []string{"U033", "U034", "U036"} {
		s.presses(waits, card, "call_join:"+w.guide)
	}
	s.sees(sampleCalls, w.full)
	return card
}

// clinicListed: a list that does not say for which shift is read once the
// organizer says it, applied once, and signs nobody up.
func (s *story) clinicListed(w clinicWords, card sandbox.Message) {
	s.t.Helper()
	s.As(sampleAdmin).SayIn(card.Channel, card.TS, w.list)
	preview := s.whispers(sampleAdmin, sampleCalls, w.which, w.unknown, w.twice)
	if _, ready := preview.Button("chain_apply"); ready {
		s.t.Errorf("places can be held before it is known for which shift: %s", preview.AllText())
	}
	for _, b := range preview.Buttons() {
		if strings.Contains(b.Text, w.afternoon) {
			s.presses(sampleAdmin, preview, b.ActionID)
		}
	}
	preview = s.whispers(sampleAdmin, sampleCalls, w.apply, w.afternoon, w.unknown, w.twice)
	s.sees(sampleCalls, w.guide+" 0/4") // the preview holds nothing
	s.presses(sampleAdmin, preview, "chain_apply")
	s.whispers(sampleAdmin, sampleCalls, w.held)
	s.As(sampleAdmin).Press(preview, "chain_apply")
	s.whispers(sampleAdmin, sampleCalls, w.gone)
	s.rests()
	for user, answer := range map[string]string{"U021": "offer_accept", "U022": "offer_accept", "U027": "offer_decline"} {
		mine := s.about(user, "#k1")
		if len(s.about(user, w.asked)) != 1 || len(mine) > 2 {
			s.t.Errorf("%s was asked by the list like this:\n%s", user, texts(s.posts(s.DM(user))))
		}
		asked := s.gets(user, w.asked, "<@"+sampleAdmin+">")
		s.presses(user, asked, s.button(asked, answer))
	}
	s.sees(sampleCalls, w.guide+" 3/4", w.doctor+" 0/1")
}

// clinicPassedOn: the evening before, Sun Lei leaves. Jiang Nan (U033) refuses,
// Qi Wei (U034) is silent, Zou Min (U036) has until the morning.
func (s *story) clinicPassedOn(w clinicWords) {
	s.t.Helper()
	s.at("2026-11-27 19:40")
	panels := len(s.about(sampleAdmin, "#k1"))
	mine := s.gets("U010", "#k1")
	s.presses("U010", mine, s.button(mine, "call_leave"))
	s.waits("a panel that sounds", func() bool { return len(s.about(sampleAdmin, "#k1")) > panels })
	s.gets(sampleAdmin, w.leftLate)
	offer := s.gets("U033", w.offer)
	s.presses("U033", offer, s.button(offer, "offer_decline"))
	s.gets("U034", w.offer)
	s.at("2026-11-27 21:40")
	s.gets("U034", w.lapsed)
	s.gets("U036", w.resting)
	s.at("2026-11-28 06:59")
	last := s.gets("U036", w.resting) // the night does not count
	s.at("2026-11-28 07:05")
	s.presses("U036", last, s.button(last, "offer_accept"))
	s.gets("U036", w.taken)
	s.sees(sampleCalls, w.guide+" 4/4")
	s.rests()
	if waits := s.about("U033", "#k1"); strings.Contains(waits[len(waits)-1].AllText(), w.resting) {
		s.t.Errorf("who refused was asked again: %s", waits[len(waits)-1].AllText())
	}
}

// cardIsExport holds the card's numbers, shift by shift, against the export's.
func (s *story) cardIsExport(card sandbox.Message) {
	s.t.Helper()
	s.rests()
	now, _ := s.Message(card.Channel, card.TS)
	rows := s.exported("calls")
	if len(rows) != 4 {
		s.t.Fatalf("%d rows of shifts and roles: %v", len(rows), rows)
	}
	text := now.Text
	for _, row := range rows { // the same role stands once a shift, in order
		want := fmt.Sprintf("%s %s/%s", row["role"], row["taken"], row["most"])
		_, rest, found := strings.Cut(text, want)
		if !found {
			s.t.Fatalf("the export says %q, the card goes on %q of %q", want, text, now.Text)
		}
		text = rest
	}
}

// clinicDone: everybody comes, by the code; the roll by one press.
func (s *story) clinicDone(w clinicWords) {
	s.t.Helper()
	s.clockAt("08:30")
	code := s.onSiteCode(w.code)
	for _, user := range []string{"U026", "U006", "U036"} {
		s.writes(user, code, w.checkedIn)
	}
	s.clockAt("11:30")
	for _, user := range []string{"U026", "U006", "U036"} {
		m := s.gets(user, w.proposed)
		s.presses(user, m, s.button(m, "call_checkout"))
	}
	s.clockAt("13:30")
	old := code
	s.presses(sampleAdmin, s.gets(sampleAdmin, "#k1"), "call_code")
	s.waits("another code", func() bool {
		for _, m := range s.As(sampleAdmin).Ephemerals(s.DM(sampleAdmin)) {
			if strings.Contains(m.Text, w.code) {
				code = shownCode.FindString(m.Text)
			}
		}
		return code != "" && code != old
	})
	for _, user := range []string{"U021", "U022"} {
		s.writes(user, code, "13:30")
	}
	s.clockAt("16:00")
	for _, user := range []string{"U021", "U022"} {
		m := s.gets(user, "13:30–16:00")
		s.presses(user, m, s.button(m, "call_checkout"))
	}
	s.clockAt("17:00")
	panel := s.about(sampleAdmin, "#k1")
	s.presses(sampleAdmin, panel[len(panel)-1], "call_roll_code")
	s.rests()
	s.answered(sampleAdmin, sampleCalls, map[string]string{"zh": "招募 k1 服务 86", "en": "call k1 served 86"}[w.lang], "#k1")
	s.rests()
	done := s.sees(sampleCalls, w.achieved)
	people, hours := 0, 0.0
	for _, row := range s.exported("signups") {
		if row["state"] != "done" {
			continue
		}
		var h float64
		if _, err := fmt.Sscan(row["hours"], &h); err != nil {
			s.t.Fatalf("hours of %v: %v", row, err)
		}
		people, hours = people+1, hours+h
	}
	if people != 5 || hours != 11.5 {
		s.t.Errorf("the export has %d people and %.2f hours, the card says %q", people, hours, done.Text)
	}
	s.gets("U026", w.counted)
}

// named counts the people whose names are stored: Slack's answer is asked for
// before that, and a list that is read in between knows nobody.
func (s *story) named() (n int) {
	s.t.Helper()
	err := s.app.store.Read(context.Background(), func(tx *store.Tx) error {
		t, err := tx.TenantByExternal(s.app.tenant())
		if err != nil {
			return err
		}
		for _, one := range samplePeople() {
			p, err := tx.PersonBySlack(t.ID, one.ID)
			switch {
			case err == nil && p.KnownAt != 0 && p.Name != "":
				n++
			case err != nil && !errors.Is(err, store.ErrNotFound):
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}
