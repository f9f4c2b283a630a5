package views

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// ModalStudy is the form of a study, new or to be changed.
const ModalStudy = "study"

// ActionStudyMore shows the rest of the form's fields.
const ActionStudyMore = "study_more"

// Fields of the study's form behind More; those in front stand in study_form.go.
const (
	FieldSlots    = "slots"
	FieldCapacity = "capacity"
	FieldHours    = "hours"
	FieldHolidays = "holidays"
	FieldDuty     = "duty"
	FieldWhoRoom  = "room"  // another channel than the one the form was opened in
	FieldScope    = "scope" // what a change is for: ScopeAll, or the rule start of one occurrence
)

// ScopeAll is the choice to change all sessions from now on.
const ScopeAll = "all"

// Values of FieldWho beside "unit:" and a row id.
const (
	WhoChannel = "channel"
	WhoAll     = "all"
	WhoUnit    = "unit:"
	WhoSame    = "same" // of a change: for whom it is now
)

// StudyMeta is what the form carries in private_metadata.
type StudyMeta struct {
	Channel string `json:"channel,omitempty"` // where it was opened; "" in a direct message
	Study   int64  `json:"study,omitempty"`   // number of the one to be changed
	Only    int64  `json:"only,omitempty"`    // rule start of the one occurrence it was opened for
	More    bool   `json:"more,omitempty"`
}

// Encode writes the metadata; Slack takes 3,000 characters.
func (m StudyMeta) Encode() string {
	raw, err := json.Marshal(m)
	if err != nil {
		panic("modal metadata must be plain values: " + err.Error())
	}
	return string(raw)
}

// DecodeStudyMeta reads it back; what is not ours is empty.
func DecodeStudyMeta(raw string) StudyMeta {
	var m StudyMeta
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return StudyMeta{}
	}
	return m
}

// StudyForm is what stands in the form's fields, as it would be typed.
type StudyForm struct {
	Title, When, Who, Room, Place, Link, Length, Hours, Slots, Capacity, Holidays, Remind, Makeup, Until, Duty, Scope string
	NoMeeting                                                                                                         bool
}

// StudyChoices is what can be chosen in the form.
type StudyChoices struct {
	Units  []models.Unit
	Coming []models.Occurrence // of a rule that is changed: the next ones
	Zone   string              // in which they are written
	Who    string              // of a change: for whom it is now
}

// StudyModal is the form of a new study, or (meta.Study) of one to be changed.
func (p *Printer) StudyModal(meta StudyMeta, f StudyForm, c StudyChoices) *slack.ModalViewRequest {
	var blocks []slack.Block
	if len(c.Coming) > 0 {
		blocks = append(blocks, Radio(FieldScope, p.T("series.form_scope"), p.scopes(c), f.Scope))
	}
	blocks = append(blocks,
		Input(FieldTitle, p.T("study.form_what"), "", f.Title, false, false),
		Input(FieldWhen, p.T("study.form_when"), p.T("study.form_when_hint"), f.When, false, false),
		p.whoSelect(meta, f, c))
	if meta.More || meta.Study != 0 {
		blocks = append(blocks, p.moreStudy(f)...)
	} else {
		if f.Duty != "" {
			blocks = append(blocks, p.dutyField(f.Duty))
		}
		blocks = append(blocks, Actions(Button(ActionStudyMore, "more", p.T("series.form_more"), "")))
	}
	title, submit := p.T("study.form_title"), p.T("study.form_submit")
	if meta.Study != 0 {
		title, submit = p.T("series.form_edit", "Ref", "#"+models.NumberStudy+rowID(meta.Study)), p.T("series.form_save")
	}
	return Modal(ModalStudy, title, submit, p.T("form.close"), meta.Encode(), blocks...)
}

// scopes are the next sessions and all of them.
func (p *Printer) scopes(c StudyChoices) []Option {
	in := *p
	in.Zone = models.Zone(c.Zone)
	options := []Option{{ScopeAll, p.T("series.scope_all")}}
	for i, o := range c.Coming {
		if i == 8 { // radio buttons: Slack takes 10
			break
		}
		options = append(options, Option{rowID(int64(o.RuleStart)), p.T("series.scope_one", "When", in.DayClock(o.Start.Time()))})
	}
	return options
}

func (p *Printer) whoSelect(meta StudyMeta, f StudyForm, c StudyChoices) slack.Block {
	options := p.whoOptions(meta, c)
	if f.Who == "" {
		f.Who = options[0].Value
	}
	return Select(FieldWho, p.T("study.form_who"), options, f.Who, false)
}

func (p *Printer) whoOptions(meta StudyMeta, c StudyChoices) []Option {
	var options []Option
	if meta.Study != 0 {
		options = append(options, Option{WhoSame, p.T("series.form_same", "Who", c.Who)})
	}
	if meta.Channel != "" && meta.Study == 0 {
		options = append(options, Option{WhoChannel, p.T("study.form_here")})
	}
	for i, u := range c.Units {
		if i == 90 { // Slack takes 100 options
			break
		}
		options = append(options, Option{WhoUnit + rowID(u.ID), u.Name})
	}
	return append(options, Option{WhoAll, p.T("study.everybody")})
}

// moreStudy are the fields behind More.
func (p *Printer) moreStudy(f StudyForm) []slack.Block {
	holidays := []Option{}
	for _, h := range []string{"keep", "skip", "before", "after"} {
		holidays = append(holidays, Option{h, p.T("series.holidays_" + h)})
	}
	var none []string
	if f.NoMeeting {
		none = []string{MeetingNone}
	}
	return []slack.Block{
		ChannelSelect(FieldWhoRoom, p.T("series.form_room"), f.Room),
		Input(FieldPlace, p.T("study.form_where"), "", f.Place, false, true),
		Input(FieldLink, p.T("study.form_link"), p.T("series.hint_link"), f.Link, false, true),
		Input(FieldLength, p.T("study.form_length"), p.T("study.form_length_hint"), f.Length, false, true),
		Checks(FieldKind, p.T("study.form_kind"), []Option{{MeetingNone, p.T("study.form_none")}}, none),
		Input(FieldSlots, p.T("series.form_slots"), p.T("series.hint_slots"), f.Slots, false, true),
		Input(FieldCapacity, p.T("series.form_capacity"), p.T("series.hint_capacity"), f.Capacity, false, true),
		Input(FieldHours, p.T("series.form_hours"), p.T("series.hint_hours"), f.Hours, false, true),
		Input(FieldUntil, p.T("study.form_until"), p.T("study.form_until_hint"), f.Until, false, true),
		Select(FieldHolidays, p.T("series.form_holidays"), holidays, f.Holidays, true),
		Input(FieldRemind, p.T("study.form_remind"), p.T("study.form_remind_hint"), f.Remind, false, true),
		Input(FieldMakeup, p.T("study.form_makeup"), p.T("study.form_makeup_hint"), f.Makeup, false, true),
		p.dutyField(f.Duty),
	}
}

func (p *Printer) dutyField(name string) slack.Block {
	return Input(FieldDuty, p.T("series.form_duty"), p.T("series.hint_duty"), name, false, true)
}

// StudyFormOf writes a study into the fields of its form; next is its next
// occurrence, zero for none.
func (p *Printer) StudyFormOf(st models.Study, next models.Occurrence) StudyForm {
	zone := models.Zone(st.Zone)
	f := StudyForm{Title: st.Title, Place: st.Place, Link: st.Link, Who: WhoSame, Holidays: st.Holiday, Scope: ScopeAll, NoMeeting: !st.Meets(),
		Makeup: makeupText(st.MakeupDays)}
	start := st.Start
	if next.Start != 0 {
		start = next.Start
	}
	if f.When = start.In(zone).Format("2006-01-02 15:04"); st.RRule != "" {
		f.When = p.Rule(st.RRule, st.Wall)
	}
	if st.Meets() {
		f.Length = leadText(st.Length)
	}
	if st.Credit != st.Length {
		f.Hours = Number(float64(st.Credit) / 60)
	}
	if st.Capacity > 0 {
		f.Capacity = strconv.Itoa(st.Capacity)
	}
	if st.Until != 0 {
		f.Until = st.Until.In(zone).Format(time.DateOnly)
	}
	var leads, slots []string
	for _, m := range st.Leads {
		leads = append(leads, leadText(m))
	}
	for slot := range st.Slots {
		from, to := (models.Occurrence{Start: start}).Times(st, slot+1)
		day := from.In(zone).Format(time.DateOnly)
		if st.RRule != "" {
			day = p.Weekday(from.In(zone).Weekday())
		}
		slots = append(slots, day+from.In(zone).Format(" 15:04")+to.In(zone).Format("-15:04"))
	}
	f.Remind, f.Slots = strings.Join(leads, ", "), strings.Join(slots, ", ")
	return f
}

// LeadText writes minutes as `1h` or `90m`, as the grammar reads it.
func (p *Printer) LeadText(minutes int) string { return leadText(minutes) }

// makeupText is `7d`, or `0` for not at all.
func makeupText(days int) string {
	if days == 0 {
		return "0"
	}
	return leadText(days * 24 * 60)
}
