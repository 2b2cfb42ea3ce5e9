package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
)

// release is the version of this source tree.
const release = "0.1.0"

type versionCmd struct {
	JSON bool `help:"Print JSON."`
}

// Help shows an example.
func (versionCmd) Help() string { return "Example:\n\n    clusterwire version --json" }

// Run prints the version.
func (c *versionCmd) Run(e *env) error {
	info := struct {
		Version  string `json:"version"`
		Revision string `json:"revision"`
		Go       string `json:"go"`
	}{version(), revision(), runtime.Version()}
	if c.JSON {
		return json.NewEncoder(e.out).Encode(info)
	}
	_, err := fmt.Fprintf(e.out, "clusterwire %s %s %s\n", info.Version, info.Revision, info.Go)
	return err
}

// version is the module's version where it was installed as one, else release.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return release
}

// revision is the commit that the program was built from, "" if not recorded.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			return s.Value
		}
	}
	return ""
}
