package bot

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var muster = Decoder{BotUser: func(string) string { return "UBOT" }}

// told wraps an event as the Events API sends it.
func told(event string) string {
	return `{"type":"event_callback","team_id":"T1","event_id":"Ev1","authorizations":[{"team_id":"T1","user_id":"UBOT","is_bot":true,"is_enterprise_install":false}],"event":` + event + `}`
}

func TestEventsBecomeRequests(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, event string
		want        *Request // nil: not for us
	}{
		{"somebody writes in a channel", `{"type":"message","channel":"C1","channel_type":"channel","user":"U1","text":"+1 driver","ts":"1.1","thread_ts":"1.0"}`,
			&Request{Kind: KindMessage, Delivery: "msg:T1:C1:1.1:", User: "U1", Channel: "C1", Text: "+1 driver", TS: "1.1", ThreadTS: "1.0"}},
		{"a direct message", `{"type":"message","channel":"D1","channel_type":"im","user":"U1","text":"帮助","ts":"1.1"}`,
			&Request{Kind: KindDirect, Delivery: "msg:T1:D1:1.1:", User: "U1", Channel: "D1", Direct: true, Text: "帮助", TS: "1.1"}},
		{"a mention as message", `{"type":"message","channel":"C1","user":"U1","text":"<@UBOT>，招募 搬运","ts":"1.1"}`,
			&Request{Kind: KindMention, Delivery: "msg:T1:C1:1.1:", User: "U1", Channel: "C1", Text: "招募 搬运", TS: "1.1"}},
		{"the same mention as app_mention", `{"type":"app_mention","channel":"C1","user":"U1","text":"<@UBOT>，招募 搬运","ts":"1.1"}`,
			&Request{Kind: KindMention, Delivery: "msg:T1:C1:1.1:", User: "U1", Channel: "C1", Text: "招募 搬运", TS: "1.1"}},
		{"a mention in the middle", `{"type":"message","channel":"C1","user":"U1","text":"hey <@UBOT|muster> help","ts":"1.1","thread_ts":"1.1"}`,
			&Request{Kind: KindMention, Delivery: "msg:T1:C1:1.1:", User: "U1", Channel: "C1", Text: "hey help", TS: "1.1"}},
		{"somebody with a longer id is mentioned", `{"type":"message","channel":"C1","user":"U1","text":"<@UBOT2> help","ts":"1.1"}`,
			&Request{Kind: KindMessage, Delivery: "msg:T1:C1:1.1:", User: "U1", Channel: "C1", Text: "<@UBOT2> help", TS: "1.1"}},
		{"a reply is corrected", `{"type":"message","subtype":"message_changed","channel":"C1","ts":"9.9","message":{"user":"U1","text":"+2","ts":"1.1","thread_ts":"1.0","edited":{"user":"U1","ts":"2.0"}},"previous_message":{"text":"+1"}}`,
			&Request{Kind: KindMessage, Delivery: "msg:T1:C1:1.1:2.0", User: "U1", Channel: "C1", Text: "+2", TS: "1.1", ThreadTS: "1.0", EditTS: "2.0"}},
		{"a mention is corrected: no second order", `{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","text":"<@UBOT> call b","ts":"1.1","edited":{"ts":"2.0"}},"previous_message":{"text":"<@UBOT> call a"}}`,
			&Request{Kind: KindMessage, Delivery: "msg:T1:C1:1.1:2.0", User: "U1", Channel: "C1", Text: "call b", TS: "1.1", EditTS: "2.0"}},
		{"a mention is put in later: the first order", `{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","text":"<@UBOT> help","ts":"1.1","edited":{"ts":"2.0"}},"previous_message":{"text":"help"}}`,
			&Request{Kind: KindMention, Delivery: "msg:T1:C1:1.1:2.0", User: "U1", Channel: "C1", Text: "help", TS: "1.1"}},
		{"a link got its preview", `{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","text":"http://a","ts":"1.1"},"previous_message":{"text":"http://a"}}`, nil},
		{"a card is deleted", `{"type":"message","subtype":"message_deleted","channel":"C1","deleted_ts":"1.1","previous_message":{"user":"UBOT","bot_id":"B1","text":"card"}}`,
			&Request{Kind: KindEvent, Name: "message_deleted", Delivery: "evt:Ev1", Channel: "C1", TS: "1.1", ItemUser: "UBOT"}},
		{"a card with a thread is deleted", `{"type":"message","subtype":"message_changed","channel":"C1","message":{"subtype":"tombstone","ts":"1.1","thread_ts":"1.1"},"previous_message":{"user":"UBOT","bot_id":"B1","ts":"1.1"}}`,
			&Request{Kind: KindEvent, Name: "message_deleted", Delivery: "evt:Ev1", Channel: "C1", TS: "1.1", ItemUser: "UBOT"}},
		{"what the bot says itself", `{"type":"message","channel":"C1","user":"UBOT","bot_id":"B1","text":"x","ts":"1.1"}`, nil},
		{"what another bot says", `{"type":"message","subtype":"bot_message","channel":"C1","bot_id":"B9","text":"x","ts":"1.1"}`, nil},
		{"somebody joins the channel", `{"type":"message","subtype":"channel_join","channel":"C1","user":"U1","text":"x","ts":"1.1"}`, nil},
		{"a reaction with a skin tone", `{"type":"reaction_added","user":"U1","reaction":"raised_hand::skin-tone-4","item":{"type":"message","channel":"C1","ts":"1.1"},"item_user":"UBOT"}`,
			&Request{Kind: KindReactionAdded, Name: "raised_hand", Value: "raised_hand::skin-tone-4", Delivery: "evt:Ev1", User: "U1", Channel: "C1", TS: "1.1", ItemUser: "UBOT"}},
		{"a reaction is taken away", `{"type":"reaction_removed","user":"U1","reaction":"hand","item":{"type":"message","channel":"C1","ts":"1.1"}}`,
			&Request{Kind: KindReactionGone, Name: "hand", Value: "hand", Delivery: "evt:Ev1", User: "U1", Channel: "C1", TS: "1.1"}},
		{"the bot's own mark", `{"type":"reaction_added","user":"UBOT","reaction":"wave","item":{"type":"message","channel":"C1","ts":"1.1"}}`, nil},
		{"the Home tab", `{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home"}`,
			&Request{Kind: KindHome, Delivery: "evt:Ev1", User: "U1", Channel: "D1", Direct: true}},
		{"a channel is archived", `{"type":"channel_archive","channel":"C1","user":"U1"}`,
			&Request{Kind: KindEvent, Name: "channel_archive", Delivery: "evt:Ev1", User: "U1", Channel: "C1"}},
		{"a profile changed", `{"type":"user_change","user":{"id":"U1","tz":"Asia/Tokyo"}}`,
			&Request{Kind: KindEvent, Name: "user_change", Delivery: "evt:Ev1", User: "U1"}},
		{"a field of an odd type costs nothing", `{"type":"message","channel":"C1","user":"U1","text":"in","ts":"1.1","blocks":7,"thread_ts":["x"],"edited":false}`,
			&Request{Kind: KindMessage, Delivery: "msg:T1:C1:1.1:", User: "U1", Channel: "C1", Text: "in", TS: "1.1"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := muster.Event([]byte(told(tt.event)), 2)
			if err != nil {
				t.Fatal(err)
			}
			if tt.want == nil {
				if len(got) != 0 {
					t.Fatalf("got %+v, want nothing", got)
				}
				return
			}
			if len(got) != 1 {
				t.Fatalf("got %d requests", len(got))
			}
			got[0].Event = nil
			tt.want.Team, tt.want.Retry = "T1", 2
			if diff := cmp.Diff(*tt.want, got[0]); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnOrgWideInstallNamesTheEnterprise(t *testing.T) {
	t.Parallel()
	got, err := muster.Event([]byte(`{"team_id":"T9","enterprise_id":"E1","event_id":"Ev1","authorizations":[{"enterprise_id":"E1","team_id":"T2","user_id":"UBOT","is_bot":true,"is_enterprise_install":true}],
		"event":{"type":"reaction_added","user":"W1","reaction":"hand","item":{"type":"message","channel":"C1","ts":"1.1"}}}`), 0)
	if err != nil || len(got) != 1 || got[0].Enterprise != "E1" || got[0].Team != "T2" {
		t.Errorf("got %+v, %v", got, err)
	}
	got, err = muster.CommandForm(url.Values{"team_id": {"T2"}, "enterprise_id": {"E1"}, "is_enterprise_install": {"false"}, "user_id": {"U1"}, "channel_id": {"C1"}, "trigger_id": {"1.2"}})
	if err != nil || got[0].Enterprise != "" {
		t.Errorf("an installation in one workspace of an enterprise got %+v, %v", got, err)
	}
}

func TestACommandIsTheSameByEitherWay(t *testing.T) {
	t.Parallel()
	want := []Request{{Kind: KindCommand, Delivery: "trg:13.37", Team: "T1", User: "U1", Channel: "C1", Text: "call Sandbags | when: tomorrow 8:00",
		TriggerID: "13.37", ResponseURL: "https://hooks/x"}}
	form, err := muster.CommandForm(url.Values{"command": {"/muster"}, "team_id": {"T1"}, "user_id": {"U1"}, "channel_id": {"C1"},
		"text": {" call Sandbags | when: tomorrow 8:00"}, "trigger_id": {"13.37"}, "response_url": {"https://hooks/x"}})
	if err != nil {
		t.Fatal(err)
	}
	socket, err := muster.Envelope("slash_commands", []byte(`{"command":"/muster","team_id":"T1","user_id":"U1","channel_id":"C1","text":"call Sandbags | when: tomorrow 8:00","trigger_id":"13.37","response_url":"https://hooks/x"}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, form); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, socket); diff != "" {
		t.Error(diff)
	}
}

func TestPressesAndModals(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, payload string
		want          Request
	}{
		{"a button in a thread", `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"trigger_id":"7.7","response_url":"https://r",
			"container":{"type":"message","message_ts":"1.2","channel_id":"C1","thread_ts":"1.0","is_ephemeral":true},
			"actions":[{"type":"button","action_id":"call_join:司机:2","block_id":"b","value":"42"}]}`,
			Request{Kind: KindAction, Name: "call_join", Delivery: "trg:7.7", ActionID: "call_join:司机:2", BlockID: "b", Value: "42", Selected: []string{"42"}, User: "U1",
				Channel: "C1", TS: "1.2", ThreadTS: "1.0", Ephemeral: true, TriggerID: "7.7", ResponseURL: "https://r"}},
		{"the card that starts a thread", `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"trigger_id":"7.7",
			"container":{"message_ts":"1.2"},"message":{"ts":"1.2","thread_ts":"1.2"},"actions":[{"action_id":"call_leave","value":"1"}]}`,
			Request{Kind: KindAction, Name: "call_leave", Delivery: "trg:7.7", ActionID: "call_leave", Value: "1", Selected: []string{"1"}, User: "U1", Channel: "C1", TS: "1.2", TriggerID: "7.7"}},
		{"a select of many in a modal", `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"7.7","view":{"id":"V1","hash":"h","callback_id":"roll","private_metadata":"12","state":{"values":{}}},
			"actions":[{"type":"multi_static_select","action_id":"roll_who","selected_options":[{"value":"3"},{"value":"5"}]}]}`,
			Request{Kind: KindAction, Name: "roll_who", Delivery: "trg:7.7", ActionID: "roll_who", Value: "3", Selected: []string{"3", "5"}, User: "U1", TriggerID: "7.7",
				View: View{ID: "V1", Hash: "h", Callback: "roll", Private: "12"}}},
		{"a global shortcut", `{"type":"shortcut","team":{"id":"T1"},"user":{"id":"U1"},"callback_id":"muster_new_call","trigger_id":"7.7"}`,
			Request{Kind: KindShortcut, Name: "muster_new_call", Delivery: "trg:7.7", User: "U1", TriggerID: "7.7"}},
		{"a message shortcut", `{"type":"message_action","team":{"id":"T1"},"user":{"id":"U1"},"channel":{"id":"C1"},"callback_id":"muster_report","trigger_id":"7.7","response_url":"https://r","message":{"user":"U2","ts":"1.1","text":"lamp broken"}}`,
			Request{Kind: KindShortcut, Name: "muster_report", Delivery: "trg:7.7", User: "U1", Channel: "C1", TS: "1.1", Text: "lamp broken", ItemUser: "U2", TriggerID: "7.7", ResponseURL: "https://r"}},
		{"a submission with every kind of input", `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"7.7","response_urls":[{"channel_id":"D5","response_url":"https://m"}],
			"view":{"id":"V1","hash":"h1","callback_id":"call","private_metadata":"p","state":{"values":{
			"title":{"a":{"type":"plain_text_input","value":"Sand & <bags>"}},
			"none":{"a":{"type":"plain_text_input","value":null}},
			"kind":{"a":{"type":"static_select","selected_option":{"value":"relief"}}},
			"nokind":{"a":{"type":"static_select","selected_option":null}},
			"skills":{"a":{"type":"multi_static_select","selected_options":[{"value":"driver"},{"value":"lifter"}]}},
			"lead":{"a":{"type":"users_select","selected_user":"U9"}},
			"crew":{"a":{"type":"multi_users_select","selected_users":["U7","U8"]}},
			"where":{"a":{"type":"channels_select","selected_channel":"C7"}},
			"to":{"a":{"type":"conversations_select","selected_conversation":"G1"}},
			"tos":{"a":{"type":"multi_conversations_select","selected_conversations":["G1","C2"]}},
			"day":{"a":{"type":"datepicker","selected_date":"2026-12-05"}},
			"time":{"a":{"type":"timepicker","selected_time":"19:30"}},
			"at":{"a":{"type":"datetimepicker","selected_date_time":1796467800}},
			"opts":{"a":{"type":"checkboxes","selected_options":[{"value":"drill"}]}},
			"how":{"a":{"type":"radio_buttons","selected_option":{"value":"now"}}},
			"n":{"a":{"type":"number_input","value":"12"}},
			"photo":{"a":{"type":"file_input","files":[{"id":"F1"}]}},
			"notes":{"a":{"type":"rich_text_input","rich_text_value":{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"see "},{"type":"link","url":"http://a"},{"type":"user","user_id":"U3"}]},{"type":"rich_text_list","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"one"}]},{"type":"rich_text_section","elements":[{"type":"text","text":"two"}]}]}]}}}
			}}}}`,
			Request{Kind: KindSubmission, Name: "call", Delivery: "view:V1:h1", User: "U1", Channel: "D5", Direct: true, TriggerID: "7.7", ResponseURL: "https://m",
				View: View{ID: "V1", Hash: "h1", Callback: "call", Private: "p"},
				Fields: map[string][]string{"title": {"Sand & <bags>"}, "none": nil, "kind": {"relief"}, "nokind": nil, "skills": {"driver", "lifter"}, "lead": {"U9"}, "crew": {"U7", "U8"},
					"where": {"C7"}, "to": {"G1"}, "tos": {"G1", "C2"}, "day": {"2026-12-05"}, "time": {"19:30"}, "at": {"1796467800"}, "opts": {"drill"}, "how": {"now"}, "n": {"12"},
					"photo": {"F1"}, "notes": {"see http://a<@U3>\none\ntwo"}}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := muster.Interaction([]byte(tt.payload))
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Team = "T1"
			if diff := cmp.Diff([]Request{tt.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatCannotBeToldFromARepeatIsNotActedOn(t *testing.T) {
	t.Parallel()
	for _, payload := range []string{
		`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"actions":[{"action_id":"x"}]}`,
		`{"type":"block_actions","team":{"id":"T1"},"trigger_id":"1","actions":[{"action_id":"x"}]}`,
		`{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"1","actions":[]}`,
		`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V1"}}`,
	} {
		if got, err := muster.Interaction([]byte(payload)); !errors.Is(err, errIncomplete) {
			t.Errorf("%s gave %v, %v", payload, got, err)
		}
	}
	if _, err := muster.Interaction([]byte(`{"type":"block_suggestion"}`)); !errors.Is(err, errUnknown) {
		t.Errorf("an unknown type gave %v", err)
	}
	if _, err := muster.Envelope("something_new", []byte(`{}`), 0); !errors.Is(err, errUnknown) {
		t.Errorf("an unknown envelope gave %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("events_api", told(`{"type":"message","channel":"C1","user":"U1","text":"<@UBOT> <@UBOT|x> hi <@UBOT","ts":"1.1"}`))
	f.Add("events_api", told(`{"type":"message","subtype":"message_changed","channel":"C1","message":{"user":"U1","text":"b","ts":"1.1","edited":{"ts":"2"}}}`))
	f.Add("interactive", `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"1","actions":[{"action_id":"a:b","value":"1"}],"state":{"values":{"b":{"a":{"value":1}}}}}`)
	f.Add("interactive", `{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"view":{"id":"V","hash":"h","state":{"values":{"b":{"a":{"rich_text_value":{"type":"rich_text","elements":[{"elements":[[]]}]}}}}}}}`)
	f.Add("slash_commands", `{"team_id":"T1","user_id":"U1","trigger_id":"1","text":"call"}`)
	f.Add("interactive", `[{}]`)
	f.Fuzz(func(t *testing.T, kind, payload string) {
		requests, err := muster.Envelope(kind, []byte(payload), 0)
		if err != nil && len(requests) > 0 {
			t.Fatalf("requests beside the error %v", err)
		}
		for _, r := range requests {
			prefix, rest, _ := strings.Cut(r.Delivery, ":")
			if (prefix != "msg" && prefix != "evt" && prefix != "trg" && prefix != "view") || rest == "" {
				t.Fatalf("%s has no identity: %q", r.Kind, r.Delivery)
			}
			if r.User == "" && r.Kind != KindEvent {
				t.Fatalf("%s by nobody", r.Kind)
			}
			if r.Team == "" && r.Enterprise == "" {
				t.Fatalf("%s of nowhere", r.Kind)
			}
			if r.User == "UBOT" && (r.Kind == KindMessage || r.Kind == KindMention || r.Kind == KindDirect) {
				t.Fatal("the bot hears itself")
			}
		}
	})
}
