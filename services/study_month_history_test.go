package services

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/store"
	"muster/store/storetest"
)

// studySpells is how many random fortnights of an organisation's study are lived
// through, and spellEnd how long it is waited until what they began has closed:
// some two seconds of one core each.
const (
	studySpells = 5
	spellEnd    = 9 * 24 * time.Hour
)

// monthOf is a part of a month that is lived: twelve members of two units, in four
// zones, five series over holidays and clock changes, pushed material, duties,
// and whatever people do.
type monthOf struct {
	*branch
	r     *rand.Rand
	look  storetest.Look
	story []string // what happened, for who reads a failure
	slack map[int64]models.Instant
	told  map[[2]int64]int // sounds about an occurrence (0) to a person (1)
	more  map[[2]int64]int // what acts allow beyond the lead times; person 0 = everybody
	burst map[string]int   // sounds for somebody at one moment
}

var monthStarts = []string{"2026-09-21 10:00", "2026-10-12 10:00", "2026-12-14 10:00", "2027-01-25 10:00", "2027-03-08 10:00"}

var monthZones = []string{"", "", "Asia/Urumqi", "Europe/Riga", "America/New_York", "Australia/Lord_Howe"}

func newMonth(t *testing.T, dir string, seed uint64) *monthOf {
	t.Helper()
	m := &monthOf{r: rand.New(rand.NewPCG(seed, 20261123)), slack: map[int64]models.Instant{}, told: map[[2]int64]int{},
		more: map[[2]int64]int{}, burst: map[string]int{}}
	file := filepath.Join(dir, fmt.Sprintf("%d.db", seed))
	clocks := storetest.NewClocks()
	start := sh(monthStarts[int(seed)%len(monthStarts)])
	clocks.World.Set(start)
	clocks.Machine.Set(start)
	m.branch = newBranchOn(t, storetest.Open(t, file, clocks), clocks)
	m.look = storetest.LookInto(t, file)
	rows := []MemberRow{{Slack: "Uhe", Name: "何勇", Unit: "城西支部", Duty: "leader"}}
	for i := range 8 {
		unit := []string{"城东支部", "城西支部"}[i%2]
		rows = append(rows, MemberRow{Slack: fmt.Sprintf("Um%d", i), Name: fmt.Sprintf("成员%d", i), Unit: unit, Duty: "member", Windows: m.windows()})
	}
	must(t, m.svc.Enrol(t.Context(), "T1", []UnitRow{{Name: "城西支部", Type: "branch", Leader: "Uhe"}}, rows))
	withAdmin(m.branch)
	for i := range 8 {
		if zone := monthZones[m.r.IntN(len(monthZones))]; zone != "" {
			m.try("zone", m.svcErr(m.svc.SaveProfile(t.Context(), m.act(fmt.Sprintf("Um%d", i)), Profile{Zone: zone, Windows: m.windows()})))
		}
	}
	m.duty("主题学习日", models.CadenceMonth, func(in *DutyEdit) { in.For = "all" })
	m.openAll(start)
	return m
}

func (m *monthOf) svcErr(_ any, err error) error { return err }

// try lets a refusal pass: people press what is no longer there.
func (m *monthOf) try(what string, err error) bool {
	m.t.Helper()
	m.story = append(m.story, m.clocks.World.Now().Format("01-02T15:04Z ")+what)
	var refusal *models.Error
	if err != nil && (!errors.As(err, &refusal) || refusal.Code == models.CodeInternal) {
		m.fail("%s: %v", what, err)
	}
	return err == nil
}

func (m *monthOf) fail(format string, args ...any) {
	m.t.Helper()
	m.t.Errorf("%s: %s", m.clocks.World.Now().Format(time.RFC3339), fmt.Sprintf(format, args...))
}

func (m *monthOf) windows() []models.Window {
	switch m.r.IntN(4) {
	case 0:
		return []models.Window{{Start: 600, End: 660}, {Start: 870, End: 990}}
	case 1:
		return []models.Window{{Days: []time.Weekday{time.Sunday, time.Tuesday}, Start: 150, End: 240}, {Start: 1290, End: 450}}
	}
	return nil
}

func (m *monthOf) openAll(start time.Time) {
	day := start.Format("2006-01-02 ")
	for _, in := range []NewStudy{
		{Title: "周学习", RRule: "FREQ=WEEKLY;BYDAY=WE", Start: sh(day + "19:30"), Holiday: "after", Slots: []models.Slot{{Days: 1, Minute: 600, Length: 60}}, Cap: 3},
		{Title: "晨读", RRule: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", Start: sh(day + "10:10"), Holiday: "skip", Makeup: 1},
		{Title: "中秋座谈", RRule: "RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=8;BYMONTHDAY=15", Start: sh("2026-09-25 19:30"), Length: 90},
		{Title: "月末会", RRule: "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", Start: sh(day + "17:00"), Holiday: "before", Makeup: 4, Leads: []int{3 * 24 * 60, 60}},
		{Title: "夜课", RRule: "FREQ=WEEKLY;BYDAY=SU,TU", Zone: "Europe/Riga", Start: wall("Europe/Riga", day+"03:30"), For: "城西支部"},
	} {
		in.Length, in.Credit = max(in.Length, 60), -1
		if in.Makeup == 0 {
			in.Makeup = 7
		}
		if m.r.IntN(3) == 0 { // cannot be made up
			in.Makeup = 0
		}
		in.Zone = cmp.Or(in.Zone, "Asia/Shanghai")
		in.For = cmp.Or(in.For, "城东支部")
		who := "Uchen"
		if in.For == "城西支部" {
			who = "Uhe"
		}
		in.Wall = in.Start.In(models.Zone(in.Zone)).Format("2006-01-02T15:04")
		_, err := m.svc.OpenStudy(m.t.Context(), m.act(who), in)
		if err != nil {
			m.story = append(m.story, in.Title+": "+err.Error())
		}
	}
}

func (m *monthOf) one(query string, args ...any) (n int64, ok bool) {
	m.t.Helper()
	rows := m.look.Ints(query, args...)
	if len(rows) == 0 {
		return 0, false
	}
	return rows[0][0], rows[0][0] != 0 // no time and no id is 0
}

// live lets time pass until end, from one thing to the next.
func (m *monthOf) live(end time.Time) {
	for {
		m.drain()
		now := models.At(m.clocks.World.Now())
		next := models.At(end)
		for _, q := range []string{"SELECT MIN(due_at) FROM dues WHERE due_at > ?", "SELECT MIN(due_at) FROM messages WHERE state = 'queued' AND due_at > ?"} {
			if at, ok := m.one(q, int64(now)); ok {
				next = min(next, models.Instant(at))
			}
		}
		if now >= models.At(end) {
			return
		}
		m.clocks.Machine.Advance(next.Sub(now))
		m.clocks.World.Set(next.Time())
	}
}

func (m *monthOf) drain() {
	for range 1000 {
		n, err := m.svc.RunDue(m.t.Context())
		if err != nil {
			m.t.Fatalf("due at %s: %v", m.clocks.World.Now(), err)
		}
		if n+m.hand() == 0 {
			return
		}
	}
	m.t.Fatal("something is due again and again")
}

// hand gives Slack what may go, and holds each sound against the rules.
func (m *monthOf) hand() int {
	ctx := m.t.Context()
	list, err := m.st.ClaimMessages(ctx, "test", 500, time.Minute)
	must(m.t, err)
	for _, msg := range list {
		wait, drop, err := m.svc.Gate(ctx, msg)
		must(m.t, err)
		out := models.Outcome{Kind: models.OutcomeSent, Channel: "D1", TS: fmt.Sprintf("%d.0", msg.ID), Version: msg.Version}
		switch {
		case drop || wait == 0 && msg.Shown == 0 && m.gone(msg):
			out = models.Outcome{Kind: models.OutcomeDropped}
		case wait != 0:
			out = models.Outcome{Kind: models.OutcomeWait, WaitUntil: wait}
		default:
			m.slack[msg.ID] = models.At(m.clocks.World.Now())
			if msg.Shown == 0 {
				m.sounds(msg)
			}
		}
		must(m.t, m.st.Settle(ctx, msg.ID, "test", out))
	}
	return len(list)
}

// gone is what the renderers find no words for any more.
func (m *monthOf) gone(msg models.Message) bool {
	if msg.Kind != models.MessageStudy && msg.Kind != models.MessageStudyFollow {
		return false
	}
	c, ok, err := m.svc.StudyMessage(m.t.Context(), msg.TenantID, msg.SubjectID)
	must(m.t, err)
	if msg.Kind == models.MessageStudyFollow {
		return !ok || c.Attendance.Settled() && c.Attendance.State != models.AttendanceAbsent
	}
	args := m.args(msg)
	return !ok || args.From == 0 && !args.Roll && (c.Occurrence.Off() || c.Study.State == models.StudyCancelled || c.Attendance.Settled())
}

func (m *monthOf) args(msg models.Message) (args StudyArgs) {
	if len(msg.Args) > 0 {
		must(m.t, json.Unmarshal(msg.Args, &args))
	}
	return args
}

func (m *monthOf) sounds(msg models.Message) {
	now := models.At(m.clocks.World.Now())
	if msg.PersonID == 0 || msg.Kind == models.MessageGreet {
		return
	}
	p := m.person(msg.PersonID)
	var times models.Times
	must(m.t, m.st.Read(m.t.Context(), func(tx *store.Tx) error {
		t, err := tx.Tenant(p.TenantID)
		if err == nil {
			times, err = m.svc.timesOf(tx, t, p)
		}
		return err
	}))
	m.story = append(m.story, fmt.Sprintf("%s  -> %s %s %s %s", m.clocks.World.Now().Format("01-02T15:04Z"), p.Slack(), msg.Kind, msg.Key, msg.Args))
	at := fmt.Sprintf("%s %d", p.Slack(), now)
	if m.burst[at]++; m.burst[at] == 8 {
		m.fail("a flood for %s", p.Slack())
	}
	args := m.args(models.Message{Args: nil})
	if msg.Kind == models.MessageStudy {
		args = m.args(msg)
	}
	if models.InRest(now, times.Rest, times.Zone) && msg.Kind != models.MessageReceipt {
		var start models.Instant
		if c, ok, err := m.svc.StudyMessage(m.t.Context(), msg.TenantID, msg.SubjectID); ok && err == nil && msg.Kind == models.MessageStudy {
			start, _ = c.Occurrence.Times(c.Study, c.Attendance.Slot)
		}
		if args.From == 0 && !args.Where || start >= models.EndOfRest(now, times.Rest, times.Zone).Add(2*time.Hour) {
			m.fail("%s gets %s %s in their quiet hours (%s)", p.Slack(), msg.Kind, msg.Args, now.In(times.Zone))
		}
	}
	switch msg.Kind {
	case models.MessageStudy, models.MessageStudyFollow:
		m.about(msg, msg.SubjectID, args, times)
	case models.MessageStudyDay:
		var day models.DayArgs
		must(m.t, json.Unmarshal(msg.Args, &day))
		for _, a := range day.Items {
			m.about(msg, a, args, times)
		}
	}
}

// about holds one sound about an attendance against the rules.
func (m *monthOf) about(msg models.Message, attendance int64, args StudyArgs, times models.Times) {
	c, ok, err := m.svc.StudyMessage(m.t.Context(), msg.TenantID, attendance)
	must(m.t, err)
	if !ok {
		return
	}
	plain := args.From == 0 && !args.Refused && !args.Roll && !args.Where
	if a := c.Attendance; plain && (a.Settled() && !a.Returned() || a.Intent == models.IntentExcuse || c.Occurrence.Off()) {
		m.fail("%s is reminded of %s (%s) after %s %s", c.Person.Slack(), c.Study.Title, msg.Kind, a.State, a.Intent)
	}
	pair := [2]int64{c.Occurrence.ID, c.Person.ID}
	m.told[pair]++
	most := len(c.Study.Leads) + 1 + m.more[pair] + m.more[[2]int64{c.Occurrence.ID, 0}] // and one follow-up
	if c.Study.Pushed() {
		most++
	}
	if m.told[pair] > most {
		m.fail("%s hears of %s of %s for the %d. time, at most %d", c.Person.Slack(), c.Study.Title, c.Occurrence.Start.Time(), m.told[pair], most)
	}
}

// ends is when it is over: nothing waits that should have gone, what closed
// has no buttons, and the record leads to what is there.
func (m *monthOf) ends() {
	now := models.At(m.clocks.World.Now())
	if n, _ := m.one("SELECT COUNT(*) FROM messages WHERE state = 'queued' AND due_at <= ? OR state IN ('sending', 'dead')", int64(now)); n > 0 {
		m.fail("%d messages wait", n)
	}
	pairs := m.look.Ints(`SELECT a.id, m.id FROM attendances a JOIN messages m ON m.state = 'sent' AND
		(m.id = a.day_id OR m.key IN ('study:' || a.occurrence_id || ':' || a.person_id, 'study_follow:' || a.occurrence_id || ':' || a.person_id))`)
	for _, p := range pairs {
		c, ok, err := m.svc.StudyMessage(m.t.Context(), 1, p[0])
		must(m.t, err)
		closes := c.Attendance.Closes(c.Occurrence, c.Study)
		open := c.Attendance.State == models.AttendanceDue || c.Attendance.State == models.AttendanceAbsent
		if c.Occurrence.Off() { // the buttons went when it was said
			closes = c.Occurrence.SettledAt
		}
		if ok && open && closes <= now && m.slack[p[1]] < closes {
			m.fail("the buttons of a%d (%s of %s, %s %s) stay: closed %s, edited %s", p[0], c.Study.Title, c.Occurrence.Start.Time(), c.Attendance.State,
				c.Occurrence.State, closes.Time(), m.slack[p[1]].Time())
		}
	}
	m.whole()
}

// Days of study with whatever people do, restarts and times without Muster:
// nobody is woken, nobody hears of a thing more often than its lead times and
// what they and their leader did allow, nor after it is done; what closes loses
// its buttons, no row fails, and the record leads to what is there.
func TestRandomDaysOfStudy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for seed := range uint64(studySpells) {
		m := newMonth(t, dir, seed)
		end := m.clocks.World.Now().AddDate(0, 0, 14)
		for m.clocks.World.Now().Before(end) && !t.Failed() {
			m.live(m.clocks.World.Now().Add(time.Duration(10+m.r.IntN(900)) * time.Minute))
			m.happens()
			switch m.r.IntN(40) {
			case 0:
				m.restart()
			case 1: // away
				away := []time.Duration{3 * time.Hour, 3 * time.Hour, 3 * 24 * time.Hour, 40 * 24 * time.Hour}[m.r.IntN(4)]
				m.story = append(m.story, "away for "+away.String())
				m.clocks.Advance(away)
				m.restart()
			}
		}
		m.live(m.clocks.World.Now().Add(spellEnd))
		m.ends()
		if t.Failed() {
			t.Fatalf("spell %d:\n%s", seed, strings.Join(m.story[max(0, len(m.story)-400):], "\n"))
		}
	}
}
