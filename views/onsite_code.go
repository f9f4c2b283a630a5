package views

import (
	"bytes"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"
	"github.com/slack-go/slack"

	"muster/models"
)

// OnsiteCode shows a code to who pressed for it, big enough to be read out or
// held up. page is its address, "" where there is no public one.
func (p *Printer) OnsiteCode(s models.Sheet, c models.OnsiteCode, page string) Message {
	text := p.T("onsite.code_text", "Code", c.Code, "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Until", p.Clock(c.UntilAt.Time()))
	blocks := []slack.Block{slack.NewHeaderBlock(plain(strings.Join(strings.Split(c.Code, ""), " "), LimitHeader)),
		Section(text), Context(p.T("onsite.code_how", "Code", c.Code))}
	if page != "" {
		blocks = append(blocks, Section(p.T("onsite.code_page", "Page", page)))
	}
	again := Button(ActionCallCode, rowID(s.Call.ID), p.T("onsite.code_again"), "")
	return p.drilled(s, Message{Text: c.Code + " " + text, Blocks: append(blocks, Actions(again))})
}

// CheckedIn answers a check-in, by what became of it.
func (p *Printer) CheckedIn(s models.Sheet, su models.Signup, outcome models.CheckinOutcome) Message {
	if outcome == models.CheckedInWalk {
		return p.said(s, p.T("onsite.said_walkin", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Who", p.who(s)))
	}
	key := "onsite.said_" + string(outcome)
	if outcome == models.CheckedIn {
		key = "onsite.said_in_" + su.CheckBy
	}
	var buttons []slack.BlockElement
	if outcome == models.CheckedIn && !su.WalkIn && su.State == models.SignupCheckedIn {
		buttons = append(buttons, Button(ActionUndo, UndoCheckin+rowID(su.ID), p.T("call.undo"), ""))
	}
	return p.said(s, p.T(key, "What", p.what(s, su), "Ref", p.ref(s), "At", p.Clock(su.CheckedIn.Time())), buttons...)
}

// CodeRefused answers a wrong code: how many tries are left, or until when
// none is.
func (p *Printer) CodeRefused(left int, until models.Instant) string {
	if left > 0 {
		return p.T("onsite.code_wrong", "N", left)
	}
	return p.T("onsite.code_locked", "Until", p.Clock(until.Time()))
}

// CheckinHelp answers the verb without a code: how to check in, and the places
// whose check-in is open, with their buttons.
func (p *Printer) CheckinHelp(calls []models.Sheet) Message {
	text := p.T("onsite.checkin_how")
	blocks := []slack.Block{Section(text)}
	for i, s := range calls {
		if i == 10 {
			break
		}
		for _, su := range s.Mine(s.Me.ID) {
			buttons := p.onsiteOwn(s, *su)
			if len(buttons) == 0 {
				continue
			}
			b := buttons[0].(*slack.ButtonBlockElement)
			b.ActionID = ActionCallCheckin + ":" + rowID(su.ID)
			blocks = append(blocks, Section(p.what(s, *su)+" "+p.span(*s.Shift(su.ShiftID))), Actions(b))
		}
	}
	return Message{Text: text, Blocks: fit(blocks, 49)}
}

// CheckedOut answers a check-out.
func (p *Printer) CheckedOut(s models.Sheet, su models.Signup) Message {
	return p.said(s, p.T("onsite.said_out", "What", p.what(s, su), "Times", p.clocks(su.CheckedIn, su.CheckedOut)),
		Button(ActionUndo, UndoCheckout+rowID(su.ID), p.T("call.undo"), ""))
}

// OwnPlace answers a press on one's own message with how it stands now.
func (p *Printer) OwnPlace(s models.Sheet, su models.Signup) Message {
	head, _, buttons := p.place(s, su, models.SignupArgs{})
	return p.said(s, head, buttons...)
}

// CodePage is the page that shows a code to a room: the code, the same as a QR
// code of the page's own address, and a way into the bot's conversation. It
// names nobody and nothing. over is a code whose time is past.
func (p *Printer) CodePage(code, address, team, bot string, left time.Duration, over bool) (string, error) {
	data := struct {
		Lang, Title, Code, How, Over, Open string
		Slack                              template.URL
		Left                               int
		QR                                 template.HTML
	}{Lang: p.Lang, Title: p.T("onsite.page_title"), How: p.T("onsite.page_how"), Over: p.T("onsite.page_over"),
		Open: p.T("onsite.page_open")}
	if !over {
		// Rounded up: a page that reloads too early would find the code alive.
		data.Code, data.Left = code, int((left+time.Second-1)/time.Second)
		// Slack's own scheme opens the conversation in the app; both ids are Slack's.
		data.Slack = template.URL("slack://user?" + url.Values{"team": {team}, "id": {bot}}.Encode())
		image, err := qrSVG(address)
		if err != nil {
			return "", err
		}
		data.QR = image
	}
	var out bytes.Buffer
	if err := codePage.Execute(&out, data); err != nil {
		return "", fmt.Errorf("page of a code: %w", err)
	}
	return out.String(), nil
}

// quietZone is the white border a QR code needs, in modules.
const quietZone = 4

// qrSVG draws text as a QR code that reads well from a screen far away.
func qrSVG(text string) (template.HTML, error) {
	code, err := qr.Encode(text, qr.M, qr.Unicode)
	if err != nil {
		return "", fmt.Errorf("QR code: %w", err)
	}
	size := code.Bounds().Dx()
	var path strings.Builder
	for y := range size {
		for x := range size {
			if r, _, _, _ := code.At(x, y).RGBA(); r == 0 {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quietZone, y+quietZone)
			}
		}
	}
	all := size + 2*quietZone
	return template.HTML(fmt.Sprintf(`<svg viewBox="0 0 %d %d" role="img" aria-hidden="true" shape-rendering="crispEdges">`+
		`<rect width="100%%" height="100%%" fill="#fff"/><path d="%s" fill="#000"/></svg>`, all, all, path.String())), nil
}

// codePage needs no script: it reloads itself when the code is over.
var codePage = template.Must(template.New("code").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">{{if .Code}}<meta http-equiv="refresh" content="{{.Left}}">{{end}}
<title>{{.Title}}</title>
<style>body{font-family:system-ui,sans-serif;text-align:center;margin:5vh auto;max-width:40rem;padding:0 1rem;color:#1d1c1d;background:#fff}
.code{font:700 clamp(3rem,16vw,7rem)/1.2 ui-monospace,monospace;letter-spacing:.08em}
svg{width:min(70vw,22rem);height:auto}a{display:inline-block;padding:.8rem 1.4rem;border-radius:.5rem;background:#611f69;color:#fff;text-decoration:none}
p{font-size:1.1rem;line-height:1.5}</style></head><body><h1>{{.Title}}</h1>
{{if .Code}}<div class="code">{{.Code}}</div>{{.QR}}<p>{{.How}}</p><p><a href="{{.Slack}}" rel="noreferrer">{{.Open}}</a></p>{{else}}<p>{{.Over}}</p>{{end}}
</body></html>
`))
