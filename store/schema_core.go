package store

// coreSchema is the first schema of tenants, people, the record, the outbox
// and what is due, as statements in order. It is frozen with the first
// release: what changes later is a migration of its own.
func coreSchema(d dialect) []string {
	var all []string
	all = append(all, peopleSchema(d)...)
	all = append(all, unitSchema(d)...)
	all = append(all, recordSchema(d)...)
	all = append(all, outboxSchema(d)...)
	return append(all, appendOnly(d)...)
}

func peopleSchema(d dialect) []string {
	n, b, t, k := d.must(d.bigint()), d.must(d.boolean()), d.must(d.text()), d.must(d.key())
	return []string{
		`CREATE TABLE tenants (
			id ` + d.id() + `, external_id ` + k + ` UNIQUE, name ` + t + `, lang ` + t + `, zone ` + t + `,
			call_channel ` + t + `, summary_channel ` + t + `, quiet_start ` + n + `, quiet_end ` + n + `,
			member_target ` + n + `, leader_target ` + n + `, bot_user_id ` + t + `, bot_token ` + t + `,
			paused ` + b + `, setup_code ` + t + `, created_at ` + n + `)`,
		`CREATE TABLE persons (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), slack_id ` + d.key() + `,
			name ` + t + `, email ` + t + `, slack_locale ` + t + `, slack_zone ` + t + `, bot ` + b + `, guest ` + b + `,
			gone ` + b + `, known_at ` + n + `, greeted_at ` + n + `, member ` + b + `, lang ` + t + `, zone_own ` + t + `,
			windows TEXT, quiet_start ` + d.bigint() + `, quiet_end ` + d.bigint() + `, pause_until ` + n + `,
			opt_outs TEXT, skills TEXT, areas TEXT, free TEXT, phone ` + t + `, duty ` + t + `, created_at ` + n + `,
			UNIQUE (tenant_id, slack_id))`,
		`CREATE TABLE channels (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), slack_id ` + k + `,
			name ` + t + `, lang ` + t + `, zone ` + t + `, private ` + b + `, archived ` + b + `, bot_in ` + b + `,
			members_at ` + n + `, UNIQUE (tenant_id, slack_id))`,
		`CREATE TABLE channel_members (
			channel_id ` + d.bigint() + ` NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons(id) ON DELETE CASCADE,
			PRIMARY KEY (channel_id, person_id))`,
		`CREATE INDEX channel_members_person ON channel_members (person_id)`,
	}
}

func unitSchema(d dialect) []string {
	n, t := d.must(d.bigint()), d.must(d.text())
	return []string{
		`CREATE TABLE units (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), name ` + t + `,
			parent_id ` + n + `, type ` + t + `, leader_id ` + n + `, windows TEXT, quiet_start ` + d.bigint() + `,
			quiet_end ` + d.bigint() + `, joint_of TEXT)`,
		`CREATE INDEX units_tenant ON units (tenant_id, leader_id)`,
		`CREATE TABLE unit_members (
			person_id ` + d.bigint() + ` NOT NULL PRIMARY KEY REFERENCES persons(id) ON DELETE CASCADE,
			unit_id ` + d.bigint() + ` NOT NULL REFERENCES units(id) ON DELETE CASCADE)`,
		`CREATE INDEX unit_members_unit ON unit_members (unit_id)`,
		`CREATE TABLE rights (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id),
			person_id ` + d.bigint() + ` NOT NULL REFERENCES persons(id), role ` + t + `, unit_id ` + n + `,
			UNIQUE (tenant_id, person_id, role, unit_id))`,
		`CREATE TABLE counters (
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), kind ` + t + `, next ` + n + `,
			PRIMARY KEY (tenant_id, kind))`,
	}
}

func recordSchema(d dialect) []string {
	n, b, t := d.must(d.bigint()), d.must(d.boolean()), d.must(d.text())
	return []string{
		`CREATE TABLE entries (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), at ` + n + `,
			entered_at ` + n + `, late ` + b + `, actor_id ` + n + `, action ` + t + `, thing ` + t + `,
			thing_id ` + n + `, data ` + t + `)`,
		`CREATE INDEX entries_tenant ON entries (tenant_id, id)`,
		`CREATE INDEX entries_thing ON entries (tenant_id, thing, thing_id, id)`,
		`CREATE TABLE entry_words (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id),
			entry_id ` + d.bigint() + ` NOT NULL REFERENCES entries(id), name ` + t + `, person_id ` + n + `,
			salt ` + t + `, text ` + t + `)`,
		`CREATE INDEX entry_words_entry ON entry_words (entry_id)`,
		`CREATE INDEX entry_words_person ON entry_words (tenant_id, person_id)`,
		`CREATE TABLE seals (
			tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), seq ` + d.bigint() + ` NOT NULL,
			entry_id ` + d.bigint() + ` NOT NULL UNIQUE REFERENCES entries(id), prev_hash ` + t + `, hash ` + t + `,
			PRIMARY KEY (tenant_id, seq))`,
		`CREATE TABLE heads (
			tenant_id ` + d.bigint() + ` NOT NULL PRIMARY KEY REFERENCES tenants(id), seq ` + n + `,
			hash ` + t + `, entry_id ` + n + `)`,
		`CREATE TABLE leases (name ` + d.key() + ` NOT NULL PRIMARY KEY, holder ` + t + `, until_ms ` + n + `)`,
		`CREATE TABLE deliveries (id ` + d.id() + `, key ` + d.must(d.key()) + ` UNIQUE, seen_at ` + n + `)`,
		`CREATE INDEX deliveries_seen ON deliveries (seen_at)`,
	}
}

func outboxSchema(d dialect) []string {
	n, b, t, k := d.must(d.bigint()), d.must(d.boolean()), d.must(d.text()), d.must(d.key())
	return []string{
		`CREATE TABLE messages (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), key ` + k + `, kind ` + t + `,
			op ` + t + `, subject_id ` + n + `, args TEXT, person_id ` + n + `, channel ` + t + `, thread_ts ` + t + `,
			priority ` + n + `, edit_class ` + n + `, quiet ` + t + `, due_at ` + n + `, expires_at ` + n + `,
			state ` + t + `, version ` + n + `, shown ` + n + `, uid ` + t + `, ts ` + t + `, holder ` + t + `,
			lease_ms ` + n + `, retry_ms ` + n + `, attempts ` + n + `, doubt ` + b + `, last_error ` + t + `,
			created_at ` + n + `, sent_at ` + n + `, UNIQUE (tenant_id, key))`,
		// What a claim walks: one tenant's waiting rows in the order they go.
		`CREATE INDEX messages_waiting ON messages (tenant_id, state, priority, due_at, id)`,
		`CREATE INDEX messages_due ON messages (state, due_at)`,
		`CREATE INDEX messages_leased ON messages (state, lease_ms)`,
		`CREATE INDEX messages_subject ON messages (tenant_id, subject_id)`,
		`CREATE INDEX messages_person ON messages (tenant_id, person_id)`,
		`CREATE INDEX messages_slack ON messages (tenant_id, channel, ts)`,
		`CREATE TABLE dues (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), key ` + k + `, kind ` + t + `,
			ref_id ` + n + `, person_id ` + n + `, due_at ` + n + `, args TEXT, UNIQUE (tenant_id, key))`,
		`CREATE INDEX dues_due ON dues (due_at, id)`,
		`CREATE INDEX dues_ref ON dues (tenant_id, ref_id)`,
		`CREATE TABLE lookups (
			id ` + d.id() + `, tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id), kind ` + t + `, ref ` + k + `,
			retry_ms ` + n + `, lease_ms ` + n + `, attempts ` + n + `, UNIQUE (tenant_id, kind, ref))`,
	}
}

// appendOnly makes the database itself refuse to change or delete what the
// record holds, whoever asks.
func appendOnly(d dialect) []string {
	if d.postgres() {
		all := []string{`CREATE FUNCTION refuse_change() RETURNS trigger AS $$
			BEGIN RAISE EXCEPTION 'the record is append-only: % of % refused', TG_OP, TG_TABLE_NAME; END $$ LANGUAGE plpgsql`}
		for _, table := range []string{"entries", "seals"} {
			all = append(all,
				`CREATE TRIGGER `+table+`_rows BEFORE UPDATE OR DELETE ON `+table+` FOR EACH ROW EXECUTE FUNCTION refuse_change()`,
				`CREATE TRIGGER `+table+`_whole BEFORE TRUNCATE ON `+table+` FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()`)
		}
		return all
	}
	var all []string
	for _, table := range []string{"entries", "seals"} {
		for _, op := range []string{"UPDATE", "DELETE"} {
			all = append(all, `CREATE TRIGGER `+table+`_`+op+` BEFORE `+op+` ON `+table+
				` BEGIN SELECT RAISE(ABORT, 'the record is append-only: `+op+` of `+table+` refused'); END`)
		}
	}
	return all
}
