package store

// subscriptionSchema is private calendar links.
func subscriptionSchema(dialect) []string { return nil }
