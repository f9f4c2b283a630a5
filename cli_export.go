package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/config"
)

// exportKinds are the kinds that this version writes, laterKinds those that a
// later one will.
func exportKinds() (now, later []string) {
	return []string{"calls", "signups", "hours", "study", "attendance", "study_year", "members", "units", "audit"},
		[]string{"reports", "stations"}
}

type exportCommand struct {
	Kind      string `arg:"" help:"calls, signups, hours, study, attendance, study_year, members, units or audit."`
	From      string `help:"First day, in the organisation's zone." placeholder:"YYYY-MM-DD"`
	To        string `help:"Last day." placeholder:"YYYY-MM-DD"`
	Unit      string `help:"Only what concerns this unit." placeholder:"UNIT"`
	Format    string `help:"csv, xlsx or json (JSON lines)." default:"csv" enum:"csv,xlsx,json"`
	Excel     bool   `help:"Begin CSV with a byte order mark, for Excel."`
	Output    string `short:"o" help:"File to write; standard output without it." placeholder:"FILE"`
	Workspace string `help:"Slack id of the workspace; needed when the database holds several." placeholder:"T1"`
}

// ExportFlags is what somebody decides about an export.
type ExportFlags struct {
	Kind      string    // calls, signups, study, attendance, members, units, audit
	From      time.Time // first instant of the first day; zero without one
	To        time.Time // first instant after the last day; zero without one
	Unit      string
	Format    string // csv, xlsx, json
	Excel     bool
	Output    string // empty or "-": standard output
	Workspace string // Slack id; empty when not given
}

// Run writes one export.
func (c exportCommand) Run(inv *invocation) error {
	now, later := exportKinds()
	switch {
	case slices.Contains(later, c.Kind):
		return usageError{reason: "export " + c.Kind + ": not built yet"}
	case !slices.Contains(now, c.Kind):
		return usageError{reason: fmt.Sprintf("export: there is no kind %q; there are %s", c.Kind, strings.Join(now, ", "))}
	}
	settings, err := inv.settings(config.ForTools)
	if err != nil {
		return err
	}
	flags := ExportFlags{Kind: c.Kind, Unit: c.Unit, Format: c.Format, Excel: c.Excel, Output: c.Output, Workspace: c.Workspace}
	if flags.From, err = exportDay("--from", c.From, settings.Timezone); err != nil {
		return err
	}
	if flags.To, err = exportDay("--to", c.To, settings.Timezone); err != nil {
		return err
	}
	if !flags.To.IsZero() {
		flags.To = flags.To.AddDate(0, 0, 1)
		if !flags.From.IsZero() && !flags.From.Before(flags.To) {
			return usageError{reason: fmt.Sprintf("--from %s is after --to %s", c.From, c.To)}
		}
	}
	return runExport(inv.ctx, settings, inv.io, flags)
}

// exportDay is the first instant of a day in zone; zero when none was given.
func exportDay(flag, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	start, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		return time.Time{}, usageError{reason: fmt.Sprintf("%s: %q is not a day; write it as 2026-11-23", flag, text)}
	}
	return start, nil
}
