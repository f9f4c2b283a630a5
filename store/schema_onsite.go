package store

// onsiteSchema is checking in and out, the roll, and what was achieved.
func onsiteSchema(d dialect) []string {
	num, text, flag := d.must(d.bigint()), d.must(d.text()), d.must(d.boolean())
	tenant := `tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants (id)`
	call := `call_id ` + d.bigint() + ` NOT NULL REFERENCES calls (id)`
	person := `person_id ` + d.bigint() + ` NOT NULL REFERENCES persons (id)`
	var all []string
	for _, column := range []string{`check_by ` + text, `out_by ` + text, `roll_at ` + num, `roll_by ` + num,
		`roll_from ` + num, `roll_to ` + num, `roll_was ` + text, `said_at ` + num, `missed_at ` + num, `contest_at ` + num,
		`walk_in ` + flag} {
		all = append(all, `ALTER TABLE signups ADD COLUMN `+column)
	}
	return append(all,
		`ALTER TABLE calls ADD COLUMN served `+num,
		`CREATE TABLE call_goods (id `+d.id()+`, `+tenant+`, `+call+`,
			item `+text+`, number `+num+`, value `+num+`, by_id `+num+`, at `+num+`)`,
		`CREATE INDEX call_goods_call ON call_goods (call_id)`,
		`CREATE TABLE call_walkins (id `+d.id()+`, `+tenant+`, `+call+`,
			shift_id `+d.bigint()+` NOT NULL REFERENCES call_shifts (id), `+person+`,
			state `+text+`, at `+num+`, by_id `+num+`)`,
		`CREATE UNIQUE INDEX call_walkins_one ON call_walkins (shift_id, person_id)`,
		`CREATE INDEX call_walkins_call ON call_walkins (call_id)`,
		`CREATE TABLE call_codes (id `+d.id()+`, `+tenant+`, `+call+`,
			code `+text+`, by_id `+num+`, made_at `+num+`, until_at `+num+`)`,
		`CREATE INDEX call_codes_code ON call_codes (code)`,
		`CREATE TABLE checkin_tries (id `+d.id()+`, `+tenant+`, `+person+`, at `+num+`)`,
		`CREATE INDEX checkin_tries_person ON checkin_tries (person_id, at)`,
	)
}
