package models

import (
	"fmt"
	"hash/crc32"
	"strings"
)

// Limits of a quiz.
const (
	QuizMost    = 5   // questions
	OptionLeast = 2   // options of a question
	OptionMost  = 5   //
	OptionCut   = 75  // characters of an option: Slack shows no more
	QuestionCut = 300 // characters of a question
)

// Question is one question of a make-up's quiz; Right is the index of the
// right option.
type Question struct {
	Text    string   `json:"text"`
	Options []string `json:"options"`
	Right   int      `json:"right"`
}

// QuizNeed is how many right answers pass a quiz of n questions: all but one,
// of one question that one.
func QuizNeed(n int) int {
	if n <= 1 {
		return n
	}
	return n - 1
}

// QuizPassed says whether the member needs no try at the quiz (any more).
func (a Attendance) QuizPassed(s Study) bool {
	return len(s.Quiz) == 0 || a.Tries > 0 && a.Score >= QuizNeed(len(s.Quiz))
}

// tryQuiz counts a try and says whether it passed.
func (a *Attendance) tryQuiz(s Study, answers []int) bool {
	a.Tries, a.Score = a.Tries+1, 0
	for i, q := range s.Quiz {
		if i < len(answers) && answers[i] == q.Right {
			a.Score++
		}
	}
	return a.QuizPassed(s)
}

// QuizMark tells one quiz from another by what members see of it, so that
// answers to questions that were changed meanwhile are noticed. The right
// answers are not in it: it goes to Slack.
func QuizMark(quiz []Question) string {
	h := crc32.NewIEEE()
	for _, q := range quiz {
		_, _ = fmt.Fprintf(h, "%q%q", q.Text, q.Options) // a hash never fails
	}
	return fmt.Sprintf("%08x", h.Sum32())
}

// QuizText writes questions as grammar reads them.
func QuizText(quiz []Question) string {
	var out []string
	for _, q := range quiz {
		out = append(out, q.String())
	}
	return strings.Join(out, "\n\n")
}

// String writes a question as grammar reads it.
func (q Question) String() string {
	var b strings.Builder
	b.WriteString(q.Text)
	for n, o := range q.Options {
		b.WriteString("\n")
		if n == q.Right {
			b.WriteString("*")
		}
		b.WriteString(string(rune('a'+n)) + ") " + o)
	}
	return b.String()
}
