package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"muster/config"
)

// Exit codes, as other command lines use them.
const (
	exitDone   = 0
	exitFailed = 1 // it was understood and could not be done
	exitUsage  = 2 // it was not understood, or is not built yet
)

// streams are the three standard streams of a run.
type streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// invocation is one run of the program: what a command needs of the world.
type invocation struct {
	ctx   context.Context
	flags config.Flags
	env   []string
	io    streams
}

// settings reads flags, environment and file for purpose.
func (inv *invocation) settings(purpose config.Purpose) (config.Settings, error) {
	return config.Load(config.Sources{
		Flags: inv.flags.Given(), Environ: inv.env, ReadFile: os.ReadFile, Purpose: purpose,
	})
}

// cli is the command line. A verb that is not built yet is known, so that it
// is answered as what it is, and hidden, so that help offers only what works.
type cli struct {
	config.Flags `embed:""`

	Serve      serveCommand      `cmd:"" help:"Run the bot on a real workspace, or on whatever SLACK_API_URL names."`
	Demo       demoCommand       `cmd:"" help:"Run the whole bot in a sandbox, with a page on which to act as any member."`
	Migrate    migrateCommand    `cmd:"" help:"Bring the database to this version's schema."`
	Export     exportCommand     `cmd:"" help:"Write calls, signups, hours, study, attendance, members, units or audit as a file."`
	Pause      pauseCommand      `cmd:"" help:"Hold everything outgoing; answers are still taken."`
	Resume     resumeCommand     `cmd:"" help:"Release what pause holds."`
	Import     importCommand     `cmd:"" help:"Bring members or units in from a CSV file."`
	Understand understandCommand `cmd:"" help:"Show how a text is read, as JSON."`
	Verify     verifyCommand     `cmd:"" help:"Check the record; print the first break."`
	Manifest   manifestCommand   `cmd:"" help:"Print the Slack app manifest for this version."`

	Doctor  laterCommand `cmd:"" hidden:"" passthrough:""`
	Backup  laterCommand `cmd:"" hidden:"" passthrough:""`
	Restore laterCommand `cmd:"" hidden:"" passthrough:""`
}

// usageError is a command line that was not understood.
type usageError struct{ reason string }

func (e usageError) Error() string { return e.reason }

// errHelpShown ends a run that only asked for help.
var errHelpShown = errors.New("help was shown")

// Run is the whole program: it does what args say and returns the exit code.
// Results go to stdout, one sentence about what went wrong to stderr.
func Run(ctx context.Context, args, env []string, stdin io.Reader, stdout, stderr io.Writer) int {
	err := run(ctx, args, env, streams{In: stdin, Out: stdout, Err: stderr})
	var usage usageError
	var faults config.Faults
	var unclear unclearText
	var rows rowFaults
	switch {
	case err == nil || errors.Is(err, errHelpShown):
		return exitDone
	case errors.As(err, &faults):
		fmt.Fprintln(stderr, faults.Error())
		return exitFailed
	case errors.As(err, &rows):
		fmt.Fprintln(stderr, rows.Error())
		return exitFailed
	case errors.As(err, &unclear):
		fmt.Fprintln(stderr, oneLine(unclear.Error()))
		return exitFailed
	case errors.As(err, &usage):
		fmt.Fprintln(stderr, "muster: "+oneLine(usage.reason))
		return exitUsage
	default:
		fmt.Fprintln(stderr, "muster: "+oneLine(err.Error()))
		return exitFailed
	}
}

func run(ctx context.Context, args, env []string, io streams) error {
	var line cli
	parser, err := kong.New(&line,
		kong.Name("muster"),
		kong.Description("Finds volunteers and reminds of study, in a Slack workspace or in a sandbox of its own."),
		kong.Writers(io.Out, io.Err),
		kong.Exit(func(int) {}), // Run returns the code; only main ends the process
		kong.Help(printHelp),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
	if err != nil {
		return fmt.Errorf("build the command line: %w", err)
	}
	parsed, err := parser.Parse(keepMinus(args))
	if errors.Is(err, errHelpShown) {
		return errHelpShown
	}
	if err != nil {
		return usageError{reason: strings.ReplaceAll(err.Error(), minus, "-") + `; try "muster --help"`}
	}
	return parsed.Run(&invocation{ctx: ctx, flags: line.Flags, env: env, io: io})
}

func printHelp(options kong.HelpOptions, ctx *kong.Context) error {
	if err := kong.DefaultHelpPrinter(options, ctx); err != nil {
		return fmt.Errorf("print help: %w", err)
	}
	return errHelpShown
}

// minus stands for the first dash of a text such as -1. An argument cannot
// hold a NUL, so it cannot be mistaken for anything that was typed.
const minus = "\x00"

// keepMinus keeps replies such as "-1" from being read as a flag: no flag
// begins with anything but a letter, and a reply should not need a "--" before it.
func keepMinus(args []string) []string {
	number := regexp.MustCompile(`^-[^A-Za-z-]`)
	kept := make([]string, 0, len(args))
	for _, arg := range args {
		if number.MatchString(arg) {
			arg = minus + arg[1:]
		}
		kept = append(kept, arg)
	}
	return kept
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// laterCommand is a verb of a later version.
type laterCommand struct {
	Rest []string `arg:"" optional:""`
}

// Run answers that the verb is not there yet.
func (laterCommand) Run(ctx *kong.Context) error {
	return usageError{reason: ctx.Selected().Name + ": not built yet"}
}

type serveCommand struct{}

// Run serves a workspace until the context ends.
func (serveCommand) Run(inv *invocation) error {
	settings, err := inv.settings(config.ForServe)
	if err != nil {
		return err
	}
	return runServe(inv.ctx, settings, inv.io)
}

type demoCommand struct{}

// DemoFlags is what somebody decides about a demo; the defaults of the
// settings stand where nothing was.
type DemoFlags struct {
	Listen     string
	ClockStart time.Time // zero: now
	ClockSpeed float64   // pretend seconds in a real one
	Lang       string    // zh or en
}

// Run serves the sandbox until the context ends.
func (demoCommand) Run(inv *invocation) error {
	settings, err := inv.settings(config.ForDemo)
	if err != nil {
		return err
	}
	return runDemo(inv.ctx, settings, inv.io, DemoFlags{
		Listen: settings.Listen, ClockStart: settings.Clock.Start, ClockSpeed: settings.Clock.Speed, Lang: settings.Lang,
	})
}

type migrateCommand struct{}

// Run migrates the database and ends.
func (migrateCommand) Run(inv *invocation) error {
	settings, err := inv.settings(config.ForTools)
	if err != nil {
		return err
	}
	return runMigrate(inv.ctx, settings, inv.io)
}
