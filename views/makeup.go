package views

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of make-ups. Values are row ids of attendances, except where they
// say otherwise.
const (
	ActionStudyOpen   = "study_open"        // the material; a URL button, whose press is noted
	ActionProofFor    = "study_proof_for"   // files sent by direct message are for this one; value "id@draft"
	ActionMakeupRead  = "study_makeup_read" // the whole of what was handed in
	ActionMakeupBack  = "study_makeup_back" // gives it back, by a form
	ActionMakeupsMore = "study_makeups_more"

	ModalMakeup     = "makeup"
	ModalMakeupBack = "study_makeup_back"

	FieldProof = "proof"

	UndoMakeupBack = "makeup_back:" // attendance: gives nothing back after all
)

// MakeupModel is the form of a make-up as it stands.
type MakeupModel struct {
	StudyModel
	Words  string         // typed before
	Proof  []models.Proof // sent before
	Draft  int64          // kept files that go with it, 0 = none
	Missed bool           // the last try at the quiz has just missed
	Stale  bool           // the questions were changed meanwhile
}

// MakeupModal asks for what a make-up needs: the material opened, a reflection
// in words or as files, the quiz.
func (p *Printer) MakeupModal(m MakeupModel) *slack.ModalViewRequest {
	head := joinLines(p.studyLineOf(m.StudyModel), p.T("makeup.until", "Until", p.DayClock(m.makeupUntil().Time())))
	blocks := []slack.Block{Section(head)}
	if m.Attendance.Returned() {
		blocks = append(blocks, Section(p.T("makeup.back_reason", "Reason", Escape(Cut(m.Attendance.ReturnReason, 500)))))
	}
	if m.link() != "" {
		blocks = append(blocks, p.materialBlock(m.StudyModel))
	}
	words := m.Words
	if words == "" && m.Attendance.Returned() && m.Attendance.Intent == models.IntentMakeup {
		words = m.Attendance.Reason
	}
	blocks = append(blocks, Input(FieldReflection, p.T("study.reflection"), p.T("makeup.reflection_hint", "Least", models.ReflectionMin), words, true, true))
	if len(m.Proof) > 0 {
		blocks = append(blocks, Context(p.T("makeup.proof_kept", "What", p.proofWords(m.Proof))))
	}
	blocks = append(blocks, p.proofInput())
	blocks = append(blocks, p.quizBlocks(m)...)
	private := rowID(m.Attendance.ID)
	if m.Draft != 0 {
		private += "@" + rowID(m.Draft)
	}
	return Modal(ModalMakeup, p.T("study.makeup_title"), p.T("study.makeup_submit"), p.T("form.close"), private, blocks...)
}

// materialBlock is the link with whether it was opened, in a form.
func (p *Printer) materialBlock(m StudyModel) slack.Block {
	text := p.T("makeup.open_first")
	if m.Attendance.OpenedAt != 0 {
		text = p.T("makeup.opened", "When", p.DayClock(m.Attendance.OpenedAt.Time()))
	}
	return withAccessory(Section(text), p.openButton(m))
}

// proofInput takes voice messages and photos instead of words.
func (p *Printer) proofInput() *slack.InputBlock {
	e := slack.NewFileInputBlockElement(FieldProof).WithFileTypes(models.ProofTypes()...).WithMaxFiles(models.ProofMost)
	b := slack.NewInputBlock(FieldProof, plain(p.T("makeup.proof"), 2000), plain(p.T("makeup.proof_hint", "Most", models.ProofMost), 2000), e)
	b.Optional = true
	return b
}

// proofWords is `2 张照片、1 段语音`.
func (p *Printer) proofWords(proof []models.Proof) string {
	photos, voices := 0, 0
	for _, one := range proof {
		if one.Kind == models.ProofPhoto {
			photos++
		} else {
			voices++
		}
	}
	var parts []string
	if photos > 0 {
		parts = append(parts, p.T("makeup.photos", "N", photos))
	}
	if voices > 0 {
		parts = append(parts, p.T("makeup.voices", "N", voices))
	}
	return strings.Join(parts, p.T("form.comma"))
}

// openButton is the material's link as a button whose press is noted; nil where
// there is no address that Slack would open.
func (p *Printer) openButton(m StudyModel) *slack.ButtonBlockElement {
	address := materialURL(m.link())
	if address == "" {
		return nil
	}
	b := Button(ActionStudyOpen, rowID(m.Attendance.ID), p.T("makeup.open"), p.T("makeup.open")+" · "+m.title())
	b.URL = address
	return b
}

// materialURL is an address that a button may have: http or https, and as long
// as Slack takes; "" for any other.
func materialURL(link string) string {
	link = strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", "|", "%7C").Replace(Plain(link))
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || len(link) > 3000 {
		return ""
	}
	return link
}

func withAccessory(s *slack.SectionBlock, b *slack.ButtonBlockElement) *slack.SectionBlock {
	if b != nil {
		s.Accessory = slack.NewAccessory(b)
	}
	return s
}

// ProofOffer asks which make-up the files are for that somebody sent; one press
// takes them.
func (p *Printer) ProofOffer(cards []StudyModel, proof []models.Proof, draft int64) Message {
	what := p.proofWords(proof)
	text := p.T("makeup.proof_which", "What", what)
	if len(cards) == 1 {
		start, _ := cards[0].times()
		text = p.T("makeup.proof_one", "What", what, "Day", p.Day(start.Time()), "Title", Title(cards[0].title()))
	}
	var buttons []slack.BlockElement
	for i, m := range cards {
		if i == 10 {
			break
		}
		start, _ := m.times()
		label := p.T("makeup.proof_take")
		if len(cards) > 1 {
			label = Cut(p.Day(start.Time())+" "+m.title(), LimitButton)
		}
		b := Button(ActionProofFor+":"+strconv.Itoa(i+1), rowID(m.Attendance.ID)+"@"+rowID(draft), label, p.T("makeup.proof_take")+" · "+m.title())
		if len(cards) == 1 {
			b.Style = slack.StylePrimary
		}
		buttons = append(buttons, b)
	}
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}

// ProofOpenFirst says that the material comes first, with its button and the
// one that takes the files then.
func (p *Printer) ProofOpenFirst(m StudyModel, draft int64) Message {
	text := p.T("makeup.proof_open_first", "Title", Title(m.title()))
	take := Button(ActionProofFor, rowID(m.Attendance.ID)+"@"+rowID(draft), p.T("makeup.proof_take"), p.T("makeup.proof_take")+" · "+m.title())
	buttons := []slack.BlockElement{take}
	if open := p.openButton(m); open != nil {
		open.Style = slack.StylePrimary
		buttons = []slack.BlockElement{open, take}
	}
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(buttons...)}}
}
