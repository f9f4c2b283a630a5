package store

// holidaySchema is why an occurrence lies where it does, and an organisation's
// own days off and working days.
func holidaySchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`ALTER TABLE occurrences ADD COLUMN holiday ` + text,
		`ALTER TABLE occurrences ADD COLUMN by_hand ` + d.must(d.boolean()),
		`CREATE TABLE org_days (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			date ` + text + `,
			work ` + d.must(d.boolean()) + `,
			name ` + text + `,
			state ` + text + `,
			created_by ` + num + `,
			created_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX org_days_one ON org_days (tenant_id, date)`,
	}
}
