package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
)

// EntryData is what Entry.Data holds: what was done to the row ("save",
// "remove", "note"), its facts, and the hash of each of its words.
type EntryData struct {
	Op    string            `json:"op"`
	Facts map[string]any    `json:"facts"`
	Words map[string]string `json:"words,omitempty"`
}

// ParseData reads Entry.Data. Numbers come as json.Number.
func ParseData(data string) (EntryData, error) {
	var d EntryData
	dec := json.NewDecoder(bytes.NewReader([]byte(data)))
	dec.UseNumber()
	if err := dec.Decode(&d); err != nil {
		return d, fmt.Errorf("entry data: %w", err)
	}
	return d, nil
}

func encodeData(d EntryData) (string, error) {
	if d.Facts == nil {
		d.Facts = map[string]any{}
	}
	if flat(d.Facts) { // its keys are the only ones there are to sort
		plain := map[string]any{"op": d.Op, "facts": d.Facts}
		if len(d.Words) > 0 {
			plain["words"] = d.Words
		}
		raw, err := compact(plain)
		return string(raw), err
	}
	return canonical(d)
}

// flat says whether facts hold nothing whose own keys would have to be sorted:
// encoding/json sorts those of the map itself.
func flat(facts map[string]any) bool {
	for _, v := range facts {
		if _, own := v.(json.Marshaler); own {
			return false
		}
		t := reflect.TypeOf(v)
		if t == nil {
			continue
		}
		if t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		switch t.Kind() {
		case reflect.Bool, reflect.String, reflect.Int, reflect.Int64, reflect.Int32:
		default:
			return false
		}
	}
	return true
}

// canonical is v as JSON of one form only: object keys sorted by bytes, no
// spaces, numbers as they are written, nothing escaped for HTML.
func canonical(v any) (string, error) {
	raw, err := compact(v)
	if err != nil {
		return "", err
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	var plain any // structs become maps, whose keys encoding/json sorts
	if err := dec.Decode(&plain); err != nil && err != io.EOF {
		return "", fmt.Errorf("canonical form: %w", err)
	}
	raw, err = compact(plain)
	return string(raw), err
}

func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("canonical form: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
