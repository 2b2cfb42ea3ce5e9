package web

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The document describes what is served: every operation answers, and its
// answer is as its schema says, to the last field.
func TestOpenAPI(t *testing.T) {
	db := archive(t, 20)
	closing := make(chan struct{})
	close(closing) // so that a stream ends after what is there already
	dir := t.TempDir()
	dumped(t, db, dir)
	h := testSite(t, db, func(c *Config) { c.Closing, c.Dumps = closing, dir })
	body := get(t, h, "/openapi.json").Body.Bytes()
	var doc struct {
		OpenAPI string
		Paths   map[string]struct {
			Get struct {
				OperationID string
				Parameters  []struct{ Name, In string }
				Responses   map[string]struct {
					Content map[string]struct{ Schema map[string]any }
				}
			}
		}
		Components struct{ Schemas map[string]any }
	}
	if err := json.Unmarshal(body, &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatal(err, doc.OpenAPI)
	}
	golden(t, "testdata/openapi.golden.json", body)
	schemas := compiler(t, body)
	article := articlePath(articleWithTitle(t, db, "Colossus è acceso: centomila GPU in quattro mesi").ID)
	examples := map[string]string{"{id}": strings.TrimPrefix(article, "/article/")}
	story, _ := placed(t, db)
	ids := map[string]bool{}
	for path, p := range doc.Paths {
		if ids[p.Get.OperationID] || p.Get.OperationID == "" {
			t.Errorf("%s: operation %q", path, p.Get.OperationID)
		}
		ids[p.Get.OperationID] = true
		slug := "xai"
		if strings.Contains(path, "/clusters/") {
			slug = "colossus"
		}
		id := examples["{id}"]
		if strings.Contains(path, "/stories/") {
			id = strconv.FormatInt(story, 10)
		}
		address := strings.NewReplacer("{id}", id, "{slug}", slug, "{name}", "claims.parquet").Replace(path)
		w := get(t, h, address)
		if w.Code != 200 {
			t.Errorf("%s: %d", address, w.Code)
		}
		if content, isJSON := p.Get.Responses["200"].Content["application/json"]; isJSON {
			validate(t, schemas, address, content.Schema["$ref"].(string), w.Body.String())
		}
		bad := get(t, h, address+"?no-such=1")
		validate(t, schemas, address, "#/components/schemas/Problem", bad.Body.String())
		if bad.Code != 400 {
			t.Errorf("%s with an unknown parameter: %d", address, bad.Code)
		}
	}
	if want := len((&site{dumpDir: dir}).operations()); len(ids) != want {
		t.Errorf("%d operations, want %d", len(ids), want)
	}
	for _, op := range (&site{dumpDir: dir}).operations() {
		if op.Example != "" {
			if w := get(t, h, op.Path+op.Example); w.Code != 200 {
				t.Errorf("example %s%s: %d", op.Path, op.Example, w.Code)
			}
		}
	}
}

// compiler holds the document with its objects closed, so that a field which
// the schema does not know fails validation.
func compiler(t *testing.T, body []byte) *jsonschema.Compiler {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range doc.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any) {
		s.(map[string]any)["additionalProperties"] = false
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	return c
}

func validate(t *testing.T, c *jsonschema.Compiler, address, ref, body string) {
	t.Helper()
	schema, err := c.Compile("openapi.json" + ref)
	if err != nil {
		t.Fatalf("%s: %v", ref, err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	if err := schema.Validate(value); err != nil {
		t.Errorf("%s is not as %s says: %v", address, ref, err)
	}
}
