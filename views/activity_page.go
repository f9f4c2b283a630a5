package views

import (
	"bytes"
	"fmt"
	"html/template"

	"muster/models"
)

// activityPage needs no script and nothing from elsewhere.
var activityPage = template.Must(template.New("activity").Parse(`<!doctype html>
<html lang="zh"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>活动记录 · Activity record</title>
<style>body{font-family:system-ui,sans-serif;margin:4vh auto;max-width:40rem;padding:0 1rem;color:#1d1c1d;background:#fff;line-height:1.5}
.says{font-size:1.15rem;font-weight:600;padding:.8rem 1rem;border-left:.4rem solid #8a6d00;background:#fff8e1}
.good .says{border-color:#007a5a;background:#eef8f4}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.2rem}dt{color:#5c5b5e}dd{margin:0;overflow-wrap:anywhere}
section+section{border-top:1px solid #ddd;margin-top:2rem;padding-top:1rem}.note{color:#5c5b5e;font-size:.9rem}</style></head><body class="{{.State}}">
{{range .Parts}}<section lang="{{.Lang}}"><h1>{{.Title}}</h1><p class="says">{{.Says}}</p>
{{if .Rows}}<dl>{{range .Rows}}<dt>{{index . 0}}</dt><dd>{{index . 1}}</dd>{{end}}</dl>{{end}}<p class="note">{{.Note}}</p></section>
{{end}}</body></html>
`))

// ActivityPage is the page behind a code, in Chinese and English: zh and en are
// printers of the two. found is false for a code that is none.
func ActivityPage(zh, en *Printer, a models.Activity, found bool) (string, error) {
	type part struct {
		Lang, Title, Says, Note string
		Rows                    [][2]string
	}
	data := struct {
		State string
		Parts []part
	}{State: "none"}
	for _, p := range []*Printer{zh, en} {
		one := part{Lang: p.Lang, Title: p.T("activity.title"), Says: p.T("activity.page_none"), Note: p.T("activity.page_note")}
		switch {
		case !found:
		case a.WithdrawnAt != 0 || a.Name == "":
			data.State, one.Says = "withdrawn", p.T("activity.page_withdrawn")
		default:
			data.State, one.Says = "changed", p.T("activity.page_changed")
			if a.Matches() {
				data.State, one.Says = "good", p.T("activity.page_good")
			}
			zone := a.Tenant.Location()
			one.Rows = [][2]string{{p.T("activity.organisation"), a.Tenant.Name}, {p.T("activity.name"), a.Name},
				{p.T("activity.period"), p.activityPeriod(a.ActivityRecord, a.Tenant)}, {p.T("activity.made"), a.MadeAt.In(zone).Format("2006-01-02 15:04")},
				{p.T("activity.volunteer"), p.T("activity.lines", "Hours", paperHours(a.Minutes), "N", len(a.HourIDs))},
				{p.T("activity.study"), p.T("activity.lines", "Hours", paperHours(a.Study), "N", len(a.StudyIDs))},
				{p.T("activity.code"), models.ShownActivityCode(a.Code)}}
		}
		data.Parts = append(data.Parts, one)
	}
	var out bytes.Buffer
	if err := activityPage.Execute(&out, data); err != nil {
		return "", fmt.Errorf("page of an activity record: %w", err)
	}
	return out.String(), nil
}
