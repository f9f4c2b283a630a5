package views

import (
	"encoding/json"
	"strconv"
	"strings"
)

// RollMeta is what the roll's modal carries in private_metadata.
type RollMeta struct {
	Call  int64  `json:"call"`
	Shift int64  `json:"shift,omitempty"`
	What  string `json:"what,omitempty"`
	Page  int    `json:"page,omitempty"`
	// Goods is when the goods that stand in the form were read: what somebody
	// else writes down meanwhile is not taken off. 0 = the form shows none.
	Goods int64 `json:"goods,omitempty"`
}

// Encode writes the metadata.
func (m RollMeta) Encode() string {
	raw, err := json.Marshal(m)
	if err != nil {
		panic("modal metadata must be plain values: " + err.Error())
	}
	return string(raw)
}

// DecodeRollMeta reads it back; what is not ours is empty.
func DecodeRollMeta(raw string) RollMeta {
	var m RollMeta
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return RollMeta{}
	}
	return m
}

// ParseRollPage reads the value of the choice of a page.
func ParseRollPage(call int64, value string) RollMeta {
	parts := strings.Split(value, ":")
	if len(parts) != 3 {
		return RollMeta{Call: call}
	}
	shift, err := strconv.ParseInt(parts[0], 10, 64)
	page, errPage := strconv.Atoi(parts[2])
	if err != nil || errPage != nil {
		return RollMeta{Call: call}
	}
	return RollMeta{Call: call, Shift: shift, What: parts[1], Page: page}
}
