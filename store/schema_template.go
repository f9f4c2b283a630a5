package store

// templateSchema is templates of calls.
func templateSchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE call_templates (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			unit_id ` + num + `,
			name ` + text + `,
			name_key ` + d.must(d.key()) + `,
			spec ` + d.text() + `,
			creator_id ` + num + `,
			created_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX call_templates_name ON call_templates (tenant_id, name_key)`,
	}
}
