package main

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/config"
)

// subscriptionWords are what a calendar's story says in one language.
type subscriptionWords struct {
	ask, renew, off, call, cancel, study, move      string
	made, stands, renewed, ended, none              []string
	clinic, lesson, clinicGone, clinicWaits, nofile []string
}

func subscriptionSpeaks() map[string]subscriptionWords {
	return map[string]subscriptionWords{
		"zh": {ask: "我的 日历", renew: "我的 日历 换", off: "我的 日历 停用", call: "招募 社区爱心义诊 | 时间: 周六 9:00-11:30 | 地点: 绿城, 1号楼; 大厅 | 需要: 医生 1 | 仅确认者可见: 门码 1234",
			cancel: "招募 k1 取消 降雨", study: "学习 骑手服务案例 | 时间: 每周三 19:30 | 范围: <#C900>", move: "学习 s1 改期 周四 20:00",
			made: []string{"你的日历链接", "Google 日历", "苹果日历", "Outlook", "飞书日历", "不要转发"}, stands: []string{"你的日历链接 周一 11月23日起用", "最近一次被读取是周一 11月23日", "换一个新的"},
			renewed: []string{"新的日历链接，原来的已经失效"}, ended: []string{"日历链接已停用"}, none: []string{"你现在没有日历链接"},
			clinic: []string{"SUMMARY:社区爱心义诊 · 医生\n", "DTSTART:20261128T010000Z\n", `LOCATION:绿城\, 1号楼\; 大厅`, "门码 1234", "STATUS:CONFIRMED\n"},
			lesson: []string{"SUMMARY:学习：骑手服务案例\n"}, clinicGone: []string{"SUMMARY:已取消：社区爱心义诊 · 医生\n", "STATUS:CANCELLED\n"}, clinicWaits: []string{"SUMMARY:候补：社区爱心义诊 · 医生\n", "STATUS:TENTATIVE\n"},
			nofile: []string{"MUSTER_PUBLIC_URL", "日历不能自己更新"}},
		"en": {ask: "me calendar", renew: "me calendar new", off: "me calendar off", call: "call Free clinic | when: Sat 9:00-11:30 | where: Greentown, house 1; hall | need: doctor 1 | private: code 1234",
			cancel: "call k1 cancel rain", study: "study Courier cases | when: every Wed 19:30 | for: <#C900>", move: "study s1 move Thu 20:00",
			made: []string{"Your calendar link", "Google Calendar", "Apple Calendar", "Outlook", "Feishu", "don't pass it on"}, stands: []string{"Your calendar link works since Mon 23 Nov", "was last read on Mon 23 Nov", "take a new one"},
			renewed: []string{"the old one no longer works"}, ended: []string{"no longer works"}, none: []string{"You have no calendar link now"},
			clinic: []string{"SUMMARY:Free clinic · doctor\n", "DTSTART:20261128T010000Z\n", `LOCATION:Greentown\, house 1\; hall`, "code 1234", "STATUS:CONFIRMED\n"},
			lesson: []string{"SUMMARY:Study: Courier cases\n"}, clinicGone: []string{"SUMMARY:Cancelled: Free clinic · doctor\n", "STATUS:CANCELLED\n"}, clinicWaits: []string{"SUMMARY:Waiting list: Free clinic · doctor\n", "STATUS:TENTATIVE\n"},
			nofile: []string{"MUSTER_PUBLIC_URL", "can't update itself"}},
	}
}

var calendarAddress = regexp.MustCompile(`https://muster\.example\.org(/calendar/[A-Za-z0-9_-]{43}\.ics)`)

// calendarLink is the path in the message that brought it.
func (s *story) calendarLink(user string, words []string) string {
	s.t.Helper()
	m := s.gets(user, words...)
	found := calendarAddress.FindStringSubmatch(m.AllText())
	if found == nil {
		s.t.Fatalf("no link in %s", m.AllText())
	}
	return found[1]
}

// fetches reads a calendar over the network, unfolded, as a calendar program
// would: with the mark it has from before.
func (s *story) fetches(path, mark string) (status int, calendar, newMark string) {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, "http://"+s.addresses()[len(s.addresses())-1]+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if mark != "" {
		r.Header.Set("If-None-Match", mark)
	}
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(string(raw), "\r\n"), "\r\n") {
		if got.StatusCode == http.StatusOK && (len(line) > 75 || strings.ContainsAny(line, "\r\n")) {
			s.t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	return got.StatusCode, strings.ReplaceAll(strings.ReplaceAll(string(raw), "\r\n ", ""), "\r\n", "\n"), got.Header.Get("ETag")
}

// entry is the part of a calendar that contains the words.
func entry(calendar, word string) string {
	for _, part := range strings.Split(calendar, "BEGIN:VEVENT\n") {
		if strings.Contains(part, word) {
			return part
		}
	}
	return ""
}

func uidIn(entry string) string {
	_, rest, _ := strings.Cut(entry, "UID:")
	uid, _, _ := strings.Cut(rest, "\n")
	return uid
}

// A courier's calendar over the network: a link in a direct message, a shift
// and a weekly session in it; moved, cancelled, given another link, turned off.
func TestAMembersCalendarOverTheNetwork(t *testing.T) {
	t.Parallel()
	for lang, w := range subscriptionSpeaks() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace(), withSettings(func(c *config.Settings) { c.PublicURL, c.Listen = "https://muster.example.org", "127.0.0.1:0" }))
			s.until("an address", func() bool { return len(s.addresses()) > 0 })
			s.says(leader, sampleCalls, w.call)
			card := s.sees(sampleCalls, "#k1")
			s.plans(w.study)
			s.presses(wei, card, s.button(card, "call_join"))
			s.presses(lei, card, s.button(card, "call_join"))
			s.settles()
			path := s.calendarIsRead(w)
			s.calendarFollows(w, path)
			s.calendarEnds(w, path)
			if strings.Contains(s.logs.String(), path[len("/calendar/"):len("/calendar/")+20]) {
				t.Error("the log holds a calendar's address")
			}
		})
	}
}

// calendarIsRead: asked for in a channel, the link comes by direct message, and
// holds what concerns its owner and nobody else.
func (s *story) calendarIsRead(w subscriptionWords) (path string) {
	s.t.Helper()
	if got := s.answer(wei, sampleLobby, w.ask); strings.Contains(got, "/calendar/") {
		s.t.Errorf("the link stands in the channel: %s", got)
	}
	path = s.calendarLink(wei, w.made)
	status, calendar, mark := s.fetches(path, "")
	if status != http.StatusOK || !hasAll(entry(calendar, "k1"), w.clinic) || strings.Count(calendar, w.lesson[0]) < 9 {
		s.t.Errorf("%d\n%s", status, calendar)
	}
	if status, _, _ := s.fetches(path, mark); status != http.StatusNotModified {
		s.t.Errorf("read again unchanged: %d", status)
	}
	s.As(lei).OpenHome()
	s.waits("the Home tab", func() bool { return len(s.As(lei).Home().Blocks) > 0 })
	if out := s.As(lei).PressIn(s.As(lei).Home(), "calendar_mine"); !out.Acked {
		s.t.Errorf("the button on Home: %s", out.Refused)
	}
	_, theirs, _ := s.fetches(s.calendarLink(lei, w.made), "")
	if waits := entry(theirs, "k1"); !hasAll(waits, w.clinicWaits) || strings.Contains(waits, "1234") {
		s.t.Errorf("who waits sees\n%s", waits)
	}
	s.says(wei, sampleLobby, w.ask)
	s.gets(wei, w.stands...)
	return path
}

// calendarFollows: what is moved keeps its entry, what is cancelled says so.
func (s *story) calendarFollows(w subscriptionWords, path string) {
	s.t.Helper()
	_, before, mark := s.fetches(path, "")
	was := entry(before, "DTSTART:20261125T113000Z")
	s.passes(time.Minute)
	s.answer(leader, sampleLobby, w.move, "20:00")
	s.says(leader, sampleCalls, w.cancel)
	s.settles()
	status, after, _ := s.fetches(path, mark)
	is := entry(after, "DTSTART:20261126T120000Z")
	if status != http.StatusOK || was == "" || uidIn(is) != uidIn(was) || strings.Contains(is, "SEQUENCE:0\n") {
		s.t.Errorf("%d: moved from\n%s\nto\n%s", status, was, is)
	}
	if gone := entry(after, "k1"); !hasAll(gone, w.clinicGone) || strings.Contains(gone, "1234") || uidIn(gone) != uidIn(entry(before, "k1")) {
		s.t.Errorf("cancelled:\n%s", gone)
	}
}

// calendarEnds: after a restart the link works; another takes its place; turned
// off, none does.
func (s *story) calendarEnds(w subscriptionWords, path string) {
	s.t.Helper()
	n := len(s.addresses())
	s.halt()
	s.begin()
	s.until("an address", func() bool { return len(s.addresses()) > n })
	if status, _, _ := s.fetches(path, ""); status != http.StatusOK {
		s.t.Errorf("after a restart: %d", status)
	}
	s.says(wei, sampleLobby, w.renew)
	next := s.calendarLink(wei, w.renewed)
	for link, want := range map[string]int{path: http.StatusNotFound, next: http.StatusOK, "/calendar/" + strings.Repeat("A", 43) + ".ics": http.StatusNotFound} {
		if status, got, _ := s.fetches(link, ""); status != want || want == http.StatusNotFound && strings.Contains(got, "VEVENT") {
			s.t.Errorf("%s: %d", link, status)
		}
	}
	shown := s.gets(wei, w.renewed...)
	s.presses(wei, shown, "calendar_off")
	s.gets(wei, w.ended...)
	if status, _, _ := s.fetches(next, ""); status != http.StatusNotFound {
		s.t.Errorf("turned off: %d", status)
	}
	s.answer(wei, sampleLobby, w.off, w.none...)
}

// Without an address of ours the calendar comes as a file, and Muster says why.
func TestACalendarAsAFile(t *testing.T) {
	t.Parallel()
	for lang, w := range subscriptionSpeaks() {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			s := reading(t, lang, atAnyPace())
			s.plans(w.study)
			s.says(wei, sampleLobby, w.ask)
			s.gets(wei, w.nofile...)
			s.waits("the file", func() bool {
				for _, m := range s.posts(s.DM(wei)) {
					for _, f := range m.Files {
						if f.Name == "muster.ics" && strings.Contains(string(f.Content), "BEGIN:VCALENDAR\r\n") {
							return true
						}
					}
				}
				return false
			})
		})
	}
}
