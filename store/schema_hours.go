package store

// hoursSchema is the ledger of hours served: a row a sign-up and day.
func hoursSchema(d dialect) []string {
	n, t, b := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE hours (id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id), person_id ` + n + `, signup_id ` + n + `, day ` + n + `,
		  call_id ` + n + `, from_at ` + n + `, to_at ` + n + `, minutes ` + n + `, grade ` + t + `, state ` + t + `, needs ` + t + `,
		  late ` + b + `, entered_at ` + n + `, entered_by ` + n + `, confirmed_by ` + n + `, confirmed_at ` + n + `,
		  approved_min ` + n + `, approved_by ` + n + `, asked_at ` + n + `, why ` + t + `, verdict ` + t + `, contest_at ` + n + `, decided_by ` + n + `, decided_at ` + n + `)`,
		`ALTER TABLE tenants ADD COLUMN star_hours ` + d.text(),
		`CREATE UNIQUE INDEX hours_part ON hours (signup_id, day)`,
		`CREATE INDEX hours_person ON hours (tenant_id, person_id, day)`,
		`CREATE INDEX hours_day ON hours (tenant_id, day)`,
		`CREATE INDEX hours_call ON hours (call_id)`,
	}
}
