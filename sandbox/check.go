package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Where blocks are shown; what is allowed differs.
const (
	surfaceMessage = "message"
	surfaceModal   = "modal"
	surfaceHome    = "home"
)

// Limits of Block Kit, in characters or pieces.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	// maxBlockText is undocumented: messages fail somewhat above 13,000 characters.
	maxBlockText   = 13000
	maxSectionText = 3000
	maxFields      = 10
	maxField       = 2000
	maxHeader      = 150
	maxContext     = 10
	maxActions     = 25
	maxID          = 255
	maxButtonText  = 75
	maxButtonValue = 2000
	maxURL         = 3000
	maxOption      = 75
	maxOptions     = 100
	maxOverflow    = 5
	maxChoices     = 10
	maxLabel       = 2000
	maxPlaceholder = 150
	maxInput       = 3000
	maxMarkdown    = 12000
	maxViewTitle   = 24
	maxPrivate     = 3000
	maxViewBytes   = 250 * 1024
	maxTableRows   = 100
	maxTableCells  = 20
)

// checker walks a payload and notes every breach of Block Kit with a JSON pointer.
type checker struct {
	surface  string
	faults   []string
	size     int // characters of all texts together
	inputs   int
	tables   int
	markdown int
	blockIDs map[string]bool
	actions  map[string]bool // of the present block
}

func (c *checker) fault(at, format string, args ...any) {
	c.faults = append(c.faults, fmt.Sprintf("[ERROR] %s [json-pointer:%s]", fmt.Sprintf(format, args...), at))
}

func checkBlocks(surface string, blocks []map[string]any) *checker {
	c := &checker{surface: surface, blockIDs: map[string]bool{}}
	root := "/blocks"
	most := maxMessageBlocks
	if surface != surfaceMessage {
		root, most = "/view/blocks", maxViewBlocks
	}
	if len(blocks) > most {
		c.fault(root, "no more than %d items allowed", most)
	}
	for i, b := range blocks {
		c.block(fmt.Sprintf("%s/%d", root, i), b)
	}
	if c.markdown > maxMarkdown {
		c.fault(root, "markdown blocks hold more than %d characters", maxMarkdown)
	}
	return c
}

// checkView judges a whole view and reads it.
func checkView(raw map[string]any, kind string) (*View, *checker) {
	blocks, ok := blocksOf(raw["blocks"])
	surface := surfaceModal
	if kind == "home" {
		surface = surfaceHome
	}
	c := checkBlocks(surface, blocks)
	if !ok || raw["blocks"] == nil {
		c.fault("/view/blocks", "must provide a list of blocks")
	}
	if raw["type"] != kind {
		c.fault("/view/type", "must be %q here", kind)
	}
	c.keys("/view", raw, "type", "title", "blocks", "close", "submit", "private_metadata", "callback_id",
		"clear_on_close", "notify_on_close", "external_id", "submit_disabled")
	c.length("/view/private_metadata", raw["private_metadata"], 0, maxPrivate)
	c.length("/view/callback_id", raw["callback_id"], 0, maxID)
	c.length("/view/external_id", raw["external_id"], 0, maxID)
	if kind == "modal" {
		c.text("/view/title", raw["title"], "plain_text", maxViewTitle, true)
		c.text("/view/submit", raw["submit"], "plain_text", maxViewTitle, false)
		c.text("/view/close", raw["close"], "plain_text", maxViewTitle, false)
		if c.inputs > 0 && raw["submit"] == nil {
			c.fault("/view/submit", "is required when there is an input block")
		}
	}
	v := &View{Type: kind, CallbackID: str(raw["callback_id"]), ExternalID: str(raw["external_id"]),
		Title: textOf(raw["title"]), SubmitText: textOf(raw["submit"]), CloseText: textOf(raw["close"]),
		PrivateMetadata: str(raw["private_metadata"]), Blocks: blocks,
		NotifyOnClose: raw["notify_on_close"] == true, ClearOnClose: raw["clear_on_close"] == true}
	return v, c
}

// keys refuses properties that Slack does not know.
func (c *checker) keys(at string, m map[string]any, allowed ...string) {
	for name := range m {
		if !slices.Contains(allowed, name) {
			c.fault(at, "invalid additional property: %s", name)
		}
	}
}

// length checks a string's characters; a missing one is fine unless least > 0.
func (c *checker) length(at string, v any, least, most int) {
	if v == nil {
		if least > 0 {
			c.fault(at, "missing required field")
		}
		return
	}
	s, ok := v.(string)
	n := utf8.RuneCountInString(s)
	switch {
	case !ok:
		c.fault(at, "must provide a string")
	case n > most:
		c.fault(at, "must be less than %d characters", most+1)
	case n < least:
		c.fault(at, "must be more than %d characters", least-1)
	}
}

// text checks a text object; kind "" allows plain_text and mrkdwn.
func (c *checker) text(at string, v any, kind string, most int, required bool) {
	if v == nil {
		if required {
			c.fault(at, "missing required field: text object")
		}
		return
	}
	t, ok := v.(map[string]any)
	if !ok {
		c.fault(at, "must provide a text object")
		return
	}
	c.keys(at, t, "type", "text", "emoji", "verbatim")
	switch got := str(t["type"]); {
	case got != "plain_text" && got != "mrkdwn", kind != "" && got != kind:
		c.fault(at, "unsupported type: %s", got)
	case got == "mrkdwn" && t["emoji"] != nil:
		c.fault(at, "emoji belongs to plain_text only")
	case got == "plain_text" && t["verbatim"] != nil:
		c.fault(at, "verbatim belongs to mrkdwn only")
	}
	c.length(at+"/text", t["text"], 1, most)
	c.size += utf8.RuneCountInString(str(t["text"]))
}

// items are the objects of a list whose length is bounded.
func (c *checker) items(at string, v any, least, most int) []map[string]any {
	all, ok := v.([]any)
	if !ok && (v != nil || least > 0) {
		c.fault(at, "must provide a list")
		return nil
	}
	if len(all) > most {
		c.fault(at, "no more than %d items allowed", most)
	}
	if len(all) < least {
		c.fault(at, "must have at least %d items", least)
	}
	found := make([]map[string]any, 0, len(all))
	for i, one := range all {
		m, ok := one.(map[string]any)
		if !ok {
			c.fault(fmt.Sprintf("%s/%d", at, i), "must provide an object")
			m = map[string]any{}
		}
		found = append(found, m)
	}
	return found
}

// pingsIn finds mentions of whole channels and groups that Slack would carry
// out: in the plain text, in mrkdwn, and as rich text broadcasts.
func pingsIn(text string, blocks []map[string]any) []string {
	found := pingsInText(text)
	for _, b := range blocks {
		found = append(found, pingsInNode(b)...)
	}
	return found
}

func pingsInNode(node any) []string {
	var found []string
	switch n := node.(type) {
	case map[string]any:
		switch n["type"] {
		case "broadcast":
			found = append(found, str(n["range"]))
		case "usergroup":
			found = append(found, "subteam")
		case "mrkdwn", "markdown":
			found = append(found, pingsInText(str(n["text"]))...)
		}
		for _, v := range n {
			found = append(found, pingsInNode(v)...)
		}
	case []any:
		for _, v := range n {
			found = append(found, pingsInNode(v)...)
		}
	}
	return found
}

func pingsInText(text string) []string {
	var found []string
	for kind, token := range map[string]string{"channel": "<!channel", "here": "<!here", "everyone": "<!everyone", "subteam": "<!subteam^"} {
		for range strings.Count(text, token) {
			found = append(found, kind)
		}
	}
	return found
}
