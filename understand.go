package main

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"muster/config"
	"muster/grammar"
)

// understandCommand shows how Muster reads a text: JSON on standard output, or
// the one-line reason on standard error.
type understandCommand struct {
	Kind string   `arg:"" enum:"when,reply,call" help:"when, reply or call."`
	Text []string `arg:"" help:"The text; several arguments are joined by spaces."`
	Now  string   `help:"The time at which it is read (RFC 3339); now without it." placeholder:"TIME"`
	Zone string   `help:"The IANA zone in which it is read; the organisation's without it." placeholder:"ZONE"`
	In   string   `help:"Where a reply was written: thread or dm (the bot had asked)." enum:"thread,dm" default:"thread"`
}

// unclearText is the reason why a text was not understood, in the language of
// whoever asked.
type unclearText struct{ line string }

func (u unclearText) Error() string { return u.line }

// Run reads the text.
func (c understandCommand) Run(inv *invocation) error {
	options, err := c.options(inv)
	if err != nil {
		return err
	}
	text := strings.ReplaceAll(strings.Join(c.Text, " "), minus, "-")
	answer, err := understand(c.Kind, text, options)
	var reason *grammar.Reason
	if errors.As(err, &reason) {
		return unclearText{line: reason.Line(options.Lang)}
	}
	if err != nil {
		return fmt.Errorf("understand %s: %w", c.Kind, err)
	}
	if _, err := fmt.Fprintf(inv.io.Out, "%s\n", answer); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return nil
}

func (c understandCommand) options(inv *invocation) (grammar.Options, error) {
	settings, err := inv.settings(config.ForTools)
	if err != nil {
		return grammar.Options{}, err
	}
	zone := settings.Timezone
	if c.Zone != "" {
		zone, err = time.LoadLocation(c.Zone)
		if err != nil || strings.EqualFold(c.Zone, "local") {
			return grammar.Options{}, usageError{reason: fmt.Sprintf("--zone: %q is not an IANA zone such as Asia/Shanghai", c.Zone)}
		}
	}
	now := time.Now()
	if c.Now != "" {
		now, err = time.Parse(time.RFC3339, c.Now)
		if err != nil {
			return grammar.Options{}, usageError{reason: fmt.Sprintf("--now: %q is not a time such as 2026-11-23T09:00:00+08:00 (RFC 3339)", c.Now)}
		}
	}
	return grammar.Options{Now: now.In(zone), Zone: zone, Lang: settings.Lang, Place: c.In}, nil
}

// understand reads text as one of the three kinds.
func understand(kind, text string, options grammar.Options) ([]byte, error) {
	switch kind {
	case "when":
		when, err := grammar.ParseWhen(text, options)
		if err != nil {
			return nil, err
		}
		return when.JSON()
	case "reply":
		return grammar.ParseReply(text, options).JSON()
	default:
		call, err := grammar.ParseCall(text, options)
		if err != nil {
			return nil, err
		}
		return call.JSON()
	}
}
