package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxBody bounds any request; uploads are the largest.
const maxBody = 32 << 20

// maxCalls bounds the request log of a long demo.
const maxCalls = 100000

func (w *World) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/api/", w.serveAPI)
	mux.HandleFunc("/socket/", w.hub.serve)
	mux.HandleFunc("POST /response/{token}", w.serveHook)
	mux.HandleFunc("POST /upload/{id}", w.serveUpload)
	mux.HandleFunc("GET /files-pri/{id}/{name}", w.servePrivateFile)
	if w.o.Page {
		w.pageRoutes(mux)
	}
	return mux
}

// request is one Web API call on its way through a method.
type request struct {
	endpoint
	args args
}

// answer is the JSON of a success, without "ok".
type answer map[string]any

// slackError is an error as Slack answers it.
type slackError struct {
	code     string
	messages []string       // response_metadata.messages
	extra    map[string]any // such as needed and provided
	after    int            // seconds, for ratelimited
	status   int            // HTTP status when not 200
}

func (e *slackError) Error() string { return e.code }

func fail(code string) error { return &slackError{code: code} }

func (w *World) serveAPI(rw http.ResponseWriter, r *http.Request) {
	method := strings.TrimPrefix(r.URL.Path, "/api/")
	given, err := readArgs(rw, r)
	token := tokenOf(r, given)
	delete(given, "token")

	w.mu.Lock()
	if w.faults.down || w.closed {
		w.mu.Unlock()
		panic(http.ErrAbortHandler) // closes the connection without an answer
	}
	made := Call{Method: method, At: w.o.Machine(), World: w.o.Clock(), Args: given,
		Channel: given.str("channel"), User: given.str("user")}
	setDefault(&made.Channel, given.str("channel_id"))
	setDefault(&made.User, given.str("user_id"))
	var done answer
	if err == nil {
		done, err = w.call(method, token, given)
	}
	var failed *slackError
	if errors.As(err, &failed) {
		made.Error = failed.code
	}
	made.Lost = w.faults.takeLoss(method)
	if len(w.calls) >= maxCalls {
		w.calls = slices.Clone(w.calls[maxCalls/2:])
	}
	w.calls = append(w.calls, made)
	var body []byte
	if failed == nil {
		body = mustJSON(succeed(done))
	}
	w.changed()
	w.mu.Unlock()

	if made.Lost {
		panic(http.ErrAbortHandler)
	}
	if failed != nil {
		failed.write(rw)
		return
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.Header().Set("X-OAuth-Scopes", strings.Join(w.o.BotScopes, ","))
	_, _ = rw.Write(body)
}

func succeed(done answer) answer {
	if done == nil {
		done = answer{}
	}
	done["ok"] = true
	return done
}

func (e *slackError) write(rw http.ResponseWriter) {
	status := max(e.status, http.StatusOK)
	body := map[string]any{"ok": false, "error": e.code}
	for k, v := range e.extra {
		body[k] = v
	}
	if len(e.messages) > 0 {
		body["errors"] = e.messages
		body["response_metadata"] = map[string]any{"messages": e.messages}
	}
	if e.after > 0 {
		status = http.StatusTooManyRequests
		rw.Header().Set("Retry-After", strconv.Itoa(e.after))
	}
	rw.Header().Set("Content-Type", "application/json; charset=utf-8")
	rw.WriteHeader(status)
	_, _ = rw.Write(mustJSON(body))
}

// call checks everything that is the same for all methods and runs one.
func (w *World) call(method, token string, given args) (answer, error) {
	e, known := endpoints[method]
	if !known {
		w.complain("web api: unknown method %q", method)
		return nil, fail("unknown_method")
	}
	e.method = method
	if code, hit := w.faults.takeFailure(method); hit {
		if status, err := strconv.Atoi(code); err == nil && len(code) == 3 {
			return nil, &slackError{code: "http_" + code, status: status}
		}
		return nil, fail(code)
	}
	if err := w.authorize(e, token, given); err != nil {
		return nil, err
	}
	channelID := given.str("channel")
	if c := w.resolve(channelID); c != nil {
		channelID = c.ID
	}
	if seconds, hit := w.faults.takeLimit(method, channelID); hit {
		return nil, &slackError{code: "ratelimited", after: seconds}
	}
	if wait := w.limiter.take(w.o.Machine(), w.limiter.claims(e, channelID)); wait > 0 {
		return nil, &slackError{code: "ratelimited", after: ceilSeconds(wait)}
	}
	return e.run(w, &request{e, given})
}

func ceilSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

func (w *World) authorize(e endpoint, token string, given args) error {
	if e.token == noToken {
		return nil
	}
	switch {
	case token == "":
		return fail("not_authed")
	case token != w.botToken && token != w.appToken:
		return fail("invalid_auth")
	case w.revoked:
		return fail("account_inactive")
	case (token == w.appToken) != (e.token == appToken) && e.token != anyToken:
		return fail("not_allowed_token_type")
	}
	if e.token == appToken || e.scopes == nil {
		return nil
	}
	needed := e.scopes(w, given)
	if len(needed) == 0 || w.hasAny(needed) {
		return nil
	}
	return w.missing(needed...)
}

func (w *World) missing(needed ...string) error {
	return &slackError{code: "missing_scope", extra: map[string]any{
		"needed": strings.Join(needed, ","), "provided": strings.Join(w.o.BotScopes, ",")}}
}

func tokenOf(r *http.Request, given args) string {
	if bearer, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return bearer
	}
	return given.str("token")
}

// args are the arguments of a call, from a form or from JSON.
type args map[string]any

// structured are the arguments that a form carries as JSON.
var structured = []string{"blocks", "attachments", "metadata", "view", "files"}

func readArgs(rw http.ResponseWriter, r *http.Request) (args, error) {
	given := args{}
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		return given, fail("invalid_post_type")
	}
	body, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	if err != nil {
		return given, fail("invalid_form_data")
	}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind == "application/json" {
		if len(body) > 0 && json.Unmarshal(body, &given) != nil || given == nil {
			return args{}, fail("invalid_json")
		}
		return given, nil
	}
	values, err := url.ParseQuery(string(body))
	if err != nil {
		return given, fail("invalid_form_data")
	}
	if r.Method == http.MethodGet { // a POST's arguments belong into its body
		values = r.URL.Query()
	}
	for name := range values {
		given[name] = values.Get(name)
	}
	for _, name := range structured {
		text, ok := given[name].(string)
		if !ok {
			continue
		}
		if text == "" {
			delete(given, name)
			continue
		}
		decoded, err := decode([]byte(text))
		if err != nil {
			return given, fail("invalid_" + strings.TrimSuffix(name, "s") + "_format")
		}
		given[name] = decoded
	}
	return given, nil
}

func (a args) has(name string) bool { _, ok := a[name]; return ok }

func (a args) str(name string) string {
	switch v := a[name].(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

func (a args) bool(name string) bool {
	v := a.str(name)
	return v == "true" || v == "1"
}

// number is an integer argument, or fallback where it is missing or no number.
func (a args) number(name string, fallback int) int {
	n, err := strconv.Atoi(a.str(name))
	if err != nil {
		return fallback
	}
	return n
}

// names are a list given as a JSON list or with commas.
func (a args) names(name string) []string {
	var all []string
	for _, one := range list(a[name]) {
		all = append(all, str(one))
	}
	for _, one := range strings.Split(a.str(name), ",") {
		if one = strings.TrimSpace(one); one != "" {
			all = append(all, one)
		}
	}
	return all
}

// page cuts one page out of a list; cursors are "from:N".
func page[T any](a args, all []T, fallback, most int) (part []T, meta map[string]any, err error) {
	from := 0
	if cursor := a.str("cursor"); cursor != "" {
		if _, err := fmt.Sscanf(cursor, "from:%d", &from); err != nil || from < 0 || from > len(all) {
			return nil, nil, fail("invalid_cursor")
		}
	}
	limit := a.number("limit", fallback)
	if limit <= 0 {
		limit = fallback
	}
	limit = min(limit, most)
	to := min(len(all), from+limit)
	next := ""
	if to < len(all) {
		next = fmt.Sprintf("from:%d", to)
	}
	return all[from:to], map[string]any{"next_cursor": next}, nil
}
