package grammar

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"muster/models"
)

// optionLine is `a) …` as people type it, with the mark of the right one before
// or after the letter. Question numbers are digits, so options are letters.
var (
	optionLine   = regexp.MustCompile(`^([*✓√✔]?)\s*([A-Ea-e])\s*[).、:．]\s*([*✓√✔]?)\s*(.*?)\s*$`)
	questionLead = regexp.MustCompile(`^(?:Q?\d{1,2}\s*[).、:．]|第[一二三四五1-5]题[:、.]?)\s*`)
)

// ParseQuiz reads the questions of a quiz: a line with the question, then its
// options `a) …`, a `*` before the right one; the next question follows.
func ParseQuiz(text string) ([]models.Question, *models.Error) {
	var parts []string
	var part []string
	options := false
	flush := func() {
		if len(part) > 0 {
			parts = append(parts, strings.Join(part, "\n"))
		}
		part, options = nil, false
	}
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		line = strings.TrimSpace(line)
		switch is := optionLine.MatchString(narrow(line)); {
		case line == "" && options:
			flush()
			continue
		case line == "":
			continue
		case !is && options:
			flush()
		case is:
			options = true
		}
		part = append(part, line)
	}
	flush()
	if len(parts) > models.QuizMost {
		return nil, models.Refuse(models.CodeInvalid, "error.quiz_many", "Most", models.QuizMost, "N", len(parts))
	}
	var quiz []models.Question
	for _, one := range parts {
		q, err := ParseQuestion(one)
		if err != nil {
			return nil, err
		}
		quiz = append(quiz, q)
	}
	if len(quiz) == 0 {
		return nil, models.Refuse(models.CodeInvalid, "error.quiz_empty")
	}
	return quiz, nil
}

// ParseQuestion reads one question with its options.
func ParseQuestion(text string) (models.Question, *models.Error) {
	q := models.Question{Right: -1}
	var asked []string
	rights := 0
	for line := range strings.Lines(strings.ReplaceAll(text, "\r\n", "\n")) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		m := optionLine.FindStringSubmatch(narrow(line))
		switch {
		case m == nil && len(q.Options) > 0:
			return q, models.Refuse(models.CodeInvalid, "error.quiz_line", "Part", cut(line))
		case m == nil:
			asked = append(asked, line)
			continue
		}
		option, starred := optionText(line, m)
		if starred {
			rights++
			q.Right = len(q.Options)
		}
		q.Options = append(q.Options, option)
	}
	q.Text = strings.TrimSpace(questionLead.ReplaceAllString(strings.Join(asked, " "), ""))
	return q, faultOf(q, rights)
}

// optionText is what an option says, in the letters in which it was typed, and
// whether it is marked as right.
func optionText(line string, m []string) (text string, right bool) {
	text, right = m[4], m[1] != "" || m[3] != ""
	if tail := utf8.RuneCountInString(m[4]); utf8.RuneCountInString(line) >= tail { // narrow keeps the number of characters
		runes := []rune(line)
		text = string(runes[len(runes)-tail:])
	}
	for _, mark := range []string{"*", "＊", "✓", "√", "✔"} {
		if rest, ok := strings.CutSuffix(text, mark); ok {
			if right || mark != "*" || !strings.Contains(rest, "*") {
				text, right = strings.TrimSpace(rest), true
			}
			break
		}
	}
	return strings.TrimSpace(text), right
}

// faultOf is what is wrong with a question, nil for nothing.
func faultOf(q models.Question, rights int) *models.Error {
	refuse := func(key string, args ...any) *models.Error { return models.Refuse(models.CodeInvalid, key, args...) }
	switch {
	case q.Text == "":
		return refuse("error.quiz_no_question")
	case utf8.RuneCountInString(q.Text) > models.QuestionCut:
		return refuse("error.quiz_question_long", "Part", cut(q.Text), "Most", models.QuestionCut)
	case len(q.Options) < models.OptionLeast || len(q.Options) > models.OptionMost:
		return refuse("error.quiz_options", "Part", cut(q.Text), "N", len(q.Options))
	case rights != 1:
		return refuse("error.quiz_right", "Part", cut(q.Text), "N", rights)
	}
	seen := map[string]bool{}
	for _, o := range q.Options {
		switch {
		case o == "":
			return refuse("error.quiz_blank", "Part", cut(q.Text))
		case utf8.RuneCountInString(o) > models.OptionCut:
			return refuse("error.quiz_long", "Part", cut(o), "Most", models.OptionCut)
		case seen[o]:
			return refuse("error.quiz_twice", "Part", cut(o))
		}
		seen[o] = true
	}
	return nil
}

// narrow writes full-width letters and marks as narrow ones, character for
// character.
func narrow(line string) string { return width.Fold.String(line) }

func cut(text string) string {
	if r := []rune(text); len(r) > 40 {
		return string(r[:39]) + "…"
	}
	return text
}
