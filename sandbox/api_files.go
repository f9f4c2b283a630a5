package sandbox

import (
	"bytes"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Slack's limits of an upload.
const (
	maxAltText      = 1000
	maxFileChannels = 100
)

// upload is a file between getUploadURLExternal and completeUploadExternal, and after.
type upload struct {
	File
	key      string // the secret part of the upload URL
	length   int
	uploaded bool
	complete bool
}

func (w *World) filesGetUploadURL(r *request) (answer, error) {
	name, length := r.args.str("filename"), r.args.number("length", 0)
	alt := r.args.str("alt_txt")
	switch {
	case name == "":
		return nil, fail("missing_argument")
	case length <= 0:
		return nil, fail("invalid_arguments")
	case utf8.RuneCountInString(alt) > maxAltText:
		return nil, fail("alt_txt_too_large")
	}
	u := &upload{File: File{ID: w.id("F"), Name: name, Title: name, AltText: alt}, key: secret(8), length: length}
	w.files[u.ID] = u
	return answer{"upload_url": w.URL() + "upload/" + u.ID + "?key=" + u.key, "file_id": u.ID}, nil
}

// serveUpload takes the bytes: raw, or as the first file of a form.
func (w *World) serveUpload(rw http.ResponseWriter, r *http.Request) {
	content, err := readUpload(rw, r)
	if err != nil {
		http.Error(rw, "unreadable upload", http.StatusBadRequest)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	u := w.files[r.PathValue("id")]
	switch {
	case u == nil || u.key != r.URL.Query().Get("key"):
		http.Error(rw, "no such upload", http.StatusNotFound)
	case len(content) != u.length:
		w.complain("upload of %s: %d bytes, announced were %d", u.Name, len(content), u.length)
		http.Error(rw, "length differs from what was announced", http.StatusBadRequest)
	default:
		u.Content, u.uploaded = content, true
		_, _ = fmt.Fprintf(rw, "OK - %d", len(content))
	}
}

func readUpload(rw http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(rw, r.Body, maxBody)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return io.ReadAll(r.Body)
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, err
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FileName() != "" || part.FormName() == "file" {
			return io.ReadAll(part)
		}
	}
}

func (w *World) filesComplete(r *request) (answer, error) {
	var done []File
	for _, one := range list(r.args["files"]) {
		given := object(one)
		u := w.files[str(given["id"])]
		if u == nil || !u.uploaded || u.complete {
			return nil, fail("file_not_found")
		}
		if title := str(given["title"]); title != "" {
			u.Title = title
		}
		done = append(done, u.File)
	}
	if len(done) == 0 {
		return nil, fail("invalid_arguments")
	}
	names := append(r.args.names("channels"), r.args.names("channel_id")...)
	if len(names) > maxFileChannels {
		return nil, fail("too_many_channels")
	}
	var targets []*channel
	for _, name := range names {
		c := w.channels[name] // a user id is not taken here
		if c == nil {
			return nil, fail("channel_not_found")
		}
		if _, err := w.writable(name); err != nil {
			return nil, err
		}
		targets = append(targets, c)
	}
	blocks, ok := blocksOf(r.args["blocks"])
	if !ok {
		return nil, fail("invalid_blocks_format")
	}
	if err := w.checkContent(r.method, surfaceMessage, r.args.str("initial_comment"), blocks); err != nil {
		return nil, err
	}
	for _, f := range done {
		w.files[f.ID].complete = true
	}
	for _, c := range targets {
		m := &Message{User: w.botUser, Text: r.args.str("initial_comment"), ThreadTS: r.args.str("thread_ts"),
			Blocks: blocks, Files: done}
		w.put(c, m)
		w.recordPings(r.method, m)
		w.emitMessage(c, m)
	}
	return answer{"files": w.filesJSON(done)}, nil
}

func (w *World) filesJSON(files []File) []map[string]any {
	var all []map[string]any
	for _, f := range files {
		owner := f.User
		setDefault(&owner, w.botUser)
		all = append(all, map[string]any{"id": f.ID, "name": f.Name, "title": f.Title, "alt_txt": f.AltText,
			"mimetype": mimeOf(f.Name), "filetype": extension(f.Name), "size": len(f.Content), "user": owner, "mode": "hosted",
			"permalink":   "https://" + w.domain() + ".slack.com/files/" + owner + "/" + f.ID + "/" + url.PathEscape(f.Name),
			"url_private": w.URL() + "files-pri/" + f.ID + "/" + f.Name})
	}
	return all
}

func extension(name string) string {
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		return strings.ToLower(name[i+1:])
	}
	return ""
}

func mimeOf(name string) string {
	if kind := mime.TypeByExtension("." + extension(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func (w *World) servePrivateFile(rw http.ResponseWriter, r *http.Request) {
	if tokenOf(r, nil) != w.botToken {
		http.Error(rw, "not authed", http.StatusForbidden)
		return
	}
	w.serveFile(rw, r)
}

// serveFile gives the bytes as a download: nothing uploaded is ever shown as a page.
func (w *World) serveFile(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	u := w.files[r.PathValue("id")]
	var content []byte
	var name string
	if u != nil {
		content, name = u.Content, u.Name
	}
	w.mu.Unlock()
	if content == nil {
		http.NotFound(rw, r)
		return
	}
	kind := mimeOf(name)
	rw.Header().Set("Content-Type", kind)
	rw.Header().Set("X-Content-Type-Options", "nosniff")
	if !strings.HasPrefix(kind, "image/") || strings.HasPrefix(kind, "image/svg") {
		rw.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	}
	rw.Header().Set("Content-Length", strconv.Itoa(len(content)))
	_, _ = io.Copy(rw, bytes.NewReader(content))
}
