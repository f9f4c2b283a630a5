package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"muster/config"
	"muster/models"
	"muster/services"
)

type verifyCommand struct {
	Workspace string   `help:"Slack id of the workspace; needed when the database holds several." placeholder:"T1"`
	Code      string   `help:"An activity record's code: check this record as well." placeholder:"CODE"`
	Head      []string `help:"A head as a summary posted it: the number of the entry and its check code." placeholder:"4812:7f3a…c2"`
}

// errBroken ends a verification that found something.
var errBroken = errors.New("the record is not what it was")

// Run checks the record and prints the first break.
func (c verifyCommand) Run(inv *invocation) error {
	settings, err := inv.settings(config.ForTools)
	if err != nil {
		return err
	}
	heads, err := postedHeads(c.Head)
	if err != nil {
		return err
	}
	return runVerify(inv.ctx, settings, inv.io, c, heads)
}

// postedHeads reads 4812:7f3a…c2, where the code may be whole or shortened.
func postedHeads(given []string) (heads []services.PostedHead, err error) {
	for _, text := range given {
		seq, code, ok := strings.Cut(text, ":")
		n, err := strconv.ParseInt(strings.TrimSpace(seq), 10, 64)
		if !ok || err != nil || n < 1 || strings.TrimSpace(code) == "" {
			return nil, usageError{reason: fmt.Sprintf("--head: %q is not an entry and its check code; write it as 4812:7f3a…c2", text)}
		}
		heads = append(heads, services.PostedHead{Seq: n, Code: strings.TrimSpace(code)})
	}
	return heads, nil
}

func runVerify(ctx context.Context, settings config.Settings, std streams, asked verifyCommand, heads []services.PostedHead) (err error) {
	st, _, err := openTools(ctx, settings, std)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, st.Close()) }()
	svc := services.New(st, services.Options{Random: randomBytes,
		Defaults: services.Defaults{Lang: settings.Lang, Zone: settings.Timezone.String()}})
	tenant, err := svc.OnlyTenant(ctx, asked.Workspace)
	if err != nil {
		return exportFault(err)
	}
	found, err := svc.Verify(ctx, tenant, heads)
	if err != nil {
		return err
	}
	if !found.Break.OK() {
		fmt.Fprintf(std.Out, "%s: %s\n", tenant.ExternalID, found.Break)
		return errBroken
	}
	_, err = fmt.Fprintf(std.Out, "%s: the record is whole: %d entries, %d posted heads agree; check code %s\n",
		tenant.ExternalID, found.Entries, found.Heads, found.Code)
	if err != nil || asked.Code == "" {
		return err
	}
	return verifyCode(ctx, svc, std, tenant, asked.Code)
}

// verifyCode says whether the activity record behind a code still matches the
// database.
func verifyCode(ctx context.Context, svc *services.Services, std streams, tenant models.Tenant, code string) error {
	record, ok, err := svc.CheckActivity(ctx, code)
	if err != nil {
		return fmt.Errorf("activity record %s: %w", code, err)
	}
	switch {
	case !ok || record.TenantID != tenant.ID:
		return fmt.Errorf("%s has no activity record with the code %s", tenant.ExternalID, code)
	case record.WithdrawnAt != 0:
		return fmt.Errorf("the activity record %s was withdrawn", code)
	case !record.Matches():
		return fmt.Errorf("the activity record %s does not match the database any more", code)
	}
	_, err = fmt.Fprintf(std.Out, "%s: the activity record %s matches the database\n", tenant.ExternalID, code)
	return err
}
