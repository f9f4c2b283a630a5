package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of reminders. The buttons of a reminder that has come are
// study_done and study_snooze, with "m" before the row id.
const (
	ActionRemindYes    = "remind_yes"
	ActionRemindNo     = "remind_no"
	ActionRemindDelete = "remind_delete"
	ActionRemindWhen   = "remind_when_is" // value "draft@n": the n-th of the times it can mean

	RemindValue = "m" // before the row id in study_done and study_snooze
)

// RemindModel is a reminder as one reader sees it.
type RemindModel struct {
	Reminder models.Reminder
	By       models.Person
	Person   models.Person
	Next     []time.Time
	At       models.Instant // scheduled time of the firing shown
	Late     bool
	Skipped  int  // earlier times this one stands for
	Past     bool // a newer message has the buttons
}

func (m RemindModel) ref() string {
	return "#" + models.NumberReminder + rowID(int64(m.Reminder.Number))
}

// bold and plain are the words in a block and in the text of a notification,
// where an asterisk is an asterisk.
func (m RemindModel) bold() string  { return "*" + Title(m.Reminder.Text) + "*" }
func (m RemindModel) plain() string { return EscapeText(Cut(Plain(m.Reminder.Text), LimitTitle)) }

// RemindMessage is a reminder that has come: what, and that it is done or to
// be put off. In a channel it is the words alone.
func (p *Printer) RemindMessage(m RemindModel) Message {
	r := m.Reminder
	what := Escape(Cut(r.Text, LimitSection-500))
	text := p.T("remind.says", "Text", EscapeText(Cut(r.Text, LimitTitle*2)))
	if m.Past {
		return Message{Text: text, Blocks: []slack.Block{Context(p.T("remind.past", "Text", Title(r.Text)))}}
	}
	lines := []string{p.T("remind.says", "Text", "*"+what+"*")}
	if r.Channel != "" || !r.Own() {
		lines = append(lines, p.T("remind.from", "Who", UserTag(m.By.Slack(), m.By.Name)))
	}
	if m.Late {
		lines = append(lines, p.T("remind.late", "When", p.DayClock(m.At.Time())))
	}
	if m.Skipped > 0 {
		lines = append(lines, p.T("remind.skipped", "N", m.Skipped))
	}
	if r.Channel != "" {
		return Message{Text: text, Blocks: []slack.Block{Section(strings.Join(lines, "\n"))}}
	}
	note, buttons := p.remindState(m)
	if note != "" {
		lines = append(lines, note)
		text += " " + note
	}
	blocks := []slack.Block{Section(strings.Join(lines, "\n"))}
	if len(buttons) > 0 {
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

func (p *Printer) remindState(m RemindModel) (string, []slack.BlockElement) {
	r, v := m.Reminder, RemindValue+rowID(m.Reminder.ID)
	undo := p.undo(UndoRemind, r.ID, p.T("study.undo")+" · "+r.Text)
	switch {
	case r.State == models.ReminderDeleted || r.State == models.ReminderRefused:
		return p.T("remind.gone"), nil
	case r.DoneAt != 0:
		return p.T("remind.done", "When", p.DayClock(r.DoneAt.Time())) + p.nextPart(m), []slack.BlockElement{undo}
	case r.SnoozedTo != 0:
		return p.T("study.snoozed", "When", p.DayClock(r.SnoozedTo.Time())), []slack.BlockElement{undo}
	}
	done := Button(ActionStudyDone, v, p.T("study.done_button"), p.T("study.done_button")+" · "+r.Text)
	done.Style = slack.StylePrimary
	buttons := []slack.BlockElement{done, Button(ActionStudySnooze, v, p.T("study.snooze"), p.T("study.snooze")+" · "+r.Text)}
	if !r.Own() {
		buttons = append(buttons, p.fewer(v))
	}
	return "", buttons
}

func (p *Printer) nextPart(m RemindModel) string {
	if m.Reminder.RRule == "" || len(m.Next) == 0 {
		return ""
	}
	return p.T("remind.next", "When", p.DayClock(m.Next[0]))
}

// RemindAnswer is the line that answers a press at once.
func (p *Printer) RemindAnswer(m RemindModel) string {
	note, _ := p.remindState(m)
	if note == "" {
		return p.T("study.undone")
	}
	return note
}

// RemindSet is the answer to who set a reminder: what was understood.
func (p *Printer) RemindSet(m RemindModel) Message {
	r := m.Reminder
	key := "remind.set_self"
	switch {
	case r.Channel != "":
		key = "remind.set_channel"
	case r.State == models.ReminderAsked:
		key = "remind.set_asked"
	case !r.Own():
		key = "remind.set_other"
	}
	say := func(what string) string {
		return p.T(key, "Ref", m.ref(), "Who", p.remindWho(m), "When", p.remindWhen(m), "Text", what)
	}
	return Message{Text: Cut(say(m.plain()), LimitText), Blocks: []slack.Block{Section(say(m.bold())), Actions(p.deleteButton(m))}}
}

func (p *Printer) deleteButton(m RemindModel) *slack.ButtonBlockElement {
	return Button(ActionRemindDelete, rowID(int64(m.Reminder.Number)), p.T("remind.delete"), p.T("remind.delete")+" "+m.ref())
}

func (p *Printer) remindWho(m RemindModel) string {
	if m.Reminder.Channel != "" {
		return "<#" + m.Reminder.Channel + ">"
	}
	return UserTag(m.Person.Slack(), m.Person.Name)
}

// remindWhen is a rule with its next times, or the one time.
func (p *Printer) remindWhen(m RemindModel) string {
	var dates []string
	for _, t := range m.Next {
		dates = append(dates, p.DayClock(t))
	}
	if m.Reminder.RRule == "" {
		return strings.Join(dates, "")
	}
	return p.T("study.rule_next", "Rule", p.Rule(m.Reminder.RRule, m.Reminder.Wall), "Dates", strings.Join(dates, p.T("form.comma")))
}

// RemindAsk asks somebody whether another may remind them.
func (p *Printer) RemindAsk(m RemindModel) Message {
	r := m.Reminder
	who := UserTag(m.By.Slack(), m.By.Name)
	switch r.State {
	case models.ReminderAsked:
		ask := func(what string) string { return p.T("remind.ask", "Who", who, "When", p.remindWhen(m), "Text", what) }
		yes := Button(ActionRemindYes, rowID(r.ID), p.T("remind.yes"), p.T("remind.yes")+" · "+m.By.Name)
		yes.Style = slack.StylePrimary
		return Message{Text: Cut(ask(m.plain()), LimitText), Blocks: []slack.Block{Section(ask(m.bold())),
			Actions(yes, Button(ActionRemindNo, rowID(r.ID), p.T("remind.no"), p.T("remind.no")+" · "+m.By.Name))}}
	case models.ReminderRefused:
		text := p.T("remind.you_refused", "Who", who)
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	case models.ReminderDeleted:
		text := p.T("remind.taken_back", "Who", who)
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	text := p.T("remind.you_agreed", "Who", who, "When", p.remindWhen(m))
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text),
		Actions(Button(ActionRemindNo, rowID(r.ID), p.T("remind.stop"), p.T("remind.stop")+" · "+m.By.Name))}}
}

// RemindTaken tells who set a reminder what the other said.
func (p *Printer) RemindTaken(m RemindModel) Message {
	key := "remind.they_agreed"
	if m.Reminder.State == models.ReminderRefused {
		key = "remind.they_refused"
	}
	say := func(what string) string { return p.T(key, "Who", p.remindWho(m), "Text", what, "Ref", m.ref()) }
	return Message{Text: Cut(say(m.plain()), LimitText), Blocks: []slack.Block{Section(say(m.bold()))}}
}

// RemindWhich asks which of the times a reminder's words can mean is meant.
func (p *Printer) RemindWhich(draft int64, part string, times []time.Time) Message {
	text := p.T("remind.which", "Part", Escape(part))
	var buttons []slack.BlockElement
	for i, t := range times[:min(len(times), 5)] {
		n := strconv.Itoa(i)
		buttons = append(buttons, Button(ActionRemindWhen+":"+n, rowID(draft)+"@"+n, p.DayClock(t), ""))
	}
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// RemindDeleted says that a reminder was ended, and takes it back.
func (p *Printer) RemindDeleted(m RemindModel) Message {
	say := func(what string) string { return p.T("remind.deleted", "Ref", m.ref(), "Text", what) }
	return Message{Text: Cut(say(m.plain()), LimitText), Blocks: []slack.Block{Section(say(m.bold())), Actions(p.undo(UndoRemindDel, m.Reminder.ID, ""))}}
}

// RemindList is `remind list`.
func (p *Printer) RemindList(list []RemindModel) Message {
	if len(list) == 0 {
		text := p.T("remind.list_empty")
		return Message{Text: text, Blocks: []slack.Block{Section(text)}}
	}
	head := p.T("remind.list")
	text := head
	blocks := []slack.Block{Section("*" + head + "*")}
	for i, m := range list {
		if i == 40 { // Slack takes 50 blocks a message
			blocks = append(blocks, Context(p.T("study.list_more", "N", len(list)-i)))
			break
		}
		blocks = append(blocks, p.remindBlock(m))
		text += "\n" + m.plain() + " · " + m.ref() + " · " + strings.ReplaceAll(p.remindStands(m), "\n", " ")
	}
	return Message{Text: Cut(text, LimitText), Blocks: blocks}
}

// RemindShow is `remind m9`.
func (p *Printer) RemindShow(m RemindModel) Message {
	return Message{Text: Cut(m.plain()+" · "+m.ref()+" · "+strings.ReplaceAll(p.remindStands(m), "\n", " "), LimitText),
		Blocks: []slack.Block{p.remindBlock(m)}}
}

func (p *Printer) remindBlock(m RemindModel) slack.Block {
	s := Section(p.remindLine(m))
	s.Accessory = slack.NewAccessory(p.deleteButton(m))
	return s
}

func (p *Printer) remindLine(m RemindModel) string {
	r := m.Reminder
	line := m.bold() + " · " + m.ref()
	if !r.Own() {
		line += " · " + p.T("remind.to", "Who", p.remindWho(m), "By", UserTag(m.By.Slack(), m.By.Name))
	}
	return joinLines(line, p.remindStands(m))
}

// remindStands is when it comes, or what became of it.
func (p *Printer) remindStands(m RemindModel) string {
	r := m.Reminder
	when := p.remindWhen(m)
	switch {
	case r.State == models.ReminderAsked:
		when += p.T("remind.waiting")
	case r.SnoozedTo != 0:
		when = joinLines(when, p.T("study.snoozed", "When", p.DayClock(r.SnoozedTo.Time())))
	case len(m.Next) == 0 && r.State == models.ReminderActive:
		when = p.T("remind.open", "When", p.DayClock(r.FiredAt.Time()))
	}
	if r.MissedAt > r.FiredAt {
		when = joinLines(when, p.T("remind.missed", "When", p.DayClock(r.MissedAt.Time())))
	}
	return when
}
