package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Files come with where Slack keeps them: along with a message, and in a
// modal's file input. One that Slack keeps from us has no name.
func TestFilesThatPeopleSend(t *testing.T) {
	t.Parallel()
	const clip = `{"id":"F1","name":"audio_message.m4a","filetype":"m4a","mimetype":"audio/mp4","user":"U1","permalink":"https://x.slack.com/files/U1/F1/audio_message.m4a","subtype":"slack_audio","aac":"https://files.slack.com/x","size":12}`
	want := []Attached{{ID: "F1", Name: "audio_message.m4a", Type: "m4a", Mime: "audio/mp4", Link: "https://x.slack.com/files/U1/F1/audio_message.m4a", User: "U1"}}
	got, err := muster.Event([]byte(`{"team_id":"T1","event_id":"E1","event":{"type":"message","subtype":"file_share","channel":"D1","channel_type":"im","user":"U1","text":"","ts":"1.1",
		"files":[`+clip+`,{"id":"F2","file_access":"check_file_info"},"junk"]}}`), 0)
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(want, got[0].Files); diff != "" || got[0].Kind != KindDirect {
		t.Error(got[0].Kind, diff)
	}
	got, err = muster.Interaction([]byte(`{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1"},"trigger_id":"1","view":{"id":"V1","hash":"h","callback_id":"makeup",
		"state":{"values":{"reflection":{"reflection":{"type":"plain_text_input","value":null}},"proof":{"proof":{"type":"file_input","files":[` + clip + `]}}}}}}`))
	if err != nil || len(got) != 1 {
		t.Fatal(got, err)
	}
	if diff := cmp.Diff(want, got[0].Files); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"F1"}, got[0].Fields["proof"]); diff != "" {
		t.Error(diff)
	}
}
