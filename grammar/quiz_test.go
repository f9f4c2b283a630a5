package grammar

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"muster/models"
)

func TestAQuizIsReadAsPeopleTypeIt(t *testing.T) {
	t.Parallel()
	helmet := models.Question{Text: "送餐时头盔怎么戴？", Options: []string{"挂在车上", "系好带子", "不用戴"}, Right: 1}
	light := models.Question{Text: "红灯时？", Options: []string{"停", "冲"}, Right: 0}
	for name, c := range map[string]struct {
		text string
		want []models.Question
	}{
		"as shown in the example": {"送餐时头盔怎么戴？\na) 挂在车上\n*b) 系好带子\nc) 不用戴", []models.Question{helmet}},
		"full-width, on a phone":  {"送餐时头盔怎么戴？\nＡ）挂在车上\n＊Ｂ）系好带子\nＣ）不用戴", []models.Question{helmet}},
		"with points and numbers": {"1. 送餐时头盔怎么戴？\nA. 挂在车上\nB. * 系好带子\nC、不用戴\n\n2、红灯时？\na）停 ✓\nb）冲", []models.Question{helmet, light}},
		"without an empty line":   {"送餐时头盔怎么戴？\na) 挂在车上\nb) 系好带子*\nc) 不用戴\n红灯时？\n*a) 停\nb) 冲", []models.Question{helmet, light}},
		"bold by Slack's marks":   {"红灯时？\n*a) 停*\nb) 冲", []models.Question{light}},
		"windows line ends":       {"红灯时？\r\n*a) 停\r\nb) 冲\r\n", []models.Question{light}},
		"a star inside an option": {"What is 2*3?\na) 2*2\n*b) 6", []models.Question{{Text: "What is 2*3?", Options: []string{"2*2", "6"}, Right: 1}}},
	} {
		got, err := ParseQuiz(c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestAQuizThatCannotBeReadSaysWhy(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("长", models.OptionCut+1)
	for name, c := range map[string]struct{ text, key string }{
		"nothing":                 {"  \n ", "error.quiz_empty"},
		"options alone":           {"a) 停\n*b) 冲", "error.quiz_no_question"},
		"one option":              {"红灯时？\n*a) 停", "error.quiz_options"},
		"a question without any":  {"红灯时？", "error.quiz_options"},
		"none is right":           {"红灯时？\na) 停\nb) 冲", "error.quiz_right"},
		"two are right":           {"红灯时？\n*a) 停\n*b) 冲", "error.quiz_right"},
		"an option of 76":         {"红灯时？\n*a) 停\nb) " + long, "error.quiz_long"},
		"the same twice":          {"红灯时？\n*a) 停\nb) 停", "error.quiz_twice"},
		"an empty option":         {"红灯时？\n*a) 停\nb)", "error.quiz_blank"},
		"a question of 301":       {strings.Repeat("问", models.QuestionCut+1) + "\n*a) 停\nb) 冲", "error.quiz_question_long"},
		"six questions":           {strings.Repeat("红灯时？\n*a) 停\nb) 冲\n\n", 6), "error.quiz_many"},
		"a question left unready": {"红灯时？\n*a) 停\nb) 冲\n绿灯时？", "error.quiz_options"},
	} {
		if _, err := ParseQuiz(c.text); err == nil || err.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	if _, err := ParseQuestion("红灯时？\n*a) 停\n看情况\nb) 冲"); err == nil || err.Key != "error.quiz_line" {
		t.Errorf("a line between options: %v", err)
	}
}

// What is written back is read as the same quiz, and nothing that is typed
// makes the reader fall over.
func TestAQuizIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[\p{Han}A-Za-z][\p{Han}A-Za-z ?？]{3,12}[\p{Han}f-z?？]`)
		var quiz []models.Question
		for range rapid.IntRange(1, models.QuizMost).Draw(t, "questions") {
			options := rapid.SliceOfNDistinct(word, models.OptionLeast, models.OptionMost, func(s string) string { return s }).Draw(t, "options")
			quiz = append(quiz, models.Question{Text: word.Draw(t, "question"), Options: options, Right: rapid.IntRange(0, len(options)-1).Draw(t, "right")})
		}
		got, err := ParseQuiz(models.QuizText(quiz))
		if err != nil {
			t.Fatalf("%v\n%s", err, models.QuizText(quiz))
		}
		if diff := cmp.Diff(quiz, got); diff != "" {
			t.Fatal(diff)
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		quiz, err := ParseQuiz(rapid.String().Draw(t, "text"))
		if err == nil && (len(quiz) == 0 || quiz[0].Right < 0) {
			t.Fatalf("%v", quiz)
		}
	})
}
