package models

// Sheet is one call as it is read: the board with the people it shows, for
// somebody or for a channel.
type Sheet struct {
	*Board
	Tenant    Tenant
	Room      Channel // the card's channel
	Creator   Person
	Unit      Unit             // whose call it is, zero when nobody's
	People    map[int64]Person // those whose names are shown
	Answers   []*Answer        // that still count; only for organizers
	Me        Person           // who reads; zero for a channel
	Manages   bool             // Me may edit, close and cancel
	Asks      []*Ask           // questions put to people directly; only for organizers, and one's own
	Runs      []*Run           // asking in waves, one a role that is asked for
	Ticks     []*Tick          // the latest safety tick of each person
	Buddies   []*Buddy         // pairs and trios of its shifts
	Handovers []*Handover      // places asked to be taken over, oldest first
	Rolls     bool             // Me may take the roll
	WalkIns   []*WalkIn        // who came without a place and waits for the organizer's word; only for who may take the roll
	Goods     []*Goods         // handed out
	Hours     []Hour           // the ledger's rows of it, once a roll is taken
	Reaches   []ReachShown     // messages to many about it, newest first; only for organizers
}

// Name is the name of a person on the sheet, "" when it is not known.
func (s Sheet) Person(id int64) Person { return s.People[id] }

// Handover is the latest request about a place, nil when there was none.
func (s Sheet) Handover(signupID int64) *Handover {
	for i := len(s.Handovers) - 1; i >= 0; i-- {
		if s.Handovers[i].SignupID == signupID {
			return s.Handovers[i]
		}
	}
	return nil
}

// Kinds of messages about calls.
const (
	MessageCard   MessageKind = "call_card"   // the card in its channel; SubjectID call
	MessagePanel  MessageKind = "call_panel"  // the organizer's panel; SubjectID call
	MessageSignup MessageKind = "call_signup" // to one person about their places; SubjectID call
	MessageNote   MessageKind = "call_note"   // what somebody else did to one's call; SubjectID call
	// MessageContest tells who took the roll that somebody says it is wrong; SubjectID sign-up.
	MessageContest MessageKind = "call_contest"
	MessageAsk     MessageKind = "ask"      // a question to one person; SubjectID ask
	MessageAskOver MessageKind = "ask_over" // nobody is left to ask, to the organizer; SubjectID call
	// MessageCardLost tells the organizer that a card's place is gone; SubjectID call.
	MessageCardLost MessageKind = "call_card_lost"
	MessageHandover MessageKind = "call_handover" // asks somebody by name to take a place over; SubjectID handover
	MessageCalendar MessageKind = "call_calendar" // a shift as a calendar file; SubjectID sign-up
	MessageReport   MessageKind = "call_report"   // how people answered, in words; SubjectID call
	MessageCurve    MessageKind = "call_curve"    // and as a picture; SubjectID call
	// MessageReachList is who answered how as a file, where a message does not hold them all; SubjectID call.
	MessageReachList MessageKind = "call_reach_list"
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
	WhyBack     = "back"    // a cancelled call takes place after all
	WhyUnseen   = "unseen"  // no check-in from them: were they there?
	WhyClosed   = "closed"  // sign-up ended before their condition was taken
	WhyStandby  = "standby" // a yes later or on a condition, and there are enough people now
	WhyThanks   = "thanks"  // it is over, and this is what it came to
	// What became of asking somebody to take one's place over.
	WhyHanded         = "handed"
	WhyHandoverNo     = "handover_no"
	WhyHandoverLapsed = "handover_lapsed"
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
