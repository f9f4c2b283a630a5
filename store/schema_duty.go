package store

// dutySchema is what a unit owes by cadence, and its records.
func dutySchema(dialect) []string { return nil }
