package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
)

// Files that people send: along with a message, or in a modal's file input.

// maxInputFile is how large a file in a file_input may be (Slack: 10 MB).
const maxInputFile = 10 << 20

// Upload gives Slack a file of the person's own: nobody sees it before it is
// sent with [Person.Send] or chosen in a modal's file_input by its id.
func (p *Person) Upload(name string, content []byte) File {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.users[p.id] == nil || name == "" || len(content) == 0 {
		w.complain("%s cannot upload %q: no such user, no name or nothing in it", p.id, name)
		return File{}
	}
	u := &upload{File: File{ID: w.id("F"), Name: name, Title: name, User: p.id, Content: content}, length: len(content), uploaded: true, complete: true}
	w.files[u.ID] = u
	return u.File
}

// Send posts files with words, which may be "", to a channel; in Slack that is
// a message of subtype file_share.
func (p *Person) Send(channel, text string, files ...File) (ts string) {
	ids := make([]string, len(files))
	for i, f := range files {
		ids[i] = f.ID
	}
	return p.sendFiles(channel, "", text, ids)
}

func (p *Person) sendFiles(channel, threadTS, text string, ids []string) (ts string) {
	w := p.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c := p.inside(channel, "send files")
	if c == nil {
		return ""
	}
	m := &Message{User: p.id, Subtype: "file_share", Text: w.encode(text, false), ThreadTS: threadTS}
	for _, id := range ids {
		u := w.files[id]
		if u == nil || u.User != p.id {
			w.complain("%s cannot send file %q: it is not theirs", p.id, id)
			return ""
		}
		m.Files = append(m.Files, u.File)
	}
	w.put(c, m)
	w.emitMessage(c, m)
	return m.TS
}

// fileInput judges a file_input element.
func (c *checker) fileInput(at string, e map[string]any) {
	if c.surface != surfaceModal {
		c.fault(at, "file_input is for modals only")
	}
	if n, given := e["max_files"].(float64); e["max_files"] != nil && (!given || n < 1 || n > 10) {
		c.fault(at+"/max_files", "must be a number from 1 to 10")
	}
	for i, kind := range list(e["filetypes"]) {
		if text, ok := kind.(string); !ok || text == "" || strings.HasPrefix(text, ".") {
			c.fault(fmt.Sprintf("%s/filetypes/%d", at, i), "must be an ending without a dot")
		}
	}
}

// takesFiles says whether a view has a file input, for which the app needs a scope.
func takesFiles(blocks []map[string]any) bool {
	found := false
	eachElement(blocks, func(_, e map[string]any) { found = found || e["type"] == "file_input" })
	return found
}

// withFiles puts files as Slack describes them in place of the ids a person
// chose; only their own.
func (w *World) withFiles(user string, state map[string]map[string]any) {
	for block, actions := range state {
		for action, one := range actions {
			s := object(one)
			if s["type"] != "file_input" {
				continue
			}
			files := []any{}
			for _, id := range picks(s["files"]) {
				u := w.files[id]
				if u == nil || u.User != user {
					w.complain("%s cannot choose file %q: it is not theirs", user, id)
					continue
				}
				files = append(files, w.filesJSON([]File{u.File})[0])
			}
			state[block][action] = map[string]any{"type": "file_input", "files": files}
		}
	}
}

// fileRefusal is why Slack's client would not take these files, or empty.
func fileRefusal(e map[string]any, files []any) string {
	most := 10.0
	if n, ok := e["max_files"].(float64); ok {
		most = n
	}
	if float64(len(files)) > most {
		return "Too many files."
	}
	var kinds []string
	for _, k := range list(e["filetypes"]) {
		kinds = append(kinds, strings.ToLower(str(k)))
	}
	for _, one := range files {
		f := object(one)
		if len(kinds) > 0 && !slices.Contains(kinds, strings.ToLower(extension(str(f["name"])))) {
			return "This type of file is not taken."
		}
		if n, ok := f["size"].(int); ok && n > maxInputFile {
			return "The file is too large."
		}
	}
	return ""
}

// servePageUpload takes a file that somebody on the page chose.
func (w *World) servePageUpload(rw http.ResponseWriter, r *http.Request) {
	as, name := r.URL.Query().Get("as"), r.URL.Query().Get("name")
	content, err := io.ReadAll(http.MaxBytesReader(rw, r.Body, maxBody))
	w.mu.Lock()
	known := w.users[as] != nil
	w.mu.Unlock()
	switch {
	case err != nil:
		pageError(rw, http.StatusRequestEntityTooLarge, "too_large")
	case !known:
		pageError(rw, http.StatusNotFound, errNoUser.Error())
	case name == "" || len(content) == 0:
		pageError(rw, http.StatusBadRequest, "empty_file")
	default:
		f := w.As(as).Upload(name, content)
		pageJSON(rw, map[string]any{"ok": true, "id": f.ID, "name": f.Name, "mimetype": mimeOf(f.Name), "size": len(content)})
	}
}
