// Package views turns what services found out into Block Kit and words. It is
// pure: no clock, no storage, no Slack calls. Identifiers of buttons and modals
// are constants beside the view that draws them.
package views

import (
	"time"

	"github.com/slack-go/slack"
)

// Message is what a message shows: Text is the fallback read by notifications
// and screen readers and is never empty.
type Message struct {
	Text   string
	Blocks []slack.Block
}

// Printer finds words for one reader: language, zone and the reader's now.
// Feature views are methods on it.
type Printer struct {
	catalog *Catalog
	Lang    string // zh or en
	Zone    *time.Location
	Now     time.Time
	// OrgZone is the organisation's zone: a time in another zone is shown with
	// the zone's name.
	OrgZone *time.Location
}

// Reader is who reads.
type Reader struct {
	Lang    string
	Zone    *time.Location
	OrgZone *time.Location
	Now     time.Time
}

// For makes a printer for a reader.
func (c *Catalog) For(r Reader) *Printer {
	p := &Printer{catalog: c, Lang: r.Lang, Zone: r.Zone, OrgZone: r.OrgZone, Now: r.Now}
	if p.Lang != "en" {
		p.Lang = "zh"
	}
	if p.Zone == nil {
		p.Zone = time.UTC
	}
	if p.OrgZone == nil {
		p.OrgZone = p.Zone
	}
	return p
}
