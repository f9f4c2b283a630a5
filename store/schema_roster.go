package store

// rosterSchema is what is known of people and units beyond the first release.
func rosterSchema(d dialect) []string {
	n, b := d.must(d.bigint()), d.must(d.boolean())
	return []string{
		`ALTER TABLE persons ADD COLUMN dnd_until ` + n,
		`ALTER TABLE persons ADD COLUMN dnd_at ` + n,
		`ALTER TABLE persons ADD COLUMN greeted_in ` + n,
		`ALTER TABLE channels ADD COLUMN guests ` + b,
		// An imported row is matched by e-mail, and so is who shows up later.
		`CREATE INDEX persons_email ON persons (tenant_id, email)`,
	}
}
