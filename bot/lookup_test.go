package bot

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/models"
)

// fakeDirectory keeps questions and answers in memory.
type fakeDirectory struct {
	rows   map[int64]*models.Lookup
	events []string
}

func (d *fakeDirectory) ClaimLookups(_ context.Context, limit int, lease time.Duration) ([]models.Lookup, error) {
	var out []models.Lookup
	now := time.Now().UnixMilli()
	for _, l := range d.rows {
		if l.RetryMS <= now && l.LeaseMS <= now && len(out) < limit {
			l.LeaseMS = now + lease.Milliseconds()
			out = append(out, *l)
		}
	}
	return out, nil
}

func (d *fakeDirectory) note(l models.Lookup, format string, args ...any) error {
	d.events = append(d.events, fmt.Sprintf(format, args...))
	delete(d.rows, l.ID)
	return nil
}

func (d *fakeDirectory) SavePersonInfo(_ context.Context, l models.Lookup, i PersonInfo) error {
	return d.note(l, "%s is %s in %s", l.Ref, i.Name, i.Zone)
}

func (d *fakeDirectory) SaveMembers(_ context.Context, l models.Lookup, users []string, i ChannelInfo) error {
	return d.note(l, "%s has %s", l.Ref, strings.Join(users, ","))
}

func (d *fakeDirectory) SaveUsergroup(_ context.Context, l models.Lookup, i UsergroupInfo) error {
	return d.note(l, "%s is @%s", l.Ref, i.Handle)
}

func (d *fakeDirectory) SaveEmail(_ context.Context, l models.Lookup, i PersonInfo) error {
	return d.note(l, "%s is %s", l.Ref, i.User)
}

func (d *fakeDirectory) SaveDND(_ context.Context, l models.Lookup, all []DNDInfo) error {
	var on []string
	for _, i := range all {
		if !i.End.IsZero() {
			on = append(on, i.User)
		}
	}
	return d.note(l, "%s: quiet %s", l.Ref, strings.Join(on, ","))
}

func (d *fakeDirectory) RetryLookup(_ context.Context, l models.Lookup, retryMS int64, counted bool) error {
	row := d.rows[l.ID]
	row.RetryMS, row.LeaseMS = retryMS, 0
	if counted {
		row.Attempts++
	}
	return nil
}

func (d *fakeDirectory) DropLookup(_ context.Context, l models.Lookup, cause string) error {
	return d.note(l, "%s dropped: %s", l.Ref, cause)
}

func TestQuestionsToSlack(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		row  models.Lookup
		set  func(*fakeWeb)
		fail func(n int, c call) error
		want string
		took time.Duration
	}{
		{"a person", models.Lookup{Kind: models.LookupPerson, Ref: "U1"}, func(w *fakeWeb) { w.person = PersonInfo{Name: "小王", Zone: "Asia/Shanghai"} }, nil, "U1 is 小王 in Asia/Shanghai", 0},
		{"somebody by e-mail", models.Lookup{Kind: models.LookupEmail, Ref: "wang@example.org"}, func(w *fakeWeb) { w.person = PersonInfo{User: "U1"} }, nil, "wang@example.org is U1", 0},
		{"who has do-not-disturb on", models.Lookup{Kind: models.LookupDND, Ref: "U1,U2,U3"}, func(w *fakeWeb) { w.dnd = []DNDInfo{{User: "U2", End: time.Unix(1, 0)}} }, nil, "U1,U2,U3: quiet U2", 0},
		{"a channel of three pages", models.Lookup{Kind: models.LookupMembers, Ref: "C1"}, func(w *fakeWeb) {
			w.channel, w.pages = ChannelInfo{BotIn: true}, [][]string{{"U1", "U2"}, {"U3"}, {"U4"}}
		}, nil, "C1 has U1,U2,U3,U4", 0},
		{"an open channel the bot is not in", models.Lookup{Kind: models.LookupMembers, Ref: "C1"}, func(w *fakeWeb) { w.pages = [][]string{{"U1"}} }, nil, "C1 has U1", 0},
		{"a channel that lets the bot read nobody", models.Lookup{Kind: models.LookupMembers, Ref: "C1"}, func(*fakeWeb) {}, func(_ int, c call) error {
			if c.Method != "conversations.members" {
				return nil
			}
			return &Fault{Kind: FaultRefused, Method: c.Method, Code: "not_in_channel"}
		}, "C1 has ", 0},
		{"a user group", models.Lookup{Kind: models.LookupUsergroup, Ref: "S1"}, func(w *fakeWeb) { w.group = UsergroupInfo{Handle: "drivers"} }, nil, "S1 is @drivers", 0},
		{"too many requests", models.Lookup{Kind: models.LookupPerson, Ref: "U1"}, func(*fakeWeb) {}, func(n int, c call) error {
			if n == 1 {
				return &Fault{Kind: FaultLimited, Method: c.Method, Code: "ratelimited", RetryAfter: 20 * time.Second}
			}
			return nil
		}, "U1 is  in ", 20 * time.Second},
		{"somebody Slack does not know", models.Lookup{Kind: models.LookupPerson, Ref: "U1"}, func(*fakeWeb) {}, func(_ int, c call) error {
			return &Fault{Kind: FaultRefused, Method: c.Method, Code: "user_not_found"}
		}, "U1 dropped: user_not_found", 0},
		{"a Slack that has troubles to the end", models.Lookup{Kind: models.LookupPerson, Ref: "U1"}, func(*fakeWeb) {}, func(_ int, c call) error {
			return &Fault{Kind: FaultRefused, Method: c.Method, Code: "internal_error"}
		}, "U1 dropped: internal_error", 825 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				web, n := newFakeWeb(time.Now), 0
				tt.set(web)
				if tt.fail != nil {
					web.fail = func(c call) error { n++; return tt.fail(n, c) }
				}
				tt.row.ID = 1
				dir := &fakeDirectory{rows: map[int64]*models.Lookup{1: &tt.row}}
				l := NewLookups(LookupOptions{Directory: dir, Machine: time.Now, Throttle: NewThrottle(time.Now, 400),
					For: func(context.Context, int64) (Workspace, error) { return Workspace{Key: "T1", Web: web}, nil }})
				start := time.Now()
				for len(dir.rows) > 0 && time.Since(start) < time.Hour {
					if err := l.RunOnce(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(time.Second) // fake time
				}
				if diff := cmp.Diff([]string{tt.want}, dir.events); diff != "" {
					t.Error(diff)
				}
				if took := time.Since(start); took < tt.took || took > tt.took+10*time.Second {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}
