package store

// subscriptionSchema is private calendar links.
func subscriptionSchema(d dialect) []string {
	num := d.must(d.bigint())
	return []string{
		`CREATE TABLE calendar_links (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			hash ` + d.must(d.key()) + `,
			created_at ` + num + `,
			revoked_at ` + num + `,
			seen_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX calendar_links_hash ON calendar_links (hash)`,
		`CREATE INDEX calendar_links_person ON calendar_links (tenant_id, person_id)`,
	}
}
