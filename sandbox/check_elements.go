package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// Where an element stands in a block.
const (
	placeActions = "actions"
	placeSection = "section"
	placeInput   = "input"
)

// elementKind says where a type of element may stand and which properties it
// has besides type, action_id and confirm.
type elementKind struct {
	places string
	keys   string
	check  func(c *checker, at string, e map[string]any)
}

const (
	anywhere = "actions section input"
)

// elementKinds is built by a function because its checks call back into it.
func elementKinds() map[string]elementKind {
	return map[string]elementKind{
		"button":        {"actions section", "text url value style accessibility_label", (*checker).button},
		"image":         {"section", "image_url slack_file alt_text", (*checker).image},
		"overflow":      {"actions section", "options", (*checker).overflow},
		"checkboxes":    {anywhere, "options initial_options focus_on_load", (*checker).choices},
		"radio_buttons": {anywhere, "options initial_option focus_on_load", (*checker).choices},
		"static_select": {anywhere, "options option_groups initial_option placeholder focus_on_load", (*checker).choices},
		"multi_static_select": {anywhere, "options option_groups initial_options max_selected_items placeholder focus_on_load",
			(*checker).choices},
		"users_select":       {anywhere, "initial_user placeholder focus_on_load", nil},
		"multi_users_select": {anywhere, "initial_users max_selected_items placeholder focus_on_load", nil},
		"conversations_select": {anywhere, "initial_conversation default_to_current_conversation response_url_enabled filter " +
			"placeholder focus_on_load", nil},
		"multi_conversations_select": {anywhere, "initial_conversations default_to_current_conversation filter " +
			"max_selected_items placeholder focus_on_load", nil},
		"channels_select":       {anywhere, "initial_channel response_url_enabled placeholder focus_on_load", nil},
		"multi_channels_select": {anywhere, "initial_channels max_selected_items placeholder focus_on_load", nil},
		"datepicker":            {anywhere, "initial_date placeholder focus_on_load", nil},
		"timepicker":            {anywhere, "initial_time timezone placeholder focus_on_load", nil},
		"datetimepicker":        {"actions input", "initial_date_time focus_on_load", nil},
		"plain_text_input": {"input", "initial_value multiline min_length max_length dispatch_action_config placeholder focus_on_load",
			(*checker).textInput},
		"number_input": {"input", "is_decimal_allowed initial_value min_value max_value dispatch_action_config placeholder " +
			"focus_on_load", (*checker).numberInput},
		"email_text_input": {"input", "initial_value dispatch_action_config placeholder focus_on_load", nil},
		"url_text_input":   {"input", "initial_value dispatch_action_config placeholder focus_on_load", nil},
		"file_input":       {"input", "filetypes max_files", (*checker).fileInput},
		"rich_text_input":  {"input", "initial_value dispatch_action_config placeholder focus_on_load", nil},
	}
}

// element judges one element at its place.
func (c *checker) element(at string, e map[string]any, place string) {
	kind, known := elementKinds()[str(e["type"])]
	if !known || !slices.Contains(strings.Fields(kind.places), place) {
		c.fault(at, "unsupported type: %q in %s", str(e["type"]), place)
		return
	}
	allowed := append(strings.Fields(kind.keys), "type")
	if e["type"] != "image" {
		allowed = append(allowed, "action_id", "confirm")
	}
	c.keys(at, e, allowed...)
	c.length(at+"/action_id", e["action_id"], 0, maxID)
	if id := str(e["action_id"]); id != "" {
		if c.actions[id] {
			c.fault(at+"/action_id", "`action_id` %q already exists in this block", id)
		}
		c.actions[id] = true
	}
	if e["confirm"] != nil {
		c.confirm(at+"/confirm", object(e["confirm"]))
	}
	if e["placeholder"] != nil {
		c.text(at+"/placeholder", e["placeholder"], "plain_text", maxPlaceholder, true)
	}
	c.initial(at, e)
	if kind.check != nil {
		kind.check(c, at, e)
	}
}

func (c *checker) button(at string, e map[string]any) {
	c.text(at+"/text", e["text"], "plain_text", maxButtonText, true)
	c.length(at+"/value", e["value"], 0, maxButtonValue)
	c.length(at+"/url", e["url"], 0, maxURL)
	c.length(at+"/accessibility_label", e["accessibility_label"], 0, maxButtonText)
	if s := e["style"]; s != nil && s != "primary" && s != "danger" {
		c.fault(at+"/style", "must be primary or danger")
	}
}

func (c *checker) confirm(at string, d map[string]any) {
	c.keys(at, d, "title", "text", "confirm", "deny", "style")
	c.text(at+"/title", d["title"], "plain_text", 100, true)
	c.text(at+"/text", d["text"], "", 300, true)
	c.text(at+"/confirm", d["confirm"], "plain_text", 30, true)
	c.text(at+"/deny", d["deny"], "plain_text", 30, true)
}

func (c *checker) overflow(at string, e map[string]any) {
	for i, o := range c.items(at+"/options", e["options"], 1, maxOverflow) {
		c.option(fmt.Sprintf("%s/options/%d", at, i), o, "plain_text", true)
	}
}

// choices judges the options of selects, checkboxes and radio buttons, and that
// what is chosen at the start is one of them.
func (c *checker) choices(at string, e map[string]any) {
	most, textKind := maxOptions, "plain_text"
	if e["type"] == "checkboxes" || e["type"] == "radio_buttons" {
		most, textKind = maxChoices, ""
	}
	if (e["options"] == nil) == (e["option_groups"] == nil) {
		c.fault(at, "needs options, or option_groups where allowed, and not both")
		return
	}
	values := map[string]bool{}
	one := func(at string, options any) {
		for i, o := range c.items(at, options, 1, most) {
			here := fmt.Sprintf("%s/%d", at, i)
			c.option(here, o, textKind, false)
			if values[str(o["value"])] {
				c.fault(here+"/value", "the value %q is there twice", str(o["value"]))
			}
			values[str(o["value"])] = true
		}
	}
	if e["options"] != nil {
		one(at+"/options", e["options"])
	} else {
		for i, g := range c.items(at+"/option_groups", e["option_groups"], 1, maxOptions) {
			here := fmt.Sprintf("%s/option_groups/%d", at, i)
			c.keys(here, g, "label", "options")
			c.text(here+"/label", g["label"], "plain_text", maxOption, true)
			one(here+"/options", g["options"])
		}
	}
	for _, picked := range initialPicks(e) {
		if !values[picked] {
			c.fault(at, "the initial option %q is not among the options", picked)
		}
	}
}

func (c *checker) option(at string, o map[string]any, textKind string, urls bool) {
	c.keys(at, o, "text", "value", "description", "url")
	c.text(at+"/text", o["text"], textKind, maxOption, true)
	c.length(at+"/value", o["value"], 1, maxOption)
	c.text(at+"/description", o["description"], "", maxOption, false)
	if o["url"] != nil && !urls {
		c.fault(at+"/url", "only overflow options have a url")
	}
}

func (c *checker) textInput(at string, e map[string]any) {
	c.length(at+"/initial_value", e["initial_value"], 0, maxInput)
	for _, key := range []string{"min_length", "max_length"} {
		if n, given := e[key].(float64); e[key] != nil && (!given || n < 0 || n > maxInput) {
			c.fault(at+"/"+key, "must be a number from 0 to %d", maxInput)
		}
	}
	if most, given := e["max_length"].(float64); given && float64(len([]rune(str(e["initial_value"])))) > most {
		c.fault(at+"/initial_value", "is longer than max_length")
	}
}

func (c *checker) numberInput(at string, e map[string]any) {
	if _, given := e["is_decimal_allowed"].(bool); !given {
		c.fault(at+"/is_decimal_allowed", "missing required field")
	}
	for _, key := range []string{"initial_value", "min_value", "max_value"} {
		c.length(at+"/"+key, e[key], 0, maxOption)
	}
}

// initial judges what pickers show at the start.
func (c *checker) initial(at string, e map[string]any) {
	for key, form := range map[string]string{"initial_date": "2006-01-02", "initial_time": "15:04"} {
		if v := e[key]; v != nil && !fits(form, str(v)) {
			c.fault(at+"/"+key, "must look like %s", form)
		}
	}
	// Ten digits: whole seconds of our time.
	if v, given := e["initial_date_time"]; given {
		if n, ok := v.(float64); !ok || n < 1e9 || n >= 1e10 {
			c.fault(at+"/initial_date_time", "must be a Unix timestamp of 10 digits")
		}
	}
}
