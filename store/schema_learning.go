package store

// learningSchema is what study whole added: one part a feature, each in the
// file of its name.
func learningSchema(d dialect) []string {
	var all []string
	for _, part := range []func(dialect) []string{holidaySchema, seriesSchema, daySchema, rollSchema, makeupSchema,
		yearSchema, dutySchema, librarySchema, subscriptionSchema} {
		all = append(all, part(d)...)
	}
	return all
}
