package web

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestWireTypes(t *testing.T) {
	type leaf struct {
		N *float64 `json:"n"`
	}
	type root struct {
		Name   string `json:"name"`
		Leaves []leaf `json:"leaves,omitempty"`
		Parent *root  `json:"parent"`
		hidden int
	}
	got := wireTypes([]operation{{Answer: root{hidden: 1}}, {}})
	want := []wireType{
		{"Leaf", []wireField{{Name: "n", Type: "null or number"}}},
		{"Root", []wireField{{Name: "name", Type: "text"}, {Name: "leaves", Type: "list of", Of: "Leaf", Optional: true}, {Name: "parent", Type: "null or", Of: "Root"}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

// TestReferenceNamesEveryField finds each field of the OpenAPI document's
// answers on the page for people.
func TestReferenceNamesEveryField(t *testing.T) {
	h := testSite(t, archive(t, 20), nil)
	body := get(t, h, "/api").Body.String()
	for _, w := range wireTypes((&site{dumpDir: "x"}).operations()) {
		if !strings.Contains(body, `id="type-`+w.Name+`"`) {
			t.Errorf("the reference has no %s", w.Name)
		}
		for _, f := range w.Fields {
			if !strings.Contains(body, "<code>"+f.Name+"</code>") {
				t.Errorf("the reference has no %s of %s", f.Name, w.Name)
			}
		}
	}
}

// TestEveryFieldIsDescribed holds fields.txt to what is answered: a line for
// each field of each answer and of problems, one sentence long, and none for
// what is not there. What is null or left out says when.
func TestEveryFieldIsDescribed(t *testing.T) {
	docs, used := fieldDocs(), map[string]bool{}
	var look func(x reflect.Type)
	seen := map[reflect.Type]bool{}
	look = func(x reflect.Type) {
		for x.Kind() == reflect.Pointer || x.Kind() == reflect.Slice {
			x = x.Elem()
		}
		if x.Kind() != reflect.Struct || x == reflect.TypeFor[time.Time]() || seen[x] {
			return
		}
		seen[x] = true
		for _, f := range reflect.VisibleFields(x) {
			name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
			if f.Anonymous || name == "" || name == "-" {
				continue
			}
			key := docKey(x, f, name)
			doc := docs[key]
			used[key] = true
			if doc == "" {
				t.Errorf("fields.txt says nothing of %s", key)
			}
			if doc != "" && (!strings.HasSuffix(doc, ".") || len(doc) > 160) {
				t.Errorf("%s: %q is no single line that ends in a full stop", key, doc)
			}
			if f.Type.Kind() == reflect.Pointer && !strings.Contains(options, "omitempty") && !strings.Contains(doc, "null") {
				t.Errorf("%s may be null, and its line does not say when: %q", key, doc)
			}
			if strings.Contains(options, "omitempty") && !strings.Contains(doc, "left out") && !strings.Contains(doc, "only in") {
				t.Errorf("%s may be left out, and its line does not say when: %q", key, doc)
			}
			look(f.Type)
		}
	}
	for _, op := range (&site{dumpDir: "x"}).operations() {
		if op.Answer != nil {
			look(reflect.TypeOf(op.Answer))
		}
	}
	look(reflect.TypeFor[problem]())
	for key := range docs {
		if !used[key] {
			t.Errorf("fields.txt describes %s, which no answer has", key)
		}
	}
}

// TestDescriptionsReachTheDocument finds each of them in the OpenAPI document.
func TestDescriptionsReachTheDocument(t *testing.T) {
	doc := decode[struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]struct{ Description string }
			}
		}
	}](t, get(t, testSite(t, archive(t, 3), nil), "/openapi.json").Body)
	n := 0
	for name, s := range doc.Components.Schemas {
		for field, p := range s.Properties {
			if n++; p.Description == "" {
				t.Errorf("%s.%s has no description", name, field)
			}
		}
	}
	want := 0
	for _, w := range wireTypes((&site{dumpDir: "x"}).operations()) {
		want += len(w.Fields)
	}
	if n < want {
		t.Errorf("%d fields, want %d", n, want)
	}
}
