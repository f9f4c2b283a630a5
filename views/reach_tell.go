package views

import (
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"muster/models"
)

// An organizer's message to those of a call.

// ActionCallTell opens the form; value is the call.
const ActionCallTell = "call_tell"

// ModalCallTell is the form: whom, and what.
const (
	ModalCallTell = "call_tell"
	FieldTellTo   = "to"
	FieldTellText = "text"
)

// Values of the select of whom it is for; roles and shifts with their row.
const (
	TellComing     = "coming"
	TellWaiting    = "waiting"
	TellUnanswered = "unanswered"
	TellRole       = "role:"
	TellShift      = "shift:"
)

func (p *Printer) reachOrganizer(s models.Sheet) []slack.BlockElement {
	if len(s.Signups) == 0 && !s.Call.Live() {
		return nil
	}
	return []slack.BlockElement{Button(ActionCallTell, rowID(s.Call.ID), p.T("reach.message"), "")}
}

// TellModal is the form of a message; to and text are what was typed already.
func (p *Printer) TellModal(s models.Sheet, to, text string) *slack.ModalViewRequest {
	options := []Option{{TellComing, p.T("reach.to_coming")}}
	seen := map[string]bool{}
	for _, r := range s.Roles {
		if name := models.FoldName(r.Name); name != "" && !seen[name] && len(options) < 40 {
			seen[name] = true
			options = append(options, Option{TellRole + rowID(r.ID), p.T("reach.to_role", "Role", Cut(Plain(r.Name), limitRole))})
		}
	}
	if len(s.Shifts) > 1 {
		for _, sh := range s.Shifts {
			options = append(options, Option{TellShift + rowID(sh.ID), p.T("reach.to_shift", "When", p.DayClock(sh.StartAt.Time()))})
		}
	}
	options = append(options, Option{TellWaiting, p.T("reach.to_waiting")}, Option{TellUnanswered, p.T("reach.to_unanswered")})
	if to == "" {
		to = TellComing
	}
	return Modal(ModalCallTell, p.T("reach.modal", "Ref", "#"+s.Call.Ref()), p.T("reach.modal_send"), p.T("call.modal_back"),
		CallMeta{Call: s.Call.ID}.Encode(),
		Select(FieldTellTo, p.T("reach.modal_to"), options, to, false),
		Input(FieldTellText, p.T("reach.modal_text"), p.T("reach.modal_hint"), text, true, false))
}

// TellAsk offers the form where none can be opened.
func (p *Printer) TellAsk(s models.Sheet) Message {
	return p.said(s, p.T("reach.tell_how", "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s), "Number", s.Call.Ref()),
		Button(ActionCallTell, rowID(s.Call.ID), p.T("reach.message"), ""))
}

// Told says that a message is on its way, to whom, and what it says.
func (p *Printer) Told(s models.Sheet, r models.ReachShown, to string) Message {
	text := p.T("reach.told", "N", r.Total(), "To", to, "Text", words(r.Text, 200))
	return p.said(s, text, p.stopButton(r))
}

// TellTo names whom a message is for.
func (p *Printer) TellTo(s models.Sheet, kind, role string, shift int64) string {
	switch sh := s.Shift(shift); {
	case kind == "role":
		return words(role, limitRole)
	case kind == "shift" && sh != nil:
		return p.DayClock(sh.StartAt.Time())
	case kind == "waiting", kind == "unanswered":
		return p.T("reach.to_" + kind)
	}
	return p.T("reach.to_coming")
}

// TellDM is an organizer's message as one person reads it: who sends it, about
// which call, and that an answer goes to the organizers.
func (p *Printer) TellDM(s models.Sheet, by models.Person, text string) Message {
	who := UserTag(by.Slack(), by.Name)
	head := p.T("reach.dm", "Who", who, "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s))
	name := bare(by.Name, limitName)
	fallback := p.T("reach.dm_text", "Who", EscapeText(name), "Title", EscapeText(bare(s.Call.Title, LimitTitle)), "Text", quietMentions(EscapeText(plainTokens(text))))
	id := rowID(s.Call.ID)
	return p.drilled(s, Message{Text: Cut(fallback, LimitText), Blocks: []slack.Block{Section(head), Section(p.ownWords(text)),
		Context(p.T("reach.dm_reply")), Actions(Button(ActionCallDetails, id, p.T("call.details"), ""))}})
}

// TellAnswered tells somebody that what they wrote back reaches the organizer.
func (p *Printer) TellAnswered(s models.Sheet, text string) Message {
	return p.said(s, p.T("reach.answered", "Text", words(text, 120), "Who", p.who(s), "Title", words(s.Call.Title, LimitTitle), "Ref", p.ref(s)))
}

var (
	slackToken   = regexp.MustCompile(`<([^<>]*)>`)
	slackLink    = regexp.MustCompile(`^(https?://[^|\s]+|mailto:[^|\s]+)(\|.*)?$`)
	slackMention = regexp.MustCompile(`^([@#][A-Z0-9]+)(\|.*)?$`)
	broadcast    = regexp.MustCompile(`(?i)[@＠](channel|here|everyone)`)
)

// ownWords is a text of several lines as mrkdwn: links and mentions of people
// and channels stay what they are, everything else is harmless, and nobody is
// called by @channel.
func (p *Printer) ownWords(text string) string {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i, line := range lines {
		var out strings.Builder
		at := 0
		for _, token := range slackToken.FindAllStringSubmatchIndex(line, -1) {
			out.WriteString(quietMentions(escapeKept(line[at:token[0]])))
			out.WriteString(tokenMarkup(line[token[2]:token[3]]))
			at = token[1]
		}
		out.WriteString(quietMentions(escapeKept(line[at:])))
		lines[i] = isolate(strings.TrimSpace(out.String()))
	}
	return strings.TrimSpace(strings.Join(lines, "\n"))
}

// escapeKept is Escape that keeps the spaces at both ends: what follows is a
// link in the middle of a sentence.
func escapeKept(s string) string {
	trimmed := strings.TrimLeft(s, " \t")
	lead := len(s) - len(trimmed)
	body := strings.TrimRight(trimmed, " \t")
	return strings.Repeat(" ", min(lead, 1)) + Escape(body) + strings.Repeat(" ", min(len(trimmed)-len(body), 1))
}

// tokenMarkup is what one of Slack's tokens becomes: a link, a person or a
// channel, or else its words.
func tokenMarkup(inner string) string {
	if m := slackLink.FindStringSubmatch(inner); m != nil {
		return "<" + strings.NewReplacer("&amp;", "&amp;", "&", "&amp;").Replace(m[1]) + ">"
	}
	if m := slackMention.FindStringSubmatch(inner); m != nil {
		return "<" + m[1] + ">"
	}
	return quietMentions(Escape(tokenWords(inner)))
}

// tokenWords are the words of a token: @channel of <!channel>, the label of a
// link.
func tokenWords(inner string) string {
	name, label, labelled := strings.Cut(inner, "|")
	if word, ok := strings.CutPrefix(name, "!"); ok {
		if labelled {
			return label
		}
		return "@" + word
	}
	return "<" + inner + ">"
}

// plainTokens is a text with Slack's tokens as words, for the fallback.
func plainTokens(text string) string {
	return slackToken.ReplaceAllStringFunc(text, func(token string) string {
		inner := token[1 : len(token)-1]
		if m := slackLink.FindStringSubmatch(inner); m != nil {
			return m[1]
		}
		if _, label, ok := strings.Cut(inner, "|"); ok {
			return label
		}
		return tokenWords(inner)
	})
}

// quietMentions keeps the words that call a whole channel from being read as
// that: a zero-width space after the sign.
func quietMentions(s string) string { return broadcast.ReplaceAllString(s, "@\u200b$1") }
