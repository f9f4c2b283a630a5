package store

// activitySchema is the activity records handed out.
func activitySchema(d dialect) []string {
	n, t := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE activity_records (id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
		  person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id), code ` + d.must(d.key()) + `, name ` + t + `,
		  start_at ` + n + `, end_at ` + n + `, hour_ids ` + d.text() + `, study_ids ` + d.text() + `, minutes ` + n + `, study ` + n + `,
		  ever ` + n + `, stars ` + n + `, head_seq ` + n + `, head_hash ` + t + `, sum ` + t + `, made_at ` + n + `, withdrawn_at ` + n + `)`,
		`CREATE UNIQUE INDEX activity_records_code ON activity_records (code)`,
		`CREATE INDEX activity_records_person ON activity_records (tenant_id, person_id)`,
	}
}
