package store

// yearSchema is the year's account: who is excused from the target, and what
// leaders were told.
func yearSchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`ALTER TABLE tenants ADD COLUMN absence_days ` + d.text(),
		`CREATE TABLE study_exemptions (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			year ` + num + `,
			first_day ` + text + `,
			last_day ` + text + `,
			reason ` + text + `,
			state ` + text + `,
			given_by ` + num + `,
			given_at ` + num + `,
			ended_by ` + num + `,
			ended_at ` + num + `
		)`,
		`CREATE INDEX study_exemptions_year ON study_exemptions (tenant_id, year, person_id)`,
		`CREATE TABLE study_notices (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			unit_id ` + num + `,
			kind ` + text + `,
			person_id ` + num + `,
			stage ` + num + `,
			month ` + text + `,
			at ` + num + `
		)`,
		`CREATE UNIQUE INDEX study_notices_one ON study_notices (tenant_id, unit_id, kind, person_id, stage, month)`,
	}
}
