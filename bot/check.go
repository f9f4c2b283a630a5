package bot

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// TokenFault is a start-up fault in one sentence that names the token.
type TokenFault struct {
	Token   string   // SLACK_BOT_TOKEN or SLACK_APP_TOKEN
	Missing []string // scopes
	Code    string   // Slack's error code
	Cause   error
}

func (f *TokenFault) Error() string {
	switch {
	case len(f.Missing) > 0:
		return fmt.Sprintf("%s lacks the scopes %s: add them to the app (muster manifest prints all of them) and install it again", f.Token, strings.Join(f.Missing, ", "))
	case f.Code == "token_expired":
		return f.Token + " has expired (Slack says token_expired): turn token rotation off or make a new token"
	case f.Code == "not_allowed_token_type":
		return f.Token + " is of the wrong type (Slack says not_allowed_token_type): a bot token begins with xoxb-"
	}
	return fmt.Sprintf("%s is refused by Slack (%s): copy the bot token from the app's page OAuth & Permissions", f.Token, f.Code)
}

func (f *TokenFault) Unwrap() error { return f.Cause }

// Check asks Slack who the bot token belongs to and whether it has the scopes
// needed. A *TokenFault is for good; any other error means that Slack could not
// be asked, which may pass.
func Check(ctx context.Context, w Web, needed []string) (Identity, error) {
	id, err := w.Auth(ctx)
	if err != nil {
		fault := faultOf(err)
		if fault.Kind == FaultRefused && badToken[fault.Code] {
			var missing []string
			if fault.Needed != "" {
				missing = strings.Split(fault.Needed, ",")
			}
			return id, &TokenFault{Token: "SLACK_BOT_TOKEN", Code: fault.Code, Missing: missing, Cause: err}
		}
		if u, ok := errors.AsType[*url.Error](fault.Cause); ok { // without the address, which the settings say
			return id, fmt.Errorf("ask Slack who the bot is: %w (%w)", err, u.Err)
		}
		return id, fmt.Errorf("ask Slack who the bot is: %w", err)
	}
	// Some gateways strip the header; then nothing can be said about scopes.
	if len(id.Scopes) == 0 {
		return id, nil
	}
	var missing []string
	for _, scope := range needed {
		if !slices.Contains(id.Scopes, scope) {
			missing = append(missing, scope)
		}
	}
	if len(missing) > 0 {
		return id, &TokenFault{Token: "SLACK_BOT_TOKEN", Missing: missing, Code: "missing_scope"}
	}
	return id, nil
}
