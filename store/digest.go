package store

import "muster/models"

// Digests are the tenant's digests that were not deleted, by number.
func (tx *Tx) Digests(tenantID int64) ([]models.Digest, error) {
	return many[models.Digest](tx.db.Where("tenant_id = ? AND deleted = ?", tenantID, false).Order("number"))
}

// Digest is one digest by id.
func (tx *Tx) Digest(id int64) (models.Digest, error) {
	return found[models.Digest]("digest", tx.db.Where("id = ?", id))
}

// DigestByNumber is the tenant's digest d<number>, deleted ones excluded.
func (tx *Tx) DigestByNumber(tenantID int64, number int) (models.Digest, error) {
	return found[models.Digest]("digest", tx.db.Where("tenant_id = ? AND number = ? AND deleted = ?", tenantID, number, false))
}

// Posting is one posting by id.
func (tx *Tx) Posting(id int64) (models.Posting, error) {
	return found[models.Posting]("posting", tx.db.Where("id = ?", id))
}

// PostingOf is a digest's posting about the period that begins at start.
func (tx *Tx) PostingOf(digestID int64, start models.Instant) (models.Posting, error) {
	return found[models.Posting]("posting", tx.db.Where("digest_id = ? AND start = ?", digestID, start))
}

// PostingsAhead are a digest's postings that nobody held.
func (tx *Tx) PostingsAhead(digestID int64) ([]models.Posting, error) {
	return many[models.Posting](tx.db.Where("digest_id = ? AND state = ?", digestID, models.PostingQueued).Order("id"))
}

// LastPosting is a digest's posting about the latest period.
func (tx *Tx) LastPosting(digestID int64) (models.Posting, error) {
	return found[models.Posting]("posting", tx.db.Where("digest_id = ?", digestID).Order("start DESC"))
}
