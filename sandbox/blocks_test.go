package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"muster/sandbox"
)

// call makes a Web API request in JSON, for payloads that slack-go cannot even express.
func call(t *testing.T, w *sandbox.World, method string, args map[string]any) map[string]any {
	t.Helper()
	body, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, w.APIURL()+method, strings.NewReader(string(body)))
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Authorization", "Bearer "+w.BotToken())
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func x(n int) string { return strings.Repeat("长", n) }

func plainJSON(n int) string { return fmt.Sprintf(`{"type":"plain_text","text":%q}`, x(n)) }

func many(n int, format string) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(format, "#", fmt.Sprint(i))
	}
	return strings.Join(all, ",")
}

// atTheLimit are blocks that just pass, and such that just do not, by what is at stake.
func atTheLimit() map[string]struct{ good, bad string } {
	btn := `{"type":"button","action_id":"a#","text":{"type":"plain_text","text":"x"}}`
	opt := `{"text":{"type":"plain_text","text":"x"},"value":"v#"}`
	return map[string]struct{ good, bad string }{
		"section text": {`{"type":"section","text":` + plainJSON(3000) + `}`, `{"type":"section","text":` + plainJSON(3001) + `}`},
		"empty text":   {`{"type":"section","text":` + plainJSON(1) + `}`, `{"type":"section","text":` + plainJSON(0) + `}`},
		"fields": {`{"type":"section","fields":[` + many(10, plainJSON(1)) + `]}`,
			`{"type":"section","fields":[` + many(11, plainJSON(1)) + `]}`},
		"field":            {`{"type":"section","fields":[` + plainJSON(2000) + `]}`, `{"type":"section","fields":[` + plainJSON(2001) + `]}`},
		"header":           {`{"type":"header","text":` + plainJSON(150) + `}`, `{"type":"header","text":` + plainJSON(151) + `}`},
		"header in mrkdwn": {`{"type":"header","text":` + plainJSON(1) + `}`, `{"type":"header","text":{"type":"mrkdwn","text":"x"}}`},
		"context": {`{"type":"context","elements":[` + many(10, plainJSON(1)) + `]}`,
			`{"type":"context","elements":[` + many(11, plainJSON(1)) + `]}`},
		"actions": {`{"type":"actions","elements":[` + many(25, btn) + `]}`, `{"type":"actions","elements":[` + many(26, btn) + `]}`},
		"the same action_id twice": {`{"type":"actions","elements":[` + many(2, btn) + `]}`,
			`{"type":"actions","elements":[` + many(2, strings.ReplaceAll(btn, "#", "")) + `]}`},
		"button text": {`{"type":"actions","elements":[{"type":"button","text":` + plainJSON(75) + `}]}`,
			`{"type":"actions","elements":[{"type":"button","text":` + plainJSON(76) + `}]}`},
		"button value": {`{"type":"actions","elements":[{"type":"button","value":"` + x(2000) + `","text":` + plainJSON(1) + `}]}`,
			`{"type":"actions","elements":[{"type":"button","value":"` + x(2001) + `","text":` + plainJSON(1) + `}]}`},
		"button style": {`{"type":"actions","elements":[{"type":"button","style":"danger","text":` + plainJSON(1) + `}]}`,
			`{"type":"actions","elements":[{"type":"button","style":"default","text":` + plainJSON(1) + `}]}`},
		"accessibility label": {`{"type":"actions","elements":[{"type":"button","accessibility_label":"` + x(75) + `","text":` + plainJSON(1) + `}]}`,
			`{"type":"actions","elements":[{"type":"button","accessibility_label":"` + x(76) + `","text":` + plainJSON(1) + `}]}`},
		"action_id": {`{"type":"actions","elements":[{"type":"button","action_id":"` + x(255) + `","text":` + plainJSON(1) + `}]}`,
			`{"type":"actions","elements":[{"type":"button","action_id":"` + x(256) + `","text":` + plainJSON(1) + `}]}`},
		"options": {`{"type":"actions","elements":[{"type":"static_select","options":[` + many(100, opt) + `]}]}`,
			`{"type":"actions","elements":[{"type":"static_select","options":[` + many(101, opt) + `]}]}`},
		"option value": {`{"type":"actions","elements":[{"type":"static_select","options":[{"value":"` + x(75) + `","text":` + plainJSON(75) + `}]}]}`,
			`{"type":"actions","elements":[{"type":"static_select","options":[{"value":"` + x(76) + `","text":` + plainJSON(75) + `}]}]}`},
		"initial option": {`{"type":"actions","elements":[{"type":"static_select","options":[` + many(2, opt) + `],"initial_option":` + strings.ReplaceAll(opt, "#", "1") + `}]}`,
			`{"type":"actions","elements":[{"type":"static_select","options":[` + many(2, opt) + `],"initial_option":` + strings.ReplaceAll(opt, "#", "9") + `}]}`},
		"overflow": {`{"type":"actions","elements":[{"type":"overflow","options":[` + many(5, opt) + `]}]}`,
			`{"type":"actions","elements":[{"type":"overflow","options":[` + many(6, opt) + `]}]}`},
		"checkboxes": {`{"type":"actions","elements":[{"type":"checkboxes","options":[` + many(10, opt) + `]}]}`,
			`{"type":"actions","elements":[{"type":"checkboxes","options":[` + many(11, opt) + `]}]}`},
		"image alt_text":   {`{"type":"image","image_url":"https://a.example/b.png","alt_text":"x"}`, `{"type":"image","image_url":"https://a.example/b.png"}`},
		"unknown block":    {`{"type":"divider"}`, `{"type":"carousel"}`},
		"unknown property": {`{"type":"divider"}`, `{"type":"divider","color":"red"}`},
		"input outside of input": {`{"type":"input","label":` + plainJSON(1) + `,"element":{"type":"plain_text_input"}}`,
			`{"type":"actions","elements":[{"type":"plain_text_input"}]}`},
		"confirm": {`{"type":"actions","elements":[{"type":"button","text":` + plainJSON(1) + `,"confirm":{"title":` + plainJSON(100) + `,"text":` + plainJSON(300) + `,"confirm":` + plainJSON(30) + `,"deny":` + plainJSON(30) + `}}]}`,
			`{"type":"actions","elements":[{"type":"button","text":` + plainJSON(1) + `,"confirm":{"title":` + plainJSON(101) + `,"text":` + plainJSON(300) + `,"confirm":` + plainJSON(30) + `,"deny":` + plainJSON(30) + `}}]}`},
		"markdown":            {`{"type":"markdown","text":"` + x(12000) + `"}`, `{"type":"markdown","text":"` + x(12001) + `"}`},
		"table":               {`{"type":"table","rows":[` + many(100, `[{"type":"raw_text","text":"x"}]`) + `]}`, `{"type":"table","rows":[` + many(101, `[{"type":"raw_text","text":"x"}]`) + `]}`},
		"rich text":           {`{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"},{"type":"user","user_id":"U1"}]},{"type":"rich_text_list","style":"bullet","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"x"}]}]}]}`, `{"type":"rich_text","elements":[{"type":"text","text":"x"}]}`},
		"the day of a picker": {`{"type":"actions","elements":[{"type":"datepicker","initial_date":"2026-11-28"}]}`, `{"type":"actions","elements":[{"type":"datepicker","initial_date":"28.11.2026"}]}`},
	}
}

func TestBlocksBeyondSlacksLimitsAreRefused(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} })
	for what, c := range atTheLimit() {
		for _, try := range []struct {
			block string
			want  string
		}{{c.good, ""}, {c.bad, "invalid_blocks"}} {
			got := call(t, w, "chat.postMessage", map[string]any{"channel": "C1", "text": "x", "blocks": []any{json.RawMessage(try.block)}})
			if code, _ := got["error"].(string); code != try.want {
				t.Errorf("%s: got %q, want %q: %v", what, code, try.want, got["errors"])
			}
		}
	}
}

func TestWholeMessagesHaveLimitsToo(t *testing.T) {
	t.Parallel()
	w := town(t, func(o *sandbox.Options) { o.Limits = &sandbox.Limits{Off: true} })
	try := func(blocks string) any {
		return call(t, w, "chat.postMessage", map[string]any{"channel": "C1", "text": "x", "blocks": json.RawMessage("[" + blocks + "]")})["error"]
	}
	if got := try(many(50, `{"type":"divider"}`)); got != nil {
		t.Error("50 blocks:", got)
	}
	if got := try(many(51, `{"type":"divider"}`)); got != "invalid_blocks" {
		t.Error("51 blocks:", got)
	}
	if got := try(many(2, `{"type":"divider","block_id":"same"}`)); got != "invalid_blocks" {
		t.Error("the same block_id twice:", got)
	}
	third := `{"type":"section","text":` + plainJSON(2999) + `}`
	if got := try(many(4, third)); got != nil {
		t.Error("11,996 characters:", got)
	}
	if got := try(many(5, third)); got != "msg_blocks_too_long" {
		t.Error("14,995 characters:", got)
	}
	if got := try(`"text"`); got != "invalid_blocks_format" {
		t.Error(got)
	}
	meta := func(m any) any {
		return call(t, w, "chat.postMessage", map[string]any{"channel": "C1", "text": "x", "metadata": m})["error"]
	}
	if got := meta(map[string]any{"event_type": "x"}); got != "invalid_metadata_format" {
		t.Error(got)
	}
	if got := meta(map[string]any{"event_type": "x", "event_payload": map[string]any{"a": map[string]any{}}}); got != "invalid_metadata_schema" {
		t.Error(got)
	}
}
