package models

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// MessageReceipt tells who pushed material, and the unit's leader, who opened
// it and who is done with it; SubjectID study. One a person, edited in place.
const MessageReceipt MessageKind = "material_receipt"

// DueReceiptFinal is the due date of pushed material: the receipt is told once
// more, now final; RefID study.
const DueReceiptFinal DueKind = "study.receipt"

// Material is one item of the library: something to read or watch, by its link.
type Material struct {
	ID        int64
	TenantID  int64 `gorm:"uniqueIndex:materials_number"`
	Number    int   `gorm:"uniqueIndex:materials_number"` // b3
	Title     string
	Link      string
	LinkKey   string   `gorm:"index"`           // LinkKey(Link): two ways to write one address are one
	Tags      []string `gorm:"serializer:json"` // as typed, without #
	Search    string   // what words and tags are looked for in
	AddedBy   int64
	AddedAt   Instant
	DeletedAt Instant // 0 = it is there
}

func (m *Material) Thing() (string, int64) { return "material", m.ID }

func (m *Material) Facts() map[string]any {
	return map[string]any{"number": m.Number, "added_by": m.AddedBy, "added_at": m.AddedAt, "deleted_at": m.DeletedAt}
}

func (m *Material) Words() map[string]Word {
	return map[string]Word{"title": {Text: m.Title}, "link": {Text: m.Link}, "tags": {Text: strings.Join(m.Tags, ", ")}}
}

// Ref is its short number: b3.
func (m Material) Ref() string { return NumberMaterial + strconv.Itoa(m.Number) }

// Limits of what an item may hold.
const (
	MaxMaterialTitle = 150  // runes, as a study's title is shown
	MaxLink          = 2000 // bytes; Slack takes 3000 in a button, escaped
	MaxTags          = 10
	MaxTag           = 30 // runes
)

// NewMaterial checks what was said of an item and makes it findable.
func NewMaterial(title, link string, tags []string) (Material, *Error) {
	m := Material{Title: strings.Join(strings.Fields(title), " "), Link: strings.TrimSpace(link)}
	switch {
	case FoldName(m.Title) == "":
		return m, faultIn("title", "error.library_title")
	case utf8.RuneCountInString(m.Title) > MaxMaterialTitle:
		return m, faultIn("title", "error.library_title_long", "Max", MaxMaterialTitle)
	case m.Link == "":
		return m, faultIn("link", "error.library_no_link")
	case !GoodLink(m.Link):
		return m, faultIn("link", "error.study_link", "Part", m.Link)
	}
	for _, tag := range tags {
		tag = CleanTag(tag)
		if tag == "" || slices.ContainsFunc(m.Tags, func(t string) bool { return FoldName(t) == FoldName(tag) }) {
			continue
		}
		if utf8.RuneCountInString(tag) > MaxTag || len(m.Tags) == MaxTags {
			return m, faultIn("tags", "error.library_tags", "Part", tag, "Max", MaxTags, "Long", MaxTag)
		}
		m.Tags = append(m.Tags, tag)
	}
	m.LinkKey = LinkKey(m.Link)
	m.Search = foldMaterial(m.Title)
	for _, tag := range m.Tags {
		m.Search += " #" + foldMaterial(tag) + "#"
	}
	return m, nil
}

func faultIn(field, key string, args ...any) *Error {
	e := Refuse(CodeInvalid, key, args...)
	e.Field = field
	return e
}

// CleanTag is a tag without # and with spaces closed up, so that it is one word.
func CleanTag(tag string) string {
	tag = strings.Map(func(r rune) rune {
		if r == '#' || r == '＃' || unicode.IsControl(r) {
			return -1
		}
		return r
	}, tag)
	return strings.Join(strings.Fields(tag), "-")
}

// foldMaterial is a text as it is searched: case and width folded, without
// spaces and the mark of tags.
func foldMaterial(s string) string {
	return strings.ReplaceAll(FoldName(s), "#", "")
}

// MaterialQuery cuts what somebody looks for into folded words; one that began
// with # has it in front again and must be a whole tag. At most eight.
func MaterialQuery(text string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",，、;；", r) }) {
		tag := strings.HasPrefix(word, "#") || strings.HasPrefix(word, "＃")
		if word = foldMaterial(word); word == "" {
			continue
		}
		if tag {
			word = "#" + word + "#"
		}
		if out = append(out, CutRunes(word, 60)); len(out) == 8 {
			break
		}
	}
	return out
}

// CutRunes is s up to n characters.
func CutRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// GoodLink says whether a link may be stood behind: http or https, with a host,
// without a name and password before it (which hide where it leads).
func GoodLink(link string) bool {
	if len(link) > MaxLink || !utf8.ValidString(link) ||
		strings.ContainsFunc(link, func(r rune) bool {
			return unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune("<>|\"`", r)
		}) {
		return false
	}
	u, err := url.Parse(link)
	if err != nil || u.User != nil || u.Opaque != "" {
		return false
	}
	scheme := strings.ToLower(u.Scheme)
	return (scheme == "http" || scheme == "https") && u.Hostname() != ""
}

// LinkKey is the same for two ways to write one address: scheme, www., a bare
// slash at the end and a place within the page make no difference.
func LinkKey(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil {
		return link
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	key := host + strings.TrimRight(u.EscapedPath(), "/")
	if u.RawQuery != "" {
		key += "?" + u.RawQuery
	}
	if strings.HasPrefix(u.Fragment, "/") || strings.HasPrefix(u.Fragment, "!") { // a page of its own, by its script
		key += "#" + u.Fragment
	}
	return key
}

// Reading is how far people have come with pushed material. Who is excused is
// counted apart and nowhere else.
type Reading struct {
	People  int
	Opened  int // by their own click; who is done may have read it elsewhere
	Done    int
	Neither int
	Excused int
}
