package store

// postedSchema is what summaries said when they were posted.
func postedSchema(d dialect) []string {
	return []string{
		`ALTER TABLE postings ADD COLUMN head_seq ` + d.must(d.bigint()),
		`ALTER TABLE postings ADD COLUMN head_hash ` + d.must(d.text()),
		`ALTER TABLE postings ADD COLUMN figures ` + d.must(d.text()),
		`ALTER TABLE postings ADD COLUMN corrected ` + d.must(d.text()),
	}
}
