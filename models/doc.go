// Package models holds the nouns of Muster and the rules about them: state and
// now go in, changes come out. It does no input or output and imports nothing
// of ours. Rows are stored as they stand here (package store reads the gorm
// tags, which are plain strings to everybody else).
package models
