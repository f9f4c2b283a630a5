package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"
)

// WebOptions say how to reach Slack.
type WebOptions struct {
	Token   string
	URL     string // Web API base; "" is Slack's own
	HTTP    *http.Client
	Metrics *Metrics
}

// web is Web over slack-go. History and Respond go by plain HTTP: slack-go
// rejects a whole page of history when one field of one foreign message has an
// unexpected type, and a doubt about our own message must not hang on that.
type web struct {
	api     *slack.Client
	http    *http.Client
	base    string
	token   string
	metrics *Metrics
}

// NewWeb makes the Web of one bot token.
func NewWeb(o WebOptions) Web {
	w := &web{http: o.HTTP, base: apiBase(o.URL), token: o.Token, metrics: o.Metrics}
	if w.http == nil {
		w.http = NewHTTPClient()
	}
	w.api = slack.New(o.Token, slack.OptionHTTPClient(w.http), slack.OptionAPIURL(w.base))
	return w
}

// apiBase is u with the closing slash slack-go relies on.
func apiBase(u string) string {
	if u == "" {
		return slack.APIURL
	}
	return strings.TrimSuffix(u, "/") + "/"
}

func (w *web) Auth(ctx context.Context) (Identity, error) {
	var got *slack.AuthTestResponse
	err := w.do(ctx, "auth.test", func(ctx context.Context) (err error) {
		got, err = w.api.AuthTestContext(ctx)
		return err
	})
	if err != nil {
		return Identity{}, err
	}
	id := Identity{Team: got.TeamID, Enterprise: got.EnterpriseID, BotUser: got.UserID, BotID: got.BotID, TeamName: got.Team, URL: got.URL}
	for _, s := range strings.Split(got.Header.Get("X-OAuth-Scopes"), ",") {
		if s = strings.TrimSpace(s); s != "" {
			id.Scopes = append(id.Scopes, s)
		}
	}
	if at, err := http.ParseTime(got.Header.Get("Date")); err == nil {
		id.Date = at
	}
	return id, nil
}

// options are the parts of a message that posting and updating share. Links are
// never unfurled: a summary with five links must not become a page of previews.
func (p Post) options(clear bool) []slack.MsgOption {
	opts := []slack.MsgOption{slack.MsgOptionText(p.Text, false), slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl()}
	if len(p.Blocks) > 0 || clear {
		opts = append(opts, slack.MsgOptionBlocks(p.Blocks...)) // none at all clears the buttons of an older version
	}
	if p.Thread != "" {
		opts = append(opts, slack.MsgOptionTS(p.Thread))
	}
	if p.UID != "" {
		opts = append(opts, slack.MsgOptionMetadata(slack.SlackMetadata{EventType: metadataType, EventPayload: map[string]any{"id": p.UID}}))
	}
	return opts
}

// metadataType marks our messages for other programs and for ourselves.
const metadataType = "muster_message"

func (w *web) Post(ctx context.Context, p Post) (channel, ts string, err error) {
	err = w.do(ctx, "chat.postMessage", func(ctx context.Context) (err error) {
		channel, ts, err = w.api.PostMessageContext(ctx, p.Channel, p.options(false)...)
		return err
	})
	return channel, ts, err
}

func (w *web) Update(ctx context.Context, p Post) error {
	p.Thread = "" // chat.update takes the ts of the message itself
	return w.do(ctx, "chat.update", func(ctx context.Context) error {
		_, _, _, err := w.api.UpdateMessageContext(ctx, p.Channel, p.TS, p.options(true)...)
		return err
	})
}

func (w *web) Ephemeral(ctx context.Context, user string, p Post) error {
	return w.do(ctx, "chat.postEphemeral", func(ctx context.Context) error {
		_, err := w.api.PostEphemeralContext(ctx, p.Channel, user, p.options(false)...)
		return err
	})
}

func (w *web) OpenDirect(ctx context.Context, user string) (channel string, err error) {
	err = w.do(ctx, "conversations.open", func(ctx context.Context) error {
		c, _, _, err := w.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
		if err == nil && c != nil {
			channel = c.ID
		}
		return err
	})
	return channel, err
}

func (w *web) Join(ctx context.Context, channel string) error {
	return w.do(ctx, "conversations.join", func(ctx context.Context) error {
		_, _, _, err := w.api.JoinConversationContext(ctx, channel)
		return err
	})
}

func (w *web) React(ctx context.Context, channel, ts, emoji string) error {
	return w.do(ctx, "reactions.add", func(ctx context.Context) error {
		return w.api.AddReactionContext(ctx, emoji, slack.ItemRef{Channel: channel, Timestamp: ts})
	})
}

func (w *web) Unreact(ctx context.Context, channel, ts, emoji string) error {
	return w.do(ctx, "reactions.remove", func(ctx context.Context) error {
		return w.api.RemoveReactionContext(ctx, emoji, slack.ItemRef{Channel: channel, Timestamp: ts})
	})
}

// Upload hands over a file in Slack's three steps. Nothing is visible before
// the last one, so only its lost answer is a doubt.
func (w *web) Upload(ctx context.Context, channel, thread, comment string, f File) error {
	var slot *slack.GetUploadURLExternalResponse
	err := w.do(ctx, "files.getUploadURLExternal", func(ctx context.Context) (err error) {
		slot, err = w.api.GetUploadURLExternalContext(ctx, slack.GetUploadURLExternalParameters{FileName: f.Name, FileSize: len(f.Bytes), AltTxt: f.Alt})
		return err
	})
	if err == nil {
		err = w.do(ctx, "files.upload", func(ctx context.Context) error {
			return w.api.UploadToURL(ctx, slack.UploadToURLParameters{UploadURL: slot.UploadURL, Reader: bytes.NewReader(f.Bytes), Filename: f.Name})
		})
	}
	if err != nil {
		fault := faultOf(err)
		if fault.Kind == FaultLost {
			return &Fault{Kind: FaultRefused, Method: fault.Method, Code: codeUpload, Cause: err}
		}
		return err
	}
	title := f.Title
	if title == "" {
		title = f.Name
	}
	return w.do(ctx, "files.completeUploadExternal", func(ctx context.Context) error {
		_, err := w.api.CompleteUploadExternalContext(ctx, slack.CompleteUploadExternalParameters{
			Files: []slack.FileSummary{{ID: slot.FileID, Title: title}}, Channel: channel, ThreadTimestamp: thread, InitialComment: comment,
		})
		return err
	})
}

// codeUpload is our own word for an upload that broke before anybody saw it.
const codeUpload = "upload_interrupted"

func (w *web) OpenModal(ctx context.Context, trigger string, v slack.ModalViewRequest) error {
	return w.do(ctx, "views.open", func(ctx context.Context) error {
		_, err := w.api.OpenViewContext(ctx, trigger, v)
		return err
	})
}

func (w *web) PushModal(ctx context.Context, trigger string, v slack.ModalViewRequest) error {
	return w.do(ctx, "views.push", func(ctx context.Context) error {
		_, err := w.api.PushViewContext(ctx, trigger, v)
		return err
	})
}

func (w *web) UpdateModal(ctx context.Context, id, hash string, v slack.ModalViewRequest) error {
	return w.do(ctx, "views.update", func(ctx context.Context) error {
		_, err := w.api.UpdateViewContext(ctx, v, "", hash, id)
		return err
	})
}

func (w *web) PublishHome(ctx context.Context, user string, v slack.HomeTabViewRequest) error {
	return w.do(ctx, "views.publish", func(ctx context.Context) error {
		_, err := w.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: v})
		return err
	})
}

// do runs one call, counts it and names what went wrong.
func (w *web) do(ctx context.Context, method string, call func(context.Context) error) error {
	var wrote atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { wrote.Store(true) }})
	fault := classify(method, call(ctx), wrote.Load)
	if fault == nil {
		w.metrics.Count("muster_web_calls_total", "method", method, "result", "ok")
		return nil
	}
	w.metrics.Count("muster_web_calls_total", "method", method, "result", string(fault.Kind))
	if fault.Kind == FaultLimited {
		w.metrics.Count("muster_rate_limited_total", "method", method)
	}
	return fault
}

// limitedFor is how long to keep still after a 429 that does not say.
const limitedFor = 5 * time.Second

func classify(method string, err error, wrote func() bool) *Fault {
	if err == nil {
		return nil
	}
	f := &Fault{Method: method, Cause: err}
	var limited *slack.RateLimitedError
	var status slack.StatusCodeError
	var refused slack.SlackErrorResponse
	switch {
	case errors.As(err, &limited):
		f.Kind, f.Code, f.RetryAfter = FaultLimited, "ratelimited", limited.RetryAfter
	case errors.As(err, &status) && status.Code == http.StatusTooManyRequests:
		f.Kind, f.Code, f.RetryAfter = FaultLimited, "ratelimited", limitedFor
	case errors.As(err, &status) && status.Code >= 500:
		f.Kind, f.Code = FaultLost, fmt.Sprintf("http_%d", status.Code)
	case errors.As(err, &status):
		f.Kind, f.Code = FaultRefused, fmt.Sprintf("http_%d", status.Code)
	case errors.As(err, &refused) && (refused.Err == "ratelimited" || refused.Err == "rate_limited"):
		f.Kind, f.Code, f.RetryAfter = FaultLimited, "ratelimited", limitedFor
	case errors.As(err, &refused):
		f.Kind, f.Code, f.Needed = FaultRefused, refused.Err, refused.Needed
	case errors.Is(err, slack.ErrParametersMissing), errors.Is(err, slack.ErrBlockIDNotUnique):
		f.Kind, f.Code = FaultRefused, "invalid_arguments"
	case !wrote():
		f.Kind, f.Code = FaultUnreached, "unreached"
	default:
		f.Kind, f.Code = FaultLost, "answer_lost"
	}
	return f
}

// Respond answers through a response URL: ephemeral, only to who acted.
func (w *web) Respond(ctx context.Context, target string, p Post, replace bool) error {
	body := map[string]any{"response_type": "ephemeral", "replace_original": replace, "text": p.Text}
	if len(p.Blocks) > 0 || replace {
		body["blocks"] = slack.Blocks{BlockSet: append([]slack.Block{}, p.Blocks...)}
	}
	if p.Thread != "" && !replace {
		body["thread_ts"] = p.Thread
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return &Fault{Kind: FaultRefused, Method: "response_url", Code: "unencodable", Cause: err}
	}
	return w.do(ctx, "response_url", func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(raw))
		if err != nil {
			return slack.SlackErrorResponse{Err: "invalid_url"}
		}
		req.Header.Set("Content-Type", "application/json; charset=utf-8")
		answer, err := w.send(req)
		if err != nil {
			return err
		}
		var said struct {
			OK    *bool  `json:"ok"`
			Error string `json:"error"`
		}
		// Success is the plain word "ok"; only a refusal is JSON with a reason.
		if json.Unmarshal(answer, &said) == nil && said.OK != nil && !*said.OK {
			return slack.SlackErrorResponse{Err: said.Error}
		}
		return nil
	})
}

// mostAnswer bounds what we read of one answer; a full page of history with
// blocks stays below 8 MiB.
const mostAnswer = 8 << 20

// send runs one plain request and maps its status as slack-go does.
func (w *web) send(req *http.Request) ([]byte, error) {
	resp, err := w.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, mostAnswer))
	if err != nil {
		return nil, err
	}
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
		if err != nil {
			return nil, &slack.RateLimitedError{RetryAfter: limitedFor}
		}
		return nil, &slack.RateLimitedError{RetryAfter: time.Duration(seconds) * time.Second}
	case resp.StatusCode != http.StatusOK:
		return nil, slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	}
	return answer, nil
}

// form calls a method with form values and decodes its answer tolerantly.
func (w *web) form(ctx context.Context, method string, values url.Values) (node, error) {
	var got node
	err := w.do(ctx, method, func(ctx context.Context) error {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+method, strings.NewReader(values.Encode()))
		if err != nil {
			return err
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer "+w.token)
		answer, err := w.send(req)
		if err != nil {
			return err
		}
		if got, err = parse(answer); err != nil {
			return err
		}
		if !got.at("ok").yes() {
			return slack.SlackErrorResponse{Err: got.at("error").text(), Needed: got.at("needed").text()}
		}
		return nil
	})
	return got, err
}
