package store

// forgetSchema is who asked to be forgotten and was.
func forgetSchema(d dialect) []string {
	return []string{
		`CREATE TABLE forgotten (id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id), at ` + d.must(d.bigint()) + `)`,
		`CREATE UNIQUE INDEX forgotten_person ON forgotten (person_id)`,
		`CREATE INDEX forgotten_tenant ON forgotten (tenant_id)`,
	}
}
