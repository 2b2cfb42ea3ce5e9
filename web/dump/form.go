package dump

import (
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
)

// form is how values of one Go type stand in the columns of a Parquet file: the
// names and the order are those of encoding/json, so that a row says what its
// line of NDJSON says. A pointer, and a field that JSON leaves out where it is
// empty, is an optional column; a slice is a LIST; a time is a timestamp in
// milliseconds, UTC.
type form struct {
	kind   kind
	fields []field // of a struct
	of     *form   // of a list, or of what may be null
	leaves int     // columns
	node   parquet.Node
	value  func(reflect.Value) parquet.Value // of a plain value
}

type kind int

const (
	plain kind = iota
	record
	list
	nullable
)

type field struct {
	name  string
	index []int
	*form
}

// formOf describes a type. It panics for one that no table has, which the
// first test to write it shows.
func formOf(t reflect.Type) *form {
	if t == reflect.TypeFor[time.Time]() {
		return leaf(parquet.Timestamp(parquet.Millisecond), func(v reflect.Value) parquet.Value {
			return parquet.Int64Value(v.Interface().(time.Time).UnixMilli())
		})
	}
	switch t.Kind() {
	case reflect.Pointer:
		return maybe(formOf(t.Elem()))
	case reflect.Slice:
		of := formOf(t.Elem())
		return &form{kind: list, of: of, leaves: of.leaves, node: parquet.List(of.node)}
	case reflect.Struct:
		return formOfStruct(t)
	case reflect.String:
		return leaf(parquet.String(), func(v reflect.Value) parquet.Value { return parquet.ByteArrayValue([]byte(v.String())) })
	case reflect.Int, reflect.Int64:
		return leaf(parquet.Int(64), func(v reflect.Value) parquet.Value { return parquet.Int64Value(v.Int()) })
	case reflect.Float64:
		return leaf(parquet.Leaf(parquet.DoubleType), func(v reflect.Value) parquet.Value { return parquet.DoubleValue(v.Float()) })
	case reflect.Bool:
		return leaf(parquet.Leaf(parquet.BooleanType), func(v reflect.Value) parquet.Value { return parquet.BooleanValue(v.Bool()) })
	}
	panic(fmt.Sprintf("dump: no column for a %s", t))
}

func leaf(node parquet.Node, value func(reflect.Value) parquet.Value) *form {
	return &form{kind: plain, leaves: 1, node: node, value: value}
}

func maybe(of *form) *form {
	return &form{kind: nullable, of: of, leaves: of.leaves, node: parquet.Optional(of.node)}
}

func formOfStruct(t reflect.Type) *form {
	out := &form{kind: record}
	group := ordered{Group: parquet.Group{}}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous || name == "" || name == "-" || f.Tag.Get("parquet") == "-" {
			continue
		}
		x := formOf(f.Type)
		if strings.Contains(options, "omitempty") && x.kind == plain {
			x = maybe(x)
		}
		out.fields = append(out.fields, field{name, f.Index, x})
		out.leaves += x.leaves
		group.Group[name] = x.node
		group.fields = append(group.fields, column{x.node, name})
	}
	out.node = group
	return out
}

// ordered is a group whose fields keep their order; the library's own has them
// by name.
type ordered struct {
	parquet.Group
	fields []parquet.Field
}

// Fields gives the fields in the order of the struct.
func (g ordered) Fields() []parquet.Field { return g.fields }

// column is a field of a group.
type column struct {
	parquet.Node
	name string
}

// Name is the name in the group.
func (c column) Name() string { return c.name }

// Value is for reading into Go values, which is not done.
func (c column) Value(base reflect.Value) reflect.Value { return base.FieldByName(c.name) }

// Layout says which columns a table of T has.
func Layout[T any]() string { return formOf(reflect.TypeFor[T]()).schema().String() }

func (f *form) schema() *parquet.Schema { return parquet.NewSchema("clusterwire", f.node) }

// row takes a value apart into columns, with the levels at which each repeats
// and is defined (Melnik and others, "Dremel", 2010).
func (f *form) row(v reflect.Value) parquet.Row {
	columns := make([][]parquet.Value, f.leaves)
	f.shred(columns, 0, v, level{})
	var row parquet.Row
	for _, values := range columns {
		row = append(row, values...)
	}
	return row
}

// level is where a value stands: after which repetition it comes, how many of
// those around it are defined, and how many lists it is within.
type level struct{ rep, def, depth int }

// shred appends v to the columns from first on.
func (f *form) shred(columns [][]parquet.Value, first int, v reflect.Value, at level) {
	switch f.kind {
	case plain:
		columns[first] = append(columns[first], f.value(v).Level(at.rep, at.def, first))
	case nullable:
		if v.IsZero() {
			f.nothing(columns, first, at)
			return
		}
		if v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
		at.def++
		f.of.shred(columns, first, v, at)
	case list:
		if v.Len() == 0 {
			f.nothing(columns, first, at)
			return
		}
		at.def++
		at.depth++
		for i := range v.Len() {
			if i > 0 {
				at.rep = at.depth
			}
			f.of.shred(columns, first, v.Index(i), at)
		}
	case record:
		for _, x := range f.fields {
			x.shred(columns, first, v.FieldByIndex(x.index), at)
			first += x.leaves
		}
	}
}

// nothing says of all columns beneath that there is nothing from here on.
func (f *form) nothing(columns [][]parquet.Value, first int, at level) {
	for i := first; i < first+f.leaves; i++ {
		columns[i] = append(columns[i], parquet.NullValue().Level(at.rep, at.def, i))
	}
}
