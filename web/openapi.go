package web

import (
	"net/http"
	"reflect"
	"strings"
	"time"
)

// schema is a JSON Schema or any other object of the document.
type schema = map[string]any

// openAPI answers /openapi.json: OpenAPI 3.1, made from the table of
// operations and the wire types.
func (s *site) openAPI(r *http.Request) (reply, error) {
	d := &document{components: schema{}, docs: fieldDocs()}
	paths := schema{}
	for _, op := range s.operations() {
		paths[op.Path] = schema{"get": d.operation(op)}
	}
	d.components["Problem"] = d.schema(reflect.TypeFor[problem]())
	rep, err := s.jsonReply(schema{
		"openapi": "3.1.0",
		"info": schema{"title": siteName, "version": "1", "summary": "The news wire of AI infrastructure",
			"description": "Read-only. Times are RFC 3339 in UTC, ids are strings, what is not known is null. Lists are paged by cursor: give next back as cursor.",
			"license":     schema{"name": "Apache-2.0", "identifier": "Apache-2.0"}},
		"servers":    []schema{{"url": s.base(r)}},
		"security":   []schema{},
		"tags":       []schema{{"name": "wire", "description": "Everything"}},
		"paths":      paths,
		"components": schema{"schemas": d.components},
	}, nil)
	if strings.HasSuffix(r.URL.Path, ".yaml") {
		rep.contentType = "application/yaml"
	}
	return rep, err
}

// document collects the schemas of the types that operations answer with.
type document struct {
	components schema
	docs       map[string]string // of fields
}

func (d *document) operation(op operation) schema {
	params := []schema{}
	for _, name := range pathParams(op.Path) {
		params = append(params, schema{"name": name, "in": "path", "required": true, "description": "As lists give it.", "schema": schema{"type": "string"}})
	}
	for _, p := range op.Params {
		params = append(params, p.openAPI())
	}
	ok := schema{"description": "OK", "headers": schema{
		"ETag":      schema{"description": "For If-None-Match.", "schema": schema{"type": "string"}},
		"RateLimit": schema{"description": "Requests left in this minute.", "schema": schema{"type": "string"}},
	}}
	if op.Answer != nil {
		ok["content"] = schema{"application/json": schema{"schema": d.ref(reflect.TypeOf(op.Answer))}}
	} else {
		media := schema{}
		for _, m := range op.Media {
			media[m] = schema{"schema": schema{"type": "string"}}
		}
		ok["content"] = media
	}
	bad := func(text string) schema {
		return schema{"description": text, "content": schema{"application/problem+json": schema{"schema": schema{"$ref": "#/components/schemas/Problem"}}}}
	}
	return schema{"operationId": op.ID, "summary": op.Summary, "tags": []string{"wire"}, "parameters": params,
		"responses": schema{"200": ok, "304": schema{"description": "Unchanged"}, "400": bad("A parameter can't be used"), "404": bad("Not there"), "429": bad("Too many requests"), "500": bad("Our fault")}}
}

// pathParams are the names in braces of a path.
func pathParams(path string) []string {
	var out []string
	for _, part := range strings.Split(path, "/") {
		if strings.HasPrefix(part, "{") {
			out = append(out, strings.Trim(part, "{}"))
		}
	}
	return out
}

func (p param) openAPI() schema {
	kind := schema{"type": "string"}
	if p.Type != "" {
		kind["type"] = p.Type
		kind["minimum"], kind["maximum"] = 1, greatestPage
	}
	if len(p.Enum) > 0 {
		kind["enum"] = p.Enum
	}
	out := schema{"name": p.Name, "in": "query", "description": p.Doc, "schema": kind}
	if p.Many {
		out["schema"] = schema{"type": "array", "items": kind}
		out["style"], out["explode"] = "form", false
	}
	if p.Example != "" && p.Type == "" && !p.Many {
		out["example"] = p.Example
	}
	return out
}

// ref gives a reference to the schema of a struct, which it adds if missing.
func (d *document) ref(t reflect.Type) schema {
	name := typeName(t)
	if _, known := d.components[name]; !known {
		d.components[name] = schema{} // against endless recursion
		d.components[name] = d.schema(t)
	}
	return schema{"$ref": "#/components/schemas/" + name}
}

// typeName makes ArticleList of listJSON[web.articleJSON].
func typeName(t reflect.Type) string {
	name := t.Name()
	if inner, found := strings.CutPrefix(name, "listJSON["); found {
		inner = inner[strings.LastIndexByte(inner, '.')+1:]
		return typeWord(strings.TrimSuffix(inner, "]")) + "List"
	}
	return typeWord(name)
}

func typeWord(name string) string { return capital(strings.TrimSuffix(name, "JSON")) }

// schema describes a type as encoding/json writes it.
func (d *document) schema(t reflect.Type) schema {
	if t == reflect.TypeFor[time.Time]() {
		return schema{"type": "string", "format": "date-time"}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return d.nullable(t.Elem())
	case reflect.Slice:
		return schema{"type": "array", "items": d.inner(t.Elem())}
	case reflect.String:
		return schema{"type": "string"}
	case reflect.Bool:
		return schema{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return schema{"type": "integer"}
	case reflect.Float64:
		return schema{"type": "number"}
	case reflect.Struct:
		return d.object(t)
	}
	return schema{}
}

// inner refers to structs and writes out all else.
func (d *document) inner(t reflect.Type) schema {
	if t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]() {
		return d.ref(t)
	}
	return d.schema(t)
}

func (d *document) nullable(t reflect.Type) schema {
	s := d.inner(t)
	if kind, plain := s["type"].(string); plain {
		s["type"] = []string{kind, "null"}
		return s
	}
	return schema{"oneOf": []schema{s, {"type": "null"}}}
}

func (d *document) object(t reflect.Type) schema {
	properties, required := schema{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" {
			continue
		}
		property := d.inner(f.Type)
		if doc := d.docs[docKey(t, f, name)]; doc != "" {
			property["description"] = doc
		}
		properties[name] = property
		if !strings.Contains(options, "omitempty") {
			required = append(required, name)
		}
	}
	return schema{"type": "object", "properties": properties, "required": required}
}

// apiPage is the struct of templates/api.html.
type apiPage struct {
	frame
	Base       string
	Operations []operation
	Types      []wireType
	Query      string // of the sample
	Sample     string // what the first operation answers here and now
	Failures   []*failure
}

// sampleQuery asks for so much of one article as a reader will look at.
const sampleQuery = "limit=1&fields=title,url,source,published,language,summary"

func (s *site) apiReference(r *http.Request) (reply, error) {
	st, err := s.shelf.read(r.Context())
	if err != nil {
		return reply{}, err
	}
	ask := r.Clone(r.Context())
	ask.URL.Path, ask.URL.RawQuery = root+"/articles", sampleQuery
	sample, err := s.apiList(ask)
	if err != nil {
		return reply{}, err
	}
	page := apiPage{Query: sampleQuery, frame: s.frame(r, st, "API", "/api"), Base: s.base(r), Operations: s.operations(), Types: wireTypes(s.operations()), Sample: string(sample.body)}
	page.Section = "/api"
	page.Description = "The news of AI infrastructure for scripts: JSON, feeds, CSV and NDJSON, without a key."
	page.Failures = []*failure{{Status: 400, Code: "bad_parameter", Title: "A parameter is unknown or can't be used; errors[0] names it"}, errMissing, errMethod,
		{Status: 429, Code: "too_many_requests", Title: "Wait for as long as Retry-After says"}, errServer, errBusy}
	rep, err := s.page("api", page)
	rep.modified = st.Stats.Changed
	return rep, err
}
