package config

import (
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"
)

// Secret is a credential. Whatever prints it, by whichever verb, prints only
// whether it is set; Reveal is the one way to its text.
type Secret struct{ text string }

// NewSecret hides text.
func NewSecret(text string) Secret { return Secret{text: text} }

// Reveal is the text itself, for the one place that sends it.
func (s Secret) Reveal() string { return s.text }

// IsSet says whether there is any text.
func (s Secret) IsSet() bool { return s.text != "" }

func (s Secret) String() string {
	if s.text == "" {
		return "unset"
	}
	return "set"
}

// Format answers every verb: fmt would print the field itself under %d or %#v.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue answers slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalText answers encoders of JSON and YAML.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// DatabaseAddress names the database. A postgres:// address may carry a
// password, so it prints without one; Reveal is the address as given.
type DatabaseAddress string

// Reveal is the address with its password, for the one place that opens it.
func (d DatabaseAddress) Reveal() string { return string(d) }

// Postgres says whether the address names a PostgreSQL server.
func (d DatabaseAddress) Postgres() bool {
	return strings.HasPrefix(string(d), "postgres://") || strings.HasPrefix(string(d), "postgresql://")
}

func (d DatabaseAddress) String() string { return withoutPassword(string(d)) }

// Format answers every verb, as for Secret.
func (d DatabaseAddress) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, d.String()) }

// LogValue answers slog.
func (d DatabaseAddress) LogValue() slog.Value { return slog.StringValue(d.String()) }

// MarshalText answers encoders of JSON and YAML.
func (d DatabaseAddress) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// By pattern and not by url.Parse: an address that does not parse is exactly
// the one that ends up in an error message. Up to the last @, because people
// forget to escape one inside a password.
func withoutPassword(address string) string {
	userinfo := regexp.MustCompile(`(?s)://([^:@/?#]*):.*@`)
	parameter := regexp.MustCompile(`(?is)((?:ssl)?password)(\s*=\s*|%3d)('[^']*'?|[^&\s]*)`)
	address = userinfo.ReplaceAllString(address, "://$1:hidden@")
	return parameter.ReplaceAllString(address, "${1}=hidden")
}

// Slack's tokens begin with xox or xapp and a letter or dash, whatever
// variable they were pasted into by mistake.
func looksSecret(key, value string) bool {
	token := regexp.MustCompile(`(?i)xox[a-z0-9]{0,2}[-.]|xapp-`)
	name := regexp.MustCompile(`(?i)token|secret|passw|credential|api_?key`)
	return token.MatchString(value) || name.MatchString(key)
}

// longestShown bounds a quoted value: enough to recognise it, short enough for
// one line of a terminal.
const longestShown = 80

// shown is value as an error message may quote it: on one line, not too long,
// and hidden when it may be a secret.
func shown(key, value string, secret bool) string {
	switch value {
	case "":
		return "empty"
	case notText:
		return "a block of values"
	}
	if secret || looksSecret(key, value) {
		return fmt.Sprintf("(hidden, %d characters)", len([]rune(value)))
	}
	runes := []rune(withoutPassword(value))
	if len(runes) > longestShown {
		return fmt.Sprintf("%q… (%d characters)", string(runes[:longestShown]), len(runes))
	}
	return fmt.Sprintf("%q", string(runes))
}
