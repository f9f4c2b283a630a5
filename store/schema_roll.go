package store

// rollSchema is check-in with a code, the roll and who came from elsewhere.
func rollSchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	var all []string
	for _, column := range []string{`walk_in ` + d.must(d.boolean()), `late_min ` + num, `roll_by ` + num, `roll_at ` + num,
		`contest_at ` + num, `note ` + text} {
		all = append(all, `ALTER TABLE attendances ADD COLUMN `+column)
	}
	return append(all,
		`ALTER TABLE occurrences ADD COLUMN roll_by `+num,
		`ALTER TABLE occurrences ADD COLUMN roll_at `+num,
		`CREATE TABLE study_codes (
			id `+d.id()+`,
			tenant_id `+d.bigint()+` NOT NULL REFERENCES tenants (id),
			occurrence_id `+d.bigint()+` NOT NULL REFERENCES occurrences (id),
			code `+text+`,
			by_id `+num+`,
			made_at `+num+`,
			until_at `+num+`
		)`,
		`CREATE INDEX study_codes_code ON study_codes (code)`,
		`CREATE INDEX occurrences_state ON occurrences (tenant_id, state, end_at)`,
	)
}
