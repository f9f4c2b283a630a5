package views

import (
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of members' cards.
const (
	ModalSkill          = "skill"
	ActionSkillVerify   = "skill_verify"   // opens the form; value is the person
	ActionSkillWithdraw = "skill_withdraw" // value is person:skill
	FieldSkill          = "skill"
	FieldOtherSkill     = "other_skill"
	FieldSkillUntil     = "skill_until"
)

// Card is what a member's card shows.
type Card struct {
	Person    models.Person
	Unit      models.Unit
	Vouchers  map[int64]models.Person
	Phone     string
	CanVerify bool
	Excused   models.YearAccount // from the study target, for who answers for their study
}

// PersonCard is a member as an organizer sees them: what they can do, where and
// when, and who vouches for it.
func (p *Printer) PersonCard(c Card) Message {
	who := UserTag(c.Person.Slack(), c.Person.Name)
	head := "*" + who + "*"
	if c.Unit.Name != "" {
		head += " · " + Title(c.Unit.Name)
	}
	lines := []string{head, p.T("skill.can", "Skills", p.skills(c.Person.Skills, c.Vouchers))}
	if len(c.Person.Areas) > 0 {
		lines = append(lines, p.T("skill.areas", "Areas", Title(strings.Join(c.Person.Areas, p.T("form.comma")))))
	}
	if len(c.Person.Free) > 0 {
		lines = append(lines, p.T("skill.free", "Windows", p.SpanWords(c.Person.Free)))
	}
	if c.Phone != "" {
		lines = append(lines, p.T("skill.phone", "Phone", Escape(c.Phone)))
	}
	if excused := p.Excused(c.Excused); excused != "" {
		lines = append(lines, excused)
	}
	text := strings.Join(lines, "\n")
	blocks := []slack.Block{Section(Cut(text, 3000))}
	if c.CanVerify {
		id := strconv.FormatInt(c.Person.ID, 10)
		buttons := []slack.BlockElement{Button(ActionSkillVerify, id, p.T("skill.verify"), "")}
		for i, s := range c.Person.Skills {
			if s.VerifiedBy != 0 && len(buttons) < withdrawShown {
				buttons = append(buttons, Button(ActionSkillWithdraw+":"+strconv.Itoa(i), id+":"+s.Name, p.T("skill.withdraw", "Skill", s.Name), p.T("skill.withdraw_label", "Skill", s.Name)))
			}
		}
		blocks = append(blocks, Actions(buttons...))
	}
	return Message{Text: Cut(plainWords(text), LimitText), Blocks: blocks}
}

// withdrawShown bounds a card's buttons to Slack's 25 in a block.
const withdrawShown = 25

// skills writes what somebody can do, and who vouches for which until when.
func (p *Printer) skills(all []models.Skill, vouchers map[int64]models.Person) string {
	if len(all) == 0 {
		return p.T("skill.none")
	}
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = Escape(s.Name)
		if s.VerifiedBy == 0 {
			continue
		}
		by := vouchers[s.VerifiedBy]
		args := []any{"Skill", Escape(s.Name), "Who", UserTag(by.Slack(), by.Name), "Day", ""}
		key := "skill.verified"
		if s.Until != 0 {
			args[5] = p.Day(s.Until.Add(-time.Millisecond).Time())
			key = "skill.verified_until"
			if s.Until <= models.At(p.Now) {
				key = "skill.ran_out"
			}
		}
		out[i] = p.T(key, args...)
	}
	return strings.Join(out, p.T("form.comma"))
}

// OwnVerified is what a person sees of who vouches for them, "" for nobody.
func (p *Printer) OwnVerified(who models.Person, vouchers map[int64]models.Person) string {
	var some []models.Skill
	for _, s := range who.Skills {
		if s.VerifiedBy != 0 {
			some = append(some, s)
		}
	}
	if len(some) == 0 {
		return ""
	}
	return p.T("skill.own", "Skills", p.skills(some, vouchers))
}

// SkillModal is the form in which an organizer vouches for a skill.
func (p *Printer) SkillModal(who models.Person) *slack.ModalViewRequest {
	var blocks []slack.Block
	blocks = append(blocks, Section(p.T("skill.form", "Who", UserTag(who.Slack(), who.Name))))
	if len(who.Skills) > 0 {
		var options []Option
		for _, s := range who.Skills { // by name: the list may be another by the time the form is sent
			if len(options) < 100 {
				options = append(options, Option{s.Name, s.Name})
			}
		}
		blocks = append(blocks, Select(FieldSkill, p.T("skill.which"), options, "", true))
	}
	blocks = append(blocks, Input(FieldOtherSkill, p.T("skill.other"), p.T("skill.other_hint"), "", false, true),
		DateInput(FieldSkillUntil, p.T("skill.until"), ""))
	return Modal(ModalSkill, p.T("skill.title"), p.T("skill.save"), p.T("form.close"), strconv.FormatInt(who.ID, 10), blocks...)
}
