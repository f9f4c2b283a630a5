package models

import (
	"maps"
	"slices"
)

// MessageStudyMonth is a month's plan posted in a channel; SubjectID is who
// leads what it shows, Args the month.
const MessageStudyMonth MessageKind = "study_month"

// OccurrenceOwn is what one occurrence of a study has of its own, in place of
// the series': what is nil stands as in the series.
type OccurrenceOwn struct {
	Title *string `json:"title,omitempty"`
	Place *string `json:"place,omitempty"` // "" = this once no place
	Link  *string `json:"link,omitempty"`  // "" = this once no material
	// Length in minutes; the end lies that long after the start. nil: as long
	// as the series says, also when that changes.
	Length *int `json:"length,omitempty"`
}

// OccurrenceWas is the part of an occurrence that a leader changes and Undo
// gives back.
type OccurrenceWas struct {
	Start   Instant        `json:"start"`
	End     Instant        `json:"end"`
	State   string         `json:"state"`
	Own     *OccurrenceOwn `json:"own,omitempty"`
	Holiday string         `json:"holiday,omitempty"`
	ByHand  bool           `json:"by_hand,omitempty"`
}

// Was keeps what the occurrence is now, for Undo.
func (o Occurrence) Was() *OccurrenceWas {
	return &OccurrenceWas{Start: o.Start, End: o.End, State: o.State, Own: o.Own, Holiday: o.Holiday, ByHand: o.ByHand}
}

// Length is how long this occurrence takes, in minutes.
func (o Occurrence) Length(s Study) int {
	if o.Own != nil && o.Own.Length != nil {
		return *o.Own.Length
	}
	return s.Length
}

// StudyDraft is a study's command as it was typed, with what was answered since
// to what could be read in more than one way.
type StudyDraft struct {
	Text     string `json:"text"`               // after the verb
	Tomorrow string `json:"tomorrow,omitempty"` // "today" or "next", as grammar.Options has it
	Clock    string `json:"clock,omitempty"`    // the time of day that was left out, 19:30
	Several  string `json:"several,omitempty"`  // several times are "slots", or "each" a session
	For      string `json:"for,omitempty"`      // as typed: <#C1>, all
	ForUnit  int64  `json:"for_unit,omitempty"` // row id
	Scope    string `json:"scope,omitempty"`    // an edit of a rule's time is for "one" or for the "series"

	Study int64      `json:"study,omitempty"` // row id of a series that was edited: only the next one?
	Was   *SeriesWas `json:"was,omitempty"`
}

// SeriesWas is what an edit that could have been meant for one occurrence
// replaced in the series.
type SeriesWas struct {
	Title    string `json:"title,omitempty"`
	Place    string `json:"place,omitempty"`
	Link     string `json:"link,omitempty"`
	Material int64  `json:"material,omitempty"`
	Length   int    `json:"length,omitempty"`
	Credit   int    `json:"credit,omitempty"`
}

// SeriesOf is that part of a series.
func SeriesOf(s Study) SeriesWas {
	return SeriesWas{Title: s.Title, Place: s.Place, Link: s.Link, Material: s.MaterialID, Length: s.Length, Credit: s.Credit}
}

// Title is what this occurrence is called.
func (o Occurrence) Title(s Study) string {
	if o.Own != nil && o.Own.Title != nil {
		return *o.Own.Title
	}
	return s.Title
}

// Place is where this occurrence takes place.
func (o Occurrence) Place(s Study) string {
	if o.Own != nil && o.Own.Place != nil {
		return *o.Own.Place
	}
	return s.Place
}

// Link is the material of this occurrence.
func (o Occurrence) Link(s Study) string {
	if o.Own != nil && o.Own.Link != nil {
		return *o.Own.Link
	}
	return s.Link
}

// ownTexts are the texts of its own, by the name the record has for them.
func (o Occurrence) ownTexts() map[string]string {
	texts := map[string]string{}
	if o.Own == nil {
		return texts
	}
	for name, text := range map[string]*string{"title": o.Own.Title, "place": o.Own.Place, "link": o.Own.Link} {
		if text != nil {
			texts[name] = *text
		}
	}
	return texts
}

// ownNames names them for the record's facts: a text that was emptied has no
// hash there.
func (o Occurrence) ownNames() []string {
	names := slices.Sorted(maps.Keys(o.ownTexts()))
	if o.Own != nil && o.Own.Length != nil {
		names = append(names, "length")
	}
	return names
}

// Words are the texts that only this occurrence has, and the day that moved it.
func (o *Occurrence) Words() map[string]Word {
	words := map[string]Word{}
	for name, text := range o.ownTexts() {
		words[name] = Word{Text: text}
	}
	if o.Holiday != "" {
		words["holiday"] = Word{Text: o.Holiday}
	}
	return words
}
