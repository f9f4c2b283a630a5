package bot

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
)

// node is a place in a piece of JSON, read tolerantly: what is missing or has
// another type reads as nothing. Slack adds fields and changes types without
// notice, and one odd field must not cost a whole event.
type node struct{ v any }

// parse reads raw, which must be one JSON value.
func parse(raw []byte) (node, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber() // a Unix time as float would print as 1.7e+09
	var v any
	if err := dec.Decode(&v); err != nil {
		return node{}, fmt.Errorf("parse json: %w", err)
	}
	return node{v}, nil
}

// at follows names into objects.
func (n node) at(path ...string) node {
	for _, name := range path {
		m, ok := n.v.(map[string]any)
		if !ok {
			return node{}
		}
		n = node{m[name]}
	}
	return n
}

// text is a string or a number as text.
func (n node) text() string {
	switch v := n.v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	}
	return ""
}

// yes is true for true and, as forms have it, for "true".
func (n node) yes() bool {
	b, ok := n.v.(bool)
	return ok && b || n.text() == "true"
}

func (n node) whole() int {
	i, err := strconv.Atoi(n.text())
	if err != nil {
		return 0
	}
	return i
}

func (n node) list() []node {
	items, ok := n.v.([]any)
	if !ok {
		return nil
	}
	out := make([]node, len(items))
	for i, item := range items {
		out[i] = node{item}
	}
	return out
}

func (n node) object() map[string]any {
	m, _ := n.v.(map[string]any)
	return m
}

// has says whether there is anything at all.
func (n node) has() bool { return n.v != nil }
