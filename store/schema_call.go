package store

import "slices"

// callSchema is calls, their shifts and roles, sign-ups, other answers, and
// drafts, as first laid.
func callSchema(d dialect) []string {
	return slices.Concat(callTables(d), signupTable(d), answerTables(d))
}

// callTables is calls, their shifts and roles.
func callTables(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE calls (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			number ` + num + `,
			title ` + text + `,
			kind ` + text + `,
			state ` + text + `,
			place ` + text + `,
			bring ` + text + `,
			private ` + text + `,
			skills ` + d.text() + `,
			guests_max ` + num + `,
			opens_at ` + num + `,
			closes_at ` + num + `,
			urgent ` + flag + `,
			drill ` + flag + `,
			buddy ` + flag + `,
			ask ` + text + `,
			safety_min ` + num + `,
			audience ` + text + `,
			unit_id ` + num + `,
			channel ` + text + `,
			zone ` + text + `,
			remind ` + d.text() + `,
			reason ` + text + `,
			hold_until ` + num + `,
			creator_id ` + num + `,
			created_at ` + num + `,
			filled_at ` + num + `,
			closed_at ` + num + `,
			ended_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX calls_number ON calls (tenant_id, number)`,
		`CREATE INDEX calls_state ON calls (tenant_id, state)`,
		`CREATE TABLE call_shifts (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			seq ` + num + `,
			start_at ` + num + `,
			end_at ` + num + `
		)`,
		`CREATE INDEX call_shifts_call ON call_shifts (call_id)`,
		`CREATE TABLE call_roles (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			shift_id ` + d.bigint() + ` NOT NULL REFERENCES call_shifts (id),
			seq ` + num + `,
			name ` + text + `,
			least ` + num + `,
			most ` + num + `,
			verified ` + flag + `
		)`,
		`CREATE INDEX call_roles_call ON call_roles (call_id)`,
	}
}

// signupTable is sign-ups, one a person and shift.
func signupTable(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE signups (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			shift_id ` + d.bigint() + ` NOT NULL REFERENCES call_shifts (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			role_id ` + d.bigint() + ` NOT NULL REFERENCES call_roles (id),
			state ` + text + `,
			guests ` + num + `,
			how ` + text + `,
			line ` + num + `,
			unchecked ` + flag + `,
			passed_over ` + flag + `,
			offer_until ` + num + `,
			race ` + flag + `,
			ask_again ` + num + `,
			yes_at ` + num + `,
			late_min ` + num + `,
			was_state ` + text + `,
			lapsed ` + flag + `,
			signed_at ` + num + `,
			checked_in ` + num + `,
			checked_out ` + num + `,
			gone_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX signups_one ON signups (shift_id, person_id)`,
		`CREATE INDEX signups_call ON signups (call_id)`,
		`CREATE INDEX signups_person ON signups (person_id, state)`,
	}
}

// answerTables is what people said besides signing up, and drafts.
func answerTables(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	return []string{
		`CREATE TABLE call_answers (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			kind ` + text + `,
			text ` + text + `,
			minutes ` + num + `,
			"from" ` + text + `,
			guests ` + num + `,
			settled ` + flag + `,
			filed_by ` + num + `,
			ts ` + text + `,
			at ` + num + `
		)`,
		`CREATE INDEX call_answers_call ON call_answers (call_id, person_id)`,
		`CREATE TABLE call_reactions (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			emoji ` + text + `
		)`,
		`CREATE UNIQUE INDEX call_reactions_one ON call_reactions (call_id, person_id, emoji)`,
		`CREATE TABLE call_drafts (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			person_id ` + num + `,
			text ` + text + `,
			spec ` + d.text() + `,
			channel ` + text + `,
			direct ` + flag + `,
			created_at ` + num + `
		)`,
	}
}
