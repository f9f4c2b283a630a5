package sandbox

import (
	"strings"
)

func (w *World) authTest(*request) (answer, error) {
	return answer{"url": w.URL(), "team": w.o.TeamName, "user": w.o.BotName, "team_id": w.o.TeamID,
		"user_id": w.botUser, "bot_id": w.botID, "is_enterprise_install": false}, nil
}

func (w *World) appsConnectionsOpen(*request) (answer, error) {
	ticket := secret(12)
	w.tickets[ticket] = true
	return answer{"url": "ws://" + w.address + "/socket/?ticket=" + ticket + "&app_id=" + w.appID}, nil
}

// OAuthCode makes a code that oauth.v2.access will exchange once, as at the end
// of "Add to Slack".
func (w *World) OAuthCode() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	code := "code-" + secret(8)
	w.codes[code] = true
	return code
}

func (w *World) oauthAccess(r *request) (answer, error) {
	code := r.args.str("code")
	if !w.codes[code] {
		return nil, fail("invalid_code")
	}
	delete(w.codes, code)
	return answer{
		"access_token": w.botToken, "token_type": "bot", "scope": strings.Join(w.o.BotScopes, ","),
		"bot_user_id": w.botUser, "app_id": w.appID, "enterprise": nil, "is_enterprise_install": false,
		"team":        map[string]any{"id": w.o.TeamID, "name": w.o.TeamName},
		"authed_user": map[string]any{"id": w.anyAdmin()},
	}, nil
}

func (w *World) teamInfo(*request) (answer, error) {
	return answer{"team": map[string]any{"id": w.o.TeamID, "name": w.o.TeamName, "domain": w.domain(),
		"url": w.URL(), "icon": map[string]any{"image_default": true}}}, nil
}

func (w *World) domain() string {
	return strings.ToLower(strings.ReplaceAll(w.o.TeamName, " ", "-"))
}

func (w *World) botsInfo(r *request) (answer, error) {
	if r.args.str("bot") != w.botID {
		return nil, fail("bot_not_found")
	}
	return answer{"bot": map[string]any{"id": w.botID, "deleted": w.revoked, "name": w.o.BotName,
		"app_id": w.appID, "user_id": w.botUser, "icons": map[string]any{}}}, nil
}
