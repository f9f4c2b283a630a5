// Package store keeps everything Muster knows, in SQLite or PostgreSQL, and is
// the only package that knows either. A decision is one transaction (InTx): its
// rows, the messages it causes and its entry in the record are written
// together or not at all. Feature queries are methods on Tx in files of the
// feature's name.
//
// One writer at a time, on both databases: SQLite has no other way, and on
// PostgreSQL an advisory lock gives the same, so a decision that read a count
// may rely on it until it commits. The loops (claims and settles of messages)
// do not take that lock on PostgreSQL; they lock the rows they touch.
package store
