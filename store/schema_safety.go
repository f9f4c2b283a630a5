package store

// safetySchema is ticks and buddies.
func safetySchema(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE call_ticks (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			signup_id ` + num + `,
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			seq ` + num + `,
			due_at ` + num + `,
			asked_at ` + num + `,
			shown_at ` + num + `,
			step_at ` + num + `,
			stage ` + num + `,
			unsent ` + flag + `,
			answer ` + text + `,
			answered_at ` + num + `,
			"by" ` + num + `,
			unseen_by ` + num + `,
			done_at ` + num + `,
			done_by ` + num + `,
			seen_at ` + num + `,
			home_at ` + num + `,
			again_at ` + num + `,
			on_by ` + num + `,
			on_at ` + num + `
		)`,
		`CREATE INDEX call_ticks_call ON call_ticks (call_id, person_id)`,
		`CREATE INDEX call_ticks_person ON call_ticks (person_id)`,
		`CREATE TABLE call_buddies (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			shift_id ` + d.bigint() + ` NOT NULL REFERENCES call_shifts (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			team ` + num + `,
			at ` + num + `
		)`,
		`CREATE UNIQUE INDEX call_buddies_one ON call_buddies (shift_id, person_id)`,
		`CREATE INDEX call_buddies_call ON call_buddies (call_id)`,
	}
}
