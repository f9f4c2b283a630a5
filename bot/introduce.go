package bot

import (
	"context"
	"log/slog"
	"time"

	"muster/models"
)

// Acquaintance says what has to be read from Slack before a request can be
// decided: who acts when that is not known, and channels somebody names. The
// lookups have no rows (ID 0): what fails is left to the background.
type Acquaintance interface {
	Unknown(ctx context.Context, r Request, channels []string) ([]models.Lookup, error)
}

// Introductions read from Slack, while the person waits, what a decision about
// them needs: a guest must not be signed up, and the first answer must be in
// their language. Everything else is looked up in the background.
type Introductions struct {
	lookups *Lookups
	who     Acquaintance
	log     *slog.Logger
	met     recent
}

// introduceTime bounds the wait: Slack answers users.info in a tenth of it, and
// the act must be stored and acknowledged in a second all the same.
const introduceTime = 700 * time.Millisecond

// NewIntroductions makes them over the lookups they hurry.
func NewIntroductions(lookups *Lookups, who Acquaintance, log *slog.Logger) *Introductions {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Introductions{lookups: lookups, who: who, log: log}
}

// Introduce reads what is not known yet of who acts, and of channels. What
// fails or takes too long is left to the background, and the request goes on.
func (in *Introductions) Introduce(ctx context.Context, r Request, channels ...string) {
	key := first(r.Enterprise, r.Team) + " " + r.User
	if r.User == "" || in.met.has(key) && len(channels) == 0 {
		return
	}
	rows, err := in.who.Unknown(ctx, r, channels)
	if err != nil {
		in.log.Warn("who acts could not be asked for", "kind", r.Kind, "cause", err)
		return
	}
	in.met.add(key)
	ctx, cancel := context.WithTimeout(ctx, introduceTime)
	defer cancel()
	for _, row := range rows {
		if err := in.lookups.one(ctx, row, true); err != nil {
			in.log.Warn("an introduction failed; it is tried again later", "kind", row.Kind, "tenant", row.TenantID, "cause", err)
		}
	}
}

// introduces says for which kinds the actor is learnt beforehand. Messages in a
// channel and reactions are mostly none of our business: their handlers ask
// once they know that they are.
func introduces(k Kind) bool {
	switch k {
	case KindCommand, KindMention, KindDirect, KindAction, KindSubmission, KindShortcut, KindHome:
		return true
	}
	return false
}
