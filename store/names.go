package store

import "gorm.io/gorm/schema"

// names gives tables and columns gorm's usual names, but for persons, whose
// plural gorm would make people. It is a value without state: gorm keeps it.
type names struct{}

// plain is gorm's own strategy; 63 is PostgreSQL's longest identifier.
func plain() schema.NamingStrategy { return schema.NamingStrategy{IdentifierMaxLength: 63} }

func (names) TableName(t string) string {
	if t == "Person" {
		return "persons"
	}
	return plain().TableName(t)
}

func (names) SchemaName(table string) string { return plain().SchemaName(table) }

func (names) ColumnName(table, column string) string { return plain().ColumnName(table, column) }

func (names) JoinTableName(t string) string { return plain().JoinTableName(t) }

func (names) RelationshipFKName(r schema.Relationship) string { return plain().RelationshipFKName(r) }

func (names) CheckerName(table, column string) string { return plain().CheckerName(table, column) }

func (names) IndexName(table, column string) string { return plain().IndexName(table, column) }

func (names) UniqueName(table, column string) string { return plain().UniqueName(table, column) }
