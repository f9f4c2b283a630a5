package store

// makeupSchema is what belongs to a make-up: opened material, proof, a quiz,
// what the leader gave back, and who is excused for a while.
func makeupSchema(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	add := func(table, column, kind string) string {
		return `ALTER TABLE ` + table + ` ADD COLUMN ` + column + ` ` + kind
	}
	return []string{
		add("studies", "quiz", d.text()),
		add("call_drafts", "proof", d.text()),
		add("attendances", "opened_at", num),
		add("attendances", "proof", d.text()),
		add("attendances", "score", num),
		add("attendances", "tries", num),
		add("attendances", "returned_at", num),
		add("attendances", "returned_by", num),
		add("attendances", "return_reason", text),
		add("attendances", "handed_at", num),
		add("attendances", "open_until", num),
		add("attendances", "answer", text),
		add("attendances", "leave_id", num),
		`CREATE TABLE study_leaves (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			unit_id ` + num + `,
			attendance_id ` + num + `,
			from_at ` + num + `,
			until_at ` + num + `,
			state ` + text + `,
			asked_at ` + num + `,
			decided_by ` + num + `,
			decided_at ` + num + `,
			ended_at ` + num + `
		)`,
		`CREATE INDEX study_leaves_unit ON study_leaves (tenant_id, unit_id, state, until_at)`,
		`CREATE INDEX study_leaves_attendance ON study_leaves (attendance_id)`,
	}
}
