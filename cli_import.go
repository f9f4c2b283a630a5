package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"muster/config"
	"muster/grammar"
	"muster/models"
	"muster/services"
	"muster/views"
)

type importCommand struct {
	Kind      string `arg:"" enum:"members,units" help:"members or units."`
	File      string `arg:"" help:"CSV file with a head; - reads standard input."`
	DryRun    bool   `help:"Show what would change, and change nothing."`
	Workspace string `help:"Slack id of the workspace; needed when the database holds several." placeholder:"T1"`
}

// rowFaults is a file that was not applied: a line for each row at fault.
type rowFaults struct{ lines []string }

func (f rowFaults) Error() string { return strings.Join(f.lines, "\n") }

// Run imports one file: all of it, or nothing.
func (c importCommand) Run(inv *invocation) (err error) {
	settings, err := inv.settings(config.ForTools)
	if err != nil {
		return err
	}
	raw, err := c.read(inv.io.In)
	if err != nil {
		return err
	}
	st, _, err := openTools(inv.ctx, settings, inv.io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	var admins []string
	for _, admin := range settings.Admins {
		admins = append(admins, admin.String())
	}
	svc := services.New(st, services.Options{Random: randomBytes, Admins: admins,
		Defaults: services.Defaults{Lang: settings.Lang, Zone: settings.Timezone.String()}})
	tenant, err := svc.OnlyTenant(inv.ctx, c.Workspace)
	if err != nil {
		return exportFault(err)
	}
	done, faults, err := c.bring(inv.ctx, svc, tenant.ExternalID, raw)
	if err != nil {
		return exportFault(err)
	}
	return c.report(inv.io.Out, done, faults)
}

func (c importCommand) read(stdin io.Reader) ([]byte, error) {
	if c.File == "-" {
		raw, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
		return raw, nil
	}
	raw, err := os.ReadFile(c.File)
	if err != nil {
		return nil, fmt.Errorf("read the file: %w", err)
	}
	return raw, nil
}

// bring reads the file and hands it to the services, unless a row cannot even
// be read: then who it is about does not matter.
func (c importCommand) bring(ctx context.Context, svc *services.Services, tenant string, raw []byte) (models.Imported, []models.Fault, error) {
	if c.Kind == "units" {
		lines, faults := grammar.ReadUnits(raw)
		if len(faults) > 0 {
			return models.Imported{}, faults, nil
		}
		return svc.ImportUnits(ctx, tenant, lines, c.DryRun)
	}
	lines, faults := grammar.ReadMembers(raw)
	if len(faults) > 0 {
		return models.Imported{}, faults, nil
	}
	return svc.ImportMembers(ctx, tenant, lines, c.DryRun)
}

// report writes what was done, a line a row that changed, or what is at fault.
func (c importCommand) report(out io.Writer, done models.Imported, faults []models.Fault) error {
	cat, err := views.NewCatalog()
	if err != nil {
		return err
	}
	p := cat.For(views.Reader{Lang: "en"})
	if len(faults) > 0 {
		var f rowFaults
		for _, fault := range faults {
			f.lines = append(f.lines, fmt.Sprintf("line %d: %s", fault.Line, oneLine(p.Say(fault.Err.Key, fault.Err.Args))))
		}
		f.lines = append(f.lines, p.T("import.refused", "N", len(faults)))
		return f
	}
	var b strings.Builder
	for _, change := range done.Changes {
		b.WriteString(changeLine(p, change) + "\n")
	}
	b.WriteString(p.T("import.counts", "New", done.New, "Changed", done.Changed, "Same", done.Same) + "\n")
	if c.DryRun {
		b.WriteString(p.T("import.dry") + "\n")
	}
	if _, err := io.WriteString(out, b.String()); err != nil {
		return fmt.Errorf("write what was imported: %w", err)
	}
	return nil
}

// changeLine is what one row changes: "line 3: Wang (U2): unit East -> West".
func changeLine(p *views.Printer, c models.ImportChange) string {
	var parts []string
	for _, f := range c.Fields {
		value := func(text string) string {
			if text == "" {
				return p.T("import.none")
			}
			return text
		}
		named := f.Name == "user_id" || f.Name == "email" || f.Name == "name" // stands before it already
		switch {
		case c.New && named:
		case c.New:
			parts = append(parts, f.Name+" "+value(f.Now))
		default:
			parts = append(parts, f.Name+" "+value(f.Was)+" -> "+value(f.Now))
		}
	}
	if len(parts) == 0 {
		parts = append(parts, p.T("import.now_member"))
	}
	key := "import.changed"
	if c.New {
		key = "import.new"
	}
	return p.T(key, "Line", c.Line, "Who", c.Who, "What", strings.Join(parts, ", "))
}
