package views

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// Identifiers of a make-up's quiz. Values are row ids of studies.
const (
	ActionQuiz     = "study_quiz"      // the form
	ActionQuizDrop = "study_quiz_drop" // takes the quiz away

	ModalQuiz = "study_quiz"
)

// FieldQuestion is the n-th question of the form in which a quiz is written.
func FieldQuestion(n int) string { return "question_" + strconv.Itoa(n+1) }

// FieldAnswer is the n-th question as members see it; the name holds which
// questions were shown, never which answer is right.
func FieldAnswer(quiz []models.Question, n int) string {
	return "quiz_" + models.QuizMark(quiz) + "_" + strconv.Itoa(n+1)
}

// quizBlocks are the questions in the form of a make-up, as long as they are
// not passed; after a miss how many answers were right, not which.
func (p *Printer) quizBlocks(m MakeupModel) []slack.Block {
	quiz := m.Study.Quiz
	if m.Attendance.QuizPassed(m.Study) {
		return nil
	}
	need := p.T("makeup.quiz_need", "N", len(quiz), "Need", models.QuizNeed(len(quiz)))
	switch {
	case m.Stale:
		need = p.T("makeup.quiz_stale")
	case m.Missed:
		need = p.T("makeup.quiz_missed", "N", len(quiz), "Right", m.Attendance.Score, "Need", models.QuizNeed(len(quiz)))
	}
	blocks := []slack.Block{slack.NewDividerBlock(), Section(need)}
	for n, q := range quiz {
		id := FieldAnswer(quiz, n)
		var options []*slack.OptionBlockObject
		for i, o := range q.Options {
			options = append(options, slack.NewOptionBlockObject(strconv.Itoa(i+1), plain(o, models.OptionCut), nil))
		}
		blocks = append(blocks, slack.NewInputBlock(id, plain(strconv.Itoa(n+1)+". "+q.Text, 2000), nil, slack.NewRadioButtonsBlockElement(id, options...)))
	}
	return blocks
}

// QuizModal is the form in which a leader writes a quiz, a field a question.
func (p *Printer) QuizModal(st models.Study) *slack.ModalViewRequest {
	blocks := []slack.Block{Section(p.T("makeup.quiz_how", "Title", Title(st.Title), "Example", p.T("makeup.quiz_example")))}
	for n := range models.QuizMost {
		text := ""
		if n < len(st.Quiz) {
			text = st.Quiz[n].String()
		}
		in := Input(FieldQuestion(n), p.T("makeup.quiz_field", "N", n+1), "", text, true, true)
		if e, ok := in.Element.(*slack.PlainTextInputBlockElement); ok && n == 0 {
			e.Placeholder = slack.NewTextBlockObject(slack.PlainTextType, Cut(p.T("makeup.quiz_example"), 150), false, false)
		}
		blocks = append(blocks, in)
	}
	return Modal(ModalQuiz, p.T("makeup.quiz"), p.T("makeup.quiz_save"), p.T("form.close"), rowID(st.ID), blocks...)
}

// QuizShown is a quiz as it was understood, with the right answers, for who
// may write it.
func (p *Printer) QuizShown(st models.Study) Message {
	ref := "s" + strconv.Itoa(st.Number)
	if len(st.Quiz) == 0 {
		text := p.T("makeup.quiz_gone", "Title", Title(st.Title), "Ref", ref)
		return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(p.quizButton(st, "makeup.quiz_write"))}}
	}
	head := p.T("makeup.quiz_is", "Title", Title(st.Title), "Ref", ref, "N", len(st.Quiz), "Need", models.QuizNeed(len(st.Quiz)))
	blocks := []slack.Block{Section(head)}
	for n, q := range st.Quiz {
		lines := []string{"*" + strconv.Itoa(n+1) + ". " + Escape(q.Text) + "*"}
		for i, o := range q.Options {
			line := string(rune('a'+i)) + ") " + Escape(o)
			if i == q.Right {
				line = p.T("makeup.quiz_right", "Option", line)
			}
			lines = append(lines, line)
		}
		blocks = append(blocks, Section(strings.Join(lines, "\n")))
	}
	drop := Button(ActionQuizDrop, rowID(st.ID), p.T("makeup.quiz_drop"), p.T("makeup.quiz_drop")+" · "+st.Title)
	return Message{Text: Cut(head, LimitText), Blocks: append(blocks, Actions(p.quizButton(st, "makeup.quiz_edit"), drop))}
}

// QuizOffer offers the form by a button, where there is nothing that opens one.
func (p *Printer) QuizOffer(st models.Study) Message {
	if len(st.Quiz) > 0 {
		return p.QuizShown(st)
	}
	text := p.T("makeup.quiz_offer", "Title", Title(st.Title), "Ref", "s"+strconv.Itoa(st.Number))
	return Message{Text: Cut(text, LimitText), Blocks: []slack.Block{Section(text), Actions(p.quizButton(st, "makeup.quiz_write"))}}
}

func (p *Printer) quizButton(st models.Study, key string) *slack.ButtonBlockElement {
	return Button(ActionQuiz, rowID(st.ID), p.T(key), p.T(key)+" · "+st.Title)
}
