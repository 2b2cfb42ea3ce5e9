package web

import (
	"reflect"
	"strings"
	"testing"
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
		{"Leaf", []wireField{{"n", "null or number", "", false}}},
		{"Root", []wireField{{"name", "text", "", false}, {"leaves", "list of", "Leaf", true}, {"parent", "null or", "Root", false}}},
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
	for _, w := range wireTypes((&site{}).operations()) {
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
