package store

// leadersSchema is who agreed to be named among the most active.
func leadersSchema(d dialect) []string {
	return []string{`ALTER TABLE persons ADD COLUMN leaderboard ` + d.must(d.boolean())}
}
