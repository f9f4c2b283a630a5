package models

import "slices"

// What a person may switch off.
const (
	OffStudy  = "study"  // everything that reminds of study
	OffEarly  = "early"  // reminders of a session but its last one
	OffFollow = "follow" // the follow-up before a make-up closes
	OffDay    = "day"    // gathering a full day's reminders: each comes by itself
	OffRemind = "remind" // reminders that others set
	OffCall   = "call"   // direct questions of calls
	OffUrgent = "urgent" // those of urgent calls
)

// OptOutKinds are what a person may switch off, in the order in which they are
// shown.
func OptOutKinds() []string {
	return []string{OffStudy, OffEarly, OffFollow, OffDay, OffRemind, OffCall, OffUrgent, OptOutLeader}
}

// OptedOut says whether the person switched kind off.
func (p Person) OptedOut(kind string) bool { return slices.Contains(p.OptOuts, kind) }

// Refuses says whether the person switched off what a message of this kind
// tells; asked again at the moment of sending. An answer to their own act is
// never refused.
func (p Person) Refuses(kind MessageKind) bool {
	switch kind {
	case MessageStudy, MessageStudyDay:
		return p.OptedOut(OffStudy)
	case MessageStudyFollow:
		return p.OptedOut(OffStudy) || p.OptedOut(OffFollow)
	case MessageRemind, MessageRemindAsk:
		return p.OptedOut(OffRemind)
	case MessageAsk:
		return p.OptedOut(OffCall)
	case MessageYearAbsence, MessageYearShort:
		return p.OptedOut(OptOutLeader)
	}
	return false
}

// LeftOutInPause says whether a pause leaves a message of this kind out; what
// else reminds waits for its end.
func (k MessageKind) LeftOutInPause() bool {
	switch k {
	case MessageStudy, MessageStudyDay, MessageStudyFollow, MessageRemind:
		return true
	}
	return false
}
