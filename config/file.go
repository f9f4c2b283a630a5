package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"gopkg.in/yaml.v3"
)

// yamlFile is muster.yaml: its keys with the nodes that stand behind them.
type yamlFile struct {
	name   string
	values map[string]*yaml.Node
}

// maxFile is far above any settings file; a larger one was named by mistake.
const maxFile = 1 << 20

// parseYAML reads the keys of a settings file and reports what cannot be one.
func parseYAML(name string, text []byte) (yamlFile, Faults) {
	file := yamlFile{name: name, values: map[string]*yaml.Node{}}
	if len(text) > maxFile {
		return file, Faults{{Key: name, Accepts: fmt.Sprintf("is %d bytes long; accepted: a settings file of at most 1 MiB", len(text))}}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	var document yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return file, nil
		}
		return file, Faults{{Key: name, Accepts: "not YAML (" + yamlCause(err) + "); accepted: lines of key: value"}}
	}
	var second yaml.Node
	if err := decoder.Decode(&second); !errors.Is(err, io.EOF) {
		return file, Faults{{Key: name, Accepts: "has more than one document; accepted: one document of key: value lines"}}
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && root.Tag == "!!null" {
		return file, nil
	}
	if root.Kind != yaml.MappingNode {
		return file, Faults{{Key: name, Where: file.line(root), Accepts: "is not a list of settings; accepted: lines of key: value"}}
	}
	return file, file.readKeys(root)
}

func (f yamlFile) readKeys(root *yaml.Node) (faults Faults) {
	known := map[string]bool{"retention": true}
	names := []string{"retention"}
	for _, opt := range options() {
		known[opt.key] = true
		names = append(names, opt.key)
		if opt.fileAllowed() {
			known[opt.key+"_file"] = true
		}
	}
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], resolve(root.Content[i+1])
		name := key.Value
		switch {
		case key.Kind != yaml.ScalarNode || !known[name]:
			faults = append(faults, Fault{Key: printable(key), Where: f.line(key),
				Value: shownUnknown(name, scalarText(value)), Accepts: "unknown key; " + suggest(name, names)})
		case f.values[name] != nil:
			faults = append(faults, Fault{Key: name, Where: f.line(key),
				Accepts: fmt.Sprintf("given twice, first in line %d; keep one of the two", f.values[name].Line)})
		default:
			f.values[name] = value
		}
	}
	return faults
}

// value is what the file says about opt, directly and by _file.
func (f yamlFile) value(opt option) (found [2]*given) {
	found[0] = f.given(opt.key, opt.list)
	if opt.fileAllowed() {
		found[1] = f.given(opt.key+"_file", false)
	}
	return found
}

// given is the text behind key; nil where there is none. A list is joined with
// commas where the setting is one. What is not text becomes a text that no
// setting accepts, so that the fault is reported like every other.
func (f yamlFile) given(key string, list bool) *given {
	node := f.values[key]
	if node == nil || node.Tag == "!!null" || node.Kind == yaml.ScalarNode && node.Value == "" {
		return nil
	}
	v := given{key: key, where: f.line(node), value: scalarText(node)}
	if list && node.Kind == yaml.SequenceNode {
		items := make([]string, 0, len(node.Content))
		for _, item := range node.Content {
			items = append(items, scalarText(resolve(item)))
		}
		v.value = strings.Join(items, ",")
	}
	return &v
}

func (f yamlFile) line(node *yaml.Node) string { return fmt.Sprintf("%s line %d", f.name, node.Line) }

// resolve follows a YAML alias to what it stands for.
func resolve(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// notText stands for a block where one value belongs. The NUL keeps it from
// being a legal value of anything.
const notText = "a block of values\x00"

func scalarText(node *yaml.Node) string {
	if node.Kind != yaml.ScalarNode {
		return notText
	}
	return node.Value
}

func printable(key *yaml.Node) string {
	return strings.Trim(shown("", scalarText(key), false), `"`)
}

// yamlCause is the parser's sentence without its own prefix, on one line.
func yamlCause(err error) string {
	return strings.Join(strings.Fields(strings.TrimPrefix(err.Error(), "yaml: ")), " ")
}
