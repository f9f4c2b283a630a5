package store

// handoverSchema is places handed to a named person.
func handoverSchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE call_handovers (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			signup_id ` + d.bigint() + ` NOT NULL REFERENCES signups (id),
			from_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			to_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			state ` + text + `,
			asked_at ` + num + `,
			answered_at ` + num + `,
			closed_at ` + num + `
		)`,
		`CREATE INDEX call_handovers_call ON call_handovers (call_id)`,
		`CREATE INDEX call_handovers_to ON call_handovers (to_id, state)`,
		// A place has at most one request open, whatever happens at once.
		`CREATE UNIQUE INDEX call_handovers_open ON call_handovers (signup_id) WHERE state = 'asked'`,
	}
}
