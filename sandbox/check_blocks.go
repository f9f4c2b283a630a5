package sandbox

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// block judges one block.
func (c *checker) block(at string, b map[string]any) {
	c.actions = map[string]bool{}
	c.length(at+"/block_id", b["block_id"], 0, maxID)
	if id := str(b["block_id"]); id != "" {
		if c.blockIDs[id] {
			c.fault(at+"/block_id", "`block_id` %q already exists", id)
		}
		c.blockIDs[id] = true
	}
	switch str(b["type"]) {
	case "section":
		c.section(at, b)
	case "divider":
		c.keys(at, b, "type", "block_id")
	case "header":
		c.keys(at, b, "type", "block_id", "text", "level")
		c.text(at+"/text", b["text"], "plain_text", maxHeader, true)
	case "context":
		c.context(at, b)
	case "actions":
		c.keys(at, b, "type", "block_id", "elements")
		for i, e := range c.items(at+"/elements", b["elements"], 1, maxActions) {
			c.element(fmt.Sprintf("%s/elements/%d", at, i), e, placeActions)
		}
	case "input":
		c.input(at, b)
	case "image":
		c.keys(at, b, "type", "block_id", "image_url", "slack_file", "alt_text", "title")
		c.image(at, b)
		c.text(at+"/title", b["title"], "plain_text", maxLabel, false)
	case "rich_text":
		c.keys(at, b, "type", "block_id", "elements")
		c.richText(at, b, richParts...)
	case "markdown":
		c.markdownBlock(at, b)
	case "table", "data_table":
		c.table(at, b)
	default:
		c.fault(at, "unsupported type: %q (the sandbox knows section, divider, header, context, actions, input, image, "+
			"rich_text, markdown, table, data_table)", str(b["type"]))
	}
}

func (c *checker) section(at string, b map[string]any) {
	c.keys(at, b, "type", "block_id", "text", "fields", "accessory", "expand")
	c.text(at+"/text", b["text"], "", maxSectionText, false)
	if b["text"] == nil && b["fields"] == nil {
		c.fault(at, "a section needs text or fields")
	}
	if b["fields"] != nil {
		for i, f := range c.items(at+"/fields", b["fields"], 1, maxFields) {
			c.text(fmt.Sprintf("%s/fields/%d", at, i), f, "", maxField, true)
		}
	}
	if b["accessory"] != nil {
		c.element(at+"/accessory", object(b["accessory"]), placeSection)
	}
}

func (c *checker) context(at string, b map[string]any) {
	c.keys(at, b, "type", "block_id", "elements")
	for i, e := range c.items(at+"/elements", b["elements"], 1, maxContext) {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		if e["type"] == "image" {
			c.keys(here, e, "type", "image_url", "slack_file", "alt_text")
			c.image(here, e)
			continue
		}
		c.text(here, e, "", maxSectionText, true)
	}
}

func (c *checker) image(at string, e map[string]any) {
	if (e["image_url"] == nil) == (e["slack_file"] == nil) {
		c.fault(at, "an image needs either image_url or slack_file")
	}
	c.length(at+"/image_url", e["image_url"], 0, maxURL)
	c.length(at+"/alt_text", e["alt_text"], 1, maxLabel)
}

func (c *checker) input(at string, b map[string]any) {
	c.keys(at, b, "type", "block_id", "label", "element", "dispatch_action", "hint", "optional")
	c.inputs++
	c.text(at+"/label", b["label"], "plain_text", maxLabel, true)
	c.text(at+"/hint", b["hint"], "plain_text", maxLabel, false)
	c.element(at+"/element", object(b["element"]), placeInput)
}

func (c *checker) markdownBlock(at string, b map[string]any) {
	c.keys(at, b, "type", "block_id", "text")
	if c.surface != surfaceMessage {
		c.fault(at, "markdown blocks are for messages only")
	}
	c.length(at+"/text", b["text"], 1, maxMarkdown)
	n := utf8.RuneCountInString(str(b["text"]))
	c.size += n
	c.markdown += n
}

func (c *checker) table(at string, b map[string]any) {
	if c.tables++; c.tables > 1 || c.surface != surfaceMessage {
		c.fault(at, "only one table, and only in a message")
	}
	least, most := 1, maxTableRows
	if b["type"] == "data_table" {
		c.keys(at, b, "type", "block_id", "rows", "caption", "page_size", "row_header_column_index")
		least, most = 2, maxTableRows+1
		if b["caption"] == nil {
			c.fault(at+"/caption", "missing required field")
		}
	} else {
		c.keys(at, b, "type", "block_id", "rows", "column_settings")
	}
	rows, _ := b["rows"].([]any)
	if len(rows) < least || len(rows) > most {
		c.fault(at+"/rows", "must have %d to %d rows", least, most)
	}
	for i, row := range rows {
		for j, cell := range c.items(fmt.Sprintf("%s/rows/%d", at, i), row, 1, maxTableCells) {
			here := fmt.Sprintf("%s/rows/%d/%d", at, i, j)
			if cell["type"] == "rich_text" {
				c.richText(here, cell, richParts...)
				continue
			}
			c.size += utf8.RuneCountInString(str(cell["text"]))
		}
	}
}

// richLeaf are the pieces of rich text that hold no others, with the property each needs.
var richLeaf = map[string]string{"text": "text", "link": "url", "user": "user_id", "channel": "channel_id",
	"usergroup": "usergroup_id", "broadcast": "range", "emoji": "name", "date": "timestamp", "color": "value"}

// richParts are what a rich_text block is made of.
var richParts = []string{"rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted"}

// richText judges a rich_text block, or a part of one. allowed are the parts
// that may be its children; without any, its children are leaves.
func (c *checker) richText(at string, b map[string]any, allowed ...string) {
	for i, e := range c.items(at+"/elements", b["elements"], 0, 1000) {
		here := fmt.Sprintf("%s/elements/%d", at, i)
		kind := str(e["type"])
		need, leaf := richLeaf[kind]
		switch {
		case leaf && len(allowed) == 0:
			if e[need] == nil || e[need] == "" {
				c.fault(here+"/"+need, "missing required field")
			}
			c.size += utf8.RuneCountInString(str(e["text"]))
		case !slices.Contains(allowed, kind):
			c.fault(here, "unsupported type: %q", kind)
		case kind == "rich_text_list":
			if s := str(e["style"]); s != "bullet" && s != "ordered" {
				c.fault(here+"/style", "must be bullet or ordered")
			}
			c.richText(here, e, "rich_text_section")
		default:
			c.richText(here, e)
		}
	}
}
