package store

// digestSchema is the first form of digests and postings.
func digestSchema(d dialect) []string {
	return []string{
		`CREATE TABLE digests (
		  id ` + d.id() + `,
		  tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id),
		  number ` + d.must(d.bigint()) + `,
		  cadence ` + d.must(d.text()) + `,
		  weekday ` + d.must(d.bigint()) + `,
		  day ` + d.must(d.bigint()) + `,
		  minute ` + d.must(d.bigint()) + `,
		  zone ` + d.must(d.text()) + `,
		  channel ` + d.must(d.text()) + `,
		  reviewer_id ` + d.must(d.bigint()) + `,
		  deleted ` + d.must(d.boolean()) + `,
		  creator_id ` + d.must(d.bigint()) + `,
		  created_at ` + d.must(d.bigint()) + `)`,
		`CREATE UNIQUE INDEX digests_number ON digests(tenant_id, number)`,
		`CREATE TABLE postings (
		  id ` + d.id() + `,
		  tenant_id ` + d.bigint() + ` NOT NULL REFERENCES tenants(id),
		  digest_id ` + d.bigint() + ` REFERENCES digests(id),
		  start ` + d.must(d.bigint()) + `,
		  "end" ` + d.must(d.bigint()) + `,
		  kind ` + d.must(d.text()) + `,
		  unit_id ` + d.must(d.bigint()) + `,
		  channel ` + d.must(d.text()) + `,
		  state ` + d.must(d.text()) + `,
		  due_at ` + d.must(d.bigint()) + `,
		  "by" ` + d.must(d.bigint()) + `,
		  created_at ` + d.must(d.bigint()) + `)`,
		`CREATE UNIQUE INDEX postings_once ON postings(digest_id, start)`,
		`CREATE INDEX postings_tenant ON postings(tenant_id)`,
	}
}
