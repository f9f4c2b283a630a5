package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"muster/config"
	"muster/store"
)

// runMigrate brings the database to this version's schema and ends.
func runMigrate(ctx context.Context, settings config.Settings, io streams) error {
	st, err := store.Open(ctx, store.Options{DSN: string(settings.Database), World: time.Now, Machine: time.Now, Log: newLog(settings, io.Err)})
	if err != nil {
		return err
	}
	if err := st.Migrate(ctx); err != nil {
		return errors.Join(err, st.Close())
	}
	if err := st.Close(); err != nil {
		return fmt.Errorf("close the database: %w", err)
	}
	fmt.Fprintf(io.Out, "%s has this version's schema.\n", settings.Database)
	return nil
}
