package store

// askSchema is asking directly: questions and the runs of waves they belong to.
// A question keeps its shift and role when an edit drops them, so neither is a
// foreign key.
func askSchema(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE call_asks (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			shift_id ` + num + `,
			role_id ` + num + `,
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			wave ` + num + `,
			state ` + text + `,
			why ` + d.text() + `,
			late ` + flag + `,
			asked_at ` + num + `,
			answered_at ` + num + `,
			closed_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX call_asks_one ON call_asks (shift_id, person_id)`,
		`CREATE INDEX call_asks_call ON call_asks (call_id, state)`,
		`CREATE INDEX call_asks_person ON call_asks (person_id, state)`,
		`CREATE INDEX call_asks_at ON call_asks (tenant_id, asked_at)`,
		`CREATE TABLE call_runs (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			role_id ` + num + `,
			state ` + text + `,
			size ` + num + `,
			every_min ` + num + `,
			wave ` + num + `,
			once ` + flag + `,
			only_unit ` + num + `,
			pool ` + num + `,
			"left" ` + d.text() + `,
			"next" ` + d.text() + `,
			told ` + flag + `,
			next_at ` + num + `,
			started_at ` + num + `,
			ended_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX call_runs_role ON call_runs (role_id)`,
		`CREATE INDEX call_runs_call ON call_runs (call_id)`,
	}
}
