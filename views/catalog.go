package views

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed catalog/*.json
var catalogFiles embed.FS

// Catalog holds every sentence in both languages. Files are catalog/FEATURE.zh.json
// and catalog/FEATURE.en.json: flat objects, key -> sentence, or key ->
// {"one": …, "other": …} where English needs a plural. Arguments are named:
// "{{.Name}}". A test holds the two languages to the same keys and arguments.
type Catalog struct {
	words map[string]*i18n.Localizer
}

// NewCatalog reads the embedded catalogues.
func NewCatalog() (*Catalog, error) {
	bundle := i18n.NewBundle(language.Chinese)
	bundle.RegisterUnmarshalFunc("json", json.Unmarshal)
	names, err := fs.Glob(catalogFiles, "catalog/*.json")
	if err != nil {
		return nil, fmt.Errorf("list catalogues: %w", err)
	}
	for _, name := range names {
		raw, err := catalogFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read catalogue %s: %w", name, err)
		}
		// The bundle reads the language from the last dotted part of the name.
		parts := strings.Split(strings.TrimSuffix(name, ".json"), ".")
		if _, err := bundle.ParseMessageFileBytes(raw, parts[len(parts)-1]+".json"); err != nil {
			return nil, fmt.Errorf("parse catalogue %s: %w", name, err)
		}
	}
	return &Catalog{words: map[string]*i18n.Localizer{
		"zh": i18n.NewLocalizer(bundle, "zh"),
		"en": i18n.NewLocalizer(bundle, "en"),
	}}, nil
}

// T is the sentence for key with alternating argument names and values. An
// integer argument named N chooses the plural. A missing key panics: a test
// walks every key, so it cannot reach a person.
func (p *Printer) T(key string, pairs ...any) string {
	args := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	return p.Say(key, args)
}

// Say is T with the arguments in a map.
func (p *Printer) Say(key string, args map[string]any) string {
	cfg := &i18n.LocalizeConfig{MessageID: key, TemplateData: args}
	if n, ok := args["N"]; ok {
		cfg.PluralCount = n
	}
	s, err := p.catalog.words[p.Lang].Localize(cfg)
	if err != nil && cfg.PluralCount != nil { // a sentence that reads the same for one and for many has one form
		cfg.PluralCount = nil
		s, err = p.catalog.words[p.Lang].Localize(cfg)
	}
	if err != nil {
		panic(fmt.Sprintf("catalogue %s: %s: %v", p.Lang, key, err))
	}
	return s
}
