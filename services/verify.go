package services

import (
	"context"
	"fmt"
	"strings"

	"muster/models"
	"muster/store"
)

// PostedHead is a head as a summary showed it: the place of an entry and its
// hash, whole or with its middle left out (7f3a…c2).
type PostedHead struct {
	Seq  int64
	Code string
}

// Verified is what a check of the record found.
type Verified struct {
	Break   store.Break // zero: it is whole
	Entries int64       // sealed
	Heads   int         // posted heads that agree
	Code    string      // hash of the last entry
}

// Verify checks a tenant's whole record, and that it still leads to the heads
// that were posted: those the postings hold, and those that were given.
func (s *Services) Verify(ctx context.Context, t models.Tenant, heads []PostedHead) (Verified, error) {
	var out Verified
	if _, err := s.store.Seal(ctx, t.ID); err != nil { // what was committed a moment ago belongs to it
		return out, fmt.Errorf("seal: %w", err)
	}
	var err error
	if out.Break, err = s.store.Verify(ctx, t.ID); err != nil || !out.Break.OK() {
		return out, err
	}
	err = s.store.Read(ctx, func(tx *store.Tx) error {
		head, err := tx.Head(t.ID)
		if err != nil {
			return err
		}
		out.Entries, out.Code = head.Seq, head.Hash
		kept, err := tx.PostedHeads(t.ID)
		if err != nil {
			return err
		}
		for _, p := range kept {
			heads = append(heads, PostedHead{Seq: p.HeadSeq, Code: p.HeadHash})
		}
		for _, h := range heads {
			hash, err := tx.SealedHash(t.ID, h.Seq)
			if err != nil {
				return err
			}
			if hash == "" || !agrees(hash, h.Code) {
				out.Break = store.Break{Seq: h.Seq, What: "a posted head is not the one the record leads to: " + h.Code}
				return nil
			}
			out.Heads++
		}
		return nil
	})
	return out, err
}

// agrees says whether a hash is the one posted, of which the middle may be
// left out.
func agrees(hash, posted string) bool {
	posted = strings.ToLower(strings.ReplaceAll(posted, "...", "…"))
	begin, end, short := strings.Cut(posted, "…")
	if !short {
		return hash == posted
	}
	return len(begin)+len(end) >= 4 && strings.HasPrefix(hash, begin) && strings.HasSuffix(hash, end)
}
