package models

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestReflectionCountsWhatCanBeRead(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"":                                  0,
		strings.Repeat(" ", 40):             0,
		"学到了":                               3,
		"学 到 了":                             5,
		"学" + strings.Repeat(" ", 40) + "到": 3,
		"学\n\n\n到":                          3,
		strings.Repeat("\u200b", 40) + "学":  1, // zero-width spaces
		strings.Repeat("\u3164", 40):        0, // fillers
		"I learnt to slow down in the rain": 33,
		"👍":                                 1,
	} {
		if got := Reflection(text); got != want {
			t.Errorf("%q counts %d, want %d", text, got, want)
		}
	}
}

// ended is a held session with material, at a moment after it.
func ended() (Study, Occurrence, Instant) {
	s, o, start := meeting()
	s.Link = "https://example.org/a"
	o.State = OccurrenceHeld
	return s, o, start.Add(26 * time.Hour)
}

func TestAMakeupNeedsTheMaterialOpenedAndAReflection(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("雨天慢行", 10)
	voice := []Proof{{File: "F1", Kind: ProofVoice}}
	for name, c := range map[string]struct {
		opened bool
		in     Handed
		at     time.Duration
		key    string
	}{
		"all there":               {true, Handed{Words: long}, 0, ""},
		"a voice message instead": {true, Handed{Proof: voice}, 0, ""},
		"not opened":              {false, Handed{Words: long}, 0, "error.makeup_open_first"},
		"29 characters":           {true, Handed{Words: string([]rune(long)[:29])}, 0, "error.study_reflection"},
		"spaces":                  {true, Handed{Words: "好" + strings.Repeat(" ", 60)}, 0, "error.study_reflection"},
		"four files":              {true, Handed{Proof: append(voice, voice[0], voice[0], voice[0])}, 0, "error.makeup_proof_many"},
		"a moment too late":       {true, Handed{Words: long}, 7 * 24 * time.Hour, "error.study_makeup_over"},
	} {
		s, o, now := ended()
		a := Attendance{PersonID: 5, State: AttendanceDue}
		if c.opened {
			a.Open(now)
		}
		passed, err := a.MakeUp(o, s, c.in, now.Add(c.at))
		if got := keyOf(err); got != c.key || passed != (c.key == "") {
			t.Errorf("%s: %q passed %v, want %q", name, got, passed, c.key)
		}
		if (a.Credit > 0) != passed || (a.State == AttendanceMadeUp) != passed {
			t.Errorf("%s: credit %d in state %s", name, a.Credit, a.State)
		}
	}
	s, o, now := ended()
	s.Link = ""
	a := Attendance{PersonID: 5, State: AttendanceDue}
	if _, err := a.MakeUp(o, s, Handed{Words: long}, now); err != nil {
		t.Errorf("without material only the reflection is asked: %v", err)
	}
	// One occurrence may have its own material, or none.
	none, own := "", "https://example.org/own"
	o.Own = &OccurrenceOwn{Link: &own}
	if a = (Attendance{State: AttendanceDue}); !a.NeedsOpening(o, s) {
		t.Error("its own material is to be opened")
	}
	s.Link, o.Own = own, &OccurrenceOwn{Link: &none}
	if a.NeedsOpening(o, s) {
		t.Error("this once there is no material")
	}
}

func keyOf(e *Error) string {
	if e == nil {
		return ""
	}
	return e.Key
}

func TestOpeningCountsOnce(t *testing.T) {
	t.Parallel()
	var a Attendance
	if !a.Open(5) || a.Open(9) || a.OpenedAt != 5 {
		t.Errorf("%+v", a)
	}
}

// The quiz passes with all but one right; a miss is counted and keeps the
// files, and nothing is credited for it.
func TestTheQuizOfAMakeup(t *testing.T) {
	t.Parallel()
	for n, need := range map[int]int{0: 0, 1: 1, 2: 1, 3: 2, 4: 3, 5: 4} {
		if QuizNeed(n) != need {
			t.Errorf("of %d questions %d are needed, want %d", n, QuizNeed(n), need)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		s, o, now := ended()
		n := rapid.IntRange(1, QuizMost).Draw(t, "questions")
		for range n {
			s.Quiz = append(s.Quiz, Question{Text: "?", Options: []string{"a", "b", "c"}, Right: rapid.IntRange(0, 2).Draw(t, "right")})
		}
		a := Attendance{PersonID: 5, State: AttendanceDue, OpenedAt: 1}
		for try := 1; try <= 6; try++ {
			answers, right := []int{}, 0
			for _, q := range s.Quiz {
				answer := rapid.IntRange(-1, 3).Draw(t, "answer")
				if answer == q.Right {
					right++
				}
				answers = append(answers, answer)
			}
			passed, err := a.MakeUp(o, s, Handed{Proof: []Proof{{File: "F1", Kind: ProofPhoto}}, Answers: answers}, now)
			if err != nil || passed != (right >= QuizNeed(n)) || a.Score != right || a.Tries != try || len(a.Proof) != 1 {
				t.Fatalf("%d of %d right: passed %v, %v, %+v", right, n, passed, err, a)
			}
			if (a.Credit > 0) != passed {
				t.Fatalf("credit %d", a.Credit)
			}
			if passed {
				return
			}
		}
	})
}

func TestTheMarkOfAQuizSaysNothingOfTheAnswers(t *testing.T) {
	t.Parallel()
	quiz := []Question{{Text: "红灯时？", Options: []string{"停", "冲"}, Right: 0}}
	other := []Question{{Text: "红灯时？", Options: []string{"停", "冲"}, Right: 1}}
	changed := []Question{{Text: "红灯时？", Options: []string{"停", "看"}, Right: 0}}
	if QuizMark(quiz) != QuizMark(other) || QuizMark(quiz) == QuizMark(changed) {
		t.Error(QuizMark(quiz), QuizMark(other), QuizMark(changed))
	}
}

// Given back: the credit goes, three days are left at least, and it may happen
// again; never by the member, never after two weeks.
func TestAMakeupIsGivenBack(t *testing.T) {
	t.Parallel()
	s, o, now := ended()
	s.Quiz = []Question{{Text: "?", Options: []string{"a", "b"}, Right: 1}}
	a := Attendance{PersonID: 5, State: AttendanceDue, OpenedAt: 1}
	long := strings.Repeat("雨天慢行", 10)
	if passed, err := a.MakeUp(o, s, Handed{Words: long, Answers: []int{1}}, now); !passed || err != nil {
		t.Fatal(passed, err)
	}
	if err := a.Return(5, "太短", now); keyOf(err) != "error.makeup_own_return" {
		t.Error("their own:", err)
	}
	if err := a.Return(9, "  ", now); err == nil || err.Field != "reason" {
		t.Error("without a reason:", err)
	}
	if err := a.Return(9, "太短", now.Add(ReturnWithin)); keyOf(err) != "error.makeup_return_late" {
		t.Error("two weeks later:", err)
	}
	late := now.Add(13 * 24 * time.Hour) // the make-up of the others closed a week ago
	if err := a.Return(9, " 请写写你自己 ", late); err != nil {
		t.Fatal(err)
	}
	want := Attendance{PersonID: 5, State: AttendanceDue, Intent: IntentMakeup, OpenedAt: 1, Score: 1, Tries: 1, Reason: long,
		ReturnedAt: late, ReturnedBy: 9, ReturnReason: "请写写你自己", HandedAt: now, OpenUntil: late.Add(ReturnedOpen)}
	if diff := cmp.Diff(want, a); diff != "" {
		t.Fatal(diff)
	}
	if err := a.Return(9, "again", late); keyOf(err) != "error.makeup_not_handed" {
		t.Error("returned twice in a row:", err)
	}
	if a.MarkAbsent(o); a.State != AttendanceAbsent {
		t.Error("the rule itself knows no later time; who calls it does")
	}
	a.State = AttendanceDue
	// The quiz was passed and is not asked again.
	again := late.Add(71 * time.Hour)
	if passed, err := a.MakeUp(o, s, Handed{Words: long + "更多"}, again); !passed || err != nil || a.Credit != s.Credit || a.Tries != 1 {
		t.Fatal(passed, err, a)
	}
	if err := a.Return(9, "还差一点", again.Add(time.Hour)); err != nil || a.OpenUntil != again.Add(time.Hour+ReturnedOpen) {
		t.Error("a second time:", err, a)
	}
	if err := a.Unreturn(5, s, again); keyOf(err) != "error.makeup_own_return" {
		t.Error(err)
	}
	if err := a.Unreturn(9, s, again); err != nil || a.State != AttendanceMadeUp || a.At != again || a.Credit != s.Credit {
		t.Error("taken back:", err, a)
	}
	if err := a.Unreturn(9, s, again); err == nil {
		t.Error("taken back twice")
	}
}

func TestTheLastMomentToDoSomething(t *testing.T) {
	t.Parallel()
	s, o, _ := ended()
	a := Attendance{}
	if a.Closes(o, s) != o.MakeupUntil(s) {
		t.Error("with a make-up, its end")
	}
	s.MakeupDays = 0
	if a.Closes(o, s) != o.End.Add(24*time.Hour) {
		t.Error("without, a day after")
	}
	for after, want := range map[time.Duration]string{time.Hour: "", 24*time.Hour - 1: "", 24 * time.Hour: "error.study_excuse_over"} {
		a = Attendance{State: AttendanceDue}
		if e := a.Intend(o, s, IntentExcuse, o.End.Add(after)); keyOf(e) != want {
			t.Errorf("asked to be excused %s after the end: %v, want %q", after, e, want)
		}
	}
}

func TestWhatIsProof(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, mime, want string }{
		{"jpg", "image/jpeg", ProofPhoto}, {"HEIC", "image/heic", ProofPhoto}, {"m4a", "audio/mp4", ProofVoice},
		{"webm", "audio/webm", ProofVoice}, {"mp4", "video/mp4", ProofVoice}, {"xyz", "audio/xyz", ProofVoice},
		{"pdf", "application/pdf", ""}, {"svg", "image/svg+xml", ""}, {"html", "text/html", ""}, {"", "", ""}, {"docx", "", ""},
	} {
		if got := ProofOf(c.kind, c.mime); got != c.want {
			t.Errorf("%s %s is %q, want %q", c.kind, c.mime, got, c.want)
		}
	}
	for _, kind := range ProofTypes() {
		if ProofOf(kind, "") == "" {
			t.Errorf("%s is offered and not taken", kind)
		}
	}
}
