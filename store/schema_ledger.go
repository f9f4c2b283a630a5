package store

// ledgerSchema is what summaries people believe added: one part a feature,
// each in the file of its name.
func ledgerSchema(d dialect) []string {
	var all []string
	for _, part := range []func(dialect) []string{hoursSchema, leadersSchema, activitySchema, postedSchema, forgetSchema} {
		all = append(all, part(d)...)
	}
	return all
}
