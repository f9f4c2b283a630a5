package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of study. Values are row ids of attendances, except where they
// say otherwise.
const (
	ActionStudyAttend   = "study_attend"
	ActionStudySlot     = "study_slot"    // shows the alternative times
	ActionStudySlotPick = "study_slot_to" // value "id@slot"
	ActionStudyCheckIn  = "study_checkin"
	ActionStudyDone     = "study_done" // value of a reminder: "m" and its row id
	ActionStudySnooze   = "study_snooze"
	ActionSnoozePick    = "study_snooze_to" // value "id@unix ms"
	ActionStudyMakeup   = "study_makeup"
	ActionStudyExcuse   = "study_excuse"
	ActionExcuseYes     = "study_excuse_yes"
	ActionExcuseNo      = "study_excuse_no"
	ActionStudyHeld     = "study_held"     // value: row id of the occurrence
	ActionStudyMoved    = "study_moved"    // the same
	ActionStudyNotHeld  = "study_not_held" // the same

	ModalMove = "study_move"
)

// Prefixes of the value of undo buttons, before the row id.
const (
	UndoStudy     = "study:"        // attendance: the member's last act
	UndoStudySkip = "study_skip:"   // occurrence
	UndoStudyOpen = "study_open:"   // study: takes a new one back
	UndoStudyBack = "study_cancel:" // study: takes the taking back back
	UndoRemind    = "remind:"       // reminder: done, put off
	UndoRemindDel = "remind_delete:"
)

// rowID is a row id as a button carries it.
func rowID(n int64) string { return strconv.FormatInt(n, 10) }

// undo is the button that takes back what a message reports.
func (p *Printer) undo(kind string, id int64, label string) *slack.ButtonBlockElement {
	return Button(ActionUndo, kind+rowID(id), p.T("study.undo"), label)
}

// StudyModel is a member's message about one occurrence.
type StudyModel struct {
	Study      models.Study
	Occurrence models.Occurrence
	Attendance models.Attendance
	Material   models.Material // the library item it is about, zero when none
	Minutes    int             // study minutes credited this year
	Target     int             // of the year
	LateFrom   models.Instant  // it was meant for then, and comes late
	From       models.Instant  // it was moved from then; below 2 when it is off
	Roller     models.Person   // who wrote about the member on the roll
	Leads      bool            // the member leads this session, and it is on now
	Where      bool            // it takes place elsewhere than the member was told
	Full       bool            // no place is left at the member's time
	Refused    bool            // it answers a request to be excused: no
	Past       bool            // a newer message has the buttons
	Leave      models.Leave    // what the member is asked or excused under
}

func (m StudyModel) title() string { return m.Occurrence.Title(m.Study) }

func (m StudyModel) link() string { return m.Occurrence.Link(m.Study) }

// makeupUntil is when this member's make-up closes, 0 when there is none.
func (m StudyModel) makeupUntil() models.Instant {
	return m.Attendance.MakeupUntil(m.Occurrence, m.Study)
}

func (m StudyModel) times() (start, end models.Instant) {
	return m.Occurrence.Times(m.Study, m.Attendance.Slot)
}

// StudyMessage is a member's living message of one occurrence: what and when,
// then what the member can do about it now.
func (p *Printer) StudyMessage(m StudyModel) Message {
	head := p.studyHead(m)
	if m.Past {
		return Message{Text: Cut(p.studyText(m), LimitText), Blocks: []slack.Block{Context(p.T("study.past", "What", p.studyLineOf(m)))}}
	}
	note, buttons := p.studyState(m)
	if m.reminds(models.At(p.Now)) {
		buttons = append(buttons, p.fewer(""))
	}
	if m.LateFrom != 0 {
		head = append(head, p.T("study.late", "When", p.DayClock(m.LateFrom.Time())))
	}
	if m.Refused && m.Attendance.State == models.AttendanceDue && m.Attendance.Intent == models.IntentNone {
		note = joinLines(p.answered("study.excuse_refused", m), note)
	}
	if note != "" {
		head = append(head, note)
	}
	text := p.studyText(m)
	if note != "" {
		text += " " + note
	}
	blocks := []slack.Block{p.withMaterial(Section(strings.Join(head, "\n")), m)}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// withMaterial puts the material's button beside what is said of a session.
func (p *Printer) withMaterial(s *slack.SectionBlock, m StudyModel) slack.Block {
	if m.link() == "" || m.off() {
		return s
	}
	return withAccessory(s, p.openButton(m))
}

// studyHead is `周三 11月25日 19:30 支部学习：骑手服务案例（约 60 分钟）` and where.
func (p *Printer) studyHead(m StudyModel) []string {
	var lines []string
	if m.From > 1 && m.Occurrence.Ahead() {
		start, _ := m.times()
		lines = append(lines, p.T("study.moved", "Old", p.DayClock(m.From.Time()), "New", p.DayClock(start.Time())))
	}
	if place := m.Occurrence.Place(m.Study); m.Where && place != "" && m.Occurrence.Ahead() {
		lines = append(lines, p.T("series.moved_place", "Where", Title(place)))
	}
	if why := p.movedByHoliday(m.Occurrence); why != "" && m.Occurrence.Ahead() {
		lines = append(lines, why)
	}
	line := p.studyLineOf(m)
	if start, end := m.times(); m.Study.Meets() {
		line += p.T("study.about", "Span", p.length(int(end.Sub(start)/time.Minute)))
	}
	lines = append(lines, line)
	if place := m.Occurrence.Place(m.Study); place != "" {
		lines = append(lines, p.T("study.place", "Where", Title(place)))
	}
	if m.link() != "" && !m.off() {
		lines = append(lines, p.material(m))
	}
	return lines
}

// material says of the link beside it that opening it is noted.
func (p *Printer) material(m StudyModel) string {
	if materialURL(m.link()) == "" { // an address that no button opens
		return p.T("study.material", "Link", EscapeText(Cut(m.link(), 200)))
	}
	if m.Study.Pushed() {
		return p.OpenlySaid(m.Attendance)
	}
	if m.Material.ID != 0 && m.Material.Link == m.link() {
		return p.T("library.material", "Title", Title(m.Material.Title))
	}
	return p.T("makeup.material")
}

// length is how long a session takes, in minutes up to two hours as people
// say it of a meeting.
func (p *Printer) length(minutes int) string {
	if minutes <= 120 {
		return p.T("date.minutes", "N", minutes)
	}
	return p.Span(time.Duration(minutes) * time.Minute)
}

// Link is a link in mrkdwn; a URL cannot hold what would end it.
func Link(url, label string) string {
	url = strings.NewReplacer("<", "%3C", ">", "%3E", "|", "%7C", " ", "%20", "&", "&amp;").Replace(Plain(url))
	return "<" + url + "|" + Escape(label) + ">"
}

func (p *Printer) studyLineOf(m StudyModel) string {
	start, _ := m.times()
	title := "*" + Title(m.title()) + "*"
	if !m.Study.Meets() {
		return p.T("study.by", "When", p.DayClock(start.Time()), "Title", title)
	}
	return p.T("study.line", "When", p.DayClock(start.Time()), "Title", title)
}

func (p *Printer) studyText(m StudyModel) string {
	start, _ := m.times()
	title := EscapeText(Cut(m.title(), LimitTitle))
	if !m.Study.Meets() {
		return p.T("study.by", "When", p.DayClock(start.Time()), "Title", title)
	}
	return p.T("study.line", "When", p.DayClock(start.Time()), "Title", title)
}

// studyState is what to say about where the member stands, what the roll says of
// them, and the buttons.
func (p *Printer) studyState(m StudyModel) (note string, buttons []slack.BlockElement) {
	note, buttons = p.studyStands(m)
	return joinLines(note, p.ownRoll(m)), append(buttons, p.rollButtons(m)...)
}

func (p *Printer) studyStands(m StudyModel) (note string, buttons []slack.BlockElement) {
	a := m.Attendance
	if a.Before != nil || a.SnoozedTo > models.At(p.Now) {
		defer func() {
			if !m.off() {
				buttons = append(buttons, p.undo(UndoStudy, a.ID, p.T("study.undo")+" · "+m.title()))
			}
		}()
	}
	switch {
	case a.State == models.AttendanceAttended && a.How == models.HowDone:
		return p.T("study.done", "When", p.DayClock(a.At.Time()), "Hours", p.Hours(a.Credit)) + p.yearPart(m), nil
	case a.State == models.AttendanceAttended:
		return p.T("study.checked_in", "Clock", p.Clock(a.At.Time()), "Hours", p.Hours(a.Credit)) + p.yearPart(m), nil
	case a.State == models.AttendanceMadeUp:
		return p.T("study.made_up", "Hours", p.Hours(a.Credit)) + p.yearPart(m), nil
	case m.Study.State != models.StudyCancelled && m.Occurrence.Off() && p.movedByHoliday(m.Occurrence) != "":
		return p.movedByHoliday(m.Occurrence), nil
	case m.Study.State == models.StudyCancelled || m.Occurrence.State == models.OccurrenceSkipped:
		return p.T("study.off"), nil
	case m.Occurrence.State == models.OccurrenceNotHeld:
		return p.T("study.not_held"), nil
	case a.State == models.AttendanceExcused:
		return p.excused(m)
	}
	return p.studyDue(m)
}

func (m StudyModel) off() bool {
	return m.Study.State == models.StudyCancelled || m.Occurrence.Off()
}

// Hours is a credit: `1 学时`, `1.5 hours`.
func (p *Printer) Hours(minutes int) string {
	if minutes%60 == 0 {
		return p.T("study.hours", "N", minutes/60)
	}
	return p.T("study.hours_part", "Hours", Number(float64(minutes)/60))
}

func (p *Printer) yearPart(m StudyModel) string {
	if m.Target == 0 { // excused: no hours are asked of them
		return p.T("year.credited", "Done", Number(float64(m.Minutes)/60))
	}
	return p.T("study.year", "Done", Number(float64(m.Minutes)/60), "Target", Number(float64(m.Target)/60))
}

// studyDue is the message while something is still to be done.
func (p *Printer) studyDue(m StudyModel) (string, []slack.BlockElement) {
	now := models.At(p.Now)
	start, end := m.times()
	switch {
	case !m.Study.Meets():
		return p.materialDue(m, now)
	case now >= end:
		return p.studyMissed(m, now)
	case m.Attendance.Returned() && m.Attendance.Intent == models.IntentMakeup: // made up ahead of the session
		note, buttons := p.studyMissed(m, now)
		return note, append(buttons, p.press(ActionStudyAttend, m, "study.attend_after_all"))
	case models.CheckInOpen(start, end, now):
		note := p.T("study.checkin_open")
		buttons := []slack.BlockElement{p.primary(ActionStudyCheckIn, m, "study.checkin")}
		if m.Attendance.Intent != models.IntentMakeup && m.Study.MakeupDays > 0 {
			buttons = append(buttons, p.press(ActionStudyMakeup, m, "study.makeup"))
		}
		return note, buttons
	}
	return p.studyAhead(m, start)
}

// studyAhead is the message before check-in opens.
func (p *Printer) studyAhead(m StudyModel, start models.Instant) (string, []slack.BlockElement) {
	note := ""
	attend := p.primary(ActionStudyAttend, m, "study.attend")
	var buttons []slack.BlockElement
	switch m.Attendance.Intent {
	case models.IntentAttend:
		note = p.T("study.see_you", "Clock", p.Clock(start.Time()))
	case models.IntentMakeup:
		note = p.T("study.makeup_later", "Until", p.DayClock(m.makeupUntil().Time()))
		return note, []slack.BlockElement{p.press(ActionStudyMakeup, m, "study.makeup_now"), p.press(ActionStudyAttend, m, "study.attend_after_all")}
	case models.IntentExcuse:
		return p.excuseAsked(m), []slack.BlockElement{p.press(ActionStudyAttend, m, "study.attend_after_all")}
	default:
		if note = p.T("series.full_note"); !m.Full {
			note, buttons = "", append(buttons, attend)
		}
	}
	if m.Attendance.SnoozedTo > models.At(p.Now) {
		note = strings.TrimSpace(note + " " + p.T("study.snoozed", "When", p.DayClock(m.Attendance.SnoozedTo.Time())))
	}
	if len(m.Study.Slots) > 0 {
		buttons = append(buttons, p.press(ActionStudySlot, m, "study.slot"))
	}
	if m.Study.MakeupDays > 0 {
		buttons = append(buttons, p.press(ActionStudyMakeup, m, "study.makeup"))
	}
	buttons = append(buttons, p.press(ActionStudyExcuse, m, "study.excuse"))
	if m.Attendance.SnoozedTo <= models.At(p.Now) {
		buttons = append(buttons, p.press(ActionStudySnooze, m, "study.snooze"))
	}
	return note, buttons
}

// materialDue is material, or something to do without a meeting.
func (p *Printer) materialDue(m StudyModel, now models.Instant) (string, []slack.BlockElement) {
	last := m.Attendance.Closes(m.Occurrence, m.Study)
	if now >= last {
		return p.T("study.closed"), nil
	}
	note := ""
	buttons := []slack.BlockElement{p.primary(ActionStudyDone, m, "study.done_button")}
	switch {
	case m.Attendance.Intent == models.IntentExcuse:
		return p.excuseAsked(m), buttons
	case m.Attendance.SnoozedTo > now:
		note = p.T("study.snoozed", "When", p.DayClock(m.Attendance.SnoozedTo.Time()))
	case now < m.Occurrence.Start:
		buttons = append(buttons, p.press(ActionStudySnooze, m, "study.snooze"))
	default:
		note = p.T("study.still", "Until", p.DayClock(last.Time()))
	}
	return note, append(buttons, p.press(ActionStudyExcuse, m, "study.excuse"))
}

// studyMissed is the message after the end without a check-in: no reproach,
// and what can still be done.
func (p *Printer) studyMissed(m StudyModel, now models.Instant) (string, []slack.BlockElement) {
	closes := m.makeupUntil()
	excuse := p.press(ActionStudyExcuse, m, "study.excuse")
	switch {
	case m.Attendance.Intent == models.IntentExcuse:
		return p.excuseAsked(m), nil
	case now >= m.Attendance.Closes(m.Occurrence, m.Study):
		return p.T("study.closed"), nil
	case closes == 0:
		return p.T("makeup.none"), []slack.BlockElement{excuse}
	case m.Attendance.Returned():
		return p.T("makeup.back_note", "Reason", Escape(Cut(m.Attendance.ReturnReason, 500)), "Until", p.DayClock(closes.Time())),
			[]slack.BlockElement{p.primary(ActionStudyMakeup, m, "makeup.again"), excuse}
	}
	buttons := []slack.BlockElement{p.primary(ActionStudyMakeup, m, "study.makeup_now"), excuse}
	if m.otherAhead(now) {
		buttons = append([]slack.BlockElement{p.press(ActionStudySlot, m, "study.slot")}, buttons...)
	}
	return p.T("study.missed", "Until", p.DayClock(closes.Time())), buttons
}

// press is a button of a member's message; its label for screen readers names
// the study, since six messages with the same word are no help.
func (p *Printer) press(action string, m StudyModel, key string) *slack.ButtonBlockElement {
	text := p.T(key)
	return Button(action, rowID(m.Attendance.ID), text, text+" · "+m.title())
}

func (p *Printer) primary(action string, m StudyModel, key string) *slack.ButtonBlockElement {
	b := p.press(action, m, key)
	b.Style = slack.StylePrimary
	return b
}

// StudyFollow is the one follow-up before a make-up closes.
func (p *Printer) StudyFollow(m StudyModel) Message {
	now, closes := models.At(p.Now), m.makeupUntil()
	if m.Past {
		return Message{Text: Cut(p.studyText(m), LimitText), Blocks: []slack.Block{Context(p.T("study.past", "What", p.studyLineOf(m)))}}
	}
	start, _ := m.times()
	open := m.Attendance.State == models.AttendanceDue || m.Attendance.State == models.AttendanceAbsent
	if !open || m.off() || now >= closes {
		note, buttons := p.studyState(m)
		text := p.studyLineOf(m) + "\n" + note
		blocks := []slack.Block{Section(text)}
		if len(buttons) > 0 {
			blocks = append(blocks, Actions(buttons...))
		}
		return Message{Text: Cut(p.studyText(m)+" "+note, LimitText), Blocks: blocks}
	}
	text := p.T("study.follow", "Day", p.Day(start.Time()), "Until", p.DayClock(closes.Time()), "Span", p.Span(makeupSpan(m.Study)))
	if m.Attendance.Intent == models.IntentExcuse {
		text += " " + p.excuseAsked(m)
	}
	lines := joinLines("*"+Title(m.title())+"*", text)
	if m.link() != "" {
		lines = joinLines(lines, p.material(m))
	}
	return Message{Text: EscapeText(text), Blocks: []slack.Block{p.withMaterial(Section(lines), m),
		Actions(p.primary(ActionStudyMakeup, m, "study.makeup_now"), p.press(ActionStudyExcuse, m, "study.excuse"), p.fewer(models.OffFollow))}}
}

// makeupSpan is about how long a make-up takes: a third of the session, in
// fives, since reading alone goes faster than a meeting.
func makeupSpan(st models.Study) time.Duration {
	minutes := max((st.Length/3+2)/5*5, 10)
	return time.Duration(minutes) * time.Minute
}
