package store

// seriesSchema is what one occurrence has of its own, what Undo gives back of
// its last change, and what a study that is asked back about was read with.
func seriesSchema(d dialect) []string {
	return []string{
		`ALTER TABLE occurrences ADD COLUMN own ` + d.text(),
		`ALTER TABLE occurrences ADD COLUMN undo ` + d.text(),
		`ALTER TABLE call_drafts ADD COLUMN study ` + d.text(),
	}
}
