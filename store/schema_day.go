package store

// daySchema is several reminders of one day in one message, and who allows
// reminders in a channel.
func daySchema(d dialect) []string {
	return []string{
		`ALTER TABLE channels ADD COLUMN members_remind ` + d.must(d.boolean()),
		`ALTER TABLE attendances ADD COLUMN day_id ` + d.must(d.bigint()),
		`ALTER TABLE attendances ADD COLUMN followed_at ` + d.must(d.bigint()),
		// What is planned for one person lies together: a day's reminders are
		// counted whenever one of them moves.
		`CREATE INDEX dues_person ON dues (person_id, kind)`,
	}
}
