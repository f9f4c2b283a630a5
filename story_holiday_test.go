package main

import (
	"strings"
	"testing"
	"time"

	"muster/store"
)

// septemberMonday is 21 September 2026, 10:00 in Shanghai: that Friday is
// Mid-Autumn, the Friday after is in the week of the National Day.
var septemberMonday = time.Date(2026, 9, 21, 2, 0, 0, 0, time.UTC)

type holidayWords struct {
	after, before, skip, workdays              string
	opened, openedBefore, openedSkip, openWork []string
	why, whyBefore, whyOwn, listed, shown      []string
	own, ownSaid, off, offSaid, deleted        []string
	drop                                       string
	year                                       []string
}

var holidayStories = map[string]holidayWords{
	"zh": {
		after:        "学习 案例讨论 | 时间: 每周五 19:30 | 范围: <#C900> | 节假日: 顺延",
		opened:       []string{"每周五 19:30，接下来：周一 9月28日 19:30（9月25日因中秋节改到这天）、周四 10月8日 19:30（10月2日因国庆节改到这天）、周五 10月9日 19:30", "遇到节假日：顺延到后一个工作日"},
		why:          []string{"周五 9月25日因中秋节改到周一 9月28日。", "周一 9月28日 19:30 案例讨论"},
		before:       "学习 午间读报 | 时间: 每周五 12:30 | 范围: <#C900> | 节假日: 提前 | 提前: 1小时",
		openedBefore: []string{"周四 9月24日 12:30（9月25日因中秋节改到这天）"},
		whyBefore:    []string{"周五 9月25日因中秋节改到周四 9月24日。"},
		skip:         "学习 周五例会 | 时间: 每周五 17:00 | 范围: <#C900> | 节假日: 跳过",
		openedSkip:   []string{"9月25日中秋节放假不开、10月2日国庆节放假不开、周五 10月9日 17:00", "遇到节假日：跳过，那次不开"},
		workdays:     "学习 早读 | 时间: 工作日 7:30 | 范围: <#C900> | 节假日: 跳过 | 提前: 无",
		openWork:     []string{"每个工作日 7:30，接下来：周二 9月22日 7:30、周三 9月23日 7:30、周四 9月24日 7:30", "调休上班的周末照开"},
		listed:       []string{"周五 10月9日 17:00（10月2日国庆节放假不开）", "周一 9月28日 19:30（9月25日因中秋节改到这天）"},
		shown:        []string{"周四 10月8日 19:30（10月2日因国庆节改到这天）"},
		own:          []string{"学习 节假日 加 10月16日 休 建站日"},
		ownSaid:      []string{"周五 10月16日 休息（建站日）", "案例讨论（#s1）周五 10月16日 19:30 因建站日改到 周一 10月19日 19:30", "周五例会（#s3）周五 10月16日 17:00 这次不开：建站日放假"},
		whyOwn:       []string{"时间改了：周五 10月16日 19:30 → 周一 10月19日 19:30", "周五 10月16日因建站日改到周一 10月19日。"},
		off:          []string{"周五 10月16日 17:00 周五例会"}, offSaid: []string{"建站日放假，这次不开。"},
		drop: "学习 节假日 删 10月16日", deleted: []string{"已删除：周五 10月16日 休息（建站日）", "案例讨论（#s1）周五 10月16日 19:30 照常"},
		year: []string{"2027 年的放假调休通知还没有收录"},
	},
	"en": {
		after:        "study Case talk | when: every Fri 19:30 | for: <#C900> | holidays: after",
		opened:       []string{"every Fri, 19:30; next: Mon 28 Sep 19:30 (moved from 25 Sep: Mid-Autumn Festival), Thu 8 Oct 19:30 (moved from 2 Oct: National Day), Fri 9 Oct 19:30", "On public holidays: on the next working day"},
		why:          []string{"Moved from Fri 25 Sep to Mon 28 Sep: Mid-Autumn Festival.", "Mon 28 Sep 19:30: Case talk"},
		before:       "study Noon news | when: every Fri 12:30 | for: <#C900> | holidays: before | remind: 1h",
		openedBefore: []string{"Thu 24 Sep 12:30 (moved from 25 Sep: Mid-Autumn Festival)"},
		whyBefore:    []string{"Moved from Fri 25 Sep to Thu 24 Sep: Mid-Autumn Festival."},
		skip:         "study Friday round | when: every Fri 17:00 | for: <#C900> | holidays: skip",
		openedSkip:   []string{"none on 25 Sep (Mid-Autumn Festival), none on 2 Oct (National Day), Fri 9 Oct 17:00", "On public holidays: no session"},
		workdays:     "study Early reading | when: workdays 7:30 | for: <#C900> | holidays: skip | remind: none",
		openWork:     []string{"every working day, 7:30; next: Tue 22 Sep 7:30, Wed 23 Sep 7:30, Thu 24 Sep 7:30", "on weekend days that are worked in exchange"},
		listed:       []string{"Fri 9 Oct 17:00; none on 2 Oct (National Day)", "Mon 28 Sep 19:30 (moved from 25 Sep: Mid-Autumn Festival)"},
		shown:        []string{"Thu 8 Oct 19:30 (moved from 2 Oct: National Day)"},
		own:          []string{"study holidays add 16 Oct off Founding day"},
		ownSaid:      []string{"Fri 16 Oct, day off (Founding day)", "Case talk (#s1): Fri 16 Oct 19:30 moves to Mon 19 Oct 19:30 (Founding day)", "Friday round (#s3): no session on Fri 16 Oct 17:00 (Founding day)"},
		whyOwn:       []string{"The time changed: Fri 16 Oct 19:30 → Mon 19 Oct 19:30", "Moved from Fri 16 Oct to Mon 19 Oct: Founding day."},
		off:          []string{"Fri 16 Oct 17:00: Friday round"}, offSaid: []string{"Founding day: no session this time."},
		drop: "study holidays delete 16 Oct", deleted: []string{"Deleted: Fri 16 Oct, day off (Founding day)", "Case talk (#s1): Fri 16 Oct 19:30 as usual"},
		year: []string{"I don't have the notice for 2027 yet"},
	},
}

// daysOf are the days on which a study took place or will, as laid out.
func (s *story) daysOf(number int) map[string]bool {
	s.t.Helper()
	days := map[string]bool{}
	err := s.app.store.Read(s.t.Context(), func(tx *store.Tx) error {
		st, err := tx.StudyByNumber(1, number)
		if err != nil {
			return err
		}
		all, err := tx.OccurrencesOf(st.ID, 0, 100)
		for _, o := range all {
			if !o.Off() {
				days[o.Start.In(time.FixedZone("CST", 8*3600)).Format(time.DateOnly)] = true
			}
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return days
}

// Four series go through Mid-Autumn and the National Day, each in its own way;
// then the organisation has a day off of its own, and takes it back.
func TestHolidaysMoveSessions(t *testing.T) {
	t.Parallel()
	for lang, w := range holidayStories {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, startingAt(septemberMonday), atAnyPace())
			s.plans(w.after, w.opened...)
			s.answer(leader, sampleLobby, w.before, w.openedBefore...)
			s.answer(leader, sampleLobby, w.skip, w.openedSkip...)
			s.answer(leader, sampleLobby, w.workdays, w.openWork...)
			title := func(line string) string {
				name, _, _ := strings.Cut(line, " | ")
				_, name, _ = strings.Cut(name, " ")
				return name
			}

			s.at("2026-09-24 11:30") // an hour before the session that moved to Thursday
			s.shows(s.told(wei, title(w.before), 1), w.whyBefore...)
			s.at("2026-09-26 12:00")
			s.told(wei, title(w.skip), 0)
			s.told(wei, title(w.after), 0)
			s.answer(wei, sampleLobby, "study list", w.listed...)

			s.at("2026-09-27 19:30") // a day before Monday
			s.shows(s.told(wei, title(w.after), 1), w.why...)
			s.at("2026-09-28 18:30") // an hour before
			second := s.told(wei, title(w.after), 2)
			s.at("2026-09-28 19:31")
			s.presses(wei, second, "study_checkin")
			s.answer(wei, sampleLobby, "study s1", w.shown...)

			s.at("2026-10-12 10:00")
			early := s.daysOf(4) // official working days: the Saturday after the holidays is one
			for day, want := range map[string]bool{"2026-09-25": false, "2026-09-30": true, "2026-10-01": false, "2026-10-05": false, "2026-10-08": true, "2026-10-10": true, "2026-10-11": false} {
				if early[day] != want {
					t.Errorf("%s on %s: %v, want %v", title(w.workdays), day, early[day], want)
				}
			}

			for _, when := range []string{"2026-10-13 10:00", "2026-10-14 10:00", "2026-10-15 10:00", "2026-10-15 17:00", "2026-10-15 19:30", "2026-10-15 20:00"} {
				s.at(when)
			} // of Friday the 16th all were told
			before := len(s.about(wei, title(w.after)))
			going := s.sees(s.DM(wei), w.off...)
			s.presses(wei, going, "study_attend")
			s.settles()
			s.answer(leader, sampleLobby, w.own[0], w.ownSaid...)
			s.settles()
			s.shows(s.told(wei, title(w.after), before+1), w.whyOwn...)
			s.sees(s.DM(wei), append(w.off, w.offSaid...)...)
			s.answer(leader, sampleLobby, w.drop, w.deleted...)
			s.settles()
			s.answer(wei, sampleLobby, map[string]string{"zh": "学习 节假日 2027", "en": "study holidays 2027"}[lang], w.year...)
		})
	}
}
