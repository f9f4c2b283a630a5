package services

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"muster/models"
	"muster/store"
)

var auditColumns = []string{"seq", "at", "entered_at", "actor", "action", "thing", "thing_id", "summary", "prev_hash", "hash"}

// auditRows are the sealed entries; what is not sealed yet is not part of the
// record anybody can check.
func (s *Services) auditRows(tx *store.Tx, t models.Tenant, q models.ExportQuery, each func([]any) error) error {
	zone := t.Location()
	for after := int64(0); ; {
		rows, err := tx.SealedAfter(t.ID, after, q.From, q.To, exportPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		ids := make([]int64, 0, len(rows))
		for _, r := range rows {
			ids = append(ids, r.ActorID)
		}
		slices.Sort(ids)
		people, err := tx.PersonsByIDs(slices.Compact(ids))
		if err != nil {
			return err
		}
		for _, r := range rows {
			actor := "muster"
			if p, ok := people[r.ActorID]; ok {
				actor = cmp.Or(p.Slack(), "person:"+id(p.ID))
			}
			summary, err := auditSummary(r.Data, zone)
			if err != nil {
				return fmt.Errorf("entry %d: %w", r.Seq, err)
			}
			err = each([]any{r.Seq, models.Moment{At: r.At, Zone: t.Zone}, models.Moment{At: r.EnteredAt, Zone: t.Zone},
				actor, r.Action, r.Thing, r.ThingID, summary, r.PrevHash, r.Hash})
			if err != nil {
				return err
			}
			after = r.Seq
		}
	}
}

// auditSummary renders an entry's facts in one line, the state first, then by
// name: `state=confirmed call=3 guests=0 role=12`. What is not set is left out;
// of words it says which there were, for they are not in the entry.
func auditSummary(data string, zone *time.Location) (string, error) {
	d, err := store.ParseData(data)
	if err != nil {
		return "", err
	}
	var parts []string
	if d.Op == "remove" {
		parts = append(parts, "removed")
	}
	names := slices.SortedFunc(maps.Keys(d.Facts), func(a, b string) int {
		switch {
		case a == "state":
			return -1
		case b == "state":
			return 1
		}
		return cmp.Compare(a, b)
	})
	for _, name := range names {
		text := auditValue(d.Facts[name], zone)
		if text == "" || text == "0" && isTime(name) {
			continue
		}
		parts = append(parts, name+"="+text)
	}
	if len(d.Words) > 0 {
		parts = append(parts, "words="+strings.Join(slices.Sorted(maps.Keys(d.Words)), ","))
	}
	return strings.Join(parts, " "), nil
}

// isTime says whether a fact of this name is an instant, of which 0 is none.
func isTime(name string) bool {
	return strings.HasSuffix(name, "_at") || strings.HasSuffix(name, "_until") ||
		slices.Contains([]string{"at", "from", "to", "until", "ask_again", "checked_in", "checked_out"}, name)
}

// firstInstant tells instants (milliseconds since 1970) from counts: nothing
// else in an entry is a number this high.
const firstInstant = 1_000_000_000_000

// auditValue is a fact as a reader takes it, "" when it is not set.
func auditValue(v any, zone *time.Location) string {
	switch v := v.(type) {
	case nil:
		return ""
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case string:
		if strings.ContainsAny(v, " \t\n\"=") {
			return strconv.Quote(v)
		}
		return v
	case json.Number:
		if n, err := v.Int64(); err == nil && n >= firstInstant {
			return models.Instant(n).In(zone).Format(time.RFC3339)
		}
		return v.String()
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, auditValue(item, zone))
		}
		return strings.Join(items, ";")
	case map[string]any:
		var items []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			items = append(items, name+":"+auditValue(v[name], zone))
		}
		return "{" + strings.Join(items, ",") + "}"
	}
	return fmt.Sprint(v)
}
