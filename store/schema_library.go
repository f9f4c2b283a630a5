package store

// librarySchema is the material library, and which item a study is about.
func librarySchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE materials (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			number ` + num + `,
			title ` + text + `,
			link ` + text + `,
			link_key ` + d.must(d.key()) + `,
			tags ` + d.text() + `,
			search ` + text + `,
			added_by ` + num + `,
			added_at ` + num + `,
			deleted_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX materials_number ON materials (tenant_id, number)`,
		`CREATE INDEX materials_link ON materials (tenant_id, link_key)`,
		`ALTER TABLE studies ADD COLUMN material_id ` + num,
		`CREATE INDEX studies_material ON studies (tenant_id, material_id)`,
	}
}
