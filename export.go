package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"muster/config"
	"muster/models"
	"muster/services"
	"muster/views"
)

// runExport writes one kind of export to a file or standard output.
func runExport(ctx context.Context, settings config.Settings, std streams, flags ExportFlags) (err error) {
	st, _, err := openTools(ctx, settings, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	svc := services.New(st, services.Options{Random: randomBytes,
		Defaults: services.Defaults{Lang: settings.Lang, Zone: settings.Timezone.String()}})
	tenant, err := svc.OnlyTenant(ctx, flags.Workspace)
	if err != nil {
		return exportFault(err)
	}
	q := models.ExportQuery{Kind: flags.Kind, From: dayIn(tenant, flags.From), To: dayIn(tenant, flags.To)}
	if flags.Unit != "" {
		if q.UnitID, err = svc.UnitID(ctx, tenant, flags.Unit); err != nil {
			return exportFault(err)
		}
	}
	out, done, err := exportTarget(std.Out, flags.Output)
	if err != nil {
		return err
	}
	var table views.Table
	err = svc.Export(ctx, tenant.ExternalID, 0, q, func(columns []string) error {
		table, err = views.NewTable(out, flags.Format, flags.Excel, columns)
		return err
	}, func(row []any) error { return table.Row(row) })
	if err == nil {
		err = table.Close()
	}
	return errors.Join(exportFault(err), done(err == nil))
}

// dayIn is the first instant of a day in the organisation's zone; zero when
// none was given.
func dayIn(t models.Tenant, day time.Time) models.Instant {
	if day.IsZero() {
		return 0
	}
	return models.At(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, t.Location()))
}

// exportTarget is where an export goes. A file appears under its name only
// when it is whole.
func exportTarget(std io.Writer, name string) (io.Writer, func(whole bool) error, error) {
	if name == "" || name == "-" {
		return std, func(bool) error { return nil }, nil
	}
	part := name + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600) // names and places of people
	if err != nil {
		return nil, nil, fmt.Errorf("write the export: %w", err)
	}
	return f, func(whole bool) error {
		err := f.Close()
		if err != nil || !whole {
			return errors.Join(err, os.Remove(part))
		}
		return os.Rename(part, name)
	}, nil
}

// exportFault is err in words for a command line.
func exportFault(err error) error {
	var e *models.Error
	if !errors.As(err, &e) {
		return err
	}
	cat, catErr := views.NewCatalog()
	if catErr != nil {
		return errors.Join(err, catErr)
	}
	return errors.New(cat.For(views.Reader{Lang: "en"}).Error(err, ""))
}
