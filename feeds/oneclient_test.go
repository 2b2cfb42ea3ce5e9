package feeds_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// reachesOut names what makes a connection to somebody else. Package fetch
// alone may use it: there stand the guard, the limits and the manners.
var reachesOut = map[string][]string{
	"net/http":           {"Client", "DefaultClient", "Get", "Head", "Post", "PostForm", "Transport", "DefaultTransport", "NewRequest", "NewRequestWithContext"},
	"net":                {"Dial", "DialTimeout", "DialTCP", "DialUDP", "DialIP", "Dialer", "LookupHost", "LookupIP", "LookupAddr", "Resolver", "DefaultResolver"},
	"net/rpc":            {"Dial", "DialHTTP"},
	"net/smtp":           {"Dial", "SendMail"},
	"net/http/cookiejar": {"New"},
	"crypto/tls":         {"Dial", "DialWithDialer", "Dialer"},
}

// fetchesItself are methods of libraries that we use which ask the net.
var fetchesItself = []string{"ParseURL", "ParseURLWithContext", "FromURL", "DefaultHTTPClient"}

// mayReachOut are the folders that need it, each with its reason. Tests may,
// to ask servers of their own.
var mayReachOut = map[string]string{
	"feeds/fetch":               "is the client",
	"cmd/clusterwire/remote.go": "asks a clusterwire server that the user names with --remote",
	"cmd/clusterwire/knock.go":  "asks the serve on this machine, through a socket beside the database",
}

func TestOneClient(t *testing.T) {
	files := 0
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		files++
		at := strings.TrimPrefix(filepath.ToSlash(path), "../")
		if mayReachOut[at] != "" || mayReachOut[filepath.ToSlash(filepath.Dir(at))] != "" {
			return nil
		}
		uses, err := outward(path, nil)
		for _, use := range uses {
			t.Errorf("%s uses %s: whatever asks somebody goes through feeds/fetch", at, use)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 10 {
		t.Fatalf("read %d files: the test looks in the wrong place", files)
	}
}

// The test above can fail.
func TestOneClientSees(t *testing.T) {
	source := "package p\nimport (\n\"net\"\nweb \"net/http\"\n)\nvar _ = web.Client{}\nfunc f() { _, _ = web.Get(\"\"); _, _ = net.Dial(\"tcp\", \"\"); gofeed.NewParser().ParseURL(\"\") }\nvar _ web.Handler\n"
	uses, err := outward("p.go", source)
	if want := []string{"ParseURL", "net.Dial", "net/http.Client", "net/http.Get"}; err != nil || !slices.Equal(uses, want) {
		t.Errorf("%q, %v, want %q", uses, err, want)
	}
}

// outward lists what a file uses of reachesOut.
func outward(path string, source any) ([]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), path, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	imported := map[string]string{} // local name to path
	for _, spec := range file.Imports {
		imp, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return nil, err
		}
		name := imp[strings.LastIndexByte(imp, '/')+1:]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		imported[name] = imp
	}
	var uses []string
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if slices.Contains(fetchesItself, sel.Sel.Name) {
				uses = append(uses, sel.Sel.Name)
			}
			if pkg, ok := sel.X.(*ast.Ident); ok && slices.Contains(reachesOut[imported[pkg.Name]], sel.Sel.Name) {
				uses = append(uses, imported[pkg.Name]+"."+sel.Sel.Name)
			}
		}
		return true
	})
	slices.Sort(uses)
	return slices.Compact(uses), nil
}
