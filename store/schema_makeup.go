package store

// makeupSchema is what belongs to a make-up: opened material, proof, a quiz.
func makeupSchema(dialect) []string { return nil }
