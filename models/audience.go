package models

// AudienceKind says what an audience's Ref names.
type AudienceKind string

const (
	AudienceUnit    AudienceKind = "unit"      // Ref is the unit's id
	AudienceChannel AudienceKind = "channel"   // Ref is a Slack channel id
	AudienceGroup   AudienceKind = "usergroup" // Ref is a Slack user group id
	AudienceAll     AudienceKind = "all"       // every member of the tenant
)

// Audience is what `for` names: who something concerns.
type Audience struct {
	Kind AudienceKind
	Ref  string
}

// String is how an audience is written in exports: "unit:3", "channel:C1", "all".
func (a Audience) String() string {
	if a.Ref == "" {
		return string(a.Kind)
	}
	return string(a.Kind) + ":" + a.Ref
}
