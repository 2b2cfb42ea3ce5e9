// Package corpus finds the real data that tests are measured on. The data is
// no part of the repository: it lies beside it, and a test that needs it
// skips, saying so, where it is absent.
package corpus

import (
	"os"
	"path/filepath"
	"testing"
)

// env names the variable that overrides where the corpora lie.
const env = "CLUSTERWIRE_CORPORA"

// Path returns the path of name within the corpora, or skips the test.
func Path(t testing.TB, name string) string {
	t.Helper()
	path := filepath.Join(root(t), filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		t.Skipf("SKIPPED, NOT PASSED: no %s (set %s to the folder of corpora)", path, env)
	}
	return path
}

// root is the folder of corpora: $CLUSTERWIRE_CORPORA, else ../shared/corpora
// seen from the folder that holds go.mod.
func root(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv(env); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return filepath.Join(dir, "..", "shared", "corpora")
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			t.Fatal("no go.mod above the working directory")
		}
		dir = parent
	}
}
