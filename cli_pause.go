package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"muster/config"
	"muster/services"
)

type pauseCommand struct {
	Workspace string `help:"Slack id of the workspace; needed when the database holds several." placeholder:"T1"`
}

// Run holds everything outgoing of a workspace.
func (c pauseCommand) Run(inv *invocation) error { return runPause(inv, c.Workspace, true) }

type resumeCommand struct {
	Workspace string `help:"Slack id of the workspace; needed when the database holds several." placeholder:"T1"`
}

// Run releases what pause holds.
func (c resumeCommand) Run(inv *invocation) error { return runPause(inv, c.Workspace, false) }

// runPause writes to the database that a running Muster reads before each
// claim, so that it takes hold within a second, and through restarts.
func runPause(inv *invocation, workspace string, hold bool) error {
	settings, err := inv.settings(config.ForTools)
	if err != nil {
		return err
	}
	return holdSending(inv.ctx, settings, inv.io, workspace, hold)
}

func holdSending(ctx context.Context, settings config.Settings, std streams, workspace string, hold bool) (err error) {
	st, world, err := openTools(ctx, settings, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	svc := services.New(st, services.Options{Random: randomBytes,
		Defaults: services.Defaults{Lang: settings.Lang, Zone: settings.Timezone.String()},
		Pace:     services.Pace{PostsPerMinute: settings.PostsPerMinute, WorldSpeed: world.Speed}})
	tenant, err := svc.OnlyTenant(ctx, workspace)
	if err != nil {
		return exportFault(err)
	}
	out, err := svc.PauseWorkspace(ctx, tenant, hold)
	if err != nil {
		return err
	}
	return sayHeld(std.Out, tenant.ExternalID, hold, out, settings.Timezone)
}

func sayHeld(w io.Writer, workspace string, hold bool, out services.Held, zone *time.Location) error {
	waiting := fmt.Sprintf("%d messages wait", out.Waiting)
	if out.Waiting == 1 {
		waiting = "1 message waits"
	}
	var err error
	switch {
	case hold && out.Changed:
		_, err = fmt.Fprintf(w, "%s is paused: nothing goes out, answers are still taken; %s. To go on: muster resume\n", workspace, waiting)
	case hold:
		_, err = fmt.Fprintf(w, "%s was paused already; %s. To go on: muster resume\n", workspace, waiting)
	case !out.Changed:
		_, err = fmt.Fprintf(w, "%s was not paused; messages go out as usual\n", workspace)
	case out.Waiting == 0:
		_, err = fmt.Fprintf(w, "%s goes on; nothing waits\n", workspace)
	default:
		_, err = fmt.Fprintf(w, "%s goes on; %s, done by about %s\n", workspace, waiting, out.Until.In(zone).Format("2006-01-02 15:04"))
	}
	return err
}
