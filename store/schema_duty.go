package store

// dutySchema is what units owe by cadence, what was entered by hand, what
// leaders were told of, and which duty a study counts for.
func dutySchema(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE unit_duties (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			name ` + text + `,
			cadence ` + text + `,
			times ` + num + `,
			unit_type ` + text + `,
			unit_id ` + num + `,
			since ` + text + `,
			deleted ` + flag + `,
			by_id ` + num + `,
			created_at ` + num + `
		)`,
		`CREATE INDEX unit_duties_tenant ON unit_duties (tenant_id)`,
		`CREATE TABLE duty_records (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			duty_id ` + d.bigint() + ` NOT NULL REFERENCES unit_duties (id),
			unit_id ` + num + `,
			day ` + text + `,
			note ` + text + `,
			by_id ` + num + `,
			entered_at ` + num + `,
			changed_at ` + num + `,
			taken_back ` + flag + `
		)`,
		`CREATE INDEX duty_records_day ON duty_records (tenant_id, day)`,
		`CREATE TABLE duty_notices (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			unit_id ` + num + `,
			duty_id ` + num + `,
			period ` + text + `,
			person_id ` + num + `,
			at ` + num + `
		)`,
		`CREATE UNIQUE INDEX duty_notices_once ON duty_notices (tenant_id, period, unit_id, duty_id, person_id)`,
		`ALTER TABLE studies ADD COLUMN duty_id ` + num,
		`CREATE INDEX studies_duty ON studies (tenant_id, duty_id) WHERE duty_id <> 0`,
	}
}
