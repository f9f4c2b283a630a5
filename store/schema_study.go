package store

import "slices"

// studySchema is studies, their occurrences and who attended, as first laid.
func studySchema(d dialect) []string {
	return slices.Concat(studyTables(d), attendanceTable(d))
}

// studyTables is studies and their occurrences.
func studyTables(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE studies (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			number ` + num + `,
			title ` + text + `,
			state ` + text + `,
			rrule ` + text + `,
			wall ` + text + `,
			zone ` + text + `,
			start_at ` + num + `,
			until ` + num + `,
			holiday ` + text + `,
			length ` + num + `,
			credit ` + num + `,
			place ` + text + `,
			link ` + text + `,
			leads ` + d.text() + `,
			makeup_days ` + num + `,
			capacity ` + num + `,
			slots ` + d.text() + `,
			audience_kind ` + text + `,
			audience_ref ` + text + `,
			unit_id ` + num + `,
			channel ` + text + `,
			created_by ` + num + `,
			created_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX studies_number ON studies (tenant_id, number)`,
		`CREATE INDEX studies_audience ON studies (tenant_id, audience_kind, audience_ref)`,
		`CREATE TABLE occurrences (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			study_id ` + d.bigint() + ` NOT NULL REFERENCES studies (id),
			rule_start ` + num + `,
			start_at ` + num + `,
			end_at ` + num + `,
			state ` + text + `,
			settled_by ` + num + `,
			settled_at ` + num + `
		)`,
		`CREATE UNIQUE INDEX occurrences_one ON occurrences (study_id, rule_start)`,
		`CREATE INDEX occurrences_start ON occurrences (tenant_id, start_at)`,
	}
}

// attendanceTable is who attended, one row a person and occurrence.
func attendanceTable(d dialect) []string {
	num, text := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE attendances (
			id ` + d.id() + `,
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id),
			study_id ` + d.bigint() + ` NOT NULL REFERENCES studies (id),
			occurrence_id ` + d.bigint() + ` NOT NULL REFERENCES occurrences (id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id),
			state ` + text + `,
			intent ` + text + `,
			slot ` + num + `,
			how ` + text + `,
			at ` + num + `,
			entered_at ` + num + `,
			credit ` + num + `,
			settled_by ` + num + `,
			reason ` + text + `,
			undo ` + d.text() + `,
			reminded ` + d.text() + `,
			snoozed_to ` + num + `
		)`,
		`CREATE UNIQUE INDEX attendances_one ON attendances (occurrence_id, person_id)`,
		`CREATE INDEX attendances_person ON attendances (person_id, state)`,
		`CREATE INDEX attendances_study ON attendances (study_id)`,
	}
}
