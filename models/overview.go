package models

// Overview is what concerns one person now: what `me`, the bare command and
// the Home tab show.
type Overview struct {
	Tenant Tenant
	Person Person
	Now    Instant
	Unit   Unit // zero = none

	Shifts []MyShift  // active sign-ups that have not ended, by start
	Study  []MyStudy  // what is still to do, by start
	Calls  []OpenCall // open calls for this person, not joined yet, by first start
	Remind int        // reminders of one's own under way

	StudyMinutes int // this year
	Target       int // minutes a year

	Risk        []OpenCall // of calls the person manages: those with a role below its least
	CanOrganize bool
	CanLead     bool // leads a unit or organizes: may plan study
	CanAdmin    bool
}

// MyShift is one sign-up of the person.
type MyShift struct {
	Signup Signup
	Call   Call
	Shift  Shift
	Role   Role
	Place  int // place in the waiting line, 0 = not waiting
}

// MyStudy is one attendance still to do.
type MyStudy struct {
	Attendance Attendance
	Occurrence Occurrence
	Study      Study
}

// OpenCall is a call with what it still needs.
type OpenCall struct {
	Call  Call
	Start Instant // first shift not over
	End   Instant
	Short int // free places
	Below int // places missing to the least
}
