package feeds_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows is the floor plan: which package may import which of ours. Test files
// may import more (store/storetest, say), so they are not read.
//
// feeds/clean and feeds/lang are leaves beside the language: what parsing,
// extraction and tagging all need to turn strangers' bytes into ours.
var arrows = map[string][]string{
	"feeds/news":                 {},
	"feeds/clean":                {"feeds/news"},
	"feeds/lang":                 {"feeds/news"},
	"feeds/fetch":                {"feeds/news"},
	"feeds/fetch/replay":         {},
	"feeds/parse":                {"feeds/news", "feeds/clean"},
	"feeds/extract":              {"feeds/news", "feeds/clean"},
	"feeds/extract/nodateparser": {},
	"feeds/extract/nolanguage":   {},
	"feeds/tag":                  {"feeds/news"},
	"feeds/claim":                {"feeds/news"},
	"feeds/story":                {"feeds/news"},
	"feeds/eval":                 {"feeds/news"},
	"feeds/eval/corpus":          {},
	"feeds/eval/cost":            {},
	"feeds":                      {"feeds/news", "feeds/clean", "feeds/lang", "feeds/fetch", "feeds/parse", "feeds/extract", "feeds/tag", "feeds/claim", "feeds/story", "feeds/eval"},
	"store/query":                {"feeds/news"},
	"store":                      {"feeds/news", "store/query"},
	"store/storetest":            {"feeds/news", "store"},
	"store/bench":                {"feeds/news", "store"},
	"web":                        {"feeds/news", "web/dump"},
	"web/dump":                   {},
	"cmd/clusterwire":            {"*"},
	"cmd/clusterwire/demo":       {"feeds/news"},
}

func TestArrows(t *testing.T) {
	for dir, imports := range ourImports(t) {
		allowed, known := arrows[dir]
		if !known {
			t.Errorf("%s is on no floor plan: add it to arrows, and to CONTRIBUTING.md, or move it", dir)
			continue
		}
		for _, imp := range imports {
			if !slices.Contains(allowed, imp) && !slices.Contains(allowed, "*") {
				t.Errorf("%s imports %s, which the floor plan does not allow", dir, imp)
			}
		}
	}
}

func TestFourRooms(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	rooms := []string{"cmd", "feeds", "store", "web", ".ci", ".git"}
	for _, e := range entries {
		if e.IsDir() && !slices.Contains(rooms, e.Name()) && !ignored(e.Name()) {
			t.Errorf("%s/ is no room of this house", e.Name())
		}
	}
}

// ignored names folders that tools leave behind and git does not track.
func ignored(name string) bool {
	return slices.Contains([]string{"coverage", ".vscode", ".idea"}, name)
}

// ourImports maps each package folder to the packages of ours it imports.
func ourImports(t *testing.T) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		dir := filepath.ToSlash(filepath.Dir(strings.TrimPrefix(filepath.ToSlash(path), "../")))
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		found[dir] = append(found[dir], nil...)
		for _, spec := range file.Imports {
			imp, _ := strconv.Unquote(spec.Path.Value)
			if ours, ok := strings.CutPrefix(imp, "clusterwire/"); ok {
				found[dir] = append(found[dir], ours)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("found no package: the test looks in the wrong place")
	}
	return found
}
