package models

import (
	"strings"
	"time"
	"unicode"
)

// Due rules and messages of make-ups.
const (
	DueMakeups     DueKind = "study.makeups"      // tell who reads a session's make-ups; RefID occurrence, PersonID who
	DueMakeupClose DueKind = "study.makeup_close" // a make-up given back closes; RefID attendance

	MessageMakeups MessageKind = "study_makeups" // to who reads them; SubjectID occurrence
)

// Rules of a make-up.
const (
	// ReflectionMin is the fewest characters of a make-up's reflection.
	ReflectionMin = 30
	// ProofMost is how many files go with one make-up.
	ProofMost = 3
	// ReturnWithin is how long after it was handed in the leader may give a
	// make-up back.
	ReturnWithin = 14 * 24 * time.Hour
	// ReturnedOpen is how long a make-up that was given back stays open at least.
	ReturnedOpen = 3 * 24 * time.Hour
)

// Kinds of proof.
const (
	ProofVoice = "voice"
	ProofPhoto = "photo"
)

// Proof is a voice message or a photo of notes, as Slack keeps it: Muster has
// the file's id and its address in Slack, never the file.
type Proof struct {
	File string `json:"file"`           // Slack file id
	Kind string `json:"kind"`           // voice or photo
	Type string `json:"type,omitempty"` // Slack's filetype: jpg, m4a
	Link string `json:"link,omitempty"` // where Slack shows it
}

// ProofTypes are the endings of files that are taken: what phones make of
// photos, voice messages and short clips.
func ProofTypes() []string {
	return []string{"jpg", "jpeg", "png", "heic", "gif", "webp", "m4a", "mp3", "mp4", "mov", "webm", "wav", "aac", "ogg", "amr"}
}

// ProofOf says what kind of proof a file is, by Slack's filetype and MIME
// type; "" for one that is none.
func ProofOf(filetype, mime string) string {
	switch strings.ToLower(filetype) {
	case "jpg", "jpeg", "png", "heic", "gif", "webp":
		return ProofPhoto
	case "m4a", "mp3", "mp4", "mov", "webm", "wav", "aac", "ogg", "amr":
		return ProofVoice
	}
	switch kind, rest, _ := strings.Cut(mime, "/"); {
	case kind == "image" && !strings.HasPrefix(rest, "svg"):
		return ProofPhoto
	case kind == "audio", kind == "video":
		return ProofVoice
	}
	return ""
}

func proofNames(proof []Proof) []string {
	var out []string
	for _, p := range proof {
		out = append(out, p.Kind+":"+p.File)
	}
	return out
}

// Handed is what a member hands in with a make-up.
type Handed struct {
	Words   string
	Proof   []Proof
	Answers []int // option chosen by question, -1 = none
}

// Reflection counts the characters of a reflection: spaces and line breaks in
// a row are one, and what cannot be seen is none.
func Reflection(text string) int {
	n, gap := 0, false
	for _, r := range strings.TrimSpace(text) {
		switch {
		case unicode.IsSpace(r):
			if !gap {
				n++
			}
			gap = true
			continue
		case !unicode.IsGraphic(r), unicode.Is(unicode.Mn, r), r == '\u3164', r == '\u2800': // the last two are blanks by another name
			continue
		}
		n, gap = n+1, false
	}
	return n
}

// MakeupUntil is when this member's make-up closes: later than the others'
// when it was given back; 0 when there is none.
func (a Attendance) MakeupUntil(o Occurrence, s Study) Instant {
	return max(o.MakeupUntil(s), a.OpenUntil)
}

// Closes is when the member can do nothing about an occurrence any more: the
// end of the make-up, or where there is none a day after the end.
func (a Attendance) Closes(o Occurrence, s Study) Instant {
	if last := a.MakeupUntil(o, s); last != 0 {
		return last
	}
	return o.LastEnd(s).Add(24 * time.Hour)
}

// Returned says that a make-up was given back and waits to be done again.
func (a Attendance) Returned() bool {
	return a.ReturnedAt != 0 && (a.State == AttendanceDue || a.State == AttendanceAbsent)
}

// MayMakeUp refuses where no make-up is open to this member; the material may
// still have to be opened.
func (a Attendance) MayMakeUp(o Occurrence, s Study, now Instant) *Error {
	switch {
	case a.MakeupUntil(o, s) == 0:
		return Refuse(CodeConflict, "error.study_no_makeup")
	case o.Off() || s.State == StudyCancelled:
		return Refuse(CodeConflict, "error.study_skipped")
	case a.State != AttendanceDue && a.State != AttendanceAbsent:
		return Refuse(CodeConflict, "error.study_settled")
	case now >= a.MakeupUntil(o, s):
		return Refuse(CodeConflict, "error.study_makeup_over")
	}
	return nil
}

// MakeupWaits says that this member has a session to make up now: one behind
// them, or one that they said they will make up.
func (a Attendance) MakeupWaits(o Occurrence, s Study, now Instant) bool {
	_, end := o.Times(s, a.Slot)
	return s.Meets() && (now >= end || a.Intent == IntentMakeup) && a.Intent != IntentExcuse && a.MayMakeUp(o, s, now) == nil
}

// Open notes that the member opened the material; it says whether that is new.
func (a *Attendance) Open(now Instant) bool {
	if a.OpenedAt != 0 {
		return false
	}
	a.OpenedAt = now
	return true
}

// NeedsOpening says that the material is still to be opened before a make-up.
func (a Attendance) NeedsOpening(o Occurrence, s Study) bool {
	return o.Link(s) != "" && a.OpenedAt == 0
}

// MakeUp records a make-up before it closes: the material opened, a reflection
// in words or as files, the quiz passed. passed is false, without a refusal,
// when only the quiz was missed: then the try is counted and the files are
// kept, so that they need not be sent again.
func (a *Attendance) MakeUp(o Occurrence, s Study, h Handed, now Instant) (passed bool, refused *Error) {
	if e := a.MayMakeUp(o, s, now); e != nil {
		return false, e
	}
	if a.NeedsOpening(o, s) {
		return false, fieldFault("reflection", Refuse(CodeInvalid, "error.makeup_open_first"))
	}
	proof := h.Proof
	if len(proof) == 0 {
		proof = a.Proof
	}
	if n := Reflection(h.Words); n < ReflectionMin && len(proof) == 0 {
		return false, fieldFault("reflection", Refuse(CodeInvalid, "error.study_reflection", "Least", ReflectionMin, "N", n))
	}
	if len(proof) > ProofMost {
		return false, fieldFault("proof", Refuse(CodeInvalid, "error.makeup_proof_many", "N", ProofMost))
	}
	if !a.QuizPassed(s) && !a.tryQuiz(s, h.Answers) {
		a.Proof = proof
		return false, nil
	}
	a.mark()
	a.State, a.Intent, a.At, a.EnteredAt, a.Credit = AttendanceMadeUp, IntentMakeup, now, now, s.Credit
	a.Reason, a.Proof = strings.TrimSpace(h.Words), proof
	return true, nil
}

func fieldFault(field string, e *Error) *Error {
	e.Field = field
	return e
}

// Return gives a make-up back to be done again: the credit goes, and it stays
// open for three more days at least. by never is the member.
func (a *Attendance) Return(by int64, reason string, now Instant) *Error {
	reason = strings.TrimSpace(reason)
	switch {
	case by == a.PersonID:
		return Refuse(CodeForbidden, "error.makeup_own_return")
	case a.State != AttendanceMadeUp:
		return Refuse(CodeConflict, "error.makeup_not_handed")
	case now >= a.At.Add(ReturnWithin):
		return Refuse(CodeConflict, "error.makeup_return_late", "Days", int(ReturnWithin/(24*time.Hour)))
	case reason == "":
		return fieldFault("reason", Refuse(CodeInvalid, "error.makeup_return_why"))
	}
	a.HandedAt, a.ReturnedAt, a.ReturnedBy, a.ReturnReason = a.At, now, by, reason
	a.OpenUntil = max(a.OpenUntil, now.Add(ReturnedOpen))
	a.State, a.Intent, a.At, a.EnteredAt, a.Credit, a.Before = AttendanceDue, IntentMakeup, 0, 0, 0, nil
	return nil
}

// Unreturn takes a return back, as long as the member has done nothing since.
func (a *Attendance) Unreturn(by int64, s Study, now Instant) *Error {
	switch {
	case by == a.PersonID:
		return Refuse(CodeForbidden, "error.makeup_own_return")
	case !a.Returned() || a.HandedAt == 0 || a.Intent != IntentMakeup || a.Before != nil:
		return Refuse(CodeConflict, "error.nothing_to_undo")
	}
	a.State, a.At, a.EnteredAt, a.Credit = AttendanceMadeUp, a.HandedAt, a.HandedAt, s.Credit
	a.ReturnedAt, a.ReturnedBy, a.ReturnReason, a.HandedAt = 0, 0, "", 0
	return nil
}
