package models

import (
	"encoding/json"
	"fmt"
	"time"
)

// PostedFigures is what a summary said when it was posted: its figures and those it
// was compared to. They stay as they were, whatever happens to the rows.
type PostedFigures struct {
	Now    Summary `json:"now"`
	Before Summary `json:"before"`
}

// Keep gives a posting its figures and the record's head they stand on.
func (p *Posting) Keep(said PostedFigures) error {
	raw, err := json.Marshal(said)
	if err != nil {
		return fmt.Errorf("figures of posting %d: %w", p.ID, err)
	}
	p.Figures, p.HeadSeq, p.HeadHash, p.Corrected = string(raw), said.Now.SealedTo, said.Now.Check, ""
	return nil
}

// Said is what the posting said; ok is false when it is not posted, was held
// again, or was posted before figures were kept.
func (p Posting) Said() (said PostedFigures, ok bool, err error) {
	if p.Figures == "" || p.State != PostingQueued {
		return said, false, nil
	}
	if err := json.Unmarshal([]byte(p.Figures), &said); err != nil {
		return said, false, fmt.Errorf("figures of posting %d: %w", p.ID, err)
	}
	return said, true, nil
}

const (
	DuePosted DueKind = "posted" // RefID posting: say what changed since, plan the next look

	MessageCorrected MessageKind = "summary_corrected" // SubjectID posting, into its thread; Args CorrectedArgs
)

// Figures of a summary by name, as a correction and the rows behind them call
// them.
const (
	FigureCalls      = "calls"
	FigureFilled     = "filled"
	FigureCancelled  = "cancelled"
	FigureShort      = "short"
	FigureVolunteers = "volunteers"
	FigureHours      = "hours"   // minutes
	FigureWaiting    = "waiting" // minutes
	FigureServed     = "served"
	FigureDue        = "due"
	FigureAttended   = "attended"
	FigureMadeUp     = "made_up"
	FigureExcused    = "excused"
	FigureAbsent     = "absent"
)

// Figure is one number of a summary.
type Figure struct {
	Name  string
	Value int
}

// Figures are the numbers that a channel may see corrected, in the order of
// the summary. Those of study are left out while so few people were expected
// that they name somebody.
func (s Summary) Figures() []Figure {
	out := []Figure{{FigureCalls, s.CallsOpened}, {FigureFilled, s.CallsFilled}, {FigureCancelled, s.CallsCancelled}, {FigureShort, s.PlacesShort},
		{FigureVolunteers, s.Volunteers}, {FigureHours, s.Hours.Counted}, {FigureWaiting, s.Hours.Waiting}, {FigureServed, s.Served}}
	if s.Total.Small() {
		return out
	}
	return append(out, Figure{FigureDue, s.Total.Due}, Figure{FigureAttended, s.Total.Attended}, Figure{FigureMadeUp, s.Total.MadeUp},
		Figure{FigureExcused, s.Total.Excused}, Figure{FigureAbsent, s.Total.Absent})
}

// FigureChange is one number that is not what was said.
type FigureChange struct {
	Name string `json:"name"`
	From int    `json:"from"`
	To   int    `json:"to"`
}

// CorrectedArgs is what one correction says.
type CorrectedArgs struct {
	Changes []FigureChange `json:"changes"`
	Early   bool           `json:"early"` // the period was still under way when it was posted
}

// Corrections are the numbers that are not what was last said of a posting; it
// then holds the new ones as said. Numbers that were not said are not
// corrected either.
func (p *Posting) Corrections(now Summary) ([]FigureChange, error) {
	said, ok, err := p.Said()
	if err != nil || !ok {
		return nil, err
	}
	last := map[string]int{}
	for _, f := range said.Now.Figures() {
		last[f.Name] = f.Value
	}
	if p.Corrected != "" {
		if err := json.Unmarshal([]byte(p.Corrected), &last); err != nil {
			return nil, fmt.Errorf("corrections of posting %d: %w", p.ID, err)
		}
	}
	var out []FigureChange
	for _, f := range now.Figures() {
		if from, known := last[f.Name]; known && from != f.Value {
			out = append(out, FigureChange{Name: f.Name, From: from, To: f.Value})
			last[f.Name] = f.Value
		}
	}
	if len(out) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(last)
	if err != nil {
		return nil, fmt.Errorf("corrections of posting %d: %w", p.ID, err)
	}
	p.Corrected = string(raw)
	return out, nil
}

// How long after its period a summary is looked at for corrections.
const (
	correctedFor     = 60 * 24 * time.Hour
	correctedForYear = 120 * 24 * time.Hour
)

// NextLook is when a posting is next compared with its rows: once a day, at
// the time of day it was posted or when quiet hours end, from the day after
// it and its period on. ok is false when that is long enough ago.
func (p Posting) NextLook(t Tenant, after Instant) (at Instant, ok bool) {
	zone := t.Location()
	wall := p.DueAt.In(zone)
	day := midnight(max(after, p.DueAt, p.End.Add(-time.Hour)), zone).AddDate(0, 0, 1)
	clock := time.Duration(wall.Hour()*60+wall.Minute()) * time.Minute
	rest := Rest{t.QuietStart, t.QuietEnd}
	local, _ := LocalInstant(day.Add(clock), zone)
	if InRest(At(local), rest, zone) { // the end of that day's night, not of the next
		local, _ = LocalInstant(day.Add(time.Duration(rest.End)*time.Minute), zone)
	}
	at = EndOfRest(At(local), rest, zone)
	span := correctedFor
	if p.Kind == PeriodYear {
		span = correctedForYear
	}
	return at, at <= max(p.End, p.DueAt).Add(span)
}

// FigureRow is one row behind a number of a summary.
type FigureRow struct {
	CallID   int64
	StudyID  int64
	PersonID int64 // 0 = nobody, or not for the reader
	At       Instant
	Number   int // minutes of hours, places short, people served
}

// FiguresWithRows are the names of the numbers that open their rows.
func FiguresWithRows() []string {
	return []string{FigureCalls, FigureFilled, FigureCancelled, FigureShort, FigureVolunteers, FigureHours, FigureWaiting, FigureServed,
		FigureDue, FigureAttended, FigureMadeUp, FigureExcused, FigureAbsent}
}
