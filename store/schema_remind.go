package store

// remindSchema is reminders, as first laid.
func remindSchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE reminders (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			number ` + num + `,
			by_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			person_id ` + num + `,
			channel ` + text + `,
			text ` + text + `,
			state ` + text + `,
			rrule ` + text + `,
			wall ` + text + `,
			zone ` + text + `,
			until ` + num + `,
			next_at ` + num + `,
			fired_at ` + num + `,
			done_at ` + num + `,
			snoozed_to ` + num + `,
			missed_at ` + num + `,
			agreed_at ` + num + `,
			created_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX reminders_number ON reminders (tenant_id, number)`,
		`CREATE INDEX reminders_by ON reminders (by_id)`,
		`CREATE INDEX reminders_person ON reminders (person_id)`,
	}
}
