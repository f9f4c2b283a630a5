package sandbox

import (
	"fmt"
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

func fits(form, text string) bool {
	_, err := time.Parse(form, text)
	return err == nil
}

// stateKeys name the property in which an element keeps what was chosen.
// Elements that are not here hold no state.
var stateKeys = map[string]string{
	"plain_text_input": "value", "number_input": "value", "email_text_input": "value", "url_text_input": "value",
	"rich_text_input": "rich_text_value",
	"static_select":   "selected_option", "radio_buttons": "selected_option",
	"multi_static_select": "selected_options", "checkboxes": "selected_options",
	"users_select": "selected_user", "multi_users_select": "selected_users",
	"conversations_select": "selected_conversation", "multi_conversations_select": "selected_conversations",
	"channels_select": "selected_channel", "multi_channels_select": "selected_channels",
	"file_input": "files",
	"datepicker": "selected_date", "timepicker": "selected_time", "datetimepicker": "selected_date_time",
}

// initialKeys name the property from which that state starts.
func initialKey(stateKey string) string {
	if stateKey == "value" || stateKey == "rich_text_value" {
		return "initial_value"
	}
	return "initial" + strings.TrimPrefix(stateKey, "selected")
}

// initialPicks is the state an element starts with: values, ids or texts.
func initialPicks(e map[string]any) []string {
	key := stateKeys[str(e["type"])]
	return picks(e[initialKey(key)])
}

// picks reads chosen values out of a state or initial property.
func picks(v any) []string {
	switch n := v.(type) {
	case string:
		return []string{n}
	case float64:
		return []string{strconv.FormatInt(int64(n), 10)}
	case []any:
		var all []string
		for _, one := range n {
			all = append(all, picks(one)...)
		}
		return all
	case map[string]any:
		if n["type"] == "rich_text" {
			return []string{strings.TrimSpace(strings.Join(collectText(nil, n), ""))}
		}
		if id, ok := n["id"].(string); ok && n["value"] == nil {
			return []string{id}
		}
		return picks(n["value"])
	}
	return nil
}

// optionsOf are all options of an element, groups or not.
func optionsOf(e map[string]any) []any {
	all := slices.Clone(list(e["options"]))
	for _, g := range list(e["option_groups"]) {
		all = append(all, list(object(g)["options"])...)
	}
	return all
}

// stateOf is the state of an element with these values chosen, in the shape of
// view.state.values; a value that cannot be chosen there is an error.
func stateOf(e map[string]any, chosen []string) (map[string]any, error) {
	kind := str(e["type"])
	key, stateful := stateKeys[kind]
	if !stateful {
		return nil, fmt.Errorf("%s %q holds no state", kind, str(e["action_id"]))
	}
	many := strings.HasSuffix(key, "s")
	if len(chosen) > 1 && !many {
		return nil, fmt.Errorf("%s %q takes one value, not %d", kind, str(e["action_id"]), len(chosen))
	}
	values := make([]any, 0, len(chosen))
	for _, c := range chosen {
		v, err := stateValue(e, key, c)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	state := map[string]any{"type": kind, key: nil}
	if many {
		state[key] = values
	} else if len(values) == 1 && chosen[0] != "" {
		state[key] = values[0]
	}
	if kind == "timepicker" && e["timezone"] != nil {
		state["timezone"] = e["timezone"]
	}
	return state, nil
}

func stateValue(e map[string]any, key, chosen string) (any, error) {
	switch {
	case strings.HasPrefix(key, "selected_option"):
		for _, o := range optionsOf(e) {
			if object(o)["value"] == chosen {
				return o, nil
			}
		}
		return nil, fmt.Errorf("%q is no option of %q", chosen, str(e["action_id"]))
	case key == "files":
		return map[string]any{"id": chosen}, nil
	case key == "selected_date_time":
		return strconv.Atoi(chosen)
	case key == "selected_date" && !fits("2006-01-02", chosen), key == "selected_time" && !fits("15:04", chosen):
		return nil, fmt.Errorf("%q does not fit a %s", chosen, str(e["type"]))
	case key == "rich_text_value":
		return map[string]any{"type": "rich_text", "elements": []any{map[string]any{"type": "rich_text_section",
			"elements": []any{map[string]any{"type": "text", "text": chosen}}}}}, nil
	}
	return chosen, nil
}

// refusal is why Slack's own client would not let a person submit an input, or
// empty.
func refusal(block, e, state map[string]any) string {
	chosen := picks(state[stateKeys[str(e["type"])]])
	if len(chosen) == 0 || chosen[0] == "" {
		if block["optional"] == true {
			return ""
		}
		return "Please complete this required field."
	}
	if e["type"] == "file_input" {
		return fileRefusal(e, list(state["files"]))
	}
	text := chosen[0]
	length := float64(utf8.RuneCountInString(text))
	switch str(e["type"]) {
	case "plain_text_input":
		if least, ok := e["min_length"].(float64); ok && length < least {
			return fmt.Sprintf("At least %v characters.", least)
		}
		if most, ok := e["max_length"].(float64); ok && length > most || length > maxInput {
			return "Too long."
		}
	case "number_input":
		return numberRefusal(e, text)
	case "email_text_input":
		if _, err := mail.ParseAddress(text); err != nil {
			return "Not an email address."
		}
	case "url_text_input":
		if u, err := url.Parse(text); err != nil || u.Host == "" {
			return "Not a URL."
		}
	}
	if most, ok := e["max_selected_items"].(float64); ok && float64(len(chosen)) > most {
		return "Too many chosen."
	}
	return ""
}

func numberRefusal(e map[string]any, text string) string {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || e["is_decimal_allowed"] != true && strings.Contains(text, ".") {
		return "Not a number that fits here."
	}
	if least, err := strconv.ParseFloat(str(e["min_value"]), 64); err == nil && n < least {
		return "The number is too small."
	}
	if most, err := strconv.ParseFloat(str(e["max_value"]), 64); err == nil && n > most {
		return "The number is too large."
	}
	return ""
}
