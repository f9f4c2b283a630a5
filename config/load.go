package config

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf8"
)

// Purpose is what the settings are read for: some of them are only needed, or
// only dangerous, when the bot goes to work.
type Purpose int

const (
	// ForTools reads what commands on data need; no credentials are asked for.
	ForTools Purpose = iota
	// ForDemo is for a sandbox in the same process: any clock, no credentials.
	ForDemo
	// ForServe is for a real workspace: credentials must be there and fit
	// together, and the clock must be the real one when Slack is.
	ForServe
)

// Sources is the outside world as Load sees it.
type Sources struct {
	// Flags by long name without dashes ("listen"), only those that were given.
	Flags map[string]string
	// Environ as os.Environ gives it. It is a list and not a lookup, because
	// an unknown MUSTER_ variable is a fault and must be seen to be one.
	Environ []string
	// ReadFile as os.ReadFile; for muster.yaml and for secrets in files.
	ReadFile func(path string) ([]byte, error)
	// Purpose says which checks apply.
	Purpose Purpose
}

// DefaultFile is read when it is there and no other file was named.
const DefaultFile = "muster.yaml"

// maxSecretFile is far above any token and far below a file named by mistake.
const maxSecretFile = 16 << 10

// Load reads the settings. A non-nil error is a Faults with every fault found;
// the Settings beside it are then not to be used.
func Load(src Sources) (Settings, error) {
	l := loader{src: src, env: map[string]string{}, settings: Defaults(), bad: map[string]bool{}}
	l.readEnvironment()
	file := l.readYAML()
	for _, opt := range options() {
		l.apply(opt, file)
	}
	l.applyRetention(file)
	l.faults = append(l.faults, crossFaults(l.settings, src.Purpose, l.bad)...)
	if err := l.faults.orNil(); err != nil {
		return Settings{}, err
	}
	return l.settings, nil
}

// loader gathers the sources and the faults of one Load.
type loader struct {
	src      Sources
	env      map[string]string
	settings Settings
	faults   Faults
	// bad are the settings (by variable) whose value was refused: to call them
	// missing as well would be a second complaint about one mistake.
	bad map[string]bool
}

// given is a value and where it was found.
type given struct {
	key, where, value string
}

// apply finds the one value that counts for opt and sets it. A value that is
// overridden is not judged: it has no effect, and the flag may be the repair.
func (l *loader) apply(opt option, file yamlFile) {
	for _, layer := range [][2]*given{l.flag(opt), l.variable(opt), file.value(opt)} {
		direct, fromFile := layer[0], layer[1]
		switch {
		case direct != nil && fromFile != nil:
			l.bad[opt.env] = true
			l.fault(direct.key, direct.where, "", "also given by "+fromFile.key+"; keep one of the two")
			return
		case fromFile != nil:
			l.applySecretFile(opt, *fromFile)
			return
		case direct != nil:
			l.set(opt, *direct)
			return
		}
	}
}

func (l *loader) set(opt option, v given) {
	switch {
	case !utf8.ValidString(v.value):
		l.bad[opt.env] = true
		l.fault(v.key, v.where, "", "not UTF-8 text; accepted: "+opt.accepts)
	case !opt.set(&l.settings, v.value):
		l.bad[opt.env] = true
		l.fault(v.key, v.where, shown(opt.key, v.value, opt.secret), "accepted: "+opt.accepts)
	}
}

func (l *loader) applySecretFile(opt option, v given) {
	text, err := l.src.ReadFile(v.value)
	l.bad[opt.env] = true // until the file has said something
	switch {
	case err != nil:
		l.fault(v.key, v.where, shown("", v.value, false), "cannot be read ("+cause(err)+"); accepted: a file that holds the value")
		return
	case len(text) > maxSecretFile:
		l.fault(v.key, v.where, shown("", v.value, false), fmt.Sprintf("is %d bytes long; accepted: a file that holds only the value", len(text)))
		return
	}
	value := strings.TrimSpace(strings.TrimPrefix(string(text), "\ufeff"))
	if value == "" {
		l.fault(v.key, v.where, shown("", v.value, false), "the file is empty; accepted: a file that holds the value")
		return
	}
	delete(l.bad, opt.env)
	l.set(opt, given{key: v.key, where: v.where, value: value})
}

// flag is what the command line says about opt.
func (l *loader) flag(opt option) [2]*given {
	value, ok := l.src.Flags[opt.flagName()]
	if !ok || opt.secret {
		return [2]*given{}
	}
	return [2]*given{{key: "--" + opt.flagName(), where: "command line", value: value}}
}

// variable is what the environment says about opt, directly and by _FILE. An
// empty variable is an unset one: compose files and units leave them behind.
func (l *loader) variable(opt option) (found [2]*given) {
	if value := l.env[opt.env]; value != "" {
		found[0] = &given{key: opt.env, where: "environment", value: value}
	}
	if value := l.env[opt.env+"_FILE"]; opt.fileAllowed() && value != "" {
		found[1] = &given{key: opt.env + "_FILE", where: "environment", value: value}
	}
	return found
}

func (l *loader) fault(key, where, value, accepts string) {
	l.faults = append(l.faults, Fault{Key: key, Where: where, Value: value, Accepts: accepts})
}

// configFile is the path of the settings file, and whether somebody named it.
func (l *loader) configFile() (path string, where given) {
	if path, ok := l.src.Flags["config"]; ok {
		return path, given{key: "--config", where: "command line", value: path}
	}
	if path := l.env["MUSTER_CONFIG"]; path != "" {
		return path, given{key: "MUSTER_CONFIG", where: "environment", value: path}
	}
	return DefaultFile, given{}
}

func (l *loader) readYAML() yamlFile {
	path, named := l.configFile()
	text, err := l.src.ReadFile(path)
	if err != nil {
		if named.key == "" && errors.Is(err, fs.ErrNotExist) {
			return yamlFile{}
		}
		if named.key == "" {
			named = given{key: path, value: path}
		}
		l.fault(named.key, named.where, shown("", named.value, false), "cannot be read ("+cause(err)+"); accepted: a readable YAML file")
		return yamlFile{}
	}
	file, faults := parseYAML(path, text)
	l.faults = append(l.faults, faults...)
	return file
}

// cause is the operating system's own words, without the path that the message
// names already.
func cause(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return pathErr.Err.Error()
	}
	return err.Error()
}
