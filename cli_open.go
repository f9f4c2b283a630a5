package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/bot"
	"muster/config"
	"muster/store"
)

// openTools opens the database for a verb of the command line, in the world of
// the settings: one entry made in another would throw a rehearsal, or a demo in
// the past, into the present. A database of another version is refused.
func openTools(ctx context.Context, settings config.Settings, std streams) (*store.Store, *bot.World, error) {
	world, err := bot.NewWorld(time.Now, settings.Clock.Start, settings.Clock.Speed)
	if err != nil {
		return nil, nil, err
	}
	st, err := store.Open(ctx, store.Options{DSN: string(settings.Database), World: world.Now, Machine: time.Now, Log: newLog(settings, std.Err)})
	if err != nil {
		return nil, nil, err
	}
	if err := st.CheckSchema(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("%w; muster migrate brings it there", err), st.Close())
	}
	return st, world, nil
}
