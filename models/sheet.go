package models

// Sheet is one call as it is read: the board with the people it shows, for
// somebody or for a channel.
type Sheet struct {
	*Board
	Tenant  Tenant
	Room    Channel // the card's channel
	Creator Person
	Unit    Unit             // whose call it is, zero when nobody's
	People  map[int64]Person // those whose names are shown
	Answers []*Answer        // that still count; only for organizers
	Me      Person           // who reads; zero for a channel
	Manages bool             // Me may edit, close and cancel
}

// Name is the name of a person on the sheet, "" when it is not known.
func (s Sheet) Person(id int64) Person { return s.People[id] }

// Kinds of messages about calls.
const (
	MessageCard   MessageKind = "call_card"   // the card in its channel; SubjectID call
	MessagePanel  MessageKind = "call_panel"  // the organizer's panel; SubjectID call
	MessageSignup MessageKind = "call_signup" // to one person about their places; SubjectID call
	MessageNote   MessageKind = "call_note"   // what somebody else did to one's call; SubjectID call
	// MessageCardLost tells the organizer that a card's place is gone; SubjectID call.
	MessageCardLost MessageKind = "call_card_lost"
)

// SignupArgs say why a message about somebody's places was sent anew. The rest
// is read from the state when it is sent.
type SignupArgs struct {
	Why  string  `json:"why,omitempty"`
	Was  Instant `json:"was,omitempty"`  // the start before it was moved
	Late bool    `json:"late,omitempty"` // sent late because Muster was not running
	At   Instant `json:"at,omitempty"`   // when a reminder was made: a yes after it answers it
}

// Why a message was sent anew.
const (
	WhyOwn      = ""
	WhyPromoted = "promoted"
	WhyOffer    = "offer"
	WhyHeld     = "held" // an organizer put them on a list
	WhyMoved    = "moved"
	WhyReminder = "reminder"
	WhyCancel   = "cancelled"
	WhyBack     = "back" // a cancelled call takes place after all
)

// CardLostArgs say which card was lost, where and why (Slack's error code).
type CardLostArgs struct {
	Cause   string `json:"cause"`
	Channel string `json:"channel"`
	Message int64  `json:"message"`
}

// NoteArgs say what was done to a call by somebody other than its creator.
type NoteArgs struct {
	What string `json:"what"` // close, reopen, cancel, edit
	By   int64  `json:"by"`   // person
}

// Achieved is what a call came to, from what is known of it.
type Achieved struct {
	People  int // with a place, guests left out
	Served  int // checked in, or put down by the roll
	Minutes int // of those with both times
}

// Achieved counts people once however many shifts they had.
func (b *Board) Achieved() Achieved {
	var a Achieved
	people, served := map[int64]bool{}, map[int64]bool{}
	for _, s := range b.Signups {
		if !s.Holds() {
			continue
		}
		people[s.PersonID] = true
		if s.State != SignupConfirmed {
			served[s.PersonID] = true
		}
		if s.CheckedIn != 0 && s.CheckedOut > s.CheckedIn {
			a.Minutes += int(s.CheckedOut.Sub(s.CheckedIn).Minutes())
		}
	}
	a.People, a.Served = len(people), len(served)
	return a
}
