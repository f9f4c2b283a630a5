package store

// reachSchema is messages to many, held until somebody said so, and which of
// them each message belongs to.
func reachSchema(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE reaches (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			kind ` + text + `,
			ref_id ` + num + `,
			by_id ` + num + `,
			state ` + text + `,
			urgent ` + flag + `,
			everybody ` + flag + `,
			soon ` + flag + `,
			people ` + num + `,
			quiet ` + num + `,
			dnd ` + num + `,
			from_at ` + num + `,
			until_at ` + num + `,
			wait_to ` + num + `,
			unit_id ` + num + `,
			unit_people ` + num + `,
			only_unit ` + num + `,
			who ` + d.text() + `,
			args ` + d.text() + `,
			text ` + text + `,
			sent ` + num + `,
			lost ` + num + `,
			created_at ` + num + `,
			started_at ` + num + `,
			ended_at ` + num + `
		)`,
		`CREATE INDEX reaches_ref ON reaches (tenant_id, ref_id, id)`,
		`ALTER TABLE messages ADD COLUMN reach_id ` + num,
		// What a stop button drops and a progress message counts; most messages
		// belong to no reach and are left out.
		`CREATE INDEX messages_reach ON messages (reach_id, state) WHERE reach_id <> 0`,
	}
}
