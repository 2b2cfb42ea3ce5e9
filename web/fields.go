package web

import (
	_ "embed" // fields.txt
	"reflect"
	"slices"
	"strings"
	"time"
)

// wireType is a type of answers as the reference shows it.
type wireType struct {
	Name   string
	Fields []wireField
}

// wireField is a field of a wire type.
type wireField struct {
	Name     string
	Type     string // for a person: "text", "list of", "number or null" …
	Of       string // the wire type that it is made of, "" for a plain value
	Optional bool   // left out where there is nothing
	Doc      string // what it is, from fields.txt
}

//go:embed fields.txt
var fieldsText string

// fieldDocs are the lines of fields.txt, by type and field: "Article.id".
func fieldDocs() map[string]string {
	docs, of := map[string]string{}, ""
	for line := range strings.Lines(fieldsText) {
		name, doc, isField := strings.Cut(strings.TrimSpace(line), "  ")
		switch {
		case name == "" || strings.HasPrefix(name, "#"):
		case isField:
			docs[of+"."+name] = doc
		default:
			of = name
		}
	}
	return docs
}

// docKey is where fields.txt describes a field of t: under the type that
// declares it, and of any list under List.
func docKey(t reflect.Type, f reflect.StructField, name string) string {
	if len(f.Index) > 1 {
		t = t.FieldByIndex(f.Index[:len(f.Index)-1]).Type
	}
	of := typeName(t)
	if strings.HasPrefix(t.Name(), "listJSON[") {
		of = "List"
	}
	return of + "." + name
}

// wireTypes lists the types of the operations' answers and of what these are
// made of, in the order of their names.
func wireTypes(ops []operation) []wireType {
	found, docs := map[string]wireType{}, fieldDocs()
	for _, op := range ops {
		if op.Answer != nil {
			addWireType(found, docs, reflect.TypeOf(op.Answer))
		}
	}
	out := make([]wireType, 0, len(found))
	for _, t := range found {
		out = append(out, t)
	}
	slices.SortFunc(out, func(a, b wireType) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func addWireType(found map[string]wireType, docs map[string]string, t reflect.Type) {
	name := typeName(t)
	if _, known := found[name]; known {
		return
	}
	found[name] = wireType{} // against endless recursion
	w := wireType{Name: name}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" {
			continue
		}
		field := wireField{Name: name, Optional: strings.Contains(options, "omitempty"), Doc: docs[docKey(t, f, name)]}
		var of reflect.Type
		field.Type, of = wireKind(f.Type)
		if of != nil {
			field.Of = typeName(of)
			addWireType(found, docs, of)
		}
		w.Fields = append(w.Fields, field)
	}
	found[w.Name] = w
}

// wireKind says what a value is, and of which wire type, nil for none.
func wireKind(t reflect.Type) (string, reflect.Type) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return "instant", nil
	case t.Kind() == reflect.Pointer:
		kind, of := wireKind(t.Elem())
		return strings.TrimSpace("null or " + kind), of
	case t.Kind() == reflect.Slice:
		kind, of := wireKind(t.Elem())
		return strings.TrimSpace("list of " + kind), of
	case t.Kind() == reflect.Struct:
		return "", t
	case t.Kind() == reflect.String:
		return "text", nil
	case t.Kind() == reflect.Bool:
		return "true or false", nil
	case t.Kind() == reflect.Float64:
		return "number", nil
	case t.Kind() == reflect.Int || t.Kind() == reflect.Int64:
		return "whole number", nil
	}
	return "any", nil
}

// AnswerType is the name of the type that an operation answers with, "" for a
// stream.
func (o operation) AnswerType() string {
	if o.Answer == nil {
		return ""
	}
	return typeName(reflect.TypeOf(o.Answer))
}
