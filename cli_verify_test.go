package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"muster/models"
	"muster/store"
)

// posted stores a summary's posting that carries a head.
func posted(t *testing.T, env []string, seq int64, hash string) {
	t.Helper()
	st, err := store.Open(t.Context(), store.Options{DSN: strings.TrimPrefix(env[0], "MUSTER_DATABASE="), World: time.Now, Machine: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	err = st.InTx(t.Context(), func(tx *store.Tx) error {
		p := models.Posting{TenantID: 1, Start: models.Instant(seq), Kind: models.PeriodWeek, HeadSeq: seq, HeadHash: hash}
		return tx.Save(models.By{TenantID: 1, Action: "summary_post"}, &p)
	})
	if err = errors.Join(err, st.Close()); err != nil {
		t.Fatal(err)
	}
}

// sealed is the number of entries and the check code that verify prints.
func sealed(t *testing.T, out string) (seq int64, code string) {
	t.Helper()
	var heads int
	if _, err := fmt.Sscanf(out, "T1: the record is whole: %d entries, %d posted heads agree; check code %s", &seq, &heads, &code); err != nil || seq == 0 {
		t.Fatalf("%q: %v", out, err)
	}
	return seq, code
}

func TestVerifyFromTheCommandLine(t *testing.T) {
	t.Parallel()
	env := held(t, "T1")
	code, out, errs := runHere(env, "verify")
	if code != exitDone {
		t.Fatalf("%d, %q, %q", code, out, errs)
	}
	seq, hash := sealed(t, out)
	posted(t, env, seq, hash)
	short := hash[:4] + "…" + hash[len(hash)-4:]
	code, out, errs = runHere(env, "verify", "--head", fmt.Sprintf("%d:%s", seq, short))
	if code != exitDone || !strings.Contains(out, "2 posted heads agree") {
		t.Errorf("a head that was posted: %d, %q, %q", code, out, errs)
	}
	if code, _, errs := runHere(env, "verify", "--code", "NOSUCHCODE"); code != exitFailed || !strings.Contains(errs, "no activity record") {
		t.Errorf("a code that nobody got: %d, %q", code, errs)
	}
	if code, out, _ := runHere(env, "verify", "--head", fmt.Sprintf("%d:%s", seq+9, short)); code != exitFailed || !strings.Contains(out, "posted head") {
		t.Errorf("a head behind the tail: %d, %q", code, out)
	}
	posted(t, env, seq, strings.Repeat("0", len(hash)))
	if code, out, _ := runHere(env, "verify"); code != exitFailed || !strings.Contains(out, fmt.Sprintf("seq %d", seq)) {
		t.Errorf("a posting with another head: %d, %q", code, out)
	}
}
