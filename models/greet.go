package models

import "strconv"

// MessageGreet is the first contact: who Muster is, and when reminders suit.
// SubjectID is the person.
const MessageGreet MessageKind = "greet"

// GreetKey is the outbox key of a person's first contact; it is unique, so
// nobody is greeted twice.
func GreetKey(personID int64) string { return "greet:" + strconv.FormatInt(personID, 10) }

// GreetWindows are the times offered at first contact: between the rushes of
// those who deliver and drive, and the evening.
func GreetWindows() []Window {
	return []Window{{Start: 10 * 60, End: 11 * 60}, {Start: 14*60 + 30, End: 16*60 + 30}, {Start: 21 * 60, End: 22 * 60}}
}

// Greetable says whether the person is to be greeted: once, and neither bots
// nor guests nor who has left.
func (p Person) Greetable() bool { return p.GreetedAt == 0 && p.Welcome() }

// Welcome says whether the person may be written to on first contact.
func (p Person) Welcome() bool { return !p.Bot && !p.Guest && !p.Gone }
