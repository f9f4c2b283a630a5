package models

// MessageHoursTold tells somebody what was decided about their hours;
// SubjectID hours.
const MessageHoursTold MessageKind = "hours_told"
