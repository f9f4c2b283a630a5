package models

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// MessageActivity is an activity record as a file; SubjectID activity record.
const MessageActivity MessageKind = "activity_record"

// activityCodeLen letters of 32 are 60 bits: not to be guessed through a page
// that answers 30 wrong ones a minute.
const activityCodeLen = 12

// ActivityRecord is what was handed out to a member about their own hours: the
// rows that it lists, and the figures as they were printed.
type ActivityRecord struct {
	ID          int64
	TenantID    int64   `gorm:"index"`
	PersonID    int64   `gorm:"index"`
	Code        string  `gorm:"uniqueIndex"`
	Name        string  // as printed; empty once withdrawn
	StartAt     Instant // first midnight of the period
	EndAt       Instant // midnight after its last day
	HourIDs     []int64 `gorm:"serializer:json"` // rows of the ledger of hours, by time
	StudyIDs    []int64 `gorm:"serializer:json"` // attendances, by time
	Minutes     int     // volunteer minutes of the period
	Study       int     // study minutes of the period
	Ever        int     // volunteer minutes of all years
	Stars       int
	HeadSeq     int64 // the record's head when it was made
	HeadHash    string
	Sum         string // ActivitySum of what was printed
	MadeAt      Instant
	WithdrawnAt Instant // the person was forgotten; 0 = not
}

func (a *ActivityRecord) Thing() (string, int64) { return "activity_record", a.ID }

func (a *ActivityRecord) Facts() map[string]any {
	return map[string]any{"person": a.PersonID, "code": a.Code, "start": a.StartAt, "end": a.EndAt, "hours": a.HourIDs, "studies": a.StudyIDs,
		"minutes": a.Minutes, "study": a.Study, "ever": a.Ever, "stars": a.Stars, "head_seq": a.HeadSeq, "head_hash": a.HeadHash,
		"sum": a.Sum, "made_at": a.MadeAt, "withdrawn_at": a.WithdrawnAt}
}

func (a *ActivityRecord) Words() map[string]Word {
	return map[string]Word{"name": {Text: a.Name, Person: a.PersonID}}
}

// ActivityLine is one line of an activity record.
type ActivityLine struct {
	ID      int64 // hours, or attendance
	From    Instant
	Minutes int
	Grade   string // evidence of hours; attended or made_up for study
	Counts  bool   // it still does
	Title   string
	Unit    string // whose call or study it was; empty = the whole organisation's
}

// Activity is an activity record with its lines as the database has them now.
type Activity struct {
	ActivityRecord
	Tenant Tenant
	Person Person
	Hours  []ActivityLine
	Learnt []ActivityLine
	Before int // volunteer minutes that count now of days before it was made
	Now    Instant
}

// ActivitySum is the check of what a record says: its person, period and
// figures, and of each line when, how long and by which evidence. Titles are
// left out: a typing mistake that is put right later makes no record false.
func (a Activity) ActivitySum() string {
	type line struct {
		ID      int64
		From    Instant
		Minutes int
		Grade   string
		Counts  bool
	}
	lines := func(all []ActivityLine) []line {
		out := make([]line, len(all))
		for i, l := range all {
			out[i] = line{l.ID, l.From, l.Minutes, l.Grade, l.Counts}
		}
		return out
	}
	raw, err := json.Marshal([]any{"activity record 1", a.TenantID, a.PersonID, a.Code, a.Name, a.StartAt, a.EndAt,
		lines(a.Hours), lines(a.Learnt), a.Minutes, a.Study, a.Ever, a.Stars})
	if err != nil {
		return "" // numbers and texts only: it does not happen
	}
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// Matches says whether the database still has what the record says. What was
// added later does not matter; what was taken away or changed does.
func (a Activity) Matches() bool {
	return a.WithdrawnAt == 0 && a.Sum != "" && a.Sum == a.ActivitySum() &&
		a.Minutes == totalOf(a.Hours) && a.Study == totalOf(a.Learnt) && a.Before >= a.Ever
}

// Freeze writes into the record what its lines come to now.
func (a *Activity) Freeze() {
	a.HourIDs, a.StudyIDs = idsOf(a.Hours), idsOf(a.Learnt)
	a.Minutes, a.Study = totalOf(a.Hours), totalOf(a.Learnt)
	a.Sum = a.ActivitySum()
}

func totalOf(lines []ActivityLine) int {
	n := 0
	for _, l := range lines {
		if l.Counts {
			n += l.Minutes
		}
	}
	return n
}

func idsOf(lines []ActivityLine) []int64 {
	out := make([]int64, len(lines))
	for i, l := range lines {
		out[i] = l.ID
	}
	return out
}

// DrawActivityCode makes the code of an activity record from random bytes.
func DrawActivityCode(random func([]byte)) string {
	raw := make([]byte, activityCodeLen)
	random(raw)
	for i, b := range raw {
		raw[i] = codeLetters[int(b)%len(codeLetters)] // 256 is eight times 32: none is likelier
	}
	return string(raw)
}

// ShownActivityCode is the code as people read it: ABCD-EFGH-JKLM.
func ShownActivityCode(code string) string {
	var parts []string
	for ; len(code) > 4; code = code[4:] {
		parts = append(parts, code[:4])
	}
	return strings.Join(append(parts, code), "-")
}

// ParseActivityCode reads a code as people type it: in small letters, with
// spaces or hyphens.
func ParseActivityCode(typed string) (code string, ok bool) {
	if len(typed) > 40 {
		return "", false
	}
	code = strings.ToUpper(strings.NewReplacer("-", "", " ", "").Replace(strings.TrimSpace(typed)))
	return code, len(code) == activityCodeLen && strings.Trim(code, codeLetters) == ""
}
