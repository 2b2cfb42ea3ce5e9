package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// settings are what every command may be told. A TOML file may hold the same
// keys, and those of listenFlag and serveCmd, under the names of the flags.
type settings struct {
	Config  string   `help:"TOML file with settings (default: config.toml in the user's configuration directory)." env:"CLUSTERWIRE_CONFIG" placeholder:"FILE"`
	DB      string   `help:"Database (default: clusterwire.db in the user's data directory)." env:"CLUSTERWIRE_DB" placeholder:"FILE"`
	Contact string   `help:"Address of a page that tells publishers who runs this robot." env:"CLUSTERWIRE_CONTACT" placeholder:"URL"`
	Allow   []string `help:"Private network that may be fetched from, such as 10.1.0.0/16." env:"CLUSTERWIRE_ALLOW" placeholder:"CIDR"`
}

// listenFlag is for the commands that serve the site.
type listenFlag struct {
	Listen  string `help:"Address to serve on; port 0 means any." default:"127.0.0.1:8080" env:"CLUSTERWIRE_LISTEN" placeholder:"ADDR"`
	BaseURL string `help:"Public address of the site, where it has one." env:"CLUSTERWIRE_BASE_URL" placeholder:"URL"`

	StrictHost bool `help:"Refuse requests for another host than that of the base URL." env:"CLUSTERWIRE_STRICT_HOST"`

	TrustedProxy []string `help:"Network of a proxy whose X-Forwarded-For is believed, such as 10.0.0.5/32." env:"CLUSTERWIRE_TRUSTED_PROXY" placeholder:"CIDR"`
}

// fileSettings is the TOML file.
type fileSettings struct {
	DB      string   `toml:"db"`
	Contact string   `toml:"contact"`
	Allow   []string `toml:"allow"`
	Listen  string   `toml:"listen"`
	BaseURL string   `toml:"base-url"`
	Dumps   string   `toml:"dumps"`

	StrictHost   bool     `toml:"strict-host"`
	TrustedProxy []string `toml:"trusted-proxy"`
}

// readSettings reads the settings file that the command line or the
// environment names, or the default one if it exists, as a source of flags. It
// stands below flags and environment.
func readSettings(args []string) (kong.Resolver, error) {
	path, named := configPath(args)
	var file fileSettings
	meta, err := toml.DecodeFile(path, &file)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !named:
		return fileFlags(nil), nil
	case err != nil:
		return nil, &usageError{fmt.Errorf("settings file %s: %w", path, err)}
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, &usageError{fmt.Errorf("settings file %s: unknown key %q", path, unknown[0].String())}
	}
	values := map[string]string{
		"db": file.DB, "contact": file.Contact, "allow": strings.Join(file.Allow, ","),
		"listen": file.Listen, "base-url": file.BaseURL, "dumps": file.Dumps,
		"trusted-proxy": strings.Join(file.TrustedProxy, ","),
	}
	if file.StrictHost {
		values["strict-host"] = "true"
	}
	return fileFlags(values), nil
}

// fileFlags resolves flags from values by name, where neither the command line
// nor the environment has set them.
func fileFlags(values map[string]string) kong.ResolverFunc {
	return func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		inEnvironment := slices.ContainsFunc(flag.Envs, func(name string) bool { return os.Getenv(name) != "" })
		if value := values[flag.Name]; value != "" && !inEnvironment {
			return value, nil
		}
		return nil, nil
	}
}

// configPath is the settings file to read, and whether a person named it. The
// command line is looked through by hand, since the file is a source for the
// parser that would do it.
func configPath(args []string) (path string, named bool) {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--config="); ok {
			return value, true
		}
		if arg == "--config" && i+1 < len(args) {
			return args[i+1], true
		}
	}
	if path := os.Getenv("CLUSTERWIRE_CONFIG"); path != "" {
		return path, true
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", false
	}
	return filepath.Join(dir, "clusterwire", "config.toml"), false
}

// database is the path of the database file. Its directory is made if it is
// the default one.
func (s settings) database() (string, error) {
	if s.DB != "" {
		return s.DB, nil
	}
	dir := os.Getenv("XDG_DATA_HOME")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("no home directory for the database: name one with --db: %w", err)
		}
		dir = filepath.Join(home, ".local", "share")
	}
	dir = filepath.Join(dir, "clusterwire")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", err
	}
	return filepath.Join(dir, "clusterwire.db"), nil
}

// allowed are the private networks that may be fetched from.
func (s settings) allowed() ([]netip.Prefix, error) { return prefixes("--allow", s.Allow) }

// prefixes reads networks from a flag.
func prefixes(flag string, texts []string) ([]netip.Prefix, error) {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		p, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			return nil, &usageError{fmt.Errorf("%s %q is no network: want a prefix such as 10.1.0.0/16", flag, text)}
		}
		list[i] = p
	}
	return list, nil
}

// userAgent is how the robot calls itself.
func (s settings) userAgent() string {
	if s.Contact == "" {
		return "clusterwire/" + version() + " (feed fetcher)"
	}
	return "clusterwire/" + version() + " (+" + s.Contact + "; feed fetcher)"
}
