package store

// dispatchSchema is what volunteer dispatch added to the first release's
// tables: one part a feature, each in the file of its name.
func dispatchSchema(d dialect) []string {
	var all []string
	for _, part := range []func(dialect) []string{askSchema, onsiteSchema, safetySchema, reachSchema, handoverSchema,
		templateSchema, rosterSchema, boardSchema} {
		all = append(all, part(d)...)
	}
	return all
}
