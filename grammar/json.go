package grammar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

type whenJSON struct {
	Kind  string     `json:"kind"`
	Start string     `json:"start,omitempty"`
	End   string     `json:"end,omitempty"`
	Rule  string     `json:"rule,omitempty"`
	Zone  string     `json:"zone,omitempty"`
	Next  []string   `json:"next,omitempty"`
	Items []whenJSON `json:"items,omitempty"`
}

func (w When) shape() whenJSON {
	out := whenJSON{Kind: w.Kind, Start: stampText(w.Start), End: stampText(w.End), Rule: w.Rule}
	if w.Kind != KindList {
		out.Zone = w.Zone
	}
	for _, t := range w.Next {
		out.Next = append(out.Next, stampText(t))
	}
	for _, item := range w.Items {
		out.Items = append(out.Items, item.shape())
	}
	return out
}

func stampText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.RFC3339)
}

// JSON is the answer of "understand when".
func (w When) JSON() ([]byte, error) { return encode(w.shape()) }

// JSON is the answer of "understand reply".
func (r Reply) JSON() ([]byte, error) {
	return encode(struct {
		Meaning string `json:"meaning"`
		Guests  int    `json:"guests,omitempty"`
		Role    string `json:"role,omitempty"`
		Minutes int    `json:"minutes,omitempty"`
		From    string `json:"from,omitempty"`
	}{r.Meaning, r.Guests, r.Role, r.Minutes, r.From})
}

type needJSON struct {
	Role     string `json:"role,omitempty"`
	Least    int    `json:"least"`
	Most     int    `json:"most"`
	Verified bool   `json:"verified,omitempty"`
}

type callJSON struct {
	Title   string     `json:"title,omitempty"`
	Kind    string     `json:"kind,omitempty"`
	When    *whenJSON  `json:"when,omitempty"`
	Where   string     `json:"where,omitempty"`
	Need    []needJSON `json:"need,omitempty"`
	Skill   []string   `json:"skill,omitempty"`
	Bring   string     `json:"bring,omitempty"`
	Private string     `json:"private,omitempty"`
	Opens   string     `json:"opens,omitempty"`
	Close   string     `json:"close,omitempty"`
	Guests  *int       `json:"guests,omitempty"`
	Urgent  bool       `json:"urgent,omitempty"`
	Ask     string     `json:"ask,omitempty"`
	Safety  string     `json:"safety,omitempty"`
	Buddy   bool       `json:"buddy,omitempty"`
	Drill   bool       `json:"drill,omitempty"`
	For     string     `json:"for,omitempty"`
	Remind  *[]string  `json:"remind,omitempty"`
}

// JSON is the answer of "understand call": several shifts are one list.
func (c Call) JSON() ([]byte, error) {
	out := callJSON{
		Title: c.Title, Kind: c.Kind, Where: c.Where, Skill: c.Skill, Bring: c.Bring, Private: c.Private,
		Opens: c.Opens.text(), Close: c.Close.text(), Guests: c.Guests, Urgent: c.Urgent, Ask: c.Ask.text(),
		Buddy: c.Buddy, Drill: c.Drill, For: c.For,
	}
	switch {
	case len(c.When) == 1:
		w := c.When[0].shape()
		out.When = &w
	case len(c.When) > 1:
		w := When{Kind: KindList, Items: c.When}.shape()
		out.When = &w
	}
	for _, n := range c.Need {
		out.Need = append(out.Need, needJSON(n))
	}
	if c.Safety != nil {
		out.Safety = lengthText(*c.Safety)
		if *c.Safety == 0 {
			out.Safety = "no"
		}
	}
	if c.Remind != nil { // "remind: no" is said, and an empty list
		leads := []string{}
		for _, d := range c.Remind {
			leads = append(leads, lengthText(d))
		}
		out.Remind = &leads
	}
	return encode(out)
}

func encode(v any) ([]byte, error) {
	b, err := marshal(v)
	if err != nil {
		return nil, fmt.Errorf("understood, but not written: %w", err)
	}
	return b, nil
}

// text is "2h before" or an RFC 3339 time.
func (l *Limit) text() string {
	switch {
	case l == nil:
		return ""
	case l.At.IsZero():
		return lengthText(l.Before) + " before"
	}
	return stampText(l.At)
}

// text is "auto", "no" or "5 every 10m".
func (a *Ask) text() string {
	switch {
	case a == nil:
		return ""
	case a.Auto:
		return "auto"
	case a.Off:
		return "no"
	}
	return fmt.Sprintf("%d every %s", a.Size, lengthText(a.Every))
}

// lengthText is the shortest form that reads back: 1d, 2h, 90m.
func lengthText(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d != 0 && d%day == 0:
		return fmt.Sprintf("%dd", d/day)
	case d != 0 && d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return fmt.Sprintf("%ds", d/time.Second)
}

// marshal leaves < > & as they are: the answer is for people and pipes, not for
// a web page.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}
